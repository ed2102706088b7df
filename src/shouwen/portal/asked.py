"""What a house asks of a customer who brings something: the act's own form, as far as an outsider can fill it, few
fields first; where only staff may open, what tells who he is, where, and what the matter is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from shouwen.casework import customers
from shouwen.casework.customers import Customer
from shouwen.casework.procedures import Law
from shouwen.core.procedure import Action, Fill, Flow, Guide, Procedure
from shouwen.web.clauses import cited
from shouwen.web.forms import FieldView, FormView, SectionView

__all__ = ["Choice", "brought", "choices", "for_customer", "parted", "value_of"]

#: what a customer cannot know of himself, or that fills itself
_OF_STAFF = frozenset({"person", "people"})
_SENTENCE = re.compile(r"[^。\n]{4,90}[。]?")  # zh: the end of a sentence in a regulation
_NUMBERED = re.compile(r"^[（(][^（()）]{1,12}[）)]")  # zh: the number of a sentence


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something that may be brought to a house. `himself`: he opens the case; else it goes into the tray. `guided`:
    the case begins with questions."""

    law: Law
    flow: Flow
    action: Action
    himself: bool
    guided: bool = False

    @property
    def procedure(self) -> Procedure:
        """The regulation that it falls under."""
        return self.law.procedure

    @property
    def words(self) -> str:
        """The first sentence of the article that it rests on."""
        rule = self.action if self.himself else self.flow
        clauses = rule.clauses or self.action.clauses
        prose = cited(self.procedure, clauses[0]).prose if clauses else ""
        first = _SENTENCE.match(_NUMBERED.sub("", prose.strip()))
        return first.group().strip() if first else ""

    @property
    def name(self) -> str:
        """What it is called: the act that he does himself, or the kind of case."""
        return self.action.name if self.himself else self.flow.name


def choices(viewer: Customer, unit: str) -> tuple[Choice, ...]:
    """Everything that may be brought to this house, guides first."""
    found = [one for law in customers.laws(viewer.organisation, unit) for one in _of_law(viewer, law, unit)]
    return tuple(sorted(found, key=lambda one: (not one.guided, not one.himself)))


def for_customer(procedure: Procedure, action: Action, roles: frozenset[str]) -> Action:
    """The act with the fields that an outsider in these roles may fill."""
    return replace(action, fills=tuple(fill for fill in action.fills if _may_fill(procedure, action, fill, roles)))


def brought(procedure: Procedure, flow: Flow, action: Action) -> Action:
    """The act with what a customer tells of his matter where staff open the case: who and where, and in his own words
    what it is."""
    paths = {fill.path for fill in action.fills}
    # Where it is stands before who he is and how he is reached.
    told = sorted(flow.customer, key=lambda word: {"name": 1, "phone": 2}.get(word, 0))
    what = _matter(procedure, flow, action)
    wanted = [*([what] if what else []), *(path for word in told if (path := flow.customer[word]) in paths)]
    asked = tuple(Fill(path=path) for path in dict.fromkeys(wanted))
    return replace(action, fills=asked, together=(), at=None)


def parted(procedure: Procedure, form: FormView) -> tuple[FormView, tuple[SectionView, ...]]:
    """The form with what is needed now or soon, and what may be added, which stands folded; what is wrong or filled in
    stays in sight."""

    def first(field: FieldView) -> bool:
        soon = field.need == "optional" and not procedure.fields[field.path].optional
        filled = bool(field.value) and field.need != "auto"
        wanted = field.need in ("required", "conditional") or field.kind == "sign"
        return wanted or soon or filled or bool(field.errors)

    return replace(form, sections=_kept(form.sections, first)), _kept(form.sections, lambda field: not first(field))


def _of_law(viewer: Customer, law: Law, unit: str) -> Iterable[Choice]:
    procedure = law.procedure
    roles = customers.roles(procedure)
    own = customers.openings(viewer, law, unit)
    for flow, offer in own:
        guided = any(guide.flow == flow.id and (not guide.who or roles & set(guide.who)) for guide in _begun(procedure))
        yield Choice(law=law, flow=flow, action=procedure.actions[offer.action], himself=True, guided=guided)
    opened = {flow.id for flow, _ in own}
    for flow in procedure.flows.values():
        acts = [one for one in procedure.actions.values() if one.opens == flow.id]
        if flow.customer and acts and flow.id not in opened:
            best = max(acts, key=lambda one: _tells(flow, one))
            if _tells(flow, best):
                yield Choice(law=law, flow=flow, action=best, himself=False)


def _begun(procedure: Procedure) -> Iterable[Guide]:
    """Guides that belong to the step in which a case begins."""
    return [one for one in procedure.guides.values() if procedure.flows[one.flow].start in one.steps]


def _tells(flow: Flow, action: Action) -> int:
    """How much of who and where an act's form says."""
    paths = {fill.path for fill in action.fills}
    return sum(path in paths for path in flow.customer.values())


def _matter(procedure: Procedure, flow: Flow, action: Action) -> str:
    """The field in which the matter is told in words: a text that must be filled, of no particular person."""
    about = set(flow.customer.values())
    texts = [
        fill.path
        for fill in action.fills
        if (field := procedure.fields[fill.path]).type == "text"
        and fill.path not in about
        and field.auto is None
        and field.computed is None
        and not (field.private or field.key)
        and fill.needed is not False
        and not field.optional
    ]
    return max(texts, key=lambda path: procedure.fields[path].shortest or 0, default="")


def _may_fill(procedure: Procedure, action: Action, fill: Fill, roles: frozenset[str]) -> bool:
    field = procedure.fields[fill.path]
    if field.type in _OF_STAFF or (field.only and not roles & set(field.only)):
        return False
    if field.type == "signature" and field.sign_by and not roles & set(field.sign_by):
        return False
    # When it happened is this moment, and what only fills itself is not asked.
    return fill.path != action.at and field.auto != "number"


def _kept(sections: tuple[SectionView, ...], wanted: Callable[[FieldView], bool]) -> tuple[SectionView, ...]:
    kept = (replace(one, fields=tuple(filter(wanted, one.fields))) for one in sections)
    return tuple(one for one in kept if one.fields)


def value_of(typed: Mapping[str, Mapping[str, object]], path: str) -> str:
    """What was typed for a field, as text."""
    form, _, name = path.partition(".")
    return str(typed.get(form, {}).get(name) or "").strip()
