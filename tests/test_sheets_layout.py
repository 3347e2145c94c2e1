"""Tables as offices lay them out are read for what they say, wherever they stand."""

from datetime import date
from decimal import Decimal

import pytest

from models.sheets import Field, Kind
from tests.sheets_read import HEAD, found, months, reading, said


def test_a_plain_table_below_its_titles():
    seen = reading([HEAD, [1, "Mô hình chăn nuôi trâu", 210_000_000, None]])
    assert said(seen, Field.MONTH) == [("L01", "month", 210_000_000, None, "NSTW")]
    assert found(seen) == []
    assert seen.sheets[0].head == (4, 4)
    assert seen.sheets[0].unit == "dong"


def test_signatures_and_a_total_end_the_table():
    seen = reading(
        [
            HEAD,
            [1, "Mô hình chăn nuôi trâu", 210_000_000],
            [None, "Tổng cộng", 210_000_000],
            [],
            ["Hữu Lũng, ngày 06 tháng 5 năm 2024"],
            ["NGƯỜI LẬP BIỂU", None, "THỦ TRƯỞNG ĐƠN VỊ"],
        ]
    )
    assert months(seen) == {"L01": 210_000_000}
    assert found(seen) == []


def test_a_typed_total_that_is_no_sum_is_told_at_its_cell():
    seen = reading([HEAD, [1, "Mô hình chăn nuôi trâu", 210_000_000], [None, "Cộng", 210_000_001]])
    assert found(seen) == [("warning", "total_mismatch", "C6")]


def test_heads_merged_over_three_rows_are_paths():
    rows = [
        ["TT", "Nội dung", "Giải ngân trong tháng", None, None, None],
        [None, None, "Tổng số", "Vốn giao năm 2024", None, "Vốn kéo dài năm 2023"],
        [None, None, None, "NSTW", "NS huyện", None],
        ["(1)", "(2)", "(3)=(4)+(5)+(6)", "(4)", "(5)", "(6)"],
        [1, "Mô hình chăn nuôi trâu", 60, 10, 20, 30],
    ]
    spans = [(4, 1, 6, 1), (4, 2, 6, 2), (4, 3, 4, 6), (5, 3, 6, 3), (5, 4, 5, 5), (5, 6, 6, 6)]
    seen = reading(rows, spans=spans)
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, 2024, "NSTW"),
        ("L01", "month", 20, 2024, "NSH"),
        ("L01", "month", 30, 2023, None),
    ]
    assert seen.sheets[0].columns[3].heading == "Giải ngân trong tháng / Vốn giao năm 2024 / NSTW"
    assert found(seen) == []


def test_heads_that_were_not_merged_are_the_same_paths():
    rows = [
        ["TT", "Nội dung", "Giải ngân trong tháng", None, None, None],
        [None, None, "Tổng số", "Vốn giao năm 2024", None, "Vốn kéo dài năm 2023"],
        [None, None, None, "NSTW", "NS huyện", None],
        [1, "Mô hình chăn nuôi trâu", 60, 10, 20, 30],
    ]
    seen = reading(rows)
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, 2024, "NSTW"),
        ("L01", "month", 20, 2024, "NSH"),
        ("L01", "month", 30, 2023, None),
    ]


def test_units_down_and_components_across():
    titles = [
        ["PHÂN BỔ BỔ SUNG KINH PHÍ SỰ NGHIỆP (NGÂN SÁCH TRUNG ƯƠNG) NĂM 2024"],
        ["(Kèm theo Quyết định số 1205/QĐ-UBND ngày 15 tháng 4 năm 2024 của UBND huyện)"],
        ["ĐVT: triệu đồng"],
    ]
    rows = [
        ["TT", "Đơn vị", "Tổng cộng", "Dự án 2", "Tiểu dự án 2 - Dự án 3", "Dự án 7"],
        [1, "UBND xã Hữu Liên", 62.5, 60, None, 2.5],
        [2, "TTYT", 15.25, None, 15.25, None],
        [None, "Tổng số", 77.75, 60, 15.25, 2.5],
    ]
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert said(seen, Field.AMOUNT) == [
        ("L01", "amount", 60_000_000, None, None),
        ("L04", "amount", 2_500_000, None, None),
        ("L03", "amount", 15_250_000, None, None),
    ]
    assert seen.decision is not None
    assert (seen.decision.number, seen.decision.issued_on, seen.decision.kind) == (
        "1205/QĐ-UBND",
        date(2024, 4, 15),
        "supplement",
    )
    assert (seen.source, seen.nature, seen.budget_year) == ("NSTW", "SN", 2024)
    assert found(seen) == []


def test_components_down_and_units_across():
    titles = [["PHÂN BỔ BỔ SUNG, QUYẾT ĐỊNH SỐ 1205/QĐ-UBND"], ["ĐVT: triệu đồng"]]
    rows = [
        ["TT", "Nội dung", "UBND xã Hữu Liên", "UBND xã Thiện Tân", "Tổng số"],
        ["I", "Dự án 2", 60, 40, 100],
        ["II", "Dự án 7", 2.5, None, 2.5],
        [None, "Cộng", 62.5, 40, 102.5],
    ]
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert [(work, value) for work, _, value, *_ in said(seen, Field.AMOUNT)] == [
        ("L01", 60_000_000),
        ("L02", 40_000_000),
        ("L04", 2_500_000),
    ]
    assert found(seen) == []


@pytest.mark.parametrize("kind", [Kind.MONTHLY, Kind.CONSOLIDATED])
def test_an_unknown_name_with_figures_is_never_dropped(kind):
    seen = reading([HEAD, [1, "Làm đường liên thôn", 5]], kind=kind)
    assert found(seen) == [("error", "name_unknown", "B5")]


def test_progress_is_a_percentage_or_words():
    head = [*HEAD[:3], "Tiến độ thực hiện (%)", "Kết quả thực hiện", "Khó khăn, vướng mắc"]
    seen = reading([head, [1, "Mô hình chăn nuôi trâu", None, 35, "Đã mua 12 con", "-"]])
    assert said(seen, Field.PROGRESS, Field.PROGRESS_TEXT, Field.OBSTACLES) == [
        ("L01", "physical_progress", Decimal(35), None, None),
        ("L01", "progress_text", "Đã mua 12 con", None, None),
    ]


def test_signatures_that_begin_below_the_figures_end_the_table():
    """Place, day and signature are merged over the right half of the sheet, figures and all."""
    one = reading(
        [
            HEAD,
            [1, "Mô hình chăn nuôi trâu", 5_000_000],
            [],
            [None, None, "Hữu Lũng, ngày … tháng 5 năm 2024"],
            ["NGƯỜI LẬP BIỂU", None, "CHỦ TỊCH"],
            ["(Ký, họ tên)", None, "(Ký, họ tên, đóng dấu)"],
        ]
    )
    assert found(one) == []
    assert months(one) == {"L01": 5_000_000}


def test_a_total_above_projects_whose_capital_stands_below_them():
    """The total comes first, and a project has its figures in the rows of its sources alone."""
    one = reading(
        [
            ["TT", "Nội dung", "Giải ngân trong tháng"],
            [None, "TỔNG SỐ", 7_000_000],
            [1, "Mô hình chăn nuôi trâu"],
            [None, "- Ngân sách trung ương", 5_000_000],
            [None, "- Ngân sách huyện", 2_000_000],
        ]
    )
    assert found(one) == []
    assert [(line.work, value.source, value.value) for line in one.lines for value in line.values
            if value.field is Field.MONTH] == [
        ("L01", "NSTW", 5_000_000),
        ("L01", "NSH", 2_000_000),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_a_head_with_nothing_below_it_says_nothing(kind):
    head = ["TT", "Đơn vị", "Dự án thành phần", "Tên dự án", "Giải ngân trong tháng", "Số tiền"]
    seen = reading([head], kind=kind)
    assert seen.lines == ()
