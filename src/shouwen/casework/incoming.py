"""The tray: what customers brought where only staff may open a case. Nothing of it is lost: each report has a number
and the moment it came in, and waits until a case goes on with it or it is answered."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction

from shouwen.calendars import public_calendar
from shouwen.casework import numbers, procedures, sealing
from shouwen.casework.access import Viewer
from shouwen.casework.attachments import Attachment, of_case
from shouwen.casework.identity import uuid7
from shouwen.casework.procedures import Law
from shouwen.core import values
from shouwen.core.calendar.edition import SHANGHAI
from shouwen.core.case import Case
from shouwen.core.offers import Offer, offers
from shouwen.core.procedure import Flow
from shouwen.store import models as rows

__all__ = [
    "ANSWERED",
    "DECLINED",
    "JOINED",
    "TAKEN",
    "WAITING",
    "Report",
    "bring",
    "count",
    "find",
    "of_a_case",
    "of_number",
    "openings",
    "phone",
    "settle",
    "settled",
    "take",
    "waiting",
]

WAITING, TAKEN, JOINED, ANSWERED, DECLINED = "waiting", "taken", "joined", "answered", "declined"
#: LJ for 来件
PATTERN = "LJ-{unit}-{yyyy}-{seq:5}"
#: so many are listed at once
MOST = 200
_NONCE = 12

Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody brought. `typed`: name of a control → texts, empty once he has been erased; `reply`: what he is
    told."""

    incoming_id: UUID
    number: str
    procedure: str
    flow: str
    action: str
    unit: str
    came_at: datetime
    subject_id: UUID
    state: str
    case_id: UUID | None
    settled_at: datetime | None
    settled_by: str
    typed: Typed
    reply: str

    @property
    def law(self) -> Law:
        """The regulation that it would be opened under, as it is in force."""
        return procedures.current(self.procedure)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """What was handed in with it: with the case, once there is one."""
        return of_case(self.incoming_id)


def bring(law: Law, flow: Flow, action: str, unit: str, typed: Typed, *, phone: str, key: str, at: datetime) -> Report:
    """Put a report into the tray of a unit; the same key again gives the one that is there."""
    known = rows.Incoming.objects.filter(key=key).first()
    if known is not None:
        return _opened(known)
    try:
        with transaction.atomic(), numbers.allotting(at) as taken:
            subject, secret = _subject(phone, at)
            number = numbers.case_number(PATTERN, unit, at.astimezone(law.procedure.zone))
            incoming_id = uuid7(at)
            row = rows.Incoming.objects.create(
                incoming_id=incoming_id,
                number=number,
                procedure=law.procedure.id,
                flow=flow.id,
                action=action,
                unit=unit,
                came_at=at,
                subject_id=subject,
                sealed=_sealed(secret, incoming_id, {name: list(texts) for name, texts in typed.items()}),
                key=key,
            )
            taken.clear()
    except IntegrityError:
        return _opened(rows.Incoming.objects.get(key=key))
    return _opened(row)


def openings(viewer: Viewer, report: Report) -> tuple[Offer, ...]:
    """The acts by which this viewer may open the case that the report asks for; the one whose form it has, first."""
    try:
        law = report.law
    except KeyError:
        return ()
    return _openings(viewer, law, report.unit, report.flow, report.action)


def waiting(viewer: Viewer) -> tuple[Report, ...]:
    """What waits for somebody like him, the oldest first."""
    keys = _mine(viewer)
    found = rows.Incoming.objects.filter(state=WAITING, unit__in={unit for _, unit, _ in keys}).order_by("came_at")
    return tuple(_opened(row) for row in found[:MOST] if (row.procedure, row.unit, row.flow) in keys)


def settled(viewer: Viewer, most: int = 20) -> tuple[Report, ...]:
    """What was settled last of what he would have been asked."""
    found = rows.Incoming.objects.exclude(state=WAITING).filter(unit__in=_desks(viewer)).order_by("-settled_at")
    return tuple(report for row in found[:most] if openings(viewer, report := _opened(row)))


def count(viewer: Viewer) -> int:
    """How much waits for somebody like him."""
    return sum(_mine(viewer).values())


def find(viewer: Viewer, incoming_id: UUID) -> Report | None:
    """A report that he may see: who may open such a case."""
    row = rows.Incoming.objects.filter(incoming_id=incoming_id).first()
    report = _opened(row) if row is not None and row.unit in _desks(viewer) else None
    return report if report is not None and openings(viewer, report) else None


def of_a_case(case_id: UUID) -> tuple[Report, ...]:
    """The reports that a case goes on with."""
    return tuple(_opened(row) for row in rows.Incoming.objects.filter(case_id=case_id).order_by("came_at"))


def of_number(incoming_id: UUID) -> Report | None:
    """A report by its id, for whoever has shown that it is his."""
    row = rows.Incoming.objects.filter(incoming_id=incoming_id).first()
    return _opened(row) if row is not None else None


def take(incoming_id: UUID, case_id: UUID, *, person: str, at: datetime) -> bool:
    """A case goes on with it: its files are the case's, and its receipt leads there. No if somebody was faster."""
    with transaction.atomic():
        taken = rows.Incoming.objects.filter(incoming_id=incoming_id, state=WAITING).update(
            state=TAKEN, case_id=case_id, settled_at=at, settled_by=person
        )
        if taken:
            rows.Attachment.objects.filter(case_id=incoming_id).update(case_id=case_id)
    return bool(taken)


def settle(
    incoming_id: UUID, state: str, reply: str, *, person: str, at: datetime, case_id: UUID | None = None
) -> bool:
    """It is answered, declined, or put with somebody else's case (which its customer does not get to see), in words
    that he reads. No if somebody was faster."""
    row = rows.Incoming.objects.filter(incoming_id=incoming_id).first()
    secret = _secret(row.subject_id) if row is not None else None
    changed = rows.Incoming.objects.filter(incoming_id=incoming_id, state=WAITING).update(
        state=state,
        reply=_sealed(secret, incoming_id, reply) if secret else None,
        settled_at=at,
        settled_by=person,
        case_id=case_id,
    )
    return bool(changed)


def phone(incoming_id: UUID) -> str:
    """The telephone number that stands on a report, '' if there is none."""
    row = rows.Incoming.objects.filter(incoming_id=incoming_id).first()
    if row is None:
        return ""
    report = _opened(row)
    flow = report.law.procedure.flows.get(report.flow)
    texts = report.typed.get(flow.customer.get("phone", ""), ()) if flow else ()
    return texts[0] if texts else ""


def _mine(viewer: Viewer) -> dict[tuple[str, str, str], int]:
    """(regulation, unit, kind of case) → how many wait, of those that he may open."""
    found = rows.Incoming.objects.filter(state=WAITING, unit__in=_desks(viewer))
    counts: dict[tuple[str, str, str], int] = {}
    for procedure, unit, flow in found.values_list("procedure", "unit", "flow")[: 10 * MOST]:
        counts[procedure, unit, flow] = counts.get((procedure, unit, flow), 0) + 1
    laws = {law.procedure.id: law for law in procedures.all_current()} if counts else {}
    return {
        key: n for key, n in counts.items() if key[0] in laws and _openings(viewer, laws[key[0]], key[1], key[2], "")
    }


def _openings(viewer: Viewer, law: Law, unit: str, flow: str, first: str) -> tuple[Offer, ...]:
    if unit not in viewer.whole | viewer.part:
        return ()
    procedure = law.procedure
    found = offers(procedure, Case(), viewer.code, viewer.at, viewer.world(law, unit))
    own = (one for one in found if not one.builtin and procedure.actions[one.action].opens == flow)
    return tuple(sorted(own, key=lambda one: one.action != first))


def _desks(viewer: Viewer) -> Iterable[str]:
    return viewer.whole | viewer.part


def _subject(number: str, at: datetime) -> tuple[UUID, bytes]:
    """The person of this telephone number, with his key; a new one if he is not known."""
    try:
        digest = sealing.phone_digest(str(values.read("phone", number, SHANGHAI))) if number else None
    except values.Unreadable:
        digest = None
    if digest is not None:
        known = rows.Subject.objects.filter(phone_digest=digest, key__isnull=False).first()
        if known is not None and known.key is not None:
            return known.subject_id, bytes(known.key)
    key = sealing.new_key()
    fresh = rows.Subject(subject_id=uuid7(at), phone_digest=digest, key=key, created_at=at)
    # Somebody else may bring the same person at this moment: then there is one of him.
    rows.Subject.objects.bulk_create([fresh], ignore_conflicts=True)
    found = rows.Subject.objects.filter(phone_digest=digest).first() if digest is not None else fresh
    if found is None or found.key is None:
        return fresh.subject_id, key
    return found.subject_id, bytes(found.key)


def _opened(row: rows.Incoming) -> Report:
    secret = _secret(row.subject_id)
    typed = _read(secret, row.incoming_id, bytes(row.sealed))
    reply = _read(secret, row.incoming_id, bytes(row.reply)) if row.reply is not None else ""
    return Report(
        incoming_id=row.incoming_id,
        number=row.number,
        procedure=row.procedure,
        flow=row.flow,
        action=row.action,
        unit=row.unit,
        came_at=row.came_at.astimezone(public_calendar().zone),
        subject_id=row.subject_id,
        state=row.state,
        case_id=row.case_id,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        typed=typed if isinstance(typed, dict) else {},
        reply=str(reply or ""),
    )


def _secret(subject: UUID) -> bytes | None:
    key = rows.Subject.objects.filter(subject_id=subject).values_list("key", flat=True).first()
    return bytes(key) if key is not None else None


def _sealed(secret: bytes, incoming_id: UUID, told: object) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(secret).encrypt(nonce, json.dumps(told, ensure_ascii=False).encode(), incoming_id.bytes)


def _read(secret: bytes | None, incoming_id: UUID, told: bytes) -> object:
    """What was told; nothing if the person's key is gone."""
    if secret is None:
        return None
    return json.loads(AESGCM(secret).decrypt(told[:_NONCE], told[_NONCE:], incoming_id.bytes))
