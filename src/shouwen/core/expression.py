"""Conditions: the one place that touches the CEL runtime. Flat typed names, unknown as the third truth value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from cel_expr_python import cel

from shouwen.core.phrase import phrase
from shouwen.core.values import Unknown, Value

__all__ = ["Constant", "Environment", "Expression", "ExpressionError", "NamedSpan", "Term", "tokens"]

#: so many answers a condition remembers
MOST_ANSWERS = 64
#: types of names in conditions → CEL types
_CEL = {
    "text": cel.Type.STRING,
    "int": cel.Type.INT,
    "money": cel.Type.INT,
    "bool": cel.Type.BOOL,
    "moment": cel.Type.TIMESTAMP,
    "date": cel.Type.TIMESTAMP,
    "texts": cel.Type.List(cel.Type.STRING),
    "rows": cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN)),
}
_RESULT = {"BOOL": "bool", "STRING": "text", "INT": "int", "TIMESTAMP": "moment"}
_TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<number>\d+)"""
    r"""|(?P<op>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:.,()\[\]{}])|(?P<space>\s+)|(?P<bad>.)"""
)
_CALLS = {"happened": "happened", "said": "said", "count": "count"}


class ExpressionError(ValueError):
    """A condition that does not compile; the message says why, without the runtime's file names."""


@dataclass(frozen=True)
class Token:
    """One word of a condition: its class (string, name, number, op), text, and offset."""

    kind: str
    text: str
    start: int


class Known(Protocol):
    """Where values of names are looked up; None: not known."""

    def get(self, name: str, /) -> Value | None:
        """The value of a name."""
        ...


@dataclass(frozen=True)
class Expression:
    """A compiled condition: its source, the declared names that it reads, and its result type."""

    source: str
    names: tuple[str, ...]
    result: str
    #: whether the same values may come again: no moments
    lasting: bool = field(repr=False)
    zone: ZoneInfo = field(repr=False)
    program: cel.Expression = field(compare=False, repr=False)

    def evaluate(self, scope: Known) -> Value | Unknown:
        """Its value in `scope` (names that are missing there are unknown), or `Unknown` with those names: with none if
        all is known and yet it cannot be computed (a part of nothing)."""
        try:
            return self._answer(*map(scope.get, self.names))
        except TypeError:  # rows are no keys
            return self._computed(*map(scope.get, self.names))

    @cached_property
    def _answer(self) -> Callable[..., Value | Unknown]:
        """How it is answered: the bare name of a text by that text; else by the runtime, or as it was answered before.

        Only the values of its names decide, and they are few words or unknown, moments apart. 1 is not true: `typed`.
        """
        if self.result == "text" and self.names == (self.source,):
            return self._itself
        return lru_cache(MOST_ANSWERS, typed=True)(self._computed) if self.lasting else self._computed

    def _itself(self, value: Value | None) -> Value | Unknown:
        if value is None:
            return Unknown(self.names)
        return value if type(value) is str else self._computed(value)

    def _computed(self, *values: Value | None) -> Value | Unknown:
        pairs = zip(self.names, values, strict=True)
        known = {name: _to_cel(value) for name, value in pairs if value is not None}
        answer = self.program.eval(data=known)
        if answer.type() == cel.Type.ERROR:
            return Unknown(tuple(name for name in self.names if name not in known))
        found = answer.plain_value()
        # A day is the midnight that begins it, in UTC: so it went in.
        return found.date() if self.result == "date" and isinstance(found, datetime) else _from_cel(found, self.zone)


@dataclass(frozen=True)
class Constant:
    """A literal that stands where a condition could."""

    value: Value
    names: tuple[str, ...] = ()

    def evaluate(self, scope: Known) -> Value | Unknown:
        """The literal."""
        return self.value


@dataclass(frozen=True)
class NamedSpan:
    """A figure that stands where a table gives a span: worth the span in force, as it is written."""

    figure: str

    @property
    def names(self) -> tuple[str, ...]:
        """The figure."""
        return (self.figure,)

    def evaluate(self, scope: Known) -> Value | Unknown:
        """The span that the figure gives now."""
        found = scope.get(self.figure)
        return Unknown(self.names) if found is None else found


Term = Constant | Expression | NamedSpan


class Environment:
    """The typed names and pure functions of one procedure; compiles its conditions.

    `names` maps each name to text, int, money, bool, moment, date, texts or rows; `ranks` each ordered catalog to its
    words in order; `zone` is used by `days`.
    """

    def __init__(self, names: Mapping[str, str], ranks: Mapping[str, Sequence[str]], zone: ZoneInfo) -> None:
        self.names = dict(names)
        self._zone = zone
        self._environment = cel.NewEnv(
            variables={name: _CEL[kind] for name, kind in names.items()}, functions=_functions(ranks, zone)
        )
        self._units = [
            cel.NewEnv(
                variables={name: cel.Type.DURATION if kind == unit else _CEL[kind] for name, kind in names.items()},
                functions=_unit_functions(unit),
            )
            for unit in ("money", "date")
        ]

    def compile(self, source: str) -> Expression:
        """The condition, type-checked; raises `ExpressionError` (syntax, unknown names, types, units)."""
        words = list(tokens(source))
        if any(word.kind == "name" and word.text == "has" for word in words):
            raise ExpressionError(phrase("不用 has()，请写 字段.filled"))
        text = _rewrite(source)
        names = tuple(dict.fromkeys(filter(None, (self._declared(w.text) for w in tokens(text) if w.kind == "name"))))
        program = _compiled(self._environment, text)
        kinds = {self.names[name] for name in names}
        for unit, environment in zip(("money", "date"), self._units, strict=True):
            if unit in kinds:
                self._check_unit(environment, text, unit)
        lasting = kinds.isdisjoint({"moment", "date"})
        return Expression(source, names, self._result(program, text, kinds), lasting, self._zone, program)

    def _declared(self, text: str) -> str | None:
        parts = text.split(".")
        for size in range(len(parts), 0, -1):
            name = ".".join(parts[:size])
            if name in self.names:
                return name
        return None

    def _check_unit(self, environment: cel.Env, text: str, unit: str) -> None:
        try:
            environment.compile(text)
        except RuntimeError:
            what = {"money": phrase("金额与普通数混在一起（金额请写成 figure）"), "date": phrase("日期与时刻混在一起")}[
                unit
            ]
            raise ExpressionError(what) from None

    def _result(self, program: cel.Expression, text: str, kinds: set[str]) -> str:
        name = program.return_type().name()
        if name.startswith("LIST"):
            return "texts"
        result = _RESULT.get(name, "any")
        if result == "int" and "money" in kinds and _is_duration(self._units[0], text):
            return "money"
        if result == "moment" and "date" in kinds and _is_duration(self._units[1], text):
            return "date"
        return result


def tokens(source: str) -> list[Token]:
    """The words of a condition, white space left out."""
    return [
        Token(match.lastgroup or "bad", match.group(), match.start())
        for match in _TOKEN.finditer(source)
        if match.lastgroup != "space"
    ]


def _rewrite(source: str) -> str:
    """`happened("a")` is the flat name `happened.a`; likewise `said` and `count`."""
    pattern = r"""\b(happened|said|count)\(\s*(['"])([a-z][a-z0-9_]*)\2\s*\)"""
    return re.sub(pattern, lambda found: f"{_CALLS[found.group(1)]}.{found.group(3)}", source)


def _compiled(environment: cel.Env, text: str) -> cel.Expression:
    try:
        return environment.compile(text)
    except RuntimeError as error:
        raise ExpressionError(_reason(str(error))) from None


def _reason(message: str) -> str:
    """The runtime's first complaint, in words."""
    found = re.search(r"ERROR: <input>:\d+:(\d+): (.*)", message)
    said = found.group(2) if found else message
    undeclared = re.search(r"undeclared reference to '([^']+)'", said)
    if undeclared:
        return phrase("没有 {name} 这个名字", name=undeclared.group(1))
    overload = re.search(r"found no matching overload for '([^']+)' applied to '([^']+)'", said)
    if overload:
        return phrase(
            "类型不合：{operator} 不能用于 {types}", operator=overload.group(1).strip("_"), types=overload.group(2)
        )
    return phrase("写法有误：{said}", said=said)


def _is_duration(environment: cel.Env, text: str) -> bool:
    return bool(environment.compile(text).return_type() == cel.Type.DURATION)


def _to_cel(value: Value) -> object:
    if isinstance(value, tuple):
        return [_in_row(item) for item in value]
    if isinstance(value, Mapping):
        return _in_row(value)
    return value if isinstance(value, datetime) else _midnight(value) if isinstance(value, date) else value


def _in_row(value: Value) -> object:
    """The runtime takes no moments inside rows: there they are RFC 3339 texts, for `timestamp(r.column)`."""
    if isinstance(value, tuple):
        return [_in_row(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _in_row(item) for key, item in value.items()}
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else _midnight(value)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _from_cel(value: object, zone: ZoneInfo) -> Value:
    if isinstance(value, datetime):
        return value.astimezone(zone)
    if isinstance(value, list):
        return tuple(_from_cel(item, zone) for item in value)
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, dict):
        return {str(key): _from_cel(item, zone) for key, item in value.items()}
    raise ArithmeticError(phrase("条件给出了不能用的值 {value}", value=repr(value)))


def _share(amount: int, rate: str | int, whole: int = 0) -> int:
    """A share by a written rate ('0.0005'), by a ratio (ten-thousandths), or by so many parts of a whole."""
    if whole:
        exact = Decimal(amount) * Decimal(rate) / Decimal(whole)
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    part = Decimal(rate) if isinstance(rate, str) else Decimal(rate) / 10000
    return int((Decimal(amount) * part).quantize(Decimal(1), ROUND_HALF_UP))


def _ratio(part: int, whole: int) -> int:
    return int((Decimal(part) * 10000 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP))


def _days(zone: ZoneInfo) -> Callable[[datetime, datetime], int]:
    return lambda start, end: (end.astimezone(zone).date() - start.astimezone(zone).date()).days


def _minutes(start: datetime, end: datetime) -> int:
    """Whole minutes between two moments, as they stand on the clock."""
    first, last = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    return (last - first) // timedelta(minutes=1)


def _rank(ranks: Mapping[str, Sequence[str]]) -> Callable[[str, str], int]:
    places = {(name, word): place for name, words in ranks.items() for place, word in enumerate(words)}
    return lambda name, word: places.get((name, word), -1)


def _function(
    name: str,
    result: cel.Type,
    parameters: Sequence[cel.Type],
    does: Callable[..., object],
    *others: Sequence[cel.Type],
) -> cel.FunctionDecl:
    overloads = [
        cel.Overload(f"{name}_{place}", return_type=result, parameters=list(taken), impl=does)
        for place, taken in enumerate((parameters, *others))
    ]
    return cel.FunctionDecl(name, overloads)


def _functions(ranks: Mapping[str, Sequence[str]], zone: ZoneInfo) -> list[cel.FunctionDecl]:
    integer, text, moment = cel.Type.INT, cel.Type.STRING, cel.Type.TIMESTAMP
    return [
        _function("share", integer, (integer, text), _share, (integer, integer), (integer, integer, integer)),
        _function("ratio", integer, (integer, integer), _ratio),
        _function("total", integer, (cel.Type.List(integer),), sum),
        _function("least", integer, (integer, integer), min),
        _function("greatest", integer, (integer, integer), max),
        _function("times", integer, (integer, integer), lambda count, price: count * price),
        _function("days", integer, (moment, moment), _days(zone)),
        _function("minutes", integer, (moment, moment), _minutes),
        _function("rank", integer, (text, text), _rank(ranks)),
    ]


def _unit_functions(unit: str) -> list[cel.FunctionDecl]:
    """The same functions as the unit check sees them: for money on amounts, for dates on dates."""
    amount = cel.Type.DURATION if unit == "money" else cel.Type.INT
    day = cel.Type.DURATION if unit == "date" else cel.Type.TIMESTAMP
    integer, text, none = cel.Type.INT, cel.Type.STRING, timedelta

    def either(name: str, *shapes: tuple[cel.Type, tuple[cel.Type, ...]]) -> cel.FunctionDecl:
        overloads = [
            cel.Overload(f"{name}_{place}", return_type=result, parameters=list(parameters), impl=none)
            for place, (result, parameters) in enumerate(shapes)
        ]
        return cel.FunctionDecl(name, overloads)

    pairs = [(integer, (integer, integer))] + ([(amount, (amount, amount))] if unit == "money" else [])
    return [
        either("share", (amount, (amount, text)), (amount, (amount, integer)), (amount, (amount, integer, integer))),
        either("ratio", *[(integer, parameters) for _, parameters in pairs]),
        either(
            "total",
            (integer, (cel.Type.List(integer),)),
            *([(amount, (cel.Type.List(amount),))] if unit == "money" else []),
        ),
        either("least", *pairs),
        either("greatest", *pairs),
        either("times", (amount, (integer, amount))),
        either("days", (integer, (day, day)), *([(integer, (cel.Type.TIMESTAMP,) * 2)] if unit == "date" else [])),
        either("minutes", (integer, (cel.Type.TIMESTAMP, cel.Type.TIMESTAMP))),
        either("rank", (integer, (text, text))),
    ]
