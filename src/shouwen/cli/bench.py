"""`shouwen bench`: how fast a whole instance is on this machine, as rates and ratios of one run."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

__all__ = ["run"]

WORDS = {"openings": "受理（每秒件数）", "acts": "办理", "queue_page": "列表页", "case_page": "案件页"}


def run(options: argparse.Namespace) -> int:
    """Measure and print; 1 if any answer was not as expected."""
    from shouwen.benchmark import bench

    report = bench(quick=options.quick, tell=lambda step: print(f"… {step}", file=sys.stderr, flush=True))
    if options.json:
        print(json.dumps(dataclasses.asdict(report), ensure_ascii=False))
    else:
        print(f"同样的 {report.rows} 行直接插入：每秒 {report.plain:.0f} 件")
        for rate in report.rates:
            print(
                f"{WORDS[rate.name]}：每秒 {rate.per_second:.0f}，为直接插入的 {rate.ratio:.2f}，"
                f"中位 {rate.median_ms:.1f} ms，95% 在 {rate.p95_ms:.1f} ms 内"
                + f"，{rate.wrong} 次异常"
                * bool(rate.wrong)
            )
        for text in report.wrong:
            print(f"异常：{text}")
    return int(any(rate.wrong for rate in report.rates))
