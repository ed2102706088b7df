"""Limits: how they stand, in which words, and how they are counted."""

from dataclasses import replace
from datetime import timedelta

from shouwen.core.offers import Deadline, deadlines
from shouwen.web.dues import due_state, proof_cells
from tests.web.matter import at, course, specimen

LIMIT = Deadline(
    task="answer",
    item="",
    name="给业主明确答复",
    owed_by=("cs_manager",),
    since=at("2026-09-29 16:42"),
    due=at("2026-10-08 18:00"),
    provisional=False,
    state="open",
    missed=None,
    ended=None,
    in_time=True,
    clauses=(),
    proof=None,
)


def test_a_limit_within_four_hours_is_near() -> None:
    due = due_state(LIMIT, at("2026-10-08 15:26"))

    assert (due.state, due.words, due.when, due.icon) == ("soon", "余2时34分", "今天 18:00", "clock")
    assert due.until == "2026-10-08T18:00+08:00"
    assert 0.98 < due.share < 1


def test_a_limit_some_days_ahead_has_no_colour() -> None:
    due = due_state(LIMIT, at("2026-10-01 10:00"))

    assert (due.state, due.words, due.when) == ("", "余7天8时", "10月8日 周四 18:00")


def test_the_minute_of_the_limit_is_in_time() -> None:
    assert due_state(LIMIT, at("2026-10-08 18:00")).words == "余0分"
    assert due_state(LIMIT, at("2026-10-08 18:00") + timedelta(seconds=30)).words == "余0分"
    assert due_state(LIMIT, at("2026-10-08 18:01")).state == "late"


def test_a_missed_limit_counts_on() -> None:
    due = due_state(replace(LIMIT, missed=LIMIT.due), at("2026-10-08 19:12"))

    assert (due.state, due.words, due.share, due.icon) == ("late", "逾期1时12分", 1.0, "alert")


def test_what_is_done_in_time_says_how_long_it_took() -> None:
    done = replace(LIMIT, state="done", ended=at("2026-09-29 17:09"))

    due = due_state(done, at("2026-09-29 17:30"))

    assert (due.state, due.words, due.when, due.until) == ("done", "用时27分", "今天 17:09", "")


def test_what_is_done_late_says_how_late() -> None:
    done = replace(LIMIT, state="done", ended=at("2026-10-08 18:21"), in_time=False, missed=LIMIT.due)

    assert due_state(done, at("2026-10-09 09:00")).words == "迟21分办成"


def test_a_clock_that_stands_is_told_from_a_task_without_limit() -> None:
    procedure, outcome = specimen()
    stopped = next(played for played in outcome.steps if played.step.do == "wait_owner")
    limits = deadlines(procedure, stopped.case, outcome.shell.world, stopped.step.at)
    limit = next(limit for limit in limits if limit.task == "solve")

    assert due_state(limit, stopped.step.at, procedure.tasks["solve"]).words == "停表"
    assert due_state(replace(LIMIT, due=None), at("2026-10-01 10:00")).words == "不限时"


def test_the_proof_of_two_workdays_over_the_national_holiday_joins_the_days_off() -> None:
    outcome = course("national-day-counts-a-make-up-saturday")
    played = outcome.steps[0]
    limits = deadlines(outcome.shell.procedure, played.case, outcome.shell.world, played.step.at)
    limits += tuple(
        limit
        for later in outcome.steps
        for limit in deadlines(outcome.shell.procedure, later.case, outcome.shell.world, later.step.at)
    )
    proof = next(limit.proof for limit in limits if limit.proof and len(limit.proof.lines) > 8)

    cells = proof_cells(proof, played.step.at)

    assert any("国庆" in cell.why and "–" in cell.label and not cell.counted for cell in cells)
    assert cells[0].mark
    assert [cell.last for cell in cells].count(True) == 1
    assert "止" in next(cell.why for cell in cells if cell.last)
