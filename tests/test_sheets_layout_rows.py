"""Rows of a table: sections, sums, sources beneath a project, names written once for many."""

import pytest

from models.sheets import Field, Kind, Level
from tests.sheets_read import HEAD, KNOWN, found, months, reading, said

MANY = ["TT", "Nội dung", "Chủ đầu tư", "Giải ngân trong tháng (NSTW)"]


def consolidated(rows, **asked):
    return reading(rows, kind=Kind.CONSOLIDATED, **asked)


def test_sections_by_component_with_outline_numbers_are_no_lines():
    seen = consolidated(
        [
            MANY,
            [None, "TỔNG SỐ", None, 60],
            ["I", "Dự án 2: Đa dạng hóa sinh kế", None, 30],
            ["1", "Mô hình chăn nuôi trâu", "UBND xã Hữu Liên", 10],
            ["2", "Mô hình chăn nuôi dê", "UBND xã Thiện Tân", 20],
            [],
            ["II", "Dự án 3: Hỗ trợ phát triển sản xuất", None, 30],
            ["1", "Tiểu dự án 2: Cải thiện dinh dưỡng", None, 30],
            ["1.1", "Can thiệp dinh dưỡng trẻ em", "TTYT", 30],
        ]
    )
    assert months(seen) == {"L01": 10, "L02": 20, "L03": 30}
    assert found(seen) == []


def test_a_subtotal_that_is_no_sum_is_told():
    seen = consolidated(
        [
            MANY,
            ["I", "Dự án 2", None, 31],
            ["1", "Mô hình chăn nuôi trâu", "UBND xã Hữu Liên", 10],
            ["2", "Mô hình chăn nuôi dê", "UBND xã Thiện Tân", 20],
        ]
    )
    assert found(seen) == [("warning", "total_mismatch", "D5")]
    assert months(seen) == {"L01": 10, "L02": 20}


def test_sections_by_unit_written_above_their_projects():
    seen = consolidated(
        [
            ["TT", "Đơn vị, dự án", "Giải ngân trong tháng (NSTW)"],
            ["I", "UBND xã Hữu Liên", 15],
            [1, "Mô hình chăn nuôi trâu", 10],
            [2, "Giám sát tại xã Hữu Liên", 5],
            ["II", "UBND xã Thiện Tân", 20],
            [1, "Mô hình chăn nuôi dê", 20],
            [None, "Cộng", 35],
        ]
    )
    assert months(seen) == {"L01": 10, "L04": 5, "L02": 20}
    assert found(seen) == []


def test_units_with_components_below_them():
    """The project is the only one of the unit under the component."""
    seen = consolidated(
        [
            ["TT", "Đơn vị, nội dung", "Giải ngân trong tháng (NSTW)"],
            ["I", "UBND xã Hữu Liên", 15],
            [1, "Dự án 2", 10],
            [2, "Dự án 7", 5],
            ["II", "UBND xã Thiện Tân", 20],
            [1, "Dự án 2", 20],
        ]
    )
    assert months(seen) == {"L01": 10, "L04": 5, "L02": 20}
    assert found(seen) == []


def test_components_with_units_below_them():
    seen = consolidated(
        [
            ["TT", "Nội dung", "Giải ngân trong tháng (NSTW)"],
            ["I", "Dự án 2", 30],
            [1, "UBND xã Hữu Liên", 10],
            [2, "UBND xã Thiện Tân", 20],
            ["II", "Dự án 7", 5],
            [1, "UBND xã Hữu Liên", 5],
        ]
    )
    assert months(seen) == {"L01": 10, "L02": 20, "L04": 5}
    assert found(seen) == []


def test_several_projects_below_a_component_are_asked_about_once():
    rows = [
        ["TT", "Nội dung", "Giải ngân trong tháng (NSTW)"],
        [1, "Dự án 2", 10],
        [2, "Tiểu dự án 1 - Dự án 3", 5],
    ]
    seen = reading(rows)
    assert found(seen) == [("question", "name_unclear", "B6")]
    assert [one.value for one in seen.findings[0].options] == ["L05", "L06"]
    answered = reading(rows, answers={"name_unclear:T4!B6": "L06"})
    assert months(answered) == {"L01": 10, "L06": 5}
    assert found(answered) == []


def test_a_component_without_a_project_of_the_unit_is_an_error():
    seen = reading([HEAD, [1, "Tiểu dự án 2 - Dự án 3", 5]])
    assert found(seen) == [("error", "name_unknown", "B5")]


def test_a_unit_merged_down_its_rows():
    rows = [
        ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
        [1, "UBND xã Hữu Liên", "Mô hình chăn nuôi trâu", 10],
        [2, None, "Giám sát tại xã Hữu Liên", 5],
        [3, "UBND xã Thiện Tân", "Mô hình chăn nuôi dê", 20],
    ]
    for spans in ([], [(5, 2, 6, 2)]):
        seen = consolidated(rows, spans=spans)
        assert months(seen) == {"L01": 10, "L04": 5, "L02": 20}
        assert found(seen) == []


def test_a_unit_only_in_the_first_of_its_rows_of_components():
    seen = consolidated(
        [
            ["TT", "Đơn vị", "Nội dung", "Giải ngân trong tháng (NSTW)"],
            [1, "UBND xã Hữu Liên", "Dự án 2", 10],
            [None, None, "Dự án 7", 5],
            [2, "UBND xã Thiện Tân", "Dự án 2", 20],
        ]
    )
    assert months(seen) == {"L01": 10, "L04": 5, "L02": 20}
    assert found(seen) == []


def test_sources_in_rows_beneath_the_project():
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân trong tháng"],
            [1, "Mô hình chăn nuôi trâu", 60],
            [None, "- NSTW", 10],
            [None, "- NS huyện", 20],
            [None, "- Vốn kéo dài 2023", 30],
            [2, "Giám sát tại xã Hữu Liên", 5],
            [None, "Trong đó: NSTW", 5],
            [None, "Tổng cộng", 65],
        ]
    )
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, None, "NSTW"),
        ("L01", "month", 20, None, "NSH"),
        ("L01", "month", 30, 2023, None),
        ("L04", "month", 5, None, "NSTW"),
    ]
    assert found(seen) == []


def test_sources_beneath_that_do_not_add_up_are_told_and_count():
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân trong tháng"],
            [1, "Mô hình chăn nuôi trâu", 31],
            [None, "- NSTW", 10],
            [None, "- NS huyện", 20],
        ]
    )
    assert found(seen) == [("warning", "total_mismatch", "C5")]
    assert months(seen) == {"L01": 30}


def test_what_only_the_project_says_stays_with_it():
    """Words and plans of the project row are its own, though its amount is a sum."""
    seen = reading(
        [
            ["TT", "Tên dự án", "Kế hoạch vốn", "Giải ngân trong tháng", "Khó khăn, vướng mắc"],
            [1, "Mô hình chăn nuôi trâu", 100, 30, "Giá giống tăng"],
            [None, "NSTW", None, 10, None],
            [None, "NS huyện", None, 20, None],
        ]
    )
    assert said(seen, Field.PLAN, Field.OBSTACLES, Field.MONTH) == [
        ("L01", "plan", 100, None, None),
        ("L01", "month", 10, None, "NSTW"),
        ("L01", "month", 20, None, "NSH"),
        ("L01", "obstacles", "Giá giống tăng", None, None),
    ]


def test_years_beneath_with_sources_below_them():
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân trong tháng"],
            ["1", "Mô hình chăn nuôi trâu", 60],
            ["a", "Vốn năm 2024", 30],
            ["-", "NSTW", 10],
            ["-", "NS huyện", 20],
            ["b", "Vốn kéo dài năm 2023", 30],
        ]
    )
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, 2024, "NSTW"),
        ("L01", "month", 20, 2024, "NSH"),
        ("L01", "month", 30, 2023, None),
    ]
    assert found(seen) == []


def test_the_grand_total_told_by_source():
    seen = consolidated(
        [
            [*MANY[:2], "Chủ đầu tư", "Giải ngân trong tháng"],
            [None, "TỔNG SỐ", None, 30],
            [None, "NSTW", None, 10],
            [None, "NS huyện", None, 20],
            ["I", "Dự án 2", None, 30],
            ["1", "Mô hình chăn nuôi trâu", None, 30],
            ["-", "NSTW", None, 10],
            ["-", "NS huyện", None, 20],
        ]
    )
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, None, "NSTW"),
        ("L01", "month", 20, None, "NSH"),
    ]
    assert found(seen) == []


def test_sections_by_source_with_projects_below_them():
    seen = consolidated(
        [
            ["TT", "Tên dự án", "Giải ngân trong tháng"],
            ["I", "Vốn ngân sách trung ương", 30],
            [1, "Mô hình chăn nuôi trâu", 10],
            [2, "Mô hình chăn nuôi dê", 20],
            ["II", "Vốn ngân sách huyện", 5],
            [1, "Mô hình chăn nuôi trâu", 5],
        ]
    )
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, None, "NSTW"),
        ("L02", "month", 20, None, "NSTW"),
        ("L01", "month", 5, None, "NSH"),
    ]
    assert found(seen) == []


def test_a_column_names_the_source_of_each_row():
    seen = reading(
        [
            ["TT", "Tên dự án", "Nguồn vốn", "Giải ngân trong tháng"],
            [1, "Mô hình chăn nuôi trâu", "NSTW", 10],
            [None, None, "NS huyện", 20],
            [2, "Giám sát tại xã Hữu Liên", "Trung ương", 5],
        ]
    )
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, None, "NSTW"),
        ("L01", "month", 20, None, "NSH"),
        ("L04", "month", 5, None, "NSTW"),
    ]
    assert found(seen) == []


def test_a_project_merged_down_the_rows_of_its_sources():
    rows = [
        ["TT", "Tên dự án", "Nguồn vốn", "Giải ngân trong tháng"],
        [1, "Mô hình chăn nuôi trâu", "NSTW", 10],
        [None, None, "NS huyện", 20],
    ]
    seen = reading(rows, spans=[(5, 1, 6, 1), (5, 2, 6, 2)])
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 10, None, "NSTW"),
        ("L01", "month", 20, None, "NSH"),
    ]
    assert found(seen) == []


def test_a_head_and_a_row_of_different_capital_contradict():
    seen = reading(
        [
            HEAD,
            [1, "Mô hình chăn nuôi trâu", 30],
            [None, "- NS huyện", 30],
        ]
    )
    assert ("error", "row_conflict", "C6") in found(seen)


def test_heads_again_on_the_next_page_and_carried_sums():
    seen = consolidated(
        [
            HEAD,
            ["(1)", "(2)", "(3)", "(4)"],
            [1, "Mô hình chăn nuôi trâu", 10],
            [None, "Cộng trang 1", 10],
            [],
            HEAD,
            ["(1)", "(2)", "(3)", "(4)"],
            [None, "Mang sang", 10],
            [2, "Mô hình chăn nuôi dê", 20],
            [None, "Tổng cộng", 30],
        ]
    )
    assert months(seen) == {"L01": 10, "L02": 20}
    assert found(seen) == []


def test_one_project_in_two_rows_is_an_error():
    seen = reading([HEAD, [1, "Mô hình chăn nuôi trâu", 10], [2, "mô hình  CHĂN NUÔI trâu", 20]])
    assert found(seen) == [("error", "row_double", "B6")]


def test_a_project_of_another_unit_in_a_monthly_report():
    seen = reading([HEAD, [1, "Mô hình chăn nuôi dê", 10]])
    assert found(seen) == [("error", "row_foreign", "B5")]


@pytest.mark.parametrize("name", ["Mô hình chăn nuôi dê", "Làm đường liên thôn"])
def test_a_unit_is_not_told_of_the_projects_of_others(name):
    from dataclasses import replace

    from models.sheets import Ask, read
    from tests.sheets import book, grid
    from tests.sheets_read import TITLES

    own = replace(
        KNOWN,
        units=KNOWN.units[:1],
        projects=tuple(one for one in KNOWN.projects if one.unit_code == "X-1"),
        is_part_of_district=True,
    )
    ask = Ask(kind=Kind.MONTHLY, period="2024-04", investor="X-1")
    seen = read(book(grid([*TITLES, HEAD, [1, name, 10]])), ask, own)
    (finding,) = [one for one in seen.findings if one.level is Level.ERROR]
    assert (finding.code, finding.at.cell) == ("row_foreign", "B5")
    assert finding.values == {"row": 5}


def test_unit_and_project_that_do_not_belong_together():
    seen = consolidated(
        [
            ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
            [1, "UBND xã Thiện Tân", "Mô hình chăn nuôi trâu", 10],
        ]
    )
    assert found(seen) == [("error", "row_conflict", "C5")]


@pytest.mark.parametrize("name", ["Mô hình chăn nuôi trâu", None])
@pytest.mark.parametrize("code", ["L01", "l01"])
@pytest.mark.parametrize(
    ("unit", "part", "expected"),
    [
        ("UBND xã Hữu Liên", "Dự án 2", []),
        (None, None, []),
        ("UBND xã Thiện Tân", None, [("error", "row_conflict")]),
        ("UBND xã Hữu Lien B", None, [("question", "name_unclear")]),
        (None, "Dự án 7", [("warning", "row_conflict")]),
    ],
)
def test_a_code_alone_says_no_less_than_code_and_name(unit, part, code, name, expected):
    head = ["TT", "Đơn vị", "Thuộc dự án", "Mã dự án", "Tên dự án", "Giải ngân trong tháng (NSTW)"]
    seen = consolidated([head, [1, unit, part, code, name, 10]])
    assert [one[:2] for one in found(seen)] == expected
    if expected == []:
        assert months(seen) == {"L01": 10}


@pytest.mark.parametrize(
    ("written", "vintage", "is_carried"),
    [
        (2024, 2024, False),
        ("2023", 2023, False),
        ("Năm 2023", 2023, False),
        ("KD23", 2023, True),
        ("kéo dài", None, True),
        ("vốn trong năm", None, False),
        ("-", None, False),
        (None, None, False),
        (1990, "no year", None),
        ("2O23", "no year", None),
        ("2023-2024", "no year", None),
        ("2023, 2024", "no year", None),
    ],
)
def test_what_stands_in_a_column_of_years_is_a_year_or_refused(written, vintage, is_carried):
    head = ["TT", "Tên dự án", "Năm của vốn", "Giải ngân trong tháng (NSTW)"]
    seen = reading([head, [1, "Mô hình chăn nuôi trâu", written, 10]])
    if vintage == "no year":
        assert found(seen) == [("error", "source_unclear", "C5")]
    else:
        [value] = [one for one in seen.lines[0].values if one.field is Field.MONTH]
        assert (found(seen), value.vintage, value.is_carried) == ([], vintage, is_carried)


@pytest.mark.parametrize(
    ("unit", "code", "expected"),
    [
        (None, None, []),
        ("UBND xã Hữu Liên", "L01", []),
        (None, "7890123", []),  # a number of somebody else's books
        (None, "L04", [("error", "row_conflict", "C6")]),
        ("UBND xã Thiện Tân", None, [("error", "row_conflict", "B6")]),
        ("UBND xã Thiện Tấn", None, [("question", "name_unclear", "B6")]),
    ],
)
def test_a_row_of_capital_says_of_the_project_above_it_or_is_refused(unit, code, expected):
    seen = consolidated(
        [
            ["TT", "Đơn vị", "Mã dự án", "Tên dự án", "Giải ngân trong tháng"],
            [1, "UBND xã Hữu Liên", "L01", "Mô hình chăn nuôi trâu", None],
            [None, unit, code, "- NSTW", 10],
        ]
    )
    assert found(seen) == expected


def test_a_section_of_another_unit_above_a_project():
    seen = consolidated(
        [
            ["TT", "Nội dung", "Giải ngân trong tháng (NSTW)"],
            [None, "UBND xã Thiện Tân", 10],
            [1, "Mô hình chăn nuôi trâu", 10],
        ]
    )
    assert found(seen) == [("error", "row_conflict", "B6")]


def test_a_name_merged_over_two_rows_that_say_the_same_is_named_at_its_second_row():
    rows = [HEAD, [1, "Mô hình chăn nuôi trâu", 10], [None, None, 20]]
    seen = reading(rows, spans=[(5, 2, 6, 2)])
    [double] = [one for one in seen.findings if one.code == "row_double"]
    assert (double.at.cell, double.values["first"]) == ("B6", "B5")


def test_hidden_rows_are_read_and_named():
    seen = consolidated(
        [HEAD, [1, "Mô hình chăn nuôi trâu", 10], [2, "Mô hình chăn nuôi dê", 20]],
        hidden_rows=[6, 40],
    )
    assert months(seen) == {"L01": 10, "L02": 20}
    assert found(seen) == [("warning", "rows_hidden", "A6")]


@pytest.mark.parametrize(
    ("hidden", "told"), [({3}, "C"), ({2, 3}, "B, C"), ({1}, ""), ({4}, ""), ({9}, "")]
)
def test_hidden_columns_are_read_and_named(hidden, told):
    seen = reading(
        [HEAD, [1, "Mô hình chăn nuôi trâu", 10, "ghi chú"]], hidden_columns=frozenset(hidden)
    )
    assert months(seen) == {"L01": 10}
    found = [one.values for one in seen.findings if one.code == "columns_hidden"]
    assert found == ([{"columns": told}] if told else [])


@pytest.mark.parametrize("as_written", [int, str])
def test_figures_beside_and_below_the_table_are_named(as_written):
    seen = reading(
        [
            HEAD,
            [1, "Mô hình chăn nuôi trâu", 10, None, None, as_written(999), "999 con", "-"],
            [None, "Tổng cộng", 10],
            [],
            [None, "kiểm tra", as_written(12345)],
        ]
    )
    assert months(seen) == {"L01": 10}
    assert found(seen) == [("warning", "cells_outside", "F5")]
    assert seen.findings[-1].values == {"count": 2, "cells": "F5, C8"}


def test_payments_under_a_head_of_another_time_are_named_where_none_is_read():
    head = ["TT", "Tên dự án", "Lũy kế đến tháng trước: Tạm ứng", "Giải ngân trong tháng"]
    name = "Mô hình chăn nuôi trâu"
    assert found(reading([head, [1, name, 10, 5]])) == []
    assert found(reading([head, [1, name, 10, None]])) == [("warning", "cells_outside", "C5")]
    assert found(reading([head, [1, name, "10.000", None]])) == [("warning", "cells_outside", "C5")]
    for nothing in (0, "0", "-"):
        assert found(reading([head, [1, name, nothing, None]])) == []


ABOUT = ["TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Tiến độ (%)", "Khó khăn, vướng mắc"]


def words_of(seen):
    return [one[:3] for one in said(seen, Field.PROGRESS, Field.OBSTACLES)]


def test_words_in_a_row_of_capital_are_those_of_its_project():
    rows = [[1, "Trồng na", None, None, None], [None, "- NSTW", 5, 40, "Thiếu đất"]]
    seen = reading([ABOUT, *rows])
    assert words_of(seen) == [("L05", "physical_progress", 40), ("L05", "obstacles", "Thiếu đất")]
    assert found(seen) == []


@pytest.mark.parametrize(
    ("rows", "spans", "told"),
    [
        ([[1, "Trồng na", None, None, "Đắt"], [None, "- NSTW", 5, None, "Nắng"]], [], ["E6"]),
        ([[1, "Trồng na", None, None, "Đắt"], [None, "- NSTW", 5, None, "Đắt"]], [], []),
        ([[1, "Trồng na", None, 40, None], [None, "- NSTW", 5, 50, None]], [], ["D6"]),
        ([["I", "Dự án 3", 5, 45, "Đắt"], [1, "Trồng na", 5, 40, "Nắng"]], [], ["E5"]),
        ([["I", "Dự án 3", 5, 45, "Na: nắng"], [1, "Trồng na", 5, 40, "nắng"]], [], []),
        ([[1, "Trồng na", 5, 40, "Đắt"], [2, "Trồng keo", 5, 40, None]], [(5, 5, 6, 5)], ["E5"]),
        ([[1, "Trồng na", 5, 40, None], [2, "Trồng keo", 5, None, None]], [(5, 4, 6, 4)], ["D5"]),
    ],
)
def test_words_that_no_project_gets_are_named(rows, spans, told):
    seen = reading([ABOUT, *rows], spans=spans)
    assert found(seen) == [("warning", "cells_outside", cell) for cell in told]


def test_a_figure_written_as_text_under_an_unknown_head_is_no_name():
    head = ["TT", "Tên dự án", "Nguồn", "Phát vốn", "Giải ngân trong tháng"]
    seen = reading(
        [head, [1, "Trồng na", "NSH", "-", None], [None, None, "NSTW", "257.507.122", 5]]
    )
    assert said(seen, Field.MONTH) == [("L05", "month", 5, None, "NSTW")]
    assert found(seen) == []


def test_figures_without_a_name_in_the_middle_are_not_dropped():
    seen = reading([HEAD, [1, None, 10], [2, "Mô hình chăn nuôi trâu", 20]])
    assert found(seen) == [("error", "name_unknown", "B5")]


def test_a_heading_that_is_only_the_sum_of_its_rows_needs_no_name():
    seen = consolidated(
        [
            MANY,
            ["I", "Các mô hình sinh kế", None, 30],
            ["1", "Mô hình chăn nuôi trâu", None, 10],
            ["2", "Mô hình chăn nuôi dê", None, 20],
        ]
    )
    assert months(seen) == {"L01": 10, "L02": 20}
    assert found(seen) == []


def test_rows_below_a_heading_that_is_not_known_have_no_component():
    """Else they would be taken for rows of the component above it."""
    seen = consolidated(
        [
            ["TT", "Nội dung", "Giải ngân trong tháng (NSTW)"],
            ["I", "Dự án 2", None],
            ["1", "UBND xã Thiện Tân", 20],
            ["II", "Chương trình xây dựng nông thôn mới", None],
            ["1", "UBND xã Hữu Liên", 10],
        ]
    )
    assert months(seen).get("L01") is None
    assert found(seen) == [("question", "name_unclear", "B8")]


def test_a_near_name_is_asked_and_its_answer_holds_everywhere():
    rows = [
        ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
        [1, "UBND xã Hữu Liêm", "Mô hình chăn nuôi trâu", 10],
        [2, "UBND xã Hữu Liêm", "Giám sát tại xã Hữu Liên", 5],
    ]
    seen = consolidated(rows)
    assert found(seen) == [("question", "name_unclear", "B5")]
    answered = consolidated(rows, answers={"name_unclear:T4!B5": "X-1"})
    assert found(answered) == []
    assert months(answered) == {"L01": 10, "L04": 5}


def test_an_answer_that_is_no_unit_is_refused_in_words():
    rows = [
        ["TT", "Đơn vị", "Tên dự án", "Giải ngân trong tháng (NSTW)"],
        [1, "UBND xã Hữu Liêm", "Mô hình chăn nuôi trâu", 10],
    ]
    seen = consolidated(rows, answers={"name_unclear:T4!B5": "X-99"})
    assert found(seen) == [
        ("warning", "name_unclear", "B5"),
        ("question", "name_unclear", "B5"),
    ]


def test_an_amount_merged_over_two_projects_is_refused():
    rows = [
        HEAD,
        [1, "Mô hình chăn nuôi trâu", 10],
        [2, "Giám sát tại xã Hữu Liên", None],
    ]
    assert found(reading(rows, spans=[(5, 3, 6, 3)])) == [("error", "number_unreadable", "C5")]
    assert found(reading(rows)) == []


def test_the_last_row_by_the_name_of_the_unit_is_its_total():
    rows = [
        HEAD,
        [1, "Mô hình chăn nuôi trâu", 10],
        [2, "Giám sát tại xã Hữu Liên", 20],
        [None, "UBND xã Hữu Liên", 30],
    ]
    assert found(reading(rows)) == []
    rows[-1][2] = 31
    assert found(reading(rows)) == [("question", "name_unclear", "B7")]


@pytest.mark.parametrize("spans", [[], [(5, 2, 6, 2)]])
def test_columns_of_units_and_of_components_name_rows_together(spans):
    units_first = [
        ["TT", "Đơn vị", "Dự án thành phần", "Giải ngân trong tháng"],
        [1, "UBND xã Hữu Liên", "Dự án 2", 5],
        [None, None, "Dự án 7", 6],
        [2, "UBND xã Thiện Tân", "Dự án 2", 7],
        [None, "Tổng cộng", None, 18],
    ]
    parts_first = [
        ["TT", "Dự án thành phần", "Đơn vị", "Giải ngân trong tháng"],
        [1, "Dự án 2", "UBND xã Hữu Liên", 5],
        [None, None, "UBND xã Thiện Tân", 7],
        [2, "Dự án 7", "UBND xã Hữu Liên", 6],
    ]
    for rows in (units_first, parts_first):
        seen = consolidated(rows, spans=spans)
        assert months(seen) == {"L01": 5, "L04": 6, "L02": 7}
        assert found(seen) == []


def test_a_sum_by_component_above_rows_of_units():
    rows = [
        ["TT", "Dự án thành phần", "Đơn vị", "Giải ngân trong tháng"],
        [None, "Dự án 2", None, 12],
        [None, None, "UBND xã Hữu Liên", 5],
        [None, None, "UBND xã Thiện Tân", 7],
        [None, "Dự án 7", None, 6],
        [None, None, "UBND xã Hữu Liên", 6],
    ]
    seen = consolidated(rows)
    assert months(seen) == {"L01": 5, "L04": 6, "L02": 7}
    assert found(seen) == []


def test_a_sum_that_may_be_a_figure_of_its_own_is_refused_where_it_is_none():
    """Nothing but their order says that the units lie below the component."""
    rows = [
        ["TT", "Nội dung", "Giải ngân trong tháng"],
        [None, "Dự án 2", 13],
        [None, "UBND xã Hữu Liên", 5],
        [None, "UBND xã Thiện Tân", 7],
    ]
    assert found(consolidated(rows)) == [("error", "total_mismatch", "C5")]
    numbered = [rows[0], *([number, *row[1:]] for number, row in zip("I12", rows[1:], strict=True))]
    assert found(consolidated(numbered)) == [("warning", "total_mismatch", "C5")]


@pytest.mark.parametrize(
    "name",
    [
        "Mô hình chăn nuôi trâu (L01)",
        "Mô hình chăn nuôi trâu (mã: L01)",
        "L01 - Mô hình chăn nuôi trâu",
        "Dự án: Mô hình chăn nuôi trâu",
        "1. Mô hình chăn nuôi trâu",
        "- mô hình chăn nuôi TRÂU",
        "L01",
    ],
)
def test_names_with_their_code_number_or_label(name):
    seen = reading([HEAD, [None, name, 10]])
    assert months(seen) == {"L01": 10}
    assert found(seen) == []


def test_a_name_with_the_code_of_another_project_is_asked_about():
    seen = reading([HEAD, [None, "Mô hình chăn nuôi trâu (L04)", 10]])
    assert found(seen) == [("question", "name_unclear", "B5")]
    assert {one.value for one in seen.findings[0].options} == {"L01", "L04"}
