"""What people and programs may type into record screens (battery, rows 46-59 and 67-79)."""

import unicodedata
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from bs4 import BeautifulSoup

from models import Component, ProgressEntry, Project
from tests.factories import (
    make_component,
    make_entry,
    make_investor,
    make_period,
    make_project,
    make_submission,
)


@pytest.fixture
def officer(client_for) -> Any:
    return client_for("officer")


@pytest.fixture
def base(session) -> dict[str, Any]:
    """A form of a project that is right in every field."""
    investor, component = make_investor(session), make_component(session)
    session.commit()
    return {
        "code": "D01",
        "name": "Mô hình nuôi dê",
        "component": component.id,
        "investor": investor.id,
        "start_on": "01/01/2024",
        "status": "active",
    }


def project(session) -> Any:
    session.rollback()
    return session.scalar(sa.select(Project).where(Project.code == "D01"))


def error_of(reply, name: str) -> str:
    """The message at one field of the form that came back."""
    found = BeautifulSoup(reply.text, "html.parser").select_one(f"#{name}-error")
    return found.get_text(strip=True) if found else ""


def test_the_plain_form_saves(officer, session, base):
    assert officer.post_form("/admin/project/new/", base).status_code == 302
    assert project(session).name == "Mô hình nuôi dê"


def test_a_huge_text_is_413(officer, session, base):  # row 46
    reply = officer.post_form("/admin/project/new/", base | {"name": "x" * 10_000_000})

    assert reply.status_code == 413
    assert project(session) is None


def test_a_text_over_the_limit_is_422_and_kept(officer, session, base):  # row 46
    reply = officer.post_form("/admin/project/new/", base | {"name": "x" * 4_001})

    assert reply.status_code == 422
    assert "4001" in error_of(reply, "name")
    assert "x" * 4_001 in reply.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", "application/json"),
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"code=%zz&name=%", "application/x-www-form-urlencoded"),
        (b"code=\xff\xfe&name=\xc3", "application/x-www-form-urlencoded"),
        (b"", "text/plain"),
    ],
)
def test_a_broken_body_is_refused(officer, session, body, kind):  # row 47
    reply = officer.post(
        "/admin/project/new/",
        data=body,
        content_type=kind,
        headers={"X-CSRFToken": officer.token()},
    )

    assert reply.status_code in {400, 422}
    assert project(session) is None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Hữu Lũng", "Hữu Lũng"),  # row 55: composed
        (unicodedata.normalize("NFD", "Hữu Lũng"), "Hữu Lũng"),  # row 55: decomposed
        ("a\x00b", "ab"),  # row 56
        ("a\x07b\ufffec", "abc"),
        ("\u202egnol\u2069", "gnol"),  # row 57
        ("tốt 👍🏽", "tốt 👍🏽"),
        ("  hai   khoảng  ", "hai   khoảng"),
    ],
)
def test_text_is_stored_clean(officer, session, base, typed, stored):
    assert officer.post_form("/admin/project/new/", base | {"name": typed}).status_code == 302
    assert project(session).name == stored


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "\u202e"])
def test_text_of_nothing_is_not_filled_in(officer, session, base, typed):  # row 56
    reply = officer.post_form("/admin/project/new/", base | {"name": typed})

    assert reply.status_code == 422
    assert error_of(reply, "name")


@pytest.mark.parametrize(
    "typed",
    ["<script>window.hit=1</script>", '"><img src=x onerror=hit()>', "{{7*7}}", "${7*7}"],
)
def test_markup_is_shown_as_text(officer, session, base, typed):
    officer.post_form("/admin/project/new/", base | {"name": typed})
    row = project(session)

    for page in ("", f"details/?id={row.id}", f"edit/?id={row.id}", f"?search={typed}"):
        text = officer.get(f"/admin/project/{page}").text
        assert "<script>window" not in text
        assert "<img src=x" not in text
    assert row.name == typed


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("huu lien", True),
        ("HỮU LIÊN", True),
        ("hữu liên", True),
        ("duong", True),
        ("đường", True),
        ("Đ", True),
        ("d", True),
        ("lien huu", True),
        ("%", False),
        ("_", False),
        ("'", False),
        ("\\", False),
        ("h%n", False),
        ("\x00", True),  # nothing is left, so nothing is asked
    ],
)
def test_search_folds_and_takes_wildcards_as_letters(client_for, session, term, found):  # row 59
    make_component(session, code="A", name="Đường liên thôn Hữu Liên", short_name="Đường")

    page = client_for("admin").get("/admin/component/", query_string={"search": term})

    assert page.status_code == 200
    assert ("Đường liên thôn" in page.text) is found


def test_a_wildcard_finds_itself(client_for, session):  # row 59
    make_component(session, code="A", name="Đạt 100% kế hoạch", short_name="x")
    make_component(session, code="B", name="Khác", short_name="y")

    page = client_for("admin").soup("/admin/component/?search=100%25")

    assert len(page.select("table.model-list tbody tr")) == 1


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234.567", 1_234_567),  # row 67
        ("1234567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("１２３", 123),  # row 71
        ("1.234.567 đ", 1_234_567),
        ("1\u00a0234\u00a0567", 1_234_567),
        ("0", 0),  # row 72
        ("999999999999999", 10**15 - 1),
        ("1,234,567", 1_234_567),  # row 68: two marks settle it
        ("80.000.000,00", 80_000_000),
        ("12,5 triệu", 12_500_000),
        ("80tr", 80_000_000),
        ("", None),
    ],
)
def test_an_amount_is_read_in_the_vietnamese_way(officer, session, base, typed, amount):
    form = base | {"total_investment": typed}

    assert officer.post_form("/admin/project/new/", form).status_code == 302
    assert project(session).total_investment == amount


@pytest.mark.parametrize(
    "typed",
    [
        "1.234.567,5",  # row 67
        "1,234",  # row 68: two marks would settle it
        "1234567.5",
        "12.34",  # row 69
        "1e309",  # row 70
        "1e3",
        "NaN",
        "Infinity",
        "1_000",
        "0x10",
        "--5",
        "٣",
        "-1",  # row 72
        "1000000000000000",
        "9" * 40,
        "nghìn",
    ],
)
def test_an_unclear_amount_is_refused_and_kept(officer, session, base, typed):
    reply = officer.post_form("/admin/project/new/", base | {"total_investment": typed})

    assert reply.status_code == 422
    assert error_of(reply, "total_investment")
    field = BeautifulSoup(reply.text, "html.parser").select_one("#total_investment")
    assert field["value"] == typed
    assert project(session) is None


@pytest.mark.parametrize("typed", ["101", "-1", "12,345", "x", "1e1", "100,01"])
def test_progress_beyond_a_hundred_is_refused(officer, session, typed):  # row 73
    row = make_project(session)
    period = make_period(session)
    session.commit()

    reply = officer.post_form(
        "/admin/entry/new/",
        {"period": period.id, "project": row.id, "physical_progress": typed},
    )

    assert reply.status_code == 422
    assert error_of(reply, "physical_progress")


@pytest.mark.parametrize(
    "typed",
    [
        "31/02/2026",
        "29/02/2027",
        "13/2026",
        "00/2026",
        "01/13/2026",
        "01/01/26",
        "01/01/9999",
        "2026-10-31T00:00",
        "2026-13-01",
        "hôm nay",
    ],
)
def test_a_day_that_is_none_is_422_at_its_field(officer, session, base, typed):  # row 74
    reply = officer.post_form("/admin/project/new/", base | {"end_on": typed})

    assert reply.status_code == 422
    assert typed in error_of(reply, "end_on")
    assert project(session) is None


@pytest.mark.parametrize("typed", ["02/03/2026", "2/3/2026", "2026-03-02", "02-03-2026"])
def test_the_second_of_march(officer, session, base, typed):  # row 75
    assert officer.post_form("/admin/project/new/", base | {"end_on": typed}).status_code == 302
    assert project(session).end_on == date(2026, 3, 2)


def test_the_last_day_before_the_first_is_said_at_the_field(officer, base):
    reply = officer.post_form("/admin/project/new/", base | {"end_on": "31/12/2023"})

    assert reply.status_code == 422
    assert "31/12/2023" in error_of(reply, "end_on")


def test_a_second_entry_leads_to_the_first(officer, session):  # row 76
    row = make_project(session)
    period = make_period(session)
    first = make_entry(
        session,
        project=row,
        submission=make_submission(session, investor=row.investor, period=period),
    )
    session.commit()

    reply = officer.post_form("/admin/entry/new/", {"period": period.id, "project": row.id})

    assert reply.status_code == 422
    assert f"/admin/entry/edit/?id={first.id}" in reply.text
    assert session.scalar(sa.select(sa.func.count()).select_from(ProgressEntry)) == 1


@pytest.mark.parametrize(
    ("code", "project_days"),
    [
        ("2024-04", {}),  # a month that has not begun
        ("2024-02", {"start_on": date(2024, 3, 1)}),
        ("2024-03", {"end_on": date(2024, 2, 29)}),
    ],
)
def test_an_entry_at_the_wrong_time_is_422(client_for, session, code, project_days):  # row 79
    with time_machine.travel("2024-03-20T03:00:00Z", tick=False):
        officer = client_for("officer")
        row = make_project(session, **project_days)
        period = make_period(session, code)
        session.commit()
        reply = officer.post_form("/admin/entry/new/", {"period": period.id, "project": row.id})

    assert reply.status_code == 422
    assert error_of(reply, "period") or error_of(reply, "project")
    assert session.scalar(sa.select(sa.func.count()).select_from(ProgressEntry)) == 0


@pytest.mark.parametrize("code", ["C 1", "Ｃ１", "đ-1"])
def test_a_code_is_used_once(client_for, session, code):
    admin = client_for("admin")
    form = {
        "code": code,
        "name": "x",
        "short_name": "x",
        "sort_order": "0",
        "valid_from": "01/01/2024",
        "parent": "",
    }

    assert admin.post_form("/admin/component/new/", form).status_code == 302
    reply = admin.post_form("/admin/component/new/", form)

    assert reply.status_code == 422
    assert error_of(reply, "code")
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Component)) == 1


@pytest.mark.parametrize("role", ["leader", "officer"])
def test_no_message_shows_sql_or_a_path(client_for, session, base, role):
    client = client_for(role)
    for address in (
        "/admin/project/?search=%27%22",
        "/admin/project/details/?id=abc",
        "/admin/entry/?flt0_status=x",
    ):
        text = client.get(address).text
        assert not any(word in text for word in ("SELECT ", "sqlalchemy", "Traceback", ".py"))
