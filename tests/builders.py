"""One cast, one calendar and one small procedure for the whole suite; a matter is a case with all that happened to it.

Every command that a matter is given is judged twice, once reading only what has changed and once reading every rule:
both must say the same, and the case must be what its events make of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from shouwen.calendars import public_calendar
from shouwen.core.case import Case, TaskState, evolve, replay
from shouwen.core.commands import Act, BuiltIn, Command, Wake
from shouwen.core.decide import Decision, decide
from shouwen.core.events import Event, Told
from shouwen.core.language import compile_procedure
from shouwen.core.procedure import Procedure
from shouwen.core.reason import Refusal
from shouwen.core.world import Holding, World

#: Tuesday; the National Day holiday is 1 to 7 October, Saturday the 10th is a make-up working day
OPENING = "2026-09-29 10:00"

CAST = (
    Holding("林佳", "desk"),
    Holding("周接待", "desk"),
    Holding("许志远", "boss"),
    Holding("马总", "head"),
    Holding("代经理", "boss", None, "appointed"),
    Holding("替班", "boss", None, "shift"),
    Holding("工程甲", "plumber", "工程"),
    Holding("工程乙", "plumber", "工程"),
    Holding("保洁甲", "plumber", "保洁"),
    Holding("审计", "auditor"),
    Holding("代审计", "auditor", None, "appointed"),
    Holding("双岗", "desk"),
    Holding("双岗", "boss"),
)

WORLD = World(public_calendar(), CAST)

HEAD = """---
procedure: leak
title: 漏水报修
version: 1
in_force: 2026-01-01
calendar: {hours: [09:00-18:00], clause: "9"}
backdate: {within: 24 h, who: [desk], clause: "8"}
---

# 漏水报修

## 登记 {1}

前台登记，修好即办结；办结的可以重开。

```rule
role desk: {name: 前台}
role plumber: {name: 水工, per: unit}
role boss: {name: 经理, deputies: appointed}
role head: {name: 总经理}
role auditor: {name: 审计, deputies: none}
role owner: {name: 业主, outside: yes}
form slip:
  name: 报修单
  number: "BX-{yyyy}-{seq:4}"
  fields:
    room: {name: 房号}
    what: {name: 现象, shortest: 3}
    level: {name: 程度, type: choice, of: [小, 大], optional: yes}
    cost: {name: 费用, type: money, optional: yes}
    times: {name: 次数, type: number, least: 1, most: 9, optional: yes}
    urgent: {name: 急, type: bool, optional: yes}
    visit_at: {name: 约定时间, type: moment, optional: yes}
    worker: {name: 派工, type: person, optional: yes}
    depts: {name: 部门, type: choices, of: [工程, 保洁], optional: yes}
    parts: {name: 用料, type: rows, key: kind, optional: yes, columns: {kind: {name: 品名}, price: {name: 单价, type: money, optional: yes}, fixed: {name: 已换, type: bool, optional: yes}}}
    remark: {name: 备注, optional: yes}
flow leak:
  name: 漏水
  answers: desk
  steps:
    work: {name: 处理, leave: [{to: done, when: happened('finish')}]}
    done: {name: 办结, end: yes}
action register:
  name: 登记
  opens: leak
  who: desk
  fills: {slip: [room, what, level, cost, depts, visit_at, parts]}
action write:
  name: 填写
  who: [desk, plumber, boss]
  fills: {slip: [room?, level?, cost?, times?, urgent?, visit_at?, worker?, depts?, parts?, remark?]}
action finish: {name: 办结, who: [desk, boss]}
action again: {name: 重开, who: desk, in: done, do: [{reopen: work}]}
```

## 细则 {2}
细则。
## 其一 {3}
其一。
## 其二 {4}
其二。
## 其三 {5}
其三。
## 补录 {8}
一天之内。
## 时钟 {9}
按工作日。

## 专题 {7}

本条供试验。

```rule
"""

SLIP = {"slip.room": "3-2-1502", "slip.what": "厨房天花滴水"}


@cache
def compiled(rules: str = "", head: str = HEAD) -> Procedure:
    """The small procedure with more rules under its clause 7."""
    found = compile_procedure({"procedure.md": f"{head}{rules}\n```\n"})
    assert found.procedure is not None, "\n".join(f"{p.place} {p.message}" for p in found.problems)
    return found.procedure


def at(text: str) -> datetime:
    """'2026-09-29 16:42', or '09-29 16:42' of that year, on the procedure's clock."""
    written = datetime.fromisoformat(text if len(text) > len("09-29 16:42") else f"2026-{text}")
    return written.replace(tzinfo=public_calendar().zone)


def values(paths: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """{form: {field: value}} from {'form.field': value}."""
    found: dict[str, dict[str, object]] = {}
    for path, value in paths.items():
        form, _, name = path.partition(".")
        found.setdefault(form, {})[name] = value
    return found


def judged(
    procedure: Procedure, case: Case, command: Command, when: datetime, world: World = WORLD
) -> Decision | Refusal:
    """What the judge says; reading every rule must not change it, and the events must make the case."""
    answer = decide(procedure, case, command, when, world)
    thorough = decide(procedure, case, command, when, world, thorough=True)
    assert thorough == answer
    if isinstance(answer, Decision):
        after = case
        for event in answer.events:
            after = evolve(after, event)
        assert after == answer.case
    return answer


@dataclass
class Matter:
    """A case with its events. `last` is what the last command made happen, `refusal` why it was refused."""

    procedure: Procedure
    world: World = WORLD
    case: Case = field(default_factory=Case)
    events: list[Event] = field(default_factory=list)
    last: tuple[Event, ...] = ()
    refusal: Refusal | None = None

    def takes(self, command: Command, when: str) -> Decision | Refusal:
        """Any command."""
        answer = judged(self.procedure, self.case, command, at(when), self.world)
        self.refusal = answer if isinstance(answer, Refusal) else None
        if isinstance(answer, Decision):
            self.case, self.last = answer.case, answer.events
            self.events += answer.events
        return answer

    def does(self, person: str, action: str, when: str, paths: Mapping[str, object] | None = None, **more: object):
        """An act that must be accepted; the matter, so that acts can follow one another."""
        answer = self.takes(_act(person, action, paths or {}, more), when)
        assert isinstance(answer, Decision), answer
        return self

    def refuses(
        self, person: str, action: str, when: str, paths: Mapping[str, object] | None = None, **more: object
    ) -> Refusal:
        """An act that must be refused."""
        answer = self.takes(_act(person, action, paths or {}, more), when)
        assert isinstance(answer, Refusal), [type(event).__name__ for event in answer.events]
        return answer

    def waits(self, until: str):
        """Time passes."""
        self.takes(Wake(), until)
        return self

    def task(self, name: str, item: str = "") -> TaskState:
        """An obligation as it stands."""
        return self.case.tasks[name][item]

    def due(self, name: str, item: str = "") -> str:
        """Its limit, as people write it."""
        due = self.task(name, item).due
        return due.strftime("%m-%d %H:%M") if due else ""

    def of(self, kind: type, *, last: bool = False) -> list:
        """The events of a kind, all of them or those of the last command."""
        return [event for event in (self.last if last else self.events) if isinstance(event, kind)]

    def told(self, *, last: bool = False) -> list[tuple[str, ...]]:
        """To whom word was sent."""
        return [event.to for event in self.of(Told, last=last)]


BUILT_IN = ("say", "breach", "answer", "approve", "return", "decline", "withdraw", "read", "transfer", "accept",
            "refuse_transfer", "note", "correct")  # fmt: skip


def _act(person: str, action: str, paths: Mapping[str, object], more: dict) -> Command:
    if isinstance(more.get("happened"), str):
        more["happened"] = at(more["happened"])
    verb, _, target = action.partition(" ")
    if verb in BUILT_IN:
        own = values(paths) if verb == "correct" else dict(paths)
        return BuiltIn(verb=verb, actor=person, target=target, values=own, **more)
    return Act(action=action, actor=person, values=values(paths), **more)


def opened(
    rules: str = "",
    when: str = OPENING,
    paths: Mapping[str, object] | None = None,
    world: World = WORLD,
    **more: object,
) -> Matter:
    """A matter just taken in by 林佳 under the small procedure with these rules; each opening is judged once."""
    given = repr((rules, when, paths, sorted(more.items()), id(world)))
    if given not in _OPENED:
        matter = Matter(compiled(rules), world)
        _OPENED[given] = matter.does("林佳", "register", when, {**SLIP, **(paths or {})}, **more)
    kept = _OPENED[given]
    return Matter(kept.procedure, world, kept.case, list(kept.events), kept.last)


_OPENED: dict[str, Matter] = {}


def replayed(matter: Matter) -> Case:
    """The case that the events of a matter make."""
    return replay(tuple(matter.events))
