"""Working time: public holidays, office hours, spans, deadlines and their proofs."""

from shouwen.core.calendar.edition import Calendar, Edition, day_kind, is_workday
from shouwen.core.calendar.every import Every, every_text, every_words, occasions, parse_every, periods
from shouwen.core.calendar.grammar import parse_clock, parse_span
from shouwen.core.calendar.moved import moved
from shouwen.core.calendar.notation import clock_text, span_text
from shouwen.core.calendar.past import PERIODS, period_before
from shouwen.core.calendar.pattern import Daily, Monthly, MonthlyWorkday, OnWorkdays, Pattern, Quarterly, Weekly, Yearly
from shouwen.core.calendar.pauses import Interval
from shouwen.core.calendar.proof import Line, Proof, prove
from shouwen.core.calendar.reckon import Due, before, due, work_minutes_between, workdays_between
from shouwen.core.calendar.span import Days, Elapsed, Months, Point, Span, Workdays, WorkTime
from shouwen.core.calendar.timeline import END_OF_DAY, is_late, minute
from shouwen.core.calendar.words import span_words

__all__ = [
    "END_OF_DAY",
    "PERIODS",
    "Calendar",
    "Daily",
    "Days",
    "Due",
    "Edition",
    "Elapsed",
    "Every",
    "Interval",
    "Line",
    "Monthly",
    "MonthlyWorkday",
    "Months",
    "OnWorkdays",
    "Pattern",
    "Point",
    "Proof",
    "Quarterly",
    "Span",
    "Weekly",
    "WorkTime",
    "Workdays",
    "Yearly",
    "before",
    "clock_text",
    "day_kind",
    "due",
    "every_text",
    "every_words",
    "is_late",
    "is_workday",
    "minute",
    "moved",
    "occasions",
    "parse_clock",
    "parse_every",
    "parse_span",
    "period_before",
    "periods",
    "prove",
    "span_text",
    "span_words",
    "work_minutes_between",
    "workdays_between",
]
