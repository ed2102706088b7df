"""What the judge said about a form, brought to the fields: missing ones, unreadable ones, and the rest on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shouwen.core.procedure import Procedure
from shouwen.core.reason import Missing, Reason
from shouwen.web.forms.setting import Setting
from shouwen.web.forms.views import ErrorView, FieldView, RowView
from shouwen.web.phrases import translated

__all__ = ["Faults", "of"]

#: reasons that speak of one field and begin with its name in quotes
_OF_FIELDS = frozenset(
    {"not-readable", "not-allowed", "not-your-field", "row-without-key", "row-twice", "not-as-computed"}
)
#: an empty message marks the field; its words (“请填写…”) stand in the template
MISSING = ""


@dataclass(frozen=True)
class Faults:
    """The fields with their errors, and what is summed up on top."""

    fields: tuple[FieldView, ...]
    missing: tuple[ErrorView, ...] = ()
    wrong: tuple[ErrorView, ...] = ()
    reasons: tuple[Reason, ...] = ()


def of(procedure: Procedure, fields: Sequence[FieldView], setting: Setting) -> Faults:
    """Every reason and missing field of the refusal in its place."""
    refusal = setting.refusal
    if refusal is None:
        return Faults(tuple(fields))
    found = list(fields)
    missing = [_lost(procedure, found, lost) for lost in refusal.missing]
    wrong, left = [], []
    for reason in refusal.reasons:
        href = _wrong(found, reason) if reason.code in _OF_FIELDS else ""
        if href:
            wrong.append(ErrorView(text=translated(reason.text), href=href, clauses=reason.clauses))
        else:
            left.append(reason)
    return Faults(tuple(found), tuple(missing), tuple(wrong), tuple(left))


def _lost(procedure: Procedure, fields: list[FieldView], lost: Missing) -> ErrorView:
    """Mark what is missing and say where it is."""
    href = ""
    for place, field in enumerate(fields):
        if field.path == lost.path:
            fields[place] = replace(field, errors=(*field.errors, MISSING))
            href = f"#{field.id}"
        elif lost.path.startswith(f"{field.path}.") and field.kind == "rows":
            fields[place], href = _lost_in_rows(procedure, field, lost)
    return ErrorView(text=translated(lost.place), href=href, clauses=lost.clauses)


def _lost_in_rows(procedure: Procedure, field: FieldView, lost: Missing) -> tuple[FieldView, str]:
    """The judge names the row by its key; lines without one are those that were left blank."""
    form = procedure.forms[field.path.partition(".")[0]].name
    marked, href = [], ""
    for row in field.rows:
        keyed = not row.key or lost.place.startswith(f"《{form}》{row.key}行")  # zh: as the judge names a place
        cells = []
        for cell in row.fields:
            if keyed and cell.path == lost.path and not cell.value and row.picked is not False:
                href = href or f"#{cell.id}"
                cells.append(replace(cell, errors=(MISSING,)))
            else:
                cells.append(cell)
        marked.append(replace(row, fields=tuple(cells)))
    return replace(field, rows=tuple(marked)), href or f"#{field.id}"


def _wrong(fields: list[FieldView], reason: Reason) -> str:
    """Bring the reason to the first field that it names; '' if it names none of this form."""
    for place, field in enumerate(fields):
        if reason.text.startswith(f"“{field.label}”"):
            fields[place] = replace(field, errors=(*field.errors, translated(reason.text)))
            return f"#{field.id}"
        for row in field.rows:
            cell = next((cell for cell in row.fields if reason.text.startswith(f"“{cell.label}”")), None)
            if cell is not None:
                fields[place] = _with_cell(field, row, replace(cell, errors=(*cell.errors, translated(reason.text))))
                return f"#{cell.id}"
    return ""


def _with_cell(field: FieldView, row: RowView, cell: FieldView) -> FieldView:
    cells = tuple(cell if one.name == cell.name else one for one in row.fields)
    rows = tuple(replace(one, fields=cells) if one.index == row.index else one for one in field.rows)
    return replace(field, rows=rows)
