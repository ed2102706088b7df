"""A table of rows brought in: what each column fills, what would become of every row, and then the cases themselves.

Nothing is kept between the steps: the file travels with the form until it is taken in.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouwen.casework import procedures
from shouwen.channels.files import report as reports
from shouwen.channels.files.intake import Outcome
from shouwen.channels.files.report import CALLED, Report
from shouwen.channels.files.table import Unusable
from shouwen.channels.files.undertaking import Undertaking, Wanted, undertaking
from shouwen.web.phrases import translated
from shouwen.web.staff import StaffRequest, staff

__all__ = ["bring"]

#: more is for the command line, which does it on all cores
MOST_BYTES = 3 << 20
MOST_ROWS = 5000
LONGEST_NAME = 80
#: refused rows on the page; the report has all
MOST_SHOWN = 100


@dataclass
class Sent:
    """What the form says: the file, what it is for, and what its columns fill."""

    name: str = ""
    content: bytes = b""
    opener: str = ""
    unit: str = ""
    maps: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)

    @property
    def packed(self) -> str:
        """The file as text, to travel with the form."""
        return base64.b64encode(self.content).decode()


@dataclass(frozen=True)
class Line:
    """A refused row as the page shows it."""

    number: int
    reasons: Sequence[tuple[str, str]]
    cells: Sequence[tuple[str, str]]


@staff
@sensitive_post_parameters("packed")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: StaffRequest) -> HttpResponse:
    """The file and what it is for; then its columns and a rehearsal; then what became of each row."""
    openers = [
        (f"{law.procedure.id}:{one.id}", one.name, law.procedure.title)
        for law in procedures.all_current()
        for one in law.procedure.actions.values()
        if one.opens
    ]
    units = request.viewer.organisation.units
    desks = [(code, units[code].name) for code in request.viewer.desks if code]
    sent = Sent(opener=openers[0][0] if len(openers) == 1 else "", unit=request.viewer.desk)
    context: dict[str, object] = {"section": "intake", "openers": openers, "desks": desks, "sent": sent}
    if request.method == "POST":
        try:
            sent = context["sent"] = _sent(request)
            for_real = request.POST.get("op") == "bring"
            with TemporaryDirectory() as folder:
                context |= _done(request, sent, Path(folder), for_real=for_real)
        except Unusable as fault:
            context["fault"] = translated(fault.args[0])
    return render(request, "console/bring.html", context, status=422 if "fault" in context else 200)


def _sent(request: StaffRequest) -> Sent:
    post, file = request.POST, request.FILES.get("file")
    sent = Sent(opener=post.get("opener", ""), unit=post.get("unit", ""))
    if isinstance(file, UploadedFile):
        if (file.size or 0) > MOST_BYTES:
            raise Unusable(
                _("文件超过 {most} MB：请拆小，或请管理员用命令 shouwen import 导入").format(most=MOST_BYTES >> 20)
            )
        sent.name, sent.content = _called(file.name or ""), file.read()
        return sent
    try:
        sent.content = base64.b64decode(post.get("packed", ""), validate=True)
    except ValueError:
        raise Unusable(_("随表单带来的文件不完整：请重新选文件")) from None
    sent.name = _called(post.get("name", ""))
    if not sent.content:
        raise Unusable(_("请先选一个 .csv 或 .xlsx 文件"))
    headings, targets = post.getlist("heading"), post.getlist("target")
    sent.maps = [f"{heading}={target}" for heading, target in zip(headings, targets, strict=False)]
    named, texts = post.getlist("fixed"), post.getlist("text")
    sent.fixed = [f"{path}={text}" for path, text in zip(named, texts, strict=False) if text.strip()]
    return sent


def _called(name: str) -> str:
    """What a file is called, as every disk can hold it."""
    last = Path(name).name[-LONGEST_NAME:]
    return last if last.strip(".") else "rows.csv"


def _done(request: StaffRequest, sent: Sent, folder: Path, *, for_real: bool) -> dict[str, object]:
    """The file read; its rows rehearsed, or taken in if that was asked for. Raises `Unusable`."""
    procedure, act = sent.opener.partition(":")[::2]
    if not act:
        raise Unusable(_("请选导入成什么案件"))
    if not sent.unit or sent.unit not in request.viewer.desks:
        raise Unusable(_("请选受理单位"))
    place = folder / sent.name
    place.write_bytes(sent.content)
    under = undertaking(
        Wanted(
            file=place, procedure=procedure, act=act, person=request.viewer.code, unit=sent.unit,
            maps=sent.maps, fixed=sent.fixed, dry=not for_real,
        )
    )  # fmt: skip
    rows = len(under.layout.rows)
    if rows > MOST_ROWS:
        raise Unusable(
            _("有 {rows} 行，超过网页一次导入的 {most} 行：请拆小，或请管理员用命令 shouwen import 导入").format(
                rows=format(rows, ","), most=format(MOST_ROWS, ",")
            )
        )
    context = {"under": under, "columns": _columns(under), "rows": rows, "lacking": _lacking(under, sent)}
    if not under.layout.complete:
        return context
    report = Report(rows)
    for outcomes in under.crew():
        report.add(outcomes)
    report.finish()
    groups = report.groups()
    return context | {
        "report": report,
        "for_real": for_real,
        "counts": [(name, translated(CALLED[name]), count) for name, count in report.counts.items() if count],
        "ready": report.counts["would"],
        "groups": groups if len(groups) < len(report.refused) else (),
        "refused": [_line(under, one) for one in report.refused[:MOST_SHOWN]],
        "more": max(0, len(report.refused) - MOST_SHOWN),
        "download": _download(under, report, folder),
    }


def _columns(under: Undertaking) -> list[tuple[str, str, str]]:
    """Each heading with what it fills (or is suggested), and its first text."""
    filled = {one.heading: one.place.path for one in under.layout.columns}
    first = under.layout.rows[0].cells
    found = []
    for place, heading in enumerate(under.layout.header.cells):
        name = heading or _("第 {column} 列").format(column=place + 1)
        again = "（表头"  # zh: how a heading that stands twice is told apart
        guessed = next((path for text, path in under.layout.unknown.items() if text.partition(again)[0] == name), "")
        found.append((name, filled.get(name, guessed), first[place] if place < len(first) else ""))
    return found


def _lacking(under: Undertaking, sent: Sent) -> list[tuple[str, str, str, Sequence[str]]]:
    """Fields that no column fills or seems to: path, name, the text for all rows, and the words to choose from."""
    said = dict(text.split("=", 1) for text in sent.fixed)
    guessed = set(under.layout.unknown.values())
    paths = [place.path for place in under.layout.unfilled if place.path not in guessed] + list(said)
    fields = [(path, under.known[path].field) for path in dict.fromkeys(paths)]
    return [(path, rule.name, said.get(path, ""), rule.words or ()) for path, rule in fields]


def _line(under: Undertaking, outcome: Outcome) -> Line:
    reasons = [(translated(why.text), reports.cited(under.law, why.clauses)) for why in outcome.reasons]
    return Line(outcome.line, reasons, list(outcome.cells.items()))


def _download(under: Undertaking, report: Report, folder: Path) -> str:
    """The whole report, to be kept: it travels in the link."""
    place = folder / "report.csv"
    reports.write(place, under.law, report.outcomes)
    return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(place.read_bytes()).decode()}"
