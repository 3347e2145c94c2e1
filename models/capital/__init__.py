"""Capital: allocations, their ledger lines, terms of disbursement."""

import models.capital.reach
import models.capital.rules  # noqa: F401  its rules hang on the models
from models.capital.allocation import (
    BUDGET_SOURCES,
    CENTRAL_SOURCES,
    IS_CARRIED,
    LOCAL_SOURCES,
    Allocation,
    AllocationLine,
    LineKind,
    Nature,
    Source,
    key_of_capital,
    order_of_capital,
)
from models.capital.term import (
    CapitalTerm,
    is_over,
    last_day,
    term_of_allocation,
    terms_of,
    usual_term,
)

__all__ = [
    "BUDGET_SOURCES",
    "CENTRAL_SOURCES",
    "IS_CARRIED",
    "LOCAL_SOURCES",
    "Allocation",
    "AllocationLine",
    "CapitalTerm",
    "LineKind",
    "Nature",
    "Source",
    "is_over",
    "key_of_capital",
    "last_day",
    "order_of_capital",
    "term_of_allocation",
    "terms_of",
    "usual_term",
]
