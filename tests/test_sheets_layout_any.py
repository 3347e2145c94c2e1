"""One report in any layout: whatever is merged, moved, numbered or left blank, it says the same."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.sheets import Ask, Field, Kind, Level, read
from tests.sheets import book, grid
from tests.sheets_read import KNOWN

WORKS = {one.code: one for one in KNOWN.projects}
UNITS = {one.code: one for one in KNOWN.units}
# what a report says: heads from the outside in, as offices merge them, and what is meant
COLUMNS: dict[str, tuple[tuple[str, ...], tuple[Any, ...]]] = {
    "plan": (("Kế hoạch vốn", "Vốn giao năm 2024"), (Field.PLAN, 2024, False, None)),
    "plan_kd": (("Kế hoạch vốn", "Vốn kéo dài năm 2023"), (Field.PLAN, 2023, True, None)),
    "tw": (("Giải ngân trong tháng", "Vốn năm 2024", "NSTW"), (Field.MONTH, 2024, False, "NSTW")),
    "nsh": (
        ("Giải ngân trong tháng", "Vốn năm 2024", "NS huyện"),
        (Field.MONTH, 2024, False, "NSH"),
    ),
    "kd": (("Giải ngân trong tháng", "Vốn kéo dài năm 2023"), (Field.MONTH, 2023, True, None)),
    "luyke": (("Lũy kế từ đầu năm", "Vốn năm 2024"), (Field.CUMULATIVE, 2024, False, None)),
    "luyke_kd": (("Lũy kế từ đầu năm", "Vốn kéo dài"), (Field.CUMULATIVE, None, True, None)),
}
GROUPS = (("plan", "plan_kd"), ("tw", "nsh", "kd"), ("luyke", "luyke_kd"))
SIZES = {"dong": 1, "nghin": 1_000, "trieu": 1_000_000}
LINES = {"dong": "đồng", "nghin": "nghìn đồng", "trieu": "Triệu đồng"}

amounts = st.one_of(st.none(), st.integers(1, 10**11))


@dataclass(frozen=True)
class Layout:
    """How a report is laid out; none of it changes what the report says."""

    top: int
    left: int
    unit: str
    style: str  # of heads: merged, blank, repeated, flat
    groups: tuple[tuple[str, ...], ...]
    has_totals: bool
    has_numbers: bool
    gaps: tuple[int, ...]  # blank rows after rows of the body
    spacer: bool
    total: str  # where the grand total stands: top, bottom, none
    units: str  # column, section, none
    has_outline: bool
    has_signatures: bool
    is_noisy: bool  # numbers carry the noise of binary fractions
    is_text: bool


layouts = st.builds(
    Layout,
    top=st.integers(1, 6),
    left=st.integers(1, 4),
    unit=st.sampled_from(sorted(SIZES)),
    style=st.sampled_from(["merged", "blank", "repeated", "flat"]),
    groups=st.permutations(GROUPS).map(tuple),
    has_totals=st.booleans(),
    has_numbers=st.booleans(),
    gaps=st.tuples(*[st.integers(0, 2)] * 6),
    spacer=st.booleans(),
    total=st.sampled_from(["top", "bottom", "none"]),
    units=st.sampled_from(["column", "section", "none"]),
    has_outline=st.booleans(),
    has_signatures=st.booleans(),
    is_noisy=st.booleans(),
    is_text=st.booleans(),
)
reports = st.dictionaries(
    st.sampled_from(sorted(WORKS)),
    st.fixed_dictionaries(dict.fromkeys(COLUMNS, amounts)),
    min_size=1,
    max_size=5,
)


class Drawn:
    """The cells of one report in one layout."""

    def __init__(self, report: dict[str, dict[str, int | None]], layout: Layout) -> None:
        self.report, self.layout = report, layout
        self.cells: dict[tuple[int, int], Any] = {}
        self.spans: list[tuple[int, int, int, int]] = []
        self.columns: list[tuple[tuple[str, ...], str]] = []
        for group in layout.groups:
            name = COLUMNS[group[0]][0][0]
            if layout.has_totals:
                self.columns.append(((name, "Tổng số"), "+".join(group)))
            self.columns += [(COLUMNS[one][0], one) for one in group]
        self.naming = ["TT", "Tên dự án"] + (["Chủ đầu tư"] if layout.units == "column" else [])
        self.first = layout.left + len(self.naming) + layout.spacer
        self.row = layout.top

    def grid(self) -> Any:
        self._titles()
        self._head()
        self._body()
        if self.layout.has_signatures:
            self.row += 1
            self._put(self.layout.left, "Hữu Lũng, ngày 06 tháng 5 năm 2024")
            self.row += 1
            self._put(self.layout.left, "NGƯỜI LẬP BIỂU")
            self._put(self.first + 2, "THỦ TRƯỞNG ĐƠN VỊ")
        rows = max(row for row, _ in self.cells)
        columns = max(column for _, column in self.cells)
        table = [
            [self.cells.get((row, column)) for column in range(1, columns + 1)]
            for row in range(1, rows + 1)
        ]
        return grid(table, spans=self.spans)

    def _put(self, column: int, value: Any) -> None:
        self.cells[self.row, column] = value

    def _titles(self) -> None:
        left = self.layout.left
        self._put(left, "UBND HUYỆN HỮU LŨNG")
        self.row += 1
        self._put(left, "BIỂU TỔNG HỢP GIẢI NGÂN CHƯƠNG TRÌNH THÁNG 4 NĂM 2024")
        self.spans.append((self.row, left, self.row, self.first + len(self.columns) - 1))
        self.row += 1
        self._put(self.first + 1, f"Đơn vị tính: {LINES[self.layout.unit]}")
        self.row += 1

    def _head(self) -> None:
        style = self.layout.style
        paths = [path for path, _ in self.columns]
        depth = 1 if style == "flat" else max(map(len, paths))
        for place, name in enumerate(self.naming):
            self._put(self.layout.left + place, name)
            if style == "merged" and depth > 1:
                column = self.layout.left + place
                self.spans.append((self.row, column, self.row + depth - 1, column))
        for place, path in enumerate(paths):
            column = self.first + place
            if style == "flat":
                self._put(column, " - ".join(path))
                continue
            for level, text in enumerate(path):
                same = place > 0 and paths[place - 1][: level + 1] == path[: level + 1]
                if style == "repeated" or not same:
                    self.cells[self.row + level, column] = text
        if style == "merged":
            self._merge(paths, depth)
        self.row += depth
        if self.layout.has_numbers:
            self._numbers(len(paths))

    def _numbers(self, count: int) -> None:
        for place in range(len(self.naming)):
            self._put(self.layout.left + place, f"({place + 1})")
        for place in range(count):
            self._put(self.first + place, f"({place + 1 + len(self.naming)})")
        self.row += 1

    def _merge(self, paths: list[tuple[str, ...]], depth: int) -> None:
        for level in range(depth):
            place = 0
            while place < len(paths):
                path = paths[place]
                end = place
                while end + 1 < len(paths) and paths[end + 1][: level + 1] == path[: level + 1]:
                    end += 1
                if level < len(path):
                    is_leaf = level == len(path) - 1
                    bottom = self.row + (depth - 1 if is_leaf else level)
                    span = (self.row + level, self.first + place, bottom, self.first + end)
                    if span[0] != span[2] or span[1] != span[3]:
                        self.spans.append(span)
                place = end + 1

    def _body(self) -> None:
        works = list(self.report)
        if self.layout.total == "top":
            self._sum("TỔNG SỐ", works)
        if self.layout.units == "section":
            units = list(dict.fromkeys(WORKS[code].unit_code for code in works))
            for number, unit in enumerate(units):
                own = [code for code in works if WORKS[code].unit_code == unit]
                mark = ("I", "II", "III", "IV")[number] if self.layout.has_outline else None
                self._sum(UNITS[unit].short_name, own, mark)
                self._projects(own)
        else:
            self._projects(works)
        if self.layout.total == "bottom":
            self._sum("Tổng cộng", works)

    def _projects(self, works: list[str]) -> None:
        for number, code in enumerate(works):
            if self.layout.has_outline:
                self._put(self.layout.left, number + 1)
            self._put(self.layout.left + 1, WORKS[code].name)
            if self.layout.units == "column":
                self._put(self.layout.left + 2, UNITS[WORKS[code].unit_code].short_name)
            for place, (_, name) in enumerate(self.columns):
                found = [self.report[code][one] for one in name.split("+")]
                told = [one for one in found if one is not None]
                if told:
                    self._put(self.first + place, self._number(sum(told)))
            self.row += 1 + self.layout.gaps[number]

    def _sum(self, name: str, works: list[str], mark: str | None = None) -> None:
        if mark:
            self._put(self.layout.left, mark)
        self._put(self.layout.left + 1, name)
        for place, (_, columns) in enumerate(self.columns):
            found = [self.report[code][one] or 0 for code in works for one in columns.split("+")]
            self._put(self.first + place, self._number(sum(found)))
        self.row += 1

    def _number(self, amount: int) -> Any:
        exact = Decimal(amount) / SIZES[self.layout.unit]
        if self.layout.is_text:
            whole = f"{int(exact):,}".replace(",", ".")
            rest = f"{exact % 1:f}"[2:].rstrip("0")
            if rest or (self.layout.unit != "dong" and whole.count(".") == 1):
                return f"{whole},{rest or '0'}" if len(rest) != 3 or "." in whole else exact
            return whole if self.layout.unit == "dong" or "." in whole else f"{whole},0"
        if self.layout.is_noisy and exact % 1:
            return float(exact)
        return exact


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(reports, layouts)
def test_a_report_says_the_same_in_any_layout(report, layout):
    seen = read(
        book(Drawn(report, layout).grid()), Ask(kind=Kind.CONSOLIDATED, period="2024-04"), KNOWN
    )
    wrong = [
        (one.code, one.at.cell, one.message % one.values)
        for one in seen.findings
        if one.level is not Level.HINT
    ]
    assert wrong == []
    said = {
        (line.work, one.field, one.vintage, one.is_carried, one.source): one.value
        for line in seen.lines
        for one in line.values
    }
    meant = {
        (code, *COLUMNS[name][1]): amount
        for code, figures in report.items()
        for name, amount in figures.items()
        if amount is not None
    }
    assert said == meant
    assert not [one for one in seen.findings if one.code in ("cells_outside", "column_unknown")]
