"""Until when capital may be disbursed, where a vintage has an unusual last day."""

from datetime import date

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from admin.access import May
from admin.records import (
    DayField,
    Exported,
    LineField,
    Needed,
    RecordForm,
    Records,
    ValueFilter,
    WholeField,
)
from admin.words import day
from models import CapitalTerm, db
from models.base import today
from models.capital import usual_term
from reports.capital_terms import TermInForce, terms_in_force


def _years() -> list[int]:
    years = select(CapitalTerm.budget_year).distinct()
    return list(db.session.scalars(years.order_by(CapitalTerm.budget_year.desc())))


class TermForm(RecordForm):
    budget_year = WholeField(_l("Budget year"), [Needed()], least=2000, most=2100)
    vintage = WholeField(
        _l("Vintage"),
        [Needed()],
        least=1990,
        most=2100,
        description=_l("The year the capital was given for; earlier for carried-over capital."),
    )
    disburse_until = DayField(_l("Disburse until"), [Needed()])
    basis = LineField(
        _l("Legal basis"), most=300, description=_l("The law or decision that sets this day.")
    )


class TermView(Records):
    read, write = May.SEE_TERMS, May.EDIT_TERMS
    form = TermForm
    list_template = "records/capital_terms.html"
    fixed = ("budget_year", "vintage")
    column_list = ("budget_year", "vintage", "disburse_until", "usual", "basis")
    column_details_list = column_list
    column_labels = {
        "budget_year": _l("Budget year"),
        "vintage": _l("Vintage"),
        "disburse_until": _l("Disburse until"),
        "usual": _l("Usual last day"),
        "basis": _l("Legal basis"),
    }
    column_formatters = {
        "usual": lambda _v, _c, row, _n: day(usual_term(row.budget_year, row.vintage))
    }
    column_formatters_detail = column_formatters
    column_classes = {"basis": "wide"}
    sorts = {
        "budget_year": (CapitalTerm.budget_year, CapitalTerm.vintage),
        "vintage": (CapitalTerm.vintage, CapitalTerm.budget_year),
        "disburse_until": (CapitalTerm.disburse_until,),
    }
    default_order = (CapitalTerm.budget_year.desc(), CapitalTerm.vintage.desc())
    filters = (ValueFilter("year", _l("Budget year"), CapitalTerm.budget_year, _years),)
    exported = (
        Exported(_l("Budget year"), CapitalTerm.budget_year),
        Exported(_l("Vintage"), CapitalTerm.vintage),
        Exported(_l("Disburse until"), CapitalTerm.disburse_until),
        Exported(_l("Legal basis"), CapitalTerm.basis),
    )

    def in_force(self) -> list[TermInForce]:
        """What holds for the newest budget year, shown above the list."""
        return terms_in_force(db.session())

    def day(self) -> date:
        """Today, for the page to tell which terms have passed."""
        return today()


def pages() -> list[BaseView]:
    return [
        TermView(
            CapitalTerm, name=_l("Terms of capital"), category=_l("Catalogue"),
            endpoint="capital_term", menu_icon_value="clock",
        )
    ]  # fmt: skip
