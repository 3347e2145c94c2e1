"""Who may enter and how refusals look: permissions, sign-in, headers, errors."""

from admin.access.auth import open_session, own_address
from admin.access.downloads import csv_response
from admin.access.guard import Guarded, Page, asked_id, moment_asked, turn_away
from admin.access.permissions import GRANTS, May, allowed
from admin.access.subjects import by_subject

__all__ = [
    "GRANTS",
    "Guarded",
    "May",
    "Page",
    "allowed",
    "asked_id",
    "by_subject",
    "csv_response",
    "moment_asked",
    "open_session",
    "own_address",
    "turn_away",
]
