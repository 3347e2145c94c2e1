"""`flask …` commands: as thin as a view; one commit each, one sentence out."""

from flask import Flask

import cli_letters  # noqa: F401  adds its command to the group `reports`
import cli_obstacles  # noqa: F401  so does this one
import cli_ranking  # noqa: F401  and this one
from cli_backup import backup, restore
from cli_check import check
from cli_data import data, demo
from cli_findings import findings
from cli_periods import holidays, periods
from cli_reminders import reminders
from cli_reports import reports
from cli_users import users


def register_commands(app: Flask) -> None:
    """Add every command and group to `flask`."""
    for group in (data, users, periods, holidays, reports, reminders):
        app.cli.add_command(group)
    for command in (demo, check, findings, backup, restore):
        app.cli.add_command(command)
