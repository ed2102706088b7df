"""The papers of a case: which forms have been begun, what they are numbered, how far they are filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shouwen.casework.filed import Filed
from shouwen.core.events import PaperIssued
from shouwen.core.procedure import Field, Form
from shouwen.core.scope import Scope
from shouwen.core.values import Value
from shouwen.core.world import World
from shouwen.store.append import read

__all__ = ["Numbered", "Paper", "papers", "values"]


@dataclass(frozen=True)
class Numbered:
    """A paper as it was issued; `voided_at`: its number stays used, the paper no longer counts. `values`: what stands
    on it, of a paper of which a case has several; else what stands in the case counts."""

    number: str
    issued_at: datetime
    voided_at: datetime | None
    values: Mapping[str, Value] | None = None


@dataclass(frozen=True)
class Paper:
    """A form in a case: its numbers (the last one first), and its fields that are filled, still blank, or missing.

    `printed`: it is a paper that people know, and not only marks that the rules keep for themselves."""

    form: Form
    printed: bool
    numbered: tuple[Numbered, ...]
    filled: int
    fields: int
    missing: tuple[Field, ...]

    @property
    def number(self) -> str:
        """The number under which it stands now, or ''."""
        return next((one.number for one in self.numbered if one.voided_at is None), "")

    @property
    def voided(self) -> bool:
        """Whether it was issued and then taken back."""
        return bool(self.numbered) and not self.number

    @property
    def begun(self) -> bool:
        """Whether there is anything on it."""
        return bool(self.filled or self.numbered)


def papers(filed: Filed, known: Mapping[str, Value]) -> tuple[Paper, ...]:
    """Every form of the case's procedure but registers of the organisation. `known`: as `values` gives them."""
    numbered, procedure = _numbered(filed), filed.law.procedure
    written = {fill.path.partition(".")[0] for action in procedure.actions.values() for fill in action.fills}
    return tuple(
        _paper(form, known, numbered.get(form.id, ()), form.id in written or _is_named(form))
        for form in procedure.forms.values()
        if not form.register
    )


def values(filed: Filed, world: World, at: datetime) -> dict[str, Value]:
    """What stands on the papers: values that were entered, computed ones, and those that are the same as others."""
    case, procedure = filed.case, filed.law.procedure
    scope = Scope(procedure, case, world, case, at.astimezone(procedure.zone))
    found = dict(case.values)
    for form in procedure.forms.values():
        for field in form.fields.values():
            if field.computed is not None and (value := scope.field(field.path)) not in (None, "", ()):
                found[field.path] = value
    same = {
        field.path: found[field.same_as]
        for form in procedure.forms.values()
        for field in form.fields.values()
        if field.path not in found and field.same_as in found
    }
    return found | same


def _numbered(filed: Filed) -> dict[str, tuple[Numbered, ...]]:
    kept = {(form, one.number): one.values for form, sheets in filed.case.sheets.items() for one in sheets}
    for form, sheets in filed.case.sheets.items():
        if sheets and sheets[-1].number == filed.case.issued.get(form):
            kept[form, sheets[-1].number] = {**sheets[-1].values, **_since(filed, sheets[-1])}
    found: dict[str, tuple[Numbered, ...]] = {}
    for form, number, issued, voided in read(_NUMBERED, {"case": filed.case_id}):
        one = Numbered(number, issued, voided, kept.get((form, number)))
        found[form] = (*found.get(form, ()), one)
    return found


def _since(filed: Filed, sheet: PaperIssued) -> dict[str, Value]:
    """What has been written on the last paper of a form since it was issued: in places that were blank, and in its
    rows. What was there then is not written over: that may be on the way to the next one."""
    fields = filed.law.procedure.forms[sheet.form].fields.values()
    open_still = [one.path for one in fields if one.type == "rows" or one.path not in sheet.values]
    return {path: value for path in open_still if (value := filed.case.values.get(path)) not in (None, "", ())}


_NUMBERED = """
SELECT form, number, issued_at, voided_at FROM papers
WHERE case_id = %(case)s::uuid ORDER BY issued_at DESC, number DESC
"""


def _is_named(form: Form) -> bool:
    """Whether the regulation itself speaks of the form, or it is numbered, copied or signed."""
    signed = any(field.type == "signature" for field in form.fields.values())
    return form.basis == "source" or bool(form.number or form.copies or form.alias) or signed


def _paper(form: Form, known: Mapping[str, Value], numbered: tuple[Numbered, ...], printed: bool) -> Paper:
    own = [field for field in form.fields.values() if field.path in known]
    # What only repeats another paper does not make this one begun.
    entered = [field for field in own if field.same_as is None and field.computed is None]
    missing = tuple(
        field
        for field in form.fields.values()
        if field.path not in known and not field.optional and field.needed is None and field.computed is None
    )
    filled = len(own) if entered or numbered else 0
    return Paper(form, printed or bool(numbered), numbered, filled, len(form.fields), missing)
