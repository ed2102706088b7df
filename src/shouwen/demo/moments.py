"""Moments as stories write them: relative to the step before, to the day of the opening, or to working days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from shouwen.core.calendar import Calendar, is_workday, parse_clock

__all__ = ["NotUnderstood", "Reckoning"]

_AFTER = re.compile(r"([+-])(\d+)(?:\.\.(\d+))? (min|h|days)(?: (open|awake))?")
_POINT = re.compile(r"(day|workday|next day|next workday)([+-]\d+)? (\d\d:\d\d)(?:\.\.(\d\d:\d\d))?")
_CLOCKS = re.compile(r"next (\d\d:\d\d(?:\|\d\d:\d\d)+) \+(\d+)(?:\.\.(\d+))? min")
#: nobody rings an owner's bell before or after
UP, DOWN = time(8), time(20, 30)
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "days": timedelta(days=1)}


class NotUnderstood(ValueError):
    """A moment that nobody can read; the message shows it and how to write one."""


@dataclass(frozen=True)
class Reckoning:
    """How the moments of one case are counted: by which calendar, from which opening, with which chance."""

    calendar: Calendar
    opened: datetime
    chance: Random

    def moment(self, text: str, before: datetime) -> datetime:
        """The moment of a text, `before` being the step before:

        `+20 min`, `+20..40 min`, `-2 h`; with ` open`: not before the next opening if that falls into closed hours;
        with ` awake`: not at night (backwards: the nights, with ` open` closed hours, are not counted);
        `day+1 10:00`, `workday+2 09:30..11:00`: that many days (working days) from the opening's day;
        `next day 10:00`, `next workday 10:00`: from the step before;
        `next 08:00|14:00 +5..20 min`: so long after whichever of these clock times comes first after the step before.
        """
        if found := _AFTER.fullmatch(text):
            sign, least, most, unit, hours = found.groups()
            # A range is drawn to the minute, whatever its unit.
            span = self._between(_UNITS[unit] * int(least), _UNITS[unit] * int(most or least))
            if sign == "-":
                if hours == "open":
                    return self._open_before(before, span)
                return self._awake_before(before, span) if hours else before - span
            moment = before + span
            return self._opening(moment) if hours == "open" else self._awake(moment) if hours else moment
        if found := _POINT.fullmatch(text):
            kind, count, least, most = found.groups()
            start = before if kind.startswith("next") else self.opened
            days = int(count or 1) if kind.startswith("next") else int(count or 0)
            day = self._workday(start.date(), days) if kind.endswith("workday") else start.date() + timedelta(days=days)
            begin, end = self._at(day, parse_clock(least)), self._at(day, parse_clock(most or least))
            return begin + self._between(timedelta(), end - begin)
        if found := _CLOCKS.fullmatch(text):
            clocks, least, most = found.groups()
            times = [parse_clock(one) for one in clocks.split("|")]
            near = (before.date(), before.date() + timedelta(days=1))
            start = min(at for date_ in near for one in times if (at := self._at(date_, one)) > before)
            return start + self._between(*(timedelta(minutes=int(one)) for one in (least, most or least)))
        raise NotUnderstood(f"时刻“{text}”看不懂：写作 +20 min、+1..2 h open、day+1 10:00 或 next workday 09:30..11:00")

    def _between(self, least: timedelta, most: timedelta) -> timedelta:
        minutes = (int(span / timedelta(minutes=1)) for span in (least, most))
        return timedelta(minutes=self.chance.randint(*minutes))

    def _opening(self, moment: datetime) -> datetime:
        """The moment itself in open hours, else a little after the next opening."""
        begin, end = self.calendar.hours[0][0], self.calendar.hours[-1][1]
        if is_workday(self.calendar, moment.date()) and begin <= moment.time() <= end:
            return moment
        early = is_workday(self.calendar, moment.date()) and moment.time() < begin
        day = moment.date() if early else self._workday(moment.date(), 1)
        return self._at(day, begin) + self._between(timedelta(minutes=3), timedelta(minutes=45))

    def _awake(self, moment: datetime) -> datetime:
        """The moment itself by day, else a little after people get up."""
        if UP <= moment.time() <= DOWN:
            return moment
        day = moment.date() + timedelta(days=moment.time() > DOWN)
        return self._at(day, UP) + self._between(timedelta(minutes=10), timedelta(minutes=50))

    def _awake_before(self, moment: datetime, span: timedelta) -> datetime:
        """So much waking time before a moment."""
        while True:
            up = self._at(moment.date(), UP)
            moment = min(moment, self._at(moment.date(), DOWN))
            if moment - span >= up:
                return moment - span
            span -= max(moment - up, timedelta())
            moment = up - timedelta(hours=9)

    def _open_before(self, moment: datetime, span: timedelta) -> datetime:
        """So much open time before a moment."""
        begin, end = self.calendar.hours[0][0], self.calendar.hours[-1][1]
        while True:
            day = moment.date()
            opened, last = self._at(day, begin), min(moment, self._at(day, end))
            if is_workday(self.calendar, day) and last > opened:
                if last - span >= opened:
                    return last - span
                span -= last - opened
            moment = self._at(day, time()) - timedelta(minutes=1)

    def _workday(self, day: date, count: int) -> date:
        """The count-th working day after (before) a day; the day itself, or the next worked one, for 0."""
        step = timedelta(days=1 if count >= 0 else -1)
        while count == 0 and not is_workday(self.calendar, day):
            day += step
        for _ in range(abs(count)):
            day += step
            while not is_workday(self.calendar, day):
                day += step
        return day

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.calendar.zone)
