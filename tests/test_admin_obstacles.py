"""The register of obstacles on screen: who may, what is refused, and the list of a period."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from models import Obstacle, ObstacleState
from tests.factories import make_investor, make_obstacle, make_period, make_project
from tests.forms import typed

NOW = datetime(2024, 4, 12, 2, tzinfo=UTC)
TODAY = date(2024, 4, 12)
DAY = timedelta(days=1)
NEW = "/admin/obstacle/new/"
LIST = "/admin/reports/obstacles?period=2024-03"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def two(session):
    return make_obstacle(session), make_obstacle(session, content="Thiếu đất")


def answers(project, **given):
    return {
        "project": str(project.id),
        "content": "Giá giống tăng",
        "cause": "bidding",
        "solver": "province",
        "state": "open",
    } | given


def day(value):
    return f"{value:%d/%m/%Y}"


def only(session):
    session.expire_all()
    return session.query(Obstacle).one()


def test_a_new_one_belongs_to_the_unit_of_its_project(session, client_for):
    project = make_project(session)
    client = client_for("investor", project.investor)
    page = client.soup(f"{NEW}?project={project.id}")
    form = typed(page, **answers(project))
    assert form["raised_on"] == day(TODAY)

    assert client.post_form(NEW, form).status_code == 302

    row = only(session)
    assert (row.investor_id, row.project_id) == (project.investor_id, project.id)
    assert (row.raised_on, row.state) == (TODAY, ObstacleState.OPEN)


def test_the_address_chooses_only_ones_own_project(session, client_for):
    own, foreign = make_project(session), make_project(session)
    client = client_for("investor", own.investor)
    for asked, code in ((own, own.code), (foreign, None)):
        page = client.soup(f"{NEW}?project={asked.id}")
        assert (own.code in str(page.select_one("[name=project]").parent)) is (code is not None)
        assert foreign.code not in page.text
    for wrong in ("x", "", "9" * 30, "-1"):
        assert client.get(f"{NEW}?project={wrong}").status_code == 200


def test_a_foreign_project_is_not_taken(session, client_for):
    own, foreign = make_project(session), make_project(session)
    client = client_for("investor", own.investor)
    form = typed(client.soup(NEW), **answers(foreign))
    assert client.post_form(NEW, form).status_code == 422
    assert session.query(Obstacle).count() == 0


@pytest.mark.parametrize("field", ["project", "content", "cause", "solver", "raised_on", "state"])
def test_what_is_needed(session, client_for, field):
    project = make_project(session)
    client = client_for("officer")
    form = typed(client.soup(NEW), **answers(project))
    reply = client.post_form(NEW, form | {field: ""})
    assert reply.status_code == 422
    assert "Giá giống tăng" in reply.text or field == "content"
    assert session.query(Obstacle).count() == 0


RAISED = TODAY - 5 * DAY


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"raised_on": day(TODAY - DAY)}, None),
        ({"raised_on": day(TODAY)}, None),
        ({"raised_on": day(TODAY + DAY)}, "raised_on"),
        ({"state": "solved", "solution": "Xong"}, "solved_on"),
        ({"state": "solved", "solved_on": day(TODAY)}, "solution"),
        ({"state": "solved", "solved_on": day(TODAY), "solution": "  "}, "solution"),
        ({"state": "solved", "solved_on": day(TODAY - DAY), "solution": "Xong"}, None),
        ({"state": "solved", "solved_on": day(TODAY), "solution": "Xong"}, None),
        ({"state": "solved", "solved_on": day(TODAY + DAY), "solution": "Xong"}, "solved_on"),
        ({"state": "solved", "solved_on": day(RAISED - DAY), "solution": "Xong"}, "solved_on"),
        ({"state": "solved", "solved_on": day(RAISED), "solution": "Xong"}, None),
        ({"state": "solved", "solved_on": day(RAISED + DAY), "solution": "Xong"}, None),
        ({"state": "open", "solved_on": day(TODAY)}, "state"),
        ({"promised_on": day(TODAY - DAY)}, None),
        ({"promised_on": "31/04/2024"}, "promised_on"),
    ],
)
def test_days_that_fit_each_other(session, client_for, fields, wrong):
    client = client_for("officer")
    form = typed(client.soup(NEW), **answers(make_project(session), raised_on=day(RAISED)))
    reply = client.post_form(NEW, form | fields)
    assert reply.status_code == (422 if wrong else 302)
    if wrong:
        assert f'id="{wrong}-error"' in reply.text
        assert "Giá giống tăng" in reply.text
        assert session.query(Obstacle).count() == 0
    else:
        assert only(session).state == fields.get("state", "open")


def test_solving_one_and_keeping_its_project(session, client_for, two):
    row, _other = two
    client = client_for("investor", row.investor)
    url = f"/admin/obstacle/edit/?id={row.id}"
    form = typed(client.soup(url))
    assert "project" not in form
    done = {"state": "solved", "solved_on": day(TODAY), "solution": "Đã có giống"}
    assert client.post_form(url, form | done).status_code == 302
    session.expire_all()
    assert (row.state, row.solved_on) == (ObstacleState.SOLVED, TODAY)

    other = make_project(session, investor=row.investor)
    form = typed(client.soup(url), project=str(other.id))
    assert client.post_form(url, form).status_code == 422
    session.expire_all()
    assert row.project_id != other.id


def test_a_foreign_one_is_missing(session, client_for, two):
    mine, foreign = two
    client = client_for("investor", mine.investor)
    for path in ("details", "edit", "delete-confirm"):
        assert client.get(f"/admin/obstacle/{path}/?id={mine.id}").status_code == 200
        assert client.get(f"/admin/obstacle/{path}/?id={foreign.id}").status_code == 404
    url = f"/admin/obstacle/edit/?id={foreign.id}"
    assert client.post_form(url, {"content": "x"}).status_code == 404
    assert client.post_form("/admin/obstacle/delete/", {"id": foreign.id}).status_code == 404
    pages = ("/admin/obstacle/", "/admin/obstacle/export/csv/", "/admin/obstacle/?search=dat")
    for page in pages:
        assert foreign.content not in client.get(page).text
    assert mine.content in client.get("/admin/obstacle/").text


@pytest.mark.parametrize(
    ("role", "may"), [("officer", True), ("admin", False), ("finance", False), ("leader", False),
                      ("auditor", False)],
)  # fmt: skip
def test_who_may_change_the_register(client_for, two, role, may):
    client = client_for(role)
    row = two[0]
    assert client.get("/admin/obstacle/").status_code == 200
    assert client.get(f"/admin/obstacle/details/?id={row.id}").status_code == 200
    for url in (NEW, f"/admin/obstacle/edit/?id={row.id}"):
        assert client.get(url).status_code == (200 if may else 403)
        assert client.post_form(url, {}).status_code in ({409, 422} if may else {403})


def test_filters(session, client_for):
    unit = make_investor(session, short_name="Đơn vị lọc")
    project = make_project(session, investor=unit)
    make_obstacle(session, project=project, content="Mot", cause="site", solver="unit")
    make_obstacle(session, content="Hai", promised_on=TODAY - DAY)
    make_obstacle(session, content="Ba", promised_on=TODAY)
    make_obstacle(session, content="Bon", promised_on=TODAY + DAY)
    make_obstacle(
        session, content="Nam", promised_on=TODAY - DAY, state="solved", solved_on=TODAY,
        solution="Xong",
    )  # fmt: skip
    client = client_for("officer")

    def shown(query):
        cells = client.soup(f"/admin/obstacle/?{query}").select("td.col-content")
        return {cell.get_text(strip=True) for cell in cells}

    assert shown(f"flt0_investor={unit.id}") == {"Mot"}
    assert shown("flt0_cause=site") == {"Mot"}
    assert shown("flt0_solver=unit") == {"Mot"}
    assert shown("flt0_state=solved") == {"Nam"}
    assert shown("flt0_overdue=1") == {"Hai"}
    assert shown("flt0_overdue=0") == {"Mot", "Ba", "Bon", "Nam"}


def test_age_counts_to_today_or_to_the_day_it_was_solved(session, client_for):
    make_obstacle(session, content="Mot", raised_on=TODAY)
    make_obstacle(session, content="Hai", raised_on=TODAY - 12 * DAY)
    row = make_obstacle(
        session, content="Ba", raised_on=TODAY - 12 * DAY, state="solved",
        solved_on=TODAY - 9 * DAY, solution="Xong",
    )  # fmt: skip
    client = client_for("leader")
    ages = {
        line.select_one(".col-content").get_text(strip=True): line.select_one(".col-age").text
        for line in client.soup("/admin/obstacle/").select("tbody tr")
    }
    assert {key: int(age) for key, age in ages.items()} == {"Mot": 0, "Hai": 12, "Ba": 3}
    assert "Xong" in client.get(f"/admin/obstacle/details/?id={row.id}").text


def test_the_list_of_a_period_and_its_file(session, client_for, two):
    make_period(session)
    mine, foreign = two
    mine.promised_on = date(2024, 3, 30)
    client = client_for("leader")
    page = client.soup(LIST)
    assert [cell.text for cell in page.select("td.words")][::2] == [mine.content, "Thiếu đất"]
    assert "Quá hạn 1 ngày" in page.text
    assert [bar["value"] for bar in page.select("progress")] == ["100.0", "100.0"]

    reply = client.get("/admin/reports/obstacles.csv?period=2024-03&headers=keys")
    rows = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
    assert [row["content"] for row in rows] == [mine.content, foreign.content]
    assert rows[0]["age_days"] == "45"
    assert "attachment" in reply.headers["Content-Disposition"]

    own = client_for("investor", mine.investor)
    for url in (LIST, LIST.replace("?", ".csv?")):
        text = own.get(url).text
        assert mine.content in text
        assert foreign.content not in text


def test_a_period_without_obstacles_and_one_that_is_not_there(session, client_for):
    client = client_for("leader")
    assert client.get("/admin/reports/obstacles").status_code == 200
    make_period(session)
    assert client.soup(LIST).select("table") == []
    assert client.get("/admin/reports/obstacles?period=2031-01").status_code == 404
    assert client.get("/admin/reports/obstacles.csv?period=2031-01").status_code == 404
    assert client.get(f"{LIST}&headers=x").status_code == 400


@pytest.mark.parametrize("url", ["/admin/obstacle/", LIST])
def test_pages_cost_the_same_for_1_and_20(session, client_for, count_queries, url):
    make_period(session)
    client, sent = client_for("officer"), []
    for number in (1, 19):
        for _n in range(number):
            make_obstacle(session)
        client.get(url)  # the first request after a change of rows fills caches
        with count_queries() as seen:
            assert client.get(url).status_code == 200
        sent.append(len(seen))
    assert sent[0] == sent[1]


def test_an_open_one_warns_and_a_solved_one_does_not(session, client_for):
    make_period(session)
    make_obstacle(session)
    make_obstacle(session, state="in_hand")
    make_obstacle(session, state="solved", solved_on=date(2024, 3, 20), solution="Xong")
    client = client_for("leader")
    for url in ("/admin/obstacle/", LIST):
        badges = client.soup(url).select("table .badge")
        kinds = {badge["class"][-1] for badge in badges}
        assert len(badges) == 3
        assert kinds == {"badge-warn", "badge-info", "badge-ok"}


def test_markup_in_an_obstacle_is_text(session, client_for):
    make_period(session)
    row = make_obstacle(session, content="<script>x</script>", proposal="<b>y</b>")
    client = client_for("officer")
    for url in ("/admin/obstacle/", f"/admin/obstacle/details/?id={row.id}", LIST, "/admin/"):
        text = client.get(url).text
        assert "<script>x" not in text
        assert "<b>y" not in text
