"""One act on many cases: what all of them allow, and what has become of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shouwen.casework import access, handle
from shouwen.casework.access import Seen, Viewer
from shouwen.casework.handle import Answer
from shouwen.console.case_page import Page
from shouwen.core.commands import Act, BuiltIn
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Reason
from shouwen.web.forms import Person
from shouwen.web.staff import StaffRequest, staff

__all__ = ["bulk", "bulk_do", "bulk_offers"]

T = TypeVar("T")

#: so many cases are done with at once
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An act that all selected cases allow. `asks`: what must be typed for it (to, reason, text)."""

    id: str
    name: str
    clauses: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Picked:
    """A selected case, with the version that was seen."""

    page: Page
    version: int

    @property
    def value(self) -> str:
        """As it stands in a form."""
        return f"{self.page.row.case_id}:{self.version}"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The cases that were selected, what all of them allow, and to whom all of them may go."""

    picked: tuple[Picked, ...]
    choices: tuple[Choice, ...]
    people: tuple[Person, ...]
    left_out: int = 0

    def choice(self, wanted: str) -> Choice | None:
        """The act of this id, if all allow it."""
        return next((one for one in self.choices if one.id == wanted), None)

    @property
    def procedure(self) -> Procedure | None:
        """Their procedure, if it is one."""
        found = {one.page.procedure.id: one.page.procedure for one in self.picked}
        return next(iter(found.values())) if len(found) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one case. `state`: done, refused or late (somebody was faster)."""

    number: str
    href: str
    title: str
    state: str
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    procedure: Procedure | None = None


@require_POST
@staff
def bulk_offers(request: StaffRequest) -> HttpResponse:
    """The buttons of the bar: what all selected cases allow."""
    return render(request, "console/list_bulk_acts.html", {"selection": _selection(request.viewer, request.POST)})


@require_POST
@staff
def bulk(request: StaffRequest) -> HttpResponse:
    """Which act, and what it asks for, before it is done to all selected cases."""
    selection = _selection(request.viewer, request.POST)
    return _asks(request, selection, selection.choice(request.POST.get("choose", "")))


@require_POST
@staff
def bulk_do(request: StaffRequest) -> HttpResponse:
    """Does it, one command for each case with a key of its own: sent again, it answers as it did. No redirect: the
    outcome belongs to this sending."""
    viewer, post = request.viewer, request.POST
    token = "".join(filter(str.isalnum, post.get("token", "")))[:40] or uuid4().hex
    picked = _picked(viewer, post.getlist("case"))
    wanted, faults = post.get("choose", ""), _faults(post)
    if faults or not picked:
        selection = _selection(viewer, post)
        return _asks(request, selection, selection.choice(wanted), faults, status=422)
    outcomes = [_done(viewer, one, wanted, post, token) for one in picked]
    context = {
        "outcomes": sorted(outcomes, key=lambda one: one.state == "done"),
        "done": sum(one.state == "done" for one in outcomes),
        "failed": sum(one.state != "done" for one in outcomes),
        "name": post.get("name", "")[:60] or wanted,
        "back": _back(request),
        "section": "cases",
    }
    return render(request, "console/list_bulk_done.html", context)


def _asks(
    request: StaffRequest,
    selection: Selection,
    choice: Choice | None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "selection": selection,
        "choice": choice,
        "faults": faults or {},
        "typed": request.POST,
        "token": request.POST.get("token") or uuid4().hex,
        "back": _back(request),
        "section": "cases",
    }
    return render(request, "console/list_bulk.html", context, status=status)


def _selection(viewer: Viewer, post: QueryDict) -> Selection:
    asked = post.getlist("case")
    picked = _picked(viewer, asked)
    people = _together([page.page.transfer_to for page in picked])
    return Selection(
        picked=picked, choices=_choices(viewer, picked, people), people=people, left_out=max(0, len(asked) - MOST)
    )


def _picked(viewer: Viewer, values: Sequence[str]) -> tuple[Picked, ...]:
    """The selected cases that exist for him, each once."""
    found: dict[UUID, Picked] = {}
    for value in values[:MOST]:
        raw, _, version = value.partition(":")
        try:
            case_id = UUID(raw)
        except ValueError:
            continue
        seen = access.case_by_id(viewer, case_id) if case_id not in found else None
        if seen is not None:
            number = int(version) if version.isdecimal() and len(version) < 10 else seen.filed.case.seq
            found[case_id] = Picked(page=Page(viewer, seen), version=number)
    return tuple(found.values())


def _choices(viewer: Viewer, picked: tuple[Picked, ...], people: tuple[Person, ...]) -> tuple[Choice, ...]:
    if not picked:
        return ()
    found = list(_together([_simple(one.page) for one in picked]))
    if people:
        found.append(Choice(id="transfer", name=_("转派"), asks=("to", "reason"), icon="swap"))
    if all(one.page.unread for one in picked):
        found.append(Choice(id="read", name=_("确认收到"), icon="check"))
    if all(_has_post(viewer, one.page.seen) for one in picked):
        found.append(Choice(id="note", name=_("记一笔"), asks=("text",), icon="pen"))
    return tuple(found)


def _simple(page: Page) -> tuple[Choice, ...]:
    """What this case allows that asks for nothing: acts without fields to fill, a yes to what waits, taking over."""
    found = []
    for offer in page.acts.offers:
        if offer.missing or offer.unmet or offer.items:
            continue
        if offer.builtin:
            verb, _, target = offer.action.partition(" ")
            if verb in ("approve", "accept"):
                found.append(Choice(id=f"{verb}:{target}", name=offer.name, clauses=offer.clauses, icon="check"))
        else:
            rule = page.procedure.actions[offer.action]
            if not rule.each and not rule.together:
                wanted = f"act:{page.procedure.id}:{offer.action}"
                found.append(Choice(id=wanted, name=offer.name, clauses=offer.clauses))
    return tuple(found)


def _together(each: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """What all have, in the order of the first."""
    lists = list(each)
    return tuple(one for one in lists[0] if all(one in other for other in lists[1:])) if lists else ()


def _has_post(viewer: Viewer, seen: Seen) -> bool:
    return bool(seen.world.held_by(viewer.code))


def _faults(post: QueryDict) -> dict[str, str]:
    """What is still to be typed, by its name."""
    choose = post.get("choose", "")
    found = {}
    if choose == "transfer" and not post.get("to"):
        found["to"] = _("请选转给谁")
    if choose == "note" and not post.get("text", "").strip():
        found["text"] = _("请写要记的内容")
    if not choose:
        found["choose"] = _("请选要办的事")
    return found


def _done(viewer: Viewer, picked: Picked, wanted: str, post: QueryDict, token: str) -> Outcome:
    page = picked.page
    commands = _commands(viewer, page, wanted, post, token)
    answers = [
        handle.act(page.row.case_id, command, expected=None if place else picked.version)
        for place, command in enumerate(commands)
    ]
    # What came since may be this very command, sent before: its key tells.
    keys = {command.key for command in commands}
    return _outcome(page, answers, faster=any(one.since and not keys & set(one.case.keys) for one in answers))


def _commands(viewer: Viewer, page: Page, wanted: str, post: QueryDict, token: str) -> tuple[Act | BuiltIn, ...]:
    """What is asked of one case; its key is the sending's and the case's own."""
    verb, _, target = wanted.partition(":")
    key = f"bulk:{token}:{page.row.case_id}"
    if verb == "act":
        return (Act(action=target.rpartition(":")[2], actor=viewer.code, key=key),)
    if verb == "read":
        return tuple(
            BuiltIn(
                verb="read",
                actor=viewer.code,
                target=one.notice,
                values={"item": one.item},
                key=f"{key}:{one.notice}:{one.item}",
            )
            for one in page.unread
        ) or (BuiltIn(verb="read", actor=viewer.code, key=key),)
    values = {"transfer": {"to": _typed(post, "to")}, "note": {"text": _typed(post, "text")}}.get(verb, {})
    reason = _typed(post, "reason") if verb == "transfer" else ""
    return (BuiltIn(verb=verb, actor=viewer.code, target=target, values=values, reason=reason, key=key),)


def _outcome(page: Page, answers: list[Answer], *, faster: bool) -> Outcome:
    refused = next((one.refusal for one in answers if one.refusal is not None), None)
    return Outcome(
        number=page.row.number,
        href=reverse("case", args=(page.row.number,)),
        title=page.title,
        state="refused" if refused else "late" if faster else "done",
        reasons=refused.reasons if refused else (),
        missing=tuple(one.name for one in refused.missing) if refused else (),
        procedure=page.procedure,
    )


def _typed(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\x00", "").strip()[:2000]


def _back(request: StaffRequest) -> str:
    """Where the list was that the cases were selected in."""
    back = request.POST.get("back", "")
    safe = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if safe else reverse("cases")
