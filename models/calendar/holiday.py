"""Days off and worked weekends (domain §5.4). The running system reads only this table."""

from datetime import date
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Surrogate, choice


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    COMPENSATORY = "compensatory"
    SWAP_OFF = "swap_off"
    WORKING_OVERRIDE = "working_override"
    LOCAL_OFF = "local_off"


class Holiday(Surrogate, Base):
    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[DayKind] = mapped_column(choice(DayKind, "kind_known"))
    name: Mapped[str] = mapped_column(String(200))
    source_note: Mapped[str | None] = mapped_column(String(300))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"
