"""Reading one file of the package: every cell that cannot be read is named, not only the first."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from models.base import RuleBroken, _n, clean_line
from models.exchange.package.schema import File, Line, Package, Problem
from models.sheets.opening import decoded, delimiter_of, rows_of, without_hint


def read_file(folder: Path, file: File, package: Package) -> None:
    """Put the rows of one file, and what is wrong with it, into the package.

    A missing file has no rows. Of a file that cannot be read to its end no row is judged missing.
    """
    path, shown = folder / f"{file.name}.csv", f"{file.name}.csv"
    package.files[file.name] = []
    if not path.exists():
        return
    try:
        text = decoded(path.read_bytes())
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        refusal = RuleBroken(_n("The file is not UTF-8. Save it as “CSV UTF-8” and try again."))
        _give_up(file, package, line, refusal)
        return
    text, sign = without_hint(text)
    skipped = 1 if sign else 0
    rows = rows_of(text, delimiter_of(text, file.header))
    reading = _Reading(file, shown, package)
    start = 1
    try:
        for cells in rows:
            number, start = start + skipped, rows.line + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not reading.header:
                if not reading.header_fits(cells, number):
                    package.unread.add(file.name)
                    return
            else:
                reading.row(cells, number)
        if not reading.header and not reading.header_fits([], 1):
            package.unread.add(file.name)
    except csv.Error as error:
        refusal = RuleBroken(_n("The line cannot be split into cells: %(why)s"), why=str(error))
        _give_up(file, package, rows.line + skipped, refusal)


def _give_up(file: File, package: Package, line: int, refusal: RuleBroken) -> None:
    package.unread.add(file.name)
    package.problems.append(Problem(f"{file.name}.csv", line, "", refusal))


class _Reading:
    """One file under way: its header, and the keys seen so far."""

    def __init__(self, file: File, shown: str, package: Package) -> None:
        self.file, self.shown, self.package = file, shown, package
        self.header: list[str] = []
        self.spare = 0  # empty columns at the right of the header
        self.seen: dict[tuple[Any, ...], int] = {}

    def fault(self, number: int, column: str, message: str, **values: Any) -> None:
        refusal = RuleBroken(message, **values)
        self.package.problems.append(Problem(self.shown, number, column, refusal))

    def header_fits(self, header: list[str], number: int) -> bool:
        before = len(self.package.problems)
        header = [column.strip() for column in header]
        while header and not header[-1]:
            header.pop()  # empty columns at the right
            self.spare += 1
        self.header = header
        for column in self.file.header:
            if column not in header:
                self.fault(number, column, _n("This column is missing."))
        for position, column in enumerate(header):
            if column not in self.file.header:
                self.fault(number, column[:60], _n("This column is not known."))
            elif column in header[:position]:
                self.fault(number, column, _n("This column stands there twice."))
        return len(self.package.problems) == before

    def row(self, cells: list[str], number: int) -> None:
        if len(cells) <= len(self.header) + self.spare:  # more would be a comma in a cell
            while len(cells) > len(self.header) and not cells[-1].strip():
                cells.pop()
        if len(cells) != len(self.header):
            self.fault(
                number,
                "",
                _n("The line has %(found)s cells, the header %(expected)s."),
                found=len(cells),
                expected=len(self.header),
            )
            self.package.unread.add(self.file.name)  # nobody knows which cell is missing
            return
        typed = dict(zip(self.header, cells, strict=True))
        values = self._values(typed, number)
        if values is None:
            first = typed[self.file.columns[0].name]
            self.package.faulty.add((self.file.name, clean_line(first)))
            return
        line = Line(self.shown, number, values)
        key = tuple(values[column] for column in self.file.key)
        if key and key in self.seen:
            self.fault(
                number,
                self.file.key[0],
                _n("The same row stands in line %(line)s."),
                line=self.seen[key],
            )
            return
        self.seen[key] = number
        self.package.files[self.file.name].append(line)

    def _values(self, typed: dict[str, str], number: int) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        for column in self.file.columns:
            text = typed[column.name].strip()
            try:
                if "\0" in text:
                    raise RuleBroken(_n("The cell holds a character that is no text."))
                value = column.read(text) if text else None
                if value in (None, "") and column.required:
                    raise RuleBroken(_n("The cell is empty; a value is needed here."))
                values[column.name] = None if value == "" else value
            except RuleBroken as refusal:
                self.package.problems.append(Problem(self.shown, number, column.name, refusal))
        return values if len(values) == len(self.file.columns) else None


def unknown_files(folder: Path, known: Iterable[str]) -> list[str]:
    """Names of CSV files in `folder` that the package does not have, misspelt ones perhaps."""
    names = {f"{name}.csv" for name in known}
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() == ".csv" and path.name not in names
    )
