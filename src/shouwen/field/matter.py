"""A job as the field page shows it: where, what is wrong, whom to call, what binds, and what may be done next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from django.http import Http404

from shouwen.casework import access, attachments, looks, papers, visits
from shouwen.casework.access import Seen, Viewer
from shouwen.casework.visits import Visit
from shouwen.core.calendar import span_words
from shouwen.core.clock import span_of
from shouwen.core.procedure import Action
from shouwen.core.scope import Actor, Scope
from shouwen.core.values import Value
from shouwen.web import case_acting, case_acts, case_guides, case_limits, case_people, case_seen, case_talk, case_values
from shouwen.web.case_acts import Acts, ActView
from shouwen.web.case_doing import blank
from shouwen.web.case_guides import Walk
from shouwen.web.case_limits import Limit
from shouwen.web.case_talk import Reading, Talk
from shouwen.web.case_veil import Veil
from shouwen.web.forms import offer_form

__all__ = ["Job", "job_of"]


@dataclass(frozen=True)
class Job(case_seen.OfCase):
    """Everything that the templates read, made when it is asked for. `visit`: as a list found it."""

    viewer: Viewer
    seen: Seen
    visit: Visit | None = None

    @property
    def number(self) -> str:
        """Its number."""
        return self.seen.row.number

    @property
    def step(self) -> str:
        """Where it stands."""
        return self.flow.steps[self.case.step].name

    @property
    def title(self) -> str:
        """What is wrong."""
        return self.veil.over(self.seen.row.title)

    @property
    def desk(self) -> str:
        """The desk that it belongs to."""
        unit = self.viewer.organisation.units.get(self.seen.row.unit)
        return unit.name if unit else ""

    # ---- where, and whom to call ----

    @property
    def place(self) -> str:
        """Where it is."""
        return " ".join(words for path in visits.place_paths(self.flow) if (words := self._words(path)))

    @property
    def map(self) -> str:
        """The address of the place in whatever shows maps on this telephone; '' while it is masked."""
        paths = visits.place_paths(self.flow)
        if not self.place or any(self._masked(path) for path in paths):
            return ""
        return f"geo:0,0?q={quote(f'{self.desk} {self.place}')}"

    @property
    def customer(self) -> str:
        """His name."""
        return self._words(self.flow.customer.get("name", ""))

    @property
    def phone(self) -> str:
        """His number, masked unless it is needed."""
        return self._words(self.flow.customer.get("phone", ""))

    @property
    def call(self) -> str:
        """The number to dial; '' while it is masked."""
        path = self.flow.customer.get("phone", "")
        return "" if not self.phone or self._masked(path) else f"tel:{self.phone}"

    @property
    def masked(self) -> tuple[str, ...]:
        """What of it may be asked to be seen in full."""
        return tuple(
            path
            for path in self.flow.customer.values()
            if self.values.get(path) not in (None, "") and self._masked(path)
        )

    @cached_property
    def mine(self) -> bool:
        """Whether the viewer owes something outside in it."""
        outside = visits.outside(self.seen.filed.law)
        return any(one.mine and one.deadline.task in outside for one in self.limits if one.open)

    @cached_property
    def veil(self) -> Veil:
        """What the viewer reads of personal data. Whoever is to go there needs to know where and whom to call: it is
        shown, and that is written down as a look."""
        found = case_seen.veil(self.viewer, self.seen, self.values, self.roles)
        if not self.mine:
            return found
        needed = frozenset(self.flow.customer.values()) & self.seen.filed.law.private
        for path in sorted(needed - found.lifted):
            if self.values.get(path) not in (None, ""):
                looks.look(self.seen.row.case_id, self.viewer.code, path, self.viewer.at)
        return replace(found, lifted=found.lifted | needed)

    # ---- what binds ----

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """All limits."""
        return case_limits.limits(self.viewer, self.seen)

    @property
    def binding(self) -> tuple[Limit, ...]:
        """What the viewer owes, or else what is owed outside, the nearest first."""
        own = tuple(one for one in self.limits if one.open and one.mine)
        outside = visits.outside(self.seen.filed.law)
        return own or tuple(one for one in self.limits if one.open and one.deadline.task in outside)

    @property
    def first(self) -> Limit | None:
        """What binds first."""
        return next(iter(self.binding), None)

    @property
    def appointment(self) -> tuple[datetime | None, datetime] | None:
        """From when to when he is expected, if that was agreed upon."""
        one = self.first
        return visits.appointment(self.procedure.tasks[one.deadline.task], self.case) if one else None

    # ---- what may be done ----

    @cached_property
    def acts(self) -> Acts:
        """What may be done, with this face's addresses."""
        return case_acts.acts(self.viewer, self.seen, self.limits, "field_act")

    @cached_property
    def next(self) -> ActView | None:
        """What is to be done next: of what ends the nearest limit, that which the regulation names first; if another
        act must come before it, that one. What ends nothing is never urged."""
        open_now = {one.href: one for one in self.acts.now}
        ends = [one for one in (*self.acts.now, *self.acts.later) if one.limits]
        for one in sorted(ends, key=lambda one: (one.due, one.place, -len(one.limits))):
            if not one.whys:
                return one
            ways = (open_now.get(href) for why in one.whys for _, href in why.ways)
            if first := next((way for way in ways if way is not None), None):
                return first
        return None

    @cached_property
    def key(self) -> str:
        """Under which an act that wants nothing but to be pressed is done."""
        return blank().key

    @property
    def at_a_press(self) -> bool:
        """Whether the next act wants nothing but to be pressed: all that it fills fills itself."""
        offer = self.acts.offer(self.next.action) if self.next else None
        if offer is None:
            return False
        form = offer_form(self.procedure, offer, case_acting.setting(self.viewer, self.seen))
        fields = [field for section in form.sections for field in section.fields]
        return all(field.need in ("auto", "shown") for field in fields) and not form.extras

    @property
    def others(self) -> tuple[ActView, ...]:
        """What else may be done now."""
        return tuple(one for one in self.acts.now if one is not self.next)

    @cached_property
    def afterwards(self) -> tuple[Action, ...]:
        """Acts of this flow that may become the viewer's: they stand ready for when there is no network."""
        open_now = {one.action for one in self.acts.now}
        return tuple(
            rule
            for rule in self.procedure.actions.values()
            if rule.id not in open_now
            and rule.flow == self.case.flow
            and not rule.opens
            and any(party.role in self.roles for party in rule.who)
        )

    @cached_property
    def reading(self) -> Reading:
        """The names over the case, as this viewer reads them."""
        scope = Scope(self.procedure, self.case, self.seen.world, self.case, self.viewer.at, Actor(self.viewer.code))
        return Reading(scope=scope, roles=self.roles)

    @cached_property
    def talks(self) -> tuple[Talk, ...]:
        """Wording beside what is done next; what must be said first of all."""
        beside = [self.next.action] if self.next else []
        return case_talk.talks(self.reading, beside)

    @property
    def to_say(self) -> tuple[Talk, ...]:
        """What the viewer owes to say, and has not ticked off yet."""
        return tuple(talk for talk in self.talks if talk.needed and talk.ticks and talk.mine and not talk.said)

    @property
    def questions(self) -> tuple[Walk, ...]:
        """Guides of this step whose question waits for the viewer's answer."""
        beside = [one.action for one in self.acts.now]
        found = case_guides.walks(self.reading, beside, case_people.names(self.viewer.organisation), self.seen.world)
        return tuple(walk for walk in found if walk.open and walk.leads)

    @property
    def asked_over(self) -> bool:
        """Whether he is asked to take the case over."""
        return self.case.transfer is not None and self.case.transfer.to == self.viewer.code

    @property
    def backdating(self) -> str:
        """How long afterwards the procedure lets something be recorded, in words; '' if it does not."""
        source = self.procedure.backdate
        span = span_of(source, self.reading.scope) if source else None
        held = case_people.held_roles(self.seen.world, self.viewer.code)
        allowed = not self.procedure.backdate_who or bool(held & set(self.procedure.backdate_who))
        return span_words(span) if span and allowed else ""

    @cached_property
    def sheets(self) -> tuple[case_values.Sheet, ...]:
        """What is filled in so far."""
        found = papers.papers(self.seen.filed, self.values)
        return case_values.sheets(self.veil, found, self.case, self.roles, may_correct=False)

    @cached_property
    def photos(self) -> tuple[attachments.Attachment, ...]:
        """Files handed in by the viewer."""
        found = attachments.of_case(self.seen.row.case_id)
        return tuple(one for one in found if one.added_by == self.viewer.code and not self._signature(one.field))

    # ---- how it is read ----

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles by which the viewer is meant in this case."""
        return case_seen.roles(self.viewer, self.seen)

    @cached_property
    def values(self) -> dict[str, Value]:
        """What stands on the papers."""
        return dict(papers.values(self.seen.filed, self.seen.world, self.viewer.at))

    @property
    def whose(self) -> str:
        """The colleague who owes it, by name."""
        whose = self.visit.whose if self.visit else ""
        return self.viewer.organisation.called(whose) if whose else ""

    def _words(self, path: str) -> str:
        value, field = self.values.get(path), self.procedure.fields.get(path)
        if field is None or value is None or value == "" or self.veil.hides(field):
            return ""
        return self.veil.text(field, value)

    def _masked(self, path: str) -> bool:
        field = self.procedure.fields.get(path)
        return field is not None and field.private and path not in self.veil.lifted

    def _signature(self, path: str) -> bool:
        field = self.procedure.fields.get(path.partition("#")[0])
        return field is not None and field.type == "signature"


def job_of(viewer: Viewer, number: str) -> Job:
    """The case of this number as a job; raises Http404 if it does not exist for the viewer."""
    seen = access.case(viewer, number)
    if seen is None:
        raise Http404
    return Job(viewer, seen)
