"""The register of obstacles (khó khăn, vướng mắc; domain §4.3, Biểu 05)."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    EXPORT,
    FIRST,
    FORM,
    Base,
    Checked,
    Owned,
    RuleBroken,
    Searchable,
    _n,
    belongs_to,
    changed,
    choice,
    shown,
    today,
    told,
)
from models.calendar import Period
from models.catalogue import Investor, Project


class Cause(StrEnum):
    """Nhóm nguyên nhân (domain §4.3)."""

    GUIDANCE = "guidance"
    BENEFICIARIES = "beneficiaries"
    BIDDING = "bidding"
    SEASON = "season"
    SITE = "site"
    STAFF = "staff"
    LATE_CAPITAL = "late_capital"
    OTHER = "other"


class Solver(StrEnum):
    """Cấp giải quyết."""

    UNIT = "unit"
    DISTRICT = "district"
    PROVINCE = "province"
    CENTRAL = "central"


class ObstacleState(StrEnum):
    OPEN = "open"
    IN_HAND = "in_hand"
    SOLVED = "solved"


class Obstacle(Owned, Searchable, Checked, Base):
    """One obstacle from the day it was raised until it is solved, carried from month to month."""

    __tablename__ = "obstacle"
    __table_args__ = (
        belongs_to("project", "project_id"),
        Index("ix_obstacle_project", "investor_id", "project_id"),
        CheckConstraint("length(trim(content)) > 0", name="content_given"),
        CheckConstraint("(state = 'solved') = (solved_on IS NOT NULL)", name="solved_has_day"),
        CheckConstraint("solved_on IS NULL OR solved_on >= raised_on", name="days_order"),
    )
    search_fields = ("content", "proposal")
    sort_field = "content"

    project_id: Mapped[int | None] = mapped_column(BigInteger)
    content: Mapped[str] = mapped_column(Text, info=shown(_n("Obstacle"), lines=3))
    cause: Mapped[Cause] = mapped_column(
        choice(Cause, "cause_known"), info=shown(_n("Group of causes"))
    )
    proposal: Mapped[str | None] = mapped_column(Text, info=shown(_n("Proposal")))
    solver: Mapped[Solver] = mapped_column(
        choice(Solver, "solver_known"), info=shown(_n("Level that must solve it"))
    )
    raised_on: Mapped[date] = mapped_column(index=True, info=shown(_n("Raised on")))
    promised_on: Mapped[date | None] = mapped_column(info=shown(_n("Promised to be solved by")))
    state: Mapped[ObstacleState] = mapped_column(
        choice(ObstacleState, "state_known"),
        default=ObstacleState.OPEN,
        info=shown(_n("State")),
    )
    solved_on: Mapped[date | None] = mapped_column(info=shown(_n("Solved on")))
    solution: Mapped[str | None] = mapped_column(Text, info=shown(_n("How it was solved")))

    investor: Mapped[Investor] = relationship(
        primaryjoin="Investor.id == Obstacle.investor_id",
        foreign_keys="[Obstacle.investor_id]",
        info=shown(_n("Investor"), after=FIRST, out={FORM: "follows from the project"}),
    )
    project: Mapped[Project | None] = relationship(
        primaryjoin="and_(Project.investor_id == Obstacle.investor_id, "
        "Project.id == Obstacle.project_id)",
        foreign_keys="[Obstacle.investor_id, Obstacle.project_id]",
        overlaps="investor",
        info=shown(
            _n("Project"), _n("Type a part of its code or name."), after="investor", needed=True
        ),
    )

    # the report that told it; None where it was entered in the register itself
    period_id: Mapped[int | None] = mapped_column(ForeignKey("period.id"), index=True)
    period: Mapped[Period | None] = relationship(
        info=shown(_n("Told in the report of"), out={FORM: "set by the sending of a report"})
    )

    @property
    @told(_n("Age, days"), after="content", out={EXPORT: "follows from the days"})
    def age(self) -> int:
        """Days from the day it was raised until it was solved, or until today: the day on which its
        unit is known to end may lie ahead.
        """
        until = min(self.solved_on or today(), today())
        return max(0, (until - self.raised_on).days)

    def __str__(self) -> str:
        return self.content[:80]

    def check(self) -> None:
        """Days that fit each other, and what solved it once it is solved."""
        if not changed(self, "raised_on", "state", "solved_on", "solution"):
            return
        if self.raised_on is not None and self.raised_on > today():
            raise RuleBroken(_n("An obstacle cannot be raised in the future."), field="raised_on")
        if self.state != ObstacleState.SOLVED:
            if self.solved_on is not None:
                raise RuleBroken(
                    _n("It has a day on which it was solved, so its state is “solved”."),
                    field="state",
                )
            return
        self._check_solution()

    def _check_solution(self) -> None:
        if self.solved_on is None:
            raise RuleBroken(_n("Write the day on which it was solved."), field="solved_on")
        # what is known to end with its unit, and goes on with the successor, may lie ahead
        ends = self.investor.valid_to if self.investor is not None else None
        if self.solved_on > today() and self.solved_on != ends:
            raise RuleBroken(_n("It cannot be solved in the future."), field="solved_on")
        if self.raised_on is not None and self.solved_on < self.raised_on:
            raise RuleBroken(
                _n("It cannot be solved on %(solved)s, before it was raised on %(raised)s."),
                field="solved_on",
                solved=self.solved_on,
                raised=self.raised_on,
            )
        if not (self.solution or "").strip():
            raise RuleBroken(_n("Write how it was solved."), field="solution")
