"""The plan of a month is drawn by a seed: the same day gives the same month."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shouwen.calendars import public_calendar
from shouwen.demo import loading
from shouwen.demo.plan import Beginning, Month
from shouwen.demo.stories import read, read_stories


def beginnings(day: int) -> list[tuple[object, ...]]:
    month = Month(
        organisation=read(loading.FOLDER / "organisation.yaml"),
        plan=read(loading.FOLDER / "plan.yaml"),
        stories={story.name: story for story in read_stories(loading.FOLDER / "stories")},
        calendar=public_calendar(),
        until=datetime(2026, 11, day, 15, 26, tzinfo=ZoneInfo("Asia/Shanghai")),
    )
    return [_shown(one) for one in month.beginnings()]


def _shown(one: Beginning) -> tuple[object, ...]:
    return one.at, one.desk, one.telling.story.name, tuple(sorted(one.telling.words.items()))


def test_the_same_day_gives_the_same_month_and_another_day_another() -> None:
    assert beginnings(26) == beginnings(26)
    assert beginnings(26) != beginnings(27)


def test_every_story_is_drawn_or_placed_and_nothing_begins_later_than_now() -> None:
    found = beginnings(26)

    told = {name for _, _, name, _ in found}
    assert {story.name for story in read_stories(loading.FOLDER / "stories") if not story.follows} == told
    assert all(str(at) <= "2026-11-26 15:26" for at, *_ in found)
