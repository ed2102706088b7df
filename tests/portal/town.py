"""A town for the tests of the portal: a property company, an office tower and a telephone exchange under one roof, and
what a customer types into their forms."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from shouwen.casework import handle, procedures
from shouwen.casework.handle import Answer, Opening
from shouwen.core.commands import Act, BuiltIn
from shouwen.organisation import events as o
from shouwen.organisation.stream import record
from shouwen.store import models as rows
from tests import office

#: the smallest picture there is
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cf"
    "c0f01f0005000201e2d5a5e50000000049454e44ae426082"
)
COMPLAIN = "/portal/at/ZXL/report/property-complaint/register/"
CHECK = "/portal/at/JF/report/phone-fault/start_check/"
FAULT = "/portal/at/JF/report/phone-fault/report_fault/"
POWER = "/portal/at/YX/report/outage-notice/apply/"

_PEOPLE = {
    "shentai": ("申台", "JF", ("fault_desk",)),
    "jifang": ("季方", "JF", ("room_operator",)),
    "chaxiu": ("查修", "JF", ("fault_handler",)),
    "banzhang": ("班章", "JF", ("room_supervisor",)),
    "gongcheng": ("龚程", "YX", ("engineering", "duty_staff")),
    "jingli": ("景立", "YX", ("gm",)),
    "nigao": ("倪稿", "YX", ("company_office",)),
    "guanli": ("关礼", "YX", ("admin_dept",)),
}


def found() -> None:
    """The company of `office`, and beside it the tower and the exchange, each living by its own regulations."""
    office.open_office()
    units = (
        o.UnitSet(code="QY", name="青屿物业", procedures=("property-complaint",)),
        o.UnitSet(code="JF", name="电信机房", desk=True, procedures=("phone-fault",)),
        o.UnitSet(code="YX", name="云岫大厦", desk=True, procedures=("outage-notice",)),
    )
    people = [o.PersonSet(code=code, name=name) for code, (name, _, _) in _PEOPLE.items()]
    posts = [
        o.PositionSet(position=f"{code}.{role}", person=code, unit=unit, role=role)
        for code, (_, unit, roles) in _PEOPLE.items()
        for role in roles
    ]
    record(*units, *people, *posts, actor="linjia", at=office.moment("2026-01-02 08:00"))


def key() -> str:
    """As a form of ours has it."""
    return uuid4().hex


def complaint(**changes: str) -> dict[str, object]:
    """What an owner tells of his matter."""
    told = {
        "complaint_register.content": "厨房吊顶漏水三天了，楼上不肯开门",
        "complaint_register.room": "3-1-502",
        "complaint_register.owner_name": "周明",
        "complaint_register.phone": "13800005566",
    }
    return {"key": key(), **told, **{f"complaint_register.{name}": text for name, text in changes.items()}}


def fault(**changes: str) -> dict[str, object]:
    """What a subscriber reports."""
    told = {
        "fault_number": "0571-88120001",
        "symptom": "拿起来没有声音，屏也不亮",
        "done_by_user": "换过话机和线，都没有恢复",
        "wall_to_phone_excluded": "已排除",
        "reporter": "王小梅",
        "callback_number": "13800008811",
        "address": "江滨路8号3幢502",
    }
    return {"key": key(), **{f"fault_report.{name}": text for name, text in {**told, **changes}.items()}}


def photo(name: str = "现场.png", more: bytes = b"") -> SimpleUploadedFile:
    """A picture as a telephone sends it."""
    return SimpleUploadedFile(name, PICTURE + more, "image/png")


def text(answer: HttpResponse) -> str:
    """What stands on a page."""
    return answer.content.decode()


def receipt(client: Client) -> tuple[str, str]:
    """Number and code as the receipt shows them."""
    page = text(client.get("/portal/receipt/"))
    shown = re.findall(r'<dd class="no[^"]*">([^<]+)</dd>', page)
    assert len(shown) == 2, page
    return shown[0], shown[1]


def report(client: Client, where: str, told: dict[str, object]) -> str:
    """Brought; its number."""
    answer = client.post(where, told)
    assert (answer.status_code, answer["Location"]) == (302, "/portal/receipt/"), text(answer)
    return receipt(client)[0]


def case_of(number: str) -> UUID:
    """The id of a case."""
    return rows.Case.objects.get(number=number).case_id


def act(number: str, action: str, by: str, **values: dict[str, object]) -> Answer:
    """An act of staff, which must be allowed."""
    answer = handle.act(case_of(number), Act(action=action, actor=by, values=values, key=key()))
    assert answer.done, answer.refusal
    return answer


def answer_guide(number: str, guide: str, by: str, *words: str) -> None:
    """Questions of a guide answered by staff."""
    for word in words:
        command = BuiltIn(verb="answer", actor=by, target=guide, values={"answer": word}, seen=True)
        answer = handle.act(case_of(number), command)
        assert answer.done, answer.refusal


def opened(procedure: str, action: str, by: str, unit: str, **values: dict[str, object]) -> str:
    """A case opened by staff; its number."""
    command = Act(action=action, actor=by, values=values, key=key())
    law = procedures.current(procedure)
    answer = handle.open_case(law, Opening(command=command, unit=unit))
    assert answer.done, answer.refusal
    return answer.number
