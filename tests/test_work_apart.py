"""The child that works on files of strangers: it owns nothing, and ends within its budget."""

import time
from dataclasses import replace

import pytest

from models.apart import Budget, Ended, Task, chunks_from_child

TASK = Task(module="tests.apart_task", rooms=("tests",))
BUDGET = Budget(memory=200 * 2**20, seconds=20, wait=20, answer=100_000)


def said(what, **given):
    return b"".join(chunks_from_child(TASK, b"", [what], budget=replace(BUDGET, **given)))


def test_it_owns_no_secret_no_file_and_nothing_of_the_application(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    told = said("tells").decode()
    assert "SECRET_KEY" not in told
    assert "flask" not in told
    assert " / 4" in told.replace("] ", " ")  # in, out, complaints, and the look itself


@pytest.mark.parametrize(
    ("what", "given", "key"),
    [
        ("calculates", {"seconds": 1}, "too_long"),
        ("sleeps", {"wait": 0.5}, "too_long"),
        ("grows", {}, "too_much"),
        ("talks", {}, "too_much"),
        ("writes", {}, "unreadable"),
        ("fails", {}, "unreadable"),
    ],
)
def test_it_is_ended_by_its_budget(what, given, key):
    begun = time.monotonic()
    with pytest.raises(Ended) as end:
        said(what, **given)
    assert end.value.key == key
    assert time.monotonic() - begun < 15
