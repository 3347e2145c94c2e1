"""How the cells of a unit's form look: one type, thin borders, yellow where one types."""

from typing import Any

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from reports.unit_form.columns import SIZE, SMALL
from reports.writing import FONT

ENTRY = "#FFF9DB"
SUM = "#F1F3F5"
MONEY = "#,##0"
RATE = "0.00"
HIGHEST = 409  # points; no row can be higher
USUAL = 15.0


class Page:
    """The printed sheet with its styles; it remembers how high its rows are, in points."""

    def __init__(self, sheet: Worksheet, styles: "Styles") -> None:
        self.sheet, self.styles = sheet, styles
        self._heights: dict[int, float] = {}

    def high(self, line: int, points: float) -> None:
        """Give a row (counted from 0) its height, as far as a row can be high."""
        self._heights[line] = min(points, HIGHEST)
        self.sheet.set_row(line, self._heights[line])

    def of(self, line: int) -> float:
        """The height of one row."""
        return self._heights.get(line, USUAL)

    def height(self, end: int) -> float:
        """The height of the rows up to `end`."""
        return sum(self.of(line) for line in range(end + 1))

    def across(self, line: int, first: int, last: int, text: str, style: Format) -> None:
        """One text over several cells of a row."""
        self.sheet.merge_range(line, first, line, last, text, style)


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def of(self, **asked: Any) -> Format:
        """A format with these properties beside the type of all cells."""
        key = tuple(sorted(asked.items()))
        if key not in self._made:
            usual = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter", "locked": True}
            self._made[key] = self._book.add_format(usual | asked)
        return self._made[key]

    def plain(self, **asked: Any) -> Format:
        """Text outside the table, in the middle of its merged cells."""
        return self.of(**({"align": "center", "text_wrap": True} | asked))

    def head(self, **asked: Any) -> Format:
        return self.of(bold=True, align="center", text_wrap=True, border=1, font_size=10, **asked)

    def numbers(self) -> Format:
        """The row of column numbers beneath the heads."""
        return self.of(italic=True, align="center", border=1, font_size=8, text_wrap=True)

    def label(self, depth: int, **asked: Any) -> Format:
        """A text of the table: bold down to the projects, those of components in italics, too."""
        shade = {"bg_color": SUM} if depth == 0 else {}
        usual = {"border": 1, "text_wrap": True, "bold": depth < 3, "italic": depth == 1}
        return self.of(**(usual | shade | asked))

    def code(self, depth: int, **asked: Any) -> Format:
        """A number or a code, in the middle."""
        return self.label(depth, font_size=SMALL, align="center", **asked)

    def figure(self, depth: int, pattern: str = MONEY) -> Format:
        shade = {"bg_color": SUM} if depth == 0 else {}
        return self.of(border=1, align="right", num_format=pattern, bold=depth < 3, **shade)

    def entry(self, pattern: str = MONEY) -> Format:
        """A figure that is typed."""
        return self.of(
            border=1, align="right", num_format=pattern, locked=False, bg_color=ENTRY
        )  # fmt: skip

    def words(self) -> Format:
        """A text that is typed; `@` so that nothing typed becomes a number or a day."""
        return self.of(
            border=1, align="left", valign="top", text_wrap=True, num_format="@", locked=False,
            bg_color=ENTRY,
        )  # fmt: skip

    def alarm(self) -> Format:
        """What a figure looks like that should not be: more disbursed than planned."""
        return self._book.add_format({"font_color": "#C92A2A", "bold": True})
