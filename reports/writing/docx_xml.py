"""The XML of what a Word file is made of: runs, paragraphs, styles, the foot of a page."""

from xml.sax.saxutils import escape  # nosec B406 # writes XML, reads none

from docx.oxml.ns import nsdecls

from reports.writing.text_size import FONT
from reports.writing.texts import printable

TWIPS = 20


def run(
    text: str, size: float | None, *, bold: bool = False, italic: bool = False, color: str = ""
) -> str:
    """Text in one look; a break of lines stays one."""
    if not text:
        return ""
    look = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    look += f'<w:color w:val="{color}"/>' if color else ""
    if size is not None:
        half = round(size * 2)
        look += f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in printable(text).splitlines()
    )
    return f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r>"


def paragraph(
    text: str,
    side: str,
    size: float,
    *,
    bold: bool = False,
    italic: bool = False,
    color: str = "",
    keep: bool = False,
    is_inner: bool = False,
) -> str:
    """A paragraph; `keep` keeps it with the next, an inner one stands in XML that is declared."""
    next_ = "<w:keepNext/>" if keep else ""
    return (
        f"<w:p{'' if is_inner else ' ' + nsdecls('w')}><w:pPr>{next_}"
        f'<w:spacing w:before="20" w:after="40" w:line="240" '
        f'w:lineRule="auto"/><w:jc w:val="{side}"/></w:pPr>'
        f"{run(text, size, bold=bold, italic=italic, color=color)}</w:p>"
    )


def defaults(language: str) -> str:
    tongue = "vi-VN" if language == "vi" else "en-GB"
    return (
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
        f'<w:sz w:val="24"/><w:szCs w:val="24"/>'
        f'<w:lang w:val="{tongue}" w:eastAsia="{tongue}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>"
    )


def cell_style(name: str, side: str, size: float) -> str:
    half = round(size * 2)
    return (
        f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:pPr>'
        f'<w:spacing w:before="10" w:after="10" w:line="240" w:lineRule="auto"/>'
        f'<w:jc w:val="{side}"/></w:pPr><w:rPr><w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
        f"</w:rPr></w:style>"
    )


def footer(left: str, room: float, *, is_alone: bool) -> str:
    """What the table is, and page x/y; of an annex x alone, for which not every program counts."""
    at = round(room * TWIPS)
    look = '<w:rPr><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'

    def field(name: str) -> str:
        return (
            f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r>{look}<w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
            f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{look}<w:t>1</w:t></w:r>'
            f'<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
        )

    of = f"<w:r>{look}<w:t>/</w:t></w:r>{field('NUMPAGES')}" if is_alone else ""
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:tabs><w:tab w:val="right" w:pos="{at}"/></w:tabs></w:pPr>'
        f"{run(left, 9)}<w:r><w:tab/></w:r>{field('PAGE')}{of}</w:p>"
    )
