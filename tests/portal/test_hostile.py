"""What no form of ours sends, and what no customer should reach."""

from datetime import datetime

import pytest
from django.test import Client

from shouwen.casework import customers, filed
from shouwen.core.offers import offers
from shouwen.store import models as rows
from tests.portal import town
from tests.portal.town import text

PAGES = (
    "/portal/",
    "/portal/at/JF/",
    "/portal/at/YX/notices/",
    "/portal/follow/",
    town.FAULT,
    "/portal/article/phone-fault/4.2/",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_kept_to_its_own_and_by_nobody_else(phone: Client, address: str) -> None:
    answer = phone.get(address)

    policy = answer["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
    assert "no-store" in answer["Cache-Control"]
    assert "<script>" not in text(answer)


@pytest.mark.parametrize(
    "address",
    [
        "/portal/at/JF/report/phone-fault/accept_report/",
        "/portal/at/JF/report/phone-fault/record_installation/",
        "/portal/at/JF/report/property-complaint/register/",
        "/portal/at/ZXL/report/property-complaint/archive/",
        "/portal/at/JF/report/nothing/nothing/",
        "/portal/article/phone-fault/99.9/",
        "/portal/article/nothing/1/",
        "/portal/brought/LJ-ZXL-2026-00001/",
        "/portal/at/%00/",
        "/portal/case/%00/do/x/",
    ],
)
def test_what_is_not_his_does_not_exist(phone: Client, address: str) -> None:
    assert phone.get(address).status_code == 404
    assert phone.post(address, {"key": town.key()}).status_code in (404, 405)


@pytest.mark.parametrize("key", ["", "x", "open", "../../etc", "ab" * 40, "\0", "portal:" + "a" * 32])
def test_a_forged_key_is_none(phone: Client, key: str) -> None:
    answer = phone.post(town.FAULT, {**town.fault(), "key": key})

    assert answer.status_code == 302
    assert rows.Case.objects.count() == 1


def test_fields_of_staff_are_not_taken_from_an_outsider(phone: Client) -> None:
    sent = {**town.fault(), "fault_report.accepted_by": "shentai", "fault_report.reported_at": "2020-01-01T00:00"}

    number = town.report(phone, town.FAULT, sent)

    case = filed.load(town.case_of(number))[0].case
    moment = case.values["fault_report.reported_at"]
    assert isinstance(moment, datetime)
    assert moment.year > 2020
    assert "fault_report.accepted_by" not in case.values


def test_what_is_typed_is_shown_as_text(phone: Client) -> None:
    number = town.report(phone, town.FAULT, town.fault(symptom="<script>alert(1)</script>听不到"))

    page = text(phone.get(f"/portal/case/{number}/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_form_of_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)

    answers = [
        strict.post("/portal/follow/", {"number": "x", "code": "y"}).status_code,
        strict.post("/portal/leave/").status_code,
        strict.post("/portal/follow/code/", {"number": "x", "phone": "y"}).status_code,
    ]

    assert answers == [403, 403, 403]


def test_reports_from_one_address_end_after_a_while(phone: Client) -> None:
    answers = [phone.post(town.COMPLAIN, town.complaint()).status_code for _ in range(31)]

    assert answers == [302] * 30 + [429]
    assert rows.Incoming.objects.count() == 30


def test_a_session_of_staff_opens_no_case_on_the_portal_and_the_other_way_round(come_in, phone: Client) -> None:
    number = town.report(phone, town.FAULT, town.fault())

    staff = come_in("shentai")

    assert staff.get(f"/portal/case/{number}/").status_code == 302
    assert staff.get(f"/portal/case/{number}/do/supply/").status_code == 404
    assert phone.get(f"/cases/{number}/").status_code == 302
    assert phone.get("/incoming/").status_code == 302
    assert "申台" not in text(staff.get("/portal/"))


def test_the_cookie_is_of_the_portal_alone(phone: Client) -> None:
    phone.post(town.FAULT, town.fault())

    cookie = phone.cookies["portal"]

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/portal/", True, "Lax")


@pytest.mark.parametrize("number", ["%", "'; DROP TABLE cases; --", "９" * 60, "x" * 5000, "​"])
def test_a_number_without_meaning_is_unknown(phone: Client, number: str) -> None:
    assert phone.post("/portal/follow/", {"number": number, "code": number}).status_code == 422


def test_a_customer_acts_in_the_role_of_a_customer_alone(phone: Client) -> None:
    """Whoever is the customer of a case holds in it what `customer: yes` gives, and nothing of the house."""
    number = town.report(phone, town.FAULT, town.fault())
    found = customers.of_case(town.case_of(number))
    assert found is not None
    viewer, seen = found

    acts = {one.role for one in offers(seen.filed.law.procedure, seen.filed.case, ":customer", viewer.at, seen.world)}

    assert acts - {""} == {"user"}
    assert viewer.desks == ()
