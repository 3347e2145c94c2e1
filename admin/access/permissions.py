"""Who may do what: one table (design §3). A page that names no permission opens for nobody."""

from enum import StrEnum
from typing import Any

from flask_login import current_user

from admin.access.required import must_set_up
from models import Role, User
from models.sheets import Kind


class May(StrEnum):
    SEE_HOME = "home:read"
    OWN_ACCOUNT = "account:write"
    SEE_COMPONENTS = "component:read"
    EDIT_COMPONENTS = "component:write"
    SEE_INVESTORS = "investor:read"
    EDIT_INVESTORS = "investor:write"
    SEE_PROJECTS = "project:read"
    EDIT_PROJECTS = "project:write"
    SEE_DECISIONS = "decision:read"
    EDIT_DECISIONS = "decision:write"
    SEE_ALLOCATIONS = "allocation:read"
    EDIT_ALLOCATIONS = "allocation:write"
    SEE_PERIODS = "period:read"
    EDIT_PERIODS = "period:write"
    SEE_SUBMISSIONS = "submission:read"
    SEE_REVIEW = "review:read"
    REVIEW_SUBMISSIONS = "submission:review"
    SEE_ENTRIES = "entry:read"
    EDIT_ENTRIES = "entry:write"
    FILL_REPORT = "my-report:write"
    SEE_REPORTS = "report:read"
    SEE_HOLIDAYS = "holiday:read"
    EDIT_HOLIDAYS = "holiday:write"
    EDIT_USERS = "user:write"
    EDIT_SETTINGS = "setting:write"
    SEE_AUDIT = "audit:read"
    SEE_OBSTACLES = "obstacle:read"
    EDIT_OBSTACLES = "obstacle:write"
    ENTER_FOR_UNIT = "submission:enter"
    SEE_REMINDERS = "reminder:read"
    SEND_REMINDERS = "reminder:write"
    SEE_LETTERS = "letter:read"
    WRITE_LETTERS = "letter:write"
    EDIT_LETTER_HEADS = "letter-head:write"
    EDIT_COLUMN_SETS = "column-set:write"
    SEE_TERMS = "capital-term:read"
    EDIT_TERMS = "capital-term:write"
    SEE_ORGANISATION = "organisation:read"
    REORGANISE = "organisation:write"
    SEE_CHECKS = "rule:read"
    EDIT_CHECKS = "rule:write"
    SEE_IMPORTS = "import:read"
    IMPORT_MONTHLY = "import-monthly:write"
    IMPORT_CONSOLIDATED = "import-consolidated:write"
    IMPORT_ALLOCATIONS = "import-allocations:write"
    IMPORT_PROJECTS = "import-projects:write"
    IMPORT_TREASURY = "import-treasury:write"


# what a person needs for a file of each kind, whatever way it comes in
IMPORTS: dict[Kind, May] = {
    Kind.MONTHLY: May.IMPORT_MONTHLY,
    Kind.CONSOLIDATED: May.IMPORT_CONSOLIDATED,
    Kind.ALLOCATIONS: May.IMPORT_ALLOCATIONS,
    Kind.PROJECTS: May.IMPORT_PROJECTS,
    Kind.TREASURY: May.IMPORT_TREASURY,
}


READ_ALL = frozenset(
    {
        May.SEE_HOME,
        May.OWN_ACCOUNT,
        May.SEE_COMPONENTS,
        May.SEE_INVESTORS,
        May.SEE_PROJECTS,
        May.SEE_DECISIONS,
        May.SEE_ALLOCATIONS,
        May.SEE_PERIODS,
        May.SEE_SUBMISSIONS,
        May.SEE_ENTRIES,
        May.SEE_REPORTS,
        May.SEE_HOLIDAYS,
        May.SEE_OBSTACLES,
        May.SEE_TERMS,
        May.SEE_CHECKS,
        May.SEE_IMPORTS,
    }
)

# the desk of the reviewer holds the whole district; a unit sees its own report on its own page
READ_OFFICE = READ_ALL | {
    May.SEE_REVIEW,
    May.SEE_REMINDERS,
    May.SEE_LETTERS,
    May.SEE_ORGANISATION,
}

GRANTS: dict[Role, frozenset[May]] = {
    Role.ADMIN: READ_OFFICE
    | {
        May.EDIT_COMPONENTS,
        May.EDIT_INVESTORS,
        May.EDIT_HOLIDAYS,
        May.EDIT_USERS,
        May.EDIT_SETTINGS,
        May.SEE_AUDIT,
        May.EDIT_LETTER_HEADS,
        May.EDIT_COLUMN_SETS,
        May.REORGANISE,
        May.EDIT_CHECKS,
    },
    Role.OFFICER: READ_OFFICE
    | {
        May.EDIT_INVESTORS,
        May.EDIT_PROJECTS,
        May.EDIT_PERIODS,
        May.EDIT_HOLIDAYS,
        May.EDIT_ENTRIES,
        May.REVIEW_SUBMISSIONS,
        May.EDIT_OBSTACLES,
        May.ENTER_FOR_UNIT,
        May.SEND_REMINDERS,
        May.WRITE_LETTERS,
        May.EDIT_LETTER_HEADS,
        May.EDIT_COLUMN_SETS,
        May.REORGANISE,
        May.EDIT_CHECKS,
        May.IMPORT_MONTHLY,
        May.IMPORT_CONSOLIDATED,
        May.IMPORT_PROJECTS,
        May.IMPORT_TREASURY,
    },
    Role.FINANCE: READ_OFFICE
    | {
        May.EDIT_DECISIONS,
        May.EDIT_ALLOCATIONS,
        May.EDIT_TERMS,
        May.IMPORT_ALLOCATIONS,
        May.IMPORT_TREASURY,
    },
    # a unit reports at one entrance, My report; its entries are the history of that
    Role.INVESTOR: READ_ALL | {May.FILL_REPORT, May.EDIT_OBSTACLES, May.IMPORT_MONTHLY},
    Role.LEADER: READ_OFFICE,
    Role.AUDITOR: READ_OFFICE | {May.SEE_AUDIT},
}

# the menu of a role by endpoint, in its order, where it is less than what the role may open:
# links from these pages lead to the others all the same
MENU_OF: dict[Role, tuple[str, ...]] = {
    Role.INVESTOR: (
        "admin",
        "my_report",
        "imports",
        "obstacle",
        "entry",
        "reports",
        "reports_late",
        "reports_ranking",
        "versions",
    ),
}


def in_menu(user: Any, may: May | None, endpoint: str) -> bool:
    """Whether a page stands in the menu of this person."""
    return allowed(user, may) and endpoint in MENU_OF.get(user.role, (endpoint,))


def in_order(user: Any, items: list[Any]) -> list[Any]:
    """The items of the menu, without headings and in its own order where a role has one."""
    order = MENU_OF.get(getattr(user, "role", None))  # type: ignore[arg-type]
    if order is None:
        return items
    loose = [one for item in items for one in (item.get_children() or [item])]
    known = {one._view.endpoint: one for one in loose if not one.is_category()}
    return [known[endpoint] for endpoint in order if endpoint in known]


def granted(user: User, may: May) -> bool:
    """Whether the role of this person holds a permission, whoever acts in the person's name."""
    return may in GRANTS[user.role]


def may_import(user: User, kind: Kind) -> bool:
    """Whether this person's role may bring in a file of this kind."""
    return granted(user, IMPORTS[kind])


def myself() -> User:
    """The row of the person who is signed in, for what keeps it longer than a request names it."""
    return current_user._get_current_object()  # type: ignore[no-any-return]


def allowed(user: Any, may: May | None) -> bool:
    """Whether this person may do this; rows are limited elsewhere (models/base/scope.py)."""
    user = getattr(user, "_get_current_object", lambda: user)()  # asked for every line of the menu
    return bool(
        may is not None
        and user.is_authenticated
        and not user.must_change_password
        and not must_set_up(user)
        and may in GRANTS[user.role]
    )
