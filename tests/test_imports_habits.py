"""Habits of offices in many layouts: understood, asked about or refused, never guessed."""

import json

import pytest

from tests.habits import capital, layouts, reports
from tests.test_imports_workbooks import april, flask
from tests.workbooks import fits, is_known, says_something

__all__ = ["april", "flask"]
CASES = [
    (habit, run)
    for room in (reports, layouts, capital)
    for habit in room.CASES
    for run in habit.runs
]
NAMES = [f"{habit.name}{', answered' if run['answers'] else ''}" for habit, run in CASES]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("habit", "run"), CASES, ids=NAMES)
def test_a_habit_comes_out_right(flask, april, tmp_path, habit, run):
    habit.save(tmp_path / "tep.xlsx")
    _code, out = flask(*habit.words(tmp_path / "tep.xlsx", run["answers"]))
    told = json.loads(out)
    findings = told["findings"]
    assert told["status"] in run["status"], findings
    assert [one for one in run["must"] if not any(fits(one, other) for other in findings)] == []
    assert [one for one in findings if one["blocks"] and not is_known(run, one)] == []
    assert all(one["message"].strip() for one in findings)
    if run["differences"] is not None:
        keys = ("project_code", "reported", "confirmed", "difference")
        assert [tuple(str(one[key]) for key in keys) for one in told["differences"]] == [
            tuple(one) for one in run["differences"]
        ]
    if told["status"] == "ready":
        for table, expected in (run["rows"] or {}).items():
            assert _differing(table, expected, told["rows"]) == []


def _differing(table, expected, rows):
    """What is missing of the expected rows, and what is too much."""
    left = [
        row["values"]
        for row in rows
        if row["table"] == table and row["state"] != "same" and says_something(table, row["values"])
    ]
    wrong = []
    for row in expected:
        hit = next(
            (one for one in left if all(str(one.get(k) or "") == v for k, v in row.items())), None
        )
        if hit is None:
            wrong.append(("missing", row))
        else:
            left.remove(hit)
    return wrong + [("too much", row) for row in left]
