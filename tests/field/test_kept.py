"""What a telephone takes along, and what it needs before anybody signs in."""

import re
from collections.abc import Callable

from django.test import Client

from tests.field.hours import Clock

ComeIn = Callable[[str], Client]


def test_the_pack_names_every_own_job_with_its_forms_and_changes_when_the_case_does(
    come_in: ComeIn, clock: Clock
) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case, other = site.signed("09:00"), site.signed("09:01", by="tongda")
    clock.set("09:05")

    def pages() -> dict[str, str]:
        return {page["url"]: page["version"] for page in technician.get("/field/pack.json").json()["pages"]}

    before = pages()
    site.do(case, "arrive", "zhaoyong", "09:10")
    clock.set("09:12")
    after = pages()

    job = f"/field/jobs/{case.number}/"
    assert {
        "/field/",
        "/field/outbox/",
        "/field/done/",
        "/field/me/",
        "/field/locked/",
        job,
        f"{job}kit/",
    } == before.keys()
    assert not any(other.number in url for url in before)
    assert [url for url in after if after[url] == before.get(url)] == []


def test_the_kit_of_a_job_has_the_forms_of_what_may_come_later(come_in: ComeIn, clock: Clock) -> None:
    from tests.field import site

    technician = come_in("zhaoyong")
    case = site.signed("09:00")
    clock.set("09:05")

    page = technician.get(f"/field/jobs/{case.number}/kit/").content.decode()

    forms = re.findall(r'<template data-act="([^"]+)">', page)
    assert {"arrive", "record_entry", "judge_paid", "quote", "answer_price", "report_shortage", "finish"} <= set(forms)
    assert not {"review", "print_order", "assign_technician"} & set(forms)
    assert len(forms) == len(set(forms))


def test_the_service_worker_is_there_for_everybody_and_the_pages_for_nobody_unknown(come_in: ComeIn) -> None:
    come_in("zhaoyong")
    nobody = Client()

    worker, manifest, locked = (nobody.get(f"/field/{name}") for name in ("sw.js", "app.webmanifest", "locked/"))
    closed = [nobody.get(f"/field/{name}") for name in ("", "outbox/", "done/", "me/", "pack.json")]

    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in worker.headers["Cache-Control"]
    assert (worker.status_code, manifest.status_code, locked.status_code) == (200, 200, 200)
    assert manifest.json()["start_url"] == "/field/"
    assert {answer.status_code for answer in closed} == {302}
    assert {answer.headers["Location"].partition("?")[0] for answer in closed} == {"/sign-in/"}


def test_signing_out_tells_the_browser_to_drop_what_it_keeps(come_in: ComeIn) -> None:
    answer = come_in("zhaoyong").post("/sign-out/")

    assert answer.headers["Clear-Site-Data"] == '"storage"'
