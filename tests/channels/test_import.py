"""Rows become cases through the regulation, on the real database: each is opened, known already, or refused in words."""

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import connection

from shouwen.channels.files import columns, doubts, report
from shouwen.channels.files.intake import Outcome
from shouwen.channels.files.table import Unusable
from shouwen.channels.files.undertaking import Undertaking, Wanted, undertaking
from shouwen.core.procedure import Field
from shouwen.store import models as stored
from tests import office

HEADER = ("来源途径", "业主姓名", "房号", "联系电话", "投诉内容")
SAID = "三栋客梯困人，老人平层绊倒受伤"


def row(number: int, **changes: str) -> list[str]:
    """A complaint of a room of its own; `changes` by column."""
    plain = ("上门", "周敏华", f"3-2-{number:04}", f"138{number:08}", f"{SAID}，第 {number} 件")
    return [changes.get(name, text) for name, text in zip(HEADER, plain, strict=True)]


def table(folder: Path, rows: Iterable[Sequence[str]], header: Sequence[str] = HEADER, encoding: str = "utf-8") -> Path:
    place = folder / "rows.csv"
    with place.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return place


def undertaken(place: Path, **wanted: Any) -> Undertaking:
    return undertaking(Wanted(**{"file": place, "procedure": office.PROCEDURE, "person": "linjia", **wanted}))


def brought(place: Path, **wanted: Any) -> dict[int, Outcome]:
    """What became of the rows, by line."""
    under = undertaken(place, **wanted)
    assert under.layout.complete
    return {one.line: one for outcomes in under.crew() for one in outcomes}


def counted() -> dict[str, int]:
    """How many rows each table of the database has."""
    with connection.cursor() as cursor:
        found = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            found[name] = cursor.fetchone()[0]
    return found


def test_every_row_becomes_a_case_of_its_own(open_office: None, tmp_path: Path):
    outcomes = brought(table(tmp_path, [row(number) for number in range(1, 6)]))

    assert {one.result for one in outcomes.values()} == {"opened"}
    cases = {case.number: case for case in stored.Case.objects.all()}
    assert sorted(cases) == sorted(one.number for one in outcomes.values())
    assert cases[outcomes[2].number].customer == {"name": "周敏华", "phone": "13800000001", "room": "3-2-0001"}
    assert {(case.unit, case.first_contact) for case in cases.values()} == {("ZXL", "linjia")}
    assert office.proved() == 5


def test_a_repeated_import_makes_no_second_case(open_office: None, tmp_path: Path):
    rows = [row(number) for number in range(1, 6)]
    first = brought(table(tmp_path, rows))

    again = brought(table(tmp_path, reversed(rows), encoding="gb18030"))
    by_another = brought(table(tmp_path, rows), person="chenxl")

    assert {one.result for one in [*again.values(), *by_another.values()]} == {"there"}
    assert [again[line].number for line in range(6, 1, -1)] == [first[line].number for line in range(2, 7)]
    assert stored.Case.objects.count() == 5


def test_columns_in_another_order_are_the_same_rows(open_office: None, tmp_path: Path):
    first = brought(table(tmp_path, [row(1)]))

    again = brought(table(tmp_path, [row(1)[::-1]], HEADER[::-1]))

    assert (again[2].result, again[2].number) == ("there", first[2].number)


def test_a_key_column_tells_rows_apart_from_run_to_run(open_office: None, tmp_path: Path):
    header = (*HEADER, "流水号")
    first = brought(table(tmp_path, [[*row(1), "A1"], [*row(2), "A2"], [*row(3), "A1"]], header), key_column="流水号")

    changed = brought(table(tmp_path, [[*row(1, 业主姓名="周敏"), "Ａ1"]], header), key_column="流水号")

    assert [first[line].result for line in (2, 3, 4)] == ["opened", "opened", "refused"]
    assert first[4].reasons[0].text == "与第 2 行的“流水号”相同，只导入前面那一行"
    assert (changed[2].result, changed[2].number) == ("there", first[2].number)


def test_a_dry_run_writes_nothing(open_office: None, tmp_path: Path):
    faulty = row(4, 房号="")
    place = table(tmp_path, [row(1), row(2), row(3), faulty, row(9, 房号="3-2-0001", 投诉内容=row(1)[4])])
    before = counted()

    outcomes = brought(place, dry=True)

    assert counted() == before
    assert [outcomes[line].result for line in range(2, 7)] == ["would", "would", "would", "refused", "refused"]
    assert {one.number for one in outcomes.values()} == {""}
    assert "并入原件（本文件第 2 行）" in outcomes[6].reasons[0].text
    done = brought(place)
    assert [one.result for one in done.values()].count("opened") == 3
    assert counted()["cases"] == before["cases"] + 3


def test_a_dry_run_over_several_batches_sees_what_came_before(open_office: None, tmp_path: Path):
    rows = [row(number) for number in range(1, 8)]
    twin = row(8, 房号="3-2-0001", 投诉内容=rows[0][4])
    intake = undertaken(table(tmp_path, [*rows, twin]), dry=True).crew().intake

    outcomes = [one for part in intake.outcomes(intake.layout.rows, chunk=3) for one in part]

    assert [one.result for one in outcomes] == ["would"] * 7 + ["refused"]


def test_an_earlier_case_of_the_same_matter_is_named_with_its_clause(open_office: None, tmp_path: Path):
    earlier = brought(table(tmp_path, [row(1)]))[2]

    later = brought(table(tmp_path, [row(1, 业主姓名="周敏"), row(2)]))

    assert [later[2].result, later[3].result] == ["refused", "opened"]
    why = later[2].reasons[0]
    assert (why.kind, earlier.number in why.text) == ("join-first", True)
    assert report.cited(office.law(), why.clauses).startswith("def-4")


@pytest.mark.parametrize(
    "changes, kinds, said",
    [
        (
            {"业主姓名": "13912345678", "联系电话": "周敏华"},
            ["swapped"],
            "“业主姓名”和“联系电话”像是填反了：请核对后对调",
        ),
        ({"房号": "13912345678", "联系电话": "周敏华"}, ["swapped"], "“房号”和“联系电话”像是填反了"),
        ({"房号": "13912345678"}, ["phone-here"], "“房号”填的“13912345678”像是电话号码"),
        ({"房号": "2026/3/2"}, ["date-here"], "像是表格软件把 3-2 一类的号码改成了日期"),
        ({"房号": "3月2日"}, ["date-here"], "改成了日期"),
        ({"联系电话": "1.38E+10"}, ["scientific"], "科学记数 1.38E+10，号码的后几位已经丢失"),
        ({"联系电话": "周敏华"}, ["not-a-phone"], "“周敏华”像是姓名，不是电话号码"),
        ({"联系电话": "1380013800"}, ["digits"], "有 10 位，手机号应为 11 位"),
        ({"联系电话": "11111111"}, ["digits"], "全是同一个数字"),
        ({"联系电话": "无"}, ["not-readable"], "不是电话号码"),
        ({"来源途径": "来电"}, ["no-such-word"], "没有“来电”这一项；最接近的是“电话”，但不代您选"),
        ({"投诉内容": "太短"}, ["not-allowed"], "至少写 8 个字"),
        ({"投诉内容": "=A1&B1"}, ["formula"], "是公式，文件里没有它的结果"),
        ({"投诉内容": "#N/A"}, ["formula"], "错误值 #N/A"),
        ({"投诉内容": "锟斤拷锟斤拷电梯困人"}, ["garbled"], "里有乱码"),
        ({"房号": ""}, ["missing complaint_register.room"], "缺《业主投诉登记表》“房号”栏"),
        ({"联系电话": "1.38E+10", "投诉内容": "太短"}, ["scientific", "not-allowed"], "至少写 8 个字"),
    ],
)
def test_a_faulty_row_is_named_and_the_others_go_in(
    open_office: None, tmp_path: Path, changes: dict[str, str], kinds: list[str], said: str
):
    outcomes = brought(table(tmp_path, [row(1), row(2, **changes), row(3)]))

    assert [outcomes[line].result for line in (2, 3, 4)] == ["opened", "refused", "opened"]
    assert [why.kind for why in outcomes[3].reasons] == kinds
    assert said in outcomes[3].reasons[-1].text
    assert {name for why in outcomes[3].reasons for name in why.columns} >= set(outcomes[3].cells)
    assert stored.Case.objects.count() == 2


def test_full_width_digits_are_accepted_and_said(open_office: None, tmp_path: Path):
    outcomes = brought(table(tmp_path, [row(1, 联系电话="１３９１２３４５６７８")]))

    assert (outcomes[2].result, outcomes[2].notes) == ("opened", ("“联系电话”里的全角数字按半角收下",))
    assert stored.Case.objects.get().customer["phone"] == "13912345678"


def test_rows_of_one_file_that_say_the_same_are_taken_once(open_office: None, tmp_path: Path):
    outcomes = brought(table(tmp_path, [row(1), row(2), row(1)]))

    assert [outcomes[line].result for line in (2, 3, 4)] == ["opened", "opened", "refused"]
    assert outcomes[4].reasons[0].text == "与第 2 行完全相同，只导入前面那一行"


def test_a_row_with_more_cells_than_the_header_is_not_taken(open_office: None, tmp_path: Path):
    outcomes = brought(table(tmp_path, [[*row(1), "多出来"], row(2)]))

    assert [why.kind for why in outcomes[2].reasons] == ["too-many-cells"]
    assert outcomes[3].result == "opened"


NOW = office.moment(office.TAKEN_IN)


@pytest.mark.parametrize(
    "text, read",
    [
        ("2026/9/28 8:05", "2026-09-28 08:05"),
        ("2026年9月28日 8时5分", "2026-09-28 08:05"),
        ("２０２６－０９－２８　１６：４０", "2026-09-28 16:40"),
        ("2026-09-29 16:42", "2026-09-29 16:42"),
        ("2026-09-29 16:43", "future"),
        ("2027-01-01 08:00", "future"),
        ("1988-05-01 08:00", "too-early"),
        ("2026-13-09 08:00", "day-month"),
        ("2026-02-30 08:00", "no-such-day"),
        ("2026-09-28 25:00", "no-such-time"),
        ("03/04/2026", "day-month"),
        ("29/09/2026 16:00", "day-month"),
        ("46294.5", "serial"),
        ("昨天下午", "昨天下午"),
    ],
)
def test_a_day_is_read_if_it_can_mean_one_thing_only(text: str, read: str):
    rule = Field(path="slip.at", name="时间", type="moment")
    column = columns.Column(0, "时间", columns.Place(rule, "报修单", needed=True))

    found = doubts.reader(column, False, None, {}, {}, NOW, False).read(text)

    assert (found.kind if isinstance(found, doubts.Doubt) else found) == read


def test_a_person_is_known_by_a_name_that_only_one_has():
    rule = Field(path="slip.worker", name="派工", type="person")
    column = columns.Column(0, "派工", columns.Place(rule, "报修单", needed=True))

    read = doubts.reader(column, False, None, {"丁立": ["dingli"], "李明": ["a", "b"]}, {}, NOW, False).read

    assert read("丁立") == "dingli"
    assert read("dingli") == "dingli"
    several = read("李明")
    assert isinstance(several, doubts.Doubt)
    assert several.text == "“李明”有 2 位：请写人员编号（a、b）"


def test_a_map_gives_columns_fixed_values_and_words(open_office: None, tmp_path: Path):
    place = table(
        tmp_path, [["来电", "周敏华", "3-2-1502", "13800001111", SAID, "x", "L-1"]],
        ("途径", "姓名", "门牌", "手机", "说了什么", "备注", "录音"),
    )  # fmt: skip
    written = tmp_path / "map.yaml"
    written.write_text(
        "columns: {姓名: 业主姓名, 门牌: room, 手机: complaint_register.phone, 说了什么: 投诉内容, 备注: }\n"
        "fixed: {caller_kind: 租户}\nwords: {channel: {来电: 电话}}\n",
        "utf-8",
    )

    outcomes = brought(place, maps=[str(written), "途径=来源途径", "录音=录音编号"])

    assert outcomes[2].result == "opened"
    case = stored.Case.objects.get()
    values = office.filed.load(case.case_id)[0].case.values
    assert {path: values[f"complaint_register.{path}"] for path in ("channel", "caller_kind", "recording_no")} == {
        "channel": "电话",
        "caller_kind": "租户",
        "recording_no": "L-1",
    }


def test_columns_that_are_not_clear_are_told_before_anything_is_done(open_office: None, tmp_path: Path):
    place = table(
        tmp_path, [["周敏华", "3-2-1502", "13800001111", SAID, "x"]], ("姓名", "房号", "手机", "投诉内容", "批次")
    )

    under = undertaken(place)

    assert not under.layout.complete
    assert under.layout.unknown == {
        "姓名": "complaint_register.owner_name",
        "手机": "complaint_register.phone",
        "批次": "",
    }
    assert [place.field.name for place in under.layout.unfilled] == ["来源途径", "业主姓名", "联系电话"]
    suggested = tmp_path / "map.yaml"
    suggested.write_text(columns.suggested_text(under.layout, under.known), "utf-8")
    assert {one.result for one in brought(place, maps=[str(suggested)], fixed=["来源途径=上门"]).values()} == {"opened"}


def test_lines_above_the_header_are_passed_over(open_office: None, tmp_path: Path):
    place = tmp_path / "rows.csv"
    body = "\n".join(",".join(cells) for cells in (HEADER, row(1)))
    place.write_text(f"投诉台账,,,,\n制表：林佳,2026-09,,,\n\n{body}\n", "gb18030")

    under = undertaken(place)

    assert under.layout.header.number == 4
    assert brought(place)[5].result == "opened"


@pytest.mark.parametrize(
    "header, wanted, said",
    [
        (("甲", "乙"), {}, "找不到表头"),
        (("房号", "房号"), {}, "表头里“房号”出现两次"),
        (("房号", "房间"), {"maps": ["房间=房号"]}, "两列都对应“房号”：请用 --map 房间= 去掉一列"),
        (HEADER, {"maps": ["电话=联系电话"]}, "提到的列“电话”不在表头里"),
        (HEADER, {"maps": ["房号=楼层"]}, "不填“楼层”这一栏；可以填的有"),
        (HEADER, {"maps": ["none.yaml"]}, "找不到对照表"),
        (HEADER, {"fixed": ["房号=3-2"]}, "既由“房号”列给出，又统一设为“3-2”"),
        (HEADER, {"fixed": ["房号"]}, "--set 应写作"),
        (HEADER, {"person": "nobody"}, "没有人员编号为“nobody”的在职人员"),
        (HEADER, {"unit": "QY"}, "“QY”不是受理案件的单位；有："),
        (HEADER, {"person": "yuanzheng"}, "请用 --unit 指明"),
        (HEADER, {"procedure": "returns"}, "没有规程“returns”；已装入的有："),
        (HEADER, {"act": "grade"}, "“grade”不是规程“物业电话投诉处理规程”里开案的操作，有：register"),
        (HEADER, {"key_column": "流水号"}, "没有 --key 的“流水号”这一列"),
        (HEADER, {"sheet": "九月"}, "不是工作簿"),
    ],
)
def test_what_cannot_be_begun_is_one_sentence(
    open_office: None, tmp_path: Path, header: tuple[str, ...], wanted: dict[str, Any], said: str
):
    with pytest.raises(Unusable) as error:
        undertaken(table(tmp_path, [["x"] * len(header)], header), **wanted).crew()

    assert said in str(error.value)


def test_only_a_header_is_nothing_to_import(open_office: None, tmp_path: Path):
    with pytest.raises(Unusable, match="只有表头（第 1 行），没有要导入的行"):
        undertaken(table(tmp_path, []))


def test_somebody_without_the_right_opens_nothing(open_office: None, tmp_path: Path):
    outcomes = brought(table(tmp_path, [row(1)]), person="wangjiang", unit="ZXL")

    assert outcomes[2].result == "refused"
    assert stored.Case.objects.count() == 0


def test_a_workbook_is_taken_in_like_a_text(open_office: None, tmp_path: Path):
    made = openpyxl.Workbook()
    made.active.append(list(HEADER))
    made.active.append(["上门", "周敏华", "3-2-1502", 13800001111, SAID])
    made.active.append(["上门", "李明", "3-2-1503", 1.38e20, SAID + "二"])
    made.save(tmp_path / "rows.xlsx")

    outcomes = brought(tmp_path / "rows.xlsx")

    assert [outcomes[2].result, outcomes[3].result] == ["opened", "refused"]
    assert outcomes[3].reasons[0].kind == "scientific"
    assert stored.Case.objects.get().customer["phone"] == "13800001111"


def test_a_report_has_every_row_and_no_formula(open_office: None, tmp_path: Path):
    under = undertaken(table(tmp_path, [row(1), row(2, 业主姓名="=1+1", 房号="")]))
    outcomes = [one for part in under.crew() for one in part]

    report.write(tmp_path / "report.csv", under.law, outcomes)
    report.write(tmp_path / "report.json", under.law, outcomes)

    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert [line[:2] for line in lines] == [["行号", "结果"], ["2", "已开案"], ["3", "不能导入"]]
    assert lines[2][4].startswith("3-7 职责")
    assert not any(cell.startswith("=") for line in lines for cell in line)
    assert [one["result"] for one in json.loads((tmp_path / "report.json").read_text("utf-8"))] == ["opened", "refused"]


def test_shares_keep_rows_of_one_matter_together(open_office: None, tmp_path: Path):
    law = office.law()
    under = undertaken(table(tmp_path, [row(number % 500) for number in range(1000)]), processes=3)

    shares = under.crew().shares

    assert columns.opening_act(law.procedure).id == "register"
    assert len(shares) == 2
    assert sum(map(len, shares)) == 1000
    rooms = [{line.cells[2] for line in share} for share in shares]
    assert not rooms[0] & rooms[1]
    assert all([line.number for line in share] == sorted(line.number for line in share) for share in shares)
