"""Sheets of a file, its period and its unit: chosen where that is certain, else asked."""

from datetime import date
from typing import Any

import pytest

from models.sheets import Ask, Book, Field, Kind, Level, Reading, read
from tests.sheets import book, grid
from tests.sheets_read import HEAD, KNOWN, found, months, reading, said

WORK = "Mô hình chăn nuôi trâu"


def sheet(
    name: str, title: str = "BÁO CÁO GIẢI NGÂN THÁNG 4 NĂM 2024", amount: int = 10, **own: Any
):
    return grid(
        [["UBND XÃ HỮU LIÊN"], [title], ["Đơn vị: đồng"], HEAD, [1, WORK, amount]],
        name=name,
        **own,
    )


def asked(*grids: Any, **said: Any) -> Reading:
    ask = {"kind": Kind.MONTHLY, "period": "2024-04", "investor": "X-1"} | said
    return read(book(*grids), Ask(**ask), KNOWN)


def codes(reading: Reading) -> list[tuple[str, str, str]]:
    return [(one.level.value, one.code, one.at.sheet) for one in reading.findings]


def test_the_sheet_with_a_head_is_read_and_the_others_are_named():
    seen = asked(grid([["Hướng dẫn"], ["Điền số liệu vào bảng"]], name="HD"), sheet("Biểu"))
    assert months(seen) == {"L01": 10}
    assert codes(seen) == [("hint", "sheet_skipped", "HD")]
    assert [(one.sheet, one.is_used) for one in seen.sheets] == [("Biểu", True), ("HD", False)]


def test_of_the_sheets_of_a_year_that_of_the_period_is_read():
    grids = [sheet(f"T{n}", f"BÁO CÁO GIẢI NGÂN THÁNG {n} NĂM 2024", n) for n in range(1, 13)]
    seen = asked(*grids)
    assert months(seen) == {"L01": 4}
    assert len(codes(seen)) == 11


def test_the_names_of_sheets_tell_where_titles_were_copied():
    grids = [sheet(f"Tháng {n}", "BÁO CÁO GIẢI NGÂN", n) for n in (3, 4, 5)]
    assert months(asked(*grids)) == {"L01": 4}


def test_several_sheets_that_could_be_meant_are_asked_about():
    grids = [sheet("NSTW", amount=1), sheet("NSH", amount=2)]
    seen = asked(*grids)
    question = seen.findings[0]
    assert (question.code, question.answer) == ("sheet_unclear", "sheet_unclear")
    assert [one.value for one in question.options] == ["NSTW", "NSH", "*"]
    assert seen.lines == ()
    assert months(asked(*grids, answers={"sheet_unclear": "NSH"})) == {"L01": 2}
    assert months(asked(*grids, sheet="NSTW")) == {"L01": 1}


def test_all_sheets_together_are_read_where_somebody_says_so():
    other = grid(
        [["Tháng 4 năm 2024"], ["Đơn vị: đồng"], HEAD, [1, "Giám sát tại xã Hữu Liên", 5]],
        name="NSH",
    )
    seen = asked(sheet("NSTW"), other, answers={"sheet_unclear": "*"})
    assert months(seen) == {"L01": 10, "L04": 5}
    assert [one.sheet for one in seen.sheets if one.is_used] == ["NSTW", "NSH"]


def test_one_project_in_two_sheets_is_an_error_where_both_are_read():
    seen = asked(sheet("A"), sheet("B"), answers={"sheet_unclear": "*"})
    assert ("error", "row_double", "B") in codes(seen)


def test_a_hidden_sheet_is_left_aside_and_named():
    seen = asked(sheet("T4"), sheet("T3 (cũ)", is_hidden=True))
    assert codes(seen) == [("warning", "sheet_hidden", "T3 (cũ)")]
    assert months(asked(sheet("T4"), sheet("cũ", amount=3, is_hidden=True), sheet="cũ")) == {
        "L01": 3
    }


def test_a_sheet_that_is_not_there_is_asked_about():
    seen = asked(sheet("T4"), sheet="T5")
    assert [(one.code, [o.value for o in one.options]) for one in seen.findings][:1] == [
        ("sheet_unclear", ["T4"])
    ]


def test_an_empty_file_has_no_head():
    seen = read(Book(), Ask(kind=Kind.MONTHLY, period="2024-04", investor="X-1"), KNOWN)
    assert [one.code for one in seen.findings] == ["head_missing"]


# ------------------------------------------------------------------------------------- the period


def test_a_title_of_another_month_is_asked_about():
    grids = [sheet("Bieu", "BÁO CÁO GIẢI NGÂN THÁNG 3 NĂM 2024")]
    seen = asked(*grids)
    (question,) = seen.findings
    assert (question.code, question.at.cell, question.answer) == (
        "period_conflict",
        "A2",
        "period_conflict",
    )
    assert [one.value for one in question.options] == ["2024-04", "2024-03"]
    answered = asked(*grids, answers={"period_conflict": "2024-04"})
    assert (answered.period, answered.findings) == ("2024-04", ())
    other = asked(*grids, answers={"period_conflict": "2024-03"})
    assert other.period == "2024-03"


@pytest.mark.parametrize(
    "title",
    [
        "BÁO CÁO GIẢI NGÂN THÁNG 04/2024",
        "BÁO CÁO KẾT QUẢ THÁNG 4, NHIỆM VỤ THÁNG 5 NĂM 2024",
        "BÁO CÁO GIẢI NGÂN ĐẾN NGÀY 30/4/2024",
        "BÁO CÁO GIẢI NGÂN",
        "(Kèm theo Báo cáo số      /BC-UBND ngày      tháng 5 năm 2024)",
    ],
)
def test_titles_that_fit_or_say_nothing_are_no_question(title):
    assert asked(sheet("Bieu", title)).findings == ()


def test_heads_of_another_month_are_asked_about():
    rows = [
        ["Đơn vị: đồng"],
        ["TT", "Tên dự án", "Giải ngân tháng 3/2024 (NSTW)"],
        [1, WORK, 10],
    ]
    seen = asked(grid(rows, name="Bieu"))
    assert [(one.code, one.at.cell) for one in seen.findings] == [("period_conflict", "C2")]
    answered = asked(grid(rows, name="Bieu"), answers={"period_conflict": "2024-04"})
    assert months(answered) == {"L01": 10}
    assert answered.findings == ()


def test_the_period_is_taken_from_the_title_where_nobody_says():
    assert asked(sheet("Bieu"), period=None).period == "2024-04"


def test_no_period_anywhere_is_asked_about():
    seen = asked(sheet("Bieu", "BÁO CÁO"), period=None)
    assert [(one.code, one.answer) for one in seen.findings] == [
        ("period_conflict", "period_conflict")
    ]


def test_a_quarter():
    rows = [
        ["BÁO CÁO GIẢI NGÂN QUÝ I/2024"],
        ["Đơn vị: đồng"],
        ["TT", "Tên dự án", "Giải ngân trong quý", "Lũy kế đến 31/3/2024"],
        [1, WORK, 10, 20],
    ]
    seen = asked(grid(rows, name="Bieu"), period="2024-Q1")
    assert months(seen) == {"L01": 10}
    assert (seen.period, seen.findings) == ("2024-Q1", ())


# --------------------------------------------------------------------------------------- the unit


def test_the_unit_is_taken_from_the_title_where_nobody_says():
    assert asked(sheet("Bieu"), investor=None).investor == "X-1"


def test_a_title_of_another_unit_is_asked_about():
    seen = asked(sheet("Bieu"), investor="X-2")
    question = seen.findings[0]
    assert (question.level, question.code, question.at.cell) == (
        Level.QUESTION,
        "row_foreign",
        "A1",
    )
    assert question.answer == "row_foreign"


def test_a_unit_that_nobody_names_is_asked_about():
    rows = [["Tháng 4 năm 2024"], ["Đơn vị: đồng"], HEAD, [1, WORK, 10]]
    seen = asked(grid(rows), investor=None)
    question = seen.findings[0]
    assert (question.code, question.answer) == ("name_unclear", "name_unclear")
    assert len(question.options) == len(KNOWN.units)
    answered = asked(grid(rows), investor=None, answers={"name_unclear": "X-1"})
    assert answered.investor == "X-1"


# -------------------------------------------------------------------------------------- decisions

ANNEX = [["TT", "Tên dự án", "Số tiền (NSTW)"], [1, WORK, 10]]


def annex(*titles: str, **asked: Any) -> Reading:
    rows = [[title] for title in titles]
    return reading(ANNEX, kind=Kind.ALLOCATIONS, titles=rows, period=None, **asked)


def test_an_annex_without_a_decision_is_asked_for_it():
    seen = annex("PHÂN BỔ VỐN BỔ SUNG NĂM 2024 (đồng)", "", "")
    assert found(seen) == [("question", "decision_missing", "")]
    answered = annex(
        "PHÂN BỔ VỐN BỔ SUNG NĂM 2024 (đồng)",
        answers={"decision_missing": "1205/QĐ-UBND|2024-04-15|UBND huyện"},
    )
    assert answered.decision is not None
    assert (answered.decision.number, answered.decision.issuer) == ("1205/QĐ-UBND", "UBND huyện")
    assert found(answered) == []


def test_an_answer_that_is_no_decision_is_refused():
    seen = annex("BỔ SUNG VỐN (đồng)", answers={"decision_missing": "không biết"})
    assert [one[:2] for one in found(seen)] == [
        ("warning", "decision_missing"),
        ("question", "decision_missing"),
    ]


def test_the_kind_is_asked_where_words_do_not_tell_it():
    titles = ("Quyết định số 1205/QĐ-UBND ngày 15/4/2024", "Đơn vị: đồng")
    seen = annex(*titles)
    assert found(seen) == [("question", "kind_unclear", "")]
    answered = annex(*titles, answers={"kind_unclear": "recall"})
    assert answered.decision is not None
    assert answered.decision.kind == "recall"


@pytest.mark.parametrize("written", [10, -10, "-10", "(10)"])
def test_columns_of_increase_and_decrease_are_an_adjustment(written):
    rows = [
        ["TT", "Tên dự án", "Kế hoạch đã giao", "Điều chỉnh tăng", "Điều chỉnh giảm",
         "Kế hoạch sau điều chỉnh"],
        [1, WORK, 100, 10, None, 110],
        [2, "Giám sát tại xã Hữu Liên", 50, None, written, 40],
    ]  # fmt: skip
    titles = [["Kèm theo Quyết định số 7/QĐ-UBND ngày 5/4/2024 (đồng)"]]
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert said(seen, Field.AMOUNT, Field.INCREASE, Field.DECREASE) == [
        ("L01", "increase", 10, None, None),
        ("L04", "decrease", 10 if written == 10 else -10, None, None),
    ]
    assert seen.decision is not None
    assert seen.decision.kind == "adjust"
    assert found(seen) == []


def test_an_increase_with_a_minus_is_refused():
    rows = [["TT", "Tên dự án", "Tăng", "Giảm"], [1, WORK, -10, None]]
    titles = [["Kèm theo Quyết định số 7/QĐ-UBND ngày 5/4/2024 (đồng)"]]
    seen = reading(rows, kind=Kind.ALLOCATIONS, titles=titles, period=None)
    assert found(seen) == [("error", "number_negative", "C3")]


def test_carried_capital_of_an_annex_has_the_year_of_its_title():
    seen = annex(
        "QUYẾT ĐỊNH SỐ 412/QĐ-UBND ngày 05/02/2024 cho phép kéo dài vốn năm 2023 sang năm 2024",
        "Đơn vị: đồng",
    )
    assert said(seen, Field.AMOUNT) == [("L01", "amount", 10, 2023, "NSTW")]
    assert seen.decision is not None
    assert (seen.decision.kind, seen.budget_year) == ("carry_in", 2024)


# ------------------------------------------------------------------------- several tables, sheets


def test_sheets_of_one_source_each():
    rows = [["Tháng 4 năm 2024"], ["Đơn vị: đồng"], [*HEAD[:2], "Giải ngân trong tháng"]]
    grids = [
        grid([*rows, [1, WORK, 5]], name="Vốn NSTW"),
        grid([*rows, [1, WORK, 6]], name="Vốn NS huyện"),
    ]
    seen = asked(*grids, answers={"sheet_unclear": "*"})
    assert said(seen, Field.MONTH) == [
        ("L01", "month", 5, None, "NSTW"),
        ("L01", "month", 6, None, "NSH"),
    ]
    assert seen.findings == ()


def test_two_tables_in_a_sheet_with_columns_of_their_own():
    rows = [
        ["Tháng 4 năm 2024"],
        ["Đơn vị: triệu đồng"],
        ["A. VỐN SỰ NGHIỆP"],
        ["TT", "Tên dự án", "Giải ngân trong tháng"],
        [1, WORK, 5],
        [None, "Cộng", 5],
        [],
        ["B. VỐN ĐẦU TƯ PHÁT TRIỂN"],
        ["TT", "Tên dự án", "Kế hoạch vốn", "Giải ngân trong tháng"],
        [1, "Trồng na", 100, 6],
        [None, "Cộng", 100, 6],
    ]
    seen = asked(grid(rows))
    assert [
        (line.work, one.field.value, one.value, one.nature)
        for line in seen.lines
        for one in line.values
    ] == [
        ("L01", "month", 5_000_000, "SN"),
        ("L05", "plan", 100_000_000, "DTPT"),
        ("L05", "month", 6_000_000, "DTPT"),
    ]
    assert seen.findings == ()
    assert [one.head for one in seen.sheets] == [(4, 4), (9, 9)]


@pytest.mark.parametrize(
    ("title", "head", "day", "told"),
    [
        ("", "Lũy kế thanh toán", date(2024, 4, 30), []),
        ("THÁNG 3 NĂM 2024", "Lũy kế thanh toán", date(2024, 3, 31), []),
        ("ĐẾN NGÀY 15/4/2024", "Lũy kế thanh toán", date(2024, 4, 15), []),
        ("", "Lũy kế thanh toán đến ngày 15/4/2024", date(2024, 4, 15), []),
        ("ĐẾN NGÀY 30/4/2024", "Lũy kế thanh toán đến 15/4/2024", None, [("question", "C5")]),
        ("ĐẾN NGÀY 31/4/2024", "Lũy kế thanh toán", date(2024, 4, 30), [("error", "A2")]),
        ("", "Lũy kế thanh toán đến 31/4/2024", date(2024, 4, 30), [("error", "C5")]),
    ],
)
def test_up_to_which_day_a_statement_goes(title, head, day, told):
    titles = [["KHO BẠC NHÀ NƯỚC"], [f"BẢNG ĐỐI CHIẾU {title}"], ["Đơn vị: đồng"], []]
    rows = [["TT", "Tên dự án", head], [1, WORK, 10]]
    period = "2024-03" if "THÁNG 3" in title else "2024-04"
    kept = {"kind": Kind.TREASURY, "period": period, "investor": None, "name": "Sheet1"}
    seen = reading(rows, titles=titles, **kept)
    assert seen.day == day
    assert [(one.level.value, one.at.cell) for one in seen.findings] == told
    if told == [("question", "C5")]:
        answered = reading(
            rows, titles=titles, answers={"date_unclear:Sheet1!C5": "2024-04-15"}, **kept
        )
        assert (answered.day, answered.findings) == (date(2024, 4, 15), ())
