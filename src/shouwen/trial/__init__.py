"""Trying a procedure out: an organisation in memory that plays scripts and examples."""

from shouwen.trial.play import Outcome, play
from shouwen.trial.script import Script, load_script, read_script

__all__ = ["Outcome", "Script", "load_script", "play", "read_script"]
