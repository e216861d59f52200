"""Forms of letters for everybody: write, look up, add, rate, take back, report an error."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.codes import normalise_code
from mingtang.base.web import printable
from mingtang.letters.rules.kinds import RATINGS, Kind, Writer
from mingtang.messages.forms import CommandForm
from mingtang.requests.forms.base import choice, line, text_area, uploads

LONGEST_TEXT, LONGEST_TITLE = 2000, 40
PHONE = r"^\s*(1\d{10}|0\d{2,3}-?\d{7,8}|\d{7,8})\s*$"


def phone(**more: Any) -> forms.RegexField:
    return forms.RegexField(
        PHONE,
        label=_("联系电话"),
        error_messages={
            "required": _("请填写联系电话。"),
            "invalid": _("电话号码不对：手机应为 11 位数字，座机请带区号，如 0570-4012345。"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        **more,
    )


class WrittenForm(CommandForm):
    """What a letter says and who writes it: the fields that all ways in share."""

    title = line(
        _("标题"),
        _("请写一个标题。"),
        most=LONGEST_TITLE,
        help_text=_("一句话说明什么事。"),
    )
    text = text_area(
        _("内容"),
        _("请写明内容。"),
        rows=7,
        help_text=_("时间、地点、什么事、希望怎样解决。"),
    )
    about = forms.ChoiceField(
        label=_("关于哪个单位"), required=False, help_text=_("不清楚的可以不选。")
    )
    writer_name = line(
        _("姓名"),
        _("请填写姓名。"),
        most=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = phone(help_text=_("工作人员会打这个电话核实和回访。"))
    email = forms.EmailField(
        label=_("电子邮箱"),
        required=False,
        error_messages={"invalid": _("邮箱地址不对，请核对。")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = line(
        _("联系地址"),
        most=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    may_publish = forms.BooleanField(
        label=_("同意公开"),
        required=False,
        help_text=_("公开前会去掉姓名、电话、地址等个人信息。不同意也照样办理。"),
    )
    uploads = uploads(_("照片或附件"), help_text=_("可选，可以一次选几个。"))

    def __init__(self, *args: Any, units: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["about"].choices = [("", _("不选")), *units]  # type: ignore[attr-defined]

    def writer(self, person_id: int | None = None) -> Writer:
        data = self.cleaned_data
        return Writer(
            name=data["writer_name"],
            phone=data["phone"],
            email=data["email"],
            address=data["address"],
            person_id=person_id,
        )

    def letter(self) -> dict[str, Any]:
        """What the letter says, as the commands take it."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "title": data["title"],
            "text": data["text"],
            "about_id": int(data["about"]) if data["about"] else None,
            "may_publish": data["may_publish"],
        }


class WriteForm(WrittenForm):
    """A letter of the web mailbox. `seen`: the answers that are there already were shown."""

    kind = choice(_("您要"), Kind, _("请选择来信类别。"), initial=Kind.ENQUIRY.value)
    seen = forms.BooleanField(required=False, widget=forms.HiddenInput)
    to = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)


class PageErrorForm(CommandForm):
    """网页找错: what is wrong on a page."""

    page = forms.CharField(label=_("哪一页"), max_length=200, required=False)
    text = text_area(
        _("错在哪里"), _("请写明错在哪里。"), help_text=_("错字、打不开、内容过时等。")
    )
    writer_name = line(_("姓名"), most=60, required=False, help_text=_("可不填。"))
    phone = phone(required=False, help_text=_("可不填。填了便于告诉您结果。"))

    def clean_page(self) -> str:
        return printable(self.cleaned_data["page"])


class ProgressForm(forms.Form):
    number = forms.CharField(
        label=_("来信编号"),
        max_length=40,
        help_text=_("X 开头，在回执上。"),
        error_messages={"required": _("请填写来信编号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        help_text=_("10 位字母和数字，大小写都可以。"),
        error_messages={"required": _("请填写查询码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        return printable(self.cleaned_data["number"]).upper()

    def clean_code(self) -> str:
        return normalise_code(self.cleaned_data["code"])


class AddForm(CommandForm):
    text = text_area(_("补充的内容"), _("请写明补充的内容。"))
    uploads = uploads(_("照片或附件"), help_text=_("可选，可以一次选几个。"))


class RateForm(CommandForm):
    rating = forms.TypedChoiceField(
        label=_("办得怎样"),
        choices=[(value, _(label)) for value, label in sorted(RATINGS.items(), reverse=True)],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项。")},
    )
    words = text_area(_("想说的话"), required=False, rows=3)


class WithdrawForm(CommandForm):
    """Nothing is asked: whoever has the code may take the letter back."""
