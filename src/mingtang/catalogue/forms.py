"""Forms of the catalogue."""

from django import forms


class EnquiryForm(forms.Form):
    """A sheet asked for at the counter: the id makes a second click harmless."""

    item = forms.CharField(max_length=64)
    command_id = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
