"""Acts that every procedure has, done outside: answering a guide's question, saying what is to be said, noting, taking
over."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shouwen.casework import handle
from shouwen.core.commands import BuiltIn
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Refusal
from shouwen.field.acting import foreign, pressed, scripted
from shouwen.field.matter import job_of
from shouwen.web import case_words, toasts
from shouwen.web.clauses import cited
from shouwen.web.staff import StaffRequest, staff

__all__ = ["also"]

#: what may be sent, and the values that each takes along
_VERBS: Mapping[str, tuple[str, ...]] = {
    "say": ("items",),
    "answer": ("ask", "answer", "skip"),
    "note": ("text",),
    "accept": (),
    "refuse_transfer": (),
}
_LISTS = frozenset({"items"})


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def also(request: StaffRequest, number: str, verb: str) -> HttpResponse:
    """Carries out a built-in act; refused, the job says why."""
    job = job_of(request.viewer, number)
    if verb not in _VERBS:
        raise Http404
    back = reverse("field_job", args=(number,))
    if request.method != "POST":
        return HttpResponseRedirect(back)
    if foreign(request):
        return JsonResponse({"state": "foreign"}, status=403)
    late = pressed(request, job.viewer)
    command = BuiltIn(
        verb=verb,
        actor=job.viewer.code,
        target=str(request.POST.get("target") or ""),
        values=_values(request, verb),
        reason=str(request.POST.get("reason") or "").strip(),
        seen=bool(request.POST.get("seen")),
        happened=late if job.backdating else None,
        key=str(request.POST.get("key") or "")[:64],
    )
    answer = handle.act(job.seen.row.case_id, command)
    if scripted(request):
        if answer.refusal is None:
            return JsonResponse({"state": "taken", "words": case_words.also(verb), "version": answer.case.seq})
        return JsonResponse({"state": "refused", "reasons": _reasons(job.procedure, answer.refusal)}, status=422)
    if answer.refusal is None:
        toasts.say(request, case_words.also(verb))
    for reason in answer.refusal.reasons if answer.refusal else ():
        toasts.say(request, reason.text, state="late")
    return HttpResponseRedirect(back)


def _values(request: StaffRequest, verb: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in _VERBS[verb]:
        if name in _LISTS:
            found[name] = [str(text) for text in request.POST.getlist(name)]
        elif raw := str(request.POST.get(name) or "").strip():
            found[name] = raw
    return found


def _reasons(procedure: Procedure, refusal: Refusal) -> list[dict[str, object]]:
    return [
        {"text": reason.text, "clauses": [cited(procedure, clause).number for clause in reason.clauses]}
        for reason in refusal.reasons
    ]
