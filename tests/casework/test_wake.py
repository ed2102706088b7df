"""Time as an actor: what falls due happens once, dated when it fell due, however late the worker was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shouwen import worker
from shouwen.casework import filed, wake
from shouwen.core import events as e
from shouwen.core.procedure import Procedure
from shouwen.organisation.state import state
from shouwen.organisation.stream import record
from shouwen.store import models as rows
from tests import office

pytestmark = pytest.mark.usefixtures("open_office")


def events(case_id: object, *kinds: type[e.Event]) -> list[e.Event]:
    """The events of these kinds, in order."""
    return [event for log in filed.logs(case_id) for event in log.events if isinstance(event, kinds)]  # type: ignore[arg-type] # an id


def test_a_limit_is_not_missed_in_its_own_minute_and_is_in_the_next() -> None:
    case = office.graded_major()
    task = rows.Task.objects.get(case_id=case.case_id, task="answer_major")
    assert task.due_at == office.moment("2026-10-08 18:00")

    worker.turn(office.moment("2026-10-08 18:00"))
    before = rows.Task.objects.get(case_id=case.case_id, task="answer_major").missed_at
    worker.turn(office.moment("2026-10-08 18:01"))

    after = rows.Task.objects.get(case_id=case.case_id, task="answer_major").missed_at
    assert (before, after) == (None, office.moment("2026-10-08 18:00"))


def test_a_worker_that_was_down_for_a_day_dates_everything_when_it_fell_due() -> None:
    case = office.graded_major()
    late = office.moment("2026-10-10 07:00")

    worker.turn(late)

    missed = [event for event in events(case.case_id, e.TaskMissed) if getattr(event, "task", "") == "answer_major"]
    assert [event.happened for event in missed] == [office.moment("2026-10-08 18:00")]
    assert missed[0].at == late
    reminded = events(case.case_id, e.Reminded)
    assert reminded
    assert all(event.happened <= event.at for event in reminded)
    assert office.proved() == 1


def test_time_that_passes_twice_happens_once() -> None:
    case = office.graded_major()
    moment = office.moment("2026-10-12 10:00")
    worker.turn(moment)
    count = rows.Record.objects.filter(case_id=case.case_id).count()
    version = rows.Case.objects.get(case_id=case.case_id).version

    worker.turn(moment)
    worker.turn(moment + timedelta(seconds=30))

    assert rows.Record.objects.filter(case_id=case.case_id).count() == count
    assert rows.Case.objects.get(case_id=case.case_id).version == version


def test_a_case_says_when_to_look_again_and_is_left_alone_until_then() -> None:
    case = office.take_in()
    row = rows.Case.objects.get(case_id=case.case_id)
    assert row.wake_at is not None

    assert wake.due(row.wake_at - timedelta(minutes=1)) == []
    assert wake.due(row.wake_at) == [row.case_id]


def test_the_calendar_begins_the_month_s_archive_once_for_each_desk() -> None:
    start, month_end = office.moment("2026-09-29 08:00"), office.moment("2026-10-20 09:00")
    wake.periods(start)
    office.graded_major()

    first = wake.periods(month_end)
    again = wake.periods(month_end)

    begun = [row for row in rows.Case.objects.all() if row.flow != main_flow(office.law().procedure)]
    opened = [row for row in begun if row.procedure == office.PROCEDURE]
    assert first == len(begun) > 0
    assert opened
    assert again == 0
    assert {row.opened_at for row in opened} == {row.opened_at for row in opened if row.opened_at < month_end}
    assert len({(row.flow, row.unit) for row in opened}) == len(opened)


def test_a_desk_that_lives_by_another_regulation_begins_nothing_of_this_one() -> None:
    elsewhere = replace(office.UNITS[4], procedures=("work-order",))
    record(elsewhere, actor="linjia", at=office.moment("2026-09-29 08:00"))
    wake.periods(office.moment("2026-09-29 08:00"))

    wake.periods(office.moment("2026-10-20 09:00"))

    begun = {(row.procedure, row.unit) for row in rows.Case.objects.all()}
    assert (office.PROCEDURE, "ZXL") in begun
    assert not state().lives_by(elsewhere.code, office.PROCEDURE)
    assert {procedure for procedure, unit in begun if unit == elsewhere.code} <= {"work-order"}


def main_flow(procedure: Procedure) -> str:
    """The flow that complaints run through."""
    return next(iter(procedure.flows))


def test_what_cannot_be_judged_now_stops_no_other_case() -> None:
    broken, sound = office.graded_major(), office.graded_major()
    rows.Record.objects.filter(case_id=broken.case_id, seq=0).update(body="[{]")
    filed.forget()

    worker.turn(office.moment("2026-10-08 18:01"))

    assert rows.Task.objects.get(case_id=sound.case_id, task="answer_major").missed_at is not None
    assert rows.Case.objects.get(case_id=broken.case_id).wake_at > office.moment("2026-10-08 18:01")
    assert rows.Counting.objects.filter(case_id=sound.case_id).exists()
    assert not rows.Uncounted.objects.exists()
