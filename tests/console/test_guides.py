"""Guides walked on the page of a case: one question at a time, stopped, waited for, skipped, answered anew."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen.casework import procedures
from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]

RULES = """---
procedure: line-check
title: 电话自查
version: 1
in_force: 2026-01-01
calendar: {hours: [09:00-18:00], clause: "1"}
---

# 电话自查

## 自查 {1}

先看天气，再拨入，最后换线。

```rule
role front_desk: {name: 前台}
role caller: {name: 用户, outside: yes}
form slip:
  name: 自查单
  fields: {phone: {name: 号码, type: phone}, storm: {name: 打雷, type: bool, optional: yes}, heard: {name: 听到, optional: yes}, tried: {name: 经过, auto: =guide.check.path, optional: yes}}
catalog part: {name: 部位, entries: {线路: {meaning: 请机房查线}, 话机: {meaning: 换一部话机}}}
flow check: {name: 自查, answers: front_desk, customer: {phone: slip.phone}, steps: {checking: {name: 自查中}, over: {name: 结束, end: yes}}}
action begin: {name: 开始自查, opens: check, who: front_desk, fills: {slip: phone}}
action restart: {name: 重启模块, who: front_desk}
action finish: {name: 结束自查, who: front_desk, fills: {slip: tried}, do: [{go: over}]}
```

## 雷雨 {2}

雷雨时不碰线。

```rule
guide check:
  name: 听、拨、换
  who: caller
  at: checking
  causes: part
  stop: {when: slip.storm, or: 雷停以后再继续, except: storm}
  asks:
    storm: {ask: 在打雷吗？, answers: {打雷: {go: dial, set: {slip.storm: yes}}, 没有: {go: dial, set: {slip.storm: no}}}}
    dial: {ask: 拨入听到什么？, how: 用另一部电话拨, skip: swap, answers: {忙音: {go: reset, set: {slip.heard: 忙音}}, 回铃音: swap}}
    reset: {ask: 重启以后好了吗？, first: restart, wait: 5 min, answers: {好了: {conclude: 已恢复}, 没好: swap}}
    swap: {ask: 换一部话机好吗？, answers: {好: {conclude: 话机坏, cause: 话机, advise: 送修原话机}, 不好: {conclude: 线路坏, cause: 线路}}}
```
"""


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def desk(come_in: ComeIn, tmp_path: Path) -> Client:
    """Lin Jia at her counter, with the small procedure in force."""
    (tmp_path / "line-check.md").write_text(RULES, encoding="utf-8")
    procedures.load(tmp_path)
    return come_in("linjia")


@pytest.fixture
def page(desk: Client) -> str:
    """A check that she has begun."""
    answer = desk.post("/intake/line-check/begin/", {"key": "begun", "slip.phone": "13812345678"})
    assert answer.status_code == 302, text(answer)
    return f"/cases/{rows.Case.objects.get().number}/"


def answer(desk: Client, page: str, ask: str, word: str = "", **more: str) -> HttpResponse:
    sent = {"target": "check", "ask": ask, **({"answer": word} if word else {}), **more}
    return desk.post(f"{page}also/answer/", sent)


def test_one_question_stands_with_its_answers_and_the_way_so_far(desk: Client, page: str) -> None:
    before = text(desk.get(page))
    assert [word in before for word in ("在打雷吗？", "第1问", "拨入听到什么？")] == [True, True, False]

    assert answer(desk, page, "storm", "没有", back=f"{page}#guide-check")["Location"] == f"{page}#guide-check"

    after = text(desk.get(page))
    assert [word in after for word in ("用另一部电话拨", "第2问")] == [True, True]
    assert after.count("<summary>改答</summary>") == 1
    assert office.proved() == 1


def test_a_stop_is_told_and_only_what_ends_it_is_answered(desk: Client, page: str) -> None:
    answer(desk, page, "storm", "打雷")

    shown = text(desk.get(page))
    refused = answer(desk, page, "dial", "忙音")

    assert ("雷停以后再继续" in shown, "拨入听到什么？" in shown) == (True, False)
    assert (refused.status_code, "雷停以后再继续" in text(refused)) == (422, True)
    assert answer(desk, page, "storm", "没有").status_code == 302


def test_an_act_that_comes_first_is_one_step_away_and_waiting_is_told(desk: Client, page: str) -> None:
    answer(desk, page, "storm", "没有")
    answer(desk, page, "dial", "忙音")
    asked = text(desk.get(page))
    assert [word in asked for word in ("先办“重启模块”", f'href="{page}do/restart/"')] == [True, True]
    desk.post(f"{page}do/restart/", {"key": "restarted"})

    assert "data-wait" in text(desk.get(page))
    assert answer(desk, page, "reset", "没好").status_code == 422
    assert answer(desk, page, "reset", "没好", seen="yes").status_code == 302
    assert "换一部话机好吗？" in text(desk.get(page))


def test_a_question_is_skipped_with_a_reason_and_what_was_typed_is_kept(desk: Client, page: str) -> None:
    answer(desk, page, "storm", "没有")
    assert answer(desk, page, "dial", skip="yes", reason=" ").status_code == 422

    assert answer(desk, page, "dial", skip="yes", reason="没有第二部电话").status_code == 302

    shown = text(desk.get(page))
    assert [word in shown for word in ("没有第二部电话", "换一部话机好吗？")] == [True, True]


def test_the_conclusion_stands_with_cause_remedy_and_advice_and_stays_when_the_case_is_over(
    desk: Client, page: str
) -> None:
    for ask, word in (("storm", "没有"), ("dial", "回铃音"), ("swap", "好")):
        answer(desk, page, ask, word)

    shown = text(desk.get(page))
    assert all(words in shown for words in ("话机坏", "换一部话机", "送修原话机"))
    desk.post(f"{page}do/finish/", {"key": "over"})

    over = text(desk.get(page))
    assert "在打雷吗：没有；拨入听到什么：回铃音；换一部话机好吗：好" in over
    assert "听、拨、换：<b>话机坏</b>" in over
    assert (answer(desk, page, "swap", "不好").status_code, office.proved()) == (422, 1)
