"""What fills each field: acts, consequences, guides."""

from __future__ import annotations

from collections.abc import Iterator

from shouwen.core.language.check import walk
from shouwen.core.procedure import Procedure

__all__ = ["fillers"]


def fillers(procedure: Procedure) -> dict[str, tuple[str, ...]]:
    """Path → what fills it: `act.x`, or another rule as `kind.x`."""
    found: dict[str, list[str]] = {}
    for path, by in _filled(procedure):
        found.setdefault(path, []).append(by)
        item = procedure.fields.get(path)
        for column in item.columns.values() if item else ():
            found.setdefault(column.path, []).append(by)
    for path, those in tuple(found.items()):
        if path.count(".") == 2:
            found.setdefault(path.rpartition(".")[0], []).extend(those)
    return {path: tuple(dict.fromkeys(those)) for path, those in found.items()}


def _filled(procedure: Procedure) -> Iterator[tuple[str, str]]:
    for action in procedure.actions.values():
        own = (*(fill.path for fill in action.fills), *action.sets, *([action.at] if action.at else ()))
        yield from ((path, f"act.{action.id}") for path in own)
    for kind, rule in walk.rules(procedure):
        for consequence in walk.consequences(walk.inside(rule)):
            by = f"act.{rule.id}" if kind == "action" else f"{kind}.{rule.id}"
            yield from ((path, by) for path in consequence.values if path in procedure.fields)
    for guide in procedure.guides.values():
        if guide.fills:
            yield guide.fills, f"guide.{guide.id}"
        for ask in guide.asks.values():
            for reply in ask.ways:
                yield from ((path, f"guide.{guide.id}") for path in reply.values)
