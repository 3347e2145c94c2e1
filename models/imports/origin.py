"""From a stored figure back to the file that it came from: the run, the sheet and the cell."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, undefer

from models.base import among
from models.calendar import Period
from models.catalogue import FormerName, Investor
from models.imports.run import ImportRun, RunStatus
from models.returns import AMOUNTS
from models.sheets import Kind

# project code, period, budget year, vintage, source, nature: how the data package names amounts
Figure = tuple[str, str, int, int, str, str]
Words = tuple[str, str]  # project code, period
_KINDS = (Kind.MONTHLY, Kind.CONSOLIDATED)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a figure stood when it was brought in: the run, its file, the sheet and the cell.

    `sheet_number` is the place of the sheet in the file, from 0.
    """

    run: int
    file: str
    sheet: str
    sheet_number: int
    cell: str
    by: str


def origins_of_figures(
    session: Session, wanted: Mapping[Figure, Mapping[str, int]], units: Collection[int]
) -> dict[Figure, Origin]:
    """The run and the cell of those figures that an import wrote and nobody has changed since.

    `units` reported them. `wanted` gives the amounts in đồng as they stand (advance, completed,
    recovered, returned): a figure that was typed over is no longer that of the file. The newest run
    counts. A narrow session finds the runs of its own units alone.
    """
    found: dict[Figure, Origin] = {}
    for run, row in _rows(session, "disbursements", {figure[1] for figure in wanted}, units):
        figure = _figure(row["values"])
        amounts = wanted.get(figure)
        if amounts is not None and figure not in found and _is_still(row["values"], amounts):
            found[figure] = _origin(run, row, row["cell"])
    return found


def origins_of_words(
    session: Session, wanted: Mapping[Words, Mapping[str, str]], units: Collection[int]
) -> dict[Words, Origin]:
    """The same of what a file said of a project beside its amounts: progress, words, estimate.

    `wanted` gives by project and period the values as they stand, in the spelling of the data
    package; those are still of the file that it said.
    """
    found: dict[Words, Origin] = {}
    for run, row in _rows(session, "entries", {period for _project, period in wanted}, units):
        told = row["values"]
        words = (told["project_code"], told["period"])
        cells = row.get("cells", {})
        said = [name for name in wanted.get(words, ()) if name in cells]
        if said and words not in found and all(told[one] == wanted[words][one] for one in said):
            found[words] = _origin(run, row, cells[said[0]])
    return found


def _rows(
    session: Session, table: str, periods: Collection[str], units: Collection[int]
) -> Iterator[tuple[ImportRun, Mapping[str, Any]]]:
    """The rows of a table that runs of these periods wrote, the newest run first."""
    for run in _runs(session, periods, units):
        for row in (run.result or {}).get("rows", ()):
            if row["table"] == table and row["cell"]:
                yield run, row


def _origin(run: ImportRun, row: Mapping[str, Any], cell: str) -> Origin:
    sheets = [seen["sheet"] for seen in (run.result or {}).get("sheets", ())]
    return Origin(
        run=run.id,
        file=run.file_name,
        sheet=row["sheet"],
        sheet_number=sheets.index(row["sheet"]) if row["sheet"] in sheets else 0,
        cell=cell,
        by=run.applied_by or run.user_name,
    )


def _runs(session: Session, periods: Collection[str], units: Collection[int]) -> Any:
    """Those that may be of these units: not the report of another, by its code. A code may have
    been another's before.
    """
    code = ImportRun.unit_code
    others = exists().where(Investor.code == code, ~among(Investor.id, units))
    before = exists().where(FormerName.code == code, among(FormerName.investor_id, units))
    return session.scalars(
        select(ImportRun)
        .join(Period, Period.id == ImportRun.period_id)
        .where(
            Period.code.in_(periods),
            ImportRun.status == RunStatus.APPLIED,
            ImportRun.kind.in_(_KINDS),
            or_(ImportRun.kind != Kind.MONTHLY, ~others, before),
        )
        .options(undefer(ImportRun.result))
        .order_by(ImportRun.applied_at.desc(), ImportRun.id.desc())
    )


def _figure(values: Mapping[str, str]) -> Figure:
    return (
        values["project_code"],
        values["period"],
        int(values["budget_year"]),
        int(values["vintage"]),
        values["source"],
        values["nature"],
    )


def _is_still(values: Mapping[str, str], amounts: Mapping[str, int]) -> bool:
    return all(int(values.get(name) or 0) == amounts[name] for name in AMOUNTS)
