"""A primary and its standby, both real: nothing acknowledged is lost, and every command works."""

from tests.kills import drill


def test_when_the_primary_dies_under_saves_the_standby_has_all_and_work_goes_on(tmp_path):
    """Synchronous replication; the address names both, so nobody tells the program anything."""
    found = drill(tmp_path, people=3, kills=("database",), seed=3, kind="pair")
    assert found["wrong"] == []
    assert found["check"] == 0
    assert found["kills"] == 1
    assert found["acknowledged"] > 3
    assert all(found[one] for one in ("sent", "locks", "imports"))
