"""Commands through the one door: what they leave in the store, once and all of it."""

import json

import pytest

from shouwen.casework import filed, handle
from shouwen.casework.handle import Opening
from shouwen.core.commands import Act, BuiltIn
from shouwen.store import models as rows
from tests import office

pytestmark = pytest.mark.usefixtures("open_office")


def test_a_complaint_taken_in_has_a_number_a_record_and_its_tasks() -> None:
    answer = office.done(office.take_in())

    row = rows.Case.objects.get(number=answer.number)
    assert answer.number == "ZXL-2026-00001"
    assert (row.unit, row.step, row.first_contact, row.version) == ("ZXL", "intake", "linjia", answer.case.seq)
    assert set(rows.Task.objects.filter(case_id=row.case_id).values_list("task", flat=True)) >= {"prejudge", "judge"}
    assert rows.Record.objects.filter(case_id=row.case_id).count() == 1
    assert office.proved() == 1


def test_the_same_key_opens_once_and_answers_as_the_first_time_did() -> None:
    typed = office.complaint()
    command = Act(action="register", actor="linjia", values=typed, key="once")
    first = handle.open_case(office.law(), Opening(command=command, unit="ZXL"), at=office.moment(office.TAKEN_IN))

    again = handle.open_case(office.law(), Opening(command=command, unit="ZXL"), at=office.moment("2026-09-30 09:00"))

    assert again.repeated
    assert (again.number, again.case_id) == (first.number, first.case_id)
    assert rows.Case.objects.count() == 1


def test_another_command_under_a_used_key_is_refused() -> None:
    office.take_in(key="mine")

    other = office.take_in(key="mine", by="chenxl")

    assert other.refusal is not None
    assert [reason.code for reason in other.refusal.reasons] == ["key-used"]


def test_an_act_repeated_under_its_key_happens_once() -> None:
    case = office.take_in()
    said = [point.text for point in office.law().procedure.scripts["first_reply"].do]
    command = BuiltIn(verb="say", actor="linjia", target="first_reply", values={"items": said}, key="say-1")
    assert case.case_id is not None

    first = handle.act(case.case_id, command, at=office.moment("2026-09-29 16:45"))
    again = handle.act(case.case_id, command, at=office.moment("2026-09-29 16:46"))

    assert (first.repeated, again.repeated) == (False, True)
    assert again.case.seq == first.case.seq
    assert office.proved() == 1


def test_a_refusal_leaves_nothing_and_uses_no_number() -> None:
    refused = office.take_in(content="短")

    assert refused.refusal is not None
    assert rows.Case.objects.count() == rows.Record.objects.count() == 0
    assert office.take_in().number == "ZXL-2026-00001"


def test_all_that_is_missing_comes_back_at_once() -> None:
    command = Act(action="register", actor="linjia", values={"complaint_register": {"channel": "电话"}}, key="empty")

    answer = handle.open_case(office.law(), Opening(command=command, unit="ZXL"), at=office.moment(office.TAKEN_IN))

    assert answer.refusal is not None
    missing = {field.path for field in answer.refusal.missing}
    assert missing >= {f"complaint_register.{name}" for name in ("owner_name", "room", "phone", "content")}


def test_an_earlier_case_of_the_same_matter_is_to_be_joined() -> None:
    first = office.take_in(room="5-1-101", phone="13900000001")

    second = office.take_in("2026-09-29 16:50", room="5-1-101", phone="13900000001")

    assert second.refusal is not None
    assert {(reason.code, reason.case) for reason in second.refusal.reasons} == {("join-first", first.number)}
    assert {act for reason in second.refusal.reasons for act in reason.instead} == {"merge_register", "hear_again"}


def test_a_case_of_another_room_is_no_earlier_case() -> None:
    office.take_in(room="5-1-101")

    assert office.take_in("2026-09-29 16:50", room="5-1-102").done


def test_whoever_acts_on_an_older_version_is_told_what_others_did() -> None:
    case = office.take_in()
    seen = case.case.seq
    office.done(office.say_all(case, "first_reply", "linjia", "2026-09-29 16:44"))
    office.done(
        office.do(case, "prejudge", "linjia", "2026-09-29 16:45", complaint_register={"prelim_class": "比较重要"})
    )

    late = office.do(
        case,
        "prejudge",
        "chenxl",
        "2026-09-29 16:46",
        expected=seen,
        complaint_register={"prelim_class": "不能及时解决"},
    )

    assert not late.done
    assert any(getattr(event, "actor", "") == "linjia" for event in late.since)
    assert late.case.values["complaint_register.prelim_class"] == "比较重要"


def test_personal_data_stands_in_no_record_in_the_clear() -> None:
    case = office.graded_major()

    stored = "".join(rows.Record.objects.values_list("body", flat=True))

    assert "周敏华" not in stored
    assert str(case.case.values["complaint_register.phone"]) not in stored
    filed.forget()
    assert case.case_id is not None
    assert filed.load(case.case_id)[0].case.values["complaint_register.owner_name"] == "周敏华"


def test_a_record_that_was_changed_breaks_the_chain() -> None:
    case = office.graded_major()
    record = rows.Record.objects.filter(case_id=case.case_id).order_by("seq")[2]
    body = json.loads(record.body)
    body[-1]["clauses"] = []
    rows.Record.objects.filter(case_id=case.case_id, seq=record.seq).update(body=json.dumps(body))
    assert case.case_id is not None

    with pytest.raises(filed.Broken):
        list(filed.logs(case.case_id))


def test_a_major_complaint_tells_who_must_know_and_owes_answers_by_the_working_calendar() -> None:
    case = office.graded_major()

    due = dict(rows.Task.objects.filter(case_id=case.case_id, state="open").values_list("task", "due_at"))
    assert due["answer_major"] == office.moment("2026-10-08 18:00")
    assert due["solve_major"] == office.moment("2026-10-14 18:00")
    told = set(rows.Message.objects.filter(case_id=case.case_id).values_list("person", flat=True))
    assert told >= {"xuzy", "gaojp"}
    assert office.proved() == 1


def test_many_are_opened_together_and_find_one_another() -> None:
    typed = [
        office.complaint(room="9-1-901", matter="噪音"),
        office.complaint(),
        office.complaint(room="9-1-901", matter="噪音"),
    ]
    openings = [
        Opening(command=Act(action="register", actor="linjia", values=values, key=f"row-{place}"), unit="ZXL")
        for place, values in enumerate(typed)
    ]

    answers = handle.open_many(office.law(), openings, at=office.moment(office.TAKEN_IN))

    assert [answer.done for answer in answers] == [True, True, False]
    assert answers[2].refusal is not None
    assert answers[2].refusal.reasons[0].case == answers[0].number
    assert office.proved() == 2


def test_a_preview_writes_nothing() -> None:
    office.take_in(room="5-1-101")
    command = Act(action="register", actor="linjia", values=office.complaint(room="5-1-101"), key="look")

    seen = handle.preview(office.law(), Opening(command=command, unit="ZXL"), at=office.moment("2026-09-29 16:50"))

    assert seen.refusal is not None
    assert rows.Case.objects.count() == 1
    assert office.take_in("2026-09-29 16:55").number == "ZXL-2026-00002"
