"""Files of strangers are opened: what stands in a cell comes out, digit by digit."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from models.sheets import Book, Cell, Level
from models.sheets.cells import amount
from models.sheets.opening import open_book
from tests.handmade import figure, packed, row, sheet, styles, text, workbook


def opened(parts: dict[str, str | bytes], name: str = "bieu.xlsx") -> Book:
    return open_book(packed(parts), name)


def only(book: Book) -> dict[str, Cell]:
    """The cells of the one sheet by their names."""
    assert not book.findings
    (grid,) = book.grids
    return {
        f"{'ABCDEFGH'[column - 1]}{number}": cell for (number, column), cell in grid.cells.items()
    }


def values(book: Book) -> dict[str, object]:
    return {place: cell.value for place, cell in only(book).items()}


def said(book: Book) -> list[tuple[str, str, str]]:
    return [(one.code, one.at.sheet, one.at.cell) for one in book.findings]


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("98000000", "98000000"),
        ("54.65432200000001", "54.654322"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("1.25E+9", "1250000000"),
        ("-12.5", "-12.5"),
        ("123456789012345678", "123456789012346000"),
        ("1E-5", "0.00001"),
        ("-0.0", "0"),
    ],
)
def test_a_number_has_the_fifteen_digits_that_spreadsheets_keep(digits, number):
    found = values(opened(workbook(sheet(row(1, figure("A1", digits))))))
    assert found == {"A1": Decimal(number)}
    assert str(found["A1"]) == number


def test_a_number_keeps_its_format_and_font():
    parts = workbook(
        sheet(row(1, figure("A1", "5", style=1))), styled=styles("#,##0,,", font="Arial")
    )
    assert only(opened(parts))["A1"] == Cell(Decimal(5), "#,##0,,", font="Arial")


@pytest.mark.parametrize(
    ("number_format", "digits", "value"),
    [
        ("dd/mm/yyyy", "45397", date(2024, 4, 15)),
        ("d\\.m\\.yyyy", "45397", date(2024, 4, 15)),
        ('"ngày" dd "tháng" mm', "45397", date(2024, 4, 15)),
        ("[$-42A]dd/mm/yy;@", "45397", date(2024, 4, 15)),
        ("dd/mm/yyyy hh:mm", "45397.5", datetime.fromisoformat("2024-04-15T12:00")),
        ("dd/mm/yyyy", "45397.99999999", date(2024, 4, 16)),
        ("dd/mm/yyyy", "59", date(1900, 2, 28)),
        ("dd/mm/yyyy", "61", date(1900, 3, 1)),
        ("dd/mm/yyyy", "60", Decimal(60)),
        ("dd/mm/yyyy", "98000000", Decimal(98000000)),
        ("hh:mm", "0.5", Decimal("0.5")),
        ("dd/mm/yyyy", "1E+30", Decimal(10**30)),
        ("dd/mm/yyyy", "-5.5", Decimal("-5.5")),
        ('#,##0 "đồng"', "45397", Decimal(45397)),
        ("#,##0_d", "45397", Decimal(45397)),
        ("[Red]#,##0", "45397", Decimal(45397)),
        ("[h]:mm", "45397", Decimal(45397)),
        ("mmm-yy", "45397", date(2024, 4, 15)),
        ("General", "45397", Decimal(45397)),
    ],
)
def test_a_day_is_known_by_the_format_of_its_number(number_format, digits, value):
    parts = workbook(sheet(row(1, figure("A1", digits, style=1))), styled=styles(number_format))
    assert values(opened(parts)) == {"A1": value}


def test_the_epoch_of_1904_counts_from_its_own_day():
    parts = workbook(
        sheet(row(1, figure("A1", "43935", style=1))),
        styled=styles("dd/mm/yyyy"),
        settings='<workbookPr date1904="1"/>',
    )
    assert values(opened(parts)) == {"A1": date(2024, 4, 15)}


def test_all_kinds_of_cells_are_told_apart():
    cells = row(
        1,
        '<c r="A1" t="b"><v>1</v></c>',
        '<c r="B1" t="e"><v>#REF!</v></c>',
        '<c r="C1"><f>8000000*2</f></c>',
        '<c r="D1"><f>SUM(A1:C1)</f><v>16000000</v></c>',
        '<c r="E1" t="str"><f>"x"&amp;1</f><v>x1</v></c>',
        '<c r="F1" t="d"><v>2024-04-15T00:00:00Z</v></c>',
        '<c r="G1" s="1"/>',
        '<c r="H1" t="inlineStr"><is><t>\u00a0 </t></is></c>',
    )
    assert only(opened(workbook(sheet(cells)))) == {
        "A1": Cell(True, font="Times New Roman"),
        "B1": Cell(None, problem="#REF!", font="Times New Roman"),
        "C1": Cell(None, formula="8000000*2", problem="uncalculated", font="Times New Roman"),
        "D1": Cell(Decimal(16000000), formula="SUM(A1:C1)", font="Times New Roman"),
        "E1": Cell("x1", formula='"x"&1', font="Times New Roman"),
        "F1": Cell(date(2024, 4, 15), font="Times New Roman"),
    }


def test_the_zero_that_a_program_writes_for_want_of_a_result_is_none():
    cells = row(1, '<c r="A1"><f>1+1</f><v>0</v></c>', figure("B1", "0"))
    book = opened(workbook(sheet(cells), settings='<calcPr fullCalcOnLoad="1"/>'))
    assert only(book)["A1"].problem == "uncalculated"
    assert only(book)["B1"].value == 0
    assert only(opened(workbook(sheet(cells))))["A1"].value == 0


def test_text_comes_as_one_sees_it():
    texts = (
        "<si><t>Xã</t></si>"
        "<si><r><rPr><b/></rPr><t xml:space='preserve'>Giải </t></r><r><t>ngân</t></r></si>"
        "<si><t>東京</t><rPh sb='0' eb='2'><t>とうきょう</t></rPh></si>"
        "<si><t>một_x000D_hai</t></si>"
        "<si><t>Hòa</t></si>"
    )
    cells = row(1, *(f'<c r="{"ABCDE"[n]}1" t="s"><v>{n}</v></c>' for n in range(5)))
    assert list(values(opened(workbook(sheet(cells), texts=texts))).values()) == [
        "Xã", "Giải ngân", "東京", "một\rhai", "Hòa",
    ]  # fmt: skip


def test_a_shared_formula_is_told_as_it_stands_in_each_cell():
    cells = row(
        1, '<c r="A1"><f t="shared" ref="A1:A2" si="0">SUM(B1:$D$1)+LOG10(C1)</f><v>1</v></c>'
    ) + row(2, '<c r="A2"><f t="shared" si="0"/><v>2</v></c>')
    found = only(opened(workbook(sheet(cells))))
    assert found["A2"].formula == "SUM(B2:$D$1)+LOG10(C2)"


def test_what_is_hidden_is_read_and_told():
    rows = (
        row(1, text("A1", "thấy"))
        + row(2, text("A2", "ẩn"), more=' hidden="1"')
        + row(3, text("A3", "thấp"), more=' ht="0"')
        + row(4, more=' hidden="1"')
    )
    parts = workbook(
        sheet(rows, before='<cols><col min="2" max="3" hidden="1"/></cols>'),
        ("Cũ", "hidden", sheet(row(1, text("A1", "cũ")))),
        ("Rất cũ", "veryHidden", sheet("")),
    )
    first, second, third = opened(parts).grids
    assert (first.hidden_rows, first.hidden_columns, first.is_hidden) == ({2, 3}, {2, 3}, False)
    assert (second.name, second.is_hidden, third.is_hidden) == ("Cũ", True, True)


def test_merged_blocks_are_told():
    after = '<mergeCells><mergeCell ref="A1:C2"/><mergeCell ref="D4"/></mergeCells>'
    (grid,) = opened(workbook(sheet(row(1, text("A1", "đầu")), after=after))).grids
    assert [(one.top, one.left, one.bottom, one.right) for one in grid.spans] == [
        (1, 1, 2, 3),
        (4, 4, 4, 4),
    ]


@pytest.mark.parametrize(
    ("dress", "seen"),
    [
        ('<vertAlign val="superscript"/>', "500²"),
        ('<vertAlign val="subscript"/>', "500₂"),
        ('<vertAlign val="baseline"/>', "5002"),
        ("<strike/>", "5002\u0336"),
        ('<strike val="0"/>', "5002"),
        ("<b/>", "5002"),
    ],
)
def test_raised_and_struck_pieces_are_told_as_one_sees_them(dress, seen):
    """A small 2 behind 500 is a note, and makes no 5002."""
    pieces = f"<r><t>500</t></r><r><rPr>{dress}</rPr><t>2</t></r>"
    cells = row(1, f'<c r="A1" t="inlineStr"><is>{pieces}</is></c>', text("B1", "5"))
    assert [one.value for one in only(opened(workbook(sheet(cells)))).values()] == [seen, "5"]
    read = amount(Cell(seen), "dong")
    assert (read.value, read.code) == (
        (5_002, "") if seen == "5002" else (None, "number_unreadable")
    )


def test_the_marks_of_a_form_are_no_sheet():
    marks = sheet(row(1, text("A1", "version"), text("B1", "1")) + row(2, text("A2", "unit")))
    book = opened(workbook(sheet(row(1, text("A1", "x"))), ("_form", "veryHidden", marks)))
    assert book.form == {"version": "1", "unit": ""}
    assert [grid.name for grid in book.grids] == ["Sheet1"]
    assert opened(workbook(("_form", "visible", marks))).form is None


def test_a_figure_of_another_workbook_is_taken_with_a_warning():
    cells = row(
        1,
        "<c r=\"A1\"><f>'[1]Tháng 3'!B2</f><v>5</v></c>",
        '<c r="B1"><f>[1]Sheet1!B2+1</f><v>6</v></c>',
        '<c r="C1"><f>SUM(Bang[2024])</f><v>7</v></c>',
        '<c r="D1"><f>"[1]"&amp;A1</f><v>8</v></c>',
    )
    book = opened(workbook(sheet(cells)))
    assert said(book) == [
        ("external_reference", "Sheet1", "A1"),
        ("external_reference", "Sheet1", "B1"),
    ]
    assert {one.level for one in book.findings} == {Level.WARNING}
    assert [cell.value for cell in book.grids[0].cells.values()] == [5, 6, 7, 8]


def test_a_comma_separated_table_is_read_as_the_spreadsheet_shows_it():
    content = 'TT;Tên;Số\r\n\r\n1;"A; b\nc";98.000.000,5\r\n'.encode("utf-8-sig")
    book = open_book(content, "bao cao.csv")
    assert values(book) == {
        "A1": "TT", "B1": "Tên", "C1": "Số", "A3": "1", "B3": "A; b\nc", "C3": "98.000.000,5",
    }  # fmt: skip
    assert book.grids[0].is_text
    assert book.grids[0].name == "bao cao"
