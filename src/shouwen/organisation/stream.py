"""Writing the organisation's stream: an event is appended, chained and applied to the rows, all or none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date, datetime
from hashlib import sha256
from typing import assert_never, get_type_hints

from django.db import connection, transaction
from django.db.models import Model

from shouwen.organisation import events as e
from shouwen.organisation import models as rows
from shouwen.organisation import state

__all__ = ["Broken", "history", "rebuild", "record", "verify"]

ALWAYS = date(1, 1, 1)
#: events that put a row into a table
_PUTTING = (e.UnitSet, e.PersonSet, e.PositionSet, e.CoverSet, e.FigureSet, e.WordSet, e.RowSet)
#: one stream, one writer at a time
LOCK = 0x53686F7577656E


class Broken(Exception):
    """The chain of the stream does not hold at this record."""


def record(*happened: e.Event, actor: str, at: datetime) -> int:
    """Append events; the number of the last one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = rows.OrganisationRecord.objects.order_by("-seq").first()
        seq, digest = (last.seq, bytes(last.digest)) if last else (0, b"")
        made, put = [], _Put()
        for event in happened:
            seq, body = seq + 1, _encode(event)
            digest = _chained(digest, seq, at, actor, type(event).__name__, body)
            made.append(
                rows.OrganisationRecord(
                    seq=seq, at=at, actor=actor, kind=type(event).__name__, body=body, digest=digest
                )
            )
            _apply(event, actor, at, put)
        put.written()
        rows.OrganisationRecord.objects.bulk_create(made)
    state.forget()
    return seq


def history(kind: type[e.Event] | None = None) -> Iterator[tuple[int, datetime, str, e.Event]]:
    """The events with their number, moment and author, newest first."""
    found = rows.OrganisationRecord.objects.order_by("-seq")
    if kind is not None:
        found = found.filter(kind=kind.__name__)
    for row in found.iterator():
        yield row.seq, row.at, row.actor, _decode(row.kind, row.body)


def verify() -> int:
    """How many records there are, the chain unbroken. Raises `Broken`."""
    digest, count = b"", 0
    for row in rows.OrganisationRecord.objects.order_by("seq").iterator():
        count += 1
        digest = _chained(digest, row.seq, row.at, row.actor, row.kind, row.body)
        if digest != bytes(row.digest) or row.seq != count:
            raise Broken(f"单位记录第 {row.seq} 条与前一条不相扣")  # zh: for whoever runs the program
    return count


def rebuild() -> int:
    """Make the rows again from the stream; how many events there are."""
    count = verify()
    with transaction.atomic():
        for model in (rows.Name, rows.Unit, rows.Person, rows.Position, rows.Cover, rows.FigureValue, rows.Word):
            model.objects.all().delete()
        rows.RegisterRow.objects.all().delete()
        rows.Day.objects.all().delete()
        put = _Put()
        for row in rows.OrganisationRecord.objects.order_by("seq").iterator():
            _apply(_decode(row.kind, row.body), row.actor, row.at, put)
        put.written()
    return count


def _apply(event: e.Event, actor: str, at: datetime, put: _Put) -> None:
    if not isinstance(event, _PUTTING):
        put.written()
    match event:
        case e.Named(name=name):
            rows.Name.objects.all().delete()
            rows.Name.objects.create(name=name)
        case e.UnitSet():
            values = {name: value for name, value in asdict(event).items() if name != "code"}
            put(rows.Unit, {"code": event.code}, **{**values, "procedures": list(event.procedures)})
        case e.PersonSet():
            values = {name: value for name, value in asdict(event).items() if name != "code"}
            put(rows.Person, {"code": event.code}, **values)
        case e.PositionSet():
            values = {name: value for name, value in asdict(event).items() if name != "position"}
            put(rows.Position, {"position": event.position}, **values)
        case e.PositionEnded():
            rows.Position.objects.filter(position=event.position).update(until=event.until)
        case e.CoverSet():
            values = {name: value for name, value in asdict(event).items() if name != "cover"}
            put(rows.Cover, {"cover": event.cover}, **values)
        case e.CoverEnded():
            rows.Cover.objects.filter(cover=event.cover).update(until=event.until)
        case e.FigureSet():
            key = {"procedure": event.procedure, "figure": event.figure, "since": event.since}
            put(rows.FigureValue, key, text=event.text, reason=event.reason, actor=actor, at=at)
        case e.WordSet():
            key = {"procedure": event.procedure, "catalog": event.catalog, "word": event.word}
            put(rows.Word, key, retired=event.retired)
        case e.RowSet():
            key = {"procedure": event.procedure, "register": event.register, "key": event.key}
            put(rows.RegisterRow, {**key, "since": event.since or ALWAYS}, values=dict(event.values), until=None)
        case e.RowEnded():
            found = rows.RegisterRow.objects.filter(
                procedure=event.procedure, register=event.register, key=event.key, until=None
            )
            found.update(until=event.until)
        case e.DaySet():
            rows.Day.objects.filter(day=event.day).delete()
            if event.works is not None:
                rows.Day.objects.create(day=event.day, name=event.name, works=event.works)
        case _:
            assert_never(event)


class _Put:
    """Rows put into their tables; those of one table that come one after the other are written in one statement."""

    def __init__(self) -> None:
        self._model: type[Model] | None = None
        self._rows: dict[tuple[object, ...], Model] = {}
        self._columns: tuple[list[str], list[str]] = [], []

    def __call__(self, model: type[Model], key: dict[str, object], **values: object) -> None:
        if model is not self._model:
            self.written()
            self._model, self._columns = model, (list(key), list(values))
        self._rows[tuple(key.values())] = model(**key, **values)

    def written(self) -> None:
        """Write what has been put so far."""
        if self._model is not None:
            unique, changing = self._columns
            self._model._default_manager.bulk_create(
                list(self._rows.values()), update_conflicts=True, unique_fields=unique, update_fields=changing
            )
        self._model, self._rows = None, {}


def _encode(event: e.Event) -> str:
    return json.dumps(asdict(event), ensure_ascii=False, sort_keys=True, default=lambda day: day.isoformat())


def _decode(kind: str, body: str) -> e.Event:
    made = getattr(e, kind)
    hints, values = get_type_hints(made), json.loads(body)
    known = {field.name: values[field.name] for field in fields(made) if field.name in values}
    for name, value in known.items():
        if isinstance(value, str) and "datetime" in str(hints[name]):
            known[name] = datetime.fromisoformat(value)
        elif isinstance(value, str) and "date" in str(hints[name]):
            known[name] = date.fromisoformat(value)
        elif isinstance(value, list):
            known[name] = tuple(value)
    found: e.Event = made(**known)
    return found


def _chained(before: bytes, seq: int, at: datetime, actor: str, kind: str, body: str) -> bytes:
    text = f"{seq}\n{at.timestamp():.6f}\n{actor}\n{kind}\n{body}"
    return sha256(before + text.encode()).digest()
