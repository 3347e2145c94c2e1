"""Places in a sheet are named as every spreadsheet names them."""

import pytest

from models.sheets import a1, column_of, letters, place_of


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")],
)
def test_columns_have_letters(number, name):
    assert letters(number) == name
    assert column_of(name) == number


def test_every_column_that_a_sheet_can_have_finds_back():
    assert all(column_of(letters(n)) == n for n in range(1, 16_385))
    assert letters(16_384) == "XFD"


def test_a_cell_is_its_column_and_its_row():
    assert a1(9, 2) == "B9"
    assert place_of("AA104") == (104, 27)


@pytest.mark.parametrize("text", ["", "9", "B", "B0", "b9", "B9:C9", "$B$9", "ABCD1", "B12345678"])
def test_what_names_no_cell_has_no_place(text):
    assert place_of(text) is None
