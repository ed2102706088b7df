"""Every story is allowed by the judge from beginning to end, however it is told."""

from __future__ import annotations

from datetime import date

import pytest

from shouwen.casework import memory
from shouwen.demo import loading
from shouwen.demo.play import Play
from shouwen.demo.stories import read_stories
from shouwen.store import models as rows

#: variants that several stories share differ in words only: not every story tells all of them here
MOST = 7
HOURS = {"office": "09:10..15:50", "morning": "09:10..10:40", "day": "08:30..17:30", "night": "21:00..23:00"}


@pytest.mark.usefixtures("committed")
def test_every_story_can_be_told_to_its_end() -> None:
    stories = [story for story in read_stories(loading.FOLDER / "stories") if not story.follows]
    told = [(story, place) for story in stories for place in range(min(len(story.variants), MOST))]
    placed = [
        {
            "story": story.name,
            "desk": ("ZXL", "WJZ")[number % 2],
            "at": f"workday-17 {HOURS.get(story.arrives, HOURS['day'])}",
        }
        for number, (story, _) in enumerate(told)
    ]

    memory.forget()
    month = loading.found(date(2026, 11, 27), {"cases": "0", "placed": placed})
    acts = sum(1 for _ in Play(loading.law_of(month.organisation), month).run())

    assert rows.Case.objects.filter(flow="complaint").count() == len(told)
    assert acts > len(told) * 10
    ended = {"closed", "handed_over", "suspended"}
    assert set(rows.Case.objects.filter(flow="complaint").values_list("step", flat=True)) == ended
