"""Holding what a step expects against what happened."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from shouwen.core import events as e
from shouwen.core import measure
from shouwen.core.case import TaskState
from shouwen.core.offers import Offer
from shouwen.core.procedure import Procedure
from shouwen.core.scope import Scope
from shouwen.core.values import Value, show, yuan
from shouwen.trial.script import Step
from shouwen.trial.shell import Shell

if TYPE_CHECKING:
    from shouwen.trial.play import Played

__all__ = ["CHECKS", "failures", "known_values", "measured_clauses", "short"]

Check = Callable[[Procedure, Shell, "Played", object], list[str]]


def failures(procedure: Procedure, shell: Shell, played: Played) -> list[str]:
    """What was not as expected, in words; a step without `expect` must not be refused."""
    wanted = played.step.expect or {}
    found = []
    if "refused" not in wanted and "missing" not in wanted and played.refusal:
        found.append("不应被拒绝，却被拒绝：" + "；".join(_words(played)))
    for key, value in wanted.items():
        check = CHECKS.get(key)
        if check is None:
            found.append(f"expect 不认识“{key}”：可用 {'、'.join(CHECKS)}")
        else:
            found += check(procedure, shell, played, value)
    return found


def measured_clauses(procedure: Procedure, step: Step) -> list[str]:
    """The clauses of the measures that a step asks for."""
    wanted = (step.expect or {}).get("measures")
    names = list(wanted) if isinstance(wanted, Mapping) else []
    return [clause for name in names if name in procedure.measures for clause in procedure.measures[name].clauses]


def known_values(procedure: Procedure, shell: Shell, played: Played) -> dict[str, Value]:
    """Every table and field of the case that is known now, by name."""
    scope = Scope(procedure, played.case, shell.world, played.case)
    names = [name for name, it in procedure.names.items() if it.kind in ("field", "table")]
    found = {name: scope.get(name) for name in names} if played.case.flow else {}
    return {name: value for name, value in found.items() if value not in (None, (), "")}


def short(procedure: Procedure, clause: str) -> str:
    """A clause without the procedure's prefix."""
    return clause.removeprefix(f"{procedure.id}.")


def _words(played: Played) -> list[str]:
    refusal = played.refusal
    if refusal is None:
        return []
    return [reason.text for reason in refusal.reasons] + [f"缺{field.place}" for field in refusal.missing]


def _refused(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    if played.refusal is None:
        return ["应被拒绝，却办成了"]
    cited = {short(procedure, clause) for clause in played.refusal.clauses}
    lost = [clause for clause in _list(wanted) if short(procedure, clause) not in cited]
    said = f"实引 {'、'.join(sorted(cited)) or '无'}（{'；'.join(_words(played))}）"
    return [f"拒绝时应引 {'、'.join(lost)}，{said}"] if lost else []


def _missing(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    paths = {field.path for field in played.refusal.missing} if played.refusal else set()
    lost = [path for path in _list(wanted) if path not in paths]
    return [f"应缺 {'、'.join(lost)}，实缺 {'、'.join(sorted(paths)) or '无'}"] if lost else []


def _values(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    known = known_values(procedure, shell, played)
    found = []
    for name, value in _map(wanted).items():
        have = known.get(name)
        if _same(have, value):
            continue
        found.append(f"{name} 应为 {_shown(value)}，实为 {'（未知）' if have is None else show(have)}")
    return found


def _step(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    return [] if played.case.step == wanted else [f"应在 {wanted}，实在 {played.case.step or '（无）'}"]


def _due(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    found = []
    for name, moment in _map(wanted).items():
        dues = [show(state.due) for state in _rows(played, name) if state.due and state.state != "dropped"]
        if not dues or any(due != str(moment) for due in dues):
            found.append(f"{name} 的时限应为 {moment}，实为 {'、'.join(dues) or '（无）'}")
    return found


def _state(states: str) -> Check:
    def check(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
        found = []
        for name in _list(wanted):
            rows = [state.state for state in _rows(played, name)]
            if not rows or (states == "open" and "open" not in rows) or (states == "done" and set(rows) != {"done"}):
                found.append(f"{name} 应为 {states}，实为 {'、'.join(rows) or '（无）'}")
        return found

    return check


def _not_open(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    return [f"{name} 不应还欠着" for name in _list(wanted) if any(s.state == "open" for s in _rows(played, name))]


def _happened(kind: type[e.Event], attribute: str) -> Check:
    def check(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
        have = {str(getattr(event, attribute)) for event in played.events if isinstance(event, kind)}
        lost = [name for name in _list(wanted) if name not in have]
        if not _list(wanted) and have:
            return [f"不应有 {'、'.join(sorted(have))}"]
        return [f"应有 {'、'.join(lost)}，实有 {'、'.join(sorted(have)) or '无'}"] if lost else []

    return check


def _told(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    have = {role for event in played.events if isinstance(event, e.Told) for role in event.to}
    have |= {role.partition("@")[0] for role in have}
    lost = [role for role in _list(wanted) if role not in have]
    if not _list(wanted) and have:
        return [f"不应告知任何人，却告知了 {'、'.join(sorted(have))}"]
    return [f"应告知 {'、'.join(lost)}，实告知 {'、'.join(sorted(have)) or '无'}"] if lost else []


def _offers(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    have = {offer.action for offer in played.offers}
    lost = [name for name in _list(wanted) if name not in have]
    return [f"应可办 {'、'.join(lost)}，实可办 {'、'.join(sorted(have)) or '无'}"] if lost else []


def _not_offered(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    have = {offer.action for offer in played.offers if not _unmet(offer)}
    return [f"不应可办 {name}" for name in _list(wanted) if name in have]


def _posted(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    have = {event.posting: event.amount for event in played.events if isinstance(event, e.Posted)}
    found = []
    for name, amount in _map(wanted).items():
        fen = round(float(str(amount).removesuffix("元").strip()) * 100)
        if have.get(name) != fen:
            found.append(f"{name} 应记 {amount}，实记 {have.get(name, '无')}")
    return found


def _closed(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    closed = played.case.closed is not None
    return [] if closed == (wanted in ("yes", "是", "true")) else [f"应{'已' if not closed else '未'}办结"]


def _cites(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    cited = {short(procedure, clause) for event in played.events for clause in event.clauses}
    cited |= {short(procedure, clause) for clause in played.refusal.clauses} if played.refusal else set()
    lost = [clause for clause in _list(wanted) if short(procedure, clause) not in cited]
    return [f"应引 {'、'.join(lost)}，实引 {'、'.join(sorted(cited))}"] if lost else []


def _measures(procedure: Procedure, shell: Shell, played: Played, wanted: object) -> list[str]:
    cases = tuple((filed.case, tuple(filed.events)) for filed in shell.cases.values())
    found = []
    for name, value in _map(wanted).items():
        rule = procedure.measures.get(name)
        if rule is None:
            found.append(f"没有指标“{name}”")
            continue
        have = measure.words(measure.evaluate(procedure, rule, cases, shell.world, played.step.at))
        if have != str(value):
            found.append(f"{name} 应为 {value}，实为 {have}")
    return found


CHECKS: dict[str, Check] = {
    "refused": _refused,
    "missing": _missing,
    "values": _values,
    "step": _step,
    "due": _due,
    "open": _state("open"),
    "not_open": _not_open,
    "done": _state("done"),
    "missed": _happened(e.TaskMissed, "task"),
    "corrected": _happened(e.MissCorrected, "task"),
    "told": _told,
    "offers": _offers,
    "not_offered": _not_offered,
    "posted": _posted,
    "issued": _happened(e.PaperIssued, "form"),
    "opened": _happened(e.CaseOpened, "flow"),
    "closed": _closed,
    "cites": _cites,
    "measures": _measures,
}


def _rows(played: Played, name: str) -> list[TaskState]:
    """The rows of a task; `task#item` is one of them."""
    task, _, item = name.partition("#")
    rows = played.case.tasks.get(task, {})
    return [state for key, state in rows.items() if not item or key == item]


def _unmet(offer: Offer) -> bool:
    return bool(offer.unmet)


def _same(have: Value | None, wanted: object) -> bool:
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return isinstance(have, tuple) and [str(item) for item in have] == [str(item) for item in wanted]
    return have is not None and (
        show(have) == str(wanted) or str(have) == str(wanted) or _flag(have, wanted) or _amount(have, wanted)
    )


def _amount(have: Value, wanted: object) -> bool:
    """An amount as people write it: 230.50 元."""
    text = str(wanted).replace(" ", "")
    if not isinstance(have, int) or not re.fullmatch(r"-?[\d,]+(\.\d\d?)?元", text):
        return False
    return yuan(text) == have


def _flag(have: Value, wanted: object) -> bool:
    return isinstance(have, bool) and have == (wanted in ("yes", "true", "是"))


def _shown(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _list(wanted: object) -> list[str]:
    if isinstance(wanted, str):
        return [wanted] if wanted else []
    return [str(item) for item in wanted] if isinstance(wanted, Sequence) else []


def _map(wanted: object) -> Mapping[str, object]:
    return {str(key): value for key, value in wanted.items()} if isinstance(wanted, Mapping) else {}
