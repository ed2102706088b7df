"""The demonstration as it is loaded: its people, its cases in every state, its time, and what a second load does."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from shouwen import demo
from shouwen.accounts import access as accounts
from shouwen.casework import access, filed, procedures, replay, wake
from shouwen.casework.people import vacancies
from shouwen.casework.world import world
from shouwen.core import events as e
from shouwen.demo.houses import group
from shouwen.organisation.state import state
from shouwen.organisation.stream import verify
from shouwen.store import models as rows

UNTIL = datetime(2026, 11, 26, 15, 26, tzinfo=ZoneInfo("Asia/Shanghai"))
MAIN = "property-complaint"
PROCEDURES = [chapter.procedure for house in group().houses for chapter in house.chapters]

# The load itself is committed, once for all of them; each test is rolled back.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def test_what_a_broken_off_load_had_left_is_gone(loaded: demo.Loaded) -> None:
    assert rows.Case.objects.count() > 200
    assert len({case.number for case in rows.Case.objects.all()}) == rows.Case.objects.count()
    assert len(state().people) == loaded.people


def test_everything_that_the_stories_tell_was_allowed(loaded: demo.Loaded) -> None:
    assert loaded.refused == ()


def test_a_second_load_is_refused_and_changes_nothing() -> None:
    count = rows.Record.objects.count()

    with pytest.raises(demo.NotEmpty):
        demo.load()

    assert rows.Record.objects.count() == count


@pytest.mark.parametrize("law", PROCEDURES)
def test_every_role_is_held_at_every_desk(law: str) -> None:
    procedure, organisation = procedures.current(law).procedure, state()
    desks = [unit.code for unit in organisation.units.values() if unit.desk and organisation.lives_by(unit.code, law)]
    plain = [
        role
        for role in procedure.roles.values()
        if not (role.outside or role.system or role.named_by or role.any_of or role.otherwise or role.per_unit)
    ]

    assert desks
    for desk in desks:
        here = world(procedures.current(law), organisation, desk, UNTIL)
        assert {role.id for role in plain} <= {one.role for one in here.holdings}
        per_unit = [role.id for role in procedure.roles.values() if role.per_unit]
        assert {role for role in per_unit if not here.holders(role)} == set()


def test_each_house_is_asked_for_its_own_roles_alone() -> None:
    viewer = access.viewer("luyuan", UNTIL)
    assert viewer is not None

    desks = [unit.code for unit in state().units.values() if unit.desk]

    assert {one.role for one in vacancies(viewer, desks) if not one.falls_to} <= {"all_staff"}


def test_cases_stand_in_every_step() -> None:
    steps = procedures.current(MAIN).procedure.flows["complaint"].steps

    found = set(rows.Case.objects.filter(flow="complaint").values_list("step", flat=True))

    # Where damage goes on it is stopped within minutes: nobody waits there for long.
    assert set(steps) - found <= {"stop_loss"}


@pytest.mark.parametrize("law", PROCEDURES)
def test_every_regulation_has_cases_that_are_closed_open_due_and_late(law: str) -> None:
    cases = rows.Case.objects.filter(procedure=law)

    assert cases.count() >= 20
    assert cases.exclude(closed_at=None).count() >= 8
    assert cases.filter(closed_at=None, late__gt=0).count() >= 1
    today = UNTIL.replace(hour=23, minute=59)
    assert cases.filter(closed_at=None, late=0, due_at__gt=UNTIL, due_at__lte=today).count() >= 1


def test_some_are_late_some_wait_for_a_decision_and_some_have_just_come() -> None:
    open_cases = rows.Case.objects.filter(closed_at=None)

    assert open_cases.filter(late__gt=0).count() >= 8
    assert open_cases.filter(late=0, due_at__gt=UNTIL).count() >= 8
    assert open_cases.filter(opened_at__gt=UNTIL.replace(hour=15, minute=0)).count() >= 3
    waiting = [filed.load(case_id)[0].case.approvals for case_id in open_cases.values_list("case_id", flat=True)]
    assert sum(bool(approvals) for approvals in waiting) >= 2


def test_nothing_lies_in_the_future_and_every_miss_is_dated_when_it_fell_due() -> None:
    for case_id in rows.Case.objects.values_list("case_id", flat=True):
        logs = list(filed.logs(case_id))

        assert all(before.at <= after.at for before, after in pairwise(logs))
        assert logs[-1].at <= UNTIL
        missed = [event for log in logs for event in log.events if isinstance(event, e.TaskMissed)]
        assert all(event.happened == event.due for event in missed if not event.born_late)


def test_the_worker_finds_nothing_that_should_have_happened() -> None:
    following = wake.due_next()

    assert following is not None
    assert following > UNTIL
    assert rows.Request.objects.count() == 0


def test_last_month_is_archived() -> None:
    lists = rows.Case.objects.filter(procedure=MAIN, flow="archive_month")

    assert [(case.unit, case.step) for case in lists.order_by("unit")] == [("WJZ", "archived"), ("ZXL", "archived")]
    assert rows.Case.objects.filter(flow="complaint").exclude(closed_at=None).count() > 100


def test_the_rows_are_what_the_records_make_them() -> None:
    assert list(replay.verify()) == []
    assert verify() > 100


def test_no_home_brings_the_same_text_twice() -> None:
    texts = [(row.columns["room"], row.columns["content"]) for row in rows.Case.objects.filter(flow="complaint")]

    assert len(set(texts)) == len(texts)
    assert len({content for _, content in texts}) > 110


def test_everybody_named_can_sign_in_and_has_something_to_see(loaded: demo.Loaded) -> None:
    for one in loaded.logins:
        account = accounts.recognise(one.username, demo.PASSWORD, address="127.0.0.1", at=UNTIL)

        assert account is not None
        viewer = access.viewer(account.person, UNTIL)
        assert viewer is not None
        assert viewer.person.name == one.name
        assert one.roles
        assert access.cases(viewer).exists()
    assert [one.username for one in loaded.logins if one.administers] == ["xuzhiyuan"]
    assert len(loaded.logins) <= 14
    assert {one.house for one in loaded.logins} == {state().name, *(house.title for house in group().houses)}
    assert demo.logins() == loaded.logins


def test_whoever_is_on_leave_today_is_stood_in_for() -> None:
    covers = [one for one in state().covers if one.kind == "appointed" and one.at(UNTIL)]

    assert [(one.absent, one.person) for one in covers] == [("shilei", "wangyang")]


def test_a_role_held_in_a_department_is_asked_for_all_of_its_desk_unless_it_is_held_per_unit() -> None:
    clerk, maintainer = access.viewer("zhoumin", UNTIL), access.viewer("wanglei", UNTIL)
    assert clerk is not None
    assert maintainer is not None

    assert "duty_clerk" in clerk.labels["broadcast-maintenance", "YW"]
    assert "maintainer@东城分公司" in maintainer.labels["broadcast-maintenance", "YW"]
    assert "maintainer" not in maintainer.labels["broadcast-maintenance", "YW"]
