"""Events as Chinese sentences: the one place that says what happened; mypy asks for the line of a new event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from shouwen.core import events as e
from shouwen.core.case import PROMISED
from shouwen.core.procedure import Field, Procedure, Table
from shouwen.core.values import Value, show
from shouwen.web import moments
from shouwen.web.shown import hidden, shown, yuan

__all__ = ["Category", "Detail", "Sentence", "in_unit", "person_label", "role_label", "sentence"]

Names = Mapping[str, str]

_OUTCOMES = {"granted": "同意", "returned": "退回修改", "declined": "不同意", "withdrawn": "撤回", "lapsed": "失效"}
_REQUESTS = {
    "open": "立新案",
    "go": "另案转入环节",
    "end": "另案办结",
    "reopen": "重开另案",
    "set": "填写另案",
    "note": "在另案留言",
    "write": "登入登记簿",
    "link": "与另案关联",
    "closed": "告知另案办结",
}
_ALARMS = {"remind": "时限提醒", "overdue": "逾期催办", "rung": "逐级督办"}


class Category(StrEnum):
    """What a sentence is about, for filtering."""

    CONTACT = "往来"
    TIME = "时限"
    HANDOVER = "交接"
    PAPER = "表单"
    SYSTEM = "系统"


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
        post = f"（{self.post}）" if self.post else ""
        return f"{self.who}{post}{self.text}"


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
        return "、".join(self.party(label) for label in labels)

    def step(self, step: str) -> str:
        flows = self.procedure.flows.values()
        return next((flow.steps[step].name for flow in flows if step in flow.steps), step)

    def task(self, task: str, item: str) -> str:
        rule = self.procedure.tasks.get(task)
        return (rule.name if rule else task) + (f"（{self.party(item)}）" if item else "")

    def action(self, action: str) -> str:
        rule = self.procedure.actions.get(action)
        return rule.name if rule else action

    def authority(self, authority: str) -> str:
        rule = self.procedure.authorities.get(authority)
        return rule.name if rule else authority

    def form(self, form: str) -> str:
        rule = self.procedure.forms.get(form)
        return f"《{rule.name if rule else form}》"

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
            return Detail(name=rule.name, text="（清空）")
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
    return names.get(code, code) if code else "系统"


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
            return _Said("命令开始执行", Category.SYSTEM, "bolt", who=w.person(event.actor), hidden=True, begins=True)
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
            return _Said("办结", Category.HANDOVER, "done", note=f"止于“{w.step(event.step)}”", state="done")
        case e.CaseReopened():
            return _Said(f"重开，回到“{w.step(event.step)}”", Category.HANDOVER, "repeat", state="soon")
        case e.RetentionSet():
            return _retention(w, event)
        case e.TaskBegun():
            return _begun(w, event)
        case e.TaskMoved():
            return _moved(w, event)
        case e.TaskDone():
            return _task_done(w, event)
        case e.TaskUndone():
            text = f"“{w.task(event.task, event.item)}”须再办，仍以原时限为准"
            return _Said(text, Category.TIME, "back", state="soon", by_time=True)
        case e.TaskDropped():
            text = f"“{w.task(event.task, event.item)}”不再要办"
            return _Said(text, Category.TIME, "x", note=event.reason, by_time=True)
        case e.TaskMissed():
            return _missed(w, event)
        case e.MissCorrected():
            note = f"原时限 {moments.moment(event.due)}；补录证明已按时办到，前记逾期作废"
            text = f"更正：“{w.task(event.task, event.item)}”并未逾期"
            return _Said(text, Category.TIME, "done", note=note, state="done", by_time=True)
        case e.Reminded():
            return _reminded(w, event)
        case e.TriggerFired():
            return _fired(w, event)
        case e.ConditionNoted():
            if event.rule.startswith(PROMISED):
                text = f"欠着的办完，即转入“{w.step(event.rule.removeprefix(PROMISED))}”"
                return _Said(text, Category.TIME, "clock")
            text = f"条件{'成立' if event.holds else '不再成立'}：{event.rule}"
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
            return _Said(f"作废{w.form(event.form)}{event.number}，号码保留", Category.PAPER, "x")
        case e.Posted():
            return _posted(w, event)
        case e.PostingReversed():
            name = w.procedure.postings[event.posting].name if event.posting in w.procedure.postings else event.posting
            return _Said(f"冲销{name} {yuan(event.amount)} 元", Category.PAPER, "yuan", by_time=True)
        case e.CaseLinked():
            return _Said(f"与 {event.number} 关联", Category.HANDOVER, "link", note=_bond(w, event.bond))
        case e.LinkClosed():
            return _Said(
                f"关联的 {event.number} 已办结", Category.HANDOVER, "link", note=_bond(w, event.bond), state="done"
            )
        case e.Requested():
            return _requested(w, event)
        case e.Assigned():
            return _Said(f"由{w.party(event.to)}承办", Category.HANDOVER, "user")
        case e.TransferAsked():
            text = f"转派给{w.party(event.to)}，待其接办"
            return _Said(text, Category.HANDOVER, "send", who=w.person(event.actor), note=event.reason)
        case e.TransferAnswered():
            text = "接办" if event.accepted else "不接办，退回转派人"
            return _Said(
                text, Category.HANDOVER, "check" if event.accepted else "back", w.person(event.actor), note=event.reason
            )
        case e.Noted():
            who = w.person(event.actor)
            return _Said("记一笔", Category.PAPER, "pen", who=who, note=event.text, by_time=not event.actor)
        case e.AttemptRecorded():
            return _attempt(w, event)
        case e.CalendarChanged():
            text = f"改按日历“{event.edition}”计算时限"
            return _Said(text, Category.SYSTEM, "cal", note=event.reason, by_time=True)
        case e.VersionMoved():
            text = f"改按规程第{event.version}版办理"
            return _Said(text, Category.SYSTEM, "book", who=w.person(event.actor))
        case _:
            assert_never(event)


def _opened(w: _Words, event: e.CaseOpened) -> _Said:
    flow = w.procedure.flows.get(event.flow)
    note = f"首问责任人 {w.person(event.first_contact)}" if event.first_contact else ""
    if event.answers and event.answers != event.first_contact:
        note += f"{'，' if note else ''}由{w.party(event.answers)}承办"
    text = f"立案 {event.number}（{flow.name if flow else event.flow}）"
    return _Said(text, Category.HANDOVER, "inbox", note=note, state="done")


def _act(w: _Words, event: e.ActDone) -> _Said:
    who, post = (
        w.person(event.actor),
        "，".join(word for word in (w.role(event.role), "代理" if event.deputy else "") if word),
    )
    about = f"：{w.parties(event.items)}" if event.items else ""
    notes = []
    if event.present:
        notes.append(f"在场 {'、'.join(w.person(person.partition('@')[0]) for person in event.present)}")
    notes += [f"说明理由：{reason}" for reason in event.excused]
    details = w.filled(event.values, event.rows)
    talks = any(script.say and event.action in script.at for script in w.procedure.scripts.values())
    category = Category.CONTACT if talks else Category.PAPER
    icon = "say" if talks else "pen" if details else "check"
    text = w.action(event.action) + about
    return _Said(text, category, icon, who, post, "；".join(notes), details, by_time=not event.actor)


def _fields_set(w: _Words, event: e.FieldsSet) -> _Said:
    details = w.filled(event.values, event.rows)
    names = "、".join(dict.fromkeys(detail.name for detail in details))
    who = w.person(event.actor) if event.actor else ""
    gone = all(value in ("", ()) for value in event.values.values()) and not event.rows
    text = f"更正{names}" if event.actor else f"{'自动清空' if gone else '自动填入'}{names}"
    return _Said(text, Category.PAPER, "pen", who=who, details=details, by_time=not event.actor, hidden=not details)


def _fact(w: _Words, event: e.FactLearned) -> _Said:
    rule = w.procedure.facts.get(event.fact)
    text = f"查得{rule.name if rule else event.fact}：{show(event.columns)}"
    return _Said(text, Category.SYSTEM, "search", by_time=True, hidden=True)


def _judged(w: _Words, event: e.TableJudged) -> _Said:
    table = w.procedure.tables.get(event.table)
    name = table.name if table else event.table
    if not event.columns:
        return _Said(f"{name}：尚不能判定", Category.PAPER, "split", by_time=True, hidden=True)
    text = f"{name}：{_outcome(w, table, event.columns)}"
    waits = bool(table and table.decided_by)
    return _Said(
        text, Category.PAPER, "split", note="照规则得出，待人判别" if waits else "", by_time=True, hidden=waits
    )


def _decided(w: _Words, event: e.TableDecided) -> _Said:
    table = w.procedure.tables.get(event.table)
    text = f"定{table.name if table else event.table}为 {_outcome(w, table, event.columns)}"
    return _Said(text, Category.PAPER, "check", who=w.person(event.actor))


def _outcome(w: _Words, table: Table | None, columns: e.Values) -> str:
    words = []
    for column, value in columns.items():
        items = [str(item) for item in value] if isinstance(value, tuple) else [show(value)]
        match table.gives.get(column) if table else None:
            case "role":
                words += [w.role(item) for item in items]
            case "step":
                words += [w.step(item) for item in items]
            case "money":
                words += [f"{yuan(value)} 元" if isinstance(value, int) else show(value)]
            case _:
                words += items
    return "、".join(words)


def _step(w: _Words, event: e.StepEntered) -> _Said:
    note = f"由{w.party(event.answers)}承办" if event.answers else ""
    return _Said(f"进入“{w.step(event.step)}”", Category.HANDOVER, "arrow", note=note, by_time=True)


def _retention(w: _Words, event: e.RetentionSet) -> _Said:
    name = w.form(event.what) if event.what in w.procedure.forms else "案卷"
    text = f"{name}保存至 {moments.day(moments.local(event.until).date())[:-3]}"
    return _Said(f"{text}（{event.until.year}年）", Category.SYSTEM, "lock", by_time=True)


def _begun(w: _Words, event: e.TaskBegun) -> _Said:
    limit = f"，限 {moments.moment(event.due)}" if event.due else ""
    note = "日历尚未公布，时限暂定" if event.provisional else ""
    text = f"待办：{w.task(event.task, event.item)}（{w.parties(event.owed_by)}）{limit}"
    return _Said(text, Category.TIME, "clock", note=note, by_time=True)


def _moved(w: _Words, event: e.TaskMoved) -> _Said:
    name = w.task(event.task, event.item)
    was = f"原为 {moments.moment(event.was)}" if event.was else ""
    note = "；".join(part for part in (event.reason, was, "暂定" if event.provisional else "") if part)
    if event.due is None:
        return _Said(f"“{name}”停表", Category.TIME, "pause", note=note, state="wait", by_time=True)
    return _Said(f"“{name}”时限改为 {moments.moment(event.due)}", Category.TIME, "clock", note=note, by_time=True)


def _task_done(w: _Words, event: e.TaskDone) -> _Said:
    name = w.task(event.task, event.item)
    if event.in_time:
        return _Said(f"“{name}”按时办成", Category.TIME, "done", state="done", by_time=True)
    return _Said(f"“{name}”逾期后办成", Category.TIME, "done", state="late", by_time=True)


def _missed(w: _Words, event: e.TaskMissed) -> _Said:
    owed = w.parties(event.owed_by)
    note = f"责任人 {owed}" if owed else ""
    if event.born_late:
        note += f"{'；' if note else ''}成为待办时时限已过"
    text = f"逾期：{w.task(event.task, event.item)}，应于 {moments.moment(event.due)} 前办到"
    return _Said(text, Category.TIME, "alert", note=note, state="late", by_time=True)


def _reminded(w: _Words, event: e.Reminded) -> _Said:
    kind = _ALARMS.get(event.alarm.partition(".")[0], "提醒")
    state = "soon" if event.alarm.startswith("remind") else "late"
    return _Said(f"{kind}：{w.task(event.task, event.item)}", Category.TIME, "bell", state=state, by_time=True)


def _fired(w: _Words, event: e.TriggerFired) -> _Said:
    rule = w.procedure.triggers.get(event.trigger)
    parts = [f"共 {len(event.members)} 件"] if event.members else []
    if event.seed:
        parts.append(f"从 {event.size} 件中抽取，种子 {event.seed}")
    text = f"自动开始：{rule.name if rule else event.trigger}"
    return _Said(text, Category.SYSTEM, "bolt", note="，".join(parts), by_time=True)


def _told(w: _Words, event: e.Told) -> _Said:
    roles, people = w.parties(event.to), "、".join(w.person(code) for code in event.people)
    to = f"{roles}（{people}）" if roles and people else roles or people
    outside = any(
        (rule := w.procedure.roles.get(label.partition("@")[0])) is not None and rule.outside for label in event.to
    )
    sender = f"以{w.role(event.sender)}名义" if event.sender else ""
    note = event.text + (f"（{w.parties(event.unheld)}无人担任，未能送达）" if event.unheld else "")
    category = Category.CONTACT if outside else Category.SYSTEM
    return _Said(f"{sender}告知{to}", category, "bell", note=note, state="soon" if event.unheld else "", by_time=True)


def _received(w: _Words, event: e.NoticeReceived) -> _Said:
    rule = w.procedure.notices.get(event.notice)
    about = f"（{w.party(event.item)}）" if event.item else ""
    return _Said(
        f"阅知“{rule.name if rule else event.notice}”{about}", Category.CONTACT, "eye", who=w.person(event.actor)
    )


def _script_said(w: _Words, event: e.ScriptSaid) -> _Said:
    rule = w.procedure.scripts.get(event.script)
    text = f"说明“{rule.name if rule else event.script}”"
    return _Said(text, Category.CONTACT, "say", who=w.person(event.actor), note="；".join(event.items))


def _script_broken(w: _Words, event: e.ScriptBroken) -> _Said:
    rule = w.procedure.scripts.get(event.script)
    text = f"登记{w.person(event.person)}违反“{rule.name if rule else event.script}”"
    return _Said(text, Category.CONTACT, "alert", who=w.person(event.actor), note=event.item, state="late")


def _answered(w: _Words, event: e.QuestionAnswered) -> _Said:
    guide = w.procedure.guides.get(event.guide)
    ask = guide.asks.get(event.ask) if guide else None
    question = ask.text if ask else event.ask
    text = f"跳过“{question}”" if event.skipped else f"答“{question}”：{event.answer}"
    notes = [guide.name] if guide else []
    notes += [f"{'原因' if event.skipped else '理由'}：{event.reason}"] if event.reason else []
    note = "；".join((*notes, *event.excused))
    return _Said(text, Category.PAPER, "split", who=w.person(event.actor), note=note)


def _concluded(w: _Words, event: e.GuideConcluded) -> _Said:
    guide = w.procedure.guides.get(event.guide)
    known = guide.causes.get(event.cause) if guide else None
    cause = known.name if known else event.cause
    note = f"原因：{cause}" if cause and event.conclusion else ""
    note += f"。办法：{known.remedy}" if known and known.remedy else ""
    text = f"{guide.name if guide else event.guide}结论：{event.conclusion or cause}"
    return _Said(text, Category.PAPER, "split", note=note.removeprefix("。"))


def _approval_asked(w: _Words, event: e.ApprovalAsked) -> _Said:
    text = f"提请审批“{w.action(event.action)}”（{w.authority(event.authority)}）"
    notes = [f"说明理由：{reason}" for reason in event.excused]
    details = w.filled(event.values, event.rows)
    return _Said(
        text,
        Category.HANDOVER,
        "send",
        w.person(event.actor),
        w.role(event.role),
        "；".join(notes),
        details,
        state="wait",
    )


def _level(w: _Words, event: e.LevelDecided) -> _Said:
    rule = w.procedure.authorities.get(event.authority)
    levels = {level.id: level for level in rule.levels} if rule else {}
    upper = levels.get(event.next)
    note = f"再报{w.role(upper.party.role or '')}" if upper else ""
    text, who = f"同意“{w.authority(event.authority)}”", w.person(event.actor)
    # The last level's yes is told by the end of the approval.
    return _Said(text, Category.HANDOVER, "check", who=who, note=note, hidden=not event.next)


def _approval_ended(w: _Words, event: e.ApprovalEnded) -> _Said:
    text = f"审批{_OUTCOMES.get(event.outcome, event.outcome)}：{w.authority(event.authority)}"
    good = event.outcome == "granted"
    who = w.person(event.actor) if event.actor else ""
    return _Said(
        text,
        Category.HANDOVER,
        "done" if good else "back",
        who,
        note=event.reason,
        state="done" if good else "soon",
        by_time=not event.actor,
    )


def _issued(w: _Words, event: e.PaperIssued) -> _Said:
    note = f"一式{len(event.copies)}份：{'、'.join(event.copies)}" if event.copies else ""
    rule = w.procedure.forms.get(event.form)
    number = event.number if rule is None or rule.number else ""
    return _Said(f"出具{w.form(event.form)}{number}", Category.PAPER, "file", note=note, state="done")


def _posted(w: _Words, event: e.Posted) -> _Said:
    name = w.procedure.postings[event.posting].name if event.posting in w.procedure.postings else event.posting
    text = f"记账：{name} {yuan(event.amount)} 元"
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
    text = f"{_REQUESTS.get(event.verb, event.verb)}{f'：{what}' if what else ''}"
    note = f"一并带入 {len(event.members)} 件" if event.members else ""
    return _Said(text, Category.SYSTEM, "link", note=note, by_time=True)


def _attempt(w: _Words, event: e.AttemptRecorded) -> _Said:
    text = f"试图“{w.action(event.action)}”，按规程不许，已留痕"
    details = w.filled(event.values, {})
    return _Said(
        text,
        Category.SYSTEM,
        "lock",
        w.person(event.actor),
        note="；".join(event.reasons),
        details=details,
        state="late",
    )
