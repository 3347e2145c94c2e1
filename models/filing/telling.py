"""Saving what files say of reports: of many units at once, in the queries of a few."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.base import Actor
from models.calendar import Period
from models.catalogue import Investor
from models.filing.inputs import DisbursementInput, ProjectInput
from models.filing.saving import check_takes_figures, check_targets, store_entries
from models.filing.sheet import entries_of, read_sheets
from models.filing.told import Told, overlaid
from models.filing.writable import drafts_to_write
from models.returns import Submission


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftTold:
    """What is said of the report of one unit. `version` is that of the report when it was looked
    at (0: there was none).
    """

    investor: Investor
    version: int
    told: Sequence[Told]


def save_drafts(
    session: Session,
    *,
    period: Period,
    drafts: Sequence[DraftTold],
    at: datetime,
    actor: Actor | None = None,
) -> dict[int, Submission]:
    """Save drafts with what is said of them, by unit: all, or a refusal that is `about` its unit.
    Explanations, corrections, the stated total, a declared nil report and all other figures stay.
    `version` and refusals are those of `save_report`.
    """
    check_takes_figures(period)
    versions = {one.investor: one.version for one in drafts}
    submissions = drafts_to_write(session, period, versions, at=at, actor=actor)
    for one in drafts:
        if one.version:
            submissions[one.investor.id].outdate()
    units = [one.investor for one in drafts]
    sheets = read_sheets(session, period=period, investors=units, at=at)
    entries = entries_of(session, submissions.values())
    for one, sheet in zip(drafts, sheets, strict=True):
        check_targets(sheet, [_targets(told) for told in one.told])
        rows = {row.project_id: row for row in overlaid(sheet, one.told).projects}
        inputs = [ProjectInput.of(rows[told.project_id]) for told in one.told]
        store_entries(session, submissions[one.investor.id], entries, inputs)
    session.flush()
    return submissions


def _targets(told: Told) -> ProjectInput:
    return ProjectInput(
        project_id=told.project_id,
        disbursements=[DisbursementInput(allocation_id=key) for key in told.amounts],
    )
