"""What stands in an amount field and is no amount, in a real browser: it is said beside the field,
and every sum without it says that it is not complete.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SHEET = "/admin/my-report/2024-03"
FIRST = "input[name$='-completed']"
NO_AMOUNTS = ["5constructor", "1e5", "--5", "-", "(", "đ", "=500+1", "5%", "1.234,5", "1,234.5"]


def _sheet(page_of: Callable[[str], Page], unit: str = "dong") -> Page:
    """The sheet of a commune, left at any time without a question."""
    page = page_of("yenbinh")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{SHEET}?unit={unit}")
    return page


def _paste(page: Page, text: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


@pytest.mark.parametrize("unit", ["dong", "nghin", "trieu"])
def test_a_sum_without_an_unread_amount_says_so(page_of, unit):
    page = _sheet(page_of, unit)
    row = page.locator("[data-row]").first
    amount, advance = row.locator(FIRST), row.locator("input[name$='-advance']")
    note, sums = page.locator("[data-partly-note]"), page.locator("[data-sum=period]")
    amount.fill("80 triệu")
    expect(note).to_be_hidden()
    row.locator("details.more").evaluate("details => { details.open = true; }")
    for typed in ["5constructor", "1e5", "--5", "5%", "-", "đ"]:
        advance.fill(typed)
        advance.blur()
        expect(advance).to_have_attribute("aria-invalid", "true")
        expect(row.locator("input[name$='-advance'] ~ .echo-bad")).not_to_be_empty()
        expect(note).to_be_visible()
        assert set(sums.all_text_contents()) == {"80.000.000 (chưa đủ)"}
        for of_row in ("[data-net]", "[data-after]", "[data-remaining]", "[data-rate]"):
            expect(row.locator(of_row)).to_contain_text("(chưa đủ)")
    advance.fill("20 triệu")
    expect(note).to_be_hidden()
    expect(sums.first).to_have_text("100.000.000")
    expect(row.locator("[data-after]")).not_to_contain_text("(")
    # nothing at all, or what shows nothing, is no amount that is missing
    advance.fill("\u200b ")
    expect(note).to_be_hidden()
    expect(advance).not_to_have_attribute("aria-invalid", "true")


def test_what_the_script_cannot_read_the_server_refuses_beside_the_same_field(page_of):
    page = page_of("yenbinh")
    page.on("dialog", lambda dialog: dialog.accept())
    for typed in NO_AMOUNTS:
        page.goto(f"{SHEET}?unit=dong")
        amount = page.locator(FIRST).first
        amount.fill(typed)
        amount.blur()
        expect(amount).to_have_attribute("aria-invalid", "true")
        page.click("button[value=save]")
        expect(page.locator("[data-error-summary]")).to_be_visible()
        expect(amount).to_have_value(typed)
        expect(page.locator("[data-partly-note]")).to_be_visible()
    page.evaluate("localStorage.clear()")


@pytest.mark.parametrize(
    ("cells", "left", "sum_"),
    [
        ("1\u00a0234\u00a0567\r\n", "1.234.567", "1.234.567"),
        ("\t1.234.567\t", "1.234.567", "1.234.567"),
        ("500\r\n234\r\n", "500\t234", "0 (chưa đủ)"),
        ("500\t234", "500\t234", "0 (chưa đủ)"),
        ("80.000.000\n90.000.000\n", "80.000.000\t90.000.000", "0 (chưa đủ)"),
    ],
)
def test_cells_pasted_together_never_become_one_amount(page_of, cells, left, sum_):
    """500 above 234 was read as 500.234: a field makes a space of a line end."""
    page = _sheet(page_of)
    amount = page.locator(FIRST).first
    for other in page.locator("[data-calc]").all():
        other.evaluate("field => { field.value = ''; }")
    amount.focus()
    _paste(page, cells)
    amount.blur()
    expect(amount).to_have_value(left)
    expect(page.locator("[data-sum=period]").first).to_have_text(sum_)


@pytest.mark.parametrize(
    ("before", "composed", "left"),
    [
        ("", "1234567", "1.234.567"),
        ("12345", "678", "12.345.678"),
        ("12345", " triệu", "12345 triệu"),
        ("", "12,5 triệu", "12,5 triệu"),
    ],
)
def test_figures_of_an_input_method_are_typed_once(page_of, before, composed, left):
    """While an input method held 12345 the page put marks into it: 12.341.234.567 was left."""
    page = _sheet(page_of)
    amount = page.locator(FIRST).first
    amount.fill("")
    amount.press_sequentially(before)
    keyboard = page.context.new_cdp_session(page)
    for end in range(1, len(composed) + 1):
        text = {"text": composed[:end], "selectionStart": end, "selectionEnd": end}
        keyboard.send("Input.imeSetComposition", text)
    keyboard.send("Input.insertText", {"text": composed})
    expect(amount).to_have_value(left)
