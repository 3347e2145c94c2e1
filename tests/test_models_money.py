"""Amounts as they are typed: battery rows 67–72, domain §2.5."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import (
    MAX_DONG,
    UNITS,
    Dong,
    RuleBroken,
    format_dong,
    meant_instead,
    parse_dong,
    rate,
    write_amount,
)
from tests.amounts import CASES, SENTENCES, SUSPECT

# What people and pasted cells are made of, so that the search meets the near misses.
TYPED = st.text(
    st.sampled_from(list("0123456789.,- đ₫+eE_x()\t\n\u00a0１２．²½⒈①٣NaN")), max_size=24
)


@pytest.mark.parametrize(("typed", "unit", "language", "amount"), CASES)
def test_reads_what_means_one_thing_and_asks_about_the_rest(typed, unit, language, amount):
    if isinstance(amount, int):
        read = parse_dong(typed, unit=unit, language=language, allow_negative=True)
        assert read == amount
    else:
        with pytest.raises(RuleBroken, match=SENTENCES[amount]):
            parse_dong(typed, unit=unit, language=language, allow_negative=True)


@pytest.mark.parametrize("typed", ["-5", "－5", "−1.234", "(5)", "-12,5 triệu"])
def test_a_minus_is_refused_where_none_may_be(typed):
    with pytest.raises(RuleBroken, match="cannot be negative"):
        parse_dong(typed)


@pytest.mark.parametrize("typed", ["\x00\ud800", "Infinity", "1e309", "१२", "⒈234"])
def test_never_takes_a_curiosity_for_an_amount(typed):
    with pytest.raises(RuleBroken, match="not an amount"):
        parse_dong(typed)


@pytest.mark.parametrize(
    ("typed", "unit", "language"),
    [(typed, unit, language) for typed, unit, language, why in CASES if why == "unclear"],
)
def test_both_readings_that_are_offered_can_be_typed(typed, unit, language):
    """The joined figures, and the decimal; they differ."""
    with pytest.raises(RuleBroken) as asked:
        parse_dong(typed, unit=unit, language=language)

    offered = [asked.value.values[name] for name in ("plain", "decimal")]
    read = [parse_dong(text, unit=unit, language=language) for text in offered]
    assert read[0] != read[1]


@pytest.mark.parametrize(
    ("typed", "unit", "meant"),
    [
        ("12,34", "dong", 12_340_000),
        ("0,0000015", "dong", 0),
        ("0,0005", "nghin", 500),
        ("12,3456789", "trieu", 12_345_678),  # “12,3456789 triệu” was offered, and refused as well
        ("1,2345678901 tỷ", "dong", 1_234_567_890),
    ],
)
def test_what_is_offered_for_a_part_of_a_dong_can_be_typed(typed, unit, meant):
    with pytest.raises(RuleBroken) as refused:
        parse_dong(typed, unit=unit)
    assert parse_dong(refused.value.values["example"], unit=unit) == meant


@pytest.mark.parametrize(("amount", "plan", "last", "meant"), SUSPECT)
def test_suspects_an_amount_a_thousand_times_off(amount, plan, last, meant):
    assert meant_instead(amount, plan=plan, last=last) == meant


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


@given(
    st.integers(-MAX_DONG, MAX_DONG), st.sampled_from(sorted(UNITS)), st.sampled_from(["vi", "en"])
)
def test_what_stands_in_a_field_is_read_as_the_same_amount(amount, unit, language):
    typed = write_amount(amount, unit, language)

    assert parse_dong(typed, unit=unit, language=language, allow_negative=True) == amount


@given(TYPED)
def test_never_invents_a_digit(typed):
    """The figures of the amount are those typed; only zeros may be gone or added."""
    try:
        amount = parse_dong(typed, allow_negative=True)
    except RuleBroken:
        return
    plainly = typed.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
    assert re.sub(r"[^0-9]", "", plainly).strip("0") == str(abs(amount)).strip("0")


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
        (-1, 800_000, "0.00"),  # not -0.00: the sheet of a unit says 0,00 while it is typed
        (10**15, 1, "100000000000000000.00"),
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
