"""The grammar of the procedure language: every kind of rule, its attributes, their shapes and defaults.

This table is the one source: documents are read by it and the tables of `docs/language.md` are printed from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shouwen.core.calendar import PERIODS


@dataclass(frozen=True)
class Shape:
    """How an attribute is written. `word` names it in the documentation; composite shapes carry their parts."""

    word: str
    #: allowed words of a closed choice
    words: tuple[str, ...] = ()
    #: what the names of a reference may be (kinds of rules, or field, event, step, answer); of a map: what may stand
    #: there by its bare name
    of: tuple[str, ...] = ()
    #: may be one or a list; lists of several blocks are appended
    many: bool = False
    #: result type of a CEL condition: bool, text, money, any …
    result: str = ""
    #: attributes of a structure, or of each item of a list, or of each value of a map
    parts: tuple[Attribute, ...] = ()
    #: the key that a bare scalar stands for in a structure (`who: front_desk` is `who: {role: front_desk}`)
    short: str = ""
    #: a map of names to `parts`; maps of several blocks are united
    mapping: bool = False


@dataclass(frozen=True)
class Attribute:
    """One attribute of a kind: its name, shape, default in words, and meaning in one line."""

    name: str
    shape: Shape
    default: str = ""
    says: str = ""
    required: bool = False


def _a(name: str, shape: Shape, says: str, default: str = "", *, required: bool = False) -> Attribute:
    return Attribute(name, shape, default, says, required)


TEXT = Shape("text")
FLAG = Shape("flag")
WHOLE = Shape("whole number")
SPAN = Shape("span")
EVERY = Shape("recurrence")
DAY = Shape("day")
LITERAL = Shape("literal or =CEL")
IDS = Shape("clause ids", many=True)
TEXTS = Shape("text", many=True)
CONDITION = Shape("CEL", result="bool")


def _word(*words: str) -> Shape:
    return Shape("word", words=words)


def _one(*of: str) -> Shape:
    return Shape("name", of=of)


def _names(*of: str) -> Shape:
    return Shape("name", of=of, many=True)


def _cel(result: str) -> Shape:
    return Shape("CEL", result=result)


def _items(*parts: Attribute, short: str = "") -> Shape:
    return Shape("entries", parts=parts, many=True, short=short)


def _map(*parts: Attribute, short: str = "", alone: str = "") -> Shape:
    return Shape("map", parts=parts, mapping=True, short=short, of=(alone,) if alone else ())


def _struct(*parts: Attribute, short: str = "") -> Shape:
    return Shape("structure", parts=parts, short=short)


CLAUSE = _a("clause", IDS, "the clause (or clauses) this entry carries out", "the heading's, if it has one id")
BASIS = _a("basis", _word("source", "default"), "source: the regulation's own; default: ours, changeable", "source")
NAME = _a("name", TEXT, "the words people see", "the id")
FLOW = _a("flow", _one("flow"), "which flow it belongs to", "the document's first flow")
WHEN = _a("when", CONDITION, "only if")

#: who may act, owe, be told: a role, with the unit that must match and a condition
PARTY = (
    _a("role", _one("role", "table"), "a role, or a table that gives roles"),
    _a("unit", _cel("text"), "the holder's unit must be this (a role with `per: unit`)"),
    WHEN,
    CLAUSE,
)
PARTIES = _items(*PARTY, short="role")

#: the closed list of consequences
CONSEQUENCE = (
    _a("go", _one("step"), "move to a step"),
    _a("end", _one("step"), "move to an end step, once nothing is owed"),
    _a("reopen", _one("step"), "open a closed or resting case again in this step: a new round"),
    _a("open", _one("flow"), "open another case; `with` gives its values, `key` opens it once, `link` names the bond"),
    _a("link", _cel("text"), "bind to the case with this number; `as` names the bond"),
    _a("set", Shape("map", mapping=True, parts=(_a("*", LITERAL, "field: value"),)), "fill fields"),
    _a("add", _one("field"), "add a line to rows; `with` gives its columns"),
    _a("write", _one("form"), "write a row into a register of the organisation; `with` gives its columns"),
    _a("tell", PARTIES, "send word to roles; `text` gives the words"),
    _a("issue", _one("form"), "issue a paper: numbered, with its copies"),
    _a("void", _one("form"), "make an issued paper void, with its number kept"),
    _a("post", _one("posting"), "make an entry in the ledger"),
    _a("reverse", _one("posting"), "reverse the entries of a posting (same key)"),
    _a("assign", PARTIES, "give the work to: the first of these answers for the case from now on"),
    _a("escalate", _one("authority"), "climb the line of an authority, rung by rung"),
    _a("note", TEXT, "write a line into the history"),
    WHEN,
    _a("for_each", _one("field"), "once per row or word of this field (`this.<column>`, `this.item`)"),
    _a("with", Shape("map", mapping=True, parts=(_a("*", LITERAL, "field: value"),)),
       "values of `open`; columns of `add` and `write`"),
    _a("key", LITERAL, "with `open`: the same key opens once"),
    _a("as", TEXT, "the name of a bond"),
    _a("case", _cel("text"), "go, end, reopen, set, note: in the case with this number instead of this one"),
    _a("text", TEXT, "the words of `tell`; {form.field} is filled in"),
    CLAUSE,
    BASIS,
)
CONSEQUENCES = _items(*CONSEQUENCE)
#: what is done: the attributes that stand before `when`
CONSEQUENCE_VERBS = tuple(part.name for part in CONSEQUENCE[: CONSEQUENCE.index(WHEN)])

_FIELD_PLAIN = (
    NAME,
    _a(
        "type",
        _word(
            "text", "number", "decimal", "money", "ratio", "bool", "choice", "choices", "date", "moment", "period",
            "span", "person", "people", "phone", "id_number", "signature", "file", "list", "rows",
        ),
        "the kind of value; list: plain words; rows: typed lines",
        "text",
    ),
    _a("of", Shape("catalog or words", many=True), "choice, choices: the catalog, or the words themselves"),
    _a("optional", FLAG, "need not be filled", "no"),
    _a("needed", CONDITION, "must be filled if this holds (else optional)"),
    _a("auto", LITERAL, "filled by itself when its act does not give it: `at`, `actor`, or =CEL"),
    _a("computed", _cel("any"), "always this; nobody enters it"),
    _a("from", _one("field"), "the same fact as this field of another form, printed here too"),
    _a("private", FLAG, "personal data: encrypted, masked, shown by purpose", "no"),
    _a("hidden_from", _names("role"), "never shown to these roles, never copied to a paper that they get"),
    _a("sign_by", _names("role"), "signature: whose (a staff member signs by log-in; others sign in words or ink)"),
    _a("only", _names("role"), "only these roles may fill it"),
    _a("past", FLAG, "date, moment: not in the future", "no"),
    _a("holds", _names("role"), "person, people: whoever is named must hold one of these roles"),
    _a("unit_of", _cel("text"), "with `holds`: and hold it in this unit"),
    _a("scale", WHOLE, "decimal, ratio: digits after the point, kept as a whole number", "2 for decimal, 4 for ratio"),
    _a("unit", TEXT, "unit of a number, for people and for the unit check"),
    _a("least", WHOLE, "choices, people, list, rows: at least so many; number: at least"),
    _a("most", WHOLE, "at most"),
    _a("shortest", WHOLE, "text: at least so many characters"),
    CLAUSE,
    BASIS,
)
FIELD = (
    *_FIELD_PLAIN,
    _a("key", TEXT, "rows: the column that tells the lines apart"),
    _a("columns", _map(*_FIELD_PLAIN, short="name"), "rows: the columns"),
)

NEED = (
    _a("that", CONDITION, "must hold in the case as it would be after the act"),
    _a("by", _cel("moment"), "or instead: the act must come no later than this moment"),
    _a("minus", SPAN, "with `by`: so long before it"),
    WHEN,
    _a("or", TEXT, "what is said when it does not hold: the rule, and what to do"),
    _a(
        "else",
        _word("refuse", "reason", "warn", "record"),
        "refuse; pass with a recorded reason; pass once seen; or refuse and record the attempt",
        "refuse",
    ),
    _a("instead", _names("action"), "what may be done instead"),
    _a("tell", PARTIES, "record: who hears of the attempt"),
    CLAUSE,
    BASIS,
)

DUE = (
    _a("from", _names("event"), "the clock starts with these events (or a moment field)", "the moment it became owed"),
    _a("start", _word("first", "latest"), "which of several starts counts", "first"),
    _a(
        "within",
        _struct(
            _a("span", SPAN, "a span, a figure of spans, a table that gives one, or a field of type span"),
            _a("end", TEXT, "the hour at which a day ends (24:00, 23:59, 18:00)", "the calendar's"),
            CLAUSE,
            short="span",
        ),
        "how long it may take",
    ),
    _a("by", Shape("moment field or point"), "a fixed moment: a moment field, a point such as 18:00, or a figure"),
    _a("replaced_by", _one("field"), "once this moment field is filled it is the limit (put off by later pauses)"),
    _a(
        "no_later_than",
        _items(
            _a("task", _one("task", "field"), "another task's limit, or a moment field"),
            _a("minus", SPAN, "so much before it"),
            CLAUSE,
            short="task",
        ),
        "never after these",
    ),
    _a(
        "pauses",
        _items(
            _a("from", _one("event"), "stops with (event or moment field)", required=True),
            _a("until", _names("event"), "runs again with the first of these (moments may lie ahead)", required=True),
            WHEN,
            CLAUSE,
        ),
        "the clock stands still",
    ),
    _a("wait", SPAN, "cannot be done before so long after the start"),
    _a("restarts", _names("event"), "these begin the clock anew"),
)

DONE = _struct(
    _a("any", _names("event"), "any of these (action, form.issued, script.said, a field that gets filled …)"),
    _a("all", _names("event"), "all of these"),
    CLAUSE,
    short="any",
)
REMIND = _items(
    _a("before", SPAN, "so long before the limit"),
    _a("at", SPAN, "a point counted back from the limit: previous workday 09:00"),
    _a("every", EVERY, "again and again from when it is owed until the limit: 30 min, workday 09:00"),
    _a("tell", PARTIES, "whom", required=True),
    WHEN,
    CLAUSE,
    BASIS,
    _a("text", TEXT, "the words"),
)
OVERDUE = _struct(
    _a("every", EVERY, "day 09:00, workday 09:00", required=True),
    _a("tell", PARTIES, "whom", required=True),
    CLAUSE,
    BASIS,
)

TASK = (
    _a("owed_by", PARTIES, "who owes it", required=True),
    WHEN,
    _a("while", CONDITION, "owed as long as this holds; dropped when it does not"),
    _a("for_each", _one("field"), "one per row or word of this field"),
    *DUE,
    _a("done", DONE, "what discharges it", required=True),
    _a("undone", _names("event"), "these take the discharge back: the task runs on to its old limit"),
    _a("expires", _word("missed", "done"), "what the end of its time means (done: it was kept by waiting)", "missed"),
    _a("remind", REMIND, "before the limit"),
    _a("missed", CONSEQUENCES, "when the limit has passed: `[]` says that nothing follows"),
    _a("overdue", OVERDUE, "after a miss, again and again until done"),
    _a("climb", _one("authority"), "after a miss, climb its line"),
    _a("blocks", _names("action"), "these are refused while it is open"),
    _a("outlives", FLAG, "the case may close over it", "no"),
)

RETENTION = _items(
    _a("for", SPAN, "how long", required=True),
    _a("from", _one("event"), "from when", "closed"),
    WHEN,
    CLAUSE,
    BASIS,
)

ANSWER = (
    _a("go", TEXT, "the next question"),
    _a("conclude", TEXT, "the conclusion"),
    _a("advise", TEXT, "what to do now"),
    _a("cause", TEXT, "the cause it points to"),
    _a("set", Shape("map", mapping=True, parts=(_a("*", LITERAL, "field: value"),)), "fills fields"),
    CLAUSE,
)

KINDS: dict[str, tuple[Attribute, ...]] = {
    "role": (
        NAME,
        _a("outside", FLAG, "not of the organisation (a customer, a bureau)", "no"),
        _a("customer", FLAG, "outside: the customer himself, in the case that is his", "no"),
        _a("system", FLAG, "the clock itself", "no"),
        _a("per", _word("organisation", "unit"), "unit: held per unit, named as role@unit", "organisation"),
        _a("named_by", _one("field"), "held by the person (people) in this field of the case"),
        _a("otherwise", _one("role"), "as long as nobody holds it (or `named_by` is not filled): holders of this role"),
        _a("first_of", _names("role"), "the first of these that somebody holds"),
        _a("any_of", _names("role"), "anybody who holds one of these"),
        _a("apart", _names("role"), "nobody may act in both roles in one case"),
        _a("deputies", _word("any", "appointed", "none"), "who may stand in", "any"),
        _a("oversees", CONDITION, "sees all cases for which this holds"),
        CLAUSE,
        BASIS,
    ),
    "authority": (
        NAME,
        _a("over", _names("action"), "acts that need it"),
        _a("when", CONDITION, "only if (else the act takes effect at once)"),
        _a("alone", PARTIES, "who may do it alone, up to what"),
        _a(
            "levels",
            _map(*PARTY, _a("within", SPAN, "must be decided within"), short="role"),
            "who decides, in order; a level whose `when` is false is passed over",
        ),
        _a("seals", _names("field"), "the approval holds only for exactly these values"),
        _a("not", _names("action"), "never a person who did one of these in the case (the asker is always excluded)"),
        _a("within", SPAN, "each level decides within"),
        _a("missed", CONSEQUENCES, "when a level does not decide in time"),
        _a("granted", CONSEQUENCES, "besides the act itself"),
        _a("returned", CONSEQUENCES, "sent back to be changed"),
        _a("declined", CONSEQUENCES, "refused"),
        _a(
            "climb",
            _items(*PARTY, _a("after", SPAN, "wait before this rung"), short="role"),
            "the line above, for `escalate` and `climb`",
        ),
        _a("skip", _word("vacant", "never"), "rungs that nobody holds are passed over, or never", "vacant"),
        FLOW,
        CLAUSE,
        BASIS,
    ),
    "catalog": (
        NAME,
        _a(
            "entries",
            _map(
                NAME,
                _a("meaning", TEXT, "what it means"),
                _a("under", TEXT, "the entry above it"),
                _a("replaces", TEXTS, "earlier words for the same"),
                _a("retired", DAY, "no longer chosen from this day on; old cases keep it"),
                _a("columns", Shape("map", mapping=True, parts=(_a("*", LITERAL, "column: value"),)), "its columns"),
                CLAUSE,
                short="meaning",
            ),
            "the words, in order (a plain list of words will do)",
            required=True,
        ),
        _a("leaf_only", FLAG, "only entries without entries below may be chosen", "yes"),
        _a("ordered", FLAG, "the order is a rank: `rank('catalog', word)`, hit: strictest", "no"),
        _a("open", FLAG, "the organisation adds its own entries", "no"),
        CLAUSE,
        BASIS,
    ),
    "figure": (
        NAME,
        _a("value", LITERAL, "the value: 24 h, 5000 元, 3, 30 %, 09:00, yes, words; none: the organisation sets it",
           "none, with `type`"),
        _a("values", _items(_a("from", DAY, "in force from", required=True), _a("value", LITERAL, "value"), CLAUSE),
           "dated values"),
        _a("type", _word("span", "money", "number", "ratio", "hours", "moment", "text", "texts", "bool"),
           "the type", "by its spelling"),
        _a("dated", _names("field"), "the value of this day counts (the first that is filled)", "the case's opening"),
        _a("unit", TEXT, "unit, for people"),
        CLAUSE,
        BASIS,
    ),
    "form": (
        NAME,
        _a("fields", _map(*FIELD, short="name"), "the fields, in the paper's order"),
        _a("number", TEXT, "the pattern of its number: CL-{unit}-{yyyy}-{seq:5}"),
        _a("copies", _map(_a("hides", _names("field"), "fields that this copy does not show"),
                          _a("to", _names("role"), "who gets it")), "its copies by name", "one"),
        _a("alias", TEXTS, "other names of the same paper"),
        _a("many", FLAG, "a case may have several: each issue keeps what stands on the paper then", "no"),
        _a("register", FLAG, "rows of the organisation, outside any case", "no"),
        _a("key", TEXT, "register: the column that tells rows apart"),
        _a("keep", RETENTION, "how long it is kept"),
        CLAUSE,
        BASIS,
    ),
    "fact": (
        NAME,
        _a("shape", _word("row", "rows", "tally", "last", "balances", "figures", "members", "people", "linked",
                          "answer"), "one of the closed shapes", required=True),
        _a("of", TEXT, "the register, flow, measure, account, role, link or outside system that is asked"),
        _a("match", Shape("map", mapping=True, parts=(_a("*", _cel("any"), "column: CEL"),)),
           "equal columns; one index"),
        _a("having", Shape("map", mapping=True, parts=(_a("*", LITERAL, "column: literal"),)), "columns that equal"),
        _a("window", _struct(
            _a("on", TEXT, "by which moment", "opened"),
            _a("last", SPAN, "so far back"),
            _a("each", SPAN, "width of each of several windows"),
            _a("times", WHOLE, "how many windows"),
            short="last"), "only within"),
        _a("gives", _map(
            _a("type", _word("text", "number", "money", "ratio", "bool", "date", "moment", "texts", "rows"),
               "rows (of shape rows): the whole lines with their columns", "text"),
            _a("of", TEXTS, "the closed words it may be"), short="type"),
           "the columns of the answer", "tally: count: number; row, last: found: bool"),
        _a("at_most", WHOLE, "rows, last: so many", "20"),
        _a("before", FLAG, "tally: only what came before this one", "yes"),
        _a("asked", _names("action"), "before which acts it is asked", "acts whose conditions read it"),
        _a("claim", FLAG, "the answer is reserved in the same transaction", "no"),
        _a("watch", FLAG, "a change of the answer wakes the case", "no"),
        _a("unknown", _word("refuse", "pass"), "no answer: refuse the act, or judge it as unknown", "refuse"),
        FLOW,
        CLAUSE,
        BASIS,
    ),
    "table": (
        NAME,
        _a("gives", Shape("type or columns", mapping=True, parts=(_a("*", TEXT, "column: type"),)),
           "a type, a catalog, role, step, span; or columns with types", "text"),
        _a("hit", _word("one", "first", "all", "strictest"), "which rows count", "first"),
        _a("rows", _items(
            WHEN,
            _a("is", Shape("literal or =CEL, or columns", mapping=True, parts=(_a("*", LITERAL, "column: value"),)),
               "the outcome", required=True),
            _a("from", DAY, "in force from"),
            _a("until", DAY, "in force until (that day excluded)"),
            CLAUSE,
            BASIS,
        ), "its rows", required=True),
        _a("dated", _one("field"), "rows are chosen by this day", "the case's opening"),
        _a("else", Shape("literal or =CEL, or columns", mapping=True, parts=(_a("*", LITERAL, "column: value"),)),
           "when no row holds", "undecided"),
        _a("decided_by", _names("action"), "a person confirms: the value counts only once one of these acts happened,"
                                           " and stands against later facts"),
        FLOW,
        CLAUSE,
        BASIS,
    ),
    "flow": (
        NAME,
        _a("number", TEXT, "the pattern of a case's number"),
        _a("answers", PARTIES, "who answers for a case from its intake on", "who took it in"),
        _a("transfer_to", PARTIES, "a case may be handed over only to these", "whoever holds a role"),
        _a("start", _one("step"), "the first step", "the first written"),
        _a("steps", _map(
            NAME,
            _a("answers", PARTIES, "who answers while it stands here"),
            _a("leave", _items(
                _a("to", _one("step", "table"), "the next step, or a table that gives one", required=True),
                WHEN,
                CLAUSE,
            ), "read after every event, in order; the first that holds is the way"),
            _a("end", FLAG, "the case is closed here", "no"),
            _a("rest", TEXT, "it may stand here without anything being owed: why"),
            CLAUSE,
            BASIS,
        ), "where a case stands", required=True),
        _a("before_opening", _items(
            WHEN,
            _a("do", _word("join", "reopen", "warn"), "join or reopen that case instead, or point to it", "warn"),
            _a("case", _cel("text"), "the number of the earlier case"),
            _a("as", _one("action"), "the act that is done in the earlier case"),
            _a("or", TEXT, "what is said"),
            CLAUSE,
            BASIS,
        ), "judged on the draft, before a case exists; a person may insist, with a reason"),
        _a("columns", Shape("map", mapping=True, parts=(_a("*", _cel("any"), "column: CEL"),)),
           "what lists and facts of other cases may read"),
        _a("customer", Shape("map", mapping=True, parts=(_a("*", _one("field"), "name, phone, …: field"),)),
           "`case.customer.<name>`"),
        _a("links", _map(_a("flow", TEXT, "the flow at the other end (or procedure/flow)"),
                         _a("must_close", FLAG, "this case closes only after it", "no"), short="flow"),
           "bonds to other cases"),
        _a("keep", RETENTION, "how long a closed case is kept"),
        CLAUSE,
        BASIS,
    ),
    "action": (
        NAME,
        FLOW,
        _a("who", PARTIES, "who may", required=True),
        _a("together", PARTIES, "who must be there too, themselves: `present:` of the command names them"),
        _a("personally", FLAG, "no deputy", "no"),
        _a("not", _names("action"), "nobody who did one of these in the case"),
        _a("in", _names("step"), "in which steps", "any step that is not an end"),
        _a("opens", _one("flow"), "it opens a case of this flow"),
        WHEN,
        _a("needs", _items(*NEED), "conditions; all failures come back together"),
        _a("fills", Shape("fields by form", mapping=True), "form: [field, field? optional here, field! needed here,"
                                                           " rows.column]"),
        _a("each", _one("field"), "the act is done per row or word of this field: `with` names the rows by key"),
        _a("sets", Shape("map", mapping=True, parts=(_a("*", LITERAL, "field: value"),)), "fields it fills by itself"),
        _a("at", _one("field"), "the moment field that tells when it happened", "`happened:` of the command, or now"),
        _a("backdate", SPAN, "it may be recorded so long afterwards", "the document's"),
        _a("batch", FLAG, "may be done to many cases under one number; each is judged alone", "no"),
        _a("times", WHOLE, "at most so often in a round"),
        _a("reports", FLAG, "records what has happened, even against the rules: refused only for being unclear", "no"),
        _a("do", CONSEQUENCES, "what follows"),
        CLAUSE,
        BASIS,
    ),
    "task": (NAME, FLOW, *TASK, CLAUSE, BASIS),
    "trigger": (
        NAME,
        FLOW,
        _a("after", _names("event"), "begins after these events"),
        _a("every", EVERY, "begins by the calendar: month day 1 00:00, year 12-01 09:00, workday 09:00"),
        _a("moved", _word("next workday", "previous workday"), "`every` on a day off: comes then, at the same hour",
           "not moved"),
        WHEN,
        _a("over", _struct(
            _a("flow", _one("flow"), "cases of this flow"),
            _a("register", _one("form"), "or rows of this register"),
            _a("where", CONDITION, "that hold this"),
            _a("dated", Shape("name", of=("event", "field")), "what `during` goes by", "opened"),
            _a("during", _word(*(f"previous {unit}" for unit in PERIODS)), "whose moment lies in the calendar period"
               " before that of the (unmoved) occurrence: begin included, end excluded", "ever"),
            _a("per", _cel("text"), "one batch per"),
            short="flow"), "a population: its members are recorded"),
        _a("draw", _struct(
            _a("share", TEXT, "10 %, or a figure: exactly ceil(share × N)", required=True),
            _a("least", WHOLE, "but at least", "0")), "a sample by recorded seed"),
        _a("once_per", _cel("text"), "once for each value of this, ever"),
        _a("times", WHOLE, "at most so often per case"),
        _a("do", CONSEQUENCES, "what follows (`open` with a population: the members come along)"),
        CLAUSE,
        BASIS,
    ),
    "notice": (
        NAME,
        FLOW,
        _a("after", _names("event"), "sent after", required=True),
        WHEN,
        _a("to", PARTIES, "to whom", required=True),
        _a("as", _one("role"), "in whose name"),
        _a("for_each", _one("field"), "one per row or word"),
        _a("by", TEXTS, "channels", "the recipient's own"),
        _a("text", TEXT, "the words; {form.field} is filled in", "its name"),
        _a("receipt", _word("none", "delivered", "read", "signed"), "what proves it", "none"),
        _a("within", SPAN, "the receipt must come within"),
        _a("missed", CONSEQUENCES, "when it does not"),
        CLAUSE,
        BASIS,
    ),
    "script": (
        NAME,
        FLOW,
        _a("scene", TEXT, "the situation"),
        _a("at", _names("action", "step", "task", "guide"), "shown beside"),
        _a("who", _names("role"), "for whom", "everybody"),
        _a("do", _items(_a("text", TEXT, "what", required=True), CLAUSE, short="text"), "manners and points to make"),
        _a("never", _items(_a("text", TEXT, "what", required=True), CLAUSE, short="text"), "what must not be"),
        _a("approach", TEXT, "how to go about it"),
        _a("say", TEXT, "the words to use"),
        _a("variants", _items(WHEN, _a("say", TEXT, "words"), CLAUSE), "words by case; the first that holds"),
        _a("slots", _map(_a("from", _one("field", "figure"), "filled from"), short="from"), "{blanks} of the words"),
        _a("promises", _map(*TASK, NAME, CLAUSE, BASIS), "what saying it obliges to: one task per utterance"),
        _a("tick", FLAG, "each point of `do` must be ticked when it is said", "no"),
        _a("inspect", FLAG, "an item of inspections", "no"),
        _a("breach", CONSEQUENCES, "when a person finds it broken"),
        CLAUSE,
        BASIS,
    ),
    "guide": (
        NAME,
        FLOW,
        _a("at", _names("action", "step", "task"), "offered beside"),
        _a("who", _names("role"), "for whom", "everybody"),
        _a("start", TEXT, "the first question", "the first written"),
        _a("asks", _map(
            _a("ask", TEXT, "the question", required=True),
            _a("how", TEXT, "how to find out"),
            _a("who", _names("role"), "who answers"),
            _a("answers", _map(*ANSWER, short="go"), "answer: what follows", required=True),
            _a("skip", _struct(*ANSWER, short="go"), "it may be skipped, with a reason: what follows then"),
            _a("first", _names("action"), "these must have happened since the question was reached"),
            _a("wait", SPAN, "so long after it was reached; sooner an answer passes only with `seen`"),
            CLAUSE,
        ), "the questions", required=True),
        _a("stop", _items(
            _a("when", CONDITION, "while this holds", required=True),
            _a("or", TEXT, "what the refusal says"),
            _a("except", TEXTS, "questions that may be answered all the same"),
            CLAUSE,
        ), "no question is answered while one of these holds"),
        _a("causes", _map(NAME, _a("remedy", TEXT, "what helps"), short="remedy", alone="catalog"),
           "causes it can find; the name of a catalog stands for all of its entries, their meaning for the remedy"),
        _a("fills", _one("field"), "the conclusion goes into this field"),
        _a("agrees_with", _one("table"), "check compares each conclusion with this table"),
        CLAUSE,
        BASIS,
    ),
    "posting": (
        NAME,
        FLOW,
        _a("after", _names("event"), "posted after (else by `post`)"),
        WHEN,
        _a("debit", TEXT, "account; {form.field} is filled in", required=True),
        _a("credit", TEXT, "account", required=True),
        _a("amount", _cel("money"), "how much, in 分", required=True),
        _a("for_each", _one("field"), "one per row"),
        _a("key", _cel("text"), "never twice with the same key", "the case, the posting and the row"),
        CLAUSE,
        BASIS,
    ),
    "measure": (
        NAME,
        FLOW,
        _a("of", _one("flow", "task", "form", "posting", "action"), "what is counted", required=True),
        _a("dated", Shape("name", of=("event", "field")), "by which moment it falls into a period", "opened"),
        _a("where", CONDITION, "only those"),
        _a("share", CONDITION, "the share for which this holds"),
        _a("sum", _cel("any"), "the sum of this"),
        _a("mean", _cel("any"), "the mean of this"),
        _a("median", _cel("any"), "the median of this"),
        _a("lapse", _struct(_a("from", _one("event"), "from"), _a("until", _one("event"), "until")),
           "mean and median of this time"),
        _a("distinct", _cel("any"), "how many different"),
        _a("by", TEXTS, "broken down by: names, or month, unit"),
        _a("target", TEXT, "what it should be: >= 98 %"),
        _a("good", _word("high", "low"), "which way is good: reports say what has become worse", "by target or time"),
        _a("compare", TEXTS, "yoy, mom"),
        _a("frozen", SPAN, "a period is closed so long after its end"),
        CLAUSE,
        BASIS,
    ),
}

#: what the front matter of a document may say
HEADER: tuple[Attribute, ...] = (
    _a("procedure", TEXT, "the id: also the prefix of its clauses", required=True),
    _a("title", TEXT, "the title", required=True),
    _a("version", WHOLE, "1, 2, 3 …", "1"),
    _a("in_force", DAY, "from this day on", required=True),
    _a("supplements", TEXT, "the procedure that this document adds to"),
    _a("calendar", _struct(
        _a("hours", TEXTS, "office hours 09:00-18:00, or a figure of type hours", "09:00-18:00"),
        _a("day_end", TEXT, "working days end at", "the close of hours"),
        _a("zone", TEXT, "time zone", "Asia/Shanghai"),
        CLAUSE, short="hours"), "working time"),
    _a("backdate", _struct(
        _a("within", SPAN, "how far back"),
        _a("who", _names("role"), "who may"),
        CLAUSE, short="within"), "late facts", "not allowed"),
    _a("text_only", IDS, "clauses that are neither rule nor shown, on purpose"),
)


@dataclass(frozen=True)
class Names:
    """Words with a meaning in conditions and events that no rule defines."""

    events: tuple[str, ...] = ("opened", "reopened", "closed")
    case: tuple[str, ...] = ("step", "opened", "no", "reopened", "customer", "channel", "answers", "first_contact",
                             "members")
    functions: tuple[str, ...] = (
        "happened", "said", "count", "rank", "share", "ratio", "total", "least", "greatest", "times", "days", "minutes",
        "size",
    )
    acts: tuple[str, ...] = field(default=("say", "breach", "answer", "approve", "return", "decline", "withdraw",
                                           "read", "transfer", "accept", "refuse_transfer", "note", "correct"))
