"""Pages that are no report, printed from a real browser: what they are, and all their columns."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ACROSS = 1047  # pixels between the margins of A4 across
WIDER = """() => [...document.querySelectorAll("main table")].filter((table) =>
  table.offsetWidth > table.parentElement.clientWidth + 1).map((table) => table.className)"""
LISTS = ("obstacle", "project", "allocation", "entry", "submission", "investor", "decision", "user")
RIGHT = "cell => cell.getBoundingClientRect().right"


@pytest.fixture
def paper_of(page_of):
    def open_page(username, address):
        page = page_of(username, width=ACROSS)
        page.goto(address)
        page.emulate_media(media="print")
        return page

    return open_page


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/reports/narrative",
        "/admin/reports/sentences",
        "/admin/reports/explain?period=2024-03&column=plan_total",
    ],
)
def test_a_printed_page_says_what_it_is_and_that_its_figures_are_invented(paper_of, address):
    """The first page came out of the printer without a title, a month or that mark."""
    page = paper_of("lanhdao", address)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".page-head")).to_contain_text("Tháng 3/2024")
    expect(page.locator(".page-title > .only-print.strong")).to_have_text("Số liệu minh họa")


def test_a_printed_report_has_its_own_head_alone(paper_of):
    page = paper_of("lanhdao", "/admin/reports/consolidated")
    expect(page.locator("h1")).to_be_hidden()
    expect(page.locator(".paper-mark").first).to_be_visible()


def test_the_sum_of_a_period_is_printed_under_its_figures(paper_of):
    """Boxes to tick are left out on paper; the sum moved one column on, under the remarks."""
    page = paper_of("canbo", "/admin/review/2024-03")
    table = page.locator("table.desk")
    assert table.locator("tbody .col-check").first.is_hidden()
    total = table.locator("tfoot td.num").evaluate(RIGHT)
    assert total == table.locator("tbody tr").first.locator("td.num").evaluate(RIGHT)


def lies_across(page):
    """Whether the first page that leaves the printer is A4 across."""
    size = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    return size is not None and [round(float(side)) for side in size.groups()] == [842, 595]


def test_lists_are_printed_with_all_their_columns(paper_of):
    """They went into the printer upright, and the last column was cut off."""
    page = paper_of("admin", "/admin/")
    for name in LISTS:
        page.goto(f"/admin/{name}/")
        assert page.evaluate(WIDER) == [], name
        assert lies_across(page), name
    for column in ("plan_total", "disbursed_total"):
        page.goto(f"/admin/reports/explain?period=2024-03&column={column}")
        assert page.evaluate(WIDER) == [], column
        assert lies_across(page), column
