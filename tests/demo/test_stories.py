"""Every story is allowed by the judge from beginning to end, however it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from shouwen.casework import memory
from shouwen.demo import loading
from shouwen.demo.houses import Chapter, group
from shouwen.demo.play import Play
from shouwen.store import models as rows

#: variants differ in words more than in ways: not every story tells all of them here
MOST = 2
HOURS = {"office": "09:10..15:20", "morning": "09:10..10:40", "night": "21:00..23:00"}


def placed(chapter: Chapter) -> Iterator[dict[str, str]]:
    """Each story with its first variants, a month before its end, the sites in turn."""
    sites = chapter.plan["sites"]
    assert isinstance(sites, dict)
    stories = [story for story in chapter.stories.values() if not story.follows and (story.arrives or story.weight)]
    told = [story for story in stories for _ in range(min(len(story.variants), MOST))]
    for number, story in enumerate(told):
        there = story.sites or tuple(sites)
        hours = HOURS.get(story.arrives, "08:40..16:30")
        yield {"story": story.name, "site": there[number % len(there)], "at": f"workday-{21 - number % 5} {hours}"}


@pytest.mark.usefixtures("committed")
def test_every_story_can_be_told_to_its_end() -> None:
    chapters = [chapter for house in group().houses for chapter in house.chapters]
    plans = {one.procedure: {"cases": "0", "placed": list(placed(one))} for one in chapters}

    memory.forget()
    play = Play(loading.found(date(2026, 11, 27), plans))
    acts = sum(1 for _ in play.run())

    assert play.refused == []
    assert acts > 1500
    assert len(play.told) >= sum(len(plan["placed"]) for plan in plans.values())
    assert set(rows.Case.objects.filter(closed_at=None).values_list("step", flat=True)) <= {"suspended"}
