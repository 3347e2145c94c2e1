"""Amounts in the database: the CHECK of their columns, and sums of them as whole numbers."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, cast, func

from models.base.money import MAX_DONG


def in_dong(column: str, *, signed: bool = False) -> CheckConstraint:
    """The CHECK `<column>_range` of a column of amounts; negative ones pass where it is `signed`.

    One đồng behind the bound of every door, where the CHECKs were made: moving them would write
    all tables of amounts anew.
    """
    most = MAX_DONG + 1
    least = -most if signed else 0
    return CheckConstraint(f"{column} BETWEEN {least} AND {most}", name=f"{column}_range")


def summed(amount: Any) -> ColumnElement[int]:
    """The sum of amounts in đồng, of a group or of all; None over no row.

    PostgreSQL adds whole numbers up to a decimal one, which costs it several times as much to add
    up again and Python as much again to read. 64 bits hold nine thousand of the largest amounts.
    """
    return cast(func.sum(amount), BigInteger)
