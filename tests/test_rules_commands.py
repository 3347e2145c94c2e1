"""Every command, tried with rules that refuse everything: a sentence, and nothing written."""

import click
import pytest

from tests.doors import contents
from tests.factories import make_period, make_user

COMMANDS = {
    "users add": ("new", "--full-name", "Cán bộ", "--role", "officer", "--password",
                  "Nương ngô trên đồi 7"),
    "users disable": ("canbo",),
    "users enable": ("canbo2",),
    "users anonymise": ("canbo", "--yes"),
    "users password": ("canbo", "--password", "Nương ngô trên đồi 7"),
    "periods open": ("2024-04",),
    "periods lock": ("2024-03",),
    "holidays seed": ("2025",),
    "data load": ("demo",),
    "demo": (),
}  # fmt: skip
# these write no record, or what they write is tried elsewhere
OTHER_COMMANDS = {
    "periods reopen": "needs a locked period; the same function as the page",
    **dict.fromkeys(
        ("periods expect", "periods release", "periods settle"),
        "the list of units has one writer, which refuses by itself",
    ),
    "holidays confirm": "days off have no rules of their own",
    "reminders send": "writes what was sent",
    "reminders list": "reads",
    **dict.fromkeys(
        ("data import", "data look", "data undo"),
        "writes through the functions of the screens; tried in test_imports_*",
    ),
    "users second-step-off": "takes a second step away, of which no record tells",
    "figures rebuild": "makes sums of records, which the database keeps by itself",
    "figures sum": "makes sums of records",
    "restore": "puts a whole database in place, checked by itself",
    **dict.fromkeys(
        ("users list", "users export",
         "data dump", "reports consolidated", "reports late", "reports letter",
         "reports obstacles", "reports ranking", "reports sentences", "check", "findings",
         "audit verify",
         "backup", "data form", "data runs", "reports allocation-changes", "reports carry-over",
         "reports charts",
         "reports narrative", "reports pace", "reports slow-letter", "reports treasury"),
        "reads",
    ),
}  # fmt: skip


def commands(group, before=""):
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        elif not before.startswith("db "):
            yield f"{before}{name}"


def test_every_command_is_listed(app):
    assert set(commands(app.cli)) == set(COMMANDS) | set(OTHER_COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_says_what_the_rules_refuse(doors, session, all_refused, name):
    if name != "demo":
        make_user(session, "officer", username="canbo")
        make_user(session, "officer", username="canbo2", enabled=False)
        make_period(session)
    session.commit()
    before = contents(session)
    all_refused()
    said = doors.command(*name.split(), *COMMANDS[name])
    assert said is not None, "it was taken"
    assert contents(session) == before
