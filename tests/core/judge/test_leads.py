"""Acts that must come so long before a moment; minutes between moments."""

from tests.builders import opened

RULES = """
figure lead: {name: 提前量, value: 24 h}
form plan:
  name: 计划
  fields: {start_at: {name: 开始, type: moment}, end_at: {name: 结束, type: moment}, minutes: {name: 时长, type: number, optional: yes}}
action plan:
  name: 报计划
  who: desk
  fills: {plan: [start_at, end_at]}
  sets: {plan.minutes: "=minutes(plan.start_at, plan.end_at)"}
  needs:
    - {by: plan.start_at, minus: lead, or: 须提前二十四小时报计划, clause: "3"}
    - {by: plan.start_at, minus: 2 workdays, else: warn, or: 建议提前两个工作日, clause: "4"}
action change:
  name: 改期
  who: desk
  in: [work]
  needs: [{by: plan.start_at, minus: 4 h, or: 不足四小时不改期, else: reason}]
"""

SPELL = {"plan.start_at": "2026-10-09 08:00", "plan.end_at": "2026-10-09 10:15"}


def refused(matter, when, **more):
    return [(reason.code, reason.text) for reason in matter.refuses("林佳", "plan", when, SPELL, **more).reasons]


def test_the_minute_of_the_lead_is_in_time_and_the_next_is_not():
    matter = opened(RULES)
    assert ("need", "须提前二十四小时报计划") in refused(matter, "10-08 08:01", seen=True)

    matter.does("林佳", "plan", "10-08 08:00", SPELL, seen=True)

    assert matter.case.values["plan.minutes"] == 135


def test_a_lead_in_working_days_skips_the_holidays():
    assert refused(opened(RULES), "10-07 09:00") == [("to-be-seen", "建议提前两个工作日")]
    assert opened(RULES).does("林佳", "plan", "09-29 18:00", SPELL)


def test_a_reason_passes_what_asks_for_one():
    matter = opened(RULES).does("林佳", "plan", "09-29 18:00", SPELL)
    assert matter.refuses("林佳", "change", "10-09 04:01").reasons[0].code == "reason-needed"

    assert matter.does("林佳", "change", "10-09 04:01", reason="供电局临时通知")
    assert matter.does("林佳", "change", "10-09 04:00")


def test_a_moment_that_is_not_filled_is_missing():
    (field,) = opened(RULES).refuses("林佳", "change", "09-29 11:00").missing

    assert field.path == "plan.start_at"
