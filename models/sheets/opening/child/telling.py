"""What the child says: lines of JSON, one a row, that `book.py` puts together again."""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from models.packages import Refused
from models.sheets.opening import limits
from models.sheets.opening.child.letters_seen import Texts, run_of

# The kinds of a cell on the way: number, text (its place in the table of texts), true or false,
# day, moment, error value, formula without a result (or with a zero that is in doubt).
NUMBER, TEXT, TRUTH, DAY, MOMENT, ERROR, UNCALCULATED = "nsbdteu"

DONE = b'["done"]\n'


def letters(column: int) -> str:
    """The name of a column: 1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


class Teller:
    """Writes what was read. Texts go once, and first, when all are known: what letters they are
    in shows in the whole of the file. Limits of the whole book are kept here.
    """

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.sheet = ""
        self.cells = 0
        self.texts = Texts()
        self._held: list[bytes] = []
        self._styles: dict[tuple[str, str], int] = {}
        self._named: dict[tuple[str, str], int] = {}
        self._rows: set[int] = set()

    def say(self, *words: Any) -> None:
        self._held.append(_line(*words))

    # ------------------------------------------------------------------ sheets and rows

    def begin(self, sheet: str, *, is_hidden: bool = False, is_text: bool = False) -> None:
        self.sheet = sheet
        self._rows = set()
        self.say("sheet", sheet, is_hidden, is_text)

    def row(self, number: int, cells: list[list[Any]], width: int = 0) -> None:
        """One row with content: `[column, kind, value, style(, formula)]` of each cell. `width`
        counts its cells, empty ones too, where signs in a text part them.
        """
        if number > limits.ROWS:
            place = f"{letters(cells[0][0])}{number}"
            raise Refused("rows", sheet=self.sheet, cell=place, limit=limits.ROWS)
        if (last := max(cell[0] for cell in cells)) > limits.COLUMNS:
            place = f"{letters(last)}{number}"
            raise Refused("columns", sheet=self.sheet, cell=place, limit=limits.COLUMNS)
        if number in self._rows or len({cell[0] for cell in cells}) < len(cells):
            raise Refused("damaged")  # one place, two figures
        self._rows.add(number)
        self.cells += len(cells)
        if self.cells > limits.CELLS:
            raise Refused("cells", limit=limits.CELLS)
        self.say("row", number, cells, width)

    def end(
        self,
        *,
        spans: Iterable[tuple[int, int, int, int]] = (),
        rows: Iterable[int] = (),
        columns: Iterable[int] = (),
    ) -> None:
        """Merged blocks, and the hidden rows and columns, of the sheet that was begun."""
        hidden = [row for row in rows if row in self._rows]
        self.say("end", [list(span) for span in spans], hidden, list(columns))

    # ------------------------------------------------------------------ tables

    def text(self, text: str, cell: str, font: str = "") -> int:
        """The place of a text that stands in a cell."""
        return self.texts.place((run_of(text, font),), self.sheet, cell)

    def rich(self, runs: Iterable[tuple[str, str]], cell: str) -> int:
        """The place of a text whose pieces have fonts of their own."""
        return self.texts.place(tuple(run_of(*run) for run in runs), self.sheet, cell)

    def style(self, number_format: str, font: str) -> int:
        """The place of a number format (empty for General) and a font."""
        number_format = "" if number_format.lower() == "general" else number_format
        place = self._styles.get((number_format, font))
        if place is None:
            place = self._styles[number_format, font] = len(self._styles)
            self.say("style", number_format, font)
        return place

    # ------------------------------------------------------------------ findings

    def found(self, key: str, *, cell: str = "", sheet: str | None = None, **values: Any) -> None:
        """Something at a cell: named each time, up to a number, then only counted."""
        where = self.sheet if sheet is None else sheet
        count = self._named[key, where] = self._named.get((key, where), 0) + 1
        if count <= limits.NAMED:
            self.say("found", key, where, cell, values)

    def ask_letters(self, sheet: str, cell: str, options: Iterable[tuple[str, str]]) -> None:
        """The question in which letters the file is; each option with a sample."""
        self.say("asked", sheet, cell, list(options))

    def finish(self, answers: Mapping[str, str]) -> None:
        """Write all that was told. Nothing was written before: a refusal stands alone."""
        settled = self.texts.settled(answers)
        for sheet, cell in settled.unreadable:
            self.found("letters_lost", sheet=sheet, cell=cell)
        if settled.asked:
            self.ask_letters(*settled.asked)
        elif settled.converted:
            self.found("converted", sheet="", count=settled.converted)
        for (key, sheet), count in self._named.items():
            if count > limits.NAMED:
                self.say("found", f"{key}_more", sheet, "", {"count": count - limits.NAMED})
        for text in settled.texts:
            self.out.write(_line("text", unicodedata.normalize("NFC", text)))
        for line in self._held:
            self.out.write(line)

    def refuse(self, refusal: Refused) -> None:
        """Write that the file is refused, and nothing else."""
        sheet = refusal.sheet
        self.out.write(_line("refused", refusal.key, sheet, refusal.cell, refusal.values))


def _line(*words: Any) -> bytes:
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace") + b"\n"


_BLANK = re.compile(r"[\s\u200b\u200c\u2060\ufeff\u00ad]*")


def is_blank(text: str) -> bool:
    """Whether a cell with this text says nothing: spaces of any kind, and what shows nothing."""
    return _BLANK.fullmatch(text) is not None
