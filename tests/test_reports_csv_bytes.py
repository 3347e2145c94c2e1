"""The CSV of every report stays, to the byte, what programs of others read already.

Each digest is that of the files of one report of the demonstration data, in all its groupings,
headings and delimiters, as they were written before files were made from one typed table. In
another unit than the đồng the heads of amounts say which, and the digests are those of since then.
"""

import csv
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
    },
    "consolidated in triệu": {
        "period": ("2024-03",),
        "group": ("component", "investor"),
        "detail": ("group", "investor", "project"),
        "unit": ("trieu",),
    },
    "consolidated of a version": {
        "period": ("2024-01",),
        "basis": ("submitted", "accepted"),
        "version": ("1", "live"),
        "unit": ("nghin",),
    },
    "ranking": {"period": ("2024-02", "2024-03")},
    "ranking in triệu": {"period": ("2024-02", "2024-03"), "unit": ("trieu",)},
    "late": {"period": ("2024-03",), "all": ("0", "1"), "as_of": ("2024-04-16T09:00",)},
}
DIGESTS = {
    "consolidated": "730b380a1d2dc6d041a8744ebc3df2471a7153151548ddd7c6143531292c2dc7",
    "consolidated in triệu": "c41a05ce6ff71687ef628c80f542843f2e5edfa428c2b0af0fd383c9f573c7ae",
    "consolidated of a version": "089a5ea4b99b3b0f4d47896c6e053bbffec412143535b2c4458d57255b9bb334",
    "ranking": "b014e4b12f73ab353ef734be9d588574cadfbebb8e2a6a4e869d3b1045e92921",
    "ranking in triệu": "100e57af2785b178e7aa0e596d7653152a29b436b5cd940576a8b1855e2ca350",
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


@pytest.mark.parametrize(("unit", "word"), [("dong", ""), ("nghin", "nghìn"), ("trieu", "triệu")])
def test_heads_name_another_unit_than_the_dong(demo, client_for, unit, word):
    """14699 without a word is a million times too little. Programs ask for keys."""
    leader, address = client_for("leader"), f"?period=2024-03&unit={unit}&headers="
    for report, key in (("consolidated", "plan_total"), ("pace", "monthly_need")):
        lines = [
            next(
                csv.reader(
                    [leader.get(f"/admin/reports/{report}.csv{address}{kind}").text.splitlines()[0]]
                )
            )
            for kind in ("keys", "labels")
        ]
        keys, heads = ([one.lstrip("\ufeff") for one in line] for line in lines)
        head = heads[keys.index(key)]
        assert head.endswith(f" ({word} đồng)") if word else "đồng" not in head
        assert not any("đồng" in head for key, head in zip(keys, heads, strict=False) if
                       key in ("no", "name", "rate_total", "months_left"))  # fmt: skip
