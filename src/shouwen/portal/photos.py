"""Photos and other files that a customer hands in, under the limits that hold for every file of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shouwen.casework import attachments
from shouwen.core.reason import Reason
from shouwen.core.world import CUSTOMER
from shouwen.web import case_words

__all__ = ["MOST", "against", "keep", "sent"]

CONTROL = "photo"
#: so many may come at once
MOST = 6
#: and so many be with one case from its customer
MOST_OF_CASE = 30

Sent = tuple[str, bytes | None]


def sent(request: HttpRequest) -> tuple[Sent, ...]:
    """What was sent: names and contents (None: too much of it)."""
    return tuple((file.name or "", _content(file)) for file in request.FILES.getlist(CONTROL))


def against(files: Iterable[Sent]) -> tuple[Reason, ...]:
    """Why some cannot be taken."""
    found = tuple(files)
    faults = ((name, fault) for name, content in found if (fault := attachments.fault(name, content)) is not None)
    reasons = [Reason(code="file", text=case_words.file_refused(name, fault)) for name, fault in faults]
    if len(found) > MOST:
        reasons.append(Reason(code="file", text=_("一次至多 {n} 张照片").format(n=MOST)))
    return tuple(reasons)


def keep(about_id: UUID, files: Iterable[Sent], at: datetime) -> int:
    """Keep them with the case or report; the same file again is kept once. How many were new."""
    known = sum(one.added_by == CUSTOMER for one in attachments.of_case(about_id))
    kept = 0
    for name, content in files:
        if content and known + kept < MOST_OF_CASE:
            added = attachments.add(about_id, name, content, person=CUSTOMER, at=at)
            kept += isinstance(added, attachments.Attachment) and added.added_at == at
    return kept


def _content(file: UploadedFile[bytes]) -> bytes | None:
    if (file.size or 0) > attachments.LARGEST:
        return None
    file.seek(0)
    content: bytes = file.read()
    return content
