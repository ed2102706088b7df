"""The loop that lets time pass: what falls due happens, what rules ask is carried, what is to be sent is sent."""

from shouwen.worker.loop import run, turn

__all__ = ["run", "turn"]
