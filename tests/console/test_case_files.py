"""What a file is, told by its content; and which are taken."""

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shouwen.casework import attachments
from shouwen.casework.attachments import Fault

AT = datetime(2026, 9, 29, 16, 42, tzinfo=UTC)


def archive(*names: str, mimetype: str = "") -> bytes:
    """A zip archive with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name, data, kept, media_type",
    [
        ("照片.JPG", b"\xff\xd8\xff\xe0rest", "照片.JPG", "image/jpeg"),
        ("IMG.heic", b"\x00\x00\x00\x18ftypheicrest", "IMG.heic", "image/heic"),
        ("回复函.pdf", b"%PDF-1.7 rest", "回复函.pdf", "application/pdf"),
        ("录音", b"ID3\x04rest", "录音.mp3", "audio/mpeg"),
        ("录音.m4a", b"\x00\x00\x00\x18ftypM4A rest", "录音.m4a", "audio/mp4"),
        ("名单.csv", "姓名,房号\n周,3-2".encode("gb18030"), "名单.csv", "text/csv"),
        ("表.docx", archive("[Content_Types].xml", "word/document.xml"), "表.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("表.odt", archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "表.odt", "application/vnd.oasis.opendocument.text"),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "旧.xls", "application/vnd.ms-excel"),
        ("../../etc/passwd", b"%PDF-1.7", "passwd.pdf", "application/pdf"),
    ],
    ids=["photo", "phone photo", "letter", "voice without ending", "voice", "text in GB18030", "document", "open document", "old sheet", "a path"],
)  # fmt: skip
def test_a_file_is_taken_for_what_it_is(name: str, data: bytes, kept: str, media_type: str) -> None:
    found = attachments.add(uuid4(), name, data, person="linjia", at=AT)

    assert isinstance(found, attachments.Attachment)
    assert (found.name, found.media_type) == (kept, media_type)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name, data, why",
    [
        ("a.txt", b"MZ\x00\x90", Fault.UNKNOWN),
        ("a.zip", archive("run.exe"), Fault.UNKNOWN),
        ("a.docm", archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), Fault.MACROS),
        ("a.zip", b"PK\x03\x04broken", Fault.UNKNOWN),
        ("a.svg", b"<svg onload='x'/>", Fault.UNKNOWN),
        ("a.mp4", b"\x00\x00\x00\x18ftypisomrest", Fault.UNKNOWN),
    ],
    ids=["a program named text", "an archive", "macros", "a broken archive", "a drawing that runs", "a film"],
)
def test_a_file_of_another_kind_is_not_taken(name: str, data: bytes, why: Fault) -> None:
    assert attachments.add(uuid4(), name, data, person="linjia", at=AT) == why


@pytest.mark.django_db
def test_the_same_file_is_kept_once() -> None:
    case = uuid4()

    first = attachments.add(case, "a.pdf", b"%PDF-1", person="linjia", at=AT)
    again = attachments.add(case, "b.pdf", b"%PDF-1", person="chenxl", at=AT)

    assert first == again
    assert len(attachments.of_case(case)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["data:image/svg+xml;base64,AAAA", "data:image/png;base64,####", "javascript:1", "data:image/png;base64,QUJD"])  # fmt: skip
def test_what_is_no_drawing_is_no_signature(url: str) -> None:
    found = attachments.add_drawing(uuid4(), "签名.png", url, field="f.s", person="linjia", at=AT)

    assert found == Fault.UNKNOWN


@pytest.mark.django_db
def test_a_file_that_swells_when_unpacked_is_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", b"0" * (64 << 20))
    tracemalloc.start()

    try:
        kept = attachments.add(uuid4(), "表.odt", packed.getvalue(), person="linjia", at=datetime.now(UTC))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept == Fault.UNKNOWN
    assert most < 8 << 20
