"""References resolved: each name in a rule becomes the id, path or canonical event that it stands for, or a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from shouwen.core.language.assemble import Assembled
from shouwen.core.language.grammar import CONSEQUENCE, CONSEQUENCE_VERBS, DONE, KINDS, PARTY, Attribute
from shouwen.core.language.index import Index
from shouwen.core.language.report import Report
from shouwen.core.language.trees import Leaf, Many, Named, Struct, Tree

__all__ = ["Context", "Resolver"]

_CALLED: Mapping[str, str] = {
    "role": "角色", "authority": "审批", "catalog": "目录", "figure": "数值", "form": "单据", "fact": "外部事实",
    "table": "判定表", "flow": "流程", "action": "操作", "task": "待办", "trigger": "触发", "notice": "通知",
    "script": "口径", "guide": "问诊", "posting": "记账", "measure": "指标", "field": "字段", "event": "事件",
    "step": "环节",
}  # fmt: skip
#: attributes in which a field may stand for an event: the moment it holds, or that it is filled
_MOMENTS = frozenset({"from", "until"})
_FILLED = frozenset({"any", "all", "dated"})
#: attributes of a limit, in which an end of a period (`form.period.until`) stands for a moment field
_LIMITS = frozenset({"task", "replaced_by"})
#: what a consequence may say besides its verb
_NOT_VERBS = frozenset(part.name for part in CONSEQUENCE if part.name not in CONSEQUENCE_VERBS)
#: rules that live in the cases of one flow, and what they say of the events of such a case
_IN_A_CASE = frozenset({"task", "trigger", "notice", "action", "authority", "posting"})
_HAPPENS = frozenset({"from", "any", "all", "after", "undone", "restarts", "until", "blocks", "instead", "not"})
#: a measure of tasks may be dated by their limit or their end
_OF_TASKS = frozenset({"due", "done"})


@dataclass(frozen=True)
class Context:
    """Where a reference stands: in which flow, in which form, under which list of rows."""

    flow: str = ""
    form: str = ""
    rows: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Resolver:
    """Walks rules by the grammar; also reports what a rule must say and does not."""

    index: Index
    report: Report

    def rule(self, rule: Assembled) -> Assembled:
        """The rule with its references resolved."""
        flow = rule.name if rule.kind == "flow" else rule.body.text("flow", self.index.first_flow)
        context = Context(flow, rule.name if rule.kind == "form" else "", kind=rule.kind)
        return replace(rule, body=self.struct(KINDS[rule.kind], rule.body, context))

    def struct(self, attributes: tuple[Attribute, ...], struct: Struct, context: Context) -> Struct:
        """A structure with its references resolved; those that name nothing are left out."""
        self._says_what(attributes, struct)
        context = self._inside(struct, context)
        known = {attribute.name: attribute for attribute in attributes}
        parts = {
            name: found
            for name, tree in struct.parts.items()
            if (found := self._tree(known[name], tree, struct, context)) is not None
        }
        return replace(struct, parts=parts)

    def _says_what(self, attributes: tuple[Attribute, ...], struct: Struct) -> None:
        """Reports what must be written and is not: required attributes, and where one of several must stand."""
        misspelt = struct.said - {attribute.name for attribute in attributes} - {"clause"}
        for attribute in attributes:
            if attribute.required and attribute.name not in struct.said and not misspelt:
                self._missing(struct, f"缺少 {attribute.name}", f"补一行 {attribute.name}:")
        if attributes == DONE.parts and not struct.leaves("any") and not struct.leaves("all"):
            self._missing(struct, "done 没写凭什么算办完", "写操作名，或 单据.issued、口径.said、字段")
        if attributes and attributes[0] == PARTY[0] and "role" not in struct.said:
            self._missing(struct, "没写是谁", "写 {role: 角色, when: 条件}")
        if attributes == CONSEQUENCE and struct.said <= _NOT_VERBS:
            verbs = "、".join(CONSEQUENCE_VERBS)
            self.report.add("no-verb", struct.place, "后果没说做什么", f"写其中一个：{verbs}")

    def _missing(self, struct: Struct, message: str, advice: str) -> None:
        self.report.add("missing-attribute", struct.place, message, advice)

    def _inside(self, struct: Struct, context: Context) -> Context:
        """What holds for the parts of a structure: other rows, another case."""
        rows = struct.leaf("for_each") or struct.leaf("each")
        if rows:
            context = replace(context, rows=self._path(rows.text, context))
        return replace(context, flow="") if struct.has("case") else context

    def _tree(self, attribute: Attribute, tree: Tree, within: Struct, context: Context) -> Tree | None:
        shape = attribute.shape
        match tree:
            case Leaf():
                return self.leaf(attribute, tree, within, context) if shape.word == "name" else tree
            case Many(items):
                kept = (self._tree(attribute, item, within, context) for item in items)
                return Many(tuple(item for item in kept if item is not None), tree.place)
            case Named(entries) if shape.parts and shape.parts[0].name == "*":
                part = shape.parts[0]
                resolved = {name: self._tree(part, item, within, context) for name, item in entries.items()}
                return replace(tree, entries={name: item for name, item in resolved.items() if item is not None})
            case Named(entries):
                values = {k: self.struct(shape.parts, v, context) for k, v in entries.items() if isinstance(v, Struct)}
                return replace(tree, entries=values or entries)
            case Struct():
                return self.struct(shape.parts, tree, context)

    def leaf(self, attribute: Attribute, leaf: Leaf, within: Struct, context: Context) -> Leaf | None:
        """One reference: the first kind of those allowed that has such a name."""
        of = attribute.shape.of
        if attribute.name == "dated" and leaf.text in _OF_TASKS:
            return leaf
        for kind in of:
            if found := self._named(kind, leaf.text, context):
                self._of_this_flow(attribute, found if kind == "event" else f"{kind}.{found}", leaf, context)
                is_dated = kind == "field" and "event" in of
                return replace(leaf, value=f"field.{found}" if is_dated else found, sort=kind)
        if "event" in of and (spellings := self.index.ambiguous.get(leaf.text)):
            self.report.add("ambiguous-name", leaf.place, f"“{leaf.text}”可以指 {'、'.join(spellings)}", "写全其中一个")
            return None
        path = self._path(leaf.text, context)
        if "event" in of and self.index.moment_type(path):
            return self._field(attribute, leaf, path, within)
        if attribute.name in _LIMITS and "field" in of and self.index.moment_type(path):
            return replace(leaf, value=path, sort="field")
        self._unknown(of, leaf, context)
        return None

    def _of_this_flow(self, attribute: Attribute, name: str, leaf: Leaf, context: Context) -> None:
        """What begins, ends or forbids something in a case must happen in cases of its flow."""
        if not context.flow or context.kind not in _IN_A_CASE or attribute.name not in _HAPPENS:
            return
        kind, _, rest = name.partition(".")
        kind = {"act": "action"}.get(kind, kind)
        rule = self.index.rules.get(kind, {}).get(rest.partition(".")[0]) if kind in _IN_A_CASE else None
        own = {rule.body.text("flow", self.index.first_flow), rule.body.text("opens")} if rule else set()
        if rule and context.flow not in own:
            other = rule.body.text("flow", self.index.first_flow)
            self.report.add(
                "unknown-name",
                leaf.place,
                f"流程 {context.flow} 里没有{_CALLED[kind]}“{leaf.text}”，那是流程 {other} 的",
                "给这条规则写 flow: 流程名，或改用本流程的名字",
                [rule.place],
            )

    def _named(self, kind: str, text: str, context: Context) -> str | None:
        if kind == "event":
            return self.index.events.get(text)
        if kind == "field":
            path = self._path(text, context)
            return path if path in self.index.fields else None
        name = text.removeprefix(f"{kind}.").removeprefix(f"{kind} ").strip()
        if kind == "table":
            return name if name.partition(".")[0] in self.index.rules["table"] else None
        return name if name in self.index.ids(kind, context.flow) else None

    def _path(self, text: str, context: Context) -> str:
        """The full path of a field: `this.column` under rows, a bare name inside its form."""
        if context.rows and text.startswith("this."):
            return f"{context.rows}.{text.removeprefix('this.')}"
        if context.form and "." not in text:
            return f"{context.form}.{text}"
        return text

    def _field(self, attribute: Attribute, leaf: Leaf, path: str, within: Struct) -> Leaf | None:
        """A field that stands for an event."""
        kind = self.index.moment_type(path)
        if attribute.name in _FILLED and path in self.index.fields:
            return replace(leaf, value=f"field.{path}", sort="field")
        if attribute.name not in _MOMENTS and attribute.name not in _FILLED:
            self.report.add(
                "wrong-type",
                leaf.place,
                f"{path} 是字段，不是事件",
                "写填它的那个操作；字段只用在 from、until 和 done 里",
            )
            return None
        if kind == "moment" or (kind == "date" and within.has("for")):
            return replace(leaf, value=f"field.{path}", sort="field")
        self.report.add("wrong-type", leaf.place, f"{path} 不是时刻", "from 和 until 里的字段必须是 type: moment")
        return None

    def _unknown(self, of: tuple[str, ...], leaf: Leaf, context: Context) -> None:
        if of == ("step",) and context.flow and leaf.text in self.index.ids("step"):
            self.report.add(
                "unknown-name",
                leaf.place,
                f"流程 {context.flow} 没有环节“{leaf.text}”，那是别的流程的",
                "给这条规则写 flow: 流程名，或改用本流程的环节",
            )
            return
        what = "或".join(_CALLED[kind] for kind in of)
        self.report.unknown(leaf.place, leaf.text, what, self._candidates(of, context))

    def _candidates(self, of: tuple[str, ...], context: Context) -> Iterator[str]:
        for kind in of:
            yield from self.index.ids(kind, context.flow)
        if "event" in of:
            yield from self.index.fields
