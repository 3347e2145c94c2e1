"""What a file is, by what stands in it and never by its name."""

import re

from models.packages import Parts, Refused, refuse_active
from models.sheets.opening.child.active import WORKBOOK, parts_of
from models.sheets.opening.child.biff_sheet import read_xls
from models.sheets.opening.child.ods import MIME, read_ods
from models.sheets.opening.child.ole import MARK
from models.sheets.opening.child.telling import Teller
from models.sheets.opening.child.texts import read_text
from models.sheets.opening.child.workbook import main_part
from models.sheets.opening.child.xlsb import read_xlsb
from models.sheets.opening.child.xlsx import read_xlsx

# The first bytes of what is often sent by mistake → the sentence that says what it is.
_OTHERS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x7fELF", "other"),
)
_ZIPS = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
_WEB = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<body|<table|<meta|<style|<script|<div"
    rb"|MIME-Version:|<\?xml[^>]*\?>\s*(?:<!--.*?-->\s*)*<(?:\w+:)?html)",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"\s*<(?:\?xml|[A-Za-z][\w:.-]*[\s>])")


def read(content: bytes, answers: dict[str, str], teller: Teller) -> None:
    """Recognise the file and tell what is in it. Raises Refused."""
    if not content:
        raise Refused("empty")
    if content.startswith(_ZIPS):
        _read_package(content, teller)
        return
    if content.startswith(MARK):
        read_xls(content, teller)
        return
    if content.startswith(b"BM") and content[6:10] == bytes(4):  # `BM01;…` is a table
        raise Refused("picture")
    for start, what in _OTHERS:
        if content.startswith(start):
            raise Refused(what)
    plain = _as_ascii(content[:4_096])
    if _WEB.match(plain):
        raise Refused("web_page")
    if _XML.match(plain):
        raise Refused("xml")
    read_text(content, answers, teller)


def _as_ascii(start: bytes) -> bytes:
    """The first letters without marks and without the zeros of UTF-16."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"")


def _read_package(content: bytes, teller: Teller) -> None:
    parts = parts_of(content)
    if "mimetype" in parts:
        _read_open_document(parts, teller)
        return
    if "[Content_Types].xml" not in parts:
        raise Refused("archive")
    part = main_part(parts)
    folder = part.partition("/")[0]
    if folder in ("word", "ppt", "visio"):
        raise Refused("word")
    refuse_active(parts, WORKBOOK)
    if part.endswith(".bin"):
        read_xlsb(parts, part, teller)
    else:
        read_xlsx(parts, teller)


def _read_open_document(parts: Parts, teller: Teller) -> None:
    kind = parts.read("mimetype")
    if kind.startswith(b"application/vnd.oasis.opendocument.text"):
        raise Refused("word")
    if kind not in (MIME, MIME + b"-template"):
        raise Refused("other")
    refuse_active(parts, WORKBOOK)
    read_ods(parts, teller)
