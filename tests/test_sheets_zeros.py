"""A zero that a program stored without calculating is taken where the sheet proves it."""

from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter

from models.sheets.opening import open_book
from models.sheets.opening import zeros as of_zeros


def opened(*rows):
    """The cells of a workbook whose formulas all have the zero that nobody calculated."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("T4")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(at, column, value)
    [grid] = open_book(file.getvalue(), "x.xlsx").grids
    return grid.cells


@pytest.mark.parametrize(
    "formula",
    [
        "=A1+B1",
        "=A1-B1",
        "=A1",
        "=-A1+$B$1",
        "=SUM(A1:B1)",
        "=SUM(A1,B1)",
        "=SUM(A1:B1)+A1-D1",
        "=SUM(D1:Z9)",
        "= SUM( A1 : B1 ) ",
    ],
)
def test_a_sum_of_nothing_is_nothing(formula):
    cell = opened([0, 0, formula])[1, 3]
    assert (cell.value, cell.problem) == (Decimal(0), None)
    assert cell.formula


@pytest.mark.parametrize(
    "formula",
    [
        "=A1+B1",  # 5: the zero hides it
        "=SUM(A1:B1)",
        "=A1*0",  # true, but no sum
        "=0",
        "=ROUND(B1,0)",
        "=IF(B1=0,0,1)",
        "=B1+E1",  # a text: an error in Excel
        "=SUM(B1:B1)*1",
        "=B1:B1",
        "=SUM(B1:XFD1048576)",  # too much to look at
        "=T3!B1",
        "=C1",  # itself
    ],
)
def test_whatever_else_a_zero_may_hide_stays_open(formula):
    cell = opened([5, 0, formula, None, "x"])[1, 3]
    assert (cell.value, cell.problem) == (None, "uncalculated")


def test_sums_of_proven_sums_are_proven_and_others_not():
    cells = opened([0, 0, "=A1+B1"], [0, 7, "=A2+B2"], [0, 0, "=A3+B3"], [None, None, "=C1+C3"],
                   [None, None, "=SUM(C1:C3)"])  # fmt: skip
    proven = {place for place, cell in cells.items() if cell.formula and cell.problem is None}
    assert proven == {(1, 3), (3, 3), (4, 3)}


def test_a_sheet_made_to_be_added_up_for_ever_is_left_in_doubt(monkeypatch):
    monkeypatch.setattr(of_zeros, "MOST", 10)
    cells = opened(*([None, None, "=SUM(A1:B3)"] for _row in range(4)))
    assert sum(cell.problem is None for cell in cells.values()) == 1
