"""A form as the paper that is printed, signed and filed: its fields in their order, two to a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shouwen.core.procedure import Copy, Field, Form, Procedure
from shouwen.core.values import Value
from shouwen.web.shown import hidden, shown

__all__ = ["BoxView", "CellView", "PaperView", "SignView", "paper_view"]

#: a text as long as this, or one that asks for many words, takes a line of its own
_LONG = 18
_CHOICES = 6
#: more columns than these leave no room for words: each row is written out as names and values
_SIDE_BY_SIDE = 8


@dataclass(frozen=True, kw_only=True)
class BoxView:
    """A word of a closed list with its box, ticked or not."""

    word: str
    ticked: bool


@dataclass(frozen=True, kw_only=True)
class CellView:
    """A field on the paper. `wide`: it takes a whole line; `rows` and `columns` of a table in it."""

    name: str
    text: str = ""
    boxes: tuple[BoxView, ...] = ()
    wide: bool = False
    tall: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def written_out(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The rows of a table that is too broad for the sheet, as names and values; a blank one if there is none."""
        if len(self.columns) <= _SIDE_BY_SIDE:
            return ()
        return tuple(tuple(zip(self.columns, row, strict=True)) for row in self.rows or (("",) * len(self.columns),))


@dataclass(frozen=True, kw_only=True)
class SignView:
    """A place to sign: what for, by whom and when, and the drawn signature if there is one."""

    name: str
    text: str = ""
    drawn: str = ""
    when: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """The paper: title, number, copy, lines of one or two cells, signatures."""

    title: str
    number: str
    copy: str
    lines: tuple[tuple[CellView, ...], ...]
    signatures: tuple[SignView, ...]
    clauses: tuple[str, ...] = ()


def paper_view(
    procedure: Procedure,
    form: Form,
    values: Mapping[str, Value],
    names: Mapping[str, str],
    *,
    number: str = "",
    copy: Copy | None = None,
    drawn: Mapping[str, str] | None = None,
    signed: Mapping[str, str] | None = None,
    roles: frozenset[str] = frozenset(),
    masked: bool = False,
) -> PaperView:
    """A form's paper. A `copy` leaves out what it hides, and what is hidden from those who get it; `drawn`: path →
    data URL of a signature by hand; `signed`: path → when it was signed, in words."""
    gone = set(copy.hides) if copy else set()
    readers = roles | frozenset(copy.to if copy else ())
    fields = [one for one in form.fields.values() if one.path not in gone and not hidden(one, readers)]
    cells = [_cell(procedure, one, values, names, masked) for one in fields if one.type != "signature"]
    signatures = tuple(
        SignView(
            name=one.name,
            text=names.get(str(values.get(one.path, "")), str(values.get(one.path, ""))),
            drawn=(drawn or {}).get(one.path, ""),
            when=(signed or {}).get(one.path, ""),
        )
        for one in fields
        if one.type == "signature"
    )
    return PaperView(
        title=form.name,
        number=number,
        copy=copy.name if copy else "",
        lines=_paired(cells),
        signatures=signatures,
        clauses=form.clauses,
    )


def _cell(
    procedure: Procedure, field: Field, values: Mapping[str, Value], names: Mapping[str, str], masked: bool
) -> CellView:
    value = values.get(field.path)
    if value is None and field.same_as:
        value = values.get(field.same_as)
    if field.type == "rows":
        return _table(procedure, field, value, names, masked)
    words = field.words or ()
    if field.type in ("choice", "choices") and words and len(words) <= _CHOICES:
        chosen = value if isinstance(value, tuple) else (value,)
        boxes = tuple(
            BoxView(word=shown(procedure, field, word, names, masked=False), ticked=word in chosen) for word in words
        )
        return CellView(name=field.name, boxes=boxes, wide=sum(len(box.word) for box in boxes) > _LONG)
    text = shown(procedure, field, value, names, masked=masked) if value is not None else ""
    long = bool(field.shortest) or len(text) > _LONG
    return CellView(name=field.name, text=text, wide=long, tall=bool(field.shortest))


def _table(procedure: Procedure, field: Field, value: Value | None, names: Mapping[str, str], masked: bool) -> CellView:
    lines = [row for row in value if isinstance(row, Mapping)] if isinstance(value, tuple) else []
    rows = tuple(
        tuple(
            shown(procedure, column, row[name], names, masked=masked) if row.get(name) is not None else ""
            for name, column in field.columns.items()
        )
        for row in lines
    )
    columns = tuple(column.name for column in field.columns.values())
    return CellView(name=field.name, wide=True, columns=columns, rows=rows)


def _paired(cells: list[CellView]) -> tuple[tuple[CellView, ...], ...]:
    """Two short cells to a line, wide ones alone; the order of the form stays."""
    lines: list[tuple[CellView, ...]] = []
    for cell in cells:
        if not cell.wide and lines and len(lines[-1]) == 1 and not lines[-1][0].wide:
            lines[-1] = (*lines[-1], cell)
        else:
            lines.append((cell,))
    return tuple(lines)
