"""A case as one viewer reads it: by which roles he is meant in it, and what is masked for him."""

from __future__ import annotations

from collections.abc import Mapping

from shouwen.casework import looks
from shouwen.casework.access import Seen, Viewer
from shouwen.core.case import Case
from shouwen.core.procedure import Flow, Procedure, Role
from shouwen.core.values import Value
from shouwen.web import case_people
from shouwen.web.case_veil import Veil

__all__ = ["OfCase", "roles", "veil"]


class OfCase:
    """What every page of a case asks of it first."""

    seen: Seen

    @property
    def case(self) -> Case:
        """Its state."""
        return self.seen.filed.case

    @property
    def procedure(self) -> Procedure:
        """The version under which it runs."""
        return self.seen.filed.law.procedure

    @property
    def flow(self) -> Flow:
        """Its flow."""
        return self.procedure.flows[self.case.flow]


def roles(viewer: Viewer, seen: Seen) -> frozenset[str]:
    """The roles by which the viewer is meant in this case, those that fall to him included."""
    procedure = seen.filed.law.procedure
    labels = viewer.labels.get((procedure.id, seen.filed.unit), frozenset())
    meant = {label.partition("@")[0] for label in labels if label.partition("@")[0] in procedure.roles}
    named = {role.id for role in procedure.roles.values() if _named(viewer, seen, role)}
    return frozenset(meant | named)


def veil(viewer: Viewer, seen: Seen, values: Mapping[str, Value], own: frozenset[str]) -> Veil:
    """What the viewer, in these roles of his (`own`), reads of personal data."""
    procedure = seen.filed.law.procedure
    lifted = looks.open_to(seen.row.case_id, viewer.code, viewer.at)
    fields = procedure.fields
    # The same datum on another paper is no more secret than here.
    shared = {same for path in lifted if path in fields and (same := fields[path].same_as)}
    also = {path for path, field in fields.items() if field.same_as in lifted | shared}
    return Veil(procedure, values, case_people.names(viewer.organisation), frozenset(lifted | shared | also), own)


def _named(viewer: Viewer, seen: Seen, role: Role) -> bool:
    named = seen.filed.case.values.get(role.named_by or "")
    return viewer.code in (named if isinstance(named, tuple) else (named,))
