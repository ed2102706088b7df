"""Files are read whatever they were written with; what cannot be read is one clear sentence."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from shouwen.channels.files import separated, table, workbook
from shouwen.channels.files.table import Table, Unusable

HEADER = ("姓名", "电话", "内容")
ROW = ("周敏华", "13800001111", "三栋客梯困人，老人受伤")
TEXT = ",".join(HEADER) + "\r\n" + ",".join(ROW[:2]) + ',"三栋客梯困人，老人受伤"\r\n'


def written(folder: Path, content: bytes | str, name: str = "rows.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def cells(read: Table) -> list[tuple[str, ...]]:
    return [line.cells for line in read.lines]


@pytest.mark.parametrize(
    "encoding, called",
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8（带 BOM）"),
        ("gb18030", "GB18030（GBK）"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
    ],
)
def test_the_encoding_is_told_from_the_content(tmp_path: Path, encoding: str, called: str):
    read = separated.read(written(tmp_path, TEXT, encoding=encoding))

    assert cells(read) == [HEADER, ROW]
    assert read.read_as == f"{called}，逗号分隔"


@pytest.mark.parametrize("delimiter, called", [(",", "逗号"), (";", "分号"), ("\t", "制表符"), ("|", "竖线")])
def test_the_separator_is_told_from_the_first_lines(tmp_path: Path, delimiter: str, called: str):
    lines = [HEADER, ("周敏华", "13800001111", "电梯, 困人; 老人受伤" if delimiter == "\t" else "电梯困人")]
    content = "\n".join(delimiter.join(line) for line in lines)

    read = separated.read(written(tmp_path, content))

    assert cells(read) == [tuple(line) for line in lines]
    assert read.read_as.endswith(f"{called}分隔")


def test_a_text_of_two_possible_encodings_is_asked_for(tmp_path: Path):
    place = written(tmp_path, "姓名,內容\n周敏華,電梯異響\n" * 5, encoding="big5")

    with pytest.raises(Unusable, match=r"看不准“rows\.csv”是什么编码：.*--encoding"):
        separated.read(place)

    assert separated.read(place, "big5").lines[1].cells == ("周敏華", "電梯異響")


def test_a_cell_may_hold_line_breaks_and_lines_keep_their_numbers(tmp_path: Path):
    read = separated.read(written(tmp_path, '姓名,内容\n周敏华,"第一行\n第二行"\n\n李明,"说""快修"""\n'))

    assert read.lines[1:] == [table.Line(2, ("周敏华", "第一行\n第二行")), table.Line(5, ("李明", '说"快修"'))]


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "是空的"),
        (b"\r\n \r\n", "没有一行文字"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00" * 40, "不是文本文件"),
        (b"\xff\xd8\xe0\x81 \xfe\x80" * 50, "不是 UTF-8 也不是 GB18030"),
        ('姓名,内容\n周敏华,"没有写完\n'.encode(), "第 2 行读不下去：直到文件结束也没有等到成对的引号"),
        ('姓名,内容\n"周敏华"的,电梯\n'.encode(), "引号后面还有字"),
        (b"a" * (2 << 20), "还没有换行，不像表格"),
        (("姓名," + "字" * 40000 + "\n").encode(), "超过一格的上限"),
        (",".join(["列"] * 400).encode(), "400 列"),
        ("姓名\n周".encode() + b"\xff\xfe\xfa", "第 2 行有不是 UTF-8 也不是 GB18030 的字节"),
        (b"\xef\xbb\xbf\xd6\xdc\xc3\xf4", "开头标明是 UTF-8（带 BOM），第 1 行却有不合的字节"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes, said: str):
    with pytest.raises(Unusable) as error:
        separated.read(written(tmp_path, content))

    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_files_that_are_none_or_too_large_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(table, "MOST_BYTES", 1 << 20)
    large = written(tmp_path, b"x," * (1 << 20))

    with pytest.raises(Unusable, match="2 MB，超过 1 MB：请拆成几个"):
        separated.read(large)
    with pytest.raises(Unusable, match="找不到文件"):
        separated.read(tmp_path / "none.csv")
    with pytest.raises(Unusable, match="不是文件"):
        separated.read(tmp_path)


def test_too_many_lines_are_to_be_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(separated, "MOST_LINES", 10)

    with pytest.raises(Unusable, match="超过 10 行：请拆成几个文件"):
        separated.read(written(tmp_path, "姓名,内容\n" * 11))


def test_an_unknown_or_wrong_encoding_is_named(tmp_path: Path):
    place = written(tmp_path, TEXT, encoding="gb18030")

    with pytest.raises(Unusable, match="不认识编码“klingon”"):
        separated.read(place, "klingon")
    with pytest.raises(Unusable, match="不能按 utf-8 读：第 1 行"):
        separated.read(place, "utf-8")


def book(folder: Path, rows: "list[list[object]]", name: str = "rows.xlsx") -> Path:
    made = openpyxl.Workbook()
    made.active.title = "投诉"
    for row in rows:
        made.active.append(row)
    made.create_sheet("空表")
    made.save(folder / name)
    return folder / name


def test_a_workbook_is_read_as_people_see_it(tmp_path: Path):
    office_hour = datetime.fromisoformat("2026-09-29 16:42")
    place = book(
        tmp_path,
        [
            ["姓名", "电话", "接诉时间", "日期", "数", "急"],
            ["周敏华", 13800001111, office_hour, office_hour.replace(hour=0, minute=0), 12.5, True],
            [None, None, None],
            ["李明", 13800001112.0, None, None, 1.38e20, False],
        ],
    )
    changed = openpyxl.load_workbook(place)
    changed["投诉"]["D2"].number_format = "yyyy-mm-dd"
    changed.save(place)

    read = workbook.read(place)

    assert workbook.is_workbook(place)
    assert read.read_as == "工作表“投诉”"
    assert read.lines[1] == table.Line(2, ("周敏华", "13800001111", "2026-09-29 16:42", "2026-09-29", "12.5", "是"))
    assert read.lines[2] == table.Line(4, ("李明", "13800001112", "", "", "1.38E+20", "否"))


def test_a_formula_without_a_result_stands_as_it_was_written(tmp_path: Path):
    place = book(tmp_path, [["姓名", "内容"], ["周敏华", "=A2&B1"]])

    assert workbook.read(place).lines[1].cells == ("周敏华", "=A2&B1")


def test_a_sheet_is_chosen_by_its_name(tmp_path: Path):
    place = book(tmp_path, [["姓名"], ["周敏华"]])

    with pytest.raises(Unusable, match="没有工作表“九月”，有：投诉、空表"):
        workbook.read(place, "九月")
    with pytest.raises(Unusable, match="工作表“空表”里没有一行文字；其他工作表：投诉"):
        workbook.read(place, "空表")


def zipped(folder: Path, parts: dict[str, bytes]) -> Path:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written(folder, held.getvalue(), "rows.xlsx")


def test_hostile_and_broken_workbooks_are_not_opened(tmp_path: Path):
    whole = book(tmp_path, [["姓名"], ["周敏华"]], "whole.xlsx").read_bytes()
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    faults = {
        "加了打开密码": written(tmp_path, ole + "EncryptedPackage".encode("utf-16-le"), "locked.xlsx"),
        "是旧的 .xls 格式": written(tmp_path, ole, "old.xls"),
        "已损坏，打不开": written(tmp_path, whole[: len(whole) // 2], "half.xlsx"),
    }
    for said, place in faults.items():
        assert workbook.is_workbook(place)
        with pytest.raises(Unusable, match=said):
            workbook.read(place)
    with pytest.raises(Unusable, match=r"是压缩包，不是 \.xlsx 工作簿"):
        workbook.read(zipped(tmp_path, {"readme.txt": b"hello"}))
    with pytest.raises(Unusable, match="大得不合常理"):
        workbook.read(zipped(tmp_path, {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * (64 << 20)}))
    with pytest.raises(Unusable, match="含有不该有的声明"):
        workbook.read(zipped(tmp_path, {"xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'}))
    with pytest.raises(Unusable, match="已损坏，读不出来"):
        workbook.read(zipped(tmp_path, {"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}))
