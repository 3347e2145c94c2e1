"""What the paper of a unit's report says: its head, its tables, its words, its sending."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Allocation, Investor, Period, PeriodKind, Submission
from models.base import NotFound, _n, local, local_day
from models.calendar import PeriodCode, setting
from models.filing import NARRATIVE, AllocationRow, ProjectRow, Sheet, read_sheet
from models.ledger import Question, add_up, counted_periods
from models.returns import AMOUNTS, FIGURES, TEXTS
from reports.facts import name_on
from reports.letter import spoken_period
from reports.quarter import quarter_sheet
from reports.sendings import Sent, receipt, sendings_of
from reports.unit_form import authority_above, components, place_of, rows_of, signer_of
from reports.unit_paper.tables import PaperTable, month_table, quarter_table

# what stands over the words of a quarter
NARRATIVE_HEADS = {
    "narrative_results": "Kết quả thực hiện",
    "narrative_obstacles": "Khó khăn, vướng mắc, nguyên nhân",
    "narrative_tasks": "Nhiệm vụ, giải pháp kỳ tới",
    "narrative_proposals": "Đề xuất, kiến nghị",
}
WORDS = {
    "progress_text": "Kết quả thực hiện",
    "obstacles": "Khó khăn, vướng mắc",
    "proposals": "Kiến nghị, đề xuất",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What is said in words about one project, or about the whole quarter (`project` empty)."""

    project: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitPaper:
    """The report of one unit and one period as it was sent, or the draft where nothing was.

    `sent` is None for a draft. `unit_name` is what the unit was called on the day of the sending;
    `superior` and `place` are of the letter head in force then.
    """

    period: Period
    investor: Investor
    unit_name: str
    superior: str
    place: str
    programme: str
    table: PaperTable
    words: tuple[Said, ...]
    sent: Sent | None
    is_nil: bool
    is_demo: bool
    at: datetime

    @property
    def title(self) -> str:
        """Below the words BÁO CÁO that begin the paper."""
        code = PeriodCode.parse(self.period.code)
        return f"Tiến độ thực hiện và giải ngân vốn {spoken_period(code)}"

    @property
    def signer(self) -> tuple[str, ...]:
        return signer_of(self.investor)

    @property
    def year(self) -> int:
        """Of the day on which it is signed."""
        return local(self.sent.sent_at if self.sent else self.at).year


def paper_of(
    session: Session,
    *,
    period: Period,
    investor: Investor,
    at: datetime,
    number: int | None = None,
) -> UnitPaper:
    """The paper of one sending, of the last one where no `number` is given, else of the draft.

    Plan and what was disbursed before are those of now, the latter as all reports count it: what
    was sent or accepted, never what is being typed for an earlier period. The figures of the
    period are those of the sending. Raises NotFound for a sending that does not exist.
    """
    sheet = read_sheet(session, period=period, investor=investor, at=at)
    sendings = sendings_of(session, sheet.submission)
    sent = _chosen(sendings, number)
    if sent is not None and not sent.is_present and sheet.submission is not None:
        sheet = _as_sent(session, sheet, sheet.submission, sent)
    labels, programmes = components(session)
    roots = {programmes[project.component_code] for project in sheet.projects}
    day = local_day(sent.sent_at if sent else at)
    unit_name = name_on(session, investor, day)
    superior, place = authority_above(session, day)
    is_quarter = period.kind is PeriodKind.QUARTER
    return UnitPaper(
        period=period,
        investor=investor,
        unit_name=unit_name,
        superior=superior,
        place=place_of(investor, unit_name) or place,
        programme=roots.pop() if len(roots) == 1 else "",
        table=quarter_table(quarter_sheet(session, period=period, investor=investor, at=at))
        if is_quarter
        else month_table(sheet, rows_of(_as_counted(session, sheet), labels, 1)),
        words=_narrative(sheet.submission, sent) if is_quarter else _words(sheet),
        sent=sent,
        is_nil=bool(sent.said["nil_report"] if sent else _is_nil(sheet.submission)),
        is_demo=bool(setting(session, "demo_data")),
        at=at,
    )


def _chosen(sendings: Sequence[Sent], number: int | None) -> Sent | None:
    if number is None:
        return sendings[0] if sendings and sendings[0].is_present else None
    found = next((one for one in sendings if one.number == number), None)
    if found is None:
        raise NotFound(_n("There is no such sending."))
    return found


def _is_nil(submission: Submission | None) -> bool:
    return submission is not None and submission.nil_report


def _as_sent(session: Session, sheet: Sheet, submission: Submission, sent: Sent) -> Sheet:
    """The sheet with what was sent then in the place of what is typed now."""
    then = receipt(session, submission, sent.number)
    if then is None:
        return sheet
    told = {one.project_id: one.told for one in then.projects}
    amounts = {row.allocation_id: row.amounts for row in then.money}
    return _with(
        sheet,
        of_project=lambda one: _told(told.get(one.project_id)),
        of_capital=lambda one: _amounts(amounts.get(one.allocation_id)),
    )


def _as_counted(session: Session, sheet: Sheet) -> Sheet:
    """The sheet with what counts of the earlier periods in the place of what is typed for them."""
    rows = add_up(
        session,
        lambda reported: Question(
            by={"allocation_id": Allocation.id},
            sums={"net": reported.net},
            where=(
                Allocation.investor_id == sheet.investor.id,
                counted_periods(sheet.period),
                Period.id != sheet.period.id,
            ),
        ),
        basis="submitted",
        day=sheet.period.data_to,
        memo=True,
    )
    before = {row.allocation_id: int(row.net) for row in rows}
    return _with(
        sheet,
        of_project=lambda _one: {},
        of_capital=lambda one: {"before": before.get(one.allocation_id, 0)},
    )


def _with(
    sheet: Sheet,
    *,
    of_project: Callable[[ProjectRow], Mapping[str, Any]],
    of_capital: Callable[[AllocationRow], Mapping[str, Any]],
) -> Sheet:
    """The sheet with other fields in each of its projects and of their capital."""
    return replace(
        sheet,
        projects=tuple(
            replace(
                project,
                allocations=tuple(replace(row, **of_capital(row)) for row in project.allocations),
                **of_project(project),
            )
            for project in sheet.projects
        ),
    )


def _amounts(found: Mapping[str, int] | None) -> dict[str, Any]:
    return {name: found[name] if found else None for name in (*AMOUNTS, "correction")}


def _told(found: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: found[name] if found else None for name in (*FIGURES, *TEXTS)}


def _words(sheet: Sheet) -> tuple[Said, ...]:
    found = []
    for project in sheet.projects:
        parts = tuple(
            (head, text)
            for name, head in WORDS.items()
            if (text := (getattr(project, name) or "").strip())
        )
        if parts:
            found.append(Said(project=project.name, parts=parts))
    return tuple(found)


def _narrative(submission: Submission | None, sent: Sent | None) -> tuple[Said, ...]:
    parts = []
    for name in NARRATIVE:
        text = sent.said[name] if sent else getattr(submission, name, None)
        if text and text.strip():
            parts.append((NARRATIVE_HEADS[name], text.strip()))
    return (Said(project="", parts=tuple(parts)),) if parts else ()
