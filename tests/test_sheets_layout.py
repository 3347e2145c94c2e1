"""Tables as offices lay them out are read for what they say, wherever they stand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.sheets import Ask, Field, Kind, Known, Level, Part, Reading, Unit, Work
from models.sheets.reading import read
from tests.sheets import book, grid

KNOWN = Known(
    units=(
        Unit(1, "X-1", "Ủy ban nhân dân xã Hữu Liên", "UBND xã Hữu Liên"),
        Unit(2, "X-2", "Ủy ban nhân dân xã Thiện Tân", "UBND xã Thiện Tân"),
        Unit(3, "TT-YTE", "Trung tâm Y tế", "TTYT"),
        Unit(4, "X-4", "Ủy ban nhân dân xã Hồ Sơn", "UBND xã Hồ Sơn"),
    ),
    parts=(
        Part(1, "CT", "Chương trình mục tiêu quốc gia giảm nghèo bền vững", "GNBV", None, False),
        Part(2, "CT.2", "Đa dạng hóa sinh kế", "Dự án 2", "CT", True),
        Part(3, "CT.3", "Hỗ trợ phát triển sản xuất", "Dự án 3", "CT", False),
        Part(4, "CT.3.1", "Phát triển nông nghiệp", "Tiểu dự án 1", "CT.3", True),
        Part(5, "CT.3.2", "Cải thiện dinh dưỡng", "Tiểu dự án 2", "CT.3", True),
        Part(6, "CT.7", "Nâng cao năng lực", "Dự án 7", "CT", True),
    ),
    works=(
        Work(1, "L01", "Mô hình chăn nuôi trâu", "X-1", "CT.2"),
        Work(2, "L02", "Mô hình chăn nuôi dê", "X-2", "CT.2"),
        Work(3, "L03", "Can thiệp dinh dưỡng trẻ em", "TT-YTE", "CT.3.2"),
        Work(4, "L04", "Giám sát tại xã Hữu Liên", "X-1", "CT.7"),
        Work(5, "L05", "Trồng na", "X-1", "CT.3.1"),
        Work(6, "L06", "Trồng keo", "X-1", "CT.3.1"),
    ),
)
TITLES = [
    ["UBND XÃ HỮU LIÊN"],
    ["BÁO CÁO TIẾN ĐỘ GIẢI NGÂN CHƯƠNG TRÌNH THÁNG 4 NĂM 2024"],
    [None, None, "Đơn vị tính: đồng"],
]
HEAD = ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Ghi chú"]


def reading(rows: Any, *, kind: Kind = Kind.MONTHLY, titles: Any = TITLES, **asked: Any) -> Reading:
    """What a sheet with these rows below the titles says."""
    own = {key: asked.pop(key) for key in ("spans", "hidden_rows", "name") if key in asked}
    is_monthly = kind is Kind.MONTHLY
    ask = {"period": "2024-04", "investor": "X-1" if is_monthly else None} | asked
    return read(book(grid([*titles, *rows], **own)), Ask(kind=kind, **ask), KNOWN)


def found(reading: Reading) -> list[tuple[str, str, str]]:
    """Level, code and cell of all findings that are no hints."""
    return [
        (one.level.value, one.code, one.at.cell)
        for one in reading.findings
        if one.level is not Level.HINT
    ]


def said(reading: Reading, *fields: Field) -> list[tuple[Any, ...]]:
    """Project, field, value and capital of what the lines say of these fields."""
    return [
        (line.work, one.field.value, one.value, one.vintage, one.source)
        for line in reading.lines
        for one in line.values
        if one.field in fields
    ]


def months(reading: Reading) -> dict[str | None, int]:
    """What was disbursed in the month, by project."""
    sums: dict[str | None, int] = {}
    for line in reading.lines:
        for one in line.values:
            if one.field is Field.MONTH and not one.month:
                assert isinstance(one.value, int)
                sums[line.work] = sums.get(line.work, 0) + one.value
    return sums


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
