"""What was acknowledged is there and whole, although everything is killed in the middle of it."""

import pytest

from tests.kills import drill

# a worker, the parent of all workers, the database server itself (SQLite has none)
SHORT = {"sqlite": ("worker", "server"), "postgresql": ("database", "worker", "database")}


@pytest.mark.parametrize("kind", SHORT)
def test_nothing_acknowledged_is_lost_or_half_when_everything_is_killed(kind, tmp_path):
    """Saves, sendings, locks with their frozen versions and imports are under way meanwhile."""
    found = drill(tmp_path, people=3, kills=SHORT[kind], seed=7, kind=kind)
    assert found["wrong"] == []
    assert found["check"] == 0
    assert found["kills"] == len(SHORT[kind])
    assert found["acknowledged"] > 3
    assert all(found[one] for one in ("sent", "locks", "imports"))
