"""In a real browser: a commune fills in its Excel form; finance pastes thirty lines."""

import csv

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from models.sheets import Field, Holds
from tests.browser import DEMO, PASSWORD, confirm, photograph
from tests.unit_forms import marks_of, place

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SECONDS = 30_000  # milliseconds that the reading of a file may take on a busy machine


def open_period(page: Page, code: str) -> None:
    page.goto("/admin/period/open/")
    page.fill("#code", code)
    page.click("form.card .btn-primary")
    page.wait_for_load_state()


def read_and_ready(page: Page) -> None:
    """Wait until the file is read and can be imported."""
    page.wait_for_url("**/admin/imports/*")
    expect(page.locator("[data-standing]")).to_have_attribute(
        "data-standing", "ready", timeout=SECONDS
    )


def carry_out(page: Page) -> None:
    page.click("#confirm button.btn-primary")
    if page.locator("dialog[open]").count():
        confirm(page)
    expect(page.locator("[data-standing]")).to_have_attribute("data-standing", "applied")


def test_a_commune_fills_in_its_form(page_of, tmp_path):
    open_period(page_of("canbo"), "2024-04")
    page = page_of("huulien")
    page.goto("/admin/my-report/2024-04")
    with page.expect_download() as download:
        page.click("a[href*='form.xlsx']")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "bao-cao-X-06388-2024-04.xlsx"

    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    first = next(row.row for row in marks_of(book).rows if row.holds is Holds.CAPITAL)
    sheet[place(book, Field.COMPLETED)] = 210_000_000
    sheet[place(book, Field.PROGRESS, Holds.PROJECT)] = 45
    sheet[place(book, Field.PROGRESS_TEXT, Holds.WORDS)] = "Đã cấp 30 con trâu sinh sản"
    book.save(file)

    page.goto("/admin/imports/new")
    page.set_input_files("#file", file)
    page.click("#upload .btn-primary")
    read_and_ready(page)
    assert page.locator(".question").count() == 0
    expect(page.locator("main")).to_contain_text("210.000.000")
    expect(page.locator(f"[id$='-G{first}']")).to_have_text("210.000.000")
    photograph(page, "import-own-form")
    carry_out(page)

    page.goto("/admin/my-report/2024-04")
    expect(page.locator("input[name$='-completed']").first).to_have_value("210.000.000")
    expect(page.locator("textarea[name$='-progress_text']").first).to_have_value(
        "Đã cấp 30 con trâu sinh sản"
    )


def test_thirty_lines_are_pasted(page_of):
    with (DEMO / "projects.csv").open(encoding="utf-8-sig", newline="") as file:
        works = [(row["code"], row["name"]) for row in csv.DictReader(file)]
    lines = [
        f"{code}\t{name}\t{source}\t{n * 1_000_000:,}".replace(",", ".")
        for source in ("NST", "NSX", "HDK")
        for n, (code, name) in enumerate(works, 1)
    ][:30]
    page = page_of("taichinh")
    page.goto("/admin/decision/")
    page.locator("tbody tr:has-text('412/QĐ-UBND') th a").click()
    before = page.locator("section:has(form.paste)")
    before.locator("summary").click()
    page.fill("#paste-cells", "\n".join(lines))
    page.select_option("#paste-kind", "supplement")
    page.select_option("#paste-nature", "SN")
    for n, column in enumerate(("project_code", "project", "source", "amount"), 1):
        page.select_option(f"#paste-column-{n}", column)
    photograph(page, "paste-lines")
    page.click("form.paste .btn-primary")
    read_and_ready(page)
    expect(page.locator("main")).to_contain_text("30")
    photograph(page, "import-pasted")
    carry_out(page)

    page.goto("/admin/decision/")
    page.locator("tbody tr:has-text('412/QĐ-UBND') th a").click()
    total = sum(int(line.rpartition("\t")[2].replace(".", "")) for line in lines)
    assert total == 13 * 14 * 1_000_000 + 4 * 5 // 2 * 1_000_000
    carried = 2_057_333_333  # of the demonstration data
    shown = f"{total + carried:,}".replace(",", ".")
    expect(page.locator("main")).to_contain_text(shown)
    expect(page.locator("td", has_text="Bổ sung")).to_have_count(30)


def test_what_cannot_be_read_leads_back_to_the_box(page_of):
    page = page_of("canbo")
    page.goto("/admin/project/")
    page.locator("section:has(form.paste) summary").click()
    page.fill("#paste-cells", "Mô hình nuôi ong\tUBND xã Hữu Liên\tDự án 2\t31/04/2024")
    page.click("form.paste .btn-primary")
    page.wait_for_url("**/admin/imports/*")
    expect(page.locator("[data-standing]")).to_have_attribute(
        "data-standing", "errors", timeout=SECONDS
    )
    expect(page.locator("td.found-error").first).to_have_text("31/04/2024")
    page.click("#standing a[href*='/admin/pasted/projects']")
    expect(page.locator("#paste-cells")).to_have_value(
        "Mô hình nuôi ong\tUBND xã Hữu Liên\tDự án 2\t31/04/2024"
    )


def test_units_of_a_person_are_chosen_without_holding_a_key(page_of):
    """By keyboard alone, one after the other; the first is taken off again."""
    page = page_of("admin", width=390)
    page.goto("/admin/user/new/")
    field = page.get_by_role("combobox", name="Đơn vị")
    field.focus()
    for typed in ("yen binh", "hoa binh", "thien tan"):
        page.keyboard.type(typed)
        expect(page.locator(".combo-list [role=option]")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Bỏ: UBND xã Yên Bình").press("Enter")
    chosen = "[...document.querySelector('[name=investors]').selectedOptions].map((o) => o.text)"
    assert page.evaluate(chosen) == ["UBND xã Hòa Bình", "UBND xã Thiện Tân"]
    page.fill("#username", "haixa")
    page.fill("#full_name", "Chị Lan")
    page.select_option("#role", "investor")
    page.click("form.admin-form .btn-primary")
    page.fill("main input[type=password]", PASSWORD)  # asked again: this is about accounts
    page.get_by_role("button", name="Làm tiếp").click()
    expect(page.locator(".first-password")).to_be_visible()
    page.goto("/admin/user/?search=haixa")
    page.click("tbody tr a[href*=details]")
    expect(page.locator("main")).to_contain_text("UBND xã Hòa Bình")
    expect(page.locator("main")).to_contain_text("UBND xã Thiện Tân")
