"""Amounts at the edge: read and written with the marks of the page's language.

One field for the whole product: the sheet of a unit and the `MoneyField` of record screens take
their attributes here, `static/amounts.js` helps while people type, `models.money` has the rules.
"""

from flask_babel import get_locale
from flask_babel import gettext as _

from admin.words.formatters import dong
from models.base import MARKS, parse_dong, write_amount


def page_language() -> str:
    """The language whose marks amounts take on this page: `vi` or `en`."""
    locale = get_locale()
    return locale.language if locale and locale.language in MARKS else "vi"


def read_amount(text: str, negative: bool = False, unit: str = "dong") -> int:
    """The amount in đồng that was typed on this page; RuleBroken for what is no amount."""
    return parse_dong(text, unit=unit, allow_negative=negative, language=page_language())


def typed_amount(amount: int | None, unit: str = "dong") -> str:
    """An amount as it stands in a field of this page; nothing for None."""
    return "" if amount is None else write_amount(amount, unit, page_language())


def field_attributes(*, unit: str = "dong", negative: bool = False) -> dict[str, str]:
    """What an amount field says to the browser and to the script.

    The number pads of phones have no minus, that of iOS no comma either: where a minus may be
    needed the whole keyboard is asked for.
    """
    pad = "text" if negative else ("numeric" if unit == "dong" else "decimal")
    marks = {"data-money": "", "data-money-unit": unit, "inputmode": pad, "autocomplete": "off"}
    return marks | ({"data-money-signed": ""} if negative else {})


def doubt_sentence(amount: int, meant: int, *, plan: int, last: int) -> str:
    """The question of a suspect amount (V8), where it is typed."""
    return str(
        _(
            "You typed %(amount)s đồng; the plan is %(plan)s đồng, the amount before was "
            "%(last)s đồng. Did you mean %(meant)s đồng?",
            amount=dong(amount),
            plan=dong(plan),
            last=dong(last),
            meant=dong(meant),
        )
    )


def line_doubt_sentence(amount: int, meant: int, *, plan: int, last: int) -> str:
    """The same of a line of the ledger, which is held against the total investment (`plan`) and
    the plan so far (`last`) of its project.
    """
    compared = (
        (_("the total investment of the project is %(amount)s đồng", amount=dong(plan)), plan),
        (_("its plan so far is %(amount)s đồng", amount=dong(last)), last),
    )
    return str(
        _(
            "You typed %(amount)s đồng; %(compared)s. Did you mean %(meant)s đồng?",
            amount=dong(amount),
            compared=", ".join(said for said, known in compared if known),
            meant=dong(meant),
        )
    )
