"""Words that a page of a case puts together itself: what follows a miss, who is meant, what an act has brought."""

from __future__ import annotations

from collections.abc import Iterable

from shouwen.casework.attachments import Fault
from shouwen.core import events as e
from shouwen.core.procedure import Consequence, Party, Procedure, Task
from shouwen.web.sentences import role_label

__all__ = [
    "ALSO",
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
ALSO = {
    "say": "已记“已说明”",
    "breach": "已登记",
    "answer": "已记下回答",
    "read": "已阅知",
    "transfer": "已转派，待对方接办",
    "note": "已记一笔",
    "accept": "已接办，由您承办",
    "refuse_transfer": "已退回转派人",
    "approve": "已同意",
    "return": "已退回",
    "decline": "已记“不同意”",
    "withdraw": "已撤回",
    "correct": "已更正，原值留在经过里",
}


def parties(procedure: Procedure, wanted: Iterable[Party]) -> str:
    """Who is meant, in words; what holds only sometimes says so."""
    words = []
    for party in wanted:
        table = procedure.tables.get(party.table or "")
        name = role_label(procedure, party.role) if party.role else f"按“{table.name}”所定的人" if table else ""
        words.append(f"{name}（视情形）" if party.when is not None else name)
    return "、".join(dict.fromkeys(word for word in words if word))


def follows(procedure: Procedure, task: Task) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What a miss of this task brings: words and clauses."""
    found = [(words, it.clauses) for it in task.missed if (words := _consequence(procedure, it))]
    if task.overdue is not None:
        found.append((f"此后反复催办{parties(procedure, task.overdue.tell)}", task.overdue.clauses))
    climb = procedure.authorities.get(task.climb or "")
    if climb is not None:
        found.append((f"按“{climb.name}”逐级督办", climb.clauses))
    return tuple(dict.fromkeys(found))


def brought(procedure: Procedure, name: str, happened: tuple[e.Event, ...]) -> str:
    """What an act has brought, in one line."""
    if any(isinstance(event, e.ApprovalAsked) for event in happened):
        return f"“{name}”已提请审批，批准后生效"
    parts = [f"已办“{name}”"]
    steps = {step.id: step.name for flow in procedure.flows.values() for step in flow.steps.values()}
    for event in happened:
        match event:
            case e.StepEntered():
                parts.append(f"进入“{steps.get(event.step, event.step)}”")
            case e.CaseClosed():
                parts.append("办结")
            case e.PaperIssued():
                form = procedure.forms[event.form]
                parts.append(f"出具《{form.name}》" + (event.number if form.number else ""))
            case _:
                pass
    return "，".join(dict.fromkeys(parts))


def attached(name: str) -> str:
    """A file was handed in."""
    return f"添加附件“{name}”"


def file_refused(name: str, fault: str) -> str:
    """Why a file is not taken."""
    why = {
        Fault.EMPTY: "文件是空的。",
        Fault.TOO_LARGE: "超过10 MB，请压缩或分开。",
        Fault.MACROS: "带宏的文档可能夹带程序，请另存为不带宏的再交。",
        Fault.UNKNOWN: "认不出是什么。可收图片、PDF、录音、Office文档和文本。",
    }
    return f"“{name}”没有收：{why[Fault(fault)]}"


def opened(number: str) -> str:
    """A case was opened."""
    return f"已立案 {number}"


def opened_before(number: str) -> str:
    """The same form came a second time."""
    return f"这张表此前已交，立案 {number}，没有重复立案；若是另一件事，请重新受理"


def unreadable_moment(raw: str) -> str:
    """A moment that nobody can read."""
    return f"“{raw}”不是时刻：请写成 2026-05-11 09:30"


def _consequence(procedure: Procedure, it: Consequence) -> str:
    words = _elsewhere(procedure, it) if it.case is not None else _here(procedure, it)
    return f"{words}（视情形）" if words and it.when is not None else words


def _here(procedure: Procedure, it: Consequence) -> str:
    match it.verb:
        case "tell":
            return f"告知{parties(procedure, it.parties)}" + (f"“{it.text}”" if it.text and "{" not in it.text else "")
        case "post":
            return f"记账：{procedure.postings[it.target].name}"
        case "reverse":
            return f"冲销：{procedure.postings[it.target].name}"
        case "go" | "reopen":
            return f"转入“{_step(procedure, it.target)}”"
        case "end":
            return "办结"
        case "issue":
            return f"出具《{procedure.forms[it.target].name}》"
        case "void":
            return f"作废《{procedure.forms[it.target].name}》"
        case "assign":
            return f"改由{parties(procedure, it.parties)}承办"
        case "escalate":
            return f"按“{procedure.authorities[it.target].name}”升级"
        case "open":
            return f"立新案：{procedure.flows[it.target].name}" if it.target in procedure.flows else "立新案"
        case "add":
            return f"在{procedure.fields[it.target].name}加一行"
        case "write":
            return f"登入《{procedure.forms[it.target].name}》"
        case "set":
            names = [procedure.fields[path].name for path in it.values if path in procedure.fields]
            return f"自动填入{'、'.join(names)}"
        case _:
            return ""


def _elsewhere(procedure: Procedure, it: Consequence) -> str:
    return f"另案：{words}" if (words := _here(procedure, it)) else ""


def _step(procedure: Procedure, step: str) -> str:
    return next((flow.steps[step].name for flow in procedure.flows.values() if step in flow.steps), step)
