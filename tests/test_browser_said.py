"""In a real browser: what a page says of a field, and that nothing lies over what is pressed."""

import pytest
from playwright.sync_api import expect

from tests.browser import send

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


def test_a_search_chooses_only_what_was_chosen(page_of):
    """Tab left “searching” open for good, Enter sent the form without what was typed, and the
    copy held the decision that had been emptied, behind an empty field.
    """
    page = page_of("taichinh")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/allocation/new/")
    field, value = page.locator("#decision"), page.locator("#decision-value")
    lists = page.locator("#decision-list")
    field.focus()
    page.keyboard.type("412")
    page.keyboard.press("Enter")
    expect(lists.locator("li").first).to_contain_text("412/QĐ-UBND")  # found, and nothing sent
    page.keyboard.press("Enter")
    expect(field).to_have_value("412/QĐ-UBND (05/02/2024)")
    chosen = value.input_value()
    copy = """() => Object.keys(localStorage).filter((key) => key.startsWith("keep:"))
      .map((key) => JSON.parse(localStorage[key])).map((one) => [one.values, one.texts])
      .map(([values, texts]) => [values.decision[0], texts.decision[0]].join(" "))[0]"""
    page.wait_for_function(
        f"(text) => ({copy})() === text", arg=f"{chosen} 412/QĐ-UBND (05/02/2024)"
    )
    field.press("Control+a")
    field.press("Delete")
    page.keyboard.press("Tab")
    page.wait_for_function(f"() => ({copy})() === ' '")
    field.focus()
    page.keyboard.type("412")
    page.keyboard.press("Tab")
    page.wait_for_timeout(400)  # longer than a search waits to begin
    expect(lists).to_be_hidden()


def test_a_report_that_was_sent_asks_nothing_and_takes_nothing_back(page_of):
    """Its figures were asked about with a button that wrote into fields nobody may change, and a
    copy of another tab could be put in their place.
    """
    page = page_of("huulien")
    page.goto("/admin/my-report/2024-03")
    amount = page.locator("input[name$='-completed']").first
    sent = amount.input_value()
    page.evaluate(
        """name => {
             const values = { [name]: ["5.000"] };
             const kept = { id: "another", at: Date.now(), version: "0", values };
             const key = `keep:${document.body.dataset.person}:${location.pathname}#sheet:another`;
             localStorage.setItem(key, JSON.stringify(kept));
             document.querySelector("[data-row]").dataset.plan = "5000";
             document.querySelector("form.sheet").dispatchEvent(new Event("input"));
           }""",
        amount.get_attribute("name"),
    )
    expect(page.locator(".doubt")).to_have_count(0)
    page.reload()
    page.locator(".kept summary").click()
    expect(page.locator(".kept table")).to_contain_text("5.000")
    expect(page.get_by_role("button", name="Đưa lại")).to_have_count(0)
    page.get_by_role("button", name="Bỏ đi").click()
    expect(page.locator(".kept")).to_have_count(0)
    expect(amount).to_have_value(sent)


def test_another_unit_of_amounts_is_no_change_to_lose(page_of):
    page = page_of("huulien")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/admin/my-report/2024-03")
    page.click(".units a[data-unit=trieu]")
    page.goto("/admin/")
    assert asked == []


TWICE = """() => [...document.querySelectorAll("[id]")].map((one) => one.id)
  .filter((id, i, all) => all.indexOf(id) !== i)"""


def test_two_sentences_of_one_rule_are_explained_in_one_field(page_of):
    """Each had a field of the same name: what was typed in the second was lost. What was saved with
    a sending that is refused was said to be unsaved, and after the next to be unanswered.
    """
    page = page_of("yenbinh")
    page.goto("/admin/my-report/2024-03")
    page.locator("[name$=-completed]").first.fill("760000000")
    page.locator("[name$=-physical_progress]").fill("8")
    send(page)
    told = page.locator(".finding", has_text="V10")
    assert told.count() == 1
    expect(told).to_contain_text("giảm từ 10% xuống 8%")
    expect(told).to_contain_text("khối lượng đạt 8% nhưng vốn đã giải ngân 90,91%")
    assert page.evaluate(TWICE) == []
    expect(page.locator(".kept")).to_have_count(0)
    for field in page.locator("[name^=explain-]").all():
        field.fill("Đã đối chiếu với Kho bạc.")
    send(page)
    expect(page.locator(".flash-ok")).to_contain_text("Đã gửi báo cáo tháng 3/2024.")
    expect(page.locator(".kept")).to_have_count(0)
