"""The second step: six digits from an app on the telephone, or a code kept on paper for the day it is lost."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from django.db import transaction

from shouwen.accounts import sealing
from shouwen.accounts.models import Account, RecoveryCode

__all__ = ["begin", "confirm", "drop", "passes", "recovery_codes_left", "uri"]

ISSUER = "首问 Shouwen"  # zh: the name in the authenticator, whatever language the page was in
STEP = 30
CODES = 8
#: without the letters and digits that are taken for one another
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def begin() -> str:
    """A new secret. It counts only after `confirm`; until then the caller keeps it."""
    return pyotp.random_base32()


def uri(account: Account, secret: str) -> str:
    """What the telephone reads from the square."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)


def confirm(account: Account, secret: str, code: str, at: datetime) -> list[str] | None:
    """The recovery codes, to be shown once; None: the code is not the secret's."""
    step = _step(secret, code, at)
    if step is None:
        return None
    codes = ["-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]
    with transaction.atomic():
        account.totp_secret, account.totp_step = sealing.sealed(secret), step
        account.save(update_fields=["totp_secret", "totp_step"])
        account.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account, one)) for one in codes)
    return codes


def drop(account: Account) -> None:
    """One step is enough again."""
    with transaction.atomic():
        account.totp_secret, account.totp_step = "", 0
        account.save(update_fields=["totp_secret", "totp_step"])
        account.recovery_codes.all().delete()


def passes(account: Account, code: str, at: datetime) -> bool:
    """Is this the code of now (or of the half minute before or after), or a recovery code? It then counts no more."""
    typed = "".join(code.split())
    if not typed.isdecimal():
        return bool(RecoveryCode.objects.filter(account=account, digest=_digest(account, code)).delete()[0])
    step = _step(sealing.opened(account.totp_secret), typed, at)
    if step is None:
        return False
    # Two requests with the same code: the row's count decides.
    return bool(Account.objects.filter(pk=account.pk, totp_step__lt=step).update(totp_step=step))


def recovery_codes_left(account: Account) -> int:
    """How many are unused."""
    return account.recovery_codes.count()


def _step(secret: str, code: str, at: datetime) -> int | None:
    """The half minute whose code this is."""
    if not (code.isascii() and len(code) == 6):
        return None
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP
    found = [step for step in (now, now - 1, now + 1) if secrets.compare_digest(totp.generate_otp(step), code)]
    return found[0] if found else None


def _digest(account: Account, code: str) -> bytes:
    plain = "".join(letter for letter in code.casefold() if letter in ALPHABET)
    return sealing.fingerprint("recovery", f"{account.pk}:{plain}")
