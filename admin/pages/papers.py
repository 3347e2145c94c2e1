"""The paper of a unit's report: the page to read and to print, and the Word file."""

from flask import abort, make_response, request
from flask_admin import BaseView
from werkzeug.wrappers import Response

from admin.access import file_response
from models import Investor, Period, db
from models.base import UNITS, NotFound, now, read_id
from models.reminders import TemplateKind, current_template
from reports.letter import render
from reports.unit_paper import (
    NIL,
    UNIT_WORDS,
    UnitPaper,
    notes_of,
    paper_context,
    paper_of,
    sending_of,
)


def paper_page(view: BaseView, period: Period, investor: Investor, *, back: str) -> Response:
    """What was sent, as the unit signs and files it."""
    unit = _unit()
    paper = _paper(period, investor)
    page = view.render(
        "my_report/paper.html",
        paper=paper,
        lines=paper.table.lines(unit),
        sending=sending_of(paper),
        notes=notes_of(paper),
        nil_words=NIL,
        unit=unit,
        units=UNIT_WORDS,
        back=back,
    )
    return make_response(page)


def paper_file(period: Period, investor: Investor) -> Response:
    """The same as a Word file, from the template that the office keeps."""
    paper = _paper(period, investor)
    row = current_template(db.session(), TemplateKind.UNIT_REPORT)
    template = row.file if row else None
    context, name = paper_context(paper, unit=_unit()), f"bao-cao-{investor.code}-{period.code}"
    db.session.rollback()  # nothing is held while the file is made
    return file_response(render(context, TemplateKind.UNIT_REPORT, template), f"{name}.docx")


def _paper(period: Period, investor: Investor) -> UnitPaper:
    typed = request.args.get("number")
    number = read_id(typed) if typed is not None else None
    if typed is not None and number is None:
        abort(404)
    try:
        return paper_of(db.session(), period=period, investor=investor, at=now(), number=number)
    except NotFound:
        abort(404)


def _unit() -> str:
    """The unit of amounts; đồng, as a unit signs for, where none is asked for."""
    asked = request.args.get("unit", "dong")
    return asked if asked in UNITS else abort(404)
