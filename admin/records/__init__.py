"""What every record screen shares: forms, fields, filters, list, pages, export."""

from admin.records.base import Records
from admin.records.choice_fields import RelationField
from admin.records.choices import (
    component_options,
    decisions,
    investor_options,
    investors,
    open_periods,
    period_codes,
    projects,
    undivided_components,
    values_of,
)
from admin.records.fields import Needed
from admin.records.filters import (
    ChoiceFilter,
    Filter,
    FromDayFilter,
    PeriodFilter,
    RowFilter,
    UntilDayFilter,
    ValueFilter,
    WordsFilter,
    YesNoFilter,
)
from admin.records.forms import form_fields, form_of
from admin.records.history import Change, changes_in_words, history_in_words
from admin.records.lookup import matches
from admin.records.newest import Newest, newest_of
from admin.records.pages import RecordForm
from admin.records.paste import MOST_COLUMNS, PASTED_COLUMNS, PasteBox, paste_box
from admin.records.refusals import EXPECTED, blame, in_words, is_refusal, sentence, status_of
from admin.records.shown import bare_label, heading
from admin.records.words import as_badge, called, link

__all__ = [
    "EXPECTED",
    "MOST_COLUMNS",
    "PASTED_COLUMNS",
    "Change",
    "ChoiceFilter",
    "Filter",
    "FromDayFilter",
    "Needed",
    "Newest",
    "PasteBox",
    "PeriodFilter",
    "RecordForm",
    "Records",
    "RelationField",
    "RowFilter",
    "UntilDayFilter",
    "ValueFilter",
    "WordsFilter",
    "YesNoFilter",
    "as_badge",
    "bare_label",
    "blame",
    "called",
    "changes_in_words",
    "component_options",
    "decisions",
    "form_fields",
    "form_of",
    "heading",
    "history_in_words",
    "in_words",
    "investor_options",
    "investors",
    "is_refusal",
    "link",
    "matches",
    "newest_of",
    "open_periods",
    "paste_box",
    "period_codes",
    "projects",
    "sentence",
    "status_of",
    "undivided_components",
    "values_of",
]
