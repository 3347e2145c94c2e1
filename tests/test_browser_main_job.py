"""The main job in a real browser: a commune's March, from the first figure to the report."""

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.browser import confirm, photograph, send

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_the_main_job(site, page_of):
    commune = page_of("yenbinh")
    commune.goto("/admin/")
    photograph(commune, "home-commune")
    commune.goto("/admin/my-report/2024-03")
    expect(commune.locator("h1")).to_contain_text("3/2024")
    amount = commune.locator("input[name$='-completed']").first

    amount.press_sequentially("900000000")  # over the plan of its source
    expect(amount).to_have_value("900.000.000")
    commune.locator("textarea[name$='-progress_text']").first.fill("Đã trồng 12 ha keo.")
    send(commune)
    expect(commune.locator(".finding-error").first).to_contain_text("900.000.000")
    photograph(commune, "over-plan")

    amount = commune.locator("input[name$='-completed']").first
    amount.fill("")
    amount.press_sequentially("80000000")
    expect(commune.locator("[data-after]").first).to_have_text("80.000.000")
    photograph(commune, "my-report")
    send(commune)
    expect(commune.locator("main .badge-info").first).to_be_visible()

    officer = page_of("canbo")
    officer.goto("/admin/")
    photograph(officer, "home-officer")
    officer.goto("/admin/review/2024-03")
    photograph(officer, "period")
    officer.get_by_role("link", name="UBND xã Yên Bình").first.click()
    reason = officer.locator("textarea[name=reason]")
    if not reason.is_visible():
        officer.locator("details:has(textarea[name=reason]) > summary").click()
    reason.fill("Bổ sung số hộ tham gia.")
    officer.click("button[value=return]")
    if officer.locator("dialog[open]").count():
        confirm(officer)
    expect(officer.locator(".badge-warn").first).to_be_visible()

    commune.goto("/admin/my-report/2024-03")
    expect(commune.locator("main")).to_contain_text("Bổ sung số hộ tham gia.")
    commune.locator("textarea[name$='-progress_text']").first.fill("12 ha keo, 31 hộ tham gia.")
    send(commune)

    officer.goto("/admin/review/2024-03")
    officer.get_by_role("link", name="UBND xã Yên Bình").first.click()
    officer.click("button[value=accept]")
    expect(officer.locator(".badge-ok").first).to_be_visible()

    leader = page_of("lanhdao")
    leader.goto("/admin/reports/consolidated?period=2024-03")
    expect(leader.locator("main")).to_contain_text("9/9")
    photograph(leader, "consolidated")
    leader.locator("tr.total a, tbody tr a").first.click()
    expect(leader.locator("main table").first).to_be_visible()
    photograph(leader, "explain")
    leader.goto("/admin/reports/late?period=2024-03")
    expect(leader.locator("main")).to_contain_text("UBND xã Yên Bình")
    expect(leader.locator("main")).to_contain_text("Phòng VH&TT")
    photograph(leader, "late")

    answer = leader.request.get(
        "/admin/reports/consolidated.csv?period=2024-03&headers=keys&unit=dong"
    )
    rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
    assert rows[0]["disbursed_total"] == str(2_299_845_679 + 80_000_000)
    own = next(r for r in rows if (r["level"], r["code"]) == ("investor", "X-06391"))
    assert own["disbursed_month"] == "80000000"


def test_a_phone_is_enough_for_a_commune(page_of):
    page = page_of("huulien", width=360)
    for address in ("/admin/", "/admin/my-report/", "/admin/my-report/2024-03"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, address
    photograph(page, "phone")


def test_the_delete_question_appears_under_the_strict_policy(page_of):
    """A page that names the record stands between the click and the deleting."""
    page = page_of("canbo")
    page.goto("/admin/project/")
    photograph(page, "projects")
    page.locator("a[href*='delete-confirm']").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).to_contain_text("L0")
    page.goto("/admin/project/")
    expect(page.locator("tbody tr")).to_have_count(13)
