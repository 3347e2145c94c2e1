"""Findings, the history of a unit and its obstacles in a real browser, wide and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser import photograph, send

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize("width", [1280, 390])
def test_findings_lead_to_the_report_they_are_about(site, page_of, width):
    officer = page_of("canbo", width)
    officer.goto("/admin/findings/?period=2024-03")
    first = officer.locator(".finding a").first
    expect(first).to_be_visible()
    photograph(officer, f"findings-{width}")
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert officer.evaluate(fits)
    first.click()
    expect(officer.locator(".finding").first).to_be_visible()


def test_an_obstacle_is_written_on_the_sheet_and_stands_in_the_register(site, page_of):
    commune = page_of("yenbinh", 390)
    commune.goto("/admin/my-report/2024-03")
    commune.locator("textarea[name$='-obstacles']").first.fill("Mưa lũ làm hỏng đường vào")
    commune.locator("textarea[name$='-progress_text']").first.fill("Đã trồng 12 ha keo.")
    amount = commune.locator("input[name$='-completed']").first
    amount.fill("")
    amount.press_sequentially("80000000")
    photograph(commune, "sheet-obstacle-390")
    send(commune)
    commune.goto("/admin/obstacle/")
    expect(commune.locator("main")).to_contain_text("Mưa lũ làm hỏng đường vào")
    photograph(commune, "register-390")
    wide = page_of("yenbinh")
    wide.goto("/admin/entry/")
    photograph(wide, "history-unit")
    wide.locator("tbody th a").first.click()
    expect(wide.locator("main a[href*='/admin/my-report/']")).to_be_visible()
    photograph(wide, "history-entry")
