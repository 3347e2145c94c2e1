"""Whose a row is, and the bounds that a statement gets which may reach some units only.

One place below all views, beside `scope`, which says where the bounds hold.
"""

from collections.abc import Callable, Iterator
from functools import cache, cached_property, lru_cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, bindparam
from sqlalchemy.orm import Mapped, mapped_column, with_loader_criteria
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.sql.base import ExecutableOption
from sqlalchemy.sql.visitors import InternalTraversal


class InvestorScoped:
    """A row that belongs to one investor; the column never changes (design §3)."""

    investor_id: Mapped[int] = mapped_column(BigInteger)


def scope_key(model: type) -> str | None:
    """Name of the attribute that carries the owner of a row of `model`, if it has one."""
    if issubclass(model, InvestorScoped):
        return "investor_id"
    return getattr(model, "__scope_key__", None)


KEYED: list[type] = []  # tables outside `InvestorScoped` with a column for the owner
Reach = Callable[[BindParameter[Any]], Any]  # the ids
REACHED: list[tuple[type, Reach]] = []


def reached_by(model: type, condition: Reach) -> None:
    """A table of the district whose rows concern some units each: a narrow session reads those
    that `condition` finds for its units, and no others.
    """
    REACHED.append((model, condition))


@cache
def scoped_models() -> tuple[tuple[type, str], ...]:
    """Every mapped class that carries an owner, with the name of that attribute."""

    def mapped_below(cls: type) -> Iterator[type]:
        child: type
        for child in cls.__subclasses__():
            if hasattr(child, "__table__"):
                yield child
            yield from mapped_below(child)

    models = (*mapped_below(InvestorScoped), *KEYED)
    return tuple((cls, key) for cls in models if (key := scope_key(cls)))


class Bounds(CriteriaOption):
    """The bounds of a statement that may reach these investors: a criterion for every table that
    carries an owner or concerns some, wherever in the statement it comes up.

    One option with one parameter, the ids. As thirty `with_loader_criteria` beside each other,
    which they become where a statement is compiled, they were a third of the cost of each query.
    """

    propagate_to_loaders = True  # what is read along with a row is bounded too
    _traverse_internals = [("units", InternalTraversal.dp_clauseelement)]  # of the cache key

    def __init__(self, ids: frozenset[int]) -> None:
        self.units = bindparam("units", ids, type_=BigInteger, expanding=True, unique=True)

    @cached_property
    def criteria(self) -> tuple[Any, ...]:
        """The same objects each time: SQLAlchemy does not put one into itself."""
        owned = ((cls, getattr(cls, key).in_(self.units)) for cls, key in scoped_models())
        concerned = ((cls, condition(self.units)) for cls, condition in REACHED)
        return tuple(
            with_loader_criteria(cls, condition, include_aliases=True)
            for cls, condition in (*owned, *concerned)
        )

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        for one in self.criteria:
            one.get_global_criteria(attributes)

    def process_compile_state(self, compile_state: Any) -> None:
        for one in self.criteria:
            one.process_compile_state(compile_state)

    def process_compile_state_replaced_entities(self, compile_state: Any, _entities: Any) -> None:
        self.process_compile_state(compile_state)


@lru_cache(maxsize=2_048)
def bounds(ids: frozenset[int]) -> tuple[ExecutableOption, ...]:
    """What a statement gets that may reach these investors; made once for the same ones."""
    return (Bounds(ids),)
