"""Heads of a table over two rows, in a paper whose columns are known only when it is made."""

from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Emu, Twips
from docx.table import Table


def with_joined_heads(content: bytes) -> bytes:
    """A Word file with each head that has nothing beneath it as one cell over both rows."""
    document = Document(BytesIO(content))
    for table in document.tables:
        if sum(_is_head(row) for row in table.rows[:2]) == 2:
            _join(table)
            section = document.sections[-1]
            margins = section.left_margin, section.right_margin
            room = (section.page_width or 0) - sum(side or 0 for side in margins)
            _widen(table, round(Emu(room).twips))
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


def _widen(table: Table, width: int) -> None:
    """Room for the words: the number and the content first, the figures share the rest."""
    count = len(table.columns)
    first = [round(width * 0.04), round(width * 0.28)]
    rest = (width - sum(first)) // max(count - 2, 1)
    widths = [*first, *[rest] * (count - 2)]
    table.autofit = False
    for grid, wide in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        grid.w = Twips(wide)
    for row in table.rows:
        at = 0
        for tc in row._tr.tc_lst:
            span = tc.grid_span
            tc.width = Twips(sum(widths[at : at + span]))
            at += span
