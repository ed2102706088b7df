"""Small documents, slices of eight regulations, play their scripts; together they use the whole language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from shouwen.core import events, procedure
from shouwen.core.expression import tokens
from shouwen.core.language import Compiled
from shouwen.core.language.assemble import Assembled
from shouwen.core.language.check import prove
from shouwen.core.language.grammar import HEADER, KINDS, Attribute, Names, Shape
from shouwen.core.language.trees import Leaf, Many, Named, Struct, Tree, leaves_of
from shouwen.library import Shelf, library
from shouwen.trial import Outcome, play, read_script
from shouwen.trial.expect import CHECKS

SHELVES = library(Path(__file__).parent / "breadth").shelves
EXAMPLES = [pytest.param(shelf, path, id=f"{shelf.name}/{path.stem}") for shelf in SHELVES for path in shelf.examples]

#: attributes that every kind and many parts have: each place counts by itself; all others count once, wherever they stand
EVERYWHERE = frozenset({"name", "flow", "when", "clause", "basis"})
#: what none of these documents shows, and why
EXCEPTIONS: Mapping[str, str] = {
    "event CalendarChanged": "another edition of the calendar is a command of the shell; tests/core/judge plays it",
    "event VersionMoved": "moving a case to another version is the shell's; no document says it",
}


@cache
def compiled(shelf: Shelf) -> Compiled:
    return shelf.compile()


@cache
def played(shelf: Shelf, path: Path) -> Outcome:
    found = compiled(shelf).procedure
    assert found is not None, compiled(shelf).problems
    return play(found, read_script(path.read_text(encoding="utf-8"), found.zone))


@pytest.mark.parametrize(("shelf", "path"), EXAMPLES)
def test_a_script_goes_as_it_says(shelf: Shelf, path: Path) -> None:
    assert played(shelf, path).failures == []


@pytest.mark.parametrize("shelf", SHELVES, ids=[shelf.name for shelf in SHELVES])
def test_a_document_has_no_problem_and_its_clauses_are_carried_or_shown(shelf: Shelf) -> None:
    document = compiled(shelf)
    assert document.procedure is not None, document.problems
    cited = {clause for path in shelf.examples for clause in played(shelf, path).cited}

    problems, _, coverage = prove(document.procedure, cited=cited)

    assert [*document.problems, *problems] == []
    assert [c for c, how in coverage.items() if how == "none" and c not in document.procedure.text_only] == []


def test_a_sample_is_recorded_with_its_seed_its_population_and_its_members() -> None:
    fired = [event for event in _happened("work-order", "day") if isinstance(event, events.TriggerFired) and event.seed]

    assert [(event.trigger, event.size, len(event.members)) for event in fired] == [("weekly_draw", 1, 1)]


def test_retention_counts_from_the_field_that_the_regulation_names() -> None:
    kept = [event for event in _happened("broadcast-repair", "limits") if isinstance(event, events.RetentionSet)]

    assert f"{kept[0].until:%Y-%m-%d %H:%M}" == "2028-09-15 00:00"  # two years from the report of 14 September 2026


def test_the_documents_use_the_whole_language() -> None:
    used = {*_written(), *_read(), *_played()}

    wanted = {*_attributes(), *_words(), *_names(), *_events(), *_scripts()}

    assert sorted(wanted - used - set(EXCEPTIONS)) == []
    assert sorted(set(EXCEPTIONS) & used) == [], "no exception any more"


def _happened(name: str, script: str) -> list[events.Event]:
    shelf = next(shelf for shelf in SHELVES if shelf.name == name)
    path = next(path for path in shelf.examples if path.stem == script)
    return [event for step in played(shelf, path).steps for event in step.events]


# What there is


def _attributes() -> Iterator[str]:
    for kind, attributes in {"front matter": HEADER, **KINDS}.items():
        for attribute, place in _below(attributes, kind):
            yield place
            yield from (f"{place}: {word}" for word in attribute.shape.words if attribute.name not in EVERYWHERE)


def _below(attributes: tuple[Attribute, ...], place: str) -> Iterator[tuple[Attribute, str]]:
    """Every attribute with the name under which it counts."""
    for attribute in attributes:
        if attribute.name != "*":
            yield attribute, _place(attribute, place)
            yield from _below(attribute.shape.parts, _inside(attribute, place))


@cache
def _firsts() -> dict[int, str]:
    """The first place of each attribute, and of each set of parts."""
    found: dict[int, str] = {}

    def look(attributes: tuple[Attribute, ...], place: str) -> None:
        for attribute in attributes:
            found.setdefault(id(attribute), f"{place}.{attribute.name}")
            if attribute.shape.parts:
                found.setdefault(id(attribute.shape.parts), f"{place}.{attribute.name}")
                look(attribute.shape.parts, f"{place}.{attribute.name}")

    for kind, attributes in {"front matter": HEADER, **KINDS}.items():
        look(attributes, kind)
    return found


def _place(attribute: Attribute, place: str) -> str:
    return f"{place}.{attribute.name}" if attribute.name in EVERYWHERE or "." not in place else _firsts()[id(attribute)]


def _inside(attribute: Attribute, place: str) -> str:
    return _firsts()[id(attribute.shape.parts)] if attribute.shape.parts else f"{place}.{attribute.name}"


def _words() -> Iterator[str]:
    functions = (*Names().functions, "exists", "all", "filter", "map", "in", "matches", "contains", "startsWith")
    yield from (f"function {name}" for name in (*functions, "int", "string"))
    yield from (
        f"table gives {kind}"
        for kind in (
            "text",
            "number",
            "decimal",
            "ratio",
            "money",
            "bool",
            "moment",
            "date",
            "texts",
            "role",
            "step",
            "span",
        )
    )
    yield "mode also"
    yield "mode amend"


def _names() -> Iterator[str]:
    """The kinds of names that conditions read, as `NamedValue` lists them."""
    assert procedure.NamedValue.__doc__ is not None
    listed = re.search(r"`kind`: (.*?)\.\s`target`", procedure.NamedValue.__doc__, re.DOTALL)
    assert listed is not None
    yield from (f"name {kind.strip()}" for kind in listed[1].split(","))


def _events() -> Iterator[str]:
    yield from (f"event {kind.__name__}" for kind in get_args(events.Event))
    for name in (
        "opened",
        "reopened",
        "closed",
        "act",
        "trigger",
        "task.begun",
        "task.done",
        "task.missed",
        "notice.sent",
        "notice.received",
        "script.said",
        "guide.concluded",
        "form.issued",
        "step.entered",
        "step.left",
        "authority.granted",
        "authority.returned",
        "authority.declined",
        "authority.asked",
        "authority.decided",
        "table.changed",
        "link.closed",
        "field",
    ):
        yield f"from {name}"


def _scripts() -> Iterator[str]:
    yield from (f"act {verb}" for verb in (*Names().acts, "open"))
    yield from (f"expect {key}" for key in CHECKS)


# What is used


def _written() -> Iterator[str]:
    for shelf in SHELVES:
        for text in (path.read_text(encoding="utf-8") for path in shelf.documents):
            yield from (f"mode {mode}" for mode in re.findall(r"^(also|amend) \w+ ", text, re.MULTILINE))
            head = re.match(r"---\n(.*?)\n---", text, re.DOTALL)
            assert head is not None
            yield from (f"front matter.{name}" for name in re.findall(r"\b([a-z_]+):", head[1]))
            yield from (
                f"front matter.{outer}.{name}"
                for outer, body in re.findall(r"^(\w+): \{(.*)\}", head[1], re.M)
                for name in re.findall(r"\b([a-z_]+):", body)
            )
        for kind, rules in (compiled(shelf).assembled or {}).items():
            for rule in rules.values():
                yield from _used(KINDS[kind], rule.body, kind)
                yield from _gives(rule)


def _gives(rule: Assembled) -> Iterator[str]:
    if rule.kind == "table":
        yield from (f"table gives {leaf.text}" for leaf in rule.body.values("gives").values())


def _used(attributes: tuple[Attribute, ...], body: Struct, place: str) -> Iterator[str]:
    known = {attribute.name: attribute for attribute in attributes}
    for name in sorted(body.said & set(known)):
        attribute = known[name]
        here = _place(attribute, place)
        yield here
        tree = body.parts.get(name)
        if tree is not None:
            yield from _inner(attribute, tree, here, _inside(attribute, place))
    if body.clauses:
        yield from (f"{place}.clause" for _ in ["own or inherited"] if "clause" in known)


def _inner(attribute: Attribute, tree: Tree, here: str, inside: str) -> Iterator[str]:
    shape: Shape = attribute.shape
    if shape.words:
        yield from (f"{here}: {leaf.text}" for leaf in leaves_of(tree))
    if "event" in shape.of:
        yield from (_event(leaf.text) for leaf in leaves_of(tree))
    match tree:
        case Struct():
            yield from _used(shape.parts, tree, inside)
        case Many(items):
            for item in items:
                yield from _inner(attribute, item, here, inside)
        case Named(entries):
            for item in entries.values():
                if isinstance(item, Struct):
                    yield from _used(shape.parts, item, inside)
        case Leaf():
            pass


def _event(name: str) -> str:
    parts = name.split(".")
    if parts[0] in ("opened", "reopened", "closed", "act", "trigger", "field"):
        return f"from {parts[0]}"
    return f"from {parts[0]}.{parts[-1]}"


def _read() -> Iterator[str]:
    """Names and functions of all conditions, as compiled."""
    for shelf in SHELVES:
        found = compiled(shelf).procedure
        assert found is not None
        for source, names in _expressions(found, set()):
            yield from (f"function {token.text.rpartition('.')[2]}" for token in tokens(source) if token.kind == "name")
            for name in names:
                yield "name this" if name.startswith("this.") else f"name {found.names[name].kind}"


def _expressions(value: object, seen: set[int]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if hasattr(value, "source") and hasattr(value, "names"):
        yield value.source, value.names
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _expressions(item, seen)
    elif isinstance(value, tuple):
        for item in value:
            yield from _expressions(item, seen)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _expressions(getattr(value, name), seen)


def _played() -> Iterator[str]:
    for shelf in SHELVES:
        for path in shelf.examples:
            for step in played(shelf, path).steps:
                verb = step.step.do.partition(" ")[0]
                if not step.refusal:
                    yield f"act {verb}"
                yield from (f"expect {key}" for key in step.step.expect or {})
                yield from (f"event {type(event).__name__}" for event in step.events)
