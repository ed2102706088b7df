"""Guides: whose turn it is, what stands against an answer, and what an answer brings along or takes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from shouwen.core import calendar, clock
from shouwen.core import events as e
from shouwen.core.answered import SKIPPED
from shouwen.core.case import Answered, Case
from shouwen.core.commands import BuiltIn
from shouwen.core.persons import meant, outside, standing
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Ask, Guide, Party, Procedure, Reply
from shouwen.core.reason import Reason, Refusal
from shouwen.core.scope import truth, worth
from shouwen.core.sitting import Sitting, unique
from shouwen.core.values import Value

__all__ = ["Against", "against", "answer", "beside", "turn"]

_YES = frozenset({"yes", "true", "是", "1"})  # zh: what people type


@dataclass(frozen=True, kw_only=True)
class Against:
    """What stands against an answer now, whatever it is. `until`: sooner it passes only once the warning was seen."""

    here: tuple[Reason, ...] = ()
    who: tuple[Reason, ...] = ()
    stops: tuple[Reason, ...] = ()
    first: tuple[Reason, ...] = ()
    until: datetime | None = None


def turn(guide: Guide, case: Case) -> Ask | None:
    """The question whose turn it is; None: the guide has come to its end."""
    given = case.guides.get(guide.id, ())
    if not given:
        return guide.asks[guide.start]
    ask = guide.asks.get(given[-1].ask)
    reply = _given(ask, given[-1]) if ask else None
    return guide.asks.get(reply.go or "") if reply else None


def beside(procedure: Procedure, case: Case, actions: Collection[str]) -> tuple[Guide, ...]:
    """The guides that are shown: beside these acts, tasks that are owed and the step, and those that were begun."""
    shown = {*actions, *(state.task for state in case.open_tasks())}
    return tuple(
        guide
        for guide in procedure.guides.values()
        if guide.flow == case.flow and (guide.id in case.guides or case.step in guide.steps or shown & set(guide.at))
    )


def against(sitting: Sitting, guide: Guide, ask: Ask, person: str) -> Against:
    """What stands against this person's answer to a question now."""
    return Against(
        here=_here(sitting, guide),
        who=_who(sitting, guide, ask, person),
        stops=_stops(sitting, guide, ask),
        first=_first(sitting, guide, ask),
        until=_until(sitting, guide, ask),
    )


def answer(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    """A question of a guide is answered, answered anew, or skipped."""
    guide = sitting.procedure.guides.get(command.target)
    if guide is None:
        return Refusal(
            reasons=(Reason(code="no-such-guide", text=phrase("没有“{target}”这一问诊", target=command.target)),)
        )
    due = turn(guide, sitting.case)
    ask = guide.asks.get(str(command.values.get("ask") or (due.id if due else guide.start)))
    given = sitting.case.guides.get(guide.id, ())
    if ask is None or (ask != due and all(one.ask != ask.id for one in given)):
        text = (
            phrase("现在该问“{text}”", text=due.text)
            if due
            else phrase("问诊已有结论：要从头再问，从第一问答起；要改答，指明改答哪一问")
        )
        return Refusal(reasons=(Reason(code="not-asked", text=text, clauses=guide.clauses),))
    word = str(command.values.get("answer") or "").strip()
    skipping = str(command.values.get("skip") or "").lower() in _YES or (word == SKIPPED and SKIPPED not in ask.replies)
    reply = ask.skip if skipping else ask.replies.get(word)
    found = against(sitting, guide, ask, command.actor)
    reasons = [*found.here, *found.who, *found.stops, *([] if skipping else found.first)]
    early = None if skipping or found.until is None else _early(guide, ask, found.until)
    reasons += [early] if early and not command.seen else []
    reasons += _unanswered(guide, ask, reply, skipping, command.reason)
    if reasons or reply is None:
        return Refusal(reasons=tuple(reasons))
    sitting.emit(
        e.QuestionAnswered(
            at=sitting.at,
            happened=sitting.moment,
            guide=guide.id,
            ask=ask.id,
            answer=SKIPPED if skipping else word,
            actor=command.actor,
            skipped=skipping,
            reason=command.reason,
            excused=(phrase("已阅：{text}", text=early.text),) if early else (),
            clauses=unique(_cited(guide, ask), reply.clauses, *_waited(sitting, ask, skipping)),
        )
    )
    place = next((place for place, one in enumerate(given) if one.ask == ask.id), len(given))
    _follow(sitting, guide, reply, _taken_back(sitting, guide, given[:place], given[place:]))
    return None


def _given(ask: Ask, given: Answered) -> Reply | None:
    return ask.skip if given.skipped else ask.replies.get(given.word)


def _cited(guide: Guide, ask: Ask) -> tuple[str, ...]:
    return ask.clauses or guide.clauses


def _unanswered(guide: Guide, ask: Ask, reply: Reply | None, skipping: bool, reason: str) -> list[Reason]:
    """What was not answered, or skipped without saying why."""
    if reply is None:
        text = phrase("可答：{names}", names=joined(ask.replies))
        text = phrase("“{text}”不能跳过，{text2}", text=ask.text, text2=text) if skipping else text
        return [Reason(code="not-skipped" if skipping else "not-an-answer", text=text, clauses=_cited(guide, ask))]
    if skipping and not reason:
        text = phrase("跳过“{text}”须写明原因", text=ask.text)
        return [Reason(code="reason-needed", text=text, clauses=reply.clauses or _cited(guide, ask))]
    return []


def _here(sitting: Sitting, guide: Guide) -> tuple[Reason, ...]:
    """A guide is answered in its own steps, or in every one that is not an end."""
    case, flow = sitting.case, sitting.procedure.flows[sitting.case.flow]
    if guide.flow != case.flow:
        return (
            Reason(
                code="other-flow",
                text=phrase("“{name}”不属于“{name2}”", name=guide.name, name2=flow.name),
                clauses=guide.clauses,
            ),
        )
    if case.step in guide.steps if guide.steps else not flow.steps[case.step].end:
        return ()
    where = joined(flow.steps[step].name for step in guide.steps if step in flow.steps)
    text = phrase("现在是“{name}”，不再答“{name2}”", name=flow.steps[case.step].name, name2=guide.name) + (
        phrase("（在“{where}”才答）", where=where) if where else ""
    )
    return (Reason(code="not-here", text=text, clauses=guide.clauses),)


def _who(sitting: Sitting, guide: Guide, ask: Ask, person: str) -> tuple[Reason, ...]:
    roles = ask.who or guide.who
    if not roles or standing(sitting, person, tuple(Party(role=role) for role in roles), sitting.scope()):
        return ()
    if any(outside(sitting, role) for role in roles) and _keeps(sitting, person):
        return ()
    names = joined(sitting.procedure.roles[role].name for role in roles)
    return (
        Reason(
            code="not-yours",
            text=phrase("“{name}”由{names}答", name=guide.name, names=names),
            clauses=_cited(guide, ask),
            who=roles,
        ),
    )


def _keeps(sitting: Sitting, person: str) -> bool:
    """Whether somebody writes down what people from outside say: who answers for the case, or takes such cases in."""
    case = sitting.case
    if case.answers == person or meant(sitting, person, case.answers, sitting.scope()):
        return True
    takes_in = [
        party
        for action in sitting.procedure.actions.values()
        if action.opens == case.flow
        for party in action.who
        if not (party.role and outside(sitting, party.role))
    ]
    return standing(sitting, person, tuple(takes_in), sitting.scope()) is not None


def _stops(sitting: Sitting, guide: Guide, ask: Ask) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            code="stopped",
            text=stop.says or phrase("现在不能继续“{name}”", name=guide.name),
            clauses=unique(stop.clauses or guide.clauses, sitting.index.cited(stop.when)),
        )
        for stop in guide.stops
        if ask.id not in stop.excepted and truth(stop.when, sitting.scope()) is True
    )


def _first(sitting: Sitting, guide: Guide, ask: Ask) -> tuple[Reason, ...]:
    """Acts that must be done before this is answered: in this round of the case, and since it was answered last."""
    case = sitting.case
    begun = max(mark.seq for name in ("opened", "reopened") for mark in case.marks.get(name, ()))
    answered = max((one.seq for one in case.guides.get(guide.id, ()) if one.ask == ask.id), default=begun)
    found = []
    for name in ask.first:
        action = sitting.procedure.actions[name]
        if not any(mark.seq > answered for mark in sitting.case.marks.get(f"act.{name}", ())):
            text = phrase("先办“{name}”，再答“{text}”", name=action.name, text=ask.text)
            found.append(Reason(code="first", text=text, clauses=_cited(guide, ask), instead=(name,)))
    return tuple(found)


def _until(sitting: Sitting, guide: Guide, ask: Ask) -> datetime | None:
    """The moment from which a question is to be answered, if that has not come yet."""
    span = clock.span_of(ask.wait, sitting.scope()) if ask.wait else None
    _, reached = _reached(sitting, guide, ask)
    found = calendar.due(sitting.world.calendar, reached, span) if span and reached else None
    return found.moment if found and calendar.minute(sitting.moment) < found.moment else None


def _early(guide: Guide, ask: Ask, until: datetime) -> Reason:
    text = phrase("“{text}”要等到 {until} 再答", text=ask.text, until=format(until, "%Y-%m-%d %H:%M"))
    return Reason(code="to-be-seen", text=text, clauses=_cited(guide, ask))


def _waited(sitting: Sitting, ask: Ask, skipping: bool) -> tuple[tuple[str, ...], ...]:
    return () if skipping else (clock.span_clauses(sitting, ask.wait, sitting.scope()),)


def _reached(sitting: Sitting, guide: Guide, ask: Ask) -> tuple[int, datetime | None]:
    """Since when a question stands (event and moment): since the answer before it, in this round of the case."""
    case, given = sitting.case, sitting.case.guides.get(guide.id, ())
    place = next((place for place, one in enumerate(given) if one.ask == ask.id), len(given))
    begun = max(
        (mark for name in ("opened", "reopened") for mark in case.marks.get(name, ())), key=lambda mark: mark.seq
    )
    before = given[place - 1] if place else None
    if before is None or before.seq < begun.seq:
        return begun.seq, begun.happened
    return before.seq, before.happened


def _taken_back(
    sitting: Sitting, guide: Guide, kept: tuple[Answered, ...], gone: tuple[Answered, ...]
) -> dict[str, Value]:
    """The fields that answers now gone had set, empty again or as the answers before them had set them; what somebody
    has since filled otherwise is his."""
    case = sitting.case
    own = {mark.seq for mark in case.marks.get(f"guide.{guide.id}.set", ())}
    paths = [path for one in gone for path in _sets(guide, one) if path in case.filled]
    back: dict[str, Value] = {path: "" for path in paths if case.filled[path].seq in own}
    for one in kept:
        back.update({path: value for path, value in _values(sitting, guide, one).items() if path in back})
    return back


def _sets(guide: Guide, given: Answered) -> tuple[str, ...]:
    ask = guide.asks.get(given.ask)
    reply = _given(ask, given) if ask else None
    if reply is None:
        return ()
    return (*reply.values, *([guide.fills] if guide.fills and reply.conclude else []))


def _values(sitting: Sitting, guide: Guide, given: Answered) -> dict[str, Value]:
    ask = guide.asks.get(given.ask)
    reply = _given(ask, given) if ask else None
    found = {path: worth(term, sitting.scope()) for path, term in reply.values.items()} if reply else {}
    return {path: value for path, value in found.items() if value is not None}


def _follow(sitting: Sitting, guide: Guide, reply: Reply, back: Mapping[str, Value]) -> None:
    """What an answer takes back, sets and concludes."""
    own = {*reply.values, *([guide.fills] if guide.fills and reply.conclude else [])}
    _set(sitting, guide, {path: value for path, value in back.items() if path not in own}, guide.clauses)
    scope = sitting.scope()
    values = {path: worth(term, scope) for path, term in reply.values.items()}
    if reply.conclude and guide.fills:
        values[guide.fills] = reply.conclude
    known = {path: back.get(path) if value is None else value for path, value in values.items()}
    _set(
        sitting,
        guide,
        {path: value for path, value in known.items() if value is not None},
        unique(guide.clauses, reply.clauses),
    )
    if reply.conclude or reply.cause:
        sitting.emit(
            e.GuideConcluded(
                at=sitting.at,
                happened=sitting.moment,
                guide=guide.id,
                conclusion=reply.conclude or "",
                cause=reply.cause or "",
                path=tuple((one.ask, one.word) for one in sitting.case.guides[guide.id]),
                clauses=unique(guide.clauses, reply.clauses),
            )
        )


def _set(sitting: Sitting, guide: Guide, values: Mapping[str, Value], clauses: tuple[str, ...]) -> None:
    if values:
        cause = f"guide.{guide.id}"
        sitting.emit(
            e.FieldsSet(at=sitting.at, happened=sitting.moment, values=dict(values), cause=cause, clauses=clauses)
        )
