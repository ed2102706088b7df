"""What waits for an authority is asked, decided, refused and carried out on the page of its case."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen.casework import handle
from shouwen.core.commands import Act, BuiltIn
from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def do(case: handle.Answer, action: str, by: str, **values: dict[str, object]) -> None:
    assert case.case_id is not None
    office.done(handle.act(case.case_id, Act(action=action, actor=by, values=values)))


@pytest.fixture
def page(open_office: None) -> str:
    """A minor complaint whose owner is content and will not sign; the manager asks to close it without."""
    command = Act(action="register", actor="linjia", values=office.complaint(), key="opening")
    case = office.done(handle.open_case(office.law(), handle.Opening(command=command, unit="ZXL")))
    points = [point.text for point in office.law().procedure.scripts["first_reply"].do]
    say = BuiltIn(verb="say", actor="linjia", target="first_reply", values={"items": points})
    assert case.case_id is not None
    office.done(handle.act(case.case_id, say))
    do(case, "prejudge", "linjia", complaint_register={"prelim_class": "不能及时解决"})
    do(case, "fill_sheet", "linjia", complaint_sheet={"project": "枕溪里"})
    ground = "无重大损失且影响不大且一个工作日可解决"
    do(case, "grade", "xuzy", complaint_sheet={"validity": "有效", "class_ground": [ground]})
    do(case, "assign", "xuzy", complaint_sheet={"assistant": "linjia", "work": [{"dept": "工程部"}]})
    do(case, "dispatch", "xuzy", complaint_sheet={"work": [{"dept": "工程部"}]})
    do(case, "receive", "luoht", complaint_sheet={"work": [{"dept": "工程部"}]})
    found = {"dept": "工程部", "cause": "空开老化", "measure": "更换", "implementer": "dingli"}
    do(case, "analyse", "luoht", complaint_sheet={"work": [found]})
    done = {"dept": "工程部", "result": "已亮", "sheet_handed_in": "yes"}
    do(case, "report_back", "luoht", complaint_sheet={"work": [done]})
    do(case, "remedy_accepted", "linjia")
    do(case, "tell_result", "linjia", complaint_sheet={"progress_notes": [{"way": "电话", "what": "已亮"}]})
    do(case, "refused_to_sign", "linjia", complaint_sheet={"callback_mode": "上门", "witnesses": ["chenxl", "xuzy"]})
    return f"/cases/{case.number}/"


def ask(client: Client, page: str) -> HttpResponse:
    return client.post(f"{page}do/close_unsigned/", {"complaint_sheet.unsigned_reason": "业主嫌麻烦不签"})


def test_an_act_beyond_the_actors_power_waits_and_says_so(come_in: ComeIn, page: str) -> None:
    client = come_in("xuzy")

    assert ask(client, page).status_code == 302

    shown = text(client.get(page))
    assert "已提请审批，批准后生效" in shown
    assert "业主嫌麻烦不签" in shown
    assert "撤回提请" in shown
    assert f'formaction="{page}also/approve/"' not in shown
    assert office.proved() == 1


def test_who_asked_does_not_decide(come_in: ComeIn, page: str) -> None:
    client = come_in("xuzy")
    ask(client, page)

    answer = client.post(f"{page}also/approve/", {"target": "unsigned_closing"})

    assert answer.status_code == 422
    assert "4.3.4-3" in text(answer)


def test_a_no_needs_a_reason_and_keeps_what_was_typed_beside_it(come_in: ComeIn, page: str) -> None:
    ask(come_in("xuzy"), page)
    client = come_in("gaojp")
    assert "同意" in text(client.get(page))

    bare = client.post(f"{page}also/decline/", {"target": "unsigned_closing", "reason": " "})
    said = client.post(f"{page}also/decline/", {"target": "unsigned_closing", "reason": "请再登门一次"})

    assert bare.status_code == 422
    assert "须写明理由" in text(bare)
    assert said.status_code == 302
    assert "请再登门一次" in text(client.get(page))
    assert office.proved() == 1


def test_a_yes_lets_the_act_take_effect(come_in: ComeIn, page: str) -> None:
    ask(come_in("xuzy"), page)

    come_in("gaojp").post(f"{page}also/approve/", {"target": "unsigned_closing"})

    assert rows.Case.objects.get().step == "review"
    assert office.proved() == 1


def test_a_decision_on_what_has_changed_meanwhile_is_asked_again(come_in: ComeIn, page: str) -> None:
    ask(come_in("xuzy"), page)
    seen = rows.Case.objects.get().version
    come_in("linjia").post(f"{page}do/log_handling/", {"complaint_sheet.handling_log.0.what": "业主来电又说愿意签"})

    answer = come_in("gaojp").post(f"{page}also/approve/", {"target": "unsigned_closing", "version": str(seen)})

    assert answer.status_code == 409
    assert "有人先办了一步" in text(answer)
    assert rows.Case.objects.get().step == "callback"
