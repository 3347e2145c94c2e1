"""The findings of one import while it is planned, and the answers that were given so far."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from models.base import Dong, RuleBroken, _n
from models.sheets import Ask, At, Finding, Findings, Kind, Level, Option, Reading


class Notes(Findings):
    """Collects findings; knows which rows of the file were found wrong already."""

    def __init__(self, reading: Reading, ask: Ask) -> None:
        super().__init__()
        self.findings += reading.findings
        self.answers = ask.answers
        self._grain = reading.grain if ask.kind is Kind.CONSOLIDATED else 1
        self.is_of_many = ask.kind is Kind.CONSOLIDATED
        # the first sheet that is read; the cells about which something is asked
        self.sheet = next((one.sheet for one in reading.sheets if one.is_used), "")
        self.asked = {
            (one.at.sheet, one.at.cell) for one in self.findings if one.level is Level.QUESTION
        }
        self._blocked = {_row(one.at) for one in self.findings if one.blocks and one.at.cell}
        self._cells = {(one.code, one.at.sheet, one.at.cell) for one in self.findings}

    @property
    def is_rounded(self) -> bool:
        """Whether the amounts of a file of many units are rounded, as in a CSV file in triệu."""
        return self._grain > 1

    def agrees(self, written: int, other: int, parts: int = 1) -> bool:
        """Whether an amount of the file is another one, as exact as the file tells it.

        `parts` counts the rounded figures that are held against each other.
        """
        return 2 * abs(written - other) <= (self._grain * parts if self.is_rounded else 0)

    @property
    def whole_sheet(self) -> At:
        """The place of what concerns no single cell."""
        return At(sheet=self.sheet)

    def double(self, at: At, first: At, project: str) -> None:
        """One figure of a project in two cells, unless its row is refused already."""
        if not self.is_blocked(at):
            self.error(
                "row_double",
                _n(
                    "%(project)s has this figure in cell %(first)s already. Leave one of the two "
                    "rows, or put both into one."
                ),
                at,
                project=project,
                first=first.cell,
            )

    def impossible(self, at: At, project: str, amount: int) -> None:
        """An amount in đồng that nothing can be: too large, or negative where none may be."""
        self.error(
            "number_negative" if amount < 0 else "number_unreadable",
            _n("%(project)s: %(amount)s đồng is no possible amount."),
            at,
            project=project,
            amount=Dong(amount),
        )

    def refuse(self, code: str, refusal: RuleBroken, at: At, level: Level = Level.ERROR) -> None:
        """A refusal of the house, at its cell."""
        self._tell(level, code, refusal.message, at, refusal.values)

    def question(
        self,
        code: str,
        message: str,
        at: At,
        options: Iterable[Option | str],
        /,
        *,
        for_file: bool = False,
        **values: Any,
    ) -> None:
        self.add(
            Finding(
                level=Level.QUESTION,
                code=code,
                message=message,
                values=values,
                at=at,
                for_file=for_file,
                options=tuple(one if isinstance(one, Option) else Option(one) for one in options),
            )
        )

    def add(self, finding: Finding) -> None:
        super().add(finding)
        self._cells.add((finding.code, finding.at.sheet, finding.at.cell))
        if finding.level is Level.QUESTION:
            self.asked.add((finding.at.sheet, finding.at.cell))

    def ask(
        self,
        code: str,
        message: str,
        at: At,
        options: Iterable[Option | str],
        /,
        *,
        for_file: bool = False,
        **values: Any,
    ) -> str | None:
        """The answer to a question, one of its options; None where there is none yet: it is put."""
        choices = tuple(one if isinstance(one, Option) else Option(one) for one in options)
        place = None if for_file or not at.cell else at
        given = self.answer(code, place, [one.value for one in choices])
        if given is None:
            self.question(code, message, at, choices, for_file=for_file, **values)
        return given

    def answer(self, code: str, at: At | None, options: Sequence[str]) -> str | None:
        """The answer for a cell, or for the whole file without one; only one of the options."""
        key = code if at is None else f"{code}:{at.sheet}!{at.cell}"
        given = self.answers.get(key, "").strip()
        return given if given in options else None

    def is_blocked(self, at: At) -> bool:
        """Whether reading found something in this row that stands in the way already."""
        return _row(at) in self._blocked

    def has(self, at: At, *codes: str) -> bool:
        """Whether one of these was found at the cell already."""
        return any((code, at.sheet, at.cell) in self._cells for code in codes)


def _row(at: At) -> tuple[str, str]:
    return at.sheet, re.sub(r"\D", "", at.cell.partition(":")[0])
