"""What a new edition of the calendar does to one deadline."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from shouwen.core.calendar import reckon
from shouwen.core.calendar.edition import Calendar, day_kind
from shouwen.core.calendar.pauses import Interval
from shouwen.core.calendar.reckon import Due
from shouwen.core.calendar.span import Span
from shouwen.core.phrase import joined, phrase

_SHOWN = 3


def moved(
    old: Calendar, new: Calendar, start: datetime, span: Span, pauses: Sequence[Interval] = ()
) -> tuple[Due | None, Due | None, str]:
    """The deadline on the old calendar, on the new one, and a Chinese sentence that says why it moved or stayed."""
    was, now = (reckon.due(calendar, start, span, pauses=pauses) for calendar in (old, new))
    return was, now, _reason(old, new, start, was, now)


def _reason(old: Calendar, new: Calendar, start: datetime, was: Due | None, now: Due | None) -> str:
    if was is None or now is None:
        return phrase("按“{name}”重算：时限仍在暂停，尚无到期时刻。", name=new.edition.name)
    settled = phrase("，不再是暂定") if was.provisional and not now.provisional else ""
    if was.moment == now.moment:
        return phrase(
            "按“{name}”重算：期限不变，仍为{moment}{settled}。",
            name=new.edition.name,
            moment=_moment(now.moment),
            settled=settled,
        )
    first, last = start.astimezone(new.zone).date(), max(was.moment, now.moment).date()
    changes = joined(islice(_changes(old, new, first, last), _SHOWN)) or phrase("办公时间或工作日止点变了")
    return phrase(
        "按“{name}”重算：期限由{moment}改为{moment2}{settled}；{changes}。",
        name=new.edition.name,
        moment=_moment(was.moment),
        moment2=_moment(now.moment),
        settled=settled,
        changes=changes,
    )


def _changes(old: Calendar, new: Calendar, first: date, last: date) -> Iterator[str]:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        (was, why), (now, why_now) = day_kind(old, day), day_kind(new, day)
        if was != now:
            yield phrase(
                "{month}月{day}日由“{why}”改为“{why_now}”", month=day.month, day=day.day, why=why, why_now=why_now
            )


def _moment(moment: datetime) -> str:
    return phrase(
        "{year}年{month}月{day}日{moment}",
        year=moment.year,
        month=moment.month,
        day=moment.day,
        moment=format(moment, "%H:%M"),
    )
