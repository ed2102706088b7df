"""Importing in the browser: a file, its columns, a rehearsal, and the cases; nothing is kept between the steps."""

import base64
import csv
import io
import re
from collections.abc import Callable, Sequence
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from shouwen.console import bring
from shouwen.store import models as stored

Come = Callable[[str], Client]
HEADER = ("来源途径", "业主姓名", "房号", "联系电话", "投诉内容")
SAID = "三栋客梯困人，老人平层绊倒受伤"


def file(
    rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, encoding: str = "gb18030"
) -> SimpleUploadedFile:
    written = io.StringIO()
    csv.writer(written).writerows([header, *rows])
    return SimpleUploadedFile("投诉.csv", written.getvalue().encode(encoding))


def row(number: int) -> list[str]:
    return ["上门", "周敏华", f"3-2-{number:04}", f"138{number:08}", f"{SAID}，第 {number} 件"]


def sent(answer: HttpResponse) -> dict[str, list[str]]:
    """What the browser would send back with the form that is shown."""
    page = answer.content.decode()
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(value))
    for name, choices in re.findall(r'<select[^>]* name="(target|text)"(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', choices)
        found.setdefault(name, []).append(unescape(chosen.group(1)) if chosen else "")
    return found


def look(client: Client, upload: SimpleUploadedFile, **changes: str) -> HttpResponse:
    form = {"op": "look", "opener": "property-complaint:register", "unit": "ZXL", "file": upload, **changes}
    return client.post("/import/", form)


def text(answer: HttpResponse) -> str:
    return re.sub(r"<[^>]+>|\s+", "", unescape(answer.content.decode()))


def test_a_file_is_rehearsed_and_then_taken_in(come_in: Come):
    client = come_in("linjia")

    tried = look(client, file([row(1), row(2), [*row(3)[:3], "1.38E+10", SAID]]))

    assert tried.status_code == 200
    assert "可以开案2行，不能导入1行" in text(tried)
    assert "后几位已经丢失" in text(tried)
    assert stored.Case.objects.count() == 0
    done = client.post("/import/", {**sent(tried), "op": "bring"})
    assert "已开案2，不能导入1" in text(done)
    assert sorted(stored.Case.objects.values_list("customer__phone", flat=True)) == ["13800000001", "13800000002"]
    again = client.post("/import/", {**sent(tried), "op": "bring"})
    assert "已在案2，不能导入1" in text(again)
    assert stored.Case.objects.count() == 2


def test_columns_that_are_not_clear_are_asked_for(come_in: Come):
    client = come_in("linjia")
    upload = file([["周敏华", "3-2-1502", "13800001111", SAID, "x"]], ("姓名", "房号", "手机", "投诉内容", "批次"))

    unclear = look(client, upload)

    assert "有的列还没有对清" in text(unclear)
    form = sent(unclear)
    assert form["target"][:3] == [f"complaint_register.{name}" for name in ("owner_name", "room", "phone")]
    form["text"] = ["上门" if path.endswith("channel") else "" for path in form["fixed"]]
    tried = client.post("/import/", {**form, "op": "look"})
    assert "可以开案1行" in text(tried)
    assert "已开案1" in text(client.post("/import/", {**sent(tried), "op": "bring"}))


@pytest.mark.parametrize(
    "upload, changes, said",
    [
        (SimpleUploadedFile("空.csv", b""), {}, "是空的"),
        (SimpleUploadedFile("图.xlsx", b"PK\x03\x04 not a book"), {}, "已损坏"),
        (file([row(1)]), {"unit": "WJZ"}, "请选受理单位"),
        (file([row(1)]), {"opener": ""}, "请选导入成什么案件"),
        (file([row(1)], ("甲", "乙", "丙", "丁", "戊")), {}, "找不到表头"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_cannot_be_begun_is_said(come_in: Come, upload: SimpleUploadedFile, changes: dict[str, str], said: str):
    answer = look(come_in("linjia"), upload, **changes)

    assert answer.status_code == 422
    assert said in text(answer)


def test_too_much_is_for_the_command_line(come_in: Come, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bring, "MOST_ROWS", 1)

    answer = look(come_in("linjia"), file([row(1), row(2)]))

    assert (answer.status_code, "用命令shouwenimport导入" in text(answer)) == (422, True)


def test_a_form_without_its_file_asks_for_it_again(come_in: Come):
    client = come_in("linjia")

    for packed in ("", "???"):
        answer = client.post("/import/", {"op": "bring", "packed": packed, "opener": "property-complaint:register"})
        assert answer.status_code == 422
        assert "选" in text(answer)


def test_the_first_page_asks_for_a_file_and_strangers_see_none(come_in: Come):
    answer = come_in("linjia").get("/import/")

    assert 'type="file"' in answer.content.decode()
    assert Client().get("/import/").status_code == 302


@pytest.mark.parametrize("name", ["..", ".", "", "长" * 400 + ".csv", "../../投诉.csv"])
def test_a_file_may_be_called_anything(come_in: Come, name: str):
    client = come_in("linjia")
    form = {**sent(look(client, file([row(1)]))), "name": name}

    answer = client.post("/import/", {**form, "op": "bring"})

    assert answer.status_code == 200
    assert "已开案1" in text(answer)


@pytest.mark.parametrize("packed", ["²", "%%%", "QQ"])
def test_a_file_that_was_damaged_on_the_way_is_asked_for_again(come_in: Come, packed: str):
    answer = come_in("linjia").post("/import/", {**sent(look(come_in("linjia"), file([row(1)]))), "packed": packed})

    assert answer.status_code == 422
    assert "请" in text(answer)
    assert stored.Case.objects.count() == 0


def test_a_repeat_at_another_desk_is_told_without_its_number(come_in: Come):
    ours, theirs = come_in("linjia"), come_in("wangjiang")
    ours.post("/import/", {**sent(look(ours, file([row(1)]))), "op": "bring"})
    number = stored.Case.objects.get().number

    tried = look(theirs, file([row(1), [*row(1)[:4], "三栋客梯又困人了，老人没有再绊倒"]]), unit="WJZ")

    page = tried.content.decode()
    report = re.search(r"base64,([A-Za-z0-9+/=]+)", page)
    assert report is not None
    assert "在别的受理点，请上级查找" in page
    assert number not in page
    assert number not in base64.b64decode(report.group(1)).decode()
