"""One office for all tests of the shell: a company with two desks, their people, and complaints as they are taken in.

Every command goes through `casework.handle`; `proved` holds the rows of all cases against their records.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from shouwen.casework import filed, handle, memory, procedures, replay
from shouwen.casework.handle import Answer, Opening
from shouwen.core.commands import Act, BuiltIn
from shouwen.organisation import events as o
from shouwen.organisation.stream import record
from shouwen.store import models as rows

ZONE = ZoneInfo("Asia/Shanghai")
PROCEDURE = "property-complaint"
#: Tuesday; the National Day holiday is 1 to 7 October, Saturday the 10th is a make-up working day
TAKEN_IN = "2026-09-29 16:42"

UNITS = (
    o.UnitSet(code="QY", name="青屿物业"),
    o.UnitSet(code="ZXL", name="枕溪里服务中心", parent="QY", desk=True),
    o.UnitSet(code="ZXL-GC", name="工程部", parent="ZXL"),
    o.UnitSet(code="ZXL-HJ", name="环境部", parent="ZXL"),
    o.UnitSet(code="WJZ", name="望江座服务中心", parent="QY", desk=True),
)
#: person → name, unit, roles
CAST: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "linjia": ("林佳", "ZXL", ("front_desk", "cs_assistant", "all_staff")),
    "chenxl": ("陈晓岚", "ZXL", ("front_desk", "all_staff")),
    "xuzy": ("许志远", "ZXL", ("cs_manager", "all_staff")),
    "supervisor": ("方媛", "ZXL", ("cs_supervisor", "all_staff")),
    "gaojp": ("高建平", "ZXL", ("service_center_manager", "all_staff")),
    "luoht": ("罗海涛", "ZXL-GC", ("dept_head", "dept_supervisor", "all_staff")),
    "dingli": ("丁立", "ZXL-GC", ("dept_responsible", "all_staff")),
    "baojie": ("包洁", "ZXL-HJ", ("dept_head", "all_staff")),
    "zhoulan": ("周岚", "QY", ("quality_dept", "all_staff")),
    "yuanzheng": ("袁正", "QY", ("general_manager", "all_staff")),
    "wangjiang": ("江一帆", "WJZ", ("front_desk", "all_staff")),
}
_keys = count(1)


def moment(text: str) -> datetime:
    """`2026-09-29 16:42` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def open_office(at: str = "2026-01-01 08:00") -> None:
    """The company with its people, and the procedures; nothing of an earlier test is remembered."""
    memory.forget()
    procedures.load()
    positions = [
        o.PositionSet(position=f"{person}.{role}", person=person, unit=unit, role=role)
        for person, (_, unit, roles) in CAST.items()
        for role in roles
    ]
    people = [o.PersonSet(code=person, name=name) for person, (name, _, _) in CAST.items()]
    record(o.Named(name="青屿物业服务有限公司"), *UNITS, *people, *positions, actor="linjia", at=moment(at))


def law() -> procedures.Law:
    """The procedure that the tests run under."""
    return procedures.current(PROCEDURE)


def complaint(**changes: str) -> dict[str, dict[str, object]]:
    """What is typed when a complaint is taken in; rooms and phones differ from one to the next."""
    number = next(_keys)
    register = {
        "channel": "上门",
        "owner_name": "周敏华",
        "room": f"3-2-{number:04}",
        "phone": f"138{number:08}",
        "matter": "电梯",
        "content": "三栋客梯困人，老人平层绊倒受伤",
    }
    return {"complaint_register": {**register, **changes}}


def take_in(at: str = TAKEN_IN, *, by: str = "linjia", key: str = "", unit: str = "ZXL", **changes: str) -> Answer:
    """A complaint taken in."""
    command = Act(action="register", actor=by, values=complaint(**changes), key=key or f"key-{next(_keys)}")
    return handle.open_case(law(), Opening(command=command, unit=unit), at=moment(at))


def do(
    case: Answer | UUID,
    action: str,
    by: str,
    at: str,
    *,
    key: str = "",
    expected: int | None = None,
    reason: str = "",
    present: tuple[str, ...] = (),
    **values: Mapping[str, object],
) -> Answer:
    """An act on a case, values by form."""
    found = case.case_id if isinstance(case, Answer) else case
    assert found is not None
    command = Act(action=action, actor=by, values=values, key=key, reason=reason, present=present)
    return handle.act(found, command, at=moment(at), expected=expected)


def say_all(case: Answer, script: str, by: str, at: str) -> Answer:
    """A script with all its points ticked."""
    points = [point.text for point in law().procedure.scripts[script].do]
    assert case.case_id is not None
    return handle.act(
        case.case_id, BuiltIn(verb="say", actor=by, target=script, values={"items": points}), at=moment(at)
    )


def graded_major(at: str = TAKEN_IN) -> Answer:
    """A complaint with an injured person, graded major within the half hour."""
    opened = take_in(at)
    done(say_all(opened, "first_reply", "linjia", _later(at, 2)))
    done(do(opened, "prejudge", "linjia", _later(at, 3), complaint_register={"prelim_class": "比较重要"}))
    register = {name: opened.case.values[f"complaint_register.{name}"] for name in ("owner_name", "room", "phone")}
    sheet = {
        "project": "枕溪里",
        "received_at": at,
        "channel": "上门",
        "content": "三栋客梯困人，老人平层绊倒受伤",
        "reported_cs_manager_at": _later(at, 5),
        **register,
    }
    done(do(opened, "fill_sheet", "linjia", _later(at, 5), complaint_sheet=sheet))
    return done(
        do(opened, "grade", "xuzy", _later(at, 8), complaint_sheet={"validity": "有效", "class_ground": ["人身伤害"]})
    )


def _later(at: str, minutes: int) -> str:
    return f"{moment(at) + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"


def done(answer: Answer) -> Answer:
    """The answer, if it took effect."""
    assert answer.done, (answer.refusal, answer.since)
    return answer


def proved() -> int:
    """Every case's rows are what its records make them, read afresh; how many cases there are."""
    filed.forget()
    ids = list(rows.Case.objects.values_list("case_id", flat=True))
    assert list(replay.verify(iter(ids))) == []
    return len(ids)
