"""The report as a workbook: real numbers, days and shares, with the tables that stand behind the charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from shouwen.casework import measures
from shouwen.casework.measures import Table
from shouwen.console.figures_report import Part, Report
from shouwen.console.figures_words import BEFORE, WEEKDAYS, amount, period_words
from shouwen.core.measure import Figure
from shouwen.core.procedure import Clauses, Measure
from shouwen.web import moments
from shouwen.web.clauses import short

__all__ = ["download"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHARE, MONEY, LENGTH, DAY, WHOLE = "0.0%", "#,##0.00", "[h]:mm", "yyyy-mm-dd hh:mm", "#,##0"
#: minutes of a day: Excel counts time in days
_DAY_MINUTES = 1440
#: widths of columns, in letters
NARROW, BROAD = 9.0, 48.0


@dataclass(frozen=True)
class Cell:
    """A number with the way in which it is shown."""

    value: float | int | datetime | None
    form: str = WHOLE


Row = Sequence[Cell | str | int | float | None]


def download(report: Report) -> HttpResponse:
    """The workbook as a file."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    _about(first, report)
    _fill(book.create_sheet(_("指标")), *_measures(report))
    _fill(book.create_sheet(_("走势")), *_past(report))
    _fill(book.create_sheet(_("分项")), *_parts(report))
    _fill(book.create_sheet(_("时限")), *_limits(report))
    _fill(book.create_sheet(_("构成")), *_causes(report))
    _fill(book.create_sheet(_("时段")), *_hours(report))
    _fill(book.create_sheet(_("重复与激增")), *_again(report))
    made = BytesIO()
    book.save(made)
    answer = HttpResponse(made.getvalue(), content_type=XLSX)
    name = f"{report.procedure.title} {report.period}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer["Cache-Control"] = "private, no-store"
    return answer


def number(rule: Measure | None, figure: Figure) -> Cell:
    """The value of a figure as a number."""
    if figure.hits is not None:
        return Cell(figure.hits / figure.count if figure.count else None, SHARE)
    if rule is None or not amount(rule):
        return Cell(figure.value if figure.value is not None else figure.count)
    if figure.value is None:
        return Cell(None)
    if rule.lapse is not None:
        return Cell(figure.value / _DAY_MINUTES, LENGTH)
    asked = rule.sum or rule.mean or rule.median
    return Cell(figure.value / 100, MONEY) if asked is not None and asked.result == "money" else Cell(figure.value)


def _about(sheet: Worksheet, report: Report) -> None:
    """What it is a report of: the first sheet."""
    sheet.title = _("概要")
    opened, finished, in_time = report.opened, report.finished, report.in_time
    state = (
        _("未完，数到 {at}").format(at=moments.written(report.at))
        if report.running
        else (
            _("{at} 关账，数字不再变").format(at=moments.written(report.closed))
            if report.closed
            else _("已完，还没有关账")
        )
    )
    before = BEFORE[report.period.kind]
    lines: list[Row] = [
        [_("报表"), report.title],
        [_("规程"), report.procedure.title],
        [_("流程"), report.flow.name],
        [_("单位"), report.unit],
        [_("状态"), state],
        [_("从"), Cell(_day(report.period.first), "yyyy-mm-dd")],
        [_("到"), Cell(_day(report.period.last), "yyyy-mm-dd")],
        [_("受理"), Cell(opened[0]), _("比{before}").format(before=before), opened[1].words],
        [_("办结"), Cell(finished[0]), _("比{before}").format(before=before), finished[1].words],
        [_("时限按时"), in_time[0], _("比{before}").format(before=before), in_time[1].words],
        [_("三个月内重复"), Cell(report.repeats.again)],
    ]
    for line in lines:
        _put(sheet, line)
    for row in sheet.iter_rows(min_col=1, max_col=1):
        row[0].font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 46


def _measures(report: Report) -> tuple[Row, Iterable[Row]]:
    before = report.past.get(report.period.moved(-1))
    year = report.past.get(report.period.year_before)
    head = [
        _("指标"), _("条款"), period_words(report.period), _("合于"), _("总数"), _("平均"),
        str(BEFORE[report.period.kind]), _("上年同期"), _("环比"), _("同比"), _("目标"), _("达标"), _("关账"),
        _("更正后"),
    ]  # fmt: skip
    said = {True: _("达到"), False: _("未达到"), None: ""}
    body: list[Row] = [
        [
            line.rule.name, _clauses(report, line.rule.clauses), number(line.rule, line.figure),
            Cell(line.figure.hits), Cell(line.figure.count),
            Cell(line.figure.mean / _DAY_MINUTES, LENGTH) if line.rule.lapse and line.figure.mean is not None else None,
            _of(report, line.rule, before), _of(report, line.rule, year), line.mom.words, line.yoy.words,
            line.rule.target, said[line.met], Cell(_local(line.closed), DAY) if line.closed else None, line.now,
        ]
        for line in report.lines
    ]  # fmt: skip
    return head, body


def _past(report: Report) -> tuple[Row, Iterable[Row]]:
    opened: Row = [_("受理件数"), *(Cell(report.opened_in(one)) for one in report.shown)]
    body: list[Row] = [opened]
    body += [
        [line.rule.name, *(_of(report, line.rule, report.past[one]) for one in report.shown)] for line in report.lines
    ]
    return [_("指标"), *(str(one) for one in report.shown)], body


def _parts(report: Report) -> tuple[Row, Iterable[Row]]:
    body: list[Row] = []
    for line in report.lines:
        splits: list[tuple[str, tuple[Part, ...]]] = [(_("受理点"), line.desks)] if line.desks else []
        splits += [(title, parts) for _name, title, parts in line.splits]
        body += [
            [
                line.rule.name,
                title,
                part.name,
                number(line.rule, part.figure),
                Cell(part.figure.hits),
                Cell(part.figure.count),
            ]
            for title, parts in splits
            for part in parts
        ]
    return [_("指标"), _("分项"), _("值"), _("数"), _("合于"), _("总数")], body


def _limits(report: Report) -> tuple[Row, Iterable[Row]]:
    body: list[Row] = [
        [one.task.name, _clauses(report, one.task.clauses), Cell(one.applied), Cell(one.kept), Cell(one.late),
         Cell(one.open), Cell(one.share, SHARE)]
        for one in report.limits
    ]  # fmt: skip
    return [_("待办"), _("条款"), _("适用"), _("按时"), _("逾期"), _("在办"), _("按时占比")], body


def _causes(report: Report) -> tuple[Row, Iterable[Row]]:
    whole, sum_, body = sum(one.count for one in report.causes) or 1, 0, list[Row]()
    for one in report.causes:
        sum_ += one.count
        body.append(
            [one.name, Cell(one.count), Cell(one.count / whole, SHARE), Cell(sum_ / whole, SHARE), one.mom.words]
        )
    return [report.cause_title or _("构成"), _("件数"), _("占比"), _("累计"), _("环比")], body


def _hours(report: Report) -> tuple[Row, Iterable[Row]]:
    body: list[Row] = [
        [str(day), *(Cell(count) for count in hours), Cell(sum(hours))]
        for day, hours in zip(WEEKDAYS, report.hours, strict=True)
    ]
    return [_("星期"), *range(24), _("合计")], body


def _again(report: Report) -> tuple[Row, Iterable[Row]]:
    body: list[Row] = [
        [_("重复"), one.number, one.title, Cell(one.times), None, Cell(_local(one.at), DAY)]
        for one in report.repeats.named
    ]
    body += [
        [_("激增"), name, value, Cell(one.count), Cell(round(one.usual, 1), "0.0"), None]
        for name, value, one in report.surges_said
    ]
    return [_("什么"), _("工单或名目"), _("标题或值"), _("次数"), _("平常"), _("最近一件")], body


def _of(report: Report, rule: Measure, table: Table | None) -> Cell:
    count = table.whole(rule.id, report.asked.units) if table is not None else None
    return number(rule, measures.figure(rule, count)) if count is not None and count.count else Cell(None)


def _clauses(report: Report, clauses: Clauses) -> str:
    return _("、").join(short(report.procedure, clause) for clause in clauses)


def _fill(sheet: Worksheet, head: Row, body: Iterable[Row]) -> None:
    lines = list(body)
    _put(sheet, head)
    for line in lines:
        _put(sheet, line)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    for place in range(1, len(head) + 1):
        longest = max((len(text) for line in lines if isinstance(text := line[place - 1], str)), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(NARROW, 3 + longest * 1.9), BROAD)
    sheet.freeze_panes = "B2"


def _put(sheet: Worksheet, line: Row) -> None:
    """A line below the last; a text is never a formula, whatever it begins with."""
    row = sheet.max_row + 1 if sheet["A1"].value is not None else 1
    for place, one in enumerate(line, 1):
        cell = sheet.cell(row, place)
        if isinstance(one, Cell):
            cell.value, cell.number_format = one.value, one.form
        else:
            cell.value = one
            if isinstance(one, str):
                cell.data_type = "s"


def _day(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 # a workbook knows no zones


def _local(at: datetime) -> datetime:
    """A moment as the wall clock shows it: a workbook knows no zones."""
    return moments.local(at).replace(tzinfo=None)
