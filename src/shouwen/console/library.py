"""The library: every procedure as a document to read, with how its clauses were kept, its versions and examples."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouwen.casework import access, compliance, procedures
from shouwen.casework.compliance import Kept
from shouwen.casework.procedures import Law
from shouwen.console import library_document, library_examples
from shouwen.console.library_document import ArticleView, Document, marked
from shouwen.core.procedure import Procedure
from shouwen.web.staff import StaffRequest, staff

__all__ = ["library", "procedure"]


@dataclass(frozen=True)
class Shown:
    """An article as this page shows it: its HTML and the numbers beside its clauses."""

    view: ArticleView
    html: str
    kept: tuple[tuple[str, str, Kept], ...]


@dataclass(frozen=True)
class Change:
    """An article that two versions word differently: lines with '+', '-' or ' ' before them."""

    title: str
    number: str
    lines: tuple[tuple[str, str], ...]


@staff
@require_safe
def library(request: StaffRequest) -> HttpResponse:
    """Every procedure in force."""
    laws = procedures.all_current()
    counted = dict(
        access.cases(request.viewer)
        .filter(closed_at=None)
        .values_list("procedure")
        .annotate(count=Count("case_id"))
        .values_list("procedure", "count")
    )
    lines = [
        {
            "law": law,
            "procedure": law.procedure,
            "open": counted.get(law.procedure.id, 0),
            "versions": len(procedures.versions(law.procedure.id)),
            "examples": len(library_examples.names(law)),
        }
        for law in laws
    ]
    return render(request, "console/procedures.html", {"lines": lines, "section": "procedures"})


@staff
@require_safe
def procedure(request: StaffRequest, name: str) -> HttpResponse:
    """A procedure, in force or in the version asked for; `?q=` looks inside, `?against=` compares."""
    law, versions = law_of(name, request.GET.get("version", "")), procedures.versions(name)
    now = procedures.current(name)
    today = request.viewer.at.astimezone(law.procedure.zone).date()
    read = library_document.document(law, request.viewer.organisation, today)
    asked = request.GET.get("q", "").strip()[:60]
    found = [article for article in read.articles if not asked or article.has(asked)]
    against = next((number for number, _, _ in versions if str(number) == request.GET.get("against")), None)
    other = procedures.version(name, against) if against is not None and against != law.procedure.version else None
    context = {
        "section": "procedures",
        "law": law,
        "procedure": law.procedure,
        "shown": _shown(law.procedure, found, asked, compliance.lately(request.viewer, name)),
        "asked": asked,
        "found": len(found),
        "versions": [_version(number, since, loaded, now, today) for number, since, loaded in versions],
        "is_current": law.procedure.version == now.procedure.version,
        "current": now.procedure,
        "other": other,
        "changes": _changes(library_document.document(other, request.viewer.organisation, today), read)
        if other
        else (),
        "examples": library_examples.names(law),
        "flows": "" if asked else read.flows,
        "contents": read.contents,
    }
    return render(request, "console/procedure.html", context)


def law_of(name: str, number: str = "") -> Law:
    """The version asked for, or that in force; what does not exist is not found."""
    try:
        return (
            procedures.version(name, int(number))
            if number.isdecimal() and len(number) < 6
            else procedures.current(name)
        )
    except KeyError:
        raise Http404(name) from None


def _version(number: int, since: date, loaded: datetime, now: Law, today: date) -> Mapping[str, object]:
    state = "now" if number == now.procedure.version else "coming" if since > today else "past"
    return {"number": number, "since": since, "loaded": loaded, "state": state}


def _shown(p: Procedure, found: list[ArticleView], asked: str, kept: Mapping[str, Kept]) -> Iterator[Shown]:
    for article in found:
        html = marked(article.html, asked) if asked else article.html
        yield Shown(article, html, tuple(_beside(p, article, kept)))


def _beside(p: Procedure, article: ArticleView, kept: Mapping[str, Kept]) -> Iterator[tuple[str, str, Kept]]:
    """The clauses of an article that limits carry, with how those were kept."""
    for clause in article.clauses:
        tasks = [task for task in p.tasks.values() if task.has_clock and clause.clause in _clauses(task)]
        total = sum((kept.get(task.id, Kept()) for task in tasks), Kept())
        if tasks and total.applied:
            yield clause.number, _("、").join(dict.fromkeys(task.name for task in tasks)), total


def _clauses(task: object) -> frozenset[str]:
    cited = getattr(task, "cited", {})
    return frozenset((*getattr(task, "clauses", ()), *(clause for found in cited.values() for clause in found)))


def _changes(old: Document, new: Document) -> Iterator[Change]:
    """What reads differently, article by article."""
    before = {_key(article): article for article in old.articles}
    after = {_key(article): article for article in new.articles}
    for key in dict.fromkeys((*after, *before)):
        was, is_now = before.get(key), after.get(key)
        lines = difflib.ndiff(list(was.plain) if was else [], list(is_now.plain) if is_now else [])
        told = tuple((line[0], line[2:]) for line in lines if line[0] in "+-")
        article = is_now or was
        if told and article is not None:
            yield Change(article.title, article.number, told)


def _key(article: ArticleView) -> str:
    return article.number or article.title
