"""Checks of amounts: V1–V4, V7, V8 and V15 of domain §3.4."""

from collections.abc import Iterator

from models.base import MAX_DONG, Dong, Found, _n, error, meant_instead, warning
from models.filing.rows import AllocationRow, ProjectRow
from models.filing.sheet import Rule, Sheet
from models.returns import AMOUNTS


def rows_of(sheet: Sheet) -> Iterator[tuple[ProjectRow, AllocationRow, str]]:
    """Every capital of a sheet: (its project, its row, the subject of a finding about it)."""
    for project in sheet.projects:
        for row in project.allocations:
            yield project, row, f"allocation:{row.allocation_id}"


def v1_over_plan(sheet: Sheet) -> Iterator[Found]:
    """Cumulative disbursement may not pass the plan of its key; a warning while a decision is
    awaited ("chờ quyết định bổ sung/điều chỉnh").
    """
    for project, row, subject in rows_of(sheet):
        if row.after <= row.plan or (row.is_blank and row.before <= row.plan):
            continue
        level = warning if row.awaits_decision else error
        message = (
            _n(
                "%(project)s: cumulative disbursement %(after)s đồng exceeds the plan of "
                "%(plan)s đồng by %(over)s đồng while a decision is awaited. Explain."
            )
            if row.awaits_decision
            else _n(
                "%(project)s: cumulative disbursement %(after)s đồng exceeds the plan of "
                "%(plan)s đồng by %(over)s đồng. Correct the figure, or mark that a decision "
                "is awaited."
            )
        )
        yield level(
            subject,
            message,
            project=project.code,
            after=Dong(row.after),
            plan=Dong(row.plan),
            over=Dong(row.after - row.plan),
        )


def v2_negative_month(sheet: Sheet) -> Iterator[Found]:
    """A month is negative only by money returned, under a document that is named."""
    for project, row, subject in rows_of(sheet):
        if row.correction and not (row.correction_reason or "").strip():
            yield error(
                subject,
                _n(
                    "%(project)s: the correction of %(amount)s đồng for an earlier period needs "
                    "its reason."
                ),
                project=project.code,
                amount=Dong(row.correction),
            )
        if row.correction:
            yield warning(
                subject,
                _n(
                    "%(project)s: figures of earlier periods are corrected by %(amount)s đồng. "
                    "Explain which period and why."
                ),
                project=project.code,
                amount=Dong(row.correction),
            )
        paid = row.this_period - (row.correction or 0)
        if paid >= 0:
            continue
        if row.returned and (row.return_document or "").strip():
            yield warning(
                subject,
                _n(
                    "%(project)s: disbursement of the period is %(amount)s đồng, money was "
                    "returned under %(document)s. Explain."
                ),
                project=project.code,
                amount=Dong(paid),
                document=row.return_document,
            )
        else:
            yield error(
                subject,
                _n(
                    "%(project)s: disbursement of the period is negative (%(amount)s đồng). "
                    "Name the document under which the money was returned."
                ),
                project=project.code,
                amount=Dong(paid),
            )


def v3_negative_total(sheet: Sheet) -> Iterator[Found]:
    """Cumulative disbursement of the year is never below zero."""
    for project, row, subject in rows_of(sheet):
        if row.after < 0:
            yield error(
                subject,
                _n(
                    "%(project)s: cumulative disbursement would be %(after)s đồng. No more can "
                    "be returned than the %(before)s đồng disbursed before."
                ),
                project=project.code,
                after=Dong(row.after),
                before=Dong(row.before),
            )


def v4_recovered(sheet: Sheet) -> Iterator[Found]:
    """An advance is recovered at most as far as it was paid, and out of accepted volume."""
    for project, row, subject in rows_of(sheet):
        recovered, advances = row.recovered or 0, row.advance_balance_before + (row.advance or 0)
        if recovered > (row.completed or 0):
            yield error(
                subject,
                _n(
                    "%(project)s: recovered %(recovered)s đồng is more than the accepted volume "
                    "of %(completed)s đồng it is part of."
                ),
                project=project.code,
                recovered=Dong(recovered),
                completed=Dong(row.completed or 0),
            )
        elif recovered > advances:
            yield error(
                subject,
                _n(
                    "%(project)s: recovered %(recovered)s đồng is more than the advance of "
                    "%(advances)s đồng not yet settled."
                ),
                project=project.code,
                recovered=Dong(recovered),
                advances=Dong(advances),
            )


def v7_out_of_time(sheet: Sheet) -> Iterator[Found]:
    """Nothing is disbursed before the first allocation or after the capital has expired."""
    for project, row, subject in rows_of(sheet):
        if not any(getattr(row, name) for name in ("advance", "completed", "recovered")):
            continue  # money may always be paid back
        if row.first_line_on is None or row.first_line_on > sheet.period.data_to:
            yield error(
                subject,
                _n("%(project)s: this capital is not allocated before %(day)s yet."),
                project=project.code,
                day=row.first_line_on or sheet.period.data_to,
            )
        elif row.disburse_until < sheet.period.data_from:
            yield error(
                subject,
                _n("%(project)s: capital of %(vintage)s could be disbursed until %(day)s only."),
                project=project.code,
                vintage=row.vintage,
                day=row.disburse_until,
            )


def v8_thousandfold(sheet: Sheet) -> Iterator[Found]:
    """An amount some thousand times off the plan or the last month is asked about.

    The rule is `money.meant_instead`; the sheet asks by the same one while people type.
    """
    for project, row, subject in rows_of(sheet):
        for name in AMOUNTS:
            amount, last = getattr(row, name) or 0, row.last_month or 0
            if meant_instead(amount, plan=row.plan, last=last) is not None:
                yield warning(
                    subject,
                    _n(
                        "%(project)s: did you mean %(amount)s đồng? The plan is %(plan)s đồng, "
                        "the month before was %(last)s đồng. Check the unit, or explain."
                    ),
                    project=project.code,
                    amount=Dong(amount),
                    plan=Dong(row.plan),
                    last=Dong(last),
                )
                break


def v15_impossible(sheet: Sheet) -> Iterator[Found]:
    """No typed amount is negative or has more than 15 digits."""
    for project, row, subject in rows_of(sheet):
        for name in AMOUNTS:
            amount = getattr(row, name) or 0
            if not 0 <= amount <= MAX_DONG:
                yield error(
                    subject,
                    _n("%(project)s: %(amount)s đồng is no possible amount."),
                    project=project.code,
                    amount=Dong(amount),
                )


MONEY_RULES: dict[str, Rule] = {
    "V15": v15_impossible,
    "V1": v1_over_plan,
    "V2": v2_negative_month,
    "V3": v3_negative_total,
    "V4": v4_recovered,
    "V7": v7_out_of_time,
    "V8": v8_thousandfold,
}
