"""Words that a page of a case puts together itself: what follows a miss, who is meant, what an act has brought."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from shouwen.casework.attachments import Fault
from shouwen.core import events as e
from shouwen.core.procedure import Consequence, Party, Procedure, Task
from shouwen.web.sentences import role_label

__all__ = [
    "also",
    "attached",
    "brought",
    "file_refused",
    "follows",
    "opened",
    "opened_before",
    "parties",
    "unreadable_moment",
]

#: what is said once a built-in act is done
_ALSO = {
    "say": _noop("已记“已说明”"),
    "breach": _noop("已登记"),
    "answer": _noop("已记下回答"),
    "read": _noop("已阅知"),
    "transfer": _noop("已转派，待对方接办"),
    "note": _noop("已记一笔"),
    "accept": _noop("已接办，由您承办"),
    "refuse_transfer": _noop("已退回转派人"),
    "approve": _noop("已同意"),
    "return": _noop("已退回"),
    "decline": _noop("已记“不同意”"),
    "withdraw": _noop("已撤回"),
    "correct": _noop("已更正，原值留在经过里"),
}


def also(verb: str) -> str:
    """A built-in act is done."""
    return _(_ALSO[verb])


def parties(procedure: Procedure, wanted: Iterable[Party]) -> str:
    """Who is meant, in words; what holds only sometimes says so."""
    words = []
    for party in wanted:
        table = procedure.tables.get(party.table or "")
        name = (
            role_label(procedure, party.role)
            if party.role
            else _("按“{name}”所定的人").format(name=table.name)
            if table
            else ""
        )
        words.append(_("{name}（视情形）").format(name=name) if party.when is not None else name)
    return _("、").join(dict.fromkeys(word for word in words if word))


def follows(procedure: Procedure, task: Task) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a miss of this task brings: words and clauses."""
    found = [(words, it.clauses) for it in task.missed if (words := _consequence(procedure, it))]
    if task.overdue is not None:
        found.append(
            (_("此后反复催办{parties}").format(parties=parties(procedure, task.overdue.tell)), task.overdue.clauses)
        )
    climb = procedure.authorities.get(task.climb or "")
    if climb is not None:
        found.append((_("按“{name}”逐级督办").format(name=climb.name), climb.clauses))
    return tuple(dict.fromkeys(found))


def brought(procedure: Procedure, name: str, happened: tuple[e.Event, ...]) -> str:
    """What an act has brought, in one line."""
    if any(isinstance(event, e.ApprovalAsked) for event in happened):
        return _("“{name}”已提请审批，批准后生效").format(name=name)
    parts = [_("已办“{name}”").format(name=name)]
    steps = {step.id: step.name for flow in procedure.flows.values() for step in flow.steps.values()}
    for event in happened:
        match event:
            case e.StepEntered():
                parts.append(_("进入“{step}”").format(step=steps.get(event.step, event.step)))
            case e.CaseClosed():
                parts.append(_("办结"))
            case e.PaperIssued():
                form = procedure.forms[event.form]
                parts.append(_("出具《{name}》").format(name=form.name) + (event.number if form.number else ""))
            case _:
                pass
    return _("，").join(dict.fromkeys(parts))


def attached(name: str) -> str:
    """A file was handed in."""
    return _("添加附件“{name}”").format(name=name)


def file_refused(name: str, fault: str) -> str:
    """Why a file is not taken."""
    why = {
        Fault.EMPTY: _("文件是空的。"),
        Fault.TOO_LARGE: _("超过10 MB，请压缩或分开。"),
        Fault.MACROS: _("带宏的文档可能夹带程序，请另存为不带宏的再交。"),
        Fault.UNKNOWN: _("认不出是什么。可收图片、PDF、录音、Office文档和文本。"),
    }
    return _("“{name}”没有收：{why}").format(name=name, why=why[Fault(fault)])


def opened(number: str) -> str:
    """A case was opened."""
    return _("已立案 {number}").format(number=number)


def opened_before(number: str) -> str:
    """The same form came a second time."""
    return _("这张表此前已交，立案 {number}，没有重复立案；若是另一件事，请重新受理").format(number=number)


def unreadable_moment(raw: str) -> str:
    """A moment that nobody can read."""
    return _("“{raw}”不是时刻：请写成 2026-05-11 09:30").format(raw=raw)


def _consequence(procedure: Procedure, it: Consequence) -> str:
    words = _elsewhere(procedure, it) if it.case is not None else _here(procedure, it)
    return _("{words}（视情形）").format(words=words) if words and it.when is not None else words


def _here(procedure: Procedure, it: Consequence) -> str:
    match it.verb:
        case "tell":
            return _("告知{parties}").format(parties=parties(procedure, it.parties)) + (
                f"“{it.text}”" if it.text and "{" not in it.text else ""
            )
        case "post":
            return _("记账：{name}").format(name=procedure.postings[it.target].name)
        case "reverse":
            return _("冲销：{name}").format(name=procedure.postings[it.target].name)
        case "go" | "reopen":
            return _("转入“{step}”").format(step=_step(procedure, it.target))
        case "end":
            return _("办结")
        case "issue":
            return _("出具《{name}》").format(name=procedure.forms[it.target].name)
        case "void":
            return _("作废《{name}》").format(name=procedure.forms[it.target].name)
        case "assign":
            return _("改由{parties}承办").format(parties=parties(procedure, it.parties))
        case "escalate":
            return _("按“{name}”升级").format(name=procedure.authorities[it.target].name)
        case "open":
            return (
                _("立新案：{name}").format(name=procedure.flows[it.target].name)
                if it.target in procedure.flows
                else _("立新案")
            )
        case "add":
            return _("在{name}加一行").format(name=procedure.fields[it.target].name)
        case "write":
            return _("登入《{name}》").format(name=procedure.forms[it.target].name)
        case "set":
            names = [procedure.fields[path].name for path in it.values if path in procedure.fields]
            return _("自动填入{names}").format(names=_("、").join(names))
        case _:
            return ""


def _elsewhere(procedure: Procedure, it: Consequence) -> str:
    return _("另案：{words}").format(words=words) if (words := _here(procedure, it)) else ""


def _step(procedure: Procedure, step: str) -> str:
    return next((flow.steps[step].name for flow in procedure.flows.values() if step in flow.steps), step)
