"""Forms from rules and back: what is typed reaches the judge as it was typed, and comes back so if he refuses."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from shouwen.core.case import Case
from shouwen.core.commands import Act
from shouwen.core.decide import decide
from shouwen.core.offers import Offer, offers
from shouwen.core.reason import Reason, Refusal
from shouwen.core.values import Value
from shouwen.web.forms import (
    FormView,
    Person,
    Setting,
    act_form,
    offer_form,
    opening_form,
    placed,
    read_extras,
    read_post,
    row_asked,
)
from tests.web.matter import at, complaints, course, specimen

DESK = Person(code="林佳", name="林佳", roles=("front_desk",), post="前台")
SPECIMEN_KINDS = {
    "at": "moment",
    "caller": "line",
    "phone": "phone",
    "room": "area",
    "what": "area",
    "place": "select",
    "grade": "radios",
    "danger": "flag",
    "signs": "checks",
    "window": "period",
    "photo": "file",
    "taken_by": "signed",
}


def sent(form: FormView) -> QueryDict:
    """What a browser would send if the form were sent as it is drawn."""
    post = QueryDict(mutable=True)
    for section in form.sections:
        for field in section.fields:
            if field.kind == "rows":
                post[f"{field.name}.rows"] = "1"
                for row in field.rows:
                    if row.picked is not None:
                        post[f"{field.name}.{row.index}.:pick"] = "1"
                        post[f"{field.name}.{row.index}.:key"] = row.key
                        if row.picked:
                            post[f"{field.name}.{row.index}.:on"] = "1"
                    for cell in row.fields:
                        put(post, cell.name, cell.kind, cell.value, cell.until)
            else:
                put(post, field.name, field.kind, field.value, field.until)
    return post


def put(post: QueryDict, name: str, kind: str, value: str | tuple[str, ...], until: str) -> None:
    if kind in ("shown", "signed"):
        return
    if kind == "period":
        post[f"{name}.from"], post[f"{name}.until"] = str(value), until
    elif isinstance(value, tuple):
        post.setlist(name, ["", *value])
    else:
        post[name] = value


def test_every_kind_of_field_has_a_control() -> None:
    procedure, _ = specimen()
    desk = Person(code="林佳", name="林佳", roles=("desk",))

    form = opening_form(procedure, "register", Setting(actor=desk, role="desk"))

    assert {field.path.removeprefix("slip."): field.kind for field in form.sections[0].fields} == SPECIMEN_KINDS


def test_a_tree_of_words_offers_its_leaves_under_their_branches() -> None:
    procedure, _ = specimen()

    place = opening_form(procedure, "register", Setting(role="desk")).field("slip.place")

    assert place is not None
    assert [(option.label, option.group) for option in place.options][:4] == [
        ("厨房", "户内"),
        ("卫生间", "户内"),
        ("阳台", "户内"),
        ("外墙", "公共部位"),
    ]


def test_a_word_keeps_its_meaning_beside_it() -> None:
    procedure, _ = specimen()

    grade = opening_form(procedure, "register", Setting(role="desk")).field("slip.grade")

    assert grade is not None
    assert (grade.options[2].value, grade.options[2].label, grade.options[2].meaning) == (
        "险",
        "抢险",
        "涌水或涉及电气，立即处置",
    )


def test_the_form_of_the_register_reaches_the_judge_as_typed() -> None:
    typed = {
        "complaint_register": {
            "received_at": "2026-09-29T16:42",
            "channel": "电话",
            "recording_no": " LY-1 ",
            "caller_kind": "业主",
            "owner_name": "周敏华",
            "room": "3-2-1502",
            "phone": "138 1234 2716",
            "matter": "电梯",
            "content": "客梯停在半层，老人被困",
        }
    }
    form = opening_form(complaints(), "register", Setting(actor=DESK, role="front_desk", entered=typed))

    assert read_post(complaints(), form.paths, sent(form)) == typed


def test_a_refused_form_shows_again_what_was_typed_and_marks_what_is_missing_and_wrong() -> None:
    typed = {"complaint_register": {"channel": "电话", "phone": "不知道", "content": "短"}}
    world = course("minor-in-time-to-the-minute").shell.world
    act = Act(action="register", actor="林佳", values=typed, number="XM-2026-00001")
    refused = decide(complaints(), Case(), act, at("2026-09-29 16:42"), world)
    assert isinstance(refused, Refusal)

    form = opening_form(
        complaints(), "register", Setting(actor=DESK, role="front_desk", entered=typed, refusal=refused)
    )
    phone, room = form.field("complaint_register.phone"), form.field("complaint_register.room")

    assert phone is not None
    assert room is not None
    assert phone.value == "不知道"
    assert "不是电话号码" in phone.errors[0]
    assert room.errors == ("",)
    assert "#f-complaint_register-room" in [error.href for error in form.missing]
    assert {error.href for error in form.wrong} >= {"#f-complaint_register-phone", "#f-complaint_register-content"}
    assert read_post(complaints(), form.paths, sent(form))["complaint_register"]["phone"] == "不知道"


def test_a_reason_of_no_field_stands_on_top() -> None:
    refusal = Refusal(
        reasons=(Reason(code="need", text="先向业主说到四层意思"), Reason(code="to-be-seen", text="请确认"))
    )

    form = act_form(complaints(), complaints().actions["prejudge"], Setting(role="front_desk", refusal=refusal))

    assert [reason.code for reason in form.reasons] == ["need", "to-be-seen"]
    assert [extra.kind for extra in form.extras] == ["seen"]


def test_a_known_private_value_is_not_written_into_the_page() -> None:
    values: dict[str, Value] = {
        "complaint_register.phone": "13812342716",
        "complaint_register.owner_name": "周敏华",
        "complaint_register.room": "3-2-1502",
    }

    form = act_form(complaints(), complaints().actions["fill_sheet"], Setting(role="front_desk", values=values))
    phone, room = form.field("complaint_sheet.phone"), form.field("complaint_sheet.room")

    assert phone is not None
    assert room is not None
    assert (phone.value, phone.known) == ("", "138 **** 2716")
    assert room.value == "3-2-1502"


def test_what_must_be_given_anew_starts_blank() -> None:
    values: dict[str, Value] = {"complaint_sheet.answer_facts": "旧的情况"}

    facts = act_form(complaints(), complaints().actions["answer_owner"], Setting(values=values)).field(
        "complaint_sheet.answer_facts"
    )

    assert facts is not None
    assert (facts.value, facts.need) == ("", "required")


def test_signatures_are_by_log_in_for_the_actor_and_by_hand_for_those_outside() -> None:
    manager = Person(code="许志远", name="许志远", roles=("cs_manager",))

    form = act_form(complaints(), complaints().actions["callback"], Setting(actor=manager, role="cs_assistant_of_case"))
    kinds = {field.path: field.kind for section in form.sections for field in section.fields}

    assert kinds["complaint_sheet.owner_signature"] == "sign"
    assert kinds["complaint_sheet.executor_signature"] in ("signed", "person", "sign")


def test_an_act_done_row_by_row_asks_which_rows_and_sends_only_those() -> None:
    action = complaints().actions["receive"]
    offer = Offer(action=action.id, name=action.name, role="dept_head", clauses=(), items=("工程部", "秩序部"))
    form = offer_form(complaints(), offer, Setting(role="dept_head"))
    work = form.field("complaint_sheet.work")
    assert work is not None
    assert [(row.key, row.picked) for row in work.rows] == [("工程部", False), ("秩序部", False)]

    post = sent(form)
    post["complaint_sheet.work.1.:on"] = "1"

    assert read_post(complaints(), form.paths, post) == {"complaint_sheet": {"work": [{"dept": "秩序部"}]}}


def test_the_only_row_is_ticked_already() -> None:
    action = complaints().actions["analyse"]
    offer = Offer(action=action.id, name=action.name, role="dept_head", clauses=(), items=("工程部",))
    typed = {"complaint_sheet": {"work": [{"dept": "工程部", "cause": "皮带老化", "measure": "更换"}]}}

    work = offer_form(complaints(), offer, Setting(entered=typed)).field("complaint_sheet.work")

    assert work is not None
    assert work.rows[0].picked
    assert [cell.value for cell in work.rows[0].fields if cell.value] == ["皮带老化", "更换"]


def test_rows_without_a_key_start_with_a_blank_line_and_a_button_adds_one() -> None:
    action = complaints().actions["special_meeting"]
    typed = {"special_minutes": {"measures": [{"what": "更换限位开关", "dept": "工程部"}]}}
    post = QueryDict("add-row=special_minutes.measures")

    blank = act_form(complaints(), action, Setting()).field("special_minutes.measures")
    more = act_form(complaints(), action, Setting(entered=typed, more=row_asked(post))).field(
        "special_minutes.measures"
    )

    assert blank is not None
    assert more is not None
    assert [len(view.rows) for view in (blank, more)] == [1, 2]
    assert more.rows[0].fields[0].value == "更换限位开关"


def test_a_line_that_is_struck_out_is_not_read_and_blank_lines_are_left_out() -> None:
    post = QueryDict(mutable=True)
    post.update(
        {
            "special_minutes.measures.rows": "1",
            "special_minutes.measures.0.what": "甲",
            "special_minutes.measures.1.what": "乙",
            "special_minutes.measures.2.what": "",
            "drop-row": "special_minutes.measures.0",
        }
    )

    assert read_post(complaints(), ["special_minutes.measures"], post) == {
        "special_minutes": {"measures": [{"what": "乙"}]}
    }
    assert row_asked(post) == {"special_minutes.measures": -1}


def test_a_missing_column_is_marked_in_its_row() -> None:
    action = complaints().actions["analyse"]
    typed = {"complaint_sheet": {"work": [{"dept": "工程部", "cause": "皮带老化"}]}}
    outcome = course("major-from-harm-to-signature")
    before = next(played for played in outcome.steps if played.step.do == "receive")
    act = Act(action="analyse", actor="郝建", values=typed)
    refused = decide(complaints(), before.case, act, before.step.at, outcome.shell.world)
    assert isinstance(refused, Refusal)
    offer = Offer(action=action.id, name=action.name, role="dept_head", clauses=(), items=("工程部",))

    form = offer_form(complaints(), offer, Setting(entered=typed, refusal=refused))
    work = form.field("complaint_sheet.work")

    assert work is not None
    marked = {cell.path for cell in work.rows[0].fields if cell.errors}
    assert "complaint_sheet.work.measure" in marked
    assert "complaint_sheet.work.cause" not in marked
    assert "#f-complaint_sheet-work-0-measure" in [error.href for error in form.missing]


def test_lists_periods_and_choices_come_as_the_language_wants_them() -> None:
    procedure, _ = specimen()
    post = QueryDict(mutable=True)
    post.update(
        {
            "slip.witnesses": "周敏华\r\n\r\n 邵刚 ",
            "slip.window.from": "2026-09-29T17:00",
            "slip.window.until": "",
            "slip.danger": "yes",
        }
    )
    post.setlist("slip.signs", ["", "水渍", "滴水"])

    assert read_post(procedure, ["slip.witnesses", "slip.window", "slip.danger", "slip.signs"], post) == {
        "slip": {
            "witnesses": ["周敏华", "邵刚"],
            "window": {"from": "2026-09-29T17:00", "until": ""},
            "danger": "yes",
            "signs": ["水渍", "滴水"],
        }
    }


def test_fields_that_the_form_does_not_ask_for_are_not_read() -> None:
    post = QueryDict("complaint_register.room=1&complaint_register.times=9&other.field=x")

    assert read_post(complaints(), ["complaint_register.room"], post) == {"complaint_register": {"room": "1"}}


def test_what_an_act_carries_besides_fields_is_read_too() -> None:
    post = QueryDict("reason=业主在场&seen=1&present=许志远&present=罗凯&happened=")

    assert read_extras(post) == {"reason": "业主在场", "seen": True, "present": ("许志远", "罗凯")}


def test_values_of_the_case_stand_as_they_would_be_typed_and_are_accepted_again() -> None:
    procedure, outcome = specimen()
    played = next(one for one in outcome.steps if one.step.do == "survey" and not one.refusal)
    foreman = Person(code="罗海涛", name="罗海涛", roles=("foreman",))
    setting = Setting(actor=foreman, role="foreman", people=(foreman,), values=played.case.values)

    form = act_form(procedure, procedure.actions["survey"], setting)
    entered = read_post(procedure, form.paths, sent(form))["slip"]

    assert (entered["area"], entered["share"], entered["rooms"], entered["stay"]) == ("1.5", "30 %", "2", "24 h")


@pytest.mark.parametrize("action", sorted(complaints().actions))
def test_every_form_of_a_procedure_can_be_drawn_and_read_back(action: str) -> None:
    form = act_form(complaints(), complaints().actions[action], Setting(actor=DESK, role="front_desk"))

    read_post(complaints(), form.paths, sent(form))

    assert form.name == complaints().actions[action].name


def test_offers_of_a_played_case_become_forms() -> None:
    outcome = course("major-from-harm-to-signature")
    played = outcome.steps[4]
    found = offers(complaints(), played.case, "许志远", played.step.at, outcome.shell.world)
    people = tuple(Person(code=one.person, name=one.person, roles=(one.role,)) for one in outcome.shell.world.holdings)

    forms = [
        offer_form(complaints(), offer, replace(Setting(people=people, values=played.case.values), at=played.step.at))
        for offer in found
        if not offer.builtin
    ]

    assert forms
    assert all(form.name for form in forms)


def test_a_file_of_a_row_is_kept_under_its_column_with_the_rows_key() -> None:
    post = QueryDict(mutable=True)
    post.update({"complaint_sheet.work.1.:pick": "1", "complaint_sheet.work.1.:key": "秩序部"})
    post.update({"complaint_sheet.work.2.:pick": "1", "complaint_sheet.work.2.:key": "工程部"})
    post.update({"complaint_sheet.work.2.:on": "1", "special_minutes.measures.0.what": "换开关"})

    def kept(name: str) -> str | None:
        found = placed(complaints(), name, post)
        return found[1] if found else None

    assert kept("complaint_sheet.owner_signature") == "complaint_sheet.owner_signature"
    assert kept("complaint_sheet.work.2.result") == "complaint_sheet.work.result#工程部"
    assert kept("complaint_sheet.work.1.result") is None
    assert kept("special_minutes.measures.0.what") == "special_minutes.measures.what"
    assert kept("complaint_sheet.work.2.nothing") is None
    assert kept("nothing.work.2.result") is None
