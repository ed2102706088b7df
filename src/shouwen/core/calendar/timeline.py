"""The time line: moments as whole minutes, and back."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from shouwen.core.phrase import phrase

DAY: Final = 24 * 60
"""Minutes of a day."""

END_OF_DAY: Final = time.max
"""24:00, the midnight that ends a day; `time(0, 0)` is the one that begins it."""

_MINUTE: Final = timedelta(minutes=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def minute(moment: datetime) -> datetime:
    """The moment cut to its minute, in its own zone."""
    return aware(moment).replace(second=0, microsecond=0)


def is_late(done: datetime, due: datetime) -> bool:
    """An act in the minute of the deadline is in time, one minute later it is late."""
    return instant(done) > instant(due)


def aware(moment: datetime) -> datetime:
    """The moment itself; ValueError if it has no zone."""
    if moment.utcoffset() is None:
        raise ValueError(phrase("时刻 {moment} 没有时区：请给出带时区的时刻", moment=moment.isoformat(sep=" ")))
    return moment


def instant(moment: datetime) -> int:
    """Minutes since 1970 in UTC: the line on which elapsed time runs."""
    return (aware(moment) - _EPOCH) // _MINUTE


def at_instant(minutes: int, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(0, minutes * 60)).astimezone(zone)


def local(moment: datetime, zone: tzinfo) -> int:
    """Minutes on the zone's wall clock: day ordinal × 1440 + minute of the day."""
    if moment.tzinfo is not zone:
        moment = aware(moment).astimezone(zone)
    return moment.toordinal() * DAY + moment.hour * 60 + moment.minute


def at_local(minutes: int, zone: tzinfo) -> datetime:
    day, clock = divmod(minutes, DAY)
    return datetime(1, 1, 1, 0, 0, 0, 0, zone) + timedelta(day - 1, clock * 60)


def clock_minutes(clock: time) -> int:
    """Minutes of the day, 0 to 1440; ValueError unless it is a whole minute."""
    if not clock.second and not clock.microsecond:
        return clock.hour * 60 + clock.minute
    if clock == END_OF_DAY:
        return DAY
    raise ValueError(phrase("时刻 {moment} 带有秒：请写到整分钟", moment=clock.isoformat()))


def ending_day(minutes: int) -> int:
    """The day (ordinal) that a local moment closes: 00:00 is the 24:00 of the day before."""
    return (minutes - 1) // DAY
