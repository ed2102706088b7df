"""Who is let in to his own case without an account: by the code on his receipt, or by one sent to his telephone."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction

from shouwen.casework import incoming, sealing, sms
from shouwen.core import values
from shouwen.core.calendar.edition import SHANGHAI
from shouwen.store import models as rows

__all__ = ["LASTS", "About", "by_code", "code_for", "give", "hand_on", "known", "of_id", "send_code", "sent_code"]

#: how long a code that was sent may be used
LASTS = timedelta(minutes=10)
#: another is sent no sooner
AGAIN = timedelta(seconds=60)
#: no letter that is taken for a figure, none that makes a word
_SIGNS = "23456789BCDFGHJKMNPQRSTVWXYZ"
_LONG = 8
_FIGURES = 6


@dataclass(frozen=True)
class About:
    """What may be followed: a case, or a report that waits for one; by its id and the number that stands for it."""

    about_id: UUID
    number: str
    case_id: UUID | None
    #: whose it is
    subject_id: UUID


def give(about_id: UUID, key: str, at: datetime) -> str:
    """The code for a receipt. The same key gives the same code, so that a form sent twice shows one; only its digest
    is kept."""
    code = code_for(key)
    rows.FollowCode.objects.get_or_create(about_id=about_id, defaults={"digest": _digest(code)})
    return code


def code_for(key: str) -> str:
    """The code that belongs to the idempotency key of a form."""
    number = int.from_bytes(_made(f"code:{key}"), "big")
    signs = []
    for _ in range(_LONG):
        number, place = divmod(number, len(_SIGNS))
        signs.append(_SIGNS[place])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def known(number: str) -> About | None:
    """What a number on a receipt, or of a case, stands for; a report that a case goes on with is that case."""
    number = number.strip().upper()
    if not number or len(number) > 60:
        return None
    report = rows.Incoming.objects.filter(number=number).first()
    if report is not None:
        return _of_report(report)
    case = rows.Case.objects.filter(number=number).order_by("opened_at").first()
    return About(case.case_id, case.number, case.case_id, case.subject_id) if case is not None else None


def of_id(about_id: UUID) -> About | None:
    """What this id stands for now."""
    report = rows.Incoming.objects.filter(incoming_id=about_id).first()
    if report is not None:
        return _of_report(report)
    case = rows.Case.objects.filter(case_id=about_id).first()
    return About(case.case_id, case.number, case.case_id, case.subject_id) if case is not None else None


def by_code(number: str, code: str, at: datetime) -> About | None:
    """What may be followed with this number and code, be it that of the receipt or the one that was sent; a code that
    was sent serves once. The same work is done for a number that does not exist."""
    about = known(number)
    place = about.about_id if about else UUID(int=0)
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    with transaction.atomic():
        held = rows.FollowCode.objects.select_for_update().filter(about_id=place).first()
        of_receipt = bytes(held.digest) if held and held.digest else b""
        fits = hmac.compare_digest(of_receipt, _digest(f"{plain[:4]}-{plain[4:]}"))
        nonce = bytes(held.nonce) if held and held.nonce and held.sent_at and at - held.sent_at <= LASTS else b""
        sent = hmac.compare_digest(_sent(place, nonce), plain.encode()) and bool(nonce)
        if held is not None and sent:
            rows.FollowCode.objects.filter(about_id=place).update(nonce=None)
    return about if about and (fits or sent) else None


def send_code(number: str, phone: str, at: datetime) -> None:
    """Send a code to the customer's telephone if the number is of something of his; nobody learns whether it was."""
    about = known(number)
    try:
        digest = sealing.phone_digest(str(values.read("phone", phone, SHANGHAI)))
    except values.Unreadable:
        return
    subject = rows.Subject.objects.filter(subject_id=about.subject_id if about else UUID(int=0)).first()
    held = bytes(subject.phone_digest) if subject and subject.phone_digest else b""
    if about is None or not hmac.compare_digest(held, digest):
        return
    with transaction.atomic():
        one, _ = rows.FollowCode.objects.select_for_update().get_or_create(about_id=about.about_id)
        if one.sent_at is not None and at - one.sent_at < AGAIN:
            return
        rows.FollowCode.objects.filter(about_id=about.about_id).update(nonce=os.urandom(16), sent_at=at)
        sms.enqueue(about.about_id)


def sent_code(about_id: UUID, at: datetime) -> tuple[str, str] | None:
    """To which telephone a code that was asked for goes, and the code; None if it has lapsed."""
    held = rows.FollowCode.objects.filter(about_id=about_id).first()
    if held is None or not held.nonce or not held.sent_at or at - held.sent_at > LASTS:
        return None
    phone = incoming.phone(about_id) or _phone(about_id)
    return (phone, _sent(about_id, bytes(held.nonce)).decode()) if phone else None


def _of_report(report: rows.Incoming) -> About:
    """A report is followed to its case if that is the customer's own; not if it was put with somebody else's."""
    case = report.case_id if report.state == incoming.TAKEN else None
    return About(report.incoming_id, report.number, case, report.subject_id)


def hand_on(about_id: UUID, case_id: UUID) -> None:
    """The code of a report lets in to its case under the number of the case, too."""
    held = rows.FollowCode.objects.filter(about_id=about_id).first()
    if held is not None:
        rows.FollowCode.objects.get_or_create(about_id=case_id, defaults={"digest": held.digest})


def _phone(case_id: UUID) -> str:
    case = rows.Case.objects.filter(case_id=case_id).first()
    return str(case.customer.get("phone", "")) if case is not None else ""


def _digest(code: str) -> bytes:
    return _made(f"digest:{code}")


def _sent(about_id: UUID, nonce: bytes) -> bytes:
    number = int.from_bytes(_made(f"sent:{about_id}:{nonce.hex()}")[:8], "big")
    return f"{number % 10**_FIGURES:0{_FIGURES}}".encode()


def _made(text: str) -> bytes:
    return hmac.digest(sha256(f"shouwen.follow:{settings.SECRET_KEY}".encode()).digest(), text.encode(), "sha256")
