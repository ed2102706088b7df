"""Figures of a regulation in the organisation's hands: what is in force, what was set, and setting anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shouwen.casework.procedures import Law
from shouwen.core.calendar import Span
from shouwen.core.language import figures as written
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Procedure
from shouwen.core.values import Value
from shouwen.organisation import events as oe
from shouwen.organisation import models as organisation_rows
from shouwen.organisation.state import Organisation
from shouwen.organisation.stream import record

__all__ = ["Faulty", "Setting", "in_force", "put", "read", "settings"]


@dataclass(frozen=True)
class Setting:
    """A value of a figure from a day on (None: as the regulation says, always). `actor` '': the regulation's own."""

    since: date | None
    text: str
    value: Value | Span
    actor: str = ""
    at: datetime | None = None
    reason: str = ""


class Faulty(ValueError):
    """What was entered cannot be taken: `faults` names each field and says why."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(joined(faults.values(), phrase("；")))
        self.faults = faults


def in_force(procedure: Procedure, organisation: Organisation, day: date) -> Mapping[str, Value | Span]:
    """Every figure with its value on a day."""
    own = organisation.figures.get(procedure.id, {})
    found: dict[str, Value | Span] = {}
    for name, figure in procedure.figures.items():
        dated = [one.value for one in figure.values if one.since is None or one.since <= day]
        set_here = [text for since, text in own.get(name, ()) if since <= day]
        if set_here:
            found[name] = written.figure_value(procedure, name, set_here[-1])
        elif dated:
            found[name] = dated[-1]
    return found


def settings(procedure: Procedure) -> Mapping[str, tuple[Setting, ...]]:
    """What the organisation has set, oldest first, by figure."""
    found: dict[str, list[Setting]] = {}
    for row in organisation_rows.FigureValue.objects.filter(procedure=procedure.id).order_by("since"):
        if row.figure in procedure.figures:
            value = written.figure_value(procedure, row.figure, row.text)
            found.setdefault(row.figure, []).append(Setting(row.since, row.text, value, row.actor, row.at, row.reason))
    return {name: tuple(listed) for name, listed in found.items()}


def read(procedure: Procedure, name: str, text: str) -> Value | Span:
    """The value that is written. Raises `Faulty` with what is wrong and how to write it."""
    try:
        return written.figure_value(procedure, name, text.strip())
    except ValueError as error:
        raise Faulty({"value": error.args[0]}) from None


def put(law: Law, name: str, *, since: str, text: str, reason: str, actor: str, at: datetime) -> Setting:
    """Set a figure from a day on. Raises `Faulty`: each field that is wrong, with what to do."""
    procedure, faults = law.procedure, dict[str, str]()
    value: Value | Span | None = None
    if name not in procedure.figures:
        faults["figure"] = phrase("没有这个数值")
    elif not text.strip():
        faults["value"] = phrase("请填新值")
    else:
        try:
            value = read(procedure, name, text)
        except Faulty as faulty:
            faults |= faulty.faults
    day = _day(since)
    today = at.astimezone(procedure.zone).date()
    if day is None:
        faults["since"] = phrase("请选起用日")
    elif day < today:
        faults["since"] = phrase("只能从今天或以后起用：已经过去的日子，案件按当时的值办理")
    if not reason.strip():
        faults["reason"] = phrase("请写理由，供以后查考")
    if faults or value is None or day is None:
        raise Faulty(faults)
    record(
        oe.FigureSet(procedure=procedure.id, figure=name, since=day, text=text.strip(), reason=reason.strip()),
        actor=actor,
        at=at,
    )
    return Setting(day, text.strip(), value, actor, at, reason.strip())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
