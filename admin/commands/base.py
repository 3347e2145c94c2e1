"""What every command shares: whole district, a name for the audit trail, refusals in words."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import current_app, g
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from admin.access import newest_migration, stored_schema
from admin.records import is_refusal, sentence
from admin.words import say
from models import DISTRICT, Actor, RuleBroken, act_as, db
from models.base import is_busy, takes_nothing

Function = Callable[..., Any]


def as_command(*, reads: bool = False, any_schema: bool = False) -> Callable[[Function], Function]:
    """Run a function as a command, whose name is that of the actor: it gets the session of the
    whole district.

    What a rule, the database or the disk refuses becomes one sentence and exit status 1, with
    nothing written. A command that only reads (`reads`) takes no lock and sees one moment. On a
    database of another schema only those go on that keep it or bring it back (`any_schema`).
    """

    def wrap(function: Function) -> Function:
        @wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            g.only_reads = reads
            session = db.session()
            session.enter(DISTRICT)
            act_as(Actor(None, _called()))
            try:
                if not any_schema:
                    _check_schema()
                if reads:
                    session.see_one_moment()
                return function(session, *args, **kwargs)
            except RuleBroken as refusal:
                raise click.ClickException(say(refusal)) from None
            except BrokenPipeError:
                raise
            except OSError as error:
                raise click.ClickException(_unusable(error)) from None
            except (DBAPIError, StaleDataError, sqlite3.Error) as error:
                raise click.ClickException(_told(error)) from None
            finally:
                session.rollback()  # whatever was not committed is undone

        return run

    return wrap


def _called() -> str:
    """The command that runs, as it is typed after `flask`."""
    context = click.get_current_context()
    return context.command_path.removeprefix(context.find_root().command_path).strip()


def _check_schema() -> None:
    try:
        stored = stored_schema(db.engine)
    except db.engine.dialect.loaded_dbapi.Error:
        return  # the command itself says that the database is away
    if stored != newest_migration():
        raise click.ClickException(
            _(
                "The database has schema %(stored)s, this program needs %(ours)s. Run "
                "“flask db upgrade”, or start the version of the program that fits.",
                stored=stored or "–",
                ours=newest_migration(),
            )
        )


def _unusable(error: OSError) -> str:
    file = error.filename if error.filename is not None else ""
    return str(
        _(
            "%(file)s cannot be read or written: %(why)s.",
            file=file,
            why=error.strerror or str(error),
        )
    )


def _told(error: Exception) -> str:
    """What the database refuses, why it cannot go on, or that it was lost, in a sentence."""
    if is_refusal(error) or is_busy(error) or takes_nothing(error):
        return sentence(error)
    why = _first_line(error)
    if getattr(error, "connection_invalidated", False):
        return _(
            "The connection to the database broke off: %(why)s See what is there before you try "
            "again.",
            why=why,
        )
    owner = current_app.config["DATABASE_ROLE"]
    return _(
        "The database refuses: %(why)s Check %(setting)s and run “flask db upgrade”.",
        why=why,
        setting="DATABASE_OWNER_URL" if owner else "DATABASE_URL",
    )


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", error)).strip().splitlines()[0].rstrip(".") + "."
