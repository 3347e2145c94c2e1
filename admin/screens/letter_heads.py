"""The record screen of letter heads: who issues and signs, from when to when (domain §6.2)."""

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l

from admin.access import May
from admin.records import Records
from models import LetterHead


class LetterHeadView(Records):
    read, write = May.SEE_LETTERS, May.EDIT_LETTER_HEADS
    column_list = (
        "valid_from", "valid_to", "issuer_short", "symbol", "position", "signer", "via_office",
    )  # fmt: skip
    default_order = (LetterHead.valid_from.desc(),)


def pages() -> list[BaseView]:
    return [
        LetterHeadView(
            LetterHead,
            name=_l("Letter heads"),
            category=_l("Catalogue"),
            endpoint="letter_head",
            menu_icon_value="edit",
        )
    ]
