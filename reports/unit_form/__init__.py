"""The Excel form in which a unit fills in its month, and that is read back without a question."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.filing import Sheet
from reports.unit_form.book import write_form
from reports.unit_form.columns import figure
from reports.unit_form.form import (
    UnitForm,
    authority_above,
    components,
    form_of,
    place_of,
    signer_of,
)
from reports.unit_form.rows import PrintedRow, rows_of

__all__ = [
    "PrintedRow",
    "UnitForm",
    "authority_above",
    "components",
    "figure",
    "form_of",
    "place_of",
    "rows_of",
    "signer_of",
    "unit_form",
    "write_form",
]


def unit_form(session: Session, sheet: Sheet, *, at: datetime) -> tuple[str, bytes]:
    """File name and workbook for the report of a unit as it is stored at that moment.

    Raises PeriodLocked with the rule and whom to ask where the report takes no figures.
    """
    form = form_of(session, sheet, at=at)
    return form.file_name, write_form(form)
