"""How a sheet of an office is written down for a test, and what has to come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

DECISION = [
    {
        "number": "1300/QĐ-UBND",
        "issued_on": "2024-04-20",
        "issuer": "UBND huyện Hữu Lũng",
        "effective_on": "2024-04-20",
    }
]


@dataclass(frozen=True)
class Tab:
    """One sheet: its rows from A1 on, merged cells, number formats, hidden rows, a font."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[str] = ()
    formats: Mapping[str, str] = field(default_factory=dict)
    hidden: Sequence[int] = ()
    font: str = ""


@dataclass(frozen=True)
class Habit:
    """A workbook with its kind, and one run or two with their right outcome."""

    name: str
    kind: str
    tabs: Sequence[Tab]
    runs: Sequence[dict[str, Any]]
    period: str = ""
    investor: str = ""
    counts_from_1904: bool = False

    def save(self, path):
        """Write the workbook."""
        book = Workbook()
        book.remove(book.active)
        if self.counts_from_1904:
            book.epoch = CALENDAR_MAC_1904
        for tab in self.tabs:
            sheet = book.create_sheet(tab.name)
            for number, row in enumerate(tab.rows, 1):
                for column, value in enumerate(row, 1):
                    cell = sheet.cell(number, column, value)
                    if tab.font:
                        cell.font = Font(name=tab.font)
            for cells in tab.merged:
                sheet.merge_cells(cells)
            for cell, shown in tab.formats.items():
                sheet[cell].number_format = shown
            for number in tab.hidden:
                sheet.row_dimensions[number].hidden = True
        book.save(path)

    def words(self, path, answers):
        """The words of the command that looks at the file."""
        words = ["data", "import", str(path), "--kind", self.kind, "--format", "json", "--dry-run"]
        words += ["--period", self.period] if self.period else []
        words += ["--investor", self.investor] if self.investor else []
        for name, value in answers.items():
            words += ["--answer", f"{name}={value}"]
        return words


def paid(
    project, completed, *, vintage=2024, source="NSTW", period="2024-04",
    advance=0, recovered=0, returned=0,
):  # fmt: skip
    """A row of disbursements.csv."""
    return {
        "project_code": project, "period": period, "budget_year": "2024",
        "vintage": str(vintage), "source": source, "nature": "SN", "advance": str(advance),
        "completed": str(completed), "recovered": str(recovered), "returned": str(returned),
    }  # fmt: skip


def line(project, kind, amount, *, source="NSTW", vintage=2024):
    """A row of allocations.csv under the decision."""
    return {
        "project_code": project, "budget_year": "2024", "vintage": str(vintage),
        "source": source, "nature": "SN", "kind": kind, "amount": str(amount),
        "decision_number": "1300/QĐ-UBND", "decision_issued_on": "2024-04-20",
        "effective_on": "2024-04-20",
    }  # fmt: skip


def found(level, code, sheet="", cell="", **more):
    """A finding that must, or may, be there."""
    return {"level": level, "code": code, "sheet": sheet, "cell": cell, **more}


def run(status, *, must=(), may=(), answers=None, rows=None, differences=None):
    """The outcome of one look; several statuses where each is right."""
    return {
        "status": [status] if isinstance(status, str) else status,
        "must": list(must), "may": list(may), "answers": answers or {},
        "rows": rows, "differences": differences,
    }  # fmt: skip
