"""Pages read alone of the figures of now, beside versions that were frozen before those changed."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from models import DISTRICT, Investor, Project, act_as, db
from models.duty import get_period, reopen_period
from reports.facts import keep_sums
from reports.frozen import lock_and_freeze
from tests.test_reports_frozen import AT, CLERK, change, march  # noqa: F401  a fixture
from tests.test_reports_long import short, shown

ADDRESS = "/admin/reports/consolidated?period=2024-03&detail=project&unit=dong"
PAID = 11  # the column


def keep_march(session):
    keep_sums(session, get_period(session, "2024-03"), "submitted")


def number(cell):
    return int(cell.replace(".", ""))


def cells(rows):
    return [row for row, _links in rows]


@pytest.fixture
def reader(march, client_for, monkeypatch):  # noqa: F811
    """Reads all pages of a report, for which the whole of now is not read; and a comparison."""
    short(monkeypatch, 35)
    leader, read = client_for("leader"), []
    monkeypatch.setattr(
        "reports.consolidated.report.gather", lambda *args, **more: read.append(more)
    )

    def pages(more):
        read.clear()
        texts = [leader.soup(f"{ADDRESS}{more}&page={n}") for n in range(2)]
        assert read == []
        return [row for page in texts for row in shown(page)]

    def compared(a, b):
        page = leader.soup(f"/admin/versions/2024-03/compare?a={a}&b={b}")
        return [
            [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
            for row in page.select("main table tr")
        ]

    return pages, compared


@contextmanager
def office(app):
    """What the office does, and is done with."""
    with app.app_context():
        session = db.session()
        session.enter(DISTRICT)
        act_as(CLERK)
        yield session
        session.commit()


def test_a_frozen_report_stays_as_it_is_whatever_pages_of_now_say(app, reader):
    pages, compared = reader
    with office(app) as own:
        keep_march(own)
    newest, first, live = ("", "&version=1", "&version=live")
    before = {address: pages(address) for address in (newest, first)}
    assert cells(pages(live)) == cells(before[newest]) == cells(before[first])
    with office(app) as own:
        change(own)
        own.query(Project).filter_by(code="L01").one().name = "Tên khác"
        own.query(Investor).filter_by(code="X-06388").one().short_name = "Xã khác"
    for _again in range(2):
        assert {address: pages(address) for address in before} == before
        now = cells(pages(live))
        assert number(now[0][PAID]) == number(before[first][0][0][PAID]) + 5_000_000
        assert {"Tên khác", "Xã khác"} <= {row[1] for row in now}
        with office(app) as own:
            keep_march(own)
    told = compared(1, "now")
    assert any("5.000.000" in cell for row in told for cell in row)
    with office(app) as own:
        period = get_period(own, "2024-03")
        reopen_period(own, period, reason="Sai số Hữu Liên", at=AT)
        lock_and_freeze(own, period, at=AT + timedelta(days=3), actor=CLERK)
    assert pages(first) == before[first]
    assert cells(pages(newest)) == cells(pages(live)) == now
    assert compared(1, 2) == told


@pytest.mark.usefixtures("march")
def test_whoever_froze_a_version_is_not_called_its_sender(client_for):
    heads = client_for("leader").soup("/admin/versions/2024-03").select("main thead th")
    told = [head.get_text(strip=True) for head in heads]
    assert "Người chốt" in told
    assert "Người gửi" not in told
