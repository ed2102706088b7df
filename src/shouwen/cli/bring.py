"""`shouwen import`: the rows of a file become cases; what is refused is explained, row by row."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from shouwen.cli import database, serve

if TYPE_CHECKING:
    from shouwen.channels.files.crew import Crew
    from shouwen.channels.files.report import Report
    from shouwen.channels.files.undertaking import Undertaking

__all__ = ["arguments", "run"]

#: refused rows shown at the terminal; the report has all
MOST_SHOWN = 20


def arguments(command: argparse.ArgumentParser) -> None:
    """What can be said to it."""
    command.add_argument("file", type=Path, help=".csv 或 .xlsx 文件")
    command.add_argument("--procedure", required=True, help="按哪个规程开案")
    command.add_argument("--act", default="", help="用哪个开案操作（只有一个时不必写）")
    command.add_argument("--flow", default="", help="开哪种案件（只有一种时不必写）")
    command.add_argument("--as", dest="person", required=True, help="经办人的人员编号")
    command.add_argument("--unit", default="", help="受理单位（默认：经办人所属的）")
    command.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FILE|列名=栏",
        help="列与栏的对照；“列名=”不导入这一列；可以写几次",
    )
    command.add_argument("--set", action="append", default=[], metavar="栏=值", help="每行都一样的值；可以写几次")
    command.add_argument("--ignore-other-columns", action="store_true", help="对不上的列都不导入")
    command.add_argument("--suggest-map", type=Path, metavar="FILE", help="把建议的对照表写成文件，不导入")
    command.add_argument("--key", default="", metavar="列名", help="用这一列认出已导入过的行（默认：整行内容）")
    command.add_argument("--sheet", default="", help="工作表（默认：第一张）")
    command.add_argument("--encoding", default="", help="文本的编码（默认：看内容）")
    command.add_argument("--dry-run", action="store_true", help="只审不写：每行会怎样，一件案也不开")
    command.add_argument("--accept-warnings", action="store_true", help="规程只作提醒的，照样开案")
    command.add_argument("--report", type=Path, help="逐行报告：.csv 或 .json")
    command.add_argument("--json", action="store_true", help="结果输出为 JSON")
    command.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="几个进程（默认：每核一个）")


def run(options: argparse.Namespace) -> int:
    """0: every row is in (or would be), 1: some are refused or were not reached, 2: nothing could be begun."""
    with database.connected():
        serve.prepare()
        from shouwen.channels.files.crew import Broken
        from shouwen.channels.files.report import Report, write
        from shouwen.channels.files.undertaking import Wanted, undertaking

        under = undertaking(
            Wanted(
                file=options.file,
                procedure=options.procedure,
                person=options.person,
                act=options.act,
                flow=options.flow,
                unit=options.unit,
                maps=options.map,
                fixed=options.set,
                others_ignored=options.ignore_other_columns,
                key_column=options.key,
                sheet=options.sheet,
                encoding=options.encoding,
                dry=options.dry_run,
                warnings_seen=options.accept_warnings,
                processes=max(1, options.processes),
            )
        )
        if options.suggest_map:
            return _suggest(under, options.suggest_map)
        if not under.layout.complete:
            return _unclear(under, options.json)
        if not options.json:
            _opening_words(under)
        if options.report:
            write(options.report, under.law, ())  # a report that cannot be written is no discovery for the end
        report, began = Report(len(under.layout.rows)), monotonic()
        crew = under.crew()
        broken = False
        with _stopping(crew) as stopped:
            try:
                _follow(crew, report)
            except Broken:
                broken = True
        report.finish()
        if options.report:
            write(options.report, under.law, report.outcomes)
        _print(under, report, monotonic() - began, options)
        if broken or report.done < report.total:
            reason = "有一个进程中途结束（原因见上）" if broken else "已按 Ctrl-C 停下" if stopped else "没有做完"
            print(
                f"{reason}：{report.done:,} 行已处理，其余没有动。再运行同样的命令就接着做，已开的案不会重复。",
                file=sys.stderr,
            )
        return int(bool(report.refused) or report.done < report.total)


@contextmanager
def _stopping(crew: Crew) -> Iterator[list[int]]:
    """Ctrl-C lets the rows at hand be finished; a second one ends at once."""
    seen: list[int] = []

    def asked(number: int, frame: object) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(number)
        crew.stop()
        print("\n正在停下：手上的一批写完就停……", file=sys.stderr)

    former = signal.signal(signal.SIGINT, asked)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, former)


def _follow(crew: Crew, report: Report) -> None:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would be in the way of branching processes
    with tqdm(total=report.total, unit="行", disable=not sys.stderr.isatty(), leave=False) as bar:
        for outcomes in crew:
            report.add(outcomes)
            bar.set_postfix_str(f"不能导入 {report.counts['refused']:,}", refresh=False)
            bar.update(len(outcomes))


def _suggest(under: Undertaking, path: Path) -> int:
    from shouwen.channels.files.columns import suggested_text

    try:
        path.write_text(suggested_text(under.layout, under.known), "utf-8")
    except OSError as error:
        raise ValueError(f"对照表“{path}”写不了：{error.strerror}") from None
    print(f"对照表写在 {path}：核对后用 --map {path} 导入")
    return 0


def _unclear(under: Undertaking, as_json: bool) -> int:
    """Columns that fill nothing and fields that nothing fills, before anything is done."""
    layout = under.layout
    if as_json:
        told = {
            "unknown": dict(layout.unknown),
            "unfilled": [{"path": place.path, "name": place.field.name} for place in layout.unfilled],
        }
        json.dump({"error": "columns", **told}, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 2
    read_as = f"{under.table.read_as}，表头在第 {layout.header.number} 行"
    print(f"“{under.table.name}”（{read_as}）的列还没有对清，什么也没有做。")
    for column in layout.columns:
        if column.index is not None:
            print(f"  {column.heading} → {column.place.field.name}（{column.place.path}）")
    for heading, path in layout.unknown.items():
        guess = (
            f"？像是“{under.known[path].field.name}”：--map '{heading}={path}'"
            if path
            else f"？没有对应的栏：--map '{heading}=' 不导入"
        )
        print(f"  {heading} → {guess}")
    for place in layout.unfilled:
        name = place.field.name
        print(f"  缺“{name}”（{place.path}）：每行必填；没有这一列的，用 --set '{name}=…' 统一设定")
    print(
        "用 --suggest-map map.yaml 写出一份对照表，改好后用 --map map.yaml 导入；--ignore-other-columns 不要其余的列。"
    )
    return 2


def _opening_words(under: Undertaking) -> None:
    layout = under.layout
    mapped = "，".join(
        f"{column.heading}→{column.place.field.name}"
        if column.index is not None
        else f"{column.place.field.name}＝{column.fixed}"
        for column in layout.columns
    )
    print(f"{under.table.name}：{under.table.read_as}，表头在第 {layout.header.number} 行，{len(layout.rows):,} 行")
    print(f"{under.law.procedure.title} · {under.action.name}：{mapped}")


def _print(under: Undertaking, report: Report, seconds: float, options: argparse.Namespace) -> None:
    from shouwen.channels.files.report import CALLED, as_row, cited

    law, rate = under.law, report.done / seconds if seconds else 0.0
    if options.json:
        told = {
            "file": under.table.name,
            "read_as": under.table.read_as,
            "dry_run": options.dry_run,
            "rows": report.total,
            "done": report.done,
            **report.counts,
            "seconds": round(seconds, 3),
            "rows_per_second": round(rate, 1),
            "reasons": [
                {"text": one.text, "clauses": one.clauses, "rows": len(one.lines), "lines": one.lines[:MOST_SHOWN]}
                for one in report.groups()
            ],
            "refused_rows": [as_row(law, one) for one in report.refused],
        }
        json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return
    for one in report.refused[:MOST_SHOWN]:
        for why in one.reasons:
            basis = f"〔{cited(law, why.clauses)}〕" if why.clauses else ""
            print(f"第 {one.line} 行：{why.text}{basis}")
    left = len(report.refused) - MOST_SHOWN
    if left > 0:
        print(f"……另有 {left:,} 行不能导入" + ("，见逐行报告" if options.report else "，用 --report 文件 看全部"))
    if report.refused:
        print("\n按原因：")
        for group in report.groups():
            first = "、".join(str(line) for line in group.lines[:5]) + ("……" if len(group.lines) > 5 else "")
            print(f"  {len(group.lines):>5,} 行  {group.text}（第 {first} 行）")
    if report.noted:
        first = "、".join(str(one.line) for one in report.noted[:5]) + ("……" if len(report.noted) > 5 else "")
        print(f"\n{len(report.noted):,} 行的全角数字按半角收下（第 {first} 行）")
    counts = "，".join(f"{CALLED[name]} {count:,}" for name, count in report.counts.items() if count)
    print(f"\n共 {report.total:,} 行：{counts or '没有处理'}。{seconds:.1f} 秒，每秒 {rate:,.0f} 行。")
    if options.dry_run:
        print("这是试导入，什么也没有写。去掉 --dry-run 就正式导入。")
    if options.report:
        print(f"逐行报告：{options.report}")
