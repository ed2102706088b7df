"""The public Chinese calendar, taken from the kept library `chinese_calendar` into an edition."""

from functools import cache
from importlib.metadata import version

from chinese_calendar.constants import Holiday, holidays, workdays

from shouwen.core.calendar import Calendar, Edition


@cache
def public_edition() -> Edition:
    """Holidays and make-up working days as the State Council published them, in the library's version at hand."""
    names = {holiday.value: holiday.chinese for holiday in Holiday}
    release = version("chinese_calendar")
    first, last = min(holidays).year, max(holidays).year
    return Edition(
        name=f"国务院放假安排 {first}–{last}（chinese_calendar {release}）",  # zh: kept with each case
        source=(
            f"国务院办公厅历年节假日安排通知，经 chinese_calendar {release}"  # zh: the same
            "（https://github.com/LKI/chinese-calendar，MIT）"  # zh: the same
        ),
        first_year=first,
        last_year=last,
        holidays={day: names[name] for day, name in holidays.items()},
        makeup_days={day: names[name] for day, name in workdays.items()},
    )


@cache
def public_calendar() -> Calendar:
    """The public edition with office hours 09:00 to 18:00 and no days of one's own."""
    return Calendar(public_edition())
