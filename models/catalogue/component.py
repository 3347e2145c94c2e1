"""The programme tree (domain §1): programmes, component projects and sub-projects, as data."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Checked, Searchable, Surrogate, Versioned, _n, check_days, shown


class Component(Surrogate, Searchable, Checked, Versioned, Base):
    """A node of the programme tree. The word "dự án" here is the catalogue node (domain §1.2)."""

    __tablename__ = "component"
    __table_args__ = (
        CheckConstraint("parent_id <> id", name="parent_is_another"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_order"),
        CheckConstraint("length(trim(name)) > 0", name="name_given"),
    )
    search_fields = ("code", "short_name", "name")
    sort_field = "name"

    in_files = (("code", ""),)
    in_order = ("sort_order", "code")

    code: Mapped[str] = mapped_column(
        String(60),
        unique=True,
        info=shown(_n("Code"), _n("For example GNBV.DA3.TDA1; used once.")),
    )
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("component.id"), index=True)
    name: Mapped[str] = mapped_column(Text, info=shown(_n("Name")))
    short_name: Mapped[str] = mapped_column(String(120), info=shown(_n("Short name")))
    sort_order: Mapped[int] = mapped_column(
        default=0,
        info=shown(_n("Order"), _n("Place in lists and reports; smaller numbers come first.")),
    )
    valid_from: Mapped[date] = mapped_column(info=shown(_n("Valid from")))
    valid_to: Mapped[date | None] = mapped_column(
        info=shown(_n("Valid to"), _n("Leave empty while it is in use."))
    )

    parent: Mapped["Component | None"] = relationship(
        remote_side="Component.id",
        back_populates="children",
        info=shown(
            _n("Belongs to"),
            _n("The component one level up; empty for a programme."),
            after="code",
        ),
    )
    children: Mapped[list["Component"]] = relationship(
        back_populates="parent", order_by="Component.sort_order, Component.code"
    )

    def check(self) -> None:
        check_days(self.valid_from, self.valid_to, field="valid_to")

    def __str__(self) -> str:
        return f"{self.code} {self.short_name}"
