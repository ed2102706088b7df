"""`shouwen replay` and `shouwen erase`: proving the rows of cases from their records, and erasing a person."""

from __future__ import annotations

import argparse
import json
import sys

from tqdm import tqdm

from shouwen.cli import database, serve

__all__ = ["erase", "replay"]


def replay(options: argparse.Namespace) -> int:
    """Hold every row against the records (0: all equal), or write the rows anew (`--rebuild`)."""
    with database.connected():
        serve.prepare()
        return _replay(options)


def _replay(options: argparse.Namespace) -> int:
    from shouwen.casework import filed
    from shouwen.casework import replay as replaying
    from shouwen.organisation import stream
    from shouwen.store import models as rows

    wanted = rows.Case.objects.order_by("case_id")
    if options.number:
        wanted = wanted.filter(number__in=options.number)
        known = set(wanted.values_list("number", flat=True))
        if unknown := [number for number in options.number if number not in known]:
            raise ValueError(f"没有这些编号的案件：{'、'.join(unknown)}")
    ids = list(wanted.values_list("case_id", flat=True))
    problems: list[dict[str, object]] = []
    try:
        organisation = stream.verify()
    except stream.Broken as broken:
        organisation = 0
        problems.append({"broken": str(broken)})
    for case_id in tqdm(ids, unit="件", disable=not sys.stderr.isatty(), desc="重放"):
        try:
            if options.rebuild:
                replaying.rebuild(case_id)
            problems += [_shown(difference) for difference in replaying.verify_case(case_id)]
        except filed.Broken as broken:
            problems.append({"case": str(case_id), "broken": str(broken)})
    if not options.number:
        problems += _figures()
    if options.json:
        json.dump(
            {"cases": len(ids), "organisation": organisation, "problems": problems}, sys.stdout, ensure_ascii=False
        )
        print()
    else:
        for problem in problems[:50]:
            print("不符：" + "，".join(f"{name} {value}" for name, value in problem.items()))
        told = "全部与记录一致，链条完整" if not problems else f"{len(problems)} 处不符（--rebuild 按记录重写）"
        print(f"{len(ids)} 件案件，单位记录 {organisation} 条：{told}")
    return int(bool(problems))


def _figures() -> list[dict[str, object]]:
    """What is counted of each case, and what was closed, held against the records."""
    from shouwen import clock
    from shouwen.casework import corrections, counting, procedures
    from shouwen.organisation.state import state

    organisation, at = state(), clock.now()
    problems: list[dict[str, object]] = []
    for law in procedures.all_current():
        for case_id, month in counting.verify(law, organisation, at):
            problems.append({"case": str(case_id), "table": "countings", "key": month})
    for one in corrections.verify(procedures.version, organisation):
        problems.append({"table": "closings", "key": f"{one.procedure} {one.period} {one.measure}"})
    return problems


def erase(options: argparse.Namespace) -> int:
    """Erase the person of a phone number."""
    with database.connected():
        serve.prepare()
        from shouwen.casework import erasing

        subject = erasing.found_by_phone(options.phone)
        if subject is None:
            raise ValueError("没有用这个号码联系过的人，或其资料已经删除")
        erased = erasing.erase(subject)
    print(f"已删除：{len(erased.cases)} 件案件里的个人资料，{erased.files} 个文件。经过、时限和数字不变。")
    return 0


def _shown(difference: object) -> dict[str, object]:
    names = ("number", "table", "key", "stored", "derived")
    return {name: getattr(difference, name) for name in names}
