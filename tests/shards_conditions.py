"""What the conditions of a statement say of units: which sources are of the same one."""

from sqlglot import exp

from tests.shards_parts import Columns, Frame, Source, bare, constant, told

APART = "joined without the unit on both sides"


class Conditions:
    """What holds for every row of a statement; `faults` is what it found."""

    def __init__(self) -> None:
        self.faults: dict[str, None] = {}
        self.same: dict[object, object] = {}

    def hold(self, condition: exp.Expr, frame: Frame) -> None:
        if isinstance(condition, exp.EQ):
            one, two = bare(condition.this), bare(condition.expression)
            if isinstance(one, exp.Tuple) and isinstance(two, exp.Tuple):
                for a, b in zip(one.expressions, two.expressions, strict=False):
                    self.equal(bare(a), bare(b), frame)
            else:
                self.equal(one, two, frame)

    def equal(self, one: exp.Expr, two: exp.Expr, frame: Frame) -> None:
        a, b = (self.key(part, frame) or constant(part) for part in (one, two))
        if a is not None and b is not None:
            self.join(a, b)

    def hold_in(self, inner: exp.Expr, columns: Columns, frame: Frame) -> None:
        """`(unit, id) IN (SELECT unit, id …)` names the unit on both sides; `id IN (SELECT id …)`
        of two tables of units does not.
        """
        parent = inner.parent if isinstance(inner.parent, exp.In) else None
        if parent is None or not columns.is_cut or columns.is_joined:
            return
        left = bare(parent.this)
        sides = left.expressions if isinstance(left, exp.Tuple) else [left]
        pairs = list(zip(sides, columns.keys, strict=False))
        if any(self.key(bare(side), frame) and is_key for side, is_key in pairs):
            return
        owners = [self.of(bare(side), frame) for side in sides]
        if any(source is not None and source.is_cut for source in owners):
            self.faults[f"{APART}: {told(frame)} IN"] = None

    def of(self, node: exp.Expr, frame: Frame) -> Source | None:
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

    def key(self, node: exp.Expr, frame: Frame) -> Source | None:
        node = bare(node)
        source = self.of(node, frame)
        return source if source is not None and node.name in source.keys else None

    def root(self, one: object) -> object:
        while one in self.same:
            one = self.same[one]
        return one

    def join(self, one: object, two: object) -> None:
        a, b = self.root(one), self.root(two)
        if a != b:
            a, b = (b, a) if isinstance(a, str) else (a, b)  # a constant is the root
            self.same[a] = b
