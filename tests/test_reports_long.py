"""A long report is shown by pages: each row once, each link its own, the file whole."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from admin.pages import findings as findings_page
from admin.pages import report_part
from models import Investor, Period
from reports import findings
from tests.factories import make_allocation, make_period, make_submission

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
REPORTS = {
    "consolidated": "detail=project",
    "consolidated by unit": "group=investor&split=nature",
    "ranking": "",
    "late": "all=1",
    "carry-over": "detail=project",
    "allocation-changes": "",
    "pace": "detail=project",
}


@pytest.fixture
def leader(session, load_demo, client_for):
    load_demo(AT)
    session.commit()
    return client_for("leader")


def shown(page):
    """Rows of the report on the screen: what each says, and where it leads."""
    table = page.select("main .report-sheet:not(.only-print) table")[0]
    return [
        ([cell.get_text(" ", strip=True) for cell in row.select("th, td")],
         [link["href"] for link in row.select("a")])
        for row in table.select("tbody tr")
    ]  # fmt: skip


def short(monkeypatch, rows):
    monkeypatch.setattr(report_part, "AT_ONCE", rows)
    monkeypatch.setattr(report_part, "ON_A_PAGE", rows)


@pytest.mark.parametrize("report", REPORTS)
def test_the_pages_together_are_the_report(leader, monkeypatch, report):
    address = f"/admin/reports/{report.split()[0]}?period=2024-03&{REPORTS[report]}"
    whole = shown(leader.soup(address))
    assert whole
    most = max(1, len(whole) // 2)
    short(monkeypatch, most)
    pages = -(-len(whole) // most)
    parts = [shown(leader.soup(f"{address}&page={n}")) for n in range(pages)]
    assert [row for part in parts for row in part] == whole
    assert {len(part) for part in parts[:-1]} <= {most}
    assert shown(leader.soup(f"{address}&page=99")) == parts[-1]


def test_a_table_of_just_so_many_rows_is_shown_at_once(leader, monkeypatch):
    address = "/admin/reports/consolidated?period=2024-03"
    rows = len(shown(leader.soup(address)))
    for most, pages in ((rows - 1, 2), (rows, 1), (rows + 1, 1)):
        short(monkeypatch, most)
        page = leader.soup(address)
        assert len(page.select("nav.pager")) == (pages > 1)
        assert len(shown(page)) == min(most, rows)


def test_the_last_page_of_a_ranking_can_be_the_whole_district_alone(leader, monkeypatch):
    address = "/admin/reports/ranking?period=2024-03"
    units = len(shown(leader.soup(address)))
    short(monkeypatch, units)
    [last] = leader.soup(f"{address}&page=1").select(".report-sheet:not(.only-print)")
    assert last.select_one("tfoot th").text == "Toàn huyện"
    assert "Không đơn vị nào có vốn" not in last.text
    assert last.select("nav.pager")


def test_a_group_is_found_by_its_name(leader, monkeypatch):
    short(monkeypatch, 5)
    page = leader.soup("/admin/reports/consolidated?period=2024-03&unit=dong&basis=accepted")
    jumps = page.select(".report-jumps a")
    assert len(jumps) > 1
    for link in jumps:
        assert "unit=dong" in link["href"]
        assert "basis=accepted" in link["href"]
        names = [row[0][1] for row in shown(leader.soup(link["href"]))]
        assert link.text in names
    assert re.search(r"Dòng 1–5 trong tổng số \d+ dòng", page.text)
    assert re.search(r"Chỉ in 5/\d+ dòng", page.text)
    assert "In đủ" not in page.text


def test_a_page_says_in_which_group_it_begins(leader, monkeypatch):
    address = "/admin/reports/consolidated?period=2024-03&detail=project"
    whole = leader.soup(address).select("main .report-sheet:not(.only-print) table tbody tr")
    marks = {"level-component": "group", "level-part": "part"}
    short(monkeypatch, 1)
    above, seen = {}, set()
    for n, row in enumerate(whole):
        kinds = [marks[one] for one in row["class"] if one in marks]
        told = leader.soup(f"{address}&page={n}").find(string=re.compile("^Tiếp theo: "))
        if kinds:
            above = {"group": above["group"]} if "part" in kinds else {}
        if above:
            assert told == "Tiếp theo: " + " · ".join(above.values())
        else:
            assert told is None
        seen.add((*above, *kinds[-1:]))
        if kinds:
            above[kinds[-1]] = row.th.get_text(strip=True)
    assert seen == {(), ("group",), ("group", "part")}


def bars(page):
    return [
        [(one.select_one(".bar-label").text, one.select_one(".bar-value").text)
         for one in chart.select(".bars li")]
        for chart in page.select("figure.chart:has(.bars)")
    ]  # fmt: skip


def test_the_bars_of_many_units_are_shown_by_pages(leader, monkeypatch):
    address = "/admin/reports/charts?period=2024-03"
    components, units = bars(leader.soup(address))
    most = len(units) // 2
    short(monkeypatch, most)
    pages = [leader.soup(f"{address}&page={n}") for n in range(-(-len(units) // most))]
    assert len(pages) > 2
    assert [one for page in pages for one in bars(page)[1]] == units
    assert all(bars(page)[0] == components for page in pages)  # a short list is whole everywhere
    for page in pages:
        names = [name for name, rate in bars(page)[1] if "%" in rate]
        drawn = page.select("section.chart-card")[1]
        assert [row.text for row in drawn.select("tbody th")] == names
        assert f"Dòng {1 + most * pages.index(page)}–" in drawn.text


def test_a_long_list_of_names_is_shown_on_demand(leader, session):
    short_one = "/admin/reports/ranking?period=2024-03"
    assert not leader.soup(short_one).select("details.folded")
    for one in session.scalars(select(Investor)):
        one.short_name = f"{one.short_name} {'ở một nơi có tên rất dài ' * 3}{one.code}".strip()
    session.commit()
    charts = leader.soup("/admin/reports/charts?period=2024-03&basis=accepted")
    [folded] = charts.select("main .no-print > details.folded")
    whole = folded.select_one("p").text
    assert len(whole) > 600
    told = folded.select_one("summary")
    assert "Xem tất cả" in told.text
    assert whole.startswith(told.select_one("span").text.removesuffix("...").rstrip("…")[:200])
    assert whole.endswith("Chỉ tính vốn ngân sách nhà nước.")


def test_a_page_that_is_no_number_is_missing(leader):
    for page in ("x", "-1", "1.5", "9" * 30):
        assert leader.get(f"/admin/reports/consolidated?page={page}").status_code == 404


def test_files_have_all_rows(leader, monkeypatch):
    address = "/admin/reports/consolidated.csv?period=2024-03&headers=keys"
    whole = leader.get(address).data
    short(monkeypatch, 2)
    assert leader.get(f"{address}&page=1").data == whole


def test_findings_are_shown_by_pages(session, load_demo, client_for, monkeypatch):
    """Of each unit the same finding, so that there are many."""
    load_demo(AT)
    march = session.query(Period).filter_by(code="2024-03").one()
    one = next(iter(findings.findings_of(session, march, at=AT))).finding
    monkeypatch.setattr(findings, "check_sheet", lambda _sheet: [one, one])
    session.commit()
    officer, address = client_for("officer"), "/admin/findings/?period=2024-03"

    def listed(page):
        return [
            (card.h2.text, found.get_text(" ", strip=True))
            for card in page.select("main section.card")
            for found in card.select(".finding")
        ]

    found = listed(officer.soup(address))
    assert len(found) > 10
    monkeypatch.setattr(findings_page, "UNITS", 3)
    monkeypatch.setattr(findings_page, "OF_A_UNIT", 1)
    parts = [officer.soup(f"{address}&page={n}") for n in range(-(-len(found) // 6))]
    assert [row for part in parts for row in listed(part)] == found[::2]
    assert {len(listed(part)) for part in parts[:-1]} == {3}
    for part in parts[:-1]:  # of each unit two were found; its report has them all
        assert "6" in re.findall(r"\d+", part.select_one("main .page-head").text)
        assert len([a for a in part.select("section.card > p > a") if "1" in a.text]) == 3


def test_the_ledger_is_a_list_of_its_own_where_units_need_pages(session, client_for, monkeypatch):
    march = make_period(session, "2024-03")
    for _n in range(4):
        first = make_allocation(session, 1_000)
        make_allocation(session, 900, project=first.project, budget_year=2025, vintage=2024)
        make_submission(session, period=march, investor=first.project.investor)
    session.commit()
    officer, address = client_for("officer"), "/admin/findings/?period=2024-03"

    def carried(page):
        return [one.get_text(" ", strip=True) for one in page.select(".finding")
                if one.strong.text == "V6"]  # fmt: skip

    whole = carried(officer.soup(address))
    assert len(whole) == 4
    monkeypatch.setattr(findings_page, "UNITS", 3)
    assert carried(officer.soup(address)) == []
    own = f"{address}&of=ledger"
    assert own in [link["href"] for link in officer.soup(address).select("nav.tabs a")]
    assert carried(officer.soup(own)) == whole
    short(monkeypatch, 3)
    parts = [carried(officer.soup(f"{own}&page={n}")) for n in (0, 1)]
    assert [len(part) for part in parts] == [3, 1]
    assert parts[0] + parts[1] == whole
