"""Random walks through every built-in procedure: nobody gets stuck, and whatever happens the judge stays consistent."""

from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from shouwen.core.case import evolve, replay
from shouwen.core.commands import Wake
from shouwen.core.decide import Decision, decide
from shouwen.library import library
from shouwen.trial import shell
from shouwen.trial.script import read_script
from shouwen.trial.walk import Walk, walk
from tests.builders import at

START = "2026-09-01 09:00"
#: how many walks through a flow, where it is not one
WALKS = {
    ("property-complaint", "complaint"): 40,
    ("property-complaint", "archive_month"): 3,
    ("property-complaint", "review_year"): 3,
    ("work-order", "work_order"): 8,
    ("work-order", "archive_month"): 1,
    ("work-order", "weekly_sample"): 2,
    ("work-order", "callback"): 2,
    ("phone-fault", "user_check"): 10,
    ("phone-fault", "fault"): 20,
    ("phone-fault", "upkeep"): 3,
    ("broadcast-maintenance", "repair"): 48,
    ("broadcast-maintenance", "roster"): 3,
    ("broadcast-maintenance", "handover"): 3,
    ("broadcast-maintenance", "penalty"): 1,
    ("outage-notice", "planned"): 14,
    ("outage-notice", "accident"): 3,
    ("outage-notice", "temp_power"): 24,
}
#: what lies behind several rounds is reached sooner where the organisation allows fewer: so in every second walk
FIGURES = {
    "property-complaint": {"most_rounds": "1"},
    "work-order": {"office_hours": "13:00-17:30", "most_tries": "1"},
    "outage-notice": {"tariff": "1.20 元", "electrician_required": "no"},
}
#: acts in all, at least, of each procedure
ACTS = 400
#: acts of a flow that chance may miss: they lie behind a rare grade and a rare way together
FEW = 8

PROCEDURES = {shelf.name: shelf.compile().procedure for shelf in library().shelves}
#: what is walked together stays in one process
NAMES = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PROCEDURES]
FLOWS = [
    pytest.param(name, flow, marks=pytest.mark.xdist_group(name), id=f"{name}/{flow}")
    for name, procedure in PROCEDURES.items()
    for flow in procedure.flows
]


def sound(procedure, case, command, when, world):
    """What the judge says, if it holds what it must: of every rule read, of its events, of a repetition, of limits."""
    answer = decide(procedure, case, command, when, world)
    assert decide(procedure, case, command, when, world, thorough=True) == answer
    if isinstance(answer, Decision):
        after = case
        for event in answer.events:
            after = evolve(after, event)
        assert after == answer.case
        if getattr(command, "key", ""):
            assert decide(procedure, after, command, when, world).events == ()
        if isinstance(command, Wake):
            late = when - timedelta(minutes=1)
            assert [one for one in after.open_tasks() if one.due and one.due < late and not one.missed] == []
    return answer


@cache
def walks(name: str) -> dict[str, list[Walk]]:
    """All walks through a procedure, flow by flow, every command judged by the real judge and then examined."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shell, "decide", sound)
        return {flow: walked(name, flow) for flow in PROCEDURES[name].flows}


def walked(name: str, flow: str) -> list[Walk]:
    seen: Counter[str] = Counter()
    found: list[Walk] = []
    for seed in range(WALKS.get((name, flow), 10)):
        figures = FIGURES.get(name, {}) if seed % 2 else {}
        found.append(walk(PROCEDURES[name], flow, seed, at(START), seen=seen, figures=figures))
        seen.update(found[-1].acts)
    return found


def played(name: str) -> set[str]:
    """The acts that the examples of a procedure do."""
    shelf = library().shelf(name)
    zone = PROCEDURES[name].zone
    texts = [path.read_text(encoding="utf-8") for path in shelf.examples]
    return {step.do for text in texts for step in read_script(text, zone).steps}


@pytest.mark.parametrize(("name", "flow"), FLOWS)
def test_nobody_gets_stuck_and_every_history_is_sound(name, flow):
    found = walks(name)[flow]

    assert [one.dead_end for one in found if one.dead_end] == []
    for filed in (filed for one in found for filed in one.shell.cases.values()):
        assert replay(tuple(filed.events)) == filed.case


@pytest.mark.parametrize("name", NAMES)
def test_walks_are_long_enough_and_what_they_seldom_reach_stands_in_an_example(name):
    done = {flow: Counter(act for one in found for act in one.acts) for flow, found in walks(name).items()}

    actions = PROCEDURES[name].actions.values()
    never = {flow: {one.id for one in actions if one.flow == flow and not acts[one.id]} for flow, acts in done.items()}
    unreached = {flow: acts - played(name) for flow, acts in never.items()}

    assert sum(acts.total() for acts in done.values()) >= ACTS
    assert {flow: acts for flow, acts in unreached.items() if acts} == {}
    assert all(len(acts) <= FEW for acts in never.values()), never
