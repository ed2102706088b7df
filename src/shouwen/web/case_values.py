"""What is filled in so far, paper by paper, as somebody may read it; and the customer's own data among it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shouwen.casework.papers import Paper
from shouwen.core.case import Case
from shouwen.core.index import index_of
from shouwen.core.procedure import Field, Procedure
from shouwen.core.values import Value
from shouwen.web.case_veil import Veil

__all__ = ["Line", "Sheet", "customer", "sheets"]

#: a text as long as this takes a line of its own
_LONG = 30


@dataclass(frozen=True, kw_only=True)
class Line:
    """A field with its value in words, or its rows as a table. `masked`: it may be asked to be seen in full."""

    path: str
    name: str
    text: str = ""
    masked: bool = False
    correctable: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def wide(self) -> bool:
        """Whether it takes a line of its own."""
        return bool(self.columns) or len(self.text) > _LONG


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form with what is filled in."""

    paper: Paper
    lines: tuple[Line, ...]


def customer(veil: Veil, words: Mapping[str, str]) -> tuple[Line, ...]:
    """The customer's data as the flow names them: word → path; what is hidden from the viewer is left out."""
    fields = [veil.procedure.fields[path] for path in words.values() if veil.values.get(path) not in (None, "")]
    return tuple(_line(veil, field, veil.values[field.path], False) for field in fields if not veil.hides(field))


def sheets(
    veil: Veil, found: tuple[Paper, ...], case: Case, roles: frozenset[str], *, may_correct: bool
) -> tuple[Sheet, ...]:
    """The papers that have been begun, each with its filled fields but those hidden from these roles."""
    mine = _correctable(veil.procedure, case, roles) if may_correct and case.closed is None else frozenset()
    made = [
        Sheet(
            paper=paper,
            lines=tuple(
                _line(veil, field, veil.values[field.path], field.path in mine)
                for field in paper.form.fields.values()
                if field.same_as is None and veil.values.get(field.path) not in (None, "", ()) and not veil.hides(field)
            ),
        )
        for paper in found
        if paper.begun
    ]
    return tuple(sheet for sheet in made if sheet.lines)


def _line(veil: Veil, field: Field, value: Value, correctable: bool) -> Line:
    if field.type == "rows" and isinstance(value, tuple):
        used = [
            column
            for name, column in veil.columns(field).items()
            if any(isinstance(row, Mapping) and row.get(name) not in (None, "") for row in value)
        ]
        rows = tuple(tuple(_cell(veil, column, row) for column in used) for row in value if isinstance(row, Mapping))
        return Line(path=field.path, name=field.name, columns=tuple(column.name for column in used), rows=rows)
    return Line(
        path=field.path,
        name=field.name,
        text=veil.text(field, value),
        masked=field.private and field.path not in veil.lifted,
        correctable=correctable,
    )


def _cell(veil: Veil, column: Field, row: Mapping[str, Value]) -> str:
    value = row.get(column.path.rpartition(".")[2])
    return veil.text(column, value) if value not in (None, "") and value is not None else ""


def _correctable(procedure: Procedure, case: Case, roles: frozenset[str]) -> frozenset[str]:
    """The fields that somebody in these roles may fill and that neither decide anything nor are signed."""
    decisive = index_of(procedure).decisive
    clocks = {action.at for action in procedure.actions.values()}
    mine = {
        fill.path
        for action in procedure.actions.values()
        if any(party.role in roles for party in action.who)
        for fill in action.fills
    }
    return frozenset(
        path
        for path in mine
        if path in case.values
        and path not in decisive
        and path not in clocks
        and (field := procedure.fields[path]).type not in ("signature", "rows")
        and field.computed is None
    )
