"""Files as offices and strangers make them: workbooks part by part, with nothing in between."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return out.getvalue()


def ties(*pairs: tuple[str, str]) -> str:
    """A list of ties: (kind, target), called rId1, rId2 …"""
    inside = "".join(
        f'<Relationship Id="rId{number}" Type="{TIES}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    """A sheet with these rows, as XML."""
    return (
        f'{_HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{TIES}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def styles(*formats: str, font: str = "Times New Roman") -> str:
    """Styles 1, 2 … in these number formats; style 0 is General."""
    listed = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{escape(one, {chr(34): "&quot;"})}"/>'
        for number, one in enumerate(formats, 164)
    )
    used = "".join(
        f'<xf numFmtId="{number}" fontId="0"/>' for number in (0, *range(164, 164 + len(formats)))
    )
    return (
        f'{_HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{listed}</numFmts>'
        f'<fonts><font><name val="{font}"/></font></fonts><cellXfs>{used}</cellXfs></styleSheet>'
    )


def workbook(
    *sheets: str | tuple[str, str, str],
    styled: str = "",
    settings: str = "",
    texts: str = "",
    more: Mapping[str, str | bytes] | None = None,
    more_ties: tuple[tuple[str, str], ...] = (),
) -> dict[str, str | bytes]:
    """The parts of a workbook; a sheet is XML, or (name, state, XML)."""
    named = [
        one if isinstance(one, tuple) else (f"Sheet{number}", "visible", one)
        for number, one in enumerate(sheets, 1)
    ]
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        for number, (name, state, _) in enumerate(named, 1)
    )
    pairs = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(named) + 1)]
    pairs += [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"), *more_ties]
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": ties(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{MAIN}" xmlns:r="{TIES}">{settings}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": ties(*pairs),
        "xl/styles.xml": styled or styles(),
        "xl/sharedStrings.xml": f'{_HEAD}<sst xmlns="{MAIN}">{texts}</sst>',
        **{
            f"xl/worksheets/sheet{number}.xml": text for number, (_, _, text) in enumerate(named, 1)
        },
        **(more or {}),
    }


def text(place: str, words: str) -> str:
    """A cell of text."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is></c>'


def figure(place: str, digits: str, *, style: int = 0) -> str:
    """A cell with a number, digit by digit."""
    return f'<c r="{place}" s="{style}"><v>{digits}</v></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'
