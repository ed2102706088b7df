"""Secrets of the second step rest sealed: a copy of the database alone gives none away."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

__all__ = ["Unreadable", "fingerprint", "opened", "sealed"]


class Unreadable(Exception):
    """Sealed under another secret key than the one in force."""


def sealed(text: str) -> str:
    """For the database."""
    return _fernet().encrypt(text.encode()).decode("ascii")


def opened(text: str) -> str:
    """What was sealed. Raises `Unreadable`."""
    try:
        return _fernet().decrypt(text).decode()
    except InvalidToken as error:
        raise Unreadable from error


def fingerprint(purpose: str, text: str) -> bytes:
    """A digest that nobody can look up without the secret key."""
    return digest(_key(purpose), text.encode(), "sha256")


def _fernet() -> Fernet:
    return Fernet(urlsafe_b64encode(_key("totp")))


def _key(purpose: str) -> bytes:
    return sha256(f"shouwen.accounts.{purpose}:{settings.SECRET_KEY}".encode()).digest()
