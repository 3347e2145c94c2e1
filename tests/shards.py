"""Whether a statement would run on a cluster that is distributed by unit (docs/scale.md).

A server of a cluster holds all rows of some units. Tables of units can be joined where both sides
name the unit, so that every server joins what it has, or where one side is few rows that are read
first and taken to every server (a CTE that is MATERIALIZED). `faults_of` reads a statement as
PostgreSQL gets it and says what would not run there, or would drag whole tables over the network.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import sqlglot
from sqlglot import exp

from models.base.sharing import OWNER, cut_tables

OWNERS = frozenset({OWNER, "to_investor_id", "from_investor_id"})
APART = "joined without the unit on both sides"
ARITHMETIC = "arithmetic on the unit"
COALESCED = "compares a unit that is COALESCEd"
RECURSIVE = "recursive over tables of units"
LOCKS = "locks rows of more units than one"
_WORTH_A_LOOK = ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")


@dataclass(eq=False)
class Source:
    """What a FROM names: the columns of it that are the unit, if its rows lie with units."""

    name: str
    is_cut: bool = False
    keys: frozenset[str] = frozenset()


@dataclass(eq=False)
class Frame:
    """One SELECT: its sources, and what it shares with those around it."""

    sources: dict[str, Source] = field(default_factory=dict)
    around: "Frame | None" = None
    is_joined_outside: bool = False  # it speaks of rows of the SELECT around it


@dataclass
class Columns:
    """What a query gives: names in order, and which of them are the unit."""

    is_cut: bool
    names: list[str]
    keys: list[bool]
    is_joined: bool = False  # with rows of the query around it

    def source(self, name: str, renamed: Sequence[str] = ()) -> Source:
        names = [*renamed, *self.names[len(renamed) :]]
        keys = frozenset(n for n, is_key in zip(names, self.keys, strict=True) if is_key)
        return Source(name, self.is_cut, keys)


class Reader:
    """Reads one statement; `faults` is what it found."""

    def __init__(self, cut: frozenset[str]) -> None:
        self.cut = cut
        self.faults: dict[str, None] = {}
        self.same: dict[object, object] = {}

    def read(self, tree: exp.Expr) -> None:
        self._values(tree)
        if isinstance(tree, exp.Query):
            self._query(tree, None, {})
        elif isinstance(tree, exp.Insert) and isinstance(tree.expression, exp.Query):
            self._query(tree.expression, None, self._with(tree, None, {}))
        elif isinstance(tree, exp.Update | exp.Delete):
            self._change(tree)

    def _values(self, tree: exp.Expr) -> None:
        for node in tree.find_all(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg):
            if any(_is_owner(part) for part in (node.this, node.args.get("expression"))):
                self.faults[ARITHMETIC] = None
        for node in tree.find_all(exp.EQ, exp.In):
            for part in (node.this, node.args.get("expression")):
                some = part.find_all(exp.Coalesce) if part is not None else ()
                if any(_is_owner(one) for found in some for one in found.iter_expressions()):
                    self.faults[COALESCED] = None

    # -- queries

    def _with(
        self, tree: exp.Expr, around: Frame | None, known: dict[str, Source]
    ) -> dict[str, Source]:
        known, clause = dict(known), tree.args.get("with_")
        for one in clause.expressions if clause else ():
            name = one.alias
            if clause.args.get("recursive") and _names(one.this, name):
                known[name] = Source(name)
                tables = {table.name for table in one.this.find_all(exp.Table)}
                reached = {n for n, source in known.items() if source.is_cut} | self.cut
                if tables & reached:
                    self.faults[f"{RECURSIVE}: {', '.join(sorted(tables & reached))}"] = None
            renamed = [column.name for column in one.args["alias"].columns]
            found = self._query(one.this, around, known).source(name, renamed)
            known[name] = Source(name) if one.args.get("materialized") else found
        return known

    def _query(
        self, query: exp.Expr, around: Frame | None, known: dict[str, Source], **more: bool
    ) -> Columns:
        known = self._with(query, around, known)
        if isinstance(query, exp.Subquery):
            return self._query(query.this, around, known, **more)
        if isinstance(query, exp.SetOperation):
            one = self._query(query.this, around, known, **more)
            two = self._query(query.expression, around, known, **more)
            both = [a and b for a, b in zip(one.keys, two.keys, strict=False)]
            return Columns(one.is_cut or two.is_cut, one.names, both)
        if not isinstance(query, exp.Select):  # VALUES
            return Columns(False, [], [])
        return self._select(query, around, known, **more)

    def _select(
        self, query: exp.Select, around: Frame | None, known: dict[str, Source], **more: bool
    ) -> Columns:
        frame = Frame(around=around)
        parts = [one for one in (query.args.get("from_"),) if one] + query.args.get("joins", [])
        conditions = [query.args["where"].this] if query.args.get("where") else []
        for part in parts:
            self._source(part.this, frame, known)
            conditions += [part.args["on"]] if part.args.get("on") else []
        self._finish(query, frame, parts, conditions, known)
        if query.args.get("locks") and any(s.is_cut for s in frame.sources.values()):
            firm = {self._root(s) for s in frame.sources.values() if s.is_cut}
            if not all(isinstance(one, str) for one in firm):
                self.faults[f"{LOCKS}: {_told(frame)}"] = None
        return self._columns(query, frame)

    def _change(self, tree: exp.Update | exp.Delete) -> None:
        known, frame = self._with(tree, None, {}), Frame()
        parts = [tree, *([tree.args["from_"]] if tree.args.get("from_") else [])]
        using = tree.args.get("using") or []
        for part in parts:
            self._source(part.this, frame, known)
        for table in using:
            self._source(table, frame, known)
        where = tree.args.get("where")
        self._finish(tree, frame, parts[1:], [where.this] if where else [], known)

    def _finish(
        self,
        query: exp.Expr,
        frame: Frame,
        parts: list[exp.Expr],
        conditions: list[exp.Expr],
        known: dict[str, Source],
    ) -> None:
        """Conditions that hold for every row, then what is asked inside, then the judgement."""
        for condition in conditions:
            for one in _each(condition):
                self._hold(one, frame)
        for inner in _inside(query, parts):
            columns = self._query(inner, frame, known)
            self._hold_in(inner, columns, frame)
        cut = [source for source in frame.sources.values() if source.is_cut]
        outside = frame.around
        while frame.is_joined_outside and outside is not None:
            found = [source for source in outside.sources.values() if source.is_cut]
            if found and cut:
                if not {self._root(s) for s in cut} & {self._root(s) for s in found}:
                    names = ", ".join(s.name for s in (*found, *cut))
                    self.faults[f"{APART}: {names}"] = None
                break
            outside = outside.around
        if len({self._root(source) for source in cut}) > 1:
            self.faults[f"{APART}: {_told(frame)}"] = None

    def _source(self, node: exp.Expr, frame: Frame, known: dict[str, Source]) -> None:
        if isinstance(node, exp.Lateral):
            inner = node.this
            columns = self._query(inner, frame, known)
            frame.sources[node.alias] = columns.source(node.alias)
        elif isinstance(node, exp.Subquery):
            if isinstance(node.this, exp.Table):  # a join in brackets
                for part in (node.this, *(join.this for join in node.this.args.get("joins", []))):
                    self._source(part, frame, known)
                return
            alias = node.args.get("alias")
            renamed = [column.name for column in alias.columns] if alias else []
            columns = self._query(node.this, frame.around, known)
            frame.sources[node.alias] = columns.source(node.alias, renamed)
        elif isinstance(node, exp.Table):
            name = node.alias or node.name
            if node.name in known:
                found = known[node.name]
                frame.sources[name] = Source(node.name, found.is_cut, found.keys)
            else:
                is_cut = node.name in self.cut
                keys = frozenset({OWNER}) if is_cut else frozenset()
                frame.sources[name] = Source(node.name, is_cut, keys)
            for join in node.args.get("joins", []):
                self._source(join.this, frame, known)
                for one in _each(join.args["on"]) if join.args.get("on") else ():
                    self._hold(one, frame)

    def _columns(self, query: exp.Select, frame: Frame) -> Columns:
        names, keys = [], []
        for one in query.expressions:
            if isinstance(one, exp.Star) or isinstance(getattr(one, "this", None), exp.Star):
                for source in frame.sources.values():
                    names += sorted(source.keys)
                    keys += [True] * len(source.keys)
                continue
            names.append(one.alias_or_name)
            keys.append(self._key(one.unalias(), frame) is not None)
        is_cut = any(source.is_cut for source in frame.sources.values())
        group = query.args.get("group")
        if is_cut and not group and all(_is_sum(one) for one in query.expressions):
            return Columns(False, names, [False] * len(names))  # one row of the whole
        return Columns(is_cut, names, keys, frame.is_joined_outside)

    # -- conditions

    def _hold(self, condition: exp.Expr, frame: Frame) -> None:
        if isinstance(condition, exp.EQ):
            one, two = _bare(condition.this), _bare(condition.expression)
            if isinstance(one, exp.Tuple) and isinstance(two, exp.Tuple):
                for a, b in zip(one.expressions, two.expressions, strict=False):
                    self._equal(_bare(a), _bare(b), frame)
            else:
                self._equal(one, two, frame)

    def _equal(self, one: exp.Expr, two: exp.Expr, frame: Frame) -> None:
        a, b = (self._key(part, frame) or _constant(part) for part in (one, two))
        if a is not None and b is not None:
            self._join(a, b)

    def _hold_in(self, inner: exp.Expr, columns: Columns, frame: Frame) -> None:
        """`(unit, id) IN (SELECT unit, id …)` names the unit on both sides; `id IN (SELECT id …)`
        of two tables of units does not.
        """
        parent = inner.parent if isinstance(inner.parent, exp.In) else None
        if parent is None or not columns.is_cut or columns.is_joined:
            return
        left = _bare(parent.this)
        sides = left.expressions if isinstance(left, exp.Tuple) else [left]
        pairs = list(zip(sides, columns.keys, strict=False))
        if any(self._key(_bare(side), frame) and is_key for side, is_key in pairs):
            return
        owners = [self._of(_bare(side), frame) for side in sides]
        if any(source is not None and source.is_cut for source in owners):
            self.faults[f"{APART}: {_told(frame)} IN"] = None

    def _of(self, node: exp.Expr, frame: Frame) -> Source | None:
        """The source that a column is of."""
        if not isinstance(node, exp.Column):
            return None
        where: Frame | None = frame
        while where is not None:
            if not node.table and len(where.sources) == 1:
                return next(iter(where.sources.values()))
            if node.table in where.sources:
                found = where.sources[node.table]
                if where is not frame and found.is_cut:
                    frame.is_joined_outside = True
                return found
            where = where.around
        return None

    def _key(self, node: exp.Expr, frame: Frame) -> Source | None:
        node = _bare(node)
        source = self._of(node, frame)
        return source if source is not None and node.name in source.keys else None

    def _root(self, one: object) -> object:
        while one in self.same:
            one = self.same[one]
        return one

    def _join(self, one: object, two: object) -> None:
        a, b = self._root(one), self._root(two)
        if a != b:
            a, b = (b, a) if isinstance(a, str) else (a, b)  # a constant is the root
            self.same[a] = b


def _is_owner(node: object) -> bool:
    node = _bare(node) if isinstance(node, exp.Expr) else node
    return isinstance(node, exp.Column) and node.name in OWNERS


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Cast):
        node = node.this
    return node


def _constant(node: exp.Expr) -> str | None:
    is_one = isinstance(node, exp.Placeholder | exp.Parameter | exp.Literal)
    return node.sql("postgres") if is_one else None


def _each(condition: exp.Expr) -> Iterator[exp.Expr]:
    condition = condition.unnest() if isinstance(condition, exp.Paren) else condition
    if isinstance(condition, exp.And):
        yield from _each(condition.this)
        yield from _each(condition.expression)
    else:
        yield condition


def _inside(query: exp.Expr, parts: list[exp.Expr]) -> Iterator[exp.Expr]:
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


def _names(query: exp.Expr, name: str) -> bool:
    return any(table.name == name for table in query.find_all(exp.Table))


def _is_sum(node: exp.Expr) -> bool:
    return node.find(exp.AggFunc) is not None and node.find(exp.Window) is None


def _told(frame: Frame) -> str:
    return ", ".join(source.name for source in frame.sources.values() if source.is_cut)


@cache
def _cut() -> frozenset[str]:
    return frozenset(table.name for table in cut_tables())


@cache
def faults_of(statement: str) -> tuple[str, ...]:
    """What of a statement would not run on a cluster; nothing where all is well."""
    if not statement.lstrip().upper().startswith(_WORTH_A_LOOK):
        return ()
    reader = Reader(_cut())
    for tree in sqlglot.parse(statement.replace("%%", "%"), dialect="postgres"):
        if tree is not None:
            reader.read(tree)
    return tuple(reader.faults)
