"""Stories that people live through on the pages: the script of a trial, and what its reader wants to see of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from shouwen.trial.script import Script, Step, read_script

FOLDER = Path(__file__).parent / "stories"
#: what a story says beside the script, of itself and of a step
OF_STORY, OF_STEP = ("house", "ends"), ("aside", "picture")
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A picture of the page. `when`: "filled" (not sent yet) or "done"; `afresh`: without the word on what was just
    done; `at`: from this element on."""

    name: str
    when: str = "done"
    looks: tuple[str, ...] = ()
    afresh: bool = False
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A step with the picture of it. `aside`: it is done at the door of the program and not looked at."""

    step: Step
    aside: bool = False
    shot: Shot | None = None


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a case stands at the end: who looks at it, what its course says, what is said of limits, and its main form
    with what is printed there, how many signatures by hand among it. `attached`: files of the case; `masked`: words that
    nobody reads there without asking. `pictures`: of the case, of the form's page and of its file."""

    by: str
    paper: str
    case: str = ""
    course: tuple[str, ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    printed: tuple[str, ...] = ()
    drawn: int = 0
    attached: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A whole story. `house`: what the company and its desk are called."""

    script: Script
    scenes: tuple[Scene, ...]
    ending: Ending
    house: Mapping[str, str]


def names() -> list[str]:
    """All stories, by the regulation that each is of."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read_story(name: str) -> Story:
    """The story of a regulation."""
    top = yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    own = {key: top.pop(key) for key in OF_STORY}
    beside = [{key: step.pop(key, None) for key in OF_STEP} for step in top["steps"]]
    script = read_script(yaml.safe_dump(top, allow_unicode=True, sort_keys=False), ZONE)
    scenes = (
        Scene(step=step, aside=of["aside"] == "yes", shot=_shot(of["picture"]))
        for step, of in zip(script.steps, beside, strict=True)
    )
    return Story(script=script, scenes=tuple(scenes), ending=_ending(own["ends"]), house=own["house"])


def _shot(node: Mapping[str, object] | None) -> Shot | None:
    if node is None:
        return None
    return Shot(**{**_typed(node), "afresh": node.get("afresh") == "yes"})


def _ending(node: Mapping[str, object]) -> Ending:
    return Ending(**{**_typed(node), "drawn": int(str(node.get("drawn", 0)))})


def _typed(node: Mapping[str, object]) -> dict[str, object]:
    return {
        key: tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
        for key, value in node.items()
    }
