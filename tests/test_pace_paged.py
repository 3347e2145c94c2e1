"""A page of the pace is that part of the whole report, and nothing else of it is made."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest

from models import DISTRICT, Allocation, Period, db
from models.catalogue import CapitalTransfer
from reports.pace import earlier_sums, pace
from reports.pace.rows import RowBuilder
from tests import test_earlier_years_by_kept as years
from tests import test_pace_by_kept as terms
from tests.factories import make_allocation, make_line, make_project
from tests.test_kept_sums import keep
from tests.test_reports_long import short, shown
from tests.test_reports_paged import leader  # noqa: F401  a fixture

DETAILS = ("group", "investor", "project")
OFFICES = {"of many terms": terms, "beside earlier years": years}
MONTHS = {"of many terms": "2024-11", "beside earlier years": "2025-09"}


def check_pages(session, size, **report):
    """Each page of so many rows is that part of the whole."""
    whole = pace(session, **report)
    many = len(whole.rows)
    assert whole.many == 0
    for start in range(0, many, size):
        part = slice(start, start + size)
        page = pace(session, cut=lambda _many, part=part: part, **report)
        assert page.many == (many if size < many else 0), report
        assert page.rows == whole.rows[part], (report, part)
        assert page.places == whole.places[part]
        assert (page.years, page.units, page.months) == (whole.years, whole.units, whole.months)
    for n, unit in whole.units:
        assert (whole.rows[n].level, whole.places[n].investor_id) == ("investor", unit.id)
    return many


def check_all(session, chance, **report):
    for detail in DETAILS:
        by_hand = chance.choice([None, Decimal("7.5")])
        size = chance.choice([1, 2, 3, 5, 100])
        assert check_pages(session, size, detail=detail, by_hand=by_hand, **report) > 1


@pytest.fixture(params=OFFICES)
def office(request, app, session):
    """An office with sums made ahead, and a month of it."""
    OFFICES[request.param].arranged(session, Random(3))
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        keep(own, OFFICES[request.param].AT.date(), ["submitted"])
        yield own, own.query(Period).filter_by(code=MONTHS[request.param]).one()
        own.rollback()


def test_each_page_is_that_part_of_the_report(office, monkeypatch):
    (own, period), chance = office, Random(8)
    for _again in range(2):
        check_all(own, chance, period=period)
    check_all(own, chance, period=period, basis="accepted")  # of which no sums are kept
    with monkeypatch.context() as patch:
        patch.setattr("reports.facts.kept.stale_units", lambda *_of: None)
        check_all(own, chance, period=period)


def test_so_it_is_after_something_was_changed(office):
    (own, period), chance = office, Random(9)
    moved = {one.investor_id for one in own.query(CapitalTransfer)}
    capital = own.query(Allocation).filter(Allocation.investor_id.not_in(moved)).all()
    for one in chance.sample(capital, 2):
        day = date(one.budget_year, 8, 15)
        make_line(own, one, kind="supplement", amount=7, effective_on=day)
        own.commit()
        check_all(own, chance, period=period)
    project = make_project(own, code="A0", investor=capital[0].project.investor)
    make_allocation(own, 900, project=project, budget_year=period.budget_year)
    own.commit()
    check_all(own, chance, period=period)


def test_of_a_page_alone_rows_are_made_and_years_told(office, monkeypatch):
    own, period = office
    whole, made, told = pace(own, period=period), [], []
    add, known = RowBuilder._add, earlier_sums.kinds_by_unit

    def adding(self, *row, **more):
        made.append(row)
        add(self, *row, **more)

    def telling(*asked):
        found = list(known(*asked))
        told.extend(unit for unit, _kinds in found)
        return found

    monkeypatch.setattr(RowBuilder, "_add", adding)
    monkeypatch.setattr(earlier_sums, "kinds_by_unit", telling)
    (first, _unit), (second, _other) = whole.units[1:3]
    page = pace(own, period=period, cut=lambda _many: slice(first, second))
    assert len(made) == second - first == len(page.rows)
    lines = {1, 2} if page.years else {0}  # with a unit that it stands for
    assert len(set(told)) in lines


@pytest.mark.parametrize("detail", DETAILS)
def test_the_screen_shows_the_same_rows_links_and_groups(leader, monkeypatch, detail):  # noqa: F811
    address = f"/admin/reports/pace?period=2024-03&unit=dong&detail={detail}"
    whole = shown(leader.soup(address))
    size = max(1, len(whole) // 3)
    short(monkeypatch, size)
    pages = [leader.soup(f"{address}&page={n}") for n in range(-(-len(whole) // size))]
    assert [row for page in pages for row in shown(page)] == whole
    assert f"Dòng 1–{size} trong tổng số {len(whole)} dòng" in pages[0].text
    jumps = pages[-1].select(".report-jumps a")
    assert bool(jumps) == (detail != "group")
    for link in jumps:
        assert link.text in [row[0][1] for row in shown(leader.soup(link["href"]))]


def test_files_are_whole(leader, monkeypatch):  # noqa: F811
    for kind in ("csv", "xlsx"):
        address = f"/admin/reports/pace.{kind}?period=2024-03&detail=project"
        whole = leader.get(address).data
        with monkeypatch.context() as patch:
            short(patch, 2)
            assert len(leader.get(f"{address}&page=1").data) == len(whole)
