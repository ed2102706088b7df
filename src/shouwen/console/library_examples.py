"""Examples of a procedure, played before the reader's eyes: each step with what came of it; no case is touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.views.decorators.http import require_safe

from shouwen import library
from shouwen.casework import procedures
from shouwen.casework.conditions import role_words, step_words
from shouwen.casework.procedures import Law
from shouwen.core.procedure import Field, Procedure
from shouwen.core.reason import Refusal
from shouwen.trial import load_script, play
from shouwen.trial.play import Played
from shouwen.web.sentences import Sentence, sentence
from shouwen.web.staff import StaffRequest, staff

__all__ = ["Example", "example", "names"]

#: played examples kept, per process
MOST_KEPT = 64
_BUILT_IN = {
    "say": _noop("说明"),
    "breach": _noop("记违反口径"),
    "answer": _noop("答问诊"),
    "approve": _noop("同意"),
    "return": _noop("退回"),
    "decline": _noop("不同意"),
    "withdraw": _noop("撤回"),
    "read": _noop("阅看"),
    "transfer": _noop("转派"),
    "accept": _noop("接收"),
    "refuse_transfer": _noop("拒收"),
    "note": _noop("留言"),
    "correct": _noop("更正"),
}


@dataclass(frozen=True)
class Example:
    """An example by its name, with what it shows."""

    name: str
    title: str


@dataclass(frozen=True)
class StepView:
    """One step as it went: who did what, when; what happened, or why it was refused; where the case then stands."""

    place: int
    at: datetime
    who: str
    act: str
    filled: tuple[tuple[str, str], ...]
    sentences: tuple[Sentence, ...]
    refusal: Refusal | None
    step: str
    due: tuple[tuple[str, datetime], ...]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class PlayedExample:
    """A whole example as it went, with who played in it and the clauses that were cited."""

    steps: tuple[StepView, ...]
    cast: tuple[tuple[str, str], ...]
    cited: tuple[str, ...]


@staff
@require_safe
def example(request: StaffRequest, name: str, example: str) -> HttpResponse:
    """An example, step by step."""
    try:
        law = procedures.current(name)
    except KeyError:
        raise Http404(name) from None
    path = _paths(law).get(example)
    if path is None:
        raise Http404(example)
    played = _played(law, path, get_language() or "")
    listed = names(law)
    place = next(place for place, one in enumerate(listed) if one.name == example)
    context = {
        "section": "procedures",
        "procedure": law.procedure,
        "example": listed[place],
        "before": listed[place - 1] if place else None,
        "after": listed[place + 1] if place + 1 < len(listed) else None,
        "cast": played.cast,
        "steps": played.steps,
        "agrees": not any(step.failures for step in played.steps),
        "cited": played.cited,
    }
    return render(request, "console/procedure_example.html", context)


@lru_cache(MOST_KEPT)
def names(law: Law) -> tuple[Example, ...]:
    """The examples that belong to this version."""
    return tuple(Example(name, _title(path)) for name, path in _paths(law).items())


@lru_cache(MOST_KEPT)
def _paths(law: Law) -> Mapping[str, Path]:
    """Example → its file, if the documents on disk are this version."""
    shelf = library.library().shelf(law.procedure.id)
    if shelf is None or {Path(name).name: text for name, text in shelf.texts().items()} != dict(law.documents):
        return {}
    return {path.stem: path for path in shelf.examples}


def _title(path: Path) -> str:
    """What the lines above the script say."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "".join(line.lstrip("# ") for line in takewhile(lambda line: line.startswith("#"), lines)) or path.stem


@lru_cache(MOST_KEPT)
def _played(law: Law, path: Path, language: str) -> PlayedExample:
    """Kept for each language that its steps are told in."""
    script = load_script(path, law.procedure.zone)
    cast: dict[str, list[str]] = {}
    for holding in script.holdings:
        words = role_words(law.procedure, f"{holding.role}@{holding.unit}" if holding.unit else holding.role)
        cast.setdefault(holding.person, []).append(words + (_("（代）") if holding.deputy else ""))
    outcome = play(law.procedure, script)
    return PlayedExample(
        steps=tuple(_step(law.procedure, step) for step in outcome.steps),
        cast=tuple((person, _("、").join(roles)) for person, roles in cast.items()),
        cited=tuple(sorted(outcome.cited)),
    )


def _step(procedure: Procedure, played: Played) -> StepView:
    step = played.step
    said = [sentence(procedure, event, {}, masked=False) for event in played.events]
    open_tasks = sorted((state.due, state.task) for state in played.case.open_tasks() if state.due is not None)
    return StepView(
        place=step.place,
        at=step.at,
        who=step.by,
        act=_act(procedure, step.do) if step.do else _("时间过去"),
        filled=tuple(_filled(procedure, step.values)),
        sentences=tuple(one for one in said if not one.hidden and one.text),
        refusal=played.refusal,
        step=step_words(procedure, played.case.step) if played.case.step else "",
        due=tuple((procedure.tasks[task].name, due) for due, task in open_tasks),
        failures=tuple(played.failures),
    )


def _act(procedure: Procedure, do: str) -> str:
    """The act by its name."""
    verb, target = do.partition(" ")[::2]
    if do in procedure.actions:
        return procedure.actions[do].name
    if verb == "open":
        opening = [action.name for action in procedure.actions.values() if target in (action.opens, action.id)]
        return opening[0] if opening else do
    rules = (procedure.scripts, procedure.notices, procedure.guides, procedure.authorities, procedure.actions)
    named = next((found[target].name for found in rules if target in found), target)
    return f"{_(_BUILT_IN.get(verb, verb))}{f'“{named}”' if named else ''}"


def _filled(procedure: Procedure, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What was entered, as the script writes it, by the names of fields."""
    for form, given in values.items():
        for name, raw in given.items() if isinstance(given, Mapping) else ():
            field = procedure.fields.get(f"{form}.{name}")
            yield (field.name if field else str(name)), _raw(field, raw)


def _raw(field: Field | None, raw: object) -> str:
    if isinstance(raw, Mapping):
        columns = field.columns if field else {}
        named = ((columns[key].name if key in columns else str(key), value) for key, value in raw.items())
        return _("，").join(f"{name} {_raw(None, value)}" for name, value in named)
    if isinstance(raw, list | tuple):
        return _("；").join(_raw(field, item) for item in raw)
    return str(raw)
