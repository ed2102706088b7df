"""Signing in over HTTP, on the real database."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pyotp
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client

from shouwen.accounts import access, limits, presence, second_factor
from shouwen.accounts.models import Account, Attempt, RecoveryCode

pytestmark = pytest.mark.django_db

PASSWORD = "blue-teapot-9"
NOW = datetime(2026, 9, 30, 23, 59, 30, tzinfo=UTC)


@pytest.fixture
def li() -> Account:
    return access.create("li.na", PASSWORD, "li-na")


def sign_in(client: Client, username: str = "li.na", password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def signed_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_the_right_password_leads_in(client: Client, li: Account):
    answer = sign_in(client, " LI.NA ")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)
    assert answer.cookies["sessionid"]["httponly"]


def test_full_width_letters_are_the_same_name(client: Client, li: Account):
    sign_in(client, "ｌｉ．ｎａ")

    assert signed_in(client)


@pytest.mark.parametrize("username, password", [("li.na", "blue-teapot-8"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_a_wrong_name_are_answered_alike(
    client: Client, li: Account, username: str, password: str
):
    answer = sign_in(client, username, password)

    assert answer.status_code == 200
    assert "账号或密码不对" in text(answer)
    assert 'aria-describedby="password-error"' in text(answer)
    assert PASSWORD not in text(answer)
    assert not signed_in(client)


def test_an_empty_form_says_what_is_missing_at_each_field(client: Client):
    answer = sign_in(client, "", "")

    assert "请填写账号" in text(answer)
    assert "请填写密码" in text(answer)
    assert Attempt.objects.count() == 0


def test_a_closed_account_leads_nowhere(client: Client, li: Account):
    access.close(li)

    assert "账号或密码不对" in text(sign_in(client))


def test_too_many_wrong_passwords_close_the_name_for_a_while_even_to_the_right_one(client: Client, li: Account):
    for _ in range(10):
        assert sign_in(client, password="no-such-thing").status_code == 200

    answer = sign_in(client)

    assert answer.status_code == 429
    assert re.search(r"请等 1[45] 分钟再试", text(answer))
    assert not signed_in(client)


def test_a_name_that_does_not_exist_closes_in_the_same_way(client: Client):
    for _ in range(10):
        assert sign_in(client, "nobody").status_code == 200

    assert sign_in(client, "nobody").status_code == 429


def test_the_window_passes(li: Account):
    for _ in range(10):
        access.recognise("li.na", "no-such-thing", address="10.0.0.1", at=NOW)
    with pytest.raises(limits.TooMany) as closed:
        access.recognise("li.na", PASSWORD, address="10.0.0.1", at=NOW + timedelta(minutes=14, seconds=50))

    after = access.recognise("li.na", PASSWORD, address="10.0.0.1", at=NOW + timedelta(minutes=15))

    assert closed.value.minutes == 1
    assert after == li


def test_signing_in_forgives_earlier_mistakes(li: Account):
    for _ in range(9):
        access.recognise("li.na", "no-such-thing", address="10.0.0.1", at=NOW)
    access.recognise("li.na", PASSWORD, address="10.0.0.1", at=NOW)

    for _ in range(10):
        assert access.recognise("li.na", "no-such-thing", address="10.0.0.1", at=NOW) is None


def test_one_address_may_not_go_through_many_names():
    for number in range(60):
        limits.try_once([limits.name(f"name-{number}"), limits.address("10.0.0.1")], NOW)

    with pytest.raises(limits.TooMany):
        limits.try_once([limits.name("another"), limits.address("10.0.0.1")], NOW)
    limits.try_once([limits.name("another"), limits.address("10.0.0.2")], NOW)


def test_old_attempts_are_swept_away():
    limits.try_once([limits.name("li.na")], NOW)

    limits.try_once([limits.name("other")], NOW + timedelta(hours=1))

    assert Attempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_count_each():
    refused = []

    def guess() -> None:
        try:
            limits.try_once([limits.name("li.na")], NOW)
        except limits.TooMany:
            refused.append(1)
        finally:
            connection.close()

    guesses = [threading.Thread(target=guess) for _ in range(24)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()

    assert (len(refused), Attempt.objects.count()) == (14, 10)


@pytest.mark.parametrize(
    "wanted, expected",
    [
        ("/cases/1/?tab=paper", "/cases/1/?tab=paper"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("cases/1/", "/"),
        ("", "/"),
    ],
)
def test_one_comes_back_only_to_pages_of_the_program(client: Client, li: Account, wanted: str, expected: str):
    answer = sign_in(client, next=wanted)

    assert answer["Location"] == expected


def test_a_page_that_needs_signing_in_leads_to_the_door_and_back(client: Client, li: Account):
    led = client.get("/account/?done=password")

    assert led["Location"] == f"/sign-in/?next={quote('/account/?done=password', safe='/')}"
    assert 'value="/account/?done=password"' in text(client.get(led["Location"]))


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client: Client):
    led = client.post("/account/sign-out-everywhere/", headers={"referer": "http://testserver/account/?x=1"})

    assert led["Location"] == f"/sign-in/?next={quote('/account/?x=1', safe='/')}"


def test_htmx_is_sent_away_with_the_whole_page(client: Client):
    led = client.get("/account/", headers={"hx-request": "true", "hx-current-url": "http://testserver/cases/?a=b"})

    assert (led.status_code, led["HX-Redirect"]) == (401, f"/sign-in/?next={quote('/cases/?a=b', safe='/')}")


def test_signing_out_needs_a_post_and_ends_this_browser(client: Client, li: Account):
    sign_in(client)

    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")

    assert not signed_in(client)


def test_signing_out_everywhere_ends_other_browsers_too(client: Client, li: Account):
    other = Client()
    sign_in(client)
    sign_in(other)
    assert signed_in(other)

    client.post("/account/sign-out-everywhere/")

    assert not signed_in(client)
    assert not signed_in(other)


def test_another_process_learns_of_it_within_seconds(client: Client, li: Account, monkeypatch: pytest.MonkeyPatch):
    sign_in(client)
    assert signed_in(client)
    Account.objects.filter(pk=li.pk).update(epoch=1)  # as another process does it: nothing is told here

    assert signed_in(client)
    monkeypatch.setattr(presence, "FRESH", 0.0)
    presence.forget(li.pk)

    assert not signed_in(client)


def test_a_session_is_looked_up_once_for_many_requests(client: Client, li: Account, django_assert_num_queries):
    sign_in(client)
    client.get("/sign-in/")

    with django_assert_num_queries(0):
        for _ in range(5):
            client.get("/sign-in/")


def test_a_forged_cookie_is_nobody(client: Client, li: Account):
    sign_in(client)
    client.cookies["sessionid"] = client.cookies["sessionid"].value[:-2] + "xx"

    assert not signed_in(client)


def test_when_somebody_was_last_here_is_known(client: Client, li: Account):
    sign_in(client)
    client.get("/account/")

    li.refresh_from_db()
    assert li.last_seen is not None


def test_a_page_of_somebodys_is_not_kept_by_the_browser(client: Client, li: Account):
    sign_in(client)

    assert "no-store" in client.get("/account/")["Cache-Control"]


# passwords


def test_a_new_password_counts_at_once_and_ends_other_browsers(client: Client, li: Account):
    other = Client()
    sign_in(client)
    sign_in(other)

    answer = client.post(
        "/account/password/", {"current": PASSWORD, "new": "green-kettle-7", "again": "green-kettle-7"}
    )

    assert answer["Location"] == "/account/?done=password"
    assert signed_in(client)
    assert not signed_in(other)
    sign_in(other, password="green-kettle-7")
    assert signed_in(other)


@pytest.mark.parametrize(
    "current, new, again, field, said",
    [
        ("wrong", "green-kettle-7", "green-kettle-7", "current", "密码不对"),
        (PASSWORD, "green-kettle-7", "green-kettle-8", "again", "两次输入的新密码不一样"),
        (PASSWORD, "short-1", "short-1", "new", "8"),
        (PASSWORD, "71528394068", "71528394068", "new", "数字"),
        (PASSWORD, "", "", "new", "请填写新密码"),
    ],
)
def test_what_is_wrong_with_a_new_password_stands_at_its_field(
    client: Client, li: Account, current: str, new: str, again: str, field: str, said: str
):
    sign_in(client)

    answer = text(client.post("/account/password/", {"current": current, "new": new, "again": again}))

    assert said in answer.partition(f'id="{field}-error"')[2].partition("</p>")[0]
    li.refresh_from_db()
    assert li.check_password(PASSWORD)


def test_an_account_is_not_made_twice_nor_with_a_weak_password(li: Account):
    with pytest.raises(IntegrityError), transaction.atomic():
        access.create("LI.NA", PASSWORD, "somebody-else")
    with pytest.raises(ValidationError):
        access.create("wang", "password", "wang")


def test_many_accounts_are_made_with_one_password():
    access.create_all([access.Newcomer("a", "person-a"), access.Newcomer("b", "person-b", True)], PASSWORD)

    assert access.recognise("b", PASSWORD, address="", at=NOW) == Account.objects.get(person="person-b")


# second step


@pytest.fixture
def guarded(li: Account) -> tuple[Account, str, list[str]]:
    """An account with a second step that was set up an hour ago: its secret and recovery codes."""
    secret = second_factor.begin()
    before = datetime.now(UTC) - timedelta(hours=1)
    codes = second_factor.confirm(li, secret, pyotp.TOTP(secret).at(before), before)
    assert codes
    return li, secret, codes


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).now()


def test_the_second_step_is_set_up_with_the_square_and_a_first_code(client: Client, li: Account):
    sign_in(client)
    page = text(client.get("/account/second-factor/"))
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret
    assert "<svg" in page

    wrong = client.post("/account/second-factor/", {"code": "000000", "current": PASSWORD})
    right = client.post("/account/second-factor/", {"code": code_of(secret[1]), "current": PASSWORD})

    assert secret[1] in text(wrong)
    assert "验证码不对" in text(wrong)
    assert len(re.findall(r"<li><code>\w{5}-\w{5}</code>", text(right))) == 8
    li.refresh_from_db()
    assert li.has_second_factor
    assert secret[1] not in li.totp_secret
    assert signed_in(client)


def test_the_password_alone_is_not_enough_then(client: Client, guarded: tuple[Account, str, list[str]]):
    led = sign_in(client, next="/cases/")

    assert led["Location"] == "/sign-in/code/?next=/cases/"
    assert not signed_in(client)
    answer = client.post(led["Location"], {"code": code_of(guarded[1])})
    assert answer["Location"] == "/cases/"
    assert signed_in(client)


def test_a_code_counts_once(client: Client, guarded: tuple[Account, str, list[str]]):
    code, thief = code_of(guarded[1]), Client()
    sign_in(client)
    client.post("/sign-in/code/", {"code": code})
    sign_in(thief)

    answer = thief.post("/sign-in/code/", {"code": code})

    assert "已经用过" in text(answer)
    assert not signed_in(thief)


def test_a_telephone_may_be_half_a_minute_off_but_no_more(guarded: tuple[Account, str, list[str]]):
    account, secret, _ = guarded
    now = datetime.now(UTC) + timedelta(hours=1)
    totp = pyotp.TOTP(secret)

    assert not second_factor.passes(account, totp.at(now - timedelta(seconds=60)), now)
    assert second_factor.passes(account, totp.at(now - timedelta(seconds=30)), now)
    assert second_factor.passes(account, totp.at(now + timedelta(seconds=30)), now)
    assert not second_factor.passes(account, totp.at(now), now), "an earlier code than one that was used"


def test_a_recovery_code_stands_in_once(client: Client, guarded: tuple[Account, str, list[str]]):
    _, _, codes = guarded
    sign_in(client)
    client.post("/sign-in/code/", {"code": codes[0].upper().replace("-", " ")})
    assert signed_in(client)

    client.post("/sign-out/")
    sign_in(client)
    client.post("/sign-in/code/", {"code": codes[0]})

    assert not signed_in(client)
    assert RecoveryCode.objects.count() == 7


def test_codes_cannot_be_guessed_on_and_on(client: Client, guarded: tuple[Account, str, list[str]]):
    sign_in(client)
    for _ in range(5):
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 200

    answer = client.post("/sign-in/code/", {"code": code_of(guarded[1])})

    assert answer.status_code == 429
    assert not signed_in(client)


def test_nobody_comes_to_the_second_step_without_the_first(client: Client, guarded: tuple[Account, str, list[str]]):
    answer = client.post("/sign-in/code/", {"code": code_of(guarded[1])})

    assert answer["Location"] == "/sign-in/?next=/"


def test_the_second_step_is_dropped_with_the_password_only(client: Client, guarded: tuple[Account, str, list[str]]):
    account, secret, _ = guarded
    sign_in(client)
    client.post("/sign-in/code/", {"code": code_of(secret)})

    client.post("/account/second-factor/drop/", {"current": "wrong"})
    account.refresh_from_db()
    assert account.has_second_factor
    client.post("/account/second-factor/drop/", {"current": PASSWORD})

    account.refresh_from_db()
    assert not account.has_second_factor
    assert signed_in(client)


# the program's pulse


def test_health_answers_anybody(client: Client):
    answer = client.get("/health/")

    assert (answer.status_code, answer.json()) == (200, {"database": True})


def test_the_door_works_without_scripts_and_helps_password_keepers(client: Client):
    page = text(client.get("/sign-in/"))

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert '<label for="username">' in page
    assert "<script" not in page.partition("<main")[2]
