"""The record screen of letter heads: who issues and signs, from when to when (domain §6.2)."""

from flask_admin import BaseView
from flask_babel import lazy_gettext as _l

from admin.access import May
from admin.records import DayField, Exported, LineField, Needed, RecordForm, Records, TextAreaField
from models import LetterHead


class LetterHeadForm(RecordForm):
    valid_from = DayField(_l("Valid from"), [Needed()])
    valid_to = DayField(
        _l("Valid to"), description=_l("The last day of this head; empty while it is in force.")
    )
    superior = LineField(
        _l("Superior authority"),
        most=200,
        description=_l("Printed above the issuer; empty where the committee itself issues."),
    )
    issuer = TextAreaField(
        _l("Issuer"),
        [Needed()],
        most=400,
        render_kw={"rows": 2},
        description=_l("In capitals, line by line as on the letter."),
    )
    issuer_short = LineField(
        _l("Issuer in the text"), [Needed()], most=120, description=_l("Such as “UBND huyện”.")
    )
    symbol = LineField(
        _l("Symbol"),
        [Needed()],
        most=60,
        description=_l("What follows the number, such as UBND-LĐTBXHDT."),
    )
    place = LineField(_l("Place"), [Needed()], most=120)
    authority = LineField(
        _l("Authority to sign"),
        most=120,
        description=_l("Such as “KT. CHỦ TỊCH”; empty where the head of the office signs."),
    )
    position = LineField(_l("Position of the signer"), [Needed()], most=120)
    signer = LineField(
        _l("Signer"), [Needed()], most=120, description=_l("The name alone, without a title.")
    )
    via_office = LineField(
        _l("Reports go through"), [Needed()], most=200, description=_l("The office in charge.")
    )
    legal_basis = TextAreaField(
        _l("Letter that is carried out"),
        [Needed()],
        render_kw={"rows": 4},
        description=_l("Number, day and subject of the letter that asks for the reports."),
    )
    recipients = TextAreaField(
        _l("Recipients"),
        [Needed()],
        render_kw={"rows": 5},
        description=_l("One on each line; dashes and punctuation are added."),
    )


class LetterHeadView(Records):
    read, write = May.SEE_LETTERS, May.EDIT_LETTER_HEADS
    form = LetterHeadForm
    column_list = (
        "valid_from", "valid_to", "issuer_short", "symbol", "position", "signer", "via_office",
    )  # fmt: skip
    column_details_list = (
        "valid_from", "valid_to", "superior", "issuer", "issuer_short", "symbol", "place",
        "authority", "position", "signer", "via_office", "legal_basis", "recipients",
    )  # fmt: skip
    column_labels = {
        "valid_from": _l("Valid from"),
        "valid_to": _l("Valid to"),
        "superior": _l("Superior authority"),
        "issuer": _l("Issuer"),
        "issuer_short": _l("Issuer in the text"),
        "symbol": _l("Symbol"),
        "place": _l("Place"),
        "authority": _l("Authority to sign"),
        "position": _l("Position of the signer"),
        "signer": _l("Signer"),
        "via_office": _l("Reports go through"),
        "legal_basis": _l("Letter that is carried out"),
        "recipients": _l("Recipients"),
    }
    sorts = {
        "valid_from": (LetterHead.valid_from,),
        "symbol": (LetterHead.symbol,),
        "signer": (LetterHead.signer,),
    }
    default_order = (LetterHead.valid_from.desc(),)
    exported = (
        Exported(_l("Valid from"), LetterHead.valid_from),
        Exported(_l("Valid to"), LetterHead.valid_to),
        Exported(_l("Superior authority"), LetterHead.superior),
        Exported(_l("Issuer"), LetterHead.issuer),
        Exported(_l("Issuer in the text"), LetterHead.issuer_short),
        Exported(_l("Symbol"), LetterHead.symbol),
        Exported(_l("Place"), LetterHead.place),
        Exported(_l("Authority to sign"), LetterHead.authority),
        Exported(_l("Position of the signer"), LetterHead.position),
        Exported(_l("Signer"), LetterHead.signer),
        Exported(_l("Reports go through"), LetterHead.via_office),
        Exported(_l("Letter that is carried out"), LetterHead.legal_basis),
        Exported(_l("Recipients"), LetterHead.recipients),
    )


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
