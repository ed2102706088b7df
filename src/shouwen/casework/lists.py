"""Lists of the cases that somebody may see: by conditions, sorted, a page at a time, and how many of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from shouwen.casework import access, projections, sealing
from shouwen.casework.access import Viewer
from shouwen.core import calendar, values
from shouwen.core.calendar.edition import SHANGHAI
from shouwen.store import models as rows

__all__ = [
    "ME",
    "SORTS",
    "Duty",
    "Filter",
    "Line",
    "Page",
    "Tally",
    "asked_over",
    "count",
    "every",
    "first_duties",
    "grouped",
    "is_late",
    "lines",
    "mine",
    "of_phone",
    "page",
    "tallies",
    "today_ends",
]

#: shorter words may be a number of a house as well
SHORTEST_PHONE = 7
#: who is meant by "me" in a filter
ME = "me"
#: so many are counted; beyond that a list says "more than"
MOST_COUNTED = 2_000
#: so many of those that say a word, which may be far apart
MOST_SAYING = 400
#: a word that more cases say than this is looked for from the newest on, not in the index of words
RARE = 2_000
#: what a list may be sorted by; a minus in front turns it round
SORTS: Mapping[str, tuple[str, ...]] = {"due": ("due_at",), "opened": ("opened_at",), "number": ("number",)}

_COLUMNS = (
    "case_id",
    "number",
    "version",
    "procedure",
    "law",
    "flow",
    "unit",
    "step",
    "title",
    "customer",
    "columns",
    "first_contact",
    "answers",
    "asked_of",
    "opened_at",
    "closed_at",
    "changed_at",
    "due_at",
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A case as lists show it."""

    case_id: UUID
    number: str
    version: int
    procedure: str
    law: int
    flow: str
    unit: str
    step: str
    title: str
    customer: Mapping[str, str]
    columns: Mapping[str, object]
    first_contact: str
    answers: str
    asked_of: str
    opened_at: datetime
    closed_at: datetime | None
    changed_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Duty:
    """An open task of a case."""

    case_id: UUID
    task: str
    item: str
    owed_by: tuple[str, ...]
    since: datetime
    due: datetime | None
    provisional: bool
    missed: datetime | None


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which cases a list shows; an empty condition asks nothing. `state`: open, closed or '' (both); `due`: late or
    today; `answers`, `first`, `asked`: a person's code, or `ME`; `task` and `owes` (a label) are of one open task, and
    `due` is then its own; `columns`: exported column → value; `words` all stand somewhere in number, title, customer.
    """

    state: str = ""
    due: str = ""
    procedure: str = ""
    flow: str = ""
    step: str = ""
    desk: str = ""
    answers: str = ""
    first: str = ""
    asked: str = ""
    task: str = ""
    owes: str = ""
    since: date | None = None
    until: date | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list. `total` stops at `MOST_COUNTED`, with words at `MOST_SAYING`; `more` then says that there are
    others."""

    lines: tuple[Line, ...]
    total: int
    more: bool
    number: int
    size: int

    @property
    def start(self) -> int:
        """The place of its first line, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def end(self) -> int:
        """The place of its last line."""
        return self.start + len(self.lines) - 1

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many open cases stand in a step: all, late, due today; those for which the viewer answers, those he took
    in, those that he is asked to take over."""

    procedure: str
    flow: str
    step: str
    open: int
    late: int
    today: int
    answers: int
    first: int


def page(viewer: Viewer, asked: Filter, *, sort: str, number: int = 1, size: int = 50) -> Page:
    """A page of the cases that fit; past the last page: the last one."""
    number = max(1, number)
    most = MOST_SAYING if asked.words else MOST_COUNTED
    found = _sorted(_found(viewer, asked), sort).values_list("case_id", flat=True)[: most + 1]
    count, ids = _counted(found, number, size)
    total = min(count, most)
    last = max(1, -(-total // size))
    if number > last:
        number = last
        _, ids = _counted(found, number, size)
    shown = ids[: total - (number - 1) * size]
    return Page(lines=lines(shown), total=total, more=count > most, number=number, size=size)


def _counted(found: QuerySet[rows.Case, UUID], number: int, size: int) -> tuple[int, list[UUID]]:
    """How many there are, and the ids of one page: one walk over an index, or one search, gives both."""
    try:
        statement, given = found.query.sql_with_params()
    except EmptyResultSet:
        return 0, []
    first = (number - 1) * size + 1
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), (array_agg(case_id))[%s:%s] FROM ({statement}) found", (first, first + size - 1, *given)
        )
        count, ids = cursor.fetchone()
    return count, ids or []


def every(viewer: Viewer, asked: Filter, *, sort: str, most: int) -> Iterator[Line]:
    """All cases that fit, in order, at most so many: for taking them along."""
    found = _sorted(_found(viewer, asked), sort)[:most]
    for row in found.values_list(*_COLUMNS).iterator(chunk_size=1000):
        yield _line(row)


def count(viewer: Viewer, asked: Filter, most: int = MOST_COUNTED) -> int:
    """How many cases fit; no further than `most`."""
    return _found(viewer, asked).order_by()[:most].count()


def lines(ids: Iterable[UUID]) -> tuple[Line, ...]:
    """These cases, in this order. Whoever asks has found the ids among those that may be seen."""
    wanted = list(ids)
    found = {row[0]: _line(row) for row in rows.Case.objects.filter(case_id__in=wanted).values_list(*_COLUMNS)}
    return tuple(found[one] for one in wanted if one in found)


def first_duties(ids: Iterable[UUID]) -> dict[UUID, tuple[Duty, int]]:
    """The most urgent open task of each of these cases, and how many others there are."""
    order = (F("due_at").asc(nulls_last=True), "since_at", "task", "item")
    tasks = (
        rows.Task.objects.filter(case_id__in=list(ids), state="open")
        .annotate(
            place=Window(RowNumber(), partition_by="case_id", order_by=order),
            count=Window(Count("*"), partition_by="case_id"),
        )
        .filter(place=1)
        .values_list("case_id", "task", "item", "owed_by", "since_at", "due_at", "provisional", "missed_at", "count")
    )
    return {
        case_id: (
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
            count - 1,
        )
        for case_id, task, item, owed_by, since, due, provisional, missed, count in tasks
    }


def tallies(viewer: Viewer) -> tuple[Tally, ...]:
    """How the open cases that he may see are spread over the steps: one pass over an index."""
    late, today = _late(viewer.at), Q(due_at__lte=today_ends(viewer.at))
    found = (
        access.cases(viewer)
        .filter(closed_at=None)
        .order_by()
        .values("procedure", "flow", "step")
        .annotate(
            open=Count("case_id"),
            late=Count("case_id", filter=late),
            today=Count("case_id", filter=today & ~late),
            mine=Count("case_id", filter=mine(viewer)),
            first=Count("case_id", filter=Q(first_contact=viewer.code)),
        )
    )
    return tuple(
        Tally(
            procedure=row["procedure"],
            flow=row["flow"],
            step=row["step"],
            open=row["open"],
            late=row["late"],
            today=row["today"],
            answers=row["mine"],
            first=row["first"],
        )
        for row in found
    )


def asked_over(viewer: Viewer) -> int:
    """How many cases he is asked to take over."""
    return access.cases(viewer).filter(asked_of=viewer.code).order_by().count()


def mine(viewer: Viewer) -> Q:
    """Cases for which he answers, himself or by a role."""
    found = Q(answers=viewer.code)
    for (procedure, words), desks in grouped(viewer).items():
        found |= Q(procedure=procedure, unit__in=desks, answers__in=sorted(words - {viewer.code}))
    return found


def grouped(viewer: Viewer) -> dict[tuple[str, frozenset[str]], list[str]]:
    """(procedure, words by which he is meant there) → the desks where that is so."""
    found: dict[tuple[str, frozenset[str]], list[str]] = {}
    for (procedure, desk), words in viewer.labels.items():
        found.setdefault((procedure, words), []).append(desk)
    return found


def of_phone(text: str) -> Q | None:
    """Cases of whoever has this telephone number, and those where it was corrected to this one; None if it is none."""
    try:
        number = str(values.read("phone", text, SHANGHAI))
    except values.Unreadable:
        return None
    subject = rows.Subject.objects.filter(phone_digest=sealing.phone_digest(number)).values_list("subject_id").first()
    if len(number) < SHORTEST_PHONE:
        return Q(subject_id=subject[0]) if subject else None
    written = _holds(number[-projections.SHOWN_DIGITS :]) & Q(customer__phone=number)
    return written | Q(subject_id=subject[0]) if subject else written


def today_ends(at: datetime) -> datetime:
    """The midnight with which the day ends; a limit at 24:00 is still of that day."""
    here = at.astimezone(SHANGHAI)
    return datetime.combine(here.date() + timedelta(days=1), time(), SHANGHAI)


def is_late(due: datetime | None, at: datetime) -> bool:
    """Whether a limit has passed."""
    return due is not None and calendar.is_late(at, due)


def _found(viewer: Viewer, asked: Filter) -> QuerySet[rows.Case]:
    found = access.cases(viewer)
    exact = {
        "procedure": asked.procedure,
        "flow": asked.flow,
        "step": asked.step,
        "unit": asked.desk,
        "first_contact": viewer.code if asked.first == ME else asked.first,
        "asked_of": viewer.code if asked.asked == ME else asked.asked,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if asked.state:
        found = found.filter(closed_at__isnull=asked.state == "open")
    if asked.answers:
        found = found.filter(mine(viewer) if asked.answers == ME else Q(answers=asked.answers))
    if asked.since:
        found = found.filter(opened_at__gte=_begins(asked.since))
    if asked.until:
        found = found.filter(opened_at__lt=_begins(asked.until + timedelta(days=1)))
    if asked.columns:
        found = found.filter(columns__contains=dict(asked.columns))
    for word in asked.words.split():
        found = found.filter(of_phone(word) or _said(word))
    return _due(found, viewer.at, asked)


def _due(found: QuerySet[rows.Case], at: datetime, asked: Filter) -> QuerySet[rows.Case]:
    """Conditions on what is due: of one task, if a task or who owes it is asked for, else of the case."""
    when = {"late": _late(at), "today": Q(due_at__lte=today_ends(at)) & ~_late(at)}.get(asked.due, Q())
    if not asked.task and not asked.owes:
        return found.filter(when)
    task = rows.Task.objects.filter(when, case_id=OuterRef("case_id"), state="open")
    if asked.task:
        task = task.filter(task=asked.task)
    if asked.owes:
        task = task.filter(owed_by__contains=[asked.owes])
    return found.filter(Exists(task))


def _late(at: datetime) -> Q:
    return Q(due_at__lt=at.replace(second=0, microsecond=0))


def _said(word: str) -> Q:
    """Numbers and names are found however their letters were typed."""
    found = Q()
    for written in dict.fromkeys((word, word.upper(), word.lower())):
        found |= _holds(written)
    return found


def _holds(text: str) -> Q:
    """The index knows which cases hold each pair of characters; whether they stand together is seen in the row. What is
    in many cases is in many of the newest too: they are looked through in order, and soon fill a page."""
    pairs = projections.pairs(text)
    if not pairs:
        return Q(search__contains=text)
    few = list(rows.CaseWords.objects.filter(pairs__contains=pairs).values_list("case_id", flat=True)[: RARE + 1])
    return Q(search__contains=text) if len(few) > RARE else Q(search__contains=text, case_id__in=few)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _sorted(found: QuerySet[rows.Case], sort: str) -> QuerySet[rows.Case]:
    """In a stable order: what is equal goes by id, which grows with time."""
    (name,) = SORTS.get(sort.removeprefix("-"), SORTS["due"])
    # Only a limit may be missing; for the others nothing is said of nulls, so that their index gives the order.
    if not sort.startswith("-"):
        return found.order_by(F(name).asc(), "case_id")
    return found.order_by(F(name).desc(nulls_last=True if name == "due_at" else None), "case_id")


def _line(row: tuple[object, ...]) -> Line:
    return Line(**dict(zip(_COLUMNS, row, strict=True)))  # type: ignore[arg-type]  # the columns are the fields
