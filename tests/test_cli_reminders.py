"""`flask reminders`: what it says, what it posts, and its exit status for cron."""

import pytest
from sqlalchemy import select

from models import Digest, Investor, Reminder
from tests.factories import make_expected, make_investor, make_period, make_user
from tests.mail_server import free_port, mail_server

FIRST = "2024-04-04T08:00"


@pytest.fixture
def inbox(app, monkeypatch):
    with mail_server() as inbox:
        monkeypatch.setitem(app.config, "SMTP_URL", inbox.url)
        monkeypatch.setitem(app.config, "MAIL_FROM", "bao-cao@huulung.example")
        monkeypatch.setitem(app.config, "PUBLIC_URL", "https://b.example")
        yield inbox


@pytest.fixture
def march(session):
    period = make_period(session)
    for name in ("mot", "hai"):
        unit = make_investor(session, short_name=f"UBND xã {name}", email=f"{name}@b.example")
        make_expected(session, period, unit)
    return period


@pytest.fixture
def run(app, session):
    runner = app.test_cli_runner()

    def invoke(*arguments, status=0):
        session.commit()
        result = runner.invoke(args=["reminders", *arguments])
        session.commit()
        session.expire_all()
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result.output

    return invoke


def test_send_tells_each_mail_and_the_sum(run, inbox, march, session):
    said = run("send", "--as-of", FIRST)
    lines = said.splitlines()
    assert [line.split(" · ")[:4] for line in lines[:2]] == [
        ["2024-03", "T-5", "UBND xã mot", "mot@b.example"],
        ["2024-03", "T-5", "UBND xã hai", "hai@b.example"],
    ]
    assert "2" in lines[-1]
    assert inbox.to == ["hai@b.example", "mot@b.example"]
    for recipients, mail in inbox.mails:
        unit = session.scalars(select(Investor).where(Investor.email == recipients[0])).one()
        page = f"https://b.example/admin/my-report/2024-03?investor={unit.id}"
        assert f'"{page}"' in mail.get_body(("html",)).get_content()


def test_a_second_call_has_nothing_to_do(run, inbox, march):
    run("send", "--as-of", FIRST)
    run("send", "--as-of", "2024-04-04T08:15")
    run("send", "--as-of", "2024-04-01T08:00")
    assert len(inbox.mails) == 2


def test_a_moment_is_read_on_a_clock_in_vietnam(run, inbox, march):
    run("send", "--as-of", "2024-04-04T07:59:59")
    assert inbox.mails == []
    run("send", "--as-of", "2024-04-04T01:00:00+00:00")
    assert len(inbox.mails) == 2


def test_a_dry_run_posts_and_writes_nothing(run, session, march):
    said = run("send", "--dry-run", "--as-of", FIRST)
    assert "mot@b.example" in said
    assert "hai@b.example" in said
    assert session.scalar(select(Reminder)) is None


LATER = "2024-04-05T08:00"  # between T-5 and T-2 of March
LATE = "2024-04-12T08:00"  # between T+1 and T+8


@pytest.mark.parametrize("moment", [FIRST, "2024-04-04T07:59:59", LATER, LATE])
def test_a_dry_run_says_every_mail_that_the_run_then_sends(run, session, inbox, march, moment):
    for name in ("can-bo", "pho-phong"):
        make_user(session, "officer", email=f"{name}@b.example")
    for earlier in (FIRST, "2024-04-10T08:00"):
        if earlier < moment:
            run("send", "--as-of", earlier)
    inbox.mails.clear()
    said = run("send", "--dry-run", "--as-of", moment).splitlines()
    announced = [line.split(" · ")[:-1] for line in said if "@" in line]
    told = run("send", "--as-of", moment).splitlines()
    assert announced == [line.split(" · ")[:-1] for line in told if "@" in line]
    assert sorted(line[-1] for line in announced) == inbox.to
    assert said[-1].startswith(f"Sẽ gửi {len(inbox.mails)} thư")
    assert len(inbox.mails) == {FIRST: 4, LATE: 2}.get(moment, 0)


def test_officers_are_told_in_the_same_run(run, session, inbox, march):
    make_user(session, "officer", email="can-bo@b.example")
    said = run("send", "--as-of", FIRST)
    assert "can-bo@b.example" in said
    assert session.scalar(select(Digest)) is not None


def test_without_a_mail_server_nothing_is_sent_and_the_status_is_1(run, session, march):
    assert "SMTP_URL" in run("send", "--as-of", FIRST, status=1)
    assert session.scalar(select(Reminder)) is None


def test_a_failure_is_told_with_status_1_and_mended_by_the_next_call(
    run, app, inbox, march, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setitem(app.config, "SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
        assert "refused" in run("send", "--as-of", FIRST, status=1)
    run("send", "--as-of", "2024-04-04T08:15")
    assert len(inbox.mails) == 2


def test_a_unit_without_address_is_told_and_no_failure(run, session, inbox):
    period = make_period(session)
    make_expected(session, period, make_investor(session, short_name="Hội Nông dân"))
    assert "Hội Nông dân" in run("send", "--as-of", FIRST)


def test_list_shows_what_was_sent(run, inbox, march):
    run("list", "--period", "2024-03")
    inbox.refused = {"hai@b.example"}
    run("send", "--as-of", FIRST, status=1)
    said = run("list", "--period", "2024-03").splitlines()
    assert len(said) == 2
    assert "08:00 04/04/2024 · UBND xã mot · T-5" in said[0]
    assert "550 no such mailbox" in said[1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("send", "--as-of", "hôm qua"),
        ("list", "--period", "2024-99"),
        ("list", "--period", "2025-01"),
    ],
)
def test_what_cannot_be_understood_is_refused(run, inbox, arguments):
    assert run(*arguments, status=1)
    assert inbox.mails == []
