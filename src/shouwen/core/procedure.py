"""A compiled procedure: frozen rules, each entry with the clauses that it carries out. The judge reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

from shouwen.core.calendar import Every, Span
from shouwen.core.calendar import Point as Moment
from shouwen.core.expression import Expression, Term
from shouwen.core.values import Value

Clauses = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What every rule has: its id, its words for people, its clauses, whose it is, and where it stands."""

    id: str
    name: str
    clauses: Clauses = ()
    basis: str = "source"
    place: str = ""
    #: its place in the document: rules that become true together act in this order
    order: int = 0


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who acts, owes or is told: a role (or a table that gives roles), its unit, and under which condition."""

    role: str | None = None
    table: str | None = None
    unit: Expression | None = None
    when: Expression | None = None
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Role(Rule):
    outside: bool = False
    #: held by the customer of each case, in it alone
    customer: bool = False
    system: bool = False
    per_unit: bool = False
    named_by: str | None = None
    otherwise: str | None = None
    first_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    deputies: str = "any"
    oversees: Expression | None = None


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level of an authority that must decide."""

    id: str
    party: Party
    within: SpanSource | None = None


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rung of the line above; `after` is the wait before it."""

    party: Party
    after: SpanSource | None = None


@dataclass(frozen=True, kw_only=True)
class Authority(Rule):
    flow: str
    over: tuple[str, ...] = ()
    when: Expression | None = None
    alone: tuple[Party, ...] = ()
    levels: tuple[Level, ...] = ()
    seals: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    within: SpanSource | None = None
    missed: tuple[Consequence, ...] = ()
    granted: tuple[Consequence, ...] = ()
    returned: tuple[Consequence, ...] = ()
    declined: tuple[Consequence, ...] = ()
    climb: tuple[Rung, ...] = ()
    skip: str = "vacant"


@dataclass(frozen=True, kw_only=True)
class CatalogEntry:
    word: str
    name: str
    meaning: str = ""
    under: str | None = None
    replaces: tuple[str, ...] = ()
    retired: date | None = None
    columns: Mapping[str, Value] = field(default_factory=dict)
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Catalog(Rule):
    entries: tuple[CatalogEntry, ...]
    leaf_only: bool = True
    ordered: bool = False
    open: bool = False

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that may be chosen now, in order."""
        above = {entry.under for entry in self.entries}
        return tuple(e.word for e in self.entries if not (self.leaf_only and e.word in above))

    @cached_property
    def _renamed(self) -> Mapping[str, str]:
        return {earlier: entry.word for entry in self.entries for earlier in entry.replaces}

    def now(self, value: Value) -> Value:
        """A word, or words, as they are called now: an entry stands for those that it `replaces`."""
        if not self._renamed:
            return value
        if isinstance(value, tuple):
            return tuple(self.now(item) for item in value)
        return self._renamed.get(value, value) if isinstance(value, str) else value

    def retired(self, day: date) -> frozenset[str]:
        """The words that may no longer be chosen on this day; old cases keep them."""
        return frozenset(entry.word for entry in self.entries if entry.retired and entry.retired <= day)


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A value of a figure and the day from which it is in force (None: always)."""

    since: date | None
    value: Value | Span
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Figure(Rule):
    """Without values it is unknown until the organisation sets one."""

    type: str
    values: tuple[Dated, ...]
    #: the fields by whose day its value is chosen (the first that is filled); none: the case's opening
    dated: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a form, or a column of its rows. `path` is form.field (columns: form.field.column)."""

    path: str
    name: str
    type: str = "text"
    #: the closed words of choice and choices; None: any text (an open list)
    words: tuple[str, ...] | None = None
    catalog: str | None = None
    optional: bool = False
    needed: Expression | None = None
    #: 'at', 'actor', 'number' or a term
    auto: str | Term | None = None
    computed: Expression | None = None
    same_as: str | None = None
    private: bool = False
    hidden_from: tuple[str, ...] = ()
    sign_by: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    #: date, moment: not in the future
    past: bool = False
    #: person, people: must hold one of these roles
    holds: tuple[str, ...] = ()
    #: and hold it in this unit
    unit_of: Expression | None = None
    scale: int = 0
    unit: str = ""
    least: int | None = None
    most: int | None = None
    shortest: int | None = None
    key: str | None = None
    columns: Mapping[str, Field] = field(default_factory=dict)
    clauses: Clauses = ()
    basis: str = "source"


@dataclass(frozen=True, kw_only=True)
class Retention:
    span: SpanSource
    since: str
    when: Expression | None = None
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Copy:
    name: str
    hides: tuple[str, ...] = ()
    to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Form(Rule):
    fields: Mapping[str, Field]
    number: str | None = None
    copies: tuple[Copy, ...] = ()
    alias: tuple[str, ...] = ()
    #: a case may have several: each issue keeps what stands on the paper then
    many: bool = False
    register: bool = False
    key: str | None = None
    keep: tuple[Retention, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Window:
    on: str = "opened"
    last: SpanSource | None = None
    each: SpanSource | None = None
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Fact(Rule):
    flow: str
    shape: str
    of: str = ""
    match: Mapping[str, Expression] = field(default_factory=dict)
    having: Mapping[str, Value] = field(default_factory=dict)
    window: Window | None = None
    #: column → type (text, int, money, bool, date, moment, texts)
    gives: Mapping[str, str] = field(default_factory=dict)
    at_most: int = 20
    before: bool = True
    asked: tuple[str, ...] = ()
    claim: bool = False
    watch: bool = False
    unknown: str = "refuse"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table: when it holds, and its outcome by column ('' for a table of one value)."""

    when: Expression | None
    gives: Mapping[str, Term]
    since: date | None = None
    until: date | None = None
    clauses: Clauses = ()
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Table(Rule):
    flow: str
    #: column → type; {'': type} for a table of one value. Types: text, int, money, bool, moment, date, texts, role,
    #: step, span, or the id of a catalog
    gives: Mapping[str, str]
    rows: tuple[Row, ...]
    hit: str = "first"
    otherwise: Mapping[str, Term] | None = None
    dated: str | None = None
    decided_by: tuple[str, ...] = ()
    #: names that its rows read, other tables included
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Leave:
    to: str | None
    table: str | None
    when: Expression | None = None
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Step:
    id: str
    name: str
    answers: tuple[Party, ...] = ()
    leave: tuple[Leave, ...] = ()
    end: bool = False
    rest: str = ""
    clauses: Clauses = ()
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class BeforeOpening:
    when: Expression | None
    do: str
    case: Expression | None
    act: str | None
    says: str
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class LinkRule:
    id: str
    flow: str
    must_close: bool = False


@dataclass(frozen=True, kw_only=True)
class Flow(Rule):
    number: str | None
    answers: tuple[Party, ...]
    start: str
    steps: Mapping[str, Step]
    before_opening: tuple[BeforeOpening, ...] = ()
    columns: Mapping[str, Expression] = field(default_factory=dict)
    customer: Mapping[str, str] = field(default_factory=dict)
    #: to whom a case may be handed over; empty: anybody with a role
    transfer_to: tuple[Party, ...] = ()
    links: Mapping[str, LinkRule] = field(default_factory=dict)
    keep: tuple[Retention, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """One of the closed list. `verb` says which; the other attributes that it uses are filled."""

    verb: str
    target: str = ""
    parties: tuple[Party, ...] = ()
    values: Mapping[str, Term] = field(default_factory=dict)
    when: Expression | None = None
    for_each: str | None = None
    key: Term | None = None
    bond: str = ""
    case: Expression | None = None
    text: str = ""
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Need:
    """A condition of an act. With `minus`, `that` says that the act comes before the moment `by`: so long before it."""

    that: Expression
    when: Expression | None = None
    by: Expression | None = None
    minus: SpanSource | None = None
    says: str = ""
    otherwise: str = "refuse"
    instead: tuple[str, ...] = ()
    tell: tuple[Party, ...] = ()
    clauses: Clauses = ()
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Fill:
    """A field that an action fills. `needed`: True, False, or None (as the field says)."""

    path: str
    needed: bool | None = None
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Action(Rule):
    flow: str
    who: tuple[Party, ...]
    together: tuple[Party, ...] = ()
    personally: bool = False
    excluded: tuple[str, ...] = ()
    #: steps in which it may be done; empty: every step that is not an end
    steps: tuple[str, ...] = ()
    opens: str | None = None
    when: Expression | None = None
    needs: tuple[Need, ...] = ()
    fills: tuple[Fill, ...] = ()
    each: str | None = None
    sets: Mapping[str, Term] = field(default_factory=dict)
    at: str | None = None
    backdate: SpanSource | None = None
    batch: bool = False
    times: int | None = None
    reports: bool = False
    do: tuple[Consequence, ...] = ()


@dataclass(frozen=True)
class FixedSpan:
    span: Span


@dataclass(frozen=True)
class FigureSpan:
    figure: str
    end: time | None = None


@dataclass(frozen=True)
class TableSpan:
    name: str
    end: time | None = None


@dataclass(frozen=True)
class FieldSpan:
    path: str
    end: time | None = None


@dataclass(frozen=True)
class ClockSpan:
    """A point at an hour that a figure gives: `next workday office_end`. `span` has the hour that the document says."""

    span: Moment
    figure: str


SpanSource = FixedSpan | FigureSpan | TableSpan | FieldSpan | ClockSpan
#: what returns: written, or a figure that gives it (a span or point), or a pattern at the hour of a figure
Recurrence = Every | FigureSpan | ClockSpan


@dataclass(frozen=True, kw_only=True)
class NoLater:
    """Another limit that binds: a task (`task:x`) or a moment field, less a span."""

    task: str | None = None
    path: str | None = None
    minus: SpanSource | None = None


@dataclass(frozen=True, kw_only=True)
class Pause:
    """The clock stands still from an event to the first of several that comes after it."""

    since: str
    until: tuple[str, ...]
    when: Expression | None = None
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Reminder:
    before: SpanSource | None
    at: SpanSource | None
    every: Recurrence | None = None
    tell: tuple[Party, ...]
    when: Expression | None = None
    text: str = ""
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Overdue:
    every: Recurrence
    tell: tuple[Party, ...]
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Task(Rule):
    """An obligation and its clock. Events are canonical names (see `Procedure`)."""

    flow: str
    owed_by: tuple[Party, ...]
    when: Expression | None = None
    holds: Expression | None = None
    for_each: str | None = None
    since: tuple[str, ...] = ()
    start: str = "first"
    within: SpanSource | None = None
    by_field: str | None = None
    by_point: SpanSource | None = None
    replaced_by: str | None = None
    no_later_than: tuple[NoLater, ...] = ()
    pauses: tuple[Pause, ...] = ()
    wait: SpanSource | None = None
    restarts: tuple[str, ...] = ()
    done_any: tuple[str, ...] = ()
    done_all: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    expires: str = "missed"
    remind: tuple[Reminder, ...] = ()
    missed: tuple[Consequence, ...] = ()
    #: False: nothing was said about a miss (check complains)
    miss_said: bool = False
    overdue: Overdue | None = None
    climb: str | None = None
    blocks: tuple[str, ...] = ()
    outlives: bool = False
    #: a row per `since` mark, named by its item or else its number (one receipt per recipient, one task per utterance)
    per_mark: bool = False
    #: names that its conditions, clock and owners read
    reads: frozenset[str] = frozenset()
    #: clauses of single attributes, for citing (within, done, missed …)
    cited: Mapping[str, Clauses] = field(default_factory=dict)

    @cached_property
    def has_clock(self) -> bool:
        """Whether it has a limit at all."""
        return bool(self.within or self.by_field or self.by_point or self.replaced_by or self.no_later_than)


@dataclass(frozen=True, kw_only=True)
class Population:
    flow: str | None = None
    register: str | None = None
    where: Expression | None = None
    per: Expression | None = None
    #: an event or `field.…`: the moment by which `during` goes
    dated: str = "opened"
    #: day, week, month, quarter or year: only members whose moment lies in the one before
    during: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draw:
    #: numerator and denominator of the share; or the figure that gives it
    share: tuple[int, int]
    figure: str = ""
    least: int = 0


@dataclass(frozen=True, kw_only=True)
class Trigger(Rule):
    flow: str
    after: tuple[str, ...] = ()
    every: Recurrence | None = None
    #: `every` on a day off comes on the next (1) or previous (-1) working day
    move: int = 0
    when: Expression | None = None
    over: Population | None = None
    draw: Draw | None = None
    once_per: Expression | None = None
    times: int | None = None
    do: tuple[Consequence, ...] = ()
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Notice(Rule):
    flow: str
    after: tuple[str, ...]
    to: tuple[Party, ...]
    when: Expression | None = None
    sender: str | None = None
    for_each: str | None = None
    by: tuple[str, ...] = ()
    text: str = ""
    receipt: str = "none"
    within: SpanSource | None = None
    missed: tuple[Consequence, ...] = ()
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Point:
    """One item of conduct."""

    text: str
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Variant:
    when: Expression | None
    say: str


@dataclass(frozen=True, kw_only=True)
class Script(Rule):
    flow: str
    scene: str = ""
    at: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    do: tuple[Point, ...] = ()
    never: tuple[Point, ...] = ()
    approach: str = ""
    say: str = ""
    variants: tuple[Variant, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    tick: bool = False
    inspect: bool = False
    breach: tuple[Consequence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer of a guide and what follows from it, or what follows if the question is skipped."""

    word: str
    go: str | None = None
    conclude: str | None = None
    advise: str = ""
    cause: str | None = None
    values: Mapping[str, Term] = field(default_factory=dict)
    clauses: Clauses = ()


@dataclass(frozen=True, kw_only=True)
class Stop:
    """While `when` holds only the questions in `excepted` are answered."""

    when: Expression
    says: str = ""
    excepted: tuple[str, ...] = ()
    clauses: Clauses = ()
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What a guide may find out to be the matter, and what helps."""

    id: str
    name: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Ask:
    id: str
    text: str
    how: str = ""
    who: tuple[str, ...] = ()
    replies: Mapping[str, Reply] = field(default_factory=dict)
    #: what follows if it is skipped; None: it must be answered
    skip: Reply | None = None
    #: actions that must have happened since the question was reached
    first: tuple[str, ...] = ()
    #: how long after it was reached it is answered
    wait: SpanSource | None = None
    clauses: Clauses = ()
    place: str = ""

    @property
    def ways(self) -> tuple[Reply, ...]:
        """Everything that can follow: its answers, and being skipped."""
        return (*self.replies.values(), *([self.skip] if self.skip else []))


@dataclass(frozen=True, kw_only=True)
class Guide(Rule):
    flow: str
    start: str
    asks: Mapping[str, Ask]
    at: tuple[str, ...] = ()
    #: those of `at` that are steps: it is answered in no other
    steps: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    stops: tuple[Stop, ...] = ()
    causes: Mapping[str, Cause] = field(default_factory=dict)
    fills: str | None = None
    agrees_with: str | None = None


@dataclass(frozen=True, kw_only=True)
class Posting(Rule):
    flow: str
    debit: str
    credit: str
    amount: Expression
    after: tuple[str, ...] = ()
    when: Expression | None = None
    for_each: str | None = None
    key: Expression | None = None
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Measure(Rule):
    flow: str
    #: flow, task, form, posting or action, and its id
    of_kind: str
    of: str
    dated: str = "opened"
    where: Expression | None = None
    share: Expression | None = None
    sum: Expression | None = None
    mean: Expression | None = None
    median: Expression | None = None
    distinct: Expression | None = None
    lapse: tuple[str, str] | None = None
    by: tuple[str, ...] = ()
    target: str = ""
    compare: tuple[str, ...] = ()
    frozen_after: SpanSource | None = None
    #: which way is good: high, low, or not said
    good: str = ""


@dataclass(frozen=True)
class NamedValue:
    """What a name in conditions stands for.

    `kind`: field, filled, from, until, before, issued, table, table_filled, table_before, fact, fact_known, figure,
    task_open, task_done, task_missed, task_due, happened, said, count, guide, guide_cause, guide_path,
    guide_skipped, case, customer, this, at, actor, present. `target`: the rule, path or word it is about; `column` of
    a table or fact. `type` as in `Environment`.
    """

    kind: str
    type: str
    target: str = ""
    column: str = ""


@dataclass(frozen=True)
class Excerpt:
    """A clause as it stands in the document: its heading and prose, for showing and quoting."""

    clause: str
    heading: str
    prose: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """A compiled procedure.

    Events in rules are canonical: `act.x`, `trigger.x`, `opened`, `reopened`, `closed`, `task.x.begun|done|missed`,
    `notice.x.sent|received`, `script.x.said`, `guide.x.concluded`, `form.x.issued`, `step.x.entered|left`,
    `authority.x.granted|returned|declined`, `table.x.changed`, `link.x.closed`, `field.form.field`.
    """

    id: str
    title: str
    version: int
    in_force: date
    zone: ZoneInfo
    hours: tuple[tuple[time, time], ...]
    hours_figure: str | None = None
    day_end: time | None = None
    calendar_clauses: Clauses = ()
    backdate: SpanSource | None = None
    backdate_who: tuple[str, ...] = ()
    backdate_clauses: Clauses = ()
    text_only: Clauses = ()
    roles: Mapping[str, Role]
    authorities: Mapping[str, Authority]
    catalogs: Mapping[str, Catalog]
    figures: Mapping[str, Figure]
    forms: Mapping[str, Form]
    facts: Mapping[str, Fact]
    #: in an order in which each comes after the tables that it reads
    tables: Mapping[str, Table]
    flows: Mapping[str, Flow]
    actions: Mapping[str, Action]
    tasks: Mapping[str, Task]
    triggers: Mapping[str, Trigger]
    notices: Mapping[str, Notice]
    scripts: Mapping[str, Script]
    guides: Mapping[str, Guide]
    postings: Mapping[str, Posting]
    measures: Mapping[str, Measure]
    #: every name that a condition may read
    names: Mapping[str, NamedValue]
    #: clause → how it stands in the document
    excerpts: Mapping[str, Excerpt]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every field by its path, columns of rows included."""
        found: dict[str, Field] = {}
        for form in self.forms.values():
            for item in form.fields.values():
                found[item.path] = item
                found.update({column.path: column for column in item.columns.values()})
        return found

    @cached_property
    def plain(self) -> frozenset[str]:
        """Names of fields that are worth what was entered, no more and no less: of most fields."""
        return frozenset(
            path
            for path, item in self.fields.items()
            if (named := self.names.get(path)) and (named.kind, named.target) == ("field", path)
            if not (item.same_as or item.computed or item.catalog or item.type in ("rows", "list"))
        )
