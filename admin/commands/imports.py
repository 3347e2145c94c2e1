"""`flask data import|runs|undo`: files as offices send them, taken in from the command line."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from admin.access import May, check_clean, granted, may_import
from admin.commands.base import as_command
from admin.commands.data import data
from admin.pages.import_answers import asked_columns, given_answers
from admin.pages.import_look import place_to_read
from admin.pages.import_text import report, run_line
from admin.pages.import_told import (
    for_programs,
    look_told,
    refusal_told,
    run_told,
    summary_told,
)
from models import Actor, ImportRun, RuleBroken, ScopedSession, User, act_as
from models.base import NotFound, _n, current_actor, now, plain, read_id, read_moment, reading_only
from models.imports import (
    RunStatus,
    apply_run,
    get_run,
    look,
    look_into,
    settle,
    start,
    undo_run,
    why_broken,
)
from models.people import normal_username, scope_of
from models.sheets import Ask, Kind
from models.sheets.opening import FILE_BYTES

EXITS = {"ready": 0, "applied": 0, "questions": 3}
# what every command has a sentence for
_FORESEEN = (RuleBroken, OSError, DBAPIError, StaleDataError)
MOST_SECONDS = 60  # of the processor, for one file: many times what the largest takes
FORMATS = click.Choice(["text", "json"])


@data.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in Kind]))
@click.option("--period", help="Code such as 2024-04; left out, the file says it.")
@click.option("--investor", help="Code of the unit whose monthly figures these are.")
@click.option("--sheet", help="Name of the sheet to take.")
@click.option(
    "--unit", type=click.Choice(["dong", "nghin", "trieu"]), help="Unit of the amounts in it."
)
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="JSON: what columns mean.")
@click.option(
    "--answer", "answers", multiple=True, metavar="ID=VALUE", help="Answer to a question."
)
@click.option("--received-at", help="When the report came; registers its receipt as well.")
@click.option("--as", "username", help="Act with the rights and the scope of this user.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; keep nothing.")
@click.option("--format", "form", type=FORMATS, default="text")
@as_command()
def take_in(
    session: ScopedSession,
    file: Path,
    kind: str,
    period: str | None,
    investor: str | None,
    sheet: str | None,
    unit: str | None,
    map_file: Path | None,
    answers: tuple[str, ...],
    received_at: str | None,
    username: str | None,
    dry_run: bool,
    form: str,
) -> None:
    """Read FILE, an Excel, OpenDocument or CSV file as offices send it, and import what it says.

    Whatever is unclear is asked, and nothing is imported while a question or an error stands.
    Status 0: imported (or ready, with --dry-run); 1: errors or refused; 3: questions are open.
    """
    at = now()
    with _told_in(form):
        ask = Ask(
            kind=Kind(kind),
            period=period,
            investor=investor,
            sheet=sheet,
            unit=unit,
            columns=asked_columns(map_file),
            answers=given_answers(answers),
        )
        # a day alone is its end, as on the page of a receipt
        came = read_moment(received_at, field="received_at", last=True) if received_at else None
        if username is not None:
            _act_for(session, username, ask.kind, registers=came is not None)
        with file.open("rb") as opened:
            content = opened.read(FILE_BYTES + 1)
        with reading_only(session):
            check_clean(content, file.name)
        if dry_run:
            with reading_only(session):
                ask, _period, _unit = settle(session, ask, at=at, received_at=came)
                told = _dry(session, ask, file.name, content)
        else:
            run = start(
                session,
                ask,
                name=file.name,
                content=content,
                at=at,
                actor=current_actor(),
                received_at=came,
            )
            session.commit()
            told = _kept(session, run.id)
    _say(told, form)


@data.command("runs")
@click.option("--format", "form", type=FORMATS, default="text")
@as_command(reads=True)
def runs(session: ScopedSession, form: str) -> None:
    """List the files that were brought in, the newest first."""
    at = now()
    rows = session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).all()
    if form == "json":
        told = [for_programs(summary_told(run, at=at)) for run in rows]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for run in rows:
        click.echo(run_line(run, at=at))
    if not rows:
        click.echo(_("No file was brought in yet."))


@data.command("undo")
@click.argument("number", metavar="RUN")
@as_command()
def undo(session: ScopedSession, number: str) -> None:
    """Put back exactly what stood before the import RUN.

    Refused, with who and when, where something that it wrote was changed, sent or locked since.
    """
    run = undo_run(session, _run_id(number), at=now(), actor=current_actor())
    session.commit()
    click.echo(_("Import %(run)s (%(file)s) is undone.", run=run.id, file=run.file_name))


@data.command("look", hidden=True)
@click.argument("number", metavar="RUN")
@as_command()
def look_at(session: ScopedSession, number: str) -> None:
    """Read the file of the import RUN; the server starts this for every file that comes in."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 5))
    look(session, _run_id(number), at=now(), place=place_to_read())


def _run_id(typed: str) -> int:
    number = read_id(plain(typed))
    if number is None:
        raise NotFound(_n("There is no import %(run)s."), run=typed[:40])
    return number


def _dry(session: ScopedSession, ask: Ask, name: str, content: bytes) -> dict[str, Any]:
    """What a look finds. One that fails in a way nobody foresaw says so like any other outcome."""
    try:
        return look_told(look_into(session, ask, name=name, content=content, at=now()))
    except _FORESEEN:
        raise
    except Exception:
        current_app.logger.exception("reading %s broke off", name)
        return refusal_told(why_broken(), code="reading_broken")


def _kept(session: ScopedSession, run_id: int) -> dict[str, Any]:
    """A run looked at and, where nothing stands in the way, carried out."""
    try:
        run = look(session, run_id, at=now())
    except _FORESEEN:
        raise
    except Exception:
        current_app.logger.exception("reading the file of import %s broke off", run_id)
        run = get_run(session, run_id)
    if run.status is RunStatus.READY:
        apply_run(session, run_id, at=now(), actor=current_actor())
        session.commit()
    return run_told(run, at=now())


@contextmanager
def _told_in(form: str) -> Iterator[None]:
    """A refusal before the file is read: in JSON for programs, else a sentence as ever."""
    try:
        yield
    except RuleBroken as refusal:
        if form != "json":
            raise
        _say(refusal_told(refusal), form)


def _act_for(session: ScopedSession, username: str, kind: Kind, *, registers: bool) -> None:
    """From here on with the rights and the scope of this user. Raises RuleBroken."""
    user = session.scalar(select(User).where(User.username == normal_username(username)))
    if user is None:
        raise NotFound(_n("There is no user “%(username)s”."), username=username[:60])
    if not user.enabled:
        raise RuleBroken(_n("%(user)s can no longer sign in."), user=user.username)
    if not may_import(user, kind) or (registers and not granted(user, May.ENTER_FOR_UNIT)):
        raise RuleBroken(
            _n("%(user)s (%(role)s) has no right to import a file of this kind."),
            user=user.username,
            role=user.role,
        )
    scope = scope_of(session, user)
    act_as(Actor(user.id, user.full_name))
    session.enter(scope)


def _say(told: dict[str, Any], form: str) -> None:
    """Write the outcome and leave with its status."""
    if form == "json":
        click.echo(json.dumps(for_programs(told), ensure_ascii=False, indent=1))
    else:
        for line in report(told):
            click.echo(line)
    status = EXITS.get(told["status"], 1)
    if status:
        raise SystemExit(status)
