"""`flask db distribute`: hand the tables out to the servers of a cluster, each unit to one."""

from collections.abc import Sequence

import click
from flask_babel import gettext as _
from flask_migrate.cli import db as database_commands  # type: ignore[import-untyped]

from admin.commands.base import as_command
from models import ScopedSession, db
from models.base import Distribution, record


@database_commands.command("distribute")
@click.option("--sql", is_flag=True, help="Say the statements, do nothing.")
@as_command()
def distribute_tables(session: ScopedSession, sql: bool) -> None:
    """Distribute the tables of a PostgreSQL with Citus by unit.

    Small tables are copied to every server, tables of units cut by unit beside the projects, keys
    between them put on again. All or nothing; what was done before is left as it is, so that a
    table of a later version is distributed by saying it once more. Stop the server first.
    """
    with session.trusted() as connection:
        what = Distribution.of(connection)
        if sql:
            for statement in what.statements:
                click.echo(f"{statement};")
            return
        beside = what.carry_out(connection)
    if not what.statements:
        click.echo(_("Every table is distributed already. Nothing was done."))
        return
    record(
        session,
        action="distribute",
        resource="database",
        label=db.engine.url.database or "",
        changes={"copied": [None, list(what.copied)], "cut": [None, list(what.cut)]},
    )
    session.commit()
    _tell(what.copied, _("Copied to every server (%(count)s):", count=len(what.copied)))
    _tell(what.cut, _("Cut by unit, beside the projects (%(count)s):", count=len(what.cut)))
    _tell(
        [f"{key.table} → {key.to}" for key in what.left_off],
        _("Keys left off, because they lead from a copied table to one that is cut:"),
    )
    click.echo(_("Servers with rows beside this one: %(count)s.", count=beside))


def _tell(names: Sequence[str], head: str) -> None:
    if names:
        click.echo(head)
        click.echo(f"  {', '.join(names)}")
