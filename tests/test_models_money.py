"""Amounts as they are typed: battery rows 67–72, domain §2.5."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import MAX_DONG, UNITS, Dong, RuleBroken, format_dong, in_unit, parse_dong, rate

# What people and pasted cells are made of, so that the search meets the near misses.
TYPED = st.text(
    st.sampled_from(list("0123456789.,- đ₫+eE_x()\t\n\u00a0１２．²½⒈①٣NaN")), max_size=24
)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234.567", 1_234_567),
        ("1234567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1\u00a0234\u00a0567", 1_234_567),
        ("1\u202f234\u202f567", 1_234_567),
        ("  1.234.567 ", 1_234_567),
        ("１２３", 123),
        ("１．２３４．５６７", 1_234_567),
        ("1.234.567 đ", 1_234_567),
        ("1.234.567đ", 1_234_567),
        ("1.234.567\u00a0₫", 1_234_567),
        ("1.234.567 đồng", 1_234_567),
        ("1.234.567 VNĐ", 1_234_567),
        ("1.234", 1_234),
        ("1.234,00", 1_234),
        ("0", 0),
        ("007", 7),
        ("999.999.999.999.999", 999_999_999_999_999),
        ("1000000000000000", MAX_DONG),
    ],
)
def test_reads_what_is_written_in_vietnam(typed, amount):
    assert parse_dong(typed) == amount


@pytest.mark.parametrize(
    ("typed", "unit", "amount"),
    [
        ("1.234,5", "trieu", 1_234_500_000),
        ("1.234,567891", "trieu", 1_234_567_891),
        ("1,234", "trieu", 1_234_000),
        ("1234", "trieu", 1_234_000_000),
        ("1.234.567", "trieu", 1_234_567_000_000),
        ("0,5", "nghin", 500),
    ],
)
def test_reads_larger_units(typed, unit, amount):
    assert parse_dong(typed, unit=unit) == amount


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.234.567,5", "not a whole number"),
        ("12,34", "not a whole number"),
        ("1,234,567", "not clear"),
        ("1,234,567.50", "not clear"),
        ("1,234", "not clear"),
        ("1,000", "not clear"),
        ("1234567.5", "not clear"),
        ("12.34", "not clear"),
        ("0.500", "not clear"),
        ("12.3456", "not clear"),
        ("1.23.456", "not an amount"),
        ("1.234 567", "not an amount"),
        ("1e3", "not an amount"),
        ("1e309", "not an amount"),
        ("NaN", "not an amount"),
        ("Infinity", "not an amount"),
        ("1_000", "not an amount"),
        ("0x10", "not an amount"),
        ("--5", "not an amount"),
        ("+5", "not an amount"),
        ("(5)", "not an amount"),
        ("٣", "not an amount"),
        ("१२", "not an amount"),
        ("5²", "not an amount"),
        ("①", "not an amount"),
        ("⒈234", "not an amount"),
        ("½", "not an amount"),
        ("500\t234", "not an amount"),
        ("500\n234", "not an amount"),
        ("5 triệu", "not an amount"),
        ("1,", "not an amount"),
        (",5", "not an amount"),
        ("-", "not an amount"),
        ("\x00\ud800", "not an amount"),
        ("1" * 41, "not an amount"),
        ("1" * 40, "too large"),
        ("1.000.000.000.000.001", "too large"),
        ("-5", "cannot be negative"),
        ("－5", "cannot be negative"),
        ("−1.234", "cannot be negative"),
        ("", "in figures"),
        (" ", "in figures"),
        ("đ", "in figures"),
    ],
)
def test_refuses_with_a_sentence_instead_of_guessing(typed, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        parse_dong(typed)


@pytest.mark.parametrize("unit", ["nghin", "trieu"])
def test_asks_when_a_thousand_times_more_may_be_meant(unit):
    with pytest.raises(RuleBroken, match=r"two ways here\. Write 1234, or 1,234\."):
        parse_dong("1.234", unit=unit)

    assert parse_dong("1.234", unit=unit, confirmed=True) == 1_234 * UNITS[unit]


def test_refuses_the_word_dong_where_millions_are_typed():
    with pytest.raises(RuleBroken, match="larger unit"):
        parse_dong("1.500.000 đ", unit="trieu")


def test_says_the_limit():
    with pytest.raises(RuleBroken) as refused:
        parse_dong("1" * 20)

    assert refused.value.values == {"typed": "1" * 20, "most": MAX_DONG}
    assert isinstance(refused.value.values["most"], Dong)


def test_takes_negative_amounts_where_they_are_allowed():
    assert parse_dong("-35.500.000", allow_negative=True) == -35_500_000
    assert parse_dong("-0") == 0


@given(st.integers(-MAX_DONG, MAX_DONG))
def test_what_is_printed_can_be_typed(amount):
    printed = format_dong(amount)

    assert parse_dong(printed, allow_negative=True) == amount
    assert parse_dong(printed.replace(".", "\u00a0") + " ₫", allow_negative=True) == amount


@given(st.integers(0, MAX_DONG), st.sampled_from(sorted(UNITS)))
def test_units_lose_nothing(amount, unit):
    typed = f"{in_unit(amount, unit):f}".replace(".", ",")

    if unit == "dong" or in_unit(amount, unit) < 10**15:
        assert parse_dong(typed, unit=unit) == amount


@given(TYPED)
def test_never_invents_a_digit(typed):
    try:
        amount = parse_dong(typed)
    except RuleBroken:
        return
    whole = typed.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}).split(",")[0]
    assert re.sub(r"[^0-9]", "", whole).lstrip("0") == (str(amount) if amount else "")


@given(st.text(st.characters(codec=None), max_size=60), st.sampled_from(sorted(UNITS)))
def test_never_raises_anything_else(typed, unit):
    try:
        amount = parse_dong(typed, unit=unit, allow_negative=True)
    except RuleBroken as refused:
        str(refused).encode()  # the sentence can be shown
    else:
        assert abs(amount) <= MAX_DONG


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (2_299_845_679, 14_698_733_333, "15.65"),  # the total of domain §10.2
        (0, 500, "0.00"),
        (1, 800, "0.13"),  # 0.125 goes up
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (3, 2, "150.00"),
        (-1, 800, "-0.13"),
        (MAX_DONG, 1, "100000000000000000.00"),
    ],
)
def test_rates_are_half_up_with_two_decimals(part, whole, percent):
    assert str(rate(part, whole)) == percent


def test_without_a_plan_there_is_no_rate():
    assert rate(0, 0) is None
    assert rate(5, 0) is None


@given(st.integers(0, 10**17), st.integers(1, 10**17))
def test_rates_are_exact(part, whole):
    assert rate(part, whole) == Decimal((20_000 * part + whole) // (2 * whole)) / 100
