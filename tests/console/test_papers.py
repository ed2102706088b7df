"""Every form of a case as its paper: numbered, masked or not, by copy, with what was drawn."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from shouwen.casework import attachments
from shouwen.clock import now
from shouwen.store import models as rows
from tests import office

ComeIn = Callable[[str], Client]
#: a form that nobody fills, signs or numbers
MARKS = "handling"
DRAWN = "data:image/png;base64,iVBORw0KGgoAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def case(open_office: None) -> rows.Case:
    """A major complaint with its sheet."""
    office.graded_major()
    return rows.Case.objects.get()


def test_every_form_prints_whether_anything_is_on_it_or_not(come_in: ComeIn, case: rows.Case) -> None:
    client = come_in("xuzy")
    forms = [form for form in office.law().procedure.forms.values() if not form.register and form.id != MARKS]

    answers = {form.id: client.get(f"/cases/{case.number}/papers/{form.id}/") for form in forms}

    assert {answer.status_code for answer in answers.values()} == {200}
    for form in forms:
        assert f">{form.name}</h1>" in text(answers[form.id])


def test_marks_that_rules_keep_for_themselves_are_no_paper(come_in: ComeIn, case: rows.Case) -> None:
    client, marks = come_in("xuzy"), office.law().procedure.forms[MARKS]

    page = text(client.get(f"/cases/{case.number}/"))

    assert marks.name not in page[page.index("<h2>纸面</h2>") : page.index("<h2>附件</h2>")]
    assert client.get(f"/cases/{case.number}/papers/{MARKS}/").status_code == 404
    assert client.get(f"/cases/{case.number}/papers/{MARKS}.pdf").status_code == 404


def test_a_paper_bears_its_number_and_every_field_in_the_order_of_the_form(come_in: ComeIn, case: rows.Case) -> None:
    shown = text(come_in("xuzy").get(f"/cases/{case.number}/papers/complaint_sheet/"))

    form = office.law().procedure.forms["complaint_sheet"]
    assert f"编号 {case.number}" in shown
    places = [
        shown.find(f">{field.name}</th>")
        for field in form.fields.values()
        if field.type != "signature" and not field.hidden_from
    ]
    assert -1 not in places
    assert places == sorted(places)


def test_personal_data_on_a_paper_is_masked_until_somebody_asks(come_in: ComeIn, case: rows.Case) -> None:
    client, address = come_in("xuzy"), f"/cases/{case.number}/papers/complaint_sheet/"
    assert "周敏华" not in text(client.get(address))

    back = client.post(
        f"/cases/{case.number}/look/",
        {"field": ["complaint_sheet.owner_name", "complaint_sheet.phone"], "back": address},
    )

    assert back["Location"] == address
    assert "周敏华" in text(client.get(address))
    assert rows.Look.objects.count() == 2


def test_after_looking_nobody_is_led_out_of_the_case(come_in: ComeIn, case: rows.Case) -> None:
    back = come_in("xuzy").post(f"/cases/{case.number}/look/", {"back": "https://elsewhere.example/"})

    assert back["Location"] == f"/cases/{case.number}/"


def test_a_copy_that_does_not_exist_is_not_found(come_in: ComeIn, case: rows.Case) -> None:
    assert come_in("xuzy").get(f"/cases/{case.number}/papers/reply_letter/?copy=没有这一联").status_code == 404


def test_a_copy_says_which_one_it_is(come_in: ComeIn, case: rows.Case) -> None:
    copy = office.law().procedure.forms["reply_letter"].copies[0]

    shown = text(come_in("xuzy").get(f"/cases/{case.number}/papers/reply_letter/?copy={copy.name}"))

    assert copy.name in shown


def draw(case: rows.Case, field: str) -> None:
    kept = attachments.add_drawing(case.case_id, "签名.png", DRAWN, field=field, person="linjia", at=now())
    assert isinstance(kept, attachments.Attachment)


def test_a_signature_drawn_by_hand_stands_on_the_paper_and_not_among_the_files(
    come_in: ComeIn, case: rows.Case
) -> None:
    draw(case, "complaint_register.receiver")
    client = come_in("xuzy")

    assert f'src="{DRAWN}"' in text(client.get(f"/cases/{case.number}/papers/complaint_register/"))
    assert "签名.png" not in text(client.get(f"/cases/{case.number}/"))


def test_a_drawing_whose_signature_was_given_up_stands_on_no_paper(come_in: ComeIn, case: rows.Case) -> None:
    draw(case, "complaint_sheet.owner_signature")

    assert DRAWN not in text(come_in("xuzy").get(f"/cases/{case.number}/papers/complaint_sheet/"))
