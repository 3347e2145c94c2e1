"""Catalogue: components and investors; decisions and days off lie in a module beside."""

from typing import Any

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy.orm import aliased, contains_eager
from wtforms.validators import Email, Optional

from admin.access import May
from admin.records import (
    ChoiceField,
    ChoiceFilter,
    DayField,
    Exported,
    LineField,
    Needed,
    RecordForm,
    Records,
    RelationField,
    TextAreaField,
    WholeField,
    YesNoFilter,
    components,
    counted,
)
from admin.screens.decisions_and_days import DecisionView, HolidayView
from admin.screens.investor_facts import investor_facts
from models import (
    Component,
    Decision,
    ExpectedReport,
    Holiday,
    Investor,
    InvestorKind,
    Project,
    Submission,
)

CATEGORY = _l("Catalogue")
FOR_EVER = _l("Leave empty while it is in use.")
above = aliased(Component, name="above")


class ComponentForm(RecordForm):
    code = LineField(
        _l("Code"), [Needed()], most=60, description=_l("For example GNBV.DA3.TDA1; used once.")
    )
    parent = RelationField(
        _l("Belongs to"),
        components,
        description=_l("The component one level up; empty for a programme."),
        blank_text=_l("(none: this is a programme)"),
    )
    name = TextAreaField(_l("Name"), [Needed()], render_kw={"rows": 2})
    short_name = LineField(_l("Short name"), [Needed()], most=120)
    sort_order = WholeField(
        _l("Order"),
        [Needed()],
        default=0,
        description=_l("Place in lists and reports; smaller numbers come first."),
    )
    valid_from = DayField(_l("Valid from"), [Needed()])
    valid_to = DayField(_l("Valid to"), description=FOR_EVER)


class ComponentView(Records):
    read, write = May.SEE_COMPONENTS, May.EDIT_COMPONENTS
    form = ComponentForm
    column_list = ("code", "short_name", "name", "parent", "sort_order", "valid_from", "valid_to")
    column_labels = {
        "code": _l("Code"),
        "short_name": _l("Short name"),
        "name": _l("Name"),
        "parent": _l("Belongs to"),
        "sort_order": _l("Order"),
        "valid_from": _l("Valid from"),
        "valid_to": _l("Valid to"),
    }
    column_details_list = column_list
    column_classes = {"sort_order": "num", "name": "wide"}
    eager = (contains_eager(Component.parent.of_type(above)),)
    search_columns = (Component.search_text,)
    searched_by = _l("code, name")
    sorts = {
        "code": (Component.code,),
        "short_name": (Component.short_name,),
        "name": (Component.name,),
        "sort_order": (Component.sort_order, Component.code),
        "valid_from": (Component.valid_from,),
        "valid_to": (Component.valid_to,),
    }
    default_order = (Component.sort_order, Component.code)
    filters = (YesNoFilter("programme", _l("Programme"), Component.parent_id.is_(None)),)
    exported = (
        Exported(_l("Code"), Component.code),
        Exported(_l("Belongs to"), above.code),
        Exported(_l("Name"), Component.name),
        Exported(_l("Short name"), Component.short_name),
        Exported(_l("Order"), Component.sort_order),
        Exported(_l("Valid from"), Component.valid_from),
        Exported(_l("Valid to"), Component.valid_to),
    )
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


class InvestorForm(RecordForm):
    code = LineField(_l("Code"), [Needed()], most=40, description=_l("Used by one unit at a time."))
    kind = ChoiceField(_l("Kind"), InvestorKind, [Needed()])
    name = TextAreaField(_l("Full name"), [Needed()], render_kw={"rows": 2})
    short_name = LineField(_l("Short name"), [Needed()], most=120)
    gso_code = LineField(
        _l("Code of the Statistics Office"),
        most=10,
        description=_l("Five digits, for communes only."),
    )
    contact_name = LineField(_l("Contact person"), most=120)
    phone = LineField(_l("Telephone"), most=40)
    email = LineField(
        _l("E-mail"), [Optional(), Email(_l("This is not an e-mail address."))], most=200
    )
    sort_order = WholeField(
        _l("Order"), [Needed()], default=0, description=_l("Place in lists and reports.")
    )
    valid_from = DayField(_l("Valid from"), [Needed()])
    valid_to = DayField(
        _l("Valid to"), description=_l("The last day of the unit; empty while it exists.")
    )


class InvestorView(Records):
    read, write = May.SEE_INVESTORS, May.EDIT_INVESTORS
    form = InvestorForm
    details_template = "records/investor.html"
    column_list = ("code", "short_name", "kind", "contact_name", "phone", "valid_from", "valid_to")
    column_details_list = (
        "code", "kind", "name", "short_name", "gso_code", "contact_name", "phone", "email",
        "sort_order", "valid_from", "valid_to",
    )  # fmt: skip
    column_labels = {
        "code": _l("Code"),
        "kind": _l("Kind"),
        "name": _l("Full name"),
        "short_name": _l("Short name"),
        "gso_code": _l("Code of the Statistics Office"),
        "contact_name": _l("Contact person"),
        "phone": _l("Telephone"),
        "email": _l("E-mail"),
        "sort_order": _l("Order"),
        "valid_from": _l("Valid from"),
        "valid_to": _l("Valid to"),
    }
    details_groups = (
        (_l("Unit"), ("code", "kind", "name", "short_name", "gso_code")),
        (_l("Contact"), ("contact_name", "phone", "email")),
        (_l("Validity"), ("valid_from", "valid_to", "sort_order")),
    )
    search_columns = (Investor.search_text,)
    searched_by = _l("code, name, contact person")
    sorts = {
        "code": (Investor.code,),
        "short_name": (Investor.short_name,),
        "kind": (Investor.kind, Investor.sort_order),
        "contact_name": (Investor.contact_name,),
        "valid_from": (Investor.valid_from,),
        "valid_to": (Investor.valid_to,),
    }
    default_order = (Investor.sort_order, Investor.code)
    filters = (
        ChoiceFilter("kind", _l("Kind"), Investor.kind, InvestorKind),
        YesNoFilter("closed", _l("Closed"), Investor.valid_to.is_not(None)),
    )
    exported = (
        Exported(_l("Code"), Investor.code),
        Exported(_l("Kind"), Investor.kind, InvestorKind),
        Exported(_l("Full name"), Investor.name),
        Exported(_l("Short name"), Investor.short_name),
        Exported(_l("Code of the Statistics Office"), Investor.gso_code),
        Exported(_l("Contact person"), Investor.contact_name),
        Exported(_l("Telephone"), Investor.phone),
        Exported(_l("E-mail"), Investor.email),
        Exported(_l("Order"), Investor.sort_order),
        Exported(_l("Valid from"), Investor.valid_from),
        Exported(_l("Valid to"), Investor.valid_to),
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
