"""Capital told in columns, in rows below the project or in a column of sources says the same."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.sheets import Ask, Field, Kind, read
from tests.sheets import book, grid
from tests.sheets_read import KNOWN

WORKS = {one.code: one.name for one in KNOWN.projects}
# year, whether it was carried over, source
CAPITAL = {
    "NSTW": (None, False, "NSTW"),
    "NS huyện": (None, False, "NSH"),
    "Vốn kéo dài năm 2023": (2023, True, None),
}

reports = st.dictionaries(
    st.sampled_from(sorted(WORKS)),
    st.dictionaries(st.sampled_from(list(CAPITAL)), st.integers(1, 10**9), min_size=1),
    min_size=1,
    max_size=4,
)
Report = dict[str, dict[str, int]]


def in_columns(report: Report, has_sums: bool, mark: str) -> list[list[Any]]:
    names = list(CAPITAL)
    rows: list[list[Any]] = [["TT", "Tên dự án", *(f"Giải ngân trong tháng - {n}" for n in names)]]
    for number, (work, amounts) in enumerate(report.items()):
        rows.append([number + 1, WORKS[work], *(amounts.get(name) for name in names)])
    return rows


def in_rows(report: Report, has_sums: bool, mark: str) -> list[list[Any]]:
    rows: list[list[Any]] = [["TT", "Tên dự án", "Giải ngân trong tháng"]]
    for number, (work, amounts) in enumerate(report.items()):
        rows.append([number + 1, WORKS[work], sum(amounts.values()) if has_sums else None])
        rows += [[None, f"{mark}{name}", amount] for name, amount in amounts.items()]
    return rows


def in_a_column(report: Report, has_sums: bool, mark: str) -> list[list[Any]]:
    rows: list[list[Any]] = [["TT", "Tên dự án", "Nguồn vốn", "Giải ngân trong tháng"]]
    for number, (work, amounts) in enumerate(report.items()):
        for place, (name, amount) in enumerate(amounts.items()):
            first = [number + 1, WORKS[work]] if place == 0 else [None, None]
            rows.append([*first, name, amount])
    return rows


def in_sections(report: Report, has_sums: bool, mark: str) -> list[list[Any]]:
    rows: list[list[Any]] = [["TT", "Tên dự án", "Giải ngân trong tháng"]]
    for number, name in enumerate(CAPITAL):
        inside = {work: amounts[name] for work, amounts in report.items() if name in amounts}
        if inside:
            sums = sum(inside.values()) if has_sums else None
            rows.append([("I", "II", "III")[number], f"Nguồn {name}", sums])
            rows += [
                [place + 1, WORKS[work], one] for place, (work, one) in enumerate(inside.items())
            ]
    return rows


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    reports,
    st.sampled_from([in_columns, in_rows, in_a_column, in_sections]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["- ", "", "+ ", "Trong đó: "]),
)
def test_capital_says_the_same_wherever_it_is_told(report, laid_out, has_sums, has_total, mark):
    titles = [["BÁO CÁO THÁNG 4 NĂM 2024"], ["Đơn vị: đồng"]]
    rows = laid_out(report, has_sums, mark)
    if has_total and laid_out is not in_columns:
        whole = sum(value for amounts in report.values() for value in amounts.values())
        rows.append(["Tổng cộng", *[None] * (len(rows[0]) - 2), whole])
    ask = Ask(kind=Kind.CONSOLIDATED, period="2024-04")
    seen = read(book(grid([*titles, *rows])), ask, KNOWN)
    assert [one.code for one in seen.findings] == []
    said = {
        (line.work, one.vintage, one.is_carried, one.source): one.value
        for line in seen.lines
        for one in line.values
        if one.field is Field.MONTH
    }
    assert said == {
        (work, *CAPITAL[name]): amount
        for work, amounts in report.items()
        for name, amount in amounts.items()
    }
