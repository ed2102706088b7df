"""What is wrong with the text of a cell before any rule is asked: swapped, destroyed or impossible values, named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches

from shouwen.channels.files.columns import Column
from shouwen.core.phrase import joined, phrase
from shouwen.core.values import LISTS

__all__ = ["Doubt", "Reader", "folded", "reader", "swapped"]

#: no case of an organisation's files is older
EARLIEST = 1990
#: a day later than that is taken for a slip
LATEST_DAYS = 3660
_LOST = re.compile(r"[+-]?\d(\.\d+)?E\+?\d{1,3}", re.IGNORECASE)
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|#+)")
_GARBLED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0b\x0c\x0e-\x1f]|锟斤拷|烫烫烫")  # zh: left by wrong decoding
#: what has none of these is none of the three
_SUSPECT = re.compile(f"[=#EeＥｅ]|{_GARBLED.pattern}")  # zh: letters of another width
_PHONE = re.compile(r"\+?(86)?[\s-]*1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{7,8}")
_BETWEEN_DIGITS = re.compile(r"[\s()+-]")
_MOBILE = re.compile(r"1[3-9]\d{4,}")
_NAMED = re.compile(r"[\u3400-\u9fff·]{2,12}|[A-Za-z][A-Za-z .'-]{1,40}")
_YEAR_FIRST = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?"  # zh: how dates are written
    r"(?:[\sT]*(\d{1,2})\s*[:时点]\s*(\d{1,2})分?(?::(\d{1,2})(?:\.\d+)?)?)?"  # zh: the same
)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[\sT].*)?")
_SERIAL = re.compile(r"[2-5]\d{4}(\.\d+)?")
_DATE_LIKE = re.compile(
    r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?(\s+\d{1,2}:\d{2}(:\d{2})?)?|\d{1,2}月\d{1,2}日"  # zh: the same
)
#: types whose texts are digits and signs, where full-width ones mean the same
_FOLDED = frozenset({"phone", "number", "decimal", "money", "ratio", "date", "moment", "period", "span", "bool"})


@dataclass(frozen=True)
class Doubt:
    """Why a value is not taken; `kind` names the sort of fault."""

    kind: str
    text: str


@dataclass(frozen=True)
class Reader:
    """Reads the cells of a column: `read` gives what goes to the language (None: nothing), or a doubt."""

    column: Column
    #: shows in a report when digits were folded
    folds: bool
    read: Callable[[str], object | Doubt]


def reader(
    column: Column,
    customer: bool,
    choosable: Sequence[str] | None,
    persons: Mapping[str, Sequence[str]],
    translated: Mapping[str, str],
    now: datetime,
    ahead: bool,
) -> Reader:
    """How the cells of a column are read. `customer`: it says who or where the case is about. `choosable`: the words
    of a closed list. `persons`: name → codes. `translated`: the file's words → the language's. `ahead`: may lie in the
    future."""
    rule = column.place.field
    folds = rule.type in _FOLDED

    def read(text: str) -> object | Doubt:
        if not text:
            return None
        doubt = _destroyed(text)
        if doubt is not None:
            return doubt
        text = translated.get(text, text)
        if folds and not text.isascii():
            text = unicodedata.normalize("NFKC", text).strip()
        match rule.type:
            case "phone":
                return _phone(text)
            case "date" | "moment":
                return _day(text, rule.type, now, ahead)
            case "choice":
                return _chosen(text, choosable)
            case "person":
                return _person(text, persons)
            case "people":
                found = [_person(part, persons) for part in _parts(text)]
                return next((one for one in found if isinstance(one, Doubt)), found)
            case kind if kind in LISTS:
                chosen = [_chosen(part, choosable) for part in _parts(text)]
                return next((one for one in chosen if isinstance(one, Doubt)), chosen)
            case "text" if customer:
                return _whose(text)
            case _:
                return text

    return Reader(column, folds, read)


def swapped(texts: Mapping[str, str], phones: Iterable[str], others: Iterable[str]) -> tuple[str, str] | None:
    """The headings of a phone column and of another whose values have changed places: a phone where none belongs, and
    a name where the phone belongs."""
    for phone in phones:
        if _NAMED.fullmatch(texts.get(phone, "")):
            for other in others:
                if _PHONE.fullmatch(folded(texts.get(other, ""))):
                    return phone, other
    return None


def folded(text: str) -> str:
    """The text with full-width letters and digits as ordinary ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[、,，;；|\n]\s*", text) if part]  # zh: what stands between words


def _destroyed(text: str) -> Doubt | None:
    """What a spreadsheet or a wrong encoding has left instead of a value."""
    if not _SUSPECT.search(text):
        return None
    if text[0] == "=" and len(text) > 1:
        return Doubt("formula", phrase("是公式，文件里没有它的结果：请在表格软件里打开并保存，或换成数值"))
    if _ERROR.fullmatch(text):
        return Doubt("formula", phrase("是表格软件的错误值 {text}：请改成真正的内容", text=text))
    if _LOST.fullmatch(folded(text)):
        return Doubt(
            "scientific", phrase("写成了科学记数 {text}，号码的后几位已经丢失：请把这一列设为文本后重新填写", text=text)
        )
    if _GARBLED.search(text):
        return Doubt("garbled", phrase("里有乱码，原来的字已经看不出来：请从原处重新导出"))
    return None


def _phone(text: str) -> object | Doubt:
    digits = _BETWEEN_DIGITS.sub("", text)
    if not digits.isdigit() and _NAMED.fullmatch(text):
        return Doubt("not-a-phone", phrase("“{text}”像是姓名，不是电话号码", text=text))
    if _MOBILE.fullmatch(digits) and len(digits) in (9, 10, 12, 13):
        return Doubt("digits", phrase("“{text}”有 {n} 位，手机号应为 11 位：请核对", text=text, n=len(digits)))
    if digits and len(digits) >= 7 and len(set(digits)) == 1:
        return Doubt("digits", phrase("“{text}”全是同一个数字，不是真的电话号码", text=text))
    return text


def _whose(text: str) -> object | Doubt:
    """A name, a room: no phone number, and no date that a spreadsheet has made of 3-2."""
    if _PHONE.fullmatch(folded(text)):
        return Doubt("phone-here", phrase("“{text}”像是电话号码，不该在这一栏", text=text))
    if _DATE_LIKE.fullmatch(text):
        return Doubt(
            "date-here",
            phrase("“{text}”像是表格软件把 3-2 一类的号码改成了日期：请把这一列设为文本后重新填写", text=text),
        )
    return text


def _chosen(text: str, choosable: Sequence[str] | None) -> object | Doubt:
    if choosable is None or text in choosable:
        return text
    near = get_close_matches(text, choosable, 1, 0.4) or [word for word in choosable if word in text or text in word]
    hint = phrase("最接近的是“{near}”，但不代您选；", near=near[0]) if near else ""
    shown = joined(choosable[:12]) + ("……" if len(choosable) > 12 else "")
    return Doubt("no-such-word", phrase("没有“{text}”这一项；{hint}可选：{shown}", text=text, hint=hint, shown=shown))


def _person(text: str, persons: Mapping[str, Sequence[str]]) -> object | Doubt:
    """A person by code, or by a name that only one has."""
    codes = persons.get(text, ())
    if len(codes) > 1:
        return Doubt(
            "several",
            phrase("“{text}”有 {n} 位：请写人员编号（{names}）", text=text, n=len(codes), names=joined(codes)),
        )
    return codes[0] if codes else text


def _day(text: str, kind: str, now: datetime, ahead: bool) -> object | Doubt:
    """A day or moment as the language reads it; where day and month cannot be told apart, it is said."""
    found = _YEAR_FIRST.fullmatch(text)
    if not found:
        return _odd_day(text)
    year, month, day = (int(part) for part in found.group(1, 2, 3))
    try:
        on = date(year, month, day)
    except ValueError:
        if month > 12 >= day:
            return Doubt(
                "day-month",
                phrase(
                    "“{text}”没有 {month} 月，月和日像是写反了：请核对是不是 {year}-{day}-{month2}",
                    text=text,
                    month=month,
                    year=year,
                    day=format(day, "02"),
                    month2=format(month, "02"),
                ),
            )
        return Doubt("no-such-day", phrase("“{text}”不是日历上有的一天：请核对", text=text))
    if year < EARLIEST:
        return Doubt("too-early", phrase("“{text}”早于 {first} 年：请核对年份", text=text, first=EARLIEST))
    hour, minute, second = found.group(4, 5, 6)
    if hour is not None and (int(hour) > 23 or int(minute) > 59):
        return Doubt("no-such-time", phrase("“{text}”没有这样的钟点：请核对", text=text))
    latest = now.date() + timedelta(days=LATEST_DAYS if ahead else 0)
    if on > latest or (not ahead and hour and on == latest and (int(hour), int(minute)) > (now.hour, now.minute)):
        return Doubt(
            "future",
            phrase("“{text}”还没有到：请核对", text=text)
            if not ahead
            else phrase("“{text}”在十年以后：请核对", text=text),
        )
    clock = f" {int(hour):02}:{int(minute):02}" + (f":{int(second):02}" if second else "") if hour else ""
    midnight = kind == "date" and clock in (" 00:00", " 00:00:00")
    return on.isoformat() + ("" if midnight else clock)


def _odd_day(text: str) -> object | Doubt:
    found = _YEAR_LAST.fullmatch(text)
    if found:
        one, other, year = (int(part) for part in found.group(1, 2, 3))
        year += 2000 if year < 100 else 0
        if one <= 12 and other <= 12 and one != other:
            both = phrase(
                "{year}-{one}-{other} 还是 {year}-{other}-{one}",
                year=year,
                one=format(one, "02"),
                other=format(other, "02"),
            )
            return Doubt(
                "day-month", phrase("“{text}”看不出是 {both}：请把年写在前面，如 2026-09-29", text=text, both=both)
            )
        return Doubt("day-month", phrase("“{text}”年在最后，不猜它的意思：请写作 2026-09-29", text=text))
    if _SERIAL.fullmatch(text):
        on = date(1899, 12, 30) + timedelta(days=int(float(text)))
        return Doubt(
            "serial",
            phrase(
                "“{text}”像是表格软件的日期序号（{day}）：请把这一列设为日期后重新导出", text=text, day=on.isoformat()
            ),
        )
    return text
