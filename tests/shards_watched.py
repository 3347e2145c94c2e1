"""Every statement that the program sends to PostgreSQL while tests run is read: would it run on a
cluster that is distributed by unit? See tests/shards.py and docs/scale.md.
"""

import os
import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.shards import LOCKS, faults_of
from tests.shards_shapes import KEEPS_COPY

ROOT = f"{Path(__file__).parent.parent}/"
UNDER = "models/base/"  # sends what others ask for
# File → why its statements may break the rule. The list only ever gets shorter: a whole run fails
# where one is not needed any more.
EXCEPTIONS: dict[str, str] = {
    "models/duty/rule.py": "what moved capital bore is summed over two units before it meets the "
    "plan; a cluster reads these sums first, once for an opening",
}
# File → what it does in another way on a cluster, as tests/test_distribute.py sees.
OTHERWISE = {
    "admin/access/once.py": KEEPS_COPY,
    "models/returns/hold.py": LOCKS,
}
_sound: list[Path] = []  # the folder in which workers tell each other what they read
_found: list[str] = []
_needed: set[str] = set()


def _sender() -> str:
    """The file of the program that sends a statement now; empty where a test does it itself."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename.removeprefix(ROOT)
        if not name.startswith(("/", ".venv/", "<", UNDER)) and ".venv/" not in name:
            return "" if name.startswith(("tests/", "bench/", "migrations/")) else name
        frame = frame.f_back
    return ""


@cache
def _faults(statement: str) -> tuple[str, ...]:
    """`faults_of`; what one worker of a run found sound, the others need not read."""
    told = [one / sha256(statement.encode()).hexdigest() for one in _sound]
    if any(mark.exists() for mark in told):
        return ()
    faults = faults_of(statement)
    for mark in told if not faults else ():
        mark.touch()
    return faults


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _read(connection: sa.Connection, _cursor: object, statement: str, *_more: object) -> None:
    if connection.dialect.name != "postgresql" or not (faults := _faults(statement)):
        return
    sender = _sender()
    known = OTHERWISE.get(sender)
    if sender in EXCEPTIONS or (known and all(one.startswith(known) for one in faults)):
        _needed.add(sender)
    elif sender:
        _found.append(f"{sender}: {'; '.join(faults)}\n{statement}")


@pytest.fixture(scope="session", autouse=True)
def sound_statements(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the workers of this run tell each other which statements they found sound."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sound"
    folder.mkdir(exist_ok=True)
    _sound.append(folder)


@pytest.fixture(autouse=True)
def units_stay_together() -> Iterator[None]:
    """Fails a test during which the program sent what would not run on a cluster."""
    _found.clear()
    yield
    found = list(_found)
    assert not found, "would not run on a cluster (docs/scale.md):\n" + "\n".join(found)


def needed_by(node: Any) -> None:
    """What a worker of pytest-xdist found that it needed."""
    _needed.update(getattr(node, "workeroutput", {}).get("exceptions_needed", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A whole run fails where an exception was needed by nothing."""
    told = getattr(session.config, "workeroutput", None)
    if told is not None:
        told["exceptions_needed"] = sorted(_needed)
        return
    left_over = sorted((EXCEPTIONS.keys() | OTHERWISE.keys()) - _needed)
    options = session.config.option
    is_whole = not options.keyword and session.config.args == session.config.getini("testpaths")
    if is_whole and not options.collectonly and left_over and not session.exitstatus:
        print(f"\nexceptions of {__name__} that nothing needs: {left_over}", file=sys.stderr)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
