"""What was entered with an act: read, typed, completed by what fills itself, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from shouwen.core import calendar, opening
from shouwen.core import values as v
from shouwen.core.persons import Standing, outside
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Action, Field, Fill
from shouwen.core.reason import Missing, Reason
from shouwen.core.scope import Scope, holds, worth
from shouwen.core.sitting import Sitting, persons, unique
from shouwen.core.values import Unknown, Value, fitted

__all__ = ["Entry", "complete", "items_of", "missing", "read", "unknown_fields"]

#: what people type where a name should stand
_NO_NAMES = frozenset({"yes", "no", "true", "false", "是", "否", "ok", "无", "null", "none"})  # zh: what people type

Rows = dict[str, dict[str, dict[str, Value]]]


@dataclass
class Entry:
    """The typed values of an act by path, its rows by field and key, and the clauses of the fields filled."""

    values: dict[str, Value] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    #: fields that were entered but not as they must be: what they lack is said in the reasons
    unfit: set[str] = field(default_factory=set)
    clauses: list[str] = field(default_factory=list)


def items_of(sitting: Sitting, action: Action, entry: Entry) -> tuple[str, ...]:
    """The keys of the rows that an act is about, which is done per row or word of its `each`."""
    rule = sitting.procedure.fields.get(action.each or "")
    if rule is None:
        return ()
    keyed = [rule.path] if rule.type == "rows" else [path for path in entry.rows if sitting.procedure.fields[path].key]
    return tuple(dict.fromkeys(item for path in keyed for item in entry.rows.get(path, {})))


def read(sitting: Sitting, action: Action, entered: Mapping[str, Mapping[str, object]], role: str) -> Entry:
    """The values of an act as typed; everything that does not fit is a reason, all at once."""
    entry = Entry()
    fills = {fill.path: fill for fill in action.fills}
    for form, fields in by_form(entered):
        for name, raw in fields.items():
            _one(sitting, action, entry, fills, f"{form}.{name}", raw, role)
    return entry


def complete(sitting: Sitting, action: Action, entry: Entry, person: str, right: Standing, scope: Scope) -> None:
    """Fill what fills itself: moments, the person who acts, signatures by log-in, defaults."""
    for fill in action.fills:
        found = sitting.procedure.fields[fill.path]
        entry.clauses += [*fill.clauses, *found.clauses] if _given(entry, fill.path) else []
        if found.columns:
            for column in found.columns.values():
                _complete_column(sitting, entry, Fill(path=column.path, clauses=fill.clauses), person, right, scope)
        elif fill.path.count(".") == 2:
            _complete_column(sitting, entry, fill, person, right, scope)
        elif fill.path not in entry.values and not (found.computed or found.same_as or found.type == "rows"):
            value = _auto(sitting, found, person, right, scope)
            if value is not None:
                entry.values[fill.path] = value
                entry.clauses += [*fill.clauses, *found.clauses]


def _complete_column(sitting: Sitting, entry: Entry, fill: Fill, person: str, right: Standing, scope: Scope) -> None:
    owner, _, column = fill.path.rpartition(".")
    found = sitting.procedure.fields[fill.path]
    if found.auto == "number":
        lines = entry.rows.get(owner, {})
        for item, line in opening.numbered(sitting, owner, lines).items():
            lines[item].update(line)
        return
    for line in entry.rows.get(owner, {}).values():
        value = None if column in line else _auto(sitting, found, person, right, scope)
        if value is not None:
            line[column] = value
            entry.clauses += [*fill.clauses, *found.clauses]


def missing(sitting: Sitting, action: Action, entry: Entry, scope: Scope) -> list[Missing]:
    """The fields that this act must fill and that are neither entered nor already on the paper."""
    found = []
    for fill in action.fills:
        field_rule = sitting.procedure.fields[fill.path]
        if field_rule.computed or field_rule.same_as:
            continue
        if fill.path.count(".") == 2:
            found += _missing_columns(sitting, action, fill, field_rule, entry, scope)
        elif entry.rows.get(fill.path):
            for column in field_rule.columns.values():
                if column.path.rpartition(".")[2] != field_rule.key and column.computed is None:
                    part = Fill(path=column.path, clauses=fill.clauses)
                    found += _missing_columns(sitting, action, part, column, entry, scope)
        elif fill.path not in entry.values and _lacking(fill, field_rule, scope):
            found.append(_missing(sitting, field_rule, fill, ""))
    if action.each and not items_of(sitting, action, entry) and not action.opens:
        rule = sitting.procedure.fields.get(action.each)
        if rule is not None:
            found.append(_missing(sitting, rule, Fill(path=action.each), ""))
    return found


def by_form(entered: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
    """Values by form; `form.field: value` is read as `form: {field: value}`."""
    found: list[tuple[str, Mapping[str, object]]] = []
    for form, fields in entered.items():
        head, dot, name = str(form).partition(".")
        if dot:
            found.append((head, {name: fields}))
        elif isinstance(fields, Mapping):
            found.append((form, fields))
        else:
            found.append((form, {"": fields}))
    return found


def key_of(raw: object) -> str:
    """The key of a row as it was entered, '' if it cannot be one."""
    return str(raw).strip() if isinstance(raw, str | int | date) else ""


def _one(
    sitting: Sitting, action: Action, entry: Entry, fills: Mapping[str, Fill], path: str, raw: object, role: str
) -> None:
    found = sitting.procedure.fields.get(path)
    if found is None:
        entry.reasons.append(
            Reason(code="no-such-field", text=phrase("没有“{path}”这一栏，请核对表名和栏名", path=path))
        )
        return
    if found.computed:
        _keep(sitting, entry, found, raw)
        return
    filled_here = path in fills or path == action.each or any(other.startswith(f"{path}.") for other in fills)
    if not filled_here:
        text = phrase("“{name}”不填“{name2}”这一栏", name=action.name, name2=found.name)
        entry.reasons.append(Reason(code="not-filled-here", text=text, clauses=unique(found.clauses)))
        return
    if found.only and role and role not in found.only:
        names = joined(sitting.procedure.roles[one].name for one in found.only)
        entry.reasons.append(
            Reason(
                code="not-your-field",
                text=phrase("“{name}”只许{names}填", name=found.name, names=names),
                clauses=found.clauses,
                who=found.only,
            )
        )
        return
    if found.type == "rows":
        _rows(sitting, action, entry, fills, found, raw, role)
    else:
        _keep(sitting, entry, found, raw)


def _rows(
    sitting: Sitting, action: Action, entry: Entry, fills: Mapping[str, Fill], found: Field, raw: object, role: str
) -> None:
    lines = [raw] if isinstance(raw, Mapping) else raw
    if not isinstance(lines, Sequence) or isinstance(lines, str):
        entry.reasons.append(
            Reason(code="not-readable", text=phrase("“{name}”应为逐行的列表", name=found.name), clauses=found.clauses)
        )
        return
    whole = found.path in fills
    if not lines:
        return
    taken = entry.rows.setdefault(found.path, {})
    standing = sitting.case.values.get(found.path, ())
    count = len(standing) if isinstance(standing, tuple) else 0
    for place, line in enumerate(lines):
        if not isinstance(line, Mapping):
            text = phrase("“{name}”第 {row} 行应写作 栏名: 值", name=found.name, row=place + 1)
            entry.reasons.append(Reason(code="not-readable", text=text, clauses=found.clauses))
            continue
        item = key_of(line.get(found.key)) if found.key else str(count + place + 1)
        if not item:
            key = found.columns[found.key or ""]
            text = phrase("“{name}”每行须写明“{name2}”", name=found.name, name2=key.name)
            entry.reasons.append(Reason(code="row-without-key", text=text, clauses=found.clauses))
            continue
        if found.key and item in taken:
            text = phrase("“{name}”里“{item}”写了两行", name=found.name, item=item)
            entry.reasons.append(Reason(code="row-twice", text=text, clauses=found.clauses))
        taken.setdefault(item, {}).update(_line(sitting, action, entry, fills, found, line, whole, role))


def _line(
    sitting: Sitting,
    action: Action,
    entry: Entry,
    fills: Mapping[str, Fill],
    found: Field,
    line: Mapping[str, object],
    whole: bool,
    role: str,
) -> dict[str, Value]:
    typed: dict[str, Value] = {}
    for name, raw in line.items():
        column = found.columns.get(name)
        if column is None:
            text = phrase("“{name}”没有“{name2}”这一栏", name=found.name, name2=name)
            entry.reasons.append(Reason(code="no-such-field", text=text, clauses=found.clauses))
        elif not whole and name != found.key and column.path not in fills:
            text = phrase("“{name}”不填“{name2}”的“{name3}”", name=action.name, name2=found.name, name3=column.name)
            entry.reasons.append(Reason(code="not-filled-here", text=text, clauses=column.clauses))
        elif column.only and role and role not in column.only:
            entry.reasons.append(
                Reason(
                    code="not-your-field",
                    text=phrase("您不能填“{name}”", name=column.name),
                    clauses=column.clauses,
                    who=column.only,
                )
            )
        elif (value := _typed(sitting, entry, column, raw)) is not None:
            typed[name] = value
    return typed


def _keep(sitting: Sitting, entry: Entry, found: Field, raw: object) -> None:
    value = _typed(sitting, entry, found, raw)
    if value is not None:
        entry.values[found.path] = value


def _typed(sitting: Sitting, entry: Entry, found: Field, raw: object) -> Value | None:
    """The value of what was entered; None if it is empty or does not fit, which is then said."""
    if raw is None or raw == "":
        return None
    try:
        value = v.read(found.type, raw, sitting.procedure.zone, scale=found.scale)
    except v.Unreadable as error:
        text = phrase("“{name}”填写有误：{error}", name=found.name, error=error.args[0])
        entry.reasons.append(Reason(code="not-readable", text=text, clauses=found.clauses))
        entry.unfit.add(found.path)
        return None
    if value in ("", ()):
        return None
    catalog = sitting.procedure.catalogs.get(found.catalog or "")
    value = catalog.now(value) if catalog else value
    problem = _unsigned(sitting, found, value) if found.type == "signature" else _unfit(sitting, found, value)
    if problem:
        entry.reasons.append(Reason(code="not-allowed", text=f"“{found.name}”{problem}", clauses=found.clauses))
        entry.unfit.add(found.path)
        return None
    return value


def _unsigned(sitting: Sitting, found: Field, value: Value) -> str:
    """Why this is not a signature: a name that is no name, or somebody whose signature does not belong there.

    People of the organisation sign by acting (or by being there); others sign with their name.
    """
    name, actor = str(value), sitting.actor
    if len(name) < 2 or name.lower() in _NO_NAMES:
        return phrase("须是签字人的姓名")
    roles = sitting.procedure.roles
    held = [roles[holding.role] for holding in sitting.world.held_by(name) if holding.role in roles]
    inside = any(not role.outside for role in held)
    if inside and actor is not None and name not in (actor.person, *actor.present):
        return phrase("须{name}本人签字，不得代签", name=name)
    wanted = [role for role in found.sign_by if role in roles]
    if not wanted:
        return ""
    names = joined(roles[role].name for role in wanted)
    if held and not any(name in persons(sitting, role, None, sitting.scope()) for role in wanted):
        return phrase("须由{names}签字", names=names)
    return "" if held or any(outside(sitting, role) for role in wanted) else phrase("须由{names}签字", names=names)


def _unfit(sitting: Sitting, found: Field, value: Value) -> str:
    words = sitting.world.words.get(found.catalog or "", ()) or found.words
    chosen = value if isinstance(value, tuple) else (value,)
    if found.type in ("choice", "choices") and words is not None:
        catalog = sitting.procedure.catalogs.get(found.catalog or "")
        gone = catalog.retired(sitting.moment.date()) if catalog else frozenset()
        strange = [str(word) for word in chosen if word not in words or word in gone]
        if strange:
            left = (word for word in words if word not in gone)
            return phrase("没有“{names}”这一项，可选：{names2}", names=joined(strange), names2=joined(left))
    if found.past and _ahead(sitting, value):
        return phrase("不能晚于现在")
    strangers = _strangers(sitting, found, chosen)
    if strangers:
        names = joined(sitting.procedure.roles[role].name for role in found.holds)
        return phrase("须是{names}：{names2}不是", names=names, names2=joined(strangers))
    size = len(value) if isinstance(value, tuple) else value if isinstance(value, int) else None
    if size is not None and found.least is not None and size < found.least:
        return phrase("至少 {least}", least=found.least)
    if size is not None and found.most is not None and size > found.most:
        return phrase("至多 {most}", most=found.most)
    if found.shortest and isinstance(value, str) and len(value) < found.shortest:
        return phrase("至少写 {shortest} 个字", shortest=found.shortest)
    return ""


def _ahead(sitting: Sitting, value: Value) -> bool:
    """Whether a moment or a day lies in the future."""
    if isinstance(value, datetime):
        return calendar.minute(value) > calendar.minute(sitting.at)
    return isinstance(value, date) and value > sitting.at.date()


def _strangers(sitting: Sitting, found: Field, chosen: tuple[Value, ...]) -> list[str]:
    """People named who hold none of the roles that this field asks for."""
    if not found.holds:
        return []
    scope = sitting.scope()
    unit = found.unit_of.evaluate(scope) if found.unit_of else None
    there = unit if isinstance(unit, str) else None
    held = {person for role in found.holds for person in persons(sitting, role, there, scope)}
    return [str(person) for person in chosen if person not in held]


def _given(entry: Entry, path: str) -> bool:
    owner, _, column = path.rpartition(".")
    return (
        path in entry.values or path in entry.rows or any(column in line for line in entry.rows.get(owner, {}).values())
    )


def _auto(sitting: Sitting, found: Field, person: str, right: Standing, scope: Scope) -> Value | None:
    if found.auto == "at":
        return sitting.moment.date() if found.type == "date" else sitting.moment
    if found.auto == "actor":
        return person if not found.sign_by or right.role in found.sign_by else None
    if found.auto == "number":
        number = sitting.case.number or sitting.number or None
        return sitting.world.numbers.get(found.path.split(".")[0], number)
    if found.type == "signature" and right.role in found.sign_by:
        return person
    value = worth(found.auto, scope) if found.auto is not None and not isinstance(found.auto, str) else None
    return None if value in (None, "") else fitted(found.type, value, sitting.procedure.zone)


def _needed(fill: Fill, found: Field, scope: Scope) -> bool:
    if fill.needed is not None:
        return fill.needed
    if found.needed is not None:
        return holds(found.needed, scope)
    return not found.optional


def _lacking(fill: Fill, found: Field, scope: Scope) -> bool:
    """Whether the act needs the field, and the paper does not have it yet (`!`: must be given in this act)."""
    return _needed(fill, found, scope) and (fill.needed is True or scope.field(fill.path) in (None, (), ""))


def _missing_columns(
    sitting: Sitting, action: Action, fill: Fill, found: Field, entry: Entry, scope: Scope
) -> list[Missing]:
    owner, _, column = fill.path.rpartition(".")
    lines = entry.rows.get(owner, {})
    standing = {str(row["#"]): row for row in _standing(scope, owner)}
    lost = []
    for item, line in lines.items():
        have = line.get(column, standing.get(item, {}).get(column))
        if have in (None, "", ()) and _needed(fill, found, scope.on(item, {**standing.get(item, {}), **line})):
            lost.append(_missing(sitting, found, fill, item))
    return lost


def _standing(scope: Scope, owner: str) -> list[Mapping[str, Value]]:
    rows = scope.field(owner)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, tuple) else []


def _missing(sitting: Sitting, found: Field, fill: Fill, item: str) -> Missing:
    form = sitting.procedure.forms[found.path.split(".")[0]]
    if item:
        place = phrase("《{form}》{item}行“{field}”栏", form=form.name, item=item, field=found.name)
    else:
        place = phrase("《{form}》“{field}”栏", form=form.name, field=found.name)
    return Missing(path=found.path, name=found.name, place=place, clauses=unique(fill.clauses, found.clauses))


def unknown_fields(sitting: Sitting, unknown: Unknown) -> list[Missing]:
    """The fields behind names that a need does not know."""
    found = []
    for name in unknown.names:
        named = sitting.procedure.names.get(name)
        if named and named.kind in ("field", "from", "until"):
            rule = sitting.procedure.fields[named.target]
            if not rule.computed:
                found.append(_missing(sitting, rule, Fill(path=rule.path), ""))
    return found
