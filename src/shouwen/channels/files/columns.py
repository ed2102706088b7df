"""Which column of a table fills which field of the opening act: by name, by path, or as a map says; never by guess."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import yaml

from shouwen.channels.files.table import Line, Table, Unusable
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Action, Field, Procedure

__all__ = ["Choices", "Column", "Layout", "Place", "choices_of", "laid_out", "opening_act", "places", "suggested_text"]

#: so many lines may stand above the header
MOST_ABOVE = 20
#: less alike is not worth suggesting
ALIKE = 0.5
#: what tables call the name, phone and room of whoever a case is about; only suggested, never taken
_CALLED = {
    "name": ("姓名", "客户姓名", "联系人", "业主", "报修人", "投诉人"),  # zh: the heads of columns
    "phone": ("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码"),  # zh: the same
    "room": ("房间", "房间号", "门牌", "门牌号", "地址", "单元"),  # zh: the same
}


@dataclass(frozen=True)
class Place:
    """A field that a column may fill. `needed`: every row must have it."""

    field: Field
    form: str
    needed: bool

    @property
    def path(self) -> str:
        """form.field"""
        return self.field.path


@dataclass(frozen=True)
class Column:
    """A column that fills a field: its place in the table (None: the same text for all rows) and its heading."""

    index: int | None
    heading: str
    place: Place
    fixed: str = ""


@dataclass(frozen=True)
class Choices:
    """What is said about columns beside the file: heading → path ('' to leave it out), fixed texts, words for words."""

    columns: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    others_ignored: bool = False


@dataclass(frozen=True)
class Layout:
    """How the table is understood. It can be worked with if nothing is `unknown` and nothing `unfilled`."""

    header: Line
    rows: Sequence[Line]
    columns: tuple[Column, ...]
    #: headings that fill nothing, each with a path that it may stand for, or ''
    unknown: Mapping[str, str]
    unfilled: tuple[Place, ...]
    #: path → the file's word → the language's
    words: Mapping[str, Mapping[str, str]]

    @property
    def complete(self) -> bool:
        """Whether rows can be read by it."""
        return not self.unknown and not self.unfilled


def opening_act(procedure: Procedure, act: str = "", flow: str = "") -> Action:
    """The act that opens cases. Raises `Unusable` if it is not clear which."""
    openers = {one.id: one for one in procedure.actions.values() if one.opens and (not flow or one.opens == flow)}
    listed = joined(phrase("{id}（{name}）", id=one.id, name=one.name) for one in openers.values())
    if act:
        if act not in openers:
            raise Unusable(
                phrase(
                    "“{act}”不是规程“{title}”里开案的操作，有：{listed}",
                    act=act,
                    title=procedure.title,
                    listed=listed or phrase("无"),
                )
            )
        return openers[act]
    if len(openers) == 1:
        return next(iter(openers.values()))
    if not openers:
        raise Unusable(
            phrase(
                "规程“{title}”没有{of}开案操作",
                title=procedure.title,
                of=phrase("流程“{flow}”的", flow=flow) if flow else "",
            )
        )
    raise Unusable(
        phrase("规程“{title}”有几个开案操作，请用 --act 指明：{listed}", title=procedure.title, listed=listed)
    )


def places(procedure: Procedure, action: Action) -> dict[str, Place]:
    """The fields of an act that a table can fill, by path, in the act's order."""
    found = {}
    for fill in action.fills:
        rule = procedure.fields[fill.path]
        if rule.computed or rule.same_as or rule.type == "rows" or fill.path.count(".") != 1:
            continue
        by_itself = bool(rule.auto or rule.sign_by)
        asked = fill.needed if fill.needed is not None else not (rule.optional or rule.needed)
        form = procedure.forms[fill.path.partition(".")[0]].name
        found[fill.path] = Place(rule, form, bool(asked) and not by_itself)
    return found


def choices_of(
    texts: Iterable[str], fixed: Iterable[str], known: Mapping[str, Place], *, others_ignored: bool = False
) -> Choices:
    """What `--map` (a YAML file, or 列名=栏) and `--set` (栏=值) say. Raises `Unusable`."""
    columns: dict[str, str] = {}
    same: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    for text in texts:
        heading, equals, target = text.rpartition("=")
        if equals:
            columns[_plain(heading)] = _path(target, known) if target.strip() else ""
        else:
            _from_file(Path(text), known, columns, same, words)
    for text in fixed:
        target, equals, value = text.partition("=")
        if not equals:
            raise Unusable(phrase("--set 应写作 栏=值，如 --set 来源=电话；这里是“{text}”", text=text))
        same[_path(target, known)] = value.strip()
    return Choices(columns, same, words, others_ignored)


def _from_file(
    path: Path,
    known: Mapping[str, Place],
    columns: dict[str, str],
    fixed: dict[str, str],
    words: dict[str, dict[str, str]],
) -> None:
    try:
        written = yaml.safe_load(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise Unusable(phrase("找不到对照表“{path}”：--map 后面是 YAML 文件，或 列名=栏", path=path)) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Unusable(phrase("对照表“{path}”读不出来：{error}", path=path, error=str(error).splitlines()[0])) from None
    parts = written if isinstance(written, dict) else {"columns": written}
    for name, part in parts.items():
        if name not in ("columns", "fixed", "words") or not isinstance(part or {}, dict):
            raise Unusable(
                phrase(
                    "对照表“{path}”里只能有 columns、fixed、words 三段，每段逐行写 左: 右；“{name}”不合",
                    path=path,
                    name=name,
                )
            )
    for heading, target in (parts.get("columns") or {}).items():
        columns[_plain(str(heading))] = _path(str(target), known) if target else ""
    for target, value in (parts.get("fixed") or {}).items():
        fixed[_path(str(target), known)] = _written(value)
    for target, pairs in (parts.get("words") or {}).items():
        if not isinstance(pairs, dict):
            raise Unusable(
                phrase(
                    "对照表“{path}”的 words 应写作 栏: {{表里的词: 规程的词}}；“{target}”不合", path=path, target=target
                )
            )
        words[_path(str(target), known)] = {str(old).strip(): _written(new) for old, new in pairs.items()}


def _written(value: object) -> str:
    """YAML reads 是/yes and dates by itself; the language reads texts."""
    return ("是" if value else "否") if isinstance(value, bool) else str(value).strip()  # zh: as in a cell


def laid_out(
    table: Table, known: Mapping[str, Place], customer: Mapping[str, str], choices: Choices, *, aside: str = ""
) -> Layout:
    """Find the header and what its columns fill. Raises `Unusable` if there is none, or two columns fill one field.
    `aside`: a heading that need not fill any."""
    index = _header(table, known, choices)
    header, rows = table.lines[index], table.lines[index + 1 :]
    if not rows:
        raise Unusable(
            phrase("“{name}”只有表头（第 {number} 行），没有要导入的行", name=table.name, number=header.number)
        )
    columns: list[Column] = []
    unknown: dict[str, str] = {}
    taken: dict[str, str] = {}
    headings = set[str]()
    for place, text in enumerate(header.cells):
        heading = text or phrase("第 {column} 列", column=place + 1)
        if _plain(heading) in headings:
            raise Unusable(phrase("表头里“{heading}”出现两次：请改名，或删去一列", heading=heading))
        headings.add(_plain(heading))
        if not text and not any(len(row.cells) > place and row.cells[place] for row in rows):
            continue
        target = _target(heading, known, choices)
        if target is None and not choices.others_ignored and heading != aside:
            unknown[heading if text else phrase("{heading}（表头空着，或是合并的单元格）", heading=heading)] = ""
        if not target:
            continue
        if target in taken:
            raise Unusable(
                phrase(
                    "“{taken}”和“{heading}”两列都对应“{name}”：请用 --map {heading}= 去掉一列",
                    taken=taken[target],
                    heading=heading,
                    name=known[target].field.name,
                )
            )
        taken[target] = heading
        columns.append(Column(place, heading, known[target]))
    for path, text in choices.fixed.items():
        if path in taken:
            raise Unusable(
                phrase(
                    "“{name}”既由“{taken}”列给出，又统一设为“{text}”：请去掉一个",
                    name=known[path].field.name,
                    taken=taken[path],
                    text=text,
                )
            )
        columns.append(Column(None, "", known[path], text))
    strange = [heading for heading in choices.columns if heading not in headings]
    if strange:
        raise Unusable(
            phrase(
                "对照表提到的列“{names}”不在表头里：表头是 {names2}",
                names=joined(strange),
                names2=joined(c or phrase("（空）") for c in header.cells),
            )
        )
    filled = {column.place.path for column in columns}
    unfilled = tuple(place for path, place in known.items() if place.needed and path not in filled)
    open_paths = [path for path in known if path not in filled]
    for heading, path in _suggestions(list(unknown), open_paths, known, customer).items():
        unknown[heading] = path
    return Layout(header, rows, tuple(columns), unknown, unfilled, choices.words)


def suggested_text(layout: Layout, known: Mapping[str, Place]) -> str:
    """A map to begin with, as YAML: what is clear, what is suggested, what must still be said."""
    # The file is for whoever runs the command, and in the words of the regulation.
    head = "# 列名: 表.栏；右边空着的列不导入。请逐行核对后，用 --map 这个文件 导入。"  # zh: as above
    guessed, unknown = "  # 猜是“{}”，请核对", "  # 没有对应的栏：空着就不导入"  # zh: as above
    needed = "  # {}:   # “{}”必填，表里没有这一列"  # zh: as above
    fixed, words = "fixed:  # 每行都一样的值", "words:  # 表里的词: 规程的词"  # zh: as above
    lines = [head, "columns:"]
    for column in layout.columns:
        if column.index is not None:
            lines.append(f"  {_quoted(column.heading)}: {column.place.path}")
    for heading, path in layout.unknown.items():
        remark = guessed.format(known[path].field.name) if path else unknown
        lines.append(f"  {_quoted(heading.partition(_EMPTY_HEAD)[0])}: {path}{remark}")
    suggested = set(layout.unknown.values())
    rest = [place for place in layout.unfilled if place.path not in suggested]
    lines += [fixed, *(f"  {c.place.path}: {_quoted(c.fixed)}" for c in layout.columns if c.index is None)]
    lines += [needed.format(place.path, place.field.name) for place in rest]
    lines += [words, "  # 表.栏: {来电: 电话}"]  # zh: as above
    text = "\n".join(lines) + "\n"
    return text.replace(f"{fixed}\nwords", f"{fixed.replace(':', ': {}', 1)}\nwords")


#: how the heading of a column without one goes on
_EMPTY_HEAD = "（表头"  # zh: see `unknown` of a layout


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _header(table: Table, known: Mapping[str, Place], choices: Choices) -> int:
    """The line of the first ones in which most cells name a field; the first such line."""
    best, most = -1, 0
    for index, line in enumerate(table.lines[:MOST_ABOVE]):
        hits = sum(1 for text in line.cells if text and (_target(text, known, choices) is not None))
        if hits > most:
            best, most = index, hits
    if most == 0:
        first = next((line for line in table.lines[:MOST_ABOVE] if len(line.cells) > 1), table.lines[0])
        names = joined(place.field.name for place in known.values())
        seen = joined(text or phrase("（空）") for text in first.cells[:12])
        raise Unusable(
            phrase(
                "“{name}”前 {most} 行里找不到表头：没有一格是这一操作的栏名。第 {number} 行是：{seen}；"
                "可用的栏名：{names}。列名不同的，用 --map 列名=栏名 写明",
                name=table.name,
                most=MOST_ABOVE,
                number=first.number,
                seen=seen,
                names=names,
            )
        )
    return best


def _target(heading: str, known: Mapping[str, Place], choices: Choices) -> str | None:
    """What a heading stands for: a path, '' to leave it out, None: not known."""
    name = _plain(heading)
    if name in choices.columns:
        return choices.columns[name]
    return _found(name, known)


def _path(text: str, known: Mapping[str, Place]) -> str:
    found = _found(_plain(text), known)
    if not found:
        names = joined((phrase("{name}（{path}）", name=place.field.name, path=path) for path, place in known.items()))
        raise Unusable(phrase("这一操作不填“{text}”这一栏；可以填的有：{names}", text=text.strip(), names=names))
    return found


def _found(name: str, known: Mapping[str, Place]) -> str | None:
    """The only field of this path, name, or name without what stands in brackets."""
    if name in known:
        return name
    for called in (lambda p: p.path.partition(".")[2], lambda p: _plain(p.field.name), lambda p: _short(p.field.name),
                   lambda p: f"{_plain(p.form)}.{_plain(p.field.name)}"):  # fmt: skip
        hits = [path for path, place in known.items() if called(place) == name]
        if len(hits) == 1:
            return hits[0]
    return None


def _plain(text: str) -> str:
    """A heading without what people put around it: blanks, line breaks, a star for 'required', a colon."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", folded).strip("*:").lower()


def _short(text: str) -> str:
    return re.sub(r"\([^)]*\)", "", _plain(text))


def _suggestions(
    unknown: Sequence[str], open_paths: Sequence[str], known: Mapping[str, Place], customer: Mapping[str, str]
) -> dict[str, str]:
    """The likeliest field for each heading, no field twice."""
    words = {path: word for word, path in customer.items()}
    pairs = []
    for heading in unknown:
        for path in open_paths:
            names = (_short(known[path].field.name), *_CALLED.get(words.get(path, ""), ()))
            likeness = max(_likeness(_short(heading), name) for name in names)
            if likeness >= ALIKE:
                pairs.append((likeness, heading, path))
    found: dict[str, str] = {}
    for _, heading, path in sorted(pairs, key=lambda pair: -pair[0]):
        if heading not in found and path not in found.values():
            found[heading] = path
    return found


def _likeness(one: str, other: str) -> float:
    shared = SequenceMatcher(None, one, other).ratio()
    return max(shared, 0.8) if one and other and (one in other or other in one) else shared
