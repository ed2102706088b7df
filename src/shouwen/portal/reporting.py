"""Bringing something: the case is opened by the customer himself where the regulation lets him, or his report goes into
the tray of those who may open it. Sent twice, it is one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shouwen.accounts.limits import TooMany
from shouwen.casework import customers, follow, handle, incoming, papers
from shouwen.casework.customers import Customer
from shouwen.core import values
from shouwen.core.case import Case
from shouwen.core.commands import Act
from shouwen.core.procedure import Action, Guide
from shouwen.core.reason import Missing, Reason, Refusal
from shouwen.core.world import CUSTOMER
from shouwen.organisation.state import Unit
from shouwen.portal import asked, houses, photos, session
from shouwen.portal.asked import Choice
from shouwen.portal.visitor import count_once, own_case, owned, visitor
from shouwen.web import toasts
from shouwen.web.case_doing import Typed, added, read
from shouwen.web.forms import FormView, Setting, act_form
from shouwen.web.forms.field import typed_text
from shouwen.web.phrases import listed

__all__ = ["KEY", "receipt", "report", "report_state"]

#: what a form of ours has as its key; nothing else is taken for one
KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Where something is brought: the house, what, and the act as a customer fills it."""

    house: Unit
    viewer: Customer
    choice: Choice
    action: Action

    @property
    def href(self) -> str:
        """The address of its form."""
        return reverse("portal:report", args=(self.house.code, self.choice.procedure.id, self.action.id))


@require_http_methods(["GET", "HEAD", "POST"])
@visitor
def report(request: HttpRequest, unit: str, procedure: str, action: str) -> HttpResponse:
    """The form; sent, the case is opened or the report is in the tray, and the receipt follows."""
    counter = _counter(unit, procedure, action)
    if request.method != "POST":
        return _page(request, counter, _typed(counter, _known(request, counter)))
    typed = _typed(counter, request.POST)
    try:
        count_once(request, "report")
    except TooMany as many:
        return _page(request, counter, typed, wait=many.minutes, status=429)
    files = photos.sent(request)
    wrong = photos.against(files)
    if wrong:
        return _page(request, counter, typed, refusal=Refusal(reasons=wrong), status=422)
    if typed.more:
        return _page(request, counter, typed)
    into_tray = not counter.choice.himself or bool(request.POST.get("tray"))
    return (_bring if into_tray else _open)(request, counter, typed, files)


@require_safe
@visitor
def receipt(request: HttpRequest) -> HttpResponse:
    """What was just brought: its number, its code, the moment it came in, and what to do next."""
    fresh = session.receipt(request)
    about = follow.of_id(fresh[0]) if fresh is not None else None
    if fresh is None or about is None:
        return redirect("portal:follow")
    context: dict[str, object] = {"number": about.number, "code": follow.code_for(fresh[1])}
    if about.case_id is None:
        waits = incoming.of_number(about.about_id)
        assert waits is not None
        flow = waits.law.procedure.flows[waits.flow]
        context |= {"flow": flow, "procedure": waits.law.procedure, "at": waits.came_at, "waits": True}
        context["next"] = reverse("portal:brought", args=(about.number,))
    else:
        viewer, seen = own_case(request, about.number)
        procedure = seen.filed.law.procedure
        context |= {"flow": procedure.flows[seen.filed.case.flow], "procedure": procedure, "at": seen.filed.case.opened}
        context["next"] = reverse("portal:case", args=(about.number,))
        case, roles = seen.filed.case, customers.roles(procedure)
        context["guide"] = next((one for one in procedure.guides.values() if _leads(one, case, roles)), None)
        context["house"] = viewer.organisation.units.get(seen.row.unit)
    return render(request, "portal/receipt.html", context)


@require_safe
@visitor
def report_state(request: HttpRequest, number: str) -> HttpResponse:
    """A report in the tray: that it waits, or what became of it; once there is a case, that case."""
    about = next((one for one in owned(request) if one.number == number), None)
    if about is None:
        raise Http404
    if about.case_id is not None:
        case = follow.of_id(about.case_id)
        return redirect("portal:case", case.number if case else number)
    waits = incoming.of_number(about.about_id)
    if waits is None:
        raise Http404
    procedure = waits.law.procedure
    told = [
        (field.name, listed(typed))
        for path, typed in waits.typed.items()
        if (field := procedure.fields.get(path)) is not None and any(typed)
    ]
    context = {
        "report": waits,
        "procedure": procedure,
        "flow": procedure.flows[waits.flow],
        "house": customers.of_house(waits.unit).organisation.units.get(waits.unit),
        "told": told,
        "files": waits.files,
    }
    return render(request, "portal/brought.html", context)


def _open(request: HttpRequest, counter: Counter, typed: Typed, files: tuple[photos.Sent, ...]) -> HttpResponse:
    """He opens the case himself."""
    command = Act(
        action=counter.action.id,
        actor=CUSTOMER,
        values=typed.entered,
        seen=bool(typed.extras.get("seen")),
        key=f"portal:{typed.key}",
    )
    law, reason = counter.choice.law, str(typed.extras.get("reason", ""))
    answer = handle.open_case(law, handle.Opening(command=command, unit=counter.house.code))
    if answer.refusal and reason and not _meets(answer.refusal):
        # Why a rule is passed over he may say; that there is a case already he may not pass over.
        answer = handle.open_case(law, handle.Opening(command=replace(command, reason=reason), unit=counter.house.code))
    if not answer.done or answer.case_id is None:
        return _page(request, counter, typed, refusal=_veiled(answer.refusal), status=422)
    return _received(request, counter, answer.case_id, typed.key, files, again=answer.repeated)


def _bring(request: HttpRequest, counter: Counter, typed: Typed, files: tuple[photos.Sent, ...]) -> HttpResponse:
    """It goes into the tray."""
    choice, procedure = counter.choice, counter.choice.procedure
    refusal = None if choice.himself else _unfit(counter, typed)
    if refusal is not None:
        return _page(request, counter, typed, refusal=refusal, status=422)
    paths = {fill.path for fill in counter.action.fills}
    controls = {
        name: texts
        for name in request.POST
        if name in paths and any(texts := [str(one)[:4000] for one in request.POST.getlist(name)])
    }
    phone = asked.value_of(typed.entered, choice.flow.customer.get("phone", ""))
    waits = incoming.bring(
        choice.law,
        choice.flow,
        counter.action.id,
        counter.house.code,
        controls,
        phone=phone,
        key=f"portal:{typed.key}",
        at=counter.viewer.at,
    )
    assert waits.procedure == procedure.id
    return _received(request, counter, waits.incoming_id, typed.key, files, again=waits.came_at != counter.viewer.at)


def _received(
    request: HttpRequest, counter: Counter, about: UUID, key: str, files: tuple[photos.Sent, ...], *, again: bool
) -> HttpResponse:
    photos.keep(about, files, counter.viewer.at)
    follow.give(about, key, counter.viewer.at)
    if again:
        toasts.say(request, _("这张表此前已经送过，没有另开一件；要改要补，请在那一件里办"), state="soon")
    response = HttpResponseRedirect(reverse("portal:receipt"))
    session.begin(request, response, about, key=key)
    return response


def _page(
    request: HttpRequest,
    counter: Counter,
    typed: Typed,
    *,
    refusal: Refusal | None = None,
    wait: int = 0,
    status: int = 200,
) -> HttpResponse:
    form, more = asked.parted(counter.choice.procedure, _form(counter, typed, refusal))
    # An earlier case stands against it, whose number is nobody's business: staff put the two together.
    meets = counter.choice.himself and refusal is not None and _meets(refusal)
    if meets:
        form = replace(form, extras=tuple(one for one in form.extras if one.kind != "reason"))
    context = {
        "house": counter.house,
        "choice": counter.choice,
        "procedure": counter.choice.procedure,
        "counter": counter,
        "form": form,
        "more": more,
        "key": typed.key,
        "most": photos.MOST,
        "meets": meets,
        "wait": wait,
        "from": request.POST.get("from") or request.GET.get("from") or "",
        "again": bool(request.FILES),
    }
    return render(request, "portal/report.html", context, status=status)


def _form(counter: Counter, typed: Typed, refusal: Refusal | None) -> FormView:
    choice = counter.choice
    world = counter.viewer.world(choice.law, counter.house.code)
    setting = Setting(
        role=next(iter(sorted(customers.roles(choice.procedure))), ""),
        entered=typed.entered,
        extras=typed.extras,
        drawings=typed.drawings,
        more=added(typed.more),
        refusal=refusal,
        words=world.words,
        at=counter.viewer.at,
    )
    return act_form(choice.procedure, counter.action, setting)


def _counter(unit: str, procedure: str, action: str) -> Counter:
    house = houses.find(unit)
    viewer = customers.of_house(house.code)
    for choice in asked.choices(viewer, house.code):
        if (choice.procedure.id, choice.action.id) == (procedure, action):
            made = (
                asked.for_customer(choice.procedure, choice.action, customers.roles(choice.procedure))
                if choice.himself
                else asked.brought(choice.procedure, choice.flow, choice.action)
            )
            return Counter(house=house, viewer=viewer, choice=choice, action=made)
    raise Http404


def _typed(counter: Counter, post: QueryDict) -> Typed:
    typed = read(counter.choice.procedure, counter.action, post)
    return typed if KEY.fullmatch(typed.key) else replace(typed, key=uuid4().hex)


def _known(request: HttpRequest, counter: Counter) -> QueryDict:
    """What a case of his own from which he comes tells already: fields of the same name and kind."""
    post = QueryDict(mutable=True)
    wanted = str(request.GET.get("from") or "")
    if not wanted:
        return post
    viewer, seen = own_case(request, wanted)
    procedure = seen.filed.law.procedure
    known = papers.values(seen.filed, seen.world, viewer.at)
    for fill in counter.action.fills:
        field = procedure.fields.get(fill.path)
        last = fill.path.rpartition(".")[2]
        like = next((path for path in known if path.rpartition(".")[2] == last and path != fill.path), None)
        other = procedure.fields.get(like or "")
        if field is None or other is None or other.type != field.type or like is None:
            continue
        value, _ = typed_text(field, known[like])
        if isinstance(value, str) and value and (field.words is None or value in field.words):
            post[fill.path] = value
    return post


def _unfit(counter: Counter, typed: Typed) -> Refusal | None:
    """What is missing or cannot be read of what a customer tells."""
    procedure = counter.choice.procedure
    missing, wrong = list[Missing](), list[Reason]()
    for fill in counter.action.fills:
        field = procedure.fields[fill.path]
        text = asked.value_of(typed.entered, fill.path)
        if not text and not field.optional:
            place = f"“{field.name}”"
            missing.append(Missing(path=field.path, name=field.name, place=place, clauses=field.clauses))
        elif text:
            wrong += _unreadable(field.type, text, field.name, counter)
    return Refusal(missing=tuple(missing), reasons=tuple(wrong)) if missing or wrong else None


def _unreadable(kind: str, text: str, name: str, counter: Counter) -> tuple[Reason, ...]:
    try:
        values.read(kind, text, counter.choice.procedure.zone)
    except values.Unreadable as error:
        told = _("“{name}”填写有误：{why}").format(name=name, why=error)
        return (Reason(code="not-readable", text=told),)
    return ()


def _meets(refusal: Refusal) -> bool:
    """Whether an earlier case stands against it."""
    return any(one.code.endswith("-first") for one in refusal.reasons)


def _veiled(refusal: Refusal | None) -> Refusal | None:
    """Why not, without the numbers of others' cases."""
    if refusal is None:
        return None
    reasons = (
        replace(one, text=_nameless(one.text, one.case), instead=(), case="") if one.case else one
        for one in refusal.reasons
    )
    return replace(refusal, reasons=tuple(reasons))


def _leads(guide: Guide, case: Case, roles: frozenset[str]) -> bool:
    """Whether a guide is what the case begins with for its customer."""
    mine = not guide.who or not roles.isdisjoint(guide.who)
    return guide.flow == case.flow and case.step in guide.steps and mine


def _nameless(text: str, number: str) -> str:
    return text.replace(f"（{number}）", "").replace(number, "")  # zh: the brackets of the judge's sentence
