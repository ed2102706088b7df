"""Procedures and courses that the tests of the pages read."""

from datetime import datetime
from functools import cache
from pathlib import Path

import shouwen.web
from shouwen.core.procedure import Procedure
from shouwen.library import library
from shouwen.trial.play import Outcome, play
from shouwen.trial.script import load_script
from shouwen.web import moments

SPECIMEN = Path(shouwen.web.__file__).parent / "specimen"


def at(text: str) -> datetime:
    """'2026-09-29 16:42' on the clock of the house."""
    return datetime.fromisoformat(text).replace(tzinfo=moments.SHANGHAI)


@cache
def complaints() -> Procedure:
    """The complaints of a property, as they come with the program."""
    shelf = library().shelf("property-complaint")
    assert shelf is not None
    procedure = shelf.compile().procedure
    assert procedure is not None
    return procedure


@cache
def specimen() -> tuple[Procedure, Outcome]:
    """The small procedure with every kind of field, and its course."""
    shelf = library(SPECIMEN).shelves[0]
    procedure = shelf.compile().procedure
    assert procedure is not None
    return procedure, play(procedure, load_script(shelf.examples[0], procedure.zone))


@cache
def course(name: str) -> Outcome:
    """One of the complaints' examples, played."""
    shelf = library().shelf("property-complaint")
    assert shelf is not None
    path = next(path for path in shelf.examples if path.stem == name)
    return play(complaints(), load_script(path, complaints().zone))
