"""Investors (chủ đầu tư): the units that hold capital and report."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    Base,
    Checked,
    RuleBroken,
    Searchable,
    Surrogate,
    Versioned,
    _n,
    changed,
    check_days,
    choice,
    is_mail_address,
    scoped_by,
    shown,
)


class InvestorKind(StrEnum):
    DEPARTMENT = "department"
    PUBLIC_SERVICE = "public_service"
    ASSOCIATION = "association"
    COMMUNE = "commune"
    MANAGEMENT_BOARD = "management_board"


@scoped_by("id")
class Investor(Surrogate, Searchable, Checked, Versioned, Base):
    """A reporting unit. Codes and names are reused over time (domain §6.2), so neither is a key."""

    __tablename__ = "investor"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_order"),
        CheckConstraint("length(trim(name)) > 0", name="name_given"),
        CheckConstraint("length(trim(code)) > 0", name="code_given"),
        Index("ix_investor_code", "code"),
    )
    search_fields = ("code", "short_name", "name", "gso_code", "contact_name")
    sort_field = "short_name"

    in_files = (("code", _n("Investor code")), ("short_name", ""))
    in_order = ("sort_order", "code")

    code: Mapped[str] = mapped_column(
        String(40), info=shown(_n("Code"), _n("Used by one unit at a time."))
    )
    kind: Mapped[InvestorKind] = mapped_column(
        choice(InvestorKind, "kind_known"), info=shown(_n("Kind"))
    )
    name: Mapped[str] = mapped_column(Text, info=shown(_n("Full name of the unit")))
    short_name: Mapped[str] = mapped_column(String(120), info=shown(_n("Short name")))
    gso_code: Mapped[str | None] = mapped_column(
        String(10),
        info=shown(_n("Code of the Statistics Office"), _n("Five digits for a commune or ward.")),
    )
    contact_name: Mapped[str | None] = mapped_column(String(120), info=shown(_n("Contact person")))
    phone: Mapped[str | None] = mapped_column(String(40), info=shown(_n("Telephone")))
    email: Mapped[str | None] = mapped_column(String(200), info=shown(_n("E-mail"), email=True))
    sort_order: Mapped[int] = mapped_column(
        default=0, info=shown(_n("Order"), _n("Place in lists and reports."))
    )
    valid_from: Mapped[date] = mapped_column(info=shown(_n("Valid from")))
    valid_to: Mapped[date | None] = mapped_column(
        info=shown(_n("Valid to"), _n("The last day of the unit; empty while it exists."))
    )

    def exists_on(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)

    def check(self) -> None:
        """True days, and an address that reminders can be sent to."""
        if changed(self, "email") and self.email and not is_mail_address(self.email):
            raise RuleBroken(_n("This is not an e-mail address."), field="email")
        check_days(self.valid_from, self.valid_to, field="valid_to")

    def __str__(self) -> str:
        return self.short_name or self.name
