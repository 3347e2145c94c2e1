"""Who may enter and how refusals look: permissions, sign-in, headers, errors."""

from admin.access.assets import render_bare
from admin.access.bounds import own_address, return_address, written_length
from admin.access.contact import shown_on_error
from admin.access.downloads import csv_response, file_response
from admin.access.guard import ALL, Guarded, Page, address_by, asked_id, moment_asked, turn_away
from admin.access.kept import page_to_return_to
from admin.access.once import spend_form
from admin.access.passkeys import register as register_passkey
from admin.access.passkeys import why_no_passkeys
from admin.access.permissions import (
    GRANTS,
    IMPORTS,
    May,
    allowed,
    granted,
    in_order,
    may_import,
    myself,
)
from admin.access.required import must_have_second_step, must_set_up
from admin.access.schema import OtherSchema, fits, newest_migration, stored_schema
from admin.access.second import codes_left_in_words, keys_of_secrets
from admin.access.second_set_up import note_second_step, passed_second_step, reset_second_step
from admin.access.sessions import open_session
from admin.access.sign_ins import end_sign_in, shown_sign_ins
from admin.access.subjects import by_subject
from admin.access.sure import ANSWER, ask_again, is_sure
from admin.access.uploads import check_clean, uploaded
from admin.access.upon import check_seen

__all__ = [
    "ALL",
    "ANSWER",
    "GRANTS",
    "IMPORTS",
    "Guarded",
    "May",
    "OtherSchema",
    "Page",
    "address_by",
    "allowed",
    "ask_again",
    "asked_id",
    "by_subject",
    "check_clean",
    "check_seen",
    "codes_left_in_words",
    "csv_response",
    "end_sign_in",
    "file_response",
    "fits",
    "granted",
    "in_order",
    "is_sure",
    "keys_of_secrets",
    "may_import",
    "moment_asked",
    "must_have_second_step",
    "must_set_up",
    "myself",
    "newest_migration",
    "note_second_step",
    "open_session",
    "own_address",
    "page_to_return_to",
    "passed_second_step",
    "register_passkey",
    "render_bare",
    "reset_second_step",
    "return_address",
    "shown_on_error",
    "shown_sign_ins",
    "spend_form",
    "stored_schema",
    "turn_away",
    "uploaded",
    "why_no_passkeys",
    "written_length",
]
