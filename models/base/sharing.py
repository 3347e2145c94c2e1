"""Which tables a cluster cuts into pieces by unit, and which it copies to every server.

Citus distributes a table by one column; ours by the owner of the rows, so that all rows of a unit
lie together and a page of one unit asks one server. Everything else is small, or joins units, and
is copied. docs/scale.md says when an office needs this, `flask db distribute` does it.
"""

from sqlalchemy import Table

from models.base.database import Base

OWNER = "investor_id"
LEADER = "project"  # whose pieces the others lie beside
# Rows between two units, and what is read with every account: copied, though they name an owner.
COPIED = frozenset(
    {"capital_transfer", "former_name", "project_succession", "succession", "user_investor"}
)


def is_cut(table: Table) -> bool:
    """Whether the rows of a table lie with their owner: he is part of its key."""
    return OWNER in table.primary_key.columns and table.name not in COPIED


def cut_tables() -> list[Table]:
    """The tables distributed by owner: the leader first, then as foreign keys follow."""
    tables = [table for table in Base.metadata.sorted_tables if is_cut(table)]
    return sorted(tables, key=lambda table: table.name != LEADER)


def copied_tables() -> list[Table]:
    """The reference tables, those pointed to before those that point."""
    return [table for table in Base.metadata.sorted_tables if not is_cut(table)]
