"""An obstacle has one home: what a report tells is in the register and in Biểu 05, once."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from models import Obstacle
from models.base import Actor, local_day, now
from models.filing import return_report, send_report
from models.returns import register_obstacles
from reports.obstacles import obstacles_by_part
from tests.doors import Doors
from tests.factories import (
    make_allocation,
    make_entry,
    make_obstacle,
    make_period,
    make_submission,
)

NOW = datetime(2024, 4, 5, 2, tzinfo=UTC)
ME = Actor(user_id=None, name="Xã")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def doors(app, session, client_for, tmp_path):
    return Doors(app, session, client_for, tmp_path)


@pytest.fixture
def project(session):
    return make_allocation(session, 1_000_000).project


def told(session):
    session.expire_all()
    rows = session.scalars(sa.select(Obstacle).order_by(Obstacle.raised_on, Obstacle.content))
    return [(row.content, row.raised_on, row.state.value) for row in rows]


def tell(session, project, text, code="2024-03", proposals=None):
    """One sent report that tells this."""
    report = make_submission(session, period=make_period(session, code), investor=project.investor)
    entry = make_entry(
        session,
        project=project,
        submission=report,
        physical_progress=5,
        progress_text="Đang làm",
        obstacles=text,
        proposals=proposals,
    )
    send_report(session, report, at=now(), actor=ME)
    return report, entry


def again(session, report, entry, text):
    """The same report returned, corrected and sent again."""
    report.status = "returned"
    entry.obstacles = text
    session.flush()
    send_report(session, report, at=now(), actor=ME)


def test_what_the_sheet_tells_is_in_the_register_once_it_is_sent(
    doors, session, client_for, project
):
    make_period(session)
    session.commit()
    typed = {
        "version": "0",
        "form_key": "one",
        f"p{project.id}-progress_text": "Đang làm",
        f"p{project.id}-obstacles": "Chưa có mặt bằng",
        f"p{project.id}-proposals": "Đề nghị huyện bố trí",
    }
    unit = client_for("investor", project.investor)
    assert unit.post_form("/admin/my-report/2024-03", typed).status_code == 303
    assert told(session) == []  # a draft tells nobody
    version = unit.soup("/admin/my-report/2024-03").select_one("[name=version]")["value"]
    typed |= {"version": version, "form_key": "two", "action": "send"}
    assert unit.post_form("/admin/my-report/2024-03", typed).status_code == 303
    assert told(session) == [("Chưa có mặt bằng", date(2024, 3, 31), "open")]
    row = session.scalar(sa.select(Obstacle))
    assert (row.proposal, row.solver.value) == ("Đề nghị huyện bố trí", "district")
    for url in ("/admin/obstacle/", "/admin/reports/obstacles?period=2024-03"):
        assert "Chưa có mặt bằng" in client_for("officer").get(url).text
    report = client_for("officer").get("/admin/reports/consolidated?period=2024-03&detail=project")
    assert "Chưa có mặt bằng" in report.text


def test_nothing_on_the_sheet_leads_away_from_it(session, client_for, project):
    make_period(session)
    make_obstacle(session, project=project, content="Thiếu giống")
    session.commit()
    page = client_for("investor", project.investor).soup("/admin/my-report/2024-03")
    links = page.select("form.sheet a[href*='/admin/obstacle/']")
    assert [one.text for one in links] == ["Thiếu giống"]
    assert all(one["target"] == "_blank" for one in links)


def test_a_corrected_text_changes_its_row_and_no_text_takes_it_back(session, project):
    report, entry = tell(session, project, "Chưa có mặt bằng")
    again(session, report, entry, "Chưa có mặt bằng thôn 2")
    assert [words for words, *_rest in told(session)] == ["Chưa có mặt bằng thôn 2"]
    again(session, report, entry, None)
    assert told(session) == []


def test_what_somebody_has_in_hand_stays(session, project):
    report, entry = tell(session, project, "Chưa có mặt bằng")
    session.scalar(sa.select(Obstacle)).state = "in_hand"
    again(session, report, entry, None)
    assert [state for *_rest, state in told(session)] == ["in_hand"]


@pytest.mark.parametrize(
    "entered", [{"promised_on": date(2024, 5, 1)}, {"cause": "site"}, {"solver": "province"}]
)
def test_what_was_entered_in_the_register_is_not_lost_with_the_text(session, project, entered):
    report, entry = tell(session, project, "Chưa có mặt bằng")
    row = session.scalar(sa.select(Obstacle))
    for field, value in entered.items():
        setattr(row, field, value)
    again(session, report, entry, None)
    assert [state for *_rest, state in told(session)] == ["open"]


def test_what_is_told_beside_a_solved_one_is_a_row_of_its_own(session, project):
    report, entry = tell(session, project, "Chưa có mặt bằng")
    row = session.scalar(sa.select(Obstacle))
    row.state, row.solved_on, row.solution = "solved", date(2024, 4, 4), "Đã giao"
    solved = ("Chưa có mặt bằng", date(2024, 3, 31), "solved")
    for text in ("Chưa có mặt bằng", None):
        again(session, report, entry, text)
        assert told(session) == [solved]
    for text in ("Thiếu giống", "Thiếu giống lúa"):
        again(session, report, entry, text)
        assert told(session) == [solved, (text, date(2024, 3, 31), "open")]
    again(session, report, entry, "Chưa có mặt bằng")
    assert told(session) == [solved]


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ("open", []),
        ("promised", ["open"]),
        ("in_hand", ["in_hand"]),
        ("solved", ["solved"]),
    ],
)
def test_what_went_with_its_entry_is_taken_back_when_the_report_is_sent_again(
    session, client_for, project, state, left
):
    """The entry of a report that was returned is deleted by an officer."""
    make_obstacle(session, project=project, content="Thiếu giống")  # of the register itself
    report, entry = tell(session, project, "Chưa có mặt bằng")
    tell(session, project, "Mưa lũ", "2024-02")
    [row] = session.scalars(sa.select(Obstacle).where(Obstacle.period_id == report.period_id))
    if state == "solved":
        row.solved_on, row.solution = date(2024, 4, 4), "Đã giao"
    if state == "promised":
        row.promised_on = date(2024, 5, 1)
    else:
        row.state = state
    report.status = "returned"
    session.commit()
    others = [one for one in told(session) if one[0] != "Chưa có mặt bằng"]
    assert len(others) == 2
    form = {"id": str(entry.id)}
    assert client_for("officer").post_form("/admin/entry/delete/", form).status_code == 302
    session.expire_all()
    report.nil_report = True
    send_report(session, report, at=now(), actor=ME)
    assert [one for one in told(session) if one in others] == others
    assert [one[2] for one in told(session) if one not in others] == left


def test_the_same_words_in_the_next_month_are_the_same_obstacle(session, project):
    tell(session, project, "Chưa có mặt bằng", "2024-02")
    report, _entry = tell(session, project, "chưa có mặt bằng ", "2024-03")
    tell_other = make_obstacle(session, project=project, content="Thiếu giống")
    assert [words for words, *_rest in told(session)] == ["Thiếu giống", "Chưa có mặt bằng"]
    rows = obstacles_by_part(session, period=report.period, as_of=now())
    assert [row.content for row in rows] == [tell_other.content, "Chưa có mặt bằng"]


def test_what_stands_in_the_register_already_is_not_opened_again(session, project):
    make_obstacle(session, project=project, content="Thiếu giống")
    tell(session, project, "Thiếu giống")
    assert len(told(session)) == 1


def test_what_was_solved_before_the_period_is_a_new_one(session, project):
    make_obstacle(
        session,
        project=project,
        content="Thiếu giống",
        state="solved",
        solved_on=date(2024, 2, 29),
        solution="Đã cấp",
    )
    tell(session, project, "Thiếu giống")
    assert [state for *_rest, state in told(session)] == ["solved", "open"]


def test_sent_before_the_month_is_over_it_is_raised_today(session, project):
    tell(session, project, "Mưa lũ", "2024-04")
    assert told(session) == [("Mưa lũ", date(2024, 4, 5), "open")]


def test_a_package_tells_as_well_and_twice_is_once(doors, session, project):
    period = make_period(session)
    make_submission(session, period=period, investor=project.investor, status="submitted")
    row = {"project_code": project.code, "period": "2024-03", "obstacles": "Chưa có hướng dẫn"}
    for _time in range(2):
        assert doors.load(entries=[row]) is None
    assert told(session) == [("Chưa có hướng dẫn", date(2024, 3, 31), "open")]


def proposed(session):
    session.expire_all()
    return [(row.proposal, row.solver.value) for row in session.scalars(sa.select(Obstacle))]


def corrected(session, report, entry, proposals):
    """The report returned as the office does it, with another proposal sent again."""
    return_report(session, report, reason="Rà soát lại", at=now(), actor=ME)
    entry.proposals = proposals
    session.flush()
    send_report(session, report, at=now(), actor=ME)


def test_a_proposal_that_is_taken_out_of_a_report_leaves_the_register(session, project):
    """A row says what its report says; with a proposal it is for the district to answer."""
    report, entry = tell(session, project, "Mưa lớn", proposals="Đề nghị huyện bố trí")
    corrected(session, report, entry, None)
    assert proposed(session) == [(None, "unit")]
    corrected(session, report, entry, "Xin thêm vốn")
    assert proposed(session) == [("Xin thêm vốn", "district")]
    corrected(session, report, entry, " ")
    assert proposed(session) == [(None, "unit")]


@pytest.mark.parametrize(
    ("entered", "stands"),
    [
        ({"proposal": "Huyện trình tỉnh"}, ("Huyện trình tỉnh", "district")),
        ({"solver": "province"}, (None, "province")),
        ({"state": "in_hand"}, (None, "district")),
    ],
)
def test_what_the_office_entered_beside_a_proposal_stays(session, project, entered, stands):
    report, entry = tell(session, project, "Mưa lớn", proposals="Đề nghị huyện bố trí")
    session.execute(sa.update(Obstacle).values(entered))
    corrected(session, report, entry, None)
    assert proposed(session) == [stands]


def test_a_proposal_of_the_register_alone_stays(session, project):
    report, entry = tell(session, project, "Mưa lớn")
    session.execute(sa.update(Obstacle).values(proposal="Huyện trình tỉnh"))
    corrected(session, report, entry, None)
    assert proposed(session) == [("Huyện trình tỉnh", "unit")]


def test_the_register_costs_the_same_for_1_and_20_reports(session, count_queries):
    period, sent = make_period(session), []
    for number in (1, 20):
        for _n in range(number):
            project = make_allocation(session).project
            report = make_submission(
                session, period=period, investor=project.investor, status="submitted"
            )
            make_entry(session, project=project, submission=report, obstacles="Mưa")
        session.commit()
        with count_queries() as seen:
            register_obstacles(session, day=local_day(now()))
        sent.append(sum("INSERT" not in str(one) for one in seen))
        session.commit()
    assert sent[0] == sent[1]
    assert len(told(session)) == 21
