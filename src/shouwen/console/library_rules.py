"""Rules as sentences and small tables: who may do what, when, with which needs, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from shouwen.console.library_words import KINDS, TYPES, Words, figure_text
from shouwen.core.procedure import (
    Action,
    Authority,
    Catalog,
    Clauses,
    Fact,
    Figure,
    Flow,
    Form,
    Guide,
    Leave,
    Measure,
    Need,
    Notice,
    Posting,
    Procedure,
    Reminder,
    Reply,
    Role,
    Rule,
    Script,
    Table,
    Task,
    Trigger,
)

__all__ = ["Grid", "GridRow", "Line", "RuleView", "rule_of", "rule_view"]


@dataclass(frozen=True)
class Line:
    """One statement of a rule: what it is about, what it says, and by which clauses. `tone`: never, say, or ''."""

    label: str
    text: str
    clauses: Clauses = ()
    tone: str = ""


@dataclass(frozen=True)
class GridRow:
    """A row of a small table."""

    cells: tuple[str, ...]
    clauses: Clauses = ()
    own: bool = False
    note: str = ""


@dataclass(frozen=True)
class Grid:
    """A small table inside a rule."""

    head: tuple[str, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class RuleView:
    """A rule ready to be shown. `own`: the organisation's own reading, not the source's."""

    kind: str
    id: str
    name: str
    clauses: Clauses
    own: bool
    lines: tuple[Line, ...]
    grid: Grid | None = None

    @property
    def kind_word(self) -> str:
        """Its kind in words."""
        return KINDS[self.kind]

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"r-{self.kind}-{self.id}"

    @property
    def plain(self) -> tuple[str, ...]:
        """The rule as lines of text, for searching and comparing."""
        head = f"{self.kind_word} {self.name}" + ("（本单位取法）" if self.own else "")
        rows = [" ｜ ".join(row.cells) for row in self.grid.rows] if self.grid else []
        return (head, *(f"{line.label} {line.text}".strip() for line in self.lines), *rows)


def rule_of(procedure: Procedure, kind: str, name: str) -> Rule | None:
    """A rule by its kind and name."""
    found: Rule | None = getattr(procedure, "authorities" if kind == "authority" else f"{kind}s").get(name)
    return found


def rule_view(w: Words, kind: str, rule: Rule) -> RuleView:
    """A rule of any kind as it is shown."""
    lines, grid = _VIEWS[kind](w, rule)
    own, whole = rule.basis == "default", set(rule.clauses)
    # What the rule as a whole cites is not repeated at each of its lines.
    said = (replace(line, clauses=()) if set(line.clauses) == whole else line for line in lines if line.text)
    return RuleView(kind, rule.id, rule.name, rule.clauses, own, tuple(said), grid)


Parts = tuple[Iterator[Line], Grid | None]


def _role(w: Words, rule: Role) -> Parts:
    return _role_lines(w, rule), None


def _role_lines(w: Words, rule: Role) -> Iterator[Line]:
    if rule.customer:
        yield Line("身份", "客户本人，在自己的案件里")
    elif rule.outside:
        yield Line("身份", "单位以外的人")
    if rule.system:
        yield Line("身份", "程序")
    if rule.per_unit:
        yield Line("范围", "各部门各有其人")
    if rule.named_by:
        yield Line("由谁担任", f"“{w.field(rule.named_by)}”所指的人")
    if rule.first_of:
        yield Line("由谁担任", f"{w.roles(rule.first_of)}中在岗的第一位")
    if rule.any_of:
        yield Line("包括", w.roles(rule.any_of))
    if rule.otherwise:
        yield Line("无人担任时", f"由{w.role(rule.otherwise)}代行")
    if rule.apart:
        yield Line("不得兼任", w.roles(rule.apart))
    yield Line("代理", {"appointed": "只能由指定的代理人代", "none": "不得代理"}.get(rule.deputies, ""))
    if rule.oversees is not None:
        yield Line("可以过问", f"{w.when(rule.oversees)}的案件")


def _authority(w: Words, rule: Authority) -> Parts:
    return _authority_lines(w, rule), None


def _authority_lines(w: Words, rule: Authority) -> Iterator[Line]:
    over = [w.procedure.actions[name].name for name in rule.over if name in w.procedure.actions]
    yield Line("管", "、".join(f"“{name}”" for name in over))
    yield Line("何时", w.when(rule.when))
    yield Line("可自行决定", w.parties(rule.alone))
    for place, level in enumerate(rule.levels, 1):
        within = f"，限{w.span(level.within)}" if level.within else ""
        yield Line(
            f"第 {place} 级" if len(rule.levels) > 1 else "决定", f"{w.party(level.party)}{within}", level.party.clauses
        )
    yield Line("结果写进", "、".join(map(w.field, rule.seals)))
    yield Line("时限", w.span(rule.within))
    yield Line("回避", w.roles(rule.excluded))
    for label, found in (
        ("同意后", rule.granted),
        ("退回后", rule.returned),
        ("不同意后", rule.declined),
        ("逾期", rule.missed),
    ):
        for one in found:
            yield Line(label, w.consequence(one), one.clauses)
    for rung in rule.climb:
        yield Line(
            "上报",
            f"{w.party(rung.party)}" + (f"（再过{w.span(rung.after)}）" if rung.after else ""),
            rung.party.clauses,
        )


def _catalog(w: Words, rule: Catalog) -> Parts:
    open_words = iter([Line("增添", "本单位可以增添词条")] if rule.open else [])
    columns = tuple(dict.fromkeys(name for entry in rule.entries for name in entry.columns))
    meant = any(entry.meaning for entry in rule.entries)
    if not meant and not columns:
        words = "、".join(entry.name for entry in rule.entries)
        return iter([Line("词条", words), *open_words]), None
    rows = tuple(
        GridRow(
            (entry.name, *([entry.meaning] if meant else []), *(str(entry.columns.get(name, "")) for name in columns)),
            entry.clauses,
            note=f"{entry.retired:%Y-%m-%d} 起停用" if entry.retired else "",
        )
        for entry in rule.entries
    )
    return open_words, Grid(("词条", *(["意思"] if meant else []), *columns), rows)


def _figure(w: Words, rule: Figure) -> Parts:
    return _figure_lines(w, rule), None


def _figure_lines(w: Words, rule: Figure) -> Iterator[Line]:
    for dated in rule.values:
        since = f"{dated.since:%Y-%m-%d} 起" if dated.since else "规程所定"
        yield Line(since, figure_text(rule.type, dated.value, rule.unit), dated.clauses)
    written = figure_text(rule.type, rule.values[-1].value, rule.unit) if rule.values else ""
    now = w.figures.get(rule.id, written)
    if now != written:
        yield Line("现行", f"{now}（本单位改定）")


def _form(w: Words, rule: Form) -> Parts:
    rows = []
    for item in rule.fields.values():
        need = (
            "可不填"
            if item.optional
            else f"{w.when(item.needed)}时必填"
            if item.needed is not None
            else "自动"
            if item.auto or item.computed is not None
            else "必填"
        )
        only = f"；只有{w.roles(item.only)}可填" if item.only else ""
        hidden = f"；{w.roles(item.hidden_from)}看不到" if item.hidden_from else ""
        mark = "；个人信息" if item.private else ""
        rows.append(
            GridRow(
                (item.name, w.field_type(item), f"{need}{only}{hidden}{mark}"), item.clauses, item.basis == "default"
            )
        )
    return _form_lines(w, rule), Grid(("栏目", "填法", "要求"), tuple(rows))


def _form_lines(w: Words, rule: Form) -> Iterator[Line]:
    if rule.register:
        yield Line("用途", "登记簿：在案件之外，由本单位维护")
    yield Line("编号", rule.number or "")
    yield Line(
        "联次", "、".join(f"{copy.name}（{w.roles(copy.to)}）" if copy.to else copy.name for copy in rule.copies)
    )
    for keep in rule.keep:
        yield Line(
            "保存",
            f"{w.event(keep.since)}后{w.span(keep.span)}" + (f"（{w.when(keep.when)}）" if keep.when else ""),
            keep.clauses,
        )


def _fact(w: Words, rule: Fact) -> Parts:
    return _fact_lines(w, rule), None


def _fact_lines(w: Words, rule: Fact) -> Iterator[Line]:
    p = w.procedure
    of = p.flows.get(rule.of or rule.flow) or p.forms.get(rule.of) or p.actions.get(rule.of) or p.tasks.get(rule.of)
    yield Line("查", f"{of.name if of else rule.of}（{w.shape(rule.shape)}）")
    same = "、".join(dict.fromkeys(w.when(condition) for condition in rule.match.values()))
    yield Line("按", f"{same}相同" if same else "")
    if rule.window and (rule.window.last or rule.window.each):
        yield Line("范围", f"最近{w.span(rule.window.last)}" if rule.window.last else f"每{w.span(rule.window.each)}")
    asked = [p.actions[name].name for name in rule.asked if name in p.actions]
    yield Line("何时查", "、".join(f"“{name}”时" for name in asked))
    yield Line("查不到时", {"pass": "照常办理", "refuse": "不办", "warn": "提示后办理"}.get(rule.unknown, ""))


def _table(w: Words, rule: Table) -> Parts:
    columns = tuple(rule.gives)
    single = columns == ("",)
    head = ("当", "结果") if single else ("当", *(_column(w, name) for name in columns))
    rows = [
        GridRow(
            (
                w.when(row.when) or "任何时候",
                *(w.value(row.gives[name], rule.gives[name]) if name in row.gives else "" for name in columns),
            ),
            row.clauses,
            note=_dates(row.since, row.until),
        )
        for row in rule.rows
    ]
    if rule.otherwise is not None:
        cells = [w.value(rule.otherwise[name], rule.gives[name]) if name in rule.otherwise else "" for name in columns]
        rows.append(GridRow(("其余", *cells)))
    return _table_lines(w, rule), Grid(head, tuple(rows))


def _column(w: Words, name: str) -> str:
    return TYPES.get(name, name)


def _dates(since: date | None, until: date | None) -> str:
    return "".join((f"{since:%Y-%m-%d} 起" if since else "", f"至 {until:%Y-%m-%d}" if until else ""))


def _table_lines(w: Words, rule: Table) -> Iterator[Line]:
    yield Line(
        "怎样看",
        {
            "first": "从上到下，先合的一行算数",
            "strictest": "取最严的一行",
            "all": "合的各行都算",
            "unique": "只合一行",
        }.get(rule.hit, ""),
    )
    acts = [w.procedure.actions[name].name for name in rule.decided_by if name in w.procedure.actions]
    yield Line("由人定", "、".join(f"“{name}”" for name in acts))


def _flow(w: Words, rule: Flow) -> Parts:
    rows = []
    for step in rule.steps.values():
        ways = [f"{w.when(way.when) or '完毕'} → {_goes_to(w, way)}" for way in step.leave]
        note = "终点" if step.end else "起点" if step.id == rule.start else ""
        rows.append(GridRow((step.name, w.parties(step.answers), "；".join(ways)), step.clauses, note=note))
    lines = [
        Line("编号", rule.number or ""),
        Line("由谁负责", w.parties(rule.answers)),
        Line("可以转给", w.parties(rule.transfer_to)),
    ]
    for way in rule.before_opening:
        do = {"refuse": "不予立案", "join": "并入前件", "warn": "提示", "reopen": "重开前件"}.get(way.do, way.do)
        lines.append(
            Line("立案之前", f"{w.when(way.when)}时，{do}" + (f"：{way.says}" if way.says else ""), way.clauses)
        )
    return iter(lines), Grid(("环节", "谁负责", "往哪里走"), tuple(rows))


def _goes_to(w: Words, way: Leave) -> str:
    table = w.procedure.tables.get(way.table or "")
    return w.step(way.to) if way.to else f"按“{table.name if table else way.table}”"


def _action(w: Words, rule: Action) -> Parts:
    return _action_lines(w, rule), None


def _action_lines(w: Words, rule: Action) -> Iterator[Line]:
    for party in rule.who:
        yield Line("谁可以办", w.party(party), party.clauses)
    for party in rule.together:
        yield Line("须同在", w.party(party), party.clauses)
    if rule.personally:
        yield Line("本人", "须本人办理，不得代理")
    yield Line("不得办", w.roles(rule.excluded))
    if rule.opens:
        flow = w.procedure.flows.get(rule.opens)
        yield Line("作用", f"立一件“{flow.name if flow else rule.opens}”")
    yield Line("环节", "、".join(f"“{w.step(step)}”" for step in rule.steps))
    yield Line("何时", w.when(rule.when))
    if rule.each:
        yield Line("逐项", f"按“{w.field(rule.each)}”逐项办")
    filled = "、".join(
        w.field(fill.path) + {True: "＊", False: "（可不填）", None: ""}[fill.needed] for fill in rule.fills
    )
    yield Line("填写", filled)
    for need in rule.needs:
        when = f"{w.when(need.when)}时，" if need.when is not None else ""
        says = f"。否则：{need.says}" if need.says else ""
        label = {"warn": "提示", "record": "须（违者留痕）"}.get(need.otherwise, "须")
        yield Line(label, f"{when}{_asked(w, need)}{says}", need.clauses)
    yield Line("时刻", f"以“{w.field(rule.at)}”为准" if rule.at else "")
    yield Line("补录", f"{w.span(rule.backdate)}以内" if rule.backdate else "")
    yield Line("次数", f"至多 {rule.times} 次" if rule.times is not None else "")
    sets = "、".join(f"{w.field(path)}＝{w.value(term) or '（空）'}" for path, term in rule.sets.items())
    yield Line("同时记下", sets)
    for one in rule.do:
        yield Line("之后", w.consequence(one), one.clauses)


def _task(w: Words, rule: Task) -> Parts:
    return _task_lines(w, rule), None


def _task_lines(w: Words, rule: Task) -> Iterator[Line]:
    for party in rule.owed_by:
        yield Line("谁欠着", w.party(party), party.clauses)
    yield Line("何时要办", w.when(rule.when) or w.when(rule.holds))
    yield Line("逐项", f"“{w.field(rule.for_each)}”每项一件" if rule.for_each else "")
    start = {"latest": "最近一次", "each": "每次"}.get(rule.start, "")
    yield Line("起算", f"{start}{w.events(rule.since, '或')}" if rule.since else "")
    if rule.within:
        yield Line("时限", w.span(rule.within), rule.cited.get("within", ()))
    if rule.by_field:
        yield Line("时限", f"到“{w.field(rule.by_field.removeprefix('field.'))}”所填的时刻", rule.cited.get("by", ()))
    if rule.by_point:
        yield Line("时限", w.span(rule.by_point), rule.cited.get("by", ()))
    if rule.replaced_by:
        yield Line(
            "改以", f"“{w.field(rule.replaced_by.removeprefix('field.'))}”所填为准", rule.cited.get("replaced_by", ())
        )
    yield Line("且不晚于", "、".join(map(w.no_later, rule.no_later_than)), rule.cited.get("no_later_than", ()))
    for pause in rule.pauses:
        when = f"（{w.when(pause.when)}）" if pause.when is not None else ""
        yield Line("停表", f"自{w.event(pause.since)}至{w.events(pause.until, '或')}{when}", pause.clauses)
    yield Line("不得早于", f"起算后{w.span(rule.wait)}" if rule.wait else "", rule.cited.get("wait", ()))
    yield Line("重新起算", w.events(rule.restarts, "或"), rule.cited.get("restarts", ()))
    done = w.events(rule.done_all, "，并") if rule.done_all else w.events(rule.done_any, "或")
    yield Line("办成", done, rule.cited.get("done", ()))
    yield Line("须再办", w.events(rule.undone, "或"), rule.cited.get("undone", ()))
    for one in rule.remind:
        yield Line(
            "提醒",
            f"{_remind(w, one)}，告知{w.parties(one.tell)}" + (f"：{w.text(one.text)}" if one.text else ""),
            one.clauses,
        )
    for consequence in rule.missed:
        yield Line("逾期", w.consequence(consequence), consequence.clauses)
    if rule.overdue:
        yield Line(
            "逾期后", f"{w.every(rule.overdue.every)}催办，告知{w.parties(rule.overdue.tell)}", rule.overdue.clauses
        )
    ladder = w.procedure.authorities.get(rule.climb or "")
    yield Line("逐级督办", ladder.name if ladder else "", rule.cited.get("climb", ()))
    yield Line("未办成前", f"不得{_acts(w, rule.blocks)}" if rule.blocks else "", rule.cited.get("blocks", ()))
    if rule.outlives:
        yield Line("办结后", "仍须办", rule.cited.get("outlives", ()))


def _acts(w: Words, names: tuple[str, ...]) -> str:
    actions, steps = w.procedure.actions, {step for flow in w.procedure.flows.values() for step in flow.steps}
    found = [actions[n].name if n in actions else w.step(n) if n in steps else w.event(n) for n in names]
    return "、".join(f"“{name}”" if not name.startswith("“") else name for name in found)


def _asked(w: Words, need: Need) -> str:
    """What a need asks for: a condition, or a lead before a moment."""
    if need.by is None:
        return w.when(need.that)
    return f"不晚于{w.when(need.by)}" + (f"前{w.span(need.minus)}" if need.minus else "")


def _remind(w: Words, one: Reminder) -> str:
    when = f"{w.when(one.when)}时，" if one.when is not None else ""
    if one.every:
        return f"{when}{w.every(one.every)}"
    return f"{when}到期前{w.span(one.before)}" if one.before else f"{when}{w.span(one.at)}"


_PAST = {"day": "前一日", "week": "上一周", "month": "上一月", "quarter": "上一季", "year": "上一年"}


def _trigger(w: Words, rule: Trigger) -> Parts:
    return _trigger_lines(w, rule), None


def _trigger_lines(w: Words, rule: Trigger) -> Iterator[Line]:
    yield Line("由何引起", w.events(rule.after, "或"))
    moved = {1: "，逢休息日移到次一工作日", -1: "，逢休息日提前到前一工作日", 0: ""}[rule.move]
    yield Line("按时", w.every(rule.every) + moved if rule.every else "")
    yield Line("条件", w.when(rule.when))
    if rule.over:
        p = w.procedure
        of = p.flows.get(rule.over.flow or "") or p.forms.get(rule.over.register or "")
        where = f"中{w.when(rule.over.where)}的" if rule.over.where else ""
        per = f"，按{w.when(rule.over.per)}分组" if rule.over.per else ""
        yield Line("对象", f"{of.name if of else ''}{where}{per}")
        dated = rule.over.dated
        by = f"“{w.field(dated[6:])}”" if dated.startswith("field.") else w.event(dated)
        yield Line("期间", f"{by}在{_PAST[rule.over.during]}内" if rule.over.during else "")
    if rule.draw:
        top, bottom = rule.draw.share
        least = f"，至少 {rule.draw.least} 件" if rule.draw.least else ""
        share = w.name(rule.draw.figure) if rule.draw.figure else f"{top * 100 / bottom:g}%"
        yield Line("抽取", f"{share}{least}")
    yield Line("次数", f"至多 {rule.times} 次" if rule.times else "")
    for one in rule.do:
        yield Line("于是", w.consequence(one), one.clauses)


def _notice(w: Words, rule: Notice) -> Parts:
    return _notice_lines(w, rule), None


def _notice_lines(w: Words, rule: Notice) -> Iterator[Line]:
    yield Line("何时", w.events(rule.after, "或") + (f"，且{w.when(rule.when)}" if rule.when is not None else ""))
    for party in rule.to:
        yield Line("告知", w.party(party), party.clauses)
    yield Line("以谁名义", w.role(rule.sender) if rule.sender else "")
    yield Line("方式", "、".join(rule.by))
    yield Line("内容", w.text(rule.text), tone="say")
    yield Line("回执", {"read": "须阅看", "sign": "须签收", "confirm": "须确认"}.get(rule.receipt, ""))
    yield Line("时限", w.span(rule.within))
    for one in rule.missed:
        yield Line("逾期", w.consequence(one), one.clauses)


def _script(w: Words, rule: Script) -> Parts:
    return _script_lines(w, rule), None


def _script_lines(w: Words, rule: Script) -> Iterator[Line]:
    yield Line("场合", rule.scene)
    yield Line("用在", _acts(w, rule.at))
    yield Line("用者", w.roles(rule.who))
    yield Line("路数", rule.approach)
    yield Line("说", _said(w, rule, rule.say), tone="say")
    for variant in rule.variants:
        yield Line(f"{w.when(variant.when)}时说", _said(w, rule, variant.say), tone="say")
    for point in rule.do:
        yield Line("要", point.text, point.clauses)
    for point in rule.never:
        yield Line("不可", point.text, point.clauses, "never")
    if rule.tick:
        yield Line("勾记", "说过的逐项勾记")
    if rule.inspect:
        yield Line("检查", "列入检查")
    for one in rule.breach:
        yield Line("违者", w.consequence(one), one.clauses)


def _said(w: Words, rule: Script, text: str) -> str:
    """Words to say, with what stands in their slots."""
    for slot, name in rule.slots.items():
        text = text.replace(f"{{{slot}}}", w.figures.get(name) or f"〈{w.field(name)}〉")
    return text


def _guide(w: Words, rule: Guide) -> Parts:
    rows = []
    for ask in rule.asks.values():
        answers = [_reply(rule, way) for way in ask.ways]
        how = [ask.how]
        how += [f"先办{_acts(w, ask.first)}"] if ask.first else []
        how += [f"等{w.span(ask.wait)}再答"] if ask.wait else []
        rows.append(GridRow((ask.text, "；".join(filter(None, how)), "；".join(answers)), ask.clauses))
    return _guide_lines(w, rule), Grid(("问", "怎样看", "答与去向"), tuple(rows))


def _guide_lines(w: Words, rule: Guide) -> Iterator[Line]:
    yield Line("用在", _acts(w, tuple(place for place in rule.at if place not in rule.steps)))
    yield Line("只在", "、".join(map(w.step, rule.steps)))
    yield Line("用者", w.roles(rule.who))
    yield Line("填入", w.field(rule.fills) if rule.fills else "")
    for stop in rule.stops:
        but = "、".join(f"“{rule.asks[name].text}”" for name in stop.excepted if name in rule.asks)
        says = f"：{stop.says}" if stop.says else ""
        text = f"{w.when(stop.when)}时不再问答{says}" + (f"（{but}除外）" if but else "")
        yield Line("停", text, stop.clauses, "never")


def _reply(rule: Guide, way: Reply) -> str:
    """An answer with what follows: where it leads, what it advises, the cause it points to and what helps."""
    then = f"再问“{rule.asks[way.go].text}”" if way.go and way.go in rule.asks else way.conclude or way.advise
    known = rule.causes.get(way.cause or "")
    cause = f"原因：{known.name}" + (f"，{known.remedy}" if known.remedy else "") if known else ""
    more = "；".join(part for part in (way.advise if way.advise != then else "", cause) if part)
    return f"{way.word} → {then}" + (f"（{more}）" if more else "")


def _posting(w: Words, rule: Posting) -> Parts:
    return _posting_lines(w, rule), None


def _posting_lines(w: Words, rule: Posting) -> Iterator[Line]:
    yield Line("何时", w.events(rule.after, "或"))
    yield Line("条件", w.when(rule.when))
    yield Line("金额", w.when(rule.amount))
    yield Line("借", rule.debit)
    yield Line("贷", rule.credit)


def _measure(w: Words, rule: Measure) -> Parts:
    return _measure_lines(w, rule), None


def _measure_lines(w: Words, rule: Measure) -> Iterator[Line]:
    p = w.procedure
    rules = {"flow": p.flows, "task": p.tasks, "form": p.forms, "posting": p.postings, "action": p.actions}
    of = rules[rule.of_kind].get(rule.of) if rule.of_kind in rules else None
    yield Line("数什么", f"“{of.name if of else rule.of}”" + (f"，{w.when(rule.where)}的" if rule.where else ""))
    yield Line("按何时", "" if rule.dated == "opened" else _dated(w, rule.dated))
    yield Line("占比", w.when(rule.share))
    for label, found in (("合计", rule.sum), ("平均", rule.mean), ("中位数", rule.median), ("去重计数", rule.distinct)):
        yield Line(label, w.when(found))
    if rule.lapse:
        yield Line("历时", f"自{w.event(rule.lapse[0])}至{w.event(rule.lapse[1])}的中位数")
    yield Line("目标", rule.target)
    yield Line("比较", "、".join({"mom": "环比", "yoy": "同比"}.get(word, word) for word in rule.compare))


def _dated(w: Words, dated: str) -> str:
    return {"due": "时限", "done": "办成", "since": "起算"}.get(dated) or w.event(dated)


_VIEWS: dict[str, Callable[..., Parts]] = {
    "role": _role,
    "authority": _authority,
    "catalog": _catalog,
    "figure": _figure,
    "form": _form,
    "fact": _fact,
    "table": _table,
    "flow": _flow,
    "action": _action,
    "task": _task,
    "trigger": _trigger,
    "notice": _notice,
    "script": _script,
    "guide": _guide,
    "posting": _posting,
    "measure": _measure,
}
