"""Columns that hold more than a value: subjects, threads, units of a user, files beside."""

from pathlib import PurePath
from typing import Any

from sqlalchemy import Column as TableColumn

from models.base import _n, new_id, read_id
from models.exchange.package.cells import day, short
from models.exchange.package.faults import Fault
from models.exchange.package.finder import Finder
from models.exchange.package.names import Namer
from models.exchange.package.schema import Column, Line
from models.exchange.package.table_cell import Cell, number
from models.exchange.package.values import LONGEST, text_of

LARGEST_FILE = 20_000_000


def subject_name(namer: Namer, text: str) -> str:
    """`allocation:<id>`, `project:<id>`, `decision:<id>` with a name in place of the id."""
    kind, _colon, key = text.partition(":")
    names: dict[str, Any] = {
        "allocation": namer.allocations,
        "project": namer.projects,
        "decision": namer.decisions,
    }
    row_id = read_id(key)
    if kind not in names or row_id not in names[kind]:
        return text
    name = (text_of(part).replace("|", " ") for part in names[kind][row_id])
    return f"{kind}:{'|'.join(name)}"


def subject_key(finder: Finder, text: str, at: str) -> str:
    """The reverse of `subject_name`. Raises Fault at the column, or Unsure."""
    kind, _colon, name = text.partition(":")
    parts = name.split("|")
    key: Any = None
    if kind == "allocation" and len(parts) == 5:
        project, budget_year, vintage, source, nature = parts
        years = read_id(budget_year), read_id(vintage)
        if years[0] is not None and years[1] is not None:
            key = finder.allocation(project, years[0], years[1], source, nature, at).id
    elif kind == "project" and (read_id(name) is None or name in finder.loading.projects):
        key = finder.project(name, at).id
    elif kind == "decision" and len(parts) == 3:
        key = finder.decision(parts[0], day(parts[1]), parts[2], at)
    return text if key is None else f"{kind}:{key}"


class Subject(Cell):
    """What an explanation or a remark is about, by name."""

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, short(LONGEST)),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        return (subject_name(namer, str(getattr(row, self.attrs[0]))),)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        at = self.attrs[0]
        return {at: subject_key(finder, str(line[at]), at)}


class Thread(Cell):
    """Contributions to one thread share a number; the first one gives the thread its id."""

    is_compared = False

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name, "id")
        self.columns = (Column("thread", number),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        return (namer.threads[getattr(row, self.attrs[0])],)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        known = finder.threads.get(line["thread"])
        fresh = new_id()
        finder.threads.setdefault(line["thread"], fresh)
        return {self.attrs[0]: known or fresh, "id": fresh}


class Units(Cell):
    """The units of a user, where a code alone would mean another one."""

    attrs = ("investors",)
    columns = (Column("investors", short(LONGEST), required=False),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        if all(namer.newest[unit.code] == unit.id for unit in row.investors):
            return ("",)
        return (";".join(sorted(namer.investors[unit.id][0] for unit in row.investors)),)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        typed = line["investors"]
        if typed is None:
            return {}
        units = [finder.investor(part.strip(), "investors") for part in typed.split(";")]
        return {} if finder.loading.problems else {"investors": units}


class FileBeside(Cell):
    """Content that is no text lies in a file of its own beside the table; the cell names it."""

    is_compared = False

    def __init__(self, column: TableColumn[Any]) -> None:
        self.attrs = (column.name,)
        self.columns = (Column(column.name, short(200), required=False),)

    def write(self, namer: Namer, row: Any) -> tuple[Any, ...]:
        content = getattr(row, self.attrs[0])
        if not content:
            return ("",)
        ending = PurePath(getattr(row, "file_name", "") or "").suffix or ".bin"
        if not ending[1:].isalnum():
            ending = ".bin"
        name = f"{row.__tablename__}-{namer.numbers(type(row))[row.id]}{ending}"
        if namer.folder is not None:
            (namer.folder / name).write_bytes(content)
        return (name,)

    def read(self, finder: Finder, line: Line) -> dict[str, Any]:
        name, folder = line[self.attrs[0]], finder.loading.package.folder
        if name is None:
            return {self.attrs[0]: b""}
        path = folder / name if folder is not None else None
        if path is None or PurePath(name).name != name or name.startswith(".") or "\\" in name:
            raise Fault(self.attrs[0], _n("“%(typed)s” is no file of this folder."), typed=name)
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            raise Fault(
                self.attrs[0],
                _n("The file %(file)s is missing beside the table, or too large."),
                file=name,
            )
        return {self.attrs[0]: path.read_bytes()}
