"""Taking in what a customer has brought by himself: his words in the fields of the form, the moment it came in as the
moment that counts, and his files with the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from shouwen.casework import follow, incoming
from shouwen.casework.access import Viewer
from shouwen.casework.incoming import Report
from shouwen.core.procedure import Action, Procedure

__all__ = ["asked", "goes_on", "prefill"]


def asked(viewer: Viewer, raw: str, action: Action) -> Report | None:
    """The report that a form is asked for with, if he may open its case by this act."""
    try:
        report = incoming.find(viewer, UUID(raw)) if raw else None
    except ValueError:
        return None
    return report if report is not None and report.flow == action.opens else None


def prefill(report: Report, procedure: Procedure, action: Action) -> Mapping[str, Sequence[str]]:
    """What he has told, in the fields of this act: the same, or those of the same name and kind on another paper."""
    fields, found = procedure.fields, dict[str, Sequence[str]]()
    paths = [fill.path for fill in action.fills]
    for path, texts in report.typed.items():
        told = fields.get(path)
        like = [one for one in paths if told and (fields[one].name, fields[one].type) == (told.name, told.type)]
        place = path if path in paths else next(iter(like), "")
        if place:
            found[place] = texts
    if action.at is not None and action.at in paths:
        # What the customer did counts from when he did it; that it was taken in later is on record beside it.
        found[action.at] = [f"{report.came_at:%Y-%m-%dT%H:%M}"]
    return found


def goes_on(report: Report, case_id: UUID, viewer: Viewer) -> None:
    """The case goes on with it."""
    incoming.take(report.incoming_id, case_id, person=viewer.code, at=viewer.at)
    follow.hand_on(report.incoming_id, case_id)
