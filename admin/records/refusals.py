"""What went wrong while saving, as one sentence for people; never SQL."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from admin.words import say
from models import RuleBroken
from models.base import constraint_name

KNOWN: dict[str, Any] = {
    "uq_component_code": _l("Another component has this code already."),
    "uq_project_investor_id_code": _l("This investor has a project with this code already."),
    "uq_decision_number_issued_on_issuer": _l(
        "A decision with this number, day and issuer is there already."
    ),
    "uq_holiday_day": _l("This day is in the calendar already."),
    "uq_user_account_username": _l("This user name is taken."),
    "uq_allocation_investor_id_project_id_budget_year_source_nature_vintage": _l(
        "The project has an allocation of this year, source, nature and vintage already."
    ),
    "uq_progress_entry_investor_id_submission_id_project_id": _l(
        "The project has an entry in this period already."
    ),
    "uq_submission_investor_id_period_id": _l(
        "Somebody else has just begun this report. Save again."
    ),
    "ck_component_parent_is_another": _l("A component cannot lie under itself."),
}
EXPECTED = (RuleBroken, IntegrityError, StaleDataError, DataError)


def sentence(error: Exception) -> str:
    """The sentence for one of the EXPECTED errors."""
    if isinstance(error, RuleBroken):
        return say(error)
    if isinstance(error, StaleDataError):
        return _("Somebody else changed or deleted this record in the meantime.")
    if isinstance(error, DataError):
        return _("A value is too large or too long to be stored.")
    return str(
        _known(error)
        or _(
            "Nothing was saved: another record with the same key is there already, "
            "or other records depend on this one."
        )
    )


def _known(error: Exception) -> Any:
    """SQLite names the columns of a unique key, not the key; PostgreSQL cuts long names."""
    name = constraint_name(error) or ""
    found = re.search(r"UNIQUE constraint failed: (.+)", str(getattr(error, "orig", "")))
    if found:
        parts = [part.strip().split(".") for part in found[1].split(",")]
        name = "_".join(["uq", parts[0][0], *(part[-1] for part in parts)])
    if not name:
        return None
    return next((text for key, text in KNOWN.items() if key[:50] == name[:50]), None)


def blame(form: Any, error: Exception) -> None:
    """Put the sentence at the field it belongs to, else on top of the form."""
    name = getattr(error, "field", None)
    field = form._fields.get(name) if name else None
    if field is None:
        form.form_errors.append(sentence(error))
    else:
        field.errors = [*field.errors, sentence(error)]
