"""What the form of a ledger line asks beyond its fields: whether an amount is meant so."""

from typing import Any

from wtforms.validators import StopValidation

from admin.words import line_doubt_sentence
from models import Allocation, db
from models.base import today
from models.ledger import sums_of


class AskedAmount:
    """Asks about an amount a thousand times off the project's investment or the plan (V8)."""

    allocation: Allocation | None = None

    def validate_amount(self, field: Any) -> None:
        plan, there = 0, self.allocation
        project = self._fields["project"].data if there is None else there.project  # type: ignore[attr-defined]
        investment = project.total_investment if project is not None else 0
        if there is not None:
            plan = sums_of(db.session(), [there.id], day=today())[there.id].plan
        if field.data is not None and not field.ask(
            plan=investment or 0, last=plan, question=line_doubt_sentence
        ):
            raise StopValidation
