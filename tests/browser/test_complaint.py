"""A major complaint from the first word to the archive, done by nine people in their own windows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import playing
from tests.browser.house import Clock, Window, people

STORY = Path(__file__).parent / "story.yaml"


def test_a_major_complaint_is_heard_answered_too_late_signed_and_filed(
    come_in: Callable[..., Window], clock: Clock, picture: Callable[..., None]
) -> None:
    from tests import office

    procedure = office.law().procedure
    play = playing.Play(procedure, clock, people(), come_in)

    for step in playing.story(STORY, procedure):
        play.step(step)

    assert office.proved() > 1
