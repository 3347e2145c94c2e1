"""Checks of progress against money and words: V5, V6, V9–V14 of domain §3.4 on a sheet."""

from collections.abc import Iterator

from models.base import Dong, Found, _n, error, hint, warning
from models.filing.rows import ProjectRow
from models.filing.sheet import Rule, Sheet

HALF = 50
NEARLY_ALL = 90
ALL = 100
SECOND_QUARTER = 4  # the first month of it


def _subject(project: ProjectRow) -> str:
    return f"project:{project.project_id}"


def _warn(project: ProjectRow, message: str, **values: object) -> Found:
    """A warning about one project, which its sentence names."""
    return warning(_subject(project), message, project=project.code, **values)


def v5_paid_accepted_contract(sheet: Sheet) -> Iterator[Found]:
    """Paid for accepted volume ≤ accepted volume ≤ approved estimate, since the start."""
    for project in sheet.projects:
        accepted = project.volume_value
        if accepted is None:
            continue
        paid = project.paid_volume
        approved = project.total_investment
        if paid > accepted:
            yield _warn(
                project,
                _n(
                    "%(project)s: %(paid)s đồng are paid for accepted volume, but only "
                    "%(accepted)s đồng are accepted. Correct one of them, or explain."
                ),
                paid=Dong(paid),
                accepted=Dong(accepted),
            )
        if approved is not None and accepted > approved:
            yield _warn(
                project,
                _n(
                    "%(project)s: the accepted volume of %(accepted)s đồng is more than the "
                    "approved estimate of %(approved)s đồng. Correct one of them, or explain."
                ),
                accepted=Dong(accepted),
                approved=Dong(approved),
            )


def v6_parts_and_total(sheet: Sheet) -> Iterator[Found]:
    """The total that the unit states is the sum of its parts, with or without memo sources."""
    stated = sheet.submission.stated_total if sheet.submission is not None else None
    total = sheet.total.this_period
    with_memo = sum(row.this_period for row in sheet.allocations)
    if stated is not None and stated not in (total, with_memo):
        yield error(
            "report",
            _n(
                "The parts add up to %(total)s đồng, the total of your own table is %(stated)s "
                "đồng: %(difference)s đồng differ. Correct the figure that is wrong."
            ),
            total=Dong(total),
            stated=Dong(stated),
            difference=Dong(stated - total),
        )


def v9_nothing_new(sheet: Sheet) -> Iterator[Found]:
    """Nothing changed since the last month, and not a word about it."""
    if sheet.submission is not None and sheet.submission.nil_report:
        return
    for project in sheet.projects:
        told = project.progress_text or project.obstacles or project.proposals
        moved = any(row.this_period for row in project.allocations) or (
            project.physical_progress is not None
            and project.physical_progress != project.previous_progress
        )
        if project.allocations and not told and not moved:
            yield _warn(
                project,
                _n(
                    "%(project)s: cumulative disbursement stays at %(after)s đồng and nothing is "
                    "written. Did nothing arise? Write a word on progress, or explain."
                ),
                after=Dong(project.after),
            )


def v10_progress_and_money(sheet: Sheet) -> Iterator[Found]:
    """Progress does not fall, and money and work do not part company: by what is disbursed to the
    đồng, not by the rate as it is printed.
    """
    for project in sheet.projects:
        progress, before, paid = project.physical_progress, project.previous_progress, project.rate
        if progress is None:
            continue
        if before is not None and progress < before:
            yield _warn(
                project,
                _n(
                    "%(project)s: physical progress falls from %(before)s%% to %(progress)s%%. "
                    "Correct it, or explain."
                ),
                before=before,
                progress=progress,
            )
        if paid is None:
            continue
        after, plan = project.after * 100, project.plan
        too_little, too_much = after < HALF * plan, after > NEARLY_ALL * plan
        if (progress == ALL and too_little) or (progress < HALF and too_much):
            yield _warn(
                project,
                _n(
                    "%(project)s: %(progress)s%% of the work is done, but %(paid)s%% of the "
                    "capital is disbursed. Check both, or explain."
                ),
                progress=progress,
                paid=paid,
            )


def v11_estimate(sheet: Sheet) -> Iterator[Found]:
    """The estimate to the end of the year lies between what is disbursed and the plan."""
    for project in sheet.projects:
        estimate = project.estimate
        if estimate is None or not project.budget_rows:
            continue
        if estimate < project.after:
            yield _warn(
                project,
                _n(
                    "%(project)s: the estimate of %(estimate)s đồng is less than the %(after)s "
                    "đồng already disbursed. Correct it, or explain."
                ),
                estimate=Dong(estimate),
                after=Dong(project.after),
            )
        elif estimate > project.plan:
            yield _warn(
                project,
                _n(
                    "%(project)s: the estimate of %(estimate)s đồng is more than the plan of "
                    "%(plan)s đồng. Correct it, or explain."
                ),
                estimate=Dong(estimate),
                plan=Dong(project.plan),
            )


def v12_silence_at_zero(sheet: Sheet) -> Iterator[Found]:
    """From the second quarter on, a project at 0 % says what stands in its way."""
    if sheet.period.number < SECOND_QUARTER:
        return
    for project in sheet.projects:
        if (
            project.plan > 0
            and project.after == 0
            and not (project.obstacles or project.open_obstacles)
        ):
            yield _warn(
                project,
                _n(
                    "%(project)s: nothing of the plan of %(plan)s đồng is disbursed, and no "
                    "obstacle is named. Write what stands in the way, or explain."
                ),
                plan=Dong(project.plan),
            )


def v13_doubtful_decision(sheet: Sheet) -> Iterator[Found]:
    """A decision dated after the period, or a number used twice: a hint for the unit, which
    cannot correct it; a warning in the ledger, where it can be.
    """
    for project in sheet.projects:
        for doubt in project.doubts:
            if doubt.is_double:
                yield hint(
                    _subject(project),
                    _n(
                        "%(project)s: the number %(number)s stands for two decisions of one "
                        "issuer and year. The office has to correct one of them."
                    ),
                    project=project.code,
                    number=doubt.number,
                )
            if doubt.issued_on > sheet.period.data_to:
                yield hint(
                    _subject(project),
                    _n(
                        "%(project)s: decision %(number)s is dated %(issued)s, after this "
                        "period. The office has to check the date."
                    ),
                    project=project.code,
                    number=doubt.number,
                    issued=doubt.issued_on,
                )


def v14_treasury(sheet: Sheet) -> Iterator[Found]:
    """Cumulative disbursement is what the State Treasury confirms: by its statement, where there
    is one for the end of the period, else by the figure that the unit typed.
    """
    for project in sheet.projects:
        confirmed = project.confirmed
        if confirmed is None or confirmed == project.after:
            continue
        message = (
            _n(
                "%(project)s: cumulative disbursement is %(after)s đồng, the Treasury "
                "confirms %(confirmed)s đồng: %(difference)s đồng differ. Explain."
            )
            if project.statement is None
            else _n(
                "%(project)s: cumulative disbursement is %(after)s đồng, the statement of the "
                "Treasury says %(confirmed)s đồng: %(difference)s đồng differ. Explain."
            )
        )
        yield _warn(
            project,
            message,
            after=Dong(project.after),
            confirmed=Dong(confirmed),
            difference=Dong(project.after - confirmed),
        )


PROGRESS_RULES: dict[str, Rule] = {
    "V5": v5_paid_accepted_contract,
    "V6": v6_parts_and_total,
    "V9": v9_nothing_new,
    "V10": v10_progress_and_money,
    "V11": v11_estimate,
    "V12": v12_silence_at_zero,
    "V13": v13_doubtful_decision,
    "V14": v14_treasury,
}
