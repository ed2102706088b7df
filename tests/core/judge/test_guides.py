"""Guides that stop, wait, send to another act first, are skipped with a reason, and take back what they had set."""

from shouwen.core.events import FieldsSet, GuideConcluded, QuestionAnswered, Told
from shouwen.core.language import compile_procedure
from shouwen.core.offers import offers
from tests.builders import HEAD, WORLD, at, opened

RULES = """
figure drip: {name: 等候, value: 5 min, clause: 3}
catalog fault:
  name: 部位
  entries: {管道: {meaning: 报修}, 接头: {under: 管道, meaning: 换垫圈}, 龙头: {meaning: 关总阀}}
flow leak:
  columns: {tried: guide.find.path}
action shut: {name: 关总阀, who: desk}
action dry: {name: 擦干, who: desk, sets: {slip.what: =guide.find.path, slip.remark: =guide.find.cause}}
action sign: {name: 交接, who: boss, in: over, do: [{go: work}]}
action leave_it: {name: 搁置, who: desk, do: [{go: over}]}
flow leak: {steps: {over: {name: 搁置}}}
guide find:
  name: 找漏点
  who: desk
  at: [work, finish]
  fills: slip.level
  causes: fault
  stop:
    - {when: slip.urgent, or: 先断电, except: wet, clause: 4}
  asks:
    wet: {ask: 湿吗？, answers: {是: {go: tap, set: {slip.urgent: no, slip.times: 2}}, 触电: {go: tap, set: {slip.urgent: yes}}, 否: {conclude: 小}}}
    tap: {ask: 关阀以后还滴吗？, first: shut, wait: drip, clause: 5, skip: {go: much}, answers: {滴: {go: much, set: {slip.remark: 还滴}}, 不滴: {conclude: 小, cause: 龙头}}}
    much: {ask: 多吗, skip: {conclude: 小}, answers: {是: {conclude: 大, cause: 接头, set: {slip.times: 3}}, 否: {conclude: 小, cause: 管道}}}
notice tell_boss: {name: 告知, after: guide.find.concluded, to: boss, text: "{guide.find.path}。{guide.find.cause}"}
"""
RULES = RULES.replace("flow leak: {steps", "also flow leak: {steps").replace(
    "flow leak:\n  columns", "also flow leak:\n  columns"
)


def codes(refusal):
    return [reason.code for reason in refusal.reasons]


def answers(matter, when, word, person="林佳", **more):
    ask = more.pop("ask", None)
    return matter.does(person, "answer find", when, {"answer": word} | ({"ask": ask} if ask else {}), **more)


def shut_off(when="09-29 10:02"):
    """It is wet, and the valve has been shut."""
    return answers(opened(RULES), "09-29 10:01", "是").does("林佳", "shut", when)


def standing(matter, person="林佳", when="09-29 12:00"):
    found = offers(matter.procedure, matter.case, person, at(when), matter.world)
    return {offer.action: offer for offer in found}.get("answer find")


def test_while_a_guide_is_stopped_only_the_excepted_question_is_answered():
    matter = answers(opened(RULES), "09-29 10:01", "触电")

    refusal = matter.refuses("林佳", "answer find", "09-29 10:02", {"skip": "yes"}, reason="看不见")

    assert [(one.code, one.text, one.clauses) for one in refusal.reasons] == [("stopped", "先断电", ("leak.4",))]
    assert [one.code for one in standing(matter).unmet] == ["stopped", "first"]
    answers(matter, "09-29 10:05", "是", ask="wet")
    assert [one.code for one in standing(matter).unmet] == ["first"]


def test_an_answer_waits_for_the_act_that_comes_first():
    matter = answers(opened(RULES), "09-29 10:01", "是")

    (reason,) = matter.refuses("林佳", "answer find", "09-29 10:30", {"answer": "滴"}).reasons

    assert (reason.code, reason.clauses, reason.instead) == ("first", ("leak.5",), ("shut",))
    answers(matter.does("林佳", "shut", "09-29 10:31"), "09-29 10:31", "滴")


def test_an_answer_that_comes_too_soon_passes_only_when_the_warning_was_seen():
    matter = shut_off()

    (reason,) = matter.refuses("林佳", "answer find", "09-29 10:05", {"answer": "滴"}).reasons
    assert (reason.code, reason.text) == ("to-be-seen", "“关阀以后还滴吗？”要等到 2026-09-29 10:06 再答")
    answers(matter, "09-29 10:05", "滴", seen=True)

    (event,) = matter.of(QuestionAnswered, last=True)
    assert event.excused == ("已阅：“关阀以后还滴吗？”要等到 2026-09-29 10:06 再答",)
    assert event.clauses == ("leak.5", "leak.3")
    assert answers(shut_off(), "09-29 10:06", "滴").of(QuestionAnswered, last=True)[0].excused == ()


def test_a_question_is_skipped_with_a_reason_alone():
    matter = shut_off()
    assert codes(matter.refuses("林佳", "answer find", "09-29 10:03", {"answer": "跳过"})) == ["reason-needed"]
    wet = {"ask": "wet", "skip": "yes"}
    assert codes(matter.refuses("林佳", "answer find", "09-29 10:03", wet, reason="x")) == ["not-skipped"]

    answers(matter, "09-29 10:04", "跳过", reason="够不到阀")

    assert matter.of(QuestionAnswered, last=True)[0].reason == "够不到阀"
    assert [one.ask for one in matter.case.guides["find"]] == ["wet", "tap"]
    matter.does("林佳", "answer find", "09-29 10:05", {"skip": "yes"}, reason="看不清")
    assert (matter.case.concluded, matter.case.causes) == ({"find": "小"}, {})


def test_what_was_answered_and_found_is_told_and_set_in_words():
    matter = answers(shut_off(), "09-29 10:10", "跳过", reason="够不到阀")

    answers(matter, "09-29 10:11", "是").does("林佳", "dry", "09-29 10:12")

    path = "湿吗：是；关阀以后还滴吗：跳过（够不到阀）；多吗：是"
    assert [event.text for event in matter.of(Told)] == [f"{path}。接头"]
    assert (matter.case.values["slip.what"], matter.case.values["slip.remark"]) == (path, "接头")
    assert matter.procedure.guides["find"].causes["接头"].remedy == "换垫圈"


def test_a_changed_answer_takes_back_what_it_and_those_after_it_had_set():
    matter = answers(answers(shut_off(), "09-29 10:10", "滴"), "09-29 10:11", "是")
    assert matter.case.values["slip.times"] == 3

    answers(matter, "09-29 10:12", "跳过", ask="tap", reason="再看")

    kept = {path: matter.case.values.get(f"slip.{path}") for path in ("level", "remark", "times", "urgent")}
    assert kept == {"level": None, "remark": None, "times": 2, "urgent": False}
    assert (matter.case.concluded, matter.case.causes) == ({}, {})
    assert len(matter.of(FieldsSet, last=True)) == 1


def test_what_somebody_has_filled_since_is_not_taken_back():
    matter = answers(answers(shut_off(), "09-29 10:10", "滴"), "09-29 10:11", "是")
    matter.does("林佳", "write", "09-29 10:12", {"slip.remark": "已擦干"})

    answers(matter, "09-29 10:13", "否", ask="wet")

    values = matter.case.values
    assert (values["slip.remark"], values["slip.level"], "slip.times" in values) == ("已擦干", "小", False)
    assert [event.conclusion for event in matter.of(GuideConcluded)] == ["大", "小"]


def test_a_guide_is_answered_in_its_own_steps_alone():
    matter = answers(opened(RULES), "09-29 10:01", "是").does("林佳", "leave_it", "09-29 10:02")

    (reason,) = matter.refuses("林佳", "answer find", "09-29 10:30", {"skip": "yes"}, reason="x").reasons

    assert (reason.code, reason.text) == ("not-here", "现在是“搁置”，不再答“找漏点”（在“处理”才答）")
    assert standing(matter) is None
    matter.does("许志远", "sign", "09-29 10:31")
    assert standing(matter).items == ("滴", "不滴", "跳过")
    assert standing(matter, "工程甲") is None


def test_what_had_to_be_done_first_is_done_again_in_a_new_round():
    matter = shut_off().does("林佳", "finish", "09-29 10:30").does("林佳", "again", "09-29 10:40")
    answers(matter, "09-29 10:41", "是")

    assert codes(matter.refuses("林佳", "answer find", "09-29 10:50", {"answer": "滴"})) == ["first"]
    assert codes(matter.does("林佳", "finish", "09-29 10:55").refuses("林佳", "answer find", "09-29 10:56")) == [
        "not-here", "first", "not-an-answer",
    ]  # fmt: skip


def test_staff_write_down_what_somebody_from_outside_answers():
    rules = RULES.replace("who: desk\n  at:", "who: owner\n  at:")
    matter = opened(rules)

    refusal = matter.refuses("工程甲", "answer find", "09-29 10:01", {"answer": "是"})

    assert (codes(refusal), refusal.reasons[0].who) == (["not-yours"], ("owner",))
    answers(matter, "09-29 10:02", "是")
    assert WORLD.held_by("林佳")[0].role == "desk"


def test_a_stop_that_nothing_can_end_and_a_question_that_it_does_not_know_are_found():
    unknown = compile_procedure({"procedure.md": f"{HEAD}{RULES.replace('except: wet', 'except: damp')}\n```\n"})

    assert [(problem.code, "damp" in problem.message) for problem in unknown.problems] == [("unknown-name", True)]


def test_a_guide_that_has_concluded_is_begun_again_from_its_first_question():
    matter = opened(AGAIN).does("林佳", "answer find", "09-29 10:10", {"answer": "否"})

    matter.does("林佳", "answer find", "09-29 10:20", {"answer": "是"})

    assert [one.word for one in matter.case.guides["find"]] == ["是"]


def test_a_reopened_case_begins_its_guides_anew():
    matter = opened(AGAIN).does("林佳", "answer find", "09-29 10:10", {"answer": "否"})
    matter.does("林佳", "finish", "09-29 10:20").does("林佳", "again", "09-29 10:30")

    assert (dict(matter.case.guides), dict(matter.case.concluded)) == ({}, {})
    assert matter.does("林佳", "answer find", "09-29 10:40", {"answer": "是"})


def test_an_act_done_before_the_question_came_up_counts_as_first():
    matter = (
        opened(AGAIN).does("林佳", "call", "09-29 10:05").does("林佳", "answer find", "09-29 10:10", {"answer": "是"})
    )

    matter.does("林佳", "answer find", "09-29 10:20", {"answer": "好"})

    refusal = matter.refuses("林佳", "answer find", "09-29 10:30", {"ask": "after", "answer": "坏"})
    assert [reason.code for reason in refusal.reasons] == ["first"]


AGAIN = """
action call: {name: 来电, who: desk}
guide find:
  name: 判断
  who: desk
  asks:
    wet: {ask: 湿吗, answers: {是: {go: after}, 否: {conclude: 小}}}
    after: {ask: 打过电话后怎样, first: call, answers: {好: {conclude: 好了}, 坏: {conclude: 没好}}}
"""
