"""Excel workbooks (.xlsx): cells as the text that people see, dates as dates, with guards against hostile files."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from shouwen.channels.files.table import MOST_COLUMNS, MOST_LINES, Line, Table, Unusable, checked, trimmed
from shouwen.core.phrase import joined, phrase

__all__ = ["is_workbook", "read"]

#: what a workbook may grow to when unpacked, and by which factor
MOST_UNPACKED = 1 << 30
MOST_GROWTH = 300
MOST_PARTS = 5000
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WRONG = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, IndexError, TypeError, OSError)


def is_workbook(path: Path) -> bool:
    """Whether the content is a workbook's, whatever the file is called."""
    with path.open("rb") as file:
        return file.read(8).startswith((b"PK\x03\x04", _OLD))


def read(path: Path, sheet: str = "") -> Table:
    """The lines of a sheet (default: the first). Raises `Unusable`."""
    checked(path)
    _guard(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that it does not know, openpyxl only keeps no trace
            return _read(path, sheet)
    except Unusable:
        raise
    except _WRONG as error:
        what = phrase("工作簿“{name}”已损坏，读不出来（{kind}）", name=path.name, kind=type(error).__name__)
        raise Unusable(phrase("{what}：请用表格软件打开后另存再试", what=what)) from None


def _read(path: Path, sheet: str) -> Table:
    values = openpyxl.load_workbook(path, read_only=True, data_only=True)
    formulas = openpyxl.load_workbook(path, read_only=True) if _has_formulas(path) else None
    try:
        names = [one.title for one in values.worksheets]
        if not names:
            raise Unusable(phrase("工作簿“{name}”里没有工作表", name=path.name))
        if sheet and sheet not in names:
            raise Unusable(phrase("工作簿里没有工作表“{sheet}”，有：{names}", sheet=sheet, names=joined(names)))
        name = sheet or names[0]
        written = formulas[name] if formulas is not None else None
        lines = list(_lines(values[name], written, path.name))
    finally:
        values.close()
        if formulas is not None:
            formulas.close()
    if not lines:
        others = joined(one for one in names if one != name)
        more = phrase("；其他工作表：{others}（用 --sheet 指明）", others=others) if others else ""
        raise Unusable(phrase("工作表“{name}”里没有一行文字{more}", name=name, more=more))
    return Table(path.name, phrase("工作表“{name}”", name=name), lines)


def _lines(sheet: object, formulas: object | None, name: str) -> Iterator[Line]:
    count = 0
    written = _cells(formulas) if formulas is not None else None
    for number, cells in enumerate(_cells(sheet), 1):
        texts = [_text(cell.value, getattr(cell, "number_format", "")) for cell in cells]
        if written is not None:
            for place, cell in enumerate(next(written, ())):
                # A formula whose result was never stored is shown as it is written, to be named.
                if place < len(texts) and not texts[place] and str(cell.value or "").startswith("="):
                    texts[place] = str(cell.value)
        line = trimmed(number, texts)
        if line is not None:
            count += 1
            if count > MOST_LINES:
                raise Unusable(
                    phrase("“{name}”超过 {most} 行：请拆成几个文件导入", name=name, most=format(MOST_LINES, ","))
                )
            yield line


def _cells(sheet: Any) -> Iterator[tuple[openpyxl.cell.Cell, ...]]:
    sheet.reset_dimensions()  # what a file claims to be its size is often wrong
    yield from sheet.iter_rows(max_col=MOST_COLUMNS + 1)


def _text(value: object, number_format: str) -> str:
    """A cell as text: what stands there, not how it is rounded on the screen."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return phrase("是") if value else phrase("否")
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value!r}".upper()
        case datetime():
            if value.time() == time() and not re.search(r"[hH]", number_format or ""):
                return value.date().isoformat()
            return value.isoformat(" ", "seconds" if value.second else "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case _:
            return str(value)


def _guard(path: Path) -> None:
    """Refuse what is no workbook, is locked, or would fill the machine when unpacked."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if head.startswith(_OLD):
        locked = "EncryptedPackage".encode("utf-16-le") in head or b"EncryptedPackage" in head
        what = phrase("加了打开密码") if locked else phrase("是旧的 .xls 格式")
        raise Unusable(
            phrase("工作簿“{name}”{what}：请在表格软件里另存为不带密码的 .xlsx 再导入", name=path.name, what=what)
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            large = [part for part in parts if part.file_size > 10 << 20]
            grown = any(part.file_size > MOST_GROWTH * max(part.compress_size, 1) for part in large)
            if len(parts) > MOST_PARTS or size > MOST_UNPACKED or grown:
                raise Unusable(
                    phrase(
                        "工作簿“{name}”解开后有 {size} MB，大得不合常理，不打开：请拆小，或另存为 CSV 再导入",
                        name=path.name,
                        size=size >> 20,
                    )
                )
            if any(part.flag_bits & 1 for part in parts):
                raise Unusable(phrase("“{name}”加了密码：请另存为不带密码的 .xlsx 再导入", name=path.name))
            if "xl/workbook.xml" not in archive.namelist():
                raise Unusable(phrase("“{name}”是压缩包，不是 .xlsx 工作簿：请解开后给出其中的文件", name=path.name))
            for part in parts:
                if part.filename.endswith(".xml"):
                    with archive.open(part) as opened:
                        if re.search(rb"<!(DOCTYPE|ENTITY)", opened.read(4096)):
                            raise Unusable(
                                phrase("工作簿“{name}”含有不该有的声明，不打开：请用表格软件另存后再试", name=path.name)
                            )
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise Unusable(
            phrase("工作簿“{name}”已损坏，打不开（{error}）：请重新导出或用表格软件修复", name=path.name, error=error)
        ) from None


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                with archive.open(part) as opened:
                    before = b""
                    while block := opened.read(1 << 20):
                        if re.search(rb"<f[ >/]", before + block):
                            return True
                        before = block[-4:]
    return False
