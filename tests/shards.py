"""Whether a statement would run on a cluster that is distributed by unit (docs/scale.md).

A server of a cluster holds all rows of some units. Tables of units can be joined where both sides
name the unit, so that every server joins what it has, or where one side is few rows that are read
first and taken to every server (a CTE that is MATERIALIZED). `faults_of` reads a statement as
PostgreSQL gets it and says what would not run there, or would drag whole tables over the network.

What asks for one unit alone runs on the server of that unit, and may say all that PostgreSQL takes.
"""

from collections.abc import Iterable
from functools import cache

import sqlglot
from sqlglot import exp

from models.base.sharing import OWNER, cut_tables
from tests import shards_shapes as shapes
from tests.shards_conditions import APART, Conditions
from tests.shards_parts import (
    Columns,
    Frame,
    Source,
    each,
    inside,
    is_owner,
    is_sum,
    looks_out,
    names,
    told,
)

ARITHMETIC = "arithmetic on the unit"
COALESCED = "compares a unit that is COALESCEd"
RECURSIVE = "recursive beside tables of units"
LOCKS = "locks rows of more units than one"
_WORTH_A_LOOK = ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")


class Reader(Conditions):
    """Reads one statement; `faults` is what it found, `wide` what is one where it asks for more
    units than one.
    """

    def __init__(self, cut: frozenset[str]) -> None:
        super().__init__()
        self.cut = cut
        self.wide: dict[str, None] = {}
        self.asked: list[Source] = []  # the tables of units

    def read(self, tree: exp.Expr) -> None:
        self._values(tree)
        self.faults.update(dict.fromkeys(shapes.of_change(tree, self.cut)))
        if isinstance(tree, exp.Query):
            self._query(tree, None, {})
        elif isinstance(tree, exp.Insert) and isinstance(tree.expression, exp.Query):
            self._query(tree.expression, None, self._with(tree, None, {}))
        elif isinstance(tree, exp.Update | exp.Delete):
            self._change(tree)
        of_one = {self.root(source) for source in self.asked}
        if self.asked and not (len(of_one) == 1 and isinstance(of_one.pop(), str)):
            self.faults.update(self.wide)

    def _values(self, tree: exp.Expr) -> None:
        for node in tree.find_all(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg):
            if any(is_owner(part) for part in (node.this, node.args.get("expression"))):
                self.faults[ARITHMETIC] = None
        for node in tree.find_all(exp.EQ, exp.In):
            for part in (node.this, node.args.get("expression")):
                some = part.find_all(exp.Coalesce) if part is not None else ()
                if any(is_owner(one) for found in some for one in found.iter_expressions()):
                    self.faults[COALESCED] = None

    def _note(self, shapes_found: Iterable[str]) -> None:
        self.wide.update(dict.fromkeys(shapes_found))

    # -- queries

    def _with(
        self, tree: exp.Expr, around: Frame | None, known: dict[str, Source]
    ) -> dict[str, Source]:
        known, clause = dict(known), tree.args.get("with_")
        for one in clause.expressions if clause else ():
            name = one.alias
            if clause.args.get("recursive") and names(one.this, name):
                known[name] = Source(name)
                self.wide[f"{RECURSIVE}: {name}"] = None
            renamed = [column.name for column in one.args["alias"].columns]
            found = self._derived(self._query(one.this, around, known), name, renamed)
            if around is not None and looks_out(one.this):
                self.wide[f"{shapes.OUT_OF_CTE}: {name}"] = None
            if one.args.get("materialized"):
                found = Source(name)
            elif shapes.times_named(tree, name) > 1:  # a cluster reads it first, once
                found.spread, found.of = False, ()
            known[name] = found
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
            both = [
                self._derived(Columns(True, ["unit"], [a]), "unit", of=(a, b)) if a and b else None
                for a, b in zip(one.keys, two.keys, strict=False)
            ]
            is_of_units = one.spread and two.spread and isinstance(query, exp.Union)
            is_cut = one.is_cut or two.is_cut
            if is_cut and not is_of_units and around is not None and looks_out(query):
                self.wide[shapes.SET_FOR_EACH_ROW] = None
            return Columns(is_cut, one.names, both, spread=is_of_units and any(both))
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
            self._part(part, frame, known)
            conditions += [part.args["on"]] if part.args.get("on") else []
        self._finish(query, frame, parts, conditions, known)
        if query.args.get("locks") and any(s.is_cut for s in frame.sources.values()):
            firm = {self.root(s) for s in frame.sources.values() if s.is_cut}
            if not all(isinstance(one, str) for one in firm):
                self.faults[f"{LOCKS}: {told(frame)}"] = None
        return self._columns(query, frame)

    def _part(self, part: exp.Expr, frame: Frame, known: dict[str, Source]) -> None:
        """A FROM, or a JOIN: of which side rows stay even where there is nothing beside them."""
        before, was_spread = set(frame.sources), frame.is_spread
        self._note(shapes.of_lateral(part, frame, self.cut))
        self._source(part.this, frame, known)
        side = part.args.get("side")
        joined = [source for name, source in frame.sources.items() if name not in before]
        if side in ("LEFT", "FULL") and not was_spread and before:
            for source in joined:
                source.spread = False  # read first, and put beside what is copied
        elif side in ("RIGHT", "FULL") and not any(source.spread for source in joined):
            for name in before:
                frame.sources[name].spread = False

    def _change(self, tree: exp.Update | exp.Delete) -> None:
        known, frame = self._with(tree, None, {}), Frame()
        parts = [tree, *([tree.args["from_"]] if tree.args.get("from_") else [])]
        using = tree.args.get("using") or []
        for part in parts:
            self._source(part.this, frame, known)
        for table in using:
            self._source(table, frame, known)
        first = next(iter(frame.sources.values()))
        if not first.is_cut and frame.is_spread:
            self.wide[f"{shapes.CHANGED_BY_UNITS}: {first.name}"] = None
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
            for one in each(condition):
                self.hold(one, frame)
        within = list(inside(query, parts))
        for inner in within:
            before = len(self.asked)
            columns = self._query(inner, frame, known)
            self.hold_in(inner, columns, frame)
            asks_units = len(self.asked) > before or columns.is_cut
            spread = columns.spread
            self._note(shapes.of_inner(query, inner, frame, asks=asks_units, spread=spread))
        if within:
            self._note(shapes.of_outer(query, frame))
        if any(source.is_cut for source in frame.sources.values()):
            self._note(shapes.of_sums(query))
        cut = [source for source in frame.sources.values() if source.is_cut]
        outside = frame.around
        while frame.is_joined_outside and outside is not None:
            found = [source for source in outside.sources.values() if source.is_cut]
            if found and cut:
                if not {self.root(s) for s in cut} & {self.root(s) for s in found}:
                    listed = ", ".join(s.name for s in (*found, *cut))
                    self.faults[f"{APART}: {listed}"] = None
                break
            outside = outside.around
        if len({self.root(source) for source in cut}) > 1:
            self.faults[f"{APART}: {told(frame)}"] = None

    def _source(self, node: exp.Expr, frame: Frame, known: dict[str, Source]) -> None:
        if isinstance(node, exp.Lateral):
            inner = node.this
            columns = self._query(inner, frame, known)
            frame.sources[node.alias] = self._derived(columns, node.alias)
        elif isinstance(node, exp.Subquery):
            if isinstance(node.this, exp.Table):  # a join in brackets
                for part in (node.this, *(join.this for join in node.this.args.get("joins", []))):
                    self._source(part, frame, known)
                return
            alias = node.args.get("alias")
            renamed = [column.name for column in alias.columns] if alias else []
            columns = self._query(node.this, frame.around, known)
            frame.sources[node.alias] = self._derived(columns, node.alias, renamed)
        elif isinstance(node, exp.Table):
            name = node.alias or node.name
            if node.name in known:
                found = known[node.name]
                asked = Source(node.name, found.is_cut, found.keys, found.spread)
                if found.of:
                    self.join(asked, found)
            else:
                is_cut = node.name in self.cut
                keys = frozenset({OWNER}) if is_cut else frozenset()
                asked = Source(node.name, is_cut, keys, is_cut)
                self.asked += [asked] if is_cut else []
            frame.sources[name] = asked
            for join in node.args.get("joins", []):
                self._source(join.this, frame, known)
                for one in each(join.args["on"]) if join.args.get("on") else ():
                    self.hold(one, frame)

    def _derived(
        self, columns: Columns, name: str, renamed: list[str] | None = None, of: tuple = ()
    ) -> Source:
        """What a query gives as a source: its unit is that of the tables it comes from."""
        source = columns.source(name, renamed or [])
        for one in of or source.of:
            self.join(source, one)
        return source

    def _columns(self, query: exp.Select, frame: Frame) -> Columns:
        listed: list[str] = []
        keys: list[Source | None] = []
        for one in query.expressions:
            if isinstance(one, exp.Star) or isinstance(getattr(one, "this", None), exp.Star):
                for source in frame.sources.values():
                    listed += sorted(source.keys)
                    keys += [source] * len(source.keys)
                continue
            listed.append(one.alias_or_name)
            keys.append(self.key(one.unalias(), frame))
        is_cut = any(source.is_cut for source in frame.sources.values())
        group = query.args.get("group")
        if is_cut and not group and all(is_sum(one) for one in query.expressions):
            return Columns(False, listed, [None] * len(keys))  # one row of the whole

        def is_unit(node: exp.Expr) -> bool:
            return self.key(node, frame) is not None

        spread = frame.is_spread and not shapes.is_put_together(query, is_unit)
        return Columns(is_cut, listed, keys, frame.is_joined_outside, spread)


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
