"""What every record screen shares: forms, fields, filters, list, pages, export."""

from admin.records.base import Records
from admin.records.choices import (
    component_options,
    components,
    decisions,
    investor_options,
    investors,
    open_periods,
    period_codes,
    projects,
    undivided_components,
)
from admin.records.export import Exported, as_moment, as_percent, hundredths
from admin.records.fields import (
    ChoiceField,
    DayField,
    LineField,
    LookupField,
    MoneyField,
    Needed,
    PercentField,
    RelationField,
    RelationsField,
    TextAreaField,
    WholeField,
)
from admin.records.filters import (
    ChoiceFilter,
    Filter,
    FromDayFilter,
    RowFilter,
    UntilDayFilter,
    ValueFilter,
    WordsFilter,
    YesNoFilter,
)
from admin.records.pages import RecordForm
from admin.records.refusals import EXPECTED, blame, sentence
from admin.records.removal import counted
from admin.records.words import as_badge, as_money, link

__all__ = [
    "EXPECTED",
    "ChoiceField",
    "ChoiceFilter",
    "DayField",
    "Exported",
    "Filter",
    "FromDayFilter",
    "LineField",
    "LookupField",
    "MoneyField",
    "Needed",
    "PercentField",
    "RecordForm",
    "Records",
    "RelationField",
    "RelationsField",
    "RowFilter",
    "TextAreaField",
    "UntilDayFilter",
    "ValueFilter",
    "WholeField",
    "WordsFilter",
    "YesNoFilter",
    "as_badge",
    "as_moment",
    "as_money",
    "as_percent",
    "blame",
    "component_options",
    "components",
    "counted",
    "decisions",
    "hundredths",
    "investor_options",
    "investors",
    "link",
    "open_periods",
    "period_codes",
    "projects",
    "sentence",
    "undivided_components",
]
