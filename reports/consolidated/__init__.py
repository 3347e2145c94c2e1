"""The consolidated report (Biểu 01): rows, explanation of every figure, proof."""

from reports.consolidated.behind_frozen import frozen_figure, live_figure
from reports.consolidated.explained import as_data, plain_value
from reports.consolidated.explanation import COLUMNS, explain
from reports.consolidated.report import Consolidated, consolidated, does_not_add_up
from reports.consolidated.reporters import TOLD
from reports.consolidated.rows import AMOUNTS, KEYS, ConsolidatedRow, Place

__all__ = [
    "AMOUNTS",
    "COLUMNS",
    "KEYS",
    "TOLD",
    "Consolidated",
    "ConsolidatedRow",
    "Place",
    "as_data",
    "consolidated",
    "does_not_add_up",
    "explain",
    "frozen_figure",
    "live_figure",
    "plain_value",
]
