"""The marked workbook: what was found stands at its cell, and nothing that runs survives."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from models.sheets import Book, Cell, Grid, Level, Mark, Span, marked_file
from models.sheets.marking import is_harmless, marked_book
from models.sheets.opening import open_book


def grid(cells, **more):
    return Grid(name=more.pop("name", "T4"), cells=cells, **more)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_cell_of_a_finding_is_coloured_and_told():
    book = Book(grids=(grid({(9, 3): Cell("1.725"), (9, 4): Cell(Decimal(5))}),))
    sheet = opened(marked_book(book, [Mark("T4", "C9", Level.QUESTION, "1,725 hay 1725?")]))["T4"]
    assert sheet["C9"].value == "1.725"
    assert sheet["C9"].comment.text == "1,725 hay 1725?"
    assert sheet["C9"].fill.fgColor.rgb == "FFFFE08A"
    assert sheet["D9"].comment is None
    assert sheet["D9"].fill.fill_type is None


def test_several_findings_of_a_cell_are_one_comment_in_the_colour_of_the_worst():
    book = Book(grids=(grid({(2, 1): Cell("x")}),))
    marks = [
        Mark("T4", "A2", Level.HINT, "nhẹ"),
        Mark("T4", "A2", Level.ERROR, "nặng"),
        Mark("T4", "A2", Level.HINT, "nhẹ"),
    ]
    sheet = opened(marked_book(book, marks))["T4"]
    assert sheet["A2"].comment.text == "nặng\nnhẹ"
    assert sheet["A2"].fill.fgColor.rgb == "FFF8C9C4"


def test_what_is_said_of_a_sheet_or_of_the_file_stands_at_its_first_cell():
    book = Book(
        grids=(
            grid({(1, 1): Cell("ẩn")}, name="Cũ", is_hidden=True),
            grid({(3, 2): Cell("hiện")}, name="Mới"),
        )
    )
    marks = [Mark("Cũ", "", Level.WARNING, "để lại"), Mark("", "", Level.ERROR, "cả tệp")]
    done = opened(marked_book(book, marks))
    assert done["Cũ"]["A1"].comment.text == "để lại"
    assert done["Mới"]["A1"].comment.text == "cả tệp"
    assert done["Cũ"].sheet_state == "hidden"
    assert done.active.title == "Mới"


def test_values_stay_what_they_are():
    cells = {
        (1, 1): Cell(Decimal("54.654322"), format="#,##0.000"),
        (1, 2): Cell(date(2024, 4, 15)),
        (1, 3): Cell(True),
        (1, 4): Cell("Hữu Lũng"),
        (1, 5): Cell(date(1899, 1, 1)),
    }
    sheet = opened(marked_book(Book(grids=(grid(cells),)), []))["T4"]
    assert sheet["A1"].value == 54.654322
    assert sheet["A1"].number_format == "#,##0.000"
    assert sheet["B1"].value.date() == date(2024, 4, 15)
    assert sheet["C1"].value is True
    assert sheet["D1"].value == "Hữu Lũng"
    assert sheet["E1"].value == "1899-01-01"


def test_text_that_looks_like_a_formula_stays_text():
    cells = {
        (1, n): Cell(text) for n, text in enumerate(["=1+1", "+x", "-x", "@x", "=cmd|' /C'!A0"], 1)
    }
    content = marked_book(Book(grids=(grid(cells),)), [])
    for row in opened(content)["T4"]:
        for cell in row:
            assert cell.data_type == "s", cell.value
            assert cell.quotePrefix


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(C9:C12)", "=C9+D9", "C9/D9*100", "IF(C9>0,D9/C9,0)", "'Tháng 4'!C9-T3!$D$9",
        "ROUND(SUM($C$9:C12)*1.5E+3,0)", "SUBTOTAL(9,C9:C12)", "TRUE",
    ],
)  # fmt: skip
def test_a_formula_that_only_reckons_is_kept(formula):
    assert is_harmless(formula)
    cells = {(1, 1): Cell(Decimal(7), formula=formula)}
    content = marked_book(
        Book(grids=(grid(cells), grid({}, name="T3"), grid({}, name="Tháng 4"))), []
    )
    assert opened(content)["T4"]["A1"].value == f"={formula.removeprefix('=')}"
    kept = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    assert kept["T4"]["A1"].value == 7


@pytest.mark.parametrize(
    "formula",
    [
        "[1]Sheet1!A1", "'[nguon.xlsx]T4'!C9", "cmd|' /C calc'!A0", "WEBSERVICE(\"http://x\")",
        "HYPERLINK(\"http://x\",\"y\")", "INDIRECT(\"A1\")", "CALL(\"kernel32\")", "_xlfn.X(1)",
        "SUM(A1)+EXEC(1)", "Ten_dat_san", "\"a\"&\"b\"", "{1,2}", "",
    ],
)  # fmt: skip
def test_a_formula_that_could_reach_out_leaves_its_value_alone(formula):
    assert not is_harmless(formula)
    cells = {(1, 1): Cell(Decimal(7), formula=formula)}
    cell = opened(marked_book(Book(grids=(grid(cells),)), []))["T4"]["A1"]
    assert (cell.data_type, cell.value) == ("n", 7)


def test_a_figure_that_is_missing_never_becomes_zero_or_empty():
    cells = {
        (1, 1): Cell(None, formula="SUM(B1:B2)", problem="uncalculated"),
        (1, 2): Cell(None, formula="B1+#REF!", problem="#REF!"),
        (1, 3): Cell(None, problem="#REF!"),
        (1, 4): Cell(None, formula="WEBSERVICE(A1)", problem="uncalculated"),
    }
    content = marked_book(Book(grids=(grid(cells),)), [])
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["T4"]
    assert [cell.value for cell in values[1]] == [None, "#REF!", "#REF!", "=WEBSERVICE(A1)"]
    written = opened(content)["T4"]
    assert [cell.value for cell in written[1]][:3] == ["=SUM(B1:B2)", "=#REF!", "=#REF!"]
    assert written["D1"].data_type == "s"


def test_what_is_hidden_or_merged_stays_so():
    cells = {(1, 1): Cell("Báo cáo"), (2, 1): Cell("a"), (3, 2): Cell("b")}
    sheet = opened(
        marked_book(
            Book(
                grids=(
                    grid(
                        cells,
                        spans=(Span(1, 1, 1, 4), Span(1, 2, 2, 2)),
                        hidden_rows=frozenset({3}),
                        hidden_columns=frozenset({2}),
                    ),
                )
            ),
            [],
        )
    )["T4"]
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A1:D1"]
    assert sheet["A1"].value == "Báo cáo"
    assert sheet.row_dimensions[3].hidden
    assert sheet.column_dimensions["B"].hidden


def test_names_of_sheets_that_no_workbook_may_have_are_mended():
    names = ["Tháng 4/2024 [nháp]", "tháng 4 2024  nháp", "x" * 40, "", "History"]
    book = Book(grids=tuple(grid({(1, 1): Cell("a")}, name=name) for name in names))
    done = opened(marked_book(book, [])).sheetnames
    assert len({name.lower() for name in done}) == len(names)
    assert all(0 < len(name) <= 31 for name in done)


def test_a_block_over_the_whole_sheet_costs_nothing():
    cells = {(1, 1): Cell("a")}
    content = marked_book(Book(grids=(grid(cells, spans=(Span(1, 1, 1_048_576, 16_384),)),)), [])
    assert len(content) < 20_000


def test_a_file_that_was_refused_gives_an_empty_workbook():
    assert opened(marked_book(Book(), [Mark("", "", Level.ERROR, "hỏng")])).sheetnames


def test_the_workbook_has_no_part_that_runs_or_links():
    cells = {(1, 1): Cell(Decimal(1), formula="[1]A!B1"), (1, 2): Cell("http://x.example")}
    content = marked_book(Book(grids=(grid(cells),)), [Mark("T4", "A1", Level.HINT, "x")])
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert not [name for name in names if "external" in name or "vba" in name or "embed" in name]
    relations = b"".join(
        zipfile.ZipFile(io.BytesIO(content)).read(name) for name in names if name.endswith(".rels")
    )
    assert b'TargetMode="External"' not in relations


def test_the_marked_file_is_made_apart_and_looks_like_the_one_that_came():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "T4"
    sheet["B2"] = "Giải ngân"
    sheet["B2"].font = openpyxl.styles.Font(name="Times New Roman", bold=True, size=13)
    sheet["B3"] = 1725
    sheet["B3"].number_format = "#,##0"
    sheet["C3"].border = openpyxl.styles.Border(left=openpyxl.styles.Side(style="thin"))
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[2].height = 40
    content = io.BytesIO()
    book.save(content)
    marks = [Mark("T4", "B3", Level.ERROR, "Sai")]
    done = opened(marked_file(content.getvalue(), "t4.xlsx", marks, answers={}))["T4"]
    assert (done["B2"].font.name, done["B2"].font.b, done["B2"].font.sz) == (
        "Times New Roman", True, 13,
    )  # fmt: skip
    assert (done["B3"].value, done["B3"].number_format) == (1725, "#,##0")
    assert done["B3"].comment.text == "Sai"
    assert done["C3"].border.left.style == "thin"
    assert round(done.column_dimensions["B"].width) == 33
    assert done.row_dimensions[2].height == 39.75  # whole pixels


def test_a_csv_becomes_a_workbook_of_its_cells():
    content = "Dự án;Giải ngân\nL01;=1+1\n".encode("utf-8-sig")
    done = opened(marked_file(content, "t4.csv", [], answers={})).active
    assert [[cell.value for cell in row] for row in done] == [
        ["Dự án", "Giải ngân"],
        ["L01", "=1+1"],
    ]
    assert done["B2"].data_type == "s"


def test_what_was_read_from_the_marked_file_is_what_was_read_from_the_original():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["TT", "Số"], [1, 54.654322], [2, "1.725"], [3, "=B2*2"]):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    first = open_book(content.getvalue(), "a.xlsx")
    again = open_book(marked_file(content.getvalue(), "a.xlsx", [], answers={}), "a.xlsx")
    facts = [
        {place: (cell.value, cell.problem) for place, cell in one.grids[0].cells.items()}
        for one in (first, again)
    ]
    assert facts[0] == facts[1]
    assert facts[0][4, 2] == (None, "uncalculated")


def test_a_file_that_cannot_be_opened_gives_its_findings_all_the_same():
    marks = [Mark("", "", Level.ERROR, "Tệp hỏng")]
    assert marked_file(b"PK\x03\x04 broken", "x.xlsx", marks, answers={}).startswith(b"PK")
