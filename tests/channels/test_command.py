"""`shouwen import` as people type it: thousands of rows, some of them faulty in every way, each explained."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from shouwen.store import models as stored
from tests import office

HEADER = ("来源途径", "业主姓名", "房号", "联系电话", "接诉时间", "投诉内容")
SAID = "三栋客梯困人，老人平层绊倒受伤"
#: what is wrong with a row, by column, and how it is told
FAULTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"业主姓名": "13912345678", "联系电话": "周敏华"}, "“业主姓名”和“联系电话”像是填反了"),
    ({"房号": "13912345678", "联系电话": "周敏华"}, "“房号”和“联系电话”像是填反了"),
    ({"房号": "13912345678"}, "像是电话号码"),
    ({"房号": "2026/3/2"}, "像是表格软件把 3-2 一类的号码改成了日期"),
    ({"房号": ""}, "缺《业主投诉登记表》“房号”栏"),
    ({"业主姓名": ""}, "缺《业主投诉登记表》“业主姓名”栏"),
    ({"联系电话": "1.38E+10"}, "后几位已经丢失"),
    ({"联系电话": "1380013800"}, "手机号应为 11 位"),
    ({"联系电话": "没有"}, "像是姓名，不是电话号码"),
    ({"来源途径": "来电"}, "最接近的是“电话”"),
    ({"来源途径": ""}, "缺《业主投诉登记表》“来源途径”栏"),
    ({"接诉时间": "2199-01-01 08:00"}, "还没有到"),
    ({"接诉时间": "1988-01-01 08:00"}, "早于 1990 年"),
    ({"接诉时间": "03/04/2026 08:00"}, "看不出是"),
    ({"接诉时间": "2026-13-04 08:00"}, "月和日像是写反了"),
    ({"接诉时间": "46294.5"}, "日期序号"),
    ({"接诉时间": "2026-01-02 08:00"}, "补录"),
    ({"投诉内容": "太短"}, "至少写 8 个字"),
    ({"投诉内容": "=A1&B1"}, "是公式"),
    ({"投诉内容": "锟斤拷锟斤拷锟斤拷"}, "里有乱码"),
)
ROWS = 3000


def row(number: int) -> dict[str, str]:
    return {
        "来源途径": "上门",
        "业主姓名": "周敏华",
        "房号": f"{number // 1000 + 1}-{number % 1000:04}",
        "联系电话": f"138{number:08}",
        "接诉时间": "",
        "投诉内容": f"{SAID}，第 {number} 件",
    }


def write(place: Path, rows: list[dict[str, str]], encoding: str = "gb18030") -> Path:
    with place.open("w", encoding=encoding, newline="") as file:
        table = csv.DictWriter(file, HEADER)
        table.writeheader()
        table.writerows(rows)
    return place


def shouwen_import(environment: Mapping[str, str], *words: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "shouwen.cli", "import", *map(str, words), "--procedure", office.PROCEDURE]
    return subprocess.Popen(
        [*command, "--as", "linjia"], env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_thousands_of_rows_go_in_and_every_refusal_is_explained(committed_office: dict[str, str], tmp_path: Path):
    rows = [row(number) for number in range(1, ROWS + 1)]
    said: dict[int, str] = {}
    for place, (changes, told) in enumerate(FAULTS * 2):
        index = 40 + place * 70
        rows[index].update(changes)
        said[index + 2] = told
    for index in (500, 2500):
        rows[index] = dict(rows[index - 3])
        said[index + 2] = f"与第 {index - 1} 行完全相同"
    rows[2900].update({"房号": rows[2800]["房号"], "投诉内容": rows[2800]["投诉内容"]})
    said[2902] = "并入原件"
    file, report = write(tmp_path / "rows.csv", rows), tmp_path / "report.csv"

    first = shouwen_import(committed_office, file, "--report", report, "--processes", 2)
    out, err = first.communicate()

    assert (first.returncode, err) == (1, "")
    assert f"共 {ROWS:,} 行：已开案 {ROWS - len(said):,}，不能导入 {len(said)}。" in out
    assert stored.Case.objects.count() == ROWS - len(said)
    with report.open(encoding="utf-8-sig", newline="") as opened:
        lines = {int(line["行号"]): line for line in csv.DictReader(opened)}
    assert sorted(lines) == list(range(2, ROWS + 2))
    assert {number for number, line in lines.items() if line["结果"] == "不能导入"} == set(said)
    assert [number for number, told in said.items() if told not in lines[number]["原因"]] == []
    assert len({line["案号"] for line in lines.values() if line["案号"]}) == ROWS - len(said)
    assert office.proved() == ROWS - len(said)

    again = shouwen_import(committed_office, file, "--json")
    told = json.loads(again.communicate()[0])

    assert again.returncode == 1
    assert (told["opened"], told["there"], told["refused"]) == (0, ROWS - len(said), len(said))
    assert stored.Case.objects.count() == ROWS - len(said)


def test_a_stopped_import_says_how_to_go_on_and_goes_on(committed_office: dict[str, str], tmp_path: Path):
    file = write(tmp_path / "rows.csv", [row(number) for number in range(1, 1401)])

    first = shouwen_import(committed_office, file, "--processes", 2)
    began = time.monotonic()
    while not stored.Case.objects.exists() and time.monotonic() < began + 60:
        time.sleep(0.02)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate()

    written = stored.Case.objects.count()
    assert 0 < written < 1400
    assert first.returncode == 1
    assert f"已按 Ctrl-C 停下：{written:,} 行已处理，其余没有动。再运行同样的命令就接着做" in err
    second = shouwen_import(committed_office, file)
    out, _ = second.communicate()
    assert second.returncode == 0
    assert f"已开案 {1400 - written:,}，已在案 {written:,}" in out
    assert office.proved() == 1400


def test_a_process_that_is_killed_loses_nothing_and_is_told(committed_office: dict[str, str], tmp_path: Path):
    file = write(tmp_path / "rows.csv", [row(number) for number in range(1, 1401)])

    first = shouwen_import(committed_office, file, "--processes", 2)
    began = time.monotonic()
    while not stored.Case.objects.exists() and time.monotonic() < began + 60:
        time.sleep(0.02)
    children = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    _, err = first.communicate()

    assert first.returncode == 1
    assert "有一个进程中途结束" in err
    second = shouwen_import(committed_office, file)
    second.communicate()
    assert second.returncode == 0
    assert office.proved() == 1400


def test_what_cannot_be_begun_is_one_line_and_no_trace(committed_office: dict[str, str], tmp_path: Path):
    empty = tmp_path / "empty.csv"
    empty.touch()
    strange = tmp_path / "strange.csv"
    strange.write_text("姓名,房号\n周敏华,3-2\n", "utf-8")

    nothing, unclear = shouwen_import(committed_office, empty), shouwen_import(committed_office, strange)
    suggested = shouwen_import(committed_office, strange, "--suggest-map", tmp_path / "map.yaml")

    assert (*nothing.communicate(), nothing.returncode) == ("", "shouwen: 文件“empty.csv”是空的\n", 2)
    assert "像是“业主姓名”：--map '姓名=complaint_register.owner_name'" in unclear.communicate()[0]
    assert unclear.returncode == 2
    assert "用 --map" in suggested.communicate()[0]
    assert '"姓名": complaint_register.owner_name' in (tmp_path / "map.yaml").read_text("utf-8")
    assert stored.Case.objects.count() == 0
