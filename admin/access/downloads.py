"""Downloads: the one place that says how a file leaves for the browser."""

from collections.abc import Iterable

from flask import Response, make_response, stream_with_context

from reports.writing import content_disposition

_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "json": "application/json",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
}


def csv_response(pieces: Iterable[str], name: str) -> Response:
    """A CSV download made of `pieces`; `name` is the file's name without its ending."""
    response = Response(stream_with_context(iter(pieces)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition(f"{name}.csv")
    return response


def file_response(content: bytes, name: str) -> Response:
    """A download of a whole file; the ending of its name tells what it is."""
    response = make_response(content)
    response.headers["Content-Type"] = TYPES[name.rpartition(".")[2].lower()]
    response.headers["Content-Disposition"] = content_disposition(name)
    return response
