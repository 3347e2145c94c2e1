"""Heads of a table over two rows, in a paper whose columns are known only when it is made."""

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Twips
from docx.table import Table

TWIPS = 20  # of a point
MARGIN = 2  # points between a figure and the line of its cell
SMALLEST = 13  # half points
NUMBER, CONTENT, LEAST = 0.04, 0.28, 0.13  # of the width of a page; the least is for the content


def with_joined_heads(content: bytes, figures: Sequence[float]) -> bytes:
    """A Word file with each head that has nothing beneath it as one cell over both rows, and with
    the room in points that its columns of `figures` need.
    """
    document = Document(BytesIO(content))
    for table in document.tables:
        if sum(_is_head(row) for row in table.rows[:2]) == 2:
            _join(table)
            section = document.sections[-1]
            margins = section.left_margin, section.right_margin
            room = (section.page_width or 0) - sum(side or 0 for side in margins)
            _widen(table, round(Emu(room).twips), figures)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _is_head(row: Any) -> bool:
    return row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None


def _join(table: Table) -> None:
    """Heads over both rows where there are groups, one row of heads where there are none."""
    if not any(cell.text.strip() for cell in table.rows[1].cells):
        table._tbl.remove(table.rows[1]._tr)
        return
    for above, below in zip(table.rows[0].cells, table.rows[1].cells, strict=False):
        if above.text.strip() and not below.text.strip():
            joined = above.merge(below)
            for paragraph in joined.paragraphs[1:]:
                paragraph._p.getparent().remove(paragraph._p)


def _widen(table: Table, width: int, figures: Sequence[float]) -> None:
    """Room for the words: the number and the content first, the figures share the rest. Where one
    of them would be broken each gets what it needs, in smaller type where the content is to have
    room, too.
    """
    count = len(table.columns) - 2
    first = [round(width * NUMBER), round(width * CONTENT)]
    shares = [(width - sum(first)) // max(count, 1)] * count
    needs = [round(need * TWIPS) for need in figures]
    if len(needs) == count and any(need > shares[0] for need in needs):
        most = width - first[0] - round(width * LEAST)
        scale = min(max(sum(needs), sum(shares)), most) / sum(needs)
        shares = [round(need * scale) for need in needs]
        first[1] = width - first[0] - sum(shares)
        _narrow(table)
        if scale < 1:
            _shrink(table, scale)
    widths = [*first, *shares]
    table.autofit = False
    for grid, wide in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        grid.w = Twips(wide)
    for row in table.rows:
        at = 0
        for tc in row._tr.tc_lst:
            span = tc.grid_span
            tc.width = Twips(sum(widths[at : at + span]))
            at += span


def _narrow(table: Table) -> None:
    """Little room beside the figures."""
    sides = "".join(f'<w:{one} w:w="{MARGIN * TWIPS}" w:type="dxa"/>' for one in ("left", "right"))
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    table.autofit = False
    table._tbl.tblPr.find(qn("w:tblLayout")).addnext(margins)


def _shrink(table: Table, scale: float) -> None:
    """All of the table in smaller type, as far as it can be read."""
    for size in table._tbl.iter(qn("w:sz")):
        smaller = math.floor(int(size.get(qn("w:val"))) * scale)
        size.set(qn("w:val"), str(max(smaller, SMALLEST)))
