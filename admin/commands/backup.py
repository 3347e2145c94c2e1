"""`flask backup` and `flask restore`."""

from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete

from admin.access import newest_migration
from admin.commands.base import as_command
from admin.words import exact_moment
from models import ScopedSession, SignIn, db
from models.base import local, now, record, stored_moment
from models.exchange import opened_backup, put_back, write_backup


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@as_command("backup", any_schema=True)
def backup(session: ScopedSession, file: Path) -> None:
    """Write the whole database to FILE, with a manifest that proves it whole."""
    manifest = write_backup(db.engine, file, at=local(now()))
    count = sum(manifest.rows.values())
    click.echo(
        ngettext(
            "The backup is in %(file)s: %(num)s row, schema %(revision)s.",
            "The backup is in %(file)s: %(num)s rows, schema %(revision)s.",
            count,
            file=file,
            revision=manifest.revision,
        )
    )
    if manifest.revision == newest_migration():  # else the trail cannot be written, only kept
        record(session, action="backup", resource="database", label=file.name)  # its age is watched
        session.commit()


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@as_command("restore", any_schema=True)
def restore(session: ScopedSession, file: Path) -> None:
    """Put the database of FILE in the place of the present one, which is kept beside it.

    A file that is cut off, altered or of an unknown schema is refused and nothing is touched.
    Everybody has to sign in again.
    """
    scripts = ScriptDirectory(str(Path(current_app.root_path) / "migrations"))
    known = [script.revision for script in scripts.walk_revisions()]
    with opened_backup(file, engine=db.engine, known_revisions=known) as (manifest, database):
        db.engine.dispose()
        kept = put_back(db.engine, database, beside=file, at=local(now()))
        db.engine.dispose()
    is_newest = manifest.revision == scripts.get_current_head()
    if is_newest:
        session.execute(delete(SignIn))
        record(session, action="restore", resource="database", label=file.name)
        session.commit()
    click.echo(
        _(
            "The database is as it was at %(moment)s.",
            moment=exact_moment(stored_moment(manifest.made_at)),
        )
    )
    if kept is not None:
        click.echo(_("The one before is in %(file)s.", file=kept))
    if not is_newest:
        click.echo(_("Its schema is older: run “flask db upgrade” now."))


COMMANDS = (backup, restore)
