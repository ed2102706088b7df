"""Why something was refused: every reason at once, each with its clause, who may, and what may be done instead."""

from __future__ import annotations

from dataclasses import dataclass

from shouwen.core.events import AttemptRecorded, Told

__all__ = ["Missing", "Reason", "Refusal"]


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason. `code` is stable; `who` names roles that may; `instead` acts that may be done; `case` the number of
    another case that it is about."""

    code: str
    text: str
    clauses: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    case: str = ""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A field that must be filled: its path, its words, and its place in the form."""

    path: str
    name: str
    place: str
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The command changes nothing; `record` are events that the regulation wants all the same."""

    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...] = ()
    record: tuple[AttemptRecorded | Told, ...] = ()

    @property
    def clauses(self) -> tuple[str, ...]:
        """All clauses that stand against it, in order."""
        cited = [clause for reason in self.reasons for clause in reason.clauses]
        cited += [clause for field in self.missing for clause in field.clauses]
        return tuple(dict.fromkeys(cited))
