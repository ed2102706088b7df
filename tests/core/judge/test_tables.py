"""Tables: which row holds, what follows from the unknown, and what a person confirms."""

import pytest

from shouwen.core.events import TableDecided, TableJudged
from tests.builders import opened

RULES = """
catalog weights: {name: 轻重, ordered: yes, entries: [轻, 中, 重]}
table first: {name: 先中, rows: [{when: slip.level == '大', is: 甲}, {when: slip.cost >= much, is: 乙}], else: 丙}
table one: {name: 唯一, hit: one, rows: [{when: slip.level == '大', is: 甲}, {when: slip.cost >= much, is: 乙}], else: 丙}
table several: {name: 全部, hit: all, rows: [{when: slip.level == '大', is: 甲}, {when: slip.cost >= much, is: 乙}]}
table hard: {name: 从严, hit: strictest, gives: weights, rows: [{when: slip.level.filled, is: 轻}, {when: slip.cost >= much, is: 重}, {when: slip.level == '大', is: 中}]}
table columns:
  name: 两栏
  gives: {limit: span, sum: money}
  rows: [{when: slip.level == '大', is: {limit: 2 h, sum: =much}}]
  else: {limit: 1 workday, sum: =little}
table dated:
  name: 按日
  dated: slip.visit_at
  rows: [{when: "true", is: 旧价, until: 2026-10-08}, {when: "true", is: 新价, from: 2026-10-08}]
table grade: {name: 等级, rows: [{when: slip.level == '大', is: 急}, {when: slip.level == '小', is: 缓}], decided_by: confirm}
table above: {name: 上一级, rows: [{when: first == '甲' || grade == '急', is: 高}], else: 低}
action confirm: {name: 定级, who: boss, fills: {slip: [level?]}}
figure much: {name: 多, value: 1000 元}
figure little: {name: 少, value: 10 元}
task by_table: {name: 按表, when: slip.level.filled, owed_by: desk, from: opened, within: columns.limit, done: finish, missed: []}
"""


def tables(**slip):
    return opened(RULES, paths={f"slip.{name}": value for name, value in slip.items()}).case.tables


def test_an_unknown_row_before_a_hit_leaves_it_undecided():
    assert "first" not in tables(cost="2000")


def test_an_unknown_row_after_a_hit_does_not_matter():
    assert tables(level="大")["first"] == {"": "甲"}


@pytest.mark.parametrize(
    "level, cost, first, several, hard",
    [
        ("大", "1000", "甲", ("甲", "乙"), "重"),
        ("大", "999.99", "甲", ("甲",), "中"),
        ("小", "1000", "乙", ("乙",), "重"),
        ("小", "0", "丙", None, "轻"),
    ],
)
def test_each_way_of_hitting_takes_its_rows(level, cost, first, several, hard):
    found = tables(level=level, cost=cost)

    assert found["first"] == {"": first}
    assert found.get("several") == ({"": several} if several else None)
    assert found["hard"] == {"": hard}


def test_rows_that_all_count_come_in_as_they_become_known():
    assert tables(level="大")["several"] == {"": ("甲",)}


def test_the_strictest_is_not_known_before_every_row_is():
    assert "hard" not in tables(level="大")


def test_a_row_may_give_several_columns_and_a_span():
    matter = opened(RULES, paths={"slip.level": "大"})

    assert (matter.case.tables["columns"], matter.due("by_table")) == ({"limit": "2 h", "sum": 100000}, "09-29 12:00")


def test_a_span_that_changes_moves_the_limit():
    matter = opened(RULES, paths={"slip.level": "大"}).does("许志远", "write", "09-29 10:30", {"slip.level": "小"})

    assert matter.due("by_table") == "09-30 18:00"


@pytest.mark.parametrize("day, price", [("2026-10-07 23:59", "旧价"), ("2026-10-08 00:00", "新价")])
def test_rows_are_in_force_from_and_until_a_day(day, price):
    assert tables(visit_at=day)["dated"] == {"": price}


def test_what_a_person_must_confirm_counts_only_then():
    matter = opened(RULES, paths={"slip.level": "大", "slip.cost": "1"})
    before = (matter.case.tables["grade"], matter.case.decided)

    matter.does("许志远", "confirm", "09-29 10:10")

    assert before == ({"": "急"}, {})
    assert [(event.table, event.columns, event.actor) for event in matter.of(TableDecided)] == [
        ("grade", {"": "急"}, "许志远")
    ]


def test_a_decision_stands_against_later_facts_and_the_new_suggestion_stands_beside_it():
    matter = opened(RULES, paths={"slip.level": "大"}).does("许志远", "confirm", "09-29 10:10")

    matter.does("林佳", "write", "09-29 10:20", {"slip.level": "小"})

    assert (matter.case.decided["grade"], matter.case.tables["grade"]) == ({"": "急"}, {"": "缓"})


def test_a_table_that_reads_a_table_follows_it():
    matter = opened(RULES, paths={"slip.level": "小", "slip.cost": "1"})
    assert matter.case.tables.get("above") is None

    matter.does("许志远", "confirm", "09-29 10:10")
    matter.does("林佳", "write", "09-29 10:20", {"slip.level": "大"})

    assert [event.columns for event in matter.of(TableJudged) if event.table == "above"] == [{"": "低"}, {"": "高"}]


def test_the_row_that_hit_is_cited():
    (event,) = [one for one in opened(RULES, paths={"slip.level": "大"}).of(TableJudged) if one.table == "first"]

    assert event.clauses == ("leak.7",)
