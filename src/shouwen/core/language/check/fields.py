"""Fields: what is required or read gets filled, computed fields are left alone, copies hide what they must."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from shouwen.core.language.check import show, walk
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Consequence, Copy, Field, Form, Notice, Reminder, Rule

__all__ = ["prove"]

_BLANK = re.compile(r"\{([^{}]*)\}")

Fillers = Mapping[str, tuple[str, ...]]


def prove(x: Examination) -> None:
    """All forms that a case fills; rows of registers come from outside."""
    by = x.fillers
    for form in x.procedure.forms.values():
        for copy in form.copies:
            _copy(x, form, copy)
        if form.register:
            continue
        _issue(x, form)
        if not any(by.get(item.path) for item in form.fields.values()) and _entered(form):
            _never_used(x, form)
            continue
        for item in _all(form):
            _filled(x, form, item, by)
    _computed(x)
    _told(x)
    _only(x)


def _all(form: Form) -> Iterator[Field]:
    for item in form.fields.values():
        yield item
        yield from item.columns.values()


def _entered(form: Form) -> bool:
    return any(not _fills_itself(item) for item in form.fields.values())


def _fills_itself(item: Field) -> bool:
    return item.computed is not None or item.same_as is not None or item.auto == "number"


def _never_used(x: Examination, form: Form) -> None:
    x.found.problem(
        "form-never-filled",
        form.place,
        f"没有操作填写{show.rule_name('form', form)}",
        "在某个操作的 fills 里写上它的栏；组织自己维护的登记册写 register: yes",
    )


def _filled(x: Examination, form: Form, item: Field, by: Fillers) -> None:
    if not _is_left_empty(item, by):
        return
    name, word = _name(form, item), item.path.rpartition(".")[2]
    if item.path in x.fields_read:
        return  # told by `unfilled`
    if not item.optional and item.needed is None:
        x.found.problem(
            "field-never-filled",
            form.place,
            f"{name}必填，却没有操作、后果或计算填写它",
            "在某个操作的 fills 里写上它；不必填的写 optional: yes",
            at=word,
        )
    else:
        x.found.note("field-unused", form.place, f"{name}没有操作填写，也没有规则读它", at=word)


def unfilled(x: Examination) -> bool:
    """Fields that something reads and nothing ever fills."""
    by, found = x.fillers, []
    for form in x.procedure.forms.values():
        for item in () if form.register else _all(form):
            if item.path in x.fields_read and item.path not in x.reach.fields and _is_left_empty(item, by):
                found.append(item.path)
                _read_in_vain(x, form, item)
    x.reach.grant(fields=found)
    return bool(found)


def _read_in_vain(x: Examination, form: Form, item: Field) -> None:
    readers = x.readers.get(("field", item.path), ())
    where = f"，而{show.rule_name(*_kind(x, readers[0]))}要读它" if readers else "，而有规则要用它"
    x.found.problem(
        "field-read-never-filled",
        form.place,
        f"没有操作、后果或计算填写{_name(form, item)}{where}",
        "在某个操作的 fills 或 sets 里写上它，或写 computed、from",
        at=item.path.rpartition(".")[2],
        also=[use.place for use in readers[:1]],
    )


def _is_left_empty(item: Field, by: Fillers) -> bool:
    """Whether nothing at all fills a field."""
    return not (by.get(item.path) or _fills_itself(item) or (item.auto is not None and item.path.count(".") == 2))


def _name(form: Form, item: Field) -> str:
    return f"“{form.name}”的“{item.name}”（{item.path}）"


def _kind(x: Examination, use: walk.Use) -> tuple[str, Rule]:
    return next((kind, rule) for kind, rule in walk.rules(x.procedure) if rule is use.rule)


def _computed(x: Examination) -> None:
    """Nobody enters what is computed."""
    fields = x.procedure.fields
    for action in x.procedure.actions.values():
        for path in (*(fill.path for fill in action.fills), *action.sets):
            if path in fields and fields[path].computed:
                x.found.problem(
                    "fills-computed",
                    action.place,
                    f"{show.rule_name('action', action)}填写“{fields[path].name}”（{path}），它是算出来的（computed）",
                    "从 fills 或 sets 里删去它，或删去字段的 computed",
                    at=path.rpartition(".")[2],
                    also=[x.procedure.forms[path.split(".")[0]].place],
                )


def _issue(x: Examination, form: Form) -> None:
    issued = f"form.{form.id}.issued" in x.reach.events
    if (form.number or form.copies) and not issued:
        said = show.listed(word for word, value in (("number", form.number), ("copies", form.copies)) if value)
        x.found.note(
            "form-never-issued", form.place, f"{show.rule_name('form', form)}写了 {said}，却没有后果 issue 出具它"
        )


def _copy(x: Examination, form: Form, copy: Copy) -> None:
    for item in _all(form):
        hidden = set(_source(x, item).hidden_from) | set(item.hidden_from)
        seen = [role for role in copy.to if role in hidden]
        parent = item.path.rpartition(".")[0]
        if seen and item.path not in copy.hides and parent not in copy.hides:
            x.found.problem(
                "copy-shows-private",
                form.place,
                f"《{form.name}》的“{copy.name}”给{show.listed(x.procedure.roles[r].name for r in seen)}，"
                f"上面印着不许他看的“{item.name}”（{item.path}）",
                f"在这一联的 hides 里写上 {item.path.partition('.')[2]}",
                at=copy.name,
            )


def _only(x: Examination) -> None:
    """What an act must fill, one of those who may take it may fill."""
    for action in x.reach.acts():
        able = x.reach.able(action.who, action.flow)
        roles = {member for role in able for member in _members(x, role)}
        for fill in action.fills:
            item = x.procedure.fields.get(fill.path)
            if item is None or not item.only or roles & set(item.only):
                continue
            if fill.needed or (fill.needed is None and not item.optional and item.needed is None and item.auto is None):
                x.found.problem(
                    "only-others",
                    action.place,
                    f"{show.rule_name('action', action)}必填“{item.name}”（{item.path}），"
                    f"而它只许{show.listed(x.procedure.roles[r].name for r in item.only)}填，他们不能办这个操作",
                    "改正字段的 only，或让他们也能办（who）",
                    at=item.path.rpartition(".")[2],
                )


def _members(x: Examination, role: str, seen: tuple[str, ...] = ()) -> Iterator[str]:
    """A role and those whose holders act in it."""
    yield role
    rule = x.procedure.roles[role]
    for other in (*rule.first_of, *rule.any_of, *([rule.otherwise] if rule.otherwise else [])):
        if other not in seen:
            yield from _members(x, other, (*seen, role))


def _told(x: Examination) -> None:
    """Words that are sent to a role name no field that is hidden from it."""
    for kind, rule in walk.rules(x.procedure):
        for _, thing in x.things(rule):
            match thing:
                case Consequence(text=text, parties=parties) | Reminder(text=text, tell=parties):
                    pass
                case Notice(text=text, to=parties):
                    pass
                case _:
                    continue
            roles = {role for party in parties for role in x.reach.roles_of(party)}
            name = show.rule_name(kind, rule)
            for blank in _BLANK.findall(text):
                item = x.procedure.fields.get(blank.strip())
                hidden = {*item.hidden_from, *_source(x, item).hidden_from} & roles if item else set[str]()
                if item and hidden:
                    x.found.problem(
                        "copy-shows-private",
                        rule.place,
                        f"{name}的文字告诉{show.listed(x.procedure.roles[r].name for r in sorted(hidden))}"
                        f"不许他看的“{item.name}”（{item.path}）",
                        "从文字里删去这一栏，或改正 hidden_from",
                        at="{" + blank,
                    )


def _source(x: Examination, item: Field) -> Field:
    return x.procedure.fields[item.same_as] if item.same_as else item
