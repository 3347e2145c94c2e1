"""What is wrong with one row of a package, at which of its columns."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from models.base import RuleBroken, _n
from models.exchange.package.schema import FILES, Line, Package


class Fault(Exception):
    """What is wrong with one row, at one column."""

    def __init__(self, column: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.column = column
        self.refusal = RuleBroken(message, **values)

    @classmethod
    def of(cls, refusal: RuleBroken, column: str) -> "Fault":
        return cls(column, refusal.message, **refusal.values)


class Unsure(Exception):
    """The row refers to one that is faulty itself; more cannot be said about it."""


def different(column: str, old: str, new: str) -> Fault:
    """The stored row and the file disagree."""
    return Fault(
        column,
        _n("The stored row has “%(old)s”, the file “%(new)s”. Nothing is overwritten."),
        old=old,
        new=new,
    )


def fault_of(line: Line, refusal: RuleBroken) -> Fault:
    """A refusal of the rules, at the column that holds the field it speaks of."""
    header, field_name = tuple(line.values), refusal.field or ""
    wanted = (field_name, f"{field_name}_code", f"{field_name.removesuffix('s')}_codes")
    return Fault.of(refusal, next((name for name in wanted if name in header), header[0]))


def unknown(column: str, typed: str, file: str) -> Fault:
    """The row names what is neither stored nor in the package."""
    return Fault(
        column,
        _n("“%(typed)s” is not known: it is neither stored nor in %(file)s."),
        typed=typed,
        file=f"{file}.csv",
    )


def unknown_cells(
    line: Line, package: Package, stored: Mapping[str, tuple[str, Container[Any]]]
) -> Iterator[Fault]:
    """Every cell of a row that names what is neither stored nor in the package; `stored` says by
    column of which file, and what is known of it. A step ends at the first of them.
    """
    if line.name not in FILES:
        return
    for column, (file, known) in stored.items():
        typed = line.values.get(column)
        if typed is not None and typed not in known and not package.may_hold(file, typed):
            yield unknown(column, typed, file)
