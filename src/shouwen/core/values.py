"""Values of fields: their types, how they are read from what people write, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from shouwen.core.calendar import parse_span
from shouwen.core.phrase import joined, phrase

Value = str | int | bool | datetime | date | tuple["Value", ...] | Mapping[str, "Value"]

#: types whose values are lists in conditions
LISTS = frozenset({"choices", "people", "list", "rows", "texts"})
#: types that are whole numbers in conditions
WHOLES = frozenset({"number", "decimal", "money", "ratio"})

_UNSAVABLE = re.compile("[\0\ud800-\udfff]")
_BETWEEN_DIGITS, _PHONE = re.compile(r"[\s-]"), re.compile(r"\+?\d{3,20}")

__all__ = ["LISTS", "WHOLES", "Unknown", "Unreadable", "Value", "fitted", "ratio", "read", "show", "written", "yuan"]


@dataclass(frozen=True)
class Unknown:
    """The third truth value: what could not be judged, with the names that are not known."""

    names: tuple[str, ...] = ()


class Unreadable(ValueError):
    """A value that does not fit its type; the message says what would."""


def read(kind: str, raw: object, zone: ZoneInfo, *, scale: int = 0) -> Value:
    """The value of a field of type `kind` from what a person or a script wrote.

    Money comes as 元 (`12.50`, `5000 元`) and becomes 分; decimals and ratios become whole numbers of 10^-scale
    (`30 %` is a ratio of 0.3). Moments without zone are local. Raises `Unreadable`.
    """
    match kind:
        case "number":
            return _whole(raw)
        case "money":
            return yuan(raw)
        case "decimal":
            return _scaled(raw, scale)
        case "ratio":
            return ratio(raw, scale)
        case "bool":
            return _flag(raw)
        case "moment":
            return _moment(raw, zone)
        case "date":
            return _day(raw)
        case "period":
            return _period(raw, zone)
        case "choices" | "people" | "list" | "texts":
            return tuple(dict.fromkeys(_text(item) for item in _list(raw)))
        case "phone":
            return _phone(raw)
        case "span":
            return _span(raw)
        case _:
            return _text(raw)


def fitted(kind: str, value: Value, zone: ZoneInfo) -> Value:
    """What a condition gave, as a field of this type keeps it: conditions know no days, only moments."""
    if kind != "date" or not isinstance(value, datetime):
        return value
    plain = value.astimezone(UTC)  # a day comes back as its midnight there
    return plain.date() if plain.time() == time(0) else value.astimezone(zone).date()


def written(kind: str, value: Value, scale: int = 0) -> str:
    """A value as people write it into a field of this type: what `read` reads back."""
    if isinstance(value, bool):
        return "是" if value else "否"  # zh: what `read` reads back
    if isinstance(value, int) and kind in ("money", "decimal", "ratio"):
        return str(Decimal(value).scaleb(-2 if kind == "money" else -scale))
    if isinstance(value, tuple):
        return "、".join(written("text", item) for item in value)  # zh: what `read` reads back
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return str(value)


def show(value: Value) -> str:
    """A value in words for people: moments to the minute, lists with 、, flags as 是/否."""
    if isinstance(value, bool):
        return phrase("是") if value else phrase("否")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Mapping):
        return joined((phrase("{key}：{item}", key=key, item=show(item)) for key, item in value.items()), phrase("，"))
    if isinstance(value, tuple):
        return joined(show(item) for item in value)
    return str(value)


def yuan(raw: object) -> int:
    """An amount in 元 (`5000 元`, `0.35`) as whole 分. Raises `Unreadable`, also for more than two decimals."""
    return _scaled(_text(raw).removesuffix("元").strip(), 2)  # zh: what people type


def ratio(raw: object, scale: int = 4) -> int:
    """A ratio (`30 %`, `0.3`) as a whole number of 10^-scale."""
    text = _text(raw)
    if text.endswith("%"):
        return _scaled(text.removesuffix("%").strip(), scale - 2)
    return _scaled(text, scale)


def _whole(raw: object) -> int:
    text = _text(raw)
    if not re.fullmatch(r"-?\d{1,15}", text):
        raise Unreadable(phrase("“{text}”不是整数", text=_short(text)))
    return int(text)


def _scaled(raw: object, scale: int) -> int:
    text = _text(raw).replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unreadable(phrase("“{text}”不是数", text=_short(text))) from None
    if not number.is_finite():
        raise Unreadable(phrase("“{text}”不是数", text=text))
    if number.adjusted() + scale >= 17:
        raise Unreadable(phrase("“{text}”太大", text=_short(text)))
    number = number.scaleb(scale, Context(prec=len(text) + 20))
    if number != number.to_integral_value():
        raise Unreadable(phrase("“{text}”小数位过多，最多 {scale} 位", text=_short(text), scale=scale))
    return int(number)


def _flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _text(raw)
    if text in ("yes", "true", "是"):  # zh: what people type
        return True
    if text in ("no", "false", "否"):  # zh: what people type
        return False
    raise Unreadable(phrase("“{text}”应为 是 或 否", text=_short(text)))


def _moment(raw: object, zone: ZoneInfo) -> datetime:
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    text = _text(raw)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(phrase("“{text}”不是时刻，应写作 2026-09-29 16:42", text=_short(text))) from None
    if len(text) <= len("2026-09-29"):
        raise Unreadable(phrase("“{text}”缺钟点，应写作 2026-09-29 16:42", text=text))
    _plausible(moment)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _day(raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    text = _text(raw)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unreadable(phrase("“{text}”不是日期，应写作 2026-09-29", text=_short(text))) from None
    _plausible(day)
    return day


def _plausible(day: date) -> None:
    """Years in which clocks can count; the rest are slips of the keyboard."""
    if not 1900 <= day.year < 2200:
        raise Unreadable(phrase("没有 {year} 年这样的年份，请核对", year=day.year))


def _period(raw: object, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if isinstance(raw, Mapping):
        ends: list[object] = [raw.get("from"), raw.get("until")]
    elif isinstance(raw, str):
        ends = list(raw.split(".."))
    else:
        ends = list(_list(raw))
    if len(ends) != 2 or None in ends:
        raise Unreadable(phrase("时间段应写作 {from: 2026-09-29 09:00, until: 2026-09-29 12:00}"))
    start, until = _moment(ends[0], zone), _moment(ends[1], zone)
    if until <= start:
        raise Unreadable(phrase("时间段的终点应在起点之后"))
    return start, until


def _list(raw: object) -> Sequence[object]:
    if isinstance(raw, str):
        return [raw]
    if isinstance(raw, Sequence):
        return raw
    raise Unreadable(phrase("应为列表"))


def _phone(raw: object) -> str:
    text = _BETWEEN_DIGITS.sub("", _text(raw))
    if not _PHONE.fullmatch(text):
        raise Unreadable(phrase("“{text}”不是电话号码", text=_short(text)))
    return text


def _span(raw: object) -> str:
    text = _text(raw)
    try:
        parse_span(text)
    except ValueError as error:
        raise Unreadable(*error.args) from None
    return text


def _text(raw: object) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if raw is None or (not isinstance(raw, str) and isinstance(raw, (Mapping, Sequence))):
        raise Unreadable(phrase("应为文字"))
    text = str(raw).strip()
    if not text.isprintable() and _UNSAVABLE.search(text):
        raise Unreadable(phrase("有不能保存的字符"))
    return text


def _short(text: str) -> str:
    """What was written, for a message: not the whole of a long text."""
    return text if len(text) <= 40 else f"{text[:40]}…"
