"""The consolidated report (Biểu 01): rows, explanation of every figure, proof."""

from reports.consolidated.behind_frozen import frozen_figure
from reports.consolidated.explanation import COLUMNS, explain
from reports.consolidated.report import Consolidated, consolidated, does_not_add_up
from reports.consolidated.rows import AMOUNTS, KEYS, ConsolidatedRow, Place

__all__ = [
    "AMOUNTS",
    "COLUMNS",
    "KEYS",
    "Consolidated",
    "ConsolidatedRow",
    "Place",
    "consolidated",
    "does_not_add_up",
    "explain",
    "frozen_figure",
]
