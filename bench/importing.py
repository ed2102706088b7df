"""How fast a file becomes cases: a file of so many rows, a database of its own, `shouwen import`, and where time goes.

python bench/importing.py [--rows 100000] [--processes 2] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "敏华建平志远海涛雨桐明哲思涵佳怡伟芳秀英勇艳"
MATTERS = ("电梯", "保洁", "停车", "绿化", "安保", "漏水")
SAID = (
    "电梯运行时有异响，下行到三层会停顿一下",
    "楼道灯不亮已经三天，晚上看不清台阶",
    "地下车库入口积水，车辆进出打滑",
    "楼上装修噪声很大，午休时间也在施工",
    "单元门禁刷卡没有反应，需要等人开门",
)


def rows(count: int, seed: int = 7) -> list[dict[str, str]]:
    """So many complaints, each of another room, as a call centre would export them."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        room = f"{number // 600 % 60 + 1}-{number // 200 % 3 + 1}-{number % 200 + 101}"
        room = f"{number // 36000 + 1}期{room}"
        found.append(
            {
                "来源途径": chance.choice(("上门", "走访中提出", "书面信函")),
                "业主姓名": chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, 2)),
                "房号": room,
                "联系电话": f"13{number:09d}",
                "投诉内容": f"{chance.choice(SAID)}（第 {number + 1} 号来件）",
            }
        )
    return found


def write(path: Path, table: list[dict[str, str]], encoding: str = "utf-8") -> None:
    """A CSV file as spreadsheets write it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


PREPARE = """
import django; django.setup()
from shouwen import clock
from shouwen.organisation import events as oe
from shouwen.organisation.stream import record
record(oe.Named(name="测速物业"), oe.UnitSet(code="CS", name="测速物业"),
       oe.UnitSet(code="XM", name="项目", parent="CS", desk=True),
       *[oe.PersonSet(code=code, name=name) for code, name in (("lin", "林佳"), ("xu", "许志远"))],
       oe.PositionSet(position="a", person="lin", unit="XM", role="front_desk"),
       oe.PositionSet(position="b", person="xu", unit="XM", role="cs_manager"), actor="bench", at=clock.now())
"""


def main() -> None:
    """Measure once and print rows a second and the time of processors."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    from shouwen.config.embedded import Embedded

    with tempfile.TemporaryDirectory(prefix="shouwen-import-") as folder:
        server = Embedded(Path(folder) / "postgres")
        with server.serving():
            server_pid = int((Path(folder) / "postgres" / "postmaster.pid").read_text().split()[0])
            environment = {**os.environ, "DATABASE_URL": server.url(), "SHOUWEN_HOME": folder,
                           "DJANGO_SETTINGS_MODULE": "shouwen.config.settings"}  # fmt: skip
            run = [sys.executable, "-m", "shouwen.cli"]
            subprocess.run([*run, "migrate"], env=environment, check=True)
            subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
            file = Path(folder) / "rows.csv"
            write(file, rows(options.rows))
            before = os.times()
            words = ["import", str(file), "--procedure", "property-complaint", "--as", "lin", "--json"]
            done = subprocess.run(
                [*run, *words, "--processes", str(options.processes)],
                env=environment,
                stdout=subprocess.PIPE,
                check=False,
            )
            after = os.times()
            told = json.loads(done.stdout)
            python = after.children_user + after.children_system - before.children_user - before.children_system
            told["python_ms_per_row"] = round(1000 * python / options.rows, 3)
            told["postgres_ms_per_row"] = round(1000 * family_seconds(server_pid) / options.rows, 3)
            told.pop("refused_rows")
            print(json.dumps(told, ensure_ascii=False, indent=1))


def family_seconds(parent: int) -> float:
    """Processor time of a process and of all children that it has waited for or still has."""
    total, ticks = 0, os.sysconf("SC_CLK_TCK")
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = place.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(place.parent.name) == parent:
            total += sum(int(word) for word in words[11:15])
        elif int(words[1]) == parent:
            total += sum(int(word) for word in words[11:13])
    return total / ticks


if __name__ == "__main__":
    main()
