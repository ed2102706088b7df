"""Conditions in Chinese words, for people who read a regulation: 等级为“重大”，且已“接待登记”."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shouwen.core.calendar import Span, span_words
from shouwen.core.expression import Constant, NamedSpan, Term
from shouwen.core.language.check.parser import parse
from shouwen.core.language.check.tree import Binary, Call, Either, Join, Listing, Literal, Name, Not, Tree
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import NamedValue, Procedure
from shouwen.core.values import show

__all__ = ["role_words", "step_words", "term_words", "words"]

_RELATIONS = {
    "==": phrase("{left}为{right}"),
    "!=": phrase("{left}不为{right}"),
    "<": phrase("{left}少于{right}"),
    "<=": phrase("{left}不超过{right}"),
    ">": phrase("{left}多于{right}"),
    ">=": phrase("{left}不少于{right}"),
}
_MOMENTS = {
    "==": phrase("{left}即{right}"),
    "!=": phrase("{left}不是{right}"),
    "<": phrase("{left}早于{right}"),
    "<=": phrase("{left}不晚于{right}"),
    ">": phrase("{left}晚于{right}"),
    ">=": phrase("{left}不早于{right}"),
}
_SIGNS = {
    "+": phrase("{left}加{right}"),
    "-": phrase("{left}减{right}"),
    "*": phrase("{left}乘以{right}"),
    "/": phrase("{left}除以{right}"),
    "%": phrase("{left}除余{right}"),
}
_CASE = {
    "no": phrase("案号"),
    "opened": phrase("立案时刻"),
    "reopened": phrase("重开次数"),
    "flow": phrase("流程"),
    "members": phrase("所列案件"),
}
_AT = {"": phrase("办理时刻"), "workday": phrase("办理当日是工作日"), "open": phrase("办理时正在办公")}
_CUSTOMER = {"name": phrase("客户姓名"), "phone": phrase("客户电话"), "room": phrase("客户房号")}
#: names that are facts by themselves: how they are said, and how denied
_FACTS = {
    "filled": (phrase("已填“{name}”"), phrase("未填“{name}”")),
    "table_filled": (phrase("“{name}”已判定"), phrase("“{name}”尚未判定")),
    "issued": (phrase("已出具《{name}》"), phrase("尚未出具《{name}》")),
    "fact_known": (phrase("已查得“{name}”"), phrase("未查得“{name}”")),
    "task_open": (phrase("还欠着“{name}”"), phrase("不欠“{name}”")),
    "task_done": (phrase("已办成“{name}”"), phrase("尚未办成“{name}”")),
    "task_missed": (phrase("“{name}”逾期"), phrase("“{name}”没有逾期")),
    "happened": (phrase("办过“{name}”"), phrase("未办“{name}”")),
    "said": (phrase("已说明“{name}”"), phrase("尚未说明“{name}”")),
}
_THIS = {
    "in_time": (phrase("按时"), phrase("没有按时")),
    "missed": (phrase("逾期"), phrase("没有逾期")),
    "done": (phrase("已办成"), phrase("未办成")),
    "open": (phrase("还欠着"), phrase("不再欠")),
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
        return phrase("数值“{name}”", name=procedure.figures[term.figure].name)
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
        return joined(_constant(procedure, item, kind) for item in value)
    if isinstance(value, Span):
        return span_words(value)
    if isinstance(value, bool):
        return phrase("是") if value else phrase("否")
    if isinstance(value, int):
        return phrase("{yuan} 元", yuan=format(value / 100, ",.2f")) if kind == "money" else str(value)
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
                text = joined(found, phrase("，且") if sign == "&&" else phrase("，或"))
                return phrase("（{text}）", text=text) if len(kept) > 1 and inside and inside != sign else text
            case Not(of):
                return self.denied(of)
            case Binary("in", left, right):
                return self.among(left, right)
            case Binary(sign, left, right) if sign in _RELATIONS:
                return self.relation(sign, left, right)
            case Name(text):
                return self.fact(text, holds=True)
            case Call("exists", of, (Name(variable), inner)) if of is not None:
                return phrase(
                    "{value}中有一项{condition}",
                    value=self.value(of),
                    condition=self.within(variable, of).condition(inner, inside="&&"),
                )
            case Call("all", of, (Name(variable), inner)) if of is not None:
                return phrase(
                    "{value}每一项都{condition}",
                    value=self.value(of),
                    condition=self.within(variable, of).condition(inner, inside="&&"),
                )
            case Literal(value) if isinstance(value, bool):
                return phrase("总是") if value else phrase("从不")
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
                return phrase("并非（{condition}）", condition=self.condition(tree))

    def fact(self, text: str, *, holds: bool) -> str:
        named = self.procedure.names.get(text)
        if named is None:
            return text if holds else phrase("并非{text}", text=text)
        if named.kind == "fact" and named.type == "bool":
            target = self.target(named)
            return phrase("查到“{name}”", name=target) if holds else phrase("没有查到“{name}”", name=target)
        if named.kind in _FACTS:
            return phrase(_FACTS[named.kind][0 if holds else 1].message, name=self.target(named))
        if named.kind == "this" and named.target in _THIS:
            return _THIS[named.target][0 if holds else 1]
        if named.type == "bool":
            return (
                phrase("“{name}”为是", name=self.name(text)) if holds else phrase("“{name}”为否", name=self.name(text))
            )
        return self.name(text) if holds else phrase("并非{name}", name=self.name(text))

    def relation(self, sign: str, left: Tree, right: Tree) -> str:
        named = self.procedure.names.get(left.text) if isinstance(left, Name) else None
        if named and named.kind == "case" and named.target == "step" and isinstance(right, Literal):
            step = step_words(self.procedure, str(right.value))
            return phrase("不在“{step}”环节", step=step) if sign == "!=" else phrase("在“{step}”环节", step=step)
        if named and named.kind == "actor" and named.target == "role" and isinstance(right, Literal):
            role = role_words(self.procedure, str(right.value))
            return phrase("不由{role}办理", role=role) if sign == "!=" else phrase("由{role}办理", role=role)
        said = _MOMENTS if self.kind(left) in ("moment", "date") else _RELATIONS
        if named and named.kind in ("table", "table_before") and isinstance(right, Literal):
            given = self.procedure.tables[named.target].gives.get(named.column, "")
            if given in ("step", "role"):
                value = f"“{_constant(self.procedure, right.value, given)}”"
                return phrase(said[sign].message, left=self.value(left), right=value)
        return phrase(said[sign].message, left=self.value(left), right=self.value(right))

    def among(self, left: Tree, right: Tree, *, holds: bool = True) -> str:
        if not isinstance(right, Listing):
            said = phrase("{left}含{right}") if holds else phrase("{left}不含{right}")
            return phrase(said.message, left=self.value(right), right=self.value(left))
        named = self.procedure.names.get(left.text) if isinstance(left, Name) else None
        items = [str(item.value) if isinstance(item, Literal) else self.value(item) for item in right.items]
        if named and named.kind == "case" and named.target == "step":
            steps = "".join(f"“{step_words(self.procedure, item)}”" for item in items)
            return phrase("在{steps}环节", steps=steps) if holds else phrase("不在{steps}环节", steps=steps)
        if named and named.kind == "actor" and named.target == "role":
            roles = joined(role_words(self.procedure, item) for item in items)
            return phrase("由{role}办理", role=roles) if holds else phrase("不由{role}办理", role=roles)
        said = phrase("{left}为{right}") if holds else phrase("{left}不为{right}")
        right_words = joined((f"“{item}”" for item in items), phrase("或"))
        return phrase(said.message, left=self.value(left), right=right_words)

    def value(self, tree: Tree) -> str:
        """Something that has a value."""
        match tree:
            case Name(text):
                return self.name(text)
            case Literal(value):
                return (
                    f"“{value}”"
                    if isinstance(value, str)
                    else (phrase("是") if value else phrase("否"))
                    if value is True or value is False
                    else str(value)
                )
            case Listing(items):
                return joined(self.value(item) for item in items)
            case Either(when, then, other):
                return phrase(
                    "{condition}时{value}，否则{value2}",
                    condition=self.condition(when),
                    value=self.value(then),
                    value2=self.value(other),
                )
            case Binary(sign, left, right) if sign in _SIGNS:
                return phrase(_SIGNS[sign].message, left=self.value(left), right=self.value(right))
            case Call():
                return self.call(tree)
            case _:
                return self.condition(tree)

    def call(self, tree: Call) -> str:
        match tree:
            case Call("[]", of, (Binary("-", Call("size", _, _), Literal(1)),)) if of is not None:
                return phrase("最近一项{value}", value=self.value(of))
            case Call("[]", of, (Literal(place),)) if of is not None and isinstance(place, int):
                return phrase("第 {place} 项{value}", place=place + 1, value=self.value(of))
            case Call("size", _, (of,)):
                return phrase("{value}的项数", value=self.value(of))
            case Call("rank", _, (_, of)):
                return phrase("{value}的次序", value=self.value(of))
            case Call("timestamp" | "string" | "int", _, (of,)):
                return self.value(of)
            case Call("getHours", of, _) if of is not None:
                return phrase("{value}的钟点", value=self.value(of))
            case Call("map", of, (Name(variable), inner)) if of is not None:
                return phrase(
                    "{value}各项的{value2}", value=self.value(of), value2=self.within(variable, of).value(inner)
                )
            case Call("filter", of, (Name(variable), inner)) if of is not None:
                return phrase(
                    "{value}中{condition}的", value=self.value(of), condition=self.within(variable, of).condition(inner)
                )
            case Call("exists" | "all"):
                return self.condition(tree)
            case Call(function, of, ()) if function.startswith(".") and of is not None:
                return self.column(function[1:], of)
            case Call(function, of, arguments):
                given = joined(self.value(one) for one in ((of,) if of is not None else ()) + arguments)
                return phrase("{function}（{given}）", function=_CALLS.get(function, function), given=given)

    def within(self, variable: str, of: Tree) -> _Words:
        """The words inside a macro."""
        path = of.text if isinstance(of, Name) else ""
        return replace(self, rows={**self.rows, variable: path})

    def column(self, column: str, of: Tree) -> str:
        path = self.rows.get(of.text, "") if isinstance(of, Name) else _path(of)
        rule = self.procedure.fields.get(path.removesuffix(".before"))
        name = rule.columns[column].name if rule and column in rule.columns else column
        return (
            name
            if isinstance(of, Name) and of.text in self.rows
            else phrase("{value}的{name}", value=self.value(of), name=name)
        )

    def name(self, text: str) -> str:
        if text in self.rows:
            return phrase("其")
        named = self.procedure.names.get(text)
        if named is None:
            return text
        match named.kind:
            case "before" | "table_before":
                return phrase("此前的{target}", target=self.target(named))
            case "from":
                return phrase("{target}的起点", target=self.target(named))
            case "until":
                return phrase("{target}的终点", target=self.target(named))
            case "task_due":
                return phrase("“{target}”的时限", target=self.target(named))
            case "count":
                return phrase("“{target}”的次数", target=self.target(named))
            case "guide":
                return phrase("问诊“{target}”的结论", target=self.target(named))
            case "guide_cause" | "guide_path" | "guide_skipped":
                return phrase(_GUIDE[named.kind].message, target=self.target(named))
            case "case":
                return _CASE.get(named.target, phrase("环节"))
            case "customer":
                return _CUSTOMER.get(named.target, phrase("客户的登记"))
            case "actor":
                return {"id": phrase("经办人"), "units": phrase("经办人所在单位")}.get(named.target, phrase("经办岗位"))
            case "at":
                return _AT.get(named.target, phrase("办理时刻"))
            case "present":
                return phrase("在场的岗位")
            case "this":
                return self.own(named.target)
            case "filled" | "issued" | "happened" | "said" | "fact_known" | "table_filled":
                return self.fact(text, holds=True)
            case "figure":
                return f"“{self.target(named)}”"
            case "fact":
                return phrase(
                    "“{target}”的{column}",
                    target=self.target(named),
                    column=_FACT_COLUMNS.get(named.column, named.column),
                )
            case _:
                return self.target(named)

    def own(self, column: str) -> str:
        """A column of the row at hand, by the name that any form gives it."""
        if column in ("item", ""):
            return phrase("该项")
        found = next(
            (rule.columns[column].name for rule in self.procedure.fields.values() if column in rule.columns), ""
        )
        top = next((form.fields[column].name for form in self.procedure.forms.values() if column in form.fields), "")
        return phrase("该项的{column}", column=found or top or _FACT_COLUMNS.get(column, column))

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
_GUIDE = {
    "guide_cause": phrase("问诊“{target}”找到的原因"),
    "guide_path": phrase("问诊“{target}”的问答"),
    "guide_skipped": phrase("问诊“{target}”跳过的问题"),
}
_FACT_COLUMNS = {
    "count": phrase("件数"),
    "found": phrase("有无"),
    "no": phrase("案号"),
    "case_no": phrase("案号"),
    "members": phrase("各件"),
    "amount": phrase("金额"),
}
_CALLS = {
    "greatest": phrase("较大者"),
    "least": phrase("较小者"),
    "total": phrase("合计"),
    "days": phrase("相隔天数"),
    "minutes": phrase("相隔分钟数"),
    "share": phrase("按比例"),
    "ratio": phrase("占比"),
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
