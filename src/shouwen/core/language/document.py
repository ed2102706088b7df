"""One Markdown document taken apart: front matter, headings with clause ids, their prose, and rule blocks."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from shouwen.core.language import yaml_text
from shouwen.core.language.grammar import KINDS
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report
from shouwen.core.procedure import Excerpt

__all__ = ["Block", "Document", "Heading", "read"]

_MARKDOWN = MarkdownIt("commonmark").disable(["lheading", "html_block", "reference"])
_MARKDOWN.core.ruler.enableOnly(["normalize", "block"])
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FENCE = re.compile(r" {0,3}(`{3,})(.*)$")
_CLAUSED = re.compile(r"#{2,6} [^{}]*\{[^{}]*\} *$")
#: fences that carry rules only by mistake
_PLAIN = ("", "yaml", "yml")
_RULE = re.compile(rf"\s*(?:(?:also|amend) )?(?:{'|'.join(KINDS)}) [a-z][a-z0-9_]*(?: [a-z0-9_]+)*:")
_BRACE = re.compile(r"[{}｛｝]")
_BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x85\u2028\u2029", " "))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 2_000_000


@dataclass(frozen=True)
class Heading:
    """A heading: its words and the full ids of the clauses that it states."""

    title: str
    clauses: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Block:
    """The text of one ```rule block; `start` is the place of its first character."""

    text: str
    start: Place
    heading: Heading


@dataclass(frozen=True)
class Document:
    file: str
    prefix: str
    header: yaml_text.Mapping | None
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    excerpts: tuple[Excerpt, ...]


def read(file: str, text: str, report: Report) -> Document:
    """The parts of a document; everything wrong is reported."""
    lines = _clean(file, text, report)
    report.keep_lines(file, lines)
    header, length = _front_matter(file, lines, report)
    prefix = _prefix(header)
    body = [""] * length + _closed_fences(file, lines, length, report)
    tokens = _MARKDOWN.parse("\n".join(body) + "\n")
    headings = tuple(_headings(file, tokens, prefix, report))
    blocks = tuple(_blocks(file, tokens, body, headings, report))
    excerpts = tuple(_excerpts(headings, tokens, body))
    return Document(file, prefix, header, headings, blocks, excerpts)


def _clean(file: str, text: str, report: Report) -> list[str]:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    if len(text) > _LONGEST:
        report.add("not-text", Place(file, 1), f"文件超过 {_LONGEST} 字", "规程应是一篇文章，不是数据")
        text = ""
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        report.add("not-text", Place(file, line), "文件里有不是文字的字符", "以 UTF-8 存为纯文本，删去控制字符")
        text = _CONTROL.sub(" ", text)
    return text.split("\n")


def _front_matter(file: str, lines: list[str], report: Report) -> tuple[yaml_text.Mapping | None, int]:
    """What stands between the first two `---`, and how many lines that takes."""
    start = Place(file, 1)
    ends = [number for number, line in enumerate(lines[:200]) if line.rstrip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        report.add(
            "no-front-matter",
            start,
            "文件开头没有用两行 --- 夹住的抬头",
            "以 --- 开头，写 procedure、title、in_force，再以 --- 结束",
        )
        return None, 0
    text = "\n".join(lines[1 : ends[1]])
    node = yaml_text.compose(text or "{}", Place(file, 2), report)
    if isinstance(node, yaml_text.Mapping):
        return node, ends[1] + 1
    if node is not None:
        report.add("no-front-matter", start, "抬头不是“属性: 值”", "写 procedure、title、in_force")
    return None, ends[1] + 1


def _prefix(header: yaml_text.Mapping | None) -> str:
    node = header.entries.get("procedure") if header else None
    return node.text.strip() if isinstance(node, yaml_text.Text) else ""


def _closed_fences(file: str, lines: list[str], skip: int, report: Report) -> list[str]:
    """The body, with rule blocks that nobody closed ended where the rules stop, so that the rest can be read."""
    body, opened, fence = lines[skip:], -1, ""
    for number, line in enumerate(body):
        found = _FENCE.match(line)
        if opened < 0:
            if found and found[2].strip().startswith("rule"):
                opened, fence = number, found[1]
        elif found and not found[2].strip():
            opened = -1
        elif found or _CLAUSED.match(line):
            _unclosed(file, skip + opened + 1, report)
            _close(body, opened, number, fence)
            opened = number if found else -1
    if opened >= 0:
        _unclosed(file, skip + opened + 1, report)
    return body


def _close(body: list[str], opened: int, until: int, fence: str) -> None:
    """Ends a block at the last empty line in it; one without is no block any more."""
    empty = [number for number in range(opened + 1, until) if not body[number].strip()]
    if empty:
        body[empty[-1]] = fence
    else:
        body[opened] = ""


def _unclosed(file: str, line: int, report: Report) -> None:
    report.add("fence-not-closed", Place(file, line), "规则块没有结束", "在最后一条规则下面加一行 ```")


def _headings(file: str, tokens: list[Token], prefix: str, report: Report) -> Iterator[Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or not opening.map:
            continue
        place = Place(file, opening.map[0] + 1)
        words = inline.content.strip()
        ids: tuple[str, ...] = ()
        if words.endswith("}") and "{" in words:
            words, _, written = words[:-1].rpartition("{")
            ids = tuple(_clause_ids(written, prefix, place, report))
        elif _BRACE.search(words):
            report.add("bad-clause-id", place, "标题里的花括号不成对，或不在末尾", "标题以条款号结束：## 标题 {4.1.2}")
            words, _, written = re.sub("[}｝]", "", words).replace("｛", "{").partition("{")
            ids = tuple(full_id(word, prefix) for word in re.split(r"[,，、\s]+", written) if _ID.fullmatch(word))
        yield Heading(words.strip(), ids, place)


def _clause_ids(text: str, prefix: str, place: Place, report: Report) -> Iterator[str]:
    for word in filter(None, re.split(r"[,，、\s]+", text)):
        if _ID.fullmatch(word):
            yield full_id(word, prefix)
        else:
            report.add(
                "bad-clause-id",
                place,
                f"条款号“{word}”写法不对",
                "条款号用字母、数字、点和连字符，用逗号分开：{4.1.2-1, 4.1.2-2}",
            )


def full_id(word: str, prefix: str) -> str:
    """A clause id with the procedure's prefix."""
    return word if not prefix or word.startswith(f"{prefix}.") else f"{prefix}.{word}"


def _blocks(
    file: str, tokens: list[Token], body: list[str], headings: tuple[Heading, ...], report: Report
) -> Iterator[Block]:
    above = [Heading("", (), Place(file, 1)), *headings]
    lines = [heading.place.line for heading in above]
    for token in tokens:
        if token.type != "fence" or not token.map:
            continue
        word = (token.info.split() or [""])[0]
        place = Place(file, token.map[0] + 1)
        if word != "rule":
            holds = bool(_RULE.match(token.content))
            if word.lower().startswith("rul") or (word.lower() in _PLAIN and holds):
                report.add("fence-word", place, f"“{word or '```'}”不是规则块的写法", "规则块以 ```rule 开始")
            if not holds or word.lower() not in _PLAIN:
                continue
        indent = _indent(token.content, body[token.map[0] + 1 : token.map[0] + 2])
        yield Block(token.content, Place(file, place.line + 1, 1 + indent), above[bisect(lines, place.line) - 1])


def _indent(content: str, below: list[str]) -> int:
    """How far a block inside a list is moved to the right."""
    first = content.split("\n", 1)[0]
    return max(len(below[0]) - len(first), 0) if below and first else 0


def _excerpts(headings: tuple[Heading, ...], tokens: list[Token], body: list[str]) -> Iterator[Excerpt]:
    text = list(body)
    for token in tokens:
        if token.type == "fence" and token.map:
            text[token.map[0] : token.map[1]] = [""] * (token.map[1] - token.map[0])
    ends = [heading.place.line - 1 for heading in headings[1:]] + [len(text)]
    for heading, end in zip(headings, ends, strict=False):
        prose = re.sub(r"\n{3,}", "\n\n", "\n".join(text[heading.place.line : end]).strip())
        for clause in heading.clauses:
            yield Excerpt(clause, heading.title, _sentence(clause, prose), heading.place.line)


def _sentence(clause: str, prose: str) -> str:
    """The part marked （n） for a clause that ends in -n; else all of the prose."""
    number = clause.rpartition("-")[2]
    found = re.search(rf"（{re.escape(number)}）(.*?)(?=（\d+）|\Z)", prose, re.DOTALL)
    return found[0].strip() if found else prose
