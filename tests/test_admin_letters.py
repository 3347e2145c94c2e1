"""The page of letters, the download that is noted, the Word template, and the letter heads."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from admin.pages.letters import _two_working_days_after
from models import AuditEntry, Channel, Delivery, Holiday, LetterHead, LetterTemplate, Reminder
from models.base import local_day, now, today
from reports.letter import built_in
from tests.factories import (
    make_expected,
    make_investor,
    make_letter_head,
    make_period,
    make_submission,
)

PAGE = "/admin/letters/?period=2024-03"
DOWNLOAD = "/admin/letters/reminder.docx"


@pytest.fixture
def march(session):
    make_letter_head(session)
    return make_period(session, deadline_at=now() - timedelta(days=3))


def unit(session, period, **given):
    investor = make_investor(session, **given)
    make_expected(session, period, investor)
    return investor


def key_of(soup):
    return soup.select_one("input[name=form_key]")["value"]


def form_of(client, **given):
    later = local_day(now()) + timedelta(days=2)
    defaults = {
        "period": "2024-03",
        "due": f"{later:%d/%m/%Y}",
        "form_key": key_of(client.soup(PAGE)),
    }
    return defaults | given


def with_text(text):
    document = Document(BytesIO(built_in()))
    document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def send_template(client, content, name="mau.docx"):
    """The form of the page, written by hand: the test client leaves large bodies open on disk."""
    fields = {"csrf_token": client.token(), "form_key": key_of(client.soup(PAGE))}
    head = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    )
    head += f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return client.post(
        "/admin/letters/template",
        data=head.encode() + content + b"\r\n--b--\r\n",
        content_type="multipart/form-data; boundary=b",
    )


def test_the_page_lists_who_would_be_named(session, march, client_for):
    first = unit(session, march, name='UBND xã "Yên" & <Bình>')
    done = unit(session, march)
    make_submission(session, period=march, investor=done, status="submitted")
    back = unit(session, march)
    make_submission(session, period=march, investor=back, status="returned")
    soup = client_for("officer").soup(PAGE)
    rows = soup.select("main table")[0].select("tbody tr")
    assert [row.th.text for row in rows] == [first.name, back.name]
    assert soup.select_one("input[name=due]")["value"]
    assert soup.select_one(f"form[action='{DOWNLOAD}'] button")


def test_the_download_is_a_letter_and_is_noted_once(session, march, client_for):
    first = unit(session, march, name="UBND xã A & B", short_name="Xã A & B")
    second = unit(session, march)
    client = client_for("officer")
    form = form_of(client)
    reply = client.post_form(DOWNLOAD, form)
    assert reply.status_code == 200
    assert "cong-van-don-doc-2024-03.docx" in reply.headers["Content-Disposition"]
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.mimetype.endswith("wordprocessingml.document")
    text = "\n".join(p.text for p in Document(BytesIO(reply.data)).paragraphs)
    assert "- UBND xã A & B;" in text
    again = client.post_form(DOWNLOAD, form)  # a second click gives the file, and no second row
    assert again.status_code == 200
    rows = session.scalars(select(Reminder).order_by(Reminder.id)).all()
    assert [(row.investor_id, row.recipient) for row in rows] == [
        (first.id, "Xã A & B"),
        (second.id, second.short_name),
    ]
    for row in rows:
        assert (row.channel, row.delivery) == (Channel.LETTER, Delivery.SENT)
        assert row.step.startswith("letter-20")
        assert len(row.step) == len("letter-YYYYMMDDHHMMSS")
        assert row.user_name
    assert "Xã A & B" in client.soup("/admin/reminders/?period=2024-03").text


@pytest.mark.parametrize(
    ("due", "told"),
    [("mai", "mai"), ("01/01/2024", "01/01/2024"), ("", ""), ("31/02/2030", "31/02/2030")],
)
def test_a_new_deadline_that_is_none_is_refused_and_kept(session, march, client_for, due, told):
    unit(session, march)
    client = client_for("officer")
    reply = client.post_form(DOWNLOAD, form_of(client, due=due))
    assert reply.status_code == 422
    assert told in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert session.scalar(select(Reminder)) is None


def test_today_is_still_a_new_deadline(session, march, client_for):
    unit(session, march)
    client = client_for("officer")
    due = f"{today():%d/%m/%Y}"
    assert client.post_form(DOWNLOAD, form_of(client, due=due)).status_code == 200


def test_nobody_to_remind(session, march, client_for):
    client = client_for("officer")
    soup = client.soup(PAGE)
    assert not soup.select(f"form[action='{DOWNLOAD}']")
    assert client.post_form(DOWNLOAD, form_of(client)).status_code == 422
    assert session.scalar(select(Reminder)) is None


def test_without_a_head_there_is_a_way_to_add_one(session, client_for):
    march = make_period(session, deadline_at=now() - timedelta(days=3))
    unit(session, march)
    client = client_for("officer")
    soup = client.soup(PAGE)
    assert soup.select("main a[href='/admin/letter_head/new/']")
    assert not soup.select(f"form[action='{DOWNLOAD}']")
    assert client.post_form(DOWNLOAD, form_of(client)).status_code == 422


def test_a_period_that_was_never_opened_is_missing(session, march, client_for):
    client = client_for("officer")
    assert client.get("/admin/letters/?period=2024-05").status_code == 404
    assert client.post_form(DOWNLOAD, form_of(client, period="2024-05")).status_code == 404


def test_without_any_period_the_page_says_so(session, client_for):
    assert client_for("officer").get("/admin/letters/").status_code == 200


@pytest.mark.parametrize("role", ["admin", "finance", "leader", "auditor"])
def test_only_the_officer_writes_letters(session, march, client_for, role):
    unit(session, march)
    client = client_for(role)
    assert not client.soup(PAGE).select(f"form[action='{DOWNLOAD}']")
    form = {"period": "2024-03", "due": "01/01/2099", "form_key": "x"}
    assert client.post_form(DOWNLOAD, form).status_code == 403
    assert session.scalar(select(Reminder)) is None
    may_edit = role == "admin"
    reply = client.post_form("/admin/letters/template", {"file": (BytesIO(built_in()), "a.docx")})
    assert reply.status_code == (303 if may_edit else 403)
    assert client.post_form("/admin/letters/template/built-in").status_code == (
        303 if may_edit else 403
    )


def test_a_commune_sees_nothing_of_it(session, march, client_for):
    own = unit(session, march)
    client = client_for("investor", own)
    for url in (PAGE, "/admin/letters/template.docx", "/admin/letter_head/"):
        assert client.get(url).status_code == 403, url
    assert client.post_form(DOWNLOAD, {"period": "2024-03"}).status_code == 403
    assert client.post_form("/admin/letters/template").status_code == 403


def test_the_page_costs_the_same_for_1_and_20_units(session, march, client_for, count_queries):
    client, counts = client_for("officer"), []
    for more in (1, 19):
        for _n in range(more):
            unit(session, march)
        session.commit()
        with count_queries() as seen:
            client.soup(PAGE)
        counts.append(len(seen))
    assert counts[0] == counts[1]


# ---------------------------------------------------------------- the template


def test_an_edited_template_is_used_and_given_back(session, march, client_for):
    unit(session, march)
    client = client_for("officer")
    assert client.get("/admin/letters/template.docx").data == built_in()
    content = with_text("Người soạn: {{ via_office }}")
    assert send_template(client, content, "Mẫu đôn đốc.docx").status_code == 303
    assert client.get("/admin/letters/template.docx").data == content
    assert client.get("/admin/letters/template.docx?built_in=1").data == built_in()
    [stored] = session.scalars(select(LetterTemplate))
    assert (stored.file_name, stored.content) == ("Mẫu đôn đốc.docx", content)
    assert client.get(f"/admin/letters/template.docx?id={stored.id}").data == content
    for wrong in ("999999", "x", "-1", "9" * 30):
        assert client.get(f"/admin/letters/template.docx?id={wrong}").status_code == 404
    letter = client.post_form(DOWNLOAD, form_of(client)).data
    text = "\n".join(p.text for p in Document(BytesIO(letter)).paragraphs)
    assert "Người soạn: Phòng Lao động" in text
    soup = client.soup(PAGE)
    assert "Mẫu đôn đốc.docx" in soup.text
    trail = session.scalars(select(AuditEntry).where(AuditEntry.resource == "letter_template"))
    assert all("content" not in entry.changes or len(str(entry.changes)) < 1000 for entry in trail)


def test_a_download_leaves_the_other_forms_of_the_page_usable(session, march, client_for):
    unit(session, march)
    client = client_for("officer")
    keys = {field["value"] for field in client.soup(PAGE).select("input[name=form_key]")}
    assert len(keys) == 2


def test_back_to_the_built_in_template(session, march, client_for):
    client = client_for("officer")
    send_template(client, with_text("Của huyện"))
    form = {"form_key": key_of(client.soup(PAGE))}
    for _click in range(2):
        assert client.post_form("/admin/letters/template/built-in", form).status_code == 303
    assert client.get("/admin/letters/template.docx").data == built_in()
    rows = session.scalars(select(LetterTemplate).order_by(LetterTemplate.id)).all()
    assert [bool(row.content) for row in rows] == [True, False]
    assert client.get(f"/admin/letters/template.docx?id={rows[1].id}").status_code == 404
    listed = client.soup(PAGE).select("main table")[-1].select("tbody tr")
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (with_text("{{ ky_hieu_cu }}"), "a.docx", "ky_hieu_cu"),
        (with_text("{% if sent %}"), "a.docx", "“if”"),
        (with_text("{{ symbol.__class__.__mro__[1] }}"), "a.docx", "__class__"),
        (b"no Word file", "a.docx", ".docx"),
        (built_in(), "a.pdf", ".docx"),
        (b"x" * (2 * 1024 * 1024 + 1), "a.docx", "2 MB"),
    ],
    ids=["unknown", "broken", "unsafe", "no word", "name", "large"],
)
def test_a_template_that_would_fail_later_is_refused_now(
    session, march, client_for, content, name, told
):
    client = client_for("officer")
    reply = send_template(client, content, name)
    assert reply.status_code == 422
    assert told in reply.text
    assert session.scalar(select(LetterTemplate)) is None


def test_a_file_that_is_far_too_large_is_not_even_read(session, march, client_for):
    client = client_for("officer")
    assert client.post_form("/admin/letters/template", {"form_key": "x"}).status_code == 422
    kind = "multipart/form-data; boundary=b"
    for url, size in (
        ("/admin/letters/template", 3_000_000),
        ("/admin/letters/template/built-in", 1_500_000),  # other forms keep their smaller limit
    ):
        reply = client.post(url, data=b"x" * size, content_type=kind)
        assert reply.status_code == 413, url


# ---------------------------------------------------------------- heads

HEAD = {
    "valid_from": "01/01/2024",
    "issuer": "ỦY BAN NHÂN DÂN\r\nHUYỆN HỮU LŨNG",
    "issuer_short": "UBND huyện",
    "symbol": "UBND-LĐTBXHDT",
    "place": "Hữu Lũng",
    "authority": "KT. CHỦ TỊCH",
    "position": "PHÓ CHỦ TỊCH",
    "signer": "Trần Quốc Phong",
    "via_office": "Phòng Lao động",
    "legal_basis": "Công văn số 1",
    "recipients": "Như trên\r\nLưu: VT",
}


def test_heads_follow_one_another(session, client_for):
    client = client_for("officer")
    url = "/admin/letter_head/new/"
    key = lambda: client.soup(url).select_one("#form_key")["value"]  # noqa: E731
    first = HEAD | {"form_key": key(), "valid_to": "30/06/2024"}
    assert client.post_form(url, first).status_code == 302
    [head] = session.scalars(select(LetterHead))
    assert head.issuer == "ỦY BAN NHÂN DÂN\nHUYỆN HỮU LŨNG"
    assert head.valid_to == date(2024, 6, 30)
    overlapping = HEAD | {"form_key": key(), "valid_from": "30/06/2024"}
    reply = client.post_form(url, overlapping)
    assert reply.status_code == 422
    assert "Trần Quốc Phong" in reply.text
    following = HEAD | {"form_key": key(), "valid_from": "01/07/2024"}
    assert client.post_form(url, following).status_code == 302
    assert len(session.scalars(select(LetterHead)).all()) == 2
    backwards = HEAD | {"form_key": key(), "valid_from": "01/01/2023", "valid_to": "01/01/2022"}
    assert client.post_form(url, backwards).status_code == 422
    listed = client.soup("/admin/letter_head/").select("tbody tr")
    assert len(listed) == 2
    details = client.soup(f"/admin/letter_head/details/?id={head.id}")
    assert "Phòng Lao động" in details.text
    assert client.get("/admin/letter_head/export/csv/").status_code == 200


def test_a_head_that_is_edited_may_keep_its_days(session, client_for):
    head = make_letter_head(session)
    client = client_for("admin")
    url = f"/admin/letter_head/edit/?id={head.id}"
    version = client.soup(url).select_one("#row_version")["value"]
    assert client.post_form(url, HEAD | {"row_version": version, "signer": "B"}).status_code == 302
    session.refresh(head)
    assert head.signer == "B"


# ---------------------------------------------------------------- working days


def test_two_working_days_by_the_table_of_days_off(app, session):
    session.add(Holiday(day=date(2024, 4, 18), kind="holiday", name="Giỗ Tổ", source_note="x"))
    session.add(
        Holiday(day=date(2024, 5, 4), kind="working_override", name="Làm bù", source_note="x")
    )
    session.commit()
    with app.app_context():
        for start, expected in (
            (date(2024, 4, 15), date(2024, 4, 17)),
            (date(2024, 4, 16), date(2024, 4, 19)),  # over the day off
            (date(2024, 4, 19), date(2024, 4, 23)),  # over a weekend
            (date(2024, 5, 2), date(2024, 5, 4)),  # a worked Saturday counts
        ):
            assert _two_working_days_after(start) == expected


# ---------------------------------------------------------------- the command


@pytest.fixture
def run(app, session):
    def invoke(*arguments):
        session.commit()
        result = app.test_cli_runner().invoke(args=["reports", "letter", *map(str, arguments)])
        assert "Traceback" not in result.output
        return result

    return invoke


def test_the_command_writes_the_letter_and_notes_nothing(session, run, tmp_path):
    make_letter_head(session)
    march = make_period(session)
    unit(session, march, name="UBND xã A & B")
    file = tmp_path / "cv.docx"
    common = ("--period", "2024-03", "--as-of", "2024-04-16T16:30")
    result = run(*common, "--due", "18/04/2024", "--output", file)
    assert result.exit_code == 0, result.output
    assert "cv.docx" in result.output
    text = "\n".join(p.text for p in Document(file).paragraphs)
    assert "Kính gửi: UBND xã A & B" in text
    assert "16 giờ 30 phút ngày 16/4/2024" in text
    assert session.scalar(select(Reminder)) is None
    for due in ("15/04/2024", "mai"):
        assert run(*common, "--due", due, "--output", tmp_path / "no.docx").exit_code == 1
    assert not (tmp_path / "no.docx").exists()
    assert run(*common, "--due", "18/04/2024", "--output", tmp_path / "x" / "y").exit_code == 1


def test_the_demonstration_brings_a_head(app, session):
    session.commit()
    for _time in range(2):
        result = app.test_cli_runner().invoke(args=["demo"])
        assert result.exit_code == 0, result.output
    session.rollback()
    [head] = session.scalars(select(LetterHead))
    assert head.signer == "Trần Quốc Phong"
