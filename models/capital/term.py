"""Until when capital may be disbursed (hạn giải ngân; domain §2.3, §2.4)."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    SmallInteger,
    String,
    UniqueConstraint,
    and_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import (
    EXPORT,
    Base,
    Checked,
    RuleBroken,
    Surrogate,
    Versioned,
    _n,
    check_vintage,
    shown,
    told,
)
from models.capital.allocation import Allocation


class CapitalTerm(Surrogate, Checked, Versioned, Base):
    """The last day for capital of `vintage` held in `budget_year`, where it is an unusual one."""

    __tablename__ = "capital_term"
    __table_args__ = (
        UniqueConstraint("budget_year", "vintage"),
        CheckConstraint("vintage <= budget_year", name="vintage_not_later"),
        CheckConstraint("budget_year BETWEEN 2000 AND 2100", name="budget_year_range"),
        CheckConstraint("vintage BETWEEN 1990 AND 2100", name="vintage_range"),
    )

    budget_year: Mapped[int] = mapped_column(
        SmallInteger, info=shown(_n("Budget year"), least=2000, most=2100)
    )
    vintage: Mapped[int] = mapped_column(
        SmallInteger,
        info=shown(
            _n("Vintage"),
            _n("The year the capital was given for; earlier for carried-over capital."),
            least=1990,
            most=2100,
        ),
    )
    disburse_until: Mapped[date] = mapped_column(info=shown(_n("Disburse until")))
    basis: Mapped[str | None] = mapped_column(
        String(300), info=shown(_n("Legal basis"), _n("The law or decision that sets this day."))
    )

    @property
    @told(_n("Usual last day"), after="disburse_until", out={EXPORT: "follows from the years"})
    def usual(self) -> date:
        """The last day that the law sets for such capital."""
        return usual_term(self.budget_year, self.vintage)

    def __str__(self) -> str:
        return f"{self.budget_year} · {self.vintage}"

    def check(self) -> None:
        """Not before the budget year, and no capital of a later year than that."""
        check_vintage(self.budget_year, self.vintage)
        if self.disburse_until is None or self.budget_year is None:
            return  # refused by the table itself
        if self.disburse_until < date(self.budget_year, 1, 1):
            raise RuleBroken(
                _n("The last day lies before the budget year %(year)s."),
                field="disburse_until",
                year=self.budget_year,
            )


def usual_term(budget_year: int, vintage: int) -> date:
    """31 January of the next year (Law 39/2019 art. 68); for carried-over capital 31 December."""
    if vintage == budget_year:
        return date(budget_year + 1, 1, 31)
    return date(budget_year, 12, 31)


def term_of_allocation() -> ColumnElement[bool]:
    """Condition on CapitalTerm: the last day set for the vintage of an Allocation."""
    return and_(
        CapitalTerm.budget_year == Allocation.budget_year,
        CapitalTerm.vintage == Allocation.vintage,
    )


def terms_of(session: Session, budget_year: int) -> dict[int, date]:
    """Last days by vintage that are set for a budget year."""
    rows = session.execute(
        select(CapitalTerm.vintage, CapitalTerm.disburse_until).where(
            CapitalTerm.budget_year == budget_year
        )
    )
    return dict(rows.all())


def last_day(budget_year: int, vintage: int, *, own: date | None, terms: dict[int, date]) -> date:
    """The allocation's own last day, else that of its vintage, else the usual one."""
    return own or terms.get(vintage) or usual_term(budget_year, vintage)


def is_over(until: date, day: date) -> bool:
    """Whether capital that may be disbursed until one day was over by the end of another."""
    return until < day
