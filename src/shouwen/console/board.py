"""The board of those who watch over others: what is late and what will be late today, by desk, task and who owes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from shouwen.casework import duties, procedures
from shouwen.casework import lists as found
from shouwen.casework.access import Viewer
from shouwen.casework.duties import Burden
from shouwen.casework.lists import Duty, Filter, Line
from shouwen.console import lists, lists_rows, lists_views
from shouwen.console.lists_rows import Row
from shouwen.core.procedure import Procedure
from shouwen.web import case_people
from shouwen.web.staff import StaffRequest, staff

__all__ = ["Bar", "board"]

#: so many of each kind stand on the board; the rest is a link away
MOST_ROWS = 12
MOST_BARS = 14


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A line of the board: how many tasks are late, how many due today, each leading to the list of their cases."""

    name: str
    late: int
    today: int
    late_href: str
    today_href: str
    share: float = 0.0
    late_share: float = 0.0
    procedure: Procedure | None = None
    clauses: tuple[str, ...] = ()

    @property
    def sum(self) -> int:
        """All of them."""
        return self.late + self.today


@require_safe
@staff
def board(request: StaffRequest) -> HttpResponse:
    """What is late, and what will be today."""
    viewer = request.viewer
    burdens = duties.burdens(viewer)
    late = duties.soonest(viewer, late=True, most=MOST_ROWS)
    today = duties.soonest(viewer, late=False, most=MOST_ROWS)

    def context() -> dict[str, object]:
        return {
            "late": _rows(viewer, late),
            "today": _rows(viewer, today),
            "late_cases": found.count(viewer, Filter(due="late")),
            "tasks_late": sum(one.late for one in burdens),
            "tasks_today": sum(one.today for one in burdens),
            "desks": _by_desk(viewer, burdens),
            "tasks": _by_task(burdens),
            "people": _by_owner(viewer, burdens),
            "section": "board",
        }

    if request.headers.get("HX-Target") == "list":
        return lists.fragment(request, "console/list_board.html", (sorted(map(repr, burdens)), late, today), context)
    return render(request, "console/board.html", {**context(), "side": lists_views.side(viewer, page="board")})


def _rows(viewer: Viewer, tasks: Iterable[tuple[Line, Duty]]) -> list[Row]:
    """Tasks, each with its case."""
    return [lists_rows.row(viewer, line, (duty,)) for line, duty in tasks]


def _by_desk(viewer: Viewer, burdens: Iterable[Burden]) -> list[Bar]:
    units = viewer.organisation.units

    def bar(desk: str, late: int, today: int) -> Bar:
        conditions = {"desk": desk} if desk else {}
        return _bar(units[desk].name if desk in units else viewer.organisation.name, late, today, conditions)

    return _bars(burdens, lambda one: (one.desk,), bar)


def _by_task(burdens: Iterable[Burden]) -> list[Bar]:
    laws = {law.procedure.id: law.procedure for law in procedures.all_current()}

    def bar(procedure: str, task: str, late: int, today: int) -> Bar:
        law = laws.get(procedure)
        rule = law.tasks.get(task) if law else None
        return _bar(
            rule.name if rule else task,
            late,
            today,
            {"procedure": procedure, "task": task},
            law,
            rule.clauses[:1] if rule else (),
        )

    return _bars(burdens, lambda one: (one.procedure, one.task), bar)


def _by_owner(viewer: Viewer, burdens: Iterable[Burden]) -> list[Bar]:
    """By the words that owe: a task that two owe counts with both."""
    each = [(label, one) for one in burdens for label in one.owed_by]
    laws = {law.procedure.id: law.procedure for law in procedures.all_current()}
    sums: dict[tuple[str, str], list[int]] = {}
    for label, one in each:
        kept = sums.setdefault((one.procedure, label), [0, 0])
        kept[0] += one.late
        kept[1] += one.today

    def name(procedure: str, label: str) -> str:
        law = laws.get(procedure)
        return case_people.called(law, viewer.organisation, label) if law else label

    bars = [
        _bar(name(procedure, label), late, today, {"procedure": procedure, "owes": label})
        for (procedure, label), (late, today) in sums.items()
    ]
    return _scaled(bars)


def _bars(burdens: Iterable[Burden], key: Callable[[Burden], tuple[str, ...]], bar: Callable[..., Bar]) -> list[Bar]:
    sums: dict[tuple[str, ...], list[int]] = {}
    for one in burdens:
        kept = sums.setdefault(key(one), [0, 0])
        kept[0] += one.late
        kept[1] += one.today
    return _scaled([bar(*of, late, today) for of, (late, today) in sums.items()])


def _bar(
    name: str,
    late: int,
    today: int,
    conditions: dict[str, str],
    procedure: Procedure | None = None,
    clauses: tuple[str, ...] = (),
) -> Bar:
    return Bar(
        name=name,
        late=late,
        today=today,
        late_href=f"{reverse('cases')}?{urlencode({**conditions, 'due': 'late', 'state': 'all'})}",
        today_href=f"{reverse('cases')}?{urlencode({**conditions, 'due': 'today', 'state': 'all'})}",
        procedure=procedure,
        clauses=clauses,
    )


def _scaled(bars: list[Bar]) -> list[Bar]:
    """The heaviest first, each with its length beside the longest."""
    bars = sorted(bars, key=lambda one: (-one.late, -one.today, one.name))[:MOST_BARS]
    most = max((one.sum for one in bars), default=0) or 1
    return [_with_share(one, most) for one in bars]


def _with_share(one: Bar, most: int) -> Bar:
    share = one.sum / most
    return Bar(**{**one.__dict__, "share": share, "late_share": one.late / most})
