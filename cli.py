"""`flask …` commands: as thin as a view; one commit each, one sentence out."""

from flask import Flask


def register_commands(app: Flask) -> None:
    """Add every command group to `flask`."""
