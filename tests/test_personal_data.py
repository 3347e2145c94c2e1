"""What is stored about a person: given out on demand; a pseudonym in its place when they left."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import (
    Base,
    Channel,
    Delivery,
    Investor,
    Reminder,
    SignIn,
    User,
    db,
)
from models.base import AuditEntry, differing_triggers, fold, now
from models.people import give_password
from models.people.traces import SECRET, remaining
from tests.factories import (
    make_investor,
    make_period,
    make_remark,
    make_submission,
    make_user,
)

NAME, EMAIL, LOGIN = "Hoàng Thị Lan Phương", "lanphuong@huulung.example", "lanphuong"
PASSWORD = "Nương ngô trên đồi 7"


@pytest.fixture
def run(app):
    def run(*args, fails=False):
        done = app.test_cli_runner().invoke(args=list(args))
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    return run


@pytest.fixture
def person(app, session, client_for):
    """An officer who signed in, wrote remarks, got mail, and is the contact of a unit."""
    unit = make_investor(session, contact_name=NAME, phone="0205 3825 999", email=EMAIL)
    period = make_period(session)
    report = make_submission(session, period=period, investor=unit)
    user = make_user(session, "officer", username=LOGIN, full_name=NAME, email=EMAIL)
    give_password(user, PASSWORD, must_change=False)
    make_user(session, "admin", username="chu")
    session.commit()
    make_remark(session, report, user_id=user.id, user_name=NAME, text="Xem lại số này.")
    session.add(
        Reminder(
            investor_id=unit.id, period_id=period.id, step="due", channel=Channel.MAIL,
            recipient=EMAIL, at=now(), user_name=NAME, delivery=Delivery.FAILED,
            problem=f"550 <{EMAIL}> unknown",
        )
    )  # fmt: skip
    session.commit()
    client = client_for(user)
    client.post_form("/admin/account/email", {"email": "moi@huulung.example"})
    client.post_form("/admin/account/email", {"email": EMAIL})
    client_for(None).post_form("/login", {"username": LOGIN, "password": PASSWORD})
    client_for("admin").post_form(f"/admin/user/edit/?id={user.id}", {})  # refused: no key
    session.commit()
    return user


def test_everything_about_a_person_is_given_out_without_secrets(person, session, run):
    data = json.loads(run("users", "export", LOGIN))
    assert data["account"]["full_name"] == NAME
    assert data["account"]["email"] == EMAIL
    assert {"sign_in", "remark", "reminder", "investor"} <= set(data["records"])
    assert {one["action"] for one in data["audit_trail"]} >= {"update", "sign-in"}
    text = json.dumps(data)
    stored = session.get(User, person.id).password_hash
    assert stored[:20] not in text
    token = session.scalars(sa.select(SignIn.token_hash)).first()
    assert token not in text


def test_a_table_that_names_an_account_is_found_by_itself():
    """A column that holds what proves who somebody is must be called as `SECRET` knows it."""
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, sa.LargeBinary):
                continue
            assert not column.name.endswith("_hash") or SECRET.search(column.name)


def test_each_downloads_their_own_data_and_nobody_elses(person, session, client_for):
    unit = make_investor(session)
    other = make_user(session, "investor", username="xa", full_name="Vi Văn Xã")
    reply = client_for(other, unit).get("/admin/account/data.json")
    assert reply.status_code == 200
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["Cache-Control"] == "no-store"
    data = json.loads(reply.text)
    assert data["account"]["username"] == "xa"
    assert [one["code"] for one in data["units"]] == [unit.code]
    assert NAME not in reply.text
    assert client_for(None).get("/admin/account/data.json").status_code == 302


def test_the_page_of_the_account_offers_it(person, client_for):
    page = client_for(person).soup("/admin/account/")
    assert page.find("a", href="/admin/account/data.json")


def test_a_person_who_left_is_a_number_wherever_they_stood(person, session, run, engine):
    user_id = person.id
    done_before = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    session.commit()
    said = run("users", "anonymise", LOGIN, "--yes")
    session.expire_all()
    user = session.get(User, user_id)
    pseudonym = f"Người đã ẩn danh {user_id}"
    assert pseudonym in said
    assert (user.full_name, user.username) == (pseudonym, f"an-danh-{user_id}")
    assert (user.email, user.password_hash, user.enabled) == (None, None, False)
    assert remaining(session, NAME, EMAIL, "moi@huulung.example", LOGIN, fold(NAME)) == {}
    unit = session.scalars(sa.select(Investor)).first()
    assert (unit.contact_name, unit.phone, unit.email) == (None, None, None)
    assert remaining(session, "0205 3825 999") == {}
    assert not session.scalars(sa.select(SignIn).where(SignIn.user_id == user_id)).all()
    # what was done is still there, under the pseudonym
    trail = session.scalars(sa.select(AuditEntry).where(AuditEntry.user_id == user_id)).all()
    assert trail
    assert {one.user_name for one in trail} == {pseudonym}
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) > done_before
    last = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.action, last.label) == ("anonymise", pseudonym)
    with engine.connect() as connection:
        assert differing_triggers(connection) == {}  # the trail is append-only again


def test_the_trail_is_append_only_after_somebody_was_taken_out(person, session, run):
    run("users", "anonymise", LOGIN, "--yes")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text("UPDATE audit_entry SET user_name = 'x'"))
    session.rollback()


def test_an_anonymised_person_is_out_and_cannot_come_back(person, session, client_for, run):
    client = client_for(person)
    assert client.get("/admin/").status_code == 200
    run("users", "anonymise", LOGIN, "--yes")
    assert client.get("/admin/").status_code == 302
    for name in (LOGIN, f"an-danh-{person.id}"):
        reply = client_for(None).post_form("/login", {"username": name, "password": PASSWORD})
        assert reply.status_code == 422
    assert "được ẩn danh rồi" in run(
        "users", "anonymise", f"an-danh-{person.id}", "--yes", fails=True
    )


def test_the_last_administrator_stays(session, run):
    make_user(session, "admin", username="chu", full_name="Chủ Nhà")
    session.commit()
    run("users", "anonymise", "chu", "--yes", fails=True)
    session.expire_all()
    [user] = session.scalars(sa.select(User))
    assert (user.full_name, user.enabled) == ("Chủ Nhà", True)
    make_user(session, "admin", username="thay")
    session.commit()
    run("users", "anonymise", "chu", "--yes")


def test_it_is_asked_before_it_is_done(person, app, session):
    done = app.test_cli_runner().invoke(args=["users", "anonymise", LOGIN], input="n\n")
    assert done.exit_code == 1
    session.expire_all()
    assert session.get(User, person.id).full_name == NAME


def test_a_namesake_keeps_what_is_theirs(person, session, run):
    """What bears the name alone may be the other's: it stays, and both keep to their accounts."""
    other = make_user(session, "officer", username="phuong2", full_name=NAME)
    unit = make_investor(session, contact_name=NAME, phone="0912 345 678")
    session.add(
        AuditEntry(
            id=1_000, at=now() - timedelta(days=1), user_id=other.id, user_name=NAME,
            action="update", resource="setting", row_id="1", changes={},
        )
    )  # fmt: skip
    session.commit()
    run("users", "anonymise", LOGIN, "--yes")
    session.expire_all()
    assert session.get(User, other.id).full_name == NAME
    assert session.get(Investor, (unit.id,)).contact_name == NAME
    theirs = session.scalars(sa.select(AuditEntry).where(AuditEntry.user_id == other.id)).all()
    assert {one.user_name for one in theirs} == {NAME}
    assert remaining(session, EMAIL) == {}


@pytest.mark.parametrize(
    ("name", "email"),
    [(f"{NAME} Anh", f"em.{EMAIL}"), (f"Bùi {NAME}", f"chi-{EMAIL}"), ("Vi Văn Xã", f"v{EMAIL}")],
)
def test_whose_name_is_longer_keeps_it_whole_in_the_trail(
    person, session, client_for, run, name, email
):
    """“Lan Anh” is not the “Lan” who left, nor is lan@ the address an@."""
    other = make_user(session, "officer", username="khac", full_name=name, email=email)
    client = client_for(other)
    for address in ("tam@huulung.example", email):
        client.post_form("/admin/account/email", {"email": address})
    session.commit()
    about = sa.select(AuditEntry).where(AuditEntry.user_id == other.id).order_by(AuditEntry.id)

    def told():
        session.rollback()
        session.expire_all()
        return [
            (one.user_name, one.label, one.changes, one.search_text)
            for one in session.scalars(about)
        ]

    before = told()
    assert before[-1][2]["email"] == ["tam@huulung.example", email]
    run("users", "anonymise", LOGIN, "--yes")
    assert told() == before
    own = session.scalars(sa.select(AuditEntry).where(AuditEntry.user_id == person.id)).all()
    assert NAME not in str([(one.user_name, one.label, one.changes) for one in own])
    assert fold(NAME) not in " ".join(one.search_text for one in own)


def test_units_whose_contact_stays_are_not_counted(person, session, run):
    """A namesake may be the contact: nothing of the unit is changed then."""
    make_user(session, "officer", username="phuong2", full_name=NAME)
    make_investor(session, contact_name=NAME)
    session.commit()
    assert "investor: 1\n" in run("users", "anonymise", LOGIN, "--yes")  # by its address


def test_what_people_wrote_stays_and_is_told(person, session, run):
    unit = session.scalars(sa.select(Investor)).first()
    report = make_submission(session, period=make_period(session, "2024-04"), investor=unit)
    make_remark(session, report, user_name="Ai đó", text=f"Hỏi chị {NAME} nhé.")
    session.commit()
    said = run("users", "anonymise", LOGIN, "--yes")
    assert "remark.text: 1" in said or "remark" in said.split("Tên vẫn còn")[1]


def test_nothing_is_changed_when_it_breaks_off(person, session, app, monkeypatch):
    monkeypatch.setattr("models.people.anonymising.rewrite_trail", lambda *_a: 1 / 0)
    done = app.test_cli_runner().invoke(args=["users", "anonymise", LOGIN, "--yes"])
    assert done.exit_code == 1
    session.expire_all()
    assert session.get(User, person.id).full_name == NAME
    assert session.scalars(sa.select(SignIn)).first() is not None
    with app.app_context(), db.engine.connect() as connection:
        assert differing_triggers(connection) == {}
