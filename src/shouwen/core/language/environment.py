"""The names that conditions may read: what each stands for, its type, its closed words, the columns of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from shouwen.core.expression import Environment
from shouwen.core.language.fields import FieldType, words_of_catalog
from shouwen.core.language.index import Index
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report
from shouwen.core.procedure import NamedValue

__all__ = ["ACT_NAMES", "Scope", "Types", "named_values", "scope"]

#: names that only something judged with an act may read
ACT_NAMES = frozenset({"at", "at.workday", "at.open", "actor.id", "actor.role", "actor.units", "present"})
_CASE = {
    "step": "text", "no": "text", "opened": "moment", "reopened": "int", "flow": "text", "answers": "text",
    "first_contact": "text",
    "members": "texts",
}  # fmt: skip
_CALLED = {
    "field": "字段", "filled": "字段", "before": "字段", "from": "字段", "until": "字段", "issued": "单据",
    "figure": "数值", "table": "判定表", "table_filled": "判定表", "table_before": "判定表", "fact": "外部事实",
    "fact_known": "外部事实",
}  # fmt: skip
_NO_NAMES = frozenset({"span", "hours"})
#: ids that conditions use otherwise, or that CEL keeps for itself
_RESERVED = frozenset({
    "case", "this", "task", "guide", "at", "actor", "present", "happened", "said", "count", "true", "false", "null",
    "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
    "namespace", "return", "var", "void", "while", "has", "size", "int", "uint", "double", "string", "bytes",
    "bool", "list", "map", "type", "duration", "timestamp", "dyn", "share", "ratio", "total", "least", "greatest",
    "times", "days", "minutes", "rank",
})  # fmt: skip
#: words of CEL that are nowhere names
_WORDS = frozenset({"in", "true", "false", "null"})


#: types of numbers that are compared digit by digit
_SCALED = frozenset({"number", "decimal", "ratio"})
_FIGURE_SCALES = {"number": 0, "ratio": 4}


@dataclass(frozen=True)
class Types:
    """Types that rules give to names: figures, columns of tables and facts; closed words of columns."""

    figures: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]
    facts: Mapping[str, Mapping[str, str]]
    #: 'table', 'table.column', 'fact.column' → the words it may be
    words: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Scope:
    """The names of one place and what is known of them."""

    environment: Environment
    words: Mapping[str, tuple[str, ...]]
    #: list of rows → column → its type
    columns: Mapping[str, Mapping[str, FieldType]]
    #: ordered catalog → its words
    ranks: Mapping[str, tuple[str, ...]]
    values: Mapping[str, NamedValue] = field(default_factory=dict)
    #: number → digits after its point, kept as a whole number
    scales: Mapping[str, int] = field(default_factory=dict)


def named_values(index: Index, types: Types, report: Report) -> dict[str, NamedValue]:
    """Every name of the procedure, `this` left out; two things with one name are reported."""
    found: dict[str, NamedValue] = {}
    for name, value, place in _all(index, types):
        first, *others = name.split(".")
        taken = first if first in _RESERVED else next((part for part in others if part in _WORDS), None)
        if place and taken:
            report.add("name-reserved", place, f"“{taken}”在条件里另有意义", "换一个名字")
        elif place and name in found:
            what = f"{_CALLED.get(found[name].kind, '')} {found[name].target}".strip()
            report.add("name-clash", place, f"“{name}”在条件里已指 {what}", "给其中一个换名字")
        else:
            found[name] = value
    return found


def scope(
    values: Mapping[str, NamedValue], index: Index, types: Types, zone: ZoneInfo, item: Mapping[str, FieldType] | None
) -> Scope:
    """The environment of the procedure; with `item`, of a row with these columns (`this.column`, `this.item`)."""
    words, columns = dict(types.words), {**dict(_row_columns(index)), **dict(_fact_columns(index, types))}
    words.update({path: kind.words for path, kind in index.fields.items() if kind.words is not None})
    words.update({f"{name}.before": found for name, found in list(words.items())})
    words.update({"case.step": index.ids("step"), "case.flow": index.ids("flow"), "actor.role": index.ids("role")})
    all_values = dict(values)
    for column, kind in (item or {}).items():
        all_values |= _this(column, kind)
        if kind.words is not None:
            words[f"this.{column}"] = kind.words
    ranks = {name: words_of_catalog(c) for name, c in index.rules["catalog"].items() if c.body.flag("ordered")}
    environment = Environment({name: value.type for name, value in all_values.items()}, ranks, zone)
    scales = {name: _FIGURE_SCALES[kind] for name, kind in types.figures.items() if kind in _FIGURE_SCALES}
    scales |= {path: kind.scale for path, kind in index.fields.items() if kind.type in _SCALED}
    scales |= {f"this.{column}": kind.scale for column, kind in (item or {}).items() if kind.type in _SCALED}
    return Scope(environment, words, columns, ranks, all_values, scales)


def _this(column: str, kind: FieldType) -> dict[str, NamedValue]:
    return {f"this.{column}": NamedValue("this", kind.in_conditions, column)} if kind.in_conditions else {}


def _row_columns(index: Index) -> Iterator[tuple[str, Mapping[str, FieldType]]]:
    for path, kind in index.fields.items():
        if kind.type == "rows":
            yield path, kind.columns
            yield f"{path}.before", kind.columns


def _fact_columns(index: Index, types: Types) -> Iterator[tuple[str, Mapping[str, FieldType]]]:
    """The columns of whole lines that facts give: those of the register, or what the flow exports."""
    for name, given in types.facts.items():
        of = index.rules["fact"][name].body.text("of")
        own = {path.partition(".")[2]: kind for path, kind in index.fields.items() if path.partition(".")[0] == of}
        flow = index.rules["flow"].get(of)
        exported = {name: FieldType() for name in ("case", "no", "step", *flow.body.values("columns"))} if flow else {}
        for column, kind in given.items():
            if kind == "rows":
                yield f"{name}.{column}", own or exported


Named = tuple[str, NamedValue, Place | None]


def _all(index: Index, types: Types) -> Iterator[Named]:
    yield from _of_fields(index)
    yield from _of_forms(index)
    yield from _of_tables(index, types)
    yield from _of_facts(index, types)
    for name, kind in types.figures.items():
        if kind not in _NO_NAMES:
            yield name, NamedValue("figure", _figure(kind), name), index.rules["figure"][name].place
    yield from _of_tasks(index)
    yield from _of_acts(index)
    yield from _of_cases(index)


def _of_fields(index: Index) -> Iterator[Named]:
    columns = {f"{path}.{column}" for path, kind in index.fields.items() for column in kind.columns}
    for path, kind in index.fields.items():
        form = index.rules["form"][path.partition(".")[0]]
        if path in columns or (form.body.flag("register") and not _is_filled(index, form.name)):
            continue
        place = form.place
        yield f"{path}.filled", NamedValue("filled", "bool", path), place
        if kind.type == "period":
            yield f"{path}.from", NamedValue("from", "moment", path), place
            yield f"{path}.until", NamedValue("until", "moment", path), place
        elif kind.in_conditions:
            yield path, NamedValue("field", kind.in_conditions, path), place
            yield f"{path}.before", NamedValue("before", kind.in_conditions, path), place


def _is_filled(index: Index, form: str) -> bool:
    """Whether an action fills this register: then its fields are part of the case while it does."""
    return any(form in action.body.lists("fills") for action in index.rules["action"].values())


def _of_forms(index: Index) -> Iterator[Named]:
    for form in index.rules["form"].values():
        yield f"{form.name}.issued", NamedValue("issued", "bool", form.name), form.place


def _of_tables(index: Index, types: Types) -> Iterator[Named]:
    for name, columns in types.tables.items():
        rule = index.rules["table"][name]
        yield f"{name}.filled", NamedValue("table_filled", "bool", name, next(iter(columns))), rule.place
        several = rule.body.text("hit") == "all"
        for column, kind in columns.items():
            written = f"{name}.{column}" if column else name
            if kind != "span":
                found = "texts" if several else _given(kind)
                yield written, NamedValue("table", found, name, column), rule.place
                yield f"{written}.before", NamedValue("table_before", found, name, column), rule.place


def _of_facts(index: Index, types: Types) -> Iterator[Named]:
    for name, columns in types.facts.items():
        place = index.rules["fact"][name].place
        yield f"{name}.known", NamedValue("fact_known", "bool", name), place
        for column, kind in columns.items():
            yield f"{name}.{column}", NamedValue("fact", kind, name, column), place


def _of_tasks(index: Index) -> Iterator[Named]:
    for task in index.tasks:
        for state in ("open", "done", "missed"):
            yield f"task.{task}.{state}", NamedValue(f"task_{state}", "bool", task), None
        yield f"task.{task}.due", NamedValue("task_due", "moment", task), None


def _of_acts(index: Index) -> Iterator[Named]:
    for act in (*index.rules["action"], *index.rules["trigger"]):
        yield f"happened.{act}", NamedValue("happened", "bool", act), None
        yield f"count.{act}", NamedValue("count", "int", act), None
    for script in index.rules["script"]:
        yield f"said.{script}", NamedValue("said", "bool", script), None
    for guide in index.rules["guide"]:
        yield f"guide.{guide}", NamedValue("guide", "text", guide), None
        for part in ("cause", "path", "skipped"):
            yield f"guide.{guide}.{part}", NamedValue(f"guide_{part}", "text", guide), None


def _of_cases(index: Index) -> Iterator[Named]:
    for name, kind in _CASE.items():
        yield f"case.{name}", NamedValue("case", kind, name), None
    for flow in index.rules["flow"].values():
        for name in flow.body.values("customer"):
            yield f"case.customer.{name}", NamedValue("customer", "text", name), None
    yield "at", NamedValue("at", "moment"), None
    yield "at.workday", NamedValue("at", "bool", "workday"), None
    yield "at.open", NamedValue("at", "bool", "open"), None
    yield "actor.id", NamedValue("actor", "text", "id"), None
    yield "actor.role", NamedValue("actor", "text", "role"), None
    yield "actor.units", NamedValue("actor", "texts", "units"), None
    yield "present", NamedValue("present", "texts"), None


def _figure(kind: str) -> str:
    return "int" if kind in ("number", "ratio") else kind


def _given(kind: str) -> str:
    """The type in conditions of what a table gives: roles, steps and words of a catalog are text."""
    return kind if kind in ("int", "money", "bool", "moment", "date", "texts") else "text"
