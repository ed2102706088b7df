"""Finding: a page of its own, and the same in the dialog that stands over every page."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from shouwen.casework import search as finding
from shouwen.casework.search import Found
from shouwen.console import lists_rows
from shouwen.web import clauses
from shouwen.web.staff import StaffRequest, staff

__all__ = ["palette", "search"]

#: pages that words may lead to: url name → what it is called, other words for it, its sign
PAGES = {
    "intake": ("受理新来的投诉、报修", "登记 来电 接待 新建", "phone"),
    "work": ("我的工作", "待办 首页", "inbox"),
    "board": ("督办：今天会逾期的、已逾期的", "逾期 时限 看板", "clock"),
    "cases": ("全部工单", "案件 列表 查询", "list"),
    "inbox": ("消息", "通知 回执 未读", "mail"),
    "procedures": ("规程", "条款 制度", "book"),
    "figures": ("数值", "时限 金额 标准", "chart"),
    "people": ("人员与岗位", "同事 代理 排班", "people"),
    "settings": ("设置", "日历 单位", "gear"),
    "views": ("整理存下的视图", "保存 条件", "filter"),
}


@require_safe
@staff
def palette(request: StaffRequest) -> HttpResponse:
    """What the words find, for the dialog."""
    words = _words(request)
    return render(request, "web/palette_found.html", {"groups": _groups(request, words), "q": words})


@require_safe
@staff
def search(request: StaffRequest) -> HttpResponse:
    """What the words find, as a page."""
    words = _words(request)
    return render(request, "console/search.html", {"groups": _groups(request, words), "q": words, "section": "search"})


def _groups(request: StaffRequest, words: str) -> list[dict[str, object]]:
    found = finding.find(request.viewer, words)
    groups = [
        ("工单", [*_cases(request, found), *_all_cases(found, words)]),
        ("去", list(_pages(words))),
        ("条款", list(_articles(found))),
        ("规程", list(_laws(found))),
        ("人", list(_people(found))),
    ]
    return [{"name": name, "found": lines} for name, lines in groups if lines]


def _cases(request: StaffRequest, found: Found) -> Iterator[dict[str, str]]:
    for row in lists_rows.rows(request.viewer, found.cases):
        due = row.first_duty
        where = "已办结" if row.line.closed_at else row.step
        more = [due.due.words if due and due.due.state in ("late", "soon") else "", where, row.customer]
        text = f"{row.line.number} {row.title}"
        yield {"href": row.href, "text": text, "more": " · ".join(part for part in more if part), "icon": "file"}


def _all_cases(found: Found, words: str) -> Iterator[dict[str, str]]:
    if found.more_cases:
        from_list = f"{reverse('cases')}?q={words}"
        yield {"href": from_list, "text": f"在工单里查“{words}”", "more": "还有更多", "icon": "list"}


def _pages(words: str) -> Iterator[dict[str, str]]:
    """Pages by name; all of them while nothing is typed."""
    for name, (title, others, sign) in PAGES.items():
        if words and words not in title and words not in others:
            continue
        try:
            yield {"href": reverse(name), "text": title, "more": "", "icon": sign}
        except NoReverseMatch:
            continue


def _articles(found: Found) -> Iterator[dict[str, str]]:
    for article in found.articles:
        procedure = article.law.procedure
        cited = clauses.cited(procedure, article.excerpt.clause)
        href = f"{reverse('procedure', args=(procedure.id,))}#{cited.anchor}"
        yield {"href": href, "text": f"{cited.number} {article.words}", "more": procedure.title, "icon": "book"}


def _laws(found: Found) -> Iterator[dict[str, str]]:
    for law in found.laws:
        href = reverse("procedure", args=(law.procedure.id,))
        yield {"href": href, "text": law.procedure.title, "more": f"第{law.procedure.version}版", "icon": "book"}


def _people(found: Found) -> Iterator[dict[str, str]]:
    for person in found.people:
        href = f"{reverse('cases')}?answers={person.code}"
        yield {"href": href, "text": person.name, "more": "承办的工单", "icon": "user"}


def _words(request: StaffRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:60]
