"""`flask backup` and `flask restore`."""

from datetime import datetime
from pathlib import Path

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import delete

from admin.access import newest_migration
from admin.commands.base import as_command
from admin.words import exact_moment, ngettext
from models import ScopedSession, SignIn, db
from models.base import learn_sizes, local, now, record, stored_moment
from models.exchange import (
    Keep,
    Key,
    file_of,
    note_sum,
    opened_backup,
    put_back,
    read_secret,
    sort_out,
    write_backup,
)

BACKUP_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
with_passphrase = click.option(
    "--passphrase-file",
    type=BACKUP_FILE,
    envvar="BACKUP_PASSPHRASE_FILE",
    help="A file with the passphrase that seals and opens.",
)

with_recipients = click.option(
    "--recipient",
    "recipients",
    multiple=True,
    envvar="BACKUP_RECIPIENT",
    help="Seal for the holder of this key (age1…); may be given several times.",
)

with_identity = click.option(
    "--identity",
    type=BACKUP_FILE,
    envvar="BACKUP_IDENTITY_FILE",
    help="A file with the key that opens a sealed backup (AGE-SECRET-KEY-…).",
)


def read_key(
    recipients: tuple[str, ...] = (), *, identity: Path | None = None, passphrase: Path | None
) -> Key | None:
    """The key that was named, if any was."""
    if passphrase is not None:
        return Key(passphrase=read_secret(passphrase)[0])
    identities = read_secret(identity) if identity is not None else ()
    return Key(recipients, identities) if recipients or identities else None


def known_revisions() -> list[str]:
    """The schemas that this program can bring up to its own."""
    scripts = ScriptDirectory(str(Path(current_app.root_path) / "migrations"))
    return [script.revision for script in scripts.walk_revisions()]


@click.command("backup")
@click.argument("place", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--keep", help="FILE is a folder of generations; keep so many: 7d4w12m.")
@with_recipients
@with_passphrase
@with_appcontext
@as_command(any_schema=True)
def backup(
    session: ScopedSession,
    place: Path,
    keep: str | None,
    recipients: tuple[str, ...],
    passphrase_file: Path | None,
) -> None:
    """Write the whole database to FILE, proved whole by restoring it once.

    With --keep FILE is a folder: a new backup with the time (UTC) in its name, and of the older
    ones the last of so many days, weeks and months. A damaged one is never counted.
    """
    key, at = read_key(recipients, passphrase=passphrase_file), local(now())
    kept = Keep.read(keep) if keep else None
    file = place
    if kept is not None:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = file_of(place, at, sealed=key is not None)
    manifest = write_backup(db.engine, file, at=at, key=key)
    session.commit()
    learn_sizes(db.engine)  # each night, where backups are made
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
    if manifest.trail_end:
        click.echo(_("The audit trail ends at %(end)s.", end=manifest.trail_end))
    if manifest.revision == newest_migration():  # else the trail cannot be written, only kept
        record(session, action="backup", resource="database", label=file.name)  # its age is watched
        session.commit()
    if kept is not None:
        note_sum(file)
        _sort_out(place, kept, at)


def _sort_out(folder: Path, keep: Keep, at: datetime) -> None:
    """Say which generations there are; status 1 where one is damaged."""
    whole, removed, damaged = sort_out(folder, keep, at=at)
    click.echo(
        _(
            "%(kept)s whole backups are kept in %(folder)s, %(removed)s older ones were removed.",
            kept=len(whole),
            folder=folder,
            removed=len(removed),
        )
    )
    if damaged:
        raise click.ClickException(
            _(
                "Damaged, and not counted: %(files)s. Look at the disk, then remove them.",
                files=", ".join(one.name for one in damaged),
            )
        )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@with_recipients
@with_identity
@with_passphrase
@with_appcontext
@as_command(any_schema=True)
def restore(
    session: ScopedSession,
    file: Path,
    recipients: tuple[str, ...],
    identity: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Put the database of FILE in the place of the present one, which is kept beside it, sealed
    where keys are named.

    A file that is cut off, altered or of an unknown schema is refused and nothing is touched.
    Everybody has to sign in again.
    """
    known = known_revisions()
    key = read_key(recipients, identity=identity, passphrase=passphrase_file)
    with opened_backup(file, engine=db.engine, known_revisions=known, key=key) as (
        manifest,
        database,
    ):
        db.engine.dispose()
        kept = put_back(
            db.engine,
            manifest,
            database,
            beside=file,
            at=local(now()),
            role=current_app.config["DATABASE_ROLE"],
            key=key,
        )
        db.engine.dispose()
    is_newest = manifest.revision == newest_migration()
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
