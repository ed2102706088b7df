"""People: units as a tree with the people in their positions, vacant roles, substitutes, and what was changed when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shouwen.accounts.models import Account
from shouwen.casework import people as changes
from shouwen.casework import procedures
from shouwen.casework.people import Faulty, RoleUse
from shouwen.console import lists_rows, people_accounts
from shouwen.console.people_rights import administers, must_administer
from shouwen.console.people_words import COVER_KINDS, Names, sentence
from shouwen.organisation.state import Cover, Organisation, Person, Unit
from shouwen.organisation.stream import history
from shouwen.web import phrases, toasts
from shouwen.web.phrases import several
from shouwen.web.staff import StaffRequest, staff

__all__ = ["people", "person"]

#: lines of history on a page
MOST_LINES = 100
TABS = {
    "": _noop("单位与岗位"),
    "list": _noop("人员名单"),
    "covers": _noop("代理与值班"),
    "vacant": _noop("空缺"),
    "history": _noop("变更记录"),
}


@dataclass(frozen=True)
class UnitView:
    """A unit of the tree: how deep it stands, who holds which role in it now, and the regulations named for it."""

    unit: Unit
    depth: int
    posts: tuple[tuple[str, tuple[Person, ...]], ...]
    titles: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Happening:
    """A line of the stream."""

    at: datetime
    who: str
    text: str


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: StaffRequest) -> HttpResponse:
    """The whole organisation; a POST adds a person or unit, sets or ends a cover (administrators only)."""
    typed, faults = _typed(request), dict[str, str]()
    if request.method == "POST":
        must_administer(request)
        try:
            return _carried_out(request, _ON_ALL, typed)
        except Faulty as faulty:
            faults |= phrases.faults(faulty.faults)
    viewer, uses = request.viewer, changes.role_uses()
    tab = request.GET.get("tab", "") if request.GET.get("tab", "") in TABS else ""
    desks = [unit.code for unit in viewer.organisation.units.values() if unit.desk]
    vacant = list(changes.vacancies(viewer, desks))
    names = Names.of(viewer.organisation)
    context = {
        "section": "people",
        "tab": tab,
        "tabs": [
            {
                "href": f"?tab={key}" if key else "?",
                "text": _(text),
                "current": key == tab,
                "n": len(vacant) if key == "vacant" else None,
            }
            for key, text in TABS.items()
        ],
        "may": administers(request),
        "organisation": viewer.organisation,
        "laws": procedures.all_current(),
        "ticked": {key.removeprefix("by-") for key in typed if key.startswith("by-")},
        "units": list(_tree(viewer.organisation, uses, viewer.at)),
        "people": _listed(viewer.organisation, names, viewer.at, request.GET.get("q", "").strip()),
        "asked": request.GET.get("q", "").strip(),
        "covers": _covers(viewer.organisation, viewer.at),
        "vacant": vacant,
        "names": names,
        "kinds": {key: _(text) for key, text in COVER_KINDS.items()},
        "history": _history(names) if tab == "history" else (),
        "typed": typed,
        "faults": faults,
        **_choices(viewer.organisation, uses),
    }
    return render(request, "console/people.html", context, status=422 if faults else 200)


@never_cache
@sensitive_post_parameters()
@staff
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: StaffRequest, code: str) -> HttpResponse:
    """One person: what he is called, his positions and covers, his sign-in, the cases that rest on him."""
    organisation = request.viewer.organisation
    if code not in organisation.people:
        raise Http404(code)
    typed, faults, password = _typed(request), dict[str, str](), ("", "")
    if request.method == "POST":
        must_administer(request)
        try:
            if typed["op"] not in _SIGN_IN:
                return _carried_out(request, _ON_ONE, typed, code)
            password = _sign_in(request, code, typed)
            if not password[1]:
                return redirect("person", code=code)
        except Faulty as faulty:
            faults |= phrases.faults(faulty.faults)
    uses = changes.role_uses()
    names = Names.of(organisation)
    day = request.viewer.at.astimezone().date()
    own = [one for one in organisation.positions if one.person == code]
    resting = changes.answering(request.viewer, code) if administers(request) else ()
    context = {
        "section": "people",
        "may": administers(request),
        "someone": organisation.people[code],
        "positions": [one for one in own if one.until is None or one.until >= day],
        "earlier": [one for one in own if one.until is not None and one.until < day],
        "covers": [
            one for one in organisation.covers if code in (one.person, one.absent) and one.until > request.viewer.at
        ],
        "names": names,
        "kinds": {key: _(text) for key, text in COVER_KINDS.items()},
        "resting": [_resting(one) for one in resting if one.seen],
        "elsewhere": sum(not one.seen for one in resting),
        "accounts": people_accounts.of_person(code) if administers(request) else (),
        "password": password,
        "typed": typed,
        "faults": faults,
        "today": day,
        **_choices(organisation, uses),
    }
    return render(request, "console/people_person.html", context, status=422 if faults else 200)


def _resting(one: changes.Answering) -> Mapping[str, object]:
    """A case as the page of a person lists it, personal words masked."""
    procedure = procedures.version(one.line.procedure, one.line.law).procedure
    title = lists_rows.title(procedure, one.line)
    return {"number": one.line.number, "title": title, "answers": one.answers, "owes": one.owes}


def _typed(request: StaffRequest) -> Mapping[str, str]:
    found = {key: str(value)[:400] for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    return {"op": "", **found}


Change = Callable[[StaffRequest, Mapping[str, str], str], str]


def _carried_out(
    request: StaffRequest, known: Mapping[str, Change], typed: Mapping[str, str], code: str = ""
) -> HttpResponse:
    """Do it, say so, and show where it stands now."""
    change = known.get(typed["op"])
    if change is None:
        raise Http404(typed["op"])
    toasts.say(request, change(request, typed, code))
    if code:
        return redirect("person", code=code)
    where = {"person": "list", "cover": "covers", "end_cover": "covers"}.get(typed["op"], "")
    return redirect(reverse("people") + (f"?tab={where}" if where else ""))


def _new_person(request: StaffRequest, typed: Mapping[str, str], code: str) -> str:
    done = changes.put_person(typed, code="", actor=request.viewer.code, at=request.viewer.at)
    return _("{name}已登记，接着可以给岗位、开账号").format(name=done.name)


def _edit(request: StaffRequest, typed: Mapping[str, str], code: str) -> str:
    leaves = typed.get("active") != "yes"
    if leaves and code == request.viewer.code:
        raise Faulty({"active": _("不能停用自己：请另一位管理员来办")})
    resting = changes.answering(request.viewer, code) if leaves else ()
    if resting and typed.get("sure") != "yes":
        raise Faulty(
            {"active": several("还有 {n} 件在办的案件落在他身上（见下）：请先转派，或勾选“仍要停用”", len(resting))}
        )
    done = changes.put_person({"active": "no", **typed}, code=code, actor=request.viewer.code, at=request.viewer.at)
    return (
        _("{name}的资料已改").format(name=done.name)
        if done.active
        else _("{name}已停用，不再担任任何岗位").format(name=done.name)
    )


def _unit(request: StaffRequest, typed: Mapping[str, str], code: str) -> str:
    return _("单位“{name}”已记下").format(
        name=changes.put_unit(typed, actor=request.viewer.code, at=request.viewer.at).name
    )


def _give(request: StaffRequest, typed: Mapping[str, str], code: str) -> str:
    changes.give_position(typed, person=code, actor=request.viewer.code, at=request.viewer.at)
    return _("岗位已给，从起日起就能办这个岗位的事")


def _end(request: StaffRequest, typed: Mapping[str, str], code: str) -> str:
    changes.end_position(typed, person=code, actor=request.viewer.code, at=request.viewer.at)
    return _("岗位到这天为止")


def _cover(request: StaffRequest, typed: Mapping[str, str], code: str) -> str:
    changes.put_cover(typed, actor=request.viewer.code, at=request.viewer.at)
    return _("代理或值班已排好")


def _end_cover(request: StaffRequest, typed: Mapping[str, str], code: str) -> str:
    changes.end_cover(typed, actor=request.viewer.code, at=request.viewer.at)
    return _("代理已结束")


_ON_ALL: dict[str, Change] = {"person": _new_person, "unit": _unit, "cover": _cover, "end_cover": _end_cover}
_ON_ONE: dict[str, Change] = {"edit": _edit, "give": _give, "end": _end, "end_cover": _end_cover}
_SIGN_IN = ("account_new", "account_change")


def _sign_in(request: StaffRequest, code: str, typed: Mapping[str, str]) -> tuple[str, str]:
    """An account made or changed: (account name, password to be shown once)."""
    if typed["op"] == "account_new":
        made, password = people_accounts.create(code, typed)
        return made.username, password
    own: int = request.account.account  # type: ignore[attr-defined]  # set by SignedInMiddleware
    said, password = people_accounts.change(code, typed, own=own)
    if not password:
        toasts.say(request, said)
        return "", ""
    return Account.objects.get(pk=typed["account"]).username, password


def _choices(organisation: Organisation, uses: tuple[RoleUse, ...]) -> Mapping[str, object]:
    """What may be chosen in forms."""
    return {
        "unit_choices": [(view[0].code, "　" * view[1] + view[0].name) for view in _walk(organisation)],
        "role_choices": [
            (use.id, use.name, _("、").join(law.procedure.title for law in use.laws))
            for use in sorted(uses, key=lambda one: one.name)
        ],
        "people_choices": [
            (one.code, one.name) for one in sorted(organisation.people.values(), key=lambda one: one.name) if one.active
        ],
    }


def _walk(organisation: Organisation, parent: str = "", depth: int = 0) -> Iterator[tuple[Unit, int]]:
    """Units from the top downwards; those whose upper unit is gone stand at the top."""
    for unit in organisation.units.values():
        top = unit.parent not in organisation.units
        if (unit.parent == parent) if parent else top:
            yield unit, depth
            yield from _walk(organisation, unit.code, depth + 1)


def _tree(organisation: Organisation, uses: tuple[RoleUse, ...], at: datetime) -> Iterator[UnitView]:
    day, order = at.astimezone().date(), {use.id: place for place, use in enumerate(uses)}
    titles = {law.procedure.id: law.procedure.title for law in procedures.all_current()}
    for unit, depth in _walk(organisation):
        posts: dict[str, list[Person]] = {}
        for one in organisation.positions:
            someone = organisation.people.get(one.person)
            if one.unit == unit.code and one.on(day) and someone is not None and someone.active:
                posts.setdefault(one.role, []).append(someone)
        ordered = sorted(posts.items(), key=lambda post: order.get(post[0], len(order)))
        yield UnitView(
            unit,
            depth,
            tuple((procedures.role_name(organisation, unit.code, role), tuple(found)) for role, found in ordered),
            tuple(titles[one] for one in unit.procedures if one in titles),
            len({someone.code for found in posts.values() for someone in found}),
        )


def _listed(organisation: Organisation, names: Names, at: datetime, asked: str) -> list[tuple[Person, str]]:
    day = at.astimezone().date()
    found = []
    for one in organisation.people.values():
        posts = _("、").join(names.post(unit, role) for unit, role in organisation.held(one.code, at, day))
        if not asked or asked.casefold() in f"{one.code} {one.name} {one.phone} {posts}".casefold():
            found.append((one, posts))
    return sorted(found, key=lambda line: (not line[0].active, line[0].name))


def _covers(organisation: Organisation, at: datetime) -> list[Cover]:
    """Those that run or are to come, the next ones first."""
    return sorted((one for one in organisation.covers if one.until > at), key=lambda one: one.since)


def _history(names: Names) -> list[Happening]:
    return [
        Happening(at, names.person(actor), sentence(names, event))
        for _, at, actor, event in islice(history(), MOST_LINES)
    ]
