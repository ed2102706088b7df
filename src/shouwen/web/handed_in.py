"""What is handed in with a form: files for its fields, and signatures drawn on it, kept with the case."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from shouwen.casework import attachments
from shouwen.casework.access import Viewer
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Reason, Refusal
from shouwen.web import case_words
from shouwen.web.forms import placed

__all__ = ["against", "keep_drawings", "keep_files", "named"]


def named(procedure: Procedure, request: HttpRequest) -> QueryDict:
    """What was sent, with the names of the files as the values of their fields."""
    post = request.POST.copy()
    for name, file in _files(procedure, request):
        post[name] = file.name or ""
    return post


def against(procedure: Procedure, request: HttpRequest) -> Refusal | None:
    """Why files that were sent cannot be kept."""
    sent = ((file.name or "", _content(file)) for _, file in _files(procedure, request))
    faults = ((name, fault) for name, content in sent if (fault := attachments.fault(name, content)))
    reasons = tuple(Reason(code="file", text=case_words.file_refused(name, fault)) for name, fault in faults)
    return Refusal(reasons=reasons) if reasons else None


def keep_files(procedure: Procedure, request: HttpRequest, case_id: UUID, viewer: Viewer) -> None:
    """The files go to the case, each under the field that it is for."""
    for name, file in _files(procedure, request):
        where = placed(procedure, name, request.POST)
        if where is not None:
            content = _content(file) or b""
            attachments.add(case_id, file.name or "", content, person=viewer.code, at=viewer.at, field=where[1])


def keep_drawings(
    procedure: Procedure, request: HttpRequest, case_id: UUID, viewer: Viewer, drawings: Mapping[str, str]
) -> None:
    """The signatures go to the case, each under the field that it signs."""
    for name, url in drawings.items():
        where = placed(procedure, name, request.POST)
        if where is not None and where[0].type == "signature":
            called = _("签名-{name}.png").format(name=where[0].name)
            attachments.add_drawing(case_id, called, url, field=where[1], person=viewer.code, at=viewer.at)


def _files(procedure: Procedure, request: HttpRequest) -> list[tuple[str, UploadedFile[bytes]]]:
    """The files of fields, by the names of their controls."""
    sent = ((str(name), request.FILES.get(name)) for name in request.FILES)
    return [
        (name, file)
        for name, file in sent
        if isinstance(file, UploadedFile)
        and (where := placed(procedure, name, request.POST)) is not None
        and where[0].type == "file"
    ]


def _content(file: UploadedFile[bytes]) -> bytes | None:
    """All of it; None if that is too much."""
    if (file.size or 0) > attachments.LARGEST:
        return None
    file.seek(0)
    content: bytes = file.read()
    return content
