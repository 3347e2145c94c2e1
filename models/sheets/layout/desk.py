"""What is found while a file is read: findings in order, questions with the answers given."""

from collections.abc import Callable, Iterable
from typing import Any

from models.base import _n
from models.sheets.findings import Findings
from models.sheets.shapes import Ask, At, Finding, Level, Option

_OF_COLUMNS = frozenset({"column_double", "column_unclear", "column_unknown"})


class Desk(Findings):
    """Collects findings, and takes the answers to questions that somebody gave."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self.ask = ask
        self._asked: set[str | None] = set()
        self._put: set[str | None] = set()

    def answer(self, question: Finding, takes: Callable[[str], bool] | None = None) -> str | None:
        """The answer to a question; None where there is none, and the question is added.

        `takes` tells which answers fit, where others than the options do. What does not fit is
        refused in words, and the question stands.
        """
        self._put.add(question.answer)
        given = self.ask.answers.get(question.answer or "")
        if given is not None and question.answer not in self._asked:
            given = given.strip()
            fits = takes or (lambda one: one in {option.value for option in question.options})
            if fits(given):
                return given
            self.warning(
                question.code,
                _n("“%(answer)s” is no answer to this question; it is still open."),
                question.at,
                answer=given[:60],
            )
        if question.answer not in self._asked:
            self._asked.add(question.answer)
            self.findings.append(question)
        return None

    def asks_of_columns(self, sheet: str) -> bool:
        """Whether it is open what a column of this sheet means, or which of several is read."""
        return any(
            one.level is Level.QUESTION and one.code in _OF_COLUMNS and one.at.sheet == sheet
            for one in self.findings
        )

    def was_put(self, code: str, at: At) -> bool:
        """Whether such a question was put for this cell, be it answered or open."""
        return f"{code}:{at.sheet}!{at.cell}" in self._put

    def choose(
        self,
        code: str,
        message: str,
        at: At,
        options: Iterable[Option],
        *,
        for_file: bool = False,
        takes: Callable[[str], bool] | None = None,
        **values: Any,
    ) -> str | None:
        """Ask one thing; the answer where one was given that fits, else None."""
        question = Finding(
            level=Level.QUESTION,
            code=code,
            message=message,
            values=values,
            at=at,
            options=tuple(options),
            for_file=for_file,
        )
        return self.answer(question, takes)
