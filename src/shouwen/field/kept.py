"""What a telephone takes along: the pages of today's jobs, and for each all the forms that may be wanted on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import blake2b

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shouwen.core.procedure import Action
from shouwen.field import jobs, words
from shouwen.field.matter import Job, job_of
from shouwen.web import case_acting, moments
from shouwen.web.case_doing import Doing, blank
from shouwen.web.forms import Setting, act_form
from shouwen.web.staff import StaffRequest, staff

__all__ = ["LOCKED_AFTER", "kit", "pack"]

#: so long a telephone shows what it keeps without having met its server
LOCKED_AFTER = timedelta(hours=12)
_PAGES = ("field", "field_done", "field_outbox", "field_me", "field_locked")


@dataclass(frozen=True)
class Ready:
    """A form that stands ready. `now`: the act is open already; else the server says so when it arrives."""

    doing: Doing
    now: bool


@gzip_page
@require_safe
@staff
def kit(request: StaffRequest, number: str) -> HttpResponse:
    """All forms that a job may want on one page."""
    job = job_of(request.viewer, number)
    context = {"job": job, "procedure": job.procedure, "forms": _forms(job), "words": words.of_script()}
    return render(request, "field/kit.html", context)


@require_safe
@staff
def pack(request: StaffRequest) -> JsonResponse:
    """What to take along: addresses, each with a version that changes when the page does."""
    viewer, language = request.viewer, get_language() or ""
    day = f"{moments.local(viewer.at):%m%d}.{language}.{_release()}"
    found = jobs.mine(viewer)
    state = ".".join(f"{job.number}:{job.case.seq}" for job in found)
    pages = [{"url": reverse(name), "version": f"{day}.{hash_of(state)}"} for name in _PAGES]
    for job in found:
        version = f"{day}.{job.case.seq}"
        pages.append({"url": reverse("field_job", args=(job.number,)), "version": version})
        pages.append({"url": reverse("field_kit", args=(job.number,)), "version": version})
    return JsonResponse(
        {
            "person": viewer.code,
            "now": viewer.at.isoformat(),
            "locked_after": int(LOCKED_AFTER.total_seconds()),
            "jobs": len(found),
            "pages": pages,
        }
    )


def _release() -> str:
    """Changes with the style sheets and scripts: pages that were drawn for others are fetched again."""
    return hash_of(
        "".join(static(name) for name in ("web/shouwen.css", "web/shouwen.js", "field/field.css", "field/field.js"))
    )


def hash_of(state: str) -> str:
    """A short word for a state of things."""
    return blake2b(state.encode(), digest_size=6).hexdigest()


def _forms(job: Job) -> list[Ready]:
    offered, open_now = {one.action for one in job.acts.offers if not one.builtin}, {one.action for one in job.acts.now}
    around = case_acting.setting(job.viewer, job.seen)
    rules = [job.procedure.actions[one.action] for one in job.acts.now] + list(job.afterwards)
    return [
        Ready(
            case_acting.doing(job.viewer, job.seen, rule, blank(), address="field_act")
            if rule.id in offered
            else _later(job, rule, around),
            rule.id in open_now,
        )
        for rule in rules
    ]


def _later(job: Job, rule: Action, around: Setting) -> Doing:
    """The form of an act that is not open yet, as far as it can be known."""
    role = next(party.role for party in rule.who if party.role in job.roles)
    return Doing(
        action=rule,
        form=act_form(job.procedure, rule, replace(around, role=role or "")),
        refusal=None,
        version=job.case.seq,
        key=blank().key,
        href=reverse("field_act", args=(job.number, rule.id)),
        draft_href="",
        restored=None,
        roles=(),
        role="",
    )
