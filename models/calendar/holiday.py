"""Days off and worked weekends (domain §5.4). The running system reads only this table."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Surrogate, UtcDateTime, Versioned, _n, choice, shown


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    COMPENSATORY = "compensatory"
    SWAP_OFF = "swap_off"
    WORKING_OVERRIDE = "working_override"
    LOCAL_OFF = "local_off"


class Holiday(Surrogate, Versioned, Base):
    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(unique=True, info=shown(_n("Day")))
    kind: Mapped[DayKind] = mapped_column(
        choice(DayKind, "kind_known"),
        info=shown(
            _n("Kind"), _n("A worked weekend counts as a working day; all others are days off.")
        ),
    )
    name: Mapped[str] = mapped_column(String(200), info=shown(_n("Name")))
    source_note: Mapped[str | None] = mapped_column(
        String(300), info=shown(_n("Basis of the day"), _n("The notice that orders this day."))
    )

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class HolidayYear(Versioned, Base):
    """What is known of the days off of one year: filled in from the library, and confirmed.

    Only a confirmation, by somebody who has read the Government's notice, makes the year known;
    a day that was typed by hand does not (domain §5.4).
    """

    __tablename__ = "holiday_year"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year_range"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"
        ),
    )

    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(Text)

    def __str__(self) -> str:
        return str(self.year)
