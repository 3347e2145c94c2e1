"""Tables with little in them, whatever their heads: read without an exception, for every kind."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.sheets import Ask, Cell, Kind, Level, read
from tests.sheets import book, grid
from tests.sheets_read import KNOWN

NAMING = ["TT", "Tên dự án", "Nội dung", "Mã dự án", "Chủ đầu tư", "Đơn vị", "Dự án thành phần",
          "Nguồn vốn", "Loại vốn", "Năm vốn"]  # fmt: skip
HEADS = [
    *NAMING, "Kế hoạch vốn", "Kế hoạch vốn năm 2024", "Vốn kéo dài", "Vốn trong năm", "NSTW",
    "NS huyện", "Vốn ĐTPT", "Vốn sự nghiệp", "Giải ngân", "Giải ngân trong tháng", "Tổng số",
    "Giải ngân vốn trong năm", "Lũy kế từ đầu năm", "Lũy kế đến tháng trước", "Tạm ứng",
    "Thanh toán KLHT", "Thu hồi tạm ứng", "Nộp trả", "Còn lại", "Tỷ lệ (%)", "Tháng 3", "Tháng 4",
    "Quý I", "Số tiền", "Tăng", "Giảm", "Điều chỉnh", "Số quyết định", "Ngày bắt đầu", "Trạng thái",
    "Tổng mức đầu tư", "Tiến độ (%)", "Tiến độ thực hiện", "Khó khăn, vướng mắc", "Ghi chú",
    "Ước giải ngân", "Hữu Liên", "Thiện Tân", "Dự án 2", "Tiểu dự án 1", "Trong đó", "1", "2", "",
    "(1)", "(4)=(5)+(6)", "Đơn vị tính: triệu đồng",
]  # fmt: skip
NAMES = [*(one.name for one in KNOWN.projects), *(one.short_name for one in KNOWN.units),
         *(one.short_name or "" for one in KNOWN.components), "Tổng cộng", "TỔNG SỐ", "Cộng trang",
         "Mang sang", "Trong đó: NSTW", "- NSTW", "A. Vốn ĐTPT", "Vốn kéo dài năm 2023", "Ai đó",
         "Người lập biểu", "Đơn vị tính: đồng"]  # fmt: skip
TITLES = ["BÁO CÁO THÁNG 4 NĂM 2024", "QUYẾT ĐỊNH số 12/QĐ-UBND ngày 5/4/2024", "UBND xã Hữu Liên",
          "Đơn vị tính: triệu đồng", "Vốn năm 2024 và vốn kéo dài năm 2023", ""]  # fmt: skip
CELLS = [None, "", "-", 0, 1, 1.5, -3, 10**12, "1.725", "310.000.000", "15/4/2024", "20%", "I", "a",
         "1.1", "(1)", "x", Cell(None, problem="uncalculated", formula="SUM(A1:A2)"),
         Cell(None, problem="#REF!"), Cell(Decimal("0.2"), format="0%"),
         Cell(Decimal(5), format="#,##0,,"), date(2024, 4, 15)]  # fmt: skip

heads = st.sampled_from(HEADS)
cells = st.one_of(st.sampled_from(CELLS), st.sampled_from(NAMES), heads)
spans = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 9), st.integers(0, 4), st.integers(0, 9)),
    max_size=4,
)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[list[Any]], list[tuple[int, int, int, int]]]:
    """Titles, one to three rows of heads that may come twice, and few rows below them or none."""
    width = draw(st.integers(1, 9))

    def rows(of: st.SearchStrategy[Any], most: int) -> list[list[Any]]:
        return draw(st.lists(st.lists(of, min_size=width, max_size=width), max_size=most))

    titles = [[one] for one in draw(st.lists(st.sampled_from(TITLES), max_size=2))]
    naming = draw(st.lists(st.sampled_from(NAMING), min_size=1, max_size=2, unique=True))
    first = [*naming, *draw(st.lists(heads, min_size=width, max_size=width))][:width]
    below = rows(heads, 2)
    body = draw(
        st.sampled_from(
            [
                [],
                [["Tổng cộng", *[5] * (width - 1)]],
                [[None, "TỔNG SỐ", *[5] * (width - 2)][:width]],
                [["I", "UBND xã Hữu Liên"][:width], ["II", "Dự án 2"][:width]],
            ]
        )
    )
    body = [*body, *rows(cells, 4)]
    table = [*titles, first, *below, *body]
    if draw(st.booleans()):
        table += [first, *below, *rows(cells, 2)]
    merged = [
        (top, left, top + down, min(left + right, 40)) for top, left, down, right in draw(spans)
    ]
    return table, merged


def check(sheet: Any, kind: Kind, period: str | None, answered: bool) -> None:
    table, merged = sheet
    ask = Ask(
        kind=kind,
        period=period,
        investor="X-1" if kind is Kind.MONTHLY else None,
        unit="trieu" if answered else None,
    )
    one = book(grid(table, spans=merged))
    seen = read(one, ask, KNOWN)
    asked = {f.answer: f.options[0].value for f in seen.findings if f.answer and f.options}
    if answered and asked:  # whatever the first answers are
        seen = read(one, Ask(**{**_of(ask), "answers": asked}), KNOWN)
    for found in seen.findings:
        assert found.message % {**found.values, "typed": "", "text": ""} if found.values else True
        assert found.level in Level


def _of(ask: Ask) -> dict[str, Any]:
    return {name: getattr(ask, name) for name in ("kind", "period", "investor", "unit")}


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(
    sheets(), st.sampled_from(list(Kind)), st.sampled_from(["2024-04", "2024-Q1", "2024-13", None]),
    st.booleans(),
)  # fmt: skip
def test_a_table_with_little_in_it_is_read(sheet, kind, period, answered):
    check(sheet, kind, period, answered)
