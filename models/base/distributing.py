"""Hand the tables of a PostgreSQL with Citus out to its servers: `flask db distribute`.

Everything is one transaction: keys between tables are taken off, the walls put into words that a
cluster takes, small tables copied to every server, tables of units cut by their owner beside the
projects, and the keys put on again. What was done once is not done again, so that the command is
also for a table that a later version brings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from models.base.cluster import SETTINGS, has_citus
from models.base.errors import RuleBroken, _n
from models.base.sharing import LEADER, OWNER, copied_tables, cut_tables
from models.base.wall import need_owner, plain_policies

_KEYS = """
    SELECT c.conname, t.relname, r.relname, pg_get_constraintdef(c.oid)
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        JOIN pg_class r ON r.oid = c.confrelid
    WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.conparentid = 0
    ORDER BY t.relname, c.conname
"""
_DONE = "SELECT c.relname FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid"
_SERVERS = "SELECT count(*) FROM citus_get_active_worker_nodes()"


@dataclass(frozen=True)
class Key:
    """A foreign key as the database tells it."""

    name: str
    table: str
    to: str
    definition: str


@dataclass(frozen=True)
class Distribution:
    """What is sent, in order; the tables that are copied and cut by it, and the keys left off
    because they lead from a copied table to one that is cut.
    """

    statements: Sequence[str] = ()
    copied: Sequence[str] = ()
    cut: Sequence[str] = ()
    left_off: Sequence[Key] = ()

    @staticmethod
    def need_none(connection: Connection) -> None:
        """Refuse what is done to a database on one server, where tables are distributed."""
        if _done(connection):
            raise RuleBroken(
                _n(
                    "The tables of this database are distributed: each of its servers is backed "
                    "up and restored by the tools of PostgreSQL. docs/scale.md says how."
                )
            )

    @classmethod
    def of(cls, connection: Connection) -> "Distribution":
        """What there is to do. Raises RuleBroken where it cannot be done."""
        if connection.dialect.name != "postgresql":
            raise RuleBroken(
                _n("Only a PostgreSQL can be distributed. docs/scale.md says how to get there.")
            )
        need_owner(connection)
        done = _done(connection)
        copied = [table.name for table in copied_tables() if table.name not in done]
        cut = [table.name for table in cut_tables() if table.name not in done]
        fresh = frozenset({*copied, *cut})
        if not fresh:
            return cls()
        keys = [
            key
            for key in (Key(*row) for row in connection.execute(text(_KEYS)))
            if {key.table, key.to} & fresh
        ]
        left_off = [key for key in keys if _leads_across(key)]
        return cls(tuple(_statements(connection, copied, cut, keys)), copied, cut, left_off)

    def carry_out(self, connection: Connection) -> int:
        """Do it, in the transaction of this connection; gives how many servers hold rows beside
        the one that is asked. Raises RuleBroken without the extension.
        """
        if not has_citus(connection):
            raise RuleBroken(
                _n(
                    "This database has no Citus. Install it on every server, make the extension "
                    "here (CREATE EXTENSION citus) and name the servers; docs/scale.md says how."
                )
            )
        for statement in self.statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        return int(connection.scalar(text(_SERVERS)) or 0)


def _done(connection: Connection) -> frozenset[str]:
    """The tables that are distributed."""
    return frozenset(connection.scalars(text(_DONE)) if has_citus(connection) else ())


def _leads_across(key: Key) -> bool:
    cut = {table.name for table in cut_tables()}
    return key.to in cut and key.table not in cut


def _statements(
    connection: Connection, copied: Sequence[str], cut: Sequence[str], keys: Sequence[Key]
) -> Iterator[str]:
    yield from SETTINGS
    for key in keys:
        yield f"ALTER TABLE public.{key.table} DROP CONSTRAINT {key.name}"
    for table, condition in plain_policies(connection).items():
        yield f"ALTER POLICY units ON public.{table} USING ({condition})"
    for name in copied:
        yield f"SELECT create_reference_table('public.{name}')"
    for name in cut:
        beside = "none" if name == LEADER else f"public.{LEADER}"
        yield (
            f"SELECT create_distributed_table('public.{name}', '{OWNER}', "
            f"colocate_with => '{beside}')"
        )
    for key in keys:
        if not _leads_across(key):
            yield f"ALTER TABLE public.{key.table} ADD CONSTRAINT {key.name} {key.definition}"
