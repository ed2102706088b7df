"""No text for people stands outside the catalogues, and the catalogues are whole in every language."""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.lints import chinese
from tests.lints.rules import ROOT

PACKAGE = ROOT / "src" / "shouwen"
#: what speaks Chinese alone, and why
OWN_WORDS = (
    "core/language/",  # reads documents that are written in Chinese, and tells their author what is wrong in them
    "cli/",  # the terminal of whoever runs the program
    "trial/",  # the same: scripts in the regulation's words, and what they show
    "benchmark/",  # the same
    "config/",  # the same
    "demo/",  # the demonstration's people and what they say
    "web/specimen/",  # the specimen's regulation and people
)
#: files and folders still to be translated; only ever shorter
WAITING: tuple[str, ...] = ()


def files() -> Iterator[Path]:
    yield from (place for place in sorted(PACKAGE.rglob("*")) if place.suffix in {".py", ".html"} and own(place))


def own(place: Path) -> bool:
    return not name(place).startswith(OWN_WORDS) and "migrations" not in place.parts


def name(place: Path) -> str:
    return place.relative_to(PACKAGE).as_posix()


def loose(place: Path) -> list[int]:
    text = place.read_text(encoding="utf-8")
    return sorted(set((chinese.in_python if place.suffix == ".py" else chinese.in_template)(text)))


@cache
def found() -> dict[str, list[int]]:
    return {name(place): lines for place in files() if (lines := loose(place))}


def test_no_text_stands_outside_the_catalogues():
    unexpected = {where: lines for where, lines in found().items() if not where.startswith(WAITING)}

    assert unexpected == {}, "say it with gettext, translate or, below the pages, phrase; then scripts/messages"


def test_nothing_waits_that_is_translated():
    done = [place for place in WAITING if not any(where.startswith(place) for where in found())]

    assert done == []


def test_scripts_speak_with_words_from_the_page():
    found = [
        f"{name(place)}:{line}"
        for place in sorted(PACKAGE.rglob("static/**/*.js"))
        if not name(place).startswith(WAITING)
        for line, text in enumerate(place.read_text(encoding="utf-8").splitlines(), 1)
        if chinese.CHINESE.search(re.sub(r"(?<!:)//.*", "", text))
    ]

    assert found == []


def test_the_catalogues_are_whole():
    compared = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "messages"), "--check"], check=False, capture_output=True, text=True
    )

    assert compared.returncode == 0, compared.stdout + compared.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('x = "办结"\n', [1]),
        ('x = _(f"余{n}分")\n', [1, 1]),
        ('x = f"余{n}分"\n', [1, 1]),
        ('x = "，".join(parts)\n', [1]),
        ('"""办结。"""\nx = gettext("办结")\n', []),
        ('x = phrase(\n    "办过{a}"\n    "的人", a=1)\n', []),
        ('HEADS = ("单号",)  # zh: the head of a column in a file\n', []),
        ('x = _("办结" if done else "未办")\n', [1, 1]),
    ],
)
def test_chinese_in_code_is_found(text: str, expected: list[int]):
    found: Iterable[int] = chinese.in_python(text)

    assert list(found) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>办结</p>", [1]),
        ('<p title="办结">x</p>', [1]),
        ('{% nav_link "work" "我的工作" %}', [1]),
        ('{{ name|default:"首问" }}', [1]),
        ('<p>\n{% translate "办结" %}：x</p>', [2]),
        ('{% nav_link "work" _("我的工作") %}{% translate "办结" %}{# 办结 #}', []),
        ("{% blocktranslate with a=b %}余{{ a }}分{% endblocktranslate %}", []),
        ('<p lang="zh-Hans">业主<br>王<i>先生</i></p>', []),
        ('<p lang="zh-Hans">业主</p>王', [1]),
    ],
)
def test_chinese_in_templates_is_found(text: str, expected: list[int]):
    found: Iterable[int] = chinese.in_template(text)

    assert sorted(set(found)) == expected
