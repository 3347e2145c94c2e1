"""The sums of one row of the pace: what is left, what a month needs, what a pace would come to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from models.base import rate


class Measure(NamedTuple):
    """Amounts in đồng. `until` and `left` stand where there is one term; `need` is None once it
    is over, `pace` where no month is known. `recent` are the months of the pace.
    """

    plan: int
    paid: int
    until: date | None
    left: int | None
    need: int | None
    pace: int | None
    at_pace: int
    short: int
    recent: Mapping[str, int]
    is_over: bool

    @property
    def remaining(self) -> int:
        return self.plan - self.paid

    @property
    def share_left(self) -> Decimal | None:
        """What is left in percent of the plan."""
        return rate(self.remaining, self.plan)

    @property
    def times(self) -> Decimal | None:
        """How many times the pace the need is; None without a pace or where nothing is needed."""
        if not self.need or self.pace is None or self.pace <= 0:
            return None
        return (Decimal(self.need) / self.pace).quantize(Decimal("0.01"), ROUND_HALF_UP)


def measured(
    *,
    plan: int,
    paid: int,
    recent: Mapping[str, int],
    until: date,
    left: int,
    by_hand: Decimal | None,
) -> Measure:
    """Capital of one term. A month that is over is no divisor: with none `left` there is no need,
    only what can no longer be disbursed. Need and pace are both rounded up to whole đồng, so that
    a pace as high as the need leaves nothing over.
    """
    rest = max(0, plan - paid)
    monthly: int | None = None
    if by_hand is not None:
        monthly = ceil(plan * Fraction(by_hand) / 100)
    elif recent:
        monthly = _up(sum(recent.values()), len(recent))
    more = min(rest, max(0, monthly or 0) * left)
    return Measure(
        plan=plan,
        paid=paid,
        until=until,
        left=left,
        need=_up(rest, left) if left else None,
        pace=monthly,
        at_pace=paid + more,
        short=rest - more,
        recent=recent,
        is_over=not left,
    )


def _up(amount: int, parts: int) -> int:
    """Divided and rounded up, in whole numbers: a nation has it done for each term of each unit."""
    return -(-amount // parts)


def together(parts: Sequence[Measure]) -> Measure:
    """Capital of several units or terms: what each needs, has and would come to, added up."""
    needs = [one.need for one in parts if one.need is not None]
    paces = [one.pace for one in parts if one.pace is not None]
    untils = {one.until for one in parts}
    recent: dict[str, int] = defaultdict(int)
    for one in parts:
        for code, amount in one.recent.items():
            recent[code] += amount
    return Measure(
        plan=sum(one.plan for one in parts),
        paid=sum(one.paid for one in parts),
        until=untils.pop() if len(untils) == 1 else None,
        left=parts[0].left if len({one.left for one in parts}) == 1 else None,
        need=sum(needs) if needs else None,
        pace=sum(paces) if paces else None,
        at_pace=sum(one.at_pace for one in parts),
        short=sum(one.short for one in parts),
        recent=recent,
        is_over=all(one.is_over for one in parts),
    )
