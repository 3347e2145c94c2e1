"""What of a unit's form can be told where its rows and columns are no longer what its marks say."""

import re
from collections.abc import Mapping

from models.base import clean, clean_line
from models.sheets.a1 import a1
from models.sheets.cells import is_silent, line, shown
from models.sheets.form_marks import FormMarks
from models.sheets.own_form_sums import AMOUNTS, FIGURES
from models.sheets.said import Field, Line, Value
from models.sheets.shapes import At, Grid, Known

_DOWN = re.compile(r"=?SUM\((?:SUM\(|[A-Z]{1,3}\d+|[:,)])+\)")
_ACROSS = re.compile(r"=?[A-Z]{1,3}\d+(?:[+-][A-Z]{1,3}\d+)+")


def words_elsewhere(
    grid: Grid, labels: Mapping[str, str], known: Known
) -> tuple[set[int], list[Line]]:
    """Rows of a form that hold one text of a project, wherever they stand now, and what they say.

    Such a row is no row of a table: read in the ordinary way its text would name a project.
    """
    works = {work.code: work for work in known.projects}
    rows: set[int] = set()
    lines: list[Line] = []
    for (row, column), cell in grid.cells.items():
        name = labels.get(clean_line(line(cell)))
        if name is None or row in rows:
            continue
        rows.add(row)
        others = {
            place: other for place, other in grid.cells.items()
            if place[0] == row and place != (row, column)
        }  # fmt: skip
        code = next((line(one) for one in others.values() if line(one) in works), None)
        said = [(at, one) for at, one in others.items() if line(one) != code and not is_silent(one)]
        if code is None or not said:
            continue
        (_row, where), one = max(said, key=lambda pair: len(shown(pair[1])))
        at = At(grid.name, a1(row, where), line(cell), shown(one))
        value = Value(field=Field(name), value=clean(str(one.value or "")), at=at)
        lines.append(Line(at=at, unit=works[code].unit_code, work=code, values=(value,)))
    return rows, lines


def sums_without_result(grid: Grid, marks: FormMarks) -> set[tuple[int, int]]:
    """Cells in which the sums of a form stand that no program has computed, wherever they are now.

    They are never imported, and there is nothing in them to be compared. A formula that somebody
    typed into an entry cell is none of them.
    """
    typed = {one.heading for one in marks.columns if one.field in (*AMOUNTS, *FIGURES)}
    entries = {
        column for (_row, column), cell in grid.cells.items() if clean_line(line(cell)) in typed
    }
    return {
        (row, column)
        for (row, column), cell in grid.cells.items()
        if cell.problem == "uncalculated"
        and (
            _DOWN.fullmatch(cell.formula or "")
            or (column not in entries and _ACROSS.fullmatch(cell.formula or ""))
        )
    }
