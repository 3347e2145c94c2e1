"""What official letters print (domain §7.2, §7.3): heads with their days, and the Word template."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Surrogate, UtcDateTime


class LetterHead(Surrogate, Base):
    """Issuer, symbol, signer and recipients in force from `valid_from` to `valid_to`.

    The office in charge and its signer change with every reorganisation (domain §6.2), so a
    letter prints the head of its own day.
    """

    __tablename__ = "letter_head"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_order"),
        CheckConstraint("length(trim(issuer)) > 0", name="issuer_given"),
    )

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    superior: Mapped[str | None] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(Text)
    issuer_short: Mapped[str] = mapped_column(String(120))
    symbol: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(120))
    authority: Mapped[str | None] = mapped_column(String(120))
    position: Mapped[str] = mapped_column(String(120))
    signer: Mapped[str] = mapped_column(String(120))
    via_office: Mapped[str] = mapped_column(String(200))
    legal_basis: Mapped[str] = mapped_column(Text)
    recipients: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def __str__(self) -> str:
        return f"{self.issuer_short} ({self.valid_from:%d/%m/%Y})"


class LetterTemplate(Surrogate, Base):
    """A Word template that the office edited; the newest one is used, earlier ones are kept."""

    __tablename__ = "letter_template"

    content: Mapped[bytes] = mapped_column(LargeBinary)
    file_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_name: Mapped[str] = mapped_column(String(200))
