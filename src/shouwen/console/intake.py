"""Taking in: one screen for what somebody brings, with who he is, what he brought before and what to say to him."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.casework import access, drafts, handle, procedures
from shouwen.casework.access import Viewer
from shouwen.casework.incoming import WAITING, Report
from shouwen.casework.procedures import Law
from shouwen.console import acting, intake_aside, intake_brought
from shouwen.console.intake_aside import Aside
from shouwen.core.case import Case
from shouwen.core.commands import Act
from shouwen.core.offers import Offer, offers
from shouwen.core.procedure import Action, Flow, Procedure
from shouwen.core.reason import Refusal
from shouwen.core.world import World
from shouwen.web import case_people, case_words, handed_in, toasts
from shouwen.web.case_doing import Typed, added, as_typed, read
from shouwen.web.forms import FormView, Setting, opening_form
from shouwen.web.staff import StaffRequest, staff

__all__ = ["intake", "intake_beside", "intake_draft", "intake_form"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An act by which a case may be opened."""

    procedure: Procedure
    flow: Flow
    offer: Offer
    href: str


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where somebody takes in: the law, the act, for which desk, in which world."""

    viewer: Viewer
    law: Law
    action: Action
    desk: str
    world: World
    #: what a customer has brought and waits for this
    report: Report | None = None

    @property
    def procedure(self) -> Procedure:
        """The procedure in force."""
        return self.law.procedure

    @property
    def place(self) -> str:
        """Where drafts of it are kept."""
        return drafts.of_opening(self.procedure.id, self.action.id)

    @property
    def href(self) -> str:
        """The address of its form."""
        page = reverse("intake_form", args=(self.procedure.id, self.action.id))
        return f"{page}?incoming={self.report.incoming_id}" if self.report else page


@require_safe
@staff
def intake(request: StaffRequest) -> HttpResponse:
    """What may be taken in; where there is but one kind, its form at once."""
    choices = _choices(request.viewer)
    if len(choices) == 1:
        query = request.GET.urlencode()
        return HttpResponseRedirect(choices[0].href + (f"?{query}" if query else ""))
    return render(request, "console/intake.html", {"choices": choices, "section": "intake"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def intake_form(request: StaffRequest, procedure: str, action: str) -> HttpResponse:
    """The form of an opening; sent, the case is opened, once, or what stands against it is shown."""
    counter = _counter(request, procedure, action)
    if counter.report is not None and counter.report.state != WAITING:
        toasts.say(request, _("{number} 已有人办过").format(number=counter.report.number), state="soon")
        return HttpResponseRedirect(reverse("incoming_report", args=(counter.report.incoming_id,)))
    if request.method != "POST":
        draft = drafts.find(request.viewer.code, counter.place) if counter.report is None else None
        post = as_typed(draft.values) if draft else _given(counter, request.GET)
        if counter.report is not None:
            post = as_typed(intake_brought.prefill(counter.report, counter.procedure, counter.action))
        return _page(request, counter, _typed(counter, post), restored=draft.saved_at if draft else None)
    typed = _typed(counter, request.POST)
    if request.POST.get("fill"):
        row = str(request.POST["fill"])
        return _page(
            request, counter, intake_aside.taken_over(request.viewer, counter.procedure, counter.action, typed, row)
        )
    if typed.more or request.POST.get("look"):
        return _page(request, counter, typed)
    if against := handed_in.against(counter.procedure, request):
        return _page(request, counter, typed, refusal=against, status=422)
    sent = _typed(counter, handed_in.named(counter.procedure, request))
    answer = handle.open_case(counter.law, _opening(counter, sent, draft=(request.viewer.code, counter.place)))
    if not answer.done or answer.case_id is None:
        refusal = access.veiled(request.viewer, answer.refusal) if answer.refusal else None
        return _page(request, counter, typed, refusal=refusal, status=422)
    if counter.report is not None:
        intake_brought.goes_on(counter.report, answer.case_id, request.viewer)
    handed_in.keep_files(counter.procedure, request, answer.case_id, request.viewer)
    handed_in.keep_drawings(counter.procedure, request, answer.case_id, request.viewer, typed.drawings)
    if answer.repeated:
        toasts.say(request, case_words.opened_before(answer.number), state="soon")
    else:
        toasts.say(request, case_words.opened(answer.number))
    return HttpResponseRedirect(reverse("case", args=(answer.number,)))


@require_POST
@staff
def intake_draft(request: StaffRequest, procedure: str, action: str) -> HttpResponse:
    """Keeps what is typed; `discard` forgets it."""
    counter = _counter(request, procedure, action)
    return acting.kept(request, counter.place, counter.href)


@require_POST
@staff
def intake_beside(request: StaffRequest, procedure: str, action: str) -> HttpResponse:
    """What stands beside the form, for what is typed by now."""
    counter = _counter(request, procedure, action)
    aside = _aside(counter, _typed(counter, request.POST))
    context = {"aside": aside, "procedure": counter.procedure, "counter": counter}
    return render(request, "console/intake_beside.html", context)


def _page(
    request: StaffRequest,
    counter: Counter,
    typed: Typed,
    *,
    refusal: Refusal | None = None,
    restored: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    form = _form(counter, typed, refusal)
    context = {
        "counter": counter,
        "procedure": counter.procedure,
        "flow": counter.procedure.flows[counter.action.opens or ""],
        "form": form,
        "refusal": refusal,
        "reasons": intake_aside.whys(counter.procedure, form.reasons, typed, counter.viewer),
        "aside": _aside(counter, typed),
        "key": typed.key,
        "restored": restored,
        "desks": _desks(counter.viewer, counter.law),
        "desk": counter.desk,
        "others": len(_choices(counter.viewer)) > 1,
        "section": "intake",
    }
    return render(request, "console/intake_form.html", context, status=status)


def _form(counter: Counter, typed: Typed, refusal: Refusal | None) -> FormView:
    viewer = counter.viewer
    known = case_people.people(counter.procedure, counter.world, viewer.organisation)
    offer = _offer(counter)
    setting = Setting(
        actor=case_people.actor(viewer, known),
        role=offer.role if offer else "",
        people=known,
        entered=typed.entered,
        extras=typed.extras,
        drawings=typed.drawings,
        more=added(typed.more),
        refusal=refusal,
        words=counter.world.words,
        at=viewer.at,
    )
    if not typed.entered and offer is not None:
        setting = replace(setting, missing=offer.missing)
    return opening_form(counter.procedure, counter.action.id, setting)


def _aside(counter: Counter, typed: Typed) -> Aside:
    return intake_aside.aside(counter.viewer, counter.law, counter.world, _opening(counter, typed), typed)


def _opening(counter: Counter, typed: Typed, draft: tuple[str, str] | None = None) -> handle.Opening:
    present = typed.extras.get("present", ())
    command = Act(
        action=counter.action.id,
        actor=counter.viewer.code,
        values=typed.entered,
        present=present if isinstance(present, tuple) else (),
        reason=str(typed.extras.get("reason", "")),
        seen=bool(typed.extras.get("seen")),
        # A report becomes one case, whoever opens it.
        key=f"incoming:{counter.report.incoming_id}" if counter.report else typed.key,
    )
    return handle.Opening(command=command, unit=counter.desk, draft=draft)


def _typed(counter: Counter, post: QueryDict) -> Typed:
    return read(counter.procedure, counter.action, post)


def _given(counter: Counter, asked: QueryDict) -> QueryDict:
    """What a link brings along: fields of this form by their paths, and the caller's number."""
    post = QueryDict(mutable=True)
    paths = {fill.path for fill in counter.action.fills}
    for path in paths & set(asked):
        post.setlist(path, asked.getlist(path))
    phone = counter.procedure.flows[counter.action.opens or ""].customer.get("phone", "")
    if asked.get("phone") and phone in paths:
        post.setdefault(phone, str(asked["phone"]))
    return post


def _counter(request: StaffRequest, procedure: str, action: str) -> Counter:
    """Raises Http404 unless the viewer may open a case by this act."""
    viewer = request.viewer
    try:
        law = procedures.current(procedure)
    except KeyError:
        raise Http404 from None
    rule = law.procedure.actions.get(action)
    if rule is None or not rule.opens:
        raise Http404
    desks = _desks(viewer, law)
    asked = str(request.POST.get("desk") or request.GET.get("desk") or "")
    desk = asked if asked in dict(desks) else (desks[0][0] if desks else "")
    if not desk:
        raise Http404
    report = intake_brought.asked(viewer, request.GET.get("incoming", ""), rule)
    desk = report.unit if report else desk
    counter = Counter(viewer=viewer, law=law, action=rule, desk=desk, world=viewer.world(law, desk), report=report)
    # What is sent is judged anyway: there the refusal says who may.
    if request.method != "POST" and _offer(counter) is None:
        raise Http404
    return counter


def _offer(counter: Counter) -> Offer | None:
    found = _offers(counter.viewer, counter.law, counter.world)
    return next((one for one in found if one.action == counter.action.id), None)


def _choices(viewer: Viewer) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            procedure=law.procedure,
            flow=law.procedure.flows[opens],
            offer=offer,
            href=reverse("intake_form", args=(law.procedure.id, offer.action)),
        )
        for law in procedures.all_current()
        for desk, _ in _desks(viewer, law)[:1]
        for offer in _offers(viewer, law, viewer.world(law, desk))
        if (opens := law.procedure.actions[offer.action].opens)
    )


def _offers(viewer: Viewer, law: Law, world: World) -> tuple[Offer, ...]:
    found = offers(law.procedure, Case(), viewer.code, viewer.at, world)
    return tuple(one for one in found if not one.builtin and law.procedure.actions[one.action].opens)


def _desks(viewer: Viewer, law: Law) -> tuple[tuple[str, str], ...]:
    """The desks for which he may take in by a regulation: those of his positions, else those that he oversees."""
    organisation = viewer.organisation
    own = [desk for unit, _ in viewer.positions if (desk := organisation.desk(unit))]
    codes = list(dict.fromkeys(own)) or sorted(viewer.whole - {""})
    return tuple(
        (code, organisation.units[code].name) for code in codes if organisation.lives_by(code, law.procedure.id)
    )
