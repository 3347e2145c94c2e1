"""Saving the report of a unit: a draft always saves (design §4)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import (
    Actor,
    OutOfScope,
    Stale,
    _n,
    new_id,
)
from models.calendar import Period, takes_no_figures
from models.catalogue import Investor
from models.filing.checks import check_sheet, figures_behind
from models.filing.entries import hold_open
from models.filing.inputs import AmountsInput, DisbursementInput, ProjectInput
from models.filing.sheet import Sheet, read_sheet
from models.filing.writable import draft_to_write
from models.returns import (
    AMOUNTS,
    FIGURES,
    TEXTS,
    Disbursement,
    Explanation,
    ProgressEntry,
    Submission,
    of_report,
)


def save_report(
    session: Session,
    *,
    period: Period,
    investor: Investor,
    projects: Sequence[ProjectInput],
    nil_report: bool,
    explanations: Mapping[tuple[str, str], str],
    version: int,
    at: datetime,
    stated_total: int | None = None,
    confirmed: Collection[tuple[str, str]] = (),
    actor: Actor | None = None,
    read: Sheet | None = None,
) -> Submission:
    """Save the draft of a unit: whatever the checks say, a draft always saves.

    A report that was sent and is reopened becomes a draft again; what was sent is kept whole and
    stands until the corrected one is sent. An explanation holds for the figures it was given
    for: it holds on for others when its text changes, or when its key is in `confirmed`.

    `read` is the sheet as the request has read it already, whole or not; it is read again where
    its report was saved since.

    `version` is that of the submission when the page was read (0: there was none). Raises Stale
    when somebody saved in between, PeriodLocked when the period or the state takes no figures,
    OutOfScope for a project or allocation of another unit or year, RuleBroken for a figure
    that cannot be stored.
    """
    check_takes_figures(period)
    submission = draft_to_write(session, period, investor, version=version, at=at, actor=actor)
    sheet = read if read is not None and read.version == version else None
    if sheet is None:
        sheet = read_sheet(session, period=period, investor=investor, at=at, whole=False)
    check_targets(sheet, projects)
    if _asks_the_checks(sheet, explanations, is_new=not version):
        sheet = read_sheet(session, period=period, investor=investor, at=at)
    given_for = _given_for(sheet)
    asked = _asked(sheet, explanations) if version else set()
    if version:
        submission.outdate()
    submission.nil_report = nil_report
    submission.stated_total = stated_total
    store_entries(session, submission, sheet.entries, projects)
    session.flush()
    now = figures_behind(
        check_sheet(read_sheet(session, period=period, investor=investor, at=at))
        if any(text.strip() for text in explanations.values())
        else ()
    )
    answered = {key: text for key, text in explanations.items() if key in asked | now.keys()}
    if answered:
        _store_explanations(session, submission, answered, given_for, now, confirmed)
        session.flush()
    return submission


def _asks_the_checks(
    sheet: Sheet, explanations: Mapping[tuple[str, str], str], *, is_new: bool
) -> bool:
    """Whether the figures of before must be judged: for an explanation that was not there, or one
    of which nobody noted its figures.
    """
    return not all(sheet.explained_for.values()) or (
        not is_new and _answers_more(sheet, explanations)
    )


def _answers_more(sheet: Sheet, explanations: Mapping[tuple[str, str], str]) -> bool:
    return any(text.strip() for key, text in explanations.items() if key not in sheet.explanations)


def _asked(sheet: Sheet, explanations: Mapping[tuple[str, str], str]) -> set[tuple[str, str]]:
    """What the page had a field for: what is explained already, and what the checks ask of the
    figures that it showed. An explanation of anything else answers nothing and is not kept.
    """
    asked = set(sheet.explanations)
    if _answers_more(sheet, explanations):
        asked |= figures_behind(check_sheet(sheet)).keys()
    return asked


def check_takes_figures(period: Period) -> None:
    """Refuse a period whose figures come from its months. Raises PeriodLocked."""
    if why := takes_no_figures(period.named):
        raise why


def _given_for(sheet: Sheet) -> dict[tuple[str, str], str | None]:
    """For which figures each explanation was given; those of before it was kept, for the stored."""
    if all(sheet.explained_for.values()):
        return sheet.explained_for
    stored = figures_behind(check_sheet(sheet))
    return {
        key: figures if figures is not None else stored.get(key)
        for key, figures in sheet.explained_for.items()
    }


def check_targets(sheet: Sheet, projects: Sequence[ProjectInput]) -> None:
    """Refuse projects and capital that do not stand on the sheet. Raises OutOfScope."""
    known = {
        project.project_id: {row.allocation_id for row in project.allocations}
        for project in sheet.projects
    }
    for typed in projects:
        if typed.project_id not in known:
            raise OutOfScope(_n("A project of this form is not part of this report."))
        for money in typed.disbursements:
            if money.allocation_id not in known[typed.project_id]:
                raise OutOfScope(_n("An allocation of this form is not part of this report."))


def store_entries(
    session: Session,
    submission: Submission,
    stored: Mapping[int, ProgressEntry],
    projects: Sequence[ProjectInput],
) -> None:
    """Put what was typed into the entries of a report; `stored` are those it has, by project."""
    for typed in projects:
        entry = stored.get(typed.project_id)
        if entry is None:
            if typed.is_blank:
                continue
            entry = ProgressEntry(
                id=new_id(),
                investor_id=submission.investor_id,
                submission_id=submission.id,
                project_id=typed.project_id,
            )
            session.add(entry)
        for name in FIGURES:
            setattr(entry, name, getattr(typed, name))
        for name in TEXTS:
            setattr(entry, name, getattr(typed, name) or None)
        _store_disbursements(entry, typed.disbursements)


def save_amounts(
    session: Session,
    entry: ProgressEntry,
    disbursements: Sequence[AmountsInput],
    *,
    version: int,
    at: datetime,
) -> None:
    """Save the amounts of one entry, from a page that shows these alone; corrections, their
    reasons and what awaits a decision stay as they are.

    `version` is that of the entry when the page was read. Raises Stale, PeriodLocked, OutOfScope
    and RuleBroken as `save_report` does.
    """
    submission = entry.submission
    check_takes_figures(submission.period)
    hold_open(session, submission, at=at)
    session.refresh(entry)
    if version != entry.version:
        raise Stale(_n("Somebody else saved this entry while you were editing it."))
    sheet = read_sheet(session, period=submission.period, investor=submission.investor, at=at)
    entry.outdate()
    stored = {row.allocation_id: row for row in entry.disbursements}
    whole = [_with_the_rest(typed, stored.get(typed.allocation_id)) for typed in disbursements]
    check_targets(sheet, [ProjectInput(project_id=entry.project_id, disbursements=whole)])
    _store_disbursements(entry, whole)
    session.flush()


def _with_the_rest(typed: AmountsInput, row: Disbursement | None) -> DisbursementInput:
    """What was typed, and what the page did not show as it is stored."""
    rest = DisbursementInput(allocation_id=typed.allocation_id)
    if row is not None:
        rest = DisbursementInput.of(row)
    return replace(rest, **{name: getattr(typed, name) for name in (*AMOUNTS, "return_document")})


def _store_disbursements(entry: ProgressEntry, typed: Sequence[DisbursementInput]) -> None:
    stored = {row.allocation_id: row for row in entry.disbursements}
    for money in typed:
        row = stored.get(money.allocation_id)
        if money.is_blank:
            if row is not None:
                entry.disbursements.remove(row)
            continue
        if row is None:
            row = Disbursement(
                investor_id=entry.investor_id,
                entry_id=entry.id,
                allocation_id=money.allocation_id,
            )
            entry.disbursements.append(row)
        for name in AMOUNTS:
            setattr(row, name, getattr(money, name) or 0)
        row.correction = money.correction or 0
        row.correction_reason = money.correction_reason or None
        row.return_document = money.return_document or None
        row.awaits_decision = money.awaits_decision


def _store_explanations(
    session: Session,
    submission: Submission,
    texts: Mapping[tuple[str, str], str],
    given_for: Mapping[tuple[str, str], str | None],
    now: Mapping[tuple[str, str], str],
    confirmed: Collection[tuple[str, str]],
) -> None:
    """`given_for`: figures of the stored ones; `now`: the figures that warnings speak of now."""
    stored = {
        (row.rule, row.subject): row
        for row in session.scalars(select(Explanation).where(of_report(Explanation, submission)))
    }
    for key, text in texts.items():
        row = stored.get(key)
        if row is not None and text.strip():
            is_new = row.text != text.strip() or key in confirmed
            row.figures = now.get(key) if is_new else given_for.get(key)
            row.text = text.strip()
        elif row is not None:
            session.delete(row)
        elif text.strip():
            session.add(
                Explanation(
                    investor_id=submission.investor_id,
                    submission_id=submission.id,
                    rule=key[0],
                    subject=key[1],
                    text=text.strip(),
                    figures=now.get(key),
                )
            )
