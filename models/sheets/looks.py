"""How a workbook looks: widths, heights, letters, borders and fills, and nothing that does a thing.

Read for the marked workbook alone, in a process of its own (`marked_child.py`); a look that cannot
be read in time is no loss.
"""

import io
from typing import Any

import openpyxl  # type: ignore[import-untyped]
from openpyxl.styles.colors import COLOR_INDEX  # type: ignore[import-untyped]

from models.sheets.marks import Look, Style

MOST_CELLS = 300_000
MARGIN = 0.71  # that the writer adds to a width, in characters
_BORDERS = {
    "thin": 1, "medium": 2, "dashed": 3, "dotted": 4, "thick": 5, "double": 6, "hair": 7,
}  # fmt: skip
_ACROSS = {"left": "left", "center": "center", "right": "right", "centerContinuous": "center"}
_DOWN = {"top": "top", "center": "vcenter", "bottom": "bottom"}


def looks_of(content: bytes) -> dict[str, Look]:
    """The looks of the sheets of an .xlsx by their names."""
    book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False, rich_text=False)
    known: dict[Any, Style] = {}
    left, looks = MOST_CELLS, {}
    for sheet in book.worksheets:
        styles: dict[tuple[int, int], Style] = {}
        for place, cell in sheet._cells.items():
            if left <= 0 or not cell.has_style:
                continue
            left -= 1
            key = tuple(cell._style)
            if key not in known:
                known[key] = tuple(sorted(_style(cell).items()))
            styles[place] = known[key]
        looks[sheet.title] = Look(styles=styles, widths=_widths(sheet), heights=_heights(sheet))
    return looks


def _style(cell: Any) -> dict[str, Any]:
    font, lines, place = cell.font, cell.border, cell.alignment
    facts: dict[str, Any] = {
        "bold": bool(font.b),
        "italic": bool(font.i),
        "font_color": _colour(font.color),
        "font_size": font.sz if font.sz and 4 <= font.sz <= 72 else None,
        "font_name": font.name if font.name and len(font.name) < 40 else None,
        "align": _ACROSS.get(place.horizontal),
        "valign": _DOWN.get(place.vertical),
        "text_wrap": bool(place.wrap_text),
        "bg_color": _colour(cell.fill.fgColor) if cell.fill.fill_type == "solid" else None,
    }
    for side in ("left", "right", "top", "bottom"):
        line = getattr(lines, side)
        facts[side] = _BORDERS.get(line.style, 1) if line is not None and line.style else None
    return {name: value for name, value in facts.items() if value}


def _colour(colour: Any) -> str | None:
    """As `#RRGGBB`; nothing for those of a theme, which have no value of their own."""
    if colour is None:
        return None
    code = colour.rgb if colour.type == "rgb" else None
    if colour.type == "indexed" and 0 <= colour.indexed < len(COLOR_INDEX):
        code = COLOR_INDEX[colour.indexed]
    return f"#{code[-6:]}" if isinstance(code, str) and len(code) in (6, 8) else None


def _widths(sheet: Any) -> dict[int, float]:
    found = {}
    for one in sheet.column_dimensions.values():
        if one.width and one.min and one.max and one.customWidth:
            for column in range(one.min, min(one.max, 256) + 1):
                found[column] = min(max(float(one.width) - MARGIN, 1.0), 120.0)
    return found


def _heights(sheet: Any) -> dict[int, float]:
    return {
        row: min(float(one.height), 400.0)
        for row, one in sheet.row_dimensions.items()
        if one.height and row <= 20_000
    }
