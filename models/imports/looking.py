"""One look at a file: opened, read, planned; what was found, and nothing written."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import _n, local_day, sha256_of
from models.duty import find_period
from models.imports.known import known_for
from models.imports.maps import proposals_for
from models.imports.planned import status_of
from models.imports.planning import make_plan
from models.imports.run import ImportRun, RunStatus
from models.imports.stored import keep_finding, keep_sheet
from models.sheets import (
    WORST,
    Ask,
    At,
    Book,
    Finding,
    Known,
    Level,
    Picture,
    Reading,
    picture_of,
    place_of,
    read,
    read_own_form,
    with_given,
)
from models.sheets.opening import open_book

MOST_PICTURES = 20  # sheets
NOTHING = {"new": 0, "changed": 0, "same": 0}


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What one look found. `result` is plain data, as a run keeps it:

    `sheets`, `rows`, `counts`, `differences` as the interfaces give them, `findings` as
    `stored.keep_finding`, `pictures` of the sheets, `proposed` what was said before about such a
    sheet: `columns` and `answers`.
    """

    status: RunStatus
    result: Mapping[str, Any]
    writes: Mapping[str, Any] | None = None
    period: str | None = None
    unit_code: str | None = None
    found: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Rows that are new, changed and the same."""
        return dict(self.result["counts"])


def look_into(session: Session, ask: Ask, *, name: str, content: bytes, at: datetime) -> Looked:
    """Read the file as this session's person would: names outside the scope are not known.

    Takes as long as the file is large and changes nothing; see `reading_only`.
    """
    book = open_book(content, name, answers=ask.answers)
    if book.is_refused:
        return _looked(RunStatus.REFUSED, ask, book.findings, book=book)
    period = find_period(session, ask.period) if ask.period else None
    known = known_for(session, period=period, day=local_day(at))
    reading = understand(book, ask, known)
    if period is None and reading.period and find_period(session, reading.period) is not None:
        # the units of the period that the title names are those of its days
        known = known_for(session, period=find_period(session, reading.period), day=local_day(at))
        reading = understand(book, ask, known)
    plan = make_plan(session, reading, ask, known=known, at=at)
    opened = tuple(one for one in book.findings if one not in plan.findings)
    findings = (*_imported_before(session, ask, reading, content), *opened, *plan.findings)
    is_empty = not any(plan.counts.values()) and not any(one.values for one in reading.lines)
    if is_empty and status_of(findings) is RunStatus.READY:
        findings = (*findings, _nothing_read(reading))
    return _looked(
        status_of(findings),
        ask,
        findings,
        book=book,
        reading=reading,
        rows=plan.as_rows(),
        counts=plan.counts,
        differences=plan.as_differences(),
        writes=plan.writes.as_json(),
        proposed=proposals_for(session, ask, reading, findings),
    )


def understand(book: Book, ask: Ask, known: Known) -> Reading:
    """What the file says: a unit's own form by its marks, any other file by its heads."""
    own = read_own_form(book, ask, known)
    if isinstance(own, Reading):
        return own
    return with_given(own.with_reading(read(own.book, ask, known)), ask)


def _looked(
    status: RunStatus,
    ask: Ask,
    findings: tuple[Finding, ...],
    *,
    book: Book,
    reading: Reading | None = None,
    rows: list[dict[str, Any]] | None = None,
    counts: dict[str, int] | None = None,
    differences: list[dict[str, str]] | None = None,
    writes: dict[str, Any] | None = None,
    proposed: dict[str, Any] | None = None,
) -> Looked:
    return Looked(
        status=status,
        result={
            "sheets": [keep_sheet(one) for one in reading.sheets] if reading else [],
            "findings": [keep_finding(one) for one in findings],
            "rows": rows or [],
            "counts": counts or NOTHING,
            "differences": differences or [],
            "proposed": proposed or {"columns": {}, "answers": {}},
            "pictures": _pictures(book, reading, findings),
        },
        writes=writes if status is RunStatus.READY else None,
        period=ask.period or (reading.period if reading else None),
        unit_code=ask.investor or (reading.investor if reading else None),
        found=dict(Counter(one.level.value for one in findings)),
    )


def _pictures(book: Book, reading: Reading | None, findings: tuple[Finding, ...]) -> list[Picture]:
    """What people see of each sheet that is not hidden, with the rows of the findings."""
    seen = {one.sheet: one for one in reading.sheets} if reading else {}
    rows: dict[str, list[int]] = {}
    for one in sorted(findings, key=lambda one: WORST.index(one.level)):
        if (place := place_of(one.at.cell)) is not None:
            rows.setdefault(one.at.sheet, []).append(place[0])
    shown = [grid for grid in book.grids if grid.name in seen or not grid.is_hidden]
    return [
        picture_of(grid, seen.get(grid.name), rows.get(grid.name, ()))
        for grid in shown[:MOST_PICTURES]
    ]


def _nothing_read(reading: Reading) -> Finding:
    """A file in which nothing was found is not one whose figures stand already."""
    used = next((one.sheet for one in reading.sheets if one.is_used), "")
    return Finding(
        level=Level.WARNING,
        code="rows_missing",
        message=_n(
            "No row of the file says anything that could be imported. See whether the right "
            "sheet, head and columns were read."
        ),
        at=At(used),
    )


def _imported_before(
    session: Session, ask: Ask, reading: Reading, content: bytes
) -> tuple[Finding, ...]:
    """The same bytes were imported for the same period, and that stands."""
    period = ask.period or reading.period
    runs = session.scalars(
        select(ImportRun)
        .where(
            ImportRun.sha256 == sha256_of(content),
            ImportRun.kind == ask.kind,
            ImportRun.status == RunStatus.APPLIED,
        )
        .order_by(ImportRun.id.desc())
    )
    for run in runs:
        if (run.period.code if run.period else None) == period:
            return (
                Finding(
                    level=Level.HINT,
                    code="file_imported",
                    message=_n(
                        "This file was already imported in run %(run)s, by %(person)s at "
                        "%(moment)s."
                    ),
                    values={"run": run.id, "person": run.applied_by, "moment": run.applied_at},
                ),
            )
    return ()
