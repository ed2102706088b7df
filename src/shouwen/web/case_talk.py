"""Wording beside an act: what to say and never to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from shouwen.core.case import Case
from shouwen.core.guides import beside
from shouwen.core.procedure import Point, Procedure, Script
from shouwen.core.scope import Scope, truth
from shouwen.core.values import show
from shouwen.web.phrases import translated

__all__ = ["Reading", "Talk", "names", "talks"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """For whom wording is chosen: the names over the case, and the roles by which the viewer is meant."""

    scope: Scope
    roles: frozenset[str]

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.scope.case

    @property
    def procedure(self) -> Procedure:
        """Whose wording it is."""
        return self.scope.procedure


@dataclass(frozen=True, kw_only=True)
class Talk:
    """A script beside an act. `ticks`: it is to be ticked off point by point; `said`: that was done; `mine`: the
    viewer may say it."""

    script: Script
    say: str
    who: str
    ticks: bool
    said: bool
    mine: bool
    needed: bool

    @property
    def points(self) -> tuple[Point, ...]:
        """What to do or to say."""
        return self.script.do


def talks(reading: Reading, actions: Iterable[str]) -> tuple[Talk, ...]:
    """The scripts beside these acts, those that must be said first."""
    wanted, case = set(actions), reading.case
    wanted |= {guide.id for guide in beside(reading.procedure, case, wanted)}
    owed = {
        name.removeprefix("script.").removesuffix(".said")
        for state in case.open_tasks()
        for name in (*reading.procedure.tasks[state.task].done_any, *reading.procedure.tasks[state.task].done_all)
        if name.startswith("script.")
    }
    found = [
        _talk(reading, script, script.id in owed)
        for script in reading.procedure.scripts.values()
        if wanted & set(script.at) or script.id in owed
    ]
    return tuple(sorted(found, key=lambda talk: (not talk.needed, not talk.mine, not talk.say)))


def _talk(reading: Reading, script: Script, needed: bool) -> Talk:
    say = next((variant.say for variant in script.variants if truth(variant.when, reading.scope) is True), script.say)
    for slot, name in script.slots.items():
        value = reading.scope.get(name)
        say = say.replace(f"{{{slot}}}", "……" if value is None else translated(show(value)))
    return Talk(
        script=script,
        say=say,
        who=names(reading.procedure, script.who),
        ticks=script.tick and bool(reading.case.step),
        said=bool(reading.case.since_opening(f"script.{script.id}.said")),
        mine=not script.who or bool(reading.roles & set(script.who)),
        needed=needed,
    )


def names(procedure: Procedure, roles: Iterable[str]) -> str:
    """Roles by their names."""
    return _("、").join(procedure.roles[role].name for role in roles if role in procedure.roles)
