"""Shapes that a cluster refuses although every join names the unit; the same of one unit it takes.

Each is refused by the sources of Citus 13.2 in the words behind it.
"""

import pytest

from tests import shards_shapes as shapes
from tests.shards import RECURSIVE, faults_of

OF_UNIT = "SELECT 1 FROM project p WHERE p.investor_id = i.id"
OF_ONE = f"{OF_UNIT} AND p.investor_id = %(u)s"
CHILDREN = (
    "WITH RECURSIVE t AS (SELECT c.id FROM component c UNION SELECT c.id FROM component c "
    "JOIN t ON t.id = c.parent_id) SELECT 1 FROM"
)
PAGE = "SELECT p.investor_id, p.id FROM project p ORDER BY p.id LIMIT 50"
CAPITAL = "SELECT sum(a.id) FROM allocation a WHERE a.investor_id = s.investor_id"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        # correlated subqueries are not supported when the FROM clause contains a reference table
        (f"SELECT i.id FROM investor i WHERE EXISTS ({OF_UNIT})", shapes.FROM_COPY),
        (f"SELECT i.id, ({OF_UNIT}) FROM investor i", shapes.FROM_COPY),
        (f"SELECT i.id FROM investor i WHERE NOT EXISTS ({OF_ONE})", None),
        ("SELECT i.id FROM investor i WHERE i.id IN (SELECT p.investor_id FROM project p)", None),
        (
            f"SELECT i.id FROM investor i JOIN remark r ON r.investor_id = i.id "
            f"WHERE EXISTS ({OF_UNIT} AND r.investor_id = p.investor_id)",
            None,
        ),
        (
            "SELECT i.id FROM investor i LEFT JOIN remark r ON r.investor_id = i.id "
            f"WHERE EXISTS ({OF_UNIT})",
            shapes.FROM_COPY,
        ),
        # … a CTE or subquery
        (f"SELECT s.id, ({CAPITAL}) FROM ({PAGE}) s", shapes.FROM_COPY),
        (f"SELECT s.id, ({CAPITAL}) FROM ({PAGE.replace(' LIMIT 50', '')}) s", None),
        (f"WITH s AS MATERIALIZED ({PAGE}) SELECT s.id, ({CAPITAL}) FROM s", shapes.FROM_COPY),
        (
            "SELECT s.investor_id FROM (SELECT p.investor_id FROM project p "
            f"GROUP BY p.investor_id) s WHERE EXISTS ({CAPITAL})",
            None,
        ),
        # … a reference table, of a query that is asked for each row of units
        (
            "SELECT (SELECT (SELECT d.name FROM component d WHERE d.id = c.parent_id) "
            "FROM component c WHERE c.id = p.component_id) FROM project p",
            shapes.IN_COPY,
        ),
        ("SELECT (SELECT (SELECT p.code)) FROM project p", shapes.IN_COPY),
        (
            "SELECT (SELECT c.name FROM component c WHERE c.id = p.component_id) FROM project p",
            None,
        ),
        # complex joins are only supported when all distributed tables are co-located and joined …
        (
            "SELECT a.id FROM allocation a JOIN decision d ON d.id = a.decision_id "
            "AND d.id IN (SELECT r.decision_id FROM remark r)",
            shapes.BESIDE_WHERE,
        ),
        (
            "SELECT a.id FROM allocation a JOIN decision d ON d.id = a.decision_id "
            "AND d.id IN (SELECT DISTINCT r.decision_id FROM remark r)",
            None,
        ),
        (
            "SELECT a.id FROM allocation a JOIN decision d ON d.id = a.decision_id "
            "WHERE d.id IN (SELECT r.decision_id FROM remark r)",
            None,
        ),
        ("SELECT EXISTS (SELECT r.id FROM remark r) FROM allocation a", shapes.BESIDE_WHERE),
        ("SELECT EXISTS (SELECT r.id FROM remark r)", None),
        # cannot perform a lateral outer join when a distributed subquery references …
        (
            "SELECT c.id FROM component c LEFT JOIN LATERAL "
            "(SELECT p.id FROM project p WHERE p.component_id = c.id) x ON true",
            shapes.LATERAL_FROM_COPY,
        ),
        (
            "SELECT c.id FROM component c, LATERAL "
            "(SELECT p.id FROM project p WHERE p.component_id = c.id LIMIT 1) x",
            shapes.LATERAL_FROM_COPY,
        ),
        # … are not supported with union operator; Intersect and Except are currently unsupported
        (
            "SELECT 1 FROM project p WHERE EXISTS (SELECT a.investor_id FROM allocation a "
            "WHERE a.investor_id = p.investor_id UNION SELECT i.id FROM investor i)",
            shapes.SET_FOR_EACH_ROW,
        ),
        (
            "SELECT 1 FROM project p WHERE EXISTS (SELECT a.investor_id FROM allocation a "
            "WHERE a.investor_id = p.investor_id UNION SELECT r.investor_id FROM remark r "
            "WHERE r.investor_id = p.investor_id)",
            None,
        ),
        # CTEs that refer to other subqueries are not supported in multi-shard queries
        (
            "SELECT (WITH x AS (SELECT a.id FROM allocation a WHERE a.investor_id = p.investor_id)"
            " SELECT max(x.id) FROM x) FROM project p",
            shapes.OUT_OF_CTE,
        ),
        # cannot push down subquery on the target list
        (
            "SELECT sum(p.id) + (SELECT max(i.id) FROM investor i) FROM project p",
            shapes.BESIDE_SUMS,
        ),
        (
            "SELECT (SELECT c.name FROM component c WHERE c.id = p.component_id), sum(p.id) "
            "FROM project p GROUP BY p.component_id",
            None,
        ),
        # Subqueries in HAVING cannot refer to outer query
        (
            "SELECT p.component_id FROM project p GROUP BY p.component_id HAVING count(*) > "
            "(SELECT c.id FROM component c WHERE c.id = p.component_id)",
            shapes.IN_HAVING,
        ),
        # could not run distributed query with GROUPING SETS, CUBE, or ROLLUP
        ("SELECT sum(p.id) FROM project p GROUP BY ROLLUP (p.component_id)", shapes.GROUPING_SETS),
        # recursive CTEs are only supported when they contain a filter on the distribution column
        (f"{CHILDREN} t JOIN project p ON p.component_id = t.id", RECURSIVE),
        (f"{CHILDREN} t JOIN project p ON p.component_id = t.id AND p.investor_id = %(u)s", None),
        (f"{CHILDREN} t", None),
        # only reference tables may be queried when targeting a reference table
        (
            "UPDATE component SET name = p.code FROM project p WHERE p.component_id = component.id",
            shapes.CHANGED_BY_UNITS,
        ),
        (
            "UPDATE component SET name = '' WHERE component.id IN "
            "(SELECT p.component_id FROM project p)",
            None,
        ),
        # subqueries are not supported within INSERT queries
        (
            "INSERT INTO project (investor_id, id) VALUES (1, (SELECT max(c.id) FROM component c))",
            shapes.ASKED_BY_INSERT,
        ),
        # an upsert on a table with copies takes its exclusive lock
        ("INSERT INTO form_key (key) VALUES ('a') ON CONFLICT DO NOTHING", shapes.KEEPS_COPY),
        ("INSERT INTO form_key (key) VALUES ('a') RETURNING form_key.key", None),
        # modifying the partition value of rows is not allowed
        ("UPDATE project SET investor_id = %(u)s WHERE project.id = 1", shapes.MOVES_UNIT),
        # functions used in UPDATE queries on distributed tables must not be VOLATILE
        ("UPDATE project SET code = random() WHERE project.id = 1", shapes.NOT_FIRM),
        # STABLE functions used in UPDATE queries cannot be called with column references
        ("UPDATE project SET code = to_char(project.at, 'YY')", shapes.NOT_FIRM),
        ("DELETE FROM project WHERE project.at < now()", None),
        ("DELETE FROM project WHERE CAST(project.at AS DATE) < now()", shapes.NOT_FIRM),
        # non-IMMUTABLE functions are not allowed in CASE or COALESCE statements
        ("UPDATE project SET at = coalesce(project.at, now())", shapes.NOT_FIRM),
    ],
)
def test_a_shape_that_a_cluster_refuses_is_found(statement, fault):
    found = {one.partition(":")[0] for one in faults_of(statement)}
    assert found == ({fault} if fault else set())
