"""How long one addition takes: microseconds per kind of span, and as a multiple of a plain datetime + timedelta.

Run from the root of the project: python bench/working_time.py
"""

from datetime import datetime, timedelta
from timeit import repeat

from shouwen.calendars import public_calendar
from shouwen.core.calendar import Interval, Span, due, parse_span, prove

TIMES, ROUNDS = 20_000, 7
KINDS = (
    "24 h",
    "4 work hours",
    "2 workdays",
    "20 workdays end 24:00",
    "7 days",
    "3 months",
    "next workday 08:00",
    "18:00",
    "month end",
    "month workday 5 18:00",
    "year 12-31 18:00",
)


def main() -> None:
    calendar = public_calendar()
    start = datetime(2026, 9, 29, 17, 2, tzinfo=calendar.zone)
    pauses: list[Interval] = [(start + timedelta(hours=1), start + timedelta(hours=30))]
    length = timedelta(hours=24)
    plain = min(repeat(lambda: start + length, number=TIMES, repeat=ROUNDS)) / TIMES
    print(f"{'datetime + timedelta':<28}{plain * 1e6:>8.2f} µs")
    for text in KINDS:
        span = parse_span(text)
        report(text, measured(start, span, []), plain)
        report(f"{text}, one pause", measured(start, span, pauses), plain)
    proof = min(repeat(lambda: prove(calendar, start, parse_span("7 workdays")), number=1000, repeat=3)) / 1000
    report("proof of 7 workdays", proof, plain)


def measured(start: datetime, span: Span, pauses: list[Interval]) -> float:
    """Seconds for one deadline, the best of several rounds."""
    calendar = public_calendar()
    return min(repeat(lambda: due(calendar, start, span, pauses=pauses), number=TIMES, repeat=ROUNDS)) / TIMES


def report(what: str, seconds: float, plain: float) -> None:
    print(f"{what:<34}{seconds * 1e6:>8.2f} µs{seconds / plain:>8.1f} ×")


if __name__ == "__main__":
    main()
