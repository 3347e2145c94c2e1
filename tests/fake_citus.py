"""A PostgreSQL that takes itself for one with Citus: what `flask db distribute` asks of it is
noted, and refused where Citus refuses (docs/scale.md; its sources say how). Nothing is distributed.
"""

import sqlalchemy as sa

FUNCTIONS = """
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partkey text, beside text);
CREATE FUNCTION citus_get_active_worker_nodes() RETURNS TABLE (node_name text, node_port int)
    LANGUAGE sql AS $$ SELECT 'worker-1', 5432 UNION SELECT 'worker-2', 5432 $$;

CREATE FUNCTION fake_takes(name regclass, key text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE found text;
BEGIN
    IF EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = name) THEN
        RAISE EXCEPTION 'table % is already distributed', name;
    END IF;
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = name AND NOT tgisinternal)
        AND current_setting('citus.enable_unsafe_triggers', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'triggers are not supported on distributed tables';
    END IF;
    IF EXISTS (SELECT FROM pg_policies WHERE tablename = name::text
            AND (qual LIKE '%SELECT%' OR with_check LIKE '%SELECT%')) THEN
        RAISE EXCEPTION 'cannot create policy: Subqueries are not supported in policies of %', name;
    END IF;
    SELECT i.indexrelid::regclass INTO found FROM pg_index i
    WHERE i.indrelid = name AND (i.indisunique OR i.indisexclusion) AND key IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = name AND a.attname = key AND a.attnum = ANY (i.indkey));
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create constraint on %: % lacks the column', name, found;
    END IF;
    SELECT conname INTO found FROM pg_constraint c WHERE contype = 'f' AND (
        (conrelid = name AND confrelid NOT IN (SELECT logicalrelid FROM pg_dist_partition))
        OR (confrelid = name AND conrelid NOT IN (SELECT logicalrelid FROM pg_dist_partition)));
    IF found IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create foreign key constraint % of %', found, name;
    END IF;
END $$;

CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM fake_takes(name, NULL);
    INSERT INTO pg_dist_partition VALUES (name, NULL, NULL);
END $$;

CREATE FUNCTION create_distributed_table(name regclass, key text, colocate_with text)
    RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM fake_takes(name, key);
    IF colocate_with <> 'none' AND NOT EXISTS (SELECT FROM pg_dist_partition
            WHERE logicalrelid = colocate_with::regclass AND partkey = key) THEN
        RAISE EXCEPTION 'cannot colocate % with %', name, colocate_with;
    END IF;
    INSERT INTO pg_dist_partition VALUES (name, key, colocate_with);
END $$;
"""
INSTALLED = (
    "SET LOCAL allow_system_table_mods = on; INSERT INTO pg_extension "
    "(oid, extname, extowner, extnamespace, extrelocatable, extversion) "
    "VALUES (99999, 'citus', 10, 'public'::regnamespace, false, '13.2-1')"
)
# Which tables have which keys that a cluster would refuse, for where they lead or what they do when
# a row goes or gets another key; needs `pg_dist_partition` filled
BAD_KEYS = """
    SELECT c.conrelid::regclass::text, c.confrelid::regclass::text FROM pg_constraint c
    LEFT JOIN pg_dist_partition a ON a.logicalrelid = c.conrelid
    LEFT JOIN pg_dist_partition b ON b.logicalrelid = c.confrelid
    WHERE c.contype = 'f' AND (
        NOT (b.partkey IS NULL AND b.logicalrelid IS NOT NULL)
        AND NOT (a.partkey = b.partkey AND pg_get_constraintdef(c.oid)
            ~ ('\\(' || a.partkey || ',.* REFERENCES \\w+\\(' || b.partkey || ','))
        OR pg_get_constraintdef(c.oid) ~ ('\\(([^)]*, )?' || a.partkey || '[,)].* REFERENCES')
        AND (c.confdeltype IN ('n', 'd') OR c.confupdtype IN ('n', 'd', 'c')))
"""


def install(engine: sa.Engine) -> None:
    """Make the database say that it has Citus; its user has to be a superuser."""
    with engine.begin() as connection:
        raw = connection.connection.cursor()
        raw.execute(FUNCTIONS)
        raw.execute(INSTALLED)
