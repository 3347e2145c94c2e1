"""What went wrong while saving, as one sentence for people; never SQL."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from admin.seen import note
from admin.words import say
from models import RuleBroken, Stale, db
from models.base import NoStore, constraint_name, is_busy, takes_nothing

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
    "uq_period_code": _l("This period is open already."),
    "uq_report_version_period_id_number": _l(
        "Somebody else froze a version in the same moment. Look at it, then freeze again."
    ),
    "ck_submission_moments_order": _l("The last sending lies before the first."),
    "ck_reopening_until_after_from": _l("The end of the reopening must lie in the future."),
    "uq_setting_key": _l("Somebody else saved the same setting just now. Save again."),
    "uq_rule_setting_code": _l("Somebody else saved the same check just now. Save again."),
}
# what PostgreSQL ends a transaction with when two stand in each other's way
_CONTENTION = frozenset({"40001", "40P01"})


def is_contention(error: BaseException) -> bool:
    """Whether the database only says that somebody else was at the same rows just now."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _CONTENTION


def is_refusal(error: BaseException) -> bool:
    """Whether the database refuses what was asked, so that a sentence is due and not a bug."""
    if isinstance(error, RuleBroken | IntegrityError | StaleDataError | DataError):
        return True
    # a trigger that keeps what is frozen, or the audit trail, as it is
    raised = getattr(getattr(error, "orig", None), "sqlstate", None) == "P0001"
    return isinstance(error, DBAPIError) and (raised or is_contention(error))


EXPECTED = (RuleBroken, IntegrityError, StaleDataError, DataError)


@contextmanager
def in_words(*, keep: bool = False) -> Iterator[None]:
    """What the database refuses inside is raised as the RuleBroken that a page shows.

    The transaction is rolled back, unless a savepoint inside keeps what was done before (`keep`).
    """
    try:
        yield
    except RuleBroken:
        raise
    except (DBAPIError, StaleDataError) as error:
        if not is_refusal(error):
            raise
        if not keep:
            db.session.rollback()
        note(f"refused: {type(error).__name__}")
        kind = Stale if isinstance(error, StaleDataError) or is_contention(error) else RuleBroken
        raise kind("%(why)s", why=sentence(error)) from None


def status_of(refusal: RuleBroken) -> int:
    """409 where somebody was faster, 422 where what was asked cannot be."""
    return 409 if isinstance(refusal, Stale) else 422


def sentence(error: Exception) -> str:
    """The sentence for one of the EXPECTED errors."""
    if isinstance(error, RuleBroken):
        return say(error)
    if isinstance(error, StaleDataError):
        return _("Somebody else changed or deleted this record in the meantime.")
    if is_contention(error):
        return _("Somebody else saved the same in this very moment. Nothing was saved; try again.")
    if why := takes_nothing(error):
        return no_store(why)
    if is_busy(error):
        return _("The database is busy: somebody else holds what is needed. Try again in a moment.")
    if isinstance(error, DataError):
        return _("A value is too large or too long to be stored.")
    return str(
        _known(error)
        or _(
            "Nothing was saved: another record with the same key is there already, "
            "or other records depend on this one."
        )
    )


def no_store(why: NoStore) -> str:
    """The sentence for a disk that takes nothing."""
    if why is NoStore.FULL:
        return _("The disk of the server is full. Nothing was saved; make room, then try again.")
    return _("The database can only be read at the moment. Nothing was saved; try again later.")


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
