"""Rows are proved by their records; a person can be erased and the proof stays."""

import pytest

from shouwen import worker
from shouwen.casework import erasing, filed, replay
from shouwen.casework.codec import ERASED
from shouwen.store import models as rows
from tests import office

pytestmark = pytest.mark.usefixtures("open_office")


def test_a_row_that_was_changed_by_hand_is_found_and_put_right() -> None:
    case = office.graded_major()
    rows.Task.objects.filter(case_id=case.case_id, task="answer_major").update(due_at=office.moment("2027-01-01 00:00"))
    rows.Case.objects.filter(case_id=case.case_id).update(step="closed")
    assert case.case_id is not None

    found = replay.verify_case(case.case_id)
    replay.rebuild(case.case_id)

    assert {(difference.table, *difference.stored) for difference in found} == {("cases", "step"), ("tasks", "due_at")}
    assert replay.verify_case(case.case_id) == []


def test_a_row_that_is_missing_or_too_many_is_found() -> None:
    case, other = office.graded_major(), office.take_in()
    rows.Message.objects.filter(case_id=case.case_id).first().delete()
    rows.Paper.objects.create(case_id=other.case_id, form="x", number="1", issued_at=office.moment(office.TAKEN_IN))

    found = list(replay.verify())

    assert sorted(difference.table for difference in found) == ["messages", "papers"]


def test_what_was_read_stays_read_when_rows_are_written_anew() -> None:
    case = office.graded_major()
    rows.Message.objects.filter(case_id=case.case_id).update(read_at=office.moment("2026-09-29 17:00"))
    assert case.case_id is not None

    replay.rebuild(case.case_id)

    assert not rows.Message.objects.filter(case_id=case.case_id, read_at=None).exists()


def test_a_person_is_not_erased_while_a_case_of_his_is_open() -> None:
    office.take_in(phone="13900001111")
    subject = erasing.found_by_phone("13900001111")
    assert subject is not None

    with pytest.raises(ValueError, match="在办"):
        erasing.erase(subject)


def test_an_erased_person_is_gone_and_chain_clocks_and_figures_stay() -> None:
    case = office.graded_major()
    worker.turn(office.moment("2026-10-08 18:01"))
    phone = str(case.case.values["complaint_register.phone"])
    rows.Case.objects.filter(case_id=case.case_id).update(closed_at=office.moment("2026-10-20 10:00"))
    tasks = list(rows.Task.objects.filter(case_id=case.case_id).order_by("task", "item").values())
    subject = erasing.found_by_phone(phone)
    assert subject is not None

    erased = erasing.erase(subject)

    assert erased.cases == (case.number,)
    assert case.case_id is not None
    again, _ = filed.load(case.case_id)
    assert again.case.values["complaint_register.owner_name"] == ERASED
    assert len(list(filed.logs(case.case_id))) == rows.Record.objects.filter(case_id=case.case_id).count()
    assert list(rows.Task.objects.filter(case_id=case.case_id).order_by("task", "item").values()) == tasks
    row = rows.Case.objects.get(case_id=case.case_id)
    everywhere = f"{row.title} {row.customer} {row.columns} {row.search}"
    everywhere += "".join(rows.Message.objects.filter(case_id=case.case_id).values_list("text", flat=True))
    assert "周敏华" not in everywhere
    assert phone not in everywhere
    assert erasing.found_by_phone(phone) is None
