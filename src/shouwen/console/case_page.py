"""The page of a case put together: head, customer and papers, limits and what happened, what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from shouwen.casework import access, attachments, history, incoming, looks, papers
from shouwen.casework.access import Seen, Viewer
from shouwen.casework.history import CaseRow
from shouwen.casework.papers import Paper
from shouwen.core.case import Case
from shouwen.core.events import Event
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Refusal
from shouwen.core.scope import Actor, Scope
from shouwen.core.values import Value, show
from shouwen.web import case_acts, case_guides, case_limits, case_people, case_seen, case_talk, case_values, case_words
from shouwen.web.case_acts import Acts
from shouwen.web.case_doing import Doing
from shouwen.web.case_guides import Walk
from shouwen.web.case_limits import Limit, Side
from shouwen.web.case_talk import Reading, Talk
from shouwen.web.case_veil import Veil
from shouwen.web.clauses import Cited, cited
from shouwen.web.forms import Person
from shouwen.web.phrases import translated
from shouwen.web.sentences import Category, Sentence, sentence
from shouwen.web.staff import StaffRequest
from shouwen.web.timeline import tally

__all__ = ["FileRefused", "Page", "Problem", "answer"]

#: of the time line so much is drawn at once; the rest on demand
MOST_LINES = 120
#: the word that asks for the whole time line
EVERYTHING = "all"
MOST_EARLIER = 6


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A built-in act that was refused, with what was typed for it."""

    refusal: Refusal | None
    verb: str
    typed: QueryDict
    target: str = ""
    others: tuple[Event, ...] = ()


@dataclass(frozen=True)
class FileRefused:
    """A file that was not taken, and why ('': none was chosen)."""

    name: str
    fault: str

    @property
    def words(self) -> str:
        """What is said of it."""
        return case_words.file_refused(self.name, self.fault) if self.fault else _("请先选文件。")


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What the case was judged to be, as a badge: its word, and how heavy it weighs."""

    word: str
    weight: str


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An act that waits for an authority: what is asked, by whom, who decides, what the viewer may do about it."""

    authority: str
    name: str
    asked: Sentence
    deciders: str
    holders: str
    clauses: tuple[str, ...]
    verbs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A notice whose receipt is still to be recorded; `receipt`: how it was brought, '' for what one reads oneself."""

    notice: str
    item: str
    name: str
    text: str = ""
    receipt: str = ""


@dataclass(frozen=True)
class Page(case_seen.OfCase):
    """Everything that the template reads, made when it is asked for."""

    viewer: Viewer
    seen: Seen
    doing: Doing | None = None
    problem: Problem | None = None
    asked: Mapping[str, str] | None = None
    files: tuple[FileRefused, ...] = ()

    # ---- the case ----

    @property
    def row(self) -> CaseRow:
        """Its row."""
        return self.seen.row

    @property
    def title(self) -> str:
        """What it is about, without personal data."""
        return self.veil.over(self.row.title)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """What people have decided about it in tables: a grade, a kind."""
        return tuple(_marks(self.procedure, self.case))

    @property
    def step(self) -> str:
        """Where it stands."""
        return self.procedure.flows[self.case.flow].steps[self.case.step].name

    @property
    def first_contact(self) -> str:
        """Who took it in."""
        return self._called(self.case.first_contact)

    @property
    def first_post(self) -> str:
        """His post in this case's world."""
        return next((one.post for one in self.people if one.code == self.case.first_contact), "")

    @property
    def answers(self) -> str:
        """Who answers for it now."""
        return self._called(self.case.answers)

    @property
    def answering(self) -> str:
        """The people behind that role, or his post."""
        label = self.case.answers
        behind = case_people.behind(self.viewer, self.seen, label)
        return behind or next((one.post for one in self.people if one.code == label), "")

    @cached_property
    def hands(self) -> tuple[tuple[history.Hand, str], ...]:
        """The chain of hands, with names."""
        return tuple((hand, self._called(hand.who)) for hand in history.hands(self.events))

    @property
    def unit(self) -> str:
        """The desk that it belongs to."""
        unit = self.viewer.organisation.units.get(self.row.unit)
        return unit.name if unit else ""

    # ---- left: customer, papers ----

    @cached_property
    def customer(self) -> tuple[case_values.Line, ...]:
        """The customer's data as the flow names them."""
        return case_values.customer(self.veil, self.procedure.flows[self.case.flow].customer)

    @property
    def masked(self) -> bool:
        """Whether some of it is hidden."""
        return any(line.masked for line in self.customer)

    @cached_property
    def reports(self) -> tuple[incoming.Report, ...]:
        """What customers brought that this case goes on with, if the viewer may read it."""
        return tuple(one for one in incoming.of_a_case(self.row.case_id) if incoming.openings(self.viewer, one))

    @cached_property
    def earlier(self) -> tuple[CaseRow, ...]:
        """Other cases of the same person that the viewer may see."""
        found = access.cases(self.viewer).filter(subject_id=self.row.subject_id).exclude(case_id=self.row.case_id)
        return tuple(found.order_by("-opened_at")[:MOST_EARLIER])

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Cases that this one knows of: bond in words, number."""
        bonds = self.procedure.flows[self.case.flow].links
        return tuple(
            (self.procedure.flows[bonds[bond].flow].name if bond in bonds else "", number)
            for bond, numbers in self.case.links.items()
            for number in numbers
        )

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        """Every paper, begun or blank."""
        return papers.papers(self.seen.filed, self.values)

    @property
    def begun(self) -> tuple[Paper, ...]:
        """Papers with something on them."""
        return tuple(paper for paper in self.papers if paper.begun and paper.printed)

    @property
    def filed(self) -> tuple[Paper, ...]:
        """The same in the order in which they came."""
        return tuple(sorted(self.begun, key=self._came))

    @property
    def blank(self) -> tuple[Paper, ...]:
        """Papers with nothing on them, to print and fill by hand."""
        return tuple(paper for paper in self.papers if not paper.begun and paper.printed)

    @cached_property
    def attachments(self) -> tuple[attachments.Attachment, ...]:
        """Files handed in that the viewer may see, signatures left out: they stand on their papers."""
        return tuple(
            one
            for one in attachments.of_case(self.row.case_id)
            if not one.field
            or (rule := self.procedure.fields.get(one.field.partition("#")[0])) is None
            or (rule.type != "signature" and not self.veil.hides(rule))
        )

    @property
    def postings(self) -> tuple[tuple[str, int], ...]:
        """Money posted: what for, how much."""
        return tuple((self.procedure.postings[entry.posting].name, entry.amount) for entry in self.case.posted.values())

    @cached_property
    def looks(self) -> tuple[tuple[str, str, looks.Look], ...]:
        """Who looked at personal data, for those who see the whole desk."""
        if self.row.unit not in self.viewer.whole:
            return ()
        fields = self.procedure.fields
        return tuple(
            (self._called(look.person), fields[look.field].name if look.field in fields else look.field, look)
            for look in looks.of_case(self.row.case_id)
        )

    # ---- middle ----

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """All limits."""
        return case_limits.limits(self.viewer, self.seen)

    @property
    def open_limits(self) -> tuple[Limit, ...]:
        """What is owed, and what was missed last."""
        return tuple(one for one in self.limits if one.open)

    @property
    def ended_limits(self) -> tuple[Limit, ...]:
        """What is done or no longer wanted."""
        return tuple(one for one in self.limits if not one.open)

    @property
    def nearest(self) -> Limit | None:
        """What is due first."""
        return next((one for one in self.open_limits if one.deadline.due), None)

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """Rows side by side, each with its own clocks."""
        return case_limits.sides(self.viewer, self.seen, self.limits)

    @cached_property
    def sheets(self) -> tuple[case_values.Sheet, ...]:
        """What is filled in so far."""
        return case_values.sheets(self.veil, self.papers, self.case, self.roles, may_correct=True)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What happened, in words; files among it."""
        said = [self._sentence(event) for event in self.events]
        said += [
            Sentence(
                text=case_words.attached(one.name),
                happened=one.added_at,
                at=one.added_at,
                category=Category.PAPER,
                icon="clip",
                who=self._called(one.added_by),
                begins=True,
            )
            for one in self.attachments
        ]
        return tuple(sorted(said, key=lambda one: one.happened))

    @property
    def only(self) -> str:
        """What the time line is narrowed to: a category, everything (`all`), or what matters ('')."""
        wanted = (self.asked or {}).get("only", "")
        return wanted if wanted == EVERYTHING or wanted in list(Category) else ""

    @property
    def past(self) -> tuple[Sentence, ...]:
        """The sentences that were asked for, no more than are drawn at once."""
        found = self._past(self.only)
        return tuple(found) if (self.asked or {}).get("whole") else tuple(found[-MOST_LINES:])

    @property
    def whole_past(self) -> tuple[Sentence, ...]:
        """What matters of all that happened, for the file."""
        return tuple(self._past(""))

    @property
    def cut(self) -> int:
        """How many earlier ones are left out."""
        return len(self._past(self.only)) - len(self.past)

    @property
    def tabs(self) -> tuple[dict[str, object], ...]:
        """What the time line may be narrowed to, with how much there is of it."""
        counts = {"": len(self._past("")), EVERYTHING: len(self._past(EVERYTHING))}
        counts |= {category.value: n for category, n in tally(self.sentences).items() if n}
        called = {"": _("要事"), EVERYTHING: _("全部")}
        return tuple(
            {"only": only, "called": called.get(only) or _(only), "n": n, "current": only == self.only}
            for only, n in counts.items()
        )

    def _past(self, only: str) -> list[Sentence]:
        seen = [one for one in self.sentences if not one.hidden]
        if only == EVERYTHING:
            return seen
        return [one for one in seen if (one.category == only if only else _matters(one))]

    @cached_property
    def waiting(self) -> tuple[Waiting, ...]:
        """What waits for somebody's decision."""
        return tuple(self._waiting(name) for name in self.case.approvals)

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """What the viewer must acknowledge, and what he brought and whose receipt he records."""
        notices = self.procedure.notices
        mine = [
            Unread(notice=notice, item=item, name=notices[notice].name, text=self.veil.over(text))
            for notice, item, text in history.unread(self.row.case_id, self.viewer.code)
            if notice in notices
        ]
        brought = [
            Unread(notice=rule.id, item=mark.item, name=rule.name, receipt=rule.receipt)
            for rule in notices.values()
            if rule.receipt in ("delivered", "signed") and rule.sender in self.roles
            for mark in self.case.marks.get(f"notice.{rule.id}.sent", ())
            if not any(
                got.item == mark.item and got.seq > mark.seq
                for got in self.case.marks.get(f"notice.{rule.id}.received", ())
            )
        ]
        return (*mine, *brought)

    @property
    def others(self) -> tuple[Sentence, ...]:
        """What people did while the form was being filled."""
        events = self.doing.others if self.doing else self.problem.others if self.problem else ()
        return tuple(said for event in events if not (said := self._sentence(event)).hidden)

    # ---- right ----

    @cached_property
    def acts(self) -> Acts:
        """What may be done."""
        return case_acts.acts(self.viewer, self.seen, self.limits)

    @property
    def transfer_to(self) -> tuple[Person, ...]:
        """To whom the viewer may hand it over; empty if it is not his to hand over."""
        keepers = self.procedure.flows[self.case.flow].transfer_to
        mine = self.viewer.labels.get((self.procedure.id, self.seen.filed.unit), frozenset()) | {self.viewer.code}
        if self.case.closed is not None or self.case.answers not in mine or self.case.transfer is not None:
            return ()
        roles = {party.role for party in keepers if party.role}
        return tuple(
            one for one in self.people if one.code != self.viewer.code and (not roles or roles & set(one.roles))
        )

    @property
    def offered_to_me(self) -> str:
        """Who asks the viewer to take it over, and why."""
        asked = self.case.transfer
        if asked is None or asked.to != self.viewer.code:
            return ""
        return (
            _("{called}：{reason}").format(called=self._called(asked.actor), reason=asked.reason)
            if asked.reason
            else self._called(asked.actor)
        )

    @property
    def beside(self) -> tuple[str, ...]:
        """The acts whose wording and guides are shown: the one in progress, or those open now."""
        return (self.doing.action.id,) if self.doing else tuple(one.action for one in self.acts.first)

    @cached_property
    def reading(self) -> Reading:
        """The names over the case, as this viewer reads them."""
        scope = Scope(self.procedure, self.case, self.seen.world, self.case, self.viewer.at, Actor(self.viewer.code))
        return Reading(scope=scope, roles=self.roles)

    @cached_property
    def talks(self) -> tuple[Talk, ...]:
        """Wording for what is done now."""
        return case_talk.talks(self.reading, self.beside)

    @property
    def to_say(self) -> tuple[Talk, ...]:
        """What the viewer owes to say, and has not ticked off yet."""
        if self.case.closed is not None:
            return ()
        return tuple(talk for talk in self.talks if talk.needed and talk.ticks and talk.mine and not talk.said)

    @cached_property
    def walks(self) -> tuple[Walk, ...]:
        """Guides for what is done now."""
        return case_guides.walks(self.reading, self.beside, self.names, self.seen.world)

    @property
    def walks_here(self) -> tuple[Walk, ...]:
        """Guides that this step is about: those whose conclusion is needed, and others once they are walked."""
        return tuple(walk for walk in self.walks if walk.leads)

    @property
    def questioned(self) -> bool:
        """Whether a question of this step waits for the viewer's answer: it comes before any act."""
        return any(walk.open and walk.guide.fills for walk in self.walks_here)

    @property
    def walks_beside(self) -> tuple[Walk, ...]:
        """Guides beside the acts, and those that were walked earlier."""
        return tuple(walk for walk in self.walks if not walk.leads)

    @property
    def ways(self) -> Mapping[str, str]:
        """The acts that are open now: action → address."""
        return {one.action: one.href for one in self.acts.now}

    @property
    def articles(self) -> tuple[Cited, ...]:
        """The articles of what is done now: of the act in progress, or of what comes first."""
        first = self.acts.now[:1]
        clauses = self.doing.action.clauses if self.doing else first[0].clauses if first else ()
        found = [cited(self.procedure, clause) for clause in clauses]
        unique = {one.prose: one for one in found if one.prose}
        return tuple(unique.values())[:2]

    # ---- how things are called ----

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Person code → name."""
        return case_people.names(self.viewer.organisation)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody with a role in this case's world."""
        return case_people.people(self.procedure, self.seen.world, self.viewer.organisation)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles by which the viewer is meant in this case, those that fall to him included."""
        return case_seen.roles(self.viewer, self.seen)

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """What stands on the papers."""
        return papers.values(self.seen.filed, self.seen.world, self.viewer.at)

    @cached_property
    def veil(self) -> Veil:
        """What the viewer reads of personal data."""
        return case_seen.veil(self.viewer, self.seen, self.values, self.roles)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """Everything that happened."""
        return history.events(self.row.case_id)

    @cached_property
    def entered(self) -> tuple[str, ...]:
        """The steps that it went through."""
        return history.entered(self.events)

    def _came(self, paper: Paper) -> datetime:
        marks = self.case.filled
        filled = [marks[field.path].happened for field in paper.form.fields.values() if field.path in marks]
        return min([one.issued_at for one in paper.numbered] or filled or [self.viewer.at])

    def _called(self, label: str) -> str:
        return case_people.called(self.procedure, self.viewer.organisation, label)

    def _sentence(self, event: Event) -> Sentence:
        return self.veil.sentence(sentence(self.procedure, event, self.names, roles=self.roles))

    def _waiting(self, name: str) -> Waiting:
        rule, approval = self.procedure.authorities[name], self.case.approvals[name]
        level = next(level for level in rule.levels if level.id == approval.level)
        role = level.party.role or ""
        return Waiting(
            authority=name,
            name=rule.name,
            asked=self._sentence(approval.asked),
            deciders=self._called(role) or case_words.parties(self.procedure, (level.party,)),
            holders=case_people.behind(self.viewer, self.seen, role),
            clauses=rule.clauses,
            verbs=tuple(
                verb for one in self.acts.builtin for verb, _, what in [one.action.partition(" ")] if what == name
            ),
        )


def answer(
    request: StaffRequest,
    seen: Seen,
    *,
    doing: Doing | None = None,
    problem: Problem | None = None,
    files: tuple[FileRefused, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of a case, with an act in progress or a refusal in it."""
    page = Page(request.viewer, seen, doing, problem, {name: str(text) for name, text in request.GET.items()}, files)
    return render(
        request, "console/case.html", {"page": page, "procedure": page.procedure, "section": "cases"}, status=status
    )


def _matters(said: Sentence) -> bool:
    """Whether it is read by whoever wants to know what happened: what people did, where it went, what was missed."""
    return not said.by_time or said.state == "late" or said.category in (Category.HANDOVER, Category.CONTACT)


def _marks(procedure: Procedure, case: Case) -> Iterable[Mark]:
    for table in procedure.tables.values():
        columns = case.decided.get(table.id) if table.decided_by else None
        if not columns or not table.decided_by:
            continue
        for column, kind in table.gives.items():
            value, catalog = columns.get(column), procedure.catalogs.get(kind)
            if catalog is not None and isinstance(value, str):
                yield Mark(
                    word=translated(show(value)), weight=_weight(catalog.words, value) if catalog.ordered else ""
                )


def _weight(words: tuple[str, ...], word: str) -> str:
    """By form: the heaviest solid, the lightest plain."""
    if word not in words:
        return ""
    place = words.index(word)
    return "major" if place == len(words) - 1 else "deferred" if place == 0 else "minor" if place == 1 else ""
