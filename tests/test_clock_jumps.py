"""The clock of the machine jumps, forward and back: nothing is lost, and nobody is shut out."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from lxml import html

from models import ProgressEntry, Submission
from models.people import CodeMaker, hash_password, seal
from tests.conftest import KEY, sign_in
from tests.crowd import filled, is_sheet
from tests.factories import make_allocation, make_expected, make_period, make_project, make_user

PASSWORD = "ba con trâu trắng"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AT = datetime(2024, 4, 2, 2, 0, 10, tzinfo=UTC)
DAYS = [-400, -1, 1, 400]
MONTH = "2024-03"


def give_code(client, at):
    """Whether the code that a telephone shows at that time leads in."""
    with time_machine.travel(at, tick=False):
        client.post_form("/login", {"username": "canbo", "password": PASSWORD})
        client.post_form("/login/second", {"code": pyotp.TOTP(SECRET).at(at)})
        return client.get("/admin/").status_code == 200


@pytest.mark.parametrize("days", DAYS)
def test_codes_of_the_telephone_lead_in_after_a_jump_and_again_after_it_is_mended(
    session, client_for, days
):
    user = make_user(session, "officer", username="canbo", password_hash=hash_password(PASSWORD))
    session.add(CodeMaker(user_id=user.id, secret=seal(SECRET, [KEY]), last_counter=0, added_at=AT))
    session.commit()
    assert give_code(client_for(None), AT + timedelta(days=days))
    assert give_code(client_for(None), AT)
    assert not give_code(client_for(None), AT)  # each once, as ever
    assert give_code(client_for(None), AT + timedelta(minutes=2))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("days", DAYS)
def test_a_jump_costs_no_generation_of_backups(app, tmp_path, days):
    def backup(at):
        with time_machine.travel(at, tick=False):
            told = app.test_cli_runner().invoke(args=["backup", "--keep", "2d", str(tmp_path)])
        assert told.exit_code == 0, told.output
        return {one.name for one in tmp_path.glob("*.zip")}

    before = backup(AT - timedelta(days=1)) | backup(AT)
    assert len(before) == 2
    wrong = backup(AT + timedelta(days=days))
    assert len(wrong - before) == 1  # what was just made stays
    mended = backup(AT + timedelta(hours=2))
    fresh = mended - wrong
    assert len(fresh) == 1
    # a day that seems to begin takes the place of the oldest, as ever; one that is past takes none
    expected = {AT} if days > 0 else {AT, AT - timedelta(days=1)}
    assert {f"{one:%Y%m%d}" for one in expected} <= {one[7:15] for one in mended}


def sheet(client, page):
    return next(filter(is_sheet, html.fromstring(client.get(page).text).forms))


@pytest.mark.parametrize("days", DAYS)
def test_what_was_typed_before_a_jump_is_saved_or_said_and_every_page_answers(
    session, app, client_for, days
):
    with time_machine.travel(AT, tick=False):
        month = make_period(session, MONTH)
        project = make_project(session)
        make_allocation(session, project=project)
        make_expected(session, investor=project.investor, period=month)
        unit = make_user(session, "investor", investors=[project.investor])
        officer = make_user(session, "officer")
        client = app.test_client()
        sign_in(client, unit, session)
        page = f"/admin/my-report/{MONTH}"
        form = filled(sheet(client, page), 1)
        form.pop("csrf_token")  # that of the sign-in afterwards
    with time_machine.travel(AT + timedelta(days=days), tick=False):
        sign_in(client, unit, session)
        saved = client.post_form(page, form | {"action": "save"})
        assert saved.status_code in (303, 409, 422), saved.text[:2_000]
        session.rollback()
        stored = session.scalars(sa.select(ProgressEntry.progress_text)).all()
        assert stored == ["lần 1"] or "lần 1" in saved.text
        chief = app.test_client()
        sign_in(chief, officer, session)
        for address in (
            "/admin/", "/admin/review/", f"/admin/review/{MONTH}", "/admin/entry/",
            f"/admin/reports/late?period={MONTH}", "/admin/reminders/", "/admin/obstacle/",
        ):  # fmt: skip
            assert chief.get(address, follow_redirects=True).status_code == 200, address
    with time_machine.travel(AT + timedelta(minutes=5), tick=False):
        sign_in(client, unit, session)
        again = filled(sheet(client, page), 2)
        again.pop("csrf_token")
        assert client.post_form(page, again | {"action": "save"}).status_code == 303
        session.rollback()
        assert session.scalars(sa.select(ProgressEntry.progress_text)).all() == ["lần 2"]
        assert len(session.scalars(sa.select(Submission)).all()) == 1
