"""Form of messages: on which ways a person wants to be told. The public reads it too."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.messages.rules import OPTIONAL, Way


class WaysForm(forms.Form):
    sms = forms.BooleanField(label=_("发短信告诉我"), required=False)
    mail = forms.BooleanField(label=_("发邮件告诉我"), required=False)
    sent = forms.CharField(widget=forms.HiddenInput, initial="1")  # two empty boxes are an answer

    def without(self) -> set[Way]:
        return {way for way in OPTIONAL if not self.cleaned_data[way.value]}
