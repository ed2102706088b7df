"""Guides on the page of a case: the question that stands, what must come first, the way so far, and the conclusion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shouwen.core.answered import SKIPPED
from shouwen.core.case import Answered
from shouwen.core.guides import Against, beside, turn
from shouwen.core.offers import against_answer
from shouwen.core.procedure import Ask, Cause, Guide, Reply
from shouwen.core.reason import Reason
from shouwen.core.world import World
from shouwen.web.case_talk import Reading, names

__all__ = ["Given", "Walk", "walks"]


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer on the way. `others`: what may be answered instead now; `skippable`: or it may be skipped."""

    ask: Ask
    answered: Answered
    who: str
    others: tuple[str, ...]
    skippable: bool

    @property
    def changeable(self) -> bool:
        """Whether the viewer may answer it anew."""
        return bool(self.others) or self.skippable


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A guide on its way. `here`: it is answered in this step; `main`: it is what this step is about; `first`: acts
    that must come first; `until`: the moment from which the question is to be answered."""

    guide: Guide
    path: tuple[Given, ...]
    ask: Ask | None
    here: bool
    main: bool
    who: str
    stops: tuple[Reason, ...]
    first: tuple[tuple[str, str], ...]
    until: datetime | None
    end: Reply | None
    cause: Cause | None

    @property
    def number(self) -> int:
        """Which question it is."""
        return len(self.path) + 1

    @property
    def found(self) -> str:
        """What it has come to, in a few words."""
        if self.end is None:
            return ""
        return self.end.conclude or (self.cause.name if self.cause else "") or self.end.advise

    @property
    def leads(self) -> bool:
        """Whether this step is about it: its conclusion is needed, or it is on its way; else it stands ready beside."""
        return self.main and self.here and bool(self.guide.fills or self.path)

    @property
    def open(self) -> bool:
        """Whether the viewer may answer the question now."""
        return self.ask is not None and self.here and not (self.stops or self.first or self.who)

    @property
    def remedy(self) -> str:
        """What helps, if the advice does not say the same."""
        remedy = self.cause.remedy if self.cause else ""
        return "" if self.end and remedy == self.end.advise else remedy


def walks(reading: Reading, actions: Iterable[str], called: Mapping[str, str], world: World) -> tuple[Walk, ...]:
    """The guides of this step and beside these acts, and those that have been begun in this case."""
    return tuple(
        _walk(reading, guide, called, world) for guide in beside(reading.procedure, reading.case, set(actions))
    )


def _walk(reading: Reading, guide: Guide, called: Mapping[str, str], world: World) -> Walk:
    case, procedure = reading.case, reading.procedure
    given = [one for one in case.guides.get(guide.id, ()) if one.ask in guide.asks]
    ask = turn(guide, case)
    against = _against(reading, guide, ask or guide.asks[guide.start], world)
    first = [name for why in against.first for name in why.instead] if ask else []
    last = given[-1] if given and ask is None else None
    end = next((way for way in guide.asks[last.ask].ways if way.word == last.word), None) if last else None
    return Walk(
        guide=guide,
        path=tuple(_given(reading, guide, one, called, world) for one in given),
        ask=ask,
        here=not against.here,
        main=case.step in guide.steps,
        who=names(procedure, (ask.who if ask else ()) or guide.who) if against.who else "",
        stops=against.stops if ask else (),
        first=tuple((name, procedure.actions[name].name) for name in first),
        until=against.until if ask else None,
        end=end,
        cause=guide.causes.get(end.cause or "") if end else None,
    )


def _given(reading: Reading, guide: Guide, given: Answered, called: Mapping[str, str], world: World) -> Given:
    ask = guide.asks[given.ask]
    against = _against(reading, guide, ask, world)
    may = not (against.here or against.who or against.stops)
    return Given(
        ask=ask,
        answered=given,
        who=called.get(given.actor, given.actor),
        others=tuple(word for word in ask.replies if word != given.word) if may and not against.first else (),
        skippable=may and ask.skip is not None and given.word != SKIPPED,
    )


def _against(reading: Reading, guide: Guide, ask: Ask, world: World) -> Against:
    scope = reading.scope
    person, at = scope.actor.person if scope.actor else "", scope.at
    assert at is not None
    return against_answer(reading.procedure, reading.case, guide, ask, person, at, world)
