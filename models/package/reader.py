"""Reading one file of the package: every cell that cannot be read is named, not only the first."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models.errors import RuleBroken, _n
from models.package.schema import File, Line, Problem


def read_file(folder: Path, file: File, problems: list[Problem]) -> list[Line]:
    """The rows of one file; what cannot be read goes to `problems`. A missing file has no rows."""
    path, shown = folder / f"{file.name}.csv", f"{file.name}.csv"
    if not path.exists():
        return []
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        refusal = RuleBroken(_n("The file is not UTF-8. Save it as “CSV UTF-8” and try again."))
        problems.append(Problem(shown, line, "", refusal))
        return []
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    seen: dict[tuple[Any, ...], int] = {}
    try:
        header = next(rows, [])
        if not _header_fits(file, shown, header, problems):
            return []
        start = rows.line_num + 1
        for cells in rows:
            number, start = start, rows.line_num + 1
            if cells:
                _read_row(file, shown, header, cells, number, seen, problems, lines)
    except csv.Error as error:
        refusal = RuleBroken(_n("The line cannot be split into cells: %(why)s"), why=str(error))
        problems.append(Problem(shown, rows.line_num, "", refusal))
    return lines


def _header_fits(file: File, shown: str, header: list[str], problems: list[Problem]) -> bool:
    before = len(problems)
    for column in file.header:
        if column not in header:
            problems.append(Problem(shown, 1, column, RuleBroken(_n("This column is missing."))))
    for position, column in enumerate(header):
        if column not in file.header:
            problems.append(
                Problem(shown, 1, column[:60], RuleBroken(_n("This column is not known.")))
            )
        elif column in header[:position]:
            problems.append(
                Problem(shown, 1, column, RuleBroken(_n("This column stands there twice.")))
            )
    return len(problems) == before


def _read_row(
    file: File,
    shown: str,
    header: list[str],
    cells: list[str],
    number: int,
    seen: dict[tuple[Any, ...], int],
    problems: list[Problem],
    lines: list[Line],
) -> None:
    if len(cells) != len(header):
        refusal = RuleBroken(
            _n("The line has %(found)s cells, the header %(expected)s."),
            found=len(cells),
            expected=len(header),
        )
        problems.append(Problem(shown, number, "", refusal))
        return
    typed, values, before = dict(zip(header, cells, strict=True)), {}, len(problems)
    for column in file.columns:
        text = typed[column.name].strip()
        try:
            if "\0" in text:
                raise RuleBroken(_n("The cell holds a character that is no text."))
            if not text and column.required:
                raise RuleBroken(_n("The cell is empty; a value is needed here."))
            values[column.name] = column.read(text) if text else None
        except RuleBroken as refusal:
            problems.append(Problem(shown, number, column.name, refusal))
    if len(problems) > before:
        return
    if file.key:
        key = tuple(values[column] for column in file.key)
        if key in seen:
            twice = RuleBroken(_n("The same row stands in line %(line)s."), line=seen[key])
            problems.append(Problem(shown, number, file.key[0], twice))
            return
        seen[key] = number
    lines.append(Line(shown, number, values))


def unknown_files(folder: Path, known: Iterable[str]) -> list[str]:
    """Names of CSV files in `folder` that the package does not have, misspelt ones perhaps."""
    names = {f"{name}.csv" for name in known}
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() == ".csv" and path.name not in names
    )
