"""Shapes of statements that a cluster refuses although every join names the unit, as its sources
say it. Some are taken where a statement asks for one unit alone; see `Reader.wide`.
"""

from collections.abc import Callable, Iterator

from sqlglot import exp

from models.base.sharing import OWNER
from tests.shards_parts import Frame, asks_beside_sums, each, looks_out, sums_here

FROM_COPY = "asks units anew for each row of what is copied or read first"
IN_COPY = "asks copied rows for each row of units, and asks for each of those"
BESIDE_WHERE = "asks units apart from those beside them, and not in WHERE"
LATERAL_FROM_COPY = "LATERAL to units from what is copied"
SET_FOR_EACH_ROW = "asks for each row a set that is not of units alone"
OUT_OF_CTE = "WITH that speaks of what stands around it"
BESIDE_SUMS = "asks a query beside a sum"
IN_HAVING = "HAVING that asks for each group"
GROUPING_SETS = "GROUPING SETS over units"
CHANGED_BY_UNITS = "changes what is copied by a join with units"
ASKED_BY_INSERT = "INSERT of VALUES that asks a query"
KEEPS_COPY = "ON CONFLICT keeps all others from a copied table until the transaction ends"
MOVES_UNIT = "changes the unit of a row"
NOT_FIRM = "changes rows by what may be another thing each time it is asked"
# functions that PostgreSQL calls volatile, and stable; those of ours and those near at hand
_VOLATILE = frozenset(
    {
        *("random", "rand", "clock_timestamp", "timeofday", "gen_random_uuid", "uuid", "nextval"),
        *("setval", "set_config", "pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"),
    }
)
_STABLE = frozenset(
    {
        *("now", "current_timestamp", "current_date", "current_setting", "to_char", "concat"),
        *("concat_ws", "array_to_string", "to_timestamp", "json_build_object", "to_jsonb"),
        *("jsonb_build_object", "format", "age", "timestamp_trunc", "time_to_str"),
    }
)
_OF_A_ZONE = (exp.DType.DATE, exp.DType.TIME, exp.DType.TIMESTAMPTZ, exp.DType.TIMESTAMP)


def times_named(tree: exp.Expr, name: str) -> int:
    return sum(table.name == name for table in tree.find_all(exp.Table))


def is_put_together(query: exp.Select, is_unit: Callable[[exp.Expr], bool]) -> bool:
    """Whether what each server finds is put together before anything else is done with it."""
    if looks_out(query):
        return False
    if query.args.get("limit") or query.args.get("offset"):
        return True
    chosen = [one.unalias() for one in query.expressions]
    group, distinct = query.args.get("group"), query.args.get("distinct")
    if group and not any(map(is_unit, group.expressions)):
        return True
    if distinct and not any(map(is_unit, chosen)):
        return True
    if not group and any(map(sums_here, chosen)):
        return True
    windows = [one for part in chosen for one in part.find_all(exp.Window)]
    return any(not any(map(is_unit, one.args.get("partition_by") or ())) for one in windows)


def of_inner(
    query: exp.Expr, inner: exp.Expr, frame: Frame, *, asks: bool, spread: bool
) -> Iterator[str]:
    """Of a query inside the expressions of another."""
    looks = looks_out(inner)
    if asks and not frame.is_spread and looks:
        yield f"{FROM_COPY}: {_tables(inner)}"
    place = inner
    while place.parent is not query and place.parent is not None:
        place = place.parent
    is_read_first = place.arg_key in ("where", "having") or not spread
    if not looks and not is_read_first and (frame.is_spread or place.arg_key == "joins"):
        yield f"{BESIDE_WHERE}: {_tables(inner)}"


def of_outer(query: exp.Expr, frame: Frame) -> Iterator[str]:
    """Of a query that has others inside its expressions."""
    if not frame.is_spread and frame.is_in_spread and looks_out(query):
        yield f"{IN_COPY}: {_tables(query)}"


def of_lateral(part: exp.Expr, frame: Frame, cut: frozenset[str]) -> Iterator[str]:
    """Of a join of rows with what is asked for each of them."""
    if not isinstance(part.this, exp.Lateral) or frame.is_spread:
        return
    inner = part.this.this.unnest()
    if not cut & {table.name for table in inner.find_all(exp.Table)}:
        return
    is_sum = isinstance(inner, exp.Select) and any(map(sums_here, inner.expressions))
    if part.args.get("side") or is_sum or any(map(inner.args.get, ("limit", "group", "distinct"))):
        yield f"{LATERAL_FROM_COPY}: {_tables(inner)}"


def of_sums(query: exp.Expr) -> Iterator[str]:
    """Of what is added up over units."""
    group, having = query.args.get("group"), query.args.get("having")
    if group and group.find(exp.GroupingSets, exp.Cube, exp.Rollup):
        yield GROUPING_SETS
    order = query.args.get("order")
    for one in (*query.expressions, *(order.expressions if order else ())):
        if isinstance(query, exp.Select) and sums_here(one) and asks_beside_sums(one):
            yield BESIDE_SUMS
    if having and any(map(looks_out, having.find_all(exp.Subquery, exp.Select))):
        yield IN_HAVING


def of_change(tree: exp.Expr, cut: frozenset[str]) -> Iterator[str]:
    """Of a statement that changes rows, whatever it asks for."""
    if not isinstance(tree, exp.Insert | exp.Update | exp.Delete):
        return
    table = tree.find(exp.Table).name
    conflict = tree.args.get("conflict")
    if isinstance(tree, exp.Insert):
        if isinstance(tree.expression, exp.Values) and tree.expression.find(exp.Select):
            yield f"{ASKED_BY_INSERT}: {table}"
        if conflict is not None and table not in cut:
            yield f"{KEEPS_COPY}: {table}"
    settings = tree.expressions if isinstance(tree, exp.Update) else []
    settings = [*settings, *(conflict.expressions if conflict is not None else ())]
    where = tree.args.get("where")
    known = {one.sql() for one in each(where.this)} if where is not None else set()
    for one in settings if table in cut else ():
        if isinstance(one, exp.EQ) and one.this.name == OWNER and _bare(one) not in known:
            yield f"{MOVES_UNIT}: {table}"
    parts = [*settings, where, tree.args.get("returning"), conflict]
    parts += [] if isinstance(tree, exp.Insert) else [tree.args.get("from_")]
    if any(part is not None and _is_not_firm(part) for part in parts):
        yield f"{NOT_FIRM}: {table}"


def _is_not_firm(node: exp.Expr) -> bool:
    for one in node.walk():
        name = _function(one)
        if name in _VOLATILE:
            return True
        by_rows = one.find(exp.Column) is not None
        if name in _STABLE and (by_rows or one.find_ancestor(exp.Coalesce, exp.Case)):
            return True
        if isinstance(one, exp.Cast) and by_rows and one.to.this in _OF_A_ZONE:
            return True
    return False


def _function(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else ""


def _bare(setting: exp.EQ) -> str:
    return exp.EQ(this=setting.this.copy(), expression=setting.expression.copy()).sql()


def _tables(query: exp.Expr) -> str:
    return ", ".join(dict.fromkeys(table.name for table in query.find_all(exp.Table)))
