"""The examples beside each procedure are its tests; every clause is carried."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from shouwen.core.language import Compiled
from shouwen.core.language.check import prove
from shouwen.library import Shelf, library
from shouwen.trial import play, read_script

SHELVES = library().shelves
EXAMPLES = [pytest.param(shelf, path, id=f"{shelf.name}/{path.stem}") for shelf in SHELVES for path in shelf.examples]


@cache
def compiled(shelf: Shelf) -> Compiled:
    return shelf.compile()


@pytest.mark.parametrize(("shelf", "path"), EXAMPLES)
def test_an_example_goes_as_it_says(shelf: Shelf, path: Path) -> None:
    procedure = compiled(shelf).procedure
    assert procedure is not None

    outcome = play(procedure, read_script(path.read_text(encoding="utf-8"), procedure.zone))

    assert outcome.failures == []


@pytest.mark.parametrize("shelf", SHELVES, ids=[shelf.name for shelf in SHELVES])
def test_a_procedure_has_no_problem_and_every_clause_is_carried_or_shown(shelf: Shelf) -> None:
    document = compiled(shelf)
    assert document.procedure is not None
    cited: set[str] = set()
    for path in shelf.examples:
        cited |= play(document.procedure, read_script(path.read_text(encoding="utf-8"), document.procedure.zone)).cited

    problems, _, coverage = prove(document.procedure, cited=cited)

    assert [*document.problems, *problems] == []
    assert {clause: how for clause, how in coverage.items() if how not in ("rule", "shown")} == {}
