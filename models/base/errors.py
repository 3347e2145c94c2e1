"""Refusals: sentences for people, translated and formatted where they are shown."""

from typing import Any


def _n(message: str) -> str:
    """Mark a sentence for the catalogue; the edge translates it."""
    return message


class RuleBroken(Exception):
    """A rule of the field refuses what was asked. Not a bug.

    `message` is an English sentence of the catalogue, `values` fill its places (raw: `Dong`,
    date, datetime, number, `PeriodCode`, `TableName`, `Counts`, text, or a list of them), `field`
    names the form field it belongs to. A rule about rows names the `row`; of several refusals of
    one flush the first carries them all in `also`.
    """

    row: Any = None
    also: "tuple[RuleBroken, ...]" = ()

    def __init__(self, message: str, /, *, field: str | None = None, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.values = values

    def about(self, row: Any) -> "RuleBroken":
        """This refusal, with the row that it speaks of."""
        self.row = row
        return self

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class NotFound(RuleBroken):
    """There is no such row, or none that this person may see."""


class Stale(RuleBroken):
    """Somebody else saved the row in between."""


class PeriodLocked(RuleBroken):
    """The period takes no more figures."""


class OutOfScope(RuleBroken):
    """The row belongs to another investor or another period."""


def given(text: str | None, *, field: str = "reason") -> str:
    """The reason as typed, without spaces around. Raises RuleBroken when there is none."""
    if not text or not text.strip():
        raise RuleBroken(_n("Give the reason."), field=field)
    return text.strip()
