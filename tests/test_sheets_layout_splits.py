"""Money that a sheet splits more than once, and figures that are rounded: read, and compared."""

from decimal import Decimal

import pytest

from models.sheets import Cell, Field, Kind
from models.sheets.cells import progress_told
from tests.sheets_read import found, months, reading, said

TITLES = [["BIỂU TỔNG HỢP THÁNG 4 NĂM 2024"], [None, None, "Đơn vị tính: đồng"]]
NAME = "Mô hình chăn nuôi trâu"


def read_many(*rows, **more):
    return reading(rows, kind=Kind.CONSOLIDATED, titles=TITLES, **more)


# ------------------------------------------------------------- by source, and again by nature

TWICE = ["TT", "Tên dự án", "Giải ngân trong tháng: Tổng số", "Giải ngân trong tháng: NSTW",
         "Giải ngân trong tháng: NS huyện", "Giải ngân trong tháng: Vốn ĐTPT",
         "Giải ngân trong tháng: Vốn sự nghiệp"]  # fmt: skip


def test_what_is_split_by_source_and_by_nature_is_added_up_once():
    seen = read_many(TWICE, [1, NAME, 100, 70, 30, 0, 100])
    assert found(seen) == []
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 70, None, "NSTW"),
        ("L01", "month", 30, None, "NSH"),
    ]


def test_natures_that_make_another_sum_are_told_at_their_last_cell():
    assert found(read_many(TWICE, [1, NAME, 100, 70, 30, 1, 100])) == [
        ("warning", "total_mismatch", "G4")
    ]


def test_a_total_that_neither_split_makes_is_told():
    assert found(read_many(TWICE, [1, NAME, 101, 70, 30, 0, 100])) == [
        ("warning", "total_mismatch", "C4")
    ]


def test_where_the_sources_say_nothing_the_natures_are_read():
    seen = read_many(TWICE, [1, NAME, 100, None, None, None, 100])
    assert months(seen) == {"L01": 100}
    assert found(seen) == []


# ----------------------------------------------------- in one row: year, carried over, sources

FLAT = ["TT", "Tên dự án", "Kế hoạch vốn, tổng số", "Kế hoạch vốn trong năm",
        "Kế hoạch vốn, NSTW", "Kế hoạch vốn, NS huyện", "Kế hoạch vốn kéo dài",
        "Giải ngân trong tháng"]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ([100, 80, 50, 30, 20], []),  # the sources are those of the year
        ([100, 80, 60, 40, 20], []),  # they are those of all years
        ([101, 80, 50, 30, 20], ["C4"]),
        ([100, 81, 50, 30, 20], ["D4"]),
        ([100, 80, 51, 30, 20], ["C4", "D4"]),
    ],
)
def test_sources_in_a_flat_head_are_of_the_year_or_of_all_years(row, wrong):
    seen = read_many(FLAT, [1, NAME, *row, 5])
    assert [cell for _level, _code, cell in found(seen)] == wrong
    assert [one[3] for one in said(seen, Field.PLAN)] == [None, None, None]  # as the file says


# --------------------------------------------------------------- disbursed, without a word when

SINCE = ["TT", "Tên dự án", "Kế hoạch vốn", "Giải ngân trong tháng", "Giải ngân, tổng số",
         "Giải ngân vốn trong năm", "Giải ngân vốn kéo dài", "Còn lại"]  # fmt: skip
NAMES = [NAME, "Mô hình chăn nuôi dê", "Can thiệp dinh dưỡng trẻ em"]


def test_the_remainder_proves_what_has_been_disbursed_since_january():
    rows = [[n, name, 100, 5, 30, 20, 10, 70] for n, name in enumerate(NAMES, 1)]
    seen = read_many(SINCE, *rows)
    assert found(seen) == []
    assert said(seen, Field.CUMULATIVE)[:2] == [
        ("L01", "cumulative", 20, 2024, None),
        ("L01", "cumulative", 10, None, None),
    ]


def test_without_a_proof_it_is_left_aside_and_named():
    rows = [[n, name, 100, 5, 30, 20, 10, 60] for n, name in enumerate(NAMES, 1)]
    seen = read_many(SINCE, *rows)
    assert said(seen, Field.CUMULATIVE) == []
    hints = [one.at.cell for one in seen.findings if one.code == "column_unknown"]
    assert hints == ["E3", "F3", "G3"]


# -------------------------------------------------------------------------- progress in words


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("20% Đang triển khai", (Decimal(20), "Đang triển khai")),
        ("12,5 % Đã cấp giống", (Decimal("12.5"), "Đã cấp giống")),
        ("20%; đang làm", (Decimal(20), "đang làm")),
        ("100%", (Decimal(100), "")),
        ("20% số hộ đã nhận giống", None),
        ("120% Vượt kế hoạch", None),
        ("Đạt 20%", None),
    ],
)
def test_words_on_progress_may_begin_with_a_percentage(text, told):
    assert progress_told(text) == told


def test_a_column_of_percentages_of_its_own_leaves_the_words_as_they_are():
    head = ["TT", "Tên dự án", "Giải ngân trong tháng", "Tiến độ (%)", "Tiến độ thực hiện"]
    seen = read_many(head, [1, NAME, 5, 20, "20% Đang làm"])
    assert said(seen, Field.PROGRESS_TEXT) == [("L01", "progress_text", "20% Đang làm", None, None)]


# -------------------------------------------------------------- the same project in two sections


def test_a_project_stands_in_each_section_by_capital_with_the_same_words():
    head = ["TT", "Tên dự án", "Giải ngân trong tháng", "Tiến độ thực hiện"]
    rows = [
        ["A", "NGÂN SÁCH TRUNG ƯƠNG", 5, None], [1, NAME, 5, "Đang làm"],
        ["B", "NGÂN SÁCH HUYỆN", 3, None], [1, NAME, 3, "Đang làm"],
    ]  # fmt: skip
    seen = read_many(head, *rows)
    assert found(seen) == []
    assert [one[2:] for one in said(seen, Field.MONTH)] == [(5, None, "NSTW"), (3, None, "NSH")]
    twice = read_many(head, *rows[:2], [2, NAME, 5, "Đang làm"])
    assert ("error", "row_double", "B6") in found(twice)


def test_a_kind_of_capital_that_nobody_holds_is_not_asked_about():
    head = ["TT", "Tên dự án", "Giải ngân trong tháng"]
    nothing = ["A", "VỐN ĐẦU TƯ PHÁT TRIỂN", 0]
    held = [["B", "VỐN SỰ NGHIỆP", 5], [1, NAME, 5]]
    assert found(read_many(head, nothing, *held)) == []
    asked = read_many(head, ["A", "VỐN ĐẦU TƯ PHÁT TRIỂN", 1], *held)
    assert ("question", "name_unclear", "B4") in found(asked)


# --------------------------------------------------------------------------------- rounding

IN_TRIEU = [["BIỂU TỔNG HỢP THÁNG 4 NĂM 2024"], [None, None, "Đơn vị tính: triệu đồng"]]
ROUNDED = [
    ["TT", "Tên dự án", "Giải ngân trong tháng"],
    [1, NAMES[0], Cell("701")], [2, NAMES[1], Cell("378")], [3, NAMES[2], Cell("1030")],
]  # fmt: skip


@pytest.mark.parametrize(("total", "is_told"), [("2110", False), ("2108", False), ("2112", True)])
def test_a_csv_file_in_whole_trieu_is_as_exact_as_it_writes(total, is_told):
    """701 + 378 + 1030 = 2109: three figures and their sum are rounded by a half each."""
    rows = [*ROUNDED, [None, "Tổng cộng", Cell(total)]]
    seen = reading(rows, kind=Kind.CONSOLIDATED, titles=IN_TRIEU, is_text=True)
    assert bool(found(seen)) is is_told
    exact = reading(rows, kind=Kind.CONSOLIDATED, titles=IN_TRIEU)
    assert found(exact) == [("warning", "total_mismatch", "C7")]


@pytest.mark.parametrize(
    ("amounts", "right", "wrong"),
    [
        (("1.701.001", "1.378.001", "1.030.001"), "4.109.004", "4.109.006"),  # grouped
        (("1,701,001", "1,378,001", "1,030,001"), "4,109,004", "4,109,006"),
        (("1.701,1 ", "378,1", "1.030,1"), "3.109,4", "3.109,6"),  # grouped, with a decimal
        (("701", " -   ", "378"), "1080", "1082"),  # a dash is a nought of accountants
        (("701", "378", ""), "1080", "1082"),
        (("1.701,1", "1.378,125", "1.030,1"), "4.109,326", "4.109,328"),  # as the finest
    ],
)
def test_it_is_as_exact_however_its_amounts_are_written(amounts, right, wrong):
    named = zip(NAMES, amounts, strict=True)
    rows = [[n, name, Cell(amount)] for n, (name, amount) in enumerate(named, 1)]
    for total, is_told in ((right, False), (wrong, True)):
        seen = reading(
            [ROUNDED[0], *rows, [None, "Tổng cộng", Cell(total)]],
            kind=Kind.CONSOLIDATED, titles=IN_TRIEU, is_text=True,
        )  # fmt: skip
        assert ("total_mismatch" in {code for _level, code, _cell in found(seen)}) is is_told


# ------------------------------------------------------------- what is not read is no nought

PLANNED = ["TT", "Tên dự án", "Kế hoạch vốn", "Giải ngân trong tháng"]


@pytest.mark.parametrize(
    ("unread", "told"),
    [
        # 378 triệu, or 378.125: of a plan nothing is asked
        (Cell("378,125"), [("warning", "number_unclear", "C5")]),
        (Cell(None, "", "A1/B1", "#REF!"), [("warning", "formula_error", "C5")]),
        (Cell("chưa có"), [("warning", "number_unreadable", "C5")]),
        (Cell(None), [("warning", "total_mismatch", "C7")]),
    ],
)
def test_a_sum_with_a_part_that_is_not_read_is_not_called_wrong(unread, told):
    plans = (Cell("701"), unread, Cell("1030"))
    rows = [[n, NAMES[n - 1], plan, Cell("5")] for n, plan in enumerate(plans, 1)]
    seen = reading(
        [PLANNED, *rows, [None, "Tổng cộng", Cell("2109,125"), Cell("15")]],
        kind=Kind.CONSOLIDATED, titles=IN_TRIEU, is_text=True,
    )  # fmt: skip
    assert found(seen) == told


def test_a_split_with_a_part_that_is_not_read_is_not_called_wrong():
    head = [one.replace("Giải ngân trong tháng", "Kế hoạch vốn") for one in TWICE]
    row = [1, NAME, *map(Cell, ("100", "70", "30,125", "0", "100")), Cell("5")]
    seen = reading(
        [[*head, "Giải ngân trong tháng"], row],
        kind=Kind.CONSOLIDATED, titles=IN_TRIEU, is_text=True,
    )  # fmt: skip
    assert found(seen) == [("warning", "number_unclear", "E4")]


# ------------------------------------------------------------------- by kind of payment


@pytest.mark.parametrize(
    ("total", "warned"), [(114, False), (126, False), (120, False), (99, True), (113, True)]
)
def test_a_total_of_the_kinds_of_payment_is_their_net_their_sum_or_what_was_paid(total, warned):
    head = ["TT", "Tên dự án", "Tạm ứng", "Thanh toán KLHT", "Thu hồi tạm ứng", "Nộp trả", "Cộng"]
    seen = read_many(head, [1, NAME, 100, 20, 5, 1, total])
    assert found(seen) == ([("warning", "total_mismatch", "G4")] if warned else [])
    if warned:
        assert seen.findings[0].values["total"] == 114


# ------------------------------------------------------------- of a year, and of carried capital


def test_the_plan_of_a_year_may_hold_carried_capital_in_rows_of_its_own():
    head = ["TT", "Tên dự án", "Kế hoạch vốn năm 2024", "Giải ngân trong tháng"]
    rows = [head, [1, NAME, 30, 9], ["-", "NSTW", 20, 5], ["-", "Vốn năm 2023 kéo dài", 10, 4]]
    seen = read_many(*rows)
    assert found(seen) == []
    assert ("L01", "plan", 10, 2023, None) in said(seen, Field.PLAN)
    head[3] = "Giải ngân vốn năm 2024 trong tháng"
    assert found(read_many(*rows)) == [("error", "row_conflict", "D6")]
