"""Codes of reporting periods: `2024-03`, `2024-Q1`, and the closing period `2024-13`."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from models.base import RuleBroken, _n

_CODE = re.compile(r"(\d{4})-(?:(\d{2})|Q(\d))", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, order=False)
class PeriodCode:
    """A month, a quarter or the closing period of a budget year."""

    kind: str
    budget_year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "PeriodCode":
        """The period that a code names. Raises RuleBroken with the forms that are understood."""
        found = _CODE.fullmatch(text.strip())
        if found:
            year, number, quarter = int(found[1]), found[2], found[3]
            if FIRST_YEAR <= year <= LAST_YEAR:
                if quarter and 1 <= int(quarter) <= 4:
                    return cls("quarter", year, int(quarter))
                if number and 1 <= int(number) <= 12:
                    return cls("month", year, int(number))
                if number == "13":
                    return cls("closing", year, 13)
        raise RuleBroken(
            _n(
                "“%(code)s” is not a reporting period. Write a month like 2024-03, "
                "a quarter like 2024-Q1 or a closing period like 2024-13."
            ),
            field="code",
            code=text[:20],
        )

    @classmethod
    def is_one(cls, text: str) -> bool:
        """Whether a text names a period."""
        try:
            cls.parse(text)
        except RuleBroken:
            return False
        return True

    def __str__(self) -> str:
        number = f"Q{self.number}" if self.kind == "quarter" else f"{self.number:02d}"
        return f"{self.budget_year}-{number}"

    @property
    def months(self) -> tuple[tuple[int, int], ...]:
        """(year, month) of the calendar months in the period."""
        if self.kind == "quarter":
            return tuple((self.budget_year, 3 * self.number - 2 + i) for i in range(3))
        if self.kind == "closing":
            return ((self.budget_year + 1, 1),)
        return ((self.budget_year, self.number),)

    def window(self, cutoff: str = "end_of_month") -> tuple[date, date]:
        """First and last day of the data (domain §5.2).

        `day_14` ends a month or quarter on the 14th of its last month and begins it on the
        15th of the month before; the closing period is always the whole of January.
        """
        (first_year, first_month), (last_year, last_month) = self.months[0], self.months[-1]
        if cutoff == "day_14" and self.kind != "closing":
            month_before = date(first_year, first_month, 1) - timedelta(days=1)
            return month_before.replace(day=15), date(last_year, last_month, 14)
        return (
            date(first_year, first_month, 1),
            date(last_year, last_month, monthrange(last_year, last_month)[1]),
        )

    @property
    def due_base(self) -> tuple[int, int]:
        """The (year, month) from which the due month is counted."""
        return self.months[-1]

    def next(self) -> "PeriodCode":
        """The following period of the same kind."""
        return self._moved(1)

    def previous(self) -> "PeriodCode":
        """The period of the same kind before this one."""
        return self._moved(-1)

    def _moved(self, steps: int) -> "PeriodCode":
        if self.kind == "closing":
            return PeriodCode(self.kind, self.budget_year + steps, self.number)
        years, place = divmod(self.number - 1 + steps, 4 if self.kind == "quarter" else 12)
        return PeriodCode(self.kind, self.budget_year + years, place + 1)

    def same_last_year(self) -> "PeriodCode":
        """The same period of the budget year before (cùng kỳ)."""
        return PeriodCode(self.kind, self.budget_year - 1, self.number)
