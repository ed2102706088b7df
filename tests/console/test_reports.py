"""Reports: what is counted of a period, for whom, broken down and compared; as a page, a workbook and a PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape

import pypdfium2
import pytest
from django.test import Client
from openpyxl import load_workbook

from shouwen import clock
from shouwen.casework import closing, counting, procedures
from shouwen.console import charts
from shouwen.console.figures_words import Change, change, goodness
from shouwen.core.measure import Figure
from shouwen.core.procedure import Measure
from shouwen.library import library
from shouwen.organisation.state import state
from shouwen.store import models as rows
from tests import office

Come = Callable[[str], Client]
#: a month that is long over: whatever the day of the test, it is closed
MONTH = "2026-03"


def page(client: Client, address: str = "/reports/", **asked: str) -> str:
    answer = client.get(address, {"procedure": office.PROCEDURE, **asked})
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return unescape(answer.content.decode())


def line(html: str, name: str) -> str:
    found = re.search(rf"<b>{name}</b>.*?</summary>", html, re.DOTALL)
    assert found is not None, name
    return found[0]


def march() -> None:
    """Four cases of March at two desks, cut at its midnights."""
    office.done(office.take_in("2026-02-28 23:59", matter="渗漏"))
    office.done(office.take_in("2026-03-01 00:00", matter="电梯"))
    office.done(office.take_in("2026-03-10 10:00", matter="电梯", channel="电话"))
    office.done(office.take_in("2026-03-31 23:59", matter="噪音"))
    office.done(office.take_in("2026-03-15 10:00", by="wangjiang", unit="WJZ", matter="停车"))
    office.done(office.take_in("2026-04-01 00:00", matter="渗漏"))


def test_a_month_is_counted_between_its_midnights_in_shanghai(come_in: Come):
    march()

    html = page(come_in("zhoulan"), period=MONTH)

    assert "2026年3月报表" in html
    assert '<span class="val"><b>4</b>' in line(html, "受理件数")
    assert "+300%" in line(html, "受理件数")  # one in February


def test_each_unit_is_counted_by_itself_and_only_for_who_sees_it(come_in: Come):
    march()

    whole = page(come_in("zhoulan"), period=MONTH)
    one = page(come_in("zhoulan"), period=MONTH, unit="WJZ")
    own = page(come_in("wangjiang"), period=MONTH)
    sly = page(come_in("wangjiang"), period=MONTH, unit="ZXL")

    assert "青屿物业" in whole
    assert '<option value="WJZ">' in whole
    for html in (one, own, sly):
        assert '<span class="val"><b>1</b>' in line(html, "受理件数")
    assert "枕溪里" not in own


def test_who_sees_only_parts_has_no_report(come_in: Come):
    client = come_in("dingli")

    assert "您的岗位看不到全部案件" in page(client)
    for address in ("report.xlsx", "report.pdf", "cases/"):
        assert client.get(f"/reports/{address}").status_code == 404


def test_measures_are_broken_down_by_what_the_regulation_names(come_in: Come):
    march()

    html = page(come_in("zhoulan"), period=MONTH, split="complaint_register.channel")
    desks = page(come_in("zhoulan"), period=MONTH, split="unit")

    table = html[html.index('id="split"') : html.index('id="measures"')]
    assert re.findall(r'<th class="num">(.*?)</th>', table) == ["合计", "上门", "电话"]
    assert re.findall(r'受理件数</th>((?:<td class="num">\d+</td>)+)', table)[0].count("<td") == 3
    assert "枕溪里服务中心" in desks[desks.index('id="split"') :]


def test_the_biggest_causes_come_first_with_their_share(come_in: Come):
    march()

    html = page(come_in("zhoulan"), period=MONTH)

    said = html[html.index("最大的三个原因") : html.index('class="charts"')]
    assert re.findall(r">(\w+)</a> <b>(\d)</b>", said)[0] == ("电梯", "2")
    assert "50%" in said


@pytest.mark.parametrize(
    ("period", "title", "count"),
    [("2026-Q1", "2026年第1季度报表", 5), ("2026", "2026年报表", 6), ("2026-02", "2026年2月报表", 1)],
)
def test_quarters_and_years_are_their_months_together(come_in: Come, period: str, title: str, count: int):
    march()

    html = page(come_in("zhoulan"), period=period)

    assert title in html
    assert f'<span class="val"><b>{count}</b>' in line(html, "受理件数")


def test_weeks_are_offered_where_the_regulation_counts_them(come_in: Come):
    client = come_in("zhoulan")

    assert ">周</a>" not in page(client)
    assert ">周</a>" in page(client, procedure="work-order")
    assert "第11周" in page(client, procedure="work-order", period="2026-W11")


@pytest.mark.parametrize("period", ["2026-13", "x", "9999-01", "2026-00", "0001-01", "2026-W60", "2026-Q9", "'"])
def test_a_period_that_is_none_is_this_month(come_in: Come, period: str):
    now = clock.now().astimezone(office.ZONE)

    assert f"{now.year}年{now.month}月报表" in page(come_in("xuzy"), period=period)


@pytest.mark.parametrize("name", ["split", "trend", "unit", "flow", "measure"])
def test_what_means_nothing_is_left_out(come_in: Come, name: str):
    march()

    assert "2026年3月报表" in page(come_in("xuzy"), period=MONTH, **{name: "none'\"<x>"})


def test_a_closed_month_stands_and_says_what_was_corrected_since(come_in: Come):
    march()
    client = come_in("zhoulan")
    before = page(client, period=MONTH)
    assert "关账，数字不再变" in before
    case = rows.Case.objects.get(opened_at=office.moment("2026-03-10 10:00"))

    office.done(office.take_in("2026-03-20 10:00", matter="停车"))
    html = page(client, period=MONTH)

    assert '<span class="val"><b>4</b>' in line(html, "受理件数")
    assert "后来更正为 5" in line(html, "受理件数")
    assert case.number not in line(html, "受理件数")


def test_cases_behind_a_figure_are_listed_for_who_sees_them(come_in: Come):
    march()
    numbers = dict(rows.Case.objects.values_list("opened_at", "number"))

    listed = page(
        come_in("zhoulan"),
        "/reports/cases/",
        period=MONTH,
        measure="received",
        by="complaint_register.matter",
        key="电梯",
    )
    own = page(come_in("wangjiang"), "/reports/cases/", period=MONTH)

    assert "投诉事项：电梯" in listed
    assert listed.count('<th scope="row">') == 2
    assert numbers[office.moment("2026-03-10 10:00")] in listed
    assert own.count('<th scope="row">') == 1


def test_limits_lead_to_the_cases_that_missed_them(come_in: Come):
    march()

    html = page(come_in("zhoulan"), period=MONTH)
    limits = html[html.index('id="limits"') : html.index('id="measures"')]
    link = re.search(r'href="(/reports/cases/\?[^"]*number=0[^"]*)"', limits)

    assert link is not None
    assert "4 件案件" in unescape(come_in("zhoulan").get(link[1].replace("&amp;", "&")).content.decode())


def test_charts_say_what_they_show_without_being_seen(come_in: Come):
    march()

    html = page(come_in("zhoulan"), period=MONTH)

    for name in ("trend", "pareto", "heat"):
        assert re.search(
            rf'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">[^<]+</title><desc[^>]*>[^<]+<', html
        )
    assert html.count('<details class="behind">') == 3
    assert "<script" not in html[html.index('class="charts"') : html.index('id="limits"')]


def test_the_workbook_holds_real_numbers_and_the_tables_behind_the_charts(come_in: Come):
    march()

    answer = come_in("zhoulan").get("/reports/report.xlsx", {"procedure": office.PROCEDURE, "period": MONTH})

    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["概要", "指标", "走势", "分项", "时限", "构成", "时段", "重复与激增"]
    measures = {row[0].value: row for row in book["指标"].iter_rows()}
    assert measures["受理件数"][2].value == 4
    assert measures["受理件数"][6].value == 1
    rules = [rule for rule in office.law().procedure.measures.values() if rule.flow == "complaint"]
    assert len(measures) == len(rules) + 1
    causes = [[cell.value for cell in row] for row in book["构成"].iter_rows(min_row=2)]
    assert causes[0][:4] == ["电梯", 2, 0.5, 0.5]
    hours = [[cell.value for cell in row] for row in book["时段"].iter_rows(min_row=2)]
    assert (hours[6][1], hours[6][25], sum(row[25] for row in hours)) == (1, 2, 4)  # the first of March: a Sunday


def test_a_text_is_no_formula_in_the_workbook(come_in: Come):
    office.done(
        office.take_in("2026-03-10 10:00", phone="13800138000", room="1", matter="渗漏", content="=1+1，楼上漏水")
    )
    office.done(
        office.take_in("2026-03-11 10:00", phone="13800138000", room="1", matter="噪音", content="=2+2，楼上吵闹")
    )

    answer = come_in("zhoulan").get("/reports/report.xlsx", {"procedure": office.PROCEDURE, "period": MONTH})

    book = load_workbook(io.BytesIO(answer.content))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_pdf_holds_figures_charts_pages_and_who_printed_it(come_in: Come):
    march()

    answer = come_in("zhoulan").get("/reports/report.pdf", {"procedure": office.PROCEDURE, "period": MONTH})

    assert answer["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(answer.content) as document:
        texts = [one.get_textpage().get_text_range() for one in document]
        assert [round(side / 72 * 25.4) for side in document[0].get_size()] == [210, 297]
    assert "2026年3月报表" in texts[0]
    assert "周岚" in texts[0]
    assert f"1 / {len(texts)}" in texts[0].replace("\r\n", " ")
    assert any("受理件数" in text for text in texts)
    assert any("逐条看时限" in text for text in texts)


def test_a_report_says_how_much_is_not_counted_yet(come_in: Come, monkeypatch: pytest.MonkeyPatch):
    march()
    monkeypatch.setattr("shouwen.console.figures.COUNTED_FIRST", 2)

    html = page(come_in("zhoulan"), period=MONTH)

    assert "还有 4 件刚来的案件没有数进来" in html
    assert not rows.Closing.objects.exists()


def test_the_worker_counts_and_closes_by_itself(open_office: None):
    march()

    while closing.keep(clock.now()):
        pass

    assert not rows.Uncounted.objects.exists()
    assert rows.Closing.objects.filter(procedure=office.PROCEDURE, period=MONTH, measure="received").exists()


def test_every_measure_of_every_regulation_is_shown(come_in: Come):
    client = come_in("zhoulan")

    for law in procedures.all_current():
        shown = "".join(page(client, procedure=law.procedure.id, flow=flow) for flow in law.procedure.flows)
        for rule in law.procedure.measures.values():
            assert f'id="m-{rule.id}"' in shown, (law.procedure.id, rule.id)


def test_which_way_is_good_is_said_or_follows():
    rules = office_rules()

    assert goodness(rules["repeats"]) == -1
    assert goodness(rules["minor_on_time"]) == 1
    assert goodness(rules["called_back"]) == 1
    assert goodness(rules["solve_time"]) == -1
    assert goodness(rules["received"]) == 0


def test_a_change_is_in_points_for_shares_and_in_percent_for_the_rest():
    rules = office_rules()

    assert change(rules["repeats"], Figure(10, hits=3), Figure(10, hits=1)) == Change("+20.0 点", True, 20.0)
    assert change(rules["received"], Figure(15), Figure(10)).words == "+50%"
    assert change(rules["received"], Figure(15), Figure(0)) == Change()
    assert change(rules["repeats"], Figure(0, hits=0), Figure(10, hits=1)) == Change()


def test_words_in_a_chart_stay_words():
    drawn = charts.pareto("p", "<b>", [charts.Bar("<script>alert(1)</script>", 3)])

    assert "<script>" not in drawn
    assert "&lt;b&gt;" in drawn


def office_rules() -> Mapping[str, Measure]:
    """The measures of the bundled document."""
    shelf = library().shelf(office.PROCEDURE)
    assert shelf is not None
    compiled = shelf.compile().procedure
    assert compiled is not None
    return compiled.measures


def test_figures_do_not_depend_on_when_a_case_was_counted(open_office: None):
    march()
    law, at = office.law(), clock.now()

    counting.catch_up(law, state(), at, 3)
    counting.catch_up(law, state(), at + timedelta(hours=1))

    assert rows.Counting.objects.filter(month=MONTH).count() == 4
