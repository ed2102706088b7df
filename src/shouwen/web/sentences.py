"""Events as Chinese sentences: the one place that says what happened; mypy asks for the line of a new event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.utils.translation import pgettext

from shouwen.core import events as e
from shouwen.core.case import PROMISED
from shouwen.core.procedure import Field, Procedure, Table
from shouwen.core.values import Value, show
from shouwen.web import moments
from shouwen.web.phrases import several, translated
from shouwen.web.shown import hidden, shown, yuan

__all__ = ["Category", "Detail", "Sentence", "in_unit", "person_label", "role_label", "sentence"]

Names = Mapping[str, str]

_OUTCOMES = {
    "granted": _noop("审批同意：{authority}"),
    "returned": _noop("审批退回修改：{authority}"),
    "declined": _noop("审批不同意：{authority}"),
    "withdrawn": _noop("审批撤回：{authority}"),
    "lapsed": _noop("审批失效：{authority}"),
}
_REQUESTS = {
    "open": _noop("立新案"),
    "go": _noop("另案转入环节"),
    "end": _noop("另案办结"),
    "reopen": _noop("重开另案"),
    "set": _noop("填写另案"),
    "note": _noop("在另案留言"),
    "write": _noop("登入登记簿"),
    "link": _noop("与另案关联"),
    "closed": _noop("告知另案办结"),
}
_ALARMS = {"remind": _noop("时限提醒"), "overdue": _noop("逾期催办"), "rung": _noop("逐级督办")}


class Category(StrEnum):
    """What a sentence is about, for filtering."""

    CONTACT = _noop("往来")
    TIME = _noop("时限")
    HANDOVER = _noop("交接")
    PAPER = _noop("表单")
    SYSTEM = _noop("系统")


@dataclass(frozen=True, kw_only=True)
class Detail:
    """A field that an act filled, in words."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What an event says. `who` and `post` stand before the text; `note` and `details` below it; `state` as in the
    design system (soon, late, wait, done); `by_time`: no hand did it; `begins`: a command begins with it."""

    text: str
    happened: datetime
    at: datetime
    category: Category
    icon: str
    who: str = ""
    post: str = ""
    note: str = ""
    details: tuple[Detail, ...] = ()
    clauses: tuple[str, ...] = ()
    state: str = ""
    by_time: bool = False
    hidden: bool = False
    begins: bool = False

    @property
    def backdated(self) -> bool:
        """Whether it was written down later than it happened."""
        return bool(self.who) and (self.at - self.happened).total_seconds() >= 60

    @property
    def plain(self) -> str:
        """The whole sentence as text."""
        if self.post:
            return _("{who}（{post}）{text}").format(who=self.who, post=self.post, text=self.text)
        return _("{who}{text}").format(who=self.who, text=self.text) if self.who else self.text


@dataclass(frozen=True)
class _Said:
    """The words of one event before its moment and clauses are added."""

    text: str
    category: Category
    icon: str
    who: str = ""
    post: str = ""
    note: str = ""
    details: tuple[Detail, ...] = ()
    state: str = ""
    by_time: bool = False
    hidden: bool = False
    begins: bool = False


@dataclass(frozen=True)
class _Words:
    """How things are called: the procedure's own words, the names of people, what the reader may see."""

    procedure: Procedure
    names: Names
    roles: frozenset[str] = field(default_factory=frozenset)
    masked: bool = True

    def person(self, code: str) -> str:
        return person_label(self.names, code)

    def party(self, label: str) -> str:
        """A person, or a role@unit."""
        return self.names.get(label) or role_label(self.procedure, label)

    def parties(self, labels: tuple[str, ...]) -> str:
        return _("、").join(self.party(label) for label in labels)

    def step(self, step: str) -> str:
        flows = self.procedure.flows.values()
        return next((flow.steps[step].name for flow in flows if step in flow.steps), step)

    def task(self, task: str, item: str) -> str:
        rule = self.procedure.tasks.get(task)
        return (rule.name if rule else task) + (_("（{party}）").format(party=self.party(item)) if item else "")

    def action(self, action: str) -> str:
        rule = self.procedure.actions.get(action)
        return rule.name if rule else action

    def authority(self, authority: str) -> str:
        rule = self.procedure.authorities.get(authority)
        return rule.name if rule else authority

    def form(self, form: str) -> str:
        rule = self.procedure.forms.get(form)
        return _("《{name}》").format(name=rule.name if rule else form)

    def role(self, role: str) -> str:
        return role_label(self.procedure, role) if role else ""

    def filled(self, values: e.Values, rows: Mapping[str, Mapping[str, e.Values]]) -> tuple[Detail, ...]:
        """The fields that were filled, in words; what this reader must not see is left out."""
        found = [self._detail(path, value) for path, value in values.items()]
        for path, lines in rows.items():
            found += [self._line(path, item, line) for item, line in lines.items()]
        return tuple(detail for detail in found if detail is not None)

    def _detail(self, path: str, value: Value) -> Detail | None:
        rule = self.procedure.fields.get(path)
        if rule is None or hidden(self.procedure, rule, self.roles):
            return None
        if value in ("", ()):
            return Detail(name=rule.name, text=_("（清空）"))
        return Detail(name=rule.name, text=self._shown(rule, value))

    def _line(self, path: str, item: str, line: e.Values) -> Detail | None:
        rule = self.procedure.fields.get(path)
        if rule is None or hidden(self.procedure, rule, self.roles):
            return None
        cells = {name: value for name, value in line.items() if name != rule.key and name in rule.columns}
        text = self._shown(rule, (cells,))
        name = f"{rule.name} · {self.party(item)}" if rule.key else rule.name
        return Detail(name=name, text=text or self.party(item))

    def _shown(self, rule: Field, value: Value) -> str:
        return shown(self.procedure, rule, value, self.names, masked=self.masked, roles=self.roles)


def sentence(
    procedure: Procedure, event: e.Event, names: Names, *, roles: frozenset[str] = frozenset(), masked: bool = True
) -> Sentence:
    """What happened, in words. `names`: person code → name; `roles`: the reader's, for fields hidden from them;
    `masked`: private values show their mask only."""
    said = _said(_Words(procedure, names, roles, masked), event)
    return Sentence(
        text=said.text,
        happened=event.happened,
        at=event.at,
        category=said.category,
        icon=said.icon,
        who=said.who,
        post=said.post,
        note=said.note,
        details=said.details,
        clauses=event.clauses,
        state=said.state,
        by_time=said.by_time,
        hidden=said.hidden,
        begins=said.begins,
    )


def person_label(names: Names, code: str) -> str:
    """A person by name; the program itself where nobody acted."""
    return names.get(code, code) if code else _("系统")


def role_label(procedure: Procedure, label: str) -> str:
    """A role, or role@unit, in words."""
    role, _, unit = label.partition("@")
    name = procedure.roles[role].name if role in procedure.roles else role
    return in_unit(unit, name)


def in_unit(unit: str, role: str) -> str:
    """A role in its unit; a role that is called by the end of the unit's name does not say it twice (东城分公司 and
    分公司负责人: 东城分公司负责人)."""
    shared = next((size for size in range(min(len(unit), len(role)), 1, -1) if unit.endswith(role[:size])), 0)
    return unit + role[shared:]


def _said(w: _Words, event: e.Event) -> _Said:
    match event:
        case e.CommandTaken():
            return _Said(
                _("命令开始执行"), Category.SYSTEM, "bolt", who=w.person(event.actor), hidden=True, begins=True
            )
        case e.CaseOpened():
            return _opened(w, event)
        case e.ActDone():
            return _act(w, event)
        case e.FieldsSet():
            return _fields_set(w, event)
        case e.FactLearned():
            return _fact(w, event)
        case e.TableJudged():
            return _judged(w, event)
        case e.TableDecided():
            return _decided(w, event)
        case e.StepEntered():
            return _step(w, event)
        case e.CaseClosed():
            return _Said(
                _("办结"),
                Category.HANDOVER,
                "done",
                note=_("止于“{step}”").format(step=w.step(event.step)),
                state="done",
            )
        case e.CaseReopened():
            return _Said(
                _("重开，回到“{step}”").format(step=w.step(event.step)), Category.HANDOVER, "repeat", state="soon"
            )
        case e.RetentionSet():
            return _retention(w, event)
        case e.TaskBegun():
            return _begun(w, event)
        case e.TaskMoved():
            return _moved(w, event)
        case e.TaskDone():
            return _task_done(w, event)
        case e.TaskUndone():
            text = _("“{task}”须再办，仍以原时限为准").format(task=w.task(event.task, event.item))
            return _Said(text, Category.TIME, "back", state="soon", by_time=True)
        case e.TaskDropped():
            text = _("“{task}”不再要办").format(task=w.task(event.task, event.item))
            return _Said(text, Category.TIME, "x", note=_(event.reason), by_time=True)
        case e.TaskMissed():
            return _missed(w, event)
        case e.MissCorrected():
            note = _("原时限 {moment}；补录证明已按时办到，前记逾期作废").format(moment=moments.moment(event.due))
            text = _("更正：“{task}”并未逾期").format(task=w.task(event.task, event.item))
            return _Said(text, Category.TIME, "done", note=note, state="done", by_time=True)
        case e.Reminded():
            return _reminded(w, event)
        case e.TriggerFired():
            return _fired(w, event)
        case e.ConditionNoted():
            if event.rule.startswith(PROMISED):
                text = _("欠着的办完，即转入“{step}”").format(step=w.step(event.rule.removeprefix(PROMISED)))
                return _Said(text, Category.TIME, "clock")
            text = (_("条件成立：{rule}") if event.holds else _("条件不再成立：{rule}")).format(rule=event.rule)
            return _Said(text, Category.SYSTEM, "bolt", by_time=True, hidden=True)
        case e.Told():
            return _told(w, event)
        case e.NoticeReceived():
            return _received(w, event)
        case e.ScriptSaid():
            return _script_said(w, event)
        case e.ScriptBroken():
            return _script_broken(w, event)
        case e.QuestionAnswered():
            return _answered(w, event)
        case e.GuideConcluded():
            return _concluded(w, event)
        case e.ApprovalAsked():
            return _approval_asked(w, event)
        case e.LevelDecided():
            return _level(w, event)
        case e.ApprovalEnded():
            return _approval_ended(w, event)
        case e.PaperIssued():
            return _issued(w, event)
        case e.PaperVoided():
            return _Said(
                _("作废{form}{number}，号码保留").format(form=w.form(event.form), number=event.number),
                Category.PAPER,
                "x",
            )
        case e.Posted():
            return _posted(w, event)
        case e.PostingReversed():
            name = w.procedure.postings[event.posting].name if event.posting in w.procedure.postings else event.posting
            return _Said(
                _("冲销{name} {yuan} 元").format(name=name, yuan=yuan(event.amount)),
                Category.PAPER,
                "yuan",
                by_time=True,
            )
        case e.CaseLinked():
            return _Said(
                _("与 {number} 关联").format(number=event.number), Category.HANDOVER, "link", note=_bond(w, event.bond)
            )
        case e.LinkClosed():
            return _Said(
                _("关联的 {number} 已办结").format(number=event.number),
                Category.HANDOVER,
                "link",
                note=_bond(w, event.bond),
                state="done",
            )
        case e.Requested():
            return _requested(w, event)
        case e.Assigned():
            return _Said(_("由{party}承办").format(party=w.party(event.to)), Category.HANDOVER, "user")
        case e.TransferAsked():
            text = _("转派给{party}，待其接办").format(party=w.party(event.to))
            return _Said(text, Category.HANDOVER, "send", who=w.person(event.actor), note=_(event.reason))
        case e.TransferAnswered():
            text = pgettext("event", "接办") if event.accepted else _("不接办，退回转派人")
            return _Said(
                text,
                Category.HANDOVER,
                "check" if event.accepted else "back",
                w.person(event.actor),
                note=_(event.reason),
            )
        case e.Noted():
            who = w.person(event.actor)
            return _Said(_("记一笔"), Category.PAPER, "pen", who=who, note=event.text, by_time=not event.actor)
        case e.AttemptRecorded():
            return _attempt(w, event)
        case e.CalendarChanged():
            text = _("改按日历“{edition}”计算时限").format(edition=event.edition)
            return _Said(text, Category.SYSTEM, "cal", note=_(event.reason), by_time=True)
        case e.VersionMoved():
            text = _("改按规程第{version}版办理").format(version=event.version)
            return _Said(text, Category.SYSTEM, "book", who=w.person(event.actor))
        case _:
            assert_never(event)


def _opened(w: _Words, event: e.CaseOpened) -> _Said:
    flow = w.procedure.flows.get(event.flow)
    note = _("首问责任人 {person}").format(person=w.person(event.first_contact)) if event.first_contact else ""
    if event.answers and event.answers != event.first_contact:
        answers = _("由{party}承办").format(party=w.party(event.answers))
        note = _("{note}，{more}").format(note=note, more=answers) if note else answers
    text = _("立案 {number}（{name}）").format(number=event.number, name=flow.name if flow else event.flow)
    return _Said(text, Category.HANDOVER, "inbox", note=note, state="done")


def _act(w: _Words, event: e.ActDone) -> _Said:
    who, post = (
        w.person(event.actor),
        _("，").join(word for word in (w.role(event.role), _("代理") if event.deputy else "") if word),
    )
    about = _("：{parties}").format(parties=w.parties(event.items)) if event.items else ""
    notes = []
    if event.present:
        notes.append(
            _("在场 {names}").format(names=_("、").join(w.person(person.partition("@")[0]) for person in event.present))
        )
    notes += [_("说明理由：{reason}").format(reason=reason) for reason in event.excused]
    details = w.filled(event.values, event.rows)
    talks = any(script.say and event.action in script.at for script in w.procedure.scripts.values())
    category = Category.CONTACT if talks else Category.PAPER
    icon = "say" if talks else "pen" if details else "check"
    text = w.action(event.action) + about
    return _Said(text, category, icon, who, post, _("；").join(notes), details, by_time=not event.actor)


def _fields_set(w: _Words, event: e.FieldsSet) -> _Said:
    details = w.filled(event.values, event.rows)
    names = _("、").join(dict.fromkeys(detail.name for detail in details))
    who = w.person(event.actor) if event.actor else ""
    gone = all(value in ("", ()) for value in event.values.values()) and not event.rows
    said = _("更正{names}") if event.actor else _("自动清空{names}") if gone else _("自动填入{names}")
    text = said.format(names=names)
    return _Said(text, Category.PAPER, "pen", who=who, details=details, by_time=not event.actor, hidden=not details)


def _fact(w: _Words, event: e.FactLearned) -> _Said:
    rule = w.procedure.facts.get(event.fact)
    text = _("查得{name}：{columns}").format(
        name=rule.name if rule else event.fact, columns=translated(show(event.columns))
    )
    return _Said(text, Category.SYSTEM, "search", by_time=True, hidden=True)


def _judged(w: _Words, event: e.TableJudged) -> _Said:
    table = w.procedure.tables.get(event.table)
    name = table.name if table else event.table
    if not event.columns:
        return _Said(_("{name}：尚不能判定").format(name=name), Category.PAPER, "split", by_time=True, hidden=True)
    text = _("{name}：{outcome}").format(name=name, outcome=_outcome(w, table, event.columns))
    waits = bool(table and table.decided_by)
    return _Said(
        text, Category.PAPER, "split", note=_("照规则得出，待人判别") if waits else "", by_time=True, hidden=waits
    )


def _decided(w: _Words, event: e.TableDecided) -> _Said:
    table = w.procedure.tables.get(event.table)
    text = _("定{name}为 {outcome}").format(
        name=table.name if table else event.table, outcome=_outcome(w, table, event.columns)
    )
    return _Said(text, Category.PAPER, "check", who=w.person(event.actor))


def _outcome(w: _Words, table: Table | None, columns: e.Values) -> str:
    words = []
    for column, value in columns.items():
        items = [str(item) for item in value] if isinstance(value, tuple) else [translated(show(value))]
        match table.gives.get(column) if table else None:
            case "role":
                words += [w.role(item) for item in items]
            case "step":
                words += [w.step(item) for item in items]
            case "money":
                words += [
                    _("{yuan} 元").format(yuan=yuan(value)) if isinstance(value, int) else translated(show(value))
                ]
            case _:
                words += items
    return _("、").join(words)


def _step(w: _Words, event: e.StepEntered) -> _Said:
    note = _("由{party}承办").format(party=w.party(event.answers)) if event.answers else ""
    return _Said(_("进入“{step}”").format(step=w.step(event.step)), Category.HANDOVER, "arrow", note=note, by_time=True)


def _retention(w: _Words, event: e.RetentionSet) -> _Said:
    name = w.form(event.what) if event.what in w.procedure.forms else _("案卷")
    until = moments.local(event.until).date()
    text = _("{name}保存至 {day}（{year}年）").format(name=name, day=moments.month_day(until), year=until.year)
    return _Said(text, Category.SYSTEM, "lock", by_time=True)


def _begun(w: _Words, event: e.TaskBegun) -> _Said:
    limit = _("，限 {moment}").format(moment=moments.moment(event.due)) if event.due else ""
    note = _("日历尚未公布，时限暂定") if event.provisional else ""
    text = _("待办：{task}（{parties}）{limit}").format(
        task=w.task(event.task, event.item), parties=w.parties(event.owed_by), limit=limit
    )
    return _Said(text, Category.TIME, "clock", note=note, by_time=True)


def _moved(w: _Words, event: e.TaskMoved) -> _Said:
    name = w.task(event.task, event.item)
    was = _("原为 {moment}").format(moment=moments.moment(event.was)) if event.was else ""
    note = _("；").join(part for part in (event.reason, was, _("暂定") if event.provisional else "") if part)
    if event.due is None:
        return _Said(_("“{name}”停表").format(name=name), Category.TIME, "pause", note=note, state="wait", by_time=True)
    return _Said(
        _("“{name}”时限改为 {moment}").format(name=name, moment=moments.moment(event.due)),
        Category.TIME,
        "clock",
        note=note,
        by_time=True,
    )


def _task_done(w: _Words, event: e.TaskDone) -> _Said:
    name = w.task(event.task, event.item)
    if event.in_time:
        return _Said(_("“{name}”按时办成").format(name=name), Category.TIME, "done", state="done", by_time=True)
    return _Said(_("“{name}”逾期后办成").format(name=name), Category.TIME, "done", state="late", by_time=True)


def _missed(w: _Words, event: e.TaskMissed) -> _Said:
    owed = w.parties(event.owed_by)
    note = _("责任人 {owed}").format(owed=owed) if owed else ""
    if event.born_late:
        born_late = _("成为待办时时限已过")
        note = _("；").join(part for part in (note, born_late) if part)
    text = _("逾期：{task}，应于 {moment} 前办到").format(
        task=w.task(event.task, event.item), moment=moments.moment(event.due)
    )
    return _Said(text, Category.TIME, "alert", note=note, state="late", by_time=True)


def _reminded(w: _Words, event: e.Reminded) -> _Said:
    kind = _(_ALARMS.get(event.alarm.partition(".")[0], _noop("提醒")))
    state = "soon" if event.alarm.startswith("remind") else "late"
    return _Said(
        _("{kind}：{task}").format(kind=kind, task=w.task(event.task, event.item)),
        Category.TIME,
        "bell",
        state=state,
        by_time=True,
    )


def _fired(w: _Words, event: e.TriggerFired) -> _Said:
    rule = w.procedure.triggers.get(event.trigger)
    parts = [several("共 {n} 件", len(event.members))] if event.members else []
    if event.seed:
        parts.append(several("从 {n} 件中抽取，种子 {seed}", event.size, seed=event.seed))
    text = _("自动开始：{name}").format(name=rule.name if rule else event.trigger)
    return _Said(text, Category.SYSTEM, "bolt", note=_("，").join(parts), by_time=True)


def _told(w: _Words, event: e.Told) -> _Said:
    roles, people = w.parties(event.to), _("、").join(w.person(code) for code in event.people)
    to = _("{roles}（{people}）").format(roles=roles, people=people) if roles and people else roles or people
    outside = any(
        (rule := w.procedure.roles.get(label.partition("@")[0])) is not None and rule.outside for label in event.to
    )
    sender = _("以{role}名义").format(role=w.role(event.sender)) if event.sender else ""
    note = event.text + (
        _("（{parties}无人担任，未能送达）").format(parties=w.parties(event.unheld)) if event.unheld else ""
    )
    category = Category.CONTACT if outside else Category.SYSTEM
    return _Said(
        _("{sender}告知{to}").format(sender=sender, to=to),
        category,
        "bell",
        note=note,
        state="soon" if event.unheld else "",
        by_time=True,
    )


def _received(w: _Words, event: e.NoticeReceived) -> _Said:
    rule = w.procedure.notices.get(event.notice)
    about = _("（{party}）").format(party=w.party(event.item)) if event.item else ""
    return _Said(
        _("阅知“{name}”{about}").format(name=rule.name if rule else event.notice, about=about),
        Category.CONTACT,
        "eye",
        who=w.person(event.actor),
    )


def _script_said(w: _Words, event: e.ScriptSaid) -> _Said:
    rule = w.procedure.scripts.get(event.script)
    text = _("说明“{name}”").format(name=rule.name if rule else event.script)
    return _Said(text, Category.CONTACT, "say", who=w.person(event.actor), note=_("；").join(event.items))


def _script_broken(w: _Words, event: e.ScriptBroken) -> _Said:
    rule = w.procedure.scripts.get(event.script)
    text = _("登记{person}违反“{name}”").format(person=w.person(event.person), name=rule.name if rule else event.script)
    return _Said(text, Category.CONTACT, "alert", who=w.person(event.actor), note=event.item, state="late")


def _answered(w: _Words, event: e.QuestionAnswered) -> _Said:
    guide = w.procedure.guides.get(event.guide)
    ask = guide.asks.get(event.ask) if guide else None
    question = ask.text if ask else event.ask
    text = (
        _("跳过“{question}”").format(question=question)
        if event.skipped
        else _("答“{question}”：{answer}").format(question=question, answer=event.answer)
    )
    notes = [guide.name] if guide else []
    notes += (
        [(_("原因：{cause}") if event.skipped else _("理由：{cause}")).format(cause=event.reason)]
        if event.reason
        else []
    )
    note = _("；").join((*notes, *event.excused))
    return _Said(text, Category.PAPER, "split", who=w.person(event.actor), note=note)


def _concluded(w: _Words, event: e.GuideConcluded) -> _Said:
    guide = w.procedure.guides.get(event.guide)
    known = guide.causes.get(event.cause) if guide else None
    cause = known.name if known else event.cause
    note = _("原因：{cause}").format(cause=cause) if cause and event.conclusion else ""
    remedy = _("办法：{remedy}").format(remedy=known.remedy) if known and known.remedy else ""
    note = _("{cause}。{remedy}").format(cause=note, remedy=remedy) if note and remedy else note or remedy
    text = _("{name}结论：{what}").format(name=guide.name if guide else event.guide, what=event.conclusion or cause)
    return _Said(text, Category.PAPER, "split", note=note)


def _approval_asked(w: _Words, event: e.ApprovalAsked) -> _Said:
    text = _("提请审批“{action}”（{authority}）").format(
        action=w.action(event.action), authority=w.authority(event.authority)
    )
    notes = [_("说明理由：{reason}").format(reason=reason) for reason in event.excused]
    details = w.filled(event.values, event.rows)
    return _Said(
        text,
        Category.HANDOVER,
        "send",
        w.person(event.actor),
        w.role(event.role),
        _("；").join(notes),
        details,
        state="wait",
    )


def _level(w: _Words, event: e.LevelDecided) -> _Said:
    rule = w.procedure.authorities.get(event.authority)
    levels = {level.id: level for level in rule.levels} if rule else {}
    upper = levels.get(event.next)
    note = _("再报{role}").format(role=w.role(upper.party.role or "")) if upper else ""
    text, who = _("同意“{authority}”").format(authority=w.authority(event.authority)), w.person(event.actor)
    # The last level's yes is told by the end of the approval.
    return _Said(text, Category.HANDOVER, "check", who=who, note=note, hidden=not event.next)


def _approval_ended(w: _Words, event: e.ApprovalEnded) -> _Said:
    text = _(_OUTCOMES.get(event.outcome, _noop("审批结束：{authority}"))).format(
        authority=w.authority(event.authority)
    )
    good = event.outcome == "granted"
    who = w.person(event.actor) if event.actor else ""
    return _Said(
        text,
        Category.HANDOVER,
        "done" if good else "back",
        who,
        note=_(event.reason),
        state="done" if good else "soon",
        by_time=not event.actor,
    )


def _issued(w: _Words, event: e.PaperIssued) -> _Said:
    note = several("一式{n}份：{names}", len(event.copies), names=_("、").join(event.copies)) if event.copies else ""
    rule = w.procedure.forms.get(event.form)
    number = event.number if rule is None or rule.number else ""
    return _Said(
        _("出具{form}{number}").format(form=w.form(event.form), number=number),
        Category.PAPER,
        "file",
        note=note,
        state="done",
    )


def _posted(w: _Words, event: e.Posted) -> _Said:
    name = w.procedure.postings[event.posting].name if event.posting in w.procedure.postings else event.posting
    text = _("记账：{name} {yuan} 元").format(name=name, yuan=yuan(event.amount))
    return _Said(text, Category.PAPER, "yuan", note=f"{event.debit} → {event.credit}", by_time=True)


def _bond(w: _Words, bond: str) -> str:
    for flow in w.procedure.flows.values():
        rule = flow.links.get(bond)
        other = w.procedure.flows.get(rule.flow) if rule else None
        if other:
            return other.name
    return ""


def _requested(w: _Words, event: e.Requested) -> _Said:
    flow = w.procedure.flows.get(event.flow or event.target)
    what = flow.name if flow else event.case or ""
    text = _(_REQUESTS.get(event.verb, event.verb)) + (_("：{what}").format(what=what) if what else "")
    note = several("一并带入 {n} 件", len(event.members)) if event.members else ""
    return _Said(text, Category.SYSTEM, "link", note=note, by_time=True)


def _attempt(w: _Words, event: e.AttemptRecorded) -> _Said:
    text = _("试图“{action}”，按规程不许，已留痕").format(action=w.action(event.action))
    details = w.filled(event.values, {})
    return _Said(
        text,
        Category.SYSTEM,
        "lock",
        w.person(event.actor),
        note=_("；").join(event.reasons),
        details=details,
        state="late",
    )
