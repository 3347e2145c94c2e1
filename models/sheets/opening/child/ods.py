"""A sheet of OpenDocument (.ods): one pass over its content; repeated cells are told once each."""

import re
from typing import Any

from models.packages import Attributes, Parts, Refused, Stream
from models.sheets.opening import limits
from models.sheets.opening.child.cells import Told, iso_cell, number_cell, text_cell
from models.sheets.opening.child.formulas import books_elsewhere, starts_a_program
from models.sheets.opening.child.ods_styles import Styles
from models.sheets.opening.child.ods_words import Words
from models.sheets.opening.child.telling import ERROR, TRUTH, UNCALCULATED, Teller, letters

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
# With these prefixes the rest is looked up; all programs write them.
_PREFIXES = {
    "xmlns:office": f"{_URN}office:1.0",
    "xmlns:table": f"{_URN}table:1.0",
    "xmlns:text": f"{_URN}text:1.0",
}
_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!)|(?:Err|Lỗi):\d{3}", re.I)
_REFERENCE = re.compile(r"\[([^\]]*)\]")
_NUMBERS = ("float", "percentage", "currency")
_FETCHED = tuple(f"table:database-source-{kind}" for kind in ("sql", "query", "table"))


def read_ods(parts: Parts, teller: Teller) -> None:
    """Tell all sheets of a package whose parts were looked at."""
    _refuse_locked_and_embedded(parts)
    _Content(Styles(parts), teller).read(parts)


def _refuse_locked_and_embedded(parts: Parts) -> None:
    def locked(_: Attributes) -> None:
        raise Refused("password")

    def entry(attributes: Attributes) -> None:
        kind, path = "", ""
        for name, value in attributes.items():
            kind = value if name.endswith("media-type") else kind
            path = value if name.endswith("full-path") else path
        is_other = "opendocument" in kind and not re.search("chart|formula|spreadsheet$", kind)
        if "oleobject" in kind or is_other or ("spreadsheet" in kind and path != "/"):
            raise Refused("embedded", part=path.strip("/"))

    starts = {"encryption-data": locked, "encrypted-key": locked, "file-entry": entry}
    if "META-INF/manifest.xml" in parts:
        Stream(starts, {}).read(parts.chunks("META-INF/manifest.xml"))
    if "encrypted-package" in parts:
        raise Refused("password")


class _Content:
    """The content under way."""

    def __init__(self, styles: Styles, teller: Teller) -> None:
        self.styles, self.teller = styles, teller
        self.depth = 0  # of tables within tables
        self.folded = 0
        self.row = self.column = self.rows = 0
        self.cells: list[list[Any]] = []
        self.attributes: Attributes = {}
        self.words = Words(styles)
        self.row_style = ""
        self.is_hidden = False
        self._new_sheet()

    def _new_sheet(self) -> None:
        self.row = self.column = 0
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.defaults: list[tuple[int, str]] = []  # last column, style
        self.width = 0
        self.spans: list[tuple[int, int, int, int]] = []

    def read(self, parts: Parts) -> None:
        starts = {
            "office:document-content": self._root, "table:table": self._table,
            "table:table-column": self._column, "table:table-row": self._row,
            "table:table-row-group": self._group, "table:table-cell": self._cell,
            "table:covered-table-cell": self._cell, "table:table-source": self._linked,
            "table:cell-range-source": self._linked, "table:dde-link": self._program,
            "script:event-listener": self._script, "text:script": self._script,
            **dict.fromkeys(_FETCHED, self._fetched),
            **self.words.starts(),
        }  # fmt: skip
        ends = {
            "table:table": self._table_over, "table:table-row": self._row_over,
            "table:table-row-group": self._group_over, "table:table-cell": self._cell_over,
            "table:covered-table-cell": self._cell_over, **self.words.ends(),
        }  # fmt: skip
        Stream(starts, ends, full=True, letters=self.words.take).read(parts.chunks("content.xml"))

    def _root(self, attributes: Attributes) -> None:
        if any(attributes.get(name) != urn for name, urn in _PREFIXES.items()):
            raise Refused("damaged")

    # ------------------------------------------------------------------ what is active

    def _program(self, _: Attributes) -> None:
        self.teller.found("dde_name", sheet="")

    def _script(self, _: Attributes) -> None:
        raise Refused("macros", part="content.xml")

    def _fetched(self, _: Attributes) -> None:
        raise Refused("connections", part="content.xml")

    def _linked(self, _: Attributes) -> None:
        self.teller.found("elsewhere")

    # ------------------------------------------------------------------ sheets, columns, rows

    def _table(self, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth == 1:
            self._new_sheet()
            is_shown = self.styles.is_shown(attributes.get("table:style-name", ""))
            self.teller.begin(attributes.get("table:name", ""), is_hidden=not is_shown)

    def _table_over(self, _: str) -> None:
        self.depth -= 1
        if self.depth == 0:
            rows, columns = self.hidden_rows, self.hidden_columns
            self.teller.end(spans=self.spans, rows=rows, columns=sorted(columns))

    def _column(self, attributes: Attributes) -> None:
        if self.depth != 1:
            return
        first, count = self.width + 1, _repeated(attributes, "columns")
        self.width += count
        self.defaults.append((self.width, attributes.get("table:default-cell-style-name", "")))
        if attributes.get("table:visibility") in ("collapse", "filter"):
            self.hidden_columns.update(range(first, min(self.width, limits.COLUMNS) + 1))

    def _group(self, attributes: Attributes) -> None:
        self.folded += self.folded > 0 or attributes.get("table:display") == "false"

    def _group_over(self, _: str) -> None:
        self.folded -= self.folded > 0

    def _row(self, attributes: Attributes) -> None:
        if self.depth != 1:
            return
        self.row += 1
        self.rows, self.column, self.cells = _repeated(attributes, "rows"), 0, []
        self.row_style = attributes.get("table:default-cell-style-name", "")
        self.is_hidden = self.folded > 0 or (
            attributes.get("table:visibility") in ("collapse", "filter")
        )

    def _row_over(self, _: str) -> None:
        if self.depth != 1:
            return
        if self.cells:
            last = min(self.row + self.rows - 1, limits.ROWS + 1)
            # of a row that begins beyond the limit itself the first is told, to be refused
            for number in range(self.row, max(self.row, last) + 1):
                self.teller.row(number, self.cells)
                if self.is_hidden:
                    self.hidden_rows.append(number)
        self.row += self.rows - 1

    # ------------------------------------------------------------------ one cell

    def _cell(self, attributes: Attributes) -> None:
        if self.depth != 1:
            return
        self.column += 1
        self.attributes = attributes
        self.words.begin()
        wide = int(attributes.get("table:number-columns-spanned", "1"))
        high = int(attributes.get("table:number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            last = self.row + high - 1, self.column + wide - 1
            self.spans.append((self.row, self.column, *last))

    def _cell_over(self, _: str) -> None:
        if self.depth != 1:
            return
        self.words.end()
        count = _repeated(self.attributes, "columns")
        look = self.styles.look(self._style_name())
        kind, value = self._told(look.font)
        if kind is not None:
            if self.column + count - 1 > limits.COLUMNS:
                place = f"{letters(self.column + count - 1)}{self.row}"
                raise Refused("columns", sheet=self.teller.sheet, cell=place, limit=limits.COLUMNS)
            told = [kind, value, self.teller.style(look.number_format, look.font)]
            if (formula := self._formula()) is not None:
                told.append(formula)
            self.cells += [[self.column + n, *told] for n in range(count)]
        self.column += count - 1

    def _style_name(self) -> str:
        named = self.attributes.get("table:style-name") or self.row_style
        if named:
            return named
        return next((style for last, style in self.defaults if self.column <= last), "")

    def _formula(self) -> str | None:
        """The formula as the other formats write it: `of:=SUM([.A1:.A2])` → `SUM(A1:A2)`."""
        written = self.attributes.get("table:formula")
        if written is None:
            return None
        text = written[written.index("=") + 1 :] if "=" in written else written
        formula = _REFERENCE.sub(lambda found: _reference(found[1]), text).replace(";", ",")
        if starts_a_program(formula):
            self.teller.found("dde", cell=self._place())
        elif books_elsewhere(formula):
            self.teller.found("elsewhere", cell=self._place())
        return formula[: limits.FORMULA_TEXT]

    def _told(self, font: str) -> Told:
        attributes, runs = self.attributes, self.words.runs
        kind = attributes.get("office:value-type", "")
        text = "".join(run for run, _ in runs)
        is_formula = "table:formula" in attributes
        if attributes.get("calcext:value-type") == "error" or (
            is_formula and _ERROR.fullmatch(text.strip())
        ):
            return ERROR, text.strip()[:20] or "#VALUE!"
        if kind in _NUMBERS:
            return number_cell(attributes.get("office:value"), "", from_1904=False)
        if kind == "date":
            return iso_cell(attributes.get("office:date-value", ""))
        if kind == "boolean":
            return TRUTH, attributes.get("office:boolean-value") == "true"
        if is_formula and not kind and not text:
            return UNCALCULATED, None
        if len({own for _, own in runs}) > 1:
            return text_cell(self.teller, tuple(runs), font, self._place())
        own = runs[0][1] if runs else ""
        said = text or attributes.get("office:string-value", "")
        return text_cell(self.teller, said, own or font, self._place())

    def _place(self) -> str:
        return f"{letters(self.column)}{self.row}"


def _repeated(attributes: Attributes, what: str) -> int:
    return max(1, int(attributes.get(f"table:number-{what}-repeated", "1")))


def _reference(inside: str) -> str:
    """`.A1:.B2` → `A1:B2`, `$Sheet1.A1` → `$Sheet1!A1`; of another file: its address stays."""
    pieces = []
    for piece in inside.split(":.") if "'file:" not in inside else [inside]:
        sheet, dot, cell = piece.rpartition(".")
        pieces.append(cell if not sheet else f"{sheet}!{cell}" if dot else piece)
    return ":".join(pieces)
