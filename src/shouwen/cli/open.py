"""Finding and compiling the procedure that a command names."""

from __future__ import annotations

from pathlib import Path

from shouwen.core.language import Compiled
from shouwen.core.procedure import Procedure
from shouwen.library import Shelf, library

__all__ = ["compiled", "shelf"]


def shelf(name: str) -> Shelf:
    """The procedure of this name among those built in, or at this path. Raises FileNotFoundError."""
    found = library().shelf(name)
    return found or library(Path(name)).shelves[0]


def compiled(found: Shelf) -> tuple[Compiled, Procedure]:
    """The compiled procedure. Raises ValueError with the first problems if it has any."""
    result = found.compile()
    if result.procedure is None:
        first = "\n".join(f"  {p.place}: {p.code}: {p.message} {p.advice}" for p in result.problems[:5])
        raise ValueError(f"规程“{found.name}”有 {len(result.problems)} 个问题，不能运行：\n{first}")
    return result, result.procedure
