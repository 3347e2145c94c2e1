"""Files that are sent: looked at by a scanner first, kept by their checksum, given out as files."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from admin.pages import import_upload
from config import Config
from models import ImportRun, LetterTemplate
from models.apart import Infected, NoAnswer, scan
from models.apart import scanner as scanning
from models.imports import ImportFile
from models.imports.workers import MOST_WAITING
from reports.letter import built_in
from tests.factories import make_investor, make_letter_head, make_period
from tests.scanner import FOUND, OK, scanner
from tests.test_admin_imports import upload
from tests.test_admin_letters import send_template

LARGE = bytes(range(256)) * 1_000  # four pieces


@pytest.fixture(params=["unix", "tcp"])
def clamd(request, tmp_path):
    with scanner(tmp_path, request.param) as one:
        yield one
        assert one.faults == []


@pytest.fixture
def begun(monkeypatch):
    """The runs whose file would be read by now, by a process of its own."""
    runs = []
    monkeypatch.setattr(import_upload, "look_apart", runs.append)
    return runs


@pytest.fixture
def guarded(app, tmp_path):
    """The application with a scanner."""
    with scanner(tmp_path, "unix") as one:
        app.config["CLAMD_URL"] = one.address
        yield one
        app.config["CLAMD_URL"] = ""


def test_a_clean_file_goes_whole_and_in_pieces(clamd):
    scan(clamd.address, LARGE)
    scan(clamd.address, b"")
    assert clamd.got == [LARGE, b""]
    assert len(clamd.pieces) == 4
    assert max(clamd.pieces) <= 2**16


def test_what_is_found_is_named(clamd):
    clamd.answer = FOUND
    with pytest.raises(Infected) as found:
        scan(clamd.address, LARGE)
    assert found.value.what == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"stream: OK and more\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"x" * 9_000,
        OK.replace(b"stream", b"other"),
    ],
)
def test_any_other_answer_is_none(clamd, answer):
    clamd.answer = answer
    with pytest.raises(NoAnswer):
        scan(clamd.address, b"x")


def test_one_that_is_away_or_silent_gives_no_answer(clamd, monkeypatch):
    monkeypatch.setattr(scanning, "SECONDS", 0.3)
    clamd.waits.clear()
    with pytest.raises(NoAnswer):
        scan(clamd.address, b"x")
    for address in ("unix:///nowhere/clamd", "tcp://127.0.0.1:1", "tcp://nowhere.invalid:3310"):
        with pytest.raises(NoAnswer):
            scan(address, b"x")


@pytest.mark.parametrize("answer", [FOUND, None])
def test_nothing_of_a_file_is_kept_that_the_scanner_does_not_call_clean(
    session,
    client_for,
    guarded,
    begun,
    answer,
):
    guarded.answer = answer
    make_letter_head(session)
    make_period(session)
    client = client_for("officer")
    word = "Eicar-Test-Signature" if answer else "Trình quét vi-rút không trả lời"
    for reply in (upload(client, kind="projects"), send_template(client, built_in())):
        assert reply.status_code == 422
        assert word in reply.text
    assert session.query(ImportRun).count() + session.query(LetterTemplate).count() == 0
    assert begun == []
    assert len(guarded.got) == 2


def test_with_a_scanner_that_says_clean_files_are_taken(
    session,
    client_for,
    guarded,
    begun,
):
    make_letter_head(session)
    make_period(session)
    client = client_for("officer")
    assert upload(client, kind="projects").status_code == 303
    assert send_template(client, built_in()).status_code == 303
    assert guarded.got[1] == built_in()


def test_nobody_has_more_than_a_few_files_read_at_once(session, client_for, begun):
    client, other = client_for("officer"), client_for("officer")
    for _file in range(MOST_WAITING):
        assert upload(client, kind="projects").status_code == 303
    reply = upload(client, kind="projects")
    assert reply.status_code == 422
    assert "vẫn đang được đọc" in reply.text
    assert upload(other, kind="projects").status_code == 303
    assert len(begun) == session.query(ImportRun).count() == MOST_WAITING + 1


def test_the_command_that_imports_has_its_file_looked_at_too(app, session, guarded, tmp_path):
    guarded.answer = FOUND
    sheet = tmp_path / "a.csv"
    sheet.write_text("Mã dự án;Tên\nP1;Đường\n", encoding="utf-8")
    words = ["data", "import", str(sheet), "--kind", "projects"]
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 1
    assert "Eicar-Test-Signature" in done.output
    assert session.query(ImportRun).count() == 0


def test_one_place_takes_files_out_of_a_request():
    for path in Path("admin").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name not in ("uploads.py", "errors.py"):  # the error page asks whether there is one
            assert not re.search(r"request\.files|\.files\b", text), path


@pytest.mark.parametrize("url", ["unix://", "clamd", "http://x", "tcp://", "tcp://h:port"])
def test_an_address_that_is_none_stops_the_start(tmp_path, url):
    with pytest.raises(SystemExit, match="CLAMD_URL"):
        Config.from_env({"CLAMD_URL": url}, instance_path=tmp_path)


def test_a_stored_file_that_was_altered_is_not_given_out(
    session,
    client_for,
    begun,
):
    make_letter_head(session)
    make_period(session)
    client = client_for("officer")
    page = upload(client, kind="projects").location
    send_template(client, built_in())
    assert client.get(f"{page}/file").status_code == 200
    for table in (ImportFile, LetterTemplate):
        session.execute(sa.update(table).values(content=b"x"))
    for address in (f"{page}/file", f"{page}/marked.xlsx", "/admin/letters/template.docx"):
        reply = client.get(address)
        assert reply.status_code == 422
        assert "mã kiểm tra không khớp" in reply.text


def test_files_leave_as_downloads_and_for_those_who_may(
    session,
    client_for,
    begun,
):
    make_letter_head(session)
    make_period(session)
    officer = client_for("officer")
    page = upload(officer, kind="projects").location
    send_template(officer, built_in())
    row = session.query(LetterTemplate).one()
    assert len(row.sha256) == 64
    for address in (f"{page}/file", "/admin/letters/template.docx", "/admin/reports/late.csv"):
        reply = officer.get(address)
        assert (reply.status_code, bool(reply.data)) == (200, True)
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Content-Disposition"].startswith("attachment")
        assert reply.headers["Cache-Control"] == "no-store"
    commune = client_for("investor", make_investor(session))
    assert commune.get(f"{page}/file").status_code == 404
    assert commune.get("/admin/letters/template.docx").status_code == 403
    assert client_for(None).get(f"{page}/file").status_code == 302
