"""The key that signs sessions and tells customers apart: from the environment, else made once and kept."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

__all__ = ["secret_key"]


def secret_key(home: Path) -> str:
    """SHOUWEN_SECRET_KEY, or the one in `home/secret-key`, which is made on the first start (readable by its owner)."""
    given = os.environ.get("SHOUWEN_SECRET_KEY")
    if given:
        return given
    place = home / "secret-key"
    if not place.exists():
        home.mkdir(parents=True, exist_ok=True)
        fresh = home / f".secret-key-{os.getpid()}"
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        fresh.chmod(0o600)
        # Two processes may start at once: the first link wins, both read the same.
        try:
            os.link(fresh, place)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return place.read_text(encoding="ascii").strip()
