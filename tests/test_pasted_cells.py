"""Cells copied from a spreadsheet and pasted: on a decision, and on the list of projects."""

from datetime import date

import pytest

from models.base import RuleBroken
from models.sheets import (
    Ask,
    At,
    DecisionSeen,
    Field,
    Finding,
    Kind,
    Level,
    Line,
    Reading,
    Value,
    has_head,
    pasted_file,
    pasted_text,
    with_given,
)
from models.sheets.opening import open_book

GIVEN = {
    "decision_number": "6068/QĐ-UBND",
    "decision_day": "2023-12-18",
    "decision_issuer": "UBND huyện Hữu Lũng",
    "kind": "supplement",
    "source": "NSH",
    "nature": "SN",
    "budget_year": "2024",
    "vintage": "2023",
}


def texts(content):
    """The cells of a pasted file as the reader of files tells them."""
    book = open_book(content, "dan.csv")
    assert not book.is_refused, book.findings
    return {place: cell.value for place, cell in book.grids[0].cells.items()}


def test_pasted_cells_stand_where_they_were_pasted():
    """A comma in an amount and a line end in a cell part nothing; the first row is row 1."""
    pasted = 'Đơn vị\tSố tiền\nUBND xã Hữu Liên\t1,5\n"UBND xã\nThiện Tân"\t2.000.000\n'
    assert texts(pasted_file(pasted)) == {
        (1, 1): "Đơn vị",
        (1, 2): "Số tiền",
        (2, 1): "UBND xã Hữu Liên",
        (2, 2): "1,5",
        (3, 1): "UBND xã\nThiện Tân",
        (3, 2): "2.000.000",
    }


def test_a_head_is_put_above_cells_without_one():
    content = pasted_file("X-1\t\t5\nX-2\t\t6", [Field.UNIT, None, Field.AMOUNT])
    assert texts(content)[1, 1] == "Chủ đầu tư"
    assert texts(content)[1, 3] == "Số tiền"
    assert texts(content)[2, 3] == "5"
    assert (1, 2) not in texts(content)


@pytest.mark.parametrize("columns", [(), (Field.UNIT, None, Field.AMOUNT)])
def test_what_was_pasted_is_given_back_to_be_corrected(columns):
    pasted = "X-1\tA\t5\r\nX-2\tB\t6"
    assert pasted_text(pasted_file(pasted, columns)) == (pasted, columns)


@pytest.mark.parametrize("pasted", ["", " \n\t\n"])
def test_nothing_pasted_is_said(pasted):
    with pytest.raises(RuleBroken):
        pasted_file(pasted)


def test_too_much_is_for_a_file():
    with pytest.raises(RuleBroken, match="too many"):
        pasted_file("x" * 900_001)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("Chủ đầu tư\tTên dự án\tSố tiền\nUBND xã A\tMô hình B\t1.000", True),
        ("PHỤ LỤC\nSTT\tĐơn vị\tVốn giao\n1\tUBND xã A\t5", True),
        ("UBND xã Hữu Liên\tMô hình chăn nuôi trâu\t1.000.000", False),
        ("Mô hình chăn nuôi\tbổ sung\t5.000.000", False),
        ("L01\t5.000.000\nL02\t6.000.000", False),
        ('"chưa đóng\tx', False),
    ],
)
def test_a_head_is_known_by_its_words(pasted, expected):
    assert has_head(pasted) is expected


def amount(value=5, **capital):
    return Line(at=At("T", "A2"), values=(Value(field=Field.AMOUNT, value=value, at=At("T", "B2"),
                                                **capital),))  # fmt: skip


def given(reading, **changed):
    asked = {key: value for key, value in (GIVEN | changed).items() if value}
    return with_given(reading, Ask(kind=Kind.ALLOCATIONS, given=asked))


def test_what_is_chosen_once_holds_for_all_rows():
    found = given(Reading(lines=(amount(),)))
    assert found.decision == DecisionSeen(
        number="6068/QĐ-UBND",
        issued_on=date(2023, 12, 18),
        issuer="UBND huyện Hữu Lũng",
        kind="supplement",
    )
    assert (found.source, found.nature, found.budget_year) == ("NSH", "SN", 2024)
    assert [value.vintage for line in found.lines for value in line.values] == [2023]


def test_what_a_row_says_itself_goes_before():
    carried = amount(is_carried=True)
    found = given(Reading(lines=(amount(vintage=2022), carried), source="NSTW", nature="DTPT"))
    assert [value.vintage for line in found.lines for value in line.values] == [2022, None]
    assert (found.source, found.nature) == ("NSTW", "DTPT")


def test_another_decision_in_the_cells_is_an_error_at_its_cell():
    seen = DecisionSeen(number="412/QĐ-UBND", at=At("T", "A1"))
    found = given(Reading(decision=seen))
    assert [(one.level, one.code, one.at.cell) for one in found.findings] == [
        (Level.ERROR, "row_conflict", "A1")
    ]
    same = DecisionSeen(number="6068/qđ-ubnd", at=At("T", "A1"))
    assert given(Reading(decision=same)).findings == ()


def test_questions_that_the_page_answers_are_not_asked():
    asked = (
        Finding(level=Level.QUESTION, code="kind_unclear", message="?", at=At("T")),
        Finding(level=Level.QUESTION, code="kind_unclear", message="?", at=At("T", "B2")),
        Finding(level=Level.ERROR, code="decision_missing", message="?", at=At("T")),
    )
    found = given(Reading(findings=asked))
    assert found.findings == (asked[1],)
    assert given(Reading(findings=asked), kind="").findings == asked[:2]


def test_other_files_are_left_as_they_are():
    reading = Reading(lines=(amount(),))
    assert with_given(reading, Ask(kind=Kind.ALLOCATIONS)) is reading
