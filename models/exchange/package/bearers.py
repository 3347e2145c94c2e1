"""Which unit a code means: codes are used again (domain §6.2)."""

from collections.abc import Sequence
from datetime import date

from models.catalogue import Investor


class Bearers(dict[str, list[Investor]]):
    """The units by the code that they have.

    A code in a file means the unit of the days that its line is about, for a person the newest
    one; `X-06388@2024-12-01` means the one of several that began on that day.
    """

    def note(self, unit: Investor) -> None:
        """One more unit."""
        self.setdefault(unit.code, []).append(unit)

    def bearing(self, typed: str) -> list[Investor]:
        """All units that a code may mean."""
        code, _at, first = typed.rpartition("@")
        return self.get(typed) or [
            row for row in self.get(code, []) if row.valid_from.isoformat() == first
        ]

    def __contains__(self, typed: object) -> bool:
        """Whether a code means any unit."""
        return isinstance(typed, str) and bool(self.bearing(typed))

    def in_days(self, typed: str, day: date, last: date | None) -> Sequence[Investor]:
        """Those that a line about these days means: those of `day`, or else all that begin up to
        `last`.
        """
        rows = self.bearing(typed)
        if not self.get(typed):
            return rows
        on_day = [row for row in rows if row.exists_on(day)]
        return on_day or [
            row for row in rows if row.valid_from > day and (last is None or row.valid_from <= last)
        ]

    def newest(self, typed: str) -> Sequence[Investor]:
        """The one that a person belongs to; none where no unit has the code."""
        return sorted(self.bearing(typed), key=lambda row: row.valid_from)[-1:]


def named(unit: Investor, meant: Sequence[Investor]) -> str:
    """The code of a unit; with its first day where the code alone means another one, or none."""
    return unit.code if list(meant) == [unit] else f"{unit.code}@{unit.valid_from.isoformat()}"
