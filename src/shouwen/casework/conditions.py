"""Conditions in Chinese words, for people who read a regulation: 等级为“重大”，且已“接待登记”."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shouwen.core.calendar import Span, span_words
from shouwen.core.expression import Constant, NamedSpan, Term
from shouwen.core.language.check.parser import parse
from shouwen.core.language.check.tree import Binary, Call, Either, Join, Listing, Literal, Name, Not, Tree
from shouwen.core.procedure import NamedValue, Procedure
from shouwen.core.values import show

__all__ = ["role_words", "step_words", "term_words", "words"]

_RELATIONS = {"==": "为", "!=": "不为", "<": "少于", "<=": "不超过", ">": "多于", ">=": "不少于"}
_MOMENTS = {"==": "即", "!=": "不是", "<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"}
_SIGNS = {"+": "加", "-": "减", "*": "乘以", "/": "除以", "%": "除余"}
_CASE = {"no": "案号", "opened": "立案时刻", "reopened": "重开次数", "flow": "流程", "members": "所列案件"}
_AT = {"": "办理时刻", "workday": "办理当日是工作日", "open": "办理时正在办公"}
_CUSTOMER = {"name": "客户姓名", "phone": "客户电话", "room": "客户房号"}
#: names that are facts by themselves: how they are said, and how denied
_FACTS = {
    "filled": ("已填“{}”", "未填“{}”"),
    "table_filled": ("“{}”已判定", "“{}”尚未判定"),
    "issued": ("已出具《{}》", "尚未出具《{}》"),
    "fact_known": ("已查得“{}”", "未查得“{}”"),
    "task_open": ("还欠着“{}”", "不欠“{}”"),
    "task_done": ("已办成“{}”", "尚未办成“{}”"),
    "task_missed": ("“{}”逾期", "“{}”没有逾期"),
    "happened": ("办过“{}”", "未办“{}”"),
    "said": ("已说明“{}”", "尚未说明“{}”"),
}
_THIS = {
    "in_time": ("按时", "没有按时"),
    "missed": ("逾期", "没有逾期"),
    "done": ("已办成", "未办成"),
    "open": ("还欠着", "不再欠"),
}


def words(procedure: Procedure, source: str) -> str:
    """A condition (CEL, compiled before) in words; one that cannot be put into words stands as it is written."""
    try:
        return _Words(procedure).condition(parse(source, procedure.names))
    except (ValueError, IndexError):
        return source


def term_words(procedure: Procedure, term: Term | Span, kind: str = "") -> str:
    """A value or formula in words; `kind`: role, step, or another type of a table's column."""
    if isinstance(term, Constant):
        return _constant(procedure, term.value, kind)
    if isinstance(term, Span):
        return span_words(term)
    if isinstance(term, NamedSpan):
        return f"数值“{procedure.figures[term.figure].name}”"
    return words(procedure, term.source)


def role_words(procedure: Procedure, label: str) -> str:
    """A role (or role@unit) by its name."""
    role, _, unit = label.partition("@")
    name = procedure.roles[role].name if role in procedure.roles else role
    return f"{unit}{name}"


def step_words(procedure: Procedure, step: str) -> str:
    """A step by its name."""
    return next((flow.steps[step].name for flow in procedure.flows.values() if step in flow.steps), step)


def _constant(procedure: Procedure, value: object, kind: str) -> str:
    if isinstance(value, tuple):
        return "、".join(_constant(procedure, item, kind) for item in value)
    if isinstance(value, Span):
        return span_words(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return f"{value / 100:,.2f} 元" if kind == "money" else str(value)
    text = value if isinstance(value, str) else show(value)  # type: ignore[arg-type]  # what is left of Value
    return {"role": role_words, "step": step_words}[kind](procedure, text) if kind in ("role", "step") else text


@dataclass(frozen=True)
class _Words:
    """The words of one procedure. `rows`: variable of a macro → the field whose rows it goes through."""

    procedure: Procedure
    rows: Mapping[str, str] = field(default_factory=dict)

    def condition(self, tree: Tree, *, inside: str = "") -> str:
        """Something that holds or not; `inside`: the sign of the join that it stands in."""
        match tree:
            case Join(sign, parts):
                kept = _without_needless(parts) if sign == "&&" else parts
                found = [self.condition(part, inside=sign if len(kept) > 1 else inside) for part in kept]
                text = ("，且" if sign == "&&" else "，或").join(found)
                return f"（{text}）" if len(kept) > 1 and inside and inside != sign else text
            case Not(of):
                return self.denied(of)
            case Binary("in", left, right):
                return self.among(left, right)
            case Binary(sign, left, right) if sign in _RELATIONS:
                return self.relation(sign, left, right)
            case Name(text):
                return self.fact(text, holds=True)
            case Call("exists", of, (Name(variable), inner)) if of is not None:
                return f"{self.value(of)}中有一项{self.within(variable, of).condition(inner, inside='&&')}"
            case Call("all", of, (Name(variable), inner)) if of is not None:
                return f"{self.value(of)}每一项都{self.within(variable, of).condition(inner, inside='&&')}"
            case Literal(value) if isinstance(value, bool):
                return "总是" if value else "从不"
            case _:
                return self.value(tree)

    def denied(self, tree: Tree) -> str:
        match tree:
            case Name(text):
                return self.fact(text, holds=False)
            case Binary("in", left, right):
                return self.among(left, right, holds=False)
            case Not(of):
                return self.condition(of)
            case Join("&&", parts) if len(kept := _without_needless(parts)) == 1:
                return self.denied(kept[0])
            case Binary("==", left, right):
                return self.relation("!=", left, right)
            case Binary("!=", left, right):
                return self.relation("==", left, right)
            case _:
                return f"并非（{self.condition(tree)}）"

    def fact(self, text: str, *, holds: bool) -> str:
        named = self.procedure.names.get(text)
        if named is None:
            return text if holds else f"并非{text}"
        if named.kind == "fact" and named.type == "bool":
            return f"{'查到' if holds else '没有查到'}“{self.target(named)}”"
        if named.kind in _FACTS:
            return _FACTS[named.kind][0 if holds else 1].format(self.target(named))
        if named.kind == "this" and named.target in _THIS:
            return _THIS[named.target][0 if holds else 1]
        if named.type == "bool":
            return f"“{self.name(text)}”为{'是' if holds else '否'}"
        return self.name(text) if holds else f"并非{self.name(text)}"

    def relation(self, sign: str, left: Tree, right: Tree) -> str:
        named = self.procedure.names.get(left.text) if isinstance(left, Name) else None
        if named and named.kind == "case" and named.target == "step" and isinstance(right, Literal):
            return f"{'不' if sign == '!=' else ''}在“{step_words(self.procedure, str(right.value))}”环节"
        if named and named.kind == "actor" and named.target == "role" and isinstance(right, Literal):
            return f"{'不' if sign == '!=' else ''}由{role_words(self.procedure, str(right.value))}办理"
        said = _MOMENTS if self.kind(left) in ("moment", "date") else _RELATIONS
        if named and named.kind in ("table", "table_before") and isinstance(right, Literal):
            given = self.procedure.tables[named.target].gives.get(named.column, "")
            if given in ("step", "role"):
                return f"{self.value(left)}{said[sign]}“{_constant(self.procedure, right.value, given)}”"
        return f"{self.value(left)}{said[sign]}{self.value(right)}"

    def among(self, left: Tree, right: Tree, *, holds: bool = True) -> str:
        if not isinstance(right, Listing):
            return f"{self.value(right)}{'含' if holds else '不含'}{self.value(left)}"
        named = self.procedure.names.get(left.text) if isinstance(left, Name) else None
        items = [str(item.value) if isinstance(item, Literal) else self.value(item) for item in right.items]
        no = "" if holds else "不"
        if named and named.kind == "case" and named.target == "step":
            return f"{no}在{''.join(f'“{step_words(self.procedure, item)}”' for item in items)}环节"
        if named and named.kind == "actor" and named.target == "role":
            return f"{no}由{'、'.join(role_words(self.procedure, item) for item in items)}办理"
        return f"{self.value(left)}{no}为{'或'.join(f'“{item}”' for item in items)}"

    def value(self, tree: Tree) -> str:
        """Something that has a value."""
        match tree:
            case Name(text):
                return self.name(text)
            case Literal(value):
                return (
                    f"“{value}”"
                    if isinstance(value, str)
                    else ("是" if value else "否")
                    if value is True or value is False
                    else str(value)
                )
            case Listing(items):
                return "、".join(self.value(item) for item in items)
            case Either(when, then, other):
                return f"{self.condition(when)}时{self.value(then)}，否则{self.value(other)}"
            case Binary(sign, left, right) if sign in _SIGNS:
                return f"{self.value(left)}{_SIGNS[sign]}{self.value(right)}"
            case Call():
                return self.call(tree)
            case _:
                return self.condition(tree)

    def call(self, tree: Call) -> str:
        match tree:
            case Call("[]", of, (Binary("-", Call("size", _, _), Literal(1)),)) if of is not None:
                return f"最近一项{self.value(of)}"
            case Call("[]", of, (Literal(place),)) if of is not None and isinstance(place, int):
                return f"第 {place + 1} 项{self.value(of)}"
            case Call("size", _, (of,)):
                return f"{self.value(of)}的项数"
            case Call("rank", _, (_, of)):
                return f"{self.value(of)}的次序"
            case Call("timestamp" | "string" | "int", _, (of,)):
                return self.value(of)
            case Call("getHours", of, _) if of is not None:
                return f"{self.value(of)}的钟点"
            case Call("map", of, (Name(variable), inner)) if of is not None:
                return f"{self.value(of)}各项的{self.within(variable, of).value(inner)}"
            case Call("filter", of, (Name(variable), inner)) if of is not None:
                return f"{self.value(of)}中{self.within(variable, of).condition(inner)}的"
            case Call("exists" | "all"):
                return self.condition(tree)
            case Call(function, of, ()) if function.startswith(".") and of is not None:
                return self.column(function[1:], of)
            case Call(function, of, arguments):
                given = "、".join(self.value(one) for one in ((of,) if of is not None else ()) + arguments)
                return f"{_CALLS.get(function, function)}（{given}）"

    def within(self, variable: str, of: Tree) -> _Words:
        """The words inside a macro."""
        path = of.text if isinstance(of, Name) else ""
        return replace(self, rows={**self.rows, variable: path})

    def column(self, column: str, of: Tree) -> str:
        path = self.rows.get(of.text, "") if isinstance(of, Name) else _path(of)
        rule = self.procedure.fields.get(path.removesuffix(".before"))
        name = rule.columns[column].name if rule and column in rule.columns else column
        return name if isinstance(of, Name) and of.text in self.rows else f"{self.value(of)}的{name}"

    def name(self, text: str) -> str:
        if text in self.rows:
            return "其"
        named = self.procedure.names.get(text)
        if named is None:
            return text
        match named.kind:
            case "before" | "table_before":
                return f"此前的{self.target(named)}"
            case "from":
                return f"{self.target(named)}的起点"
            case "until":
                return f"{self.target(named)}的终点"
            case "task_due":
                return f"“{self.target(named)}”的时限"
            case "count":
                return f"“{self.target(named)}”的次数"
            case "guide":
                return f"问诊“{self.target(named)}”的结论"
            case "guide_cause" | "guide_path" | "guide_skipped":
                return f"问诊“{self.target(named)}”{_GUIDE[named.kind]}"
            case "case":
                return _CASE.get(named.target, "环节")
            case "customer":
                return _CUSTOMER.get(named.target, "客户的登记")
            case "actor":
                return {"id": "经办人", "units": "经办人所在单位"}.get(named.target, "经办岗位")
            case "at":
                return _AT.get(named.target, "办理时刻")
            case "present":
                return "在场的岗位"
            case "this":
                return self.own(named.target)
            case "filled" | "issued" | "happened" | "said" | "fact_known" | "table_filled":
                return self.fact(text, holds=True)
            case "figure":
                return f"“{self.target(named)}”"
            case "fact":
                return f"“{self.target(named)}”的{_FACT_COLUMNS.get(named.column, named.column)}"
            case _:
                return self.target(named)

    def own(self, column: str) -> str:
        """A column of the row at hand, by the name that any form gives it."""
        if column in ("item", ""):
            return "该项"
        found = next(
            (rule.columns[column].name for rule in self.procedure.fields.values() if column in rule.columns), ""
        )
        top = next((form.fields[column].name for form in self.procedure.forms.values() if column in form.fields), "")
        return f"该项的{found or top or _FACT_COLUMNS.get(column, column)}"

    def target(self, named: NamedValue) -> str:
        p, name = self.procedure, named.target
        rule = (
            p.fields.get(name) or p.tables.get(name) or p.figures.get(name) or p.forms.get(name) or p.facts.get(name)
            if named.kind in _DATA
            else p.tasks.get(name)
            if named.kind.startswith("task")
            else p.actions.get(name) or p.triggers.get(name) or p.scripts.get(name) or p.guides.get(name)
        )
        return rule.name if rule is not None else name

    def kind(self, tree: Tree) -> str:
        if isinstance(tree, Name) and tree.text in self.procedure.names:
            return self.procedure.names[tree.text].type
        if isinstance(tree, Call) and tree.function == "timestamp":
            return "moment"
        return ""


_DATA = frozenset(
    ("field", "filled", "before", "from", "until", "issued", "table", "table_filled", "table_before", "fact",
     "fact_known", "figure")
)  # fmt: skip
_GUIDE = {"guide_cause": "找到的原因", "guide_path": "的问答", "guide_skipped": "跳过的问题"}
_FACT_COLUMNS = {"count": "件数", "found": "有无", "no": "案号", "case_no": "案号", "members": "各件", "amount": "金额"}
_CALLS = {
    "greatest": "较大者",
    "least": "较小者",
    "total": "合计",
    "days": "相隔天数",
    "minutes": "相隔分钟数",
    "share": "按比例",
    "ratio": "占比",
}


def _path(tree: Tree) -> str:
    """The field whose rows a tree goes into: x[0], x."""
    if isinstance(tree, Call) and tree.function == "[]" and tree.of is not None:
        return _path(tree.of)
    return tree.text if isinstance(tree, Name) else ""


def _without_needless(parts: tuple[Tree, ...]) -> tuple[Tree, ...]:
    """Without `x.filled` where another part says what x is."""
    said = {
        part.left.text if isinstance(part.left, Name) else part.right.text if isinstance(part.right, Name) else ""
        for part in parts
        if isinstance(part, Binary)
    }
    said |= {part.text for part in parts if isinstance(part, Name)}
    kept = tuple(
        part
        for part in parts
        if not (isinstance(part, Name) and part.text.endswith(".filled") and part.text.removesuffix(".filled") in said)
    )
    return kept or parts
