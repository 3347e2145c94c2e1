"""Figures of a report that are never imported: cumulative amounts, those before, and plans.

A cumulative amount alone gives the month by difference. Beside a month it is compared, within
the sheet where the sheet tells what was before, else with what is stored.
"""

from collections.abc import Iterable, Sequence

from models.base import Dong, _n, read_id
from models.imports.amounts import dong_of
from models.imports.capital_meant import (
    Rows,
    choices_of,
    rows_meant,
    rows_of_all_years,
    tells_no_year,
)
from models.imports.figures import MOVES, Figures, Open
from models.sheets import Field, Reading, Value


def take_cumulative(figures: Figures, values: Sequence[Value]) -> None:
    """Months by difference where a cumulative amount stands alone. A row that waits for an answer
    or a correction waits here, too.
    """
    found = [
        (value, rows_meant(figures.project, value, figures.reading))
        for value in _of(values, Field.CUMULATIVE)
    ]
    for value, rows in sorted(found, key=lambda one: len(one[1])):  # parts before their sums
        if figures.notes.is_blocked(value.at):
            continue
        if not rows:
            if value.value:
                figures.refuse_place(value)
        elif not _is_told(figures, rows) and not figures.confirms(value, lambda row: row.after):
            _by_difference(figures, value, rows)


def _is_told(figures: Figures, rows: Rows) -> bool:
    """Whether the file tells the month of some of this capital."""
    ids = {row.allocation_id for row in rows}
    told = {*figures.month, *figures.direct, *figures.same}
    return bool(ids & told) or any(
        ids & {row.allocation_id for row in one.rows} for one in figures.open
    )


def _by_difference(figures: Figures, value: Value, rows: Rows) -> None:
    rows = _year_meant(figures, value, rows)
    if not rows:
        return
    month = dong_of(value) - sum(row.before for row in rows)
    stored = sum(row.this_period for row in rows)
    if _has_month(figures, rows) and not _is_answered_by(figures, value, month, stored):
        return
    if len(rows) == 1:
        figures.put(rows[0], Field.MONTH, month, value.at)
    else:
        figures.open.append(Open(Field.MONTH, month, rows, value.at))


def _year_meant(figures: Figures, value: Value, rows: Rows) -> Rows:
    """A cumulative amount without a year, of a project that paid carried-over capital before:
    with or without it? None of both is a guess that may be taken.
    """
    whole = rows_of_all_years(figures.project, value, figures.reading)
    carried = sum(row.before for row in whole if row not in rows)
    if not tells_no_year(value) or not carried:
        return rows
    year = str(rows[0].budget_year)
    given = figures.notes.ask(
        "source_unclear",
        _n(
            "%(project)s: does this cumulative amount hold the capital of %(year)s alone, or "
            "carried-over capital as well (%(carried)s đồng before this period)?"
        ),
        value.at,
        (year, "all"),
        project=figures.project.code,
        year=rows[0].budget_year,
        carried=Dong(carried),
    )
    if given is None:
        return ()
    return rows if given == year else whole


def _has_month(figures: Figures, rows: Rows) -> bool:
    """Whether the sheet has a column of the month for this capital: then its cell is empty here,
    which is a statement of its own.
    """
    sources = {"", *(str(row.source) for row in rows)}
    years = {_class(row.vintage, row.budget_year) for row in rows}
    return any(kind in years and source in sources for kind, source in figures.months)


def months_told(reading: Reading, year: int) -> frozenset[tuple[str, str]]:
    """(carried or not, source or nothing) of all columns of the month in the file."""
    columns = {
        (_class_of_column(column.vintage, year), column.source)
        for sheet in reading.sheets
        if sheet.is_used
        for column in sheet.columns
        if column.field in MOVES
    }
    values = {
        (_class(one.vintage, year, is_carried=one.is_carried), one.source or "")
        for line in reading.lines
        for one in line.values
        if one.field in MOVES
    }
    return frozenset(columns | values)


def _class(vintage: int | None, year: int, *, is_carried: bool = False) -> str:
    """Capital of the year, or carried over."""
    return "carried" if is_carried or (vintage is not None and vintage < year) else "year"


def _class_of_column(vintage: str, year: int) -> str:
    return _class(read_id(vintage), year, is_carried=vintage == "carried")


def _is_answered_by(figures: Figures, value: Value, month: int, stored: int) -> bool:
    """The cell of the month is empty, and the cumulative amount says another one: asked."""
    given = figures.notes.ask(
        "cumulative_mismatch",
        _n(
            "%(project)s: the cell of the month is empty, but by the cumulative amount "
            "%(month)s đồng were disbursed in it. Which is right?"
        ),
        value.at,
        (str(month), str(stored)),
        project=figures.project.code,
        month=Dong(month),
    )
    return given == str(month)


def compare(figures: Figures, values: Sequence[Value]) -> None:
    """Hold what is not imported against the month, and against what is stored."""
    before = {value.capital: dong_of(value) for value in _of(values, Field.BEFORE)}
    for value in _of(values, Field.CUMULATIVE):
        _compare_cumulative(figures, value, before.get(value.capital))
    for value in _of(values, Field.BEFORE):
        _compare_stored(figures, value, "before", "before_mismatch")
    for value in _of(values, Field.PLAN):
        _compare_stored(figures, value, "plan", "plan_mismatch")


def _compare_cumulative(figures: Figures, value: Value, before: int | None) -> None:
    if figures.notes.is_blocked(value.at):
        return
    if figures.notes.has(value.at, "cumulative_mismatch", "total_mismatch", "source_unclear"):
        return
    choices = choices_of(figures.project, value, figures.reading)
    sums = [one for rows in choices if (one := _after(figures, rows, before)) is not None]
    if not sums or not _is_told(figures, choices[0]):
        return
    if any(figures.notes.agrees(dong_of(value), one, 2) for one in sums):
        return
    _ask_month(figures, value, choices[0], sums[0])


def _after(figures: Figures, rows: Rows, before: int | None) -> int | None:
    """The cumulative amount as the file and the stored figures make it; None while it is open."""
    ids = {row.allocation_id for row in rows}
    total = sum(row.before for row in rows) if before is None else before
    open_ids: set[int] = set()
    for one in figures.open:
        theirs = {row.allocation_id for row in one.rows}
        if theirs <= ids:
            total += one.amount
            open_ids |= theirs
        elif theirs & ids:
            return None
    return total + sum(figures.net_after(row) for row in rows if row.allocation_id not in open_ids)


def _ask_month(figures: Figures, value: Value, rows: Rows, after: int) -> None:
    """Month and cumulative amount disagree. The answer is the month that is right, in đồng."""
    ids = {row.allocation_id for row in rows}
    if any(ids & {row.allocation_id for row in one.rows} for one in figures.open):
        return  # once it is told which capital is meant
    told = [row for row in rows if row.allocation_id in figures.month]
    written = sum(figures.net_after(row) for row in told or rows)
    by_difference = written + dong_of(value) - after
    options = [str(written)]
    if len(told) == 1 and by_difference >= 0:
        options.append(str(by_difference))
    given = figures.notes.ask(
        "cumulative_mismatch",
        _n(
            "%(project)s: by the month the cumulative amount would be %(after)s đồng, but it "
            "is %(written)s đồng here. Which month is right? Or correct the file."
        ),
        value.at,
        options,
        project=figures.project.code,
        after=Dong(after),
        written=Dong(dong_of(value)),
    )
    if given is not None and len(told) == 1:
        figures.month[told[0].allocation_id] = int(given)


def _compare_stored(figures: Figures, value: Value, name: str, code: str) -> None:
    if figures.notes.has(value.at, code):
        return
    choices = choices_of(figures.project, value, figures.reading)
    sums = [sum(getattr(row, name) for row in rows) for rows in choices]
    if any(figures.notes.agrees(dong_of(value), one) for one in sums):
        return
    message = {
        "before": _n(
            "%(project)s: %(written)s đồng are written for the time before, but %(stored)s đồng "
            "are reported. The figure is compared, not imported."
        ),
        "plan": _n(
            "%(project)s: a plan of %(written)s đồng is written, but the plan in force is "
            "%(stored)s đồng. The figure is compared, not imported."
        ),
    }[name]
    figures.notes.warning(
        code,
        message,
        value.at,
        project=figures.project.code,
        written=Dong(dong_of(value)),
        stored=Dong(sums[0]),
    )


def _of(values: Iterable[Value], kind: Field) -> list[Value]:
    return [value for value in values if value.field is kind]
