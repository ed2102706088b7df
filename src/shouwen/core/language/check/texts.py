"""Words for people: every blank can be filled, and every script is shown somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shouwen.core.language.check import show, walk
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Consequence, Notice, Posting, Reminder, Rule, Script, Variant

__all__ = ["prove"]

_BRACES = re.compile(r"[{}]")
_BLANK = re.compile(r"\{([^{}]*)\}")
#: what the pattern of a number may hold besides fields
_NUMBER = re.compile(r"unit|yyyy|yy|mm|dd|seq(:\d+)?|flow|procedure|no")


def prove(x: Examination) -> None:
    """All texts and scripts."""
    for kind, rule in walk.rules(x.procedure):
        slots = set(rule.slots) if isinstance(rule, Script) else set()
        rows = frozenset(_columns(x, rule))
        for text in _texts(x, rule):
            if _BRACES.search(_BLANK.sub("", text)):
                x.found.problem(
                    "unknown-slot",
                    rule.place,
                    f"{show.rule_name(kind, rule)}的文字里花括号不成对：{text[:60]}",
                    "空格写作 {单据.字段}",
                    at=text[:20],
                )
            for blank in _BLANK.findall(text):
                if blank.strip() not in slots and not _known(x, blank.strip()) and blank.strip() not in rows:
                    x.found.problem(
                        "unknown-slot",
                        rule.place,
                        f"{show.rule_name(kind, rule)}的文字里有空格“{{{blank}}}”，不知道填什么",
                        "写字段、判定表或数值的名字，如 {complaint.room}；口径里可以用 slots 说明"
                        if kind == "script"
                        else "写字段、判定表或数值的名字，如 {complaint.room}",
                        at="{" + blank,
                    )
        for pattern in _numbers(rule):
            blanks = [blank.strip() for blank in _BLANK.findall(pattern)]
            if _BRACES.search(_BLANK.sub("", pattern)):
                x.found.problem(
                    "unknown-slot",
                    rule.place,
                    f"{show.rule_name(kind, rule)}的编号里花括号不成对：{pattern}",
                    "编号写作 {unit}-{yyyy}-{seq:4}",
                    at="number",
                )
            elif all(_NUMBER.fullmatch(b) and not b.startswith("seq") and b != "no" for b in blanks):
                x.found.problem(
                    "number-repeats",
                    rule.place,
                    f"{show.rule_name(kind, rule)}的编号“{pattern}”没有流水号，两件会是同一个号",
                    "在编号里写上 {seq:4}",
                    at="number",
                )
            for blank in _BLANK.findall(pattern):
                if not _NUMBER.fullmatch(blank.strip()) and not _known(x, blank.strip()):
                    x.found.problem(
                        "unknown-slot",
                        rule.place,
                        f"{show.rule_name(kind, rule)}的编号里有“{{{blank}}}”，不知道填什么",
                        "编号可用 {unit} {yyyy} {mm} {dd} {seq:4} 和字段的名字",
                        at="number",
                    )
    for script in x.procedure.scripts.values():
        _shown(x, script)


def _known(x: Examination, blank: str) -> bool:
    return blank in x.procedure.names or blank in x.procedure.figures


def _columns(x: Examination, rule: Rule) -> Iterator[str]:
    """What `this` may be in the texts of a rule: the columns of the rows that it or one of its parts runs over."""
    for _, thing in x.things(rule):
        for path in (getattr(thing, "for_each", None), getattr(thing, "each", None)):
            if isinstance(path, str):
                yield "this.item"
                item = x.procedure.fields.get(path)
                yield from (f"this.{column}" for column in item.columns) if item else ()


def _texts(x: Examination, rule: Rule) -> Iterator[str]:
    for _, thing in x.things(rule):
        match thing:
            case Consequence() | Reminder() | Notice():
                yield thing.text
            case Script() | Variant():
                yield thing.say
            case Posting():
                yield from (thing.debit, thing.credit)
            case _:
                pass


def _numbers(rule: Rule) -> Iterator[str]:
    number = getattr(rule, "number", None)
    if isinstance(number, str):
        yield number


def _shown(x: Examination, script: Script) -> None:
    name = show.rule_name("script", script)
    if not script.at and not script.inspect:
        x.found.problem(
            "script-nowhere",
            script.place,
            f"{name}没有显示在任何地方，说话的人看不到它",
            "写 at: 在哪个操作、环节或待办旁边显示；只用于检查的写 inspect: yes",
            at=script.id,
        )
    for word in script.slots:
        said = [script.say, *(variant.say for variant in script.variants), *(point.text for point in script.do)]
        if not any("{" + word + "}" in text for text in said):
            x.found.note("slot-unused", script.place, f"{name}的 slots 里有“{word}”，话里没有用到", at=word)
    for place, variant in enumerate(script.variants):
        if any(earlier.when is None for earlier in script.variants[:place]):
            x.found.note(
                "variant-never-said",
                script.place,
                f"{name}的第 {place + 1} 种说法轮不到：前面一种没有条件",
                at="variants",
            )
            break
        if not x.reach.can_hold(variant.when, script.flow):
            x.found.note(
                "variant-never-said",
                script.place,
                f"{name}的第 {place + 1} 种说法轮不到：条件 {variant.when.source if variant.when else ''} 不能成立",
                at="variants",
            )
