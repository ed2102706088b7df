"""A list taken along: the cases that fit, as CSV or as a sheet, personal data masked."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from shouwen.casework import lists, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.lists import Line
from shouwen.console import lists_asked, lists_rows
from shouwen.console.lists_asked import Asked
from shouwen.web import moments
from shouwen.web.staff import StaffRequest, staff

__all__ = ["download", "harmless"]

#: no more rows go out at once; conditions make a list shorter
MOST = {"csv": 100_000, "xlsx": 20_000}
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@require_safe
@staff
def download(request: StaffRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """The list of this address, all pages of it."""
    if kind not in MOST:
        raise Http404
    viewer, asked = request.viewer, lists_asked.asked(request.GET)
    cells = _cells(viewer, asked, MOST[kind])
    name = f"gongdan-{moments.local(viewer.at):%Y%m%d-%H%M}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if kind == "csv":
        return StreamingHttpResponse(_csv(cells), content_type=_TYPES[kind], headers=headers)
    return HttpResponse(_sheet(cells), content_type=_TYPES[kind], headers=headers)


def _cells(viewer: Viewer, asked: Asked, most: int) -> Iterator[tuple[str, ...]]:
    yield _head()
    for line in lists.every(viewer, asked.filter, sort=asked.sort, most=most):
        yield tuple(harmless(text) for text in _of_line(viewer, line))


def _head() -> tuple[str, ...]:
    plain = (_("单号"), _("事由"), _("客户"), _("规程"), _("流程"), _("判定"), _("环节"), _("项目"))
    return (*plain, pgettext("role", "首问"), _("承办"), _("最近时限"), _("立案"), _("办结"))


def _of_line(viewer: Viewer, line: Line) -> tuple[str, ...]:
    row = lists_rows.row(viewer, line, ())
    return (
        line.number,
        row.title,
        row.customer,
        procedures.version(line.procedure, line.law).procedure.title,
        row.flow,
        _("、").join(badge.word for badge in row.badges),
        row.step,
        row.desk,
        row.first,
        row.answers,
        _moment(line.due_at),
        _moment(line.opened_at),
        _moment(line.closed_at),
    )


def harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula is told to be one."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _moment(when: datetime | None) -> str:
    return f"{moments.local(when):%Y-%m-%d %H:%M}" if when else ""


def _csv(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Lines as they come; the mark in front tells spreadsheets that it is UTF-8."""
    yield "\ufeff"
    line = StringIO()
    writer = csv.writer(line)
    for row in rows:
        writer.writerow(row)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _sheet(rows: Iterator[tuple[str, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("工单"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJKLM", (18, 40, 22, 18, 12, 10, 16, 12, 10, 12, 17, 17, 17), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
