"""Amounts of units under components say the same across, down, in sections or in two columns."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.sheets import Ask, Field, Kind, read
from tests.sheets import book, grid
from tests.sheets_read import KNOWN, reading, said

UNITS = {one.code: one.short_name for one in KNOWN.units}
PARTS = {"CT.2": "Dự án 2", "CT.7": "Dự án 7", "CT.3.2": "Tiểu dự án 2 - Dự án 3"}
# the only project of a unit under a component
PROJECTS = {("X-1", "CT.2"): "L01", ("X-2", "CT.2"): "L02", ("TT-YTE", "CT.3.2"): "L03",
            ("X-1", "CT.7"): "L04"}  # fmt: skip
ROMAN = ("I", "II", "III", "IV")

reports = st.dictionaries(st.sampled_from(sorted(PROJECTS)), st.integers(1, 10**9), min_size=1)
Amounts = dict[tuple[str, str], int]


def matrix(amounts: Amounts, first: int, has_totals: bool, is_numbered: bool) -> list[list[Any]]:
    """Units down and components across (`first` 0), or the other way round."""
    names = (UNITS, PARTS)
    down = list(dict.fromkeys(key[first] for key in amounts))
    across = list(dict.fromkeys(key[1 - first] for key in amounts))
    rows = [["TT", ("Đơn vị", "Nội dung")[first], *(names[1 - first][one] for one in across)]]
    for number, one in enumerate(down):
        cells = [amounts.get((one, other) if first == 0 else (other, one)) for other in across]
        rows.append([number + 1 if is_numbered else None, names[first][one], *cells])
    if has_totals:
        for row in rows[1:]:
            row.insert(2, sum(cell or 0 for cell in row[2:]))
        rows[0].insert(2, "Tổng cộng")
        sums = [sum(row[place] or 0 for row in rows[1:]) for place in range(2, len(rows[0]))]
        rows.append([None, "Tổng số", *sums])
    return rows


def sections(amounts: Amounts, first: int, has_totals: bool, is_numbered: bool) -> list[list[Any]]:
    """Units with their components below them, or components with their units."""
    names = (UNITS, PARTS)
    rows: list[list[Any]] = [["TT", "Nội dung", "Số tiền"]]
    for number, outer in enumerate(dict.fromkeys(key[first] for key in amounts)):
        inside = {key: value for key, value in amounts.items() if key[first] == outer}
        mark = ROMAN[number] if is_numbered else None
        rows.append([mark, names[first][outer], sum(inside.values()) if has_totals else None])
        for place, (key, value) in enumerate(inside.items()):
            rows.append(
                [place + 1 if is_numbered else None, names[1 - first][key[1 - first]], value]
            )
    if has_totals:
        rows.append([None, "Cộng", sum(amounts.values())])
    return rows


def columns(amounts: Amounts, first: int, has_totals: bool, is_numbered: bool) -> list[list[Any]]:
    """A column of units and one of components; what comes again is written once."""
    names, heads = (UNITS, PARTS), ("Đơn vị", "Dự án thành phần")
    rows: list[list[Any]] = [["TT", heads[first], heads[1 - first], "Số tiền"]]
    for outer in dict.fromkeys(key[first] for key in amounts):
        inside = [(key, value) for key, value in amounts.items() if key[first] == outer]
        for place, (key, value) in enumerate(inside):
            name = names[first][outer] if place == 0 else None
            number = len(rows) if is_numbered else None
            rows.append([number, name, names[1 - first][key[1 - first]], value])
    if has_totals:
        rows.append([None, "Tổng cộng", None, sum(amounts.values())])
    return rows


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    reports,
    st.sampled_from([matrix, sections, columns]),
    st.sampled_from([0, 1]),
    st.booleans(),
    st.booleans(),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_units_and_components_say_the_same_in_any_direction(
    amounts, laid_out, first, has_totals, is_numbered, top, left
):
    titles = [["PHÂN BỔ BỔ SUNG VỐN (đồng)"], ["Kèm theo Quyết định số 1/QĐ-UBND ngày 5/4/2024"]]
    sheet = grid([*titles, *laid_out(amounts, first, has_totals, is_numbered)], top=top, left=left)
    seen = read(book(sheet), Ask(kind=Kind.ALLOCATIONS), KNOWN)
    assert [one.code for one in seen.findings] == []
    said = {
        (line.unit, line.part, line.work): one.value
        for line in seen.lines
        for one in line.values
        if one.field is Field.AMOUNT
    }
    assert said == {(*key, PROJECTS[key]): value for key, value in amounts.items()}


def test_a_bare_cumulative_figure_below_a_component_is_read_as_one_beside_it():
    head = [["TT", "Đơn vị", "Dự án 2", None, "Dự án 7", None],
            [None, None, "Giải ngân trong tháng", "Lũy kế", "Giải ngân trong tháng", "Lũy kế"],
            [1, UNITS["X-1"], 5, 15, 6, 36]]  # fmt: skip
    spans = [(4, 3, 4, 4), (4, 5, 4, 6)]
    seen = reading(head, kind=Kind.CONSOLIDATED, spans=spans)
    assert [(one[0], one[1], one[2]) for one in said(seen, Field.MONTH, Field.CUMULATIVE)] == [
        ("L01", "month", 5), ("L01", "cumulative", 15),
        ("L04", "month", 6), ("L04", "cumulative", 36),
    ]  # fmt: skip
    assert seen.findings == ()
