"""Words for people: names of rules, terms of conditions, values, and the concrete case that shows a problem."""

from __future__ import annotations

from collections.abc import Iterable

from shouwen.core.calendar import span_words
from shouwen.core.calendar.span import Days, Elapsed, Months, Point, Workdays, WorkTime
from shouwen.core.language.check import tree as t
from shouwen.core.language.check.formula import Assignment, Variable, Worth
from shouwen.core.language.check.terms import Known
from shouwen.core.language.check.walk import KINDS
from shouwen.core.procedure import NamedValue, Procedure, Rule
from shouwen.core.values import show

__all__ = ["amount", "case_of", "event", "figure_value", "label", "listed", "rule_name", "term"]

_ORDER = {-1: "早于（小于）", 0: "等于", 1: "晚于（大于）"}
_TASK = {"task_due": "的到期时刻", "task_open": "未完", "task_done": "已完", "task_missed": "逾期过"}
_CASE = {
    "step": "环节",
    "no": "编号",
    "opened": "开案时刻",
    "reopened": "重开次数",
    "flow": "流程",
    "answers": "责任人",
    "first_contact": "首问责任人",
    "at": "办理时刻",
    "id": "经办人",
    "role": "经办角色",
}
_COLUMNS = {"count": "次数", "sum": "合计", "distinct": "种数", "min": "最小值", "max": "最大值", "found": "有无"}
_EVENT_ENDS = {
    "begun": "开始",
    "done": "完成",
    "missed": "逾期",
    "sent": "发出",
    "received": "收到",
    "said": "说过",
    "concluded": "有结论",
    "issued": "出具",
    "entered": "进入",
    "left": "离开",
    "granted": "批准",
    "returned": "退回",
    "declined": "不批准",
    "changed": "有变",
    "closed": "办结",
}


def rule_name(kind: str, rule: Rule) -> str:
    """A rule by its kind, words and id: 操作“判别”（grade）."""
    return f"{KINDS[kind][0]}“{rule.name}”" + (f"（{rule.id}）" if rule.name != rule.id else "")


def listed(names: Iterable[str]) -> str:
    """Names one after the other."""
    return "、".join(dict.fromkeys(names))


def label(procedure: Procedure, name: str) -> str:
    """A name of conditions in words for people."""
    named = procedure.names.get(name)
    if named is None:
        item = procedure.fields.get(name)
        return item.name if item else name
    return _named(procedure, named) or name


def _named(procedure: Procedure, named: NamedValue) -> str:
    target = named.target
    match named.kind:
        case "field" | "from" | "until" | "before":
            end = {"from": "的起点", "until": "的终点", "before": "（此前）"}.get(named.kind, "")
            item = procedure.fields.get(target)
            return (item.name if item else target) + end
        case "table" | "table_before":
            rule = procedure.tables[target]
            return rule.name + (f"的{named.column}" if named.column else "")
        case "fact":
            return f"{procedure.facts[target].name}的{_COLUMNS.get(named.column, named.column)}"
        case "figure":
            return procedure.figures[target].name
        case "count":
            return f"“{_act(procedure, target)}”的次数"
        case "task_due" | "task_open" | "task_done" | "task_missed":
            return f"“{procedure.tasks[target].name}”{_TASK[named.kind]}"
        case "happened":
            return f"办过“{_act(procedure, target)}”"
        case "case" | "at" | "actor":
            return _CASE.get(target or named.kind, "")
        case _:
            return ""


def _act(procedure: Procedure, target: str) -> str:
    rule = procedure.actions.get(target) or procedure.triggers.get(target)
    return rule.name if rule else target


def term(procedure: Procedure, tree: t.Tree) -> str:
    """A term of a condition in words: a name, a count of rows, days between two moments."""
    match tree:
        case t.Name(text):
            return label(procedure, text)
        case t.Literal(value):
            return str(value)
        case t.Call("size", of, arguments):
            return f"{term(procedure, of or arguments[0])}的个数"
        case t.Call("days", _, (start, end)):
            return f"从{term(procedure, start)}到{term(procedure, end)}的天数"
        case t.Call("total", _, (of,)):
            return f"{term(procedure, of)}的合计"
        case t.Call("rank", _, (_, of)):
            return f"{term(procedure, of)}的次序"
        case t.Binary(("+" | "-" | "*") as sign, left, right):
            words = {"+": "加", "-": "减", "*": "乘以"}
            return f"{term(procedure, left)}{words[sign]}{term(procedure, right)}"
        case _:
            return tree.text


def amount(procedure: Procedure, subject: str, number: int) -> str:
    """A whole number of conditions as people write it: 分 as 元, scaled numbers with their point."""
    named = procedure.names.get(subject)
    kind = named.type if named else ""
    item = procedure.fields.get(subject)
    if kind == "money" or (item and item.type == "money"):
        return f"{number / 100:.2f} 元".replace(".00 元", " 元")
    if item and item.scale:
        return f"{number / 10**item.scale:.{item.scale}f}"
    return f"{number}{item.unit if item else ''}"


def figure_value(procedure: Procedure, figure: str, value: object) -> str:
    """The value of a figure as people write it."""
    rule = procedure.figures[figure]
    if isinstance(value, Elapsed | WorkTime | Workdays | Days | Months | Point):
        return span_words(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return show(value) if isinstance(value, str | bool | tuple) else str(value)
    if rule.type == "money":
        return f"{value / 100:.2f} 元".replace(".00 元", " 元")
    if rule.type == "ratio":
        return f"{value / 100:g}%"
    return f"{value}{rule.unit}"


def case_of(known: Known, chosen: Assignment) -> tuple[tuple[str, str], ...]:
    """A concrete case, name by name; what does not matter is left out."""
    procedure = known.procedure
    lists: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for variable, worth in chosen.items():
        if variable.kind == "member":
            lists.setdefault(variable.subject, []).extend([variable.detail] if worth else [])
        elif variable.kind == "filled":
            if worth is False:
                found[variable.subject] = "未填"
            else:
                found.setdefault(variable.subject, "已填")
        else:
            name, words = _chosen(procedure, variable, worth)
            found[name] = words
    found.update({name: "、".join(words) or "没有选其中任何一项" for name, words in lists.items()})
    return tuple(found.items())


def _chosen(procedure: Procedure, variable: Variable, worth: Worth) -> tuple[str, str]:
    match variable.kind:
        case "order":
            return f"{variable.subject} 与 {variable.detail}", _ORDER[int(worth)]
        case "amount" if variable.subject.startswith("count."):
            return variable.subject, f"{worth} 次"
        case "amount":
            return variable.subject, amount(procedure, variable.subject, int(worth))
        case "truth":
            return variable.subject, "是" if worth else "否"
        case "word" if variable.subject == "case.step":
            steps = (flow.steps[str(worth)] for flow in procedure.flows.values() if worth in flow.steps)
            return variable.subject, next((step.name for step in steps), str(worth))
        case _:
            return variable.subject, str(worth)


def event(procedure: Procedure, name: str) -> str:
    """An event in words."""
    kind, _, rest = name.partition(".")
    target, _, end = rest.rpartition(".")
    plain = {"opened": "开案", "reopened": "重开", "closed": "办结"}
    if name in plain:
        return plain[name]
    if kind in ("act", "trigger"):
        return f"“{_act(procedure, rest)}”"
    if kind == "field":
        return f"填写“{label(procedure, rest)}”"
    return f"“{_of(procedure, kind, target)}”{_EVENT_ENDS.get(end, end)}"


def _of(procedure: Procedure, kind: str, target: str) -> str:
    if kind == "step":
        steps = (flow.steps[target] for flow in procedure.flows.values() if target in flow.steps)
        return next((step.name for step in steps), target)
    held = getattr(procedure, KINDS[kind][1]) if kind in KINDS else {}
    rule = held.get(target) if isinstance(held, dict) else None
    return str(rule.name) if isinstance(rule, Rule) else target
