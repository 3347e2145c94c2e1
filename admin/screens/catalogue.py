"""Catalogue: components and investors; decisions and days off lie in a module beside."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_
from sqlalchemy.orm import aliased, contains_eager

from admin.access import May
from admin.records import ChoiceFilter, Records, RowFilter, YesNoFilter, component_options
from admin.screens.decisions_and_days import DecisionView, HolidayView
from admin.screens.investor_facts import investor_facts
from models import (
    Component,
    Decision,
    Holiday,
    Investor,
)
from models.base import today

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
    filters = (
        YesNoFilter("programme", Component.parent_id.is_(None), name=_l("Programme")),
        RowFilter("parent", Component.parent_id, component_options, name=Component.parent),
    )
    keep_instead = _l("Set “Valid to” instead: the component then ends, and its history stays.")

    def joined(self, statement: Any) -> Any:
        return statement.outerjoin(above, Component.parent_id == above.id)


class ClosedFilter(YesNoFilter):
    """Its last day has passed; one whose last day is known beforehand is at work until then."""

    def apply(self, query: Any, value: bool, alias: Any = None) -> Any:
        is_over = and_(Investor.valid_to.is_not(None), Investor.valid_to < today())
        return query.where(is_over if value else ~is_over)


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
        ClosedFilter("closed", Investor.valid_to, name=_l("Closed")),
    )
    keep_instead = _l("Set “Valid to” instead: the unit then closes, and its history stays.")

    def more(self, row: Investor) -> dict[str, Any]:
        return investor_facts(row)


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
