"""The specimen's case, forms and refusals, ready for the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from shouwen.core.commands import Act
from shouwen.core.decide import decide
from shouwen.core.offers import deadlines
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Missing, Reason, Refusal
from shouwen.library import library
from shouwen.trial.play import Outcome, Played, play
from shouwen.trial.script import load_script
from shouwen.web.forms import FormView, Person, Setting, act_form, offer_form
from shouwen.web.papers import paper_view
from shouwen.web.sentences import sentence
from shouwen.web.timeline import tally

__all__ = ["context"]

#: what is typed wrongly on purpose
_SLIPS = {
    "visit_at": "2026-10-09T09:00",
    "rooms": "二十",
    "warranty": "是",
    "share": "一半",
    "area": "1.25",
    "cause": "",
}


def context() -> dict[str, object]:
    """Everything that the page draws."""
    procedure, outcome = _played()
    last = outcome.steps[-1]
    filed = outcome.shell.cases[last.number]
    now = last.step.at
    flow = procedure.flows[filed.case.flow]
    events = [event for played in outcome.steps for number, event in played.happened if number == last.number]
    names = {holding.person: holding.person for holding in outcome.shell.world.holdings}
    said = [sentence(procedure, event, names) for event in events]
    return {
        "procedure": procedure,
        "case": filed.case,
        "flow": flow,
        "entered": tuple(event.step for event in events if hasattr(event, "step")),
        "deadlines": deadlines(procedure, filed.case, outcome.shell.world, now),
        "stopped": _then(outcome, "wait_owner"),
        "sentences": said,
        "opening": _opening(procedure, now),
        "refused": _refused(procedure, outcome),
        "signing": _signing(procedure, last, outcome),
        "refusal": _example(procedure),
        "paper": paper_view(
            procedure, next(iter(procedure.forms.values())), filed.case.values, names, number="SZ-2026-0042"
        ),
        "tabs": [
            {"href": "#past", "text": "全部", "n": len(events), "current": True},
            *({"href": "#past", "text": name, "n": count} for name, count in tally(said).items()),
        ],
        "toned": ("soon", "late", "wait", "done"),
        "at": now,
    }


@cache
def _played() -> tuple[Procedure, Outcome]:
    shelf = library(Path(__file__).parent).shelves[0]
    procedure = shelf.compile().procedure
    assert procedure is not None
    return procedure, play(procedure, load_script(shelf.examples[0], procedure.zone))


def _people(outcome: Outcome, procedure: Procedure) -> tuple[Person, ...]:
    return tuple(
        Person(code=one.person, name=one.person, roles=(one.role,), post=procedure.roles[one.role].name)
        for one in outcome.shell.world.holdings
    )


def _opening(procedure: Procedure, now: datetime) -> FormView:
    """The form that opens a case, empty."""
    action = next(action for action in procedure.actions.values() if action.opens)
    role = action.who[0].role or ""
    actor = Person(code="林佳", name="林佳", roles=(role,), post=procedure.roles[role].name)
    return act_form(procedure, action, Setting(actor=actor, role=role, at=now, backdate=True))


def _refused(procedure: Procedure, outcome: Outcome) -> FormView:
    """A form as it comes back: some fields missing, some unreadable."""
    played = next(one for one in outcome.steps if one.refusal)
    before = outcome.steps[outcome.steps.index(played) - 1]
    offer = next(offer for offer in played.offers if offer.action == played.step.do)
    form = next(iter(procedure.forms))
    entered = {form: dict(_SLIPS)}
    act = Act(action=offer.action, actor=played.step.by, values=entered)
    answer = decide(procedure, before.case, act, played.step.at, outcome.shell.world)
    people = _people(outcome, procedure)
    actor = next(person for person in people if person.code == played.step.by)
    setting = Setting(
        actor=actor,
        people=people,
        values=before.case.values,
        entered=entered,
        refusal=answer if isinstance(answer, Refusal) else None,
        at=played.step.at,
    )
    return offer_form(procedure, offer, setting)


def _signing(procedure: Procedure, last: Played, outcome: Outcome) -> FormView:
    """Rows, and signatures by log-in and by hand."""
    people = _people(outcome, procedure)
    actor = next(person for person in people if person.code == "邵刚")
    setting = Setting(actor=actor, role=actor.roles[0], people=people, values=last.case.values, at=last.step.at)
    first = act_form(procedure, procedure.actions["log"], setting)
    second = act_form(procedure, procedure.actions["finish"], setting)
    third = act_form(procedure, procedure.actions["price"], replace(setting, more={"slip.parts": 1}))
    return replace(first, sections=(*first.sections, *second.sections, *third.sections), extras=second.extras)


def _then(outcome: Outcome, action: str) -> list[object]:
    """The limits as they stood after this act."""
    played = next(one for one in outcome.steps if one.step.do == action)
    return [
        one
        for one in deadlines(outcome.shell.procedure, played.case, outcome.shell.world, played.step.at)
        if one.due is None
    ]


def _example(procedure: Procedure) -> Refusal:
    """A refusal with all its parts, in the words of the specimen's rules."""
    need = next(need for action in procedure.actions.values() for need in action.needs)
    role = next(role.id for role in procedure.roles.values() if not role.outside)
    reasons = (
        Reason(code="need", text=need.says, clauses=need.clauses, instead=need.instead),
        Reason(code="not-yours", text="“报价审批”由工程经理审批", clauses=("specimen.3",), who=(role,)),
    )
    field = next(iter(procedure.fields.values()))
    return Refusal(
        reasons=reasons,
        missing=(Missing(path=field.path, name=field.name, place=f"“{field.name}”栏", clauses=("specimen.1",)),),
    )
