"""CSV and its kin: lines of text whose cells are separated by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from shouwen.channels.files.encodings import CALLED, encoding_of
from shouwen.channels.files.table import LONGEST_CELL, MOST_LINES, Line, Table, Unusable, checked, trimmed
from shouwen.core.phrase import phrase

__all__ = ["read"]

_CALLED = {",": phrase("逗号"), ";": phrase("分号"), "\t": phrase("制表符"), "|": phrase("竖线")}
#: longer lines are no lines of a table
LONGEST_LINE = 1 << 20


def read(path: Path, encoding: str = "") -> Table:
    """The lines of a text file. Raises `Unusable`."""
    checked(path)
    content = path.read_bytes()
    encoding = encoding or encoding_of(content, path.name)
    try:
        text = content.decode(encoding)
    except LookupError:
        raise Unusable(
            phrase("不认识编码“{encoding}”：常用的是 utf-8、gb18030、utf-16、big5", encoding=encoding)
        ) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unusable(
            phrase(
                "“{name}”不能按 {encoding} 读：第 {line} 行有不合的字节，请换一个 --encoding",
                name=path.name,
                encoding=encoding,
                line=line,
            )
        ) from None
    del content
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise Unusable(phrase("“{name}”里有空字符，不是文本文件：请另存为 CSV 或 .xlsx 再导入", name=path.name))
    delimiter = _delimiter(text, path.name)
    called = CALLED.get(encoding.lower(), encoding.upper())
    return Table(
        path.name,
        phrase("{called}，{by}分隔", called=called, by=_CALLED[delimiter]),
        _lines(text, delimiter, path.name),
    )


def _lines(text: str, delimiter: str, name: str) -> list[Line]:
    csv.field_size_limit(LONGEST_CELL * 4)
    found: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begun = 1
    try:
        for cells in reader:
            line = trimmed(begun, cells)
            begun = reader.line_num + 1
            if line is not None:
                found.append(line)
            if len(found) > MOST_LINES:
                raise Unusable(
                    phrase("“{name}”超过 {most} 行：请拆成几个文件导入", name=name, most=format(MOST_LINES, ","))
                )
    except csv.Error as error:
        raise Unusable(
            phrase(
                "“{name}”第 {begun} 行读不下去：{reason}。"
                "含分隔符、换行或引号的格子须用英文双引号括起，其中的引号写两遍",
                name=name,
                begun=begun,
                reason=_reason(str(error)),
            )
        ) from None
    if not found:
        raise Unusable(phrase("“{name}”里没有一行文字", name=name))
    return found


def _reason(error: str) -> str:
    if "field larger" in error:
        return phrase("一格太长，引号多半没有成对")
    if "unexpected end" in error:
        return phrase("直到文件结束也没有等到成对的引号")
    if "expected after" in error:
        return phrase("引号后面还有字，引号没有成对")
    return phrase("换行或引号不合格式")


def _delimiter(text: str, name: str) -> str:
    """The separator that cuts the first lines into the same number of cells, the more the better."""
    head = []
    for line in io.StringIO(text[: LONGEST_LINE * 2]):
        if len(line) > LONGEST_LINE:
            raise Unusable(
                phrase(
                    "“{name}”有一行超过 {size} KB 还没有换行，不像表格：请核对文件", name=name, size=LONGEST_LINE >> 10
                )
            )
        head.append(line)
        if len(head) == 60:
            break
    best, score = ",", 0.0
    for delimiter in _CALLED:
        try:
            counts = [len(cells) for cells in csv.reader(head, delimiter=delimiter) if any(cells)]
        except csv.Error:
            continue
        if not counts:
            continue
        usual, often = Counter(counts).most_common(1)[0]
        worth = (usual - 1) * often / len(counts)
        if worth > score:
            best, score = delimiter, worth
    return best
