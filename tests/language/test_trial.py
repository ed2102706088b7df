"""Scripts played: what the calendar begins in the minute of an act."""

from shouwen.trial.play import play
from shouwen.trial.script import read_script
from tests.builders import compiled

RULES = """
flow batch: {name: 交接, steps: {open: {name: 待签, leave: [{to: signed, when: happened('sign')}]}, signed: {name: 已签, end: yes}}}
action sign: {name: 签收, flow: batch, who: boss}
trigger morning: {name: 上午移交, every: day 14:00, over: {flow: leak, where: case.step == 'work'}, do: [{open: batch}]}
"""
SCRIPT = """
procedure: leak
cast: {林佳: desk, 许志远: boss}
steps:
  - {at: 2026-09-29 10:00, by: 林佳, case: A, do: register, with: {slip: {room: 1-1, what: 天花滴水}}}
  - {at: 2026-09-29 14:00, by: 林佳, case: A, do: write, expect: {not_open: []}}
  - {at: 2026-09-29 14:00, by: 许志远, case: batch, do: sign, expect: {step: signed, closed: yes}}
  - {at: 2026-09-29 14:01, expect: {opened: []}}
  - {at: 2026-09-30 14:00, by: 许志远, case: batch, do: sign, expect: {step: signed}}
"""


def test_an_act_in_the_minute_of_a_batch_may_be_about_that_batch():
    outcome = play(compiled(RULES), read_script(SCRIPT, compiled(RULES).zone))

    assert outcome.failures == []
    assert [filed.case.flow for filed in outcome.shell.cases.values()] == ["leak", "batch", "batch"]
