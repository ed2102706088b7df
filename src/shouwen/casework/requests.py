"""What rules ask of other cases: carried there once, by whoever wrote it or else by the worker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db.models import F

from shouwen import clock
from shouwen.casework import codec, procedures, registers
from shouwen.core import events as e
from shouwen.core.commands import Begin, Effect
from shouwen.store import models as rows
from shouwen.store.append import Stale, Taken

__all__ = ["carry", "settle", "waiting", "wake_again"]

#: a request that fails so often is left for people to see
MOST_TRIES = 20


class _Outcome(Protocol):
    @property
    def number(self) -> str: ...
    @property
    def case_id(self) -> UUID | None: ...


class _Act(Protocol):
    def __call__(
        self, case_id: UUID, command: Effect, *, at: datetime | None = None, settles: tuple[UUID, str]
    ) -> object: ...


class _Begin(Protocol):
    def __call__(
        self,
        law: procedures.Law,
        command: Begin,
        unit: str,
        *,
        at: datetime | None = None,
        settles: tuple[UUID, str] | None = None,
    ) -> _Outcome: ...


def carry(cases: Sequence[UUID], act: _Act, begin: _Begin, *, at: datetime | None = None) -> int:
    """Carry what these cases ask for (`at`: when; default: now); how many requests there were. What meets a faster
    writer stays for the worker."""
    found = list(rows.Request.objects.filter(case_id__in=cases, failed="").order_by("at", "key"))
    for request in found:
        try:
            _carry(request, act, begin, at)
        except (Stale, Taken):
            rows.Request.objects.filter(case_id=request.case_id, key=request.key).update(tries=F("tries") + 1)
    return len(found)


def waiting(most: int) -> list[UUID]:
    """Cases whose requests have not been carried yet, the oldest first."""
    found = rows.Request.objects.filter(failed="", tries__lt=MOST_TRIES).order_by("at")
    return list(dict.fromkeys(found.values_list("case_id", flat=True)[:most]))


def settle(case_id: UUID, key: str, failed: str) -> None:
    """A request is done with; or it cannot be carried out, and why stays with it."""
    found = rows.Request.objects.filter(case_id=case_id, key=key)
    if failed:
        found.update(failed=failed)
    else:
        found.delete()


def wake_again(case_id: UUID, version: int, at: datetime | None) -> None:
    """Look at a case again then, unless it has changed in the meantime."""
    rows.Case.objects.filter(case_id=case_id, version=version).update(wake_at=at)


def _carry(request: rows.Request, act: _Act, begin: _Begin, at: datetime | None) -> None:
    source = rows.Case.objects.get(case_id=request.case_id)
    settles = (request.case_id, request.key)
    raw = json.loads(request.body)
    if isinstance(raw, dict):
        news = Effect(
            verb="closed",
            target=raw["closed"],
            key=f"{raw['closed']}/closed/{raw['bond']}",
            cause=raw["closed"],
            bond=raw["bond"],
        )
        act(UUID(raw["to"]), news, at=at, settles=settles)
        return
    law = procedures.version(source.procedure, source.law)
    (asked,) = codec.decode(request.body, request.at, [], law.procedure.zone)
    assert isinstance(asked, e.Requested)
    if asked.verb == "write":
        registers.written(law, asked.target, asked.values, actor=source.number, at=at or clock.now())
        settle(*settles, failed="")
        return
    if asked.verb == "open":
        _open(source, law, asked, settles, act, begin, at)
        return
    target = rows.Case.objects.filter(number=asked.case).values_list("case_id", flat=True).first()
    if target is None:
        settle(*settles, failed=f"没有编号为“{asked.case}”的案件")  # zh: kept with the request
        return
    effect = Effect(
        verb=asked.verb,
        target=asked.target,
        key=asked.key,
        cause=source.number,
        bond=asked.bond,
        values=asked.values,
        clauses=asked.clauses,
    )
    act(target, effect, at=at, settles=settles)


def _open(
    source: rows.Case,
    law: procedures.Law,
    asked: e.Requested,
    settles: tuple[UUID, str],
    act: _Act,
    begin: _Begin,
    at: datetime | None,
) -> None:
    """Open the case; the request is settled by the last step, so that nothing is lost in between."""
    command = Begin(
        flow=asked.flow, number="", key=asked.key, cause=source.number, values=asked.values, clauses=asked.clauses
    )
    opened = begin(law, command, source.unit, at=at, settles=None if asked.bond else settles)
    if not asked.bond:
        return
    if opened.case_id is None:
        settle(*settles, failed="没能开出关联的案件")  # zh: kept with the request
        return
    link = Effect(verb="link", target=opened.number, key=f"{asked.key}/link", cause=source.number, bond=asked.bond)
    act(source.case_id, link, at=at, settles=settles)
