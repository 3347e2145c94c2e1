"""Codes of periods, their windows and neighbours (domain §2.4, §5.2)."""

from datetime import date

import pytest

from models.base import RuleBroken
from models.calendar import PeriodCode

EVERY_CODE = [
    f"{year}-{number}"
    for year in (2000, 2024, 2099)
    for number in [f"{month:02d}" for month in range(1, 14)] + ["Q1", "Q2", "Q3", "Q4"]
]


@pytest.mark.parametrize(
    ("text", "kind", "year", "number"),
    [
        ("2024-03", "month", 2024, 3),
        ("2024-12", "month", 2024, 12),
        ("2024-Q1", "quarter", 2024, 1),
        ("2024-13", "closing", 2024, 13),
        (" 2024-03\n", "month", 2024, 3),
        ("2000-01", "month", 2000, 1),
        ("2100-13", "closing", 2100, 13),
    ],
)
def test_codes_are_understood(text, kind, year, number):
    assert PeriodCode.parse(text) == PeriodCode(kind, year, number)


@pytest.mark.parametrize("code", EVERY_CODE)
def test_a_code_is_written_as_it_is_read(code):
    assert str(PeriodCode.parse(code)) == code


@pytest.mark.parametrize(
    "text",
    [
        "2024-00", "2024-14", "24-03", "2024-Q5", "2024-Q0", "1999-12", "2101-01", "9999-01",
        "2024-3", "2024/03", "03-2024", "2024-q1", "2024-", "2024-03-01", "２０２４-03", "٢٠٢٤-03",
        "-2024-03", "", "2024-03'--", "x" * 5000,
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms_that_are_understood(text):
    with pytest.raises(RuleBroken, match=r"2024-03.*2024-Q1.*2024-13") as refused:
        PeriodCode.parse(text)

    assert refused.value.field == "code"
    assert len(refused.value.values["code"]) <= 20


@pytest.mark.parametrize(
    ("code", "calendar", "until_the_14th"),
    [
        ("2024-03", ("2024-03-01", "2024-03-31"), ("2024-02-15", "2024-03-14")),
        ("2024-02", ("2024-02-01", "2024-02-29"), ("2024-01-15", "2024-02-14")),
        ("2023-02", ("2023-02-01", "2023-02-28"), ("2023-01-15", "2023-02-14")),
        ("2024-01", ("2024-01-01", "2024-01-31"), ("2023-12-15", "2024-01-14")),
        ("2024-Q1", ("2024-01-01", "2024-03-31"), ("2023-12-15", "2024-03-14")),
        ("2024-Q4", ("2024-10-01", "2024-12-31"), ("2024-09-15", "2024-12-14")),
        ("2024-13", ("2025-01-01", "2025-01-31"), ("2025-01-01", "2025-01-31")),
    ],
)
def test_windows(code, calendar, until_the_14th):
    known = PeriodCode.parse(code)

    assert known.window() == tuple(map(date.fromisoformat, calendar))
    assert known.window("day_14") == tuple(map(date.fromisoformat, until_the_14th))


def test_months_follow_each_other_without_gap_or_overlap():
    month = PeriodCode.parse("2023-01")
    for _step in range(36):
        for cutoff in ("end_of_month", "day_14"):
            _first, last = month.window(cutoff)
            following, _last = month.next().window(cutoff)
            assert (following - last).days == 1
        month = month.next()
    assert str(month) == "2026-01"


@pytest.mark.parametrize(
    ("code", "previous"),
    [
        ("2024-03", "2024-02"),
        ("2024-01", "2023-12"),
        ("2024-Q1", "2023-Q4"),
        ("2024-Q3", "2024-Q2"),
        ("2024-13", "2023-13"),
    ],
)
def test_the_period_before_is_of_the_same_kind(code, previous):
    assert str(PeriodCode.parse(code).previous()) == previous
    assert str(PeriodCode.parse(previous).next()) == code


@pytest.mark.parametrize("code", ["2024-03", "2024-Q1", "2024-13"])
def test_the_same_period_of_last_year(code):
    assert str(PeriodCode.parse(code).same_last_year()) == code.replace("2024", "2023")


def test_the_closing_period_lies_in_january_but_belongs_to_the_year_before():
    closing = PeriodCode.parse("2024-13")

    assert (closing.budget_year, closing.months) == (2024, ((2025, 1),))
    assert PeriodCode.parse("2025-01").window() == closing.window()
    assert PeriodCode.parse("2024-Q2").months == ((2024, 4), (2024, 5), (2024, 6))
