"""Where the program keeps what is its own on this machine: the embedded database, the secret key."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["home"]


def home() -> Path:
    """SHOUWEN_HOME, else `var` in the folder from which the program was started."""
    return Path(os.environ.get("SHOUWEN_HOME") or Path.cwd() / "var").resolve()
