"""A script: who is there, what is done when, and what is expected. The file of `try` and of examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from shouwen.core.world import Holding

__all__ = ["Script", "ScriptError", "Step", "load_script", "read_script", "read_step"]

Node = Mapping[str, object]

_STEP_KEYS = frozenset(
    ("at", "by", "do", "with", "as", "present", "reason", "seen", "happened", "key", "facts", "case", "expect", "note")
)
_TOP_KEYS = frozenset(
    ("procedure", "cast", "figures", "facts", "calendar", "words", "registers", "unit", "steps", "title", "shows")
)


class ScriptError(ValueError):
    """A script that cannot be played; the message says where, what and what to do."""


@dataclass(frozen=True)
class Step:
    """One line of a script: at this moment somebody does something (or time passes), and this is expected."""

    place: int
    at: datetime
    by: str = ""
    do: str = ""
    values: Node = field(default_factory=dict)
    role: str | None = None
    present: tuple[str, ...] = ()
    reason: str = ""
    seen: bool = False
    happened: datetime | None = None
    key: str = ""
    facts: Mapping[str, Node] = field(default_factory=dict)
    case: str = ""
    expect: Node | None = None


@dataclass(frozen=True)
class Script:
    """A whole script; `figures` are overlays as written, `registers` the rows of registers."""

    procedure: str
    holdings: tuple[Holding, ...]
    steps: tuple[Step, ...]
    figures: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, Node] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    registers: Mapping[str, tuple[Node, ...]] = field(default_factory=dict)
    calendar: Node = field(default_factory=dict)
    unit: str = "XM"
    title: str = ""


def load_script(path: Path, zone: ZoneInfo) -> Script:
    """The script in a file. Raises `ScriptError`, also if it is no UTF-8 text."""
    try:
        return read_script(path.read_text(encoding="utf-8-sig"), zone)
    except UnicodeDecodeError:
        raise ScriptError(f"{path.name} 不是 UTF-8 文本：请另存为 UTF-8 再试") from None


def read_script(text: str, zone: ZoneInfo) -> Script:
    """The script in a YAML text (every scalar is text). Raises `ScriptError`."""
    try:
        node = yaml.load(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError as error:
        raise ScriptError(f"不是合格的 YAML：{error}") from None
    _no_duplicates(yaml.compose(text, Loader=yaml.CBaseLoader))
    top = _mapping(node, "脚本")
    _only(top, _TOP_KEYS, "脚本")
    steps = top.get("steps")
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        raise ScriptError("脚本须有 steps：逐步列出")
    return Script(
        procedure=str(top.get("procedure", "")),
        holdings=tuple(_holdings(_mapping(top.get("cast") or {}, "cast"))),
        steps=tuple(
            read_step(place + 1, _mapping(step, f"第 {place + 1} 步"), zone) for place, step in enumerate(steps)
        ),
        figures=_mapping(top.get("figures") or {}, "figures"),
        facts={
            name: _mapping(value, f"facts.{name}") for name, value in _mapping(top.get("facts") or {}, "facts").items()
        },
        words={name: _texts(value) for name, value in _mapping(top.get("words") or {}, "words").items()},
        registers={
            name: tuple(_mapping(row, f"registers.{name}") for row in _sequence(rows, f"registers.{name}"))
            for name, rows in _mapping(top.get("registers") or {}, "registers").items()
        },
        calendar=_mapping(top.get("calendar") or {}, "calendar"),
        unit=str(top.get("unit", "XM")),
        title=str(top.get("title", "")),
    )


def _no_duplicates(node: yaml.Node | None) -> None:
    """YAML lets a key stand twice and forgets the first."""
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        twice = [str(key) for key in keys if keys.count(key) > 1]
        if twice:
            raise ScriptError(f"第 {node.start_mark.line + 1} 行起，“{twice[0]}”写了两次")
        for _, value in node.value:
            _no_duplicates(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _no_duplicates(value)


def read_step(place: int, node: Node, zone: ZoneInfo) -> Step:
    """One step from its YAML (every scalar is text). Raises `ScriptError`."""
    where = f"第 {place} 步"
    _only(node, _STEP_KEYS, where)
    if "at" not in node:
        raise ScriptError(f"{where}缺 at：写明时刻，如 2026-09-29 16:42")
    return Step(
        place=place,
        at=_moment(node["at"], zone, where),
        by=str(node.get("by", "")),
        do=str(node.get("do", "")),
        values=_mapping(node.get("with") or {}, f"{where}的 with"),
        role=str(node["as"]) if "as" in node else None,
        present=_texts(node.get("present", ())),
        reason=str(node.get("reason", "")),
        seen=str(node.get("seen", "no")) in ("yes", "true", "是"),
        happened=_moment(node["happened"], zone, where) if "happened" in node else None,
        key=str(node.get("key", "")),
        facts={
            name: _mapping(value, f"{where}的 facts.{name}")
            for name, value in _mapping(node.get("facts") or {}, f"{where}的 facts").items()
        },
        case=str(node.get("case", "")),
        expect=_mapping(node["expect"] or {}, f"{where}的 expect") if "expect" in node else None,
    )


def _holdings(cast: Node) -> list[Holding]:
    found = []
    for person, roles in cast.items():
        for role in [roles] if isinstance(roles, str | Mapping) else list(_sequence(roles, f"cast.{person}")):
            if isinstance(role, Mapping):
                unit = role.get("unit")
                found.append(
                    Holding(person, str(role.get("role", "")), str(unit) if unit else None, str(role.get("deputy", "")))
                )
            else:
                name, _, unit_name = str(role).partition("@")
                found.append(Holding(person, name, unit_name or None))
    return found


def _moment(raw: object, zone: ZoneInfo, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(raw))
    except ValueError:
        raise ScriptError(f"{where}的时刻“{raw}”看不懂：写作 2026-09-29 16:42") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _mapping(node: object, where: str) -> Node:
    if not isinstance(node, Mapping):
        raise ScriptError(f"{where}应写作 名: 值")
    return {str(key): _given(value) for key, value in node.items()}


def _given(value: object) -> object:
    """`null` and `~` are nothing."""
    return None if value in ("null", "~") else value


def _sequence(node: object, where: str) -> Sequence[object]:
    if not isinstance(node, Sequence) or isinstance(node, str):
        raise ScriptError(f"{where}应为列表")
    return node


def _texts(node: object) -> tuple[str, ...]:
    return (node,) if isinstance(node, str) else tuple(str(item) for item in _sequence(node, "列表"))


def _only(node: Node, keys: frozenset[str], where: str) -> None:
    strange = [key for key in node if key not in keys]
    if strange:
        raise ScriptError(f"{where}不认识“{'、'.join(strange)}”：可用 {'、'.join(sorted(keys))}")
