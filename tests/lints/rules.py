"""House rules that a machine can check, each with its advice, an example that it catches and one that it lets pass."""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """One file of the project; `path` is written from the root, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)


@dataclass(frozen=True)
class Rule:
    """`where` chooses the files by a pattern of their path; `find` gives the lines that break the rule."""

    name: str
    advice: str
    where: str
    find: Callable[[Source], Iterable[int]]
    bad: Source
    good: Source

    def broken(self, source: Source) -> list[str]:
        if not re.fullmatch(self.where, source.path):
            return []
        return [f"{source.path}:{line}: {self.advice}" for line in sorted(set(self.find(source)))]


def sources() -> Iterator[Source]:
    """Every text that the rules speak of: code, documents and scripts."""
    places = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("scripts/*"), ROOT / "Makefile"]
    places += [*ROOT.glob("src/**/*.py"), *ROOT.glob("tests/**/*.py")]
    for place in sorted(places):
        yield Source(place.relative_to(ROOT).as_posix(), place.read_text(encoding="utf-8"))


def blind_excepts(source: Source) -> Iterator[int]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or catches_all(node.type)):
            yield node.lineno
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("suppress")
            and any(map(catches_all, node.args))
        ):
            yield node.lineno


def catches_all(caught: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id in {"Exception", "BaseException"} for node in ast.walk(caught))


CLOCK = re.compile(
    r"datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today|django\.utils\.timezone\.(now|localtime|localdate)"
    r"|time\.(time|time_ns|localtime|gmtime|ctime|asctime)"
)
CHANCE = re.compile(r"(random|secrets)\..+|uuid\.uuid[14]|os\.urandom")
SKIPPING = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)|unittest\.(skip\w*|expectedFailure)")


def using(pattern: re.Pattern[str]) -> Callable[[Source], Iterator[int]]:
    """Lines that use an imported name, whatever it was renamed to, called or passed on."""
    return lambda source: (line for line, name in used(source.tree) if pattern.fullmatch(name))


def used(tree: ast.Module) -> Iterator[tuple[int, str]]:
    origins = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            origins |= {
                alias.asname or alias.name.partition(".")[0]: alias.name
                if alias.asname
                else alias.name.partition(".")[0]
                for alias in node.names
            }
        if isinstance(node, ast.ImportFrom):
            origins |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            first, dot, rest = ast.unparse(node).partition(".")
            if first in origins:
                yield node.lineno, origins[first] + dot + rest


IMPURE = {"open", "print", "input", "breakpoint", "eval", "exec"}


def impure_calls(source: Source) -> Iterator[int]:
    own = {node.name for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE - own:
            yield node.lineno


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, (node.module or "").partition(".")[0]


def importing_beyond(*allowed: str) -> Callable[[Source], Iterator[int]]:
    known = {*sys.stdlib_module_names, "shouwen", *allowed}
    return lambda source: (line for line, name in imported(source.tree) if name not in known)


def importing(library: str) -> Callable[[Source], Iterator[int]]:
    return lambda source: (line for line, name in imported(source.tree) if name == library)


EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "data", "info", "process"}


def empty_names(source: Source) -> Iterator[int]:
    if EMPTY_WORDS & set(source.path.removesuffix(".py").split("/")):
        yield 1


def loose_ends(source: Source) -> Iterator[int]:
    for line, text in enumerate(source.text.splitlines(), 1):
        if re.search(r"\b(TODO|FIXME)\b", text):
            yield line


def stubs(source: Source) -> Iterator[int]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            yield node.lineno


def no_docstring(source: Source) -> Iterator[int]:
    if not ast.get_docstring(source.tree):
        yield 1


def bare_suppressions(source: Source) -> Iterator[int]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT and re.search(r"#\s*(noqa|type:\s*ignore)\b[^#]*(#\s*)?$", token.string):
            yield token.start[0]


SRC, CORE = r"src/shouwen/.*\.py", r"src/shouwen/core/.*\.py"

RULES = (
    Rule(
        "no_blind_except",
        "a bug fails loudly: catch what you can answer for; only the worker's loop catches everything",
        r"src/shouwen/(?!worker/).*\.py",
        blind_excepts,
        bad=Source("src/shouwen/trial/run.py", "try:\n    play()\nexcept (OSError, Exception):\n    pass\n"),
        good=Source("src/shouwen/worker/loop.py", "try:\n    turn()\nexcept Exception:\n    tell()\n"),
    ),
    Rule(
        "one_clock",
        "only shouwen.clock reads the system clock: take the moment as an argument",
        r"src/shouwen/(?!clock\.py).*\.py",
        using(CLOCK),
        bad=Source("src/shouwen/trial/run.py", "import datetime as dt\nmoment = dt.datetime.now\n"),
        good=Source("src/shouwen/trial/run.py", "import datetime as dt\nmoment = dt.datetime.fromisoformat(text)\n"),
    ),
    Rule(
        "no_chance_in_the_core",
        "the core has no chance: a seed or an id comes in with the command and is recorded",
        CORE,
        using(CHANCE),
        bad=Source("src/shouwen/core/case.py", "from uuid import uuid4 as fresh\nname = fresh()\n"),
        good=Source("src/shouwen/core/case.py", "from uuid import uuid5\nname = uuid5(space, key)\n"),
    ),
    Rule(
        "no_files_in_the_core",
        "the core reads no file, prints nothing, runs no text as code: what it judges comes in as a value",
        CORE,
        impure_calls,
        bad=Source("src/shouwen/core/procedure.py", "text = open(path).read()\n"),
        good=Source("src/shouwen/core/case.py", "def open(case):\n    return case\n\n\nopen(case)\n"),
    ),
    Rule(
        "core_libraries",
        "the core is written in the standard library and CEL",
        r"src/shouwen/core/(?!language/).*\.py",
        importing_beyond("cel_expr_python"),
        bad=Source("src/shouwen/core/values.py", "import decimal\nfrom yaml import safe_load\n"),
        good=Source("src/shouwen/core/values.py", "import decimal\nfrom shouwen.core import case\n"),
    ),
    Rule(
        "language_libraries",
        "the language is written in the standard library, YAML and Markdown",
        r"src/shouwen/core/language/.*\.py",
        importing_beyond("yaml", "markdown_it"),
        bad=Source("src/shouwen/core/language/text.py", "import docutils.nodes\n"),
        good=Source("src/shouwen/core/language/text.py", "import yaml\nfrom markdown_it import token\n"),
    ),
    Rule(
        "one_door_to_cel",
        "only core.expression touches the CEL library",
        r"src/shouwen/(?!core/expression(/|\.py)).*\.py",
        importing("cel_expr_python"),
        bad=Source("src/shouwen/core/decide.py", "import cel_expr_python.cel as cel\n"),
        good=Source("src/shouwen/core/expression.py", "import cel_expr_python.cel as cel\n"),
    ),
    Rule(
        "names_that_say_something",
        "a module's name says what it holds; this one says nothing",
        SRC,
        empty_names,
        bad=Source("src/shouwen/core/utils.py", ""),
        good=Source("src/shouwen/core/utilisation.py", ""),
    ),
    Rule(
        "no_loose_ends",
        "finish it or open an issue",
        r"(?!tests/lints/).*",
        loose_ends,
        bad=Source("src/shouwen/core/case.py", "# TODO: merge\n"),
        good=Source("src/shouwen/core/case.py", "# 待办 is a task\n"),
    ),
    Rule(
        "no_stubs",
        "what is not built yet does not stand in the code",
        SRC,
        stubs,
        bad=Source("src/shouwen/core/case.py", "def merge():\n    raise NotImplementedError\n"),
        good=Source("src/shouwen/core/case.py", "def compare():\n    return NotImplemented\n"),
    ),
    Rule(
        "opening_sentence",
        "a module opens with one sentence: what it is for",
        r"(src|tests)/.*\.py",
        no_docstring,
        bad=Source("src/shouwen/core/case.py", "# What a case is.\n"),
        good=Source("src/shouwen/core/case.py", '"""What a case is, and how an event changes it."""\n'),
    ),
    Rule(
        "reasons_for_suppressions",
        "a suppression carries its code and, after another #, its reason",
        r"(src|tests)/.*\.py",
        bare_suppressions,
        bad=Source("src/shouwen/core/case.py", "x = 1  # type: ignore[assignment]\n"),
        good=Source("src/shouwen/core/case.py", "x = 1  # noqa: E741  # the regulation's own letter\n"),
    ),
    Rule(
        "no_skipped_tests",
        "a test runs or does not exist",
        r"tests/.*\.py",
        using(SKIPPING),
        bad=Source("tests/core/test_case.py", "import pytest\n\n\n@pytest.mark.skip\ndef test_it(): ...\n"),
        good=Source(
            "tests/core/test_case.py", "import pytest\n\n\n@pytest.mark.parametrize('n', [1])\ndef test_it(n): ...\n"
        ),
    ),
)
