"""What people owe: the open tasks of one person over all cases, and what is late or due today over all people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from shouwen.casework import access, lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.lists import Duty, Line

__all__ = ["KINDS", "MOST", "Burden", "Owed", "Work", "burdens", "kind_of", "owed", "soonest", "work"]

#: so many of the most urgent tasks are looked at; a person who owes more works through a filtered list
MOST = 400
#: how urgent a task is, in the order of the list
KINDS = ("late", "today", "later", "waiting", "free")


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A case with what somebody owes in it, the most urgent first. `kind`: one of `KINDS`."""

    kind: str
    line: Line
    duties: tuple[Duty, ...]


@dataclass(frozen=True, kw_only=True)
class Work:
    """A page of what somebody owes. `counts`: kind → tasks; `approvals`: decisions among them; `more`: he owes more
    than `MOST`."""

    owed: tuple[Owed, ...]
    counts: dict[str, int]
    approvals: int
    total: int
    more: bool
    number: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Burden:
    """Open tasks of one kind, owed by the same at one desk: how many are late, and due until the day ends."""

    procedure: str
    law: int
    task: str
    desk: str
    owed_by: tuple[str, ...]
    late: int
    today: int


def work(viewer: Viewer, *, number: int = 1, size: int = 60) -> Work:
    """What he owes, himself or by a role, the most urgent first: one query by the indexes of open tasks."""
    found = owed(viewer)
    more, found = len(found) > MOST, found[:MOST]
    kinds = [kind_of(law, duty, viewer.at) for law, duty in found]
    order = sorted(range(len(found)), key=lambda place: (KINDS.index(kinds[place]), place))
    last = max(1, -(-len(found) // size))
    number = max(1, min(number, last))
    shown = order[(number - 1) * size : number * size]
    cases = {line.case_id: line for line in lists.lines(dict.fromkeys(found[place][1].case_id for place in shown))}
    together: dict[UUID, tuple[str, list[Duty]]] = {}
    for place in shown:
        duty = found[place][1]
        together.setdefault(duty.case_id, (kinds[place], []))[1].append(duty)
    return Work(
        owed=tuple(
            Owed(kind=kind, line=cases[case_id], duties=tuple(own))
            for case_id, (kind, own) in together.items()
            if case_id in cases
        ),
        counts={kind: kinds.count(kind) for kind in KINDS},
        approvals=sum(_decides(law, duty) for law, duty in found),
        total=len(found),
        more=more,
        number=number,
        last=last,
    )


def _decides(law: tuple[str, int], duty: Duty) -> bool:
    """Whether it is the decision of an authority: its task is named by the authority and the level."""
    return duty.task.partition(".")[0] in procedures.version(*law).procedure.authorities


def kind_of(law: tuple[str, int], duty: Duty, at: datetime) -> str:
    """How urgent a task is now."""
    if duty.due is None:
        task = procedures.version(*law).procedure.tasks.get(duty.task)
        return "waiting" if task is not None and task.has_clock else "free"
    if lists.is_late(duty.due, at):
        return "late"
    return "today" if duty.due <= lists.today_ends(at) else "later"


_DUTY = "t.procedure, t.law, t.case_id, t.task, t.item, t.owed_by, t.since_at, t.due_at, t.provisional, t.missed_at"
_ORDER = "ORDER BY t.due_at, t.case_id, t.task, t.item LIMIT %(most)s"
#: what people meant by some words owe in the cases of one procedure at one desk, in the order of that desk's index
_OWED = f"""
(SELECT {_DUTY} FROM tasks t
 WHERE t.state = 'open' AND t.unit = %(desk{{n}})s AND t.procedure = %(procedure{{n}})s
   AND t.owed_by && %(words{{n}})s::text[] {_ORDER})
"""
_SOONEST = f"""
SELECT {_DUTY} FROM unnest(%(desks)s::text[]) desk CROSS JOIN LATERAL (
  SELECT * FROM tasks t
  WHERE t.state = 'open' AND t.unit = desk AND t.due_at >= %(begin)s AND t.due_at < %(end)s {{seen}} {_ORDER}
) t {_ORDER}
"""
_BURDENS = """
SELECT t.procedure, t.law, t.task, t.unit, t.owed_by, count(*) FILTER (WHERE t.due_at < %(now)s),
       count(*) FILTER (WHERE t.due_at >= %(now)s)
FROM tasks t WHERE t.state = 'open' AND t.unit = ANY(%(desks)s::text[]) AND t.due_at <= %(end)s {seen}
GROUP BY 1, 2, 3, 4, 5
"""


def owed(viewer: Viewer) -> list[tuple[tuple[str, int], Duty]]:
    """His open tasks, each with the version of the procedure that it is of, the most urgent first; one more than `MOST`
    if he owes more."""
    parts, given = list[str](), dict[str, object]({"most": MOST + 1})
    for (procedure, words), desks in lists.grouped(viewer).items():
        for desk in desks:
            n = len(parts)
            parts.append(_OWED.format(n=n))
            given |= {f"desk{n}": desk, f"procedure{n}": procedure, f"words{n}": sorted(words)}
    return _duties(_read(f"SELECT * FROM ({' UNION ALL '.join(parts)}) t {_ORDER}", given)) if parts else []


def soonest(viewer: Viewer, *, late: bool, most: int) -> tuple[tuple[Line, Duty], ...]:
    """The tasks of others and his own that have been late the longest, or that are due next until the day ends."""
    now = viewer.at.replace(second=0, microsecond=0)
    until = lists.today_ends(viewer.at) + timedelta(microseconds=1)
    begin, end = (datetime.min.replace(tzinfo=UTC), now) if late else (now, until)
    seen, given = _seen(viewer)
    found = _read(_SOONEST.format(seen=seen), {**given, "begin": begin, "end": end, "most": most})
    duties = [duty for _, duty in _duties(found)]
    cases = {line.case_id: line for line in lists.lines(dict.fromkeys(duty.case_id for duty in duties))}
    return tuple((cases[duty.case_id], duty) for duty in duties if duty.case_id in cases)


def _duties(found: list[tuple[Any, ...]]) -> list[tuple[tuple[str, int], Duty]]:
    return [
        (
            (procedure, law),
            Duty(
                case_id=case_id,
                task=task,
                item=item,
                owed_by=tuple(owed_by),
                since=since,
                due=due,
                provisional=provisional,
                missed=missed,
            ),
        )
        for procedure, law, case_id, task, item, owed_by, since, due, provisional, missed in found
    ]


def burdens(viewer: Viewer) -> tuple[Burden, ...]:
    """What is late or due today in the cases that he may see, by task, desk and who owes it."""
    seen, given = _seen(viewer)
    now = viewer.at.replace(second=0, microsecond=0)
    found = _read(_BURDENS.format(seen=seen), {**given, "now": now, "end": lists.today_ends(viewer.at)})
    return tuple(
        Burden(procedure=procedure, law=law, task=task, desk=desk, owed_by=tuple(owed_by), late=late, today=today)
        for procedure, law, task, desk, owed_by, late, today in found
    )


def _seen(viewer: Viewer) -> tuple[str, dict[str, object]]:
    """The condition on tasks that he may see their cases; none where he sees everything of his desks."""
    given: dict[str, object] = {"desks": list(viewer.desks), "whole": sorted(viewer.whole)}
    if not viewer.part:
        return "", given
    parts = []
    for n, desk in enumerate(sorted(viewer.part)):
        parts.append(f"(c.unit = %(part{n})s AND c.circle && %(circle{n})s::text[])")
        given |= {f"part{n}": desk, f"circle{n}": access.circle(viewer, desk)}
    among = f"t.case_id IN (SELECT case_id FROM cases c WHERE {' OR '.join(parts)})"
    return f"AND (t.unit = ANY(%(whole)s::text[]) OR {among})", given


def _read(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(given))
        return list(cursor.fetchall())
