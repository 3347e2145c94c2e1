"""What is said at the cells of a file, and how its sheets look: for the marked workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.sheets.shapes import Level

Style = tuple[tuple[str, Any], ...]
WORST = (Level.ERROR, Level.QUESTION, Level.WARNING, Level.HINT)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said at a cell of a sheet, in the words of the reader; no cell: of the sheet."""

    sheet: str
    cell: str
    level: Level
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One sheet: styles by (row, column), as the writer's own properties; widths in characters,
    heights in points.
    """

    styles: Mapping[tuple[int, int], Style] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
