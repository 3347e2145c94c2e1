"""Packages that carry more than a table, and files that are no workbook: refused in words."""

import io
import struct
import zipfile

import pytest

from models.sheets import Book, Level, pasted_file
from models.sheets.opening import open_book
from tests.handmade import figure, packed, row, sheet, ties, workbook

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook(sheet(""))
MB = 2**20


def said(book: Book) -> list[tuple[str, str]]:
    return [(one.code, one.at.cell) for one in book.findings if one.level is Level.ERROR]


def test_a_part_that_is_larger_than_it_says_is_no_way_around_the_limit():
    content = bytearray(packed({**PLAIN, SHEET: b" " * 60 * MB}))
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(SHEET.encode()))
    content[at + 24 : at + 28] = struct.pack("<I", 1_000)  # what the list declares
    assert said(open_book(bytes(content), "x.xlsx")) == [("file_damaged", "")]


def doubled() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in [*PLAIN.items(), (SHEET.upper(), sheet(row(1, figure("A1", "2"))))]:
            package.writestr(name, part)
    return out.getvalue()


def locked() -> bytes:
    content = bytearray(packed(PLAIN))
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


TYPES = '<Types><Override PartName="/xl/a.xml" ContentType="{}"/></Types>'
VBA = TYPES.format("application/vnd.ms-office.vbaProject")
OUTSIDE = (
    '<Relationships><Relationship Id="rId1" Type="http://x/{}" TargetMode="External" '
    'Target="http://example.invalid/x"/></Relationships>'
)
OF_SHEET = "xl/worksheets/_rels/sheet1.xml.rels"
WORD = {
    "word/document.xml": "<a/>",
    "[Content_Types].xml": "<a/>",
    "_rels/.rels": ties(("officeDocument", "word/document.xml")),
}
SPREADSHEET_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:x"/>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_damaged"),
        (b"x" * (10 * MB + 1), "file_too_large"),
        (doubled(), "file_damaged"),
        (locked(), "file_password"),
        (packed({**PLAIN, "../../etc/x.xml": "x"}), "file_damaged"),
        (packed({**PLAIN, "/etc/x.xml": "x"}), "file_damaged"),
        (packed({**PLAIN, **{f"xl/media/{n}.png": b"" for n in range(2_000)}}), "file_too_large"),
        (packed(PLAIN)[:-40], "file_damaged"),
        (packed({**PLAIN, "xl/vbaProject.bin": b"x"}), "file_active"),
        (packed({**PLAIN, "xl/macrosheets/sheet1.xml": "<a/>"}), "file_active"),
        (packed({**PLAIN, "xl/activeX/activeX1.xml": "<a/>"}), "file_active"),
        (packed({**PLAIN, "xl/embeddings/oleObject1.bin": b"x"}), "file_active"),
        (packed({**PLAIN, "xl/connections.xml": "<a/>"}), "file_active"),
        (packed({**PLAIN, "customUI/customUI14.xml": "<a/>"}), "file_active"),
        (packed({**PLAIN, "xl/media/setup.exe": b"MZ"}), "file_active"),
        (packed({**PLAIN, OF_SHEET: OUTSIDE.format("image")}), "file_active"),
        (packed({**PLAIN, "xl/media/image1.bin": b"MZ"}), "file_active"),
        (packed({**PLAIN, "docProps/setup.exe": b"MZ"}), "file_active"),
        (packed({**PLAIN, "Pictures/setup.exe": b"MZ"}), "file_active"),
        (packed({**PLAIN, "xl/customXml/item1.docx": b"PK"}), "file_active"),
        (packed({**PLAIN, "[Content_Types].xml": VBA}), "file_active"),
        (packed({**PLAIN, OF_SHEET: OUTSIDE.format("oleObject")}), "file_active"),
        (packed({**PLAIN, OF_SHEET: OUTSIDE.format("frame")}), "file_active"),
        (packed(WORD), "file_type"),
        (packed({"bao cao.xlsx": packed(PLAIN)}), "file_type"),
        (b"%PDF-1.7\n", "file_type"),
        (b"\x89PNG\r\n\x1a\n", "file_type"),
        (b"\xff\xd8\xff\xe0", "file_type"),
        (b"{\\rtf1 x}", "file_type"),
        (b"MZ\x90\0", "file_type"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0", "file_type"),
        (b"Rar!\x1a\x07", "file_type"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file_type"),
        ("\ufeff<!DOCTYPE html>".encode("utf-16-le"), "file_type"),
        (b"\r\n <!-- x --> <TABLE border=1>", "file_type"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "file_type"),
        (SPREADSHEET_2003, "file_type"),
        (bytes(range(256)) * 20, "file_type"),
    ],
)
def test_what_is_no_plain_workbook_is_refused(content, code):
    book = open_book(content, "bao cao.xlsx")
    assert said(book) == [(code, "")]
    assert not book.grids


def test_a_workbook_with_pictures_comments_and_print_settings_is_read():
    parts = (
        "docProps/core.xml docProps/thumbnail.wmf xl/theme/theme1.xml xl/media/image1.png "
        "xl/drawings/vmlDrawing1.vml xl/comments1.xml xl/printerSettings/printerSettings1.bin "
        "xl/calcChain.xml customXml/item1.xml docMetadata/LabelInfo.xml xl/cellimages.xml"
    )
    more = {**dict.fromkeys(parts.split(), "<a/>"), OF_SHEET: OUTSIDE.format("hyperlink")}
    book = open_book(packed({**workbook(sheet(row(1, figure("A1", "5")))), **more}), "x.xlsx")
    assert not book.findings
    assert book.grids[0].cells[1, 1].value == 5


# ------------------------------------------------------------------------------ formulas

STARTING = (
    "cmd|'/C calc'!A0",
    "SUM(A1,cmd|' /C calc'!A0)",
    'DDE("cmd","/C","x")',
    'CALL("a","b")',
    'RTD("a",,"b")',
    r"MSEXCEL|'\..\x.exe'!''",
)


@pytest.mark.parametrize("formula", STARTING)
def test_a_formula_that_starts_a_program_is_refused_at_its_cell(formula):
    cells = row(3, f'<c r="D3"><f>{formula}</f><v>5</v></c>')
    assert said(open_book(packed(workbook(sheet(cells))), "x.xlsx")) == [("file_active", "D3")]


@pytest.mark.parametrize("formula", ['"a|b"&amp;A1', "'a|b'!A1", "SUM(A1:A2)", "RECALL(1)", "A1"])
def test_a_formula_that_only_looks_so_is_read(formula):
    cells = row(3, f'<c r="D3"><f>{formula}</f><v>5</v></c>')
    assert not open_book(packed(workbook(sheet(cells))), "x.xlsx").findings


def test_a_tie_to_a_program_is_refused_at_the_cell_that_uses_it():
    link = '<externalLink xmlns:r="r"><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'
    parts = workbook(
        sheet(row(1, "<c r=\"B1\"><f>[1]!'A0'</f><v>5</v></c>")),
        settings='<externalReferences><externalReference r:id="rId4"/></externalReferences>',
        more={"xl/externalLinks/externalLink1.xml": link},
        more_ties=(("externalLink", "externalLinks/externalLink1.xml"),),
    )
    assert said(open_book(packed(parts), "x.xlsx")) == [("file_active", "B1")]


def test_a_name_that_starts_a_program_is_refused():
    names = "<definedNames><definedName name=\"x\">cmd|'/C calc'!A0</definedName></definedNames>"
    parts = workbook(sheet(""), settings=names)
    assert said(open_book(packed(parts), "x.xlsx")) == [("file_active", "")]


IN_TEXT = (
    "=cmd|'/C calc'!A0",
    "+cmd|'/C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(cmd|'/c x'!A0)",
)


@pytest.mark.parametrize("cell", IN_TEXT)
def test_a_formula_in_a_table_of_text_is_refused_at_its_cell(cell):
    book = open_book(f'TT;Tên\n1;"{cell}"\n'.encode(), "x.csv")
    assert said(book) == [("file_active", "B2")]
    pasted = open_book(pasted_file(f"TT\tTên\n1\t{cell}"), "Dán")
    assert said(pasted) == [("file_active", "B2")]


def test_text_with_a_stroke_is_no_program():
    words = ["- Giao thông|Thủy lợi", "A|B", "=A1", "+ Vốn | ĐP!", "-5"]
    book = open_book("\n".join(words).encode(), "x.csv")
    assert [cell.value for cell in book.grids[0].cells.values()] == words


def test_many_cells_with_one_fault_are_named_up_to_a_number_and_then_counted():
    cells = "".join(row(n, f'<c r="A{n}"><f>[1]x!A1</f><v>5</v></c>') for n in range(1, 61))
    findings = open_book(packed(workbook(sheet(cells))), "x.xlsx").findings
    assert len(findings) == 51
    assert (findings[-1].at.cell, findings[-1].values) == ("", {"count": 10})
