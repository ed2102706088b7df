"""Registers of a walk: a few plausible rows in each, and the fields of cases whose values are taken from them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random

from shouwen.core.expression import Expression
from shouwen.core.index import ById
from shouwen.core.language.check import walk
from shouwen.core.procedure import Field, Form, Party, Procedure
from shouwen.core.values import LISTS

__all__ = ["known", "rows"]

#: so many rows in a register
ROWS = 3
#: so far back a row's days lie, and so far ahead those by which it ends
FAR = timedelta(days=300)
_ENDS = re.compile(r"until|expire|end|(^|_)to$")
#: `list.filter(x, …)`: the list that a variable runs over
_RUNS = re.compile(r"([a-z][\w.]*)\.(?:exists|exists_one|all|filter|map)\((\w+),")
_COMPARED = re.compile(r"([a-z][\w.]*) (?:==|in) ([a-z][\w.]*)")

Row = dict[str, object]


def rows(
    procedure: Procedure, random: Random, people: Sequence[str], units: tuple[str, ...], at: datetime
) -> dict[str, tuple[Row, ...]]:
    """The rows of every register, as a script writes them."""
    said = _words(procedure, units)
    found = {}
    for form in (form for form in procedure.forms.values() if form.register):
        lines = [_row(procedure, form, place, said, random, people, at) for place in range(ROWS)]
        by_key = {str(line.get(form.key or "", place)): line for place, line in enumerate(lines)}
        found[form.id] = tuple(by_key.values())
    return found


def known(procedure: Procedure, registers: Mapping[str, Sequence[Row]]) -> dict[str, tuple[str, ...]]:
    """Field or column → the values of a register's column that it is looked up by."""
    found: dict[str, tuple[str, ...]] = {}
    for path, column in _pairs(ById(procedure)):
        register, _, name = column.partition(".")
        words = procedure.fields[path].words
        texts = [str(row[name]) for row in registers.get(register, ()) if isinstance(row.get(name), str)]
        found[path] = tuple(dict.fromkeys(text for text in texts if words is None or text in words))
    return {path: values for path, values in found.items() if values}


def _words(procedure: Procedure, units: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Column of a register → the words of a field that is looked up by it: closed ones, those of an open catalog, or
    units, if it says whose role is meant."""
    found: dict[str, tuple[str, ...]] = {}
    of_units = _units(ById(procedure))
    for path, column in _pairs(ById(procedure)):
        field = procedure.fields[path]
        is_open = field.type in ("choice", "choices") and field.words is None
        words = field.words or (units if is_open or path in of_units else ())
        if words:
            found[column] = words
    return found


@lru_cache(maxsize=8)
def _units(read: ById) -> frozenset[str]:
    """The names by which rules say whose role is meant."""
    parties = [thing for _, rule in walk.rules(read.procedure) for _, thing in walk.inside(rule)]
    return frozenset(name for thing in parties if isinstance(thing, Party) and thing.unit for name in thing.unit.names)


@lru_cache(maxsize=8)
def _pairs(read: ById) -> tuple[tuple[str, str], ...]:
    """Field or column of a case, and the register's column with which a fact or a condition compares it."""
    return tuple(_found(read.procedure))


def _found(procedure: Procedure) -> Iterator[tuple[str, str]]:
    for fact in procedure.facts.values():
        if (form := procedure.forms.get(fact.of)) and form.register:
            for column, expression in fact.match.items():
                paths = [name for name in expression.names if name in procedure.fields]
                if len(paths) == 1 and column in form.fields:
                    yield paths[0], form.fields[column].path
    for _, rule in walk.rules(procedure):
        for _, thing in walk.inside(rule):
            if isinstance(thing, Expression):
                yield from _compared(procedure, thing.source)


def _compared(procedure: Procedure, source: str) -> Iterator[tuple[str, str]]:
    """The pairs of one condition: `fees.lines.exists(f, f.item == l.item)`."""
    runs = {variable: _list(procedure, path) for path, variable in _RUNS.findall(source)}
    for pair in _COMPARED.findall(source):
        one, other = (_path(name, runs) for name in pair)
        for path, column in ((one, other), (other, one)):
            is_column = column in procedure.fields and procedure.forms[column.partition(".")[0]].register
            if is_column and path in procedure.fields and not procedure.forms[path.partition(".")[0]].register:
                yield path, column


def _list(procedure: Procedure, path: str) -> str:
    """What a list holds rows of: a register, if it is a fact's."""
    fact = procedure.facts.get(path.partition(".")[0])
    return fact.of if fact else path


def _path(name: str, runs: Mapping[str, str]) -> str:
    head, _, rest = name.partition(".")
    return f"{runs[head]}.{rest}" if head in runs else name


def _row(
    procedure: Procedure,
    form: Form,
    place: int,
    said: Mapping[str, tuple[str, ...]],
    random: Random,
    people: Sequence[str],
    at: datetime,
) -> Row:
    """One row; where a fact wants a certain word, most rows have it."""
    wanted = {n: v for fact in procedure.facts.values() if fact.of == form.id for n, v in fact.having.items()}
    row: Row = {}
    for name, column in form.fields.items():
        if name in wanted and place < ROWS - 1 and isinstance(wanted[name], str):
            row[name] = wanted[name]
        elif (value := _cell(column, name, place, said.get(column.path), random, people, at)) is not None:
            row[name] = value
    return row


def _cell(
    column: Field,
    name: str,
    place: int,
    said: Sequence[str] | None,
    random: Random,
    people: Sequence[str],
    at: datetime,
) -> object:
    words = column.words or said
    day = at + FAR if _ENDS.search(name) else at - FAR
    match column.type:
        case "rows" | "file" | "signature" | "period":
            return None
        case "bool":
            return random.choice(("yes", "yes", "no"))
        case "number" | "decimal" | "ratio":
            return str((column.least or 1) + place)
        case "money":
            return str((30, 200, 800)[place % 3])
        case "moment":
            return day.strftime("%Y-%m-%d %H:%M")
        case "date":
            return day.strftime("%Y-%m-%d")
        case "span":
            return "2 h"
        case "phone":
            return f"1380000{place:04}"
        case "person":
            return random.choice([one for one in people if not column.holds or one.startswith(column.holds)] or people)
        case _:
            text = words[place % len(words)] if words else f"{column.name}{'甲乙丙'[place % 3]}"
            text = text if words else text.ljust(column.shortest or 0, "一")
            return [text] if column.type in LISTS else text
