"""What was acknowledged is there and whole, although workers are killed in the middle of saves."""

from tests.kills import drill


def test_no_acknowledged_save_is_lost_or_half_when_workers_are_killed(engine, tmp_path):
    url = engine.url.render_as_string(hide_password=False)
    found = drill(tmp_path, people=4, kills=3, seed=7, DATABASE_URL=url)
    assert found["wrong"] == []
    assert found["check"] == 0
    assert found["kills"] == 3
    assert found["acknowledged"] > 3
