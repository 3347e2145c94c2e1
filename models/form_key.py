"""One-time keys of forms: a double click or a resubmitted page is carried out once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class FormKey(Base):
    __tablename__ = "form_key"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE")
    )
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
