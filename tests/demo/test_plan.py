"""The plan of a month is drawn by a seed: the same day gives the same month."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shouwen.calendars import public_calendar
from shouwen.demo.houses import Chapter, House, group
from shouwen.demo.plan import Beginning, Month, homes

WHOLE = group()
CHAPTERS = [(house, chapter) for house in WHOLE.houses for chapter in house.chapters]
NAMES = WHOLE.organisation["names"]


def beginnings(house: House, chapter: Chapter, day: int) -> list[tuple[object, ...]]:
    assert isinstance(NAMES, dict)
    month = Month(
        house=house,
        chapter=chapter,
        homes=homes(house, NAMES, f"{day}"),
        calendar=public_calendar(),
        until=datetime(2026, 11, day, 15, 26, tzinfo=ZoneInfo("Asia/Shanghai")),
    )
    return [_shown(one) for one in month.beginnings()]


def _shown(one: Beginning) -> tuple[object, ...]:
    return one.at, one.site, one.telling.story.name, tuple(sorted(one.telling.words.items()))


def test_the_same_day_gives_the_same_month_and_another_day_another() -> None:
    house, chapter = CHAPTERS[0]

    assert beginnings(house, chapter, 26) == beginnings(house, chapter, 26)
    assert beginnings(house, chapter, 26) != beginnings(house, chapter, 27)


@pytest.mark.parametrize(("house", "chapter"), CHAPTERS, ids=[chapter.procedure for _, chapter in CHAPTERS])
def test_every_story_is_drawn_or_placed_and_nothing_begins_later_than_now(house: House, chapter: Chapter) -> None:
    found = beginnings(house, chapter, 26)

    told = {name for _, _, name, _ in found}
    begun = {str(step["begin"]) for story in chapter.stories.values() for step in story.steps if "begin" in step}
    assert {story.name for story in chapter.stories.values() if not story.follows} == told | begun
    assert all(str(at) <= "2026-11-26 15:26" for at, *_ in found)
    assert 15 <= len(found) < 300
