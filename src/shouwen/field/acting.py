"""Doing something outside: the form of an act, sent by the page or, later, by what it has kept while there was no
network; and photographs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shouwen.casework import attachments, drafts, filed
from shouwen.casework.access import Seen, Viewer
from shouwen.casework.handle import Answer
from shouwen.core import events as e
from shouwen.core.procedure import Action, Procedure
from shouwen.core.reason import Refusal
from shouwen.field import words
from shouwen.field.matter import Job, job_of
from shouwen.web import case_acting, case_people, moments, toasts
from shouwen.web.case_doing import Doing, as_typed, blank, read
from shouwen.web.clauses import cited
from shouwen.web.sentences import sentence
from shouwen.web.staff import StaffRequest, staff

__all__ = ["act", "foreign", "photos", "pressed", "scripted", "told", "version_after"]

#: an act that arrives so soon after it was pressed has happened now
AT_ONCE = timedelta(minutes=2)
_OF_LATENESS = frozenset({"too-late-to-record", "may-not-backdate", "no-backdating", "before-opening"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def act(request: StaffRequest, number: str, action: str) -> HttpResponse:
    """The form of an act; sent, the act is done, or refused with all that was typed."""
    job = job_of(request.viewer, number)
    rule = case_acting.rule_of(job.seen, action)
    if request.method != "POST":
        asked = as_typed({name: request.GET.getlist(name) for name in request.GET})
        typed = read(job.procedure, rule, asked) if asked else blank()
        return _page(request, job, case_acting.doing(job.viewer, job.seen, rule, typed, address="field_act"))
    if foreign(request):
        return JsonResponse({"state": "foreign"}, status=403)
    typed, against = case_acting.sent(job.viewer, job.seen, rule, request)
    moment = against or case_acting.happened(job.procedure, typed)
    if typed.more and not against:
        return _page(request, job, case_acting.doing(job.viewer, job.seen, rule, typed, address="field_act"))
    if isinstance(moment, Refusal):
        doing = case_acting.doing(job.viewer, job.seen, rule, typed, address="field_act", refusal=moment)
        return told(request, job, doing) if scripted(request) else _page(request, job, doing, status=422)
    late = pressed(request, job.viewer) if moment is None else None
    counts = late is not None and _may_be_late(job.procedure, rule, job.viewer, job.seen)
    answer = case_acting.carry_out(
        job.viewer,
        job.seen,
        rule,
        typed,
        request=request,
        moment=late if counts else moment,
        place=drafts.of_act(job.seen.row.case_id, action),
    )
    if case_acting.was_done(answer, typed.key):
        note = words.late(moments.time_of(late), counts=counts) if late is not None else ""
        said = words.brought(job.procedure, rule.name, () if answer.repeated or answer.since else answer.events)
        return _taken(request, job, answer, typed.key, said, note)
    again = job_of(request.viewer, number)
    doing = case_acting.doing(
        again.viewer, again.seen, rule, typed, address="field_act", refusal=answer.refusal, others=answer.since
    )
    if scripted(request):
        return told(request, again, doing)
    return _page(request, again, doing, status=409 if answer.since else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def photos(request: StaffRequest, number: str) -> HttpResponse:
    """Photographs for the case, each kept once however often it is sent."""
    job = job_of(request.viewer, number)
    back = reverse("field_job", args=(number,))
    if request.method != "POST":
        return HttpResponseRedirect(back)
    if foreign(request):
        return JsonResponse({"state": "foreign"}, status=403)
    taken, refused = list[str](), list[str]()
    for file in request.FILES.getlist("file"):
        data = file.read() if (file.size or 0) <= attachments.LARGEST else None
        kept: attachments.Attachment | attachments.Fault = attachments.Fault.TOO_LARGE
        if data is not None:
            kept = attachments.add(
                job.seen.row.case_id, file.name or "", data, person=job.viewer.code, at=job.viewer.at
            )
        if isinstance(kept, attachments.Fault):
            refused.append(words.photo_refused(file.name or "", kept))
        else:
            taken.append(kept.name)
    if scripted(request):
        state = "refused" if refused or not taken else "taken"
        why = [{"text": text, "clauses": []} for text in refused]
        said = words.photo_taken(tuple(taken)) if taken else ""
        return JsonResponse({"state": state, "words": said, "reasons": why}, status=422 if state == "refused" else 200)
    for text in refused:
        toasts.say(request, text, state="late")
    if taken:
        toasts.say(request, words.photo_taken(tuple(taken)))
    return HttpResponseRedirect(back)


def scripted(request: HttpRequest) -> bool:
    """Whether the page's script has sent it: it wants to know what became of it, not a page."""
    return request.headers.get("X-Requested-With") == "field"


def foreign(request: StaffRequest) -> bool:
    """Whether it was done by somebody else, who has left this telephone since: nobody acts in another's name."""
    person = request.POST.get("person")
    return bool(person) and person != request.viewer.code


def pressed(request: StaffRequest, viewer: Viewer) -> datetime | None:
    """When the act was done, if that was some time ago; a telephone's clock that runs ahead says nothing."""
    try:
        found = datetime.fromisoformat(str(request.POST.get("pressed") or ""))
    except ValueError:
        return None
    if found.tzinfo is None or not viewer.at - found > AT_ONCE:
        return None
    return found.astimezone(viewer.at.tzinfo).replace(microsecond=0)


def told(request: StaffRequest, job: Job, doing: Doing) -> JsonResponse:
    """Why an act was not done, for the page's script: in words, and as the form with everything typed."""
    context = {"job": job, "procedure": job.procedure, "doing": doing, "others": _others(job, doing)}
    state = "faster" if doing.others else "refused"
    return JsonResponse(
        {
            "state": state,
            "version": job.case.seq,
            "late": _too_late(doing),
            "reasons": _reasons(job.procedure, doing),
            "others": [said for said, _ in _others(job, doing)],
            "html": render_to_string("field/act_form.html", context, request),
        },
        status=409 if doing.others else 422,
    )


def _too_late(doing: Doing) -> bool:
    """Whether it would do to record it for now instead of for when it was done."""
    return bool(doing.refusal and {reason.code for reason in doing.refusal.reasons} & _OF_LATENESS)


def version_after(seen: Seen, answer: Answer, key: str) -> int:
    """The version of the case right after the command of this key, whatever happened since."""
    if not answer.repeated and not answer.since:
        return answer.case.seq
    _, place = answer.case.keys.get(key, ("", -1))
    ends = [
        log.seq + len(log.events)
        for log in filed.logs(seen.row.case_id)
        if log.seq <= place < log.seq + len(log.events)
    ]
    return ends[0] if ends else answer.case.seq


def _taken(request: StaffRequest, job: Job, answer: Answer, key: str, said: str, note: str) -> HttpResponse:
    if scripted(request):
        version = version_after(job.seen, answer, key)
        return JsonResponse({"state": "taken", "words": said, "note": note, "version": version})
    if not answer.repeated:
        toasts.say(request, words.noted(said, note))
    return HttpResponseRedirect(reverse("field_job", args=(job.number,)))


def _may_be_late(procedure: Procedure, rule: Action, viewer: Viewer, seen: Seen) -> bool:
    """Whether it may be recorded afterwards at all; whether it still may now, the judge says."""
    if not (rule.backdate or procedure.backdate):
        return False
    held = case_people.held_roles(seen.world, viewer.code)
    return not procedure.backdate_who or bool(held & set(procedure.backdate_who))


def _reasons(procedure: Procedure, doing: Doing) -> list[dict[str, object]]:
    form = doing.form
    if form is None:
        reasons = doing.refusal.reasons if doing.refusal else ()
        return [_reason(procedure, reason.text, reason.clauses) for reason in reasons]
    found = [_reason(procedure, why.text, why.clauses) for why in doing.whys]
    found += [_reason(procedure, lost.text, lost.clauses) for lost in (*form.missing, *form.wrong)]
    return found


def _reason(procedure: Procedure, text: str, clauses: Iterable[str]) -> dict[str, object]:
    return {"text": text, "clauses": [cited(procedure, clause).number for clause in clauses]}


def _others(job: Job, doing: Doing) -> list[tuple[str, datetime]]:
    """What people have done meanwhile, in words."""
    names = case_people.names(job.viewer.organisation)
    said = [_said(job, event, names) for event in doing.others]
    return [one for one in said if one is not None]


def _said(job: Job, event: e.Event, names: Mapping[str, str]) -> tuple[str, datetime] | None:
    one = job.veil.sentence(sentence(job.procedure, event, names, roles=job.roles))
    return None if one.hidden else (one.plain, one.happened)


def _page(request: StaffRequest, job: Job, doing: Doing, *, status: int = 200) -> HttpResponse:
    context = {
        "job": job,
        "procedure": job.procedure,
        "doing": doing,
        "others": _others(job, doing),
        "words": words.of_script(),
    }
    return render(request, "field/act.html", context, status=status)
