"""Which encoding a text file is written in, told from its content; what could be two things is said, not guessed."""

from __future__ import annotations

import codecs
import re

from shouwen.channels.files.table import Unusable
from shouwen.core.phrase import joined, phrase

__all__ = ["CALLED", "encoding_of"]

#: how they are called, in words
CALLED = {
    "utf-8": "UTF-8",
    "utf-8-sig": phrase("UTF-8（带 BOM）"),
    "utf-16": "UTF-16",
    "gb18030": phrase("GB18030（GBK）"),
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: of the Chinese characters of an ordinary text nearly all are among the 6,763 of GB 2312
_USUAL = 0.9
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_STRANGE = re.compile(r"[\ue000-\uf8ff\x80-\x9f\uac00-\ud7a3]")


def encoding_of(content: bytes, name: str) -> str:
    """The encoding of a text. Raises `Unusable` if it is none of those known, or could be several."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            _decoded(content, encoding, name)
            return encoding
    head = content[:4096]
    if b"\0" in head:
        return _wide(content, name)
    if content.isascii():
        return "utf-8"
    utf8, gb = _usual(content, "utf-8"), _usual(content, "gb18030")
    if utf8 is None and gb is None:
        raise Unusable(_broken(content, name))
    if utf8 is not None and (utf8 >= _USUAL or gb is None or gb < _USUAL):
        return "utf-8"
    if utf8 is None and gb is not None and gb >= _USUAL:
        return "gb18030"
    raise Unusable(_ambiguous(content, name))


def _wide(content: bytes, name: str) -> str:
    """UTF-16 without a mark: every other byte of its Western letters and separators is zero."""
    head = content[:4096]
    for encoding, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = head[place::2].count(0)
        if zeros and head[1 - place :: 2].count(0) == 0 and _usual(content, encoding) is not None:
            return encoding
    raise Unusable(phrase("“{name}”不是文本文件，也不是 .xlsx 工作簿：请另存为 CSV 或 .xlsx 再导入", name=name))


def _usual(content: bytes, encoding: str) -> float | None:
    """How much of the text beyond ASCII is usual Chinese; None if it cannot be read so."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    beyond = re.sub(r"[\x00-\x7f\u3000-\u303f\uff00-\uffef\u2010-\u2027]+", "", text[:200_000])
    if not beyond:
        return 1.0
    if _STRANGE.search(beyond):
        return 0.0
    known = sum(1 for letter in _HAN.findall(beyond) if _in_gb2312(letter))
    return known / len(beyond)


def _in_gb2312(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _decoded(content: bytes, encoding: str, name: str) -> None:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unusable(
            phrase(
                "“{name}”开头标明是 {encoding}，第 {line} 行却有不合的字节：文件可能被截断或拼接过，请重新导出",
                name=name,
                encoding=CALLED[encoding],
                line=line,
            )
        ) from None


def _broken(content: bytes, name: str) -> str:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return phrase(
            "“{name}”第 {line} 行有不是 UTF-8 也不是 GB18030 的字节：它或是二进制文件，或由两种编码拼成，请重新导出；"
            "确知编码的，用 --encoding 写明",
            name=name,
            line=line,
        )
    return phrase("“{name}”读不出文字", name=name)


def _ambiguous(content: bytes, name: str) -> str:
    """Which ways there are to read it, each with how its first line that tells them apart would look."""
    line = next((line for line in content[:65536].splitlines() if not line.isascii()), content[:80])
    shown = []
    for encoding in ("utf-8", "gb18030", "big5", "shift_jis", "cp1252"):
        try:
            shown.append(phrase("{encoding} 读作“{text}”", encoding=encoding, text=line.decode(encoding)[:30]))
        except UnicodeDecodeError:
            continue
    return phrase(
        "看不准“{name}”是什么编码：{names}。请用 --encoding 写明，如 --encoding gb18030",
        name=name,
        names=joined(shown, phrase("；")),
    )
