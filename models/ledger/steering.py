"""A hint for SQLite alone, which without statistics takes the wrong way to the disbursements."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class unsteered(GenericFunction[int]):
    """The same number; SQLite does not begin its search with it.

    Else it reads all disbursements of a unit for every month. Other databases see the column
    itself: a cluster must recognise by which unit rows are joined.
    """

    inherit_cache = True
    name = "unsteered"


@compiles(unsteered)
def _itself(element: unsteered, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **how))


@compiles(unsteered, "sqlite")
def _behind_a_sign(element: unsteered, compiler: Any, **how: Any) -> str:
    return f"+{_itself(element, compiler, **how)}"
