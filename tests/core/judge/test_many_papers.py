"""Papers of which a case has several, lines with numbers of their own, lines added and rows written by rules."""

from shouwen.core import measure
from shouwen.core.events import PaperIssued, Requested
from tests.builders import at, opened

RULES = """
form fees: {name: 标准, register: yes, key: item, fields: {item: 项目, price: {name: 单价, type: money}}}
form bill:
  name: 电费单
  many: yes
  fields: {month: 月份, amount: {name: 金额, type: money}, note: {name: 备注, optional: yes}}
form letters:
  name: 通知书
  fields:
    users: {name: 用户, type: rows, key: room, columns: {room: 单元, no: {name: 编号, auto: number, optional: yes}, at: {name: 送达, type: moment, optional: yes}}}
    plain: {name: 记录, type: rows, optional: yes, columns: {month: 月份}}
action bill:
  name: 出账
  who: desk
  fills: {bill: [month!, amount!, note?]}
  do:
    - {issue: bill}
    - {add: letters.plain, with: {month: =bill.month}}
    - {write: fees, with: {item: =bill.month, price: =bill.amount}}
action void_bill: {name: 作废, who: desk, do: [{void: bill}]}
action write_letters: {name: 写信, who: desk, fills: {letters: [users]}}
action deliver: {name: 送达, who: desk, each: letters.users, at: letters.users.at, fills: {letters: [users.at!]}}
action wipe: {name: 清空, who: desk, sets: {bill.amount: '', slip.level: '', slip.visit_at: ''}}
task reach: {name: 送到, owed_by: desk, for_each: letters.users, within: 2 h, done: deliver, missed: [{tell: boss}]}
measure bills: {name: 出账, of: bill, dated: form.bill.issued, sum: bill.amount}
"""


def billed():
    matter = opened(RULES).does("林佳", "bill", "09-30 10:00", {"bill.month": "9月", "bill.amount": "12.50 元"})
    return matter.does("林佳", "bill", "10-08 10:00", {"bill.month": "10月", "bill.amount": "7 元"})


def test_each_issue_keeps_what_stood_on_the_paper():
    matter = billed()

    issued = [(event.number, event.values["bill.month"]) for event in matter.of(PaperIssued)]
    assert issued == [("1/bill", "9月"), ("1/bill-2", "10月")]
    assert [sheet.values["bill.amount"] for sheet in matter.case.sheets["bill"]] == [1250, 700]
    assert matter.case.issued["bill"] == "1/bill-2"


def test_the_last_one_is_void_and_the_one_before_stands_again():
    matter = billed().does("林佳", "void_bill", "10-08 11:00")

    assert matter.case.issued["bill"] == "1/bill"
    assert [sheet.number for sheet in matter.case.sheets["bill"]] == ["1/bill"]


def test_a_measure_counts_each_of_them_with_its_own_values():
    matter = billed()
    cases = [(matter.case, tuple(matter.events))]

    found = measure.evaluate(
        matter.procedure, matter.procedure.measures["bills"], cases, matter.world, at("10-09 10:00")
    )

    assert (found.count, found.value) == (2, 1950)


def test_lines_are_added_and_rows_are_written_once_each():
    matter = billed()

    assert [line["month"] for line in matter.case.values["letters.plain"]] == ["9月", "10月"]
    asked = [event for event in matter.of(Requested) if event.verb == "write"]
    assert [(event.target, event.values["item"], event.values["price"]) for event in asked] == [
        ("fees", "9月", 1250),
        ("fees", "10月", 700),
    ]
    assert len({event.key for event in asked}) == 2


def test_each_line_has_a_number_and_its_own_moment():
    matter = opened(RULES)
    matter.does("林佳", "write_letters", "09-29 10:00", {"letters.users": [{"room": "101"}, {"room": "102"}]})
    assert [line["no"] for line in matter.case.values["letters.users"]] == ["1-1", "1-2"]

    rows = [{"room": "101", "at": "2026-09-29 12:00"}, {"room": "102", "at": "2026-09-29 12:01"}]
    matter.does("林佳", "deliver", "09-29 12:30", {"letters.users": rows})

    states = {
        item: (state.ended.strftime("%H:%M"), state.in_time) for item, state in matter.case.tasks["reach"].items()
    }
    assert states == {"101": ("12:00", True), "102": ("12:01", False)}


def test_a_line_delivered_in_the_future_is_refused():
    matter = opened(RULES)
    matter.does("林佳", "write_letters", "09-29 10:00", {"letters.users": [{"room": "101"}]})

    refusal = matter.refuses(
        "林佳", "deliver", "09-29 11:00", {"letters.users": [{"room": "101", "at": "2026-09-29 11:01"}]}
    )

    assert [reason.code for reason in refusal.reasons] == ["in-the-future"]


def test_an_empty_text_empties_a_field_of_any_type():
    given = {"slip.level": "大", "slip.visit_at": "2026-09-30 10:00"}
    matter = opened(RULES, paths=given).does(
        "林佳", "bill", "09-30 10:00", {"bill.month": "9月", "bill.amount": "1 元"}
    )

    matter.does("林佳", "wipe", "09-30 11:00")

    assert not {"bill.amount", "slip.level", "slip.visit_at"} & set(matter.case.values)
