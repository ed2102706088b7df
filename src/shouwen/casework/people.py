"""The organisation's people seen from the regulations, and changes to them, each checked before it is recorded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shouwen.casework import access, lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.figures import Faulty
from shouwen.casework.identity import uuid7
from shouwen.casework.lists import Line
from shouwen.casework.procedures import Law
from shouwen.casework.world import world
from shouwen.core import values
from shouwen.core.calendar.edition import SHANGHAI
from shouwen.core.phrase import phrase
from shouwen.core.procedure import Role
from shouwen.organisation import events as oe
from shouwen.organisation.state import Cover, Organisation, Position, state
from shouwen.organisation.stream import record
from shouwen.store import models as rows

__all__ = [
    "Answering",
    "Faulty",
    "RoleUse",
    "Vacancy",
    "answering",
    "end_cover",
    "end_position",
    "give_position",
    "put_cover",
    "put_person",
    "put_unit",
    "role_uses",
    "vacancies",
]

_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_UNIT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,15}")
_PHONE = re.compile(r"[0-9+\- ]{5,20}")


@dataclass(frozen=True)
class RoleUse:
    """A role that people can hold, and the regulations that use it."""

    id: str
    name: str
    per_unit: bool
    laws: tuple[Law, ...]


@dataclass(frozen=True)
class Vacancy:
    """A role that nobody holds for a desk: what then happens. `falls_to`: the role that stands in, by name; '' if the
    acts and duties named here have nobody."""

    desk: str
    role: str
    name: str
    law: Law
    falls_to: str
    acts: tuple[str, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True)
class Answering:
    """An open case that rests on a person: he answers for it, or owes something in it. `seen`: it exists for whoever
    looks; of others he learns that there are some, no more."""

    line: Line
    seen: bool
    answers: bool
    owes: tuple[str, ...]


def role_uses() -> tuple[RoleUse, ...]:
    """Every role that is held by having a position, over all regulations in force."""
    found: dict[str, RoleUse] = {}
    for law in procedures.all_current():
        for role in law.procedure.roles.values():
            if _held(role):
                known = found.get(role.id)
                laws = (*known.laws, law) if known else (law,)
                apart = "／"  # zh: between two names of the same role
                name = apart.join(dict.fromkeys([*known.name.split(apart), role.name])) if known else role.name
                found[role.id] = RoleUse(role.id, name, role.per_unit, laws)
    return tuple(found.values())


def vacancies(viewer: Viewer, desks: Iterable[str]) -> Iterator[Vacancy]:
    """Roles that nobody holds for these desks now."""
    for law in procedures.all_current():
        p = law.procedure
        for desk in desks:
            if not viewer.organisation.lives_by(desk, p.id):
                continue
            here = world(law, viewer.organisation, desk, viewer.at)
            for role in p.roles.values():
                if not _held(role) or here.holders(role.id):
                    continue
                stands_in = p.roles.get(role.otherwise or "")
                falls_to = stands_in.name if stands_in and here.holders(stands_in.id) else ""
                acts = tuple(a.name for a in p.actions.values() if {one.role for one in a.who} == {role.id})
                duties = tuple(t.name for t in p.tasks.values() if {one.role for one in t.owed_by} == {role.id})
                yield Vacancy(desk, role.id, role.name, law, falls_to, acts, duties)


def answering(viewer: Viewer, person: str) -> tuple[Answering, ...]:
    """The open cases that rest on a person by his own name, for somebody who looks."""
    owing: dict[object, list[str]] = {}
    for case_id, task in rows.Task.objects.filter(state="open", owed_by__contains=[person]).values_list(
        "case_id", "task"
    ):
        owing.setdefault(case_id, []).append(task)
    open_cases = rows.Case.objects.filter(closed_at=None)
    found = open_cases.filter(answers=person) | open_cases.filter(case_id__in=list(owing))
    ids = list(found.order_by("opened_at").values_list("case_id", flat=True))
    visible = set(access.cases(viewer).filter(case_id__in=ids).values_list("case_id", flat=True))
    listed = []
    for line in lists.lines(ids):
        tasks = procedures.version(line.procedure, line.law).procedure.tasks
        owes = tuple(tasks[name].name for name in owing.get(line.case_id, ()) if name in tasks)
        listed.append(Answering(line, line.case_id in visible, line.answers == person, owes))
    return tuple(listed)


def put_person(typed: Mapping[str, str], *, code: str, actor: str, at: datetime) -> oe.PersonSet:
    """A new person (`code` '': the one typed), or a known one called otherwise. Raises `Faulty`."""
    organisation, faults = state(), dict[str, str]()
    fresh = not code
    code = code or typed.get("code", "").strip().casefold()
    if not _CODE.fullmatch(code):
        faults["code"] = phrase("代码用 2 到 32 个小写字母、数字、点或横线，如 li.na")
    elif fresh and code in organisation.people:
        faults["code"] = phrase("代码 {code} 已经是{name}的：换一个", code=code, name=organisation.people[code].name)
    name, phone, email = (typed.get(key, "").strip() for key in ("name", "phone", "email"))
    if not name:
        faults["name"] = phrase("请填姓名")
    if phone and not _PHONE.fullmatch(phone):
        faults["phone"] = phrase("电话只写数字，如 13800002716 或 021-68880000")
    if email and ("@" not in email.strip("@") or " " in email):
        faults["email"] = phrase("邮箱写作 name@example.com")
    if faults:
        raise Faulty(faults)
    active = typed.get("active", "yes") == "yes"
    event = oe.PersonSet(code=code, name=name, phone=phone, email=email, active=active)
    record(event, actor=actor, at=at)
    return event


def put_unit(typed: Mapping[str, str], *, actor: str, at: datetime) -> oe.UnitSet:
    """A new unit, or a known one changed. Raises `Faulty`."""
    organisation, faults = state(), dict[str, str]()
    code, name, parent = (typed.get(key, "").strip() for key in ("code", "name", "parent"))
    if not _UNIT_CODE.fullmatch(code):
        faults["code"] = phrase("代码用字母、数字或横线，至多 16 个；受理点的代码写进案号")
    if not name:
        faults["name"] = phrase("请填名称")
    if parent and parent not in organisation.units:
        faults["parent"] = phrase("请选上级单位")
    elif code in organisation.below(code) and parent in organisation.below(code):
        faults["parent"] = phrase("上级不能是它自己或它的下级")
    if faults:
        raise Faulty(faults)
    known = (law.procedure.id for law in procedures.all_current())
    event = oe.UnitSet(
        code=code,
        name=name,
        parent=parent,
        desk=typed.get("desk", "") == "yes",
        procedures=tuple(one for one in known if typed.get(f"by-{one}", "") == "yes"),
    )
    record(event, actor=actor, at=at)
    return event


def give_position(typed: Mapping[str, str], *, person: str, actor: str, at: datetime) -> oe.PositionSet:
    """A person holds a role in a unit from a day on. Raises `Faulty`."""
    organisation, faults = state(), dict[str, str]()
    unit, role = typed.get("unit", "").strip(), typed.get("role", "").strip()
    _known(organisation, unit, role, faults)
    since, until = _day(typed, "since", faults), _day(typed, "until", faults)
    if since and until and until < since:
        faults["until"] = phrase("止日不能早于起日")
    if not faults and _holds(organisation, person, unit, role, since or at.date()):
        faults["role"] = phrase("{called}已经在这里担任这个岗位", called=organisation.called(person))
    if faults:
        raise Faulty(faults)
    event = oe.PositionSet(position=str(uuid7(at)), person=person, unit=unit, role=role, since=since, until=until)
    record(event, actor=actor, at=at)
    return event


def end_position(typed: Mapping[str, str], *, person: str, actor: str, at: datetime) -> Position:
    """A position ends with a day. Raises `Faulty`."""
    found = next((p for p in state().positions if p.position == typed.get("position") and p.person == person), None)
    faults = dict[str, str]()
    until = _day(typed, "until", faults)
    if found is None:
        faults["position"] = phrase("没有这个岗位，可能刚被别人改过：请看最新的页面")
    elif until is None and not faults:
        faults["until"] = phrase("请选最后一天")
    elif until is not None and found.since is not None and until < found.since:
        faults["until"] = phrase("最后一天不能早于起日")
    if faults or found is None or until is None:
        raise Faulty(faults)
    record(oe.PositionEnded(position=found.position, until=until), actor=actor, at=at)
    return found


def put_cover(typed: Mapping[str, str], *, actor: str, at: datetime) -> oe.CoverSet:
    """Somebody holds a role for a time: for somebody absent, or on shift. Raises `Faulty`."""
    organisation, faults = state(), dict[str, str]()
    person, unit, role, kind, absent = (
        typed.get(key, "").strip() for key in ("person", "unit", "role", "kind", "absent")
    )
    if person not in organisation.people or not organisation.people[person].active:
        faults["person"] = phrase("请选在职的人")
    _known(organisation, unit, role, faults)
    if kind not in ("appointed", "shift"):
        faults["kind"] = phrase("请选指定代理或值班")
    if absent and absent not in organisation.people:
        faults["absent"] = phrase("请选人，或空着")
    elif absent and absent == person:
        faults["absent"] = phrase("不能自己代自己")
    since, until = _moment(typed, "since", at, faults), _moment(typed, "until", at, faults)
    if since and until and until <= since:
        faults["until"] = phrase("止时应在起时之后")
    elif until and until <= at:
        faults["until"] = phrase("止时已经过去")
    if faults or since is None or until is None:
        raise Faulty(faults)
    event = oe.CoverSet(
        cover=str(uuid7(at)), person=person, unit=unit, role=role, kind=kind, since=since, until=until, absent=absent
    )
    record(event, actor=actor, at=at)
    return event


def end_cover(typed: Mapping[str, str], *, actor: str, at: datetime) -> Cover:
    """A cover ends now. Raises `Faulty`."""
    found = next((cover for cover in state().covers if cover.cover == typed.get("cover")), None)
    if found is None or found.until <= at:
        raise Faulty({"cover": phrase("这次代理已经结束")})
    record(oe.CoverEnded(cover=found.cover, until=max(at, found.since)), actor=actor, at=at)
    return found


def _held(role: Role) -> bool:
    """Whether a role is held by having a position, not derived from others or from the case."""
    return not (role.outside or role.system or role.named_by or role.first_of or role.any_of)


def _holds(organisation: Organisation, person: str, unit: str, role: str, day: date) -> bool:
    return any((p.person, p.unit, p.role) == (person, unit, role) and p.on(day) for p in organisation.positions)


def _known(organisation: Organisation, unit: str, role: str, faults: dict[str, str]) -> None:
    if unit not in organisation.units:
        faults["unit"] = phrase("请选单位")
    if role not in {use.id for use in role_uses()}:
        faults["role"] = phrase("请选岗位")


def _day(typed: Mapping[str, str], name: str, faults: dict[str, str]) -> date | None:
    text = typed.get(name, "").strip()
    found = _read("date", text) if text else None
    if text and found is None:
        faults[name] = phrase("日期写作 2026-10-09")
    return found if isinstance(found, date) else None


def _moment(typed: Mapping[str, str], name: str, at: datetime, faults: dict[str, str]) -> datetime | None:
    """A moment on the wall clock of the house."""
    text = typed.get(name, "").strip()
    if not text:
        faults[name] = phrase("请选时间")
        return None
    found = _read("moment", text)
    if isinstance(found, datetime):
        return found
    faults[name] = phrase("时间写作 2026-10-09 18:00")
    return None


def _read(kind: str, text: str) -> object | None:
    """A day or a moment of a year that can be meant."""
    try:
        return values.read(kind, text, SHANGHAI)
    except values.Unreadable:
        return None
