"""What stands beside the form of an intake: who calls, what he brought before, what this may repeat, what to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.casework import access, handle, history, registers
from shouwen.casework.access import Viewer
from shouwen.casework.handle import Opening
from shouwen.casework.history import CaseRow
from shouwen.casework.procedures import Law
from shouwen.core.case import Case
from shouwen.core.offers import labels
from shouwen.core.procedure import Action, Flow, Procedure
from shouwen.core.reason import Reason, Refusal
from shouwen.core.scope import Actor, Scope
from shouwen.core.world import World
from shouwen.web import case_talk, masked
from shouwen.web.case_acts import WhyNot
from shouwen.web.case_doing import Typed
from shouwen.web.case_talk import Reading, Talk
from shouwen.web.clauses import Cited, cited
from shouwen.web.phrases import translated

__all__ = ["Aside", "Listed", "Repeat", "aside", "taken_over", "whys"]

MOST_EARLIER = 8
#: what a link may carry along, in characters
_LONGEST_LINK = 1500


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A case that this may belong to: why, and the act that joins it there ('' if it is not open to the viewer)."""

    text: str
    clauses: tuple[str, ...]
    number: str
    title: str = ""
    href: str = ""
    act: str = ""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A row of a register that whoever calls may mean: its cells in words, and what the button that takes it sends."""

    register: str
    fill: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Aside:
    """`known`: a number stands in the form that can be looked for; `earlier`: what its owner brought before."""

    known: bool
    earlier: tuple[CaseRow, ...] = ()
    more: int = 0
    repeats: tuple[Repeat, ...] = ()
    listed: tuple[Listed, ...] = ()
    talks: tuple[Talk, ...] = ()
    articles: tuple[Cited, ...] = field(default=())

    @property
    def open(self) -> int:
        """How many of the earlier ones are still open."""
        return sum(one.closed_at is None for one in self.earlier)


def aside(viewer: Viewer, law: Law, world: World, opening: Opening, typed: Typed) -> Aside:
    """For what is typed by now."""
    procedure = law.procedure
    action = procedure.actions[opening.command.action]
    flow = procedure.flows[action.opens or ""]
    form, _, name = flow.customer.get("phone", "").partition(".")
    phone = str(typed.entered.get(form, {}).get(name) or "").strip()
    found = history.caller(viewer, phone) if phone else None
    earlier = tuple(found[: MOST_EARLIER + 1]) if found is not None else ()
    repeats: tuple[Repeat, ...] = ()
    if any(fields for fields in typed.entered.values()):
        refusal = handle.preview(law, opening, at=viewer.at).refusal
        repeats = tuple(_repeats(viewer, procedure, access.veiled(viewer, refusal), typed)) if refusal else ()
    scope = Scope(procedure, Case(), world, Case(), viewer.at, Actor(viewer.code))
    meant = {label.partition("@")[0] for label in labels(procedure, world, viewer.code, viewer.at)}
    articles = {one.prose: one for clause in action.clauses if (one := cited(procedure, clause)).prose}
    return Aside(
        known=found is not None,
        earlier=earlier[:MOST_EARLIER],
        more=max(len(earlier) - MOST_EARLIER, 0),
        repeats=repeats,
        listed=tuple(_listed(viewer, procedure, flow, typed)),
        talks=case_talk.talks(Reading(scope=scope, roles=frozenset(meant)), (action.id,)),
        articles=tuple(articles.values())[:2],
    )


def whys(procedure: Procedure, reasons: Iterable[Reason], typed: Typed, viewer: Viewer) -> tuple[WhyNot, ...]:
    """The reasons against an opening, with where to go instead."""
    found = []
    for reason in reasons:
        repeat = _repeat(viewer, procedure, reason, typed) if reason.case else None
        ways = (
            ((_("到 {number}“{act}”").format(number=repeat.number, act=repeat.act), repeat.href),)
            if repeat and repeat.href
            else ()
        )
        who = tuple(procedure.roles[role].name for role in reason.who if role in procedure.roles)
        found.append(WhyNot(text=translated(reason.text), clauses=reason.clauses, who=who, ways=ways))
    return tuple(found)


def taken_over(viewer: Viewer, procedure: Procedure, action: Action, typed: Typed, fill: str) -> Typed:
    """What was typed, its blanks filled from a row of a register (`register/key`)."""
    register, _, key = fill.partition("/")
    found = registers.row(procedure, register, key, viewer.at.date())
    if found is None:
        return typed
    entered = {form: dict(fields) for form, fields in typed.entered.items()}
    for one in action.fills:
        form, _, name = one.path.partition(".")
        if found.values.get(name) and not entered.get(form, {}).get(name):
            entered.setdefault(form, {})[name] = found.values[name]
    return replace(typed, entered=entered)


def _listed(viewer: Viewer, procedure: Procedure, flow: Flow, typed: Typed) -> Iterator[Listed]:
    """Rows of registers found by what tells the caller apart, whatever the flow calls it: all but his name."""
    telling = {}
    for word, path in flow.customer.items():
        form, _, name = path.partition(".")
        text = typed.entered.get(form, {}).get(name)
        if word != "name" and isinstance(text, str) and text.strip():
            telling[name] = text.strip()
    for one in registers.known(procedure, telling, viewer.at.date()):
        cells = [
            (field.name, masked.mask(one.values[name]) if field.private else one.values[name])
            for name, field in one.form.fields.items()
            if one.values.get(name)
        ]
        yield Listed(register=one.form.name, fill=f"{one.form.id}/{one.key}", cells=tuple(cells))


def _repeats(viewer: Viewer, procedure: Procedure, refusal: Refusal, typed: Typed) -> Iterator[Repeat]:
    told = set[tuple[str, tuple[str, ...]]]()
    for reason in refusal.reasons:
        if reason.code.endswith("-first") and (reason.case, reason.instead) not in told:
            told.add((reason.case, reason.instead))
            yield _repeat(viewer, procedure, reason, typed)


def _repeat(viewer: Viewer, procedure: Procedure, reason: Reason, typed: Typed) -> Repeat:
    row = access.cases(viewer).filter(number=reason.case).first() if reason.case else None
    action = procedure.actions.get(reason.instead[0]) if reason.instead else None
    if row is None:
        return Repeat(text=translated(reason.text), clauses=reason.clauses, number="")
    href = reverse("case", args=(row.number,))
    if action is not None and not action.opens:
        carried = urlencode(_carried(procedure, action, typed))
        href = reverse("act", args=(row.number, action.id)) + (f"?{carried}" if carried else "")
    return Repeat(
        text=translated(reason.text),
        clauses=reason.clauses,
        number=row.number,
        title=row.title,
        href=href,
        act=action.name if action else "",
    )


def _carried(procedure: Procedure, action: Action, typed: Typed) -> Mapping[str, str]:
    """What the act that joins may take over of what was typed: fields of the same name that are not personal."""
    given = {
        name: value
        for fields in typed.entered.values()
        for name, value in fields.items()
        if isinstance(value, str) and value
    }
    found: dict[str, str] = {}
    for fill in action.fills:
        rule = procedure.fields[fill.path]
        columns = rule.columns.values() if rule.type == "rows" else (rule,)
        for one in columns:
            owner, _, name = one.path.rpartition(".")
            control = f"{owner}.0.{name}" if owner.count(".") == 1 else one.path
            if name in given and not one.private and len(given[name]) < _LONGEST_LINK:
                found[control] = given[name]
    return found if sum(map(len, found.values())) < _LONGEST_LINK else {}
