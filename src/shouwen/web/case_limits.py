"""The limits of a case as its page shows them: what is left, how it is counted, who owes it, what follows a miss."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from shouwen.casework.access import Seen, Viewer
from shouwen.core.offers import Deadline, deadlines
from shouwen.core.procedure import Procedure, Task
from shouwen.web import case_people, case_words
from shouwen.web.dues import Due, ProofCell, due_state, proof_cells

__all__ = ["Limit", "Side", "limits", "nearest", "sides"]

_LAST = datetime.max.replace(tzinfo=UTC)
_ORDER = {"open": 0, "done": 1, "dropped": 2}


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A limit. `row`: which of several of its kind, in words; `follows`: words and clauses of what a miss brings;
    `mine`: the viewer owes it."""

    deadline: Deadline
    row: str
    due: Due
    cells: tuple[ProofCell, ...]
    who: str
    holders: str
    mine: bool
    follows: tuple[tuple[str, tuple[str, ...]], ...]
    by_row: bool

    @property
    def open(self) -> bool:
        """Whether it is still owed."""
        return self.deadline.state == "open"

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"task-{self.deadline.task}" + (f"-{self.deadline.item}" if self.deadline.item else "")


@dataclass(frozen=True, kw_only=True)
class Side:
    """A row that goes its own way beside others: what it owes and owed."""

    name: str
    limits: tuple[Limit, ...]

    @property
    def next(self) -> Limit | None:
        """What it owes next."""
        return nearest(self.limits)


def limits(viewer: Viewer, seen: Seen) -> tuple[Limit, ...]:
    """Every limit, what is owed first, the nearest on top."""
    law, case = seen.filed.law, seen.filed.case
    found = [_limit(viewer, seen, deadline) for deadline in deadlines(law.procedure, case, seen.world, viewer.at)]
    return tuple(
        sorted(found, key=lambda one: (_ORDER[one.deadline.state], one.deadline.due or _LAST, one.deadline.since))
    )


def nearest(found: Iterable[Limit]) -> Limit | None:
    """The limit that comes first of those that are owed."""
    return next((one for one in found if one.open), None)


def sides(viewer: Viewer, seen: Seen, found: tuple[Limit, ...]) -> tuple[Side, ...]:
    """Rows that live side by side, each with its own clocks."""
    rows: dict[str, list[Limit]] = {}
    for one in found:
        if one.by_row and one.deadline.item:
            rows.setdefault(one.deadline.item, []).append(one)
    procedure, organisation = seen.filed.law.procedure, viewer.organisation
    return tuple(
        Side(name=case_people.called(procedure, organisation, item), limits=tuple(own)) for item, own in rows.items()
    )


def _limit(viewer: Viewer, seen: Seen, deadline: Deadline) -> Limit:
    procedure, organisation = seen.filed.law.procedure, viewer.organisation
    task = procedure.tasks[deadline.task]
    mine = viewer.labels.get((procedure.id, seen.filed.unit), frozenset()) | {viewer.code}
    who = [case_people.called(procedure, organisation, label) for label in deadline.owed_by]
    behind = [case_people.behind(viewer, seen, label) for label in deadline.owed_by]
    return Limit(
        deadline=deadline,
        row=_row(viewer, procedure, task, deadline),
        due=due_state(deadline, viewer.at),
        cells=proof_cells(deadline.proof, viewer.at) if deadline.proof else (),
        who=_("、").join(dict.fromkeys(who)),
        holders=_("、").join(dict.fromkeys(name for name in behind if name)),
        mine=any(_mine(viewer, seen, label, mine) for label in deadline.owed_by),
        follows=case_words.follows(procedure, task) if deadline.state == "open" else (),
        by_row=task.for_each is not None,
    )


def _mine(viewer: Viewer, seen: Seen, label: str, mine: frozenset[str]) -> bool:
    """Whether a label means the viewer; where a field of the case names people, it means them alone."""
    role = seen.filed.law.procedure.roles.get(label.partition("@")[0])
    named = seen.filed.case.values.get(role.named_by) if role is not None and role.named_by else None
    if named:
        return viewer.code in (named if isinstance(named, tuple) else (named,))
    return label in mine


def _row(viewer: Viewer, procedure: Procedure, task: Task, deadline: Deadline) -> str:
    """Which row it is about. One for each recipient, or each time something happened, is told by who owes it."""
    if task.per_mark and (deadline.item in deadline.owed_by or deadline.item.isdigit()):
        return ""
    return case_people.called(procedure, viewer.organisation, deadline.item)
