"""Pauses with several ends, agreed moments put off by later pauses, days from moments, units of who acts."""

from tests.builders import at, opened

RULES = """
form visit:
  name: 上门
  fields: {next_at: {name: 改约, type: moment, optional: yes}, agreed_at: {name: 批准时刻, type: moment, optional: yes}, day: {name: 日期, type: date, optional: yes}, units: {name: 单位, type: list, optional: yes}}
action put_off: {name: 改约, who: [desk, plumber], fills: {visit: [next_at!]}, sets: {visit.day: =case.opened, visit.units: =actor.units}}
action agree: {name: 批准, who: boss, fills: {visit: [agreed_at!]}}
action call: {name: 来电, who: desk}
task wait: {name: 等约定, when: visit.next_at.filled, owed_by: desk, from: put_off, by: visit.next_at, expires: done, done: call, missed: []}
task repair: {name: 修复, owed_by: desk, from: opened, within: 24 h, done: finish, missed: [],
  pauses: [{from: put_off, until: [visit.next_at, task.wait.done]}], replaced_by: visit.agreed_at}
"""


def test_each_pause_ends_at_the_first_of_its_ends():
    matter = opened(RULES)
    matter.does("林佳", "put_off", "09-29 11:00", {"visit.next_at": "2026-09-29 15:00"})
    assert matter.due("repair") == "09-30 14:00"
    matter.waits("09-29 15:01")

    matter.does("林佳", "put_off", "09-29 16:00", {"visit.next_at": "2026-09-30 16:00"})

    assert matter.due("repair") == "10-01 14:00"  # four hours, and a day


def test_an_agreed_moment_is_put_off_by_what_was_paused_after_it():
    matter = (
        opened(RULES).does("林佳", "put_off", "09-29 10:10", {"visit.next_at": "2026-09-29 11:10"}).waits("09-29 12:00")
    )
    matter.does("许志远", "agree", "09-29 12:00", {"visit.agreed_at": "2026-10-01 12:00"})
    assert matter.due("repair") == "10-01 12:00"

    matter.does("林佳", "put_off", "09-29 13:00", {"visit.next_at": "2026-09-29 15:00"})

    assert matter.due("repair") == "10-01 14:00"


def test_a_moment_fills_a_day_and_units_are_those_of_the_person():
    matter = opened(RULES).does("工程甲", "put_off", "09-29 11:00", {"visit.next_at": "2026-09-29 15:00"})

    assert matter.case.values["visit.day"] == at("09-29 10:00").date()
    assert matter.case.values["visit.units"] == ("工程",)
