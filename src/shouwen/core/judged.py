"""What judging one act has found so far: reasons, missing fields, what goes on record, clauses that it passed."""

from __future__ import annotations

from dataclasses import dataclass, field

from shouwen.core import events as e
from shouwen.core.reason import Missing, Reason, Refusal

__all__ = ["Judged"]


@dataclass
class Judged:
    """What judging has found so far."""

    reasons: list[Reason] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    #: refused attempts that the regulation wants on record
    record: list[e.AttemptRecorded | e.Told] = field(default_factory=list)
    #: clauses of what was passed
    clauses: list[str] = field(default_factory=list)
    #: needs passed with a reason, or once seen
    excused: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing stands against the act."""
        return not self.reasons and not self.missing

    def refusal(self) -> Refusal:
        """Everything that stands against it, each reason and field once."""
        seen: dict[tuple[str, str], Reason] = {}
        for reason in self.reasons:
            seen.setdefault((reason.code, reason.text), reason)
        fields = {lost.place + lost.path: lost for lost in self.missing}
        return Refusal(reasons=tuple(seen.values()), missing=tuple(fields.values()), record=tuple(self.record))
