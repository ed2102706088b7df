"""Openings that are alike are judged once: what comes of it is what each would have come to by itself."""

from dataclasses import replace

import pytest

from shouwen.casework import filed, handle, likeness
from shouwen.casework.handle import Answer, Moulds, Opening
from shouwen.core import events as e
from shouwen.core.commands import Act
from shouwen.store import models as rows
from tests import office

AT = office.moment(office.TAKEN_IN)


def opening(number: int, **changes: str) -> Opening:
    own = {"room": f"3-2-{number:04}", "phone": f"138{number:08}", "content": f"三栋客梯困人，第 {number} 件"}
    values = office.complaint(**{**own, **changes})
    return Opening(command=Act(action="register", actor="linjia", values=values, key=f"mould-{number}"), unit="ZXL")


def opened(openings: list[Opening], moulds: Moulds | None) -> list[Answer]:
    return handle.open_many(office.law(), openings, at=AT, moulds=moulds)


def told(answer: Answer) -> list[e.Event]:
    """Its events, but for the number, which is each case's own."""
    found: list[e.Event] = []
    for event in answer.events:
        found.append(replace(event, number="") if isinstance(event, e.CaseOpened) else event)
    return found


def row_of(answer: Answer) -> dict[str, object]:
    """Its rows, but for ids, digests and the number."""
    own = {"case_id", "digest", "subject_id", "number"}
    (case,) = rows.Case.objects.filter(case_id=answer.case_id).values()
    found: dict[str, object] = {name: value for name, value in case.items() if name not in own}
    found["columns"] = {
        name: value for name, value in case["columns"].items() if name not in ("no", "case", "sheet_no")
    }
    found["search"] = case["search"].replace(case["number"], "")
    for table in (rows.Task, rows.Message, rows.Occasion):
        lines = [{**line, "case_id": ""} for line in table.objects.filter(case_id=answer.case_id).values()]
        found[table.__name__] = sorted(({k: v for k, v in line.items() if k != "id"} for line in lines), key=repr)
    return found


VARIED = [
    {},
    {"owner_name": "李明", "content": "楼道灯不亮已经三天，晚上看不清台阶"},
    {"phone": "0571-8765 4321"},
    {"content": "他说“{房号}”里\n有\\反斜杠，\t请 O'Brien <b>回话</b>"},
    {"content": "字" * 300},
    {"owner_name": "欧阳", "content": "欧阳女士说电梯停了，请回电话"},
    {"owner_name": "电梯"},
    {"matter": "停车"},
    {"channel": "书面信函", "caller_kind": "租户"},
    {"owner_name": "王"},
    {"recording_no": "L-1"},
]


def test_a_cast_opening_is_what_it_would_have_been_by_itself(open_office: None):
    openings = [opening(number, **changes) for number, changes in enumerate(VARIED * 2, 1)]

    alone = opened(openings, None)
    plain = [(told(answer), row_of(answer)) for answer in alone]
    for table in (rows.Case, rows.Record, rows.Task, rows.Message, rows.Occasion, rows.Claim, rows.Subject):
        table.objects.all().delete()
    moulds = Moulds(office.law())
    cast = opened(openings, moulds)

    assert sum(mould is not None for mould in moulds.made.values()) >= 4
    for one, (events, own) in zip(cast, plain, strict=True):
        assert told(one) == events
        assert row_of(one) == own
    filed.forget()
    for one in cast:
        assert one.case_id is not None
        assert filed.load(one.case_id)[0].case == one.case
    assert office.proved() == len(openings)


def test_personal_texts_are_sealed_in_cast_records_too(open_office: None):
    answers = opened(
        [opening(n, owner_name=f"欧阳{n}", content=f"欧阳{n}说电梯停在三层") for n in range(1, 4)], Moulds(office.law())
    )

    for answer, n in zip(answers, range(1, 4), strict=True):
        (record,) = rows.Record.objects.filter(case_id=answer.case_id)
        assert f"欧阳{n}" not in record.body
        assert f"138{n:08}" not in record.body


def test_an_opening_that_the_regulation_refuses_is_refused_with_its_reasons(open_office: None):
    first, same, short = opened(
        [opening(1), opening(2, room="3-2-0001"), opening(3, content="太短")], Moulds(office.law())
    )

    assert first.done
    assert same.refusal is not None
    assert (same.refusal.reasons[0].code, same.refusal.reasons[0].case) == ("join-first", first.number)
    assert short.refusal is not None
    assert short.refusal.reasons[0].code == "not-allowed"
    assert rows.Case.objects.count() == 1


def test_the_same_key_again_makes_no_second_case(open_office: None):
    moulds = Moulds(office.law())
    first = opened([opening(1), opening(2)], moulds)

    again = opened([opening(2), opening(1)], moulds)

    assert [one.repeated for one in again] == [True, True]
    assert [one.number for one in again] == [first[1].number, first[0].number]


def test_a_change_of_the_organisation_forgets_the_moulds(open_office: None):
    moulds = Moulds(office.law())
    opened([opening(1)], moulds)
    before = dict(moulds.made)
    office.record(office.o.PersonSet(code="new", name="新人"), actor="linjia", at=AT)

    opened([opening(2)], moulds)

    assert list(moulds.made) == list(before)
    assert all(moulds.made[kind] is not mould for kind, mould in before.items())


@pytest.mark.parametrize(
    "source, only_passed",
    [
        ("a", True),
        ("(a)", True),
        ("a + 'x' + b", True),
        ("b == 'x' ? a : c", True),
        ("(b ? a : c) + a", True),
        ("b ? (c ? a : d) : e + a", True),
        ("x ? y ? a : b : c", True),
        ("a == 'x' ? a : c", False),
        ("a.filled ? a : b", True),
        ("size(a) > 3 ? b : c", False),
        ("f(a)", False),
        ("a.contains('x') ? b : c", False),
        ("a[0]", False),
        ("b + (a == c ? d : e)", False),
    ],
)
def test_a_text_is_plain_only_where_it_is_passed_on(source: str, only_passed: bool):
    assert likeness.passed_on(source, "a") == only_passed


def test_texts_that_a_condition_reads_are_not_plain(open_office: None):
    procedure = office.law().procedure

    plain = likeness.plain_texts(procedure, procedure.actions["register"])

    register = "complaint_register"
    assert plain == {f"{register}.{name}" for name in ("owner_name", "room", "phone", "content", "recording_no")}


@pytest.mark.usefixtures("open_office")
def test_a_rush_of_openings_comes_to_what_each_would_have_come_to_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handle.clock, "now", lambda: AT.replace(microsecond=250_000))
    made = []
    monkeypatch.setattr(handle, "_mould", lambda *one, make=handle._mould: made.append(one) or make(*one))

    rushed = [handle.open_case(office.law(), opening(number)) for number in range(501, 508)]
    alone = handle.open_case(office.law(), opening(601), at=AT)

    assert len(made) == 1
    assert all(answer.done for answer in rushed)
    assert [type(event) for event in rushed[-1].events] == [type(event) for event in alone.events]
    assert row_of(rushed[-1])["Task"] == row_of(alone)["Task"]
    assert {event.at for answer in rushed for event in answer.events} == {AT}
    assert office.proved() == 8
