"""The CSV of every report stays, to the byte, what programs of others read already.

Each digest is that of the files of one report of the demonstration data, in all its groupings,
units, headings and delimiters, as they were written before files were made from one typed table.
"""

import hashlib
from datetime import UTC, datetime
from itertools import product

import pytest

from models import Period
from models.base import Actor
from reports.frozen import freeze

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
FILES = {
    "consolidated": {
        "period": ("2024-03",),
        "group": ("component", "investor"),
        "detail": ("group", "investor", "project"),
        "unit": ("dong", "trieu"),
    },
    "consolidated of a version": {
        "period": ("2024-01",),
        "basis": ("submitted", "accepted"),
        "version": ("1", "live"),
        "unit": ("nghin",),
    },
    "ranking": {"period": ("2024-02", "2024-03"), "unit": ("dong", "trieu")},
    "late": {"period": ("2024-03",), "all": ("0", "1"), "as_of": ("2024-04-16T09:00",)},
}
DIGESTS = {
    "consolidated": "01e7c3e06e36600d238b7288ea499119f44db734c0775d93f27c49fb6f81a05f",
    "consolidated of a version": "e1f83f3b05501c93c6971690dc414d2a7e8220492d14e7e4926a93f1e9231c69",
    "ranking": "8f4d6db0038193c70e1ac0ae85b79eab728d81b84828f79d4ddf7d35e82dd8ca",
    "late": "c185cc1bf62f731dc1e9182d6a2bd9746917474320c94254a188752c2a7cfb5d",
}


@pytest.fixture
def demo(session, load_demo):
    load_demo(AT)
    january = session.query(Period).filter_by(code="2024-01").one()
    freeze(session, january, reason=None, at=AT, actor=Actor(user_id=None, name="test"))
    session.commit()
    return session


@pytest.mark.parametrize("name", FILES)
def test_the_csv_is_what_it_was(demo, client_for, name):
    leader, found = client_for("leader"), hashlib.sha256()
    options = FILES[name] | {"headers": ("labels", "keys"), "delimiter": ("comma", "semicolon")}
    for values in product(*options.values()):
        reply = leader.get(
            f"/admin/reports/{name.split()[0]}.csv",
            query_string=dict(zip(options, values, strict=True)),
        )
        assert reply.status_code == 200
        found.update(reply.data)
    assert found.hexdigest() == DIGESTS[name]
