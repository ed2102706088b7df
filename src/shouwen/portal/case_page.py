"""A case as its customer sees it: where it stands and who answers for it, what binds the house now, what concerned him
so far, his papers, and what he may do. What the regulation gives him and what not comes from its rules alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from shouwen.casework import attachments, customers, history, incoming, papers
from shouwen.casework.access import Seen
from shouwen.casework.customers import Customer
from shouwen.casework.papers import Paper
from shouwen.core import events as e
from shouwen.core.procedure import Copy, Procedure, Task
from shouwen.core.scope import Actor, Scope
from shouwen.core.values import Value
from shouwen.core.world import CUSTOMER
from shouwen.portal import asked
from shouwen.portal.asked import Choice
from shouwen.web import case_acts, case_guides, case_limits, case_seen
from shouwen.web.case_acts import Acts, ActView
from shouwen.web.case_guides import Walk
from shouwen.web.case_limits import Limit
from shouwen.web.case_talk import Reading
from shouwen.web.clauses import Cited, cited
from shouwen.web.sentences import Sentence, role_label, sentence

__all__ = ["CasePage", "Ours", "PaperOf", "Unread"]

#: what he sees of what happened: what he did himself, what was told him, how the matter went on
_MATTERS = (e.CaseOpened, e.StepEntered, e.CaseClosed, e.CaseReopened, e.TaskMissed, e.MissCorrected)


@dataclass(frozen=True, kw_only=True)
class Ours:
    """What the house owes in his case: the limit with its article, and what follows if it is missed."""

    limit: Limit
    article: Cited | None

    @property
    def late(self) -> bool:
        """Whether it was missed."""
        return self.limit.due.state == "late"


@dataclass(frozen=True, kw_only=True)
class PaperOf:
    """A paper that he may see, as the copy that is his."""

    paper: Paper
    copy: Copy | None
    number: str


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Word that wants to be acknowledged."""

    notice: str
    item: str
    name: str
    text: str


@dataclass(frozen=True)
class CasePage(case_seen.OfCase):
    """Everything that the templates read, made when it is asked for."""

    viewer: Customer
    seen: Seen

    @property
    def number(self) -> str:
        """Its number."""
        return self.seen.row.number

    @property
    def title(self) -> str:
        """What it is about."""
        return self.seen.row.title

    @property
    def house(self) -> str:
        """Whose case it is."""
        unit = self.viewer.organisation.units.get(self.seen.row.unit)
        return unit.name if unit else self.viewer.organisation.name

    @property
    def step(self) -> str:
        """Where it stands."""
        return self.flow.steps[self.case.step].name

    @property
    def closed(self) -> bool:
        """Whether the work on it has ended."""
        return self.case.closed is not None

    @property
    def answers(self) -> str:
        """Who answers for it now: a post and where, never a name; '' if it is the customer's own turn."""
        return "" if self.case.answers == CUSTOMER else self._post(self.case.answers)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles in which he stands in it."""
        return customers.roles(self.procedure)

    # ---- what binds the house ----

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """All limits."""
        return case_limits.limits(self.viewer, self.seen)

    @property
    def owed_to_him(self) -> tuple[Ours, ...]:
        """What the house owes by a moment, the nearest first; nothing once the case is closed and all is done."""
        return tuple(
            Ours(limit=one, article=_article(self.procedure, one.deadline.clauses))
            for one in self.limits
            if one.open and one.deadline.due is not None and self._of_the_house(self.procedure.tasks[one.deadline.task])
        )

    @property
    def without_date(self) -> tuple[Limit, ...]:
        """What the house owes without a moment."""
        return tuple(
            one
            for one in self.limits
            if one.open and one.deadline.due is None and self._of_the_house(self.procedure.tasks[one.deadline.task])
        )

    @property
    def missed(self) -> tuple[Ours, ...]:
        """What the house missed and has done since: it stays on record."""
        return tuple(
            Ours(limit=one, article=_article(self.procedure, one.deadline.clauses))
            for one in self.limits
            if not one.open and one.deadline.missed and self._of_the_house(self.procedure.tasks[one.deadline.task])
        )

    @property
    def owed_by_him(self) -> tuple[Limit, ...]:
        """What he owes."""
        return tuple(one for one in self.limits if one.open and one.mine)

    # ---- what he may do ----

    @cached_property
    def acts(self) -> Acts:
        """What may be done by him."""
        return case_acts.acts(self.viewer, self.seen, self.limits, "portal:act")

    @property
    def acts_now(self) -> tuple[ActView, ...]:
        """The acts that are open to him."""
        return self.acts.now

    @property
    def urged(self) -> frozenset[str]:
        """Those that end what he owes himself."""
        return frozenset(one.action for one in self.acts.now if any(limit.mine for limit in one.limits))

    @property
    def acts_later(self) -> tuple[ActView, ...]:
        """Those that must wait, each with why."""
        return self.acts.later

    @cached_property
    def walks(self) -> tuple[Walk, ...]:
        """The guides that are his to answer, or that he has answered."""
        scope = Scope(self.procedure, self.case, self.seen.world, self.case, self.viewer.at, Actor(CUSTOMER))
        reading = Reading(scope=scope, roles=self.roles)
        beside = tuple(one.action for one in self.acts.now)
        found = case_guides.walks(reading, beside, self.names, self.seen.world)
        return tuple(walk for walk in found if not walk.guide.who or self.roles & set(walk.guide.who))

    @property
    def guide(self) -> Walk | None:
        """The guide that this step is about, if it is his."""
        return next((walk for walk in self.walks if walk.main and walk.here), None)

    @cached_property
    def ways_on(self) -> tuple[Choice, ...]:
        """What he may bring next under the same regulation: another kind of case than this one."""
        found = asked.choices(self.viewer, self.seen.row.unit)
        own = (one for one in found if one.procedure.id == self.procedure.id and one.himself)
        return tuple(one for one in own if one.flow.id != self.flow.id)

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """Word that wants to be acknowledged by him."""
        notices = self.procedure.notices
        found = {(notice, item): text for _, text, notice, item, receipt in self.told if receipt and notice in notices}
        return tuple(
            Unread(notice=notice, item=item, name=notices[notice].name, text=text)
            for (notice, item), text in found.items()
        )

    @cached_property
    def told(self) -> tuple[tuple[object, str, str, str, str], ...]:
        """Word that was sent to him."""
        return customers.told(self.seen.row.case_id)

    # ---- what happened ----

    @cached_property
    def events(self) -> tuple[e.Event, ...]:
        """Everything that happened."""
        return history.events(self.seen.row.case_id)

    @property
    def entered(self) -> tuple[str, ...]:
        """The steps that it went through."""
        return history.entered(self.events)

    @cached_property
    def past(self) -> tuple[Sentence, ...]:
        """What happened of which he is told."""
        said = (self._said(event) for event in self.events if self._concerns(event))
        return tuple(one for one in said if not one.hidden)

    # ---- papers and files ----

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """What stands on the papers."""
        return papers.values(self.seen.filed, self.seen.world, self.viewer.at)

    @cached_property
    def papers(self) -> tuple[PaperOf, ...]:
        """The papers that he may see: those of which a copy goes to him, once they are issued, and what he has filled
        in himself."""
        found = []
        for paper in papers.papers(self.seen.filed, self.values):
            copy = next((one for one in paper.form.copies if self.roles & set(one.to)), None)
            given = paper.form.id in self._filled
            if (copy is not None and paper.number) or (given and paper.begun and not paper.form.copies):
                found.append(PaperOf(paper=paper, copy=copy, number=paper.number))
        return tuple(found)

    @cached_property
    def files(self) -> tuple[attachments.Attachment, ...]:
        """What he has handed in himself."""
        found = attachments.of_case(self.seen.row.case_id)
        return tuple(one for one in found if one.added_by == CUSTOMER and not one.field.count("."))

    @cached_property
    def reports(self) -> tuple[incoming.Report, ...]:
        """What he brought before there was a case."""
        return incoming.of_a_case(self.seen.row.case_id)

    # ---- how things are called ----

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What people are called for a customer: by their posts."""
        posts = {code: self._post(code) for code in self.viewer.organisation.people}
        return {**posts, CUSTOMER: _("您")}

    @cached_property
    def _filled(self) -> frozenset[str]:
        """The forms that he has filled in."""
        own = [one for one in self.events if isinstance(one, e.ActDone) and one.actor == CUSTOMER]
        paths = [path for one in own for path in (*one.values, *one.rows)]
        return frozenset(path.partition(".")[0] for path in paths)

    def _said(self, event: e.Event) -> Sentence:
        said = sentence(self.procedure, event, self.names, roles=self.roles, masked=False)
        # Who took it in is said above; in which role he acts he knows.
        plain = isinstance(event, e.CaseOpened)
        own = isinstance(event, e.ActDone) and event.actor == CUSTOMER
        return replace(said, note="" if plain else said.note, post="" if own else said.post)

    def _concerns(self, event: e.Event) -> bool:
        match event:
            case e.Told():
                return CUSTOMER in event.people
            case e.ActDone() | e.NoticeReceived():
                return event.actor == CUSTOMER
            case e.GuideConcluded():
                guide = self.procedure.guides.get(event.guide)
                return guide is not None and bool(self.roles & set(guide.who))
            case e.TaskMissed() | e.MissCorrected():
                task = self.procedure.tasks.get(event.task)
                return task is not None and self._of_the_house(task)
            case e.PaperIssued() | e.PaperVoided():
                form = self.procedure.forms.get(event.form)
                return form is not None and any(self.roles & set(copy.to) for copy in form.copies)
            case _:
                return isinstance(event, _MATTERS)

    def _of_the_house(self, task: Task) -> bool:
        """Whether people of the organisation owe it, and it is not left to the customer."""
        owing = {party.role for party in task.owed_by if party.role}
        return not owing & self.roles and any(not self._outside(role) for role in owing)

    def _outside(self, role: str) -> bool:
        rule = self.procedure.roles[role]
        return rule.outside or rule.system

    def _post(self, label: str) -> str:
        """A role or role@unit in words; a person by what he holds in this case's world."""
        if label not in self.viewer.organisation.people:
            return role_label(self.procedure, label) if label else ""
        held = [one for one in self.seen.world.held_by(label) if one.role in self.procedure.roles]
        posts = [role_label(self.procedure, f"{one.role}@{one.unit}" if one.unit else one.role) for one in held]
        return _("、").join(list(dict.fromkeys(posts))[:2]) or _("工作人员")


def _article(procedure: Procedure, clauses: Iterable[str]) -> Cited | None:
    found = next(iter(clauses), "")
    return cited(procedure, found) if found else None
