"""Whole lines of a register in conditions, and put into rows of the case."""

from shouwen.core.language import compile_procedure
from shouwen.trial import play, read_script
from tests.builders import HEAD

RULES = """
catalog floors: {name: 楼层, entries: [三层, 四层, 五层]}
form fees:
  name: 收费标准
  register: yes
  key: item
  fields: {item: 项目, unit_price: {name: 单价, type: money}, floor: {name: 楼层, of: floors, type: choice}}
form quote:
  name: 报价
  fields:
    wanted: {name: 楼层, type: choices, of: floors}
    chosen: {name: 项目, type: rows, optional: yes, columns: {item: 项目, times: {name: 数量, type: number}}}
    lines: {name: 标准, type: rows, optional: yes, columns: {item: 项目, unit_price: {name: 单价, type: money}, floor: 楼层}}
    sum: {name: 合计, type: money, optional: yes}
fact standard: {name: 标准, shape: rows, of: fees, at_most: 200, asked: [offer], gives: {lines: rows}}
fact near: {name: 同层, shape: rows, of: fees, match: {floor: quote.wanted}, asked: [offer], gives: {lines: rows, item: text}}
action offer:
  name: 报价
  who: desk
  fills: {quote: [wanted, chosen]}
  needs: [{that: "quote.chosen.all(c, standard.lines.exists(f, f.item == c.item))", or: 只报手册里的项目}]
  sets:
    quote.lines: "=near.lines"
    quote.sum: "=total(quote.chosen.map(c, times(c.times, standard.lines.filter(f, f.item == c.item)[0].unit_price)))"
"""

SCRIPT = """
procedure: leak
cast: {林佳: [desk]}
registers:
  fees:
    - {item: 换灯座, unit_price: 85 元, floor: 三层}
    - {item: 通管道, unit_price: 60.50 元, floor: 四层}
    - {item: 换锁, unit_price: 120 元, floor: 五层}
steps:
  - {at: 2026-09-29 10:00, by: 林佳, do: register, with: {slip: {room: 3-2-1502, what: 灯不亮}}}
  - {at: 2026-09-29 10:10, by: 林佳, do: offer, with: {quote: {wanted: [三层, 五层], chosen: [{item: 换窗, times: 1}]}}, expect: {refused: ["7"]}}
  - {at: 2026-09-29 10:20, by: 林佳, do: offer, with: {quote: {wanted: [三层, 五层], chosen: [{item: 换灯座, times: 2}, {item: 通管道, times: 1}]}},
     expect: {values: {quote.sum: 230.50 元}}}
"""


def test_lines_of_a_register_are_summed_up_and_put_into_the_case():
    procedure = compile_procedure({"procedure.md": f"{HEAD}{RULES}\n```\n"}).procedure
    outcome = play(procedure, read_script(SCRIPT, procedure.zone))

    assert outcome.failures == []
    lines = outcome.steps[-1].case.values["quote.lines"]
    assert [(line["item"], line["unit_price"]) for line in lines] == [("换灯座", 8500), ("换锁", 12000)]
