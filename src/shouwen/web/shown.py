"""Values of fields in words: money, shares, moments, people by name; private ones masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from shouwen.core.calendar import parse_span, span_words
from shouwen.core.procedure import Field, Procedure
from shouwen.core.values import Value
from shouwen.web import moments
from shouwen.web.masked import mask
from shouwen.web.phrases import listed, translated

__all__ = ["columns_seen", "hidden", "scaled", "shown", "yuan"]

_FLAGS = {True: _noop("是"), False: _noop("否")}


def shown(
    procedure: Procedure,
    field: Field,
    value: Value,
    names: Mapping[str, str],
    *,
    masked: bool = True,
    written: bool = False,
    roles: frozenset[str] = frozenset(),
) -> str:
    """The value of a field as people read it. `names`: person code → name; `roles`: the reader's, for columns;
    `written`: days with their year, as on papers."""
    if field.type == "rows" and isinstance(value, tuple):
        seen = columns_seen(procedure, field, roles)
        return _("；").join(_row(procedure, seen, row, names, masked) for row in value if isinstance(row, Mapping))
    text = _shown(procedure, field, value, names, written)
    return mask(text) if masked and field.private else text


def hidden(procedure: Procedure, field: Field, roles: frozenset[str]) -> bool:
    """Whether somebody with these roles must not see the field at all: it, or what it repeats, is hidden from one."""
    source = procedure.fields.get(field.same_as or "")
    return not roles.isdisjoint((*field.hidden_from, *(source.hidden_from if source else ())))


def columns_seen(procedure: Procedure, field: Field, roles: frozenset[str]) -> Mapping[str, Field]:
    """The columns of a field of rows that somebody with these roles may see."""
    return {name: column for name, column in field.columns.items() if not hidden(procedure, column, roles)}


def yuan(cents: int) -> str:
    """1,234.50, from 分."""
    return f"{Decimal(cents).scaleb(-2):,.2f}"


def scaled(value: int, scale: int) -> str:
    """A whole number of 10^-scale without needless zeros."""
    text = f"{Decimal(value).scaleb(-scale):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(procedure: Procedure, field: Field, value: Value, names: Mapping[str, str], written: bool) -> str:
    if isinstance(value, bool):
        return _(_FLAGS[value])
    if isinstance(value, int):
        return _number(field, value)
    if isinstance(value, datetime):
        return moments.written(value) if written else moments.moment(value)
    if isinstance(value, date):
        return moments.written_day(value) if written else moments.day(value)
    if isinstance(value, Mapping):
        return _row(procedure, field.columns, value, names, False)
    if isinstance(value, tuple):
        if field.type == "period":
            return _(" 至 ").join(_shown(procedure, field, end, names, written) for end in value)
        return listed(_shown(procedure, field, item, names, written) for item in value)
    if field.type in ("person", "people", "signature"):
        return names.get(value, value)
    if field.type == "span":
        return translated(span_words(parse_span(value)))
    return _word(procedure, field, value)


def _number(field: Field, value: int) -> str:
    match field.type:
        case "money":
            return _("{yuan} 元").format(yuan=yuan(value))
        case "ratio":
            return f"{scaled(value, field.scale - 2)}%"
        case "decimal":
            return f"{scaled(value, field.scale)} {field.unit}".strip()
        case _:
            return f"{value} {field.unit}".strip()


def _word(procedure: Procedure, field: Field, value: str) -> str:
    catalog = procedure.catalogs.get(field.catalog or "")
    entries = catalog.entries if catalog else ()
    return next((entry.name for entry in entries if entry.word == value), value)


def _row(
    procedure: Procedure, seen: Mapping[str, Field], row: Mapping[str, Value], names: Mapping[str, str], masked: bool
) -> str:
    parts = [
        _("{name}：{shown}").format(name=column.name, shown=shown(procedure, column, row[name], names, masked=masked))
        for name, column in seen.items()
        if row.get(name) not in (None, "", ())
    ]
    return _("，").join(parts)
