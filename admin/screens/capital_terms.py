"""Until when capital may be disbursed, where a vintage has an unusual last day."""

from datetime import date

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l

from admin.access import May
from admin.records import Records, ValueFilter, values_of
from models import CapitalTerm, db
from models.base import today
from reports.capital_terms import TermInForce, terms_in_force


class TermView(Records):
    read, write = May.SEE_TERMS, May.EDIT_TERMS
    list_template = "records/capital_terms.html"
    fixed = ("budget_year", "vintage")
    column_classes = {"basis": "wide"}
    default_order = (CapitalTerm.budget_year.desc(), CapitalTerm.vintage.desc())
    filters = (ValueFilter("year", CapitalTerm.budget_year, values_of(CapitalTerm.budget_year)),)

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
