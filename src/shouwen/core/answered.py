"""What a guide has been answered, in words: for papers, columns and texts."""

from __future__ import annotations

from shouwen.core.case import Answered
from shouwen.core.procedure import Guide

__all__ = ["SKIPPED", "path", "skipped"]

#: what stands in place of an answer
SKIPPED = "跳过"  # zh: recorded as an answer


def path(guide: Guide, given: tuple[Answered, ...]) -> str:
    """Every question with its answer: “有没有馈电：有；拨入听到什么：跳过（没有第二部电话）”."""
    return "；".join(f"{_question(guide, one)}：{one.word}" + _why(one) for one in given)  # zh: on paper


def skipped(guide: Guide, given: tuple[Answered, ...]) -> str:
    """The questions that were skipped, each with its reason."""
    return "；".join(_question(guide, one) + _why(one) for one in given if one.skipped)  # zh: on paper


def _question(guide: Guide, given: Answered) -> str:
    ask = guide.asks.get(given.ask)
    return (ask.text if ask else given.ask).rstrip("？?")  # zh: as the regulation asks


def _why(given: Answered) -> str:
    return f"（{given.reason}）" if given.reason else ""  # zh: on paper
