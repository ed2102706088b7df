"""The one door: a command on a case is judged and what follows is written, in one transaction, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from threading import local
from uuid import UUID

from django.db import transaction

from shouwen import clock
from shouwen.casework import asking, codec, filed, mail, numbers, projections, requests, sealing
from shouwen.casework.filed import Filed
from shouwen.casework.identity import uuid7
from shouwen.casework.moulds import CASE, NUMBER, SUBJECT, Like, Mould, Moulds, moulding
from shouwen.casework.procedures import Law
from shouwen.casework.world import world as world_of
from shouwen.core import events as e
from shouwen.core import facts, values
from shouwen.core.answers import Columns
from shouwen.core.case import Case, evolve
from shouwen.core.commands import Act, Begin, Command, Wake
from shouwen.core.decide import Decision, decide
from shouwen.core.facts import Question, questions
from shouwen.core.judge import find_action
from shouwen.core.reason import Refusal
from shouwen.core.world import World
from shouwen.organisation.state import Organisation, known, state
from shouwen.store.append import Rows, Stale, Taken, append
from shouwen.store.models import Case as CaseRow

__all__ = [
    "Answer",
    "Moulds",
    "Opening",
    "Rehearsal",
    "Stale",
    "Taken",
    "act",
    "begin",
    "open_case",
    "open_many",
    "opened_before",
    "preview",
    "preview_many",
]

#: somebody was faster: so often it is tried again
MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a command: the case after it, its events, or why not.

    `repeated`: it had been carried out before. `since`: what others did meanwhile, if the command was meant for an
    earlier version of the case; then nothing has happened.
    """

    case_id: UUID | None
    #: the number of the case
    number: str
    #: makes the case and its events, once somebody asks for them
    outcome: Callable[[], Decision]
    refusal: Refusal | None = None
    repeated: bool = False
    since: tuple[e.Event, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it took effect (now or before)."""
        return self.refusal is None and not self.since

    @property
    def case(self) -> Case:
        """The case after the command."""
        return self._decision.case

    @property
    def events(self) -> tuple[e.Event, ...]:
        """What has happened."""
        return self._decision.events

    @cached_property
    def _decision(self) -> Decision:
        return self.outcome()


def _answer(
    case_id: UUID | None,
    case: Case,
    events: tuple[e.Event, ...] = (),
    *,
    refusal: Refusal | None = None,
    repeated: bool = False,
    since: tuple[e.Event, ...] = (),
) -> Answer:
    decision = Decision(events, case)
    return Answer(
        case_id=case_id, number=case.number, outcome=lambda: decision, refusal=refusal, repeated=repeated, since=since
    )


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A case to be opened: the act, for which unit, and what is settled with it."""

    command: Act
    unit: str
    #: a draft that has served its turn: (person, place)
    draft: tuple[str, str] | None = None


class _Rush(local):
    """The moulds of this thread, for the second that runs: in a rush, openings that are alike are judged once."""

    moulds: Moulds | None = None

    def of(self, law: Law) -> Moulds:
        """Those of this procedure."""
        if self.moulds is None or self.moulds.law is not law:
            self.moulds = Moulds(law, patient=True)
        return self.moulds


_rush = _Rush()


def open_case(law: Law, opening: Opening, *, at: datetime | None = None) -> Answer:
    """Open a case, at this second if no moment is given. The same key again answers as the first time did."""
    if at is not None:
        return open_many(law, (opening,), at=at)[0]
    return open_many(law, (opening,), at=clock.now().replace(microsecond=0), moulds=_rush.of(law))[0]


def open_many(
    law: Law, openings: Sequence[Opening], *, at: datetime | None = None, moulds: Moulds | None = None
) -> list[Answer]:
    """Open cases one after another, judged in order and written together: all that can be opened, or none. With
    `moulds`, those that are alike are judged once."""
    at = at or clock.now()
    for attempt in range(MOST_TRIES):
        try:
            with numbers.allotting(at) as taken:
                answers, rows, kept = _openings(law, openings, at, taken, moulds=moulds)
                if rows:
                    append(rows)
        except (Stale, Taken):
            if attempt + 1 == MOST_TRIES:
                raise
            continue
        for one in kept:
            filed.keep(one)
        _after(rows, at)
        return answers
    raise AssertionError("the last try returns or raises")


def act(
    case_id: UUID,
    command: Command,
    *,
    at: datetime | None = None,
    expected: int | None = None,
    draft: tuple[str, str] | None = None,
    settles: tuple[UUID, str] | None = None,
) -> Answer:
    """Do something with a case. `expected`: the version that whoever acts has seen; if people have done something
    since, nothing happens and `since` tells what. `settles`: the request (case, key) that is hereby carried out.
    Raises KeyError if there is no such case."""
    try:
        return _try(case_id, command, at, expected, draft, settles)
    except (Stale, Taken):
        filed.forget(case_id)
    # Somebody was faster. In a crowd that may happen again and again: now each waits for his turn.
    with transaction.atomic():
        CaseRow.objects.select_for_update().filter(case_id=case_id).first()
        return _try(case_id, command, at, expected, draft, settles)


def begin(
    law: Law, command: Begin, unit: str, *, at: datetime | None = None, settles: tuple[UUID, str] | None = None
) -> Answer:
    """Open a case by a rule, once per key."""
    at = at or clock.now()
    reading = asking.look_up(law, {}, opened=[f"begin:{law.procedure.id}:{command.key}"])
    earlier = reading.opened.get(f"begin:{law.procedure.id}:{command.key}")
    if earlier is not None:
        _settled(settles)
        return _answer(earlier, filed.load(earlier)[0].case, repeated=True)
    world = world_of(law, state(reading.organisation), unit, at)
    with numbers.allotting(at) as taken:
        number = _case_number(law, command.flow, unit, at)
        decision = decide(law.procedure, Case(), replace(command, number=number), at, world)
        if isinstance(decision, Refusal):
            _settled(settles, "；".join(reason.text for reason in decision.reasons))  # zh: kept with the request
            return _answer(None, Case(), refusal=decision)
        fresh = _fresh(law, unit, at, None)
        rows, kept = _rows(fresh, decision, world, at)
        rows.claims.append(_claim(f"begin:{law.procedure.id}:{command.key}", fresh.case_id, at))
        _person(rows, fresh, None, at)
        rows.requests_gone += _gone(settles)
        try:
            append(rows)
        except Taken:
            return begin(law, command, unit, at=at, settles=settles)
        _use(taken, decision.events)
    filed.keep(kept)
    _after(rows, at)
    return _answer(fresh.case_id, decision.case, decision.events)


def preview(law: Law, opening: Opening, *, at: datetime | None = None) -> Answer:
    """What would become of an opening, without doing it: earlier cases to join, what is missing, the case it would be.
    No number is taken, not even for a while: somebody may be opening a case beside it."""
    at = at or clock.now()
    with numbers.allotting(at, pretended={}):
        (answer,), _, _ = _openings(law, (opening,), at, {})
    return answer


def _try(
    case_id: UUID,
    command: Command,
    at: datetime | None,
    expected: int | None,
    draft: tuple[str, str] | None,
    settles: tuple[UUID, str] | None,
) -> Answer:
    found, seq = filed.load(case_id)
    since = _since(found, expected)
    if since:
        return _answer(case_id, found.case, since=since)
    return _act(found, state(seq), command, at or clock.now(), draft, settles)


def opened_before(law: Law, keys: Sequence[str]) -> dict[str, str]:
    """The numbers of the cases that have been opened under these keys, by key."""
    claimed = {f"open:{law.procedure.id}:{key}": key for key in keys}
    cases = {case: claimed[key] for key, case in asking.look_up(law, {}, opened=list(claimed)).opened.items()}
    found = CaseRow.objects.filter(case_id__in=cases).values_list("case_id", "number") if cases else ()
    return {cases[case]: number for case, number in found}


@dataclass
class Rehearsal:
    """What openings that are only previewed have left behind for those after them: nothing of it is written."""

    numbers: dict[str, int] = field(default_factory=dict)
    found: dict[bytes, list[tuple[UUID, datetime, Columns]]] = field(default_factory=dict)


def preview_many(
    law: Law,
    openings: Sequence[Opening],
    *,
    at: datetime | None = None,
    rehearsal: Rehearsal | None = None,
    moulds: Moulds | None = None,
) -> list[Answer]:
    """What would become of many openings, one after another, without doing any; with `rehearsal`, also after those
    previewed before. Their numbers are only pretended."""
    at, rehearsal = at or clock.now(), rehearsal or Rehearsal()
    with numbers.allotting(at, pretended=rehearsal.numbers) as taken:
        answers, _, _ = _openings(law, openings, at, taken, rehearsal, moulds)
    return answers


def _openings(
    law: Law,
    openings: Sequence[Opening],
    at: datetime,
    taken: dict[str, str],
    rehearsal: Rehearsal | None = None,
    moulds: Moulds | None = None,
) -> tuple[list[Answer], Rows, list[Filed]]:
    organisation = known()
    batch = [_entering(law, opening, at, organisation, moulds) for opening in openings]
    while True:
        keys: dict[bytes, int] = {}
        for one in batch:
            keys.update({key: max(most, keys.get(key, 0)) for key, most in one.keys.items()})
        reading = asking.look_up(
            law,
            keys,
            opened=[one.claim for one in batch if one.claim],
            phones=[one.phone for one in batch if one.phone],
            counted=[key for one in batch for key in one.counted],
        )
        if reading.organisation == organisation.seq:
            break
        organisation = state(reading.organisation)
        batch = [_entering(law, opening, at, organisation, moulds) for opening in openings]
    reading.alone = len(batch) == 1 and rehearsal is None
    if rehearsal is not None:
        for key in keys:
            reading.found.setdefault(key, []).extend(rehearsal.found.get(key, ()))
    rows, kept, answers = Rows(), list[Filed](), list[Answer]()
    for one in batch:
        answer, more, filed_now = one.judge(reading, taken)
        answers.append(answer)
        if more is not None:
            rows.add(more)
        if filed_now is not None:
            kept.append(filed_now)
    if rehearsal is not None:
        fresh = {one.case_id for one in answers if not one.repeated}
        for key, cases in reading.found.items():
            rehearsal.found.setdefault(key, []).extend(case for case in cases if case[0] in fresh)
    return answers, rows, kept


@dataclass
class _Opening:
    """One case on its way to be opened."""

    law: Law
    opening: Opening
    at: datetime
    organisation: Organisation
    asked: tuple[Question, ...] = field(init=False)
    keys: dict[bytes, int] = field(init=False)
    counted: list[str] = field(init=False)
    claim: str = field(init=False)
    phone: bytes | None = field(init=False)

    def __post_init__(self) -> None:
        command = self.opening.command
        self._ask()
        self.claim = f"open:{self.law.procedure.id}:{command.key}" if command.key else ""
        self.phone = _phone(self.law, command)

    @cached_property
    def world(self) -> World:
        """What the judge is told of."""
        return world_of(self.law, self.organisation, self.opening.unit, self.at)

    def _ask(self) -> None:
        self.asked = questions(self.law.procedure, Case(), self.opening.command, self.at, self.world)
        self.keys = asking.keys_of(self.law, self.asked)
        self.counted = asking.claimed(self.law, self.asked)

    def judge(self, reading: asking.Reading, taken: dict[str, str]) -> tuple[Answer, Rows | None, Filed | None]:
        command, at, law = self.opening.command, self.at, self.law
        earlier = reading.opened.get(self.claim) if self.claim else None
        if earlier is not None:
            return _again(earlier, command), None, None
        answers = asking.answered(law, self.asked, reading, None, {}, self.world, at)
        action = find_action(law.procedure, command.action)
        flow = action.opens if action and action.opens else ""
        number = _case_number(law, flow, self.opening.unit, at) if flow else ""
        command = replace(command, number=number, answers=answers)
        decision = decide(law.procedure, Case(), command, at, self.world)
        if isinstance(decision, Refusal):
            return _answer(None, Case(), refusal=decision), None, None
        _use(taken, decision.events)
        fresh = self._fresh(reading)
        rows, kept = _rows(fresh, decision, self.world, at)
        self._enter(reading, rows, fresh)
        if self.asked and not reading.alone:
            columns = dict(projections.columns(law, decision.case, self.world))
            found = projections.occasions(law, decision.case, self.world)
            self._remember(reading, fresh.case_id, columns, [(key, moment) for (key, _), (moment, _) in found.items()])
        return _answer(fresh.case_id, decision.case, decision.events), rows, kept

    def _fresh(self, reading: asking.Reading) -> Filed:
        return _fresh(self.law, self.opening.unit, self.at, reading.subjects.get(self.phone) if self.phone else None)

    def _enter(self, reading: asking.Reading, rows: Rows, fresh: Filed) -> None:
        """What an opening writes besides the case: its claims, its person, the end of its draft."""
        at = self.at
        if self.claim:
            rows.claims.append(_claim(self.claim, fresh.case_id, at))
            reading.opened[self.claim] = fresh.case_id
        for key in self.counted:
            rows.counted.append({"key": key, "seen": reading.counts.get(key, 0), "at": projections.iso(at)})
            reading.counts[key] = reading.counts.get(key, 0) + 1
        known_person = self.phone is not None and self.phone in reading.subjects
        if not known_person:
            _person(rows, fresh, self.phone, at)
            if self.phone is not None:
                reading.subjects[self.phone] = (fresh.subject, fresh.key)
        if self.opening.draft is not None:
            rows.drafts_gone.append(dict(zip(("person", "place"), self.opening.draft, strict=True)))

    def _remember(
        self, reading: asking.Reading, case_id: UUID, columns: Columns, found: Iterable[tuple[bytes, datetime]]
    ) -> None:
        """Later openings of the same batch find this one."""
        for key, moment in found:
            if key in reading.found or key in self.keys:
                reading.found.setdefault(key, []).append((case_id, moment, columns))


@dataclass
class _Alike(_Opening):
    """An opening of a kind that has been judged already: nothing is known of its matter, so it goes the same way."""

    mould: Mould
    like: Like

    def _ask(self) -> None:
        self.asked, self.counted = (), []
        self._quoted = self.like.quoted
        self._matched = self.mould.asked(self._quoted)
        self.keys = dict(self._matched)

    def judge(self, reading: asking.Reading, taken: dict[str, str]) -> tuple[Answer, Rows | None, Filed | None]:
        if self.claim in reading.opened or any(reading.found.get(key) for key in self.keys):
            return self._by_itself(reading, taken)
        fresh, mould = self._fresh(reading), self.mould
        number = _case_number(self.law, mould.flow, self.opening.unit, self.at)
        ids = str(fresh.case_id), str(fresh.subject)
        made = mould.cast(self.like, self._quoted, (key for key, _ in self._matched), number, ids)
        if made is None:
            return self._by_itself(reading, taken)
        for series in [series for series, own in taken.items() if own == number]:
            del taken[series]
        rows = Rows()
        made.enter(rows, _record(rows, fresh, made.body, made.sealed, mould.count, self.at))
        self._enter(reading, rows, fresh)
        counted = [(made.keys[one.key], one.moment) for one in mould.occasions]
        self._remember(reading, fresh.case_id, made.columns, counted)
        answer = Answer(case_id=fresh.case_id, number=number, outcome=lambda: made.decision)
        return answer, rows, None

    def _by_itself(self, reading: asking.Reading, taken: dict[str, str]) -> tuple[Answer, Rows | None, Filed | None]:
        return _Opening(self.law, self.opening, self.at, self.organisation).judge(reading, taken)


def _entering(law: Law, opening: Opening, at: datetime, organisation: Organisation, moulds: Moulds | None) -> _Opening:
    """An opening on its way, by a mould if there is one for its kind."""
    own = moulds.like(opening.command, opening.unit) if moulds is not None else None
    if moulds is None or own is None:
        return _Opening(law, opening, at, organisation)
    moulds.fresh(at, organisation.seq)
    if own.kind not in moulds.made and not moulds.awaited(own.kind):
        return _Opening(law, opening, at, organisation)
    if own.kind not in moulds.made:
        moulds.made[own.kind] = _mould(law, Opening(command=own.shaped, unit=opening.unit), at, organisation)
    mould = moulds.made[own.kind]
    if mould is None:
        return _Opening(law, opening, at, organisation)
    return _Alike(law, opening, at, organisation, mould, own)


def _mould(law: Law, opening: Opening, at: datetime, organisation: Organisation) -> Mould | None:
    """The mould of a kind of opening, of whose matter nothing is known; None if it would be refused, if it claims
    something, or if something is asked that its keys do not tell."""
    one = _Opening(law, opening, at, organisation)
    asked = [place for place in asking.places_of(law, one.asked) if place is not None]
    if one.counted or len(asked) + len([question for question in one.asked if question.open]) < len(one.asked):
        return None
    answers = asking.answered(law, one.asked, asking.Reading(), None, {}, one.world, at)
    decision = decide(law.procedure, Case(), replace(opening.command, number=NUMBER, answers=answers), at, one.world)
    if isinstance(decision, Refusal):
        return None
    place = Filed(CASE, opening.unit, law, Case(), b"", SUBJECT, None)
    rows, _ = _rows(place, decision, one.world, at)
    columns = facts.columns(law.procedure, decision.case, one.world)
    found = list(projections.sources(law, decision.case, one.world))
    return moulding(law, asked, decision, rows, at, columns, found)


def _act(
    found: Filed,
    organisation: Organisation,
    command: Command,
    at: datetime,
    draft: tuple[str, str] | None,
    settles: tuple[UUID, str] | None,
) -> Answer:
    law, case = found.law, found.case
    world = world_of(law, organisation, found.unit, at)
    counted: list[dict[str, object]] = []
    if isinstance(command, Act):
        asked = questions(law.procedure, case, command, at, world)
        if asked:
            claimed = asking.claimed(law, asked)
            reading = asking.look_up(law, asking.keys_of(law, asked), counted=claimed)
            learned = asking.answered(law, asked, reading, found.case_id, case.links, world, at)
            command = replace(command, answers={**command.answers, **learned})
            counted = [{"key": key, "seen": reading.counts.get(key, 0), "at": projections.iso(at)} for key in claimed]
    with numbers.allotting(at) as taken:
        decision = decide(law.procedure, case, command, at, world)
        if isinstance(decision, Refusal):
            return _refused(found, decision, at, world, settles)
        if not decision.events:
            _settled(settles)
            repeated = decision.repeated is not None
            if isinstance(command, Wake):
                _looked(found, world, at)
            return _answer(found.case_id, case, repeated=repeated)
        rows, kept = _rows(found, decision, world, at)
        rows.counted += counted
        rows.requests_gone += _gone(settles)
        if draft is not None:
            rows.drafts_gone.append(dict(zip(("person", "place"), draft, strict=True)))
        append(rows)
        _use(taken, decision.events)
    filed.keep(kept)
    _after(rows, at)
    return _answer(found.case_id, decision.case, decision.events)


def _refused(found: Filed, refusal: Refusal, at: datetime, world: World, settles: tuple[UUID, str] | None) -> Answer:
    """A refusal leaves nothing, but for what the regulation wants on record."""
    _settled(settles, "；".join(reason.text for reason in refusal.reasons))  # zh: kept with the request
    case = found.case
    if refusal.record and case.step:
        for event in refusal.record:
            case = evolve(case, event)
        rows, kept = _rows(found, Decision(tuple(refusal.record), case), world, at)
        append(rows)
        filed.keep(kept)
        _after(rows, at)
    return _answer(found.case_id, case, refusal=refusal)


def _rows(found: Filed, decision: Decision, world: World, at: datetime) -> tuple[Rows, Filed]:
    """Everything that a decision writes about its case."""
    law, before, after, events = found.law, found.case, decision.case, decision.events
    local = at.astimezone(law.procedure.zone)
    body, texts = codec.encode(events, local, sealing.secrets(law.private, after.values, events, law.registers))
    rows = projections.derive(law, found.case_id, before, after, events, world)
    head = projections.head(law, found.case_id, found.unit, found.subject, after, at, world)
    head["circle"] = sorted(projections.circle(events, after, rows.tasks))
    rows.cases.append(head)
    rows.case_words.append(projections.words(head))
    rows.jobs = mail.jobs(rows.messages)
    digest = _record(rows, found, body, texts, len(events), at)
    return rows, replace(found, case=after, digest=digest)


def _record(rows: Rows, found: Filed, body: str, texts: list[str], count: int, at: datetime) -> bytes:
    """The record of a case's next events, chained to the one before; its digest, which stands in the case's row too."""
    seq = found.case.seq
    data = sealing.sealed(found.key, texts, found.case_id, seq) if found.key else None
    digest = filed.chained(found.digest, found.case_id, seq, at, body, data)
    rows.records.append(
        {
            "case_id": str(found.case_id),
            "seq": seq,
            "count": count,
            "at": projections.iso(at),
            "sealed": projections.hexadecimal(data) if data else None,
            "digest": projections.hexadecimal(digest),
        }
    )
    rows.bodies.append(body)
    rows.cases = [{**head, "digest": projections.hexadecimal(digest)} for head in rows.cases]
    return digest


def _fresh(law: Law, unit: str, at: datetime, person: tuple[UUID, bytes | None] | None) -> Filed:
    """The place of a case that is being opened; an erased or unknown person gets a new key."""
    subject, key = person or (uuid7(at), sealing.new_key())
    if key is None:
        subject, key = uuid7(at), sealing.new_key()
    return Filed(uuid7(at), unit, law, Case(), b"", subject, key)


def _person(rows: Rows, fresh: Filed, phone: bytes | None, at: datetime) -> None:
    assert fresh.key is not None
    rows.subjects.append(
        {
            "subject_id": str(fresh.subject),
            "phone_digest": projections.hexadecimal(phone) if phone else None,
            "key": projections.hexadecimal(fresh.key),
            "created_at": projections.iso(at),
        }
    )


def _claim(key: str, case_id: UUID, at: datetime) -> dict[str, object]:
    return {"scope": "open", "key": key, "case_id": str(case_id), "version": 1, "at": projections.iso(at)}


def _phone(law: Law, command: Act) -> bytes | None:
    """By what the caller is recognised: the phone number that the flow names, if it is one."""
    action = find_action(law.procedure, command.action)
    flow = law.procedure.flows.get(action.opens or "") if action else None
    path = flow.customer.get("phone", "") if flow else ""
    form, _, name = path.partition(".")
    raw = command.values.get(form, {}).get(name)
    if not path or not raw:
        return None
    try:
        return sealing.phone_digest(str(values.read("phone", raw, law.procedure.zone)))
    except values.Unreadable:
        return None


def _case_number(law: Law, flow: str, unit: str, at: datetime) -> str:
    rule = law.procedure.flows[flow]
    return numbers.case_number(rule.number or f"{flow}-{{seq:4}}", unit, at.astimezone(law.procedure.zone))


def _again(case_id: UUID, command: Act) -> Answer:
    """The answer to an opening that had been carried out before."""
    found, seq = filed.load(case_id)
    now = clock.now()
    decision = decide(found.law.procedure, found.case, command, now, world_of(found.law, state(seq), found.unit, now))
    refusal = decision if isinstance(decision, Refusal) else None
    return _answer(case_id, found.case, refusal=refusal, repeated=refusal is None)


def _since(found: Filed, expected: int | None) -> tuple[e.Event, ...]:
    """What people have done with the case after the version that was seen."""
    if expected is None or expected >= found.case.seq:
        return ()
    later = [event for log in filed.logs(found.case_id) if log.seq >= expected for event in log.events]
    of_people = (e.ActDone, e.FieldsSet, e.TransferAsked, e.TransferAnswered, e.ApprovalEnded, e.StepEntered)
    return tuple(event for event in later if isinstance(event, of_people))


def _use(taken: dict[str, str], events: tuple[e.Event, ...]) -> None:
    """Numbers that stand in these events are used."""
    said = {event.number for event in events if isinstance(event, e.PaperIssued | e.CaseOpened)}
    for event in events:
        if isinstance(event, e.ActDone | e.FieldsSet):
            lines = [line for rows in event.rows.values() for line in rows.values()]
            for value in event.values.values():
                said.add(str(value))
                lines += [line for line in value if isinstance(line, Mapping)] if isinstance(value, tuple) else []
            said |= {str(value).rpartition("-")[0] for line in lines for value in line.values()}
    for series in [series for series, number in taken.items() if number in said]:
        del taken[series]


def _gone(settles: tuple[UUID, str] | None) -> list[Mapping[str, object]]:
    return [{"case_id": str(settles[0]), "key": settles[1]}] if settles else []


def _settled(settles: tuple[UUID, str] | None, failed: str = "") -> None:
    """A request that brings nothing more is done with, or kept with the reason why it could not be carried out."""
    if settles is not None:
        requests.settle(settles[0], settles[1], failed)


def _looked(found: Filed, world: World, at: datetime) -> None:
    """Time has passed and nothing happened: when to look again."""
    requests.wake_again(found.case_id, found.case.seq, projections.next_look(found.law, found.case, world, at))


def _after(rows: Rows, at: datetime) -> None:
    """What rules ask of other cases is carried there at once, in the same moment, or else by the worker."""
    if rows.requests or rows.closed:
        requests.carry([UUID(str(row["case_id"])) for row in rows.cases], act, begin, at=at)
