"""Time as an actor: cases that fall due, the calendar's triggers over populations, editions of the calendar."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shouwen import calendars
from shouwen.casework import asking, filed, handle, procedures, requests
from shouwen.casework.procedures import Law
from shouwen.casework.world import world as world_of
from shouwen.core import periodic
from shouwen.core.case import Case, evolve
from shouwen.core.commands import Recalendar, Wake
from shouwen.core.values import Value
from shouwen.organisation import models as organisation_rows
from shouwen.organisation.state import state
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = ["carry_waiting", "due", "due_next", "periods", "postpone", "recalendar", "wake"]


def due(at: datetime, most: int = 100, procedure: str | None = None) -> list[UUID]:
    """Cases in which something falls due by this moment, the longest waiting first."""
    found = rows.Case.objects.filter(wake_at__lte=at)
    if procedure is not None:
        found = found.filter(procedure=procedure)
    return list(found.order_by("wake_at").values_list("case_id", flat=True)[:most])


def wake(case_id: UUID, at: datetime) -> bool:
    """Let happen what fell due in a case; no, if another worker is at it or has been."""
    with transaction.atomic():
        waiting = rows.Case.objects.select_for_update(skip_locked=True).filter(case_id=case_id, wake_at__lte=at)
        if not waiting.exists():
            return False
        handle.act(case_id, Wake(), at=at)
    return True


def postpone(case_id: UUID, until: datetime) -> None:
    """Look at a case again only then: something in it cannot be judged now."""
    rows.Case.objects.filter(case_id=case_id, wake_at__lt=until).update(wake_at=until)


def due_next() -> datetime | None:
    """The moment at which the next case is to be looked at; None if none is."""
    (found,) = read("SELECT min(wake_at) FROM cases WHERE wake_at IS NOT NULL", {})
    moment: datetime | None = found[0]
    return moment


def carry_waiting(most: int = 50) -> int:
    """Carry requests that whoever wrote them could not; how many there were."""
    return requests.carry(requests.waiting(most), handle.act, handle.begin)


def periods(at: datetime, among: Container[str] | None = None) -> int:
    """Let the calendar begin what it begins for the organisation, up to this moment, each occurrence once; how many
    cases were opened. Of several workers one does it per procedure. `among`: by these procedures alone."""
    opened = 0
    for law in procedures.all_current(at.astimezone().date()):
        procedure = law.procedure.id
        if among is not None and procedure not in among:
            continue
        rows.Occurrence.objects.get_or_create(procedure=procedure, defaults={"until": at})
        with transaction.atomic():
            row = rows.Occurrence.objects.select_for_update(skip_locked=True).filter(procedure=procedure).first()
            if row is None or row.until >= at:
                continue
            opened += _periods(law, row.until, at)
            row.until = at
            row.save(update_fields=["until"])
    return opened


def recalendar(at: datetime, most: int = 100) -> int:
    """Derive the limits of open cases again that were counted by another edition of the calendar; how many."""
    edition = calendars.public_edition()
    stale = rows.Case.objects.filter(closed_at__isnull=True).exclude(edition=edition.name)
    found = list(stale.values_list("case_id", flat=True)[:most])
    for case_id in found:
        handle.act(case_id, Recalendar(reason=f"启用 {edition.name}"), at=at)  # zh: recorded
    return len(found)


def _periods(law: Law, since: datetime, until: datetime) -> int:
    organisation = state()
    taking_in = [unit.code for unit in organisation.units.values() if unit.desk] or [""]
    desks = [desk for desk in taking_in if organisation.lives_by(desk, law.procedure.id)]
    world = world_of(law, organisation, "", until)
    opened = 0
    for occurrence in periodic.occurrences(law.procedure, world, since, until):
        moment, over = occurrence.moment, occurrence.trigger.over
        while found := due(moment, procedure=law.procedure.id):
            for case_id in found:
                wake(case_id, moment)
        for desk in desks:
            there = world_of(law, organisation, desk, until)
            cases = _population(law, over.flow if over else None, desk, moment)
            registers = _registers(law, over.register if over else None, moment)
            for batch in periodic.batches(law.procedure, occurrence, cases, there, registers):
                for command in batch.opens:
                    own = replace(command, key=f"{desk}/{command.key}")
                    answer = handle.begin(law, own, desk, at=moment)
                    opened += answer.case_id is not None and not answer.repeated
    return opened


def _population(law: Law, flow: str | None, desk: str, moment: datetime) -> Iterator[Case]:
    """The cases of a flow and a desk as they stood at that moment."""
    if flow is None:
        return
    found = rows.Case.objects.filter(procedure=law.procedure.id, flow=flow, unit=desk, opened_at__lte=moment)
    for case_id, changed in found.order_by("number").values_list("case_id", "changed_at").iterator():
        if changed <= moment:
            yield filed.load(case_id)[0].case
            continue
        case = Case()
        for log in filed.logs(case_id):
            for event in log.events:
                if event.happened <= moment:
                    case = evolve(case, event)
        if case.step:
            yield case


def _registers(law: Law, register: str | None, moment: datetime) -> dict[str, list[dict[str, Value]]]:
    """The rows of a register in force on that day, typed."""
    if register is None:
        return {}
    day = moment.astimezone(law.procedure.zone).date()
    found = organisation_rows.RegisterRow.objects.filter(procedure=law.procedure.id, register=register, since__lte=day)
    in_force = [row for row in found.order_by("key") if row.until is None or row.until >= day]
    return {register: [asking.typed(law.procedure, register, row.values) for row in in_force]}
