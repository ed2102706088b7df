"""Cases read from their records: decrypted, checked, folded; the last ones stay in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock
from uuid import UUID

from django.db import connection

from shouwen.casework import codec, procedures, sealing
from shouwen.casework.procedures import Law
from shouwen.core.case import Case, evolve
from shouwen.core.events import Event
from shouwen.core.phrase import phrase
from shouwen.store.append import read

__all__ = ["Broken", "Filed", "Log", "chained", "forget", "keep", "load", "logs"]

#: cases kept in memory per process
MOST_KEPT = 500


class Broken(Exception):
    """The chain of a case does not hold: a record was changed, removed or put in."""


@dataclass(frozen=True)
class Filed:
    """A case as it stands, with what the next record needs. `key` None: the person was erased."""

    case_id: UUID
    unit: str
    law: Law
    case: Case
    digest: bytes
    subject: UUID
    key: bytes | None


@dataclass(frozen=True)
class Log:
    """One record, opened: its place, when it was written, its events."""

    seq: int
    at: datetime
    events: tuple[Event, ...]


#: in one statement: between two, somebody may write
_RECORDS = """
SELECT c.procedure, c.law, c.version, c.digest, s.key, r.seq, r.count, r.at, r.body, r.sealed, r.digest
FROM cases c LEFT JOIN subjects s ON s.subject_id = c.subject_id LEFT JOIN records r ON r.case_id = c.case_id
WHERE c.case_id = %(case)s::uuid ORDER BY r.seq
"""
_BOTH = """
SELECT c.case_id, c.unit, c.procedure, c.law, c.digest, c.subject_id, s.key, r.seqs, r.ats, r.bodies, r.sealed,
       (SELECT coalesce(max(seq), 0) FROM organisation_records)
FROM cases c LEFT JOIN subjects s USING (subject_id)
CROSS JOIN LATERAL (
  SELECT array_agg(seq ORDER BY seq) seqs, array_agg(at ORDER BY seq) ats, array_agg(body ORDER BY seq) bodies,
         array_agg(sealed ORDER BY seq) sealed
  FROM records WHERE case_id = c.case_id AND seq >= %(since)s::int) r
WHERE c.case_id = %(case)s::uuid
"""
_kept: OrderedDict[UUID, Filed] = OrderedDict()
_lock = Lock()


def load(case_id: UUID) -> tuple[Filed, int]:
    """The case as it stands now, and the organisation's last event: one round trip, which brings only the records
    that are not known yet. Raises KeyError if there is no such case."""
    known = _kept.get(case_id)
    since = known.case.seq if known else 0
    found = read(_BOTH, {"case": case_id, "since": since})
    if not found:
        raise KeyError(case_id)
    _, unit, procedure, number, digest, subject, key, seqs, ats, bodies, sealed, organisation = found[0]
    key = bytes(key) if key is not None else None
    if known is not None and known.key != key:
        known, since = None, 0
        _, _, _, _, digest, _, _, seqs, ats, bodies, sealed, _ = read(_BOTH, {"case": case_id, "since": 0})[0]
    law = procedures.version(procedure, number)
    case = known.case if known else Case()
    for seq, at, body, data in zip(seqs or (), ats or (), bodies or (), sealed or (), strict=True):
        texts = sealing.opened(key, bytes(data) if data is not None else None, case_id, seq)
        for event in codec.decode(body, at, texts, law.procedure.zone):
            case = evolve(case, event)
    filed = Filed(case_id, unit, law, case, bytes(digest), subject, key)
    keep(filed)
    return filed, organisation


def logs(case_id: UUID) -> Iterator[Log]:
    """All records of a case in order, each link of the chain checked. Raises `Broken`, KeyError."""
    found = read(_RECORDS, {"case": case_id})
    if not found:
        raise KeyError(case_id)
    procedure, number, version, last, key = found[0][:5]
    zone = procedures.version(procedure, number).procedure.zone
    digest, place = b"", 0
    for seq, count, at, body, sealed, own in (row[5:] for row in found if row[5] is not None):
        data = bytes(sealed) if sealed is not None else None
        digest = chained(digest, case_id, seq, at, body, data)
        if digest != bytes(own) or seq != place:
            raise Broken(phrase("案件记录第 {seq} 条与前一条不相扣", seq=seq))
        texts = sealing.opened(bytes(key) if key is not None else None, data, case_id, seq)
        events = codec.decode(body, at, texts, zone)
        if len(events) != count:
            raise Broken(phrase("案件记录第 {seq} 条的件数不符", seq=seq))
        place += count
        yield Log(seq, at.astimezone(zone), events)
    if place != version or digest != bytes(last):
        raise Broken(phrase("案件的最后一条记录与案件不符"))


def chained(before: bytes, case_id: UUID, seq: int, at: datetime, body: str, sealed: bytes | None) -> bytes:
    """The digest of a record: over the one before, its place, its moment, its text and its ciphertext."""
    text = f"{case_id}\n{seq}\n{round(at.timestamp() * 1_000_000)}\n{body}\n"
    return sha256(before + text.encode() + (sealed or b"")).digest()


def keep(filed: Filed) -> None:
    """Keep a case in memory, the longest unused one giving way. What a transaction may still take back is not kept."""
    if connection.in_atomic_block:
        return
    with _lock:
        _kept[filed.case_id] = filed
        _kept.move_to_end(filed.case_id)
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)


def forget(case_id: UUID | None = None) -> None:
    """Read a case (or all) anew the next time."""
    with _lock:
        if case_id is None:
            _kept.clear()
        else:
            _kept.pop(case_id, None)
