"""What is typed at the door and on one's own account page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from shouwen import clock
from shouwen.accounts import limits
from shouwen.accounts.models import Account

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["CodeForm", "PasswordForm", "SecondFactorForm", "SignInForm", "SureForm"]


def _text(label: _StrPromise, *, password: bool = False, **attributes: str) -> forms.CharField:
    widget = forms.PasswordInput if password else forms.TextInput
    # A password is taken as it was typed, spaces included.
    return forms.CharField(
        label=label,
        strip=not password,
        max_length=200,
        widget=widget(attrs=attributes),
        error_messages={
            "required": format_lazy(_lazy("请填写{label}"), label=label),
            "max_length": format_lazy(_lazy("{label}太长了"), label=label),
        },
    )


class Form(forms.Form):
    """Errors stand at their field, and the field names them to a screen reader."""

    use_required_attribute = False

    def __init__(self, typed: Mapping[str, Any] | None = None) -> None:
        super().__init__(typed, auto_id="%s", label_suffix="")

    def mark(self) -> Form:
        """Once the errors are known: fields that have one say so, and the first of them is where typing goes on."""
        wrong = [name for name in self.fields if name in self.errors]
        for name in wrong:
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{name}-error"}
        for field in self.fields.values():
            field.widget.attrs.pop("autofocus", None)
        if wrong:
            self.fields[wrong[0]].widget.attrs["autofocus"] = True
        return self


class SignInForm(Form):
    """Name and password."""

    username = _text(_lazy("账号"), autocomplete="username", autocapitalize="none", spellcheck="false", autofocus="")
    password = _text(_lazy("密码"), password=True, autocomplete="current-password")


class CodeForm(Form):
    """The second step."""

    code = _text(_lazy("验证码"), autocomplete="one-time-code", autocapitalize="none", spellcheck="false", autofocus="")


class SureForm(Form):
    """The password once more, before something that weakens the door."""

    current = _text(_lazy("现在的密码"), password=True, autocomplete="current-password")

    def __init__(self, account: Account, typed: Mapping[str, Any] | None = None) -> None:
        self.account = account
        super().__init__(typed)

    def clean_current(self) -> str:
        typed, at, counted = str(self.cleaned_data["current"]), clock.now(), (limits.name(self.account.username),)
        try:
            limits.try_once(counted, at)
        except limits.TooMany as many:
            raise forms.ValidationError(_("试得太多了，请等 {minutes} 分钟再试").format(minutes=many.minutes)) from many
        if not self.account.check_password(typed):
            raise forms.ValidationError(_("密码不对，请再试一次"))
        limits.forget(counted, at)
        return typed


class PasswordForm(SureForm):
    """A new password, typed twice."""

    new = _text(_lazy("新密码"), password=True, autocomplete="new-password")
    again = _text(_lazy("再输入一次新密码"), password=True, autocomplete="new-password")

    def clean_new(self) -> str:
        typed = str(self.cleaned_data["new"])
        validate_password(typed, self.account)
        return typed

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", _("两次输入的新密码不一样"))
        return typed


class SecondFactorForm(SureForm):
    """The first code of a new secret."""

    code = _text(_lazy("应用上显示的 6 位数字"), autocomplete="one-time-code", inputmode="numeric")
