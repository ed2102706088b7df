"""What follows: the closed list of consequences, the same after an act, a miss, a trigger or a decision."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from shouwen.core import events as e
from shouwen.core import opening, steps
from shouwen.core.expression import Term
from shouwen.core.procedure import Consequence, Form, Party, Posting
from shouwen.core.scope import Scope, holds, rows_of, worth
from shouwen.core.sitting import Sitting, filled_in, persons, roles_of, unique
from shouwen.core.values import Value, fitted

__all__ = ["carry_out", "climb", "fill", "of_row", "post", "tell"]


def carry_out(
    sitting: Sitting, consequences: tuple[Consequence, ...], scope: Scope, cause: str, words: str = ""
) -> None:
    """Let these follow, in written order, each on the case as the one before has left it.

    `words` are told where a `tell` has no text of its own.
    """
    for consequence in consequences:
        for item, row in rows_of(_now(sitting, scope), consequence.for_each):
            now = _now(sitting, scope)
            now = now.on(item, row) if consequence.for_each else now
            if holds(consequence.when, now):
                _one(sitting, consequence, now, cause, words)


def _now(sitting: Sitting, scope: Scope) -> Scope:
    """The same words over the case as it is by now."""
    return Scope(
        sitting.procedure, sitting.case, sitting.world, sitting.before, scope.at, scope.actor, scope.row, scope.item
    )


def _one(sitting: Sitting, it: Consequence, scope: Scope, cause: str, words: str) -> None:
    at, moment = sitting.at, sitting.moment
    if it.case is not None:
        _elsewhere(sitting, it, scope, cause)
        return
    match it.verb:
        case "go" | "end":
            if not steps.enter(sitting, it.target, it.clauses):
                sitting.wanted = (it.target, it.clauses)
                steps.promise(sitting, it.target)
        case "reopen":
            steps.reopen(sitting, it.target, it.clauses)
        case "open":
            _open(sitting, it, scope, cause)
        case "link":
            number = worth(it.values["link"], scope)
            if number is not None:
                bond = it.bond or "link"
                sitting.emit(e.CaseLinked(at=at, happened=moment, clauses=it.clauses, bond=bond, number=str(number)))
        case "set":
            fill(sitting, it.values, scope, cause, it.clauses)
        case "add":
            _add(sitting, it, scope, cause)
        case "write":
            _write(sitting, it, scope, cause)
        case "tell":
            tell(sitting, it.parties, scope, it.text or words or cause_words(sitting, cause), cause, it.clauses)
        case "issue":
            issue(sitting, it.target, it.clauses)
        case "void":
            number = sitting.case.issued.get(it.target)
            if number is not None:
                sitting.emit(e.PaperVoided(at=at, happened=moment, clauses=it.clauses, form=it.target, number=number))
        case "post":
            post(sitting, sitting.procedure.postings[it.target], scope, cause, it.clauses)
        case "reverse":
            _reverse(sitting, it.target, scope, it.clauses)
        case "assign":
            _assign(sitting, it.parties, scope, cause, it.clauses)
        case "escalate":
            climb(sitting, it.target, 0, cause, waits=False)
        case "note":
            line = filled_in(it.text, scope)
            sitting.emit(e.Noted(at=at, happened=moment, clauses=it.clauses, text=line, actor=""))
        case _:
            raise KeyError(it.verb)


def cause_words(sitting: Sitting, cause: str) -> str:
    """What led to it, in the rule's own name."""
    kind, _, rest = cause.partition(".")
    name = rest.partition(".")[0]
    p = sitting.procedure
    rules = {"act": p.actions, "trigger": p.triggers, "task": p.tasks, "authority": p.authorities, "script": p.scripts}
    rule = rules[kind].get(name) if kind in rules else None
    return rule.name if rule else cause


def tell(
    sitting: Sitting,
    parties: tuple[Party, ...],
    scope: Scope,
    text: str,
    cause: str,
    clauses: tuple[str, ...],
    *,
    notice: str = "",
    sender: str = "",
    by: tuple[str, ...] = (),
    apart: bool = False,
    item: str = "",
) -> None:
    """Send word to roles. With `apart` each role is told by an event of its own (its receipt has a clock of its own);
    a row is told by one event, which carries the row as its `item`."""
    named = roles_of(sitting, parties, scope)
    groups = [(one,) for one in named] if apart and not item else [named]
    for group in groups:
        if not group:
            continue
        who = {_label(role, unit): persons(sitting, role, unit, scope) for role, unit, _ in group}
        sitting.emit(
            e.Told(
                at=sitting.at,
                happened=sitting.moment,
                to=tuple(who),
                text=filled_in(text, scope),
                cause=cause,
                people=tuple(dict.fromkeys(person for people in who.values() for person in people)),
                clauses=unique(clauses, *(cited for _, _, cited in group)),
                notice=notice,
                item=item or (next(iter(who)) if apart else ""),
                sender=sender,
                by=by,
                unheld=tuple(role for role, people in who.items() if not people),
            )
        )


def issue(sitting: Sitting, form: str, clauses: tuple[str, ...]) -> None:
    """Issue a paper; one that stands is not issued again, unless a case may have many."""
    rule = sitting.procedure.forms[form]
    if form in sitting.case.issued and not rule.many:
        return
    earlier = len(sitting.case.marks.get(f"form.{form}.issued", ()))
    known = {sheet.number for sheet in sitting.case.sheets.get(form, ())}
    printed = [sitting.case.values.get(item.path) for item in rule.fields.values() if item.auto == "number"]
    fresh = [number for number in printed if number and (not earlier or (rule.many and number not in known))]
    number = next(iter(fresh), None) or sitting.world.numbers.get(form)
    number = number or f"{sitting.case.number}/{form}" + (f"-{earlier + 1}" if rule.many and earlier else "")
    sitting.emit(
        e.PaperIssued(
            at=sitting.at,
            happened=sitting.moment,
            form=form,
            number=str(number),
            copies=tuple(copy.name for copy in rule.copies),
            values=_standing(sitting, rule) if rule.many else {},
            clauses=unique(clauses, rule.clauses),
        )
    )


def _standing(sitting: Sitting, form: Form) -> dict[str, Value]:
    """What stands on a paper now."""
    scope = sitting.scope()
    known = {field.path: scope.field(field.path) for field in form.fields.values()}
    return {path: value for path, value in known.items() if value not in (None, "", ())}


def post(
    sitting: Sitting,
    posting: Posting,
    scope: Scope,
    cause: str,
    clauses: tuple[str, ...],
    causes: Mapping[str, str] | None = None,
) -> None:
    """Make the entries of a posting: one per row, never twice with the same key.

    `causes`: only for these rows ('': for all), each with its own cause.
    """
    for item, row in rows_of(scope, posting.for_each):
        if posting.for_each and causes and item not in causes and "" not in causes:
            continue
        here = scope.on(item, row) if posting.for_each else scope
        amount = worth(posting.amount, here)
        if not holds(posting.when, here) or not isinstance(amount, int) or amount == 0:
            continue
        key = worth(posting.key, here) if posting.key else f"{sitting.case.number}/{posting.id}/{item}"
        if key is None or (posting.id, str(key)) in sitting.case.posted:
            continue
        sitting.emit(
            e.Posted(
                at=sitting.at,
                happened=sitting.moment,
                posting=posting.id,
                amount=amount,
                key=str(key),
                cause=(causes or {}).get(item, cause),
                debit=filled_in(posting.debit, here),
                credit=filled_in(posting.credit, here),
                clauses=unique(clauses, posting.clauses, sitting.index.cited(posting.amount)),
            )
        )


def climb(sitting: Sitting, authority: str, rung: int, cause: str, *, waits: bool = True) -> None:
    """Tell the rung of a line above; rungs that nobody holds are passed over unless the rule says never.

    A later rung that has a wait comes by itself, unless nothing `waits` for it.
    """
    rule = sitting.procedure.authorities[authority]
    scope = sitting.scope()
    for place in range(rung, len(rule.climb)):
        step = rule.climb[place]
        if waits and step.after and place > rung:
            return
        held = any(persons(sitting, role, unit, scope) for role, unit, _ in roles_of(sitting, (step.party,), scope))
        if held or rule.skip == "never":
            tell(sitting, (step.party,), scope, rule.name, cause, rule.clauses)
            return


def _label(role: str, unit: str | None) -> str:
    return f"{role}@{unit}" if unit else role


def fill(sitting: Sitting, terms: Mapping[str, Term], scope: Scope, cause: str, clauses: tuple[str, ...]) -> None:
    """Fill fields with what these terms are worth now; columns of `this` row are filled in that row."""
    values: dict[str, Value] = {}
    rows: dict[str, dict[str, dict[str, Value]]] = {}
    for path, term in terms.items():
        value, (owner, _, column) = worth(term, scope), path.rpartition(".")
        if value is not None and owner in sitting.procedure.fields:
            rows.setdefault(owner, {}).setdefault(scope.item, {})[column] = value
        elif value is not None:
            values[path] = fitted(sitting.procedure.fields[path].type, value, sitting.procedure.zone)
    if values or rows:
        sitting.emit(
            e.FieldsSet(
                at=sitting.at,
                happened=sitting.moment,
                clauses=clauses,
                cause=cause,
                rows={path: opening.numbered(sitting, path, lines) for path, lines in rows.items()},
                values=opening.numbered_rows(sitting, opening.rows_with_keys(sitting.procedure, values)),
            )
        )


def _add(sitting: Sitting, it: Consequence, scope: Scope, cause: str) -> None:
    """One more line; a line of the same key is written over."""
    line, key = _line(it, scope), sitting.procedure.fields[it.target].key
    standing = rows_of(_now(sitting, scope), it.target)
    taken = {item for item, _ in standing}
    free = next(str(number) for number in range(len(standing) + 1, len(standing) + 10**6) if str(number) not in taken)
    item = str(line[key]) if key and key in line else "" if key else free
    if item:
        numbered = opening.numbered(sitting, it.target, {item: line})
        sitting.emit(
            e.FieldsSet(
                at=sitting.at,
                happened=sitting.moment,
                clauses=it.clauses,
                cause=cause,
                values={},
                rows={it.target: numbered},
            )
        )


def _write(sitting: Sitting, it: Consequence, scope: Scope, cause: str) -> None:
    """A row of the organisation's: the shell writes it into the register."""
    line, key = _line(it, scope), sitting.procedure.forms[it.target].key
    if key and key not in line:
        return
    sitting.emit(
        e.Requested(
            at=sitting.at,
            happened=sitting.moment,
            clauses=it.clauses,
            verb="write",
            target=it.target,
            values=line,
            key=_key(sitting, it, scope, cause),
        )
    )


def _line(it: Consequence, scope: Scope) -> dict[str, Value]:
    known = {path.rpartition(".")[2]: worth(term, scope) for path, term in it.values.items()}
    return {column: value for column, value in known.items() if value not in (None, "")}


def of_row(it: Consequence) -> bool:
    """Whether it speaks of `this` row without saying over which rows it runs: then of those of the act."""
    terms = [it.when, it.case, it.key, *it.values.values()]
    terms += [term for party in it.parties for term in (party.when, party.unit)]
    names = [name for term in terms if term for name in term.names]
    return not it.for_each and ("{this." in it.text or any(name.startswith("this.") for name in names))


def _reverse(sitting: Sitting, posting: str, scope: Scope, clauses: tuple[str, ...]) -> None:
    rule = sitting.procedure.postings[posting]
    key = worth(rule.key, scope) if rule.key else None
    for entry in tuple(sitting.case.posted.values()):
        if entry.posting == posting and (key is None or entry.key == str(key)):
            sitting.emit(
                e.PostingReversed(
                    at=sitting.at,
                    happened=sitting.moment,
                    posting=posting,
                    key=entry.key,
                    amount=entry.amount,
                    clauses=unique(clauses, rule.clauses),
                )
            )


def _assign(sitting: Sitting, parties: tuple[Party, ...], scope: Scope, cause: str, clauses: tuple[str, ...]) -> None:
    named = roles_of(sitting, parties, scope)
    if named:
        role, unit, cited = named[0]
        people = persons(sitting, role, unit, scope)
        to = people[0] if len(people) == 1 else _label(role, unit)
        sitting.emit(
            e.Assigned(at=sitting.at, happened=sitting.moment, to=to, cause=cause, clauses=unique(clauses, cited))
        )


def _open(sitting: Sitting, it: Consequence, scope: Scope, cause: str) -> None:
    values = {path: worth(term, scope) for path, term in it.values.items()}
    key = worth(it.key, scope) if it.key else None
    sitting.emit(
        e.Requested(
            at=sitting.at,
            happened=sitting.moment,
            clauses=it.clauses,
            verb="open",
            target=it.target,
            flow=it.target,
            bond=it.bond,
            values={p: v for p, v in values.items() if v is not None},
            key=str(key) if key is not None else _key(sitting, it, scope, cause),
        )
    )


def _elsewhere(sitting: Sitting, it: Consequence, scope: Scope, cause: str) -> None:
    assert it.case is not None
    number = worth(it.case, scope)
    if number is None:
        return
    values = {path: worth(term, scope) for path, term in it.values.items()}
    sitting.emit(
        e.Requested(
            at=sitting.at,
            happened=sitting.moment,
            clauses=it.clauses,
            verb=it.verb,
            target=it.target or it.text,
            case=str(number),
            bond=it.bond,
            values={p: v for p, v in values.items() if v is not None},
            key=_key(sitting, it, scope, cause),
        )
    )


def _key(sitting: Sitting, it: Consequence, scope: Scope, cause: str) -> str:
    """A key of its own for each request: the case, what led to it, when in the case's life, and the row."""
    parts = (sitting.case.number, str(sitting.case.seq), cause, it.verb, it.target, scope.item)
    return sha256("\0".join(parts).encode()).hexdigest()[:32]
