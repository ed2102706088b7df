"""Pages speak the language that was chosen in this browser; dates, lengths and sentences follow it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import translation

from shouwen.core.phrase import counted, joined, phrase
from shouwen.web import languages, moments
from shouwen.web.phrases import listed, several, translated

WHEN = datetime(2026, 9, 29, 8, 42, tzinfo=UTC)


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_who_has_not_chosen_reads_simplified_chinese_whatever_the_browser_says() -> None:
    page = Client(headers={"Accept-Language": "en-GB,en;q=0.9"}).get("/design/")

    assert page.headers["Content-Language"] == "zh-Hans"
    assert '<html lang="zh-Hans"' in page.content.decode()


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant"), ("en", "en")])
def test_a_language_is_chosen_and_kept_in_this_browser(code: str, tag: str) -> None:
    client = Client()

    led = client.post("/language/", {"language": code, "next": "/design/?theme=dark"})
    page = client.get(led["Location"])

    assert (led.status_code, led["Location"]) == (302, "/design/?theme=dark")
    assert page.headers["Content-Language"] == tag
    assert f'<html lang="{tag}"' in page.content.decode()


@pytest.mark.parametrize("kept", ["fr", "", "zh-hans; en", "../en", "EN"])
def test_a_cookie_with_a_language_there_is_not_is_passed_over(kept: str) -> None:
    client = Client()
    client.cookies["language"] = kept

    assert client.get("/design/").headers["Content-Language"] == "zh-Hans"


def test_a_language_there_is_not_is_not_kept() -> None:
    led = Client().post("/language/", {"language": "fr", "next": "/design/"})

    assert led["Location"] == "/design/"
    assert "language" not in led.cookies


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "", "x"]
)
def test_the_switch_leads_to_no_other_host(wanted: str) -> None:
    led = Client().post("/language/", {"language": "en", "next": wanted})

    assert led["Location"] == "/"


def test_the_switch_stands_on_the_page_and_leads_back_to_it() -> None:
    page = Client().get("/design/?density=compact").content.decode()

    assert '<form method="post" action="/language/" data-keeps>' in page
    assert '<input type="hidden" name="next" value="/design/?density=compact">' in page
    for code, tag, name in languages.names():
        assert f'value="{code}" lang="{tag}"' in page
        assert f">{name}</button>" in page


def test_a_page_that_answered_a_form_leads_back_to_the_page_with_the_form() -> None:
    request = RequestFactory().post("/cases/open/", headers={"Referer": "https://house.example/intake/?flow=a"})

    assert languages.back(request) == "/intake/?flow=a"


def test_every_language_has_a_tag() -> None:
    assert [code for code, _, _ in languages.names()] == [code for code, _ in settings.LANGUAGES]


def test_moments_and_lengths_in_english(english: None) -> None:
    assert moments.moment(WHEN) == "Tue 29 Sep 16:42"
    assert moments.near(WHEN, WHEN + timedelta(days=1)) == "yesterday 16:42"
    assert moments.written(WHEN) == "29 Sep 2026 16:42"
    assert moments.day(date(2027, 1, 4), now=date(2026, 9, 29)) == "Mon 4 Jan 2027"
    assert moments.length(timedelta(hours=2, minutes=34)) == "2 h 34 min"
    assert moments.length(timedelta(days=6, hours=2)) == "6 d 2 h"


def test_moments_in_traditional_chinese() -> None:
    with translation.override("zh-hant"):
        assert moments.moment(WHEN) == "9月29日 週二 16:42"
        assert moments.length(timedelta(hours=2, minutes=34)) == "2時34分"


def test_the_script_and_the_page_say_lengths_with_the_same_words(english: None) -> None:
    words = languages.script_words()

    assert words["hours"].format(hours=3, minutes="09") == moments.length(timedelta(hours=3, minutes=9))
    assert words["left"].format(length=moments.length(timedelta(minutes=27))) == "27 min left"


def test_a_phrase_is_the_chinese_sentence_until_it_is_translated() -> None:
    made = phrase("周二")

    assert made == "周二"
    assert translated(made) == "周二"


def test_a_phrase_is_said_anew_with_its_arguments(english: None) -> None:
    inner = phrase("{minutes}分", minutes=27)
    outer = phrase("余{length}", length=inner)

    assert outer == "余27分"
    assert translated(outer) == "27 min left"
    assert translated(joined([phrase("今天"), "王师傅"])) == "today, 王师傅"
    assert listed([phrase("今天"), phrase("明天")]) == "today, tomorrow"


def test_what_is_no_phrase_stays_as_it_was_written(english: None) -> None:
    assert translated("周二") == "周二"


def test_numbers_of_things_take_the_plural_where_there_is_one(english: None) -> None:
    # Two messages that no catalogue has are said as they are written, whatever the number.
    assert counted("{n}个", n=2) == "2个"
    assert translated(counted("{n}个", n=2)) == "2个"
    assert several("{n}个", 2) == "2个"
