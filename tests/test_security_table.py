"""SECURITY.md: a promise names tests that exist, and what is not met says why."""

import re

import pytest

from tests.served import ROOT

PAGE = (ROOT / "SECURITY.md").read_text()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d", line)
]
STATES = {"met", "operator", "not met", "none"}


def test_every_chapter_of_the_standard_is_answered():
    named = {int(number) for row in ROWS for number in re.findall(r"(\d+)(?:\.\d+)?", row[0])}
    assert set(range(1, 18)) <= named
    assert all(len(row) == 5 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_says_how_it_stands(row):
    section, asked, state, how, tests = row
    assert state in STATES, section
    if state == "met":
        assert asked
        assert how or tests, section
    if state in {"operator", "not met"}:
        assert len(how) > 30, f"{section}: no reason"


def test_every_test_that_is_named_exists():
    known = set()
    for path in (ROOT / "tests").glob("test_*.py"):
        known |= set(re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 50
    assert named - known == set()
