"""Walks through small procedures: registers have rows, others act too, and what only a rule opens is reached."""

from random import Random

from shouwen.trial import registers
from shouwen.trial.walk import UNITS, walk
from tests.builders import at, compiled

FEES = """
form fees: {name: 收费标准, register: yes, key: item, fields: {item: {name: 项目}, price: {name: 单价, type: money}, level: {name: 档次}, ends: {name: 止于, type: date}}}
form quote: {name: 报价单, fields: {lines: {name: 项目, type: rows, key: what, columns: {what: {name: 名称}, count: {name: 数量, type: number}}}, first: {name: 首项}}}
fact one: {name: 一项, shape: row, of: fees, match: {item: quote.first, level: slip.level}, gives: {price: money}, asked: [offer]}
fact all: {name: 各项, shape: rows, of: fees, gives: {lines: rows}, asked: [offer]}
action offer: {name: 报价, who: desk, fills: {quote: [lines, first]}, needs: [{that: "quote.lines.all(l, all.lines.exists(f, f.item == l.what))", or: 只报标准里的项目}]}
"""
OTHERS = """
flow fine: {name: 罚单, steps: {open: {name: 待核, leave: [{to: closed, when: happened('settle')}]}, closed: {name: 已结, end: yes}}}
action settle: {name: 核实, flow: fine, who: boss}
trigger punished: {name: 立罚单, when: happened('write'), times: 1, do: [{open: fine}]}
"""


def test_rows_are_plausible_and_fields_that_are_looked_up_by_them_are_known():
    procedure = compiled(FEES)

    found = registers.rows(procedure, Random(1), ("某人",), UNITS, at("2026-09-01 09:00"))

    assert [row["item"] for row in found["fees"]] == ["项目甲", "项目乙", "项目丙"]
    assert {row["level"] for row in found["fees"]} == {"小", "大"}
    assert {row["ends"] for row in found["fees"]} == {"2027-06-28"}
    items = ("项目甲", "项目乙", "项目丙")
    assert registers.known(procedure, found) == {
        "quote.first": items,
        "quote.lines.what": items,
        "slip.level": ("小", "大"),
    }


def test_what_needs_a_row_of_a_register_is_reached_and_a_seed_walks_the_same_way_again():
    walks = [walk(compiled(FEES), "leak", seed, at("2026-09-01 09:00")) for seed in range(3)]

    again = walk(compiled(FEES), "leak", 1, at("2026-09-01 09:00"))

    assert "offer" in {act for one in walks for act in one.acts}
    assert again.acts == walks[1].acts


def test_a_flow_that_only_a_rule_opens_is_walked():
    found = walk(compiled(OTHERS), "fine", 1, at("2026-09-01 09:00"))

    assert (found.shell.cases[found.number].case.flow, found.ended, found.acts[-1]) == ("fine", True, "settle")
