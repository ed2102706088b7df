"""Finding: a page of its own, and the same in the dialog that stands over every page."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.views.decorators.http import require_safe

from shouwen.casework import search as finding
from shouwen.casework.search import Found
from shouwen.console import lists_rows
from shouwen.web import clauses
from shouwen.web.staff import StaffRequest, staff

__all__ = ["palette", "search"]

#: pages that words may lead to: url name → what it is called, other words for it, its sign
PAGES = {
    "intake": (_noop("受理新来的投诉、报修"), _noop("登记 来电 接待 新建"), "phone"),
    "work": (_noop("我的工作"), _noop("待办 首页"), "inbox"),
    "board": (_noop("督办：今天会逾期的、已逾期的"), _noop("逾期 时限 看板"), "clock"),
    "cases": (_noop("全部工单"), _noop("案件 列表 查询"), "list"),
    "inbox": (_noop("消息"), _noop("通知 回执 未读"), "mail"),
    "procedures": (_noop("规程"), _noop("条款 制度"), "book"),
    "figures": (_noop("数值"), _noop("时限 金额 标准"), "chart"),
    "people": (_noop("人员与岗位"), _noop("同事 代理 排班"), "people"),
    "settings": (_noop("设置"), _noop("日历 单位"), "gear"),
    "views": (_noop("整理存下的视图"), _noop("保存 条件"), "filter"),
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
        (_("工单"), [*_cases(request, found), *_all_cases(found, words)]),
        (_("去"), list(_pages(words))),
        (_("条款"), list(_articles(found))),
        (_("规程"), list(_laws(found))),
        (_("人"), list(_people(found))),
    ]
    return [{"name": name, "found": lines} for name, lines in groups if lines]


def _cases(request: StaffRequest, found: Found) -> Iterator[dict[str, str]]:
    for row in lists_rows.rows(request.viewer, found.cases):
        due = row.first_duty
        where = _("已办结") if row.line.closed_at else row.step
        more = [due.due.words if due and due.due.state in ("late", "soon") else "", where, row.customer]
        text = f"{row.line.number} {row.title}"
        yield {"href": row.href, "text": text, "more": " · ".join(part for part in more if part), "icon": "file"}


def _all_cases(found: Found, words: str) -> Iterator[dict[str, str]]:
    if found.more_cases:
        from_list = f"{reverse('cases')}?q={words}"
        yield {
            "href": from_list,
            "text": _("在工单里查“{words}”").format(words=words),
            "more": _("还有更多"),
            "icon": "list",
        }


def _pages(words: str) -> Iterator[dict[str, str]]:
    """Pages by name; all of them while nothing is typed."""
    for name, (title, others, sign) in PAGES.items():
        # What is typed may be in the page's language or in the house's.
        if words and not any(words.casefold() in text.casefold() for text in (title, others, _(title), _(others))):
            continue
        try:
            yield {"href": reverse(name), "text": _(title), "more": "", "icon": sign}
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
        yield {
            "href": href,
            "text": law.procedure.title,
            "more": _("第{version}版").format(version=law.procedure.version),
            "icon": "book",
        }


def _people(found: Found) -> Iterator[dict[str, str]]:
    for person in found.people:
        href = f"{reverse('cases')}?answers={person.code}"
        yield {"href": href, "text": person.name, "more": _("承办的工单"), "icon": "user"}


def _words(request: StaffRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:60]
