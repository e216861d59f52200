"""Forms of what applicants do themselves with a case that is filed."""

from django.utils.translation import gettext_lazy as _

from mingtang.cases.forms.base import ActForm, FilesField, text_area


class WithdrawForm(ActForm):
    reason = text_area(_("撤回的理由"), "", rows=2, required=False)


class CitizenBringForm(ActForm):
    """What an applicant brings, from home: nothing is left at a counter."""

    note = text_area(_("补正说明"), "", required=False, help_text=_("逐项写明补了什么、改了什么。"))
    uploads = FilesField(
        label=_("补正材料"),
        help_text=_("手机可以直接拍照，可选多张，每个不超过 10 MB。"),
    )
