"""The form of an act: its fields by paper, each with what is known, typed and wrong."""

from __future__ import annotations

from dataclasses import replace

from shouwen.core.offers import Offer
from shouwen.core.procedure import Action, Clauses, Fill, Procedure
from shouwen.web.forms import extras, faults
from shouwen.web.forms.field import field_view
from shouwen.web.forms.post import row_paths
from shouwen.web.forms.rows import rows_view
from shouwen.web.forms.setting import Setting
from shouwen.web.forms.views import FieldView, FormView, SectionView
from shouwen.web.shown import hidden

__all__ = ["act_form", "offer_form", "opening_form"]


def offer_form(procedure: Procedure, offer: Offer, setting: Setting) -> FormView:
    """The form of an offered action (built-in acts have pages of their own)."""
    around = replace(setting, role=offer.role or setting.role, missing=offer.missing, items=offer.items)
    return act_form(procedure, procedure.actions[offer.action], around)


def opening_form(procedure: Procedure, action: str, setting: Setting) -> FormView:
    """The form of an action that opens a case."""
    return act_form(procedure, procedure.actions[action], setting)


def act_form(procedure: Procedure, action: Action, setting: Setting) -> FormView:
    """The form of an action."""
    fields = [
        _view(procedure, action, path, columns, setting)
        for path, columns in _asked(procedure, action).items()
        if not hidden(procedure, procedure.fields[path], setting.roles)
    ]
    found = faults.of(procedure, fields, setting)
    return FormView(
        action=action.id,
        name=action.name,
        sections=_sections(procedure, found.fields, action.clauses),
        missing=found.missing,
        wrong=found.wrong,
        reasons=found.reasons,
        extras=extras.of(procedure, action, setting),
        clauses=action.clauses,
        multipart=any(map(_takes_files, found.fields)),
    )


def _takes_files(field: FieldView) -> bool:
    return field.kind == "file" or any(_takes_files(cell) for row in field.rows for cell in row.fields)


def _asked(procedure: Procedure, action: Action) -> dict[str, tuple[str, ...]]:
    """The fields that an act fills, in the order of its rule; rows that it is done for come first."""
    paths = [fill.path for fill in action.fills]
    found = row_paths(procedure, paths)
    each = procedure.fields.get(action.each or "")
    if each is not None and each.type == "rows" and not action.opens:
        return {
            each.path: found.get(each.path, ()),
            **{path: cols for path, cols in found.items() if path != each.path},
        }
    return found


def _view(procedure: Procedure, action: Action, path: str, columns: tuple[str, ...], setting: Setting) -> FieldView:
    field = procedure.fields[path]
    fill = next((fill for fill in action.fills if fill.path == path), Fill(path=path))
    if field.type == "rows":
        return rows_view(procedure, action, field, columns, fill, setting)
    return field_view(procedure, field, fill, setting)


def _plain(procedure: Procedure, field: FieldView, said: Clauses) -> FieldView:
    """The field without the clauses that the act or its form cites already."""
    known = {*said, *procedure.forms[field.path.partition(".")[0]].clauses}
    return replace(field, clauses=tuple(clause for clause in field.clauses if clause not in known))


def _sections(procedure: Procedure, fields: tuple[FieldView, ...], said: Clauses) -> tuple[SectionView, ...]:
    forms = dict.fromkeys(field.path.partition(".")[0] for field in fields)
    return tuple(
        SectionView(
            form=form,
            name=procedure.forms[form].name,
            fields=tuple(_plain(procedure, one, said) for one in fields if one.path.partition(".")[0] == form),
            clauses=procedure.forms[form].clauses,
        )
        for form in forms
    )
