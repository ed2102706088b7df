"""Postings and papers: exact, never twice, reversed and voided."""

from shouwen.core.events import PaperIssued, PaperVoided, Posted, PostingReversed, RetentionSet
from tests.builders import opened

RULES = """
action charge: {name: 计费, who: desk, do: [{post: fee}, {post: lines}]}
action refund: {name: 退费, who: desk, do: [{reverse: fee}]}
action fine_it: {name: 罚, who: desk}
posting fee: {name: 服务费, debit: "业主 {slip.room}", credit: 公司, amount: "share(slip.cost, '0.0005')", when: slip.cost.filled}
posting lines: {name: 用料, for_each: slip.parts, debit: 业主, credit: "库存 {this.kind}", amount: this.price}
posting fine: {name: 罚款, after: fine_it, debit: 个人, credit: 公司, amount: fixed, key: "slip.level"}
figure fixed: {name: 定额, values: [{from: 2026-01-01, value: 50 元}, {from: 2026-10-01, value: 60 元}]}
form notice: {name: 通知书, number: "TZ-{seq}", fields: {text: {name: 正文, optional: yes}}, keep: {for: 1 year}, copies: {存根: {to: [boss]}, 业主联: {to: [owner]}}}
action issue_it: {name: 开单, who: desk, do: [{issue: notice}]}
action void_it: {name: 作废, who: desk, do: [{void: notice}]}
task hand_over: {name: 送达, when: slip.level.filled, owed_by: desk, from: opened, within: 1 workday, done: notice.issued, missed: [], outlives: yes}
"""


def test_a_share_is_rounded_half_up_where_it_stands():
    matter = opened(RULES, paths={"slip.cost": "10.00"}).does("林佳", "charge", "09-29 10:10")

    assert [(entry.debit, entry.amount) for entry in matter.of(Posted)] == [("业主 3-2-1502", 1)]


def test_nothing_is_posted_twice():
    matter = opened(RULES, paths={"slip.cost": "1000"}).does("林佳", "charge", "09-29 10:10")

    matter.does("林佳", "charge", "09-29 10:20")

    assert (len(matter.of(Posted)), matter.of(Posted, last=True)) == (1, [])


def test_each_row_is_posted_once_and_a_new_one_when_it_comes():
    matter = opened(RULES, paths={"slip.parts": [{"kind": "管", "price": "3"}]}).does("林佳", "charge", "09-29 10:10")

    matter.does(
        "林佳", "write", "09-29 10:15", {"slip.parts": [{"kind": "阀", "price": "0.05"}, {"kind": "胶", "price": "0"}]}
    )
    matter.does("林佳", "charge", "09-29 10:20")

    assert [(entry.credit, entry.amount) for entry in matter.of(Posted)] == [("库存 管", 300), ("库存 阀", 5)]


def test_a_reversal_names_the_entry_and_lets_it_be_posted_anew():
    matter = (
        opened(RULES, paths={"slip.cost": "1000"})
        .does("林佳", "charge", "09-29 10:10")
        .does("林佳", "refund", "09-29 10:20")
    )

    assert [(entry.posting, entry.amount) for entry in matter.of(PostingReversed)] == [("fee", 50)]
    assert len(matter.does("林佳", "refund", "09-29 10:30").of(PostingReversed)) == 1
    assert len(matter.does("林佳", "charge", "09-29 10:40").of(Posted)) == 2


def test_a_key_of_its_own_says_what_is_the_same_entry():
    matter = opened(RULES).does("林佳", "fine_it", "09-29 10:10")
    assert matter.of(Posted) == []

    for minute, level in ((20, "小"), (30, "小"), (40, "大")):
        matter.does("林佳", "write", f"09-29 10:{minute}", {"slip.level": level}).does(
            "林佳", "fine_it", f"09-29 10:{minute}"
        )

    assert [entry.key for entry in matter.of(Posted)] == ["小", "大"]


def test_figures_go_by_the_day_of_the_opening():
    old = opened(RULES, "09-30 10:00", {"slip.level": "小"}).does("林佳", "fine_it", "10-09 10:00")
    new = opened(RULES, "10-01 00:00", {"slip.level": "小"}).does("林佳", "fine_it", "10-09 10:00")

    assert [old.of(Posted)[0].amount, new.of(Posted)[0].amount] == [5000, 6000]


def test_a_paper_is_issued_once_with_its_copies():
    matter = opened(RULES).does("林佳", "issue_it", "09-29 10:10").does("林佳", "issue_it", "09-29 10:20")

    assert [event.copies for event in matter.of(PaperIssued)] == [("存根", "业主联")]


def test_a_voided_paper_no_longer_counts_and_may_be_issued_anew():
    matter = opened(RULES).does("林佳", "issue_it", "09-29 10:10").does("林佳", "void_it", "09-29 10:20")

    matter.does("林佳", "void_it", "09-29 10:30").does("林佳", "issue_it", "09-29 10:40")

    assert (len(matter.of(PaperVoided)), len(matter.of(PaperIssued))) == (1, 2)


def test_a_paper_that_stands_discharges_and_one_that_was_voided_does_not():
    standing = (
        opened(RULES).does("林佳", "issue_it", "09-29 10:10").does("林佳", "write", "09-29 10:20", {"slip.level": "小"})
    )
    voided = opened(RULES).does("林佳", "issue_it", "09-29 10:10").does("林佳", "void_it", "09-29 10:15")
    voided.does("林佳", "write", "09-29 10:20", {"slip.level": "小"})

    assert [standing.task("hand_over").state, voided.task("hand_over").state] == ["done", "open"]


def test_issued_papers_are_kept_as_long_as_they_say():
    matter = opened(RULES).does("林佳", "issue_it", "09-29 10:10").does("林佳", "finish", "09-29 10:20")

    assert [event.what for event in matter.of(RetentionSet)] == ["notice"]
