"""Catalogue: components and investors; decisions and days off lie in a module beside."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import aliased, contains_eager

from admin.access import May
from admin.records import ChoiceFilter, Records, YesNoFilter, counted
from admin.screens.decisions_and_days import DecisionView, HolidayView
from admin.screens.investor_facts import investor_facts
from models import (
    Component,
    Decision,
    ExpectedReport,
    Holiday,
    Investor,
    Project,
    Submission,
)

CATEGORY = _l("Catalogue")
above = aliased(Component, name="above")


class ComponentView(Records):
    read, write = May.SEE_COMPONENTS, May.EDIT_COMPONENTS
    form_args = {"parent": {"blank_text": _l("(none: this is a programme)")}}
    column_list = ("code", "short_name", "name", "parent", "sort_order", "valid_from", "valid_to")
    entities = {"parent": above}
    column_classes = {"sort_order": "num", "name": "wide"}
    eager = (contains_eager(Component.parent.of_type(above)),)
    search_columns = (Component.search_text,)
    searched_by = _l("code, name")
    default_order = (Component.sort_order, Component.code)
    filters = (YesNoFilter("programme", Component.parent_id.is_(None), name=_l("Programme")),)
    keep_instead = _l("Set “Valid to” instead: the component then ends, and its history stays.")

    def joined(self, statement: Any) -> Any:
        return statement.outerjoin(above, Component.parent_id == above.id)

    def hindrances(self, row: Component) -> list[str]:
        return counted(
            (
                lambda n: ngettext("It has %(num)s part.", "It has %(num)s parts.", n),
                Component,
                Component.parent_id == row.id,
            ),
            (
                lambda n: ngettext("It holds %(num)s project.", "It holds %(num)s projects.", n),
                Project,
                Project.component_id == row.id,
            ),
        )


class InvestorView(Records):
    read, write = May.SEE_INVESTORS, May.EDIT_INVESTORS
    details_template = "records/investor.html"
    column_list = ("code", "short_name", "kind", "contact_name", "phone", "valid_from", "valid_to")
    details_groups = (
        (_l("Unit"), ("code", "kind", "name", "short_name", "gso_code")),
        (_l("Contact"), ("contact_name", "phone", "email")),
        (_l("Validity"), ("valid_from", "valid_to", "sort_order")),
    )
    search_columns = (Investor.search_text,)
    searched_by = _l("code, name, contact person")
    default_order = (Investor.sort_order, Investor.code)
    filters = (
        ChoiceFilter("kind", Investor.kind),
        YesNoFilter("closed", Investor.valid_to.is_not(None), name=_l("Closed")),
    )
    keep_instead = _l("Set “Valid to” instead: the unit then closes, and its history stays.")

    def more(self, row: Investor) -> dict[str, Any]:
        return investor_facts(row)

    def hindrances(self, row: Investor) -> list[str]:
        return counted(
            (
                lambda n: ngettext("It has %(num)s project.", "It has %(num)s projects.", n),
                Project,
                Project.investor_id == row.id,
            ),
            (
                lambda n: ngettext("It has %(num)s report.", "It has %(num)s reports.", n),
                Submission,
                Submission.investor_id == row.id,
            ),
            (
                lambda n: ngettext(
                    "It is expected to report in %(num)s period.",
                    "It is expected to report in %(num)s periods.",
                    n,
                ),
                ExpectedReport,
                ExpectedReport.investor_id == row.id,
            ),
        )


def pages() -> list[BaseView]:
    return [
        ComponentView(
            Component, name=_l("Components"), category=CATEGORY, endpoint="component",
            menu_icon_value="tree",
        ),
        InvestorView(
            Investor, name=_l("Investors"), category=CATEGORY, endpoint="investor",
            menu_icon_value="building",
        ),
        DecisionView(
            Decision, name=_l("Decisions"), category=CATEGORY, endpoint="decision",
            menu_icon_value="stamp",
        ),
        HolidayView(
            Holiday, name=_l("Days off"), category=CATEGORY, endpoint="holiday",
            menu_icon_value="calendar",
        ),
    ]  # fmt: skip
