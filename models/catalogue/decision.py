"""Decisions (quyết định): the legal basis of every allocated đồng (domain §2.2)."""

from datetime import date

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Searchable, Surrogate


class Decision(Surrogate, Searchable, Base):
    """Number and dates are kept as people typed them; a slip is corrected with a trace.

    `crosses_level`: it moves capital from or to another level, so its lines need not balance.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("number", "issued_on", "issuer"),
        CheckConstraint("length(trim(number)) > 0", name="number_given"),
    )
    search_fields = ("number", "issuer", "summary")

    number: Mapped[str] = mapped_column(String(60))
    issued_on: Mapped[date]
    issuer: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str | None] = mapped_column(Text)
    effective_on: Mapped[date]
    crosses_level: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def __str__(self) -> str:
        return f"{self.number} ({self.issued_on:%d/%m/%Y})"
