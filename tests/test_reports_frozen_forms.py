"""Biểu 04 and 06 of a locked period are those of its version; the rest says its moment."""

from datetime import UTC, date, datetime

import pytest

from models import (
    DISTRICT,
    Actor,
    Allocation,
    AllocationLine,
    Decision,
    Disbursement,
    Investor,
    Period,
    Project,
    Scope,
    db,
)
from models.duty import get_period
from reports.allocation_changes import allocation_changes
from reports.carry_over import carry_over
from reports.frozen import freeze_missing, is_whole, lock_and_freeze, stored, versions
from tests.factories import make_capital_term, make_line

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
CLERK = Actor(None, "Trần Thị Hoa")


def lock(session):
    """January to March locked and frozen."""
    made = freeze_missing(session, at=AT, actor=CLERK)
    made.append(lock_and_freeze(session, get_period(session, "2024-03"), at=AT, actor=CLERK))
    session.commit()
    return made


@pytest.fixture
def locked(session, load_demo):
    load_demo(AT)
    return lock(session)


def change(session):
    """All that the forms are made of, behind the back of everything."""
    carried = session.query(Allocation).filter_by(vintage=2023).join(Project).filter_by(code="L01")
    allocation = carried.one()
    decision = session.query(Decision).filter_by(number="412/QĐ-UBND").one()
    make_line(session, allocation, amount=7_000_000, kind="carry_in", decision=decision,
              effective_on=date(2024, 2, 20))  # fmt: skip
    decision.summary, decision.number = "Trích yếu khác", "413/QĐ-UBND"
    session.query(Project).filter_by(code="L01").one().name = "Tên khác"
    session.query(Investor).filter_by(code="X-06388").one().short_name = "Xã khác"
    paid = session.query(Disbursement).filter_by(allocation_id=allocation.id).all()[-1]
    paid.completed += 1_000_000
    make_capital_term(session, vintage=2023, disburse_until=date(2024, 6, 30))
    session.flush()


def forms(session, **asked):
    """Rows of Biểu 04 of March on both bases and of Biểu 06 of February."""
    march, february = (get_period(session, code) for code in ("2024-03", "2024-02"))
    return [
        *(
            carry_over(session, period=march, detail="project", basis=basis, **asked).rows
            for basis in ("submitted", "accepted")
        ),
        allocation_changes(session, period=february, **asked).rows,
    ]


def test_what_is_changed_after_the_lock_is_in_no_version(session, locked):
    before = forms(session, version="live")
    assert forms(session) == before == forms(session, version=1)
    assert all(len(rows) > 5 for rows in before)
    change(session)
    assert forms(session) == before
    now = forms(session, version="live")
    assert all(old != new for old, new in zip(before, now, strict=True))
    assert now[0][0].plan_carried == before[0][0].plan_carried + 7_000_000


def test_the_whole_of_it_is_proved_by_the_digest(session, locked):
    assert all(is_whole(session, one) for one in locked)


def test_a_unit_reads_its_own_lines_of_a_version(app, session, locked):
    unit = session.query(Investor).filter_by(code="X-06388").one().id
    session.rollback()
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        whole = forms(own)
        own.enter(Scope.of({unit}))
        mine = forms(own)
        for rows, all_rows in zip(mine, whole, strict=True):
            assert {row.investor for row in rows} <= {"", "UBND xã Hữu Liên"}
            assert len(rows) < len(all_rows)
        assert (mine[0][0].plan_carried, mine[2][1].increase) == (210_000_000, 210_000_000)
        own.rollback()


@pytest.fixture
def old_versions(session, load_demo, monkeypatch):
    """Versions as they were frozen before they held these forms."""
    load_demo(AT)

    def plain_head(*asked):
        head = stored.head_of(*asked)
        del head["holds"]
        return head

    monkeypatch.setattr(versions, "head_of", plain_head)
    for name in ("_add_carried", "_add_changes"):
        monkeypatch.setattr(stored, name, lambda *_asked: None)
    return lock(session)


def test_an_older_version_opens_and_says_what_it_does_not_hold(session, old_versions, client_for):
    march = get_period(session, "2024-03")
    assert forms(session) == forms(session, version="live")
    assert carry_over(session, period=march, version=1).lacks == 1
    session.commit()
    client = client_for("leader")
    for report in ("carry-over", "allocation-changes"):
        for version in ("", "&version=1"):
            page = client.soup(f"/admin/reports/{report}?period=2024-02{version}")
            said = page.select_one(".paper-head").get_text(" ")
            assert "không phải số liệu đã chốt; phiên bản 1 chưa lưu biểu này" in said
    page = client.soup("/admin/reports/consolidated?period=2024-03")
    assert "Phiên bản 1" in page.get_text()


def test_papers_of_a_locked_period_say_what_they_are(session, locked, client_for):
    client = client_for("leader")
    head = {
        name: client.soup(f"/admin/reports/{name}?period=2024-03").select_one(".paper-head")
        for name in ("consolidated", "ranking", "carry-over", "allocation-changes", "late",
                     "obstacles", "pace", "treasury")
    }  # fmt: skip
    words = {name: one.get_text(" ") for name, one in head.items()}
    for name in ("consolidated", "ranking", "carry-over", "allocation-changes"):
        assert "Phiên bản 1. Trần Thị Hoa chốt lúc 09:00 16/04/2024." in words[name], name
    for name in ("late", "obstacles", "pace", "treasury"):
        assert "Số liệu chưa chốt: số liệu hiện tại lúc" in words[name], name
        assert "không phải số liệu đã lưu khi chốt kỳ" in words[name], name


def test_a_frozen_figure_of_form_04_is_explained_beside_the_one_of_now(session, locked, client_for):
    change(session)
    session.commit()
    client = client_for("leader")
    links = client.soup("/admin/reports/carry-over?period=2024-03").select("tr.total a")
    addresses = [one["href"] for one in links]
    answers = {
        answer["column"]: answer
        for answer in (
            client.get(one.replace("/explain?", "/explain.json?")).get_json() for one in addresses
        )
    }
    assert answers["plan_carried"]["value"] == 2_057_333_333
    assert answers["plan_carried"]["version"] == 1
    assert answers["plan_carried"]["plan"]["sum"] == 2_064_333_333
    assert answers["disbursed_carried"]["value"] == 929_833_333
    page = client.soup(addresses[0]).get_text(" ")
    assert "2.057.333.333" in page
    assert "2.064.333.333" in page


def test_an_open_period_is_told_from_the_ledger_of_now(session, load_demo):
    load_demo(AT)
    march = session.query(Period).filter_by(code="2024-03").one()
    assert carry_over(session, period=march).frozen is None
    line = session.query(AllocationLine).first()
    assert line is not None
    assert allocation_changes(session, period=march).lacks is None
