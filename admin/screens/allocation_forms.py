"""The forms of an allocation: its key, chosen once, and the lines of its ledger."""

from flask_babel import lazy_gettext as _l

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
from models import LineKind, Nature, Source

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


class AllocationForm(KeyForm, LineForm):
    """The key and, with it, the first line of the ledger."""
