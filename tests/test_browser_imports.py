"""A file brought in with a real browser: over a question to its figures, and back again."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl.styles import Alignment, Border, Font, Side
from playwright.sync_api import Page, expect

from tests.browser import PASSWORD, confirm, photograph

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
NEW = "/admin/imports/new"
STANDING = "[data-standing]"


def sheet(path: Path, rows: list[list[object]], *, head: int = 5) -> Path:
    """A workbook as offices make them: titles above, a head, figures as text, a sum below."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "T4"
    line = Side(style="thin")
    for row in rows:
        page.append(row)
    for number, row in enumerate(page.iter_rows(), 1):
        for cell in row:
            cell.font = Font(name="Times New Roman", size=13, bold=number <= head)
            if number >= head and cell.value is not None:
                cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.alignment = Alignment(wrap_text=number == head, vertical="center")
    page.merge_cells(start_row=3, start_column=1, end_row=3, end_column=5)
    for column, width in zip("ABCDE", (6, 34, 20, 20, 24), strict=True):
        page.column_dimensions[column].width = width
    book.save(path)
    return path


def messy(folder: Path, first: object = 210, second: object = "1.725") -> Path:
    """The April of UBND xã Hữu Liên in triệu, where `1.725` can be read in two ways."""
    return sheet(
        folder / "Hữu Liên tháng 4.xlsx",
        [
            ["UBND HUYỆN HỮU LŨNG", None, None, None, None],
            ["UBND XÃ HỮU LIÊN", None, None, None, None],
            ["BÁO CÁO GIẢI NGÂN THÁNG 4 NĂM 2024 (số liệu minh họa)", None, None, None, None],
            [None, None, None, None, "Đơn vị tính: triệu đồng"],
            ["TT", "Tên dự án", "Giải ngân trong tháng vốn NSTW 2024",
             "Giải ngân trong tháng vốn kéo dài 2023", "Kết quả thực hiện"],
            [1, "Mô hình chăn nuôi trâu sinh sản xã Hữu Liên", first, 50, "Đã cấp 12 con trâu."],
            [2, "Giám sát, đánh giá Chương trình xã Hữu Liên", second, None, None],
        ],
    )  # fmt: skip


@pytest.fixture
def april(page_of):
    """April is open; the officer's page."""
    officer = page_of("canbo")
    officer.goto("/admin/review/2024-04")
    if officer.locator("h1").inner_text().endswith("4/2024"):
        return officer
    officer.goto("/admin/period/open/")
    officer.fill("[name=code]", "2024-04")
    officer.locator("main form button.btn-primary").click()
    if officer.locator("dialog[open]").count():
        confirm(officer)
    return officer


def bring(page: Page, file: Path, **known: str) -> None:
    """Choose a file and send it."""
    page.goto(NEW + "?" + "&".join(f"{name}={value}" for name, value in known.items()))
    page.set_input_files("#file", file)
    page.click("form[data-upload] button.btn-primary")


def read(page: Page) -> str:
    """Wait until the file is read; where it stands then."""
    page.wait_for_selector(STANDING, timeout=60_000)
    return page.get_attribute(STANDING, "data-standing")


def answer(page: Page, value: str) -> str:
    page.check(f".options input[value='{value}']")
    page.click("#questions button.btn-primary")
    page.wait_for_selector(".question", state="detached", timeout=60_000)
    return read(page)


def fits(page: Page) -> bool:
    wide = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
        " - document.documentElement.clientWidth"
    )
    return wide <= 0


def faults_of(page: Page) -> list[str]:
    """What a screen reader would stumble over, as axe sees it."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_a_messy_sheet_goes_over_a_question_into_a_draft_and_out_again(april, page_of, tmp_path):
    unit = page_of("huulien")
    unit.goto("/admin/my-report/")
    unit.locator("a[href*='/admin/imports/new?kind=monthly&period=2024-04']").click()
    expect(unit.locator("#period")).to_have_value("2024-04")
    photograph(unit, "nhap-chon-tep")
    unit.set_input_files("#file", messy(tmp_path))
    unit.click("form[data-upload] button.btn-primary")
    expect(unit.locator("[data-reading] progress")).to_be_visible()
    photograph(unit, "nhap-dang-doc")

    assert read(unit) == "questions"
    assert unit.evaluate("document.activeElement.id") == "standing"
    expect(unit.locator(".question")).to_have_count(1)
    expect(unit.locator(".in-context .this")).to_have_text("1.725")
    expect(unit.locator(".options label").first).to_contain_text("1.725.000 đồng")
    photograph(unit, "nhap-cau-hoi")
    unit.click(".question .where a[data-cell]")
    expect(unit.locator("td.shown-now")).to_have_text("1.725")
    assert answer(unit, "1725000") == "ready"
    expect(unit.locator("[data-apply]")).to_have_text("Ghi 4 số liệu vào bản nháp của 1 đơn vị")
    expect(unit.locator("#changes tr.of-unit td").nth(1)).to_have_text("261.725.000")
    unit.evaluate("document.getElementById('changes').scrollIntoView()")
    photograph(unit, "nhap-xem-truoc")
    unit.click("[data-apply]")
    expect(unit.locator("[data-standing=applied]")).to_be_visible()
    photograph(unit, "nhap-ket-qua")

    run = unit.url
    unit.locator("#standing a[href*='/admin/my-report/2024-04']").click()
    expect(unit.locator("input[name$='-completed']").first).to_have_value("210.000.000")
    expect(unit.locator("textarea[name$='-progress_text']").first).to_have_value(
        "Đã cấp 12 con trâu."
    )
    unit.goto(run)
    unit.click("#undo button.btn-danger")
    confirm(unit)
    expect(unit.locator("[data-standing=undone]")).to_be_visible()
    unit.goto("/admin/my-report/2024-04")
    expect(unit.locator("input[name$='-completed']").first).to_have_value("")


def test_the_page_may_be_closed_while_a_file_is_read(april, tmp_path):
    bring(april, messy(tmp_path), kind="monthly", period="2024-04", investor="X-06388")
    april.wait_for_url(re.compile(r"/imports/\d+$"))
    run = april.url
    april.goto("/admin/imports/")
    expect(april.locator("tbody tr").first).to_contain_text("Hữu Liên tháng 4.xlsx")
    april.goto(run)
    assert read(april) == "questions"
    april.goto("/admin/imports/")
    expect(april.locator("tbody tr").first).to_contain_text("Còn câu hỏi chưa trả lời")
    photograph(april, "nhap-danh-sach")


def of_many_units(folder: Path) -> Path:
    """A sheet of the office: units down the page, one of them with a slip of the keys."""
    return sheet(
        folder / "Tổng hợp tháng 4.xlsx",
        [
            ["UBND HUYỆN HỮU LŨNG", None, None, None, None],
            ["PHÒNG LAO ĐỘNG, THƯƠNG BINH, XÃ HỘI - DÂN TỘC", None, None, None, None],
            ["TỔNG HỢP GIẢI NGÂN THÁNG 4 NĂM 2024 (số liệu minh họa)", None, None, None, None],
            [None, None, None, None, "Đơn vị tính: đồng"],
            ["TT", "Tên dự án", "Đơn vị", "Giải ngân tháng 4 (NSTW)", "Ghi chú"],
            [1, "Mô hình chăn nuôi bò sinh sản xã Hòa Bình", "UBND xã Hòa Bình", 182_500_000, None],
            [2, "Mô hình chăn nuôi dê xã Thiện Tân", "UBND XÃ THIỆN TÂN", 98_000_000, None],
            [3, "Dự án cộng đồng trồng keo xã Yên Bình", "UBND xã Yên Bìng", 64_320_000, "báo lại"],
            [None, "Tổng cộng", None, 344_820_000, None],
        ],
    )  # fmt: skip


def test_the_office_takes_in_a_sheet_of_many_units_and_registers_when_it_came(april, tmp_path):
    bring(april, of_many_units(tmp_path), kind="consolidated", period="2024-04")
    assert read(april) == "questions"
    expect(april.locator(".options label").first).to_contain_text("UBND xã Yên Bình")
    photograph(april, "nhap-ten-don-vi")
    assert answer(april, "X-06391") == "ready"
    april.locator("#sheets").scroll_into_view_if_needed()
    april.evaluate("document.getElementById('sheets').scrollIntoView()")
    numbers = april.locator("table.picture tbody th").first.bounding_box()
    assert numbers
    assert numbers["width"] < 60  # the column of row numbers takes no room from the cells
    photograph(april, "nhap-bang-trong-tep")
    expect(april.locator("[data-apply]")).to_have_text("Ghi 3 số liệu vào bản nháp của 3 đơn vị")
    expect(april.locator("#changes tfoot td").nth(1)).to_have_text("344.820.000")
    april.evaluate("document.getElementById('changes').scrollIntoView()")
    photograph(april, "nhap-xem-truoc-tong-hop")
    april.click("#confirm summary")
    april.fill("#received_day", "03/05/2024")
    april.fill("#received_clock", "10:30")
    april.click("[data-apply]")
    expect(april.locator("[data-standing=applied]")).to_contain_text("10:30 03/05/2024")
    expect(april.locator("#standing li")).to_have_count(3)
    april.locator("#standing li a").first.click()
    expect(april.locator("main")).to_contain_text("10:30:00 03/05/2024")
    expect(april.locator("button[name=action][value=send]")).to_be_visible()
    april.go_back()
    april.click("#undo button.btn-danger")
    confirm(april)
    expect(april.locator("[data-standing=undone]")).to_be_visible()


def test_a_statement_of_the_treasury_leads_to_its_report(april, tmp_path):
    file = sheet(
        tmp_path / "KBNN tháng 3.xlsx",
        [
            ["KHO BẠC NHÀ NƯỚC HỮU LŨNG", None, None, None, None],
            [None, None, None, None, None],
            ["XÁC NHẬN TÌNH HÌNH GIẢI NGÂN ĐẾN NGÀY 31/3/2024 (số liệu minh họa)", *[None] * 4],
            [None, None, None, None, "Đơn vị tính: đồng"],
            ["STT", "Tên dự án", "Chủ đầu tư", "Kế hoạch vốn", "Lũy kế thanh toán"],
            [1, "Dự án liên kết sản xuất na theo chuỗi giá trị", "Phòng NN&PTNT", 2_036_000_000,
             310_000_000],
        ],
    )  # fmt: skip
    bring(april, file, kind="treasury", period="2024-03")
    assert read(april) == "ready"
    expect(april.locator("#treasury tbody tr")).to_contain_text("25.000.000")
    expect(april.locator("[data-apply]")).to_have_text("Lưu bảng đối chiếu KBNN: 1 dự án")
    april.click("[data-apply]")
    expect(april.locator("[data-standing=applied]")).to_be_visible()
    with april.expect_navigation():
        april.locator("#standing li a").click()
    expect(april.locator("main")).to_contain_text("25.000.000")
    april.go_back()
    april.click("#undo button.btn-danger")
    confirm(april)
    expect(april.locator("[data-standing=undone]")).to_be_visible()


def test_what_another_person_saves_meanwhile_is_not_overwritten(april, page_of, tmp_path):
    bring(april, messy(tmp_path, 211), kind="monthly", period="2024-04", investor="X-06388")
    assert read(april) == "questions"
    assert answer(april, "1725000") == "ready"
    unit = page_of("huulien")
    unit.goto("/admin/my-report/2024-04")
    unit.locator("input[name$='-completed']").first.fill("5.000.000")
    with unit.expect_navigation():
        unit.click("button[name=action][value=save]")
    april.click("[data-apply]")
    expect(april.locator("[data-error-summary]")).to_be_visible()
    unit.goto("/admin/my-report/2024-04")
    expect(unit.locator("input[name$='-completed']").first).to_have_value("5.000.000")
    again = april.locator("form button[name=action][value=again]")
    again.click()
    april.wait_for_selector("[data-error-summary]", state="detached")
    assert read(april) == "ready"
    expect(april.locator("#changes")).to_contain_text("5.000.000")
    april.click("[data-apply]")
    expect(april.locator("[data-standing=applied]")).to_be_visible()
    april.click("#undo button.btn-danger")
    confirm(april)
    expect(april.locator("[data-standing=undone]")).to_be_visible()


def test_a_unit_does_all_of_it_on_a_phone(april, page_of, tmp_path):
    phone = page_of("huulien", width=360)
    for address in ("/admin/imports/", NEW, "/admin/imports/maps/"):
        phone.goto(address)
        assert fits(phone), address
    bring(phone, messy(tmp_path), kind="monthly", period="2024-04")
    assert read(phone) == "questions"
    assert fits(phone)
    photograph(phone, "nhap-dien-thoai")
    assert answer(phone, "1725000") == "ready"
    assert fits(phone)
    phone.click("[data-apply]")
    expect(phone.locator("[data-standing=applied]")).to_be_visible()
    assert fits(phone)
    phone.click("#undo button.btn-danger")
    confirm(phone)
    expect(phone.locator("[data-standing=undone]")).to_be_visible()
    assert fits(phone)


def test_the_keyboard_is_enough(april, tmp_path):
    april.goto(f"{NEW}?kind=monthly&period=2024-04&investor=X-06388")
    april.set_input_files("#file", messy(tmp_path, 212))
    april.focus("#file")
    april.keyboard.press("Tab")
    april.keyboard.press("Enter")
    assert read(april) == "questions"
    for _ in range(40):
        april.keyboard.press("Tab")
        if april.evaluate("document.activeElement.type") == "radio":
            break
    april.keyboard.press("Space")
    assert april.evaluate("document.activeElement.checked")
    april.keyboard.press("ArrowDown")
    april.keyboard.press("ArrowUp")
    assert april.evaluate("document.activeElement.value") == "1725000"
    april.keyboard.press("Tab")
    april.keyboard.press("Enter")
    april.wait_for_selector(".question", state="detached", timeout=60_000)
    assert read(april) == "ready"
    april.focus("[data-apply]")
    april.keyboard.press("Enter")
    expect(april.locator("[data-standing=applied]")).to_be_visible()
    april.focus("#undo button.btn-danger")
    april.keyboard.press("Enter")
    april.keyboard.press("Tab")
    april.keyboard.press("Enter")
    expect(april.locator("[data-standing=undone]")).to_be_visible()


def test_a_screen_reader_stumbles_over_nothing(april, tmp_path):
    for address in ("/admin/imports/", NEW, "/admin/imports/maps/"):
        april.goto(address)
        assert faults_of(april) == [], address
    bring(april, messy(tmp_path, "#REF!"), kind="monthly", period="2024-04", investor="X-06388")
    assert read(april) == "errors"
    assert faults_of(april) == []
    bring(april, messy(tmp_path), kind="monthly", period="2024-04", investor="X-06388")
    assert read(april) == "questions"
    assert faults_of(april) == []
    assert answer(april, "1725000") == "ready"
    assert faults_of(april) == []


def test_without_a_script_everything_is_done_all_the_same(april, browser, site, tmp_path):
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=username]", "canbo")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    bring(page, messy(tmp_path), kind="monthly", period="2024-04", investor="X-06388")
    assert read(page) == "questions"
    page.check(".options input[value='1725000']")
    page.click("#questions button.btn-primary")
    assert read(page) == "ready"
    page.click("[data-apply]")
    expect(page.locator("[data-standing=applied]")).to_be_visible()
    page.click("#undo button.btn-danger")
    expect(page.locator("[data-standing=undone]")).to_be_visible()
    context.close()


def test_columns_are_corrected_on_the_picture_of_the_sheet(april, tmp_path):
    bring(april, messy(tmp_path, 210, 1.725), kind="monthly", period="2024-04", investor="X-06388")
    assert read(april) == "ready"
    column = april.locator("select[name='column:T4!D']")
    source = april.locator("select[name='source:T4!D']")
    expect(source).to_be_visible()
    expect(april.locator("select[name='source:T4!E']")).to_be_hidden()
    column.select_option("rate")
    expect(source).to_be_visible()
    column.select_option("-")
    expect(source).to_be_hidden()
    expect(column).to_have_class(re.compile("changed-choice"))
    april.locator("#sheets button[value=save]").click()
    april.wait_for_selector("[data-reading]")
    assert read(april) == "ready"
    expect(april.locator("select[name='column:T4!D']")).to_have_value("-")
    expect(april.locator("#changes tr.of-unit td").nth(1)).to_have_text("211.725.000")


def test_a_file_that_is_too_large_is_not_even_sent(april, tmp_path):
    file = tmp_path / "lon.xlsx"
    file.write_bytes(b"x" * (10 * 2**20 + 1))
    april.goto(f"{NEW}?kind=consolidated&period=2024-04")
    sent = []
    april.on("request", lambda one: one.method == "POST" and sent.append(one.url))
    april.set_input_files("#file", file)
    expect(april.locator("[data-file-said]")).to_contain_text("10 MB")
    april.click("form[data-upload] button.btn-primary")
    expect(april.locator("[data-file-said]")).to_be_visible()
    assert sent == []
    assert april.evaluate("document.activeElement.id") == "file"
    expect(april.locator("#period")).to_have_value("2024-04")


def test_after_an_ended_session_the_choices_are_back_and_the_file_is_asked_for(april, tmp_path):
    april.goto(NEW)
    april.check("[name=kind][value=consolidated]")
    april.select_option("#unit", "trieu")
    april.set_input_files("#file", messy(tmp_path))
    april.wait_for_timeout(600)
    april.context.clear_cookies()
    april.click("form[data-upload] button.btn-primary")
    link = april.locator("#kept-said a")
    expect(link).to_be_visible()
    link.click()
    april.fill("[name=username]", "canbo")
    april.fill("[name=password]", PASSWORD)
    april.click("main form button.btn-primary")
    april.wait_for_url("**/admin/imports/new")
    expect(april.locator("[name=kind][value=consolidated]")).to_be_checked()
    expect(april.locator("#unit")).to_have_value("trieu")
    expect(april.locator("[data-file-said]")).to_contain_text("Hữu Liên tháng 4.xlsx")


def test_the_marked_file_is_the_sheet_with_its_question_at_the_cell(april, tmp_path):
    bring(april, messy(tmp_path), kind="monthly", period="2024-04", investor="X-06388")
    assert read(april) == "questions"
    answered = april.request.get(f"{april.url}/marked.xlsx")
    assert answered.status == 200
    marked = openpyxl.load_workbook(io.BytesIO(answered.body()))["T4"]
    assert "1.725.000" in marked["C7"].comment.text
    assert marked["C6"].comment is None
    assert marked["B6"].font.name == "Times New Roman"
