"""Doing something outside: pressed, pressed twice, pressed long ago, pressed on what has changed, and pressed in bad
faith."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.field.hours import Clock, moment

ComeIn = Callable[[str], Client]
#: the smallest picture
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
SIGNATURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAAAAgAB4iG8MwAAAABJRU5ErkJggg=="
)


def _send(client: Client, address: str, **fields: object) -> tuple[int, Mapping[str, object]]:
    """As the page's script sends it."""
    answer = client.post(address, fields, headers={"X-Requested-With": "field"})
    return answer.status_code, json.loads(answer.content)


def _acts(number: str, action: str) -> list[object]:
    """The moments at which an act was done in a case."""
    from shouwen.casework import filed
    from shouwen.store.models import Case

    case = filed.load(Case.objects.get(number=number).case_id)[0].case
    return [mark.happened for mark in case.marks.get(f"act.{action}", ())]


def test_without_a_script_one_press_does_the_act_and_comes_back_to_the_job(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("09:20")

    answer = technician.post(f"/field/jobs/{case.number}/do/arrive/", {"key": "press", "version": ""})

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/field/jobs/{case.number}/")
    assert _acts(case.number, "arrive") == [moment("2026-09-29 09:20")]


def test_sent_a_second_time_it_is_the_same_act(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("09:20")
    address = f"/field/jobs/{case.number}/do/arrive/"

    seen = site.version(case)
    first = _send(technician, address, key="press", version=seen)
    site.do(case, "record_entry", "zhaoyong", "09:21", work_order={"entry_permitted": "已许可"})
    clock.set("09:40")
    second = _send(technician, address, key="press", version=seen)

    assert [status for status, _ in (first, second)] == [200, 200]
    assert [said["state"] for _, said in (first, second)] == ["taken", "taken"]
    assert first[1]["version"] == second[1]["version"]
    assert _acts(case.number, "arrive") == [moment("2026-09-29 09:20")]


def test_what_was_pressed_without_a_network_happened_when_it_was_pressed(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("12:20")

    _, said = _send(
        technician,
        f"/field/jobs/{case.number}/do/arrive/",
        key="press",
        pressed="2026-09-29T01:25:31.120Z",
        person="zhaoyong",
    )

    assert said["state"] == "taken"
    assert said["note"] == "按办理时刻 09:25 记"
    assert _acts(case.number, "arrive") == [moment("2026-09-29 09:25:31")]


def test_pressed_longer_ago_than_may_be_recorded_it_is_refused_and_may_be_recorded_for_now(
    come_in: ComeIn, clock: Clock
) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("2026-09-30 11:00")
    address = f"/field/jobs/{case.number}/do/arrive/"

    status, said = _send(technician, address, key="press", pressed="2026-09-29T09:20:00+08:00")
    again, _ = _send(technician, address, key="press", pressed="")

    assert (status, said["state"], said["late"]) == (422, "refused", True)
    assert said["reasons"] == [{"text": "补录超过允许的期限", "clauses": ["1e"]}]
    assert again == 200
    assert _acts(case.number, "arrive") == [moment("2026-09-30 11:00")]


def test_a_clock_that_runs_ahead_or_makes_no_sense_says_nothing(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    cases = [site.signed("09:00") for _ in range(4)]
    clock.set("09:20")

    for case, pressed in zip(
        cases, ("2027-01-01T00:00:00Z", "yesterday", "2026-09-29T09:01:00", "9" * 5000), strict=True
    ):
        _send(technician, f"/field/jobs/{case.number}/do/arrive/", key="press", pressed=pressed)

    assert [_acts(case.number, "arrive") for case in cases] == [[moment("2026-09-29 09:20")]] * 4


def test_if_somebody_was_faster_nothing_happens_and_what_he_did_is_told_with_the_form(
    come_in: ComeIn, clock: Clock
) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.repaired("09:00")
    seen = site.do(case, "accept_repair", "zhaoyong", "09:30", work_order={"accepted": "合格"}).case.seq
    site.do(case, "assign_technician", "linshui", "09:40", handling={"assigned_to": "tongda"})
    clock.set("09:50")
    form = {
        "work_order.result": "换阀芯一只，不再滴漏",
        "work_order.cleaned": "已清理",
        "work_order.user_signature": "冯玉兰",
    }

    status, said = _send(technician, f"/field/jobs/{case.number}/do/finish/", key="press", version=seen, **form)

    assert (status, said["state"]) == (409, "faster")
    assert "指派或改派技工" in str(said["others"])
    assert "换阀芯一只，不再滴漏" in str(said["html"])
    assert _acts(case.number, "finish") == []


def test_refused_the_reasons_come_with_their_clauses_and_the_form_with_what_was_typed(
    come_in: ComeIn, clock: Clock
) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.repaired("09:00")
    site.do(case, "accept_repair", "zhaoyong", "09:30", work_order={"accepted": "合格"})
    clock.set("09:50")

    status, said = _send(
        technician,
        f"/field/jobs/{case.number}/do/finish/",
        key="press",
        **{"work_order.result": "换阀芯一只", "work_order.cleaned": "未清理", "work_order.user_signature": "冯玉兰"},
    )

    assert status == 422
    assert "10d" in {clause for reason in said["reasons"] for clause in reason["clauses"]}  # type: ignore[attr-defined]  # a list of reasons
    assert "换阀芯一只" in str(said["html"])


def test_a_signature_drawn_and_a_photograph_taken_stay_with_the_case_once(come_in: ComeIn, clock: Clock) -> None:
    from shouwen.casework import attachments
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.repaired("09:00")
    site.do(case, "accept_repair", "zhaoyong", "09:30", work_order={"accepted": "合格"})
    clock.set("09:50")
    assert case.case_id is not None
    form = {
        "work_order.result": "换阀芯一只",
        "work_order.cleaned": "已清理",
        "work_order.user_signature": "冯玉兰",
        "work_order.user_signature:drawn": SIGNATURE,
    }

    for _ in range(2):
        status, _said = _send(technician, f"/field/jobs/{case.number}/do/finish/", key="press", **form)
        photo = SimpleUploadedFile("水龙头.png", PICTURE, content_type="image/png")
        sent, _said = _send(technician, f"/field/jobs/{case.number}/photos/", file=photo)
        assert (status, sent) == (200, 200)

    kept = sorted((one.name, one.field) for one in attachments.of_case(case.case_id))
    assert kept == [("水龙头.png", ""), ("签名-用户签名.png", "work_order.user_signature")]
    assert len(_acts(case.number, "finish")) == 1


def test_nobody_acts_in_the_name_of_who_has_left_the_telephone(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    colleague = come_in("tongda")
    case = site.signed("09:00", by="zhaoyong")
    clock.set("09:20")

    statuses = [
        _send(colleague, f"/field/jobs/{case.number}/{what}/", key="press", person="zhaoyong")
        for what in ("do/arrive", "photos", "also/note")
    ]

    assert statuses == [(403, {"state": "foreign"})] * 3
    assert _acts(case.number, "arrive") == []


def test_what_is_sent_in_bad_faith_changes_nothing(come_in: ComeIn, clock: Clock) -> None:
    from shouwen.casework import attachments
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("09:20")
    assert case.case_id is not None
    job = f"/field/jobs/{case.number}"
    program = SimpleUploadedFile("照片.jpg", b"MZ" + b"\0" * 64, content_type="image/jpeg")

    answers = {
        "unknown act": technician.post(f"{job}/do/no_such_act/").status_code,
        "opening": technician.post(f"{job}/do/report_repair/").status_code,
        "another's act": _send(technician, f"{job}/do/review/", key="a")[0],
        "not yet": _send(technician, f"{job}/do/finish/", key="b")[0],
        "unknown verb": technician.post(f"{job}/also/approve/").status_code,
        "program": _send(technician, f"{job}/photos/", file=program)[0],
        "nothing": _send(technician, f"{job}/photos/")[0],
        "put": technician.put(f"{job}/do/arrive/").status_code,
        "no such case": technician.post("/field/jobs/WX-YX-2026-99999/do/arrive/").status_code,
    }

    assert answers == {
        "unknown act": 404,
        "opening": 404,
        "another's act": 422,
        "not yet": 422,
        "unknown verb": 404,
        "program": 422,
        "nothing": 422,
        "put": 405,
        "no such case": 404,
    }
    assert attachments.of_case(case.case_id) == ()
    assert _acts(case.number, "arrive") == []


def test_a_form_without_the_token_of_its_page_is_not_taken(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = technician.cookies

    answer = strict.post(
        f"/field/jobs/{case.number}/do/arrive/", {"key": "press"}, headers={"X-Requested-With": "field"}
    )

    assert answer.status_code == 403
    assert _acts(case.number, "arrive") == []


def test_a_note_pressed_without_a_network_is_taken_once(come_in: ComeIn, clock: Clock) -> None:
    from shouwen.casework import history
    from shouwen.core import events as e
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("12:00")
    assert case.case_id is not None

    for _ in range(2):
        _send(
            technician,
            f"/field/jobs/{case.number}/also/note/",
            key="note",
            text="门禁要刷卡",
            pressed="2026-09-29T09:30:00+08:00",
        )

    notes = [
        event for event in history.events(case.case_id) if isinstance(event, e.Noted) and event.text == "门禁要刷卡"
    ]
    assert [clock.at - note.happened for note in notes] == [timedelta(hours=2, minutes=30)]
