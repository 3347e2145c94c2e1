"""What holds on a cluster that is distributed by unit: tables, and the reader of statements."""

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import dialect

from models import Base
from models.base import Owned
from models.base.sharing import OWNER, copied_tables, cut_tables, is_cut
from tests.shards import APART, ARITHMETIC, COALESCED, LOCKS, RECURSIVE, faults_of
from tests.shards_watched import EXCEPTIONS

# Between two units, and so on no one's server: copied tables may not point to tables of units.
# `flask db distribute` leaves the keys of these two off and names them.
ACROSS = {("capital_transfer", "allocation"), ("project_succession", "project")}
MOST = 1
LINKED = "SELECT a.project_id FROM allocation a WHERE a.investor_id = p.investor_id"
JOINED = "SELECT 1 FROM project p JOIN allocation a ON a.project_id = p.id"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (JOINED, APART),
        (
            f"WITH few AS MATERIALIZED ({JOINED} AND p.investor_id = a.investor_id) "
            "SELECT 1 FROM few JOIN obstacle ON true",
            None,
        ),
        (f"SELECT 1 FROM project p WHERE p.id IN ({LINKED})", None),
        (f"{JOINED} AND a.investor_id = p.investor_id", None),
        (f"{JOINED} AND p.investor_id = a.investor_id AND a.vintage > 1", None),
        (f"{JOINED} WHERE a.investor_id = p.investor_id", None),
        (f"{JOINED} WHERE a.investor_id = p.investor_id OR a.id = 1", APART),
        (f"{JOINED} AND (p.investor_id, p.id) = (a.investor_id, a.project_id)", None),
        (f"{JOINED} WHERE a.investor_id = %(u)s::BIGINT AND p.investor_id = %(u)s", None),
        (f"{JOINED} WHERE a.investor_id = %(u)s AND p.investor_id = %(v)s", APART),
        ("SELECT 1 FROM project WHERE investor_id + 0 = 1", ARITHMETIC),
        ("SELECT 1 FROM project p, allocation a WHERE a.project_id = p.id", APART),
        ("SELECT 1 FROM project WHERE -investor_id = 1", ARITHMETIC),
        (
            "SELECT 1 FROM project p LEFT JOIN succession s ON true "
            "WHERE coalesce(s.investor_id, p.investor_id) = 3",
            COALESCED,
        ),
        (
            "SELECT 1 FROM project_succession s WHERE coalesce(s.to_investor_id, 1) IN (1, 2)",
            COALESCED,
        ),
        ("SELECT coalesce(s.to_investor_id, 0) FROM project_succession s", None),
        ("SELECT 1 FROM project p WHERE p.id IN (SELECT a.project_id FROM allocation a)", APART),
        (
            "SELECT 1 FROM project p WHERE (p.investor_id, p.id) IN "
            "(SELECT a.investor_id, a.project_id FROM allocation a)",
            None,
        ),
        (
            "SELECT 1 FROM project p WHERE EXISTS "
            "(SELECT 1 FROM allocation a WHERE a.project_id = p.id)",
            APART,
        ),
        (
            "SELECT 1 FROM project p WHERE NOT EXISTS (SELECT 1 FROM allocation a "
            "WHERE a.project_id = p.id AND a.investor_id = p.investor_id)",
            None,
        ),
        (
            "SELECT (SELECT sum(a.vintage) FROM allocation a WHERE a.project_id = p.id) "
            "FROM project p",
            APART,
        ),
        (
            "SELECT 1 FROM project p JOIN (SELECT project_id, sum(vintage) FROM allocation "
            "GROUP BY project_id) s ON s.project_id = p.id",
            APART,
        ),
        (
            "SELECT 1 FROM project p JOIN (SELECT investor_id AS unit, project_id FROM allocation "
            "GROUP BY 1, 2) s ON s.project_id = p.id AND s.unit = p.investor_id",
            None,
        ),
        (
            "WITH s AS (SELECT project_id FROM allocation) "
            "SELECT 1 FROM s JOIN project p ON p.id = s.project_id",
            APART,
        ),
        (
            "WITH s(unit) AS (SELECT investor_id FROM allocation UNION ALL SELECT investor_id "
            "FROM obstacle) SELECT 1 FROM s JOIN project p ON p.investor_id = s.unit",
            None,
        ),
        (
            "WITH s(unit) AS (SELECT investor_id FROM allocation UNION ALL SELECT id "
            "FROM obstacle) SELECT 1 FROM s JOIN project p ON p.investor_id = s.unit",
            APART,
        ),
        (
            "SELECT 1 FROM project p JOIN investor i ON i.id = p.investor_id "
            "JOIN component c ON c.id = p.component_id",
            None,
        ),
        (
            "SELECT 1 FROM project p, LATERAL (SELECT 1 FROM allocation a "
            "WHERE a.project_id = p.id) x",
            APART,
        ),
        (
            "WITH RECURSIVE t AS (SELECT id FROM component UNION SELECT c.id FROM component c "
            "JOIN t ON t.id = c.parent_id) SELECT 1 FROM t",
            None,
        ),
        (
            "WITH RECURSIVE t AS (SELECT id FROM project UNION SELECT p.id FROM project p "
            "JOIN t ON t.id = p.id) SELECT 1 FROM t",
            RECURSIVE,
        ),
        ("UPDATE project SET code = '' FROM allocation a WHERE a.project_id = project.id", APART),
        (
            "UPDATE project SET code = '' FROM allocation a WHERE a.project_id = project.id "
            "AND a.investor_id = project.investor_id",
            None,
        ),
        ("DELETE FROM project USING allocation a WHERE a.project_id = project.id", APART),
        ("DELETE FROM project WHERE id IN (SELECT project_id FROM allocation)", APART),
        (f"INSERT INTO remark (id) {JOINED}", APART),
        ("SELECT 1 FROM project WHERE id = 1 FOR UPDATE", LOCKS),
        ("SELECT 1 FROM project WHERE id = 1 AND investor_id = %(u)s::BIGINT FOR SHARE", None),
        ("SELECT 1 FROM period WHERE id = 1 FOR UPDATE", None),
        ("SELECT id %% 2 FROM project", None),
    ],
)
def test_a_statement_that_would_not_run_on_a_cluster_is_found(statement, fault):
    found = {one.partition(":")[0] for one in faults_of(statement)}
    assert found == ({fault} if fault else set())


def test_the_list_of_exceptions_has_a_reason_for_each_and_only_gets_shorter():
    assert all(EXCEPTIONS.values())
    assert len(EXCEPTIONS) <= MOST


def test_every_table_of_units_is_cut_by_its_owner_and_nothing_else_is():
    cut = {table.name for table in cut_tables()}
    owned = {m.local_table.name for m in Base.registry.mappers if issubclass(m.class_, Owned)}
    between = {"capital_transfer", "former_name", "project_succession", "succession"}
    assert cut >= owned - between
    assert cut | {table.name for table in copied_tables()} == set(Base.metadata.tables)
    assert {"audit_entry", "expected_report", "version_part"} <= cut
    assert between | {"user_investor", "period", "investor", "import_run"} <= {
        table.name for table in copied_tables()
    }
    assert cut_tables()[0].name == "project"


def keys_without_owner():
    """Table and key of a table of units whose key does not hold the owner, as declared."""
    for table in cut_tables():
        assert not table.c[OWNER].nullable, table.name
        uniques = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
        for key in (table.primary_key, *uniques):
            if OWNER not in key.columns:
                yield table.name, str(key.name)
        for index in table.indexes:
            if index.unique and OWNER not in index.columns:
                yield table.name, index.name
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if is_cut(key.referred_table):
                pairs = {(one.parent.name, one.column.name) for one in key.elements}
                if not is_cut(table) or (OWNER, OWNER) not in pairs:
                    yield table.name, key.referred_table.name


def test_no_unique_or_foreign_key_of_a_table_of_units_lacks_the_owner():
    assert set(keys_without_owner()) == ACROSS


@pytest.mark.parametrize("database", ["postgresql"], indirect=False)
def test_the_schema_distributes_by_the_rules_of_partitions(app, engine):
    """PostgreSQL refuses a key without the column by which a table is partitioned, as a cluster
    refuses one without the column by which it is distributed; so it can be asked here.
    """
    tables = [table.name for table in cut_tables()]
    keys = sa.text(
        "SELECT conrelid::regclass::text, confrelid::regclass::text, pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(:names)"
    )
    with engine.connect() as connection:  # never committed
        connection.exec_driver_sql("CREATE SCHEMA cut")
        for name in tables:
            connection.exec_driver_sql(
                f"CREATE TABLE cut.{name} (LIKE public.{name} INCLUDING ALL) "
                f"PARTITION BY HASH ({OWNER})"
            )
            for part in range(2):
                connection.exec_driver_sql(
                    f"CREATE TABLE cut.{name}_{part} PARTITION OF cut.{name} "
                    f"FOR VALUES WITH (MODULUS 2, REMAINDER {part})"
                )
        found = connection.execute(keys, {"names": tables}).all()
        connection.exec_driver_sql("SET LOCAL search_path = cut, public")
        for name, _other, definition in found:
            connection.exec_driver_sql(f"ALTER TABLE cut.{name} ADD {definition}")
        inside = [one for one in found if one[1] in tables]
        assert len(inside) > 15
        bad = "ALTER TABLE cut.project ADD UNIQUE (code)"
        with pytest.raises(sa.exc.DBAPIError, match="partition"), connection.begin_nested():
            connection.exec_driver_sql(bad)
        connection.rollback()


def test_a_statement_of_the_models_is_read_as_it_is_sent():
    """The reader knows tables by the names under which PostgreSQL gets them."""
    project, allocation = (Base.metadata.tables[name] for name in ("project", "allocation"))
    bad = sa.select(project.c.id).join(allocation, allocation.c.project_id == project.c.id)
    assert faults_of(str(bad.compile(dialect=dialect())))
    good = bad.where(allocation.c.investor_id == project.c.investor_id)
    assert not faults_of(str(good.compile(dialect=dialect())))
