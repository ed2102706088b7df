"""What an act may carry besides its fields: who is there too, when it happened, why a rule is passed over."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shouwen.core.procedure import Action, Procedure
from shouwen.web.forms.setting import Setting
from shouwen.web.forms.views import FieldView, OptionView

__all__ = ["of"]


def of(procedure: Procedure, action: Action, setting: Setting) -> tuple[FieldView, ...]:
    """The extra fields of this act now. Their words stand in their templates."""
    found = []
    if action.together:
        found.append(_present(procedure, action, setting))
    if setting.backdate:
        latest = f"{setting.at:%Y-%m-%dT%H:%M}" if setting.at else ""
        value = str(setting.extras.get("happened", ""))
        found.append(_extra("happened", value=value, need="optional", latest=latest))
    codes = {reason.code for reason in setting.refusal.reasons} if setting.refusal else set()
    if any(code == "reason-needed" or code.endswith("-first") for code in codes) or setting.extras.get("reason"):
        found.append(_extra("reason", value=str(setting.extras.get("reason", "")), wide=True))
    if "to-be-seen" in codes or setting.extras.get("seen"):
        found.append(_extra("seen", value="1" if setting.extras.get("seen") else "", wide=True))
    return tuple(found)


def _extra(name: str, *, value: str, need: str = "required", latest: str = "", wide: bool = False) -> FieldView:
    return FieldView(path=name, name=name, label="", kind=name, need=need, value=value, latest=latest, wide=wide)


def _present(procedure: Procedure, action: Action, setting: Setting) -> FieldView:
    roles = tuple(party.role for party in action.together if party.role)
    chosen = setting.extras.get("present", ())
    chosen = chosen if isinstance(chosen, tuple) else ()
    options = tuple(
        OptionView(value=one.code, label=one.name, meaning=one.post, chosen=one.code in chosen)
        for one in setting.holders(roles, procedure.roles)
        if not setting.actor or one.code != setting.actor.code
    )
    names = _("、").join(dict.fromkeys(procedure.roles[role].name for role in roles))
    if any(party.when is not None for party in action.together):
        names += _("（视情形）")
    return FieldView(
        path="present",
        name="present",
        label="",
        kind="present",
        value=tuple(chosen),
        options=options,
        known=names,
        wide=True,
    )
