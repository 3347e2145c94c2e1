"""What one cell says: amounts, percentages, days and texts, never guessed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import MAX_DONG, UNITS, amount_readings, parse_dong
from models.sheets import At, Cell, Level
from models.sheets.cells import (
    Mark,
    amount,
    day,
    is_silent,
    line,
    mark_meant,
    percent,
    rates,
    shown,
    text,
    unit_shown,
)
from tests.amounts import CASES


def number(value, number_format="", formula=None):
    return Cell(Decimal(value), number_format, formula)


def told(read):
    """The outcome in a word: a value, a code with its options, or None."""
    if read.level is None:
        return read.value
    return (read.code, *[option.value for option in read.options])


# ---------------------------------------------------------------------------------------- amounts


@pytest.mark.parametrize(
    ("value", "unit", "dong"),
    [
        ("31333333", "dong", 31_333_333),
        ("0", "dong", 0),
        ("98", "trieu", 98_000_000),
        ("54.654322", "trieu", 54_654_322),
        # what a sum in binary fractions leaves
        ("54.65432200000001", "trieu", 54_654_322),
        ("333.33333299999995", "trieu", 333_333_333),
        ("44.999998999999996", "trieu", 44_999_999),
        ("1.725", "trieu", 1_725_000),
        ("0.000001", "trieu", 1),
        ("1234.567", "nghin", 1_234_567),
        # 15 digits: the sixteenth is noise, the fifteenth is not
        ("123456789.0000001", "dong", 123_456_789),
        ("123456.7890000000001", "trieu", 123_456_789_000),
        ("999999999999999", "dong", MAX_DONG),
        ("1E+9", "dong", 1_000_000_000),
    ],
)
def test_true_numbers_are_whole_dong_to_fifteen_digits(value, unit, dong):
    assert told(amount(number(value), unit)) == dong


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        ("0.5", "dong", "number_not_whole"),
        ("31333333.4", "dong", "number_not_whole"),
        ("54.6543225", "trieu", "number_not_whole"),
        ("54.6543220000001", "trieu", "number_not_whole"),
        ("1.2345", "nghin", "number_not_whole"),
        ("-1", "dong", "number_negative"),
        ("-0.000001", "trieu", "number_negative"),
        ("1000000000000001", "dong", "number_unreadable"),
        ("1000000001", "trieu", "number_unreadable"),
        ("-1000000000000001", "dong", "number_unreadable"),
        ("NaN", "dong", "number_unreadable"),
        ("Infinity", "dong", "number_unreadable"),
    ],
)
def test_other_numbers_are_errors(value, unit, code):
    assert told(amount(number(value), unit)) == (code,)


def test_what_a_formula_loses_when_it_subtracts_is_no_fraction():
    # 1000.1 - 1000 in binary fractions
    assert told(amount(number("0.100000000000023"), "trieu")) == ("number_not_whole",)
    assert told(amount(number("0.100000000000023", formula="A1-B1"), "trieu")) == 100_000
    assert told(amount(number("0.1000005", formula="A1-B1"), "trieu")) == ("number_not_whole",)


@pytest.mark.parametrize(
    ("typed", "unit", "dong"),
    [
        ("210.000.000", "dong", 210_000_000),
        (" 50\u00a0000\u00a0000 ", "dong", 50_000_000),
        ("1.725.000 đ", "dong", 1_725_000),
        ("1.725.000đ", "dong", 1_725_000),
        ("1.725.000 đồng", "dong", 1_725_000),
        ("1.725.000 ₫", "dong", 1_725_000),
        ("1.725.000\n", "dong", 1_725_000),
        ("310,000,000.00", "dong", 310_000_000),
        ("310.000.000,00", "dong", 310_000_000),
        ("500.000", "dong", 500_000),
        ("500,000", "dong", 500_000),
        ("500000", "dong", 500_000),
        ("1.000", "dong", 1_000),
        ("310,00", "dong", 310),
        ("25,5", "trieu", 25_500_000),
        ("25.5", "trieu", 25_500_000),
        ("0,725", "trieu", 725_000),
        ("0.725", "trieu", 725_000),
        ("1725,5", "trieu", 1_725_500_000),
        ("1234.567", "trieu", 1_234_567_000),
        ("1.234,567", "trieu", 1_234_567_000),
        ("1,234.567", "trieu", 1_234_567_000),
        ("12,5 triệu", "dong", 12_500_000),
        ("12,5 triệu đồng", "nghin", 12_500_000),
        ("1.725.000 đ", "trieu", 1_725_000),
        ("１．２３４．５６７", "dong", 1_234_567),
    ],
)
def test_written_amounts_that_mean_one_thing(typed, unit, dong):
    assert told(amount(Cell(typed), unit)) == dong


@pytest.mark.parametrize(
    ("typed", "unit", "small", "large"),
    [
        ("1.725", "trieu", 1_725_000, 1_725_000_000),
        ("1,725", "trieu", 1_725_000, 1_725_000_000),
        ("12.500", "nghin", 12_500, 12_500_000),
        ("1.725 triệu", "dong", 1_725_000, 1_725_000_000),
        ("1.725 tr.", "dong", 1_725_000, 1_725_000_000),
    ],
)
def test_two_readings_are_asked_with_both_of_them(typed, unit, small, large):
    read = amount(Cell(typed), unit)

    assert told(read) == ("number_unclear", str(small), str(large))
    assert read.is_question
    finding = read.finding(At("Bieu", "C9"))
    assert finding.answer == "number_unclear:Bieu!C9"
    assert finding.blocks


def test_a_reading_above_the_largest_amount_is_none():
    assert told(amount(Cell("1.725 tỷ"), "dong")) == (
        "number_unclear", "1725000000", "1725000000000",
    )  # fmt: skip
    assert told(amount(Cell("999.999 tỷ"), "dong")) == (
        "number_unclear", "999999000000", "999999000000000",
    )  # fmt: skip
    assert told(amount(Cell("1000.5 tỷ"), "dong")) == 1_000_500_000_000


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "\u00a0", "\u200b", "-", "–", "—", "−", "- ", "--", "_", "x", "X", "x ", "...",
        "…", "..", "-   đ", "./.", "\t",
    ],
)  # fmt: skip
def test_a_cell_without_a_figure_says_nothing_and_no_nought(typed):
    read = amount(Cell(typed), "dong")

    assert read.says_nothing
    assert read.value is None
    assert is_silent(Cell(typed))
    with pytest.raises(ValueError, match="nothing"):
        read.finding()


def test_no_cell_says_nothing():
    assert amount(None, "dong").says_nothing
    assert percent(None).says_nothing
    assert day(None).says_nothing
    assert text(None, 10).says_nothing
    assert amount(Cell("0"), "dong").value == 0


@pytest.mark.parametrize(
    "value",
    [
        "1.25E+09", "1,25e9", "một triệu", "12 con", "210.000.000 (tạm tính)", "1.234.56", "5 - 6",
        "1.234 567", "210. 000.000", "500 x 2", "N/A", "không", "1_000", "½", True, False,
        date(2024, 4, 15), datetime.fromisoformat("2024-04-15T08:30"),
    ],
)  # fmt: skip
def test_what_is_no_amount(value):
    assert told(amount(Cell(value), "dong")) == ("number_unreadable",)


def test_a_figure_beside_a_dash_is_not_dropped():
    for typed in ("x5", "- 5", "...5", "5-", "5x"):
        assert not amount(Cell(typed), "dong", signed=True).says_nothing


@pytest.mark.parametrize("problem", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
def test_a_formula_that_ends_in_an_error(problem):
    for cell in (Cell(None, "", "A1/0", problem), Cell(f"{problem} ")):  # as text: CSV, pasted
        for read in (amount(cell, "dong"), percent(cell), day(cell), text(cell, 100)):
            assert told(read) == ("formula_error",)
            assert read.values == {"problem": problem}
        assert not is_silent(cell)


def test_words_about_an_error_are_words():
    assert told(text(Cell("Ô C4 ghi #REF!"), 100)) == "Ô C4 ghi #REF!"


def test_a_formula_without_a_result():
    cell = Cell(None, "", "8000000*2", "uncalculated")
    assert told(amount(cell, "dong")) == ("formula_uncalculated",)
    assert shown(cell) == "=8000000*2"


@pytest.mark.parametrize("typed", ["(5.000)", "-5.000", "\u22125.000", "(5.000 đ)", "- 5.000"])
def test_negative_amounts_only_where_the_column_takes_them(typed):
    assert told(amount(Cell(typed), "dong")) == ("number_negative",)
    assert told(amount(Cell(typed), "dong", signed=True)) == -5_000


@pytest.mark.parametrize("size", [-1, 0, 1])
def test_around_a_boundary_every_dong_counts(size):
    """A plan of 98 triệu, one đồng below, at it, and one above."""
    dong = 98_000_000 + size
    assert amount(number(Decimal(dong) / 10**6), "trieu").value == dong
    assert amount(Cell(f"{dong:,}".replace(",", ".")), "dong").value == dong
    assert amount(Cell(f"{Decimal(dong) / 10**6}".replace(".", ",")), "trieu").value == dong


def test_the_sentence_shows_what_stands_in_the_cell():
    assert amount(number("54.6543225", "#,##0.00"), "trieu").values["typed"] == "54,6543225"
    assert amount(number("-31333333", "#,##0"), "dong").values["typed"] == "-31.333.333"
    assert amount(Cell("abc" * 50), "dong").values["typed"] == ("abc" * 50)[:60]


def written(dong, unit):
    """The certain ways to write an amount in a cell."""
    exact = Decimal(dong) / UNITS[unit]
    digits = f"{exact:f}"
    whole, _, decimals = digits.partition(".")
    grouped = f"{int(whole):,}"
    ways = [f"{dong} đ", f"{dong:,} đồng".replace(",", "."), f"{dong:,} đ".replace(",", " ")]
    if decimals and len(decimals) != 3:
        ways += [digits, f"{whole},{decimals}", f" {whole},{decimals}\u00a0"]
    if len(whole) > 3 and decimals:
        ways += [f"{grouped}.{decimals}", f"{grouped}.{decimals}".translate({44: 46, 46: 44})]
    if not decimals:
        ways += [digits, f"{grouped}.00" if len(whole) > 3 else digits]
    if unit == "dong":
        ways += [grouped, grouped.replace(",", "."), grouped.replace(",", "\u202f")]
    return ways


AMOUNTS = st.one_of(st.integers(0, MAX_DONG), st.integers(0, 10**10), st.integers(0, 2_000))


@given(AMOUNTS, st.sampled_from(sorted(UNITS)), st.data())
def test_an_amount_in_any_certain_way_is_read_back_exactly(dong, unit, data):
    typed = data.draw(st.sampled_from(written(dong, unit)))
    assert told(amount(Cell(typed), unit)) == dong


@given(st.integers(0, 10**15 - 1), st.sampled_from(sorted(UNITS)))
def test_a_true_number_is_read_back_exactly_through_a_binary_fraction(dong, unit):
    """As a file keeps it: the nearest binary number, written with all its digits."""
    stored = dong / UNITS[unit]
    assert told(amount(Cell(Decimal(stored)), unit)) == dong
    assert told(amount(Cell(Decimal(repr(stored))), unit)) == dong


@given(
    st.text(st.sampled_from("0123456789.,- ()\u00a0đ"), max_size=16), st.sampled_from(sorted(UNITS))
)
def test_nothing_that_has_two_readings_is_read_silently(typed, unit):
    readings = {one.dong for one in amount_readings(typed, unit)} - {None}
    read = amount(Cell(typed), unit, signed=True)
    if read.value is not None:
        assert readings == {read.value}
    if len({one for one in readings if one is not None and abs(one) <= MAX_DONG}) > 1:
        assert read.is_question
    if any(char.isdigit() for char in typed):
        assert not read.says_nothing


@pytest.mark.parametrize(
    ("typed", "unit", "language", "dong"), [case for case in CASES if isinstance(case[3], int)]
)
def test_what_a_page_reads_a_file_reads_alike_or_asks(typed, unit, language, dong):
    """A page knows its language; a file may ask, and never reads another amount."""
    assert parse_dong(typed, unit=unit, language=language, allow_negative=True) == dong
    read = amount(Cell(typed), unit, signed=True)
    assert read.value == dong or str(dong) in [option.value for option in read.options]


# ------------------------------------------------------------------- one answer for a column


def test_an_answer_tells_what_the_mark_of_its_column_is():
    cell, other = Cell("1.725"), Cell("2.450")

    decimal = mark_meant(cell, "trieu", 1_725_000)
    assert decimal == Mark(".", is_decimal=True)
    assert told(amount(cell, "trieu", mark=decimal)) == 1_725_000
    assert told(amount(other, "trieu", mark=decimal)) == 2_450_000

    group = mark_meant(cell, "trieu", 1_725_000_000)
    assert group == Mark(".", is_decimal=False)
    assert told(amount(other, "trieu", mark=group)) == 2_450_000_000


def test_an_answer_says_nothing_of_another_mark_nor_of_what_is_certain():
    mark = Mark(".", is_decimal=True)
    assert told(amount(Cell("1,725"), "trieu", mark=mark))[0] == "number_unclear"
    assert told(amount(Cell("25,5"), "trieu", mark=mark)) == 25_500_000
    assert told(amount(Cell("1.725.000"), "dong", mark=mark)) == 1_725_000
    assert told(amount(number("1.725"), "trieu", mark=Mark(".", is_decimal=False))) == 1_725_000


@pytest.mark.parametrize("answer", [0, 1_725, 1_725_001, -1_725_000])
def test_an_answer_that_is_no_reading_tells_nothing(answer):
    assert mark_meant(Cell("1.725"), "trieu", answer) is None
    assert mark_meant(number("1.725"), "trieu", answer) is None


# ------------------------------------------------------------------------------- number formats


@pytest.mark.parametrize(
    ("number_format", "unit"),
    [
        ("#,##0,,", "trieu"),
        ("#,##0.0,,", "trieu"),
        ("0,,", "trieu"),
        ('#,##0,,"tr"', "trieu"),
        ("#,##0.00,,;(#,##0.00,,)", "trieu"),
        ("_(* #,##0,,_);_(* (#,##0,,)", "trieu"),
        ("[>=1000000]#,##0,,", "trieu"),
        ("#,##0,", "nghin"),
        ("#,##0,,,", "ty"),
        ("#,##0", None),
        ("#,##0.00", None),
        ("#,##0.######", None),
        ("", None),
        ("0%", None),
        ('#,##0" ,,"', None),
        ("dd/mm/yyyy", None),
    ],
)
def test_a_format_that_shows_another_unit_than_is_stored(number_format, unit):
    assert unit_shown(number("98000000", number_format)) == unit
    assert unit_shown(Cell("98", number_format)) is None
    assert unit_shown(None) is None


# ------------------------------------------------------------------------------------ percentages


@pytest.mark.parametrize(
    ("cell", "outcome"),
    [
        (number("35"), Decimal(35)),
        (number("35.5"), Decimal("35.5")),
        (number("35.10000000000001"), Decimal("35.1")),
        (number("0"), Decimal(0)),
        (number("100"), Decimal(100)),
        (number("0.35", "0%"), Decimal(35)),
        (number("0.355", "0.0%"), Decimal("35.5")),
        (number("1", "0%"), Decimal(100)),
        (number("0.07", "0%"), Decimal(7)),
        (number("35", '0"%"'), Decimal(35)),
        (Cell("35"), Decimal(35)),
        (Cell("35%"), Decimal(35)),
        (Cell("35,5 %"), Decimal("35.5")),
        (Cell("35.5%"), Decimal("35.5")),
        (Cell("0,5 %"), Decimal("0.5")),
        (Cell("-"), None),
        (Cell(" "), None),
        (number("0.35"), ("number_unclear", "35", "0.35")),
        (Cell("0,5"), ("number_unclear", "50", "0.5")),
        (number("0.355"), ("number_unclear", "35.5")),
        (number("100.01"), ("number_unreadable",)),
        (number("-1"), ("number_unreadable",)),
        (number("12.345"), ("number_unreadable",)),
        (number("1.01", "0%"), ("number_unreadable",)),
        (number("0.33333", "0%"), ("number_unreadable",)),
        (number("0.333333"), ("number_unreadable",)),
        (Cell("62.500"), ("number_unreadable",)),
        (number("0.333333333333333", "0%", "A1/B1"), Decimal("33.33")),
        (number("33.3349999", "", "A1/B1"), Decimal("33.33")),
        (number("33.335", "", "A1/B1"), Decimal("33.34")),
        (number("99.9999999999", "", "A1/B1"), Decimal(100)),
        (number("100.004", "", "A1/B1"), Decimal(100)),
        (number("100.005", "", "A1/B1"), ("number_unreadable",)),
        (number("1.0000000001", "0%", "A1/B1"), Decimal(100)),
        (number("0.333333333333333", "", "A1/B1"), ("number_unclear", "33.33", "0.33")),
        (number("0.99999", "", "A1/B1"), ("number_unclear", "100", "1")),
        (number("1E+40", "", "A1/B1"), ("number_unreadable",)),
        (number("0", "0%", "A1/B1"), Decimal(0)),
        (Cell("101"), ("number_unreadable",)),
        (Cell("khoảng 30%"), ("number_unreadable",)),
        (Cell(True), ("number_unreadable",)),
        (Cell(date(2024, 4, 1)), ("number_unreadable",)),
    ],
)
def test_percentages(cell, outcome):
    assert told(percent(cell)) == outcome


@pytest.mark.parametrize("cell", [Cell("33,333 %"), number("33.333"), number("0.33333", "0%")])
def test_a_percentage_that_is_too_fine_is_told_so(cell):
    assert "more than two decimals" in percent(cell).message
    assert percent(cell).values["typed"] in ("33,333 %", "33,333")


def test_an_answer_tells_whether_a_column_holds_shares():
    assert told(percent(number("0.35"), is_share=True)) == 35
    assert told(percent(number("1"), is_share=True)) == 100
    assert told(percent(number("0.35"), is_share=False)) == Decimal("0.35")
    assert told(percent(Cell("35%"), is_share=True)) == 35


@pytest.mark.parametrize(
    ("cell", "readings"),
    [
        (number("12"), (12,)),
        (number("0.12", "0.00%"), (12,)),
        (number("0.1234"), (Decimal("0.1234"), Decimal("12.34"))),
        (Cell("12,34%"), (Decimal("12.34"),)),
        (Cell("12,34"), (Decimal("12.34"),)),
        (number("104.5"), (Decimal("104.5"),)),
        (Cell("x"), ()),
        (Cell(None, problem="#DIV/0!"), ()),
        (None, ()),
    ],
)
def test_printed_rates_are_only_compared(cell, readings):
    assert rates(cell) == readings


# ------------------------------------------------------------------------------------------- days


@pytest.mark.parametrize(
    "value",
    [
        date(2024, 4, 15), datetime.fromisoformat("2024-04-15"),
        datetime.fromisoformat("2024-04-15T17:30"), "15/04/2024",
        "15/4/2024", "15.4.2024", "15-04-2024", "2024-04-15", "2024-04-15 00:00:00",
        "2024-04-15T00:00:00", "ngày 15 tháng 4 năm 2024", "Ngày 15  tháng 04 năm 2024",
        "15 tháng 4 năm 2024", "ngày 15/4/2024", " 15/4/2024\u00a0",
    ],
)  # fmt: skip
def test_days(value):
    assert told(day(Cell(value))) == date(2024, 4, 15)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("Tháng 5/2024", "2024-05-01", "2024-05-31"),
        ("tháng 5 năm 2024", "2024-05-01", "2024-05-31"),
        ("5/2024", "2024-05-01", "2024-05-31"),
        ("05-2024", "2024-05-01", "2024-05-31"),
        ("T5/2024", "2024-05-01", "2024-05-31"),
        ("2024-05", "2024-05-01", "2024-05-31"),
        ("Tháng 2/2024", "2024-02-01", "2024-02-29"),
        ("đầu tháng 5/2024", "2024-05-01", "2024-05-31"),
        ("Quý II/2024", "2024-04-01", "2024-06-30"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("Năm 2024", "2024-01-01", "2024-12-31"),
        ("2023-2024", "2023-01-01", "2024-12-31"),
        (Decimal(2024), "2024-01-01", "2024-12-31"),
        (Decimal("5.2024"), "2024-05-01", "2024-05-31"),
        (Decimal("10.202"), "2020-10-01", "2020-10-31"),
    ],
)
def test_less_than_a_day_is_asked(value, first, last):
    assert told(day(Cell(value))) == ("date_unclear", first, last)
    assert told(day(Cell(value), last=True)) == ("date_unclear", last, first)


def test_a_bare_number_may_be_a_stored_day_of_either_calendar():
    assert told(day(number("45397"))) == ("date_unclear", "2024-04-15", "2028-04-16")
    assert told(day(Cell("15/4/24"))) == ("date_unclear", "2024-04-15")


@pytest.mark.parametrize(
    "value",
    [
        "31/04/2024", "30/2/2024", "ngày 31 tháng 4 năm 2024", "15/4", "hôm nay", "04/15/2024",
        "15/4/1889", "Tháng 13/2024", "tháng 5", "2024-2023", "31/4/24", True, Decimal("0.5"),
        Decimal(150424), Decimal(-1), date(1889, 4, 15), date(2101, 1, 1), "x1",
    ],
)  # fmt: skip
def test_what_is_no_day(value):
    assert told(day(Cell(value))) == ("date_unreadable",)


@pytest.mark.parametrize("typed", ["-", "", "…", " x "])
def test_a_day_that_is_not_told(typed):
    assert day(Cell(typed)).says_nothing


# ------------------------------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("  Đã cấp đợt 1. ", "Đã cấp đợt 1."),
        ("một\r\nhai", "một\nhai"),
        ("Hoà", "Hòa"),
        ("x", "x"),
        (Decimal("35"), "35"),
        (Decimal("35.0"), "35"),
        (Decimal("35.50"), "35,5"),
        (date(2024, 4, 5), "05/04/2024"),
        (datetime.fromisoformat("2024-04-05"), "05/04/2024"),
        ("-", None),
        ("…", None),
        ("\u00a0", None),
    ],
)
def test_texts(value, said):
    assert told(text(Cell(value), 4_000)) == said


def test_a_text_is_never_cut():
    assert told(text(Cell("a" * 10), 10)) == "a" * 10
    read = text(Cell("a" * 11), 10)
    assert told(read) == ("text_too_long",)
    assert read.values == {"length": 11, "most": 10}


def test_text_of_an_old_font_is_never_stored():
    assert told(text(Cell("§µo t¹o nghÒ"), 100)) == ("encoding_unclear",)


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (number("31333333", "#,##0"), "31.333.333"),
        (number("54.654322", "#,##0.######"), "54,654322"),
        (number("1234.5"), "1234,5"),
        (number("0.35", "0%"), "35 %"),
        (number("1E+3"), "1000"),
        (Cell("a\n b"), "a b"),
        (Cell(date(2024, 4, 5)), "05/04/2024"),
        (Cell(datetime.fromisoformat("2024-04-05T08:30")), "05/04/2024 08:30"),
        (Cell(True), "TRUE"),
        (Cell(None, problem="#REF!"), "#REF!"),
        (Cell(None), ""),
        (None, ""),
    ],
)
def test_a_cell_as_one_sees_it(cell, seen):
    assert shown(cell) == seen
    if cell is not None and cell.problem is None:
        assert line(cell) == seen


def test_levels():
    assert amount(Cell("1.725"), "trieu").level is Level.QUESTION
    assert amount(Cell("a"), "trieu").is_error
    assert amount(Cell("1"), "trieu").level is None
