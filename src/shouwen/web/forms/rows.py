"""Rows in a form: the lines that an act is done for, lines typed already, and blank ones to add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shouwen.core.procedure import Action, Field, Fill, Procedure
from shouwen.core.values import Value
from shouwen.web.forms.field import field_view
from shouwen.web.forms.setting import Setting
from shouwen.web.forms.views import FieldView, RowView
from shouwen.web.shown import columns_seen, shown

__all__ = ["rows_view"]


def rows_view(
    procedure: Procedure, action: Action, field: Field, columns: tuple[str, ...], fill: Fill, setting: Setting
) -> FieldView:
    """The rows of a field. Where the act is done row by row, the rows that may be picked stand with their keys."""
    asked = tuple(column for column in columns if _typable(field.columns[column]))
    picks = setting.items if action.each and field.key and _by_row(procedure, action, field) else ()
    fresh = fill.path in {one.path for one in action.fills} or field.key in asked or not field.key
    typed = setting.typed(field.path)
    lines = [line for line in typed if isinstance(line, Mapping)] if isinstance(typed, Sequence) else []
    rows = _picked(procedure, field, asked, fill, picks, lines, setting)
    own = [line for line in lines if str(line.get(field.key or "", "")) not in picks] if picks else lines
    blank = max(setting.more.get(field.path, 0), 0)
    if fresh and not rows and not own:
        blank = max(blank, 1)
    for line in [*own, *[{}] * (blank if fresh else 0)]:
        rows.append(_row(procedure, field, asked, fill, len(rows), line, setting))
    return FieldView(
        path=field.path,
        name=field.path,
        label=field.name,
        kind="rows",
        need=_need(field, fill, setting, bool(picks)),
        clauses=tuple(dict.fromkeys((*fill.clauses, *field.clauses))),
        least=field.least,
        most=field.most,
        wide=True,
        rows=tuple(rows),
        standing=() if picks else _standing(procedure, field, setting),
        columns=tuple(column.name for column in columns_seen(procedure, field, setting.roles).values()),
        may_add=fresh and (field.most is None or len(rows) < field.most),
    )


def _by_row(procedure: Procedure, action: Action, field: Field) -> bool:
    """Whether the act's items are rows of this field (or words by which its rows are told apart)."""
    each = procedure.fields.get(action.each or "")
    return each is not None and (each.path == field.path or each.type != "rows")


def _typable(column: Field) -> bool:
    return column.computed is None and not column.same_as


def _need(field: Field, fill: Fill, setting: Setting, picks: bool) -> str:
    wanted = {lost.path for lost in (*setting.missing, *(setting.refusal.missing if setting.refusal else ()))}
    if fill.needed or picks or field.path in wanted:
        return "required"
    return "optional" if fill.needed is False or field.optional else "required"


def _picked(
    procedure: Procedure,
    field: Field,
    asked: tuple[str, ...],
    fill: Fill,
    picks: tuple[str, ...],
    lines: Sequence[Mapping[str, object]],
    setting: Setting,
) -> list[RowView]:
    by_key = {str(line.get(field.key or "", "")): line for line in lines}
    columns = tuple(column for column in asked if column != field.key)
    key = field.columns[field.key or ""] if field.key else field
    return [
        _row(
            procedure,
            field,
            columns,
            fill,
            place,
            by_key.get(item, {}),
            setting,
            key=item,
            label=shown(procedure, key, item, setting.names),
            picked=item in by_key or (len(picks) == 1 and not lines),
        )
        for place, item in enumerate(picks)
    ]


def _row(
    procedure: Procedure,
    field: Field,
    asked: tuple[str, ...],
    fill: Fill,
    index: int,
    line: Mapping[str, object],
    setting: Setting,
    *,
    key: str = "",
    label: str = "",
    picked: bool | None = None,
) -> RowView:
    cells = tuple(_cell(procedure, field.columns[name], fill, index, line.get(name), setting) for name in asked)
    return RowView(index=index, fields=cells, key=key, label=label, picked=picked)


def _cell(procedure: Procedure, column: Field, fill: Fill, index: int, raw: object, setting: Setting) -> FieldView:
    owner, _, last = column.path.rpartition(".")
    return field_view(
        procedure,
        column,
        Fill(path=column.path, clauses=fill.clauses),
        setting,
        name=f"{owner}.{index}.{last}",
        typed=raw,
    )


def _standing(procedure: Procedure, field: Field, setting: Setting) -> tuple[tuple[str, ...], ...]:
    """Lines on the paper already, column by column."""
    known = setting.values.get(field.path)
    lines: list[Mapping[str, Value]] = (
        [row for row in known if isinstance(row, Mapping)] if isinstance(known, tuple) else []
    )
    return tuple(
        tuple(
            shown(procedure, column, line[name], setting.names) if line.get(name) is not None else ""
            for name, column in columns_seen(procedure, field, setting.roles).items()
        )
        for line in lines
    )
