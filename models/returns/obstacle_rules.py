"""What is computed of the register of obstacles (domain §4.3, Biểu 05)."""

from datetime import date

from models.returns.obstacle import Obstacle


def age_in_days(row: Obstacle, *, day: date) -> int:
    """Days since it was raised: up to `day`, or to the day on which it was solved."""
    return ((row.solved_on or day) - row.raised_on).days
