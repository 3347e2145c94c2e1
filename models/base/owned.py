"""What every table that belongs to an investor has in common."""

from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm.attributes import flag_modified

from models.base.bounds import InvestorScoped
from models.base.database import Versioned
from models.base.ids import id_of_row


class Owned(Versioned, InvestorScoped):
    """Key (investor_id, id): no unique or foreign key lacks the owner (design §3, §5).

    To a session a row is what both columns say, so that no row can stand for another whose id is
    the same. Addresses and the trail name it by `id` alone; `ScopedSession.get` takes that, too.
    """

    investor_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("investor.id"), primary_key=True
    )
    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, default=id_of_row, index=True
    )

    # a column that never changes: as if it had, the row is saved and its version rises
    flagged: ClassVar[str]

    def outdate(self) -> None:
        """What stands below the row changes, if no column of its own: pages of it that are open
        are old now, and so is a version of the period that is being computed.
        """
        flag_modified(self, self.flagged)


def belongs_to(parent: str, column: str) -> ForeignKeyConstraint:
    """Composite foreign key: a row and its parent always have the same owner."""
    return ForeignKeyConstraint(["investor_id", column], [f"{parent}.investor_id", f"{parent}.id"])
