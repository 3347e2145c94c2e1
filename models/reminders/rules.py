"""Rules of letter heads that need to know the other heads."""

from collections.abc import Iterator

from models.base import Around, RuleBroken, _n, asked_together, changed
from models.catalogue import same_days
from models.reminders.letter_heads import LetterHead


@asked_together(LetterHead)
def one_head_on_a_day(around: Around, rows: list[LetterHead]) -> Iterator[RuleBroken]:
    """Two letter heads are never in force on the same day."""
    fresh = [row for row in rows if changed(row, "valid_from", "valid_to")]
    others = around.rows(LetterHead) if fresh else []
    for row in fresh:
        clash = [one for one in others if one is not row and same_days(row, one)]
        if clash:
            yield RuleBroken(
                _n(
                    "The head %(other)s is in force on the same days. End it the day before "
                    "this one begins."
                ),
                field="valid_from",
                other=str(min(clash, key=lambda one: one.valid_from)),
            ).about(row)
