"""Finds Chinese in code and templates that is not taken from the catalogues."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

#: characters, and the punctuation that only stands between them
CHINESE = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]")
#: calls whose texts are messages (scripts/messages reads the same)
SAYING = {
    *("_", "_lazy", "_noop", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy", "phrase", "counted", "several"),
}
#: a line that ends so holds words that are no sentences to people: what a file's heads are recognised by, what is
#: written into a record; the reason follows
DATA = re.compile(r"#\s*zh:\s*\S")


def in_python(text: str) -> Iterator[int]:
    """The lines with Chinese texts that are not themselves the argument of a message call."""
    tree, lines = ast.parse(text), text.splitlines()
    said: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAYING:
            said |= {id(argument) for argument in node.args[:3]}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            said.add(id(node.value))  # a docstring
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)):
            continue
        if id(node) not in said and not any(map(DATA.search, lines[node.lineno - 1 : node.end_lineno])):
            yield node.lineno


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


COMMENT = re.compile(r"\{#.*?#\}|\{% comment\b.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
BLOCK = re.compile(r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}", re.DOTALL)
MESSAGE = re.compile(r"""\{% trans(?:late)? (?:"[^"]*"|'[^']*')|\b_\((?:"[^"]*"|'[^']*')\)""")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def in_template(text: str) -> Iterator[int]:
    """The lines with Chinese outside translate tags and outside elements that say they are Chinese (lang="zh…")."""
    for pattern in (COMMENT, BLOCK, MESSAGE):
        text = pattern.sub(_blank, text)
    for tag in TAG.finditer(text):
        if found := CHINESE.search(tag.group()):
            yield text.count("\n", 0, tag.start() + found.start()) + 1
    reader = _Elements()
    reader.feed(TAG.sub(_blank, text))
    reader.close()
    yield from reader.found


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


#: elements without an end
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[int] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs).get("lang")
        chinese = (own or "").startswith("zh") if own is not None else self._chinese()
        if not chinese and any(CHINESE.search(value or "") for _, value in attrs):
            self.found.append(self.getpos()[0])
        if tag not in VOID:
            self.open.append((tag, chinese))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self.open):
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not self._chinese():
            line = self.getpos()[0]
            self.found += [line + at for at, part in enumerate(data.split("\n")) if CHINESE.search(part)]

    def _chinese(self) -> bool:
        return bool(self.open) and self.open[-1][1]
