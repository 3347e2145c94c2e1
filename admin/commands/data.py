"""`flask data load|dump` and `flask demo`."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _
from sqlalchemy import func, select

from admin.commands.base import as_command
from admin.commands.findings import summary
from admin.words import label, ngettext, say, table_label
from models import Investor, Period, ScopedSession, User, db
from models.base import current_actor, learn_sizes, now
from models.calendar import put_setting, setting
from models.exchange.package import (
    Loaded,
    PackageRefused,
    Problem,
    all_files,
    dump_package,
    left_behind,
    load_package,
    unknown_files,
    why_left_out,
)
from models.people import DEMO_PASSWORD, hash_password
from models.reminders import ensure_default_head
from reports.findings import findings_of, ledger_findings
from reports.frozen import freeze_missing

data = AppGroup("data", help="Take the records in from a folder of CSV files, or write them out.")


@data.command("load")
@click.argument("folder", type=click.Path(path_type=Path))
@as_command()
def load(session: ScopedSession, folder: Path) -> None:
    """Add the rows of the data package in FOLDER, all or nothing.

    Every fault of every file is named with its line and column, and then nothing is written.
    Rows that are stored already are left alone, so loading twice changes nothing; a row that
    differs from the stored one is a fault, because nothing is overwritten.
    """
    loaded = _load(session, folder, by="data load")
    if setting(session, "demo_data"):  # the server would end at its next start, whenever that is
        _refuse_in_production()
    freeze_missing(session, at=now(), actor=current_actor())
    session.commit()
    learn_sizes(db.engine)
    for name in unknown_files(folder, all_files()):
        click.echo(_("%(file)s is no file of the package and was left aside.", file=name), err=True)
    _tell(loaded.added)
    _tell_findings(session)
    if sum(loaded.known.values()):
        click.echo(
            ngettext(
                "%(num)s row was stored already and stays as it is.",
                "%(num)s rows were stored already and stay as they are.",
                sum(loaded.known.values()),
            )
        )


@data.command("dump")
@click.argument("folder", type=click.Path(path_type=Path))
@as_command(reads=True)
def dump(session: ScopedSession, folder: Path) -> None:
    """Write all records as a data package into FOLDER, which is made or must be empty."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(_("%(folder)s is not empty. Name a new folder.", folder=folder))
    counts = dump_package(session, folder)
    for name, count in counts.items():
        click.echo(f"{name}.csv: {count}")
    click.echo(_("The package is in %(folder)s.", folder=folder))
    for kind, count in left_behind(session).items():
        click.echo(
            _(
                "%(count)s × %(what)s: left behind. %(why)s “flask backup” keeps them.",
                count=count,
                what=table_label(kind.__tablename__),
                why=_(reason) if (reason := why_left_out(kind)) else "",
            ),
            err=True,
        )


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing when there are records already.")
@with_appcontext
@as_command()
def demo(session: ScopedSession, if_empty: bool) -> None:
    """Load the demonstration data and print the sign-ins to try. The figures are invented."""
    _refuse_in_production()
    is_marked = setting(session, "demo_data")
    if session.scalar(select(func.count()).select_from(Investor)):
        if if_empty:
            click.echo(_("There are records already; the demonstration data were not loaded."))
            return
        if not is_marked:
            raise click.ClickException(
                _("There are records already. The demonstration needs an empty database.")
            )
    loaded = _load(session, Path(current_app.root_path) / "models/exchange/demo", by="demo")
    if not is_marked:
        put_setting(session, "demo_data", "true")
    ensure_default_head(session)
    freeze_missing(session, at=now(), actor=current_actor())
    users = list(session.scalars(select(User).order_by(User.id)))
    for user in users:
        if user.password_hash is None:
            user.password_hash = hash_password(DEMO_PASSWORD)
            user.must_change_password = False
    session.commit()
    learn_sizes(db.engine)
    _tell(loaded.added)
    click.echo(_("The demonstration data are loaded. All figures are invented."))
    _show_sign_ins(users)


def _refuse_in_production() -> None:
    if current_app.config["APP_ENV"] == "production":
        raise click.ClickException(
            _("In production there is no demonstration: it would not start with such accounts.")
        )


def _tell_findings(session: ScopedSession) -> None:
    """The checks of the screens look at what was loaded, too; they stop nothing here."""
    counts = Counter(
        found.finding.level
        for period in session.scalars(select(Period))
        for found in findings_of(session, period, at=now())
    )
    counts.update(found.finding.level for found in ledger_findings(session, at=now()))
    if counts:
        click.echo(summary(counts) + " " + _("“flask findings” lists them."), err=True)


def _show_sign_ins(users: list[User]) -> None:
    click.echo(_("Sign in as one of these; the password is %(password)s", password=DEMO_PASSWORD))
    for user in users:
        click.echo(f"  {user.username:<10} {label(user.role)} · {user.full_name}")


def _load(session: ScopedSession, folder: Path, *, by: str) -> Loaded:
    try:
        return load_package(session, folder, at=now(), by=by)
    except PackageRefused as refused:
        for problem in refused.problems:
            click.echo(_written(problem), err=True)
        raise click.ClickException(
            ngettext(
                "Nothing was loaded: %(num)s fault.",
                "Nothing was loaded: %(num)s faults.",
                len(refused.problems),
            )
        ) from None


def _written(problem: Problem) -> str:
    place = problem.file
    if problem.line:
        place += ", " + _("line %(line)s", line=problem.line)
    if problem.column:
        place += ", " + _("column %(column)s", column=problem.column)
    return f"{place}: {say(problem.refusal)}"


def _tell(added: Mapping[str, int]) -> None:
    for name, count in added.items():
        click.echo(f"{name}.csv: +{count}")
    if not sum(added.values()):
        click.echo(_("There was nothing new."))


COMMANDS = (data, demo)
