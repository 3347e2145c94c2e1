"""Files that were made to do harm: each ends in a sentence, the child under its limits."""

import io
import os
import resource
import struct
import threading
import time
import zipfile
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.sheets import Book, Level
from models.sheets.layout.sheet import Sheet
from models.sheets.opening import book, limits, open_book
from tests.handmade import figure, packed, row, sheet, text, workbook
from tests.old_workbooks import compound, record, xls, xls_sheet
from tests.sheets import grid

SHEET = "xl/worksheets/sheet1.xml"
PLAIN = workbook(sheet(""))
HEAD, TAIL = (part.encode() for part in sheet("@").split("@"))
MB = 2**20


def with_sheet(pieces: Iterable[bytes]) -> bytes:
    """A workbook whose sheet is written piece by piece."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in PLAIN.items():
            if name != SHEET:
                package.writestr(name, part)
        with package.open(SHEET, "w") as part:
            for piece in pieces:
                part.write(piece)
    return out.getvalue()


def rows_of(count: int, inside: str) -> Iterable[bytes]:
    yield HEAD
    for start in range(1, count + 1, 4_096):
        numbers = range(start, min(start + 4_096, count + 1))
        yield "".join(f'<row r="{number}"{inside}</row>' for number in numbers).encode()
    yield TAIL


@contextmanager
def watched():
    """The largest memory that any child of this process had meanwhile, in MB."""
    most, stop = [0.0], threading.Event()
    own = Path("/proc/self/cmdline").read_bytes()

    def look() -> None:
        while not stop.is_set():
            for child in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
                try:
                    children = child.read_text().split()
                except OSError:
                    continue  # the thread ended
                for number in children:
                    try:
                        if Path(f"/proc/{number}/cmdline").read_bytes() == own:
                            continue  # not another program yet: it shows what this one holds
                        status = Path(f"/proc/{number}/status").read_text()
                    except OSError:
                        continue
                    peak = status.partition("VmHWM:")[2].split()[:1]
                    most[0] = max(most[0], int(peak[0]) / 1024 if peak else 0)
            time.sleep(0.005)

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield most
    finally:
        stop.set()
        watching.join()


def said(book: Book) -> list[tuple[str, str]]:
    return [(one.code, one.at.cell) for one in book.findings if one.level is Level.ERROR]


def entities() -> bytes:
    declared = '<!ENTITY a0 "lol">'
    for n in range(1, 12):
        declared += f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'
    return f"<!DOCTYPE x [{declared}]>".encode()


def with_doctype(doctype: bytes, inside: str) -> bytes:
    declaration, rest = HEAD.split(b"?>", 1)
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{inside}</t></is></c></row>'
    return with_sheet([declaration, b"?>", doctype, rest, cell.encode(), TAIL])


FAR = packed(workbook(sheet(row(1_048_576, figure("XFD1048576", "1")))))
WIDE = packed(workbook(sheet(row(1, figure("XFD1", "1")))))
MOVED = '<c><f t="shared" si="0"/><v>1</v></c>'
FIRST = f'<row r="1"><c><f t="shared" si="0">{"A1+" * 2_700}1</f><v>1</v></c></row>'
STYLED = '><c s="0"/>'

HOSTILE = {
    "the last cell of all": (lambda: FAR, [("file_too_large", "XFD1048576")]),
    "the last column": (lambda: WIDE, [("file_too_large", "XFD1")]),
    "200 MB of spaces": (
        lambda: with_sheet([HEAD, *[b" " * MB] * 200, TAIL]),
        [("file_too_large", "")],
    ),
    "a million styled rows": (lambda: with_sheet(rows_of(1_048_576, ' s="1">')), []),
    "half a million styled cells": (lambda: with_sheet(rows_of(500_000, STYLED)), []),
    "600,000 cells": (
        lambda: with_sheet(rows_of(20_000, ">" + "<c><v>1</v></c>" * 30)),
        [("file_too_large", "")],
    ),
    "billion laughs": (lambda: with_doctype(entities(), "&a11;"), [("file_damaged", "")]),
    "a file of the server": (
        lambda: with_doctype(b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>', "&y;"),
        [("file_damaged", "")],
    ),
    "elements a million deep": (
        lambda: with_sheet([HEAD, *[b"<a>" * 100_000] * 10, TAIL]),
        [("file_damaged", "")],
    ),
    "a text of 30 MB": (
        lambda: packed(workbook(sheet(row(1, text("A1", "x" * 30_000_000))))),
        [("text_too_long", "A1")],
    ),
    "a number of 10 MB": (
        lambda: packed(workbook(sheet(row(1, figure("A1", "9" * 10_000_000))))),
        [],
    ),
    "two million shared texts": (
        lambda: packed(workbook(sheet(""), texts="<si><t>a</t></si>" * 1_900_000)),
        [],
    ),
    "a formula of 8 kB in 900,000 cells": (
        lambda: with_sheet(
            [
                HEAD,
                FIRST.encode(),
                *(f'<row r="{n}">{MOVED * 45}</row>'.encode() for n in range(2, 20_001)),
                TAIL,
            ]
        ),
        [("file_too_large", "")],
    ),
    "a table of text with a million rows": (
        lambda: b"a,b\n" * 2_000_000,
        [("file_too_large", "A20001")],
    ),
    "a table of text with five million columns": (
        lambda: b"1," * 5_000_000,
        [("file_too_large", "")],
    ),
    "nothing but zeros": (lambda: bytes(9_000_000), [("file_type", "")]),
    "a chain of sectors that never ends": (
        lambda: compound(Workbook=bytes(5_000)).replace(
            struct.pack("<II", 1, 2), struct.pack("<II", 0, 0)
        ),
        [("file_damaged", "")],
    ),
    "more texts than an xls can hold": (
        lambda: xls(
            ("A", 0, xls_sheet()),
            before=record(0x00FC, struct.pack("<II", 2**31, 2**31), b"\1\0\0a"),
        ),
        [("file_damaged", "")],
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_sentence_and_harms_nobody(name):
    """Meanwhile a colleague's file is opened; nobody waits for more than ten seconds."""
    make, expected = HOSTILE[name]
    content, colleague = make(), packed(workbook(sheet(row(1, figure("A1", "5")))))
    assert len(content) <= limits.FILE_BYTES
    found: list[Book] = []
    with watched() as most:
        begun = time.monotonic()
        opening = threading.Thread(target=lambda: found.append(open_book(content, "x.xlsx")))
        opening.start()
        assert open_book(colleague, "y.xlsx").grids[0].cells[1, 1].value == 5
        opening.join()
        took = time.monotonic() - begun
    assert said(found[0]) == expected or (
        # A slow machine may end it first; that is a sentence, too.
        [(one.code, one.message[:22]) for one in found[0].findings]
        == [("file_too_large", "Reading the file takes")]
    )
    assert took < 12  # 10 on a machine that does nothing else
    assert 5 < most[0] < 500


def test_a_child_that_is_killed_gives_a_sentence(monkeypatch):
    monkeypatch.setattr(limits, "MEMORY_BYTES", 40 * MB)
    book = open_book(b"1," * 2_000_000, "x.csv")
    assert [one.code for one in book.findings] == ["file_too_large"]


@pytest.mark.parametrize(
    "line", [b"junk", b"[]", b'["row",1]', b'["found","x","","",{}]', b'["_cell"]', b'["text","a"]']
)
def test_a_child_that_talks_nonsense_gives_a_sentence(monkeypatch, line):
    monkeypatch.setattr(book, "lines_from_child", lambda *_, **_named: (one for one in [line]))
    (finding,) = open_book(b"x", "x.xlsx").findings
    assert finding.code == "file_damaged"


@pytest.mark.parametrize("which", ["SECONDS", "WAIT_SECONDS"])
def test_a_child_that_takes_too_long_gives_a_sentence(monkeypatch, which):
    monkeypatch.setattr(limits, which, 1)
    before = processor_of_children()
    book = open_book(with_sheet(rows_of(20_000, ">" + "<c><v>1.5</v></c>" * 24)), "x.xlsx")
    assert [one.code for one in book.findings] == ["file_too_large"]
    assert processor_of_children() - before < 3  # not of the clock: others may keep the machine


def processor_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_one_who_opens_keeps_little():
    """5,000 rows with 22 columns: below 50 MB, as the operating system counts."""
    rows = []
    for n in range(1, 5_001):
        cells = (figure(f"{'ABCDEFGHIJKLMNOPQRSTUV'[c]}{n}", str(n * 1_000 + c)) for c in range(22))
        rows.append(row(n, *cells))
    content = packed(workbook(sheet("".join(rows))))
    open_book(content, "warm.xlsx")
    before = resident()
    book = open_book(content, "x.xlsx")
    assert len(book.grids[0].cells) == 110_000
    assert resident() - before < 50


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def test_merged_blocks_are_looked_at_within_one_measure_wherever_they_lie():
    """One that lies below the last row has less than no cells: it makes no room for others."""
    inside, below = (1, 1, 10_000, 2), (20_000, 1, 20_000, 2)
    table = grid([["a"], *[[None]] * 9_998, ["b", "c"]], spans=[below, inside] * 100)
    seen = Sheet(table)
    assert len(seen.spans_from(1)) == 20  # 400,000 cells
    assert seen.spans_from(20_000) == []
