"""Random walks through the offers of a procedure: whatever people do, does the case come to its end?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType

from shouwen.core import periodic
from shouwen.core.case import Case
from shouwen.core.commands import Act, BuiltIn
from shouwen.core.decide import Decision, wakes_at
from shouwen.core.judge import find_action
from shouwen.core.language.check import walk as rules
from shouwen.core.offers import Offer, offers
from shouwen.core.procedure import Action, Field, Procedure
from shouwen.core.scope import Scope
from shouwen.core.values import LISTS
from shouwen.core.world import Holding
from shouwen.trial import registers
from shouwen.trial.play import BUILT_IN_ACTS
from shouwen.trial.script import Script
from shouwen.trial.shell import Shell

__all__ = ["UNITS", "DeadEnd", "Walk", "organisation", "walk"]

UNITS = ("工程部", "保洁部")
#: how often an act is tried with other values before it counts as refused
TRIES = 12
#: how much rather an act is done that settles something owed: some people drift, some press on
ZEAL = (1, 12, 300)
#: how much they dislike doing again what they did before
BOREDOM = (0, 1, 2)
#: what nobody owes is done so often in one walk, and again only if nothing else can be done
ENOUGH = (1, 1, 4)
#: how often a favourite word is chosen
FAVOUR = 0.7
#: signs where somebody from outside must
OUTSIDER = "周敏华"
#: how many people at a time are asked what they might do
ASKED = 4
#: how often a case that ended is taken up again
AGAIN = 0.5
#: how often others act, or the calendar is waited for, before a case that cannot be moved counts as stuck
PATIENCE = 6
#: how many cases are lived through until one opens a case of the flow that is walked
LIVES = 4
#: hours from now at which moments lie
AHEAD = (-1, 0, 30, 54, 200)
#: how often a field is filled that is not optional, and one that is
FILLED, FILLED_TOO = 0.97, 0.35
#: so far ahead the calendar is waited for
HORIZON = timedelta(days=400)


class Taste(Random):
    """Chance with a taste: of the words of a field it mostly chooses its favourite, so that walks differ as a whole.

    `known`: field or column → values of a register, of which it mostly takes one; `turn`: which walk it is.
    """

    known: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    turn = 0

    def looked_up(self, path: str) -> str | None:
        """A value that a register knows; mostly."""
        found = self.known.get(path)
        return self.word(path, found) if found and self.random() < FAVOUR else None

    def word(self, path: str, words: Sequence[str]) -> str:
        """A word for a field. So many walks one after the other as there are words have each a favourite of its own."""
        if not hasattr(self, "_favourites"):
            self._favourites: dict[str, str] = {}
        if path not in self._favourites:
            row = Random(f"{path}/{self.turn // len(words)}").sample(words, len(words))
            self._favourites[path] = row[self.turn % len(words)]
        favourite = self._favourites[path]
        return favourite if favourite in words and self.random() < FAVOUR else self.choice(words)


@dataclass(frozen=True)
class DeadEnd:
    """A case that nobody can move: where it stands, what is owed, and how it came there."""

    step: str
    owed: tuple[str, ...]
    path: tuple[str, ...]


@dataclass
class Walk:
    """A walk as it went: the acts done (as text), how many were refused, whether the case ended or got stuck."""

    shell: Shell
    number: str = ""
    acts: list[str] = field(default_factory=list)
    refused: int = 0
    ended: bool = False
    dead_end: DeadEnd | None = None
    seen: Counter[str] = field(default_factory=Counter)
    zeal: int = 1
    boredom: int = 0
    enough: int = 1


def organisation(procedure: Procedure, *, each: int = 2) -> tuple[Holding, ...]:
    """People enough for every role: `each` holders, where the role is per unit in each unit and one for all others."""
    found = []
    for role in procedure.roles.values():
        if role.system or role.named_by or role.first_of or role.any_of:
            continue
        units: tuple[str | None, ...] = UNITS if role.per_unit else (None,)
        found += [
            Holding(f"{role.id}{place + 1}{unit or ''}", role.id, unit) for unit in units for place in range(each)
        ]
        if role.per_unit:
            found.append(Holding(f"{role.id}0", role.id))
    return tuple(found)


def walk(
    procedure: Procedure,
    flow: str,
    seed: int,
    start: datetime,
    *,
    most: int = 160,
    seen: Counter[str] | None = None,
    figures: Mapping[str, str] | None = None,
) -> Walk:
    """Open a case of `flow` and let random people do random offered acts until it ends, rests or gets stuck.

    A case that ended is now and then taken up again, where its last step offers that. `seen`: acts of earlier walks;
    what they did rarely is tried first. `figures`: those of the organisation, as a script writes them.
    """
    random = Taste(seed)
    random.turn = seed
    words = {name: UNITS for name, rule in procedure.catalogs.items() if rule.open}
    cast = organisation(procedure)
    lines = registers.rows(procedure, Random(seed), tuple(dict.fromkeys(one.person for one in cast)), UNITS, start)
    random.known = registers.known(procedure, lines)
    shell = Shell.of(procedure, Script("", cast, (), figures=figures or {}, words=words, registers=lines))
    state = Walk(shell, seen=seen or Counter(), zeal=random.choice(ZEAL), boredom=random.choice(BOREDOM))
    state.enough = random.choice(ENOUGH)
    shell.now = start
    begun = _begin(state, procedure, flow, random, start, most)
    if begun is not None:
        _live(state, procedure, random, begun, most)
    return state


def _begin(
    state: Walk,
    procedure: Procedure,
    flow: str,
    random: Taste,
    at: datetime,
    most: int,
    tried: frozenset[str] = frozenset(),
) -> datetime | None:
    """A case of a flow: opened by an act, by the calendar or by a rule of another; the moment, None if none is."""
    if any(action.opens == flow for action in procedure.actions.values()):
        return at if _open(state, procedure, flow, random, at) else None
    begun = _await(state, procedure, flow, random, at, most)
    if begun is None and state.dead_end is None:
        begun = _brought(state, procedure, flow, random, at, most, tried | {flow})
    return begun


def _live(
    state: Walk,
    procedure: Procedure,
    random: Taste,
    at: datetime,
    most: int,
    until: datetime | None = None,
    wanted: str = "",
) -> datetime:
    """Move the case until it ends, gets stuck, or has been moved so often (or until then, or until a case of the flow
    `wanted` is there); the moment when that was."""
    state.ended = False
    idle = 0
    for _ in range(most):
        if wanted and _of_flow(state, wanted):
            return at
        following = at + timedelta(minutes=random.choice((1, 5, 20, 60, 300, 900)))
        if until is not None and following >= until:
            return at
        at = following
        state.shell.pass_time(at)
        ended = _case(state).closed is not None
        moved = (not ended or random.random() < AGAIN) and _move(state, procedure, random, at)
        if ended and (not moved or _case(state).closed):
            state.ended = True
            return at
        if moved or (idle < PATIENCE and _move_another(state, procedure, random, at)):
            idle = 0 if moved else idle + 1
            continue
        waited = _wait(state, procedure, at, until)
        if waited == at and not _resting(state, procedure) and not _move(state, procedure, random, at, all_acts=True):
            waited = _wait_for_calendar(state, procedure, at, until) if idle < PATIENCE else at
            if waited == at:
                state.dead_end = _dead_end(state)
                return at
            idle += 1
        at = waited
    return at


def _of_flow(state: Walk, flow: str) -> list[str]:
    """The cases of a flow, the oldest first."""
    return [number for number, filed in state.shell.cases.items() if filed.case.flow == flow]


def _await(state: Walk, procedure: Procedure, flow: str, random: Taste, at: datetime, most: int) -> datetime | None:
    """A case that only the calendar opens: its occurrence comes, with two cases lived through to be counted; None if
    it opens nothing."""
    shell = state.shell
    for occurrence in periodic.occurrences(procedure, shell.world, at, at + HORIZON):
        moment, trigger = occurrence.moment, occurrence.trigger
        if not any(it.verb == "open" and it.target == flow for it in trigger.do):
            continue
        over = trigger.over.flow if trigger.over else None
        for _ in range(2 if over and not shell.cases else 0):
            if _open(state, procedure, over or "", random, at):
                at = _live(state, procedure, random, at, most, moment)
        if moment <= at:
            continue
        shell.pass_time(moment)
        found = _of_flow(state, flow)
        if found and state.dead_end is None:
            state.number = found[-1]
            return moment
    return None


def _brought(
    state: Walk, procedure: Procedure, flow: str, random: Taste, at: datetime, most: int, tried: frozenset[str]
) -> datetime | None:
    """A case that only a rule of another case opens: such cases are lived through until one does; None if none did."""
    sources = {
        str(getattr(rule, "flow", ""))
        for _, rule in rules.rules(procedure)
        for it in rules.consequences(rules.inside(rule))
        if (it.verb, it.target) == ("open", flow)
    }
    ways = [one for one in procedure.flows if one in sources - tried]
    for _ in range(LIVES if ways else 0):
        begun = _begin(state, procedure, random.choice(ways), random, at, most, tried)
        if begun is not None:
            at = _live(state, procedure, random, begun, most, wanted=flow)
        if state.dead_end is not None:
            return None
        if found := _of_flow(state, flow):
            state.number = found[-1]
            return at
    return None


def values_for(
    procedure: Procedure,
    action: Action,
    case: Case,
    random: Taste,
    people: tuple[str, ...],
    items: tuple[str, ...],
    at: datetime,
) -> dict[str, dict[str, object]]:
    """Plausible values for an act's form: choices at random, moments near `at`, rows for the items."""
    found: dict[str, dict[str, object]] = {}
    rows: dict[str, set[str]] = {}
    #: a case that a rule has begun is about the cases that came along
    members = None if case.first_contact or not case.step else sum(case.links.values(), ())
    for fill in action.fills:
        rule = procedure.fields[fill.path]
        if rule.computed or rule.same_as:
            continue
        form, _, name = fill.path.partition(".")
        if "." in name:
            rows.setdefault(fill.path.rpartition(".")[0], set()).add(name.partition(".")[2])
        elif rule.auto is None and (fill.needed or random.random() < (FILLED_TOO if rule.optional else FILLED)):
            value = (
                _rows(procedure, rule, None, random, people, items, at, members)
                if rule.type == "rows"
                else _value(procedure, rule, random, people, at)
            )
            found.setdefault(form, {})[name] = value
    for path, columns in rows.items():
        form, _, name = path.partition(".")
        found.setdefault(form, {})[name] = _rows(procedure, procedure.fields[path], columns, random, people, items, at)
    return found


def _open(state: Walk, procedure: Procedure, flow: str, random: Taste, at: datetime) -> bool:
    """Open a case of a flow by one of the acts that do, rather one that was done seldom."""
    openers = [action for action in procedure.actions.values() if action.opens == flow]
    people = tuple(dict.fromkeys(holding.person for holding in state.shell.world.holdings))
    world = state.shell.world
    offered = {one: {offer.action for offer in offers(procedure, Case(), one, at, world)} for one in people}
    # Who may hangs for some acts on what is entered: then everybody tries.
    able = {act.id: [one for one in people if act.id in offered[one]] or people for act in openers}
    for _ in range(200):
        if not openers:
            return False
        (action,) = random.choices(openers, [1 / (1 + state.seen[one.id]) for one in openers])
        person = random.choice(able[action.id])
        values = values_for(procedure, action, Case(), random, people, (), at)
        command = Act(
            action=action.id,
            actor=person,
            values=values,
            present=_company(state, procedure, action, person),
            reason="理由",
            seen=True,
        )
        answer, _, number = state.shell.do("", command, at, {})
        if isinstance(answer, Decision):
            state.number = number
            state.acts.append(action.id)
            return True
    return False


def _move(state: Walk, procedure: Procedure, random: Taste, at: datetime, *, all_acts: bool = False) -> bool:
    """Do one random offered act; False if nobody can do any. A few people are asked at a time: all of them is slow."""
    people = tuple(dict.fromkeys(holding.person for holding in state.shell.world.holdings))
    asked = random.sample(people, len(people))
    groups = [asked[place : place + ASKED] for place in range(0, len(asked), ASKED)]
    return any(
        _move_by(state, procedure, random, group, people, at, None if all_acts else state.enough) for group in groups
    )


def _move_another(state: Walk, procedure: Procedure, random: Taste, at: datetime) -> bool:
    """Move another open case: the one that is walked may wait for it."""
    own = state.number
    try:
        for number, filed in tuple(state.shell.cases.items()):
            if number != own and filed.case.closed is None:
                state.number = number
                if _move(state, procedure, random, at):
                    return True
        return False
    finally:
        state.number = own


def _move_by(
    state: Walk,
    procedure: Procedure,
    random: Taste,
    asked: list[str],
    people: tuple[str, ...],
    at: datetime,
    enough: int | None,
) -> bool:
    choices = [
        (person, offer)
        for person in asked
        for offer in offers(procedure, _case(state), person, at, state.shell.world)
        if not offer.unmet and not _advises(procedure, offer)
    ]
    by_act: dict[str, list[tuple[str, Offer]]] = {}
    for person, offer in choices:
        by_act.setdefault(offer.action, []).append((person, offer))
    for person in asked:
        for offer in _sayings(state, procedure, person):
            by_act.setdefault(offer.action, []).append((person, offer))
    owed = {_named(event) for event in _settling(state, procedure)}
    names = [name for name in by_act if enough is None or name in owed or state.acts.count(name) < enough]
    for name in _order(state, owed, names, random):
        for _ in range(TRIES):
            person, offer = random.choice(by_act[name])
            if _try(state, procedure, random, person, offer, people, at):
                state.acts.append(name)
                return True
            state.refused += 1
    return False


def _order(state: Walk, owed: set[str], names: list[str], random: Taste) -> list[str]:
    """Acts in random order: rather what settles something owed, rather not what was done often, here or before."""
    weight = {}
    for name in names:
        dull = (1 + state.acts.count(name)) ** state.boredom * (1 + state.seen[name])
        weight[name] = (state.zeal if name in owed else 1) / dull
    return sorted(names, key=lambda name: random.random() ** (1 / weight[name]), reverse=True)


def _settling(state: Walk, procedure: Procedure) -> set[str]:
    """The events that would settle something owed."""
    tasks = [procedure.tasks[one.task] for one in _case(state).open_tasks()]
    return {event for task in tasks for event in (*task.done_any, *task.done_all)}


def _named(event: str) -> str:
    """An event as the act that makes it: `act.x` as x, `script.x.said` as `say x`."""
    if event.startswith("script."):
        return f"say {event.split('.')[1]}"
    return event.removeprefix("act.")


def _advises(procedure: Procedure, offer: Offer) -> bool:
    """Whether this is a question of a guide that fills nothing in: the way through a case does not hang on it."""
    verb, _, name = offer.action.partition(" ")
    guide = procedure.guides.get(name) if offer.builtin and verb == "answer" else None
    return guide is not None and not guide.fills and not any(w.values for ask in guide.asks.values() for w in ask.ways)


def _sayings(state: Walk, procedure: Procedure, person: str) -> list[Offer]:
    """Scripts that somebody owes and that are this person's to say."""
    held = {holding.role for holding in state.shell.world.held_by(person)}
    return [
        Offer(action=_named(event), name=event, role="", clauses=(), builtin=True)
        for event in sorted(_settling(state, procedure))
        if event.startswith("script.") and held & set(procedure.scripts[event.split(".")[1]].who or held)
    ]


def _try(
    state: Walk, procedure: Procedure, random: Taste, person: str, offer: Offer, people: tuple[str, ...], at: datetime
) -> bool:
    verb, _, target = offer.action.partition(" ")
    key = f"{len(state.acts)}/{offer.action}"
    command: Act | BuiltIn
    if offer.builtin and verb in BUILT_IN_ACTS:
        script = procedure.scripts.get(target)
        said: dict[str, object] = {"items": [point.text for point in script.do]} if verb == "say" and script else {}
        said |= {"answer": random.choice(offer.items)} if verb == "answer" else {}
        command = BuiltIn(verb=verb, actor=person, target=target, values=said, reason="理由", seen=True, key=key)
    else:
        action = find_action(procedure, offer.action)
        assert action is not None
        items = tuple(item for item in offer.items if random.random() < 0.7) or offer.items[:1]
        others = (person, *(one for one in people if one != person))
        values = values_for(procedure, action, _case(state), random, others, items, at)
        command = Act(
            action=offer.action,
            actor=person,
            values=values,
            present=_company(state, procedure, action, person),
            reason="理由" if random.random() < 0.7 else "",
            seen=True,
            key=key,
        )
    answer, _, _ = state.shell.do(state.number, command, at, {})
    return isinstance(answer, Decision) and bool(answer.events)


def _company(state: Walk, procedure: Procedure, action: Action, person: str) -> tuple[str, ...]:
    """Everybody who might have to be there."""
    roles = {role for party in action.together if party.role for role in _meant(procedure, party.role)}
    named = [
        str(value)
        for role in roles
        if (path := procedure.roles[role].named_by)
        and (value := Scope(procedure, _case(state), state.shell.world, _case(state)).field(path))
    ]
    held = [holding.person for holding in state.shell.world.holdings if holding.role in roles]
    return tuple(dict.fromkeys(one for one in (*held, *named) if one != person)) if roles else ()


def _meant(procedure: Procedure, role: str) -> set[str]:
    """The role and those that stand for it."""
    rule = procedure.roles[role]
    others = (*rule.first_of, *rule.any_of, *((rule.otherwise,) if rule.otherwise else ()))
    return {role, *(below for other in others for below in _meant(procedure, other))}


def _holds(person: str, roles: tuple[str, ...]) -> bool:
    """Whether a person of `organisation` holds one of these roles (none: anybody)."""
    return not roles or any(person.startswith((f"{role}1", f"{role}2")) for role in roles)


def _value(procedure: Procedure, rule: Field, random: Taste, people: tuple[str, ...], at: datetime) -> object:
    words = rule.words or UNITS
    if (known := random.looked_up(rule.path)) is not None:
        return [known] if rule.type in LISTS else known
    match rule.type:
        case "choice":
            return random.word(rule.path, words)
        case "choices":
            if random.random() < FAVOUR and (rule.least or 1) < 2:
                return [random.word(rule.path, words)]
            return random.sample(words, random.randint(max(1, rule.least or 1), min(len(words), 2)))
        case "bool":
            return random.choice(("yes", "no"))
        case "number" | "decimal" | "ratio":
            return str(random.randint(rule.least or 0, rule.most or (rule.least or 0) + 3))
        case "money":
            return str(random.choice((0, 300, 2000, 8000)))
        case "moment":
            hours = random.choice((-1, 0) if rule.past else AHEAD)
            return (at + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M")
        case "date":
            return at.strftime("%Y-%m-%d")
        case "period":
            end = at + timedelta(hours=random.choice((3, 40)))
            return {"from": at.strftime("%Y-%m-%d %H:%M"), "until": end.strftime("%Y-%m-%d %H:%M")}
        case "person":
            return random.choice([one for one in people if _holds(one, rule.holds)] or people)
        case "signature":
            outside = any(procedure.roles[role].outside for role in rule.sign_by)
            return OUTSIDER if outside else people[0]
        case "people" | "list":
            return random.sample(people, max(2, rule.least or 1))
        case "phone":
            return f"138{random.randint(10**7, 10**8 - 1)}"
        case _:
            return "这是一段足够长的说明文字，写明时间地点经过" + str(random.randint(0, 3))


def _rows(
    procedure: Procedure,
    rule: Field,
    columns: set[str] | None,
    random: Taste,
    people: tuple[str, ...],
    items: tuple[str, ...],
    at: datetime,
    members: tuple[str, ...] | None = None,
) -> list[Mapping[str, object]]:
    lines: list[Mapping[str, object]] = []
    count = max(1, rule.least or 1)
    for item in _keys(rule, count, random, items, members) if rule.key else [""] * count:
        line: dict[str, object] = {rule.key: item} if rule.key else {}
        for name, column in rule.columns.items():
            wanted = columns is None or name in columns
            if name != rule.key and wanted and column.auto is None and column.computed is None:
                line[name] = _value(procedure, column, random, people, at)
        lines.append(line)
    return lines


def _keys(rule: Field, count: int, random: Taste, items: tuple[str, ...], members: tuple[str, ...] | None) -> list[str]:
    """The keys of rows: the items that are meant, the cases that came along, or else words of the key column."""
    if members is not None:
        return list(members)
    key = rule.columns[rule.key or ""]
    if not items and (known := random.looked_up(key.path)) is not None:
        return [known]
    words = random.sample(key.words, len(key.words)) if key.words and not items else UNITS
    return [*items, *words][: max(count, len(items))]


def _wait(state: Walk, procedure: Procedure, at: datetime, until: datetime | None) -> datetime:
    """Let time pass to the next moment at which something happens by itself; the same moment if nothing will (or not
    before `until`)."""
    moment = wakes_at(procedure, _case(state), state.shell.world, at)
    if moment is None or (until is not None and moment >= until):
        return at
    state.shell.pass_time(max(moment, at))
    return max(moment, at)


def _wait_for_calendar(state: Walk, procedure: Procedure, at: datetime, until: datetime | None) -> datetime:
    """Let time pass to the next moment at which the calendar begins something over several cases."""
    found = periodic.occurrences(procedure, state.shell.world, at, at + HORIZON)
    moment = next((one.moment for one in found if one.trigger.do), None)
    if moment is None or (until is not None and moment >= until):
        return at
    state.shell.pass_time(moment)
    return moment


def _case(state: Walk) -> Case:
    filed = state.shell.cases.get(state.number)
    return filed.case if filed else Case()


def _resting(state: Walk, procedure: Procedure) -> bool:
    case = _case(state)
    return bool(procedure.flows[case.flow].steps[case.step].rest)


def _dead_end(state: Walk) -> DeadEnd:
    case = _case(state)
    owed = tuple(sorted({task.task for task in case.open_tasks()}))
    return DeadEnd(case.step, owed, tuple(state.acts))
