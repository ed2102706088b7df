"""The report as a workbook: measures, a year of them, and how limits were kept."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shouwen.core.procedure import Procedure
from shouwen.organisation.state import Organisation
from shouwen.web.clauses import short

if TYPE_CHECKING:
    from shouwen.console.figures import Report

__all__ = ["download"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MET = {True: "达到", False: "未达到", None: ""}


def download(report: Report, organisation: Organisation) -> HttpResponse:
    """The workbook as a file."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _measures(first, report, organisation)
    _year(book.create_sheet("十二个月"), report)
    _tasks(book.create_sheet("时限"), report)
    made = BytesIO()
    book.save(made)
    answer = HttpResponse(made.getvalue(), content_type=XLSX)
    name = f"{report.law.procedure.title} {report.month}.xlsx"
    answer["Content-Disposition"] = (
        f"attachment; filename=\"report-{report.month}.xlsx\"; filename*=UTF-8''{quote(name)}"
    )
    return answer


def _measures(sheet: Worksheet, report: Report, organisation: Organisation) -> None:
    sheet.title = "指标"
    desks = [organisation.units[code].name if code in organisation.units else "全单位" for code in report.desks]
    head = ["指标", "条款", f"{report.month}", "合于", "总数", "环比", "同比", "目标", "达标", *desks]
    body = []
    for line in report.lines:
        by_name = {name: value for name, value, _ in line.desks}
        hits = line.figure.hits if line.figure.hits is not None else ""
        body.append(
            [line.rule.name, _clauses(report.law.procedure, line.rule.clauses), line.value, hits, line.figure.count,
             line.mom, line.yoy, line.rule.target, _MET[line.met], *(by_name.get(name, "") for name in desks)]
        )  # fmt: skip
    _fill(sheet, head, body)


def _year(sheet: Worksheet, report: Report) -> None:
    months = [str(bar.month) for bar in report.lines[0].trend.bars] if report.lines else []
    _fill(
        sheet, ["指标", *months], [[line.rule.name, *(bar.words for bar in line.trend.bars)] for line in report.lines]
    )


def _tasks(sheet: Worksheet, report: Report) -> None:
    body = [
        [line.task.name, _clauses(report.law.procedure, line.task.clauses), line.kept.applied, line.kept.kept,
         line.kept.late, line.kept.open, "" if line.kept.share is None else round(line.kept.share, 4)]
        for line in report.tasks
    ]  # fmt: skip
    _fill(sheet, ["待办", "条款", "适用", "按时", "逾期", "在办", "按时占比"], body)
    for cells in sheet.iter_rows(min_row=2, min_col=7, max_col=7):
        cells[0].number_format = "0.0%"


def _clauses(procedure: Procedure, clauses: tuple[str, ...]) -> str:
    return "、".join(short(procedure, clause) for clause in clauses)


def _fill(sheet: Worksheet, head: list[str], body: Sequence[Sequence[object]]) -> None:
    sheet.append(head)
    for line in body:
        sheet.append(list(line))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    for place, title in enumerate(head, 1):
        longest = max([len(str(line[place - 1])) for line in body] + [len(title)])
        sheet.column_dimensions[get_column_letter(place)].width = min(6 + longest * 1.6, 48)
    sheet.freeze_panes = "B2"
