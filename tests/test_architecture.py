"""The house keeps its plan: floors, faces, sizes, and no Flask below the screens."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.mutants import MUTANTS

ROOT = Path(__file__).parent.parent
# From the ground up: a room may use those before it. Files beside the rooms come after them.
FLOORS = (
    "models.apart",
    "models.packages",
    "models.base",
    "models.catalogue",
    "models.people",
    "models.calendar",
    "models.capital",
    "models.returns",
    "models.ledger",
    "models.duty",
    "models.filing",
    "models.reminders",
    "models.reorganisation",
    "models.sheets",
    "models.exchange",
    "models.imports",
    "models",
    "reports.writing",
    "reports.facts",
    "reports.frozen",
    "reports.consolidated",
    "reports.letter",
    "reports.unit_form",
    "reports",
    "reports.tables",
    "reports.narrative",
    "reports.unit_paper",
    "admin.seen",
    "admin.words",
    "admin.access",
    "admin.records",
    "admin.screens",
    "admin.pages",
    "admin.commands",
    "admin",
)
# Rooms that others enter by their face alone; of the others only the menu takes modules.
FACES = (
    *(room for room in FLOORS if room.startswith(("models.", "reports."))),
    "admin.seen",
    "admin.words",
    "admin.access",
    "admin.records",
    "models.filing.checks",
    "models.exchange.package",
    "models.sheets.opening",
)
LAYERS = {"models": {"models"}, "reports": {"models", "reports"}}
OURS = {"app", "config", "models", "reports", "admin", "tests", "bench"}
# What models may take from Flask, and where: the database handle, people, and the request's state.
FLASK_IN_MODELS = {
    "models/base/waiting.py": {"flask"},
    "models/base/database.py": {"flask", "flask_sqlalchemy"},
    "models/base/ids.py": {"flask"},
    "models/base/scope.py": {"flask", "flask_sqlalchemy"},
    "models/base/standby.py": {"flask"},
    "models/base/audit.py": {"flask"},
    "models/people/user.py": {"flask_login"},
}
LONGEST = 300
LONGER: dict[str, str] = {}

FILES = sorted(
    path for folder in ("models", "reports", "admin") for path in (ROOT / folder).rglob("*.py")
)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    rooms = [room for room in FLOORS if module == room or module.startswith(f"{room}.")]
    return max(rooms, key=len)


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
    return tuple(found)


def is_inside(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def every_import() -> Iterator[tuple[str, str, str]]:
    """Name of the file, its module and what it takes, of all files of the house."""
    for path in FILES:
        for target in imports_of(path):
            yield str(path.relative_to(ROOT)), module_of(path), target


def test_imports_go_down_the_floors():
    for name, module, target in every_import():
        if target.split(".")[0] in {"models", "reports", "admin"}:
            own = room_of(module)
            below = FLOORS[: FLOORS.index(own) + 1]
            assert room_of(target) in below or own == target.split(".")[0], f"{name}: {target}"


def test_layers_know_only_those_below():
    for name, _module, target in every_import():
        layer, top = name.split("/")[0], target.split(".")[0]
        allowed = LAYERS.get(layer, {"models", "reports", "admin"})
        assert top not in OURS or top in allowed, f"{name}: {target}"


def test_a_room_is_entered_by_its_face():
    for name, module, target in every_import():
        passed = [
            face
            for face in FACES
            if target.startswith(f"{face}.") and target not in FACES and not is_inside(module, face)
        ]
        assert not passed, f"{name}: {target} lies behind the face of {passed}"


def test_models_and_reports_know_no_screen():
    for name, _module, target in every_import():
        top = target.split(".")[0]
        if not name.startswith("admin") and top.startswith(("flask", "wtforms")):
            assert top in FLASK_IN_MODELS.get(name, set()), f"{name}: {target}"


def test_a_file_near_300_lines_is_split():
    for path in FILES:
        name = str(path.relative_to(ROOT))
        length = len(path.read_text(encoding="utf-8").splitlines())
        assert length <= LONGEST or name in LONGER, f"{name} has {length} lines"


def test_no_part_of_a_statement_is_made_at_the_first_need():
    """Two threads would make it twice, and a statement with both (`WITH` of one name) is refused
    for as long as it is kept. A whole statement may be: that it is made twice shows nowhere.
    """
    kept = [
        f"{path.relative_to(ROOT)}: {one.name}"
        for path in sorted((*ROOT.glob("models/**/*.py"), *ROOT.glob("reports/**/*.py")))
        for one in ast.walk(ast.parse(path.read_text()))
        if isinstance(one, ast.FunctionDef)
        and "cache" in [ast.unparse(made) for made in one.decorator_list]
        and one.returns is not None
        and ast.unparse(one.returns) in {"CTE", "Subquery", "Alias", "FromClause"}
    ]
    assert kept == []


def test_exceptions_are_still_needed():
    for name in LONGER:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > LONGEST, name
    for name, allowed in FLASK_IN_MODELS.items():
        assert allowed <= {target.split(".")[0] for target in imports_of(ROOT / name)}, name


def test_each_harm_that_tests_must_notice_is_still_found_in_the_code():
    code = "\n".join(path.read_text(encoding="utf-8") for path in FILES)
    tests = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/test_*.py"))
    lost = [
        name
        for name, (text, _instead, test) in MUTANTS.items()
        if text not in code or f"def {test}(" not in tests
    ]
    assert lost == []


def test_the_top_level_is_the_clients():
    there = {path.stem for path in ROOT.glob("*.py")}
    assert there == {"app", "config", "gunicorn.conf"}


def test_every_command_is_found_by_walking_its_folder(app):
    files = {path.stem for path in (ROOT / "admin/commands").glob("*.py")} - {"__init__", "base"}
    found = {
        command.callback.__module__.rsplit(".", 1)[-1]
        for group in app.cli.commands.values()
        for command in (group, *getattr(group, "commands", {}).values())
        if command.callback is not None and command.callback.__module__.startswith("admin.commands")
    }
    assert found == files
