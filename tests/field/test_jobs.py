"""Today's jobs: whose, in which order, with what of the customer; one job with its next act."""

import re
from collections.abc import Callable

from django.test import Client

from tests.field.hours import Clock

ComeIn = Callable[[str], Client]


def _numbers(page: str) -> list[str]:
    """The numbers of the jobs on a page, in order."""
    return re.findall(r'class="job" data-number="([^"]+)"', page)


def test_late_jobs_come_first_then_what_is_due_today_then_what_has_no_limit(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    free = site.repaired("08:40")
    later = site.signed("12:00", appointed_at="2026-09-29 17:00")
    late = site.signed("09:30")
    soon = site.signed("11:00")
    clock.set("12:10")

    page = technician.get("/field/").content.decode()

    assert [case.number for case in (late, soon, later, free)] == _numbers(page)
    # Of these, one hour was agreed upon.
    assert page.count("约定") == 1


def test_a_job_has_its_place_a_way_there_and_the_number_to_call(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00", unit="A座2002", contact_phone="13800005666")
    clock.set("09:05")

    page = technician.get(f"/field/jobs/{case.number}/").content.decode()

    assert "geo:0,0?q=%E4%BA%91%E5%B2%AB%E5%A4%A7%E5%8E%A6%20A%E5%BA%A72002" in page
    assert 'href="tel:13800005666"' in page
    assert "冯玉兰" in page
    assert "〔3b〕" not in page  # the brackets are the style sheet's
    assert ">3b</a>" in page


def test_what_is_shown_to_whoever_goes_there_is_written_down_as_a_look(come_in: ComeIn, clock: Clock) -> None:
    from shouwen.casework import looks
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("09:05")
    assert case.case_id is not None

    technician.get(f"/field/jobs/{case.number}/")
    technician.get(f"/field/jobs/{case.number}/")

    seen = [(look.person, look.field) for look in looks.of_case(case.case_id)]
    assert sorted(seen) == [("zhaoyong", "work_order.contact_phone"), ("zhaoyong", "work_order.user_name")]


def test_a_colleagues_job_stands_apart_and_masked_until_somebody_looks(come_in: ComeIn, clock: Clock) -> None:
    from shouwen.casework import looks
    from tests.field import site

    colleague = come_in("tongda")
    case = site.signed("09:00", by="zhaoyong", contact_phone="13800005666")
    clock.set("09:05")
    assert case.case_id is not None

    listed = colleague.get("/field/").content.decode()
    before = colleague.get(f"/field/jobs/{case.number}/").content.decode()
    looked = colleague.post(f"/field/jobs/{case.number}/look/")
    after = colleague.get(f"/field/jobs/{case.number}/").content.decode()

    assert "赵勇" in listed[listed.index("同班组别人的活") :]
    assert "13800005666" not in listed + before
    assert looked.status_code == 302
    assert 'href="tel:13800005666"' in after
    assert {look.person for look in looks.of_case(case.case_id)} == {"tongda"}


def test_a_job_of_another_team_does_not_exist(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    stranger = come_in("gongliang")
    case = site.signed("09:00")

    answers = [stranger.get(f"/field/jobs/{case.number}/{rest}").status_code for rest in ("", "kit/", "do/arrive/")] + [
        stranger.post(f"/field/jobs/{case.number}/{rest}").status_code
        for rest in ("look/", "photos/", "do/arrive/", "also/note/")
    ]

    assert answers == [404] * 7
    assert case.number not in stranger.get("/field/").content.decode()


def test_whoever_sits_at_a_desk_is_told_that_this_is_for_those_who_go_out(come_in: ComeIn) -> None:
    page = come_in("suqing").get("/field/").content.decode()

    assert "您现在没有外勤的岗位" in page


def test_the_frame_of_the_console_leads_those_who_go_out_to_their_page(come_in: ComeIn) -> None:
    goes_out = come_in("zhaoyong").get("/work/").content.decode()
    stays = come_in("suqing").get("/work/").content.decode()

    assert 'class="to-field" href="/field/"' in goes_out
    assert "to-field" not in stays


def test_the_next_act_is_the_one_that_the_regulation_wants_first(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    fresh, gone_in = site.report("09:00"), site.inside("09:00")
    clock.set("09:05")

    def urged(number: str) -> str:
        page = technician.get(f"/field/jobs/{number}/").content.decode()
        found = re.search(r'id="next">.*?(?:class="btn primary wide big"[^>]*>)([^<]+)', page, re.DOTALL)
        return found.group(1) if found else ""

    assert urged(fresh.number) == "技工签收"
    assert urged(gone_in.number) == "维修完毕，请用户验收"


def test_what_was_done_today_is_listed_with_its_time(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:07")
    clock.set("09:30")

    page = technician.get("/field/done/").content.decode()

    line = re.search(r'<span class="no">([^<]+)</span><b>([^<]+)</b><span class="no">([^<]+)</span>', page)
    assert line is not None
    assert line.groups() == ("09:07", "技工签收", case.number)
