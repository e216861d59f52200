"""Forms of acts: what they share, and the one of who gives a reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.files.services import StoredFile
from mingtang.joint import queries
from mingtang.messages.forms import CommandForm

LONGEST = 2000
Keep = Callable[[str], tuple[StoredFile, ...]]


class ActForm(CommandForm):
    """The form of an act. Fields bear the names of what its command takes."""

    def __init__(
        self,
        *args: Any,
        joint: queries.JointCase,
        part: queries.JointPart | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.offer(joint, part)

    def offer(self, joint: queries.JointCase, part: queries.JointPart | None) -> None:
        """Fill in what may be chosen here."""

    def content(self, kept: Keep) -> dict[str, Any]:
        """What the command takes. `kept(name)`: the files of an input, safe on disk."""
        return {name: value for name, value in self.cleaned_data.items() if name != "command_id"}


def text(label: Any, missing: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
        **more,
    )


class ReasonForm(ActForm):
    reason = text(_("理由"), _("请写明理由。"))
