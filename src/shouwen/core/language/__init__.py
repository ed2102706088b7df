"""The procedure language: documents to procedures, everything wrong with its place and advice."""

from shouwen.core.language.compile import Compiled, compile_procedure
from shouwen.core.language.figures import figure_value
from shouwen.core.language.problems import Note, Place, Problem
from shouwen.core.language.shown import Entry, assembled

__all__ = ["Compiled", "Entry", "Note", "Place", "Problem", "assembled", "compile_procedure", "figure_value"]
