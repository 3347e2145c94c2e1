"""Amounts as they are typed in a real browser: the script reads, writes and asks as the server."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from models.base import SLIP, SUSPECT_RATIO, write_amount
from tests.amounts import CASES, SUSPECT
from tests.test_reading_doors import MORE_DAYS, MORE_NO_DAYS, NO_DAY, SAME_DAY

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SHEET = "/admin/my-report/2024-03"
FIRST = "input[name$='-completed']"


@pytest.fixture(scope="module")
def bare(browser):
    """An empty page with the script of amounts alone."""
    page = browser.new_page()
    page.set_content("<!doctype html><html lang=vi><title>x</title><main></main></html>")
    page.add_script_tag(path=str(Path("static/amounts.js")))
    yield page
    page.close()


def test_the_script_reads_what_the_server_reads(bare):
    read = bare.evaluate(
        """cases => cases.map(([text, unit, language]) => {
             const found = window.amounts.read(text, unit, language);
             return found.why ?? String(found.dong);
           })""",
        [list(case[:3]) for case in CASES],
    )
    wrong = [
        (case, found) for case, found in zip(CASES, read, strict=True) if found != str(case[3])
    ]
    assert wrong == []


def test_the_script_offers_the_readings_that_the_server_offers(bare):
    asked = [case[:3] for case in CASES if case[3] == "unclear"]
    offered = bare.evaluate(
        """cases => cases.map(([text, unit, language]) => {
             const found = window.amounts.read(text, unit, language);
             return [found.plain, found.decimal].map(
               (one) => window.amounts.read(one, unit, language).dong !== undefined);
           })""",
        [list(case) for case in asked],
    )
    assert offered == [[True, True]] * len(asked)


def test_the_script_writes_what_the_server_writes(bare):
    amounts = [0, 5, 1_234, 1_234_567, 80_000_000, 12_500_000, -35_500_001, 10**15]
    cases = [(a, u, m) for a in amounts for u in ("dong", "nghin", "trieu") for m in ("vi", "en")]
    written = bare.evaluate(
        "cases => cases.map(([a, u, m]) => window.amounts.write(BigInt(a), u, m))",
        [[str(amount), unit, language] for amount, unit, language in cases],
    )
    assert written == [write_amount(*case) for case in cases]


def test_the_script_suspects_what_the_server_suspects(bare):
    meant = bare.evaluate(
        """([cases, ratio, slip]) => cases.map(([amount, plan, last]) => {
             const [a, p, l] = [amount, plan, last].map(BigInt);
             const found = window.amounts.meant(
               a, { plan: p, last: l, ratio: BigInt(ratio), slip: BigInt(slip) });
             return found === null ? null : Number(found);
           })""",
        [[list(case[:3]) for case in SUSPECT], SUSPECT_RATIO, SLIP],
    )
    assert meant == [case[3] for case in SUSPECT]


@pytest.mark.parametrize(
    ("served", "keys", "left"),
    [
        ("", "1234567", "1.234.567"),
        ("", "2302tr", "2302tr"),
        ("", "76724 triệu", "76724 triệu"),
        ("", "3859.231k", "3859.231k"),
        ("", "8088.397", "8088.397"),
        ("", "1234567,00", "1234567,00"),
        ("1.234", "5", "12.345"),
        ("1.5", "0", "1.50"),
    ],
)
def test_marks_put_in_by_the_script_change_no_amount(bare, served, keys, left):
    """“3859.231k” became 3.859.231k, a thousand times as much; “2302tr” could not be read."""
    bare.evaluate(
        """served => {
             document.querySelector("main").innerHTML = `<input data-money value="${served}">`;
             window.amounts.field(document.querySelector("input"));
           }""",
        served,
    )
    bare.locator("input").press("End")
    bare.keyboard.type(keys)
    assert bare.locator("input").input_value() == left


@pytest.mark.parametrize(
    ("unit", "keys", "typed"),
    [
        ("dong", "80000000", "80.000.000"),
        ("nghin", "80000", "80000"),
        ("trieu", "80", "80"),
        ("trieu", "80,0", "80,0"),
        ("dong", "80 triệu", "80 triệu"),
        ("dong", "80,000,000", "80,000,000"),
        ("trieu", "80.000.000 đ", "80.000.000 đ"),
    ],
)
def test_sums_words_and_saving_in_each_unit(page_of, unit, keys, typed):
    page = page_of("yenbinh")
    page.goto(f"{SHEET}?unit={unit}")
    amount = page.locator(FIRST).first
    amount.fill("")
    amount.press_sequentially(keys)
    expect(amount).to_have_value(typed)
    expect(page.locator("[data-sum=period]").first).to_have_text("80.000.000")
    expect(page.locator(f"{FIRST} ~ .echo").first).to_contain_text("Tám mươi triệu đồng")
    page.click("button[value=save]")
    expect(page.locator(".flash-ok, .flash-success").first).to_be_visible()
    expect(page.locator("[data-sum=period]").first).to_have_text("80.000.000")


def test_a_slip_is_asked_about_in_each_unit(page_of):
    page = page_of("yenbinh")
    for unit, keys, right in (
        ("dong", "80000000000", "80.000.000"),
        ("nghin", "80000000", "80000"),
        ("trieu", "80000", "80"),
    ):
        page.goto(f"{SHEET}?unit={unit}")
        amount = page.locator(FIRST).first
        amount.fill("")
        amount.press_sequentially(keys)
        page.locator(f"{FIRST} ~ .doubt button").first.click()
        expect(amount).to_have_value(right)
        expect(page.locator(f"{FIRST} ~ .doubt")).to_have_count(0)
        expect(page.locator("[data-sum=period]").first).to_have_text("80.000.000")
        page.evaluate("window.onbeforeunload = null; localStorage.clear()")
        page.on("dialog", lambda dialog: dialog.accept())


def test_the_unit_is_switched_in_place_and_converts_what_is_typed(page_of):
    page = page_of("yenbinh")
    page.goto(f"{SHEET}?unit=dong")
    amount, words = page.locator(FIRST).first, page.locator("textarea[name$='-obstacles']").first
    amount.fill("")
    amount.press_sequentially("12345678")
    words.fill("Mưa lũ kéo dài")
    for unit, text in (("trieu", "12,345678"), ("nghin", "12345,678"), ("dong", "12.345.678")):
        page.click(f".units a[data-unit={unit}]")
        expect(amount).to_have_value(text)
        expect(words).to_have_value("Mưa lũ kéo dài")
        expect(page.locator("input[name=unit]")).to_have_value(unit)
        expect(page.locator("[data-sum=period]").first).to_have_text("12.345.678")
    # what cannot be read is left as it was typed
    amount.fill("mười hai")
    page.click(".units a[data-unit=trieu]")
    expect(amount).to_have_value("mười hai")
    expect(page.locator("[data-unit-word]").first).to_have_text("triệu đồng")


@pytest.mark.parametrize("keys", ["1.5", "1,5", "1.50"])
def test_what_is_typed_into_the_ledger_is_never_joined(page_of, keys):
    """“1.5” became 15 đồng: the dot was taken for one of ours."""
    page = page_of("taichinh")
    page.goto("/admin/allocation/new/")
    amount = page.locator("input[name=amount]")
    amount.press_sequentially(keys)
    amount.blur()
    expect(amount).to_have_value(keys)
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#amount-echo")).to_contain_text("triệu")
    assert amount.get_attribute("inputmode") == "text"  # number pads have no minus
    amount.fill("−1.500.000")
    amount.blur()
    expect(amount).to_have_value("-1.500.000")
    page.on("dialog", lambda dialog: dialog.accept())


def test_marks_between_thousands_follow_the_figures(page_of):
    page = page_of("yenbinh")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{SHEET}?unit=dong")
    amount = page.locator(FIRST).first
    amount.fill("")
    amount.press_sequentially("1234567")
    expect(amount).to_have_value("1.234.567")
    amount.press("Backspace")
    expect(amount).to_have_value("123.456")
    amount.press("Home")
    amount.press_sequentially("9")
    expect(amount).to_have_value("9.123.456")
    amount.press("Backspace")  # behind the dot: deleting it deletes the figure before it
    expect(amount).to_have_value("123.456")


def test_a_pasted_text_is_counted_and_kept(page_of):
    page = page_of("yenbinh")
    page.goto(SHEET)
    words = page.locator("textarea[name$='-progress_text']").first
    words.fill("ă" * 4_100)
    count = page.locator("textarea[name$='-progress_text'] ~ .echo").first
    expect(count).to_contain_text("4100")
    page.click("button[value=save]")
    expect(page.locator("[data-error-summary]")).to_contain_text("4100")
    assert len(words.input_value()) == 4_100
    page.on("dialog", lambda dialog: dialog.accept())


def test_english_pages_print_and_read_their_own_marks(page_of):
    page = page_of("yenbinh")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{SHEET}?unit=dong")
    page.locator(FIRST).first.fill("12.345.678")
    page.click("button[value=save]")
    page.locator("details:has(form[action='/language']) > summary").click()
    page.locator("form[action='/language'] button[value=en]").click()
    page.goto(SHEET)
    amount = page.locator(FIRST).first
    expect(amount).to_have_value("12,345,678")
    amount.fill("")
    amount.press_sequentially("80000000")
    expect(amount).to_have_value("80,000,000")
    expect(page.locator("[data-sum=period]").first).to_have_text("80,000,000")
    page.click("button[value=save]")
    expect(page.locator(FIRST).first).to_have_value("80,000,000")


def test_what_cannot_be_read_is_kept_while_the_rest_is_saved(page_of):
    page = page_of("yenbinh")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{SHEET}?unit=dong")
    amount, words = page.locator(FIRST).first, page.locator("textarea[name$='-proposals']").first
    amount.fill("mười hai")
    words.fill("Đề nghị bổ sung vốn")
    page.click("button[value=save]")
    expect(page.locator("[data-error-summary]")).to_contain_text("lưu nháp")
    expect(amount).to_have_value("mười hai")
    page.goto(SHEET)
    expect(words).to_have_value("Đề nghị bổ sung vốn")
    page.locator(".flash-warn button").first.click()
    expect(amount).to_have_value("mười hai")
    page.evaluate("localStorage.clear()")


def test_the_script_reads_the_days_that_the_server_reads(page_of):
    page = page_of("admin")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/holiday/new/")
    field = page.locator("input[name=day]")
    echo = page.locator("#day-echo")
    for typed in [*SAME_DAY, *MORE_DAYS]:
        field.fill(typed)
        field.blur()
        expect(echo).to_contain_text("9 tháng 4")
        expect(field).not_to_have_attribute("aria-invalid", "true")
    for typed in [*NO_DAY, *MORE_NO_DAYS]:
        field.fill(typed)
        field.blur()
        expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        ("09042024", "09/04/2024"),
        ("09/04/2024", "09/04/2024"),
        ("09.04.2024", "09/04/2024"),
        ("9-4-2024", "09/04/2024"),
        ("2024-04-09", "09/04/2024"),
        ("2024/04/09", "09/04/2024"),
        ("2024.04.09", "09/04/2024"),
        ("2012-04-09", "09/04/2012"),
        ("2012", "20/12"),  # the 20th of December, or a year: the next mark tells
    ],
)
def test_days_are_typed_with_and_without_marks(page_of, keys, day):
    page = page_of("admin")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/holiday/new/")
    field = page.locator("input[name=day]")
    field.press_sequentially(keys)
    field.blur()
    expect(field).to_have_value(day)
