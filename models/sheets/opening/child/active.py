"""What a workbook may be made of, and what in it is active."""

import re

from models.packages import Active, Parts
from models.sheets.opening import limits

# What a workbook is made of. Anything else is a program or a file carried inside.
_HARMLESS = re.compile(
    r"""
    (?: .*\.(?: xml | rels | vml | png | jpe?g | gif | bmp | tiff? | emf | wmf | svg | ico )
      | (?: xl/ )? (?: printerSettings/ .* | customProperty/ .* | customProperty\d* ) \.bin
      | xl/ (?: workbook | styles | sharedStrings | calcChain | comments\d* | metadata | persons?
              | (?: worksheets | chartsheets | tables | pivotTables | pivotCache | externalLinks
                  | comments | revisions | theme | slicers | slicerCaches | _rels | ctrlProps ) /
                [^/]* (?: /[^/]* )? ) \.bin
      | mimetype | layout-cache | .*/
      | Pictures/ [^/.]* (?: \.(?: svm | webp ) )?
      | ObjectReplacements/ [^/.]*
      | manifest\.rdf
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ACTIVE = (
    (re.compile(r"macrosheets/|(^|/)(Basic|Scripts)/", re.I), "macros"),
    (re.compile(r"(^|/)connections\.(xml|bin)$|queryTables/|(^|/)model/", re.I), "connections"),
)
# Kinds of parts and ties, as they are declared: a part may bear any name.
_ACTIVE_KINDS = (
    (re.compile(r"macrosheet", re.I), "macros"),
    (re.compile(r"/connections$|spreadsheetml\.connections", re.I), "connections"),
)
WORKBOOK = Active(
    allowed=_HARMLESS,
    names=_ACTIVE,
    kinds=_ACTIVE_KINDS,
    outside=re.compile(r"/(hyperlink|externalLink\w*|xl\w+)$", re.I),
)


def parts_of(content: bytes) -> Parts:
    """The parts of a workbook, within the limits of one. Raises Refused."""
    return Parts(content, most_parts=limits.PARTS, most_bytes=limits.UNPACKED_BYTES)
