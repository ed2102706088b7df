"""Several at once: one wins, the other sees it; numbers, keys and counts are nobody's twice."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from shouwen import worker
from shouwen.casework import filed, handle, numbers
from shouwen.casework.handle import Opening
from shouwen.core.commands import Act, BuiltIn
from shouwen.store import models as rows
from tests import office

pytestmark = pytest.mark.usefixtures("committed_office")


def at_once(*acts):  # type: ignore[no-untyped-def] # any functions
    """Each in a thread with a connection of its own; their answers."""

    def run(act):  # type: ignore[no-untyped-def] # any function
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_same_key_from_eight_hands_opens_one_case() -> None:
    typed = office.complaint()
    command = Act(action="register", actor="linjia", values=typed, key="eight hands")

    answers = at_once(
        *[
            lambda: handle.open_case(
                office.law(), Opening(command=command, unit="ZXL"), at=office.moment(office.TAKEN_IN)
            )
        ]
        * 8
    )

    assert {answer.number for answer in answers} == {answers[0].number}
    assert sum(not answer.repeated for answer in answers) == 1
    assert rows.Case.objects.count() == 1
    assert office.proved() == 1


def test_two_acts_on_one_case_follow_one_another_and_neither_is_lost() -> None:
    case = office.take_in()
    said = [point.text for point in office.law().procedure.scripts["first_reply"].do]
    assert case.case_id is not None
    case_id = case.case_id
    notes = [
        lambda text=text: handle.act(
            case_id, BuiltIn(verb="note", actor="linjia", values={"text": text}), at=office.moment("2026-09-29 16:50")
        )
        for text in (*said, "一", "二", "三", "四")
    ]

    answers = at_once(*notes)

    assert all(answer.done for answer in answers)
    assert rows.Case.objects.get().version == case.case.seq + len(notes)
    assert office.proved() == 1


def test_of_two_who_saw_the_same_version_one_is_told_of_the_other() -> None:
    case = office.take_in()
    office.done(office.say_all(case, "first_reply", "linjia", "2026-09-29 16:44"))
    assert case.case_id is not None
    seen = filed.load(case.case_id)[0].case.seq

    answers = at_once(
        *[
            lambda by=by: office.do(
                case, "prejudge", by, "2026-09-29 16:45", expected=seen, complaint_register={"prelim_class": "比较重要"}
            )
            for by in ("linjia", "chenxl")
        ]
    )

    assert sorted(answer.done for answer in answers) == [False, True]
    assert rows.Record.objects.filter(body__contains='"action":"prejudge"').count() == 1


def test_numbers_are_allotted_once_over_threads_and_processes(committed_office: dict[str, str]) -> None:
    moment = office.moment(office.TAKEN_IN)
    more = (
        "import django; django.setup()\n"
        "from datetime import datetime; from shouwen.casework import numbers\n"
        f"at = datetime.fromisoformat('{moment.isoformat()}')\n"
        "print(*[numbers.case_number('{unit}-{yyyy}-{seq:5}', 'ZXL', at) for _ in range(200)], sep='\\n')\n"
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-c", more], env={**os.environ, **committed_office}, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]

    own = at_once(*[lambda: [numbers.case_number("{unit}-{yyyy}-{seq:5}", "ZXL", moment) for _ in range(100)]] * 4)

    given = [number for part in own for number in part]
    given += [line for other in others for line in other.communicate()[0].split()]
    assert len(given) == len(set(given)) == 800


def test_two_workers_side_by_side_do_no_more_than_one() -> None:
    cases = [office.graded_major() for _ in range(4)]
    moment = office.moment("2026-10-12 10:00")

    at_once(*[lambda: worker.turn(moment)] * 3)

    for case in cases:
        missed = rows.Task.objects.filter(case_id=case.case_id, missed_at__isnull=False)
        told = rows.Message.objects.filter(case_id=case.case_id)
        assert missed.count() == len({(row.task, row.item) for row in missed})
        assert told.count() == len({(row.seq, row.person) for row in told})
    assert office.proved() == 4


def test_a_case_is_read_whole_while_others_write_it() -> None:
    case_id = office.done(office.take_in()).case_id
    assert case_id is not None
    told: list[handle.Answer] = []

    def write() -> None:
        for n in range(25):
            note = BuiltIn(verb="note", actor="linjia", values={"text": f"第 {n} 笔"})
            told.append(handle.act(case_id, note, at=office.moment("2026-09-29 16:50")))

    def look() -> list[int]:
        lengths = []
        while len(told) < 25:
            lengths.append(len(list(filed.logs(case_id))))
        return lengths

    _, one, other = at_once(write, look, look)

    assert all(answer.done for answer in told)
    assert [one, other] == [sorted(one), sorted(other)]
