"""Who may enter and how refusals look: permissions, sign-in, headers, errors."""

from admin.access.assets import render_bare
from admin.access.auth import open_session, own_address
from admin.access.contact import contact_for_error
from admin.access.downloads import csv_response
from admin.access.guard import Guarded, Page, turn_away
from admin.access.permissions import GRANTS, May, allowed, in_order
from admin.access.subjects import by_subject

__all__ = [
    "GRANTS",
    "Guarded",
    "May",
    "Page",
    "allowed",
    "by_subject",
    "contact_for_error",
    "csv_response",
    "in_order",
    "open_session",
    "own_address",
    "render_bare",
    "turn_away",
]
