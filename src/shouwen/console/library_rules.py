"""Rules as sentences and small tables: who may do what, when, with which needs, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

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
from shouwen.web.phrases import several

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
        return _(KINDS[self.kind])

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"r-{self.kind}-{self.id}"

    @property
    def plain(self) -> tuple[str, ...]:
        """The rule as lines of text, for searching and comparing."""
        head = f"{self.kind_word} {self.name}" + (_("（本单位取法）") if self.own else "")
        rows = [" ｜ ".join(row.cells) for row in self.grid.rows] if self.grid else []  # zh: a rule between cells
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
        yield Line(_("身份"), _("客户本人，在自己的案件里"))
    elif rule.outside:
        yield Line(_("身份"), _("单位以外的人"))
    if rule.system:
        yield Line(_("身份"), _("程序"))
    if rule.per_unit:
        yield Line(_("范围"), _("各部门各有其人"))
    if rule.named_by:
        yield Line(_("由谁担任"), _("“{field}”所指的人").format(field=w.field(rule.named_by)))
    if rule.first_of:
        yield Line(_("由谁担任"), _("{roles}中在岗的第一位").format(roles=w.roles(rule.first_of)))
    if rule.any_of:
        yield Line(_("包括"), w.roles(rule.any_of))
    if rule.otherwise:
        yield Line(_("无人担任时"), _("由{role}代行").format(role=w.role(rule.otherwise)))
    if rule.apart:
        yield Line(_("不得兼任"), w.roles(rule.apart))
    yield Line(_("代理"), {"appointed": _("只能由指定的代理人代"), "none": _("不得代理")}.get(rule.deputies, ""))
    if rule.oversees is not None:
        yield Line(_("可以过问"), _("{when}的案件").format(when=w.when(rule.oversees)))


def _authority(w: Words, rule: Authority) -> Parts:
    return _authority_lines(w, rule), None


def _authority_lines(w: Words, rule: Authority) -> Iterator[Line]:
    over = [w.procedure.actions[name].name for name in rule.over if name in w.procedure.actions]
    yield Line(_("管"), _("、").join(f"“{name}”" for name in over))
    yield Line(_("何时"), w.when(rule.when))
    yield Line(_("可自行决定"), w.parties(rule.alone))
    for place, level in enumerate(rule.levels, 1):
        within = _("，限{span}").format(span=w.span(level.within)) if level.within else ""
        yield Line(
            _("第 {place} 级").format(place=place) if len(rule.levels) > 1 else _("决定"),
            f"{w.party(level.party)}{within}",
            level.party.clauses,
        )
    yield Line(_("结果写进"), _("、").join(map(w.field, rule.seals)))
    yield Line(_("时限"), w.span(rule.within))
    yield Line(_("回避"), w.roles(rule.excluded))
    for label, found in (
        (_("同意后"), rule.granted),
        (_("退回后"), rule.returned),
        (_("不同意后"), rule.declined),
        (_("逾期"), rule.missed),
    ):
        for one in found:
            yield Line(label, w.consequence(one), one.clauses)
    for rung in rule.climb:
        yield Line(
            _("上报"),
            f"{w.party(rung.party)}" + (_("（再过{span}）").format(span=w.span(rung.after)) if rung.after else ""),
            rung.party.clauses,
        )


def _catalog(w: Words, rule: Catalog) -> Parts:
    open_words = iter([Line(_("增添"), _("本单位可以增添词条"))] if rule.open else [])
    columns = tuple(dict.fromkeys(name for entry in rule.entries for name in entry.columns))
    meant = any(entry.meaning for entry in rule.entries)
    if not meant and not columns:
        words = _("、").join(entry.name for entry in rule.entries)
        return iter([Line(_("词条"), words), *open_words]), None
    rows = tuple(
        GridRow(
            (entry.name, *([entry.meaning] if meant else []), *(str(entry.columns.get(name, "")) for name in columns)),
            entry.clauses,
            note=_("{retired} 起停用").format(retired=format(entry.retired, "%Y-%m-%d")) if entry.retired else "",
        )
        for entry in rule.entries
    )
    return open_words, Grid((_("词条"), *([_("意思")] if meant else []), *columns), rows)


def _figure(w: Words, rule: Figure) -> Parts:
    return _figure_lines(w, rule), None


def _figure_lines(w: Words, rule: Figure) -> Iterator[Line]:
    for dated in rule.values:
        since = _("{since} 起").format(since=format(dated.since, "%Y-%m-%d")) if dated.since else _("规程所定")
        yield Line(since, figure_text(rule.type, dated.value, rule.unit), dated.clauses)
    written = figure_text(rule.type, rule.values[-1].value, rule.unit) if rule.values else ""
    now = w.figures.get(rule.id, written)
    if now != written:
        yield Line(_("现行"), _("{now}（本单位改定）").format(now=now))


def _form(w: Words, rule: Form) -> Parts:
    rows = []
    for item in rule.fields.values():
        need = (
            _("可不填")
            if item.optional
            else _("{when}时必填").format(when=w.when(item.needed))
            if item.needed is not None
            else _("自动")
            if item.auto or item.computed is not None
            else _("必填")
        )
        only = _("；只有{roles}可填").format(roles=w.roles(item.only)) if item.only else ""
        hidden = _("；{roles}看不到").format(roles=w.roles(item.hidden_from)) if item.hidden_from else ""
        mark = _("；个人信息") if item.private else ""
        rows.append(
            GridRow(
                (item.name, w.field_type(item), f"{need}{only}{hidden}{mark}"), item.clauses, item.basis == "default"
            )
        )
    return _form_lines(w, rule), Grid((_("栏目"), _("填法"), _("要求")), tuple(rows))


def _form_lines(w: Words, rule: Form) -> Iterator[Line]:
    if rule.register:
        yield Line(_("用途"), _("登记簿：在案件之外，由本单位维护"))
    yield Line(_("编号"), rule.number or "")
    yield Line(
        _("联次"),
        _("、").join(
            _("{name}（{roles}）").format(name=copy.name, roles=w.roles(copy.to)) if copy.to else copy.name
            for copy in rule.copies
        ),
    )
    for keep in rule.keep:
        yield Line(
            _("保存"),
            _("{event}后{span}").format(event=w.event(keep.since), span=w.span(keep.span))
            + (_("（{when}）").format(when=w.when(keep.when)) if keep.when else ""),
            keep.clauses,
        )


def _fact(w: Words, rule: Fact) -> Parts:
    return _fact_lines(w, rule), None


def _fact_lines(w: Words, rule: Fact) -> Iterator[Line]:
    p = w.procedure
    of = p.flows.get(rule.of or rule.flow) or p.forms.get(rule.of) or p.actions.get(rule.of) or p.tasks.get(rule.of)
    yield Line(_("查"), _("{name}（{shape}）").format(name=of.name if of else rule.of, shape=w.shape(rule.shape)))
    same = _("、").join(dict.fromkeys(w.when(condition) for condition in rule.match.values()))
    yield Line(_("按"), _("{same}相同").format(same=same) if same else "")
    if rule.window and (rule.window.last or rule.window.each):
        yield Line(
            _("范围"),
            _("最近{span}").format(span=w.span(rule.window.last))
            if rule.window.last
            else _("每{span}").format(span=w.span(rule.window.each)),
        )
    asked = [p.actions[name].name for name in rule.asked if name in p.actions]
    yield Line(_("何时查"), _("、").join(_("“{name}”时").format(name=name) for name in asked))
    yield Line(
        _("查不到时"), {"pass": _("照常办理"), "refuse": _("不办"), "warn": _("提示后办理")}.get(rule.unknown, "")
    )


def _table(w: Words, rule: Table) -> Parts:
    columns = tuple(rule.gives)
    single = columns == ("",)
    head = (_("当"), _("结果")) if single else (_("当"), *(_column(w, name) for name in columns))
    rows = [
        GridRow(
            (
                w.when(row.when) or _("任何时候"),
                *(w.value(row.gives[name], rule.gives[name]) if name in row.gives else "" for name in columns),
            ),
            row.clauses,
            note=_dates(row.since, row.until),
        )
        for row in rule.rows
    ]
    if rule.otherwise is not None:
        cells = [w.value(rule.otherwise[name], rule.gives[name]) if name in rule.otherwise else "" for name in columns]
        rows.append(GridRow((_("其余"), *cells)))
    return _table_lines(w, rule), Grid(head, tuple(rows))


def _column(w: Words, name: str) -> str:
    return _(TYPES.get(name, name))


def _dates(since: date | None, until: date | None) -> str:
    return "".join(
        (
            _("{since} 起").format(since=format(since, "%Y-%m-%d")) if since else "",
            _("至 {until}").format(until=format(until, "%Y-%m-%d")) if until else "",
        )
    )


def _table_lines(w: Words, rule: Table) -> Iterator[Line]:
    yield Line(
        _("怎样看"),
        {
            "first": _("从上到下，先合的一行算数"),
            "strictest": _("取最严的一行"),
            "all": _("合的各行都算"),
            "unique": _("只合一行"),
        }.get(rule.hit, ""),
    )
    acts = [w.procedure.actions[name].name for name in rule.decided_by if name in w.procedure.actions]
    yield Line(_("由人定"), _("、").join(f"“{name}”" for name in acts))


def _flow(w: Words, rule: Flow) -> Parts:
    rows = []
    for step in rule.steps.values():
        ways = [f"{w.when(way.when) or _('完毕')} → {_goes_to(w, way)}" for way in step.leave]
        note = _("终点") if step.end else _("起点") if step.id == rule.start else ""
        rows.append(GridRow((step.name, w.parties(step.answers), _("；").join(ways)), step.clauses, note=note))
    lines = [
        Line(_("编号"), rule.number or ""),
        Line(_("由谁负责"), w.parties(rule.answers)),
        Line(_("可以转给"), w.parties(rule.transfer_to)),
    ]
    for way in rule.before_opening:
        do = {"refuse": _("不予立案"), "join": _("并入前件"), "warn": _("提示"), "reopen": _("重开前件")}.get(
            way.do, way.do
        )
        lines.append(
            Line(
                _("立案之前"),
                _("{when}时，{do}").format(when=w.when(way.when), do=do)
                + (_("：{says}").format(says=way.says) if way.says else ""),
                way.clauses,
            )
        )
    return iter(lines), Grid((_("环节"), _("谁负责"), _("往哪里走")), tuple(rows))


def _goes_to(w: Words, way: Leave) -> str:
    table = w.procedure.tables.get(way.table or "")
    return w.step(way.to) if way.to else _("按“{name}”").format(name=table.name if table else way.table)


def _action(w: Words, rule: Action) -> Parts:
    return _action_lines(w, rule), None


def _action_lines(w: Words, rule: Action) -> Iterator[Line]:
    for party in rule.who:
        yield Line(_("谁可以办"), w.party(party), party.clauses)
    for party in rule.together:
        yield Line(_("须同在"), w.party(party), party.clauses)
    if rule.personally:
        yield Line(_("本人"), _("须本人办理，不得代理"))
    yield Line(_("不得办"), w.roles(rule.excluded))
    if rule.opens:
        flow = w.procedure.flows.get(rule.opens)
        yield Line(_("作用"), _("立一件“{name}”").format(name=flow.name if flow else rule.opens))
    yield Line(_("环节"), _("、").join(f"“{w.step(step)}”" for step in rule.steps))
    yield Line(_("何时"), w.when(rule.when))
    if rule.each:
        yield Line(_("逐项"), _("按“{field}”逐项办").format(field=w.field(rule.each)))
    filled = _("、").join(
        w.field(fill.path) + {True: _("＊"), False: _("（可不填）"), None: ""}[fill.needed] for fill in rule.fills
    )
    yield Line(_("填写"), filled)
    for need in rule.needs:
        when = _("{when}时，").format(when=w.when(need.when)) if need.when is not None else ""
        says = _("。否则：{says}").format(says=need.says) if need.says else ""
        label = {"warn": _("提示"), "record": _("须（违者留痕）")}.get(need.otherwise, _("须"))
        yield Line(label, f"{when}{_asked(w, need)}{says}", need.clauses)
    yield Line(_("时刻"), _("以“{field}”为准").format(field=w.field(rule.at)) if rule.at else "")
    yield Line(_("补录"), _("{span}以内").format(span=w.span(rule.backdate)) if rule.backdate else "")
    yield Line(_("次数"), _("至多 {times} 次").format(times=rule.times) if rule.times is not None else "")
    sets = _("、").join(
        _("{field}＝{what}").format(field=w.field(path), what=w.value(term) or _("（空）"))
        for path, term in rule.sets.items()
    )
    yield Line(_("同时记下"), sets)
    for one in rule.do:
        yield Line(_("之后"), w.consequence(one), one.clauses)


def _task(w: Words, rule: Task) -> Parts:
    return _task_lines(w, rule), None


def _task_lines(w: Words, rule: Task) -> Iterator[Line]:
    for party in rule.owed_by:
        yield Line(_("谁欠着"), w.party(party), party.clauses)
    yield Line(_("何时要办"), w.when(rule.when) or w.when(rule.holds))
    yield Line(_("逐项"), _("“{field}”每项一件").format(field=w.field(rule.for_each)) if rule.for_each else "")
    start = {"latest": _("最近一次"), "each": _("每次")}.get(rule.start, "")
    yield Line(_("起算"), f"{start}{w.events(rule.since, _('或'))}" if rule.since else "")
    if rule.within:
        yield Line(_("时限"), w.span(rule.within), rule.cited.get("within", ()))
    if rule.by_field:
        yield Line(
            _("时限"),
            _("到“{field}”所填的时刻").format(field=w.field(rule.by_field.removeprefix("field."))),
            rule.cited.get("by", ()),
        )
    if rule.by_point:
        yield Line(_("时限"), w.span(rule.by_point), rule.cited.get("by", ()))
    if rule.replaced_by:
        yield Line(
            _("改以"),
            _("“{field}”所填为准").format(field=w.field(rule.replaced_by.removeprefix("field."))),
            rule.cited.get("replaced_by", ()),
        )
    yield Line(_("且不晚于"), _("、").join(map(w.no_later, rule.no_later_than)), rule.cited.get("no_later_than", ()))
    for pause in rule.pauses:
        when = _("（{when}）").format(when=w.when(pause.when)) if pause.when is not None else ""
        yield Line(
            _("停表"),
            _("自{event}至{events}{when}").format(
                event=w.event(pause.since), events=w.events(pause.until, _("或")), when=when
            ),
            pause.clauses,
        )
    yield Line(
        _("不得早于"), _("起算后{span}").format(span=w.span(rule.wait)) if rule.wait else "", rule.cited.get("wait", ())
    )
    yield Line(_("重新起算"), w.events(rule.restarts, _("或")), rule.cited.get("restarts", ()))
    done = w.events(rule.done_all, _("，并")) if rule.done_all else w.events(rule.done_any, _("或"))
    yield Line(_("办成"), done, rule.cited.get("done", ()))
    yield Line(_("须再办"), w.events(rule.undone, _("或")), rule.cited.get("undone", ()))
    for one in rule.remind:
        yield Line(
            _("提醒"),
            _("{remind}，告知{parties}").format(remind=_remind(w, one), parties=w.parties(one.tell))
            + (_("：{text}").format(text=w.text(one.text)) if one.text else ""),
            one.clauses,
        )
    for consequence in rule.missed:
        yield Line(_("逾期"), w.consequence(consequence), consequence.clauses)
    if rule.overdue:
        yield Line(
            _("逾期后"),
            _("{every}催办，告知{parties}").format(
                every=w.every(rule.overdue.every), parties=w.parties(rule.overdue.tell)
            ),
            rule.overdue.clauses,
        )
    ladder = w.procedure.authorities.get(rule.climb or "")
    yield Line(_("逐级督办"), ladder.name if ladder else "", rule.cited.get("climb", ()))
    yield Line(
        _("未办成前"),
        _("不得{acts}").format(acts=_acts(w, rule.blocks)) if rule.blocks else "",
        rule.cited.get("blocks", ()),
    )
    if rule.outlives:
        yield Line(_("办结后"), _("仍须办"), rule.cited.get("outlives", ()))


def _acts(w: Words, names: tuple[str, ...]) -> str:
    actions, steps = w.procedure.actions, {step for flow in w.procedure.flows.values() for step in flow.steps}
    found = [actions[n].name if n in actions else w.step(n) if n in steps else w.event(n) for n in names]
    return _("、").join(f"“{name}”" if not name.startswith("“") else name for name in found)


def _asked(w: Words, need: Need) -> str:
    """What a need asks for: a condition, or a lead before a moment."""
    if need.by is None:
        return w.when(need.that)
    return _("不晚于{when}").format(when=w.when(need.by)) + (
        _("前{span}").format(span=w.span(need.minus)) if need.minus else ""
    )


def _remind(w: Words, one: Reminder) -> str:
    when = _("{when}时，").format(when=w.when(one.when)) if one.when is not None else ""
    if one.every:
        return f"{when}{w.every(one.every)}"
    return (
        _("{when}到期前{span}").format(when=when, span=w.span(one.before)) if one.before else f"{when}{w.span(one.at)}"
    )


_PAST = {
    "day": _noop("前一日"),
    "week": _noop("上一周"),
    "month": _noop("上一月"),
    "quarter": _noop("上一季"),
    "year": _noop("上一年"),
}


def _trigger(w: Words, rule: Trigger) -> Parts:
    return _trigger_lines(w, rule), None


def _trigger_lines(w: Words, rule: Trigger) -> Iterator[Line]:
    yield Line(_("由何引起"), w.events(rule.after, _("或")))
    moved = {1: _("，逢休息日移到次一工作日"), -1: _("，逢休息日提前到前一工作日"), 0: ""}[rule.move]
    yield Line(_("按时"), w.every(rule.every) + moved if rule.every else "")
    yield Line(_("条件"), w.when(rule.when))
    if rule.over:
        p = w.procedure
        of = p.flows.get(rule.over.flow or "") or p.forms.get(rule.over.register or "")
        where = _("中{when}的").format(when=w.when(rule.over.where)) if rule.over.where else ""
        per = _("，按{when}分组").format(when=w.when(rule.over.per)) if rule.over.per else ""
        yield Line(_("对象"), f"{of.name if of else ''}{where}{per}")
        dated = rule.over.dated
        by = f"“{w.field(dated[6:])}”" if dated.startswith("field.") else w.event(dated)
        yield Line(
            _("期间"), _("{by}在{past}内").format(by=by, past=_(_PAST[rule.over.during])) if rule.over.during else ""
        )
    if rule.draw:
        top, bottom = rule.draw.share
        least = several("，至少 {n} 件", rule.draw.least) if rule.draw.least else ""
        share = w.name(rule.draw.figure) if rule.draw.figure else f"{top * 100 / bottom:g}%"
        yield Line(_("抽取"), f"{share}{least}")
    yield Line(_("次数"), _("至多 {times} 次").format(times=rule.times) if rule.times else "")
    for one in rule.do:
        yield Line(_("于是"), w.consequence(one), one.clauses)


def _notice(w: Words, rule: Notice) -> Parts:
    return _notice_lines(w, rule), None


def _notice_lines(w: Words, rule: Notice) -> Iterator[Line]:
    yield Line(
        _("何时"),
        w.events(rule.after, _("或"))
        + (_("，且{when}").format(when=w.when(rule.when)) if rule.when is not None else ""),
    )
    for party in rule.to:
        yield Line(_("告知"), w.party(party), party.clauses)
    yield Line(_("以谁名义"), w.role(rule.sender) if rule.sender else "")
    yield Line(_("方式"), _("、").join(rule.by))
    yield Line(_("内容"), w.text(rule.text), tone="say")
    yield Line(_("回执"), {"read": _("须阅看"), "sign": _("须签收"), "confirm": _("须确认")}.get(rule.receipt, ""))
    yield Line(_("时限"), w.span(rule.within))
    for one in rule.missed:
        yield Line(_("逾期"), w.consequence(one), one.clauses)


def _script(w: Words, rule: Script) -> Parts:
    return _script_lines(w, rule), None


def _script_lines(w: Words, rule: Script) -> Iterator[Line]:
    yield Line(_("场合"), rule.scene)
    yield Line(_("用在"), _acts(w, rule.at))
    yield Line(_("用者"), w.roles(rule.who))
    yield Line(_("路数"), rule.approach)
    yield Line(_("说"), _said(w, rule, rule.say), tone="say")
    for variant in rule.variants:
        yield Line(_("{when}时说").format(when=w.when(variant.when)), _said(w, rule, variant.say), tone="say")
    for point in rule.do:
        yield Line(_("要"), point.text, point.clauses)
    for point in rule.never:
        yield Line(_("不可"), point.text, point.clauses, "never")
    if rule.tick:
        yield Line(_("勾记"), _("说过的逐项勾记"))
    if rule.inspect:
        yield Line(_("检查"), _("列入检查"))
    for one in rule.breach:
        yield Line(_("违者"), w.consequence(one), one.clauses)


def _said(w: Words, rule: Script, text: str) -> str:
    """Words to say, with what stands in their slots."""
    for slot, name in rule.slots.items():
        named = f"〈{w.field(name)}〉"  # zh: brackets around the regulation's word
        text = text.replace(f"{{{slot}}}", w.figures.get(name) or named)
    return text


def _guide(w: Words, rule: Guide) -> Parts:
    rows = []
    for ask in rule.asks.values():
        answers = [_reply(rule, way) for way in ask.ways]
        how = [ask.how]
        how += [_("先办{acts}").format(acts=_acts(w, ask.first))] if ask.first else []
        how += [_("等{span}再答").format(span=w.span(ask.wait))] if ask.wait else []
        rows.append(GridRow((ask.text, _("；").join(filter(None, how)), _("；").join(answers)), ask.clauses))
    return _guide_lines(w, rule), Grid((_("问"), _("怎样看"), _("答与去向")), tuple(rows))


def _guide_lines(w: Words, rule: Guide) -> Iterator[Line]:
    yield Line(_("用在"), _acts(w, tuple(place for place in rule.at if place not in rule.steps)))
    yield Line(_("只在"), _("、").join(map(w.step, rule.steps)))
    yield Line(_("用者"), w.roles(rule.who))
    yield Line(_("填入"), w.field(rule.fills) if rule.fills else "")
    for stop in rule.stops:
        but = _("、").join(f"“{rule.asks[name].text}”" for name in stop.excepted if name in rule.asks)
        says = _("：{says}").format(says=stop.says) if stop.says else ""
        text = _("{when}时不再问答{says}").format(when=w.when(stop.when), says=says) + (
            _("（{but}除外）").format(but=but) if but else ""
        )
        yield Line(_("停"), text, stop.clauses, "never")


def _reply(rule: Guide, way: Reply) -> str:
    """An answer with what follows: where it leads, what it advises, the cause it points to and what helps."""
    then = (
        _("再问“{text}”").format(text=rule.asks[way.go].text)
        if way.go and way.go in rule.asks
        else way.conclude or way.advise
    )
    known = rule.causes.get(way.cause or "")
    cause = (
        _("原因：{name}").format(name=known.name)
        + (_("，{remedy}").format(remedy=known.remedy) if known.remedy else "")
        if known
        else ""
    )
    more = _("；").join(part for part in (way.advise if way.advise != then else "", cause) if part)
    return f"{way.word} → {then}" + (_("（{more}）").format(more=more) if more else "")


def _posting(w: Words, rule: Posting) -> Parts:
    return _posting_lines(w, rule), None


def _posting_lines(w: Words, rule: Posting) -> Iterator[Line]:
    yield Line(_("何时"), w.events(rule.after, _("或")))
    yield Line(_("条件"), w.when(rule.when))
    yield Line(_("金额"), w.when(rule.amount))
    yield Line(_("借"), rule.debit)
    yield Line(_("贷"), rule.credit)


def _measure(w: Words, rule: Measure) -> Parts:
    return _measure_lines(w, rule), None


def _measure_lines(w: Words, rule: Measure) -> Iterator[Line]:
    p = w.procedure
    rules = {"flow": p.flows, "task": p.tasks, "form": p.forms, "posting": p.postings, "action": p.actions}
    of = rules[rule.of_kind].get(rule.of) if rule.of_kind in rules else None
    yield Line(
        _("数什么"),
        f"“{of.name if of else rule.of}”" + (_("，{when}的").format(when=w.when(rule.where)) if rule.where else ""),
    )
    yield Line(_("按何时"), "" if rule.dated == "opened" else _dated(w, rule.dated))
    yield Line(_("占比"), w.when(rule.share))
    for label, found in (
        (_("合计"), rule.sum),
        (_("平均"), rule.mean),
        (_("中位数"), rule.median),
        (_("去重计数"), rule.distinct),
    ):
        yield Line(label, w.when(found))
    if rule.lapse:
        yield Line(
            _("历时"),
            _("自{event}至{event2}的中位数").format(event=w.event(rule.lapse[0]), event2=w.event(rule.lapse[1])),
        )
    yield Line(_("目标"), rule.target)
    yield Line(_("比较"), _("、").join({"mom": _("环比"), "yoy": _("同比")}.get(word, word) for word in rule.compare))


def _dated(w: Words, dated: str) -> str:
    return {"due": _("时限"), "done": _("办成"), "since": _("起算")}.get(dated) or w.event(dated)


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
