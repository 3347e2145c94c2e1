"""A page of the consolidated report that is read alone: it is that part of the whole report."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from admin.pages import report_part
from models import DISTRICT, Allocation, Component, Investor, Project, db
from models.duty import get_period
from reports.consolidated import consolidated, page_of, paged
from reports.facts import BASES
from tests.factories import (
    make_allocation,
    make_component,
    make_investor,
    make_line,
    make_project,
)
from tests.test_kept_sums import Busy, keep, own  # noqa: F401  a fixture
from tests.test_reports_long import AT, short, shown
from tests.test_rollup import AT as MADE
from tests.test_rollup import M

SHAPES = [
    ("component", "investor"),
    ("component", "project"),
    ("investor", "group"),
    ("investor", "investor"),
    ("investor", "project"),
]


def asked(period, group, detail, basis="submitted", **more):
    usual = {"units": "then", "version": None, "split": ""}
    return usual | {"period": period, "group": group, "detail": detail, "basis": basis} | more


def check_part(session, part, **report):
    """What is read of a part is that part of the whole."""
    whole = consolidated(session, **report)
    page = page_of(session, lambda _many: part, **report)
    assert page.many == len(whole.rows), report
    assert page.rows == whole.rows[part], report
    assert page.places == whole.places[part]
    assert (page.status, page.programmes) == (whole.status, whole.programmes)
    for n, row, place in page.groups:
        assert (whole.rows[n], whole.places[n]) == (row, place)
    return len(whole.rows)


class Office(Busy):
    """With a third unit that comes first, and a component below another."""

    def __init__(self, session, chance):
        super().__init__(session, chance)
        self.parts.append(make_component(session, parent=self.parts[0]))
        third = make_investor(session, code="U9", short_name="Xã 9", sort_order=-1)
        project = make_project(session, code="A9", investor=third)
        self.capital[project] = make_allocation(session, 500 * M, project=project).id
        self.units.append(third)
        session.commit()

    @classmethod
    def again(cls, session, chance):
        """The one that is in the database, as it was made."""
        found = object.__new__(cls)
        found.session, found.chance, found.at = session, chance, MADE
        found.units = list(session.scalars(select(Investor).order_by(Investor.id)))
        found.months = [get_period(session, code) for code in ("2024-03", "2024-04")]
        [first] = session.scalars(
            select(Component.parent_id).where(Component.parent_id.is_not(None))
        )
        parts = select(Component).where(Component.id >= first).order_by(Component.id)
        found.parts = list(session.scalars(parts.limit(3)))
        capital = session.scalars(select(Allocation).order_by(Allocation.id))
        found.capital = {one.project: one.id for one in capital}
        return found


def test_a_page_is_that_part_of_the_report(own):  # noqa: F811
    chance, looked_at = random.Random(5), set()
    office = Office(own, chance)
    acts = ("save", "estimate", "send", "send", "accept", "give_back", "move", "book", "found")
    periods = keep(own)
    for _step in range(60):
        office.at += timedelta(minutes=30)
        name, unit, month = (chance.choice(of) for of in (acts, office.units, office.months))
        office.does(name, unit, month)
        if chance.random() < 0.05:
            periods = keep(own)
        (group, detail), basis = chance.choice(SHAPES), chance.choice(BASES)
        start = chance.randrange(1, 4)
        part = slice(start, start + chance.randrange(1, 4))
        check_part(own, part, **asked(chance.choice(periods), group, detail, basis))
        looked_at.add((group, detail))
    assert looked_at == set(SHAPES)


@pytest.mark.parametrize(("group", "detail"), SHAPES)
def test_so_is_each_page_from_the_first_to_the_last(own, office, group, detail):  # noqa: F811
    report = asked(office.months[0], group, detail)
    for size in (1, 3):
        start, many = 0, 1
        while start < many:
            many = check_part(own, slice(start, start + size), **report)
            start += size


@pytest.fixture
def office(own, made_once):  # noqa: F811
    def fill():
        made, again = Office(own, random.Random(3)), Office.again(own, random.Random(3))
        for name in ("units", "months", "parts", "capital", "at"):
            assert getattr(again, name) == getattr(made, name)
        keep(own)
        own.expunge_all()

    made_once("an office whose sums are kept", fill)
    return Office.again(own, random.Random(3))


def half(many):
    return slice(1, max(2, many // 2))


def but_first(many):
    return slice(1, many)


def test_what_the_sums_do_not_say_is_read_whole(own, office):  # noqa: F811
    month = office.months[0]
    report = asked(month, "component", "project")
    assert page_of(own, half, **report).many
    assert page_of(own, slice, **(report | {"detail": "group"})) is None
    assert page_of(own, lambda many: slice(0, many), **report) is None
    for other in ({"units": "today"}, {"split": "nature"}, {"version": 1}):
        assert page_of(own, half, **(report | other)) is None, other
    month.data_from = date(2024, 3, 2)
    own.commit()
    assert page_of(own, half, **report) is None


def found(session, office):
    """A project under a component of its own."""
    project = make_project(session, code="A1", investor=office.units[0])
    make_allocation(session, 7 * M, project=project)


def came(session, office):
    unit = make_investor(session, code="U0A", short_name="Xã mới", sort_order=-2)
    project = make_project(session, investor=unit, component=office.parts[1])
    make_allocation(session, 7 * M, project=project)


def left(session, office):
    """The only project under its component goes to another one."""
    project = session.get(Project, next(one.id for one in office.capital if one.code == "P0"))
    project.component = office.parts[1]


def ended(session, office):
    """A unit is left without capital."""
    capital = session.get(Allocation, next(
        key for one, key in office.capital.items() if one.code == "A9"
    ))  # fmt: skip
    make_line(session, capital, kind="adjust", amount=-500 * M)


@pytest.mark.parametrize("before", ["units_of", "lines_together", "project_lines"])
@pytest.mark.parametrize("change", [found, came, left, ended])
@pytest.mark.parametrize(("group", "detail"), SHAPES[1::2] + SHAPES[2:3])
def test_what_is_changed_between_two_questions_is_in_its_place(
    own, office, monkeypatch, group, detail, change, before  # noqa: F811
):  # fmt: skip
    report, read, done = asked(office.months[0], group, detail), getattr(paged, before), []

    def late(session, *args):
        if not done:
            done.append(change(session, office))
            session.commit()
        return read(session, *args)

    was = consolidated(own, **report)
    monkeypatch.setattr(paged, before, late)
    page = page_of(own, but_first, **report)
    monkeypatch.undo()
    whole = consolidated(own, **report)
    assert whole.rows != was.rows or (change, detail) == (left, "group")
    assert page.rows in (was.rows[1:], whole.rows[1:])


def test_where_units_save_without_a_pause_all_is_read(own, office, monkeypatch):  # noqa: F811
    read = paged.project_lines

    def late(session, *args):
        project = make_project(session, investor=office.units[0])
        make_allocation(session, 7 * M, project=project)
        session.commit()
        return read(session, *args)

    monkeypatch.setattr(paged, "project_lines", late)
    assert page_of(own, but_first, **asked(office.months[0], "component", "project")) is None


@pytest.fixture
def leader(session, load_demo, client_for, app):
    load_demo(AT)
    session.commit()
    with app.app_context():
        db.session().enter(DISTRICT)
        keep(db.session())
    return client_for("leader")


@pytest.mark.parametrize(("group", "detail"), SHAPES)
def test_the_screen_shows_the_same_rows_and_links(leader, monkeypatch, group, detail):
    address = (
        "/admin/reports/consolidated?period=2024-03&version=live&unit=dong"
        f"&group={group}&detail={detail}"
    )
    whole = shown(leader.soup(address))
    size = max(1, len(whole) // 3)
    short(monkeypatch, size)
    read = []
    monkeypatch.setattr(
        "reports.consolidated.report.gather",
        lambda *args, **more: read.append(more),  # the whole report
    )
    pages = [leader.soup(f"{address}&page={n}") for n in range(-(-len(whole) // size))]
    assert read == []
    assert [row for page in pages for row in shown(page)] == whole
    assert f"Dòng 1–{size} trong tổng số {len(whole)} dòng" in pages[0].text
    jumps = pages[-1].select(".report-jumps a")
    assert jumps
    for link in jumps:
        names = [row[0][1] for row in shown(leader.soup(link["href"]))]
        assert link.text in [name.removesuffix(" Số cũ") for name in names]


def test_a_page_costs_as_many_questions_whatever_it_shows(leader, monkeypatch, count_queries):
    address = "/admin/reports/consolidated?period=2024-03&version=live&detail=project"
    asked_of = []
    for size in (2, 20):
        monkeypatch.setattr(report_part, "AT_ONCE", size)
        monkeypatch.setattr(report_part, "ON_A_PAGE", size)
        leader.get(f"{address}&page=1")
        with count_queries() as seen:
            assert leader.get(f"{address}&page=1").status_code == 200
        asked_of.append(len(seen))
    assert asked_of[0] == asked_of[1]
