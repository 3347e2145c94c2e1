"""Rules of the register of obstacles (domain §4.3, Biểu 05)."""

from datetime import date

from models.base import RuleBroken, _n
from models.returns.obstacle import Obstacle, ObstacleState


def check_obstacle(row: Obstacle, *, today: date) -> None:
    """Days that fit each other, and what solved it once it is solved. Raises RuleBroken."""
    if row.raised_on > today:
        raise RuleBroken(_n("An obstacle cannot be raised in the future."), field="raised_on")
    if row.state is not ObstacleState.SOLVED:
        if row.solved_on is not None:
            raise RuleBroken(
                _n("It has a day on which it was solved, so its state is “solved”."), field="state"
            )
        return
    if row.solved_on is None:
        raise RuleBroken(_n("Write the day on which it was solved."), field="solved_on")
    if row.solved_on > today:
        raise RuleBroken(_n("It cannot be solved in the future."), field="solved_on")
    if row.solved_on < row.raised_on:
        raise RuleBroken(
            _n("It cannot be solved on %(solved)s, before it was raised on %(raised)s."),
            field="solved_on",
            solved=row.solved_on,
            raised=row.raised_on,
        )
    if not (row.solution or "").strip():
        raise RuleBroken(_n("Write how it was solved."), field="solution")


def age_in_days(row: Obstacle, *, day: date) -> int:
    """Days since it was raised: up to `day`, or to the day on which it was solved."""
    return ((row.solved_on or day) - row.raised_on).days
