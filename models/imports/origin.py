"""From a stored figure back to the file that it came from: the run, the sheet and the cell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from models.calendar import Period
from models.imports.run import ImportRun, RunStatus
from models.returns import AMOUNTS
from models.sheets import Kind

# project code, period, budget year, vintage, source, nature: how the data package names amounts
Figure = tuple[str, str, int, int, str, str]
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
    session: Session, wanted: Mapping[Figure, Mapping[str, int]]
) -> dict[Figure, Origin]:
    """The run and the cell of those figures that an import wrote and nobody has changed since.

    `wanted` gives the amounts in đồng as they stand (advance, completed, recovered, returned): a
    figure that was typed over is no longer that of the file. The newest run counts. A narrow
    session finds the runs of its own units alone.
    """
    found: dict[Figure, Origin] = {}
    for run in _runs(session, {figure[1] for figure in wanted}):
        result = run.result or {}
        sheets = [seen["sheet"] for seen in result.get("sheets", ())]
        for row in result.get("rows", ()):
            if row["table"] != "disbursements" or not row["cell"]:
                continue
            figure = _figure(row["values"])
            amounts = wanted.get(figure)
            if amounts is None or figure in found or not _is_still(row["values"], amounts):
                continue
            found[figure] = Origin(
                run=run.id,
                file=run.file_name,
                sheet=row["sheet"],
                sheet_number=sheets.index(row["sheet"]) if row["sheet"] in sheets else 0,
                cell=row["cell"],
                by=run.applied_by or run.user_name,
            )
    return found


def _runs(session: Session, periods: Collection[str]) -> Any:
    return session.scalars(
        select(ImportRun)
        .join(Period, Period.id == ImportRun.period_id)
        .where(
            Period.code.in_(periods),
            ImportRun.status == RunStatus.APPLIED,
            ImportRun.kind.in_(_KINDS),
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
