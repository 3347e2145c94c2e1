"""What a new office enters before its first period is open, in order: shown on the first page."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from admin.access import GRANTS, May, allowed
from admin.words import label
from models import Role, db
from models.base import today
from reports.beginning import begun


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to enter; `key` is what `begun` calls it."""

    key: str
    may: May
    endpoint: str
    name: Any
    what: Any


STEPS = (
    Step(
        "settings",
        May.EDIT_SETTINGS,
        "settings.index",
        _l("Settings of the office"),
        _l("Names as they are printed, and the rule of the deadline."),
    ),
    Step(
        "heads",
        May.EDIT_LETTER_HEADS,
        "letter_head.index_view",
        _l("Letter heads"),
        _l("Authority, symbol, place and signer of letters and papers."),
    ),
    Step(
        "components",
        May.EDIT_COMPONENTS,
        "component.index_view",
        _l("The programme and its components"),
        _l("The tree under which projects and capital are reported."),
    ),
    Step(
        "investors",
        May.EDIT_INVESTORS,
        "investor.index_view",
        _l("Investors"),
        _l("The units that hold capital and report."),
    ),
    Step(
        "people",
        May.EDIT_USERS,
        "user.index_view",
        _l("Accounts"),
        _l("Of the staff, and of the people who enter the figures of each unit."),
    ),
    Step(
        "days_off",
        May.EDIT_HOLIDAYS,
        "holiday.index_view",
        _l("Days off of this year"),
        _l("Compared with the notice and confirmed: deadlines move with them."),
    ),
    Step(
        "projects",
        May.EDIT_PROJECTS,
        "project.index_view",
        _l("Projects"),
        _l("Typed, pasted, or from an Excel list."),
    ),
    Step(
        "capital",
        May.EDIT_ALLOCATIONS,
        "decision.index_view",
        _l("Decisions and their capital"),
        _l("A decision with its lines, also from its Excel annex."),
    ),
    Step(
        "period",
        May.EDIT_PERIODS,
        "period.index_view",
        _l("The first reporting period"),
        _l("Opening it works out its deadline and who must report."),
    ),
)


def first_steps() -> list[dict[str, Any]]:
    """Each step: whether it is done, its address for whoever may take it, else the roles that do.
    Two queries.
    """
    done = begun(db.session(), today=today())
    return [
        {
            "name": step.name,
            "what": step.what,
            "is_done": step.key in done,
            "href": url_for(step.endpoint) if allowed(current_user, step.may) else "",
            "roles": [label(role) for role in Role if step.may in GRANTS[role]],
        }
        for step in STEPS
    ]
