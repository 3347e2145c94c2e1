"""The second wall: PostgreSQL itself shows a transaction the rows of its units and no others.

The first wall (scope.py) puts a bound on every query. Should one be forgotten, row-level security
stands behind it: policies compare the owner of each row with a setting of the transaction, which
is told here, at its beginning and again whenever the scope changes in between. What was told
nothing sees nothing. The tables belong to another role than the application's; see
docs/operations.md, *Two roles*.

On SQLite there is nothing of the kind.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from models.base.asides import keep_plans, say, takes_nothing_now
from models.base.bounds import REACHED, scoped_models
from models.base.cluster import is_on_cluster
from models.base.errors import RuleBroken, _n
from models.base.scope import TRUSTED, is_posted, scope_in_force

ALL = "all"
_SAID = "units told to the database"
_TELL = "SET LOCAL app.units = '{}'"  # whole numbers and commas, or `all`
TELL_ALL = _TELL.format(ALL)
_UNWALLED = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(:names)
        AND NOT (c.relrowsecurity
            AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'units'))
    ORDER BY c.relname
"""
_PASSES_BY = """
    SELECT bool_or(r.rolsuper OR r.rolbypassrls) OR EXISTS (
        SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
            AND c.relkind = 'r' AND pg_has_role(current_user, c.relowner, 'MEMBER'))
    FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER')
"""
_OWNS_ALL = """
    SELECT has_schema_privilege('public', 'CREATE') AND NOT EXISTS (
        SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
            AND c.relkind = 'r' AND NOT pg_has_role(current_user, c.relowner, 'USAGE'))
"""

# tables of other roles, where this one owns those of the program: somebody else put them there
_STRANGE = """
    SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND NOT pg_has_role(current_user, c.relowner, 'USAGE')
        AND EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public'
            AND tablename = 'alembic_version' AND pg_has_role(current_user, tableowner, 'USAGE'))
"""

# As the migration says it, without a SELECT, which a cluster takes in no policy. There it is asked
# for each row and not once for a statement.
_ALL_OF_A_CLUSTER = "current_setting('app.units', true) = 'all'"
_UNITS_OF_A_CLUSTER = (
    "ANY (string_to_array(NULLIF(current_setting('app.units', true), 'all'), ',')::bigint[])"
)
# of the district, but concerning units: the first wall alone tells which; whoever told no unit
# sees none
_TOLD = "COALESCE(current_setting('app.units', true), '') <> ''"
_OWNERS = ("investor_id", "to_investor_id", "successor_id")
_WITH_SELECT = (
    "SELECT tablename FROM pg_policies WHERE policyname = 'units' AND qual LIKE '%SELECT%'"
)


def walled_tables() -> frozenset[str]:
    """The tables whose rows belong to units or concern some: those that the first wall bounds."""
    return frozenset(_walled())


def _walled() -> dict[str, Any]:
    models: list[Any] = [cls for cls, _key in scoped_models()] + [cls for cls, _how in REACHED]
    return {cls.__table__.name: cls for cls in models}


def passes_by(connection: Connection) -> bool:
    """Whether this role sees past the wall: it owns the tables, or is a master of all."""
    return bool(connection.scalar(text(_PASSES_BY)))


def need_owner(connection: Connection) -> None:
    """Refuse what only the owner of the tables can do, and only where changes are taken, before
    any of it is done.
    """
    is_postgres = connection.dialect.name == "postgresql"
    if is_postgres and connection.scalar(text("SHOW transaction_read_only")) == "on":
        raise RuleBroken(
            _n(
                "This database server takes no changes; it may be the standby. Name the primary in "
                "DATABASE_OWNER_URL, or all servers with ?target_session_attrs=read-write."
            )
        )
    if is_postgres and not connection.scalar(text(_OWNS_ALL)):
        if strange := connection.scalar(text(_STRANGE)):
            raise RuleBroken(
                _n(
                    "These tables in the schema public are not the program's and belong to another "
                    "role: %(names)s. Move them to another schema, or drop them, and try again."
                ),
                names=strange[:600],
            )
        raise RuleBroken(
            _n(
                "This command needs the owner of the tables. Set DATABASE_OWNER_URL; "
                "docs/operations.md says how, under “Two roles”."
            )
        )


def unwalled(connection: Connection) -> list[str]:
    """Tables of units without row-level security; of a database that is migrated none."""
    return list(connection.scalars(text(_UNWALLED), {"names": sorted(walled_tables())}))


def plain_policies(connection: Connection) -> dict[str, str]:
    """Table → its policy in words that a cluster takes, where it has others now."""
    others = sorted(set(connection.scalars(text(_WITH_SELECT))) & walled_tables())
    return {name: _plain(_walled()[name].__table__) for name in others}


def _plain(table: Any) -> str:
    names = ["id"] if table.name == "investor" else [n for n in _OWNERS if n in table.c]
    if not names:
        return _TOLD
    return " OR ".join((_ALL_OF_A_CLUSTER, *(f"{name} = {_UNITS_OF_A_CLUSTER}" for name in names)))


def grants(role: str) -> str:
    """What the application's role may do, as statements of the owner: read and write rows. It
    owns nothing, empties no table at once (TRUNCATE knows no rows, hence no wall) and turns
    nothing off.
    """
    name = '"' + role.replace('"', '""') + '"'
    return (
        f"GRANT USAGE ON SCHEMA public TO {name};"
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};"
        f"REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM {name};"
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};\n"
    )


def _wanted(connection: Connection) -> str:
    """What the policies are to compare with: `all`, or ids of units with commas between."""
    if connection.info.get(TRUSTED):
        return ALL
    read = scope_in_force().read
    return ALL if read is None else ",".join(map(str, sorted(read)))


def telling(connection: Connection) -> str:
    """The statement that tells the database whose rows this transaction is for."""
    wanted = _wanted(connection)
    connection.info[_SAID] = wanted
    keep_plans(connection, may=is_posted() and wanted not in ("", ALL))
    return _TELL.format(wanted)


@event.listens_for(Engine, "before_cursor_execute")
def _tell_again(connection: Connection, *_args: Any) -> None:
    """The scope may have changed since the transaction began."""
    if _SAID not in connection.info or connection.info[_SAID] == _wanted(connection):
        return
    if takes_nothing_now(connection):
        return
    try:
        say(connection, telling(connection))
    except connection.dialect.loaded_dbapi.Error as error:
        raise OperationalError("SET LOCAL app.units", None, error) from error


@event.listens_for(Engine, "rollback_savepoint")
def _forget(connection: Connection, *_args: Any) -> None:
    """A setting goes back with the savepoint; what stands then is not known here."""
    if not connection.invalidated and _SAID in connection.info:
        connection.info[_SAID] = None


@event.listens_for(Engine, "release_savepoint")
def _forget_on_a_cluster(connection: Connection, *args: Any) -> None:
    """A server that is asked for the first time after that is told what stood before it."""
    if is_on_cluster(connection):
        _forget(connection, *args)
