"""Conditions remember their answers: nobody can tell, whatever was asked before."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shouwen.core.expression import MOST_ANSWERS, Environment
from shouwen.core.scope import Scope
from shouwen.core.values import Unknown
from tests.builders import WORLD, opened

BERLIN = ZoneInfo("Europe/Berlin")
NAMES = {"flag": "bool", "word": "text", "words": "texts", "count": "int", "start": "moment", "end": "moment"}
CONDITIONS = Environment({**NAMES, "lines": "rows"}, {}, BERLIN)


def test_one_is_not_true_though_they_are_equal():
    condition = CONDITIONS.compile("flag")

    assert condition.evaluate({"flag": True}) is True
    assert condition.evaluate({"flag": 1}) == Unknown()
    assert condition.evaluate({"flag": True}) is True


def test_the_hour_that_comes_twice_is_told_apart():
    before = CONDITIONS.compile("start < end")
    start, end = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN), datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)

    assert before.evaluate({"start": start, "end": end}) is False
    assert before.evaluate({"start": start, "end": end.replace(fold=1)}) is True


def test_rows_are_read_as_they_are():
    exists = CONDITIONS.compile("lines.exists(r, r.dept == word)")

    assert exists.evaluate({"lines": ({"dept": "工程"},), "word": "工程"}) is True
    assert exists.evaluate({"lines": ({"dept": "保洁"},), "word": "工程"}) is False
    assert exists.evaluate({"lines": (), "word": "工程"}) is False


@pytest.mark.parametrize("source", ["word", "flag && word == '大'", "word in words", "count + 1"])
def test_what_is_not_known_is_named_each_time(source):
    condition = CONDITIONS.compile(source)
    known = {"flag": True, "word": "大", "words": ("大", "小"), "count": 1}
    answer = condition.evaluate(known)

    assert condition.evaluate({}) == Unknown(condition.names)
    assert condition.evaluate(known) == answer != Unknown()


def test_more_answers_than_it_remembers_are_right_all_the_same():
    condition = CONDITIONS.compile("word + '号'")

    for _ in range(2):
        for place in range(2 * MOST_ANSWERS):
            assert condition.evaluate({"word": str(place)}) == f"{place}号"


def test_a_share_of_parts_of_a_whole_is_rounded_once():
    rules = """
form f: {name: 单, fields: {a: {name: 甲, type: money, optional: yes}}}
figure rent: {name: 租金, value: 100 元}
action split: {name: 折算, who: desk, sets: {f.a: "=share(rent, 17, 31)"}}
"""

    assert opened(rules).does("林佳", "split", "09-29 11:00").case.values["f.a"] == 5484


DAYS = """
also form slip: {fields: {day: {name: 日期, type: date, optional: yes}, day_again: {name: 同日, type: date, computed: slip.day}, visit_day: {name: 约定日, type: date, computed: slip.visit_at}, set_day: {name: 记下的日, type: date, optional: yes}}}
action dated: {name: 记日, who: desk, fills: {slip: [day]}, sets: {slip.set_day: =at}}
"""


def test_a_day_stays_a_day_and_a_date_field_takes_the_day_of_a_moment():
    matter = opened(DAYS, paths={"slip.visit_at": "2026-10-01 00:30"})

    matter.does("林佳", "dated", "09-30 07:00", {"slip.day": "2026-10-05"})

    scope = Scope(matter.procedure, matter.case, WORLD, matter.case)
    assert [scope.field(f"slip.{name}") for name in ("day_again", "visit_day", "set_day")] == [
        date(2026, 10, 5),
        date(2026, 10, 1),
        date(2026, 9, 30),
    ]
