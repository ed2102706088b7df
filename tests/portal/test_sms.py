"""Codes by text message: asked for with number and telephone, sent by the queue to the gateway, told to nobody else."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from shouwen.casework import follow
from shouwen.channels import sms
from tests.portal import town
from tests.portal.town import text

SEND, FOLLOW = "/portal/follow/code/", "/portal/follow/"


class Gateway(HTTPServer):
    """A gateway that takes messages, or answers as it is told."""

    taken: list[dict[str, str]]
    answers: int


class _Desk(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))
        self.send_response(self.server.answers)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    server = Gateway(("127.0.0.1", 0), _Desk)
    server.taken, server.answers = [], 200
    settings.SMS = f"http://127.0.0.1:{server.server_port}/send"
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def number(phone: Client) -> str:
    return town.report(phone, town.FAULT, town.fault())


def jobs() -> list[dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE queue_name = 'sms' ORDER BY id")
        return [args if isinstance(args, dict) else json.loads(args) for (args,) in cursor.fetchall()]


def test_without_a_gateway_nothing_is_offered(phone: Client, number: str) -> None:
    answer = Client().post(SEND, {"number": number, "phone": "13800008811"})

    assert (answer.status_code, answer["Location"]) == (302, FOLLOW)
    assert "发到我手机上" not in text(phone.get(FOLLOW))
    assert jobs() == []


def test_a_code_is_sent_and_lets_in(gateway: Gateway, number: str) -> None:
    other = Client()
    other.post(SEND, {"number": number, "phone": "138 0000 8811"})
    (job,) = jobs()

    sms.send(about=job["about"])

    (message,) = gateway.taken
    code = message["text"].partition("查询码 ")[2][:6]
    assert message["phone"] == "13800008811"
    assert code.isdigit()
    assert other.post(FOLLOW, {"number": number, "code": code}).status_code == 302
    assert other.get(f"/portal/case/{number}/").status_code == 200


def test_the_job_names_neither_telephone_nor_code(gateway: Gateway, number: str) -> None:
    Client().post(SEND, {"number": number, "phone": "13800008811"})

    about = follow.known(number)
    assert about is not None
    assert jobs() == [{"about": str(about.about_id)}]


@pytest.mark.parametrize(("asked", "telephone"), [(None, "13899990000"), ("GZ-JF-2020-99999", "13800008811")])
def test_what_does_not_belong_together_gets_the_same_answer_and_no_message(
    gateway: Gateway, number: str, asked: str | None, telephone: str
) -> None:
    right = Client().post(SEND, {"number": number, "phone": "13800008811"})
    wrong = Client().post(SEND, {"number": asked or number, "phone": telephone})

    said = "号和手机号对得上的话，查询码已经发到那部手机"
    assert (right.status_code, said in text(right)) == (wrong.status_code, said in text(wrong)) == (200, True)
    assert len(jobs()) == 1


def test_a_report_in_the_tray_is_followed_the_same_way(gateway: Gateway, phone: Client) -> None:
    brought = town.report(phone, town.COMPLAIN, town.complaint())
    other = Client()
    other.post(SEND, {"number": brought, "phone": "13800005566"})

    sms.send(about=jobs()[0]["about"])

    code = gateway.taken[0]["text"].partition("查询码 ")[2][:6]
    assert other.post(FOLLOW, {"number": brought, "code": code})["Location"] == f"/portal/brought/{brought}/"


def test_not_again_within_a_minute_and_not_without_end(gateway: Gateway, number: str) -> None:
    asking = Client()

    answers = [asking.post(SEND, {"number": number, "phone": "13800008811"}).status_code for _ in range(5)]

    assert answers == [200] * 4 + [429]
    assert len(jobs()) == 1


def test_a_gateway_that_is_busy_is_asked_again(gateway: Gateway, number: str) -> None:
    Client().post(SEND, {"number": number, "phone": "13800008811"})
    gateway.answers = 503

    with pytest.raises(sms.Busy):
        sms.send(about=jobs()[0]["about"])


def test_what_a_gateway_will_never_take_is_given_up(gateway: Gateway, number: str) -> None:
    Client().post(SEND, {"number": number, "phone": "13800008811"})
    gateway.answers = 400

    sms.send(about=jobs()[0]["about"])

    assert len(gateway.taken) == 1
