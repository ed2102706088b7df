"""Figures chosen by a day of the case, and figures that the organisation has yet to set."""

from shouwen.core.language import compile_procedure
from shouwen.trial import play, read_script
from tests.builders import HEAD

RULES = """
figure price: {name: 单价, dated: [bill.until, bill.since], values: [{from: 2026-01-01, value: 1.20 元}, {from: 2026-07-01, value: 1.25 元}]}
figure surcharge: {name: 附加费, type: money, basis: default}
form bill:
  name: 电费单
  fields:
    since: {name: 起, type: date}
    until: {name: 止, type: date}
    used: {name: 度数, type: number}
    amount: {name: 电费, type: money, optional: yes}
action bill:
  name: 出账
  who: desk
  fills: {bill: [since?, until?, used]}
  sets: {bill.amount: "=times(bill.used, price)"}
action extra:
  name: 加收
  who: desk
  needs: [{that: surcharge > price, or: 附加费没有设定或过低, clause: "3"}]
"""

SCRIPT = """
procedure: leak
cast: {林佳: [desk]}
FIGURES
steps:
  - {at: 2026-06-20 10:00, by: 林佳, do: register, with: {slip: {room: 3-2-1502, what: 灯不亮}}}
  - {at: 2026-07-05 10:00, by: 林佳, do: bill, with: {bill: {used: 100}}, expect: {values: {bill.amount: 120 元}}}
  - {at: 2026-07-05 10:01, by: 林佳, do: bill, with: {bill: {used: 100, since: 2026-07-01}}, expect: {values: {bill.amount: 125 元}}}
  - {at: 2026-07-05 10:02, by: 林佳, do: bill, with: {bill: {used: 100, until: 2026-06-30}}, expect: {values: {bill.amount: 120 元}}}
"""


def played(figures, *more):
    procedure = compile_procedure({"procedure.md": f"{HEAD}{RULES}\n```\n"}).procedure
    script = SCRIPT.replace("FIGURES", figures) + "".join(f"  - {step}\n" for step in more)
    return play(procedure, read_script(script, procedure.zone)).failures


def test_the_value_of_the_day_of_the_first_field_that_is_filled_counts():
    assert played("") == []


def test_what_is_not_set_yet_refuses_with_its_clause():
    step = "{at: 2026-07-05 11:00, by: 林佳, do: extra, expect: {refused: ['3']}}"

    assert played("", step) == []


def test_the_organisation_sets_it_from_a_day_on():
    figures = "figures: {surcharge: [{from: 2026-06-01, value: 0.50 元}, {from: 2026-06-15, value: 2 元}]}"

    assert played(figures, "{at: 2026-07-05 11:00, by: 林佳, do: extra}") == []
