"""A page of the carry-over by project is that part of the whole report, and of projects nothing
else is read, where the sums made ahead tell what units hold.
"""

from random import Random

import pytest

from models import DISTRICT, Allocation, CapitalTransfer, Project, db
from reports.carry_over import carry_over, report
from reports.facts import BASES, carried_capital, forget_sums
from tests.factories import make_allocation, make_line, make_project
from tests.test_carry_over_by_kept import carry_on
from tests.test_kept_sums import keep
from tests.test_pace_by_kept import AT, arranged
from tests.test_reports_long import short, shown
from tests.test_reports_paged import leader  # noqa: F401  a fixture

ADDRESS = "/admin/reports/carry-over?period=2024-03&version=live&unit=dong&detail=project"


def whole_of(session, **asked):
    return carry_over(session, detail="project", **asked)


def page_of(session, part, **asked):
    return carry_over(session, detail="project", cut=lambda _many: part, **asked)


def check_pages(session, size, **asked):
    """Each page of so many rows is that part of the whole."""
    whole = whole_of(session, **asked)
    many = len(whole.rows)
    assert whole.many == 0
    for start in range(0, many, size):
        part = slice(start, start + size)
        page = page_of(session, part, **asked)
        assert page.many == (many if size < many else 0), asked
        assert page.rows == whole.rows[part], (asked, part)
        assert page.places == whole.places[part]
        assert page.vintages == whole.vintages
    for n, vintage in whole.vintages:
        assert (whole.rows[n].level, whole.rows[n].vintage) == ("vintage", vintage)
    return many


@pytest.fixture
def office(app, session):
    """Units of which the sums made ahead tell all, and some of which they do not."""
    chance = Random(2)
    units = arranged(session, chance)
    project = make_project(session, code="A1", investor=units[0])
    make_allocation(session, 900, project=project, vintage=2023)
    carry_on(session, chance, units[1:])
    with app.app_context():
        own = db.session()
        own.enter(DISTRICT)
        yield own, keep(own, AT.date())
        own.rollback()


def test_each_page_is_that_part_of_the_report(office):
    own, periods = office
    asked = {"2024-Q3": 3, "2024-09": 2, "2024-13": 1}
    for period in [one for one in periods if one.code in asked]:
        for basis in BASES:
            size = asked[period.code]
            assert check_pages(own, size, period=period, basis=basis) > size


def test_so_it_is_after_something_was_changed(office):
    own, periods = office
    period = next(one for one in periods if one.code == "2024-12")
    before = check_pages(own, 3, period=period)
    moved = own.query(CapitalTransfer.allocation_id)
    capital = own.query(Allocation).filter_by(budget_year=2024, vintage=2023)
    capital = capital.filter(Allocation.id.not_in(moved)).order_by(Allocation.id).all()
    for one in Random(4).sample(capital, 3):
        make_line(own, one, kind="supplement", amount=7)
        own.commit()
        check_pages(own, 3, period=period)
    project = make_project(own, code="A0", investor=capital[0].project.investor)
    make_allocation(own, 900, project=project, vintage=2023)
    own.commit()
    assert check_pages(own, 3, period=period) == before + 1


def test_projects_of_other_units_are_not_read(office, monkeypatch):
    own, periods = office
    period = next(one for one in periods if one.code == "2024-12")
    whole, read = whole_of(own, period=period), []
    n = next(n for n, row in enumerate(whole.rows) if row.level == "project")

    def listened(session, period, basis, units=None):
        read.append(units)
        return carried_capital(session, period, basis, units)

    monkeypatch.setattr(report, "carried_capital", listened)
    assert page_of(own, slice(n, n + 1), period=period).rows == whole.rows[n : n + 1]
    assert read == [{whole.places[n].investor_id}]
    read.clear()
    assert page_of(own, slice(0, len(whole.rows)), period=period).many == 0
    assert read == [None]  # all are shown
    read.clear()
    forget_sums(own)
    assert page_of(own, slice(n, n + 1), period=period).rows == whole.rows
    assert read == [None]


def more(session, project):
    make_line(session, one_of(session, project), kind="supplement", amount=7)


def less(session, project):
    """The only capital of an earlier year that the project has comes to nothing."""
    one = one_of(session, project)
    amount = sum(line.amount for line in one.lines)
    make_line(session, one, kind="adjust", amount=-amount)


def one_more(session, project):
    new = make_project(session, code="A0", investor=project.investor)
    make_allocation(session, 900, project=new, vintage=2023)


def one_of(session, project):
    return session.query(Allocation).filter_by(
        project_id=project.id, budget_year=2024, vintage=2023
    ).one()  # fmt: skip


@pytest.mark.parametrize("before", ["units_of", "carried_capital", "carrying_projects"])
@pytest.mark.parametrize("change", [more, less, one_more])
def test_what_is_changed_between_two_questions_is_in_its_place(office, monkeypatch, change, before):
    own, periods = office
    period = next(one for one in periods if one.code == "2024-12")
    was, done = whole_of(own, period=period), []
    n = next(n for n, row in enumerate(was.rows) if row.code == "A1")
    project_id, read = was.places[n].project_id, getattr(report, before)

    def late(session, *asked):
        if not done:
            done.append(change(session, session.get_one(Project, project_id)))
            session.commit()
        return read(session, *asked)

    monkeypatch.setattr(report, before, late)
    page = page_of(own, slice(1, None), period=period)
    monkeypatch.undo()
    whole = whole_of(own, period=period)
    assert whole.rows != was.rows
    assert page.rows in (was.rows[1:], whole.rows[1:])


def test_where_units_save_without_a_pause_all_is_read(office, monkeypatch):
    own, periods = office
    period = next(one for one in periods if one.code == "2024-12")
    read = report.carrying_projects
    capital = own.query(Allocation).filter_by(budget_year=2024, vintage=2023).first()

    def late(session, *asked):
        make_line(session, capital, kind="supplement", amount=7)
        session.commit()
        return read(session, *asked)

    monkeypatch.setattr(report, "carrying_projects", late)
    page = page_of(own, slice(1, None), period=period)
    assert page.many == 0
    assert page.rows[0].level == "total"


def test_the_screen_shows_the_same_rows_links_and_groups(leader, monkeypatch):  # noqa: F811
    whole, read = shown(leader.soup(ADDRESS)), []
    size = max(1, len(whole) // 3)
    short(monkeypatch, size)

    def listened(session, period, basis, units=None):
        read.append(units)
        return carried_capital(session, period, basis, units)

    monkeypatch.setattr(report, "carried_capital", listened)
    pages = [leader.soup(f"{ADDRESS}&page={n}") for n in range(-(-len(whole) // size))]
    assert None not in read
    assert [row for page in pages for row in shown(page)] == whole
    assert f"Dòng 1–{size} trong tổng số {len(whole)} dòng" in pages[0].text
    jumps = pages[-1].select(".report-jumps a")
    assert jumps
    for link in jumps:
        assert link.text in [row[0][1] for row in shown(leader.soup(link["href"]))]
