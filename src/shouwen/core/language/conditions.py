"""Conditions compiled: names, words, types and the place where they may stand, each fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from shouwen.core.expression import Expression, ExpressionError
from shouwen.core.language import words
from shouwen.core.language.environment import ACT_NAMES, Scope
from shouwen.core.language.fields import FieldType
from shouwen.core.language.problems import Place
from shouwen.core.language.report import Report
from shouwen.core.language.trees import Leaf
from shouwen.core.language.words import Finding
from shouwen.core.language.yaml_text import Text
from shouwen.core.procedure import NamedValue

__all__ = ["ACT", "STANDING", "Conditions", "Where"]

_TYPES = {
    "bool": "真假", "text": "文字", "int": "整数", "money": "金额", "moment": "时刻", "date": "日期", "texts": "列表",
    "rows": "行",
}  # fmt: skip
_ADVICE = {
    "money": "金额写成 figure（如 5000 元），与金额相比、相加；乘用 times，按比例用 share",
    "text": "文字加单引号",
    "bool": "写一个判断，如 单据.字段 == '词' 或 单据.字段.filled",
}


@dataclass(frozen=True)
class Where:
    """Where a condition stands: judged with an act or standing, and under which list of rows."""

    act: bool = False
    rows: str = ""

    def under(self, rows: str | None) -> Where:
        """The same, for each row of a list."""
        return replace(self, rows=rows) if rows else self


STANDING = Where()
ACT = Where(act=True)


@dataclass
class Conditions:
    """Compiles the conditions of one procedure."""

    report: Report
    plain: Scope
    fields: Mapping[str, FieldType]
    make: Callable[[Mapping[str, FieldType]], Scope]
    #: figure → its value as written
    written: Mapping[str, str] = field(default_factory=dict)
    _scopes: dict[str, Scope] = field(default_factory=dict)

    def scope(self, rows: str) -> Scope:
        """The names under a list of rows."""
        if rows not in self._scopes:
            self._scopes[rows] = self.make(self._item(rows)) if rows else self.plain
        return self._scopes[rows]

    def this_names(self) -> dict[str, NamedValue]:
        """What `this.column` stands for, for all the lists that conditions run over."""
        scopes = self._scopes.values()
        return {name: value for scope in scopes for name, value in scope.values.items() if name.startswith("this.")}

    def _item(self, rows: str) -> dict[str, FieldType]:
        """What `this` has under a list: the columns of a row, or the word (`form:`, `task:` …: what is run over)."""
        kind, _, name = rows.rpartition(":")
        if kind == "form":
            own = {path: found for path, found in self.fields.items() if path.startswith(f"{name}.")}
            return {path.removeprefix(f"{name}."): found for path, found in own.items() if path.count(".") == 1}
        if kind == "members":
            lists = {"members": FieldType("rows"), "reserve": FieldType("rows")}
            return {"item": FieldType(), **lists, "from": FieldType("date"), "until": FieldType("date")}
        if kind == "posting":
            return {"amount": FieldType("money"), "debit": FieldType(), "credit": FieldType(), "key": FieldType()}
        found = self.fields.get(name)
        item = FieldType("text", found.words if found and found.type != "rows" else None)
        states = {state: FieldType("bool") for state in ("open", "done", "missed", "in_time")} if kind == "task" else {}
        return {**(found.columns if found else {}), "item": item, **states}

    def compile(self, leaf: Leaf | None, want: str, where: Where) -> Expression | None:
        """The condition, or None if there is none or it is wrong (then a problem says why)."""
        if leaf is None:
            return None
        source = re.sub(r"^=\s*", "", leaf.text)
        scope = self.scope(where.rows)
        wrong = words.findings(source, scope)
        for finding in wrong:
            self._say(finding, self._place(leaf, source, finding.start))
        if any(finding.code != "unknown-choice" for finding in wrong):
            return None
        try:
            found = scope.environment.compile(source)
        except ExpressionError as error:
            self._fails(leaf, error)
            return None
        return found if self._fits(found, want, leaf) and self._stands(found, where, leaf) else None

    def _fits(self, found: Expression, want: str, leaf: Leaf) -> bool:
        if want == "any" or found.result in (want, "any") or {found.result, want} in _ALIKE:
            return True
        if (found.result, want) == ("int", "money") and self._reads_rows(found):
            return True  # an amount that comes out of rows is a bare number
        self.report.add(
            "wrong-type",
            leaf.place,
            f"这里要{_TYPES.get(want, want)}，“{leaf.text}”给出{_TYPES.get(found.result, found.result)}",
            _ADVICE.get(want, "改写条件，使它给出所要的类型"),
        )
        return False

    def _reads_rows(self, found: Expression) -> bool:
        return any(self.fields[name].type == "rows" for name in found.names if name in self.fields)

    def _stands(self, found: Expression, where: Where, leaf: Leaf) -> bool:
        taken = [name for name in found.names if name in ACT_NAMES]
        if where.act or not taken:
            return True
        self.report.add(
            "only-with-an-act",
            leaf.place,
            f"{'、'.join(taken)} 只在判断一个操作时才有，这里没有操作",
            "在操作里用 sets 把它记进字段，这里读那个字段",
        )
        return False

    def _fails(self, leaf: Leaf, error: ExpressionError) -> None:
        said = _in_words(str(error))
        if any(name in self.report.broken for name in re.findall(r"[a-z][a-z0-9_]*", leaf.text)):
            return
        if said.startswith("写法有误"):
            self.report.add(
                "bad-condition",
                leaf.place,
                f"条件{_foreign(leaf.text) or _syntax(said)}",
                "文字加单引号；检查括号和运算符：&& || ! == != in",
            )
        else:
            advice = f"比较的两边要同类；金额写成 figure；文字加单引号{self._as_read(leaf.text)}"
            self.report.add("bad-condition", leaf.place, said, advice)

    def _as_read(self, source: str) -> str:
        """How the figures of a condition have been read, by their spelling."""
        names = dict.fromkeys(re.findall(r"(?<![\w.])[a-z][a-z0-9_]*(?![\w.(])", source))
        found = [f"{name} 写的是“{self.written[name]}”" for name in names if name in self.written]
        return f"。{'；'.join(found)}" if found else ""

    def _say(self, finding: Finding, place: Place) -> None:
        text, of = finding.text, finding.of
        close = self.report.near(text, finding.known) if finding.code in _NEAR else ""
        scales = self.plain.scales
        match finding.code:
            case "unknown-name":
                self._unknown_name(finding, place)
            case "unknown-choice":
                some = "、".join(finding.known[:12]) + (f" 等 {len(finding.known)} 个" if finding.known[12:] else "")
                self.report.add("unknown-choice", place, f"{of} 没有“{text}”这个词", f"{close}可用的词：{some}")
            case "unknown-column":
                advice = close or f"列有 {'、'.join(finding.known)}"
                self.report.add("unknown-column", place, f"{of} 的行没有“{text}”这一列", advice)
            case "unknown-act":
                what = "口径" if of == "said" else "操作或触发"
                self.report.unknown(place, text, what, finding.known)
            case "unknown-rank":
                self.report.add(
                    "unknown-name", place, f"没有名为“{text}”的有序目录", close or "目录写 ordered: yes 才有高低"
                )
            case "bound-name":
                self.report.add("name-clash", place, f"变量 {text} 和 {text} 同名", "给 exists、all 里的变量换一个字母")
            case "other-scale":
                digits = [f"{name} 有 {scales[name]} 位小数" for name in (text, of)]
                self.report.add(
                    "bad-condition",
                    place,
                    f"{'，'.join(digits)}，比较的数不是一个单位",
                    "给两个字段写同样的 scale，或先换算：乘以 10、100",
                )
            case "bad-call":
                self.report.add("bad-condition", place, f"{text}() 里应是引号中的名字", f'写作 {text}("名字")')
            case _ if text == "has":
                self.report.add("bad-condition", place, "条件里没有 has()", "写 字段.filled")
            case _:
                self.report.add(
                    "unknown-name", place, f"没有 {text}() 这个函数", close or f"函数有 {'、'.join(finding.known)}"
                )

    def _unknown_name(self, finding: Finding, place: Place) -> None:
        name = finding.text
        kind = self.fields.get(name)
        if kind and kind.type == "period":
            self.report.add("wrong-type", place, f"{name} 是一段时间", f"写 {name}.from 或 {name}.until")
        elif kind and kind.type == "span":
            self.report.add("wrong-type", place, f"{name} 是时长，条件里不算时间", "时长只用在 within 等处")
        elif name in _SPOKEN:
            self.report.add("bad-condition", place, f"条件里没有“{name}”", f"写 {_SPOKEN[name]}")
        elif name in self.written:
            self.report.add("wrong-type", place, f"{name} 是时长，条件里不算时间", "时长只用在 within 等处")
        elif name.startswith("this.") and not any(known.startswith("this.") for known in finding.known):
            self.report.add("unknown-name", place, f"没有名字“{name}”", "this 只在写了 for_each 或 each 的地方才有")
        elif name.startswith("this."):
            self.report.unknown(place, name, "名字", [known for known in finding.known if known.startswith("this.")])
        else:
            self.report.unknown(place, name, "名字", finding.known)

    def _place(self, leaf: Leaf, source: str, offset: int) -> Place:
        """The place of a word inside a condition that stands on one line as it is written."""
        if not isinstance(leaf.node, Text):
            return leaf.place
        skipped = len(leaf.node.text) - len(source)
        return self.report.inside(leaf.place, leaf.node.text, skipped + offset)


#: findings for which something near is looked for
_NEAR = frozenset({"unknown-choice", "unknown-column", "unknown-rank", "unknown-function"})
_ALIKE = ({"moment", "date"}, {"texts", "rows"})


#: words of other languages, and what is written here
_SPOKEN = {"and": "&&", "or": "||", "not": "!", "AND": "&&", "OR": "||", "NOT": "!", "True": "true", "False": "false"}
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_TYPE_NAMES = {
    "int": "整数", "string": "文字", "bool": "真假", "timestamp": "时刻", "double": "小数", "list": "列表",
    "dyn": "任何值",
}  # fmt: skip


def _in_words(said: str) -> str:
    """A refusal of types in the words of this language."""
    if not said.startswith("类型不合"):
        return said
    plain = said.replace("google.protobuf.", "")
    return re.sub(r"\b[A-Za-z]+\b", lambda word: _TYPE_NAMES.get(word[0].lower(), word[0]), plain)


def _foreign(source: str) -> str:
    """What looks like a sign of this language, and is not."""
    bare = _QUOTED.sub("''", source)
    if found := re.search("[‘’“”（），；：。！＝＞＜｛｝【】]", bare):
        return f"里有中文标点“{found[0]}”，要用英文的"
    return "里的“=”不是比较：相等写 ==" if re.search(r"(?<![=!<>])=(?!=)", bare) else ""


def _syntax(said: str) -> str:
    said = said.removeprefix("写法有误：")
    if "<EOF>" in said:
        return "没写完"
    if "token recognition error" in said:
        return "里有不能用的字符，或引号没有合上"
    if "Syntax error" in said:
        found = re.search(r"(?:input|at:?) '?([^']*)'?", said)
        return f"在“{found[1]}”处读不懂" if found else "读不懂"
    return f"读不懂：{said}"
