"""The outcome of one cell: nothing, a value, a question or an error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Generic, TypeVar

from models.base import _n, plain
from models.sheets.shapes import NOWHERE, At, Cell, Finding, Level, Option

T = TypeVar("T", int, Decimal, date, str)

# What spreadsheets keep of a number; the sixteenth digit is noise of binary fractions.
_DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN)
_SAYS_NOTHING = re.compile(r"[-\u2014\u2015_.…·*xX×/\s]*(?:(?<=[-\u2014\u2015]) *[đ₫])?")
_FAILED = re.compile(r"#(?:REF|DIV/0|VALUE|NUM|NULL|SPILL|CALC)!|#NAME\?|#N/A|Err:\d{3}")
_NO_WORDS = re.compile(r"[-\u2014\u2015_.…·*/\s]*")


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """The outcome of one cell: nothing, a `value`, a question or an error (`level`).

    `code`, `message` and `values` are those of the finding, `options` the plain values that
    answer a question: đồng, percent, ISO days.
    """

    value: T | None = None
    level: Level | None = None
    code: str = ""
    message: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()

    @property
    def says_nothing(self) -> bool:
        return self.value is None and self.level is None

    @property
    def is_question(self) -> bool:
        return self.level is Level.QUESTION

    @property
    def is_error(self) -> bool:
        return self.level is Level.ERROR

    def finding(self, at: At = NOWHERE, *, for_file: bool = False) -> Finding:
        """The question or error as a finding at its place. ValueError where there is none."""
        if self.level is None:
            raise ValueError("nothing was found in this cell")
        return Finding(
            level=self.level,
            code=self.code,
            message=self.message,
            values=self.values,
            at=at,
            options=self.options,
            for_file=for_file,
        )


def wrong(code: str, message: str, **values: Any) -> Read[Any]:
    """The error of a cell."""
    return Read(level=Level.ERROR, code=code, message=message, values=values)


def asked(code: str, message: str, options: tuple[Option, ...], **values: Any) -> Read[Any]:
    """The question of a cell."""
    return Read(level=Level.QUESTION, code=code, message=message, values=values, options=options)


def exact_number(value: Decimal) -> Decimal:
    """The number to the 15 significant digits that spreadsheets keep."""
    return _DIGITS.plus(value)


def broken(cell: Cell) -> Read[Any] | None:
    """The error of a cell whose formula has no result; None for every other cell.

    In files of text and pasted cells the sign of an error is a text like others.
    """
    if cell.problem == "uncalculated":
        return wrong(
            "formula_uncalculated",
            _n(
                "The formula of this cell has no stored result. Open the file in Excel, let it "
                "calculate, save it and send it again."
            ),
        )
    problem = cell.problem
    if isinstance(cell.value, str) and _FAILED.fullmatch(cell.value.strip()):
        problem = cell.value.strip()
    if problem is not None:
        return wrong(
            "formula_error",
            _n("The formula of this cell ends in the error %(problem)s. Correct it in the file."),
            problem=problem,
        )
    return None


def is_silent(cell: Cell | None) -> bool:
    """Whether a cell says nothing: not there, spaces, a dash of any kind, `x`, `...`."""
    if cell is None or (cell.value is None and cell.problem is None):
        return True
    return isinstance(cell.value, str) and is_silent_text(cell.value)


def is_silent_text(text: str) -> bool:
    """Whether a text stands for nothing at all: dashes, dots, an x."""
    return _SAYS_NOTHING.fullmatch(plain(text)) is not None


def has_no_words(text: str) -> bool:
    """Whether a text is nothing but dashes, dots and spaces. `x` is a word: it may be a tick."""
    return _NO_WORDS.fullmatch(plain(text)) is not None
