"""What stands around the table of a unit's form: letter head, title, note, signatures, page."""

import math

from models.sheets import Field
from reports.unit_form.columns import LABEL
from reports.unit_form.form import FIRST, GROUPS, NUMBERS, UnitForm
from reports.unit_form.styles import ENTRY, USUAL, Page
from reports.writing import FONT, height_of

A4 = 9
_WIDE, _HIGH = (297 - 10 - 10) * 72 / 25.4, (210 - 12 - 14) * 72 / 25.4  # points within margins
_NOTE = 14.0  # points of a line of notes
_SPARE, _DIFFER = 8.0, 0.06
_SMALLEST = 0.62  # below that nobody reads a figure
_SHRINK = 0.85  # by how much a page may shrink beyond its width to end on one

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
MONEY_UNIT = "Đơn vị tính: đồng"
DEMO = "Số liệu minh họa"
SOURCE = "Số liệu do chủ đầu tư báo cáo, không thay thế số liệu của KBNN."
NOTES = (
    "Chỉ nhập vào ô nền vàng; các ô khác đã khóa và tự tính. Số tiền ghi bằng đồng, số nguyên.",
    "Nếu chỉ theo dõi một số giải ngân trong kỳ: nhập vào cột “Thanh toán khối lượng hoàn thành”.",
    "Ô để trống không thay đổi số đã lưu trên phần mềm; muốn ghi là không có thì nhập số 0.",
    "Nhập xong, tải tệp này lên phần mềm ở mục “Nhập từ Excel”; không thêm, xóa, di chuyển dòng, "
    "cột.",
)


def letter_head(form: UnitForm, page: Page) -> None:
    """Authority and unit on the left, the nation on the right, title and unit of amounts."""
    half, last, styles = form.column(Field.BEFORE), form.last_column, page.styles
    start, unit = form.column(Field.RETURNED), form.unit.upper()
    page.across(0, 0, half, form.superior, styles.plain())
    page.across(0, start, last, NATION, styles.plain(bold=True))
    page.across(1, 0, half, unit, styles.plain(bold=True, valign="top"))
    page.across(1, start, last, MOTTO, styles.plain(bold=True, underline=1, valign="top"))
    title = "\n".join(form.title).upper()
    page.across(2, 0, last, title, styles.plain(bold=True, font_size=13))
    told = f"Số liệu đến {form.until}. Hạn nộp: {form.deadline}."
    told += f" {DEMO}." if form.is_demo else ""
    page.across(3, 0, last, told, styles.plain(italic=True))
    middle = form.column(Field.CUMULATIVE)
    page.across(4, 0, middle, NOTES[0], styles.of(italic=True, bg_color=ENTRY))
    page.across(4, middle + 1, last, MONEY_UNIT, styles.of(italic=True, align="right"))
    wide = sum(column.width for column in form.columns) * 0.7
    left = sum(column.width for column in form.columns[: half + 1]) * 0.7
    for line, high in enumerate(
        (17, height_of(unit, left, 11, bold=True), height_of(title, wide, 13, bold=True), 17, 17)
    ):
        page.high(line, max(high, 17))


def foot(form: UnitForm, page: Page, row: int) -> int:
    """Notes and signatures below the table, whose last row is `row`; gives the last line."""
    last, middle, styles = form.last_column, form.column(Field.RECOVERED), page.styles
    start = row + _spare_lines(form, page, row)
    for line in range(row, start):
        page.high(line, _SPARE)
    for n, note in enumerate((*NOTES[1:], SOURCE), start):
        page.across(n, 0, last, f"- {note}", styles.of(italic=True, font_size=10))
        page.high(n, _NOTE)
    line = start + len(NOTES)
    place = form.place or "…………"
    day = f"{place}, ngày …… tháng …… năm {form.year}"
    page.across(line, middle, last, day, styles.plain(italic=True))
    page.across(line + 1, 0, middle - 1, "NGƯỜI LẬP BIỂU", styles.plain(bold=True))
    for n, words in enumerate(form.signer, line + 1):
        page.across(n, middle, last, words, styles.plain(bold=True))
    under = line + 1 + len(form.signer)
    page.across(line + 2, 0, middle - 1, "(Ký, họ tên)", styles.plain(italic=True))
    page.across(under, middle, last, "(Ký, họ tên, đóng dấu)", styles.plain(italic=True))
    return start + _lines_of_foot(form) - 1


def _lines_of_foot(form: UnitForm) -> int:
    """Notes, the day, who signs, and room for the signatures."""
    return len(NOTES) + 1 + len(form.signer) + 1 + 4


def _spare_lines(form: UnitForm, page: Page, row: int) -> int:
    """Low lines that fill the last page of the table, where notes and signatures would be torn.

    Printers and programs differ by a few points, so there are some more of them than that.
    """
    foot_height = len(NOTES) * _NOTE + (_lines_of_foot(form) - len(NOTES)) * USUAL
    across = _scale_across(form)
    table = page.height(row - 1)
    if _is_one_page(table + foot_height, across):
        return 0
    room = _HIGH / across
    heads = sum(page.of(line) for line in range(GROUPS - 1, NUMBERS))
    left = room  # of the page on which the table ends, rows moving on as a whole
    for line in range(row):
        high = page.of(line)
        if high > left:
            left = room - heads
        left -= high
    missing = left + _DIFFER * room
    return math.ceil(missing / _SPARE) if missing < foot_height + _DIFFER * room else 0


def _scale_across(form: UnitForm) -> float:
    """How much smaller than it is the page is printed, to be one page wide."""
    return min(1, _WIDE / sum(column.width * 0.75 for column in form.columns))


def _is_one_page(height: float, across: float) -> bool:
    """Whether all of it stays readable on one page."""
    return min(1, _HIGH / height) >= max(across * _SHRINK, _SMALLEST)


def page_setup(form: UnitForm, page: Page, end: int) -> None:
    """A4 landscape, one page wide and, where that hardly shrinks it, one page in all."""
    sheet, last = page.sheet, form.last_column
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=10 / 25.4, right=10 / 25.4, top=12 / 25.4, bottom=14 / 25.4)
    sheet.center_horizontally()
    sheet.print_area(0, 0, end, last)
    sheet.repeat_rows(GROUPS - 1, NUMBERS - 1)
    is_one = _is_one_page(page.height(end), _scale_across(form))
    sheet.fit_to_pages(1, 1 if is_one else 0)
    sheet.freeze_panes(FIRST - 1, form.column(LABEL) + 1)
    sheet.hide_gridlines(2)
    left = f'&L&"{FONT},Italic"&9Lập lúc {form.taken}'
    sheet.set_footer(f'{left}&R&"{FONT},Regular"&9Trang &P/&N')
    remaining = form.column(Field.REMAINING)
    sheet.conditional_format(
        FIRST - 1,
        remaining,
        form.rows[-1].mark.row - 1,
        remaining,
        {"type": "cell", "criteria": "<", "value": 0, "format": page.styles.alarm()},
    )
    sheet.protect("", {"format_rows": True, "format_columns": True})
    sheet.activate()
