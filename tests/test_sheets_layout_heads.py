"""Heads of tables: what each column is read as, and what is asked where that is open."""

from datetime import date
from decimal import Decimal

import pytest

from models.sheets import Cell, Field, Kind, Level
from tests.sheets_read import HEAD, TITLES, found, months, reading, said

WORK = "Mô hình chăn nuôi trâu"


def fields(reading):
    """Column letters with the field, year and source of each that is read."""
    return {
        one.column: (one.field.value, one.vintage, one.source)
        for one in reading.sheets[0].columns
        if one.field is not None and one.field not in (Field.NUMBER, Field.PROJECT)
    }


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Giải ngân trong tháng (NSTW)", ("month", "", "NSTW")),
        ("Giải ngân tháng 4 - Vốn NSTW năm 2024", ("month", "2024", "NSTW")),
        ("Giải ngân T4/2024", ("month", "", "")),
        ("GIẢI NGÂN TRONG KỲ", ("month", "", "")),
        ("Số giải ngân trong tháng báo cáo", ("month", "", "")),
        ("Thanh toán trong tháng", ("month", "", "")),
        ("Lũy kế giải ngân đến hết tháng trước", ("before", "", "")),
        ("Luỹ kế đến hết tháng 3/2024", ("before", "", "")),
        ("Giải ngân đến 31/3/2024", ("before", "", "")),
        ("Lũy kế giải ngân đến hết tháng", ("cumulative", "", "")),
        ("Lũy kế giải ngân đến 30/4/2024", ("cumulative", "", "")),
        ("Giải ngân từ đầu năm đến hết tháng 4", ("cumulative", "", "")),
        ("Lũy kế từ đầu năm đến hết tháng 4 (triệu đồng)", ("cumulative", "", "")),
        ("Trong tháng (ĐVT: 1.000 đồng)", ("month", "", "")),
        ("Giải ngân trong tháng NSH (Đơn vị tính: trđ)", ("month", "", "NSH")),
        ("Lũy kế vốn kéo dài", ("cumulative", "carried", "")),
        ("KH vốn NS huyện", ("plan", "", "NSH")),
        ("Kế hoạch vốn năm 2024", ("plan", "2024", "")),
        ("Vốn giao năm 2024", ("plan", "2024", "")),
        ("Dự toán giao năm 2024", ("plan", "2024", "")),
        ("Kế hoạch vốn năm 2023 kéo dài sang năm 2024", ("plan", "2023", "")),
        ("Còn lại chưa giải ngân", ("remaining", "", "")),
        ("Tỷ lệ (%)", ("rate", "", "")),
        ("Tỷ lệ giải ngân so với kế hoạch (%)", ("rate", "", "")),
        ("Tạm ứng", ("advance", "", "")),
        ("Thanh toán khối lượng hoàn thành", ("completed", "", "")),
        ("Thanh toán KLHT", ("completed", "", "")),
        ("Thu hồi tạm ứng", ("recovered", "", "")),
        ("Nộp trả ngân sách", ("returned", "", "")),
        ("Hoàn trả", ("returned", "", "")),
        ("Ước giải ngân đến 31/12/2024", ("estimate", "", "")),
        ("Giá trị khối lượng thực hiện", ("volume_value", "", "")),
        ("Tiến độ thực hiện (%)", ("physical_progress", "", "")),
        ("Kết quả thực hiện", ("progress_text", "", "")),
        ("Khó khăn, vướng mắc", ("obstacles", "", "")),
        ("Kiến nghị, đề xuất", ("proposals", "", "")),
        ("Ghi chú", ("note", "", "")),
        ("Mã dự án", ("project_code", "", "")),
        ("Chủ đầu tư", ("unit", "", "")),
        ("Đơn vị thực hiện", ("unit", "", "")),
        ("Số hộ hưởng lợi", None),
        ("Đơn vị tính", None),
        ("Giải ngân từ khởi công đến nay", None),
        ("Kế hoạch giải ngân tháng 5", None),
        ("Dư tạm ứng chưa thu hồi", None),
    ],
)
def test_what_a_head_means(heading, expected):
    head = ["TT", "Tên dự án", heading, "Ghi chú 2" if heading == "Ghi chú" else "Tỷ lệ"]
    if heading.startswith("Tỷ lệ"):
        head[3] = "Ghi chú"
    seen = reading([head, [1, WORK, None, None]])
    assert fields(seen).get("C") == expected


def test_a_group_about_disbursement_with_kinds_of_capital_below():
    """“Vốn giao năm 2024” is the year of the capital here, not a plan."""
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân trong tháng", None],
            [None, None, "KH năm 2024", "KH năm 2023 kéo dài"],
            [1, WORK, 10, 20],
        ],
        spans=[(4, 3, 4, 4)],
    )
    assert fields(seen) == {"C": ("month", "2024", ""), "D": ("month", "2023", "")}


def test_a_group_that_holds_plan_and_disbursement():
    seen = reading(
        [
            ["TT", "Tên dự án", "Tình hình giải ngân vốn năm 2024", None, None, None],
            [None, None, "Kế hoạch", "Trong tháng", "Lũy kế", "Tỷ lệ %"],
            [1, WORK, 100, 10, 20, 20],
        ],
        spans=[(4, 3, 4, 6)],
    )
    assert fields(seen) == {
        "C": ("plan", "2024", ""),
        "D": ("month", "2024", ""),
        "E": ("cumulative", "2024", ""),
        "F": ("rate", "2024", ""),
    }


def test_kinds_of_payment_and_their_total():
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân trong tháng", None, None, None, None],
            [None, None, "Tổng số", "Tạm ứng", "Thanh toán KLHT", "Thu hồi tạm ứng", "Nộp trả"],
            [1, WORK, 60, 20, 50, 10, None],
        ],
        spans=[(4, 3, 4, 7)],
    )
    assert [one[1:3] for one in said(seen, *Field)] == [
        ("advance", 20),
        ("completed", 50),
        ("recovered", 10),
    ]
    assert found(seen) == []


def test_a_total_over_columns_of_other_years_is_of_all_of_them():
    seen = reading(
        [
            ["TT", "Tên dự án", "Kế hoạch vốn năm 2024", None, None, "Giải ngân trong tháng"],
            [None, None, "Tổng số", "Vốn năm 2023 kéo dài", "Vốn năm 2024", None],
            [1, WORK, 120, 20, 100, None],
            [2, "Trồng na", 119, 20, 100, None],
        ],
        spans=[(4, 3, 4, 5)],
    )
    assert found(seen) == [("warning", "total_mismatch", "C7")]


def test_a_total_that_alone_says_something_is_the_figure():
    """The parts are empty in this row: the total is no sum of them, and is not dropped."""
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân trong tháng", None, None],
            [None, None, "Tổng số", "NSTW", "NS huyện"],
            [1, WORK, 60, None, None],
        ],
        spans=[(4, 3, 4, 5)],
    )
    assert said(seen, Field.MONTH) == [("L01", "month", 60, None, None)]


def test_twelve_months_side_by_side():
    months_ = [f"Tháng {n}" for n in range(1, 13)]
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân", *[None] * 11],
            [None, None, *months_],
            [1, WORK, 10, 20, 30, 40, *[None] * 8],
        ],
        spans=[(4, 3, 4, 14), (4, 1, 5, 1), (4, 2, 5, 2)],
    )
    assert months(seen) == {"L01": 40}
    others = [one.month for line in seen.lines for one in line.values if one.month]
    assert others == ["2024-01", "2024-02", "2024-03"]
    assert found(seen) == []


def test_a_total_beside_the_months_is_of_all_of_them():
    head = ["TT", "Tên dự án", *[f"Giải ngân tháng {n}" for n in range(1, 6)], "Cộng"]
    rows = [[1, WORK, 10, 20, 30, 40, None, 100], [2, "Trồng na", 1, 2, 3, 4, None, 11]]
    seen = reading([head, *rows])
    assert months(seen) == {"L01": 40, "L05": 4}
    assert found(seen) == [("warning", "total_mismatch", "H6")]
    assert seen.findings[0].values["total"] == 10


def test_twelve_months_by_their_figures():
    seen = reading(
        [
            ["TT", "Tên dự án", "Giải ngân các tháng", *[None] * 3],
            [None, None, 1, 2, 3, 4],
            [1, WORK, 10, 20, 30, 40],
        ],
        spans=[(4, 3, 4, 6)],
    )
    assert months(seen) == {"L01": 40}


def test_the_unit_in_a_head_beats_the_line_for_its_column():
    head = [*HEAD[:2], "Giải ngân trong tháng (NSTW) (triệu đồng)", "Kế hoạch vốn (đồng)"]
    seen = reading([head, [1, WORK, 1.5, 2_000_000]])
    assert [one[2] for one in said(seen, Field.MONTH, Field.PLAN)] == [1_500_000, 2_000_000]
    assert found(seen) == []


@pytest.mark.parametrize(("answer", "dong"), [("trieu", 98_000_000), ("dong", 98)])
def test_a_unit_that_all_heads_gainsay_is_a_question(answer, dong):
    rows = [[*HEAD[:2], "Giải ngân trong tháng (NSTW) (triệu đồng)"], [1, WORK, 98]]
    seen = reading(rows)
    assert found(seen) == [("question", "unit_conflict", "C3")]
    assert [one.value for one in seen.findings[0].options] == ["dong", "trieu"]
    assert months(seen) == {}
    answered = reading(rows, answers={"unit_conflict": answer})
    assert (months(answered), found(answered)) == ({"L01": dong}, [])


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("Kế hoạch vốn", [("warning", "unit_conflict", "C4")]),
        ("Kế hoạch vốn (đồng)", []),
        ("Kế hoạch vốn (nghìn đồng)", [("question", "unit_conflict", "C3")]),
    ],
)
def test_a_unit_that_some_heads_gainsay_is_told_where_others_name_none(plan, told):
    head = [*HEAD[:2], "Giải ngân trong tháng (NSTW) (triệu đồng)", plan]
    seen = reading([head, [1, WORK, 98, 2_000_000]])
    assert found(seen) == told
    if told and told[0][0] == "warning":
        assert [one[2] for one in said(seen, Field.MONTH, Field.PLAN)] == [98_000_000, 2_000_000]
        values = seen.findings[0].values
        assert values["text"] == "Đơn vị tính: đồng"
        assert "(triệu đồng)" in values["heading"]


@pytest.mark.parametrize("years", ["vốn giai đoạn 2021-2025", "đầu tư công trung hạn"])
def test_a_plan_of_several_years_is_not_compared_with_that_of_one(years):
    head = ["TT", "Tên dự án", f"Kế hoạch {years}", "Kế hoạch vốn năm 2024", *HEAD[2:]]
    seen = reading([head, [1, WORK, 500, 200, 60]])
    assert [one[1:3] for one in said(seen, Field.MONTH, Field.PLAN)] == [
        ("plan", 200),
        ("month", 60),
    ]
    assert seen.findings == ()


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ({"B": "#N/A"}, "B5"),
        ({"B": "Chăn nuôi", "C": "#REF!"}, "C5"),
        ({"B": WORK, "D": "#N/A"}, "D5"),
        ({"B": WORK, "C": "#N/A"}, "C5"),
        ({"B": WORK, "E": "#N/A"}, None),  # it is known all the same
    ],
)
def test_a_failed_formula_does_not_say_whose_the_figures_are(row, cell):
    head = ["TT", "Tên dự án", "Chủ đầu tư", "Nguồn vốn", "Mã dự án", "Giải ngân trong tháng"]
    told = [1, *(row.get(column) for column in "BCDE"), 60]
    seen = reading([head, told], kind=Kind.CONSOLIDATED)
    assert found(seen) == ([("error", "formula_error", cell)] if cell else [])
    assert months(seen) == ({} if cell else {"L01": 60})


def test_another_unit_than_asked_is_a_question():
    rows = [HEAD, [1, WORK, 1]]
    seen = reading(rows, unit="trieu")
    assert found(seen) == [("question", "unit_conflict", "C3")]
    assert seen.findings[0].answer == "unit_conflict"
    answered = reading(rows, unit="trieu", answers={"unit_conflict": "dong"})
    assert months(answered) == {"L01": 1}
    assert found(answered) == []


def test_no_unit_is_asked_once_and_the_answer_holds():
    rows = [HEAD, [1, WORK, 98]]
    seen = reading(rows, titles=TITLES[:2])
    assert [(one.code, one.at.cell, one.answer) for one in seen.findings] == [
        ("unit_unclear", "", "unit_unclear")
    ]
    assert months(seen) == {}
    answered = reading(rows, titles=TITLES[:2], answers={"unit_unclear": "trieu"})
    assert months(answered) == {"L01": 98_000_000}


def test_stored_dong_that_are_shown_as_trieu_are_asked_about():
    titles = [*TITLES[:2], [None, None, "Đơn vị tính: triệu đồng"]]
    rows = [HEAD, [1, WORK, Cell(value=Decimal(98000000), format="#,##0,,")]]
    seen = reading(rows, titles=titles)
    assert [(one.code, one.at.cell) for one in seen.findings] == [("unit_unclear", "")]
    answered = reading(rows, titles=titles, answers={"unit_unclear": "dong"})
    assert months(answered) == {"L01": 98_000_000}


def test_two_columns_that_mean_the_same_are_asked_about():
    rows = [
        [*HEAD[:3], "Giải ngân tháng 4 (NSTW)"],
        [1, WORK, 10, 20],
    ]
    seen = reading(rows)
    assert found(seen) == [("question", "column_double", "D4")]
    assert [one.value for one in seen.findings[0].options] == ["C", "D"]
    answered = reading(rows, answers={"column_double:T4!D4": "D"})
    assert months(answered) == {"L01": 20}


def test_a_second_column_that_holds_nothing_is_no_question():
    seen = reading([[*HEAD[:3], "Giải ngân tháng 4 (NSTW)"], [1, WORK, 10, None]])
    assert months(seen) == {"L01": 10}
    assert found(seen) == []


def test_a_column_of_all_capital_beside_one_of_carried_capital_is_asked_about():
    rows = [
        ["TT", "Tên dự án", "Giải ngân trong tháng", "Giải ngân trong tháng vốn kéo dài 2023"],
        [1, WORK, 30, 10],
    ]
    seen = reading(rows)
    assert found(seen) == [("question", "column_double", "C4")]
    beside = reading(rows, answers={"column_double:T4!C4": "beside"})
    assert [one[2:4] for one in said(beside, Field.MONTH)] == [(30, None), (10, 2023)]
    total = reading(rows, answers={"column_double:T4!C4": "total"})
    assert [one[2:4] for one in said(total, Field.MONTH)] == [(20, None), (10, 2023)]


def test_disbursement_without_a_time_is_asked_about():
    rows = [["TT", "Tên dự án", "Giải ngân (NSTW)"], [1, WORK, 10]]
    titles = [["BÁO CÁO TIẾN ĐỘ"], ["Tháng 4 năm 2024"], ["Đơn vị: đồng"]]
    seen = reading(rows, titles=titles)
    assert found(seen) == [("question", "column_unknown", "C4")]
    assert "(month)" not in seen.findings[0].message  # a code has its words where it is chosen
    assert [(one.value, one.name) for one in seen.findings[0].options] == [
        ("month", "of the period alone"),
        ("cumulative", "since the beginning of the year"),
    ]
    answered = reading(rows, titles=titles, answers={"column_unknown:T4!C4": "cumulative"})
    assert said(answered, Field.CUMULATIVE) == [("L01", "cumulative", 10, None, "NSTW")]


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("BÁO CÁO GIẢI NGÂN THÁNG 4 NĂM 2024", "month"),
        ("BÁO CÁO GIẢI NGÂN LŨY KẾ ĐẾN HẾT THÁNG 4 NĂM 2024", "cumulative"),
        ("TÌNH HÌNH GIẢI NGÂN ĐẾN NGÀY 30/4/2024", "cumulative"),
    ],
)
def test_the_title_tells_the_time_of_columns_that_do_not(title, field):
    rows = [["TT", "Tên dự án", "NSTW", "NS huyện"], [1, WORK, 10, 20]]
    seen = reading(rows, titles=[[title], ["Đơn vị: đồng"], []])
    assert said(seen, Field.MONTH, Field.CUMULATIVE) == [
        ("L01", field, 10, None, "NSTW"),
        ("L01", field, 20, None, "NSH"),
    ]


def test_disbursement_beside_a_cumulative_column_is_that_of_the_month():
    rows = [["TT", "Tên dự án", "Giải ngân", "Lũy kế giải ngân"], [1, WORK, 10, 20]]
    assert months(reading(rows)) == {"L01": 10}


def test_unknown_columns_are_named_only_where_they_hold_something():
    head = [*HEAD[:3], "Số hộ hưởng lợi", "Số con giống"]
    seen = reading([head, [1, WORK, 10, 28, None]])
    assert [(one.level, one.code, one.at.cell) for one in seen.findings] == [
        (Level.HINT, "column_unknown", "D4")
    ]


def test_no_head_at_all():
    seen = reading([[1, WORK, 10], [2, "Giám sát", 20]])
    assert found(seen) == [("error", "head_missing", "")]
    assert seen.lines == ()


def test_a_head_without_what_the_file_is_sent_for():
    seen = reading([["TT", "Tên dự án", "Kế hoạch vốn", "Ghi chú"], [1, WORK, 10]])
    assert found(seen) == [("error", "column_missing", "")]


def test_columns_are_corrected_by_hand():
    head = ["TT", "Tên dự án", "Số hộ", "Giải ngân trong tháng (NSTW)"]
    seen = reading(
        [head, [1, WORK, 10, 20]],
        columns={"T4!C": "completed vintage=2023 source=NSH", "T4!D": "-", "T3!B": "plan"},
    )
    assert said(seen, *Field) == [("L01", "completed", 10, 2023, "NSH")]


def test_a_correction_that_means_nothing_is_refused():
    seen = reading([HEAD, [1, WORK, 10]], columns={"T4!C": "tiền"})
    assert ("error", "column_unknown", "C4") in found(seen)


def test_the_head_is_where_somebody_says():
    rows = [
        ["TT", "Tên dự án", "Kế hoạch vốn"],
        [1, "Số liệu cũ", 1],
        HEAD,
        [1, WORK, 10],
    ]
    seen = reading(rows, head="6")
    assert months(seen) == {"L01": 10}
    assert seen.sheets[0].head == (6, 6)


@pytest.mark.parametrize("head", ["x", "0", "8-6", "99", "1-200"])
def test_rows_that_are_no_head_are_refused(head):
    assert found(reading([HEAD, [1, WORK, 10]], head=head))[0][:2] == ("error", "head_missing")


def test_local_budgets_together_are_never_taken_for_untold():
    seen = reading([["TT", "Tên dự án", "Giải ngân trong tháng NSĐP"], [1, WORK, 10]])
    (value,) = [one for line in seen.lines for one in line.values]
    assert (value.source, value.among) == (None, ("NST", "NSH", "NSX"))


@pytest.mark.parametrize(
    ("rate", "is_told"),
    [
        (15.32, False),
        (15.33, False),
        (15.34, True),
        (Cell(value=Decimal("0.1532"), format="0.00%"), False),
        (Cell(value=Decimal("0.16"), format="0.00%"), True),
    ],
)
def test_a_rate_is_made_again_from_plan_and_disbursement(rate, is_told):
    head = [*HEAD[:2], "Kế hoạch vốn", "Lũy kế giải ngân", "Tỷ lệ (%)"]
    seen = reading([head, [1, WORK, 483_000_000, 74_000_000, rate]])
    assert found(seen) == ([("warning", "rate_mismatch", "E5")] if is_told else [])


def test_a_remainder_is_made_again():
    head = [*HEAD[:2], "Kế hoạch vốn", "Lũy kế giải ngân", "Còn lại"]
    seen = reading([head, [1, WORK, 100, 30, 71]])
    assert found(seen) == [("warning", "total_mismatch", "E5")]
    assert reading([head, [1, WORK, 100, 30, 70]]).findings == ()


def test_a_list_of_projects():
    rows = [
        ["Tên dự án", "Dự án, tiểu dự án thành phần", "Chủ đầu tư", "Khởi công", "Hoàn thành",
         "Tổng mức đầu tư", "Trạng thái"],
        ["Nuôi ong", "Dự án 2", "UBND xã Thiện Tân", date(2024, 5, 2), "31/12/2024", 450,
         "Chuẩn bị"],
        ["Mô hình chăn nuôi trâu", "Dự án 2", "UBND xã Hữu Liên", None, None, 500, None],
    ]  # fmt: skip
    titles = [["DANH MỤC DỰ ÁN"], ["Đơn vị tính: triệu đồng"], []]
    seen = reading(rows, kind=Kind.PROJECTS, titles=titles, period=None)
    new, known = seen.lines
    assert (new.work, new.name, new.unit, new.part) == (None, "Nuôi ong", "X-2", "CT.2")
    assert [(one.field.value, one.value) for one in new.values] == [
        ("start_on", date(2024, 5, 2)),
        ("end_on", date(2024, 12, 31)),
        ("total_investment", 450_000_000),
        ("status", "planned"),
    ]
    assert known.work == "L01"
    assert found(seen) == []


def test_a_name_near_to_a_known_project_may_be_a_new_one():
    rows = [["Tên dự án", "Tổng mức đầu tư"], ["Mô hình chăn nuôi trâu bò", 450]]
    titles = [["DANH MỤC DỰ ÁN"], ["Đơn vị tính: triệu đồng"], []]
    asked = {"kind": Kind.PROJECTS, "titles": titles, "period": None}
    seen = reading(rows, **asked)
    assert found(seen) == [("question", "name_unclear", "A5")]
    new = reading(rows, answers={"name_unclear:T4!A5": "new"}, **asked)
    assert (new.lines[0].work, new.lines[0].name) == (None, "Mô hình chăn nuôi trâu bò")
    old = reading(rows, answers={"name_unclear:T4!A5": "L01"}, **asked)
    assert old.lines[0].work == "L01"


def test_a_statement_of_the_treasury_by_kinds_of_payment():
    titles = [["KHO BẠC NHÀ NƯỚC"], ["BẢNG XÁC NHẬN ĐẾN NGÀY 31/3/2024"], ["Đơn vị: đồng"]]
    rows = [
        ["STT", "Tên dự án", "Tạm ứng", "Thanh toán khối lượng hoàn thành"],
        [1, WORK, 10, 20],
        [2, "Đường liên thôn Làng Bên", 1, 2],
    ]
    seen = reading(rows, kind=Kind.TREASURY, titles=titles, period="2024-03")
    assert said(seen, Field.CONFIRMED) == [
        ("L01", "confirmed", 30, None, None),
        (None, "confirmed", 3, None, None),
    ]
    assert seen.day == date(2024, 3, 31)
    assert found(seen) == []


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (["Kế hoạch đã giao", "Tăng", "Giảm", "Kế hoạch sau điều chỉnh"],
         ["plan", "increase", "decrease", "plan_after"]),
        (["Kế hoạch trước thu hồi", "Số thu hồi", "Kế hoạch còn lại sau thu hồi"],
         ["plan", "decrease", "plan_after"]),
        (["Kế hoạch năm 2024", "Cắt giảm", "Kế hoạch sau khi cắt giảm"],
         ["plan", "decrease", "plan_after"]),
        (["Dự toán đã giao", "Điều chỉnh", "Dự toán sau điều chỉnh"],
         ["plan", "amount", "plan_after"]),
        (["Kế hoạch giao đầu năm", "Bổ sung đợt này", "Tổng kế hoạch vốn năm 2024"],
         ["plan", "amount", "plan_after"]),
        (["Kế hoạch vốn"], ["amount"]),
    ],
)  # fmt: skip
def test_an_annex_tells_plans_apart_from_what_it_changes(heads, expected):
    titles = [["Điều chỉnh theo Quyết định số 1/QĐ-UBND (đồng)"]]
    rows = [["TT", "Tên dự án", *heads], [1, WORK, *[5] * len(heads)]]
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert [field for field, _year, _source in fields(seen).values()] == expected
    assert found(seen) == []


def test_plans_before_and_after_without_their_difference_are_not_booked():
    titles = [["Điều chỉnh theo Quyết định số 1/QĐ-UBND (đồng)"]]
    rows = [["TT", "Tên dự án", "Kế hoạch đã giao", "Kế hoạch sau điều chỉnh"], [1, WORK, 5, 7]]
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert found(seen) == [("error", "column_missing", "")]
    assert said(seen, Field.AMOUNT) == []


def test_a_head_near_to_a_component_is_asked_about_and_never_left_aside():
    rows = [["TT", "Đơn vị", "Dự án 2", "Dự án 33"], [1, "UBND xã Hữu Liên", 5, 7]]
    titles = [["Bổ sung theo Quyết định số 1/QĐ-UBND (đồng)"]]
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert found(seen) == [("error", "name_unknown", "D2")]
    rows[0][3] = "Nâng cao năng lưc"
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert found(seen) == [("question", "name_unclear", "D2")]
    answered = reading(
        rows,
        kind=Kind.ALLOCATIONS,
        titles=titles,
        period=None,
        answers={"name_unclear:T4!D2": "CT.7"},
    )
    assert [one[:3] for one in said(answered, Field.AMOUNT)] == [
        ("L01", "amount", 5),
        ("L04", "amount", 7),
    ]


@pytest.mark.parametrize("place", ["head", "below"])
def test_the_line_of_the_unit_among_the_head(place):
    line = "Đơn vị: triệu đồng"
    rows = [[*HEAD[:3], line if place == "head" else None], [1, WORK, 5]]
    if place == "below":
        rows.insert(1, [None, None, line])
    seen = reading(rows, titles=TITLES[:2])
    assert months(seen) == {"L01": 5_000_000}
    assert found(seen) == []


def test_the_title_tells_that_all_capital_is_carried_over():
    titles = [["GIẢI NGÂN VỐN KÉO DÀI NĂM 2023 SANG NĂM 2024"], ["Tháng 4/2024"], ["(đồng)"]]
    seen = reading([HEAD, [1, WORK, 5]], titles=titles)
    assert said(seen, Field.MONTH) == [("L01", "month", 5, 2023, "NSTW")]


def test_a_title_of_several_years_over_one_column_is_asked_about():
    titles = [["GIẢI NGÂN (bao gồm cả vốn kéo dài)"], ["Tháng 4 năm 2024"], ["Đơn vị: đồng"]]
    rows = [HEAD, [1, WORK, 5], [2, "Giám sát tại xã Hữu Liên", 6]]
    assert found(reading(rows, titles=titles)) == [("question", "source_unclear", "C4")]
    answered = reading(rows, titles=titles, answers={"source_unclear:T4!C4": "year"})
    assert months(answered) == {"L01": 5, "L04": 6}
    assert found(answered) == []


def test_of_two_columns_of_names_that_of_the_projects_is_read():
    rows = [["TT", "Nội dung", "Danh mục", "Giải ngân trong tháng"], [1, "Chăn nuôi", WORK, 5]]
    assert months(reading(rows)) == {"L01": 5}


def test_a_second_table_of_another_kind_is_named():
    rows = [
        ["TT", "Tên dự án", "Giải ngân trong tháng"],
        [1, WORK, 5],
        [],
        ["TT", "Nguồn vốn", "Giải ngân trong tháng"],
        [1, "NSTW", 5],
    ]
    seen = reading(rows)
    assert months(seen) == {"L01": 5}
    assert [(one.code, one.at.cell) for one in seen.findings] == [("cells_outside", "C8")]


def test_names_of_projects_that_begin_like_heads_are_no_heads():
    rows = [
        ["Tên dự án", "Giải ngân trong tháng", "Khó khăn, vướng mắc"],
        ["Mô hình chăn nuôi trâu", None, "Kế hoạch vốn giao chậm"],
        ["Giám sát tại xã Hữu Liên", 5, None],
    ]
    seen = reading(rows)
    assert months(seen) == {"L04": 5}
    assert said(seen, Field.OBSTACLES) == [
        ("L01", "obstacles", "Kế hoạch vốn giao chậm", None, None)
    ]


def test_parts_without_a_group_head_beside_their_sum():
    rows = [["TT", "Tên dự án", "Giải ngân trong tháng", "NSTW", "NS huyện"], [1, WORK, 10, 6, 4]]
    assert [one[2:] for one in said(reading(rows), Field.MONTH)] == [
        (6, None, "NSTW"),
        (4, None, "NSH"),
    ]
    rows[1][2] = 11  # they are no parts of it, and of what they are nobody can tell
    seen = reading(rows)
    assert [one[2:] for one in said(seen, Field.MONTH)] == [(11, None, None)]
    assert [one.code for one in seen.findings] == ["column_unknown", "column_unknown"]


def test_one_part_of_a_sum_that_leaves_a_rest_of_unknown_capital_is_refused():
    head = ["TT", "Tên dự án", "Giải ngân trong tháng", "Trong đó: NSTW"]
    assert found(reading([head, [1, WORK, 10, 6]])) == [("error", "total_mismatch", "C5")]
    assert found(reading([head, [1, WORK, 6, 6]])) == []


@pytest.mark.parametrize(
    "heading",
    [
        "Số hộ được hỗ trợ trong tháng",
        "Số con giống cấp trong tháng 4",
        "Khối lượng thực hiện trong tháng",
        "Số lao động được tạo việc làm lũy kế",
        "Vốn giao trong tháng",
    ],
)
def test_what_only_counts_in_a_month_is_no_money(heading):
    """Else 28 households would be taken for 28 đồng."""
    seen = reading([["TT", "Tên dự án", heading, "Kết quả thực hiện"], [1, WORK, 28, "Tốt"]])
    assert said(seen, *Field) == [("L01", "progress_text", "Tốt", None, None)]
    assert [(one.code, one.at.cell) for one in seen.findings] == [("column_unknown", "C4")]


def test_groups_of_work_and_of_money_with_the_same_times():
    seen = reading(
        [
            ["TT", "Tên dự án", "Khối lượng thực hiện", None, "Giải ngân", None],
            [None, None, "Trong tháng", "Lũy kế", "Trong tháng", "Lũy kế"],
            [1, WORK, 1, 2, 30, 40],
        ],
        spans=[(4, 3, 4, 4), (4, 5, 4, 6)],
    )
    assert [one[1:3] for one in said(seen, *Field)] == [("month", 30), ("cumulative", 40)]


def test_plans_that_include_carried_capital_are_of_all_years():
    head = [
        ["TT", "Tên dự án", "Kế hoạch vốn (bao gồm vốn kéo dài)", None, None, "Lũy kế", "Tỷ lệ"],
        [None, None, "Tổng số", "Vốn năm 2024", "Vốn kéo dài 2023", None, None],
    ]
    seen = reading([*head, [1, WORK, 300, 100, 200, 30, 10]], spans=[(4, 3, 4, 5)])
    assert [one[2:4] for one in said(seen, Field.PLAN)] == [(100, 2024), (200, 2023)]
    assert found(seen) == []


def test_levels_of_the_budget_alone_beside_each_other():
    titles = [["GIẢI NGÂN TRONG THÁNG 4 NĂM 2024 THEO NGUỒN VỐN"], ["Đơn vị: đồng"], []]
    rows = [["TT", "Tên dự án", "Tổng số", "Trung ương", "Tỉnh", "Huyện"], [1, WORK, 6, 3, 2, 1]]
    seen = reading(rows, titles=titles)
    assert [one[2:] for one in said(seen, Field.MONTH)] == [
        (3, None, "NSTW"),
        (2, None, "NST"),
        (1, None, "NSH"),
    ]
    assert found(seen) == []


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("GN tháng 4", ("month", "", "")),
        ("LK GN", ("cumulative", "", "")),
        ("LK vốn KD", ("cumulative", "carried", "")),
        ("KHV 2024", ("plan", "2024", "")),
        ("Dự toán đã rút trong tháng", ("month", "", "")),
        ("Số vốn đã giải ngân lũy kế", ("cumulative", "", "")),
        ("Kinh phí đã sử dụng trong tháng", ("month", "", "")),
    ],
)
def test_short_forms_and_other_words(heading, expected):
    seen = reading([["TT", "Tên dự án", heading, "Kết quả"], [1, WORK, 5, "x"]])
    assert fields(seen)["C"] == expected


def test_a_head_of_capital_alone_right_of_an_amount_is_asked_about():
    rows = [["TT", "Tên dự án", "Giải ngân trong tháng NSTW", "NS huyện"], [1, WORK, 5, 6]]
    assert found(reading(rows)) == [("question", "column_unknown", "D4")]
    month = reading(rows, answers={"column_unknown:T4!D4": "month"})
    assert [one[2:] for one in said(month, Field.MONTH)] == [(5, None, "NSTW"), (6, None, "NSH")]
    aside = reading(rows, answers={"column_unknown:T4!D4": "-"})
    assert [one[2:] for one in said(aside, Field.MONTH)] == [(5, None, "NSTW")]


@pytest.mark.parametrize(
    ("period", "heading"),
    [("2024-Q1", "Giải ngân trong tháng"), ("2024-04", "Giải ngân trong quý")],
)
def test_a_head_of_a_month_in_the_report_of_a_quarter_is_not_taken_for_it(period, heading):
    rows = [["TT", "Tên dự án", heading, "Lũy kế"], [1, WORK, 5, 6]]
    titles = [["Báo cáo"], ["Đơn vị: đồng"], []]
    seen = reading(rows, titles=titles, period=period, name="Bieu")
    assert [one[1:3] for one in said(seen, *Field)] == [("cumulative", 6)]
    assert [(one.code, one.at.cell) for one in seen.findings] == [("column_unknown", "C4")]


def test_figures_of_last_year_are_left_aside():
    head = ["TT", "Tên dự án", "Giải ngân trong tháng", "Lũy kế cùng kỳ năm trước", "Lũy kế"]
    seen = reading([head, [1, WORK, 5, 100, 6]])
    assert [one[1:3] for one in said(seen, *Field)] == [("month", 5), ("cumulative", 6)]


def test_plans_beside_a_crossing_need_no_project():
    rows = [
        ["TT", "Đơn vị", "Kế hoạch vốn", "Giải ngân trong tháng", None],
        [None, None, None, "Dự án 2", "Dự án 7"],
        [1, "UBND xã Hữu Liên", 100, 5, 6],
    ]
    seen = reading(rows, kind=Kind.CONSOLIDATED, spans=[(4, 4, 4, 5)])
    assert months(seen) == {"L01": 5, "L04": 6}
    assert found(seen) == []


@pytest.mark.parametrize(
    ("period", "before", "until"),
    [
        ("2024-04", "31/3/2024", "30/4/2024"),
        ("2024-13", "31/12/2024", "31/01/2025"),
        ("2024-13", "hết tháng 12/2024", "hết tháng 01/2025"),
        ("2024-13", "31/12/2023", None),
        ("2024-13", "30/11/2024", None),
        ("2024-01", "31/12/2023", None),
    ],
)
def test_figures_up_to_the_month_before_are_those_before_the_period(period, before, until):
    """In the budget year: what is closed in January goes on from December."""
    heads = [f"Lũy kế giải ngân đến {before}", "Giải ngân trong kỳ"]
    heads.append(f"Lũy kế giải ngân đến {until or '31/01/2025'}")
    rows = [["TT", "Tên dự án", *heads], [1, WORK, 40, 5, 45]]
    titles = [["BIỂU TỔNG HỢP"], ["Đơn vị tính: đồng"]]
    seen = reading(rows, kind=Kind.CONSOLIDATED, titles=titles, period=period, name="Biểu")
    assert [one[2] for one in said(seen, Field.BEFORE)] == [40] * (until is not None)
