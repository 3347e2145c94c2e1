"""After every test: what the database keeps of what counts is what the reports say, whatever the
doors were that the test went through. See models/ledger/rollup.py.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models import CountedDisbursement
from models.ledger import prove_counted


@pytest.fixture(autouse=True)
def what_counts_is_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that left the rollup other than the raw sums."""
    if "app" not in request.fixturenames or request.node.get_closest_marker("past_sums"):
        yield
        return
    engine = request.getfixturevalue("engine")
    yield
    with Session(engine) as session:
        if inspect(session.connection()).has_table(CountedDisbursement.__tablename__):
            assert list(prove_counted(session)) == []
