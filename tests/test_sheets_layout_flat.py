"""Heads that say all in one row, and heads of which only somebody can say what they mean."""

import pytest

from models.sheets import Field, Kind
from tests.sheets_read import TITLES, found, reading, said

NAMES = ("Mô hình chăn nuôi trâu", "Trồng na")
MONTH = "Giải ngân trong tháng"


def told(heads, *rows, **asked):
    """What a table with these heads of amounts says of L01 and L05."""
    body = [[n, NAMES[n - 1], *row] for n, row in enumerate(rows, 1)]
    return reading([["TT", "Tên dự án", *heads], *body], **asked)


def of_first(seen, field=Field.MONTH):
    """Amount, year and source of what is said of L01."""
    return [one[2:] for one in said(seen, field) if one[0] == "L01"]


# --------------------------------------------------------------------------------- years and sums


@pytest.mark.parametrize(
    ("capital", "year"),
    [
        ("vốn 2023 kéo dài", 2023),
        ("vốn năm 2023 (kéo dài)", 2023),
        ("vốn năm 2023 - kéo dài", 2023),
        ("vốn 2023 (chuyển nguồn sang 2024)", 2023),
        ("kinh phí 2023 chuyển sang", 2023),
        ("vốn năm 2024 (kéo dài)", None),  # carried into it: of which year nobody says
    ],
)
def test_carried_capital_beside_that_of_the_year_is_no_sum_of_it(capital, year):
    heads = [f"{MONTH} vốn năm 2024 - {one}" for one in ("NSTW", "NS huyện")]
    seen = told([*heads, f"{MONTH} {capital}"], [10, 20, 7], [15, 30, 9])
    assert found(seen) == []
    assert of_first(seen) == [(10, 2024, "NSTW"), (20, 2024, "NSH"), (7, year, None)]
    assert all(
        one.is_carried == (one.value in (7, 9)) for line in seen.lines for one in line.values
    )


@pytest.mark.parametrize("left_out", ["không bao gồm vốn kéo dài", "chưa tính kéo dài"])
def test_capital_that_a_head_leaves_out_is_none_of_its_own(left_out):
    heads = [f"{MONTH} vốn năm 2024 ({left_out})", f"{MONTH} vốn kéo dài năm 2023"]
    seen = told(heads, [10, 20])
    assert (found(seen), of_first(seen)) == ([], [(10, 2024, None), (20, 2023, None)])


@pytest.mark.parametrize("sign", [" - ", " – ", ": ", " / ", ", "])
def test_a_year_alone_among_the_words_of_a_head_is_that_of_the_capital(sign):
    names = ["Tổng số", f"Năm 2024{sign}NSTW", f"Năm 2024{sign}NS huyện", f"Kéo dài{sign}NSTW"]
    seen = told([f"{MONTH}{sign}{one}" for one in names], [10, 5, 3, 2], [20, 10, 6, 4])
    assert found(seen) == []
    assert of_first(seen) == [(5, 2024, "NSTW"), (3, 2024, "NSH"), (2, None, "NSTW")]


def test_parts_of_two_years_and_their_sums_in_one_row_of_heads_are_right():
    years = ("KHV năm 2024", "KHV 2023 kéo dài")
    heads = [f"{year} - {one}" for year in years for one in ("Tổng số", "NSTW", "NS huyện")]
    seen = told([*heads, MONTH], [100, 60, 40, 50, 30, 20, 9])
    assert found(seen) == []
    assert [one[0] for one in of_first(seen, Field.PLAN)] == [60, 40, 30, 20]


@pytest.mark.parametrize("as_written", [int, str])
def test_a_column_that_is_no_sum_of_those_beside_it_is_asked_about(as_written):
    """“Vốn năm 2022, 2023 kéo dài” tells no single year: 7 is not what 10 and 20 make."""
    heads = [f"{MONTH} vốn năm 2024 - {one}" for one in ("NSTW", "NS huyện")]
    heads.append(f"{MONTH} vốn năm 2022, 2023 kéo dài")
    rows = [list(map(as_written, row)) for row in ([10, 20, 7], [15, 30, 9])]
    assert found(told(heads, *rows)) == [("question", "column_double", "E4")]
    rows = [list(map(as_written, row)) for row in ([10, 20, 30], [15, 30, 45])]
    assert found(told(heads, *rows)) == []


def test_a_sum_that_is_rounded_is_one_and_a_wrong_one_that_is_called_so_is_told():
    heads = [f"{MONTH} - NSTW", f"{MONTH} - NS huyện"]
    rows = [[1000, 2000, 3001], [1500, 3000, 4499]]
    assert {one[1] for one in found(told([*heads, MONTH], *rows))} == {"total_mismatch"}
    seen = told([*heads, f"{MONTH} - Tổng số"], [10, 20, 7], [15, 30, 9])
    assert found(seen) == [("warning", "total_mismatch", "E5"), ("warning", "total_mismatch", "E6")]


def test_sums_are_not_called_wrong_while_one_of_their_parts_is_asked_about():
    heads = [f"{MONTH} - Tổng số", f"{MONTH} - NSTW", f"{MONTH} - NSTW", f"{MONTH} - NS huyện"]
    assert found(told(heads, [15, 5, 5, 10])) == [("question", "column_double", "E4")]


@pytest.mark.parametrize("sign", [" - ", ": ", " / "])
def test_a_component_behind_the_words_of_a_head_is_one_of_several(sign):
    heads = [f"{MONTH}{sign}{one}" for one in ("Dự án 2", "Dự án 7", "Tổng số")]
    rows = [["TT", "Đơn vị", *heads], [1, "UBND xã Hữu Liên", 10, 20, 30]]
    seen = reading(rows, kind=Kind.CONSOLIDATED)
    assert found(seen) == []
    assert [one[::2] for one in said(seen, Field.MONTH)] == [("L01", 10, None), ("L04", 20, None)]


@pytest.mark.parametrize("left", [10, None])
def test_two_tables_side_by_side_are_refused(left):
    """With one name in a row, the amount of the other table went to it where its own was empty."""
    head = ["TT", "Tên dự án", MONTH]
    seen = reading([[*head, None, *head], [1, NAMES[0], left, None, 2, NAMES[1], 20]])
    assert ("error", "column_double", "F4") in found(seen)


def test_a_name_that_stands_twice_in_a_row_makes_no_second_table():
    head = ["TT", "Tên dự án", MONTH, "Tên dự án", "Lũy kế giải ngân"]
    seen = reading([head, [1, NAMES[0], 10, NAMES[0], 20]])
    assert found(seen) == [("question", "column_double", "D4")]
    seen = reading([head, [1, NAMES[0], 10, NAMES[0], 20]], answers={"column_double:T4!D4": "B"})
    assert (found(seen), of_first(seen)) == ([], [(10, None, None)])


# ---------------------------------------------------- what is paid in less than a month, or not yet


@pytest.mark.parametrize(
    "heading",
    ["Giải ngân trong tuần", "Giải ngân tuần 2", "Giải ngân đợt 1", "Thanh toán trong ngày"],
)
def test_what_is_paid_in_a_week_is_not_that_of_the_month(heading):
    """Beside a cumulative column a payment without a time is that of the month."""
    seen = told([heading, "Lũy kế giải ngân"], [6, 40])
    assert (of_first(seen), of_first(seen, Field.CUMULATIVE)) == ([], [(40, None, None)])
    assert [(one.code, one.at.cell) for one in seen.findings] == [("column_unknown", "C4")]


@pytest.mark.parametrize(
    "heading",
    [
        "Đề nghị giải ngân trong tháng",
        "Nhu cầu thanh toán tháng 4",
        "Mục tiêu giải ngân trong tháng",
        "Số phải giải ngân trong tháng",
        "Chờ thanh toán trong tháng",
        "Không thể giải ngân trong tháng",
    ],
)
def test_what_is_asked_for_or_planned_is_not_paid(heading):
    assert of_first(told([heading, MONTH], [6, 5])) == [(5, None, None)]
    assert found(told([heading], [6])) == [("error", "column_missing", "")]


def test_instalments_of_a_decision_are_no_payments():
    annex = ["PHỤ LỤC BỔ SUNG VỐN (Kèm theo Quyết định số 7/QĐ-UBND ngày 15/4/2024 của UBND huyện)"]
    seen = told(["Bổ sung đợt 1"], [60], kind=Kind.ALLOCATIONS, titles=[annex, [], TITLES[2]])
    assert (found(seen), of_first(seen, Field.AMOUNT)) == ([], [(60, None, None)])


# ----------------------------------------------------------------------- what was carried out: done

DONE = ["Kế hoạch vốn", "Thực hiện trong tháng", "Lũy kế thực hiện"]
ASKED = "column_unclear:T4!D4"


def test_what_was_carried_out_is_asked_about_once_and_read_as_answered():
    rows = [100, 10, 20], [200, 15, 30]
    assert found(told(DONE, *rows)) == [("question", "column_unclear", "D4")]
    seen = told(DONE, *rows, answers={ASKED: "disbursed"})
    assert found(seen) == []
    assert of_first(seen) == [(10, None, None)]
    assert of_first(seen, Field.CUMULATIVE) == [(20, None, None)]
    seen = told(DONE[:2], [100, 10], answers={ASKED: "volume_value"})
    assert (found(seen), of_first(seen, Field.VOLUME)) == ([], [(10, None, None)])


def test_a_time_that_is_not_told_is_asked_about_afterwards():
    answers = {ASKED: "disbursed"}
    seen = told(["Kế hoạch vốn", "Thực hiện"], [100, 10], answers=answers)
    assert found(seen) == [("question", "column_unknown", "D4")]
    answers["column_unknown:T4!D4"] = "cumulative"
    seen = told(["Kế hoạch vốn", "Thực hiện"], [100, 10], answers=answers)
    assert of_first(seen, Field.CUMULATIVE) == [(10, None, None)]


def test_a_group_of_heads_may_say_it():
    rows = [
        ["TT", "Tên dự án", "Kế hoạch vốn", "Thực hiện"],
        [None, None, None, "Trong tháng", "Lũy kế"],
        [1, NAMES[0], 100, 10, 20],
    ]
    spans = [(4, 4, 4, 5), (4, 1, 5, 1), (4, 2, 5, 2), (4, 3, 5, 3)]
    seen = reading(rows, spans=spans)
    assert found(seen) == [("question", "column_unclear", "D5")]
    seen = reading(rows, spans=spans, answers={"column_unclear:T4!D5": "disbursed"})
    assert (found(seen), of_first(seen)) == ([], [(10, None, None)])


@pytest.mark.parametrize(
    ("heads", "month"),
    [
        (["Thực hiện trong tháng", MONTH], 20),  # beside what is paid it is something else
        (["Thực hiện trong tháng", "Trong tháng"], 20),
        (["Số thực hiện trong tháng", "Khối lượng thực hiện"], 10),  # so much is said of it
    ],
)
def test_beside_what_is_paid_nothing_is_asked(heads, month):
    seen = told(heads, [10, 20])
    assert (found(seen), of_first(seen)) == ([], [(month, None, None)])


def test_a_month_that_fits_is_no_conflict_and_another_one_is():
    heads = ["Kế hoạch vốn", "Thực hiện tháng 4", "Thực hiện đến hết tháng 4"]
    assert found(told(heads, [100, 10, 20])) == [("question", "column_unclear", "D4")]
    heads = ["Kế hoạch vốn", "Thực hiện tháng 3"]
    titles = [TITLES[0], ["Tình hình thực hiện"], TITLES[2]]
    seen = told(heads, [100, 10], answers={ASKED: "disbursed"}, titles=titles)
    assert found(seen) == [("question", "period_conflict", "D4")]


@pytest.mark.parametrize("kind", [Kind.ALLOCATIONS, Kind.TREASURY, Kind.PROJECTS])
def test_other_files_are_not_asked(kind):
    asked = [one.code for one in told(DONE, [100, 10, 20], kind=kind).findings]
    assert "column_unclear" not in asked


# ------------------------------------------------------------------------ sections by capital


def test_a_last_section_by_capital_without_projects_is_no_part_of_the_project_above_it():
    """Its nought took the place of what the project says itself."""
    rows = [["A", "Ngân sách trung ương", None], [1, NAMES[0], 878], ["B", "Ngân sách tỉnh", 0]]
    seen = reading([["TT", "Tên dự án", MONTH], *rows])
    assert (878, None, "NSTW") in of_first(seen)
    assert found(seen) == [("question", "name_unclear", "B7")]
