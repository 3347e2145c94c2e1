"""Concrete projects (dự án, hoạt động cụ thể): what one investor does under one component."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Checked, Owned, Searchable, _n, check_days, choice, in_dong, shown
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
        in_dong("total_investment"),
        CheckConstraint("length(trim(name)) > 0", name="name_given"),
        CheckConstraint("length(trim(code)) > 0", name="code_given"),
        Index("ix_project_code", "code"),
    )
    search_fields = ("code", "name")
    sort_field = "name"

    in_files = (("code", _n("Project code")), ("name", ""))
    in_order = ("code",)

    code: Mapped[str] = mapped_column(
        String(40), info=shown(_n("Code"), _n("Used once among all units."))
    )
    name: Mapped[str] = mapped_column(Text, info=shown(_n("Name")))
    component_id: Mapped[int] = mapped_column(ForeignKey("component.id"), index=True)
    start_on: Mapped[date] = mapped_column(
        info=shown(_n("Start"), _n("The unit is asked for reports from here on."))
    )
    end_on: Mapped[date | None] = mapped_column(
        info=shown(_n("End"), _n("Planned last day; may stay empty."))
    )
    total_investment: Mapped[int | None] = mapped_column(
        BigInteger,
        info=shown(
            _n("Total investment"),
            _n("Approved total of all years and sources; may stay empty."),
            unit="đồng",
        ),
    )
    status: Mapped[ProjectStatus] = mapped_column(
        choice(ProjectStatus, "status_known"),
        info=shown(_n("Status"), _n("Only projects that are active are expected in reports.")),
    )

    component: Mapped[Component] = relationship(
        info=shown(
            _n("Component"),
            _n("Only components of the lowest level hold projects."),
            after="name",
        )
    )
    investor: Mapped[Investor] = relationship(
        info=shown(
            _n("Investor"),
            _n("Type a part of the name; accents are not needed. It cannot change later."),
            after="component",
        )
    )

    def check(self) -> None:
        check_days(self.start_on, self.end_on, field="end_on")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
