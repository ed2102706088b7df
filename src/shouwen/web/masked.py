"""What is personal, shown so that it can be told apart but not read off."""

from __future__ import annotations

import re

__all__ = ["mask", "masked_name", "masked_number", "masked_phone"]


def mask(text: str) -> str:
    """A private text, masked by what it looks like: a number or a name."""
    compact = re.sub(r"[\s-]", "", text)
    if re.fullmatch(r"\+?\d{7,}[\dXx]?", compact):
        return masked_phone(compact) if len(compact) <= 14 else masked_number(compact)
    return masked_name(text)


def masked_phone(number: str) -> str:
    """138 **** 2716; a short number keeps its last two digits."""
    compact = re.sub(r"[\s-]", "", number)
    if len(compact) < 7:
        return "*" * max(len(compact) - 2, 0) + compact[-2:]
    return f"{compact[:-8]} **** {compact[-4:]}".strip() if len(compact) > 8 else f"**** {compact[-4:]}"


def masked_number(number: str) -> str:
    """The first three and the last two places of an identity number."""
    return number[:3] + "*" * max(len(number) - 5, 3) + number[-2:] if len(number) > 6 else "*" * len(number)


def masked_name(name: str) -> str:
    """周**: the first character stays, as many stars as people expect; long texts do not show how long they are."""
    name = name.strip()
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3) if name else ""
