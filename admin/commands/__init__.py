"""`flask …` commands: as thin as a view; one commit each, one sentence out.

Every file of this folder is looked at: what it lists in `COMMANDS` becomes a command, and what adds
itself to the group of another file does so by being imported. A new command touches one file.
"""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def register_commands(app: Flask) -> None:
    """Add every command and group to `flask`."""
    for found in iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        for command in getattr(module, "COMMANDS", ()):
            app.cli.add_command(command)
