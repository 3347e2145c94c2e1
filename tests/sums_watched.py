"""After every test of the files below: what the database keeps of what counts is what the reports
say, whatever doors the test went through. See models/ledger/rollup.py.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from models.ledger import prove_counted

# files that go through doors by which figures come, go, move or change their state
WATCHED = frozenset(
    {
        "test_admin_my_report",
        "test_admin_review",
        "test_bring_back",
        "test_imports_undo",
        "test_models_package_whole",
        "test_models_reorganise",
        "test_models_reporting",
        "test_models_sendings",
    }
)


@pytest.fixture(autouse=True)
def what_counts_is_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that left the rollup other than the raw sums."""
    if request.node.path.stem not in WATCHED or "app" not in request.fixturenames:
        yield
        return
    engine = request.getfixturevalue("engine")
    yield
    with Session(engine) as session:
        assert list(prove_counted(session)) == []
