"""From the total of Biểu 01 to one commune's figure, to who sent it, to the cell of its file."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import confirm, photograph, send
from tests.test_browser_imports import april, bring, messy, read

__all__ = ["april"]
pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
REPORT = "/admin/reports/consolidated?period=2024-04&detail=project&unit=dong"


def figure(page: Page, row: str, column: str):
    """The link behind a figure of Biểu 01, by the name of its row and the key of its column."""
    return page.locator(f".report-table tr:has(th:text-is('{row}')) a[href*='column={column}&']")


def test_a_walk_from_the_total_to_the_cell_of_the_file(april, page_of, tmp_path):
    unit = page_of("huulien")
    bring(unit, messy(tmp_path, 210, 1.5), kind="monthly", period="2024-04")
    assert read(unit) == "ready"
    unit.click("[data-apply]")
    expect(unit.locator("[data-standing=applied]")).to_be_visible()
    unit.goto("/admin/my-report/2024-04")
    send(unit)
    expect(unit.locator("main .badge-info").first).to_be_visible()

    april.goto("/admin/review/2024-04")
    april.get_by_role("link", name="UBND xã Hữu Liên").first.click()
    april.click("button[value=accept]")
    if april.locator("dialog[open]").count():
        confirm(april)
    expect(april.locator(".badge-ok").first).to_be_visible()

    for who in ("lanhdao", "huulien"):
        page = page_of(who)
        page.goto(REPORT)
        total = "TỔNG SỐ CỦA ĐƠN VỊ" if who == "huulien" else "TỔNG SỐ"
        whole = figure(page, total, "disbursed_month")
        expect(whole).to_have_text("261.500.000")
        whole.click()
        # the total: every entry that it adds up, with its unit
        expect(page.locator("tfoot td").last).to_have_text("261.500.000")
        expect(page.locator(".explain-table").last).to_contain_text("UBND xã Hữu Liên")
        page.go_back()
        # one commune, one project
        own = figure(page, "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", "disbursed_month")
        expect(own).to_have_text("260.000.000")
        own.click()
        entries = page.locator(".explain-table").last.locator("tbody tr")
        expect(entries).to_have_count(2)
        line = entries.filter(has_text="210.000.000")
        # who sent it, who judged it, and when
        expect(line).to_contain_text(re.compile(r"\d\d:\d\d .*\d\d/\d\d/\d{4}"))
        expect(line).to_contain_text("Đã tiếp nhận")
        photograph(page, f"tu-so-lieu-den-nguoi-{who}")
        # one click to the entry and its history
        entry = line.locator("td.num a").last.get_attribute("href")
        # one click to the file, at the very cell
        line.get_by_role("link", name=re.compile("ô C6")).click()
        page.wait_for_url(re.compile(r"/admin/imports/\d+#c0-C6$"))
        cell = page.locator("td:target")
        expect(cell).to_have_text("210")
        expect(cell).to_be_in_viewport()
        assert cell.evaluate("cell => getComputedStyle(cell).outlineStyle") == "solid"
        photograph(page, f"tu-so-lieu-den-o-{who}")
        page.goto(entry)
        expect(page.locator("main")).to_contain_text("210.000.000")
