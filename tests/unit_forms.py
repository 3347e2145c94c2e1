"""Forms of units for tests: given out by the product, filled in as people do, looked into."""

import io
import subprocess
from datetime import UTC, datetime

import openpyxl

from models import Allocation, Project
from models.duty import get_period
from models.filing import read_sheet
from models.sheets import FORM_SHEET, Field, Holds, read_marks
from reports.unit_form import unit_form
from tests.factories import (
    make_allocation,
    make_component,
    make_expected,
    make_investor,
    make_period,
    make_project,
)

AT = datetime(2024, 4, 5, 2, tzinfo=UTC)
AMOUNTS = (Field.ADVANCE, Field.COMPLETED, Field.RECOVERED, Field.RETURNED)


def commune(session):
    """A commune with a project of 1.000.000 đồng of two sources, in March."""
    investor = make_investor(session, name="UBND xã Hữu Liên", short_name="UBND xã Hữu Liên")
    programme = make_component(session, name="Chương trình giảm nghèo", short_name="GNBV")
    part = make_component(session, parent=programme, short_name="Dự án 2", name="Đa dạng hóa")
    project = make_project(
        session, investor=investor, component=part, code="L01", name="Mô hình chăn nuôi trâu"
    )
    make_allocation(session, project=project, amount=900_000)
    make_allocation(session, project=project, amount=100_000, source="NSH")
    make_expected(session, make_period(session), investor)
    return investor


def unit_project(session, unit):
    return session.query(Project).filter_by(investor_id=unit.id).one()


def allocations(session, project):
    return session.query(Allocation).filter_by(project_id=project.id).order_by(Allocation.id).all()


def taken(session, investor, code="2024-03", at=AT):
    """The workbook of a unit as the product gives it: bytes, and opened."""
    period = get_period(session, code)
    sheet = read_sheet(session, period=period, investor=investor, at=at)
    _name, content = unit_form(session, sheet, at=at)
    return content, openpyxl.load_workbook(io.BytesIO(content))


def opened(session, investor, **asked):
    return taken(session, investor, **asked)[1]


def marks_of(book):
    return read_marks(dict(book[FORM_SHEET].iter_rows(max_col=2, values_only=True)))


def place(book, field, holds=Holds.CAPITAL, n=0):
    """The cell of a field in the n-th row that holds capital, a project, words or sums."""
    marks = marks_of(book)
    rows = [row for row in marks.rows if row.holds is holds]
    if holds is Holds.WORDS:
        return f"{marks.words}{next(row.row for row in rows if row.field == field)}"
    column = next(one.column for one in marks.columns if one.field == field)
    return f"{column}{rows[n].row}"


def values(content):
    """Every figure of the page as stored in the file."""
    page = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    return {
        cell.coordinate: cell.value
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float)
    }


def filled(content, typed):
    """The file after somebody typed into these cells of its page; no formula has a value then."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in typed.items():
        book.worksheets[0][cell] = value
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def recalculated(folder, pattern, to="xlsx"):
    """Open all files in LibreOffice and save them again, below `out`."""
    kinds = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "xls": "xls:MS Excel 97", "ods": "ods:calc8"}
    kinds["pdf"] = "pdf"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile",
         "--convert-to", kinds[to], "--outdir", folder / "out",
         *sorted(folder.glob(pattern))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
