"""The words of imports: what a column of a sheet can mean."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from models.sheets import Field, Level

IMPORT_LABELS: tuple[tuple[StrEnum, Any], ...] = (
    (Level.QUESTION, _l("Question")),
    (Field.NUMBER, _l("Number in order")),
    (Field.UNIT, _l("Investor")),
    (Field.PROJECT, _l("Name of the project")),
    (Field.PROJECT_CODE, _l("Code of the project")),
    (Field.PART, _l("Component")),
    (Field.SOURCE, _l("Source of capital")),
    (Field.NATURE, _l("Nature of capital")),
    (Field.VINTAGE, _l("Year of the capital")),
    (Field.MONTH, _l("Disbursed in the month")),
    (Field.ADVANCE, _l("Advance")),
    (Field.COMPLETED, _l("Payment for completed volume")),
    (Field.RECOVERED, _l("Advance recovered")),
    (Field.RETURNED, _l("Returned money")),
    (Field.VOLUME, _l("Value of work done")),
    (Field.ESTIMATE, _l("Estimate to the end of the year")),
    (Field.PLAN, _l("Plan")),
    (Field.PLAN_AFTER, _l("Plan after the changes")),
    (Field.BEFORE, _l("Disbursed up to the month before")),
    (Field.CUMULATIVE, _l("Disbursed up to the end of the month")),
    (Field.REMAINING, _l("Remaining")),
    (Field.RATE, _l("Rate (%)")),
    (Field.TOTAL, _l("Sum of other columns")),
    (Field.PROGRESS, _l("Physical progress")),
    (Field.PROGRESS_TEXT, _l("Progress and results")),
    (Field.OBSTACLES, _l("Obstacles")),
    (Field.PROPOSALS, _l("Proposals")),
    (Field.NOTE, _l("Note")),
    (Field.START, _l("Start")),
    (Field.END, _l("End")),
    (Field.INVESTMENT, _l("Total investment")),
    (Field.STATUS, _l("Status")),
    (Field.AMOUNT, _l("Amount allocated")),
    (Field.INCREASE, _l("Increase")),
    (Field.DECREASE, _l("Decrease")),
    (Field.LINE_KIND, _l("Kind of the ledger line")),
    (Field.DECISION, _l("Decision")),
    (Field.CONFIRMED, _l("Confirmed by the Treasury, cumulative")),
)
