"""Reorganisation (sắp xếp đơn vị; domain §6): what happened to units, and who succeeds whom."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    and_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from models.base import (
    Base,
    Owned,
    Surrogate,
    UtcDateTime,
    Versioned,
    among,
    belongs_to,
    choice,
)
from models.catalogue.decision import Decision
from models.catalogue.investor import Investor


class OrgEventKind(StrEnum):
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"
    FOUND = "found"


class OrgEvent(Surrogate, Versioned, Base):
    """One act under a decision; `details` lists what it made and changed, to be undone by."""

    __tablename__ = "org_event"

    kind: Mapped[OrgEventKind] = mapped_column(choice(OrgEventKind, "kind_known"))
    effective_on: Mapped[date]
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    summary: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(200))

    decision: Mapped[Decision] = relationship()

    def __str__(self) -> str:
        return self.summary


class FormerName(Owned, Base):
    """What a unit was called until `valid_to`; the present name stands with the unit itself."""

    __tablename__ = "former_name"
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="valid_order"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("org_event.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    gso_code: Mapped[str | None] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date]


class Succession(Owned, Base):
    """From `effective_on` another unit stands in the place of this one; of one split several do."""

    __tablename__ = "succession"
    __table_args__ = (
        Index("ix_succession_successor", "successor_id"),
        CheckConstraint("successor_id <> investor_id", name="successor_is_another"),
    )

    successor_id: Mapped[int] = mapped_column(ForeignKey("investor.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("org_event.id"), index=True)
    effective_on: Mapped[date]


class ProjectSuccession(Owned, Base):
    """The project under which a successor carries on a project of its predecessor."""

    __tablename__ = "project_succession"
    __table_args__ = (
        belongs_to("project", "project_id"),
        ForeignKeyConstraint(
            ["to_investor_id", "to_project_id"], ["project.investor_id", "project.id"]
        ),
        Index("ix_project_succession_from", "investor_id", "project_id"),
        Index("ix_project_succession_to", "to_investor_id", "to_project_id"),
    )

    project_id: Mapped[int] = mapped_column(BigInteger)
    to_investor_id: Mapped[int] = mapped_column(BigInteger)
    to_project_id: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(ForeignKey("org_event.id"), index=True)


class CapitalTransfer(Owned, Base):
    """From `effective_on` what was disbursed of an allocation counts with the successor's.

    The plan moves by a pair of `transfer` lines. Disbursement is not written twice: each đồng
    that a predecessor reported, also one that it reports late, is counted there before the day
    and with the successor from the day on, so that a pair can never be unbalanced (domain §6.3).
    `until_on` ends the rule where the successor itself is succeeded.
    """

    __tablename__ = "capital_transfer"
    __table_args__ = (
        belongs_to("allocation", "allocation_id"),
        ForeignKeyConstraint(
            ["to_investor_id", "to_allocation_id"], ["allocation.investor_id", "allocation.id"]
        ),
        Index("ix_capital_transfer_from", "investor_id", "allocation_id"),
        Index("ix_capital_transfer_to", "to_investor_id", "to_allocation_id"),
    )

    allocation_id: Mapped[int] = mapped_column(BigInteger)
    to_investor_id: Mapped[int] = mapped_column(BigInteger)
    to_allocation_id: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[int] = mapped_column(ForeignKey("org_event.id"), index=True)
    effective_on: Mapped[date]
    until_on: Mapped[date | None]


def was_called(day: date) -> ColumnElement[bool]:
    """Condition on FormerName: the one that its unit bore on that day."""
    return and_(FormerName.valid_from <= day, FormerName.valid_to >= day)


def names_on(
    session: Session, day: date, units: Collection[int] | None = None
) -> dict[int, dict[str, Any]]:
    """Code and names of the units that were called otherwise on that day: of all, or of these."""
    asked = select(FormerName).where(was_called(day))
    if units is not None:
        asked = asked.where(among(FormerName.investor_id, units))
    rows = session.scalars(asked.order_by(FormerName.valid_to.desc()))
    return {
        row.investor_id: {"code": row.code, "short_name": row.short_name, "name": row.name}
        for row in rows
    }


def called_on(unit: Investor, day: date) -> str:
    """The short name of a unit on a day, for a sentence that names it: a new name that is entered
    ahead waits for its day. One query; nothing is flushed for it, least of all what is refused.
    """
    session = object_session(unit)
    if session is None:
        return str(unit)
    with session.no_autoflush:
        names = names_on(session, day, [unit.id])
    return str(names[unit.id]["short_name"]) if unit.id in names else str(unit)
