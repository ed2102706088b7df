"""Trying a procedure out: an organisation in memory that plays scripts and examples."""

from shouwen.trial.library import Library, library
from shouwen.trial.play import Outcome, play
from shouwen.trial.script import Script, load_script, read_script

__all__ = ["Library", "Outcome", "Script", "library", "load_script", "play", "read_script"]
