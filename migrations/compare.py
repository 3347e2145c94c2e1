"""Triggers among what Alembic compares: `flask db check` and `flask db revision` know them.

Alembic knows tables only; a trigger lost when SQLite rebuilt its table would go unseen.
"""

from typing import Any

from alembic.autogenerate import comparators, renderers
from alembic.operations.ops import ExecuteSQLOp, UpgradeOps
from alembic.util import PriorityDispatchResult

from models.base import differing_triggers


class TriggerOp(ExecuteSQLOp):
    """A statement that makes or drops a trigger, and the one that takes it back."""

    def __init__(self, name: str, statement: str, back: str) -> None:
        super().__init__(statement)
        self.name, self.back = name, back

    def reverse(self) -> "TriggerOp":
        return TriggerOp(self.name, self.back, str(self.sqltext))

    def to_diff_tuple(self) -> tuple[str, str]:
        return ("trigger", f"{self.name}: {self.sqltext}")


@renderers.dispatch_for(TriggerOp)
def _render(_context: Any, op: TriggerOp) -> str:
    return f"op.execute({str(op.sqltext)!r})"


@comparators.dispatch_for("schema")
def _compare(context: Any, upgrade_ops: UpgradeOps, _schemas: Any) -> PriorityDispatchResult:
    connection = context.connection
    for name, (old, new) in differing_triggers(connection).items():
        upgrade_ops.ops.extend(_replacing(name, old, new, connection.dialect.name))
    return PriorityDispatchResult.CONTINUE


def _replacing(name: str, old: str | None, new: str | None, dialect: str) -> list[TriggerOp]:
    if name.endswith("()"):  # a function is replaced in place: triggers call it
        drop = f"DROP FUNCTION {name}"
        return [TriggerOp(name, new or drop, old or drop)]
    table = (new or old or "").split(" ON ", 1)[1].split()[0]
    drop = f"DROP TRIGGER {name}" + (f" ON {table}" if dialect == "postgresql" else "")
    ops = [TriggerOp(name, drop, old)] if old else []
    return [*ops, TriggerOp(name, new, drop)] if new else ops
