"""What a customer does in his case: the form of an act as the regulation gives it to him, done or refused with its
clause, and everything typed kept."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shouwen.accounts.limits import TooMany
from shouwen.casework import handle
from shouwen.casework.access import Seen
from shouwen.casework.customers import Customer
from shouwen.core.commands import Act
from shouwen.core.decide import decide
from shouwen.core.events import Event
from shouwen.core.procedure import Action
from shouwen.core.reason import Reason, Refusal
from shouwen.core.world import CUSTOMER
from shouwen.portal import asked, photos
from shouwen.portal.case_page import CasePage
from shouwen.portal.reporting import KEY
from shouwen.portal.visitor import count_once, own_case, visitor
from shouwen.web import case_acting, case_acts, case_words, handed_in, toasts
from shouwen.web.case_doing import Typed, added, blank, read
from shouwen.web.forms import FormView, Setting, act_form

__all__ = ["act"]


@require_http_methods(["GET", "HEAD", "POST"])
@visitor
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of an act; sent, it is done or refused."""
    viewer, seen = own_case(request, number)
    page = CasePage(viewer, seen)
    rule = asked.for_customer(page.procedure, case_acting.rule_of(seen, action), page.roles)
    if not any(party.role in page.roles or party.table for party in rule.who):
        raise Http404  # an act that is never his does not exist
    if request.method != "POST":
        return _page(request, page, rule, blank())
    post = handed_in.named(page.procedure, request)
    typed = read(page.procedure, rule, post)
    typed = typed if KEY.fullmatch(typed.key) else replace(typed, key=uuid4().hex)
    try:
        count_once(request, "act", number)
    except TooMany as many:
        return _page(request, page, rule, typed, wait=many.minutes, status=429)
    files = photos.sent(request)
    wrong = (*photos.against(files), *_wrong(handed_in.against(page.procedure, request)))
    if wrong:
        return _page(request, page, rule, typed, refusal=Refusal(reasons=wrong), status=422)
    if typed.more:
        return _page(request, page, rule, typed)
    command = Act(
        action=rule.id,
        actor=CUSTOMER,
        values=typed.entered,
        reason=str(typed.extras.get("reason", "")),
        seen=bool(typed.extras.get("seen")),
        key=f"portal:{typed.key}",
    )
    answer = handle.act(seen.row.case_id, command, expected=case_acting.version_seen(request.POST))
    if case_acting.was_done(answer, command.key):
        handed_in.keep_files(page.procedure, request, seen.row.case_id, viewer)
        handed_in.keep_drawings(page.procedure, request, seen.row.case_id, viewer, typed.drawings)
        photos.keep(seen.row.case_id, files, viewer.at)
        if not answer.repeated:
            toasts.say(request, case_words.brought(page.procedure, rule.name, answer.events))
        return HttpResponseRedirect(reverse("portal:case", args=(number,)))
    again = CasePage(*own_case(request, number))
    status = 409 if answer.since else 422
    return _page(request, again, rule, typed, refusal=answer.refusal, others=answer.since, status=status)


def _page(
    request: HttpRequest,
    page: CasePage,
    rule: Action,
    typed: Typed,
    *,
    refusal: Refusal | None = None,
    others: tuple[Event, ...] = (),
    wait: int = 0,
    status: int = 200,
) -> HttpResponse:
    offer = page.acts.offer(rule.id)
    against = refusal or (None if offer else _against(page, rule))
    form = _form(page.viewer, page.seen, rule, typed, against) if offer or typed.entered else None
    needed, more = asked.parted(page.procedure, form) if form else (None, ())
    ways = case_acts.ways_of(page.seen, page.acts.offers, "portal:act")
    reasons = form.reasons if form else against.reasons if against else ()
    context = {
        "page": page,
        "procedure": page.procedure,
        "rule": rule,
        "form": needed,
        "more": more,
        "whys": tuple(case_acts.why(page.procedure, reason, ways) for reason in reasons),
        "others": bool(others),
        "key": typed.key,
        "version": page.case.seq,
        "most": photos.MOST,
        "wait": wait,
    }
    return render(request, "portal/act.html", context, status=status)


def _form(viewer: Customer, seen: Seen, rule: Action, typed: Typed, refusal: Refusal | None) -> FormView:
    page = CasePage(viewer, seen)
    offer = page.acts.offer(rule.id)
    setting = Setting(
        role=offer.role if offer else "",
        values=page.values,
        entered=typed.entered,
        extras=typed.extras,
        drawings=typed.drawings,
        more=added(typed.more),
        refusal=refusal,
        missing=offer.missing if offer else (),
        items=offer.items if offer else (),
        words=seen.world.words,
        at=viewer.at,
    )
    return act_form(page.procedure, rule, setting)


def _against(page: CasePage, rule: Action) -> Refusal | None:
    """Why an act is not open to him now."""
    asked_for = Act(action=rule.id, actor=CUSTOMER)
    refused = decide(page.procedure, page.case, asked_for, page.viewer.at, page.seen.world)
    return Refusal(reasons=refused.reasons) if isinstance(refused, Refusal) else None


def _wrong(refusal: Refusal | None) -> tuple[Reason, ...]:
    return refusal.reasons if refusal else ()
