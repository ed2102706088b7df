"""The world that the judge is told of: who holds which role for a unit now, figures in force, the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shouwen import calendars
from shouwen.casework.numbers import Numbers
from shouwen.casework.procedures import Law
from shouwen.core.calendar import Calendar, parse_clock
from shouwen.core.language import figures
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Dated, Procedure
from shouwen.core.world import CUSTOMER, Holding, World
from shouwen.organisation.state import Organisation

__all__ = ["calendar_of", "forget", "holdings", "world"]


@dataclass(frozen=True)
class _Kept:
    world: World
    until: datetime


_worlds: dict[tuple[str, int, int, str], _Kept] = {}
#: the last calendar of each procedure: an equal one is not made anew, for it has counted its days already
_calendars: dict[str, Calendar] = {}
#: what the customer of a case is called in its texts
CUSTOMER_NAME = phrase("客户本人")
#: so many are remembered (procedure versions × units); then all are made anew
MOST_WORLDS = 2000


def world(law: Law, organisation: Organisation, unit: str, at: datetime) -> World:
    """The world of a case of this unit at a moment (aware)."""
    procedure = law.procedure
    key = (procedure.id, procedure.version, organisation.seq, unit)
    kept = _worlds.get(key)
    local = at.astimezone(procedure.zone)
    if kept is not None and kept.until > local and kept.world.today == local.date():
        return kept.world
    made = World(
        calendar=calendar_of(procedure, organisation, local.date()),
        holdings=(*holdings(organisation, unit, local), *_of_the_customer(procedure)),
        figures=_figures(procedure, organisation),
        numbers=Numbers(procedure, unit),
        words=organisation.words.get(procedure.id, {}),
        today=local.date(),
        names={**organisation.names, CUSTOMER: CUSTOMER_NAME},
    )
    if len(_worlds) >= MOST_WORLDS:
        _worlds.clear()
    _worlds[key] = _Kept(made, _changes(organisation, local))
    return made


def forget() -> None:
    """Make every world anew."""
    _worlds.clear()


def holdings(organisation: Organisation, unit: str, local: datetime) -> Iterator[Holding]:
    """Who holds which role for cases of a unit: its own people and those above it everywhere, those of units below
    in their unit (by its name). Without a unit everybody counts, those of units with a desk as its own people."""
    above = {one.code for one in organisation.above(unit)}
    below = set(organisation.below(unit)) - {unit} if unit else set(organisation.units) - _tops(organisation)
    day = local.date()

    def held(person: str, role: str, where: str, deputy: str) -> Iterator[Holding]:
        someone = organisation.people.get(person)
        if someone is None or not someone.active:
            return
        if where in above or (not unit and where not in below):
            yield Holding(person, role, None, deputy)
        elif where in below:
            yield Holding(person, role, organisation.units[where].name, deputy)

    for position in organisation.positions:
        if position.on(day):
            yield from held(position.person, position.role, position.unit, "")
    for cover in organisation.covers:
        if cover.at(local):
            yield from held(cover.person, cover.role, cover.unit, cover.kind)


def _of_the_customer(procedure: Procedure) -> Iterator[Holding]:
    """The roles in which the customer of a case stands in it: whoever acts as `CUSTOMER` acts in a case of his own."""
    return (Holding(CUSTOMER, role.id) for role in procedure.roles.values() if role.customer)


def calendar_of(procedure: Procedure, organisation: Organisation, day: date) -> Calendar:
    """The public calendar with the organisation's own days and the office hours in force on a day."""
    hours = procedure.hours
    dated = organisation.figures.get(procedure.id, {}).get(procedure.hours_figure or "", ())
    written = [text for since, text in dated if since <= day]
    if written:
        value = figures.figure_value(procedure, procedure.hours_figure or "", written[-1])
        hours = _pairs(value) or hours
    closures = {day: name for day, (name, works) in organisation.days.items() if not works}
    openings = {day: name for day, (name, works) in organisation.days.items() if works}
    edition = calendars.public_edition()
    made = Calendar(edition, hours, closures, openings, procedure.zone, procedure.day_end)
    kept = _calendars.get(procedure.id)
    if kept != made:
        kept = _calendars[procedure.id] = made
    return kept


def _pairs(value: object) -> tuple[tuple[time, time], ...]:
    pairs = [str(text).split("-") for text in value] if isinstance(value, tuple) else []
    return tuple((parse_clock(start), parse_clock(end)) for start, end in pairs)


def _figures(procedure: Procedure, organisation: Organisation) -> Mapping[str, tuple[Dated, ...]]:
    own = organisation.figures.get(procedure.id, {})
    return {
        name: tuple(Dated(since=since, value=figures.figure_value(procedure, name, text)) for since, text in dated)
        for name, dated in own.items()
        if name in procedure.figures
    }


def _changes(organisation: Organisation, local: datetime) -> datetime:
    """When people or days next change by themselves."""
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    edges = [edge for cover in organisation.covers for edge in (cover.since, cover.until) if edge > local]
    return min([midnight, *edges])


def _tops(organisation: Organisation) -> set[str]:
    """Units that are no department of a desk: the desks and all above them."""
    desks = [unit.code for unit in organisation.units.values() if unit.desk]
    return {above.code for desk in desks for above in organisation.above(desk)}
