"""Each kind of file says the same: .xls, .xlsb and .ods are told as .xlsx is.

`tests/files/habits.*` is one workbook, saved by LibreOffice in each of its kinds.
"""

import io
import struct
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine

from models.sheets import Book, Cell, Grid, Level
from models.sheets.opening import open_book
from tests.handmade import packed
from tests.old_workbooks import (
    bin_record,
    compound,
    formula,
    long_text,
    number,
    record,
    wide_text,
    xls,
    xls_sheet,
    xlsb,
    xlsb_cell,
    xlsb_row,
)

FILES = Path(__file__).parent / "files"
NOON = datetime.fromisoformat("2024-04-15T12:30")
SEEN = {
    (1, 1): "ỦY BAN NHÂN DÂN XÃ HỮU LIÊN", (3, 1): "TT", (3, 2): "Tên dự án", (3, 3): "Vốn",
    (3, 4): "Ngày", (4, 1): Decimal(1), (4, 2): "Đường  thôn\nĐồng Tiến", (4, 3): Decimal(98000000),
    (4, 4): date(2024, 4, 15), (4, 5): Decimal("0.125"), (4, 6): "chữ",
    (4, 7): Decimal(123456789012), (5, 1): Decimal(2), (5, 2): "Ẩn", (5, 3): Decimal("54.654322"),
    (5, 4): NOON, (5, 5): date(2024, 4, 15), (5, 6): Decimal("-12.5"), (5, 7): Decimal("0.3"),
    (6, 1): "Cộng", (6, 3): Decimal("98000054.654322"), (6, 4): None, (6, 5): True,
    (6, 6): Decimal("1234567.891"), (6, 7): Decimal("0.3"),
    **{(8, column): f"cột {column - 1}" for column in range(1, 11)},
}  # fmt: skip


def opened(name: str) -> Book:
    return open_book((FILES / name).read_bytes(), name)


def grid_of(content: bytes, name: str = "a.xls") -> Grid:
    book = open_book(content, name)
    assert not book.findings, book.findings
    return book.grids[0]


def refused(content: bytes) -> tuple[str, str]:
    (finding,) = open_book(content, "a").findings
    assert finding.level is Level.ERROR
    return finding.code, finding.at.cell


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_workbook_says_the_same_in_each_kind(kind):
    first, hidden = opened(f"habits.{kind}").grids
    assert {place: cell.value for place, cell in first.cells.items()} == SEEN
    assert first.cells[6, 4].problem == "#DIV/0!"
    assert first.cells[4, 3].format == "#,##0,,"
    assert first.cells[5, 2].font == ".VnTime"
    assert [place for place, cell in first.cells.items() if cell.formula is not None] == [
        (4, 6), (5, 5), (6, 3), (6, 4), (6, 5), (6, 7),
    ]  # fmt: skip
    assert (first.hidden_rows, first.hidden_columns) == ({5}, {5})
    assert [(one.top, one.left, one.bottom, one.right) for one in first.spans] == [(1, 1, 1, 4)]
    assert (hidden.name, hidden.is_hidden) == ("Ẩn", True)
    assert opened(f"habits.{kind}").form == {"version": "1"}


def test_what_was_never_calculated_is_told_so_in_xlsx():
    first = opened("habits.xlsx").grids[0]
    formulas = {place: cell.problem for place, cell in first.cells.items() if cell.formula}
    assert set(formulas.values()) == {"uncalculated"}
    calculated = set(formulas) | {(5, 5)}
    assert {
        place: cell.value for place, cell in first.cells.items() if place not in calculated
    } == {place: value for place, value in SEEN.items() if place not in calculated} | {(6, 5): True}


def test_another_reader_finds_the_same_figures_in_an_xls():
    workbook = python_calamine.load_workbook(FILES / "habits.xls")
    rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    for (row, column), cell in opened("habits.xls").grids[0].cells.items():
        if isinstance(cell.value, Decimal):
            assert float(cell.value) == pytest.approx(rows[row - 1][column - 1], rel=1e-14)


# ------------------------------------------------------------------------------ .xls


def test_a_small_xls_is_read_from_the_stream_of_small_ones():
    first = opened("small.xls").grids[0]
    assert {place: cell.value for place, cell in first.cells.items()} == {(1, 1): "a", (2, 1): 1}


def test_numbers_of_an_xls_keep_their_digits():
    packed_whole = struct.pack("<HHHI", 1, 0, 0, 12345 << 2 | 3)
    packed_minus = struct.pack("<HHHI", 2, 0, 0, (-7 << 2 | 2) & 0xFFFFFFFF)
    row_of_two = struct.pack("<HHHIHIH", 3, 0, 0, 5 << 2 | 2, 2, 6 << 2 | 2, 1)
    grid = grid_of(
        xls(
            (
                "Biểu", 0,
                xls_sheet(
                    number(0, 0, 54.65432200000001), record(0x027E, packed_whole),
                    record(0x027E, packed_minus), record(0x00BD, row_of_two),
                    number(4, 0, 45397.5, look=1),
                ),
            )
        )
    )  # fmt: skip
    assert {place: cell.value for place, cell in grid.cells.items()} == {
        (1, 1): Decimal("54.654322"), (2, 1): Decimal("123.45"), (3, 1): Decimal(-7),
        (4, 1): Decimal(5), (4, 2): Decimal(6), (5, 1): datetime.fromisoformat("2024-04-15T12:00"),
    }  # fmt: skip
    assert grid.cells[4, 2].format == "#,##0.00"


def test_formulas_of_an_xls_tell_their_kinds_of_results():
    wanted = {
        (1, 1): Cell(Decimal(5), "", "", None, "Arial"),
        (2, 1): Cell("chữ", "", "", None, "Arial"),
        (3, 1): Cell(True, "", "", None, "Arial"),
        (4, 1): Cell(None, "", "", "#REF!", "Arial"),
        (6, 1): Cell(None, "", "", "uncalculated", "Arial"),
        (7, 1): Cell(Decimal(0), "", "", None, "Arial"),
    }
    special = b"\0\0\0\xff\xff"
    grid = grid_of(
        xls(
            (
                "A", 0,
                xls_sheet(
                    formula(0, 0, struct.pack("<d", 5)),
                    formula(1, 0, b"\0\0\0" + special), record(0x0207, long_text("chữ")),
                    formula(2, 0, b"\1\0\1" + special), formula(3, 0, b"\2\0\x17" + special),
                    formula(4, 0, b"\3\0\0" + special), formula(5, 0, bytes(8), flags=3),
                    formula(6, 0, bytes(8)),
                ),
            )
        )
    )  # fmt: skip
    assert grid.cells == wanted


def test_shared_texts_of_an_xls_run_on_in_the_next_record():
    """The second record says anew that its letters are wide, in the middle of a text."""
    first = struct.pack("<II", 2, 2) + struct.pack("<HB", 5, 1) + "Hữu".encode("utf-16-le")
    second = b"\1" + " L".encode("utf-16-le") + struct.pack("<HB", 3, 0) + b"abc"
    texts = record(0x00FC, first) + record(0x003C, second)
    cells = [record(0x00FD, struct.pack("<HHHI", n, 0, 0, n)) for n in range(2)]
    grid = grid_of(xls(("A", 0, xls_sheet(*cells)), before=texts))
    assert [cell.value for cell in grid.cells.values()] == ["Hữu L", "abc"]


def test_pieces_of_a_text_with_an_old_font_are_asked_about_in_an_xls_too():
    font = record(0x0031, bytes(14), b"\x07\x00.VnTime")
    text = "Xã H÷u"
    runs = struct.pack("<HHHH", 3, 1, 6, 0)
    body = struct.pack("<HBH", len(text), 9, 2) + text.encode("utf-16-le") + runs
    texts = record(0x00FC, struct.pack("<II", 1, 1) + body)
    cell = record(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0))
    content = xls(("A", 0, xls_sheet(cell)), before=font + texts)
    assert [one.code for one in open_book(content, "a").findings] == ["encoding_unclear"]
    book = open_book(content, "a", answers={"encoding_unclear": "tcvn3"})
    assert book.grids[0].cells[1, 1].value == "Xã Hữu"


STRUCK, RAISED, LOWERED = (0x0008, 0), (0, 1), (0, 2)
PIECES = [
    ("5002", 3, RAISED, "500²"),
    ("5002", 3, LOWERED, "500₂"),
    ("500 700", 4, STRUCK, "500 7\u03360\u03360\u0336"),
    ("500 700", 4, (0, 0), "500 700"),
]


@pytest.mark.parametrize(("text", "start", "dress", "seen"), PIECES)
def test_raised_and_struck_pieces_of_an_xls_are_told_as_one_sees_them(text, start, dress, seen):
    head = struct.pack("<HHHHH4x", 220, dress[0], 0, 400, dress[1])
    body = struct.pack("<HBH", len(text), 9, 1) + text.encode("utf-16-le")
    body += struct.pack("<HH", start, 1)
    texts = record(0x00FC, struct.pack("<II", 1, 1) + body)
    cell = record(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0))
    fonts = record(0x0031, head, b"\x05\x00Arial")
    grid = grid_of(xls(("A", 0, xls_sheet(cell)), before=fonts + texts))
    assert grid.cells[1, 1].value == seen


@pytest.mark.parametrize(("text", "start", "dress", "seen"), PIECES)
def test_raised_and_struck_pieces_of_an_xlsb_are_told_as_one_sees_them(text, start, dress, seen):
    runs = struct.pack("<IHH", 1, start, 1)
    row = xlsb_row(1, xlsb_cell(62, 1, b"\1" + wide_text(text) + runs))
    (grid,) = open_book(xlsb(("A", 0, row), fonts=(dress,)), "a.xlsb").grids
    assert grid.cells[1, 1].value == seen


def test_text_of_excel_95_is_read_in_its_code_page():
    label = struct.pack("<HHHH", 0, 0, 0, 4) + "Đông".encode("cp1258")
    sheet = xls_sheet(record(0x0204, label), number(1, 0, 7.0))
    grid = grid_of(xls(("Bieu", 0, sheet), version=0x0500, before=record(0x0042, b"\xea\x04")))
    assert grid.cells[1, 1].value == "Đông"
    assert grid.cells[2, 1].value == 7


def test_hidden_things_of_an_xls_are_told():
    sheet = xls_sheet(
        record(0x007D, struct.pack("<HHHHH", 2, 3, 2000, 0, 1)),
        record(0x0208, struct.pack("<HHHHHHHH", 1, 0, 1, 300, 0, 0, 0x20, 15)),
        number(0, 0, 1.0),
        number(1, 0, 2.0),
        record(0x00E5, struct.pack("<HHHHH", 1, 0, 1, 2, 3)),
    )
    grid = grid_of(xls(("A", 1, sheet), before=record(0x0022, b"\1\0")))
    assert (grid.hidden_rows, grid.hidden_columns, grid.is_hidden) == ({2}, {3, 4}, True)
    assert [(one.top, one.left, one.bottom, one.right) for one in grid.spans] == [(1, 3, 2, 4)]


BOOK = record(0x01AE, struct.pack("<HHB", 1, 8, 0), b"\x01bao.xls")
PROGRAM = record(0x01AE, struct.pack("<HHB", 0, 8, 0), b"cmd\x03/C x")
TIE = record(0x0017, struct.pack("<HHhh", 1, 0, 0, 0))
REACHED = b"\x3a" + struct.pack("<HHH", 0, 0, 0)  # the cell A1 of the first tie
NAMED = b"\x39" + struct.pack("<HHH", 0, 1, 0)


@pytest.mark.parametrize(
    "before", [b"", b"\x17\x03\x00abc", b"\x19\x10\0\0", b"\x1e\5\0\x24\0\0\0\0\3"]
)
def test_a_figure_of_another_workbook_is_known_in_an_xls(before):
    cell = formula(0, 0, struct.pack("<d", 5), before + REACHED)
    book = open_book(xls(("A", 0, xls_sheet(cell)), before=BOOK + TIE), "a.xls")
    assert [(one.code, one.at.cell) for one in book.findings] == [("external_reference", "A1")]
    assert book.grids[0].cells[1, 1].value == 5


def test_a_formula_that_reaches_a_program_is_refused_at_its_cell_in_an_xls():
    cell = formula(2, 3, struct.pack("<d", 5), NAMED)
    book = open_book(xls(("A", 0, xls_sheet(cell)), before=PROGRAM + TIE), "a.xls")
    assert [(one.code, one.at.cell) for one in book.findings] == [
        ("file_active", "D3"), ("file_active", ""),
    ]  # fmt: skip
    assert not book.grids


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (xls(("A", 0, xls_sheet()), before=record(0x002F, bytes(6))), "file_password"),
        (xls(("A", 0, xls_sheet()), before=record(0x00D3)), "file_active"),
        (xls(("A", 0, xls_sheet()), kind=1), "file_active"),
        (compound(Workbook=bytes(5000), _VBA_PROJECT_CUR=b""), "file_active"),
        (compound(Workbook=bytes(5000), MBD00A1=b""), "file_active"),
        (compound(EncryptedPackage=bytes(5000), EncryptionInfo=bytes(300)), "file_password"),
        (compound(WordDocument=bytes(5000)), "file_type"),
        (compound(Contents=bytes(5000)), "file_type"),
        (xls(("A", 0, xls_sheet()))[:3000], "file_damaged"),
        (compound(Workbook=bytes(5000)), "file_damaged"),
    ],
)
def test_an_xls_that_may_not_be_read_is_refused(content, code):
    assert refused(content) == (code, "")


# ------------------------------------------------------------------------------ .xlsb


def real(value: float) -> bytes:
    return struct.pack("<d", value)


def calculated(result: bytes, tokens: bytes = b"", *, flags: int = 0) -> bytes:
    return result + struct.pack("<HI", flags, len(tokens)) + tokens + bytes(4)


def test_an_xlsb_is_told_as_an_xlsx():
    rows = (
        xlsb_row(
            1, xlsb_cell(5, 1, real(98e6), look=2), xlsb_cell(7, 2, struct.pack("<I", 0)),
            xlsb_cell(6, 3, wide_text("chữ")), xlsb_cell(1, 4, b""),
        )
        + xlsb_row(
            3, xlsb_cell(5, 1, real(45397.0), look=1), xlsb_cell(3, 2, b"\x17"),
            xlsb_cell(4, 3, b"\1"), xlsb_cell(2, 4, struct.pack("<I", 12345 << 2 | 3)),
            is_hidden=True,
        )
        + xlsb_row(
            4, xlsb_cell(9, 1, calculated(real(7.5))), xlsb_cell(8, 2, calculated(wide_text("x"))),
            xlsb_cell(9, 3, calculated(real(0), flags=2)), xlsb_cell(11, 4, calculated(b"\x07")),
        )
    )  # fmt: skip
    after = bin_record(146) + bin_record(176, struct.pack("<IIII", 0, 1, 0, 2))
    columns = bin_record(60, struct.pack("<IIIIH", 4, 5, 2000, 0, 1))
    content = xlsb(("Biểu", 0, rows + after + columns), ("Cũ", 2, after), texts=("Xã Hữu Liên",))
    first, second = open_book(content, "a.xlsb").grids
    assert first.cells == {
        (1, 1): Cell(Decimal(98000000), "#,##0,,", None, None, "Arial"),
        (1, 2): Cell("Xã Hữu Liên", "", None, None, "Arial"),
        (1, 3): Cell("chữ", "", None, None, "Arial"),
        (3, 1): Cell(date(2024, 4, 15), "dd/mm/yyyy", None, None, "Arial"),
        (3, 2): Cell(None, "", None, "#REF!", "Arial"),
        (3, 3): Cell(True, "", None, None, "Arial"),
        (3, 4): Cell(Decimal("123.45"), "", None, None, "Arial"),
        (4, 1): Cell(Decimal("7.5"), "", "", None, "Arial"),
        (4, 2): Cell("x", "", "", None, "Arial"),
        (4, 3): Cell(None, "", "", "uncalculated", "Arial"),
        (4, 4): Cell(None, "", "", "#DIV/0!", "Arial"),
    }
    assert (first.hidden_rows, first.hidden_columns, second.is_hidden) == ({3}, {5, 6}, True)
    assert [(one.top, one.left, one.bottom, one.right) for one in first.spans] == [(1, 1, 2, 3)]
    sheet = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    assert sheet.to_python(skip_empty_area=False)[2][:1] == [date(2024, 4, 15)]


def test_cells_of_an_xlsb_that_stand_right_of_others_may_tell_no_column():
    def short(kind, data, *, look=0):
        return bin_record(kind, struct.pack("<I", look) + data)

    text = struct.pack("<I", 0)
    rows = xlsb_row(
        1, xlsb_cell(7, 2, text), short(18, text), short(12, b""), short(16, real(98e6), look=2),
        short(17, wide_text("chữ")), short(14, b"\x17"), short(15, b"\1"),
        short(13, struct.pack("<I", 5 << 2 | 2)), xlsb_cell(1, 12, b""), short(18, text),
    ) + xlsb_row(2, short(18, text))  # fmt: skip
    (grid,) = open_book(xlsb(("A", 0, rows), texts=("Xã",)), "a.xlsb").grids
    assert {place: cell.value or cell.problem for place, cell in grid.cells.items()} == {
        (1, 2): "Xã", (1, 3): "Xã", (1, 5): Decimal(98000000), (1, 6): "chữ", (1, 7): "#REF!",
        (1, 8): True, (1, 9): Decimal(5), (1, 13): "Xã", (2, 1): "Xã",
    }  # fmt: skip
    assert grid.cells[1, 5].format == "#,##0,,"


@pytest.mark.parametrize(("kind", "code"), [(0, "external_reference"), (1, "file_active")])
def test_what_an_xlsb_reaches_outside_is_known(kind, code):
    link = bin_record(360, struct.pack("<H", kind))
    ties = bin_record(355, wide_text("rId4")) + bin_record(362, struct.pack("<IIii", 1, 0, 0, 0))
    cell = xlsb_cell(9, 2, calculated(real(5), b"\x3a" + struct.pack("<HIH", 0, 0, 0)))
    content = xlsb(
        ("A", 0, xlsb_row(1, cell) + bin_record(146)), more=ties, more_parts={"link1.bin": link}
    )
    finding = open_book(content, "a.xlsb").findings[0]
    assert (finding.code, finding.at.cell) == (code, "B1")


# ------------------------------------------------------------------------------ .ods

URN = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{name}="{URN}{name}:1.0"' for name in ("office", "table", "text", "style", "script")
)
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods(rows: str, *, before: str = "", more: dict[str, str | bytes] | None = None,
        mime: str = MIME) -> bytes:  # fmt: skip
    content = (
        f"<office:document-content {SPACES}>{before}<office:body><office:spreadsheet>"
        f'<table:table table:name="Biểu">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    return packed({"mimetype": mime, "content.xml": content, **(more or {})})


def cell(kind: str, value: str, text: str = "", more: str = "") -> str:
    name = {"float": "value", "string": "string-value"}.get(kind, f"{kind}-value")
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}" {more}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def line(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_what_repeats_in_an_ods_stands_at_each_of_its_places():
    rows = (
        line(cell("float", "5", more='table:number-columns-repeated="2"'), cell("float", "6"))
        + line("<table:table-cell/>", more='table:number-rows-repeated="3"')
        + line(cell("float", "7"), more='table:number-rows-repeated="2" table:visibility="filter"')
        + line('<table:table-cell table:number-columns-repeated="16384"/>',
               more='table:number-rows-repeated="1048000"')
    )  # fmt: skip
    grid = grid_of(ods(rows))
    assert {place: cell.value for place, cell in grid.cells.items()} == {
        (1, 1): 5, (1, 2): 5, (1, 3): 6, (5, 1): 7, (6, 1): 7,
    }  # fmt: skip
    assert grid.hidden_rows == {5, 6}


def test_formulas_of_an_ods_are_told_as_others_write_them():
    rows = line(
        cell("float", "5", more='table:formula="of:=SUM([.A2:.B3];[$Tháng.C1])"'),
        '<table:table-cell table:formula="of:=1+1"/>',
        cell("string", "", "Err:502", more='table:formula="of:=1/0"'),
        cell("float", "6", more="table:formula=\"of:=['file:///t3.ods'#$Sheet1.A1]\""),
    )
    book = open_book(ods(rows), "a.ods")
    assert [(one.code, one.at.cell) for one in book.findings] == [("external_reference", "D1")]
    first, second, third, fourth = book.grids[0].cells.values()
    assert first == Cell(Decimal(5), formula="SUM(A2:B3,$Tháng!C1)")
    assert (second.problem, third.problem) == ("uncalculated", "Err:502")
    assert fourth.value == 6


PLAIN = '<number:number number:decimal-places="0" number:grouping="true"/>'


def number_style(name: str, inside: str, ties: dict[str, str], kind: str = "number") -> str:
    tied = "".join(
        f'<style:map style:condition="value(){condition}0" style:apply-style-name="{one}"/>'
        for condition, one in ties.items()
    )
    return (
        f'<number:{kind}-style style:name="{name}">{inside}{tied}</number:{kind}-style>'
        f'<style:style style:name="c{name}" style:family="table-cell" '
        f'style:data-style-name="{name}">'
        '<style:map style:condition="cell-content()=1" style:apply-style-name="A"/></style:style>'
    )


@pytest.mark.parametrize(
    ("name", "number_format"),
    [
        ("M1", '#,##0;"";"";""'),
        ("M2", '#,##0;"(x)"#,##0'),
        ("M3", '#,##0;"(x)"#,##0;-'),
        ("M4", "-#,##0"),  # a condition of its own: what is left is all that is told
        ("N1", '""'),
        ("N0", "#,##0"),
    ],
)
def test_the_parts_of_a_number_format_of_an_ods_are_told_together(name, number_format):
    minus, nothing = f"<number:text>(x)</number:text>{PLAIN}", "<number:text/>"
    formats = (
        number_style("M1", nothing, {"&gt;": "N0", "&lt;": "N1", "=": "N1"}, "text"),
        number_style("M2", minus, {"&gt;=": "N0"}),
        number_style("M3", "<number:text>-</number:text>", {"&gt;": "N0", "&lt;": "N2"}),
        number_style("M4", f"<number:text>-</number:text>{PLAIN}", {"&gt;100": "N0"}),
        number_style("N0", PLAIN, {}),
        number_style("N1", nothing, {}),
        number_style("N2", minus, {}),
    )
    space = f'xmlns:number="{URN}datastyle:1.0"'
    before = f"<office:automatic-styles {space}>{''.join(formats)}</office:automatic-styles>"
    told = cell("float", "5", more=f'table:style-name="c{name}"')
    assert grid_of(ods(line(told), before=before)).cells[1, 1].format == number_format


@pytest.mark.parametrize(
    ("properties", "seen"),
    [
        ('style:text-position="super 58%"', "500²"),
        ('style:text-position="33% 58%"', "500²"),
        ('style:text-position="sub 58%"', "500₂"),
        ('style:text-position="-33% 58%"', "500₂"),
        ('style:text-position="0% 100%"', "5002"),
        ('style:text-line-through-style="solid"', "5002\u0336"),
        ('style:text-line-through-type="single"', "5002\u0336"),
        ('style:text-line-through-style="none"', "5002"),
    ],
)
def test_raised_and_struck_pieces_of_an_ods_are_told_as_one_sees_them(properties, seen):
    before = (
        '<office:automatic-styles><style:style style:name="T1" style:family="text">'
        f"<style:text-properties {properties}/></style:style></office:automatic-styles>"
    )
    inside = '<text:p>500<text:span text:style-name="T1">2</text:span></text:p>'
    told = f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
    assert grid_of(ods(line(told), before=before)).cells[1, 1].value == seen


def test_comments_and_shapes_are_no_text_of_a_cell():
    inside = (
        "<office:annotation><text:p>ghi chú</text:p></office:annotation>"
        "<text:p>Xã<text:s text:c='2'/>Hữu<text:line-break/>Liên</text:p><text:p>hai</text:p>"
    )
    shape = f'<table:table-cell office:value-type="string">{inside}</table:table-cell>'
    grid = grid_of(ods(line(shape)))
    assert grid.cells[1, 1].value == "Xã  Hữu\nLiên\nhai"


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (ods(line(cell("float", "1", more="table:formula=\"of:=DDE('x';'y';'z')\""))),
         "file_active", "A1"),
        (ods("", before="<script:event-listener/>"), "file_active", ""),
        (ods("", more={"Basic/Standard/Module1.xml": "<a/>"}), "file_active", ""),
        (ods("", more={"Object 1": b"\xd0\xcf"}), "file_active", ""),
        (ods("", more={"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "file_password", ""),
        (ods("", mime="application/vnd.oasis.opendocument.text"), "file_type", ""),
        (ods("", mime="application/epub+zip"), "file_type", ""),
        (ods(line(cell("float", "1"), more='table:number-rows-repeated="1048576"')),
         "file_too_large", "A20001"),
        (ods(line("<table:table-cell/>", more='table:number-rows-repeated="25000"')
             + line(cell("float", "1"))),
         "file_too_large", "A25001"),
        (ods(line(cell("float", "1", more='table:number-columns-repeated="16384"'))),
         "file_too_large", "XFD1"),
        (ods("").replace(b"mimetype", b"mimetypo"), "file_type", ""),
    ],
)  # fmt: skip
def test_an_ods_that_may_not_be_read_is_refused(content, code, place):
    assert refused(content) == (code, place)
