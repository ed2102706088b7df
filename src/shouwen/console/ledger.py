"""The ledger of a month: what stands on each account, every entry with its case; as a sheet, or a statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from shouwen.casework import ledger as kept
from shouwen.casework import procedures
from shouwen.casework.ledger import Account, Entry
from shouwen.casework.measures import Month
from shouwen.console.lists_download import harmless
from shouwen.core.calendar.edition import SHANGHAI
from shouwen.web import languages, moments, pdf
from shouwen.web.shown import yuan
from shouwen.web.staff import StaffRequest, staff

__all__ = ["ledger", "statement"]

#: so many entries stand on the page; the sheet has all of them
MOST = 300
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class _Line:
    """An entry with the words of its regulation."""

    entry: Entry
    name: str
    clauses: tuple[str, ...]
    procedure: object


@require_safe
@staff
def ledger(request: StaffRequest) -> HttpResponse:
    """A month (`month`), of all accounts or one (`account`); `as=xlsx` as a sheet."""
    viewer = request.viewer
    month, now = _month(request)
    since, until = month.period(SHANGHAI)
    account = request.GET.get("account", "").strip()
    found = kept.accounts(viewer, since, until)
    if request.GET.get("as") == "xlsx":
        return _sheet(found, _lines(request, since, until, account, None), month)
    debit, credit = kept.totals(found)
    context = {
        "section": "ledger",
        "month": month,
        "before": month.moved(-1),
        "after": month.moved(1) if month < now else None,
        "now": now,
        "accounts": found,
        "account": account,
        "chosen": [one for one in found if one.name == account or one.name.startswith(f"{account}/")],
        "debit": debit,
        "credit": credit,
        "lines": _lines(request, since, until, account, MOST),
        "most": MOST,
    }
    return render(request, "console/ledger.html", context)


@require_safe
@staff
def statement(request: StaffRequest) -> HttpResponse:
    """An account's statement of a month as PDF: what stood, every entry, what stands."""
    month = _month(request)[0]
    since, until = month.period(SHANGHAI)
    name = request.GET.get("account", "").strip()
    account = next((one for one in kept.accounts(request.viewer, since, until) if one.name == name), None)
    if account is None:
        raise Http404
    lines = tuple(reversed(_lines(request, since, until, name, None)))
    context = {"account": account, "month": month, "rows": _running(account, lines)}
    with languages.house():
        page = render_to_string("console/ledger_statement.html", context, request)
    return pdf.answer(
        request, (page,), _("{account} {month} 对账单").format(account=name.replace("/", " "), month=month)
    )


def _month(request: StaffRequest) -> tuple[Month, Month]:
    now = Month.of(request.viewer.at, SHANGHAI)
    return min(Month.read(request.GET.get("month", "")) or now, now), now


def _lines(request: StaffRequest, since: datetime, until: datetime, account: str, most: int | None) -> list[_Line]:
    found = []
    for entry in kept.entries(request.viewer, since, until, account, most):
        procedure = procedures.version(entry.procedure, entry.law).procedure
        rule = procedure.postings.get(entry.posting)
        found.append(_Line(entry, rule.name if rule else entry.posting, rule.clauses if rule else (), procedure))
    return found


def _running(account: Account, lines: tuple[_Line, ...]) -> list[tuple[_Line, int, int, int]]:
    """Each entry with what it brings on the debit and on the credit side, and what stands after it."""
    stands, found = account.before, []
    for line in lines:
        debit = line.entry.amount if line.entry.debit == account.name else 0
        credit = line.entry.amount if line.entry.credit == account.name else 0
        stands += debit - credit
        found.append((line, debit, credit, stands))
    return found


def _sheet(found: tuple[Account, ...], lines: list[_Line], month: Month) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("余额"))
    sheet.append((_("账户"), _("期初"), _("借方"), _("贷方"), _("期末")))
    for one in found:
        sheet.append((harmless(one.name), *(yuan(cents) for cents in (one.before, one.debit, one.credit, one.after))))
    sheet = book.create_sheet(_("分录"))
    sheet.append((_("时间"), _("事项"), _("单号"), _("事由"), _("借"), _("贷"), _("金额"), _("冲回")))
    for line in lines:
        entry = line.entry
        texts = (line.name, entry.number, entry.title, entry.debit, entry.credit)
        when = f"{moments.local(entry.happened_at):%Y-%m-%d %H:%M}"
        sheet.append((when, *map(harmless, texts), yuan(entry.amount), _("冲回") if entry.reversal else ""))
    out = BytesIO()
    book.save(out)
    answer = HttpResponse(out.getvalue(), content_type=_SHEET)
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=_("台账 {month}.xlsx").format(month=month)) or ""
    )
    return answer
