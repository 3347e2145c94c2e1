"""A page of the consolidated report that is read alone looks as it does in the whole report."""

import pytest
import sqlalchemy as sa

from models import DISTRICT, Allocation, Period, ProgressEntry, Project, Submission, db
from reports.facts import forget_sums
from tests.factories import (
    make_allocation,
    make_component,
    make_line,
    make_period,
    make_project,
)
from tests.test_kept_sums import keep
from tests.test_reports_long import short, shown
from tests.test_reports_paged import leader  # noqa: F401  a fixture

ADDRESS = "/admin/reports/consolidated?period=2024-03&version=live&detail=project"
NOTE = "Số liệu có thể chênh lệch do làm tròn"


def whole_and_pages(client, monkeypatch, more, size=8):
    """The report on one screen, and on pages of which each is read alone."""
    whole, read = client.soup(ADDRESS + more), []
    many = len(shown(whole))
    short(monkeypatch, size)
    monkeypatch.setattr(
        "reports.consolidated.report.gather", lambda *args, **named: read.append(named)
    )
    pages = [client.soup(f"{ADDRESS}{more}&page={n}") for n in range(-(-many // size))]
    assert read == []
    return whole, pages


def heads(page):
    table = page.select("main .report-sheet:not(.only-print) table")[0]
    return [cell.get_text(" ", strip=True) for cell in table.select("thead th")]


@pytest.fixture
def office(leader, session, app):  # noqa: F811
    """One project has a plan that goes out in đồng only, one alone tells obstacles."""
    capital = session.scalars(
        sa.select(Allocation)
        .join(Project, Project.id == Allocation.project_id)
        .where(Allocation.budget_year == 2024)
        .order_by(Project.code.desc())
    ).first()
    make_line(session, capital, kind="adjust", amount=123_456)
    told = sa.select(ProgressEntry).join(Submission).join(Period).where(Period.code == "2024-03")
    for n, entry in enumerate(session.scalars(told.order_by(ProgressEntry.id))):
        entry.obstacles = None if n else "Mưa lớn"
    session.commit()
    with app.app_context():
        db.session().enter(DISTRICT)
        forget_sums(db.session())
        db.session().commit()
        keep(db.session())
    return leader


def test_amounts_have_the_same_decimals_on_every_page(office, monkeypatch):
    whole, pages = whole_and_pages(office, monkeypatch, "&unit=trieu", 5)
    assert [row[0] for page in pages for row in shown(page)] == [row[0] for row in shown(whole)]


def test_few_columns_are_the_same_on_every_page(office, monkeypatch):
    whole, pages = whole_and_pages(office, monkeypatch, "&unit=dong&columns=narrow")
    assert {tuple(heads(page)) for page in pages} == {tuple(heads(whole))}


def test_a_page_says_that_rounded_figures_may_miss_their_sum(office, monkeypatch):
    whole, pages = whole_and_pages(office, monkeypatch, "&unit=trieu&decimals=0")
    assert {NOTE in page.text for page in pages} == {NOTE in whole.text}


def test_all_pages_say_so_where_amounts_of_one_are_rounded(app, session, client_for, monkeypatch):
    """What is rounded away of two projects comes to nothing in their sum."""
    make_period(session)
    part = make_component(session)
    for amount in (5_000_000, 7_500_000, 6_500_000, 5_000_000):
        make_allocation(session, amount, project=make_project(session, component=part))
    session.commit()
    with app.app_context():
        db.session().enter(DISTRICT)
        keep(db.session())
    whole, pages = whole_and_pages(client_for("leader"), monkeypatch, "&unit=trieu&decimals=0", 3)
    assert [NOTE in page.text for page in [whole, *pages]] == [True] * 5
