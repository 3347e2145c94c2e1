"""Proof, over the whole suite, that no door writes a record past its rules.

Whatever the application itself writes to a table whose model has rules must be written by a
flush of its session, which asked them. Rows that a test arranges with its own session, outside
an application context, are not the application's.
"""

import re
from collections.abc import Iterator
from functools import cache

import pytest
import sqlalchemy as sa
from flask import has_app_context
from sqlalchemy.exc import InvalidRequestError

from models import Base, db
from models.base import Checked
from models.base.checked import LEAVING, TOGETHER

_WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@cache
def ruled() -> dict[str, type]:
    """Table → model, of every model that has a rule."""
    return {
        mapper.class_.__tablename__: mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Checked)
        or mapper.class_ in TOGETHER
        or mapper.class_ in LEAVING
    }


def past_the_rules(statement: str) -> str | None:
    """The table of a statement that the application writes without asking, if it is one."""
    found = _WRITE.match(statement)
    if found is None or found[1] not in ruled() or not has_app_context():
        return None
    try:
        flushing = db.session()._flushing
    except (InvalidRequestError, RuntimeError):
        flushing = False
    return None if flushing else found[1]


@pytest.fixture(autouse=True)
def rules_were_asked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test during which the application wrote a record past the rules."""
    if "app" not in request.fixturenames or request.node.get_closest_marker("past_rules"):
        yield
        return
    engine = request.getfixturevalue("engine")
    seen: list[str] = []

    def look(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        table = past_the_rules(statement)
        if table is not None:
            seen.append(f"{table}: {statement[:200]}")

    sa.event.listen(engine, "before_cursor_execute", look)
    yield
    sa.event.remove(engine, "before_cursor_execute", look)
    assert not seen, "written past the rules"
