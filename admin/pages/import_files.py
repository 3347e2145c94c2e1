"""The file of an import as it came, and once more with its findings marked."""

from flask import abort, make_response
from flask_admin import expose
from werkzeug.wrappers import Response

from admin.pages.import_told import run_told
from models import ImportRun, db
from models.base import NotFound, now
from models.imports import get_run
from models.sheets import Level, Mark, marked_file
from reports.writing import content_disposition

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run_of(run_id: int) -> ImportRun:
    """The run of an address; one that is foreign is missing like any other."""
    try:
        return get_run(db.session(), run_id)
    except NotFound:
        abort(404)


class ImportFiles:
    """Downloads of a run."""

    @expose("/<int:run_id>/file")
    def file(self, run_id: int) -> Response:
        """The bytes as they came, as a download and nothing else."""
        run = run_of(run_id)
        content = run.content
        if content is None:
            abort(404)
        return _download(content, run.file_name, "application/octet-stream")

    @expose("/<int:run_id>/marked.xlsx")
    def marked(self, run_id: int) -> Response:
        """The same workbook, written anew, with the cells of the findings marked."""
        run = run_of(run_id)
        content = run.content
        if content is None:
            abort(404)
        told = run_told(run, at=now())
        marks = [
            Mark(one["sheet"], one["cell"], Level(one["level"]), one["message"])
            for one in told["findings"]
        ]
        name, answers = run.file_name, run.asked.answers
        db.session.rollback()  # nothing is held while the workbook is written
        book = marked_file(content, name, marks, answers=answers)
        stem = name.rpartition(".")[0] or name
        return _download(book, f"{stem}-danh-dau.xlsx", XLSX)


def _download(content: bytes, name: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = content_disposition(name)
    return response
