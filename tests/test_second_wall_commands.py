"""The second wall behind commands: what PostgreSQL keeps from one that forgot the scope."""

# ruff: noqa: F811

import zipfile
from pathlib import Path
from typing import Any

import click
import pytest

from tests.factories import make_period, make_user
from tests.test_nothing_of_others import MARK, district  # noqa: F401
from tests.test_rules_commands import OTHER_COMMANDS
from tests.test_second_wall import first_wall_down, limited, units  # noqa: F401

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


def arguments(command: click.Command, code: str, folder: Path) -> list[str]:
    """What a command insists on: a month, a unit, a place for its file."""
    given = {"period": "2024-03", "code": "2024-03", "investor": code, "due": "2024-04-05"}
    found: list[str] = []
    for param in command.params:
        if param.required and param.name in {"output", "folder"}:
            value = str(folder / f"{param.name}.docx")
        elif param.required:
            value = given[str(param.name)]
        else:
            continue
        found += [value] if isinstance(param, click.Argument) else [param.opts[0], value]
    return found


def read_of(folder: Path) -> str:
    """All that a command wrote, text of documents and books as well."""
    found = []
    for file in (one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        found.append(content.decode(errors="ignore"))
    return "".join(found)


# kept to the owner of the tables, whom no wall binds; what speaks of accounts
NOT_OF_UNITS = {"backup", "users list", "users export"}
READING = sorted(
    name for name, why in OTHER_COMMANDS.items()
    if name not in NOT_OF_UNITS and (why == "reads" or name == "reminders list")
)  # fmt: skip


def test_without_the_first_wall_no_command_tells_of_another_unit(
    limited,
    session,
    monkeypatch,
    tmp_path,
    district,
):
    """Each command asks for the whole district; the database is told of one unit alone."""
    unit_id, code = district["other"].id, district["other"].code
    session.commit()
    monkeypatch.setattr("models.base.wall._wanted", lambda _connection: str(unit_id))
    told, good = {}, 0
    for name in READING:
        command: Any = limited.cli
        for part in name.split():
            command = command.commands[part]
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        reply = limited.test_cli_runner().invoke(
            args=[*name.split(), *arguments(command, code, folder)]
        )
        good += reply.exit_code == 0
        told[name] = reply.output + read_of(folder)
    assert {name for name, text in told.items() if MARK in text.lower()} == set()
    assert good > len(READING) * 2 // 3


@pytest.mark.usefixtures("first_wall_down")
def test_without_the_first_wall_an_import_for_a_unit_finds_no_project_of_another(
    limited, session, units, tmp_path
):
    one, two = units
    user = make_user(session, "investor", username="xa", investors=[one.investor])
    make_period(session, "2024-03")
    two.name = "Kênh của đơn vị khác"
    session.commit()
    file = tmp_path / "b.csv"
    file.write_text(f"Mã dự án;Tên dự án\n{two.code};\n", encoding="utf-8-sig")
    reply = limited.test_cli_runner().invoke(
        args=["data", "import", str(file), "--kind", "monthly", "--period", "2024-03",
              "--as", user.username, "--dry-run", "--format", "json"]
    )  # fmt: skip
    assert reply.exit_code != 0
    assert "đơn vị khác" not in reply.output
