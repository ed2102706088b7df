"""Lists: what somebody owes, the cases that he may see by conditions, messages, saved views, finding."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection

from shouwen.casework import access, duties, handle, inbox, lists, search, views
from shouwen.casework.access import Viewer
from shouwen.casework.handle import Answer
from shouwen.casework.lists import Filter
from shouwen.core.commands import BuiltIn
from shouwen.store import models as rows
from tests import office

pytestmark = pytest.mark.usefixtures("open_office")


def seen_by(person: str, at: str = "2026-09-29 16:50") -> Viewer:
    viewer = access.viewer(person, office.moment(at))
    assert viewer is not None
    return viewer


def prejudged(case: Answer, at: str) -> Answer:
    """What was said first, and then judged at first sight."""
    office.done(office.say_all(case, "first_reply", "linjia", at))
    return office.done(office.do(case, "prejudge", "linjia", at, complaint_register={"prelim_class": "比较重要"}))


def numbers(viewer: Viewer, sort: str = "number", **conditions: object) -> list[str]:
    found = lists.page(viewer, Filter(**conditions), sort=sort)
    return [line.number for line in found.lines]


def transferred(case: Answer, to: str = "chenxl", by: str = "linjia") -> Answer:
    assert case.case_id is not None
    command = BuiltIn(verb="transfer", actor=by, values={"to": to}, reason="轮休")
    return office.done(handle.act(case.case_id, command, at=office.moment("2026-09-29 16:44")))


# ---- what somebody owes ----


def test_a_manager_owes_the_judging_the_most_urgent_first() -> None:
    early, late = office.done(office.take_in("2026-09-29 16:30")), office.done(office.take_in("2026-09-29 16:42"))

    work = duties.work(seen_by("xuzy"))

    assert [(owed.kind, owed.line.number) for owed in work.owed] == [("today", early.number), ("today", late.number)]
    assert [duty.task for duty in work.owed[0].duties] == ["judge", "judge_in_a_day"]
    assert work.counts == {"late": 0, "today": 2, "later": 2, "waiting": 0, "free": 0}


@pytest.mark.parametrize("at, kind", [("2026-09-29 17:12", "today"), ("2026-09-29 17:13", "late")])
def test_the_minute_of_a_limit_is_in_time(at: str, kind: str) -> None:
    office.take_in("2026-09-29 16:42")

    assert duties.work(seen_by("xuzy", at)).owed[0].kind == kind


@pytest.mark.parametrize("person", ["luoht", "wangjiang", "yuanzheng"])
def test_what_others_owe_is_not_owed(person: str) -> None:
    office.take_in()

    assert duties.work(seen_by(person)).owed == ()


def test_what_is_done_is_owed_no_more() -> None:
    case = office.take_in()
    before = {duty.task for owed in duties.work(seen_by("linjia")).owed for duty in owed.duties}

    prejudged(case, "2026-09-29 16:45")

    after = {duty.task for owed in duties.work(seen_by("linjia")).owed for duty in owed.duties}
    assert "prejudge" in before
    assert "prejudge" not in after


def test_pages_of_work_show_each_task_once() -> None:
    for minute in range(30, 36):
        office.take_in(f"2026-09-29 16:{minute}")
    viewer = seen_by("xuzy")

    pages = [duties.work(viewer, number=number, size=5) for number in (1, 2, 3)]

    shown = [(duty.case_id, duty.task) for page in pages for owed in page.owed for duty in owed.duties]
    assert len(shown) == len(set(shown)) == 12
    assert duties.work(viewer, number=99, size=5).number == 3


# ---- cases by conditions ----


def test_conditions_narrow_a_list() -> None:
    first = office.take_in("2026-09-28 09:00", owner_name="孟繁", room="6-1-0602", content="外墙空鼓砖块掉落未修")
    second = office.take_in("2026-09-29 16:42", by="chenxl", phone="13977770001", content="装修噪声中午仍在施工")
    prejudged(first, "2026-09-28 09:05")
    viewer = seen_by("linjia")

    def found(**conditions: object) -> list[str]:
        return numbers(viewer, **conditions)

    one, two = first.number, second.number
    assert found() == [one, two]
    assert found(step="judge") == [one]
    assert found(step="intake") == [two]
    assert found(flow="complaint", procedure=office.PROCEDURE, desk="ZXL") == [one, two]
    assert found(desk="WJZ") == found(procedure="another") == []
    assert found(first=lists.ME) == [one]
    assert found(first="chenxl") == [two]
    assert found(answers=second.case.answers) == [two]
    assert numbers(seen_by("xuzy"), answers=lists.ME) == [one]
    assert found(since=date(2026, 9, 29)) == [two]
    assert found(until=date(2026, 9, 28)) == [one]
    assert found(state="open") == [one, two]
    assert found(state="closed") == []
    assert found(due="late") == [one]
    assert found(due="today") == [two]
    assert found(task="prejudge") == [two]
    assert found(task="judge", due="late") == [one]
    assert found(owes="cs_manager", due="today") == [two]
    assert found(columns={"room": "6-1-0602"}) == [one]


@pytest.mark.parametrize(
    "words", ["孟繁", "孟", "外墙 孟繁", "0602", "砖块掉", "zxl-2026-00001", "138 6666 0009", "13866660009", "0009"]
)
def test_a_case_is_found_by_words_however_they_are_written(words: str) -> None:
    case = office.take_in(owner_name="孟繁", room="6-1-0602", phone="13866660009", content="外墙空鼓砖块掉落未修")
    office.take_in()

    spaced = words.replace(" ", "") if words[0].isdigit() else words

    assert numbers(seen_by("linjia"), words=spaced) == [case.number]


def test_the_caller_is_found_by_his_number_though_no_list_shows_it() -> None:
    case = office.take_in(phone="13866660009")
    rows.Case.objects.update(search="")

    assert numbers(seen_by("linjia"), words="13866660009") == [case.number]


def test_characters_of_a_word_must_stand_together() -> None:
    office.take_in(content="门禁失灵，禁令牌也歪了")

    assert numbers(seen_by("linjia"), words="门禁") == numbers(seen_by("linjia"), words="禁令")
    assert numbers(seen_by("linjia"), words="门禁令") == []


def test_cases_that_stood_there_before_the_index_are_found_by_it() -> None:
    office.take_in(content="一楼大堂 Wi-Fi 连不上，😀连不上")
    written = list(rows.CaseWords.objects.values_list("case_id", "pairs"))
    rows.CaseWords.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(import_module("shouwen.store.migrations.0006_many").FILL)

    assert list(rows.CaseWords.objects.values_list("case_id", "pairs")) == written


def test_a_number_is_not_found_digit_by_digit() -> None:
    office.take_in(phone="13866660009")

    for part in ("1386666", "138666600", "3866660009", "66660009", "60009"):
        assert numbers(seen_by("linjia"), words=part) == []


def test_a_corrected_number_finds_its_case() -> None:
    case = office.take_in(phone="13866660009")
    changed = {"complaint_register": {"phone": "13877770008"}}
    command = BuiltIn(verb="correct", actor="linjia", values=changed, reason="听错了")
    office.done(handle.act(case.case_id, command, at=office.moment("2026-09-29 16:50")))

    assert numbers(seen_by("linjia"), words="13877770008") == [case.number]


def test_pages_follow_one_another_in_a_stable_order() -> None:
    same = [office.take_in("2026-09-29 16:42").number for _ in range(5)]
    viewer = seen_by("linjia")

    pages = [lists.page(viewer, Filter(), sort="-opened", number=number, size=2) for number in (1, 2, 3)]

    assert sorted(line.number for page in pages for line in page.lines) == same
    assert [(page.start, page.end, page.total, page.last) for page in pages] == [
        (1, 2, 5, 3),
        (3, 4, 5, 3),
        (5, 5, 5, 3),
    ]
    assert lists.page(viewer, Filter(), sort="-opened", number=9, size=2) == pages[2]


@pytest.mark.parametrize("sort, first", [("opened", 0), ("-opened", 1), ("number", 0), ("-number", 1), ("due", 0)])
def test_a_list_is_sorted_as_asked(sort: str, first: int) -> None:
    cases = [office.take_in("2026-09-29 16:30"), office.take_in("2026-09-29 16:42")]

    assert numbers(seen_by("linjia"), sort=sort)[0] == cases[first].number


def test_what_one_may_not_see_is_not_listed_counted_or_found() -> None:
    office.take_in(phone="13866660009")
    stranger, above, department = seen_by("wangjiang"), seen_by("yuanzheng"), seen_by("luoht")

    for viewer, n in ((stranger, 0), (above, 1), (department, 0)):
        assert len(numbers(viewer)) == n
        assert len(numbers(viewer, words="13866660009")) == n
        assert sum(one.open for one in lists.tallies(viewer)) == n
        assert len(search.find(viewer, "13866660009").cases) == n
        assert bool(duties.burdens(viewer)) is bool(n)
        assert len(list(lists.every(viewer, Filter(), sort="due", most=10))) == n


def test_counts_are_those_of_the_lists() -> None:
    office.take_in("2026-09-28 09:00")
    office.take_in()
    viewer = seen_by("linjia")

    tallies = lists.tallies(viewer)

    assert {one.step for one in tallies} == {"intake"}
    assert sum(one.open for one in tallies) == len(numbers(viewer, state="open")) == 2
    assert sum(one.late for one in tallies) == len(numbers(viewer, state="open", due="late")) == 1
    assert sum(one.today for one in tallies) == len(numbers(viewer, state="open", due="today")) == 1
    assert sum(one.first for one in tallies) == len(numbers(viewer, state="open", first=lists.ME)) == 2
    assert sum(one.answers for one in tallies) == len(numbers(viewer, state="open", answers=lists.ME)) == 2


def test_who_is_asked_to_take_over_sees_it_until_he_answers() -> None:
    case = transferred(office.take_in())
    asked = seen_by("chenxl")
    before = (numbers(asked, asked=lists.ME), lists.asked_over(asked))

    assert case.case_id is not None
    office.done(handle.act(case.case_id, BuiltIn(verb="accept", actor="chenxl"), at=office.moment("2026-09-29 16:46")))

    assert before == ([case.number], 1)
    assert (numbers(asked, asked=lists.ME), lists.asked_over(asked)) == ([], 0)
    assert numbers(asked, answers=lists.ME) == [case.number]
    assert office.proved() == 1


# ---- what is late over all ----


def test_the_board_counts_by_task_desk_and_who_owes() -> None:
    office.take_in("2026-09-28 09:00")
    office.take_in()

    burdens = {one.task: one for one in duties.burdens(seen_by("gaojp"))}

    judging = burdens["judge"]
    assert (judging.desk, judging.owed_by, judging.late, judging.today) == ("ZXL", ("cs_manager",), 1, 1)
    assert [duty.task for _, duty in duties.soonest(seen_by("gaojp"), late=True, most=2)] == ["prejudge", "judge"]
    assert all(
        duty.due and duty.due > office.moment("2026-09-29 16:50")
        for _, duty in duties.soonest(seen_by("gaojp"), late=False, most=9)
    )


# ---- messages ----


def test_a_message_that_wants_a_receipt_is_acknowledged_on_its_case() -> None:
    case = office.graded_major()
    viewer = seen_by("gaojp", "2026-09-29 17:00")
    (told,) = [one for one in inbox.messages(viewer)[0] if one.receipt == "read" and one.case_id == case.case_id][:1]
    waiting = inbox.unread(viewer)

    taken = inbox.mark_read(viewer, told.case_id, told.seq)
    answer = inbox.acknowledge(viewer, told.case_id, told.seq, "receipt-1")

    assert not taken, "reading the row alone is no receipt"
    assert answer is not None
    assert answer.done
    assert inbox.unread(viewer) < waiting
    assert not [one for one in inbox.messages(viewer)[0] if one.seq == told.seq and one.wanted]
    assert office.proved() == 1


def test_other_messages_are_read_in_their_row_and_unread_ones_come_first() -> None:
    office.graded_major()
    viewer = seen_by("xuzy", "2026-09-29 17:00")
    told = [one for one in inbox.messages(viewer)[0] if not one.receipt]
    first = told[0]

    done = inbox.mark_read(viewer, first.case_id, first.seq)

    after = inbox.messages(viewer)[0]
    assert done
    assert [one.read_at is None for one in after] == sorted((one.read_at is None for one in after), reverse=True)
    assert next(one for one in after if one.seq == first.seq).read_at == viewer.at
    assert inbox.acknowledge(viewer, first.case_id, first.seq, "k") is None


def test_nobody_reads_the_messages_of_another() -> None:
    office.graded_major()
    told = inbox.messages(seen_by("gaojp", "2026-09-29 17:00"))[0][0]
    other = seen_by("linjia", "2026-09-29 17:00")

    assert not inbox.mark_read(other, told.case_id, told.seq)
    assert inbox.acknowledge(other, told.case_id, told.seq, "k") is None


# ---- saved views ----


def test_views_are_kept_renamed_moved_and_deleted_by_their_owner_alone() -> None:
    at = office.moment("2026-09-29 17:00")
    kept = [views.save("linjia", name, f"q={name}", at) for name in ("电梯", "噪声", "渗水")]
    ids = [one.view_id for one in kept if one is not None]

    views.save("linjia", "噪声", "q=装修", at)
    views.move("linjia", ids[2], -1)
    views.rename("linjia", ids[0], "三栋电梯")

    assert [(one.name, one.query) for one in views.own("linjia")] == [
        ("三栋电梯", "q=电梯"),
        ("渗水", "q=渗水"),
        ("噪声", "q=装修"),
    ]
    assert views.own("chenxl") == ()
    assert not views.delete("chenxl", ids[0])
    assert not views.move("chenxl", ids[0], 1)
    assert views.delete("linjia", ids[0])
    assert len(views.own("linjia")) == 2


def test_too_many_views_are_refused_but_one_may_still_be_replaced() -> None:
    at = office.moment("2026-09-29 17:00")
    for number in range(views.MOST):
        views.save("linjia", f"视图{number}", "", at)

    assert views.save("linjia", "再一个", "", at) is None
    assert views.save("linjia", "视图0", "q=新", at) is not None


# ---- finding ----


def test_articles_are_found_by_number_then_by_what_they_say() -> None:
    viewer = seen_by("linjia")

    by_number = search.find(viewer, "4.4.1c")
    by_words = search.find(viewer, "站在业主")

    assert all(one.excerpt.clause.startswith(f"{office.PROCEDURE}.4.4.1c") for one in by_number.articles)
    assert by_number.articles
    assert all("站在业主" in one.words for one in by_words.articles)


def test_an_exact_number_is_the_only_case_found() -> None:
    first = office.take_in()
    office.take_in(content=f"与{first.number}是同一件事，又来问")

    assert [line.number for line in search.find(seen_by("linjia"), first.number.lower()).cases] == [first.number]


def test_people_and_procedures_are_found_by_name() -> None:
    found = search.find(seen_by("linjia"), "许志")

    assert [person.code for person in found.people] == ["xuzy"]
    assert search.find(seen_by("linjia"), office.law().procedure.title).laws == (office.law(),)
    assert not search.find(seen_by("linjia"), "  ").any


def test_decisions_that_wait_are_counted_among_what_is_owed() -> None:
    office.take_in()
    rows.Task.objects.filter(task="judge").update(task="unsigned_closing.center")

    work = duties.work(seen_by("xuzy"))

    assert (work.approvals, work.total) == (1, 2)
