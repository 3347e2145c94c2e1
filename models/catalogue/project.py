"""Concrete projects (dự án, hoạt động cụ thể): what one investor does under one component."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import MAX_DONG, Base, Checked, Owned, Searchable, check_days, choice
from models.catalogue.component import Component
from models.catalogue.investor import Investor


class ProjectStatus(StrEnum):
    PLANNED = "planned"
    ACTIVE = "active"
    COMPLETED = "completed"
    SUSPENDED = "suspended"


class Project(Owned, Searchable, Checked, Base):
    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("investor_id", "code"),
        CheckConstraint("end_on IS NULL OR end_on >= start_on", name="days_order"),
        CheckConstraint(
            f"total_investment BETWEEN 0 AND {MAX_DONG}", name="total_investment_range"
        ),
        CheckConstraint("length(trim(name)) > 0", name="name_given"),
        CheckConstraint("length(trim(code)) > 0", name="code_given"),
    )
    search_fields = ("code", "name")

    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(Text)
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"), index=True)
    start_on: Mapped[date]
    end_on: Mapped[date | None]
    total_investment: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[ProjectStatus] = mapped_column(choice(ProjectStatus, "status_known"))

    investor: Mapped[Investor] = relationship()
    component: Mapped[Component] = relationship()

    def check(self) -> None:
        check_days(self.start_on, self.end_on, field="end_on")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
