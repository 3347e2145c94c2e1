"""The report pages: every figure a link, the same figures in the file, refusals in words."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import Investor, User

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
TAKEN = "2024-04-16T09:00"
ADDRESS = "/admin/reports/consolidated"


@pytest.fixture
def demo(load_demo):
    return load_demo(AT)


@pytest.fixture
def leader(demo, client_for):
    return client_for("leader")


def rows_of(reply, delimiter=","):
    text = reply.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def right_answers(name):
    return list(csv.DictReader(io.StringIO((DEMO / "expected" / name).read_text(encoding="utf-8"))))


@pytest.mark.parametrize("report", ["consolidated", "late"])
def test_the_page_shows_its_report(leader, report):
    page = leader.soup(f"/admin/reports/{report}?period=2024-03")
    assert page.select("main table tbody tr")


def test_the_file_has_the_right_answers(leader):
    expected = right_answers("consolidated-2024-03.csv")
    reply = leader.get(f"{ADDRESS}.csv?period=2024-03&headers=keys")
    assert reply.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in reply.headers["Content-Disposition"]
    assert [{key: row[key] for key in expected[0]} for row in rows_of(reply)] == expected


def test_the_late_file_has_the_right_answers(leader):
    expected = right_answers("late-2024-03-as-of-2024-04-16T0900.csv")
    reply = leader.get(f"/admin/reports/late.csv?period=2024-03&headers=keys&all=1&as_of={TAKEN}")
    assert [{key: row[key] for key in expected[0]} for row in rows_of(reply)] == expected


def test_screen_and_file_show_the_same_figures(leader):
    page = leader.soup(f"{ADDRESS}?period=2024-03&unit=dong")
    shown = [
        row.select_one('a[href*="column=disbursed_total"]').text.replace(".", "").replace(",", "")
        for row in page.select(".report-table tbody tr")
    ]
    filed = rows_of(leader.get(f"{ADDRESS}.csv?period=2024-03&headers=keys"))
    assert shown == [row["disbursed_total"] for row in filed]


def test_every_figure_leads_to_rows_with_the_same_sum(leader):
    page = leader.soup(f"{ADDRESS}?period=2024-03&unit=dong&detail=project")
    for row in page.select(".report-table tbody tr")[:4]:
        for link in row.select("td.num a"):
            there = leader.soup(link["href"])
            figures = [one.text.split()[0] for one in there.select(".figure-value")]
            assert link.text in figures, link["href"]


@pytest.mark.parametrize(
    "query", ["unit=euro", "group=x", "detail=all", "basis=draft", "headers=x", "delimiter=tab"]
)
@pytest.mark.parametrize("ending", ["", ".csv"])
def test_a_value_that_is_not_possible_is_refused_in_words(leader, query, ending):
    reply = leader.get(f"{ADDRESS}{ending}?period=2024-03&{query}")
    assert reply.status_code == 400
    assert query.partition("=")[0] in reply.text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"{ADDRESS}?period=2031-01", 404),
        (f"{ADDRESS}?period=nonsense", 404),
        (f"{ADDRESS}?period=%00", 404),  # PostgreSQL takes no such sign: it is not asked
        (f"{ADDRESS}.pdf?period=2024-03", 404),
        ("/admin/reports/late?period=2024-03&as_of=yesterday", 400),
        ("/admin/reports/late?period=2024-03&all=yes", 400),
        ("/admin/reports/explain?period=2024-03&column=name", 400),
        ("/admin/reports/explain?period=2024-03&column=plan_total&project=1", 404),
        ("/admin/reports/explain?period=2024-03&column=plan_total&project=x", 404),
    ],
)
def test_what_is_not_there(leader, address, status):
    assert leader.get(address).status_code == status


def test_a_commune_sees_its_own_rows_only(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    foreign = demo.query(Investor).filter_by(code="X-06391").one()
    client = client_for("investor", own)
    rows = rows_of(client.get(f"{ADDRESS}.csv?period=2024-03&headers=keys"))
    assert {row["code"] for row in rows if row["level"] == "investor"} == {"X-06388"}
    listed = rows_of(client.get("/admin/reports/late.csv?period=2024-03&headers=keys&all=1"))
    assert [row["code"] for row in listed] == ["X-06388"]
    total = client.soup("/admin/reports/explain?period=2024-03&column=plan_total&basis=submitted")
    assert foreign.short_name not in total.text


def test_the_late_page_says_why_each_cell_is_what_it_is(leader):
    page = leader.soup(f"/admin/reports/late?period=2024-03&as_of={TAKEN}&all=1")
    cells = page.select(".grid-months a.cell")
    assert cells
    assert all("2024" in cell["title"] for cell in cells)
    assert len(page.select("table.table-cards tbody tr")) == 9


def test_semicolons_and_thousands(leader):
    reply = leader.get(f"{ADDRESS}.csv?period=2024-03&headers=keys&delimiter=semicolon&unit=trieu")
    assert rows_of(reply, ";")[0]["plan_total"] == "14699"


def test_without_a_period_there_is_a_page_that_says_so(client_for):
    client = client_for("leader")
    for report in ("consolidated", "late"):
        assert client.get(f"/admin/reports/{report}").status_code == 200
        assert client.get(f"/admin/reports/{report}.csv").status_code == 404


def test_nobody_is_let_in_without_signing_in(client_for):
    stranger = client_for(None)
    assert stranger.get(ADDRESS).status_code == 302
    assert stranger.get(f"{ADDRESS}.csv").status_code == 302


def test_home_of_staff_shows_the_district(demo, leader):
    page = leader.soup("/admin/")
    assert len(page.select(".figure a")) == 5
    assert "8/9" in page.select_one(".figures").text
    assert "Trong kỳ: 1.734,5 triệu đồng" in " ".join(page.select_one(".figures").text.split())
    assert page.select(".bars li")


def test_home_of_a_unit_shows_what_to_send(demo, client_for):
    user = demo.query(User).filter(User.investors.any(code="X-06391")).first()
    own = demo.query(Investor).filter_by(code="X-06391").one()
    client = (
        client_for(user) if user and not user.must_change_password else client_for("investor", own)
    )
    page = client.soup("/admin/")
    assert page.select('.task a[href*="/admin/my-report/2024-03"]')


def test_home_says_no_rate_of_capital_that_is_not_there(demo, client_for):
    def rate(name):
        unit = demo.query(Investor).filter_by(short_name=name).one()
        page = client_for("investor", unit).soup("/admin/")
        return page.select_one('.figure:has(a[href*="rate_total"])').text

    assert "kéo dài 76,19" in rate("UBND xã Hữu Liên")
    assert "kéo dài" not in rate("UBND xã Yên Bình")


@pytest.mark.parametrize(
    "report", ["consolidated", "carry-over", "treasury", "charts", "narrative"]
)
def test_the_treasury_is_named_once_on_a_screen_and_once_on_its_paper(leader, report):
    page = leader.soup(f"/admin/reports/{report}?period=2024-03")
    words = "không thay thế số liệu của Kho bạc"
    said = [one for one in page.select("main p") if words in one.text]
    assert said
    assert all(one.find_parent(class_="only-print") or "only-print" in one["class"] for one in said)
    assert words in page.select_one("footer").text


def test_home_before_anything_is_there(client_for):
    assert client_for("officer").get("/admin/").status_code == 200


def test_a_page_offers_the_file_for_a_vietnamese_spreadsheet_in_its_unit(leader):
    page = leader.soup(f"{ADDRESS}?period=2024-03&unit=trieu")
    [link] = page.select("a[href*='delimiter=semicolon']")
    assert "unit=trieu" in link["href"]
    text = leader.get(link["href"]).get_data(as_text=True)
    assert "15,65" in text or any(cell.count(",") == 1 for cell in text.splitlines()[1].split(";"))
    assert ";total;" not in text
