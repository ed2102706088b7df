"""What holds for every start, span, pause and calendar, tried at random against the walking oracle."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from shouwen.core.calendar import (
    END_OF_DAY,
    Calendar,
    Daily,
    Days,
    Edition,
    Elapsed,
    Interval,
    Monthly,
    MonthlyWorkday,
    Months,
    OnWorkdays,
    Pattern,
    Point,
    Quarterly,
    Span,
    Weekly,
    Workdays,
    WorkTime,
    Yearly,
    before,
    due,
    every_text,
    is_workday,
    minute,
    parse_every,
    parse_span,
    periods,
    prove,
    span_text,
    work_minutes_between,
    workdays_between,
)
from tests.core.calendar import oracle
from tests.core.calendar.builders import STANDARD

fewer = settings(max_examples=settings().max_examples // 4)
"""A quarter of the profile's examples."""

FIRST, LAST = date(2025, 12, 1), date(2027, 1, 31)
days = some.dates(FIRST, LAST)
clocks = some.builds(time, some.integers(0, 23), some.sampled_from([0, 1, 29, 30, 59]))
ends = some.one_of(clocks.filter(lambda clock: clock != time(0)), some.just(END_OF_DAY))
hours = some.lists(some.integers(0, 96), min_size=2, max_size=6, unique=True).map(
    lambda edges: tuple(
        (_clock(begin * 15), _clock(end * 15))
        for begin, end in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)
    )
)


@some.composite
def editions(draw: some.DrawFn) -> Edition:
    free = [FIRST + timedelta(days=offset) for offset in draw(some.sets(some.integers(0, 426), max_size=12))]
    made_up = {day for day in free if day.weekday() > 4}
    return Edition(
        "编造", "测试", 2026, 2026, {day: "节" for day in free if day not in made_up}, dict.fromkeys(made_up, "节")
    )


@some.composite
def calendars(draw: some.DrawFn) -> Calendar:
    own = draw(some.dictionaries(days, some.booleans(), max_size=6))
    return Calendar(
        draw(editions()),
        draw(hours),
        closures={day: "休" for day, opened in own.items() if not opened},
        openings={day: "开" for day, opened in own.items() if opened},
        day_end=draw(some.one_of(some.none(), ends)),
    )


starts = some.builds(
    lambda day, minutes, seconds: (
        datetime.combine(day, time(0), STANDARD.zone) + timedelta(minutes=minutes, seconds=seconds)
    ),
    days,
    some.one_of(some.sampled_from([0, 1, 540, 720, 1080, 1439]), some.integers(0, 1439)),
    some.sampled_from([0, 0, 59]),
)
clocked = some.one_of(clocks, some.just(END_OF_DAY))
patterns: some.SearchStrategy[Pattern] = some.one_of(
    some.builds(Daily, clocked),
    some.builds(OnWorkdays, some.none() | clocked),
    some.builds(Weekly, some.integers(1, 7), clocked),
    some.builds(Monthly, some.integers(1, 31), clocked),
    some.builds(MonthlyWorkday, some.integers(1, 23), some.none() | clocked),
    some.builds(Quarterly, some.integers(1, 92), clocked),
    some.builds(
        lambda day, clock: Yearly(day.month, day.day, clock), some.dates(date(2024, 1, 1), date(2024, 12, 31)), clocked
    ),
)
lengths: some.SearchStrategy[Span] = some.one_of(
    some.builds(Elapsed, some.integers(1, 3000)),
    some.builds(WorkTime, some.integers(1, 3000)),
    some.builds(Workdays, some.integers(1, 25), some.none() | ends),
    some.builds(Days, some.integers(1, 40), ends),
    some.builds(Months, some.integers(1, 14), ends),
)
points: some.SearchStrategy[Point] = some.one_of(
    some.builds(Point, patterns, some.sampled_from([None, 1])),
    some.builds(Point, some.builds(Daily, clocked), some.sampled_from([-1, 0])),
    some.builds(Point, some.builds(OnWorkdays, some.none() | clocked), some.just(-1)),
)
spans: some.SearchStrategy[Span] = lengths | points


@some.composite
def moments_with_pauses(draw: some.DrawFn) -> tuple[datetime, list[Interval]]:
    start = draw(starts)
    pauses: list[Interval] = []
    for _ in range(draw(some.integers(0, 4))):
        begin = start + timedelta(minutes=draw(some.integers(-2000, 6000)))
        begin = draw(some.sampled_from([begin, begin.replace(hour=0, minute=0), begin.replace(hour=18, minute=0)]))
        length = draw(some.one_of(some.integers(0, 3000), some.sampled_from([540, 1440, 2880])))
        forever = draw(some.integers(0, 12)) == 12
        pauses.append((begin, None if forever else begin + timedelta(minutes=length)))
    return start, pauses


@given(calendars(), moments_with_pauses(), spans)
def test_a_deadline_is_where_walking_arrives(
    calendar: Calendar, case: tuple[datetime, list[Interval]], span: Span
) -> None:
    start, pauses = case

    found = due(calendar, start, span, pauses=pauses)

    assert oracle.due(calendar, start, span, pauses) == (found.moment if found else None)


@fewer
@given(calendars(), moments_with_pauses(), spans)
def test_a_proof_ends_where_the_deadline_is_and_counts_what_the_span_says(
    calendar: Calendar, case: tuple[datetime, list[Interval]], span: Span
) -> None:
    start, pauses = case

    proof = prove(calendar, start, span, pauses=pauses)

    found = due(calendar, start, span, pauses=pauses)
    assert (found.moment, found.provisional) == (proof.due, proof.provisional) if found else proof.due is None
    assert proof.lines[-1].until == proof.due
    if found and isinstance(span, Elapsed | WorkTime):
        counted = [
            (line.until - line.since) // timedelta(minutes=1) for line in proof.lines if line.counted and line.until
        ]
        assert span.minutes == proof.lines[-1].running_total == sum(counted)
    if found and isinstance(span, Workdays | Days):
        assert span.count == proof.lines[-1].running_total
    if found and isinstance(span, Workdays):
        assert span.count == sum(line.counted for line in proof.lines)


@fewer
@given(calendars(), moments_with_pauses(), spans.filter(lambda span: not _may_lie_behind(span)), some.integers(0, 5000))
def test_a_later_start_never_falls_due_earlier(
    calendar: Calendar, case: tuple[datetime, list[Interval]], span: Span, later: int
) -> None:
    start, pauses = case

    first = due(calendar, start, span, pauses=pauses)
    second = due(calendar, start + timedelta(minutes=later), span, pauses=pauses)

    assert _or_never(first.moment if first else None) <= _or_never(second.moment if second else None)


@fewer
@given(calendars(), moments_with_pauses(), lengths, some.integers(1, 20))
def test_a_longer_span_never_falls_due_earlier(
    calendar: Calendar, case: tuple[datetime, list[Interval]], span: Span, more: int
) -> None:
    start, pauses = case

    shorter = due(calendar, start, span, pauses=pauses)
    longer = due(calendar, start, _longer(span, more), pauses=pauses)

    assert _or_never(shorter.moment if shorter else None) <= _or_never(longer.moment if longer else None)


@fewer
@given(calendars(), moments_with_pauses(), spans)
def test_pauses_never_make_a_deadline_earlier_nor_undo_a_miss(
    calendar: Calendar, case: tuple[datetime, list[Interval]], span: Span
) -> None:
    start, pauses = case

    unpaused = due(calendar, start, span)
    paused = due(calendar, start, span, pauses=pauses)

    assert unpaused is not None
    assert unpaused.moment <= _or_never(paused.moment if paused else None)
    assert unpaused == due(calendar, start, span, pauses=[pause for pause in pauses if pause[0] > unpaused.moment])


@fewer
@given(calendars(), moments_with_pauses(), spans)
def test_pauses_are_a_union_whatever_their_order_and_cuts(
    calendar: Calendar, case: tuple[datetime, list[Interval]], span: Span
) -> None:
    start, pauses = case

    assert due(calendar, start, span, pauses=pauses) == due(calendar, start, span, pauses=_halved(pauses[::-1]))


@fewer
@given(calendars(), starts, spans)
def test_counting_back_is_where_walking_back_arrives(calendar: Calendar, event: datetime, span: Span) -> None:
    assert oracle.before(calendar, event, span) == before(calendar, event, span).moment


@fewer
@given(calendars(), starts, some.integers(1, 3000))
def test_work_time_between_start_and_deadline_is_the_span(calendar: Calendar, start: datetime, minutes: int) -> None:
    found = due(calendar, start, WorkTime(minutes))

    assert found is not None
    assert minutes == work_minutes_between(calendar, start, found.moment)
    assert minutes == oracle.work_minutes(calendar, start, found.moment)


@fewer
@given(calendars(), starts, some.integers(1, 30))
def test_working_days_between_start_and_deadline_are_the_span(calendar: Calendar, start: datetime, count: int) -> None:
    found = due(calendar, start, Workdays(count))

    assert found is not None
    assert count == workdays_between(calendar, start, found.moment)
    assert count - 1 == workdays_between(calendar, start, found.moment - timedelta(minutes=1))


@fewer
@given(calendars(), starts, some.integers(0, 120), patterns)
def test_periods_are_the_days_on_which_the_pattern_falls(
    calendar: Calendar, after: datetime, length: int, pattern: Pattern
) -> None:
    until = after + timedelta(days=length)

    assert oracle.periods(calendar, pattern, after, until) == list(periods(calendar, pattern, after, until))


@fewer
@given(calendars(), starts, some.integers(0, 9000), lengths)
def test_a_repeated_span_returns_in_order_within_its_bounds(
    calendar: Calendar, after: datetime, length: int, span: Elapsed | WorkTime | Workdays | Days | Months
) -> None:
    until = after + timedelta(minutes=length)

    found = list(periods(calendar, span, after, until))

    assert found == sorted(found)
    assert all(minute(after) < moment <= until for moment in found)


@given(spans)
def test_a_printed_span_is_read_back(span: Span) -> None:
    assert span == parse_span(span_text(span))


@given(patterns)
def test_a_printed_period_is_read_back(pattern: Pattern) -> None:
    assert pattern == parse_every(every_text(pattern))


@fewer
@given(calendars(), starts, spans)
def test_a_start_in_another_zone_is_the_same_start(calendar: Calendar, start: datetime, span: Span) -> None:
    assert due(calendar, start, span) == due(calendar, start.astimezone(UTC), span)


@fewer
@given(calendars(), starts, spans)
def test_a_deadline_is_provisional_just_when_unpublished_days_could_move_it(
    calendar: Calendar, start: datetime, span: Span
) -> None:
    found = due(calendar, start, span)
    depends = isinstance(span, WorkTime | Workdays) or (
        isinstance(span, Point) and isinstance(span.pattern, OnWorkdays | MonthlyWorkday)
    )

    assert found is not None
    if not depends or (start.year == 2026 and found.moment < datetime(2027, 1, 1, tzinfo=calendar.zone)):
        assert found.provisional == (depends and found.moment.year < 2026)
    if depends and found.moment > datetime(2027, 1, 2, tzinfo=calendar.zone):
        assert found.provisional


@fewer
@given(calendars(), days)
def test_a_working_day_is_what_the_published_lists_and_the_own_days_say(calendar: Calendar, day: date) -> None:
    assert oracle.is_workday(calendar, day) == is_workday(calendar, day)


def _clock(minutes: int) -> time:
    return END_OF_DAY if minutes == 1440 else time(minutes // 60, minutes % 60)


def _longer(span: Span, more: int) -> Span:
    match span:
        case Elapsed(minutes):
            return Elapsed(minutes + more)
        case WorkTime(minutes):
            return WorkTime(minutes + more)
        case Workdays(count, end):
            return Workdays(count + more, end)
        case Days(count, end):
            return Days(count + more, end)
        case Months(count, end):
            return Months(count + more, end)
        case Point():
            return span


def _halved(pauses: Sequence[Interval]) -> list[Interval]:
    cut: list[Interval] = []
    for begin, end in pauses:
        middle = begin + (end - begin) / 2 if end else begin + timedelta(days=1)
        cut += [(middle, end), (begin, middle)]
    return cut


def _may_lie_behind(span: Span) -> bool:
    """A moment of the same or the day before may be past as its clock starts; no pause reaches it then."""
    return isinstance(span, Point) and span.shift in (0, -1)


def _or_never(moment: datetime | None) -> datetime:
    return moment or datetime.max.replace(tzinfo=UTC)
