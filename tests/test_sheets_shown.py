"""What a sheet shows and what it holds: formats that hide or rewrite figures, words beside sums."""

from decimal import Decimal

import pytest

from models.sheets import Cell, Field, Kind
from models.sheets.cells import amount, is_unseen, unit_written
from tests.sheets_read import HEAD, TITLES, found, months, reading, said

WORK = "Mô hình chăn nuôi trâu"
TRIEU = [*TITLES[:2], [None, None, "Đơn vị tính: triệu đồng"]]


def number(value, number_format=""):
    return Cell(Decimal(value), number_format)


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "#,##0 %", "[Red]0%"])
@pytest.mark.parametrize("value", ["0.35", "1", "35"])
def test_a_percentage_is_no_amount(number_format, value):
    """35 % in a column of triệu đồng would be read as 350 000 đồng."""
    assert amount(number(value, number_format), "trieu").code == "number_unreadable"
    assert amount(number("0", number_format), "trieu").value == 0


def test_a_percent_sign_that_a_format_only_writes_makes_no_percentage():
    assert amount(number("35", '0" %"'), "dong").value == 35


def test_percentages_under_the_head_of_an_amount_are_refused_at_their_cells():
    seen = reading([HEAD, [1, WORK, number("1", "0%")]], titles=TRIEU)
    assert (found(seen), months(seen)) == ([("error", "number_unreadable", "C5")], {})


@pytest.mark.parametrize(
    ("number_format", "unit"),
    [
        ('#,##0" triệu"', "trieu"),
        ('#,##0\\ "tr.đ"', "trieu"),
        ('#,##0.0" nghìn đồng";-#,##0" triệu"', "nghin"),
        ('#,##0\\ "₫"', "dong"),
        ("#,##0\\ [$₫-42A]", "dong"),
        ("[$VND] #,##0", "dong"),
        ('#,##0" tỷ"', "ty"),
        ('#,##0".000"', "other"),
        ("#,##0\\0\\0\\0", "other"),
        ('#,##0" người"', None),
        ("#,##0 ;[Red](#,##0)", None),
        ('_-* #,##0_-;-* #,##0_-;_-* "-"??_-', None),
        ("", None),
    ],
)
def test_a_format_may_write_a_unit_behind_the_number(number_format, unit):
    assert unit_written(number_format) == unit


@pytest.mark.parametrize(
    ("number_format", "titles", "dong", "is_asked"),
    [
        ('#,##0" triệu"', TITLES, 5, True),
        ('#,##0" triệu"', TRIEU, 5_000_000, False),
        ('#,##0\\ "₫"', TITLES, 5, False),
        ('#,##0\\ "₫"', TRIEU, 5_000_000, True),
        ('#,##0".000"', TITLES, 5, True),
    ],
)
def test_a_unit_that_cells_show_against_the_sheet_is_asked_about(
    number_format, titles, dong, is_asked
):
    rows = [HEAD, [1, WORK, number("5", number_format)]]
    seen = reading(rows, titles=titles)
    assert found(seen) == ([("question", "unit_unclear", "")] if is_asked else [])
    assert months(seen) == ({} if is_asked else {"L01": dong})
    if is_asked:
        answered = reading(rows, titles=titles, answers={"unit_unclear": "nghin"})
        assert (found(answered), months(answered)) == ([], {"L01": 5_000})


@pytest.mark.parametrize(
    ("value", "number_format", "unseen"),
    [
        ("5", ";;;", True),
        ("5", '""', True),
        ("5", '"-"', True),
        ("5", ";;;@", True),
        ("5", '#,##0;-#,##0;"-"', False),
        ("5", "General", False),
        ("5", "", False),
        ("5", "0;;", False),
        ("-5", "0;;", True),
        ("-5", "0", False),
        ("0", ";;;", False),  # nobody is told more by a nought than by an empty cell
        ("5", "[>100]0;;", False),
        ("5", '[>100]"";""', True),
    ],
)
def test_a_format_may_show_nothing_of_a_figure(value, number_format, unseen):
    assert is_unseen(number(value, number_format)) is unseen


def test_a_format_may_show_nothing_of_a_text():
    assert is_unseen(Cell("5", ";;;"))
    assert not is_unseen(Cell("5", ";;;@"))
    assert not is_unseen(Cell("5", "0;0;0"))


def test_figures_that_nobody_saw_are_read_and_named():
    rows = [[1, WORK, number("5", ";;;")], [2, "Trồng na", number("7", "0")]]
    rows += [[3, "Trồng keo", number("0", ";;;"), number("9", ";;;")]]
    seen = reading([HEAD, *rows])
    assert months(seen) == {"L01": 5, "L05": 7, "L06": 0}
    assert found(seen) == [("warning", "cells_hidden", "C5")]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([1, WORK, 5, 777], [("warning", "D5")]),  # each has its own, though one sees the first
        ([1, WORK, 5, None], [("error", "C5")]),
        ([1, WORK, "-", None], []),
        ([None, "Cộng", 7, None], []),  # a sum over both: nothing of it is read
    ],
)
def test_an_amount_merged_over_two_columns_is_refused(row, told):
    head = [*HEAD[:3], "Lũy kế giải ngân (NSTW)"]
    seen = reading([head, row, [2, "Trồng na", 7, 8]], spans=[(5, 3, 5, 4)])
    assert [(one[0], one[2]) for one in found(seen)] == told


def test_an_amount_may_be_merged_over_columns_that_are_none():
    seen = reading([[*HEAD[:3], None, "Ghi chú"], [1, WORK, 5]], spans=[(4, 3, 4, 4), (5, 3, 5, 5)])
    assert (found(seen), months(seen)) == ([], {"L01": 5})


# --------------------------------------------------------------------------- what is only compared


def test_a_figure_of_two_readings_that_is_only_compared_is_named_once():
    head = [*HEAD[:3], "Lũy kế giải ngân (NSTW)"]
    rows = [[1, WORK, 5, "1.725"], [2, "Trồng na", 5, "2.300"], [3, "Trồng keo", 5, "12,5"]]
    seen = reading([head, *rows], titles=TRIEU)
    assert found(seen) == [("warning", "number_unclear", "D5")]
    assert said(seen, Field.CUMULATIVE) == [("L06", "cumulative", 12_500_000, None, "NSTW")]


def test_it_is_compared_where_its_column_tells_how_it_is_read():
    head = ["TT", "Tên dự án", "Lũy kế giải ngân (NSTW)", "Kế hoạch vốn (NSTW)"]
    rows = [[1, WORK, "1.725", 10], [2, "Trồng na", "2.300", 10]]
    seen = reading([head, *rows], titles=TRIEU, answers={"number_unclear:T4!C5": "1725000"})
    assert [one[2] for one in said(seen, Field.CUMULATIVE)] == [1_725_000, 2_300_000]
    assert found(seen) == []


# ------------------------------------------------------------------------------- words beside sums

ABOUT = ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Tiến độ", "Khó khăn, vướng mắc"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ([None, "Cộng", 30, None, "Giá vật tư tăng"], ["E7"]),
        ([None, "Cộng", 30, "Đang làm", "Chậm"], []),  # said by a project as well
        ([None, "Cộng", 30, "50%", None], []),  # a rate of all of them
        ([None, "Mang sang", 30, None, "Nắng"], ["E7"]),
    ],
)
def test_words_beside_a_total_are_named(row, told):
    rows = [[1, WORK, 10, "Đang làm", "Chậm"], [2, "Trồng na", 20, None, None]]
    seen = reading([ABOUT, *rows, row], kind=Kind.MONTHLY)
    assert found(seen) == [("warning", "cells_outside", cell) for cell in told]
    assert months(seen) == {"L01": 10, "L05": 20}


def test_words_below_the_total_are_named_and_signatures_are_none():
    rows = [[1, WORK, 10, None, None], [None, "Cộng", 10], [None, None, None, None, "Thiếu vốn"]]
    names = ("Hữu Liên, ngày 05 tháng 5 năm 2024", "CHỦ TỊCH", "Trần Thị B")
    signed = [[None, None, None, None, name] for name in names]
    assert found(reading([ABOUT, *rows, *signed])) == [("warning", "cells_outside", "E7")]
    assert found(reading([ABOUT, *rows[:2], *signed])) == []


# -------------------------------------------------------------------------- words of heads and rows


def test_a_head_may_name_programmes_and_projects():
    seen = reading([["TT", "Chương trình, dự án", *HEAD[2:]], [1, WORK, 10]])
    assert (found(seen), months(seen)) == ([], {"L01": 10})


def test_a_sum_that_is_carried_over_is_no_project():
    rows = [[1, WORK, 10], [None, "Số mang sang", 10], [2, "Trồng na", 20]]
    seen = reading([HEAD, *rows])
    assert (found(seen), months(seen)) == ([], {"L01": 10, "L05": 20})
