"""Bounds of what a request may bring, and the one guard of where it may lead.

A field is read, stored and shown again by its own rules; here stands what holds for all of them,
so that nobody can make the server count, store or say again more than a person types.
"""

from typing import Any

import flask_admin.actions
import flask_admin.model.base
from flask import Flask, abort, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, ValidationError

from models.base import read_id

MOST_FIELDS = 20_000  # a unit with 400 projects and three allocations each has 14,000
LONGEST_NAME = 1_000
LONGEST_VALUE = 20_000  # far above what any field takes, so that the field itself can refuse
PASTED = frozenset({"cells"})  # a table is pasted into these: as long as the request may be
MOST_SHOWN_AGAIN = 1_500_000  # signs of a page, once < & " are written as a page writes them
LONGEST_ADDRESS = 4_000
LONGEST_TARGET = 2_000
_WRITTEN_LONGER = {"&": 4, "<": 3, ">": 3, '"': 4, "'": 4}  # signs that a page adds


class RowNumber(IntegerConverter):
    """A number in an address: what can be none of a row (2⁶³, ٣) is a page that is missing."""

    def to_python(self, value: str) -> int:
        number = read_id(value)
        if number is None:
            raise ValidationError
        return number


def own_address(target: str | None) -> str:
    """`target` when it stays on this site, else the home page."""
    return target if target and is_own(target) else url_for("admin.index")


def is_own(target: str) -> bool:
    """Whether an address leads to a page of this site, in whatever way a browser reads it.

    It begins with one stroke: two name a host, and browsers leave out controls and blanks and take
    a stroke that leans to the left for another one.
    """
    if len(target) > LONGEST_TARGET or not target.startswith("/") or target.startswith("//"):
        return False
    return not any(ord(char) < 33 or char == "\\" for char in target)


def return_address(param_name: str = "url") -> str | None:
    """The list or page that a record screen was opened from, where the request names one."""
    target = request.values.get(param_name)
    return target if target and is_own(target) else None


def written_length(text: str) -> int:
    """How many signs a page needs to show `text`."""
    return len(text) + sum(more * text.count(sign) for sign, more in _WRITTEN_LONGER.items())


def head_asks_as_get_does() -> None:
    """HEAD only asks what GET would answer: a page that tells GET from what is posted must not take
    it for a form, which no token guards. The answer stays without a body.
    """
    if request.method == "HEAD":
        request.method = "GET"


def refuse_too_much() -> None:
    """More fields, longer ones, or more to be shown again than any form of ours has: 413."""
    if len(request.query_string) > LONGEST_ADDRESS:
        abort(414)
    if request.method != "POST":
        return
    shown = 0
    for count, (name, value) in enumerate(request.form.items(multi=True), 1):
        shown += written_length(name) + written_length(value)
        too_long = len(value) > LONGEST_VALUE and name not in PASTED
        if count > MOST_FIELDS or len(name) > LONGEST_NAME or too_long:
            raise RequestEntityTooLarge
    if shown > MOST_SHOWN_AGAIN:
        raise RequestEntityTooLarge


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(head_asks_as_get_does)
    app.before_request(refuse_too_much)
    # the library asks its own, wider guard: an address of another form than ours passes it
    for module in (flask_admin.actions, flask_admin.model.base):
        guarded: Any = module
        guarded.get_redirect_target = return_address
