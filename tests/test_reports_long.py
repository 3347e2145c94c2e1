"""A long report is shown by pages: each row once, each link its own, the file whole."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from admin.pages import report_part
from models import Period
from models.exchange.package import load_package
from reports import findings

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
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
def leader(session, client_for):
    load_package(session, DEMO, at=AT, by="test")
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


def test_a_page_that_is_no_number_is_missing(leader):
    for page in ("x", "-1", "1.5", "9" * 30):
        assert leader.get(f"/admin/reports/consolidated?page={page}").status_code == 404


def test_files_have_all_rows(leader, monkeypatch):
    address = "/admin/reports/consolidated.csv?period=2024-03&headers=keys"
    whole = leader.get(address).data
    short(monkeypatch, 2)
    assert leader.get(f"{address}&page=1").data == whole


def test_findings_are_shown_by_pages(session, client_for, monkeypatch):
    """Of each unit the same finding, so that there are many."""
    load_package(session, DEMO, at=AT, by="test")
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

    whole = officer.soup(address)
    found = listed(whole)
    assert len(found) > 10
    short(monkeypatch, 3)
    parts = [officer.soup(f"{address}&page={n}") for n in range(-(-len(found) // 3))]
    assert [row for part in parts for row in listed(part)] == found
    said = {part.select_one(".page-head p, main header p").text for part in parts}
    assert said == {whole.select_one(".page-head p, main header p").text}
