"""The written form of spans and periods: what is read, printed, said in Chinese, and refused."""

import re
from datetime import time

import pytest

from shouwen.core.calendar import (
    END_OF_DAY,
    Days,
    Elapsed,
    Months,
    Workdays,
    WorkTime,
    clock_text,
    every_text,
    every_words,
    parse_clock,
    parse_every,
    parse_span,
    span_text,
    span_words,
)

WRITTEN = [
    ("10 min", "10 min", "10分钟"),
    ("90 minutes", "90 min", "90分钟"),
    ("24 h", "24 h", "24小时"),
    ("24h", "24 h", "24小时"),
    ("1 hour", "1 h", "1小时"),
    ("120 min", "2 h", "2小时"),
    ("4 work hours", "4 work hours", "4个工作小时"),
    ("30 work min", "30 work min", "30个工作分钟"),
    ("1 workdays", "1 workday", "1个工作日"),
    ("7  workdays", "7 workdays", "7个工作日"),
    ("2 workdays end 24:00", "2 workdays end 24:00", "2个工作日（止于24:00）"),
    ("7 days", "7 days", "7天"),
    ("2 weeks", "14 days", "14天"),
    ("5 days end 23:59", "5 days end 23:59", "5天（止于23:59）"),
    ("3 months", "3 months", "3个月"),
    ("24 months", "2 years", "2年"),
    ("1 year end 18:00", "1 year end 18:00", "1年（止于18:00）"),
    ("next workday 08:00", "next workday 08:00", "次一工作日08:00"),
    ("next workday", "next workday", "次一工作日下班时"),
    ("next workday end", "next workday", "次一工作日下班时"),
    ("previous workday 9:00", "previous workday 09:00", "前一工作日09:00"),
    ("same day 18:00", "same day 18:00", "当日18:00"),
    ("after 8:00", "after 08:00", "其后首个08:00（恰在起算之时的取再后一个）"),
    ("next day 09:00", "next day 09:00", "次日09:00"),
    ("previous day 09:00", "previous day 09:00", "前日09:00"),
    ("day end", "day end", "当日24:00"),
    ("24:00", "day end", "当日24:00"),
    ("workday end", "workday end", "当个工作日下班时"),
    ("week end", "week end", "本周日24:00"),
    ("month end", "month end", "本月末24:00"),
    ("quarter end", "quarter end", "本季末24:00"),
    ("year end", "year end", "本年末24:00"),
    ("month day 5 09:00", "month day 5 09:00", "其后首个5日09:00"),
    ("month workday 5 18:00", "month workday 5 18:00", "其后首个月度第5个工作日18:00"),
    ("quarter day 3 09:00", "quarter day 3 09:00", "其后首个季度第3天09:00"),
    ("year 12-31 18:00", "year 12-31 18:00", "其后首个12月31日18:00"),
    ("next month day 5 18:00", "next month day 5 18:00", "次月5日18:00"),
    ("next month workday 5 18:00", "next month workday 5 18:00", "次月第5个工作日18:00"),
    ("next month end", "next month end", "次月末24:00"),
    ("next week monday 12:00", "next week monday 12:00", "下周一12:00"),
    ("week monday 12:00", "week monday 12:00", "其后首个周一12:00"),
    ("18:00", "18:00", "其后首个18:00"),
]


@pytest.mark.parametrize(("text", "printed", "words"), WRITTEN)
def test_a_span_is_read_printed_and_said(text: str, printed: str, words: str) -> None:
    span = parse_span(text)

    assert printed == span_text(span)
    assert words == span_words(span)
    assert span == parse_span(printed)


def test_spans_carry_their_length_in_their_unit() -> None:
    assert parse_span("24 h") == Elapsed(24 * 60)
    assert parse_span("4 work hours") == WorkTime(4 * 60)
    assert parse_span("2 workdays") == Workdays(2, end=None)
    assert parse_span("2 weeks") == Days(14, END_OF_DAY)
    assert parse_span("1 year") == Months(12, END_OF_DAY)


REFUSED = [
    ("3 wd", "看不懂的时长“3 wd”：请写 3 workdays"),
    ("2个工作日", "看不懂的时长“2个工作日”：请写 2 workdays"),
    ("24小时", "看不懂的时长“24小时”：请写 24 h"),
    ("30 s", "看不懂的时长“30 s”：时限不按秒计，请写整分钟，例如 1 min"),
    ("0 h", "时长必须大于零，不能是 0：当日为限写 day end 或 workday end"),
    ("200 years", "时长 2400 超过 100 年：请核对数字和单位"),
    ("next day", "“next day”缺少时刻：请写 next day 09:00"),
    ("month day 5", "“month day 5”缺少时刻：请写 month day 5 09:00"),
    ("next day 25:00", "时刻“25:00”不存在：请写 00:00 到 24:00，例如 09:00"),
    ("18:60", "时刻“18:60”不存在：请写 00:00 到 24:00，例如 09:00"),
    ("2 workdays end noon", "时刻“noon”不存在：请写 00:00 到 24:00，例如 09:00"),
    ("2 workdays end 00:00", "期限不能止于 00:00：当日结束的午夜写 24:00"),
    ("4 h end 18:00", "“4 h end 18:00”按小时或分钟计，没有日终时刻：请去掉 end 18:00"),
    ("month day 32 09:00", "日“32”不存在：请写 1 到 31"),
    ("month workday 24 09:00", "当月第几个工作日“24”不存在：请写 1 到 23"),
    ("year 02-30 09:00", "2 月的日“30”不存在：请写 1 到 29"),
    ("year 13-01 09:00", "月“13”不存在：请写 1 到 12"),
    ("same month end", "same 只用于 same day，例如 same day 18:00；其余不写 same 即指其后首个"),
    ("previous month end", "previous 只用于 previous day 和 previous workday，例如 previous workday 09:00"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_not_a_span_is_refused_with_what_to_write_instead(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        parse_span(text)


@pytest.mark.parametrize(
    "text", ["", "soon", "workday 8", "-1 h", "1.5 h", "24 h 30 min", "next", "week someday 09:00"]
)
def test_what_looks_like_nothing_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=f"^看不懂的时长“{text}”：可写 24 h、30 min、4 work hours、2 workdays"):
        parse_span(text)


PERIODS = [
    ("day 09:00", "day 09:00", "每日09:00"),
    ("09:00", "day 09:00", "每日09:00"),
    ("workday 09:00", "workday 09:00", "每个工作日09:00"),
    ("workday end", "workday end", "每个工作日下班时"),
    ("week monday 09:00", "week monday 09:00", "每周一09:00"),
    ("month day 1 00:00", "month day 1 00:00", "每月1日00:00"),
    ("month workday 5 18:00", "month workday 5 18:00", "每月第5个工作日18:00"),
    ("month end", "month end", "每月末24:00"),
    ("quarter day 1 09:00", "quarter day 1 09:00", "每季第1天09:00"),
    ("quarter end", "quarter end", "每季末24:00"),
    ("year 12-01 09:00", "year 12-01 09:00", "每年12月1日09:00"),
    ("30 min", "30 min", "每30分钟"),
    ("3 workdays", "3 workdays", "每3个工作日"),
]


@pytest.mark.parametrize(("text", "printed", "words"), PERIODS)
def test_a_period_is_read_printed_and_said(text: str, printed: str, words: str) -> None:
    every = parse_every(text)

    assert printed == every_text(every)
    assert words == every_words(every)
    assert every == parse_every(printed)


@pytest.mark.parametrize("text", ["", "next workday 08:00", "month", "monthly", "month day 1"])
def test_what_is_not_a_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=f"^看不懂的周期“{text}”：可写 day 09:00、workday 09:00、week monday 09:00"):
        parse_every(text)


def test_the_end_of_the_day_is_not_its_beginning() -> None:
    assert (time(0), END_OF_DAY, time(9, 5)) == tuple(map(parse_clock, ("00:00", "24:00", "9:05")))
    assert tuple(map(clock_text, (time(0), END_OF_DAY, time(9, 5)))) == ("00:00", "24:00", "09:05")
