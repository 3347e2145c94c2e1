"""Where the whole report stands of which a record is a part."""

from typing import Any

from flask import url_for
from flask_login import current_user

from admin.access import May, allowed
from models import Submission, db


def whole_report(submission: Submission) -> str | None:
    """The page on which this person works on a report: the desk of the office, where it is
    returned and reopened, or the unit's own; None for whoever has neither.
    """
    code, unit = submission.period.code, submission.investor_id
    if allowed(current_user, May.SEE_REVIEW):
        return url_for("review.unit", code=code, investor_id=unit)
    own = db.session().scope.write or frozenset()
    if not allowed(current_user, May.FILL_REPORT) or unit not in own:
        return None
    several: dict[str, Any] = {"investor": unit} if len(own) > 1 else {}
    return url_for("my_report.sheet", code=code, **several)
