"""The consolidated report (Biểu 01): rows, explanation of every figure, proof."""

from reports.consolidated.behind_frozen import frozen_figure
from reports.consolidated.explanation import COLUMNS, explain
from reports.consolidated.proof import Proof, prove
from reports.consolidated.proof_frozen import prove_frozen
from reports.consolidated.report import Consolidated, consolidated, does_not_add_up
from reports.consolidated.rows import KEYS, ConsolidatedRow, Place

__all__ = [
    "COLUMNS",
    "KEYS",
    "Consolidated",
    "ConsolidatedRow",
    "Place",
    "Proof",
    "consolidated",
    "does_not_add_up",
    "explain",
    "frozen_figure",
    "prove",
    "prove_frozen",
]
