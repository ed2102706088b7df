"""A form as the paper that is printed, signed and filed: its fields in their order, two to a line, and its tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from shouwen.core.procedure import Copy, Field, Form, Procedure
from shouwen.core.values import Value
from shouwen.web.shown import columns_seen, hidden, shown

__all__ = ["BlockView", "BoxView", "CellView", "EntryView", "PaperView", "SignView", "paper_view"]

#: a text as long as this, or one that asks for many words, takes a line of its own
_LONG = 18
_CHOICES = 6
#: more columns than these leave no room for words: each row is written out as names and values
_SIDE_BY_SIDE = 8
#: a text that may fill a page by itself goes on over it
_FLOWING = 400
_SIGNATURES = 3
#: breadths of columns, in Chinese characters: a name or a moment stays on one line
_NARROWEST = 4.0
_BROADEST = 28.0
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class BoxView:
    """A word of a closed list with its box, ticked or not."""

    word: str
    ticked: bool


@dataclass(frozen=True)
class EntryView:
    """What stands in a table under a column: text, or a signature by hand."""

    text: str = ""
    drawn: str = ""


@dataclass(frozen=True, kw_only=True)
class CellView:
    """A field on the paper. `wide`: it takes a whole line; `rows` and `columns` of a table in it."""

    name: str
    text: str = ""
    boxes: tuple[BoxView, ...] = ()
    wide: bool = False
    tall: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[EntryView, ...], ...] = ()

    @property
    def shares(self) -> tuple[int, ...]:
        """How much of the breadth each column takes, in hundredths: as its longest text asks, within reason."""
        texts = [[one.text for one in row] for row in self.rows]
        asked = [max(map(_breadth, under)) for under in zip(self.columns, *texts, strict=True)]
        within = [min(max(one, _NARROWEST), _BROADEST) for one in asked]
        return tuple(round(100 * one / sum(within)) for one in within)

    @property
    def flowing(self) -> bool:
        """Whether the text is so long that a page may break it."""
        return len(self.text) > _FLOWING

    @property
    def written_out(self) -> tuple[tuple[tuple[tuple[str, EntryView], ...], ...], ...]:
        """The rows of a table that is too broad for the sheet, each as lines of two names with their values; a blank
        row if there is none."""
        if len(self.columns) <= _SIDE_BY_SIDE:
            return ()
        rows = self.rows or ((EntryView(),) * len(self.columns),)
        return tuple(_by(2, zip(self.columns, row, strict=True)) for row in rows)


@dataclass(frozen=True, kw_only=True)
class SignView:
    """A place to sign: what for, by whom and when, and the drawn signature if there is one."""

    name: str
    text: str = ""
    drawn: str = ""
    when: str = ""


@dataclass(frozen=True)
class BlockView:
    """What is ruled together: lines of cells, or a table that goes on over pages with its head."""

    lines: tuple[tuple[CellView, ...], ...] = ()
    table: CellView | None = None


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """The paper: title, number, copy, lines of one or two cells, signatures, the names of what is attached."""

    title: str
    number: str
    copy: str
    lines: tuple[tuple[CellView, ...], ...]
    signatures: tuple[SignView, ...]
    clauses: tuple[str, ...] = ()
    attached: tuple[str, ...] = ()
    voided: bool = False

    @property
    def blocks(self) -> tuple[BlockView, ...]:
        """The lines as they are ruled: a table is a block of its own."""
        found = list[BlockView]()
        for tabled, grouped in groupby(self.lines, key=lambda line: bool(line[0].columns)):
            lines = tuple(grouped)
            found += [BlockView(table=line[0]) for line in lines] if tabled else [BlockView(lines)]
        return tuple(found)

    @property
    def signature_lines(self) -> tuple[tuple[SignView, ...], ...]:
        """The signatures, as many to a line as there is room for."""
        return _by(_SIGNATURES, self.signatures)


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
    attached: Mapping[str, tuple[str, ...]] | None = None,
    roles: frozenset[str] = frozenset(),
    masked: Set[str] = frozenset(),
    voided: bool = False,
) -> PaperView:
    """A form's paper. A `copy` leaves out what it hides, and what is hidden from those who get it or look at it
    (`roles`); `drawn`: path → data URL of a signature by hand (of a column: its path, `#` and the row's key);
    `signed`: path → when it was signed, in words; `attached`: path → names of files, '' for those of the case as a
    whole, which no copy names; `masked`: private fields and columns that show their mask only."""
    gone = frozenset(copy.hides if copy else ())
    readers = roles | frozenset(copy.to if copy else ())
    fields = [one for one in form.fields.values() if one.path not in gone and not hidden(procedure, one, readers)]
    cells = [
        _table(procedure, one, columns, values, names, masked, drawn or {})
        if columns
        else _cell(procedure, one, values, names, masked)
        for one in fields
        for columns in [_columns(procedure, one, readers, gone)]
        if one.type != "signature" and (columns or one.type != "rows")
    ]
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
        attached=tuple(
            name
            for path in [
                *(one.path for field in fields for one in (field, *_columns(procedure, field, readers, gone).values())),
                *([] if copy else [""]),
            ]
            for name in (attached or {}).get(path, ())
        ),
        voided=voided,
    )


def _columns(procedure: Procedure, field: Field, readers: frozenset[str], gone: Set[str]) -> Mapping[str, Field]:
    seen = columns_seen(procedure, field, readers)
    return {name: column for name, column in seen.items() if column.path not in gone}


def _value(field: Field, values: Mapping[str, Value]) -> Value | None:
    value = values.get(field.path)
    return values.get(field.same_as) if value is None and field.same_as else value


def _cell(
    procedure: Procedure, field: Field, values: Mapping[str, Value], names: Mapping[str, str], masked: Set[str]
) -> CellView:
    value = _value(field, values)
    words = field.words or ()
    if field.type in ("choice", "choices") and words and len(words) <= _CHOICES:
        chosen = value if isinstance(value, tuple) else (value,)
        boxes = tuple(
            BoxView(word=shown(procedure, field, word, names, masked=False), ticked=word in chosen) for word in words
        )
        return CellView(name=field.name, boxes=boxes, wide=sum(len(box.word) for box in boxes) > _LONG)
    text = shown(procedure, field, value, names, masked=field.path in masked, written=True) if value is not None else ""
    long = bool(field.shortest) or len(text) > _LONG
    return CellView(name=field.name, text=text, wide=long, tall=bool(field.shortest))


def _table(
    procedure: Procedure,
    field: Field,
    columns: Mapping[str, Field],
    values: Mapping[str, Value],
    names: Mapping[str, str],
    masked: Set[str],
    drawn: Mapping[str, str],
) -> CellView:
    value = _value(field, values)
    lines = [row for row in value if isinstance(row, Mapping)] if isinstance(value, tuple) else []
    rows = tuple(
        tuple(
            EntryView(
                shown(procedure, column, row[name], names, masked=column.path in masked, written=True),
                drawn.get(f"{column.path}#{row.get(field.key)}", "")
                if field.key and column.type == "signature"
                else "",
            )
            if row.get(name) is not None
            else EntryView()
            for name, column in columns.items()
        )
        for row in lines
    )
    return CellView(name=field.name, wide=True, columns=tuple(one.name for one in columns.values()), rows=rows)


def _paired(cells: list[CellView]) -> tuple[tuple[CellView, ...], ...]:
    """Two short cells to a line, wide ones alone; the order of the form stays."""
    lines: list[tuple[CellView, ...]] = []
    for cell in cells:
        if not cell.wide and lines and len(lines[-1]) == 1 and not lines[-1][0].wide:
            lines[-1] = (*lines[-1], cell)
        else:
            lines.append((cell,))
    return tuple(lines)


def _breadth(text: str) -> float:
    """In Chinese characters; others are about half as broad."""
    return max((sum(1 if ord(sign) > 0x2E7F else 0.55 for sign in line) for line in text.split("\n")), default=0.0)


def _by(most: int, items: Iterable[_T]) -> tuple[tuple[_T, ...], ...]:
    found = tuple(items)
    return tuple(found[at : at + most] for at in range(0, len(found), most))
