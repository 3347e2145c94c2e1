"""What `tests/shards.py` reads statements with: sources, and small questions to the tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from models.base.sharing import OWNER

OWNERS = frozenset({OWNER, "to_investor_id", "from_investor_id"})


@dataclass(eq=False)
class Source:
    """What a FROM names: the columns of it that are the unit, if its rows lie with units.

    Its rows are `spread` while they still lie on the servers that hold them: not where a cluster
    first puts them together, or takes the same rows to every server.
    """

    name: str
    is_cut: bool = False
    keys: frozenset[str] = frozenset()
    spread: bool = False
    of: tuple["Source", ...] = ()  # what the unit of it comes from


@dataclass(eq=False)
class Frame:
    """One SELECT: its sources, and what it shares with those around it."""

    sources: dict[str, Source] = field(default_factory=dict)
    around: "Frame | None" = None
    is_joined_outside: bool = False  # it speaks of rows of the SELECT around it

    @property
    def is_spread(self) -> bool:
        return any(source.spread for source in self.sources.values())

    @property
    def is_in_spread(self) -> bool:
        """Whether rows that lie with units are asked somewhere around."""
        outside = self.around
        while outside is not None and not outside.is_spread:
            outside = outside.around
        return outside is not None


@dataclass
class Columns:
    """What a query gives: names in order, and of which source each is the unit, if it is."""

    is_cut: bool
    names: list[str]
    keys: list[Source | None]
    is_joined: bool = False  # with rows of the query around it
    spread: bool = False

    def source(self, name: str, renamed: Sequence[str] = ()) -> Source:
        names = [*renamed, *self.names[len(renamed) :]]
        units = [(n, of) for n, of in zip(names, self.keys, strict=True) if of is not None]
        keys, of = frozenset(n for n, _of in units), tuple(of for _n, of in units)
        return Source(name, self.is_cut, keys, self.spread, of)


def is_owner(node: object) -> bool:
    node = bare(node) if isinstance(node, exp.Expr) else node
    return isinstance(node, exp.Column) and node.name in OWNERS


def bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    return node


def constant(node: exp.Expr) -> str | None:
    is_one = isinstance(node, exp.Placeholder | exp.Parameter | exp.Literal)
    return node.sql("postgres") if is_one else None


def each(condition: exp.Expr) -> Iterator[exp.Expr]:
    condition = condition.unnest() if isinstance(condition, exp.Paren) else condition
    if isinstance(condition, exp.And):
        yield from each(condition.this)
        yield from each(condition.expression)
    else:
        yield condition


def inside(query: exp.Expr, parts: Sequence[exp.Expr] = ()) -> Iterator[exp.Expr]:
    """The queries inside the expressions of a query, those of its FROM and WITH left out."""
    left_out = {id(query.args.get("with_")), *(id(part.this) for part in parts)}

    def below(node: exp.Expr) -> Iterator[exp.Expr]:
        for child in node.iter_expressions():
            if id(child) in left_out:
                continue
            if isinstance(child, exp.Query):
                yield child
            else:
                yield from below(child)

    yield from below(query)


def names(query: exp.Expr, name: str) -> bool:
    return any(table.name == name for table in query.find_all(exp.Table))


def looks_out(query: exp.Expr) -> bool:
    """Whether a query speaks of a column of what stands around it."""
    own = {table.alias_or_name for table in query.find_all(exp.Table)}
    own |= {part.alias for part in query.find_all(exp.Subquery, exp.Lateral, exp.CTE)}
    own |= {part.alias for part in query.find_all(exp.Unnest, exp.Values, exp.UDTF)}
    return any(column.table not in own for column in query.find_all(exp.Column) if column.table)


def is_sum(node: exp.Expr) -> bool:
    return node.find(exp.AggFunc) is not None and node.find(exp.Window) is None


def sums_here(node: exp.Expr) -> bool:
    """Whether something is added up in an expression itself, not in a query inside it."""
    if isinstance(node, exp.Query | exp.Window):
        return False
    return isinstance(node, exp.AggFunc) or any(map(sums_here, node.iter_expressions()))


def asks_beside_sums(node: exp.Expr) -> bool:
    """Whether an expression asks a query beside what it adds up."""
    if isinstance(node, exp.AggFunc | exp.Window):
        return False
    return isinstance(node, exp.Query) or any(map(asks_beside_sums, node.iter_expressions()))


def told(frame: Frame) -> str:
    return ", ".join(source.name for source in frame.sources.values() if source.is_cut)
