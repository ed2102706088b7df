"""Parts of rules in words: who, when, how long, what follows. The one place that words them for the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from shouwen.casework.conditions import role_words, step_words, term_words, words
from shouwen.core.calendar import Span, clock_text, every_words, span_words
from shouwen.core.expression import Expression, NamedSpan, Term
from shouwen.core.procedure import (
    ClockSpan,
    Consequence,
    Field,
    FieldSpan,
    FigureSpan,
    FixedSpan,
    NoLater,
    Party,
    Procedure,
    Recurrence,
    SpanSource,
    TableSpan,
)
from shouwen.core.values import Value
from shouwen.web.shown import scaled, yuan

__all__ = ["KINDS", "TYPES", "Words", "figure_text"]

KINDS = {
    "role": "角色",
    "authority": "权限",
    "catalog": "目录",
    "figure": "数值",
    "form": "表单",
    "fact": "外查事实",
    "table": "判定表",
    "flow": "流程",
    "action": "操作",
    "task": "待办",
    "trigger": "触发",
    "notice": "告知",
    "script": "口径",
    "guide": "向导",
    "posting": "记账",
    "measure": "指标",
}
TYPES = {
    "text": "文字",
    "number": "数",
    "decimal": "小数",
    "money": "金额",
    "ratio": "比例",
    "bool": "是否",
    "date": "日期",
    "moment": "时刻",
    "period": "时间段",
    "choice": "单选",
    "choices": "多选",
    "person": "人员",
    "people": "多名人员",
    "rows": "明细",
    "signature": "签名",
    "file": "附件",
    "files": "附件",
    "phone": "电话",
    "span": "时长",
    "hours": "办公时间",
    "texts": "几个词",
    "reference": "关联案号",
    "role": "岗位",
    "step": "环节",
    "int": "数",
    "rank": "等级",
}
_SHAPES = {
    "tally": "计数",
    "last": "最近一件",
    "rows": "各件",
    "row": "一条登记",
    "members": "各成员",
    "first": "最早一件",
}


@dataclass(frozen=True)
class Words:
    """The words of one procedure, its figures at the values in force."""

    procedure: Procedure
    figures: Mapping[str, str]

    def when(self, condition: Expression | None) -> str:
        """A condition, '' for none."""
        return words(self.procedure, condition.source) if condition else ""

    def role(self, role: str) -> str:
        """A role by its name."""
        return role_words(self.procedure, role)

    def roles(self, roles: Iterable[str]) -> str:
        """Roles by their names."""
        return "、".join(map(self.role, roles))

    def step(self, step: str) -> str:
        """A step by its name."""
        return step_words(self.procedure, step)

    def party(self, party: Party) -> str:
        """Who, of which unit, and when."""
        table = self.procedure.tables.get(party.table or "")
        text = self.role(party.role) if party.role else f"“{table.name if table else party.table}”定出的岗位"
        if party.unit is not None:
            text += f"（其单位：{self.when(party.unit)}）"
        return f"{text}（{self.when(party.when)}时）" if party.when is not None else text

    def parties(self, parties: Iterable[Party]) -> str:
        """Several, one after the other."""
        return "、".join(map(self.party, parties))

    def every(self, recurrence: Recurrence) -> str:
        """How often something returns."""
        if isinstance(recurrence, FigureSpan):
            return f"每{self.span(recurrence)}"
        if isinstance(recurrence, ClockSpan):
            found = self.procedure.figures.get(recurrence.figure)
            return f"{every_words(recurrence.span.pattern)}（钟点按数值“{found.name if found else recurrence.figure}”）"
        return every_words(recurrence)

    def span(self, source: SpanSource | None) -> str:
        """A length of time: itself, or the figure, table or field that gives it."""
        match source:
            case FixedSpan(span):
                return span_words(span)
            case FigureSpan(name, end):
                found = self.procedure.figures.get(name)
                until = f"（止于{clock_text(end)}）" if end else ""
                return f"{self.figures.get(name, '')}{until}（数值“{found.name if found else name}”）"
            case ClockSpan(point, name):
                found = self.procedure.figures.get(name)
                return f"{span_words(point)}（钟点按数值“{found.name if found else name}”）"
            case TableSpan(name, _):
                table = self.procedure.tables.get(name.partition(".")[0])
                return f"按“{table.name if table else name}”"
            case FieldSpan(path, _):
                return f"按“{self.field(path)}”所填"
            case None:
                return ""

    def field(self, path: str) -> str:
        """A field by its name."""
        found = self.procedure.fields.get(path)
        return found.name if found else path

    def value(self, term: Term, kind: str = "") -> str:
        """A value or formula."""
        if isinstance(term, NamedSpan):
            return self.span(FigureSpan(term.figure))
        return term_words(self.procedure, term, kind)

    def no_later(self, limit: NoLater) -> str:
        """Another limit that binds."""
        task = self.procedure.tasks.get(limit.task or "")
        text = f"“{task.name}”的时限" if task else f"“{self.field(limit.path or '')}”"
        return f"{text}之前{self.span(limit.minus)}" if limit.minus else text

    def event(self, name: str) -> str:
        """An event that rules wait for."""
        kind, _, rest = name.partition(".")
        what, _, how = rest.rpartition(".") if kind not in ("act", "trigger", "field") else (rest, "", "")
        said = _EVENTS.get((kind, how)) or _EVENTS.get((kind, ""))
        return said(self, what) if said else _BARE.get(name, name)

    def events(self, names: Iterable[str], joined: str = "、") -> str:
        """Several events."""
        return joined.join(map(self.event, names))

    def consequence(self, one: Consequence) -> str:
        """What follows, with its condition before it."""
        text = self._consequence(one)
        if one.case is not None:
            text = f"在另案（{self.when(one.case)}）中{text}"
        if one.for_each:
            text = f"逐项（{self.field(one.for_each)}）{text}"
        return f"{self.when(one.when)}时，{text}" if one.when is not None else text

    def name(self, text: str) -> str:
        """What a name in conditions is called."""
        return words(self.procedure, text)

    def named(self, value: str, kind: str) -> str:
        """A value by its name: roles and steps have names of their own."""
        return {"role": self.role, "step": self.step}[kind](value) if kind in ("role", "step") and value else value

    def _consequence(self, one: Consequence) -> str:
        p, target = self.procedure, one.target
        match one.verb:
            case "go":
                return f"转入“{self.step(target)}”"
            case "end":
                return f"无所欠后进入“{self.step(target)}”"
            case "reopen":
                return f"重开，回到“{self.step(target)}”"
            case "open":
                return f"另立一件“{p.flows[target].name if target in p.flows else target}”"
            case "link":
                return "与另案关联"
            case "set":
                return "记下" + "、".join(self._set(path, term) for path, term in one.values.items())
            case "add":
                return f"在{self.field(target)}加一行：" + "、".join(self._set(p, t) for p, t in one.values.items())
            case "write":
                register = p.forms[target].name if target in p.forms else target
                return f"登入《{register}》：" + "、".join(self._set(p, t) for p, t in one.values.items())
            case "tell":
                return f"告知{self.parties(one.parties)}" + (f"：{self.text(one.text)}" if one.text else "")
            case "issue":
                return f"出具《{p.forms[target].name if target in p.forms else target}》"
            case "void":
                return f"作废《{p.forms[target].name if target in p.forms else target}》，号码保留"
            case "post":
                return f"记账“{p.postings[target].name if target in p.postings else target}”"
            case "reverse":
                return f"冲回“{p.postings[target].name if target in p.postings else target}”"
            case "assign":
                return f"改由{self.parties(one.parties)}负责"
            case "escalate":
                return f"按“{p.authorities[target].name if target in p.authorities else target}”逐级上报"
            case "note":
                return f"留一笔：{self.text(one.text)}"
            case _:
                return one.verb

    def _set(self, path: str, term: Term) -> str:
        return f"{self.field(path)}＝{self.value(term) or '（空）'}"

    def text(self, text: str) -> str:
        """Words with {form.field} in them, the slots by their names."""
        for path, rule in self.procedure.fields.items():
            text = text.replace(f"{{{path}}}", f"〈{rule.name}〉")
        return text

    def field_type(self, rule: Field) -> str:
        """How a field is filled."""
        kind = TYPES.get(rule.type, rule.type)
        if rule.words:
            return f"{kind}：{'、'.join(rule.words)}"
        catalog = self.procedure.catalogs.get(rule.catalog or "")
        if catalog:
            return f"{kind}（目录“{catalog.name}”）"
        if rule.columns:
            return f"{kind}：{'、'.join(column.name for column in rule.columns.values())}"
        return f"{kind}（{rule.unit}）" if rule.unit else kind

    def shape(self, shape: str) -> str:
        """What a fact brings."""
        return _SHAPES.get(shape, shape)


def figure_text(kind: str, value: Value | Span, unit: str = "") -> str:
    """The value of a figure as people read it."""
    if isinstance(value, Span):
        return span_words(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(str(item) for item in value)
    if kind == "money" and isinstance(value, int):
        return f"{yuan(value).removesuffix('.00')} 元"
    if kind == "ratio" and isinstance(value, int):
        return f"{scaled(value, 2)}%"
    return f"{value} {unit}".strip()


def _named(rules: str, before: str, after: str) -> Callable[[Words, str], str]:
    def said(w: Words, name: str) -> str:
        rule = getattr(w.procedure, rules).get(name)
        return f"{before}“{rule.name if rule else name}”{after}"

    return said


_BARE = {"opened": "立案", "reopened": "重开", "closed": "办结"}
_EVENTS: dict[tuple[str, str], Callable[[Words, str], str]] = {
    ("act", ""): _named("actions", "", ""),
    ("trigger", ""): _named("triggers", "", ""),
    ("task", "begun"): _named("tasks", "", "开始"),
    ("task", "done"): _named("tasks", "", "办成"),
    ("task", "missed"): _named("tasks", "", "逾期"),
    ("notice", "sent"): _named("notices", "", "发出"),
    ("notice", "received"): _named("notices", "", "收到"),
    ("script", "said"): _named("scripts", "说明", ""),
    ("guide", "concluded"): _named("guides", "", "得出结论"),
    ("form", "issued"): lambda w, name: (
        f"出具《{w.procedure.forms[name].name if name in w.procedure.forms else name}》"
    ),
    ("step", "entered"): lambda w, name: f"进入“{w.step(name)}”",
    ("step", "left"): lambda w, name: f"离开“{w.step(name)}”",
    ("authority", "granted"): _named("authorities", "", "同意"),
    ("authority", "returned"): _named("authorities", "", "退回"),
    ("authority", "declined"): _named("authorities", "", "不同意"),
    ("table", "changed"): _named("tables", "", "改变"),
    ("link", "closed"): lambda w, name: "关联的案件办结",
    ("field", ""): lambda w, path: f"“{w.field(path)}”填好",
}
