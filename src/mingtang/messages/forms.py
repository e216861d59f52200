"""Forms of messages: the office's wording, with its places checked as they are typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingtang.base.errors import DomainError
from mingtang.base.web import new_command_id
from mingtang.messages.rules import LONGEST_SMS, Occasion, Template, check_text, check_title

SAYS_SOMETHING = {"subject": _("请填写标题。"), "body": _("请填写正文。")}


class CommandForm(forms.Form):
    """A form that sends a command: the id makes a second click harmless."""

    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )


class TemplateForm(CommandForm):
    subject = forms.CharField(
        label=_("标题"),
        max_length=80,
        error_messages={"required": SAYS_SOMETHING["subject"]},
    )
    body = forms.CharField(
        label=_("正文"),
        max_length=2000,
        help_text=_("站内消息和邮件的内容。"),
        error_messages={"required": SAYS_SOMETHING["body"]},
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    sms = forms.CharField(
        label=_("短信"),
        max_length=LONGEST_SMS,
        required=False,
        help_text=_("留空就不发短信。70 字以内按一条计费；不要写身份证号等个人信息。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, occasion: Occasion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.occasion = occasion

    def _checked(self, name: str) -> str:
        text = str(self.cleaned_data[name]).replace("\r\n", "\n")
        try:
            check_text(text, self.occasion.places.keys())
        except DomainError as error:
            raise ValidationError(error.message) from None
        return text

    def clean_subject(self) -> str:
        text = self._checked("subject")
        try:
            check_title(text)
        except DomainError as error:
            raise ValidationError(error.message) from None
        return text

    def clean_body(self) -> str:
        return self._checked("body")

    def clean_sms(self) -> str:
        return self._checked("sms")

    def template(self) -> Template:
        """What was typed, once the form is valid."""
        data = self.cleaned_data
        return Template(data["subject"], data["body"], data["sms"])
