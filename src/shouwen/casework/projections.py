"""The rows beside a case: derived from its events, written with them, and derived again to prove them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from threading import local
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from shouwen.casework import codec
from shouwen.casework.procedures import Law, Plan
from shouwen.core import events as e
from shouwen.core.case import Case, TaskState
from shouwen.core.decide import wakes_at
from shouwen.core.facts import columns as exported
from shouwen.core.offers import owing
from shouwen.core.procedure import Flow
from shouwen.core.values import Value, show
from shouwen.core.world import World
from shouwen.store.append import Row, Rows

__all__ = [
    "TITLES",
    "Occasions",
    "Source",
    "circle",
    "columns",
    "derive",
    "head",
    "hexadecimal",
    "iso",
    "next_look",
    "occasion_rows",
    "occasions",
    "pairs",
    "search",
    "sources",
    "title",
    "words",
]

LONGEST_TITLE = 80
#: the columns by which a case is called, the first that it has
TITLES = ("title", "content", "subject")
#: so many digits of a telephone number stand open in lists
SHOWN_DIGITS = 4


def derive(law: Law, case_id: UUID, before: Case, after: Case, events: tuple[e.Event, ...], world: World) -> Rows:
    """The rows that these events change, besides those of the case itself and of its record."""
    rows = Rows()
    rows.tasks = list(_changed_tasks(law, case_id, before, after, world))
    _occasions(law, case_id, before, after, world, rows)
    for place, event in enumerate(events):
        _of_event(law, case_id, before, after, before.seq + place, event, rows)
    return rows


def head(
    law: Law, case_id: UUID, unit: str, subject: UUID, case: Case, at: datetime, world: World
) -> dict[str, object]:
    """The row of the case itself, without the digest and the circle, which its records bring."""
    procedure = law.procedure
    flow = procedure.flows[case.flow]
    values = columns(law, case, world)
    customer = {word: show(value) for word, path in flow.customer.items() if (value := case.values.get(path))}
    due = [state.due for state in case.open_tasks() if state.due is not None]
    called = title(flow, values)
    return {
        "case_id": str(case_id),
        "number": case.number,
        "procedure": procedure.id,
        "law": procedure.version,
        "flow": case.flow,
        "unit": unit,
        "step": case.step,
        "version": case.seq,
        "edition": case.edition,
        "first_contact": case.first_contact,
        "answers": case.answers,
        "asked_of": case.transfer.to if case.transfer else "",
        "opened_at": iso(case.opened),
        "closed_at": iso(case.closed),
        "changed_at": iso(at),
        "wake_at": iso(next_look(law, case, world, at)),
        "due_at": iso(min(due, default=None)),
        "late": sum(state.missed is not None for state in case.open_tasks()),
        "subject_id": str(subject),
        "title": called,
        "customer": customer,
        "columns": {name: codec.plain(value) for name, value in values.items()},
        "search": search(case.number, called, customer),
    }


class _Last(local):
    """The case whose columns were asked for last: a command asks for the same ones several times."""

    case: Case | None = None
    world: World | None = None
    columns: Mapping[str, Value] = MappingProxyType({})


_last = _Last()


def columns(law: Law, case: Case, world: World) -> Mapping[str, Value]:
    """The exported columns of a case."""
    if _last.case is not case or _last.world is not world:
        _last.case, _last.world, _last.columns = case, world, exported(law.procedure, case, world)
    return _last.columns


def title(flow: Flow, values: Mapping[str, Value]) -> str:
    """What a case is called in lists, by its exported columns."""
    found = next((values[name] for name in TITLES if values.get(name)), flow.name)
    return show(found).replace("\n", " ")[:LONGEST_TITLE]


def search(number: str, called: str, customer: Mapping[str, str]) -> str:
    """The text in which a case is looked for. Of a telephone number it has the end that lists show: whoever tries digit
    after digit learns no more."""
    said = [text[-SHOWN_DIGITS:] if word == "phone" else text for word, text in customer.items()]
    return " ".join(dict.fromkeys([number, called, *said]))


def pairs(said: str) -> list[str]:
    """Each two neighbouring characters of a text, once, in order of code points: by them a word is found in it."""
    return sorted({said[place : place + 2] for place in range(len(said) - 1)})


def words(head: Row) -> dict[str, object]:
    """The row by which the case of this row is found."""
    return {"case_id": head["case_id"], "pairs": pairs(str(head["search"]))}


def next_look(law: Law, case: Case, world: World, at: datetime) -> datetime | None:
    """When the case must be looked at again, never before the minute after `at`."""
    when = wakes_at(law.procedure, case, world, at)
    return max(when, at + timedelta(minutes=1)) if when is not None else None


#: key and place → the moment, and what it gives
Occasions = dict[tuple[bytes, int], tuple[datetime, Mapping[str, object]]]


def occasions(law: Law, case: Case, world: World) -> Occasions:
    """Under which keys the case counts for facts: (key, place) → its moment, and what it gives besides its columns."""
    return {
        (one.plan.key(law.procedure.id, one.row), one.place): (
            one.moment,
            {name: codec.plain(value) for name, value in one.own.items()},
        )
        for one in sources(law, case, world)
    }


class Source(NamedTuple):
    """What counts under a plan: its place and moment, the columns that its key is made of, and its own values."""

    plan: Plan
    place: int
    moment: datetime
    row: Mapping[str, Value]
    own: Mapping[str, Value]


def sources(law: Law, case: Case, world: World) -> Iterator[Source]:
    """Everything of a case that counts for facts."""
    plans = law.plans.get(case.flow, ()) if case.step else ()
    values = columns(law, case, world) if plans else {}
    for plan in plans:
        for place, moment, own in _sources(law, case, plan, values):
            row = {**values, **own}
            if all(name in row for name in plan.columns) and all(row.get(name) == want for name, want in plan.having):
                yield Source(plan, place, moment, row, own)


def occasion_rows(case_id: UUID, found: Occasions) -> Iterator[Row]:
    """They as rows."""
    for (key, place), (moment, gives) in found.items():
        yield {
            "case_id": str(case_id),
            "key": hexadecimal(key),
            "place": place,
            "happened_at": iso(moment),
            "gives": gives,
        }


def hexadecimal(data: bytes) -> str:
    """Bytes as PostgreSQL reads them in JSON."""
    return "\\x" + data.hex()


def iso(moment: datetime | None) -> str | None:
    """A moment as PostgreSQL reads it in JSON."""
    return moment.isoformat() if moment is not None else None


def _changed_tasks(law: Law, case_id: UUID, before: Case, after: Case, world: World) -> Iterator[Row]:
    """A row for each round of a task that is not as it was, or that somebody else owes now."""
    procedure, moment = law.procedure, after.opened
    assert moment is not None
    old, now = _rounds(before), _rounds(after)
    fresh = {key: state for key, state in now.items() if old.get(key) is not state}
    for (key, state), owed in zip(fresh.items(), owing(procedure, after, world, moment, fresh.values()), strict=True):
        yield _task(case_id, key, state, owed)
    same = {key: state for key, state in now.items() if state.state == "open" and key not in fresh}
    if same:
        earlier = owing(procedure, before, world, moment, same.values())
        later = owing(procedure, after, world, moment, same.values())
        for (key, state), was, owed in zip(same.items(), earlier, later, strict=True):
            if was != owed:
                yield _task(case_id, key, state, owed)


#: task, row, and which round of it
_Round = tuple[str, str, int]


def _rounds(case: Case) -> dict[_Round, TaskState]:
    """Every round of every task, the earlier ones first."""
    found: dict[_Round, TaskState] = {}
    count: dict[tuple[str, str], int] = {}
    for state in (*case.past, *(state for states in case.tasks.values() for state in states.values())):
        place = count.get((state.task, state.item), 0)
        count[state.task, state.item] = place + 1
        found[state.task, state.item, place] = state
    return found


def _task(case_id: UUID, key: _Round, state: TaskState, owed: tuple[str, ...]) -> Row:
    task, item, place = key
    return {
        "case_id": str(case_id),
        "task": task,
        "item": item,
        "round": place,
        "owed_by": list(owed),
        "begun_at": iso(state.begun),
        "since_at": iso(state.since),
        "due_at": iso(state.due),
        "provisional": state.provisional,
        "state": state.state,
        "missed_at": iso(state.missed),
        "corrected": state.corrected,
        "ended_at": iso(state.ended),
        "in_time": state.in_time,
    }


def _sources(
    law: Law, case: Case, plan: Plan, values: Mapping[str, Value]
) -> Iterator[tuple[int, datetime, Mapping[str, Value]]]:
    """What counts under a plan: the case, or each of its acts, tasks or entries."""
    procedure, of = law.procedure, plan.source
    if of in procedure.postings:
        for place, entry in enumerate(case.posted.values()):
            if entry.posting == of:
                own: Mapping[str, Value] = {"amount": entry.amount, "debit": entry.debit, "credit": entry.credit}
                yield place, entry.happened, own
    elif of in procedure.actions or of in procedure.tasks:
        name = f"act.{of}" if of in procedure.actions else f"task.{of}.begun"
        for mark in case.marks.get(name, ()):
            yield mark.seq, mark.happened, {}
    elif (case.flow == of or of in case.issued) and case.opened is not None:
        dated = values.get(plan.on)
        yield 0, dated if isinstance(dated, datetime) else case.opened, {}


def _occasions(law: Law, case_id: UUID, before: Case, after: Case, world: World, rows: Rows) -> None:
    old, new = occasions(law, before, world), occasions(law, after, world)
    for key, place in old.keys() - new.keys():
        rows.occasions_gone.append({"case_id": str(case_id), "key": hexadecimal(key), "place": place})
    fresh = {key: found for key, found in new.items() if old.get(key) != found}
    rows.occasions += occasion_rows(case_id, fresh)


def _of_event(law: Law, case_id: UUID, before: Case, after: Case, seq: int, event: e.Event, rows: Rows) -> None:
    """Rows that single events bring."""
    case = str(case_id)
    match event:
        case e.Told():
            notice = law.procedure.notices.get(event.notice)
            for person in event.people:
                rows.messages.append(
                    {
                        "case_id": case,
                        "seq": seq,
                        "person": person,
                        "at": iso(event.happened),
                        "text": event.text,
                        "notice": event.notice,
                        "item": event.item,
                        "receipt": notice.receipt if notice else "none",
                    }
                )
        case e.NoticeReceived():
            rows.read.append(
                {"case_id": case, "notice": event.notice, "item": event.item, "person": "", "at": iso(event.happened)}
            )
        case e.PaperIssued():
            rows.papers.append(_paper(case, event.form, event.number, event.copies, event.happened, None))
        case e.PaperVoided():
            copies = tuple(copy.name for copy in law.procedure.forms[event.form].copies)
            issued = after.marks[f"form.{event.form}.issued"][-1].happened
            rows.papers.append(_paper(case, event.form, event.number, copies, issued, event.happened))
        case e.Posted():
            rows.postings.append(_posting(case, seq, event, None))
        case e.PostingReversed():
            entry = before.posted.get((event.posting, event.key)) or after.posted.get((event.posting, event.key))
            if entry is not None:
                rows.postings.append(_posting(case, seq, entry, event))
        case e.CaseLinked():
            rows.links.append({"case_id": case, "bond": event.bond, "number": event.number, "closed": False})
        case e.LinkClosed():
            rows.links.append({"case_id": case, "bond": event.bond, "number": event.number, "closed": True})
        case e.Requested():
            body, _ = codec.encode((event,), event.at, ())
            rows.requests.append(
                {"case_id": case, "key": event.key, "at": iso(event.at), "body": body, "tries": 0, "failed": ""}
            )
        case e.CaseClosed():
            rows.closed.append({"case_id": case, "number": after.number, "at": iso(event.at)})
        case _:
            pass


def _paper(
    case: str, form: str, number: str, copies: tuple[str, ...], issued: datetime, voided: datetime | None
) -> Row:
    return {
        "case_id": case,
        "form": form,
        "number": number,
        "copies": list(copies),
        "issued_at": iso(issued),
        "voided_at": iso(voided),
    }


def _posting(case: str, seq: int, entry: e.Posted, reversal: e.PostingReversed | None) -> Row:
    """An entry; a reversal is the same with debit and credit exchanged."""
    debit, credit = (entry.credit, entry.debit) if reversal else (entry.debit, entry.credit)
    return {
        "case_id": case,
        "seq": seq,
        "posting": entry.posting,
        "key": entry.key,
        "debit": debit,
        "credit": credit,
        "amount": entry.amount,
        "happened_at": iso(reversal.happened if reversal else entry.happened),
        "reverses": seq if reversal else None,
    }


def circle(events: tuple[e.Event, ...], case: Case, tasks: list[Row]) -> set[str]:
    """Whom these events concern: who acted, owes, was told, answers; roles, role@unit and persons."""
    found = {case.answers, case.first_contact, *(str(label) for row in tasks for label in _labels(row))}
    for event in events:
        if isinstance(event, e.Told):
            found.update((*event.to, *event.people))
        elif isinstance(event, e.ActDone):
            found.update((event.actor, *event.present))
        elif isinstance(event, e.TransferAsked):
            found.add(event.to)
    return found - {""}


def _labels(row: Row) -> list[object]:
    owed = row["owed_by"]
    return owed if isinstance(owed, list) else []
