"""Everything that the rules define and other rules may name: rules by kind, fields, steps, tasks, events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shouwen.core.language.assemble import Assembly
from shouwen.core.language.fields import FieldType
from shouwen.core.language.grammar import KINDS, Names

__all__ = ["Index", "index"]


@dataclass(frozen=True)
class Index:
    """The names of one procedure."""

    rules: Assembly
    fields: Mapping[str, FieldType]
    #: flow → its steps
    steps: Mapping[str, tuple[str, ...]]
    #: tasks as written, and those that notices, scripts and authorities bring along
    tasks: tuple[str, ...]
    links: tuple[str, ...]
    #: an event as somebody may write it → its canonical name
    events: Mapping[str, str] = field(default_factory=dict)
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def first_flow(self) -> str:
        """The flow of a rule that names none."""
        return next(iter(self.rules["flow"]), "")

    def moment_type(self, path: str) -> str | None:
        """The type of a field, or of an end of a period (`form.period.until`); None if there is no such field."""
        base, _, end = path.rpartition(".")
        if end in ("from", "until") and base in self.fields and self.fields[base].type == "period":
            return "moment"
        return self.fields[path].type if path in self.fields else None

    def row_key(self, path: str) -> str:
        """The column that tells the lines of a rows field apart, '' if none does."""
        form, _, name = path.partition(".")
        found = self.rules["form"][form].body.map("fields").get(name)
        return found.text("key") if found else ""

    def ids(self, kind: str, flow: str = "") -> tuple[str, ...]:
        """The names of a kind; steps are those of `flow`, or of all."""
        match kind:
            case "field":
                return tuple(self.fields)
            case "event":
                return tuple(self.events)
            case "step" if flow in self.steps:
                return self.steps[flow]
            case "step":
                return tuple(dict.fromkeys(step for steps in self.steps.values() for step in steps))
            case "task":
                return self.tasks
            case _:
                return tuple(self.rules.get(kind, ()))


def index(rules: Assembly, fields: Mapping[str, FieldType]) -> Index:
    """The index of assembled rules."""
    steps = {flow.name: tuple(flow.body.map("steps")) for flow in rules["flow"].values()}
    links = tuple(dict.fromkeys(link for flow in rules["flow"].values() for link in flow.body.map("links")))
    tasks = (*rules["task"], *_brought(rules))
    bare = Index(rules, fields, steps, tasks, links)
    written: dict[str, set[str]] = {}
    for spelling, canonical in _events(bare):
        written.setdefault(spelling, set()).add(canonical)
    events = {spelling: min(names) for spelling, names in written.items() if len(names) == 1}
    ambiguous = {spelling: tuple(sorted(names)) for spelling, names in written.items() if len(names) > 1}
    return Index(rules, fields, steps, tasks, links, events, ambiguous)


def _brought(rules: Assembly) -> Iterator[str]:
    """Tasks that stand in other rules: receipts of notices, promises of scripts, levels of authorities."""
    for notice in rules["notice"].values():
        if notice.body.text("receipt", "none") != "none" and notice.body.has("within"):
            yield f"{notice.name}.receipt"
    for script in rules["script"].values():
        yield from (f"{script.name}.{promise}" for promise in script.body.map("promises"))
    for authority in rules["authority"].values():
        yield from (f"{authority.name}.{level}" for level in authority.body.map("levels"))


#: kind → the words that its events end in, and what each means
_ENDINGS: Mapping[str, Mapping[str, str]] = {
    "task": {"begun": "begun", "done": "done", "missed": "missed"},
    "notice": {"sent": "sent", "received": "received", "read": "received"},
    "script": {"said": "said"},
    "guide": {"concluded": "concluded"},
    "form": {"issued": "issued"},
    "step": {"entered": "entered", "left": "left"},
    "authority": {"granted": "granted", "returned": "returned", "declined": "declined"},
    "table": {"changed": "changed"},
    "link": {"closed": "closed"},
}


def _events(known: Index) -> Iterator[tuple[str, str]]:
    """Each way to write an event, and its canonical name."""
    yield from ((name, name) for name in Names().events)
    for name in known.rules["action"]:
        yield from ((spelling, f"act.{name}") for spelling in (name, f"act.{name}", f"action.{name}"))
    for name in known.rules["trigger"]:
        yield from ((spelling, f"trigger.{name}") for spelling in (name, f"trigger.{name}"))
    for kind, endings in _ENDINGS.items():
        for name in known.links if kind == "link" else known.ids(kind):
            for ending, meant in endings.items():
                yield f"{kind}.{name}.{ending}", f"{kind}.{name}.{meant}"
                yield f"{name}.{ending}", f"{kind}.{name}.{meant}"
    for authority in known.rules["authority"].values():
        for level in authority.body.map("levels"):
            for ending in ("asked", "decided"):
                name = f"authority.{authority.name}.{level}.{ending}"
                yield name, name


assert set(_ENDINGS) - {"step", "link"} <= set(KINDS)
