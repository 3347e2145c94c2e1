"""Sets of columns that the office saves by name: which a report shows, in which order, under
which heads of its own. They hold for screen and files; there is no free designer.
"""

from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, validates

from models.base import (
    Around,
    Base,
    Checked,
    RuleBroken,
    Surrogate,
    Versioned,
    _n,
    asked_together,
    changed,
    choice,
    clean_line,
    read_line,
    shown,
)

WIDE, NARROW = "wide", "narrow"
BUILT_IN = (WIDE, NARROW)  # come with the product; no set of the office is called like them
LONGEST_NAME, LONGEST_HEADING = 60, 80
NAMING = 2  # the first columns of a report say what a row is about: they stay where they are


class Tabled(StrEnum):
    """The reports that are tables, by the name in their address."""

    CONSOLIDATED = "consolidated"
    RANKING = "ranking"
    LATE = "late"
    CARRY_OVER = "carry-over"
    OBSTACLES = "obstacles"
    ALLOCATION_CHANGES = "allocation-changes"
    PACE = "pace"
    TREASURY = "treasury"


# the printed columns of each report in the order of their numbers
COLUMNS_OF: dict[str, tuple[str, ...]] = {
    Tabled.CONSOLIDATED: (
        "no", "name", "investor", "plan_total", "plan_year", "plan_central", "plan_local",
        "plan_investment", "plan_recurrent", "plan_carried", "disbursed_month", "disbursed_total",
        "disbursed_year", "disbursed_carried", "rate_total", "rate_year", "rate_carried",
        "remaining", "estimate", "progress", "obstacles", "note",
    ),
    Tabled.RANKING: (
        "rank", "investor", "plan_total", "disbursed_total", "rate_total", "versus_district",
        "versus_last_month", "versus_last_year", "bucket",
    ),
    Tabled.LATE: (
        "no", "investor", "period_said", "deadline", "first_submitted_at", "days_late", "status",
        "missed_in_year", "contact", "phone", "note",
    ),
    Tabled.CARRY_OVER: (
        "no", "name", "investor", "plan_carried", "decision", "disburse_until", "disbursed_month",
        "disbursed_carried", "rate_carried", "remaining", "carried_on", "to_cancel", "note",
    ),
    Tabled.OBSTACLES: (
        "no", "investor", "project", "content", "cause", "proposal", "solver", "promised_on",
        "state", "age_days", "note",
    ),
    Tabled.ALLOCATION_CHANGES: (
        "no", "name", "investor", "kind", "effective_on", "source", "nature", "vintage",
        "increase", "decrease", "amount", "note",
    ),
    Tabled.PACE: (
        "no", "name", "plan_total", "disbursed_total", "remaining", "share_left",
        "disburse_until", "months_left", "monthly_need", "monthly_pace", "times", "at_pace",
        "short", "earlier_low", "earlier_high", "note",
    ),
    Tabled.TREASURY: (
        "project_code", "project", "investor", "reported", "confirmed", "difference", "since",
        "age_days", "note",
    ),
}  # fmt: skip


class ColumnSet(Surrogate, Checked, Versioned, Base):
    """The columns of one report that a set shows, in their order, and its own heads by column.

    A head may be kept for a column that is hidden at present.
    """

    __tablename__ = "column_set"
    __table_args__ = (
        UniqueConstraint("report", "name"),
        CheckConstraint("length(trim(name)) > 0", name="name_given"),
    )

    report: Mapped[Tabled] = mapped_column(choice(Tabled, "report_known"), info=shown(_n("Report")))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), info=shown(_n("Name of the set")))
    columns: Mapped[list[str]] = mapped_column(
        JSON, info=shown(_n("Columns shown, in their order"))
    )
    headings: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, info=shown(_n("Own heads by column"))
    )

    @validates("name")
    def _in_one_spelling(self, _key: str, typed: str | None) -> str:
        return clean_line(typed or "")

    @validates("headings")
    def _without_blanks(self, _key: str, typed: dict[str, str] | None) -> dict[str, str]:
        """An empty head is none."""
        heads = {key: clean_line(str(head or "")) for key, head in (typed or {}).items()}
        return {key: head for key, head in heads.items() if head}

    def __str__(self) -> str:
        return self.name

    def check(self) -> None:
        """A name of its own, and columns of its report: those that name a row, and some more."""
        if not self.name:
            raise RuleBroken(_n("Give the set a name."), field="name")
        read_line(self.name, LONGEST_NAME, field="name")
        if self.name.casefold() in BUILT_IN:
            raise RuleBroken(
                _n("“%(name)s” comes with the product. Choose another name."),
                field="name",
                name=self.name,
            )
        known = COLUMNS_OF.get(self.report, ())
        for key in (*self.columns, *(self.headings or ())):
            if key not in known:
                raise RuleBroken(
                    _n("The report has no column “%(key)s”."),
                    field="columns",
                    key=str(key)[:40],
                )
        if len(set(self.columns)) < len(self.columns):
            raise RuleBroken(_n("A column stands in the set twice."), field="columns")
        if tuple(self.columns[:NAMING]) != known[:NAMING]:
            raise RuleBroken(
                _n("The first two columns say what a row is about: they stay, and stay first."),
                field="columns",
            )
        if len(self.columns) == NAMING:
            raise RuleBroken(
                _n("Choose at least one column besides the first two."), field="columns"
            )
        for head in (self.headings or {}).values():
            read_line(head, LONGEST_HEADING, field="headings")


@asked_together(ColumnSet)
def name_is_free(around: Around, rows: list[ColumnSet]) -> Iterator[RuleBroken]:
    """A report has one set of a name, however its letters are written."""
    fresh = [row for row in rows if changed(row, "name", "report")]
    others = around.rows(ColumnSet, ColumnSet.report.in_({row.report for row in fresh}))
    for row in fresh:
        for other in others:
            same = other.name.casefold() == row.name.casefold()
            if other is not row and same and other.report == row.report:
                yield RuleBroken(
                    _n("This report has a set called “%(name)s” already."),
                    field="name",
                    name=other.name,
                ).about(row)
                break


def column_sets(session: Session, *reports: str) -> list[ColumnSet]:
    """The sets of some reports, or of all, by report and name; one query."""
    found = session.scalars(
        select(ColumnSet).where(ColumnSet.report.in_(reports)) if reports else select(ColumnSet)
    )
    order = list(Tabled)
    return sorted(found, key=lambda one: (order.index(one.report), one.name.casefold()))
