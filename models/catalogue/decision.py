"""Decisions (quyết định): the legal basis of every allocated đồng (domain §2.2)."""

from datetime import date

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from models.base import Base, Searchable, Surrogate, _n, decision_number, shown


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

    in_files = (("number", ""),)
    in_order = ("issued_on", "number")

    number: Mapped[str] = mapped_column(
        String(60), info=shown(_n("Number"), _n("As printed, such as 6068/QĐ-UBND."))
    )
    issued_on: Mapped[date] = mapped_column(info=shown(_n("Issued on")))
    issuer: Mapped[str] = mapped_column(String(200), info=shown(_n("Issued by")))
    summary: Mapped[str | None] = mapped_column(Text, info=shown(_n("Summary"), lines=3))
    effective_on: Mapped[date] = mapped_column(
        info=shown(
            _n("Effective on"),
            _n("Capital under this decision counts from this day unless a line says else."),
        )
    )
    crosses_level: Mapped[bool] = mapped_column(
        default=False,
        info=shown(
            _n("From or to another level"),
            _n("Its adjustments need not balance among the units here."),
        ),
    )
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @validates("number")
    def _one_spelling(self, _key: str, number: str) -> str:
        """At every door: spaces make no second decision."""
        return decision_number(number) if isinstance(number, str) else number

    def __str__(self) -> str:
        return f"{self.number} ({self.issued_on:%d/%m/%Y})"
