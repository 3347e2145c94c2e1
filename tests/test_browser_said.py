"""In a real browser: what a page says of a field, and that nothing lies over what is pressed."""

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def test_what_was_wrong_is_said_once_and_goes_when_another_amount_is_typed(page_of):
    page = page_of("yenbinh", width=360)
    page.goto("/admin/my-report/2024-03")
    field = page.locator("input[data-money]:visible").first
    field.fill("abc")
    page.click("button[name=action][value=save]")
    page.wait_for_load_state()
    name = page.locator("[aria-invalid=true]").get_attribute("id")
    told, echo = page.locator(f"#{name}-error"), page.locator(f"#{name}-echo")
    expect(told).to_contain_text("“abc”")
    expect(echo).to_have_text("")
    page.fill(f"#{name}", "5.000.000")
    page.keyboard.press("Tab")
    expect(told).to_be_hidden()
    expect(echo).to_have_text("Năm triệu đồng")
    page.fill(f"#{name}", "xyz")
    page.keyboard.press("Tab")
    expect(told).to_be_hidden()
    expect(echo).to_contain_text("không phải số tiền")


def test_an_empty_field_is_asked_for_in_the_language_of_the_page(page_of):
    page = page_of("canbo")
    page.goto("/admin/period/open/")
    page.fill("#code", "")
    page.click("form.card .btn-primary")
    said = page.locator("#code").evaluate("field => field.validationMessage")
    assert said == "Cần điền mục này."
    page.fill("#code", "2024-04")
    with page.expect_navigation():
        page.click("form.card .btn-primary")
    expect(page.locator(".flash-ok")).to_be_visible()


def test_without_a_network_the_buttons_of_a_phone_stay_in_reach(page_of):
    page = page_of("yenbinh", width=360)
    page.goto("/admin/my-report/2024-03")
    page.context.set_offline(True)
    expect(page.locator("#kept-said")).to_be_visible()
    page.click("button[name=action][value=save]", timeout=5_000)  # refuses what lies under another
    page.context.set_offline(False)


def test_the_menu_shows_where_one_is_and_a_day_is_said_as_people_say_it(page_of):
    page = page_of("canbo")
    page.goto("/admin/checks/")
    here = page.locator("nav.side [aria-current]")
    box = here.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900 - box["height"]
    page.goto("/admin/organisation/")
    page.fill("#effective_on", "01/12/2026")
    expect(page.locator("#effective_on-echo")).to_have_text("Thứ Ba, ngày 1 tháng 12 năm 2026")


@pytest.mark.parametrize(
    "address",
    ["/admin/checks/", "/admin/capital_term/", "/admin/reports/consolidated?period=2024-03"],
)
@pytest.mark.parametrize("width", [360, 683])  # a phone, and 200 % on a small desk
def test_nothing_in_a_card_is_cut_or_wider_than_the_window(page_of, address, width):
    page = page_of("canbo", width=width)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".table-cards :is(input, .badge)")]
          .filter((one) => one.offsetParent && one.ariaHidden !== "true")
          .filter((one) => one.scrollWidth > one.clientWidth + 1)
          .map((one) => one.outerHTML)"""
    )
    assert cut == []
