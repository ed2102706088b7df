"""A sound document becomes a procedure: typed values, canonical events, names, and a clause beside each entry."""

from datetime import date, time
from functools import cache
from pathlib import Path

import pytest

from shouwen.core.calendar import END_OF_DAY, Days, Elapsed, Point, Workdays, WorkTime
from shouwen.core.expression import Constant, Expression, Term
from shouwen.core.language import assembled, compile_procedure, figure_value
from shouwen.core.language.compile import Compiled
from shouwen.core.procedure import FigureSpan, FixedSpan, NamedValue, Party, Procedure, TableSpan

GOOD = Path(__file__).parent / "good"


@cache
def compiled(*files: str) -> Compiled:
    found = compile_procedure({file: (GOOD / file).read_text(encoding="utf-8") for file in files})
    assert [str(problem) for problem in found.problems] == []
    return found


def repair() -> Procedure:
    procedure = compiled("repair.md").procedure
    assert procedure is not None
    return procedure


def written(term: Term | None) -> object:
    """A literal as itself, a condition as its source."""
    return term.source if isinstance(term, Expression) else term.value if isinstance(term, Constant) else None


def test_the_front_matter_says_from_when_and_when_people_work() -> None:
    procedure = repair()

    assert (procedure.id, procedure.version, procedure.in_force) == ("repair", 1, date(2026, 1, 1))
    assert procedure.hours == ((time(9), time(12)), (time(13, 30), time(18)))
    assert (procedure.hours_figure, procedure.day_end, str(procedure.zone)) == (
        "office_hours",
        time(18),
        "Asia/Shanghai",
    )
    assert (procedure.backdate, procedure.backdate_who) == (FixedSpan(Elapsed(1440)), ("front_desk",))
    assert (procedure.calendar_clauses, procedure.text_only) == (("repair.1.1",), ("repair.1.2",))


def test_prose_is_kept_for_each_clause_and_numbered_sentences_are_told_apart() -> None:
    found = compiled("repair.md")
    assert found.procedure is not None

    assert found.clauses == tuple(f"repair.{clause}" for clause in ("1.1", "1.2", "2", "3.1", "3.2", "4.1", "4.2"))
    assert found.procedure.excerpts["repair.2"].prose == "前台登记每一件报修。"
    assert found.procedure.excerpts["repair.2"].heading == "2 登记"
    assert found.procedure.excerpts["repair.1.1"].prose.startswith("（1）办公时间由本单位定。（2）")


@pytest.mark.parametrize(
    ("figure", "type_", "values"),
    [
        ("office_hours", "hours", [("09:00-12:00", "13:30-18:00")]),
        ("large_loss", "money", [500000]),
        ("answer_within", "span", [Workdays(2), Workdays(1)]),
        ("share_of_loss", "ratio", [3000]),
        ("most_visits", "number", [3]),
        ("no_bargain", "texts", [("减免", "赔偿")]),
    ],
)
def test_a_figure_is_typed_by_its_spelling(figure: str, type_: str, values: list[object]) -> None:
    found = repair().figures[figure]

    assert found.type == type_
    assert [dated.value for dated in found.values] == values


def test_dated_figures_come_in_order_of_force() -> None:
    assert [dated.since for dated in repair().figures["answer_within"].values] == [date(2026, 1, 1), date(2026, 7, 1)]


def test_an_organisations_own_figure_is_read_like_the_documents() -> None:
    assert figure_value(repair(), "large_loss", "800 元") == 80000
    assert figure_value(repair(), "answer_within", "3 workdays") == Workdays(3)
    assert figure_value(repair(), "no_bargain", ["减免"]) == ("减免",)
    with pytest.raises(ValueError, match="large_loss"):
        figure_value(repair(), "large_los", "800 元")
    with pytest.raises(ValueError, match="不是数"):
        figure_value(repair(), "large_loss", "viel")


def test_a_field_printed_from_another_paper_is_that_ones() -> None:
    field = repair().fields["receipt_note.room"]

    assert (field.same_as, field.type, field.name) == ("order.room", "text", "room")


def test_fields_have_their_words_and_columns() -> None:
    fields = repair().fields

    assert (fields["order.matter"].catalog, fields["order.matter"].words) == ("matters", ("水", "电"))
    assert fields["order.signs"].words == ("冒烟", "漏水", "异响")
    assert fields["order.works"].key == "dept"
    assert list(fields["order.works"].columns) == ["dept", "cause", "arrive_by"]
    assert fields["order.works.cause"].optional
    assert written(fields["order.works"].needed) == "grade == '紧急'"
    assert written(fields["order.big"].computed) == "order.loss >= large_loss"
    assert fields["order.handler"].auto == "actor"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order.room", NamedValue("field", "text", "order.room")),
        ("order.room.filled", NamedValue("filled", "bool", "order.room")),
        ("order.loss.before", NamedValue("before", "money", "order.loss")),
        ("order.signs", NamedValue("field", "texts", "order.signs")),
        ("order.works", NamedValue("field", "rows", "order.works")),
        ("order.visit.from", NamedValue("from", "moment", "order.visit")),
        ("receipt_note.issued", NamedValue("issued", "bool", "receipt_note")),
        ("grade", NamedValue("table", "text", "grade")),
        ("grade.before", NamedValue("table_before", "text", "grade")),
        ("limits.price", NamedValue("table", "money", "limits", "price")),
        ("limits.filled", NamedValue("table_filled", "bool", "limits", "fix")),
        ("remarks", NamedValue("table", "texts", "remarks")),
        ("earlier.count", NamedValue("fact", "int", "earlier", "count")),
        ("newest.found", NamedValue("fact", "bool", "newest", "found")),
        ("owner_row.known", NamedValue("fact_known", "bool", "owner_row")),
        ("large_loss", NamedValue("figure", "money", "large_loss")),
        ("share_of_loss", NamedValue("figure", "int", "share_of_loss")),
        ("task.told_owner.receipt.open", NamedValue("task_open", "bool", "told_owner.receipt")),
        ("task.answer.due", NamedValue("task_due", "moment", "answer")),
        ("happened.raised", NamedValue("happened", "bool", "raised")),
        ("count.plan", NamedValue("count", "int", "plan")),
        ("said.said_sorry", NamedValue("said", "bool", "said_sorry")),
        ("guide.leak", NamedValue("guide", "text", "leak")),
        ("case.reopened", NamedValue("case", "int", "reopened")),
        ("case.customer.room", NamedValue("customer", "text", "room")),
        ("this.dept", NamedValue("this", "text", "dept")),
        ("actor.role", NamedValue("actor", "text", "role")),
        ("present", NamedValue("present", "texts")),
    ],
)
def test_a_name_in_conditions_stands_for_something(name: str, value: NamedValue) -> None:
    assert repair().names[name] == value


@pytest.mark.parametrize("name", ["answer_within", "office_hours", "order.visit", "limits.fix", "owners.phone"])
def test_spans_hours_periods_and_registers_have_no_value_in_conditions(name: str) -> None:
    assert name not in repair().names


def test_a_table_comes_after_those_that_it_reads() -> None:
    tables = repair().tables

    assert list(tables).index("grade") < list(tables).index("next_step")
    assert tables["next_step"].reads == {"grade"}
    assert {name: written(term) for name, term in (tables["limits"].otherwise or {}).items()} == {
        "fix": "2 workdays", "who": "manager", "price": "=share(order.loss, '0.5')".removeprefix("="),
    }  # fmt: skip
    assert tables["grade"].rows[1].clauses == ("repair.3.2",)


def test_the_clock_of_a_task_is_read() -> None:
    task = repair().tasks["answer"]

    assert task.since == ("opened", "act.plan", "field.order.promised_at")
    assert task.within == FigureSpan("answer_within", END_OF_DAY)
    assert (task.start, task.replaced_by) == ("latest", "order.promised_at")
    assert [(limit.task, limit.minus) for limit in task.no_later_than] == [("fix", FixedSpan(Elapsed(120)))]
    assert [(pause.since, pause.until) for pause in task.pauses] == [("act.confirm", ("field.order.visit.from",))]
    assert task.done_any == ("script.said_sorry.said", "form.receipt_note.issued", "field.order.handler")
    assert task.owed_by == (Party(table="limits.who", clauses=("repair.4.1",)),)
    assert {"answer_within", "grade", "limits.who", "task.fix.due", "order.promised_at"} <= task.reads


def test_a_span_may_end_at_another_hour() -> None:
    assert repair().tasks["parts"].within == FixedSpan(Workdays(7, END_OF_DAY))


def test_rows_have_a_task_each_with_their_own_limit() -> None:
    task = repair().tasks["fix"]

    assert (task.for_each, task.by_field, task.within) == (
        "order.works",
        "order.works.arrive_by",
        TableSpan("limits.fix"),
    )
    assert written(task.owed_by[0].unit) == "this.dept"
    assert task.miss_said
    assert task.missed == ()


def test_each_entry_keeps_its_clause() -> None:
    task = repair().tasks["answer"]

    assert task.clauses == ("repair.4.1",)
    assert [it.clauses for it in task.missed] == [("repair.4.2",), ("repair.4.1",)]
    assert (task.cited["within"], task.cited["blocks"]) == (("repair.4.1",), ("repair.4.2",))
    assert [point.clauses for point in repair().scripts["said_sorry"].do] == [("repair.4.1",), ("repair.4.2",)]


@pytest.mark.parametrize(
    ("task", "since", "done", "within", "owner"),
    [
        ("told_owner.receipt", "notice.told_owner.sent", "notice.told_owner.received", Workdays(1), "owner"),
        ("said_sorry.call", "script.said_sorry.said", "act.confirm", Elapsed(1440), "front_desk"),
        ("power.first", "authority.power.first.asked", "authority.power.first.decided", WorkTime(240), "head"),
        ("power.second", "authority.power.second.asked", "authority.power.second.decided", Workdays(1), "manager"),
    ],
)
def test_receipts_promises_and_levels_are_owed(task: str, since: str, done: str, within: object, owner: str) -> None:
    found = repair().tasks[task]

    assert (found.since, found.done_any, found.within) == ((since,), (done,), FixedSpan(within))  # type: ignore[arg-type] # any span
    assert [party.role for party in found.owed_by] == [owner]


def test_events_are_canonical() -> None:
    procedure = repair()

    assert procedure.triggers["raised"].after == ("table.grade.changed",)
    assert procedure.notices["told_owner"].after == ("table.grade.changed", "act.plan")
    assert procedure.measures["lapse"].lapse == ("opened", "act.plan")


def test_literals_are_typed_by_the_field_they_go_to() -> None:
    actions = repair().actions

    assert {path: written(term) for path, term in actions["register"].sets.items()} == {
        "order.promised_at": "at", "receipt_note.signed": "未签",
    }  # fmt: skip
    assert written(actions["confirm"].do[1].values["order.signs"]) == ("漏水", "异响")


def test_fills_say_what_is_needed_here() -> None:
    actions = repair().actions

    assert {fill.path: fill.needed for fill in actions["register"].fills} == {
        "order.room": None, "order.matter": None, "order.danger": True, "order.loss": False, "order.signs": None,
        "order.visit": False,
    }  # fmt: skip
    assert [(fill.path, fill.needed) for fill in actions["report_back"].fills] == [("order.works.cause", True)]


def test_consequences_are_done_in_written_order() -> None:
    tell, opening = repair().actions["plan"].do

    assert (tell.verb, [party.role for party in tell.parties], tell.text) == ("tell", ["head"], "有新工作 {order.room}")
    assert (opening.verb, opening.target, opening.bond, written(opening.key)) == (
        "open",
        "purchase",
        "part_of",
        "case.no",
    )
    assert {path: written(term) for path, term in opening.values.items()} == {"order.room": "order.room"}


def test_a_fact_is_asked_before_the_acts_that_read_it() -> None:
    facts = repair().facts

    assert facts["earlier"].asked == ("register",)
    assert facts["earlier"].window is not None
    assert facts["earlier"].window.last == FixedSpan(Days(7))
    assert (facts["owner_row"].gives, facts["newest"].gives) == (
        {"found": "bool", "phone": "text"}, {"found": "bool", "no": "text", "grade": "text"},
    )  # fmt: skip


def test_flows_start_at_their_first_step_and_leave_by_tables_or_steps() -> None:
    flow = repair().flows["repair"]

    assert (flow.start, list(flow.steps)) == ("taken", ["taken", "at_work", "waiting", "closed"])
    assert [(leave.to, leave.table) for leave in flow.steps["at_work"].leave] == [(None, "next_step")]
    assert (flow.steps["closed"].end, flow.links["part_of"].must_close) == (True, True)
    assert flow.before_opening[0].act == "register"


def test_samples_and_recurrences_are_read() -> None:
    trigger = repair().triggers["monthly"]

    assert trigger.draw is not None
    assert (trigger.draw.share, trigger.draw.least) == ((1, 10), 3)
    assert trigger.over is not None
    assert written(trigger.over.where) == "order.danger"


def test_reminders_count_back_from_the_limit() -> None:
    reminder = repair().tasks["answer"].remind[0]

    assert (reminder.before, reminder.at) == (FixedSpan(Elapsed(120)), None)
    assert not isinstance(reminder.before, Point)


def test_a_measure_of_tasks_reads_each_tasks_state() -> None:
    measure = repair().measures["in_time"]

    assert (measure.of_kind, measure.of, measure.dated, written(measure.share)) == (
        "task",
        "fix",
        "due",
        "!this.missed",
    )


def test_a_supplement_adds_entries_and_amends_scalars_and_both_clauses_are_cited() -> None:
    procedure = compiled("repair.md", "repair.supplement.md").procedure
    assert procedure is not None

    task = procedure.tasks["answer"]
    assert (task.start, task.cited["start"]) == ("first", ("repair.4.1", "repair-north.1"))
    assert [reminder.clauses for reminder in task.remind] == [("repair.4.1",), ("repair-north.1",)]
    assert procedure.fields["order.lift"].clauses == ("repair-north.1",)
    assert procedure.catalogs["grade_words"].words == ("一般", "紧急", "特急")
    assert (procedure.id, procedure.in_force) == ("repair", date(2026, 1, 1))


def test_an_assembled_rule_is_shown_with_a_clause_beside_each_entry() -> None:
    entries = assembled(compiled("repair.md"), "task", "answer")

    lines = [f"{entry.attribute}: {entry.text} {'、'.join(entry.clauses)} {entry.place}" for entry in entries]
    assert lines[:5] == [
        "name: 答复 repair.4.1 repair.md:132:9",
        "owed_by: limits.who repair.4.1 repair.md:134:12",
        "when: grade == '紧急' repair.4.1 repair.md:135:9",
        "from: opened repair.4.1 repair.md:136:10",
        "from: plan repair.4.1 repair.md:136:18",
    ]
    assert lines[-1] == "blocks: confirm repair.4.2 repair.md:157:11"
    assert assembled(compiled("repair.md"), "task", "nothing") == ()


def test_the_customer_of_a_case_is_outside() -> None:
    head, _, body = (GOOD / "repair.md").read_text(encoding="utf-8").partition("```rule\n")
    whole = f"{head}```rule\nrole tenant: {{name: 住户, customer: yes, clause: 2}}\n{body}"

    found = compile_procedure({"repair.md": whole}).procedure

    assert found is not None
    assert (found.roles["tenant"].customer, found.roles["tenant"].outside) == (True, True)
    assert not any(role.customer for role in repair().roles.values())
