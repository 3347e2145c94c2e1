"""The forms of an allocation: its key, chosen once, and the lines of its ledger."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from admin.records import (
    ChoiceField,
    DayField,
    LookupField,
    MoneyField,
    Needed,
    RecordForm,
    TextAreaField,
    WholeField,
    decisions,
    projects,
)
from models import Allocation, LineKind, Nature, Source, db
from models.base import today
from models.ledger import sums_of

PROJECTS, DECISIONS = projects(), decisions()


class KeyForm(RecordForm):
    project = LookupField(
        _l("Project"), PROJECTS, [Needed()], description=_l("Type a part of its code or name.")
    )
    budget_year = WholeField(_l("Budget year"), [Needed()], least=2000, most=2100)
    source = ChoiceField(
        _l("Source"),
        Source,
        [Needed()],
        description=_l("Policy credit and other mobilisation stay outside the rates."),
    )
    nature = ChoiceField(_l("Nature"), Nature, [Needed()])
    vintage = WholeField(
        _l("Vintage"),
        [Needed()],
        least=2000,
        most=2100,
        description=_l("The year the capital was given for; earlier for carried-over capital."),
    )
    disburse_until = DayField(
        _l("Disburse until"), description=_l("Last day on which it may be paid out, if set.")
    )


class LineForm(RecordForm):
    decision = LookupField(
        _l("Decision"),
        DECISIONS,
        [Needed()],
        description=_l("Type a part of its number; add the decision first if it is missing."),
    )
    kind = ChoiceField(_l("Kind of the line"), LineKind, [Needed()])
    amount = MoneyField(
        _l("Amount (đồng)"),
        [Needed()],
        negative=True,
        description=_l("With a minus where capital is taken away, such as -50.000.000."),
    )
    effective_on = DayField(
        _l("Effective on"),
        description=_l("Empty: the day on which the decision takes effect."),
    )
    note = TextAreaField(_l("Note"), render_kw={"rows": 2})
    allocation: Allocation | None = None

    def validate_amount(self, field: Any) -> None:
        """Ask about an amount a thousand times off the project's investment or the plan (V8)."""
        there = self.allocation
        investment = there.project.total_investment if there is not None else self.investment()
        plan = 0
        if there is not None:
            plan = sums_of(db.session(), [there.id], day=today())[there.id].plan
        if field.data is not None and not field.ask(plan=investment or 0, last=plan):
            raise StopValidation

    def investment(self) -> int | None:
        return None


class AllocationForm(KeyForm, LineForm):
    """The key and, with it, the first line of the ledger."""

    def investment(self) -> int | None:
        project = self.project.data
        return project.total_investment if project is not None else None
