"""Documents compiled: from Markdown to a procedure, or to everything that keeps it from being one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from shouwen.core.language import assemble, build, document
from shouwen.core.language.assemble import Assembly
from shouwen.core.language.clauses import Cited
from shouwen.core.language.document import Document
from shouwen.core.language.fields import field_types
from shouwen.core.language.front import front
from shouwen.core.language.grammar import HEADER
from shouwen.core.language.index import Index, index
from shouwen.core.language.problems import Note, Place, Problem
from shouwen.core.language.references import Context, Resolver
from shouwen.core.language.report import Report
from shouwen.core.language.shapes import Shaper
from shouwen.core.language.trees import Struct
from shouwen.core.language.yaml_text import Node
from shouwen.core.procedure import Clauses, Procedure

__all__ = ["Compiled", "compile_procedure"]


@dataclass(frozen=True)
class Compiled:
    """What came of the documents. `procedure` is None as long as there is a problem."""

    procedure: Procedure | None
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...] = ()
    #: the clauses that headings state, in order
    clauses: Clauses = ()
    #: kind → name → the rule as it was put together
    assembled: Assembly | None = None


def compile_procedure(documents: Mapping[str, str]) -> Compiled:
    """The procedure that these documents (file name → text) write: the first is the base, the others supplement it."""
    report = Report()
    if not documents:
        report.add("no-document", Place("", 1), "没有给出文件", "给出一个规程文件")
        return Compiled(None, report.problems)
    read = [document.read(file, text, report) for file, text in documents.items()]
    cited = Cited(report)
    for one in read:
        cited.state(one)
    shapers = [Shaper(report, _citing(cited, one, read[0])) for one in read]
    heads = [assemble.header(one, shaper) for one, shaper in zip(read, shapers, strict=True)]
    _check_supplements(heads, report)
    amends = [place > 0 or (head.whole("version") or 1) > 1 for place, head in enumerate(heads)]
    rules = assemble.assemble(list(zip(read, shapers, amends, strict=True)), report)
    names, heads = _resolved(rules, read, heads, report)
    head = front(heads, cited.stated, [one.prefix for one in read], report)
    excerpts = {excerpt.clause: excerpt for one in reversed(read) for excerpt in one.excerpts}
    built = build.procedure(head, names, report, {clause: excerpts[clause] for clause in cited.stated})
    problems = report.in_order(list(documents))
    notes = tuple(report.notes)
    return Compiled(None if problems else built, problems, notes, tuple(cited.stated), names.rules)


def _citing(cited: Cited, one: Document, base: Document) -> Callable[[Node], Clauses]:
    prefixes = tuple(dict.fromkeys((one.prefix, base.prefix)))
    return lambda node: cited.read(node, prefixes)


def _check_supplements(heads: Sequence[Struct], report: Report) -> None:
    base = heads[0].text("procedure")
    if leaf := heads[0].leaf("supplements"):
        report.add(
            "not-a-supplement", leaf.place, f"这是 {leaf.text} 的补充，缺基本规程", f"先给出 {leaf.text}，再给出补充"
        )
    for head in heads[1:]:
        if head.text("supplements") != base:
            report.add("not-a-supplement", head.place, f"这篇没说补充 {base}", f"抬头写 supplements: {base}")


def _resolved(
    rules: Assembly, read: Sequence[Document], heads: Sequence[Struct], report: Report
) -> tuple[Index, list[Struct]]:
    """The index of resolved rules, and the front matters resolved."""
    bare = index(rules, field_types(rules, report))
    resolver = Resolver(bare, report)
    resolved = {kind: {name: resolver.rule(rule) for name, rule in named.items()} for kind, named in rules.items()}
    needs_flow = [rule for kind in ("action", "task", "trigger") for rule in resolved[kind].values()]
    if needs_flow and not rules["flow"] and not report.broken:
        report.add(
            "no-flow", needs_flow[0].place, "没有流程（flow），操作和待办无处可办", "写一条 flow 名字: {steps: …}"
        )
    found = [
        resolver.struct(HEADER, head, Context()) if one.header else head for one, head in zip(read, heads, strict=True)
    ]
    return replace(bare, rules=resolved), found
