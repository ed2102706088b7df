"""Files handed in with a case: taken by what they are, not by what they are called, and given back unchanged."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import PurePosixPath
from uuid import UUID

from shouwen.casework.identity import uuid7
from shouwen.store import models as rows
from shouwen.store.append import read

__all__ = ["LARGEST", "Attachment", "Fault", "add", "add_drawing", "content", "drawn", "fault", "of_case"]

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 120


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    UNKNOWN = "unknown-kind"
    MACROS = "with-macros"


#: how files of a kind begin, and what they are
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"ID3", "audio/mpeg", ".mp3"),
    (b"\xff\xfb", "audio/mpeg", ".mp3"),
    (b"\xff\xf3", "audio/mpeg", ".mp3"),
    (b"\xff\xf2", "audio/mpeg", ".mp3"),
    (b"OggS", "audio/ogg", ".ogg"),
    (b"fLaC", "audio/flac", ".flac"),
    (b"#!AMR", "audio/amr", ".amr"),
)
#: RIFF and ISO files say at their eighth and fourth byte what they hold
_RIFF = {b"WEBP": ("image/webp", ".webp"), b"WAVE": ("audio/wav", ".wav")}
_BRANDS = {
    b"heic": ("image/heic", ".heic"),
    b"heix": ("image/heic", ".heic"),
    b"mif1": ("image/heif", ".heif"),
    b"avif": ("image/avif", ".avif"),
    b"M4A ": ("audio/mp4", ".m4a"),
}
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OFFICE = {
    "word/document.xml": (f"{_OPEN_XML}.wordprocessingml.document", ".docx"),
    "xl/workbook.xml": (f"{_OPEN_XML}.spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": (f"{_OPEN_XML}.presentationml.presentation", ".pptx"),
}
_OPEN_DOCUMENT = {
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_OLE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".wps": "application/vnd.ms-works",
    ".et": "application/vnd.ms-excel",
}
_TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".md": "text/plain", ".log": "text/plain"}
#: other endings under which a kind goes
_ALSO = {".jpeg": ".jpg", ".jpe": ".jpg", ".oga": ".ogg", ".opus": ".ogg", ".mp4": ".m4a", ".heif": ".heic"}
_DRAWING = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


@dataclass(frozen=True)
class Attachment:
    """A file without its content; `field`: the signature that it draws, or the field that it was handed in for, of a
    column with the key of the row (`form.rows.column#key`)."""

    attachment_id: UUID
    name: str
    media_type: str
    size: int
    field: str
    added_by: str
    added_at: datetime


def add(case_id: UUID, name: str, data: bytes, *, person: str, at: datetime, field: str = "") -> Attachment | Fault:
    """Keep a file with a case; the same file again is kept once. A word says why it is not taken."""
    against = fault(name, data)
    kind = _kind(name, data)
    if against is not None or isinstance(kind, Fault):
        return against or Fault.UNKNOWN
    media_type, ending = kind
    digest = sha256(data).digest()
    row = rows.Attachment.objects.filter(case_id=case_id, digest=digest, field=field).first()
    if row is None:
        row = rows.Attachment.objects.create(
            attachment_id=uuid7(at),
            case_id=case_id,
            name=_name(name, ending),
            media_type=media_type,
            size=len(data),
            digest=digest,
            content=data,
            field=field,
            added_by=person,
            added_at=at,
        )
    return _shown(row)


def fault(name: str, data: bytes | None) -> Fault | None:
    """Why a file would not be taken; `data` None: too much of it."""
    if data is None or len(data) > LARGEST:
        return Fault.TOO_LARGE
    if not data:
        return Fault.EMPTY
    kind = _kind(name, data)
    return kind if isinstance(kind, Fault) else None


def add_drawing(case_id: UUID, name: str, url: str, *, field: str, person: str, at: datetime) -> Attachment | Fault:
    """Keep a signature drawn on the screen (a PNG as a data URL) for the field that it signs."""
    found = _DRAWING.fullmatch(url)
    if found is None:
        return Fault.UNKNOWN
    try:
        data = b64decode(found.group(1), validate=True)
    except NotBase64:
        return Fault.UNKNOWN
    return add(case_id, name, data, person=person, at=at, field=field)


def of_case(case_id: UUID) -> tuple[Attachment, ...]:
    """The files of a case in the order in which they came."""
    return tuple(Attachment(*row) for row in read(_OF_CASE, {"case": case_id}))


_OF_CASE = """
SELECT attachment_id, name, media_type, size, field, added_by, added_at
FROM attachments WHERE case_id = %(case)s::uuid ORDER BY added_at
"""


def content(case_id: UUID, attachment_id: UUID) -> tuple[Attachment, bytes] | None:
    """A file of this case with its content."""
    row = rows.Attachment.objects.filter(case_id=case_id, attachment_id=attachment_id).first()
    return (_shown(row), bytes(row.content)) if row is not None else None


def drawn(case_id: UUID) -> Mapping[str, str]:
    """The signatures drawn by hand: field → PNG as a data URL, the last of each."""
    found = rows.Attachment.objects.filter(case_id=case_id, media_type="image/png").exclude(field="")
    return {
        row.field: f"data:image/png;base64,{b64encode(bytes(row.content)).decode()}"
        for row in found.order_by("added_at")
    }


def _shown(row: rows.Attachment) -> Attachment:
    return Attachment(row.attachment_id, row.name, row.media_type, row.size, row.field, row.added_by, row.added_at)


def _kind(name: str, data: bytes) -> tuple[str, str] | Fault:
    """What a file is by its content: media type and ending."""
    for beginning, media_type, ending in _BEGINNINGS:
        if data.startswith(beginning):
            return media_type, ending
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12], Fault.UNKNOWN)
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], Fault.UNKNOWN)
    if data.startswith(b"PK\x03\x04"):
        return _of_archive(data)
    ending = PurePosixPath(name.lower()).suffix
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return (_OLE[ending], ending) if ending in _OLE else Fault.UNKNOWN
    if ending in _TEXTS and _is_text(data):
        return _TEXTS[ending], ending
    return Fault.UNKNOWN


def _of_archive(data: bytes) -> tuple[str, str] | Fault:
    """Office documents are archives; other archives are not taken, nor are documents that carry programs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                return Fault.MACROS
            if "mimetype" in names:
                # No more than is asked for: what is small when packed may fill the machine.
                with archive.open("mimetype") as part:
                    media_type = part.read(100).decode("ascii", "replace").strip()
                ending = _OPEN_DOCUMENT.get(media_type)
                return (media_type, ending) if ending else Fault.UNKNOWN
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
        return Fault.UNKNOWN
    return next((kind for inner, kind in _OFFICE.items() if inner in names), Fault.UNKNOWN)


def _is_text(data: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text)
    return False


def _name(name: str, ending: str) -> str:
    """The name without folders and control signs, with the ending of what it really is."""
    plain = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\"\\]", "", name.replace("\\", "/").rpartition("/")[2])
    plain = plain.strip(" .") or "文件"  # zh: the name of a file without one
    given = PurePosixPath(plain.lower()).suffix
    if _ALSO.get(given, given) != ending:
        plain += ending
    stem, suffix = plain[: -len(PurePosixPath(plain).suffix)], PurePosixPath(plain).suffix
    return stem[: LONGEST_NAME - len(suffix)] + suffix
