"""A building with its technicians, and repairs on their way: everything goes through `casework.handle`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from shouwen.casework import filed, handle, memory, procedures
from shouwen.casework.handle import Answer, Opening
from shouwen.core.commands import Act
from shouwen.organisation import events as o
from shouwen.organisation.stream import record
from tests.field.hours import PASSWORD, moment

UNITS = (
    o.UnitSet(code="YX", name="云岫大厦", desk=True),
    o.UnitSet(code="YX-PS", name="给排水", parent="YX"),
    o.UnitSet(code="YX-QD", name="强电", parent="YX"),
)
#: person → name, unit, role
CAST: Mapping[str, tuple[str, str, str]] = {
    "suqing": ("苏晴", "YX", "service_center"),
    "fangmin": ("方敏", "YX", "clerk"),
    "luhang": ("卢航", "YX", "system_engineer"),
    "linshui": ("林水生", "YX-PS", "team"),
    "zhaoyong": ("赵勇", "YX-PS", "technician"),
    "tongda": ("童达", "YX-PS", "technician"),
    "gongliang": ("龚亮", "YX-QD", "technician"),
}
_numbers = count(1)


def open_site() -> None:
    """The building with its people, each with an account; nothing of an earlier test is remembered."""
    from shouwen.accounts import access

    memory.forget()
    procedures.load()
    fees = o.RowSet(
        procedure="work-order",
        register="fee_standard",
        key="更换水龙头",
        values={
            "item": "更换水龙头",
            "unit_price": "120 元",
            "unit": "个",
            "material_rule": "无",
            "valid_from": "2026-01-01",
        },
    )
    people = [o.PersonSet(code=code, name=name) for code, (name, _, _) in CAST.items()]
    posts = [o.PositionSet(position=code, person=code, unit=unit, role=role) for code, (_, unit, role) in CAST.items()]
    record(
        o.Named(name="云岫大厦管理公司"), *UNITS, *people, *posts, fees, actor="suqing", at=moment("2026-01-01 08:00")
    )
    access.create_all([access.Newcomer(username=code, person=code) for code in CAST], PASSWORD)


def report(at: str, *, team: str = "给排水", **changes: str) -> Answer:
    """A repair reported, printed, registered and handed to its team, within two minutes."""
    number = next(_numbers)
    order = {
        "user_name": "冯玉兰",
        "unit": f"A座{1000 + number}",
        "contact_phone": f"138{number:08}",
        "content": "茶水间水龙头关不紧",
        "kind": "一般维修",
        "team": team,
        **changes,
    }
    law, when = procedures.current("work-order"), moment(f"2026-09-29 {at}")
    command = Act(action="report_repair", actor="suqing", values={"work_order": order}, key=f"report-{number}")
    opened = handle.open_case(law, Opening(command=command, unit="YX"), at=when)
    assert opened.refusal is None, opened.refusal
    for action, values in (
        ("print_order", {}),
        ("register_order", {}),
        ("hand_to_team", {"work_order": {"team": team}}),
    ):
        do(opened, action, "fangmin", at, **values)
    return opened


def do(case: Answer, action: str, by: str, at: str, **values: Mapping[str, object]) -> Answer:
    """An act on a repair, which must take effect."""
    assert case.case_id is not None
    command = Act(action=action, actor=by, values=values, key=f"act-{next(_numbers)}")
    answer = handle.act(case.case_id, command, at=moment(f"2026-09-29 {at}"))
    assert answer.done, answer.refusal
    return answer


def signed(at: str, *, by: str = "zhaoyong", **changes: str) -> Answer:
    """A repair that a technician has signed for."""
    case = report(at, **changes)
    do(case, "sign_receipt", by, at)
    return case


def inside(at: str, *, by: str = "zhaoyong", **changes: str) -> Answer:
    """A repair whose technician has been let in, and has nothing to charge for."""
    case = signed(at, by=by, **changes)
    do(case, "arrive", by, at)
    do(case, "record_entry", by, at, work_order={"entry_permitted": "已许可"})
    do(case, "judge_paid", by, at, work_order={"paid_kind": "无偿"})
    return case


def repaired(at: str, *, by: str = "zhaoyong", **changes: str) -> Answer:
    """A repair that is done and waits for the customer to look at it."""
    case = inside(at, by=by, **changes)
    do(case, "do_repair", by, at, work_order={"fault_cause": "阀芯磨损", "materials": ["阀芯"], "protection": "已做"})
    return case


def version(case: Answer) -> int:
    """The version of a repair as a page drawn now would show it."""
    assert case.case_id is not None
    return filed.load(case.case_id)[0].case.seq
