"""Forms of sign-in and of the second factor."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingtang.base.web import new_command_id


def _password(label: Any, lacking: Any, *, is_new: bool = False, **more: Any) -> forms.CharField:
    kind = "new-password" if is_new else "current-password"
    return forms.CharField(
        label=label,
        max_length=200,
        strip=False,
        error_messages={"required": lacking},
        widget=forms.PasswordInput(attrs={"autocomplete": kind}),
        **more,
    )


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        error_messages={"required": _("请填写用户名。")},
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = _password(_("密码"), _("请填写密码。"))
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("验证码"),
        max_length=8000,  # what a security key says comes in this field too
        help_text=_("手机验证器上的 6 位数字；手机不在身边的，填一个恢复码。"),
        error_messages={"required": _("请填写验证码。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class _CommandForm(forms.Form):
    command_id = forms.RegexField(
        r"^[0-9a-f]{32}$", widget=forms.HiddenInput, initial=new_command_id
    )


class EnrolForm(_CommandForm):
    code = forms.CharField(
        label=_("手机上显示的 6 位数字"),
        max_length=10,
        error_messages={"required": _("请填写手机上显示的 6 位数字。")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    password = _password(_("您的登录密码"), _("请填写您的登录密码。"))


class PasswordForm(_CommandForm):
    old_password = _password(_("原来的密码"), _("请填写原来的密码。"))
    new_password = _password(
        _("新密码"),
        _("请填写新密码。"),
        is_new=True,
        help_text=_("至少 8 位，越长越好；不要用生日、电话和常见的密码。"),
    )
    new_again = _password(_("再输一遍新密码"), _("请再输一遍新密码。"), is_new=True)

    def clean_new_again(self) -> str:
        again = str(self.cleaned_data["new_again"])
        if again != self.cleaned_data.get("new_password", again):
            raise forms.ValidationError(_("两次输入的新密码不一样，请重新输入。"))
        return again


class RenewForm(_CommandForm):
    """Somebody wants other recovery codes."""


class EndSessionForm(_CommandForm):
    """Somebody signs out elsewhere: at the place of a mark, or everywhere but here."""

    mark = forms.RegexField(r"^[0-9a-f]{16}$", required=False, widget=forms.HiddenInput)


class KeyForm(_CommandForm):
    """A security key, named, with what it said."""

    name = forms.CharField(
        label=_("给这把密钥起个名字"),
        max_length=60,
        help_text=_("例如：蓝色 U 盘钥匙。"),
        error_messages={"required": _("请给这把密钥起个名字。")},
    )
    said = forms.CharField(
        max_length=20000,
        widget=forms.HiddenInput,
        error_messages={"required": _("密钥没有回答。请插好密钥，再点“登记密钥”。")},
    )


class ProofForm(forms.Form):
    """Who it is, once more. The name is one that no other form has: what was typed goes along."""

    proof_of_self = forms.CharField(
        label=_("登录密码，或手机上的 6 位验证码"),
        max_length=8000,
        strip=False,
        error_messages={"required": _("请填写登录密码或验证码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ResetForm(_CommandForm):
    username = forms.CharField(
        label=_("谁的两步验证（用户名）"),
        max_length=60,
        error_messages={"required": _("请填写用户名。")},
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        help_text=_("写明怎样核实了是本人，例如：本人持工作证到场。"),
        error_messages={"required": _("请写明原因。")},
    )


class AgreeForm(_CommandForm):
    """Somebody agrees to what another one asked."""
