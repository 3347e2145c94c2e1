"""Codes, numbers, days and refusals in the words of the reader."""

from admin.words.amounts import (
    doubt_sentence,
    field_attributes,
    line_doubt_sentence,
    page_language,
    read_amount,
    typed_amount,
)
from admin.words.audit_words import ACTIONS, action_label, person_label, table_label, title
from admin.words.catalogues import use_our_catalogues
from admin.words.formatters import (
    day,
    deadline,
    dong,
    exact_moment,
    in_sentence,
    moment,
    money,
    month_label,
    number,
    unit_label,
)
from admin.words.names import names_today, unit_called
from admin.words.texts import (
    AMOUNT_WORDS,
    choices,
    counted,
    label,
    ngettext,
    say,
    shown_as,
)

__all__ = [
    "ACTIONS",
    "AMOUNT_WORDS",
    "action_label",
    "choices",
    "counted",
    "day",
    "deadline",
    "dong",
    "doubt_sentence",
    "exact_moment",
    "field_attributes",
    "in_sentence",
    "label",
    "line_doubt_sentence",
    "moment",
    "money",
    "month_label",
    "names_today",
    "ngettext",
    "number",
    "page_language",
    "person_label",
    "read_amount",
    "say",
    "shown_as",
    "table_label",
    "title",
    "typed_amount",
    "unit_called",
    "unit_label",
    "use_our_catalogues",
]
