"""What a list is asked for: its address to conditions and back, and the words for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from shouwen.casework import lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.lists import Filter
from shouwen.core.procedure import Flow, Procedure
from shouwen.web import case_people, moments

__all__ = ["Asked", "Chip", "Column", "asked", "columns", "query_of"]

#: the longest text that is looked for
LONGEST = 60
#: an exported column with so many words at most is a filter, and a badge in lists
FEW = 12
#: conditions of an address, in the order of the words above a list; exported columns stand as `c.NAME`
_PLAIN = ("state", "due", "procedure", "flow", "step", "desk", "answers", "first", "asked", "task", "owes")
_DATES = ("since", "until")
_STATES = {"open": _noop("在办"), "closed": _noop("已办结"), "all": _noop("全部")}
_DUES = {"late": _noop("已逾期"), "today": _noop("今天到期")}


@dataclass(frozen=True)
class Column:
    """An exported column of few words: its id, its name, the words, and whether they rise in weight."""

    id: str
    name: str
    words: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True)
class Chip:
    """A condition in words, and the address of the list without it."""

    text: str
    without: str


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A list as it is asked for. `given`: the conditions of the address that mean something."""

    filter: Filter
    sort: str
    page: int
    given: Mapping[str, str]

    @property
    def query(self) -> str:
        """The address of this list after the question mark, without the page."""
        return urlencode(self.given)

    def but(self, **changes: str) -> str:
        """The address with some conditions changed ('' drops one)."""
        return urlencode({name: value for name, value in {**self.given, **changes}.items() if value})

    def chips(self, viewer: Viewer) -> tuple[Chip, ...]:
        """The conditions in words, each with the address of the list without it."""
        found = []
        for name, value in self.given.items():
            words = _words(self, viewer, name, value)
            if words:
                found.append(Chip(words, self.but(**{name: ""})))
        return tuple(found)


def asked(query: QueryDict) -> Asked:
    """Conditions of an address; what cannot be read or means nothing is left out."""
    given = {name: text for name in _PLAIN if (text := _text(query.get(name)))}
    given |= {name: text for name in _DATES if (text := _text(query.get(name))) and _day(text)}
    exported = [name for name in query if name.startswith("c.") and name[2:].isidentifier()]
    given |= {name: text for name in exported if (text := _text(query.get(name)))}
    words = " ".join(_text(query.get("q")).split())[:LONGEST]
    if words:
        given["q"] = words
    for name, known in (("state", _STATES), ("due", _DUES)):
        if given.get(name) not in known:
            given.pop(name, None)
    # Who types a number or a name wants the case, closed or not.
    state = given.get("state") or ("all" if words else "open")
    sort = _sort(_text(query.get("sort")), state)
    if query.get("sort"):
        given["sort"] = sort
    conditions = Filter(
        state="" if state == "all" else state,
        words=words,
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        columns={name[2:]: value for name, value in given.items() if name.startswith("c.")},
    )
    plain = {name: given[name] for name in _PLAIN if name in given and name != "state"}
    number = _text(query.get("page"))
    return Asked(
        filter=replace(conditions, **plain),  # type: ignore[arg-type]  # all of them are texts
        sort=sort,
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,
        given=given,
    )


def query_of(text: str) -> str:
    """A saved query as it is asked for now: known conditions alone, no page."""
    return asked(QueryDict(text)).query


def columns(procedure: Procedure, flow: Flow) -> tuple[Column, ...]:
    """The exported columns that are one field or table of a few closed words."""
    return tuple(_few(procedure, flow))


def _few(procedure: Procedure, flow: Flow) -> Iterator[Column]:
    for name, expression in flow.columns.items():
        named = procedure.names.get(expression.source) if expression.names == (expression.source,) else None
        if named is None:
            continue
        field, table = procedure.fields.get(named.target), procedure.tables.get(named.target)
        if named.kind == "field" and field is not None and not field.private:
            catalog = procedure.catalogs.get(field.catalog or "")
            words, called = field.words or (), field.name
        elif named.kind == "table" and table is not None:
            catalog = procedure.catalogs.get(table.gives.get(named.column, ""))
            words, called = (catalog.words if catalog else ()), table.name
        else:
            continue
        if 1 < len(words) <= FEW:
            yield Column(name, called, tuple(words), bool(catalog and catalog.ordered))


def _words(asked: Asked, viewer: Viewer, name: str, value: str) -> str:
    """A condition in words; '' for what is no condition."""
    organisation = viewer.organisation
    procedure = _procedure(asked.given.get("procedure", ""))
    match name:
        case "state" | "due":
            return _({**_STATES, **_DUES}[value])
        case "procedure":
            return procedure.title if procedure else value
        case "flow" | "step":
            return _flow_or_step(name, value, procedure, asked.given.get("flow", ""))
        case "desk":
            return organisation.units[value].name if value in organisation.units else value
        case "answers":
            return (
                _("我承办") if value == lists.ME else _("{called}承办").format(called=_called(procedure, viewer, value))
            )
        case "first":
            return (
                _("我首问") if value == lists.ME else _("{called}首问").format(called=_called(procedure, viewer, value))
            )
        case "asked":
            return _("请我接办")
        case "task":
            return _("待办：{name}").format(
                name=procedure.tasks[value].name if procedure and value in procedure.tasks else value
            )
        case "owes":
            return _("该{called}办").format(called=_called(procedure, viewer, value))
        case "since":
            return _("{day}起立案").format(day=moments.day(date.fromisoformat(value), now=viewer.at.date()))
        case "until":
            return _("{day}前立案").format(day=moments.day(date.fromisoformat(value), now=viewer.at.date()))
        case "q":
            return f"“{value}”"
        case _:
            return value if name.startswith("c.") else ""


def _called(procedure: Procedure | None, viewer: Viewer, label: str) -> str:
    if procedure is None:
        return viewer.organisation.called(label)
    return case_people.called(procedure, viewer.organisation, label)


def _flow_or_step(name: str, value: str, procedure: Procedure | None, flow: str) -> str:
    flows = procedure.flows if procedure else {}
    if name == "flow":
        return flows[value].name if value in flows else value
    within = [flows[flow]] if flow in flows else list(flows.values())
    return next((one.steps[value].name for one in within if value in one.steps), value)


def _procedure(procedure: str) -> Procedure | None:
    found = [law.procedure for law in procedures.all_current() if law.procedure.id == procedure]
    return found[0] if found else None


def _sort(wanted: str, state: str) -> str:
    if wanted.removeprefix("-") in lists.SORTS:
        return wanted
    return "due" if state == "open" else "-opened"


def _text(raw: object) -> str:
    """A text as PostgreSQL can hold it."""
    return str(raw or "").replace("\x00", "").strip()[:200]


def _day(text: str) -> date | None:
    """A day of a year in which there can be cases."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year < 2200 else None
