"""What happened to the organisation, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from shouwen.casework import procedures
from shouwen.organisation import events as oe
from shouwen.organisation.state import Organisation
from shouwen.web import moments
from shouwen.web.phrases import several

__all__ = ["COVER_KINDS", "Names", "sentence"]

COVER_KINDS = {"appointed": _noop("指定代理"), "shift": _noop("值班")}


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
        return _("{unit}的{role_name}").format(
            unit=self.unit(unit), role_name=procedures.role_name(self.organisation, unit, role)
        )


def sentence(names: Names, event: oe.Event) -> str:
    """One event of the organisation's stream."""
    match event:
        case oe.Named():
            return _("单位名称定为“{name}”").format(name=event.name)
        case oe.UnitSet():
            above = _("，属{unit}").format(unit=names.unit(event.parent)) if event.parent else ""
            by = several("，执行规程 {n} 部", len(event.procedures)) if event.procedures else ""
            return _("单位“{name}”（{code}）{above}{what}{by}").format(
                name=event.name, code=event.code, above=above, what=_("，受理点") if event.desk else "", by=by
            )
        case oe.PersonSet():
            said = _("{name}（{code}）登记在册") if event.active else _("{name}（{code}）离职停用")
            return said.format(name=event.name, code=event.code)
        case oe.PositionSet():
            span = _("，{since} 起").format(since=event.since) if event.since else ""
            return _("{person}任{post}{span}").format(
                person=names.person(event.person), post=names.post(event.unit, event.role), span=span
            ) + (_("至 {until}").format(until=event.until) if event.until else "")
        case oe.PositionEnded():
            person, unit, role = names.held.get(event.position, ("", "", ""))
            return _("{person}不再任{post}，止于 {until}").format(
                person=names.person(person), post=names.post(unit, role), until=event.until
            )
        case oe.CoverSet():
            for_whom = _("代{person}").format(person=names.person(event.absent)) if event.absent else ""
            span = _("{moment} 至 {moment2}").format(
                moment=moments.moment(event.since), moment2=moments.moment(event.until)
            )
            kind = _(COVER_KINDS.get(event.kind, event.kind))
            return _("{person}{for_whom}任{post}（{kind}），{span}").format(
                person=names.person(event.person),
                for_whom=for_whom,
                post=names.post(event.unit, event.role),
                kind=kind,
                span=span,
            )
        case oe.CoverEnded():
            person, unit, role = names.held.get(event.cover, ("", "", ""))
            return _("{person}的代理（{post}）提前结束").format(
                person=names.person(person), post=names.post(unit, role)
            )
        case oe.FigureSet():
            return _("数值 {figure} 自 {since} 起为 {text}：{reason}").format(
                figure=event.figure, since=event.since, text=event.text, reason=event.reason
            )
        case oe.WordSet():
            return (_("词条“{word}”停用") if event.retired else _("词条“{word}”可选")).format(word=event.word)
        case oe.RowSet():
            return _("登记簿添了或改了“{key}”").format(key=event.key)
        case oe.RowEnded():
            return _("登记簿“{key}”止于 {until}").format(key=event.key, until=event.until)
        case oe.DaySet():
            kind = {True: _("上班"), False: _("休息"), None: _("照公历")}[event.works]
            return f"{event.day} {kind}" + (_("：{name}").format(name=event.name) if event.name else "")
        case _:
            assert_never(event)
