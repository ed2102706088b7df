"""Documents and code agree: no regulation in Python, every problem explained, one word per concept, links that lead somewhere."""

import ast
import importlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import EnumMeta
from pathlib import Path

import pytest
import yaml

from tests.lints.rules import ROOT, Source, sources

PROCEDURES = ROOT / "src/shouwen/procedures"


def test_no_python_knows_a_regulation():
    regulations = regulation_words(
        {place.parent.name: place.read_text(encoding="utf-8") for place in PROCEDURES.glob("*/procedure.md")}
    )

    ours = [source for source in sources() if source.path.startswith("src/")]
    own = defined(ours)
    known = [line for source in ours for line in knowing(source, *(words - own for words in regulations))]

    assert known == [], "\n".join(known)


def defined(ours: list[Source]) -> set[str]:
    """What code calls its own functions by is its own word, whatever a regulation calls so too."""
    return {node.name for source in ours for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)}


def test_a_regulation_word_in_python_is_found():
    document = (
        "## 受理 {1}\n\n```rule\nrole front_desk: {name: 前台}\nflow complaint:\n  steps:\n    hear_owner: {name: 听取}\n"
        "    close: {end: yes}\nalso form complaint_sheet:\n  fields: {}\nalso action warn_agent send_back: {who: front_desk}\n```\n"
    )

    written, quoted = regulation_words({"property-complaint": document, "returns": ""})

    assert written == {"property-complaint", "hear_owner", "complaint_sheet"}
    assert quoted == {"returns", "front_desk", "warn_agent"}
    for text in ("# property-complaint", "x = hear_owner", "if name == 'returns': ...", "x = ('front_desk', 1)"):
        assert len(knowing(Source("src/x.py", text), written, quoted)) == 1
    for text in ("# `who: front_desk` is short", '"""Returns it."""\nreturns = close', "x = 'complaint'"):
        assert knowing(Source("src/x.py", text), written, quoted) == []


def knowing(source: Source, written: set[str], quoted: set[str]) -> list[str]:
    lines = enumerate(source.text.splitlines(), 1)
    found = [(number, word) for number, line in lines for word in re.findall(r"\w+(?:-\w+)*", line) if word in written]
    found += [
        (node.lineno, str(node.value))
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and node.value in quoted
    ]
    return [f"{source.path}:{number}: {word}" for number, word in sorted(found)]


def regulation_words(documents: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """What code may not say anywhere, and what it may not say as a text: that also makes an example in a comment."""
    ids = [(kind, name) for text in documents.values() for kind, name in rule_ids(text)]
    own = glossary_words()
    places = {name for kind, name in ids if kind in {"form", "step"} and "_" in name} - own
    people = {name for kind, name in ids if kind in {"role", "action"} and "_" in name} - own
    joined = {name for name in documents if "-" in name or "_" in name}
    return joined | places, set(documents) - joined | people


def rule_ids(document: str) -> Iterator[tuple[str, str]]:
    """Ids that the document declares, each with its kind; a flow's steps count as a kind."""
    for block in re.findall(r"^```rule\n(.*?)^```", document, re.MULTILINE | re.DOTALL):
        for head, body in (yaml.load(block, yaml.CBaseLoader) or {}).items():
            kind, *names = head.removeprefix("also ").removeprefix("amend ").split()
            yield from ((kind, name) for name in names)
            if kind == "flow" and isinstance(body, dict):
                yield from (("step", name) for name in body.get("steps") or ())


def glossary_words() -> set[str]:
    return {word for row in glossary_rows() for word in row[1]}


def glossary_rows() -> list[tuple[str, list[str]]]:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("|")]
    return [(chinese.strip(), re.findall(r"`([^`]+)`", english)) for chinese, english in rows if "`" in english]


def test_the_glossary_gives_each_concept_one_word_in_each_language():
    rows = glossary_rows()

    chinese = Counter(row[0] for row in rows)
    english = Counter(word for row in rows for word in row[1])

    assert [word for word, times in (chinese + english).items() if times > 1] == []
    assert [row[0] for row in rows if len(row[1]) != 1] == []


def test_every_problem_code_has_its_paragraph():
    if not (ROOT / "src/shouwen/core/language/problems.py").exists():
        return
    codes = problem_codes()
    explained = paragraphs((ROOT / "docs/problems.md").read_text(encoding="utf-8"))

    assert sorted(codes - set(explained)) == [], "codes without a heading in docs/problems.md"
    assert sorted(set(explained) - codes) == [], "headings in docs/problems.md without a code"
    assert [code for code, words in explained.items() if not words] == [], "headings without a paragraph"


def test_a_paragraph_is_found_under_its_code():
    page = "# 问题\n\nHow to read it.\n\n## 名字\n\n### `unknown-name`\n\n写错了名字。\n\n### gap\n\n## 判定表\n\n### overlap 重叠\n\nTwo rows.\n"

    found = paragraphs(page)

    assert found == {"unknown-name": "写错了名字。", "gap": "", "overlap": "Two rows."}


def problem_codes() -> set[str]:
    codes = importlib.import_module("shouwen.core.language.problems").CODES
    return {str(member.value) for member in codes} if isinstance(codes, EnumMeta) else {str(code) for code in codes}


def paragraphs(page: str) -> dict[str, str]:
    """The words under each heading that begins with a code; a heading in Chinese only groups."""
    page = re.sub(r"^#+ +[^`a-zA-Z].*$", "", page, flags=re.MULTILINE)
    parts = re.split(r"^##+ +`?([a-zA-Z][a-zA-Z0-9_.-]*)`?.*$", page, flags=re.MULTILINE)[1:]
    return {code: words.strip() for code, words in zip(parts[::2], parts[1::2], strict=True)}


def test_links_between_documents_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]

    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in links(page)
        if not (page.parent / target).exists()
    ]

    assert dead == []


def links(page: Path) -> list[str]:
    return re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda page: page.stem)
def test_a_decision_fits_on_a_page(page: Path):
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", page.stem)
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 40
