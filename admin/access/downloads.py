"""Downloads: the one place that says how a file leaves for the browser."""

from collections.abc import Iterable

from flask import Response, stream_with_context

from reports.writing import content_disposition


def csv_response(pieces: Iterable[str], name: str) -> Response:
    """A CSV download made of `pieces`; `name` is the file's name without its ending."""
    response = Response(stream_with_context(iter(pieces)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition(f"{name}.csv")
    return response
