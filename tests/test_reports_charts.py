"""Charts: the same figures as the reports, told apart without colour, readable without eyes."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document
from openpyxl import load_workbook

from models import Investor, Period
from reports.charts import charts
from reports.consolidated import consolidated
from reports.facts import elapsed
from reports.pace import pace
from reports.ranking import ranking
from tests.factories import (
    make_allocation,
    make_disbursement,
    make_entry,
    make_expected,
    make_period,
    make_project,
    make_submission,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
ADDRESS = "/admin/reports/charts"
NS = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


def drawn(session, code="2024-03", **asked):
    period = session.query(Period).filter_by(code=code).one()
    return charts(session, period=period, as_of=AT, **asked)


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("code", "year", "data_to", "passed"),
    [
        ("2024-01", 2024, date(2024, 1, 31), "8.47"),  # 31 of 366 days
        ("2024-03", 2024, date(2024, 3, 31), "24.86"),
        ("2023-03", 2023, date(2023, 3, 31), "24.66"),  # 90 of 365
        ("2024-12", 2024, date(2024, 12, 31), "100.00"),
        ("2024-13", 2024, date(2025, 1, 31), "100.00"),
        ("2024-03", 2024, date(2024, 3, 14), "20.22"),
    ],
)
def test_the_time_that_has_passed_is_that_of_the_days(code, year, data_to, passed):
    period = Period(code=code, budget_year=year, data_to=data_to)
    assert elapsed(period) == Decimal(passed)


@pytest.mark.parametrize("basis", ["submitted", "accepted"])
@pytest.mark.parametrize("code", ["2024-01", "2024-02", "2024-03"])
def test_bars_and_lines_are_those_of_the_reports(demo, code, basis):
    found = drawn(demo, code, basis=basis)
    total = consolidated(demo, period=found.period, basis=basis).rows[0]
    paced = pace(demo, period=found.period, basis=basis).rows[0]
    month = int(code[-2:])
    for bars in (found.components, found.investors):
        assert sum(one.plan for one in bars) == total.plan_total
        assert sum(one.disbursed for one in bars) == total.disbursed_total
    assert found.this_year[month - 1] == total.disbursed_total
    assert found.this_year[month:] == (None,) * (13 - month)
    for line in (found.need, found.kept):
        assert line[: month - 1] == (None,) * (month - 1)
        assert line[month - 1] == total.disbursed_total
    assert found.need[-1] == total.plan_total
    assert found.kept[-1] == paced.at_pace


def test_capital_stops_at_its_own_last_day(session):
    """100 until the end of April, 120 until January; in March nothing is disbursed yet."""
    march = make_period(session)
    project = make_project(session)
    make_allocation(session, 120, project=project)
    make_allocation(session, 100, project=project, vintage=2023, disburse_until=date(2024, 4, 30))
    found = charts(session, period=march, as_of=AT)
    assert found.months == tuple(range(1, 14))
    assert found.need[2:] == (0, 112, 124, 136, 148, 160, 172, 184, 196, 208, 220)
    assert found.kept[2:] == (0,) * 11


def test_units_stand_as_in_the_ranking(session):
    """Half a percent returned stands below nothing at all; what is equal, as units are listed."""
    march = make_period(session)
    for name, paid in (("D", 0), ("C", -5_000), ("B", 0), ("A", 10), ("E", None)):
        project = make_project(session)
        project.investor.short_name = name
        allocation = make_allocation(
            session, 1_000_000 if paid is not None else None, project=project
        )
        if paid is None:
            continue
        report = make_submission(
            session, period=march, investor=project.investor, status="submitted"
        )
        entry = make_entry(session, project=project, submission=report)
        make_disbursement(
            session, entry, allocation, completed=max(paid, 0), returned=max(-paid, 0)
        )
    found = charts(session, period=march, as_of=AT)
    ranked = ranking(session, period=march)
    assert [one.name for one in found.investors] == ["A", "D", "B", "C"]
    assert [one.investor for one in ranked.rows] == ["A", "D", "B", "C"]


def test_investors_stand_by_their_rate(demo):
    rates = [one.rate for one in drawn(demo).investors]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == Decimal("32.61")


def test_punctuality_counts_each_unit_once_a_month(demo):
    counts = [
        (one.period.code, one.on_time, one.late, one.missing, one.exempt, one.pending)
        for one in drawn(demo).punctuality
    ]
    assert counts == [
        ("2024-01", 9, 0, 0, 0, 0),
        ("2024-02", 9, 0, 0, 0, 0),
        ("2024-03", 6, 2, 1, 0, 0),
    ]
    assert len(drawn(demo, "2024-02").punctuality) == 2


def test_before_the_deadline_a_unit_is_neither_late_nor_missing(session):
    march = make_period(session)
    unit = make_project(session).investor
    make_expected(session, march, unit)
    early = datetime(2024, 4, 9, 12, tzinfo=UTC)
    [one] = charts(session, period=march, as_of=early).punctuality
    assert (one.on_time, one.late, one.missing, one.pending) == (0, 0, 0, 1)


# ---------------------------------------------------------------- screen


def cells(section):
    return [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
        for row in section.select("tbody tr")
    ]


def test_each_chart_has_its_figures_in_a_table_and_its_words(demo, client_for):
    page = client_for("leader").soup(f"{ADDRESS}?period=2024-03&as_of=2024-04-16T09:00")
    components, investors, months, punctual = page.select("section.chart-card")
    assert cells(components)[0][-2:] == ["18,24", "24,86"]
    assert cells(investors)[0][0] == "UBND xã Hòa Bình"
    assert len(investors.select(".bars li")) == len(cells(investors)) == 9
    assert cells(months)[2][:3] == ["T3", "2.299,846", "–"]
    assert cells(months)[-1][3] == "14.698,733"
    assert cells(punctual)[2][1:4] == ["6", "2", "1"]
    for section in (months, punctual):
        picture = section.find("svg", role="img")
        told = [page.find(id=one) for one in picture["aria-labelledby"].split()]
        assert all(one.get_text(strip=True) for one in told)
    assert "9 đúng hạn, 0 nộp muộn" in punctual.desc.text


def test_nothing_is_told_apart_by_colour_alone(demo, client_for):
    page = client_for("leader").soup(f"{ADDRESS}?period=2024-03&as_of=2024-04-16T09:00")
    low, full = page.select(".bar-low"), page.select(".bar:not(.bar-low)")
    assert (len(low), len(full)) == (11, 1)  # one unit is ahead of the year; two have no bar
    assert all(page.find(id=one["fill"][5:-1]).name == "pattern" for one in low)
    styles = Path("static/backoffice.css").read_text(encoding="utf-8")
    strokes = {
        kind: styles.partition(f".chart .line-{kind} {{")[2].partition("}")[0]
        for kind in ("now", "before", "need", "kept")
    }
    dashes = [one.partition("stroke-dasharray:")[2].partition(";")[0] for one in strokes.values()]
    assert len(set(dashes)) == 4
    late = page.select(".part-late")
    assert late
    assert all(page.find(id=one["fill"][5:-1]).name == "pattern" for one in late)


def test_a_bar_leads_to_what_its_rate_is_made_of(demo, client_for):
    client = client_for("leader")
    links = client.soup(f"{ADDRESS}?period=2024-03").select(".bars a")
    assert len(links) == 14
    for link in (links[0], links[5], links[-1]):
        told = link.find_parent("li").select_one(".bar-value").text
        value = client.get(link["href"].replace("/explain?", "/explain.json?")).json["value"]
        assert float(value) == float(told.rstrip("%").replace(",", "."))


def test_bars_of_many_units_come_by_pages(demo, client_for, monkeypatch):
    client = client_for("leader")

    def bars(page):
        shown = client.soup(f"{ADDRESS}?period=2024-03&page={page}")
        components, units = shown.select(".bars")
        return [[one["href"] for one in each.select("a")] for each in (components, units)]

    components, units = bars(0)
    assert len(units) == 9
    monkeypatch.setattr("admin.pages.report_part.AT_ONCE", 8)
    monkeypatch.setattr("admin.pages.report_part.ON_A_PAGE", 5)
    assert bars(0) == [components, units[:5]]
    assert bars(1) == [components, units[5:]]
    assert bars(9) == bars(1)
    assert "1–5" in client.get(f"{ADDRESS}?period=2024-03").text


def test_a_unit_sees_its_own_figures_alone(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    client = client_for("investor", own)
    page = client.get(f"{ADDRESS}?period=2024-03").text
    assert "UBND xã Hữu Liên" in page
    assert "Hòa Bình" not in page
    assert "1.492,250" in page
    for kind in ("xlsx", "docx"):
        parts = zipfile.ZipFile(BytesIO(client.get(f"{ADDRESS}.{kind}?period=2024-03").data))
        text = "".join(
            parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")
        )
        assert "Hữu Liên" in text
        assert "Hòa Bình" not in text


def test_without_figures_every_form_of_it_says_so(session, client_for):
    make_period(session)
    session.commit()
    client = client_for("leader")
    page = client.soup(f"{ADDRESS}?period=2024-03")
    assert [one.text.strip() for one in page.select(".chart-card .empty")] == [
        "Chưa có số liệu để vẽ."
    ] * 4
    for kind in ("xlsx", "docx"):
        reply = client.get(f"{ADDRESS}.{kind}?period=2024-03")
        assert zipfile.is_zipfile(BytesIO(reply.data))


def test_the_page_costs_the_same_for_1_and_20_units(session, client_for, count_queries):
    march = make_period(session)

    def unit():
        allocation = make_allocation(session, 1_000, project=make_project(session))
        sent = make_submission(
            session, period=march, investor=allocation.project.investor, status="submitted"
        )
        entry = make_entry(session, submission=sent, project=allocation.project)
        make_disbursement(session, entry, allocation, completed=5)
        make_expected(session, march, allocation.project.investor)

    unit()
    client = client_for("leader")

    def cost():
        session.commit()
        client.get(f"{ADDRESS}?period=2024-03")
        with count_queries() as seen:
            assert client.get(f"{ADDRESS}?period=2024-03").status_code == 200
        return len(seen)

    before = cost()
    for _n in range(20):
        unit()
    assert cost() == before


@pytest.mark.parametrize("page", ["charts", "ranking"])
def test_the_bars_of_many_units_open_on_demand(session, client_for, page):
    march = make_period(session)
    for _n in range(40):
        make_allocation(session, 1_000, project=make_project(session))
    session.commit()
    address, client = f"/admin/reports/{page}?period={march.code}", client_for("leader")
    found = client.soup(address)
    assert not found.select("details .bars")
    assert max(len(one.select("li")) for one in found.select(".bars")) == 40

    make_allocation(session, 1_000, project=make_project(session))
    session.commit()
    found = client.soup(address)
    assert len(found.select("details.bars-more:not([open]) .bars > li")) == 41


# ---------------------------------------------------------------- files


def test_the_charts_of_a_spreadsheet_are_native_ones_on_its_cells(demo, client_for):
    reply = client_for("leader").get(f"{ADDRESS}.xlsx?period=2024-03&as_of=2024-04-16T09:00")
    parts = zipfile.ZipFile(BytesIO(reply.data))
    names = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(names) == 4
    book = load_workbook(BytesIO(reply.data), data_only=True)
    kinds, seen = [], 0
    for name in sorted(names):
        root = ElementTree.fromstring(parts.read(name))
        plot = root.find(".//c:plotArea", NS)
        kinds += [one.tag.rpartition("}")[2] for one in plot if one.tag.endswith("Chart")]
        for series in root.iterfind(".//c:ser", NS):
            place = series.find("c:val/c:numRef/c:f", NS).text
            sheet, _mark, area = place.replace("'", "").rpartition("!")
            cached = {
                int(one.get("idx")): float(one.find("c:v", NS).text)
                for one in series.iterfind("c:val/c:numRef/c:numCache/c:pt", NS)
                if one.find("c:v", NS).text
            }
            values = [cell.value for row in book[sheet][area.replace("$", "")] for cell in row]
            assert cached == {
                n: float(value) for n, value in enumerate(values) if value is not None
            }
            seen += len(cached)
    assert kinds == ["barChart", "barChart", "lineChart", "barChart"]
    assert seen > 40
    drawings = [name for name in parts.namelist() if name.startswith("xl/drawings/drawing")]
    for name in drawings:
        [said] = [
            one.get("descr")
            for one in ElementTree.fromstring(parts.read(name)).iter()
            if one.tag.endswith("}cNvPr")
        ]
        assert len(said) > 40


def test_the_charts_of_a_document_are_pictures_with_their_words(demo, client_for):
    reply = client_for("leader").get(f"{ADDRESS}.docx?period=2024-03&as_of=2024-04-16T09:00")
    document = Document(BytesIO(reply.data))
    said = [one.get("descr") for one in document.element.iter() if one.tag.endswith("}docPr")]
    assert len(document.inline_shapes) == len(said) == 4
    assert "UBND xã Hòa Bình 32,61 %" in said[1]
    assert "Thời gian đã qua của năm: 24,86 %" in said[1]
    assert "6 đúng hạn, 2 nộp muộn, 1 chưa nộp" in said[3]
    words = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"32,61", "14.698,733", "66,67"} <= set(words)
    assert len(document.sections) == 4


def test_the_ranking_takes_its_chart_into_word(demo, client_for):
    reply = client_for("leader").get("/admin/reports/ranking.docx?period=2024-03")
    document = Document(BytesIO(reply.data))
    [said] = [one.get("descr") for one in document.element.iter() if one.tag.endswith("}docPr")]
    assert "toàn huyện: 15,65 %" in said


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_command_writes_the_same_charts(app, demo, tmp_path, kind):
    file = tmp_path / f"a.{kind}"
    result = app.test_cli_runner().invoke(
        args=["reports", "charts", "--period", "2024-03", "--format", kind, "--output", str(file)]
    )
    assert result.exit_code == 0, result.output
    names = zipfile.ZipFile(file).namelist()
    drawn = [one for one in names if one.startswith(("xl/charts/chart", "word/media/"))]
    assert len(drawn) == 4
