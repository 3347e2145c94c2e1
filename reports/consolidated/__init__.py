"""The consolidated report (Biểu 01): rows, explanation of every figure, proof."""

from reports.consolidated.behind_frozen import FrozenFigure, frozen_figure, live_figure
from reports.consolidated.explained import (
    Explained,
    ToldLine,
    Window,
    as_data,
    plain_value,
    with_origins,
    with_origins_of_words,
)
from reports.consolidated.explanation import COLUMNS, explain
from reports.consolidated.figure_asked import CARRIED
from reports.consolidated.paged import Cut, page_of
from reports.consolidated.report import (
    Consolidated,
    Shown,
    built,
    consolidated,
    held_shown,
    source_shown,
)
from reports.consolidated.reporters import TOLD
from reports.consolidated.rows import (
    AMOUNTS,
    KEYS,
    OWN_TOTAL,
    STALE,
    TOTAL,
    ConsolidatedRow,
    Place,
)
from reports.consolidated.split import PARTS

__all__ = [
    "AMOUNTS",
    "CARRIED",
    "COLUMNS",
    "KEYS",
    "OWN_TOTAL",
    "PARTS",
    "STALE",
    "TOLD",
    "TOTAL",
    "Consolidated",
    "ConsolidatedRow",
    "Cut",
    "Explained",
    "FrozenFigure",
    "Place",
    "Shown",
    "ToldLine",
    "Window",
    "as_data",
    "built",
    "consolidated",
    "explain",
    "frozen_figure",
    "held_shown",
    "live_figure",
    "page_of",
    "plain_value",
    "source_shown",
    "with_origins",
    "with_origins_of_words",
]
