"""Coverage: how each clause of the regulation stands in the document: as a rule, as words shown, or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from shouwen.core.language.check import walk
from shouwen.core.language.check.examination import Examination
from shouwen.core.procedure import Script

__all__ = ["prove"]


def prove(x: Examination, catalogue: Iterable[str] | None, cited: Collection[str] | None) -> dict[str, str]:
    """Clause → rule, untested, shown or none; what is none must be named as such."""
    known = None if catalogue is None else {_full(x, clause): None for clause in catalogue}
    stated = dict.fromkeys(x.procedure.excerpts)
    carried, shown = frozenset(_carried(x)), frozenset(_shown(x))
    tested = {_full(x, clause) for clause in cited or ()}
    text_only = {_full(x, clause) for clause in x.procedure.text_only}
    found = {clause: _stands(clause, carried, shown, tested) for clause in {**(known or {}), **stated}}
    hidden = frozenset(_hidden(x))
    for clause, how in found.items():
        if how == "none" and clause not in hidden:
            _uncarried(x, clause, clause in text_only)
    for clause in stated if known is not None else ():
        if known is not None and clause not in known:
            x.found.problem(
                "clause-not-in-catalogue",
                _place(x, clause),
                f"标题写明条款 {clause}，规程的条款清单里没有它",
                "核对条款号；本单位自己加的一条不写条款号，或先登记进清单",
                at=_short(x, clause),
            )
    for clause in text_only:
        if clause not in found:
            x.found.note("text-only-unknown", _document(x), f"text_only 里的 {clause} 不是这份规程的条款")
        elif clause in carried:
            x.found.note("text-only-carried", _place(x, clause), f"条款 {clause} 写在 text_only 里，却有规则执行它")
    return found


def _stands(clause: str, carried: Collection[str], shown: Collection[str], tested: Collection[str]) -> str:
    if clause in carried and clause in tested:
        return "rule"
    if clause in shown:
        return "shown"
    return "untested" if clause in carried else "none"


def _uncarried(x: Examination, clause: str, named: bool) -> None:
    place = _place(x, clause)
    if named:
        x.found.note(
            "clause-text-only", place, f"条款 {clause} 按 text_only 只是文字：没有规则，也不显示", at=_short(x, clause)
        )
        return
    stated = "" if clause in x.procedure.excerpts else "，文件里也没有它的标题"
    x.found.problem(
        "clause-not-carried",
        place,
        f"条款 {clause} 没有规则执行，也没有口径显示{stated}",
        "写一条规则并注明 clause；只是态度举止的写进 script 的 do / never 并写 at；确实只是文字的列入文件头 text_only",
        at=_short(x, clause),
    )


def _carried(x: Examination) -> Iterator[str]:
    """Clauses of rules and their entries; scripts only show."""
    yield from (*x.procedure.calendar_clauses, *x.procedure.backdate_clauses)
    for _, rule in walk.rules(x.procedure):
        if not isinstance(rule, Script):
            yield from walk.clauses_in(x.things(rule))
    for script in x.procedure.scripts.values():
        yield from (clause for consequence in script.breach for clause in consequence.clauses)


def _shown(x: Examination) -> Iterator[str]:
    scripts, guides = x.procedure.scripts.values(), x.procedure.guides.values()
    for rule in (*(s for s in scripts if s.at), *(g for g in guides if g.at)):
        yield from walk.clauses_in(x.things(rule))


def _hidden(x: Examination) -> Iterator[str]:
    """Clauses of scripts and guides that stand nowhere: told there."""
    for script in x.procedure.scripts.values():
        if not script.at and not script.inspect:
            yield from walk.clauses_in(x.things(script))
    for guide in x.procedure.guides.values():
        if not guide.at:
            yield from walk.clauses_in(x.things(guide))


def _full(x: Examination, clause: str) -> str:
    prefix = f"{x.procedure.id}."
    return clause if clause.startswith(prefix) or clause in x.procedure.excerpts else prefix + clause


def _short(x: Examination, clause: str) -> str:
    return clause.removeprefix(f"{x.procedure.id}.")


def _document(x: Examination) -> str:
    return next((rule.place for _, rule in walk.rules(x.procedure) if rule.place), "")


def _place(x: Examination, clause: str) -> str:
    """The heading of a clause, or the beginning of the document."""
    file = _document(x).rpartition(":")[0].rpartition(":")[0]
    excerpt = x.procedure.excerpts.get(clause)
    return f"{file}:{excerpt.line if excerpt else 1}:1"
