"""A table as a Word file: A4 across, heads on every page, no row over two pages.

Rows are written as XML past the library, which takes a minute for a district cell by cell and
half a gigabyte for a province in one tree: they are put in when the file is packed.
"""

import math
from collections.abc import Iterator, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm

from reports.writing.docx_xml import TWIPS, cell_style, defaults, footer, paragraph, run
from reports.writing.drawn import pictures_of
from reports.writing.heads import HeadCell, head_depth, heads
from reports.writing.layout import INDENT, SMALLER, indent_of
from reports.writing.page import HEAD_SIZE, SIDE, SIZE, fitted_to_page, room_of
from reports.writing.picture import Picture
from reports.writing.table import Column, Kind, Rank, Row, Table
from reports.writing.text_size import FONT
from reports.writing.texts import text_of, texts_of

LONGEST = 255  # signs in a property of a file
_BOLD = frozenset({Rank.TOTAL, Rank.GROUP, Rank.PART})
_SIDES = ("left", "right", "center")
_HERE = "<!--rows-->"  # where those of a table belong; words of people are escaped
_TEXT = "word/document.xml"
_TOP, _BOTTOM, _LINE = 15, 14, 8  # millimetres: margins, and what the line of a picture takes more
_ACROSS = 230, 210 - _TOP - _BOTTOM - _LINE  # how wide and high a picture may be
_UPRIGHT = 180, 297 - _TOP - _BOTTOM - _LINE


def docx_of(*tables: Table) -> bytes:
    """The file: for each table what stands above it, the table, what stands below it, and its
    chart as a picture with its words. Each begins a page."""
    document, written = Document(), []
    _prepare(document, tables[0])
    for n, table in enumerate(tables):
        section = document.add_section(WD_SECTION.NEW_PAGE) if n else document.sections[0]
        _page(section, table, is_alone=True)
        written.append(_fill(document, table, f"Cell{n}" if n else "Cell"))
        for picture in pictures_of(table, *(_UPRIGHT if table.is_upright else _ACROSS)):
            _draw(document, picture)
    return _packed(document, written)


def _draw(document: Word, picture: Picture) -> None:
    """A picture at the end of the document."""
    place = document.add_paragraph()
    place.alignment = WD_ALIGN_PARAGRAPH.CENTER
    place.add_run().add_picture(BytesIO(picture.content), width=Mm(picture.width_mm))
    for drawing in place._p.iter(qn("wp:docPr")):
        drawing.set("descr", picture.words)


def with_annexes(content: bytes, tables: Sequence[Table]) -> bytes:
    """A Word file with tables behind it, each in a section that lies across and begins with
    page 1 (domain §7.2)."""
    document, written = Document(BytesIO(content)), []
    for n, table in enumerate(tables, 1):
        section = document.add_section(WD_SECTION.NEW_PAGE)
        section.different_first_page_header_footer = False
        section.header.is_linked_to_previous = False
        for one in section.header.paragraphs:
            one.clear()
        _page(section, table, is_alone=False)
        section._sectPr.append(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'))
        written.append(_fill(document, table, f"Annex{n}"))
    return _packed(document, written)


def _packed(document: Word, written: Sequence["_Writer"]) -> bytes:
    """The file, with the rows of its tables put in while its text is compressed."""
    plain, out = BytesIO(), BytesIO()
    document.save(plain)
    full = [one for one in written if one.table.rows]
    with ZipFile(plain) as parts, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename != _TEXT:
                packed.writestr(part, content)
                continue
            # a template may hold such a comment of its own; our tables come behind it
            before, *others = content.rsplit(_HERE.encode(), len(full))
            with packed.open(part, "w") as text:
                text.write(before)
                for one, after in zip(full, others, strict=True):
                    for row in one.rows():
                        text.write(row.encode())
                    text.write(after)
    return out.getvalue()


def _fill(document: Word, table: Table, style: str) -> "_Writer":
    """The words of a table at the end of a document whose section lies across, with the place of
    its rows.
    """
    writer = _Writer(table, style)
    for side in _SIDES:
        document.styles.element.append(parse_xml(cell_style(f"{style}-{side}", side, writer.size)))
    last = document.element.body[-1]  # the section closes the body
    for xml in writer.parts():
        last.addprevious(parse_xml(xml))
    return writer


def _prepare(document: Word, table: Table) -> None:
    """Fonts, language and names of the document itself."""
    body = document.element.body
    for one in list(document.paragraphs):
        body.remove(one._p)
    styles = document.styles.element
    for style in styles.findall(f"{{{styles.nsmap['w']}}}docDefaults"):
        styles.remove(style)
    styles.insert(0, parse_xml(defaults(table.head.language)))
    document.styles["Normal"].font.name = FONT
    core = document.core_properties
    named = " ".join(table.head.title), table.head.issuer, table.head.form
    core.title, core.author, core.subject = (text[:LONGEST] for text in named)
    core.comments = ""


def _page(section: Section, table: Table, *, is_alone: bool) -> None:
    across = WD_ORIENT.PORTRAIT if table.is_upright else WD_ORIENT.LANDSCAPE
    section.orientation = across
    sides = Mm(297), Mm(210)
    section.page_width, section.page_height = sides[::-1] if table.is_upright else sides
    section.left_margin = section.right_margin = Mm(SIDE)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.header_distance = section.footer_distance = Mm(7)
    head = table.head
    left = " · ".join(part for part in (head.form, head.title[-1], head.mark) if part)
    foot = section.footer
    foot.is_linked_to_previous = False
    for one in list(foot.paragraphs):
        foot._element.remove(one._p)
    foot._element.append(parse_xml(footer(left, room_of(table), is_alone=is_alone)))


class _Writer:
    """The XML of one table, part by part."""

    def __init__(self, table: Table, style: str) -> None:
        self.table, self.style = table, style
        self.columns = table.printed
        fitted = fitted_to_page(table, texts_of(table))
        self.widths, self.numbers, self.scale = fitted.widths, fitted.numbers, fitted.scale
        self.size = math.floor(SIZE * self.scale * 2) / 2  # Word knows half points

    def parts(self) -> Iterator[str]:
        head = self.table.head
        yield self._top()
        for line in head.title:
            yield paragraph(line, "center", 13, bold=True)
        if head.reference:
            yield paragraph(head.reference, "center", 12, italic=True)
        if head.mark:
            yield paragraph(head.mark, "center", 12, bold=True, italic=True, color="C00000")
        for line in head.status:
            yield paragraph(line, "left", 11)
        if head.unit:
            yield paragraph(head.unit, "right", 11, italic=True, keep=True)
        if self.table.rows:
            yield self._grid()
        else:
            yield paragraph(head.none, "center", 12, italic=True)
        for line in self.table.notes:
            yield paragraph(line, "left", 10, italic=True)

    def _top(self) -> str:
        """Who issues the table, and which form it is."""
        half = round(room_of(self.table) * TWIPS / 2)
        head = self.table.head
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{half}" w:type="dxa"/></w:tcPr>'
            f"{paragraph(text, side, 12, bold=True, is_inner=True)}</w:tc>"
            for text, side in ((head.issuer, "left"), (head.form, "right"))
        )
        return (
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{2 * half}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>'
            f'<w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f'<w:tblGrid><w:gridCol w:w="{half}"/>'
            f'<w:gridCol w:w="{half}"/></w:tblGrid><w:tr>{cells}</w:tr></w:tbl>'
        )

    def _grid(self) -> str:
        widths = [round(width * TWIPS) for width in self.widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        pad = round(2 * TWIPS * min(1.0, self.scale))
        return (
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f'<w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{pad}" w:type="dxa"/>'
            f'<w:right w:w="{pad}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(self._heads())}{_HERE}</w:tbl>"
        )

    def rows(self) -> Iterator[str]:
        return map(self._row, self.table.rows)

    def _heads(self) -> Iterator[str]:
        """Merged heads and the row of numbers, repeated on every page."""
        covered: dict[tuple[int, int], HeadCell] = {}
        for cell in heads(self.table):
            for row in range(cell.row, cell.row + cell.rows):
                covered[row, cell.col] = cell
        size = self.size * HEAD_SIZE / SIZE
        for row in range(head_depth(self.columns)):
            cells, col = [], 0
            while col < len(self.columns):
                cell = covered[row, col]
                merged = ""
                if cell.rows > 1:
                    merged = '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
                text = cell.text if row == cell.row else ""
                cells.append(self._head_cell(col, cell.cols, text, size, merged))
                col += cell.cols
            yield _table_row("".join(cells), is_head=True)
        small = size - SMALLER * self.scale
        yield _table_row(
            "".join(
                self._head_cell(col, 1, number, small, "", is_number=True)
                for col, number in enumerate(self.numbers)
            ),
            is_head=True,
        )

    def _head_cell(
        self, col: int, cols: int, text: str, size: float, merged: str, *, is_number: bool = False
    ) -> str:
        width = round(sum(self.widths[col : col + cols]) * TWIPS)
        span = f'<w:gridSpan w:val="{cols}"/>' if cols > 1 else ""
        shade = "" if is_number else '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merged}{shade}'
            f'<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{self.style}-center"/></w:pPr>'
            f"{run(text, size, bold=not is_number, italic=is_number)}</w:p></w:tc>"
        )

    def _row(self, row: Row) -> str:
        return _table_row(
            "".join(
                self._cell(column, row, width)
                for column, width in zip(self.columns, self.widths, strict=True)
            )
        )

    def _cell(self, column: Column, row: Row, width: float) -> str:
        text = text_of(self.table, column, row)
        if row.rank is Rank.TOTAL and column.number == 2:
            text = text.upper()
        is_text = column.kind is Kind.TEXT
        is_centred = column.is_centred or column.kind in (Kind.DAY, Kind.MOMENT)
        side = "center" if is_centred else "left" if is_text else "right"
        steps = indent_of(column, row)
        indent = f'<w:ind w:left="{round(steps * INDENT * self.scale * TWIPS)}"/>' if steps else ""
        whole = "" if is_text else "<w:noWrap/>"
        words = run(text, None, bold=row.rank in _BOLD, italic=row.rank is Rank.PART)
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{round(width * TWIPS)}" w:type="dxa"/>{whole}'
            f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
            f'<w:pStyle w:val="{self.style}-{side}"/>{indent}'
            f"</w:pPr>{words}</w:p></w:tc>"
        )


def _table_row(cells: str, *, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{cells}</w:tr>"
