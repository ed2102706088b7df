"""Codes of problems found by proving what a compiled procedure can and cannot do."""

CODES: dict[str, str] = {}
