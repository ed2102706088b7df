"""What happened to the organisation, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from shouwen.casework import procedures
from shouwen.organisation import events as oe
from shouwen.organisation.state import Organisation
from shouwen.web import moments

__all__ = ["COVER_KINDS", "Names", "sentence"]

COVER_KINDS = {"appointed": "指定代理", "shift": "值班"}


@dataclass(frozen=True)
class Names:
    """How people, units, roles and positions are called."""

    organisation: Organisation
    #: position or cover → (person, unit, role)
    held: Mapping[str, tuple[str, str, str]]

    @classmethod
    def of(cls, organisation: Organisation) -> Names:
        """The names of an organisation as it stands."""
        held = {one.position: (one.person, one.unit, one.role) for one in organisation.positions}
        held |= {one.cover: (one.person, one.unit, one.role) for one in organisation.covers}
        return cls(organisation, held)

    def person(self, code: str) -> str:
        """A person by name."""
        return self.organisation.called(code)

    def unit(self, code: str) -> str:
        """A unit by name."""
        return self.organisation.units[code].name if code in self.organisation.units else code

    def post(self, unit: str, role: str) -> str:
        """A role in its unit."""
        return f"{self.unit(unit)}的{procedures.role_name(self.organisation, unit, role)}"


def sentence(names: Names, event: oe.Event) -> str:
    """One event of the organisation's stream."""
    match event:
        case oe.Named():
            return f"单位名称定为“{event.name}”"
        case oe.UnitSet():
            above = f"，属{names.unit(event.parent)}" if event.parent else ""
            by = f"，执行规程 {len(event.procedures)} 部" if event.procedures else ""
            return f"单位“{event.name}”（{event.code}）{above}{'，受理点' if event.desk else ''}{by}"
        case oe.PersonSet():
            return f"{event.name}（{event.code}）" + ("登记在册" if event.active else "离职停用")
        case oe.PositionSet():
            span = f"，{event.since} 起" if event.since else ""
            return f"{names.person(event.person)}任{names.post(event.unit, event.role)}{span}" + (
                f"至 {event.until}" if event.until else ""
            )
        case oe.PositionEnded():
            person, unit, role = names.held.get(event.position, ("", "", ""))
            return f"{names.person(person)}不再任{names.post(unit, role)}，止于 {event.until}"
        case oe.CoverSet():
            for_whom = f"代{names.person(event.absent)}" if event.absent else ""
            span = f"{moments.moment(event.since)} 至 {moments.moment(event.until)}"
            kind = COVER_KINDS.get(event.kind, event.kind)
            return f"{names.person(event.person)}{for_whom}任{names.post(event.unit, event.role)}（{kind}），{span}"
        case oe.CoverEnded():
            person, unit, role = names.held.get(event.cover, ("", "", ""))
            return f"{names.person(person)}的代理（{names.post(unit, role)}）提前结束"
        case oe.FigureSet():
            return f"数值 {event.figure} 自 {event.since} 起为 {event.text}：{event.reason}"
        case oe.WordSet():
            return f"词条“{event.word}”{'停用' if event.retired else '可选'}"
        case oe.RowSet():
            return f"登记簿添了或改了“{event.key}”"
        case oe.RowEnded():
            return f"登记簿“{event.key}”止于 {event.until}"
        case oe.DaySet():
            kind = {True: "上班", False: "休息", None: "照公历"}[event.works]
            return f"{event.day} {kind}" + (f"：{event.name}" if event.name else "")
        case _:
            assert_never(event)
