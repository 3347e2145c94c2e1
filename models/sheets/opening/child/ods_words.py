"""The text of a cell of OpenDocument: its lines and pieces, without what only hangs on it."""

from models.packages import Attributes, End, Start
from models.sheets.opening import limits
from models.sheets.opening.child.fonts import Font, as_seen
from models.sheets.opening.child.ods_styles import Styles

# What stands within a cell and is none of its text: comments, pictures, shapes.
_ASIDE = (
    "office:annotation", "draw:frame", "draw:custom-shape", "draw:g", "draw:a", "draw:control",
    "draw:line", "draw:rect", "table:detective", "text:ruby-text", "text:note",
)  # fmt: skip


class Words:
    """The text under way: runs of (text, own font or empty)."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.runs: list[tuple[str, str]] = []
        self._fonts: list[Font] = []
        self._lines = 0
        self._aside = 0
        self._is_open = False

    def begin(self) -> None:
        """A cell begins."""
        self.runs, self._fonts, self._lines, self._is_open = [], [], 0, True

    def end(self) -> None:
        self._is_open = False

    def starts(self) -> dict[str, Start]:
        return {
            "text:p": self._paragraph, "text:span": self._span, "text:s": self._spaces,
            "text:tab": lambda _: self.take("\t"), "text:line-break": lambda _: self.take("\n"),
            **dict.fromkeys(_ASIDE, self._leave),
        }  # fmt: skip

    def ends(self) -> dict[str, End]:
        return {"text:span": self._span_over, **dict.fromkeys(_ASIDE, self._return)}

    def take(self, text: str) -> None:
        """Text as it comes; between the lines and outside of cells there is only white space."""
        if self._is_open and self._lines and not self._aside:
            font = self._fonts[-1] if self._fonts else Font()
            self.runs.append((as_seen(text, font), font.name))

    def _paragraph(self, _: Attributes) -> None:
        if not self._aside:
            self._lines += 1
            if self._lines > 1:
                self.take("\n")

    def _span(self, attributes: Attributes) -> None:
        self._fonts.append(self.styles.font_of_text(attributes.get("text:style-name", "")))

    def _span_over(self, _: str) -> None:
        self._fonts.pop()

    def _spaces(self, attributes: Attributes) -> None:
        self.take(" " * min(int(attributes.get("text:c", "1")), limits.CELL_TEXT))

    def _leave(self, _: Attributes) -> None:
        self._aside += 1

    def _return(self, _: str) -> None:
        self._aside -= 1
