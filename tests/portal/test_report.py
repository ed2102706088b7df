"""Bringing something: which house, what may be brought there, one case however often it is sent, and its receipt."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shouwen.casework import handle, procedures
from shouwen.core.commands import Act
from shouwen.core.world import CUSTOMER
from shouwen.store import models as rows
from tests.portal import town
from tests.portal.town import text


def test_where_there_are_several_houses_one_is_chosen_first(phone: Client) -> None:
    page = text(phone.get("/portal/"))

    assert [f'href="/portal/at/{unit}/"' in page for unit in ("JF", "YX", "ZXL", "WJZ")] == [True] * 4
    assert "/portal/at/QY/" not in page


def test_a_house_offers_what_its_own_regulations_let_a_customer_bring(phone: Client) -> None:
    exchange, desk = text(phone.get("/portal/at/JF/")), text(phone.get("/portal/at/ZXL/"))

    assert town.CHECK in exchange
    assert town.FAULT in exchange
    assert town.COMPLAIN in desk
    assert "phone-fault" not in desk


@pytest.mark.parametrize("address", ["/portal/at/QY/", "/portal/at/ZXL-GC/", "/portal/at/nowhere/"])
def test_a_unit_that_takes_nothing_in_is_no_house(phone: Client, address: str) -> None:
    assert phone.get(address).status_code == 404


def test_he_opens_the_case_himself_where_the_regulation_lets_him(phone: Client) -> None:
    number = town.report(phone, town.FAULT, {**town.fault(), "photo": [town.photo()]})

    case = rows.Case.objects.get(number=number)
    files = rows.Attachment.objects.filter(case_id=case.case_id)
    assert (case.flow, case.unit, case.first_contact) == ("fault", "JF", CUSTOMER)
    assert [(one.name, one.added_by) for one in files] == [("现场.png", CUSTOMER)]
    assert "拿起来没有声音" in text(phone.get(f"/portal/case/{number}/"))


def test_the_same_form_sent_twice_is_one_case_under_one_code(phone: Client) -> None:
    told = town.fault()
    first = (town.report(phone, town.FAULT, told), town.receipt(phone)[1])

    again = (town.report(phone, town.FAULT, told), town.receipt(phone)[1])

    assert again == first
    assert rows.Case.objects.count() == 1


def test_who_sends_a_form_again_with_something_changed_is_told_so(phone: Client) -> None:
    told = town.fault()
    number = town.report(phone, town.FAULT, told)

    phone.post(town.FAULT, {**told, "fault_report.symptom": "现在有杂音"})

    page = text(phone.get("/portal/receipt/"))
    assert number in page
    assert "这张表此前已经送过" in page
    assert rows.Case.objects.count() == 1


def test_the_same_report_sent_twice_lies_in_the_tray_once(phone: Client) -> None:
    told = town.complaint()
    first = town.report(phone, town.COMPLAIN, told)

    again = town.report(phone, town.COMPLAIN, {**told, "photo": [town.photo()]})

    assert again == first
    assert rows.Incoming.objects.count() == 1
    assert rows.Attachment.objects.count() == 1


def test_what_is_missing_is_said_beside_what_was_typed(phone: Client) -> None:
    answer = phone.post(town.FAULT, town.fault(reporter="", callback_number=""))

    assert answer.status_code == 422
    assert "江滨路8号3幢502" in text(answer)
    assert rows.Case.objects.count() == 0


def test_a_rule_against_it_stands_there_with_its_clause(phone: Client) -> None:
    answer = phone.post(town.FAULT, town.fault(callback_number="0571-88120001"))

    assert answer.status_code == 422
    assert "回电要留另一部能接通的电话" in text(answer)
    assert "/portal/article/phone-fault/4.2/" in text(answer)


def test_a_form_has_only_what_an_outsider_may_fill(phone: Client) -> None:
    fault, complaint = text(phone.get(town.FAULT)), text(phone.get(town.COMPLAIN))

    assert 'name="fault_report.reported_at"' not in fault
    assert [f'name="complaint_register.{name}"' in complaint for name in ("content", "room", "phone")] == [True] * 3
    assert 'name="complaint_register.receiver"' not in complaint
    assert 'name="complaint_register.channel"' not in complaint


def test_a_file_that_is_none_of_those_taken_is_named_and_nothing_happens(phone: Client) -> None:
    program = SimpleUploadedFile("run.exe", b"MZ" + bytes(80))

    answer = phone.post(town.FAULT, {**town.fault(), "photo": [program]})

    assert answer.status_code == 422
    assert "run.exe" in text(answer)
    assert rows.Case.objects.count() == 0


def test_no_more_photos_than_six_at_once(phone: Client) -> None:
    answer = phone.post(town.FAULT, {**town.fault(), "photo": [town.photo(f"{n}.png") for n in range(7)]})

    assert answer.status_code == 422
    assert rows.Attachment.objects.count() == 0


def test_an_earlier_case_of_somebody_else_is_told_without_its_number_and_the_report_is_not_lost(phone: Client) -> None:
    number = town.report(Client(), town.FAULT, town.fault())
    told = town.fault(reporter="邻居", callback_number="13700001234")

    refused = phone.post(town.FAULT, told)
    kept = phone.post(town.FAULT, {**told, "tray": "1"})

    assert refused.status_code == 422
    assert number not in text(refused)
    assert "同一件事已经有人报过" in text(refused)
    assert kept.status_code == 302
    assert rows.Incoming.objects.get().flow == "fault"
    assert rows.Case.objects.count() == 1


def test_that_there_is_a_case_already_cannot_be_passed_over_with_a_reason(phone: Client) -> None:
    town.report(Client(), town.FAULT, town.fault())

    answer = phone.post(town.FAULT, {**town.fault(reporter="邻居"), "reason": "我就要另开一单"})

    assert answer.status_code == 422
    assert rows.Case.objects.count() == 1


def test_a_key_of_staff_opens_nobodys_case(phone: Client) -> None:
    """Whoever guesses the key of somebody's opening must not be handed that case."""
    known = "ab" * 16
    values = {"fault_report": {name.partition(".")[2]: text for name, text in town.fault().items() if "." in name}}
    command = Act(action="report_fault", actor="shentai", values=values, key=known)
    handle.open_case(procedures.current("phone-fault"), handle.Opening(command=command, unit="JF"))

    answer = phone.post(town.FAULT, {**town.fault(fault_number="0571-88120002"), "key": known})

    assert answer.status_code == 302
    assert rows.Case.objects.count() == 2


def test_what_is_typed_into_the_tray_is_sealed(phone: Client) -> None:
    town.report(phone, town.COMPLAIN, town.complaint())

    kept = bytes(rows.Incoming.objects.get().sealed)
    assert "周明".encode() not in kept
    assert b"13800005566" not in kept


def test_the_receipt_is_read_by_who_brought_it_alone(phone: Client) -> None:
    town.report(phone, town.FAULT, town.fault())

    answer = Client().get("/portal/receipt/")

    assert (answer.status_code, answer["Location"]) == (302, "/portal/follow/")


def test_only_digests_of_codes_are_kept(phone: Client) -> None:
    town.report(phone, town.FAULT, town.fault())
    code = town.receipt(phone)[1]

    held = rows.FollowCode.objects.get()

    assert held.digest is not None
    assert code.encode() not in bytes(held.digest)
