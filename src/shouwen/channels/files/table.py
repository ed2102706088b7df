"""A file as a table: its lines as text, whatever it was written with. What cannot be read is one clear sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from shouwen.core.phrase import counted, phrase

__all__ = ["MOST_BYTES", "MOST_COLUMNS", "MOST_LINES", "Line", "Table", "Unusable", "checked", "trimmed"]

#: a file beyond these is to be split: it is held in memory as a whole
MOST_BYTES = 256 << 20
MOST_LINES = 500_000
MOST_COLUMNS = 300
LONGEST_CELL = 32_767


class Unusable(ValueError):
    """A file, or what was said about it, with which nothing can be begun; the message says why and what to do."""


class Line(NamedTuple):
    """One line of a table: its number in the file (as a spreadsheet counts), and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The lines that are not blank. `read_as`: how the file was understood, in words."""

    name: str
    read_as: str
    lines: Sequence[Line]


def trimmed(number: int, cells: Sequence[str]) -> Line | None:
    """A line without the blank cells at its end; None if it is blank. Raises `Unusable` if it is out of all measure."""
    texts = [text.strip() for text in cells]
    while texts and not texts[-1]:
        texts.pop()
    if len(texts) > MOST_COLUMNS:
        raise Unusable(
            phrase(
                "第 {number} 行有 {n} 列，超过 {most} 列：多半是分隔符不对，请核对文件",
                number=number,
                n=len(texts),
                most=MOST_COLUMNS,
            )
        )
    for place, text in enumerate(texts, 1):
        if len(text) > LONGEST_CELL:
            raise Unusable(
                counted(
                    "第 {number} 行第 {place} 列有 {n} 个字，超过一格的上限 {most}：请核对引号是否成对",
                    n=len(text),
                    number=number,
                    place=place,
                    most=LONGEST_CELL,
                )
            )
    return Line(number, tuple(texts)) if texts else None


def checked(path: Path) -> int:
    """The size of the file. Raises `Unusable` if it is none that can be read."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Unusable(phrase("“{path}”不是文件：请给出 .csv 或 .xlsx 文件", path=path))
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise Unusable(phrase("找不到文件“{path}”：请核对路径", path=path)) from None
    except OSError as error:
        raise Unusable(phrase("文件“{path}”打不开：{strerror}", path=path, strerror=error.strerror)) from None
    if size == 0:
        raise Unusable(phrase("文件“{name}”是空的", name=path.name))
    if size > MOST_BYTES:
        raise Unusable(
            phrase(
                "文件“{name}”有 {size} MB，超过 {most} MB：请拆成几个文件导入",
                name=path.name,
                size=size >> 20,
                most=MOST_BYTES >> 20,
            )
        )
    return size
