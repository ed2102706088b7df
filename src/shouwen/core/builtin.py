"""Acts that every procedure has: saying a script, receipts, transfers, notes, corrections (guides: `guides`)."""

from __future__ import annotations

from collections.abc import Mapping

from shouwen.core import circumstances, consequences, entries, guides
from shouwen.core import events as e
from shouwen.core.commands import BuiltIn
from shouwen.core.entries import Entry
from shouwen.core.persons import meant, role_names, standing
from shouwen.core.phrase import joined, phrase
from shouwen.core.procedure import Action, Notice, Party
from shouwen.core.reason import Reason, Refusal
from shouwen.core.scope import rows_of
from shouwen.core.settle import settle
from shouwen.core.sitting import Sitting, unique

__all__ = ["do", "late"]


def do(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    """Carry out a built-in act, or say why not."""
    acts = {
        "say": _say,
        "breach": _breach,
        "answer": guides.answer,
        "read": _read,
        "transfer": _transfer,
        "accept": _accept,
        "refuse_transfer": _refuse_transfer,
        "note": _note,
        "correct": _correct,
    }
    if command.verb not in acts:
        return _no("no-such-act", phrase("没有“{verb}”这一操作", verb=command.verb))
    if not sitting.world.held_by(command.actor):
        return _no("not-yours", phrase("您在本规程中没有岗位"))
    refusal = acts[command.verb](sitting, command)
    if refusal is None:
        settle(sitting)
    return refusal


def late(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    """Why a built-in act may not be recorded for the moment it names."""
    assert command.happened is not None
    blank = Action(id=command.verb, name=command.verb, flow=sitting.case.flow, who=())
    reasons = circumstances.late(sitting, blank, command.happened, command.actor)
    return Refusal(reasons=tuple(reasons)) if reasons else None


def _no(code: str, text: str, clauses: tuple[str, ...] = (), who: tuple[str, ...] = ()) -> Refusal:
    return Refusal(reasons=(Reason(code=code, text=text, clauses=clauses, who=who),))


def _say(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    script = sitting.procedure.scripts.get(command.target)
    if script is None:
        return _no("no-such-script", phrase("没有“{target}”这一口径", target=command.target))
    refusal = _who(sitting, command.actor, script.who, script.name, script.clauses)
    if refusal is not None:
        return refusal
    items = _texts(command.values.get("items"))
    left = [point for point in script.do if script.tick and point.text not in items]
    if left:
        text = phrase("还有没说到的：{points}", points=joined((point.text for point in left), phrase("；")))
        return _no("not-all-said", text, unique(*(point.clauses for point in left)))
    sitting.emit(
        e.ScriptSaid(
            at=sitting.at,
            happened=sitting.moment,
            script=script.id,
            actor=command.actor,
            items=items,
            clauses=unique(script.clauses, *(point.clauses for point in script.do if point.text in items)),
        )
    )
    return None


def _breach(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    script = sitting.procedure.scripts.get(command.target)
    if script is None:
        return _no("no-such-script", phrase("没有“{target}”这一口径", target=command.target))
    item, person = str(command.values.get("item", "")), str(command.values.get("person", ""))
    points = {point.text: point for point in (*script.do, *script.never)}
    if item not in points or not person:
        return _no(
            "unclear", phrase("请写明哪一条（{names}）和当事人", names=joined(points, phrase("；"))), script.clauses
        )
    sitting.emit(
        e.ScriptBroken(
            at=sitting.at,
            happened=sitting.moment,
            script=script.id,
            item=item,
            person=person,
            actor=command.actor,
            clauses=points[item].clauses or script.clauses,
        )
    )
    consequences.carry_out(sitting, script.breach, sitting.scope(), f"script.{script.id}.broken")
    return None


def _read(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    notice = sitting.procedure.notices.get(command.target)
    sent = sitting.case.marks.get(f"notice.{command.target}.sent", ())
    if notice is None or not sent:
        return _no("nothing-sent", phrase("没有发出过“{target}”这一通知", target=command.target))
    items = tuple(dict.fromkeys(mark.item for mark in sent))
    wanted = str(command.values.get("item", ""))
    mine = [item for item in items if wanted in ("", item) and _receives(sitting, notice, item, command.actor)]
    if not mine:
        return _no("not-yours", phrase("“{name}”不是发给您的", name=notice.name), notice.clauses, items)
    for item in mine:
        sitting.emit(
            e.NoticeReceived(
                at=sitting.at,
                happened=sitting.moment,
                notice=notice.id,
                item=item,
                actor=command.actor,
                clauses=notice.clauses,
            )
        )
    return None


def _receives(sitting: Sitting, notice: Notice, item: str, person: str) -> bool:
    """Whether it went to this person; a signature or delivery may also be recorded by whoever brought it."""
    brought = notice.sender if notice.receipt in ("delivered", "signed") else None
    if brought and standing(sitting, person, (Party(role=brought),), sitting.scope()):
        return True
    if notice.for_each is None:
        return meant(sitting, person, item, sitting.scope())
    row = dict(rows_of(sitting.scope(), notice.for_each)).get(item)
    return bool(standing(sitting, person, notice.to, sitting.scope().on(item, row)))


def _transfer(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    to = str(command.values.get("to", ""))
    if not _answers(sitting, command.actor):
        return _no("not-yours", phrase("只有现在的承办人可以转派"), who=(sitting.case.answers,))
    if not sitting.world.held_by(to) or to == command.actor:
        return _no("nobody", phrase("“{to}”不能接办：请写明另一位有岗位的人", to=to))
    keepers = sitting.procedure.flows[sitting.case.flow].transfer_to
    if keepers and standing(sitting, to, keepers, sitting.scope()) is None:
        roles = role_names(sitting, keepers, sitting.scope())
        names = joined(sitting.procedure.roles[role].name for role in roles)
        return _no(
            "not-to-them",
            phrase("本案只能交给{names}", names=names),
            unique(*(party.clauses for party in keepers)),
            roles,
        )
    if sitting.case.transfer is not None:
        return _no("already-asked", phrase("已请{to}接办，等其答复", to=sitting.case.transfer.to))
    sitting.emit(
        e.TransferAsked(at=sitting.at, happened=sitting.moment, to=to, actor=command.actor, reason=command.reason)
    )
    return None


def _accept(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    return _answer_transfer(sitting, command, accepted=True)


def _refuse_transfer(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    if not command.reason:
        return _no("reason-needed", phrase("不接办须写明理由"))
    return _answer_transfer(sitting, command, accepted=False)


def _answer_transfer(sitting: Sitting, command: BuiltIn, *, accepted: bool) -> Refusal | None:
    asked = sitting.case.transfer
    if asked is None or asked.to != command.actor:
        return _no("nothing-asked", phrase("没有请您接办的案件"))
    sitting.emit(
        e.TransferAnswered(
            at=sitting.at, happened=sitting.moment, accepted=accepted, actor=command.actor, reason=command.reason
        )
    )
    return None


def _answers(sitting: Sitting, person: str) -> bool:
    answers = sitting.case.answers
    return answers == person or meant(sitting, person, answers, sitting.scope())


def _note(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    text = str(command.values.get("text", "")).strip()
    if not text:
        return _no("unclear", phrase("请写明要记的内容"))
    sitting.emit(e.Noted(at=sitting.at, happened=sitting.moment, text=text, actor=command.actor))
    return None


def _correct(sitting: Sitting, command: BuiltIn) -> Refusal | None:
    """A filled field is corrected, with a reason, by whoever may fill it; the old value stays in the history."""
    if not command.reason:
        return _no("reason-needed", phrase("更正须写明理由（reason）"))
    if sitting.case.closed is not None:
        return _no("closed", phrase("已办结的案件不再更正：要改的，重开后办"))
    entry, found = Entry(), []
    for form, fields in command.values.items():
        for name, raw in fields.items() if isinstance(fields, Mapping) else ():
            path = f"{form}.{name}"
            rule = sitting.procedure.fields.get(path)
            words, cited = (rule.name, rule.clauses) if rule else (path, ())
            actions = [a for a in sitting.procedure.actions.values() if any(f.path == path for f in a.fills)]
            rights = [(a, held) for a in actions if (held := standing(sitting, command.actor, a.who, sitting.scope()))]
            if path not in sitting.case.values:
                found.append(
                    Reason(code="not-filled", text=phrase("“{words}”还没有填，不必更正", words=words), clauses=cited)
                )
            elif rule is not None and rule.type == "signature":
                text = phrase("“{words}”是签字，不能更正：要改的，重办那一步", words=words)
                found.append(Reason(code="signed", text=text, clauses=cited))
            elif path in sitting.index.decisive:
                text = phrase("“{words}”是判断的依据，不能更正：要改的，用填它的操作重办", words=words)
                acts = tuple(action.id for action in actions if not action.opens)
                found.append(Reason(code="decisive", text=text, clauses=cited, instead=acts))
            elif _signed_since(sitting, path):
                text = phrase("“{words}”已经签认，不能更正", words=words)
                found.append(Reason(code="signed", text=text, clauses=cited))
            elif any(action.at == path for action in sitting.procedure.actions.values()):
                text = phrase("“{words}”定下了时限的起点，不能更正", words=words)
                found.append(Reason(code="clock-stands", text=text, clauses=cited))
            elif not rights:
                found.append(Reason(code="not-yours", text=phrase("您不能更正“{words}”", words=words), clauses=cited))
            else:
                action, right = rights[0]
                one = entries.read(sitting, action, {form: {name: raw}}, right.role)
                found += one.reasons
                entry.values.update(one.values)
    if found or not entry.values:
        return Refusal(reasons=tuple(found) or (Reason(code="unclear", text=phrase("请写明要更正的栏和新值")),))
    clauses = unique(*(sitting.procedure.fields[path].clauses for path in entry.values))
    sitting.emit(
        e.FieldsSet(
            at=sitting.at,
            happened=sitting.moment,
            values=entry.values,
            cause=f"correct：{command.reason}",  # zh: recorded
            actor=command.actor,
            clauses=clauses,
        )
    )
    return None


def _signed_since(sitting: Sitting, path: str) -> bool:
    """Whether somebody from outside has signed the paper since this field was filled."""
    form, _, _ = path.partition(".")
    roles, filled = sitting.procedure.roles, sitting.case.filled
    signatures = [
        field.path
        for field in sitting.procedure.forms[form].fields.values()
        if field.type == "signature" and any(roles[role].outside for role in field.sign_by)
    ]
    return path in filled and any(one in filled and filled[one].seq >= filled[path].seq for one in signatures)


def _who(sitting: Sitting, actor: str, roles: tuple[str, ...], name: str, clauses: tuple[str, ...]) -> Refusal | None:
    if not roles or standing(sitting, actor, tuple(Party(role=role) for role in roles), sitting.scope()):
        return None
    names = joined(sitting.procedure.roles[role].name for role in roles)
    return _no("not-yours", phrase("“{name}”由{names}办", name=name, names=names), clauses, roles)


def _texts(raw: object) -> tuple[str, ...]:
    if isinstance(raw, str):
        return (raw,)
    return tuple(str(item) for item in raw) if isinstance(raw, list | tuple) else ()
