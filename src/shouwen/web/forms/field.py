"""One field as it is drawn: which control, which choices, what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from shouwen.core.expression import Constant, Expression
from shouwen.core.procedure import Catalog, Field, Fill, Procedure, Role
from shouwen.core.values import Unknown, Value
from shouwen.web import moments
from shouwen.web.forms.setting import Setting
from shouwen.web.forms.views import FieldView, OptionView
from shouwen.web.shown import scaled, shown

__all__ = ["control", "field_view", "typed_text"]

#: so many short words stand side by side as buttons; more become a list to open
_SIDE_BY_SIDE = 5
_SHORT_WORD = 8
#: with meanings beside them words are told apart better below one another
_BELOW = 8
_COMPLETE = {"phone": "tel"}
_FLAGS = (("yes", _noop("是")), ("no", _noop("否")))


def field_view(
    procedure: Procedure, field: Field, fill: Fill, setting: Setting, *, name: str = "", typed: object = None
) -> FieldView:
    """The field as an act asks for it; in a row with its `name` there and what was `typed`."""
    kind = control(procedure, field, setting)
    typed = typed if name else setting.typed(field.path)
    before = None if name else _before(field, fill, setting)
    raw = typed if typed is not None else _raw(field, before) if not field.private else ""
    value, until = typed_text(field, raw)
    return FieldView(
        path=field.path,
        name=name or field.path,
        label=field.name,
        kind=kind,
        need=_need(field, fill, setting),
        value=value,
        until=until,
        options=_options(procedure, field, kind, value, setting),
        unit=field.unit,
        known=_known(procedure, field, before, setting, kind),
        signer=setting.actor.name if kind == "signed" and setting.actor else "",
        drawn=setting.drawings.get(name or field.path, ""),
        clauses=tuple(dict.fromkeys((*fill.clauses, *field.clauses))),
        autocomplete=_COMPLETE.get(field.type, "off"),
        shortest=field.shortest or 0,
        least=field.least,
        most=field.most,
        wide=kind in ("checks", "period", "people") or bool(field.shortest),
        latest=_latest(field, setting),
    )


def control(procedure: Procedure, field: Field, setting: Setting) -> str:
    """The control of a field: the name of its template."""
    if field.computed is not None or field.same_as:
        return "shown"
    match field.type:
        case "text":
            return "area" if field.shortest or not (field.private or field.key or _in_row(field)) else "line"
        case "number" | "decimal":
            return "number"
        case "bool":
            return "flag"
        case "choice":
            return _choice(procedure, field, setting)
        case "choices":
            return "checks"
        case "person":
            return "person"
        case "people":
            return "people" if setting.people else "lines"
        case "list" | "texts":
            return "lines"
        case "signature":
            return _signature(procedure, field, setting)
        case "id_number":
            return "line"
        case kind:
            return kind


def typed_text(field: Field, raw: object) -> tuple[str | tuple[str, ...], str]:
    """What stands in the control, exactly as typed, and the end of a period."""
    if field.type == "period":
        if isinstance(raw, Mapping):
            return str(raw.get("from", "")), str(raw.get("until", ""))
        return "", ""
    if isinstance(raw, (list, tuple)):
        words = tuple(str(word) for word in raw)
        return ("\n".join(words), "") if field.type in ("list", "texts") else (words, "")
    if field.type in ("choices", "people"):
        return ((str(raw),) if raw else ()), ""
    return ("" if raw is None else str(raw)), ""


def _in_row(field: Field) -> bool:
    return field.path.count(".") == 2


def _choice(procedure: Procedure, field: Field, setting: Setting) -> str:
    words = _words(procedure, field, setting)
    if not words:
        return "open"
    catalog = procedure.catalogs.get(field.catalog or "")
    if _in_row(field):
        return "select"
    if catalog and any(entry.meaning for entry in catalog.entries) and len(words) <= _BELOW:
        return "radios"
    short = all(len(word) <= _SHORT_WORD for word in words)
    return (
        "segments" if len(words) <= _SIDE_BY_SIDE and short else "radios" if len(words) <= _SIDE_BY_SIDE else "select"
    )


def _signature(procedure: Procedure, field: Field, setting: Setting) -> str:
    """By log-in if it is the actor's to give; chosen among those present if it is another member's; else by hand."""
    if setting.actor and (setting.role in field.sign_by or (field.auto == "actor" and not field.sign_by)):
        return "signed"
    roles = [procedure.roles[role] for role in field.sign_by if role in procedure.roles]
    if setting.people and roles and not any(_is_outside(role, procedure) for role in roles):
        return "person"
    return "sign"


def _is_outside(role: Role, procedure: Procedure) -> bool:
    return role.outside or any(
        _is_outside(procedure.roles[other], procedure) for other in (*role.any_of, *role.first_of)
    )


def _need(field: Field, fill: Fill, setting: Setting) -> str:
    """How much the act wants it. What the judge missed is required, whatever its condition."""
    if field.computed is not None or field.same_as:
        return "shown"
    wanted = {lost.path for lost in (*setting.missing, *(setting.refusal.missing if setting.refusal else ()))}
    fills_itself = field.auto is not None or (field.type == "signature" and setting.role in field.sign_by)
    if fills_itself and not (setting.refusal and field.path in wanted):
        return "auto"
    if fill.needed or field.path in wanted:
        return "required"
    if fill.needed is False or field.optional:
        return "optional"
    return "conditional" if field.needed is not None else "required"


def _before(field: Field, fill: Fill, setting: Setting) -> Value | None:
    """What the case holds already, unless this act gives it anew; else what fills it by itself, if that is plain."""
    if field.type == "signature" or fill.needed is True:
        return None
    known = setting.values.get(field.path)
    if known is None and field.same_as:
        known = setting.values.get(field.same_as)
    return _suggested(field, setting) if known is None else known


def _suggested(field: Field, setting: Setting) -> Value | None:
    auto = field.auto
    if isinstance(auto, Constant):
        return auto.value
    if auto == "actor" and field.type in ("person", "people") and setting.actor:
        return setting.actor.code
    if isinstance(auto, Expression):
        found = auto.evaluate(setting.values)
        return None if isinstance(found, Unknown) else found
    return None


def _raw(field: Field, value: Value | None) -> object:
    """A value as it would be typed."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        match field.type:
            case "money":
                return scaled(value, 2)
            case "ratio":
                return f"{scaled(value, field.scale - 2)} %"
            case "decimal":
                return scaled(value, field.scale)
            case _:
                return str(value)
    if isinstance(value, datetime):
        return f"{moments.local(value):%Y-%m-%dT%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        if field.type == "period" and len(value) == 2:
            return {"from": _raw(field, value[0]), "until": _raw(field, value[1])}
        return [_raw(field, item) for item in value]
    return value


def _known(procedure: Procedure, field: Field, before: Value | None, setting: Setting, kind: str) -> str:
    """In words what is known: all of a computed field, of a private one only its mask."""
    if before is None or not (field.private or kind == "shown"):
        return ""
    return shown(procedure, field, before, setting.names)


def _latest(field: Field, setting: Setting) -> str:
    """The last moment that may be entered where it must lie behind."""
    if not (field.past and setting.at):
        return ""
    here = moments.local(setting.at)
    return here.date().isoformat() if field.type == "date" else f"{here:%Y-%m-%dT%H:%M}"


def _words(procedure: Procedure, field: Field, setting: Setting) -> tuple[str, ...]:
    words = setting.words.get(field.catalog or "", ()) or field.words or ()
    catalog = procedure.catalogs.get(field.catalog or "")
    gone = catalog.retired(moments.local(setting.at).date()) if catalog and setting.at else frozenset()
    return tuple(word for word in words if word not in gone)


def _options(
    procedure: Procedure, field: Field, kind: str, value: str | tuple[str, ...], setting: Setting
) -> tuple[OptionView, ...]:
    chosen = (value,) if isinstance(value, str) else value
    if kind == "flag":
        return tuple(OptionView(value=word, label=_(label), chosen=word in chosen) for word, label in _FLAGS)
    if kind in ("person", "people"):
        return _people(procedure, field, chosen, setting)
    if field.type not in ("choice", "choices"):
        return ()
    words = _words(procedure, field, setting)
    stray = tuple(word for word in chosen if word and word not in words)
    catalog = procedure.catalogs.get(field.catalog or "")
    return tuple(_option(catalog, word, chosen) for word in (*words, *stray))


def _people(procedure: Procedure, field: Field, chosen: Sequence[str], setting: Setting) -> tuple[OptionView, ...]:
    roles = field.holds or field.sign_by
    found = [
        OptionView(value=one.code, label=one.name, meaning=one.post, chosen=one.code in chosen)
        for one in setting.holders(roles, procedure.roles)
    ]
    known = {option.value for option in found}
    stray = [code for code in chosen if code and code not in known]
    return (*found, *(OptionView(value=code, label=setting.names.get(code, code), chosen=True) for code in stray))


def _option(catalog: Catalog | None, word: str, chosen: Sequence[str]) -> OptionView:
    entries = {entry.word: entry for entry in catalog.entries} if catalog else {}
    entry = entries.get(word)
    if entry is None:
        return OptionView(value=word, label=word, chosen=word in chosen)
    above, group = entries.get(entry.under or ""), list[str]()
    while above is not None:
        group.insert(0, above.name)
        above = entries.get(above.under or "")
    return OptionView(
        value=word, label=entry.name, meaning=entry.meaning, group=" · ".join(group), chosen=word in chosen
    )
