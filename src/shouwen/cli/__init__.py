"""The command `shouwen`: check, try and show procedures."""

from shouwen.cli.main import main

__all__ = ["main"]
