"""The fields of all forms as types: what each holds, its closed words, and the columns of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from shouwen.core.language.assemble import Assembled, Assembly
from shouwen.core.language.report import Report
from shouwen.core.language.trees import Leaf, Struct
from shouwen.core.values import LISTS

__all__ = ["SCALES", "FieldType", "field_types", "words_of_catalog"]

#: digits after the point, if the field does not say
SCALES: Mapping[str, int] = {"decimal": 2, "ratio": 4}


@dataclass(frozen=True)
class FieldType:
    """What a field holds. `words`: the closed words of a choice (all that were ever words, for conditions)."""

    type: str = "text"
    words: tuple[str, ...] | None = None
    catalog: str | None = None
    scale: int = 0
    columns: Mapping[str, FieldType] = field(default_factory=dict)
    same_as: str | None = None

    @property
    def in_conditions(self) -> str | None:
        """The type of its name in conditions; None: it has no value there (a period, a span)."""
        if self.type in ("period", "span"):
            return None
        if self.type in ("number", "decimal", "ratio"):
            return "int"
        if self.type in ("money", "bool", "date", "moment", "rows"):
            return self.type
        return "texts" if self.type in LISTS else "text"


def words_of_catalog(catalog: Assembled) -> tuple[str, ...]:
    """Every word of a catalog that may be chosen, as conditions may name it."""
    entries = catalog.body.map("entries")
    above = {entry.text("under") for entry in entries.values()}
    leaf_only = catalog.body.flag("leaf_only", default=True)
    return tuple(word for word in entries if not (leaf_only and word in above))


def field_types(rules: Assembly, report: Report) -> dict[str, FieldType]:
    """Path → type of every field and column; a field that is printed from another has that one's type."""
    written = {path: (struct, _type(path, struct, rules, report)) for path, struct in _fields(rules)}
    origins = _origins(written, report)
    found: dict[str, FieldType] = {}
    for path, (struct, own) in written.items():
        found[path] = own if origins[path] == path else _printed(path, struct, own, origins[path], written, report)
        for column, kind in found[path].columns.items():
            found.setdefault(f"{path}.{column}", kind)
    return found


Written = Mapping[str, tuple[Struct, FieldType]]


def _fields(rules: Assembly) -> Iterator[tuple[str, Struct]]:
    for form in rules["form"].values():
        for name, struct in form.body.map("fields").items():
            yield f"{form.name}.{name}", struct
            for column, part in struct.map("columns").items():
                yield f"{form.name}.{name}.{column}", part


def _type(path: str, struct: Struct, rules: Assembly, report: Report) -> FieldType:
    kind = struct.text("type", "rows" if struct.has("columns") else "text")
    catalog, words = _words(struct, kind, rules, report)
    scale = struct.whole("scale")
    if scale is None:
        scale = SCALES.get(kind, 0)
    columns = {name: _type(f"{path}.{name}", part, rules, report) for name, part in struct.map("columns").items()}
    return FieldType(kind, words, catalog, scale, columns)


def _words(struct: Struct, kind: str, rules: Assembly, report: Report) -> tuple[str | None, tuple[str, ...] | None]:
    """The catalog and the closed words of a choice."""
    of = struct.leaves("of")
    if kind not in ("choice", "choices"):
        if of:
            report.add(
                "of-without-choice", of[0].place, "只有选择项才有 of", "写 type: choice 或 type: choices，或删去 of"
            )
        return None, None
    if not of and not struct.has("from"):
        report.add("missing-attribute", struct.place, "选择项没写 of", "写 of: 目录名，或 of: [词, 词]")
    if len(of) == 1:
        return _of_one(of[0], rules, report)
    return None, tuple(leaf.text for leaf in of) or None


def _of_one(leaf: Leaf, rules: Assembly, report: Report) -> tuple[str | None, tuple[str, ...] | None]:
    if catalog := rules["catalog"].get(leaf.text):
        return catalog.name, None if catalog.body.flag("open") else words_of_catalog(catalog)
    if leaf.text.isascii():
        report.unknown(leaf.place, leaf.text, "目录", rules["catalog"])
        return None, None
    return None, (leaf.text,)


def _origins(written: Written, report: Report) -> dict[str, str]:
    """Each field → the field where its fact is entered, as `from` leads there."""
    found: dict[str, str] = {}
    for path in written:
        way: dict[str, None] = {}
        name = path
        while name not in found:
            way[name] = None
            leaf = written[name][0].leaf("from")
            if leaf is None or not _leads(leaf, way, written, report):
                found[name] = name
            else:
                name = leaf.text
        found.update(dict.fromkeys(way, found[name]))
    return found


def _leads(leaf: Leaf, way: Mapping[str, None], written: Written, report: Report) -> bool:
    """Whether this `from` leads on to another field."""
    if leaf.text in way:
        circle = " ← ".join((*way, leaf.text))
        report.add("field-circle", leaf.place, f"字段互为来源：{circle}", "其中一个应由人填写，删去它的 from")
    elif leaf.text not in written:
        report.unknown(leaf.place, leaf.text, "字段", written)
    else:
        return True
    return False


def _printed(path: str, struct: Struct, own: FieldType, origin: str, written: Written, report: Report) -> FieldType:
    """The type of a field that is printed from another."""
    kind = written[origin][1]
    if struct.has("type") and own.type != kind.type:
        report.add(
            "wrong-type",
            struct.place,
            f"{path} 是 {own.type}，来源 {origin} 是 {kind.type}",
            "同一事实类型应相同：删去这里的 type",
        )
    return replace(kind, same_as=origin)
