"""Parts of rules in words: who, when, how long, what follows. The one place that words them for the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

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
from shouwen.web.phrases import translated
from shouwen.web.shown import scaled, yuan

__all__ = ["KINDS", "TYPES", "Words", "figure_text"]

KINDS = {
    "role": _noop("角色"),
    "authority": _noop("权限"),
    "catalog": _noop("目录"),
    "figure": _noop("数值"),
    "form": _noop("表单"),
    "fact": _noop("外查事实"),
    "table": _noop("判定表"),
    "flow": _noop("流程"),
    "action": _noop("操作"),
    "task": _noop("待办"),
    "trigger": _noop("触发"),
    "notice": _noop("告知"),
    "script": _noop("口径"),
    "guide": _noop("向导"),
    "posting": _noop("记账"),
    "measure": _noop("指标"),
}
TYPES = {
    "text": _noop("文字"),
    "number": _noop("数"),
    "decimal": _noop("小数"),
    "money": _noop("金额"),
    "ratio": _noop("比例"),
    "bool": _noop("是否"),
    "date": _noop("日期"),
    "moment": _noop("时刻"),
    "period": _noop("时间段"),
    "choice": _noop("单选"),
    "choices": _noop("多选"),
    "person": _noop("人员"),
    "people": _noop("多名人员"),
    "rows": _noop("明细"),
    "signature": _noop("签名"),
    "file": _noop("附件"),
    "files": _noop("附件"),
    "phone": _noop("电话"),
    "span": _noop("时长"),
    "hours": _noop("办公时间"),
    "texts": _noop("几个词"),
    "reference": _noop("关联案号"),
    "role": _noop("岗位"),
    "step": _noop("环节"),
    "int": _noop("数"),
    "rank": _noop("等级"),
}
_SHAPES = {
    "tally": _noop("计数"),
    "last": _noop("最近一件"),
    "rows": _noop("各件"),
    "row": _noop("一条登记"),
    "members": _noop("各成员"),
    "first": _noop("最早一件"),
}


@dataclass(frozen=True)
class Words:
    """The words of one procedure, its figures at the values in force."""

    procedure: Procedure
    figures: Mapping[str, str]

    def when(self, condition: Expression | None) -> str:
        """A condition, '' for none."""
        return translated(words(self.procedure, condition.source)) if condition else ""

    def role(self, role: str) -> str:
        """A role by its name."""
        return translated(role_words(self.procedure, role))

    def roles(self, roles: Iterable[str]) -> str:
        """Roles by their names."""
        return _("、").join(map(self.role, roles))

    def step(self, step: str) -> str:
        """A step by its name."""
        return translated(step_words(self.procedure, step))

    def party(self, party: Party) -> str:
        """Who, of which unit, and when."""
        table = self.procedure.tables.get(party.table or "")
        text = (
            self.role(party.role)
            if party.role
            else _("“{name}”定出的岗位").format(name=table.name if table else party.table)
        )
        if party.unit is not None:
            text += _("（其单位：{when}）").format(when=self.when(party.unit))
        return _("{text}（{when}时）").format(text=text, when=self.when(party.when)) if party.when is not None else text

    def parties(self, parties: Iterable[Party]) -> str:
        """Several, one after the other."""
        return _("、").join(map(self.party, parties))

    def every(self, recurrence: Recurrence) -> str:
        """How often something returns."""
        if isinstance(recurrence, FigureSpan):
            return _("每{span}").format(span=self.span(recurrence))
        if isinstance(recurrence, ClockSpan):
            found = self.procedure.figures.get(recurrence.figure)
            return _("{every}（钟点按数值“{name}”）").format(
                every=translated(every_words(recurrence.span.pattern)), name=found.name if found else recurrence.figure
            )
        return translated(every_words(recurrence))

    def span(self, source: SpanSource | None) -> str:
        """A length of time: itself, or the figure, table or field that gives it."""
        match source:
            case FixedSpan(span):
                return translated(span_words(span))
            case FigureSpan(name, end):
                found = self.procedure.figures.get(name)
                until = _("（止于{clock}）").format(clock=clock_text(end)) if end else ""
                return _("{name}{until}（数值“{name2}”）").format(
                    name=self.figures.get(name, ""), until=until, name2=found.name if found else name
                )
            case ClockSpan(point, name):
                found = self.procedure.figures.get(name)
                return _("{span}（钟点按数值“{name}”）").format(
                    span=translated(span_words(point)), name=found.name if found else name
                )
            case TableSpan(name, _):
                table = self.procedure.tables.get(name.partition(".")[0])
                return _("按“{name}”").format(name=table.name if table else name)
            case FieldSpan(path, _):
                return _("按“{field}”所填").format(field=self.field(path))
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
        return translated(term_words(self.procedure, term, kind))

    def no_later(self, limit: NoLater) -> str:
        """Another limit that binds."""
        task = self.procedure.tasks.get(limit.task or "")
        text = _("“{name}”的时限").format(name=task.name) if task else f"“{self.field(limit.path or '')}”"
        return _("{text}之前{span}").format(text=text, span=self.span(limit.minus)) if limit.minus else text

    def event(self, name: str) -> str:
        """An event that rules wait for."""
        kind, rest = [*name.split(".", 1), ""][:2]
        what, how = (rest, "") if kind in ("act", "trigger", "field") else rest.rpartition(".")[::2]
        said = _EVENTS.get((kind, how)) or _EVENTS.get((kind, ""))
        return said(self, what) if said else _(_BARE.get(name, name))

    def events(self, names: Iterable[str], joined: str = "") -> str:
        """Several events."""
        return (joined or _("、")).join(map(self.event, names))

    def consequence(self, one: Consequence) -> str:
        """What follows, with its condition before it."""
        text = self._consequence(one)
        if one.case is not None:
            text = _("在另案（{when}）中{text}").format(when=self.when(one.case), text=text)
        if one.for_each:
            text = _("逐项（{field}）{text}").format(field=self.field(one.for_each), text=text)
        return _("{when}时，{text}").format(when=self.when(one.when), text=text) if one.when is not None else text

    def name(self, text: str) -> str:
        """What a name in conditions is called."""
        return translated(words(self.procedure, text))

    def named(self, value: str, kind: str) -> str:
        """A value by its name: roles and steps have names of their own."""
        return {"role": self.role, "step": self.step}[kind](value) if kind in ("role", "step") and value else value

    def _consequence(self, one: Consequence) -> str:
        p, target = self.procedure, one.target
        match one.verb:
            case "go":
                return _("转入“{step}”").format(step=self.step(target))
            case "end":
                return _("无所欠后进入“{step}”").format(step=self.step(target))
            case "reopen":
                return _("重开，回到“{step}”").format(step=self.step(target))
            case "open":
                return _("另立一件“{name}”").format(name=p.flows[target].name if target in p.flows else target)
            case "link":
                return _("与另案关联")
            case "set":
                row = _("、").join(self._set(p, t) for p, t in one.values.items())
                return _("记下{set}").format(set=row)
            case "add":
                row = _("、").join(self._set(p, t) for p, t in one.values.items())
                return _("在{field}加一行：{set}").format(field=self.field(target), set=row)
            case "write":
                register = p.forms[target].name if target in p.forms else target
                row = _("、").join(self._set(p, t) for p, t in one.values.items())
                return _("登入《{register}》：{set}").format(register=register, set=row)
            case "tell":
                told = _("告知{parties}").format(parties=self.parties(one.parties))
                return _("{what}：{text}").format(what=told, text=self.text(one.text)) if one.text else told
            case "issue":
                return _("出具《{name}》").format(name=p.forms[target].name if target in p.forms else target)
            case "void":
                return _("作废《{name}》，号码保留").format(name=p.forms[target].name if target in p.forms else target)
            case "post":
                return _("记账“{name}”").format(name=p.postings[target].name if target in p.postings else target)
            case "reverse":
                return _("冲回“{name}”").format(name=p.postings[target].name if target in p.postings else target)
            case "assign":
                return _("改由{parties}负责").format(parties=self.parties(one.parties))
            case "escalate":
                return _("按“{name}”逐级上报").format(
                    name=p.authorities[target].name if target in p.authorities else target
                )
            case "note":
                return _("留一笔：{text}").format(text=self.text(one.text))
            case _:
                return one.verb

    def _set(self, path: str, term: Term) -> str:
        return _("{field}＝{what}").format(field=self.field(path), what=self.value(term) or _("（空）"))

    def text(self, text: str) -> str:
        """Words with {form.field} in them, the slots by their names."""
        for path, rule in self.procedure.fields.items():
            text = text.replace(f"{{{path}}}", f"〈{rule.name}〉")  # zh: brackets around the regulation's word
        return text

    def field_type(self, rule: Field) -> str:
        """How a field is filled."""
        kind = _(TYPES.get(rule.type, rule.type))
        if rule.words:
            return _("{kind}：{names}").format(kind=kind, names=_("、").join(rule.words))
        catalog = self.procedure.catalogs.get(rule.catalog or "")
        if catalog:
            return _("{kind}（目录“{name}”）").format(kind=kind, name=catalog.name)
        if rule.columns:
            return _("{kind}：{names}").format(
                kind=kind, names=_("、").join(column.name for column in rule.columns.values())
            )
        return _("{kind}（{unit}）").format(kind=kind, unit=rule.unit) if rule.unit else kind

    def shape(self, shape: str) -> str:
        """What a fact brings."""
        return _(_SHAPES.get(shape, shape))


def figure_text(kind: str, value: Value | Span, unit: str = "") -> str:
    """The value of a figure as people read it."""
    if isinstance(value, Span):
        return translated(span_words(value))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, tuple):
        return _("、").join(str(item) for item in value)
    if kind == "money" and isinstance(value, int):
        return _("{yuan} 元").format(yuan=yuan(value).removesuffix(".00"))
    if kind == "ratio" and isinstance(value, int):
        return f"{scaled(value, 2)}%"
    return f"{value} {unit}".strip()


def _named(rules: str, message: str) -> Callable[[Words, str], str]:
    def said(w: Words, name: str) -> str:
        rule = getattr(w.procedure, rules).get(name)
        return _(message).format(name=rule.name if rule else name)

    return said


_BARE = {"opened": _noop("立案"), "reopened": _noop("重开"), "closed": _noop("办结")}
_EVENTS: dict[tuple[str, str], Callable[[Words, str], str]] = {
    ("act", ""): _named("actions", "“{name}”"),
    ("trigger", ""): _named("triggers", "“{name}”"),
    ("task", "begun"): _named("tasks", _noop("“{name}”开始")),
    ("task", "done"): _named("tasks", _noop("“{name}”办成")),
    ("task", "missed"): _named("tasks", _noop("“{name}”逾期")),
    ("notice", "sent"): _named("notices", _noop("“{name}”发出")),
    ("notice", "received"): _named("notices", _noop("“{name}”收到")),
    ("script", "said"): _named("scripts", _noop("说明“{name}”")),
    ("guide", "concluded"): _named("guides", _noop("“{name}”得出结论")),
    ("form", "issued"): lambda w, name: _("出具《{name}》").format(
        name=w.procedure.forms[name].name if name in w.procedure.forms else name
    ),
    ("step", "entered"): lambda w, name: _("进入“{step}”").format(step=w.step(name)),
    ("step", "left"): lambda w, name: _("离开“{step}”").format(step=w.step(name)),
    ("authority", "granted"): _named("authorities", _noop("“{name}”同意")),
    ("authority", "returned"): _named("authorities", _noop("“{name}”退回")),
    ("authority", "declined"): _named("authorities", _noop("“{name}”不同意")),
    ("table", "changed"): _named("tables", _noop("“{name}”改变")),
    ("link", "closed"): lambda w, name: _("关联的案件办结"),
    ("field", ""): lambda w, path: _("“{field}”填好").format(field=w.field(path)),
}
