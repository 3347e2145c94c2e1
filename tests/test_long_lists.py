"""Lists too long to count are read by key set: no row is lost or comes twice in any order."""

import re
from decimal import Decimal
from importlib import import_module
from itertools import chain
from random import Random

import pytest

from admin.records import heads, long, places, seek
from admin.records import list as lists
from models import SubmissionStatus
from tests.factories import (
    make_component,
    make_entry,
    make_investor,
    make_obstacle,
    make_period,
    make_project,
    make_submission,
)

SIZE = 20
WALKED = 3  # rows


@pytest.fixture
def counted_to(monkeypatch):
    """Count no further than so many rows, so that a short list is a long one."""

    def limit(most: int, jumped: int = seek.JUMPED) -> None:
        monkeypatch.setattr(lists, "COUNTED", most)
        monkeypatch.setattr(long, "COUNTED", most)
        monkeypatch.setattr(long, "JUMPED", jumped)
        for module in (long, places):
            monkeypatch.setattr(module, "WALKED", min(most, WALKED))

    return limit


@pytest.fixture
def projects(session):
    """50 projects of two units; a third of them without an investment, the others with few sums."""
    component = make_component(session)
    units = [make_investor(session, short_name=name) for name in ("Bảo Yên", "An Lạc")]
    for n in range(50):
        make_project(
            session,
            component=component,
            investor=units[n % 2],
            code=f"P{n:02}",
            total_investment=None if n % 3 == 0 else n % 2 * 1_000_000,
        )
    session.commit()
    return component, units


def codes(soup) -> list[str]:
    return [cell.get_text(strip=True) for cell in soup.select("tbody th")]


def ids(soup) -> list[str]:
    return [cell["href"].split("&")[0] for cell in soup.select("tbody th a")]


def walk(client, address, way: str, rows=codes) -> list[list[str]]:
    """The pages from this one on, following the link of this kind."""
    found = []
    while address:
        soup = client.soup(address)
        found.append(rows(soup))
        link = soup.find(rel=way)
        address = link["href"] if link else None
    return found


def joined(pages) -> list[str]:
    return list(chain.from_iterable(pages))


@pytest.mark.parametrize("column", ["", "investor", "total_investment"])
def test_every_row_comes_once_forwards_and_backwards(client_for, projects, counted_to, column):
    client = client_for("leader")
    start = f"/admin/project/?page_size={SIZE}"
    link = client.soup(start).select_one(f".col-{column} a") if column else None
    for address in [f"{link['href']}{turn}" for turn in ("", "&desc=1")] if link else [start]:
        counted_to(10_000)
        every = joined(codes(client.soup(f"{address}&page={page}")) for page in range(3))
        counted_to(30)
        forwards = walk(client, address, "next")
        last = client.soup(client.soup(address).find(rel="last")["href"])
        backwards = walk(client, last.find(rel="prev")["href"], "prev")

        assert sorted(every) == [f"P{n:02}" for n in range(50)]
        assert [len(page) for page in forwards] == [20, 20, 10]
        assert joined(forwards) == every
        assert codes(last) == every[-20:]
        assert backwards == [every[10:30], every[:20]]  # the beginning is a whole page again


def test_a_page_is_found_by_its_number_and_past_the_end_stands_the_last(
    client_for, projects, counted_to
):
    client = client_for("leader")
    address = f"/admin/project/?page_size={SIZE}&sort=5&desc=1"
    pages = [codes(client.soup(f"{address}&page={page}")) for page in range(3)]

    counted_to(30)

    for number in (0, 1, 2):
        assert codes(client.soup(f"{address}&page={number}")) == pages[number]
    assert codes(client.soup(f"{address}&page=99")) == pages[2]


def test_a_page_by_its_number_is_that_of_an_offset(client_for, session, counted_to):
    """Random entries with many equal figures and empty ones, in every order that the list offers,
    narrowed, searched, and as a unit sees it.
    """
    chance = Random(7)
    component = make_component(session)
    units = [make_investor(session, short_name=name) for name in ("Bảo Yên", "An Lạc")]
    works = [
        make_project(
            session,
            component=component,
            investor=units[n % 2],
            code=f"P{n}",
            name=f"Đường {n // 3}",
        )
        for n in range(6)
    ]
    for n in range(1, 7):
        period = make_period(session, code=f"2023-{n:02}")
        for unit in units:
            state = chance.choice([SubmissionStatus.ACCEPTED, SubmissionStatus.SUBMITTED])
            report = make_submission(session, investor=unit, period=period, status=state)
            for project in works:
                if project.investor is unit and chance.random() < 0.9:
                    progress = chance.choice([None, None, Decimal(0), Decimal(1), Decimal(50)])
                    make_entry(
                        session, project=project, submission=report, physical_progress=progress
                    )
    session.commit()
    leader, unit = client_for("leader"), client_for("investor", units[0])
    start = f"/admin/entry/?page_size={SIZE}"
    orders = [
        f"{start}&{link['href'].split('?')[1]}{turn}"
        for link in leader.soup(start).select("thead a[href*=sort]")
        for turn in ("", "&desc=1")
    ]
    assert len(orders) == 10
    of_part = f"&flt0_component={component.id}"
    narrowed = ("&flt0_status=accepted", "&search=duong+1", of_part, "&sort=0")
    for client, address in [
        *((leader, one) for one in (start, *orders, *(f"{start}{how}" for how in narrowed))),
        *((unit, one) for one in (start, *orders[::4])),
    ]:
        pages = [f"{address}&page={page}" for page in (1, 4, 99)]
        counted_to(10_000)
        plain = [entries(client.get(one)) for one in pages]
        assert plain[-1], address
        counted_to(4)
        assert [entries(client.get(one)) for one in pages] == plain, address


def entries(reply) -> list[str]:
    """The entries of a page of the list, in their order."""
    return list(dict.fromkeys(re.findall(r"/admin/entry/details/\?id=(\d+)", reply.text)))


def test_a_list_that_is_too_long_says_how_far_numbers_go(client_for, projects, counted_to):
    counted_to(30, jumped=49)

    soup = client_for("leader").soup(f"/admin/project/?page_size={SIZE}&page=2")

    assert codes(soup)[0] == "P20"
    assert "trang 2" in soup.select_one(".flash").get_text()


def test_the_list_says_that_it_counted_no_further(client_for, projects, counted_to):
    client = client_for("leader")
    counted_to(49)
    foot = client.soup("/admin/project/").select_one(".list-foot p").get_text()
    assert "Hơn 49 bản ghi" in foot

    counted_to(50)
    assert "50 bản ghi" in client.soup("/admin/project/").select_one(".list-foot p").get_text()
    assert not client.soup("/admin/project/").find(rel="last")


def test_search_filter_and_size_are_kept_on_the_way(client_for, projects, counted_to):
    counted_to(10)
    client = client_for("leader")
    unit = projects[1][1]
    start = f"/admin/project/?page_size={SIZE}&flt0_investor={unit.id}&search=p&sort=4"

    pages = walk(client, start, "next")

    assert [len(page) for page in pages] == [20, 5]
    assert sorted(joined(pages)) == [f"P{n:02}" for n in range(1, 50, 2)]


def test_a_row_that_is_gone_leads_to_the_page_of_that_number(client_for, projects, counted_to):
    counted_to(30)
    client = client_for("leader")
    first = codes(client.soup(f"/admin/project/?page_size={SIZE}&page=1"))

    assert codes(client.soup(f"/admin/project/?page_size={SIZE}&page=1&after=1")) == first
    for typed in ("after=x", "before=99999999999999999999", "last=0", "after=0&before=0"):
        assert len(codes(client.soup(f"/admin/project/?page_size={SIZE}&{typed}"))) == 20


def test_a_unit_counts_and_pages_its_own_rows_alone(client_for, session, projects, counted_to):
    component, (own, other) = projects
    foreign = make_project(session, component=component, investor=other, code="P10").id
    counted_to(10)
    client = client_for("investor", own)
    address = f"/admin/project/?page_size={SIZE}"

    pages = walk(client, address, "next")

    assert sorted(joined(pages)) == [f"P{n:02}" for n in range(0, 50, 2)]
    plain = codes(client.soup(address))
    assert codes(client.soup(f"{address}&after={foreign}")) == plain
    assert len(codes(client.soup(f"{address}&last=1"))) == 20


def test_rows_without_a_related_row_keep_their_place(client_for, session, counted_to):
    project = make_project(session)
    for n in range(50):
        without = {} if n % 2 else {"project_id": None}
        make_obstacle(session, project=project, **without)
    session.commit()
    client = client_for("leader")
    soup = client.soup(f"/admin/obstacle/?page_size={SIZE}")
    sortable = [link["href"] for link in soup.select(".col-project a, .col-raised_on a")]
    assert sortable
    counted_to(10)

    for link in sortable:
        for turn in ("", "&desc=1"):
            pages = walk(client, f"{link}{turn}", "next")
            assert [len(page) for page in pages] == [20, 20, 10], link


def test_entries_with_equal_figures_are_not_lost(client_for, session, counted_to):
    component, unit = make_component(session), make_investor(session)
    projects = [
        make_project(session, component=component, investor=unit, code=f"P{n}") for n in range(4)
    ]
    for n in range(1, 13):
        period = make_period(session, code=f"2023-{n:02}")
        report = make_submission(session, investor=unit, period=period)
        for project in projects:
            progress = None if n % 4 == 0 else Decimal(n // 6)
            make_entry(session, project=project, submission=report, physical_progress=progress)
    session.commit()
    counted_to(3)
    client = client_for("leader")
    start = f"/admin/entry/?page_size={SIZE}"

    for link in client.soup(start).select(".col-physical_progress a, .col-submission-status a"):
        for turn in ("", "&desc=1"):
            rows = []
            address = f"{link['href']}{turn}"
            while address:
                soup = client.soup(address)
                rows += ids(soup)
                after = soup.find(rel="next")
                address = after["href"] if after else None
            assert len(rows) == len(set(rows)) == 48, link


@pytest.mark.parametrize("first", [1, 3])
@pytest.mark.parametrize("is_long", [True, False])
def test_the_first_months_are_enough_for_a_page_and_no_row_is_lost(
    client_for, session, counted_to, monkeypatch, count_queries, first, is_long
):
    """60 entries of six months, the newest of which has none: 24, 24, 6, 6, 0 and 0 rows."""
    months = [make_period(session, f"2024-0{n}") for n in range(1, 7)]
    for n, size in enumerate((24, 24, 6, 6)):
        for _row in range(size):
            project = make_project(session)
            report = make_submission(session, investor=project.investor, period=months[n])
            make_entry(session, project=project, submission=report)
    session.commit()
    client, start = client_for("leader"), f"/admin/entry/?page_size={SIZE}"
    counted_to(30 if is_long else 10_000)

    def pages() -> list[list[str]]:
        if not is_long:
            return [projects_of(client.soup(f"{start}&page={page}")) for page in range(3)]
        forwards, address = [], start
        while address:
            soup = client.soup(address)
            forwards.append(projects_of(soup))
            link = soup.find(rel="next")
            address = link["href"] if link else None
        last = client.soup(client.soup(start).find(rel="last")["href"])
        back = client.soup(last.find(rel="prev")["href"])
        return [*forwards, projects_of(last), projects_of(back)]

    with monkeypatch.context() as whole:
        whole.setattr(long, "first_of", lambda *_args: None)
        whole.setattr(long, "first_under", lambda *_args: ())
        expected = pages()
    monkeypatch.setattr(heads, "FIRST", first)

    assert pages() == expected
    monkeypatch.setattr(heads, "FIRST", 5)  # 36 rows: enough
    with count_queries() as seen:
        client.soup(start)
    asked = [one for one in seen if "JOIN submission" in one and "count(*)" not in one]
    in_parts = ["IN (SELECT DISTINCT period.data_to" in one.replace("\n", "") for one in asked]
    assert in_parts == [False] * len(asked) if is_long else [True]


@pytest.mark.parametrize("few", [0, 1_000])
def test_few_projects_are_enough_for_a_page_of_a_month(
    client_for, session, counted_to, monkeypatch, count_queries, few
):
    """Months of 70 projects of which some report; the same codes stand in two units."""
    random = Random(7)
    units = [make_investor(session) for _unit in range(2)]
    each = [make_project(session, investor=units[n % 2], code=f"P{n // 2:02}") for n in range(70)]
    for code, share in (("2024-01", 0.3), ("2024-02", 0.9), ("2024-03", 1)):
        period = make_period(session, code)
        reports = {
            unit.id: make_submission(session, investor=unit, period=period) for unit in units
        }
        for project in random.sample(each, int(70 * share)):
            make_entry(session, project=project, submission=reports[project.investor_id])
    session.commit()
    counted_to(30)
    client = client_for("leader")
    start = f"/admin/entry/?page_size={SIZE}"

    def walks():
        last = client.soup(start).find(rel="last")["href"]
        numbered = [ids(client.soup(f"{start}&page={page}")) for page in range(9)]
        return walk(client, start, "next", ids), walk(client, last, "prev", ids), numbered

    with monkeypatch.context() as whole:
        whole.setattr(long, "first_under", lambda *_args: ())
        expected = walks()
    monkeypatch.setattr(import_module("models.base.among"), "FEW", few)

    found = walks()

    assert found == expected
    assert len(set(chain(*found[0]))) == 21 + 63 + 70
    with count_queries() as seen:
        client.soup(start)
    asked = [one for one in seen if "JOIN submission" in one and "count(*)" not in one]
    assert len(asked) == 1
    assert ("IN (SELECT DISTINCT period.data_to" in asked[0].replace("\n", "")) == (few == 0)


def projects_of(soup) -> list[str]:
    return [cell.get_text(strip=True) for cell in soup.select("tbody .col-project")]
