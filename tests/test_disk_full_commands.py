# ruff: noqa: F811  fixtures of other files
"""A disk that is really full under commands and files: a sentence, nothing half, work goes on."""

import tempfile

import pytest
import sqlalchemy as sa

from app import create_app
from config import Config
from models import LetterTemplate, Project, db
from reports.letter import built_in
from tests.databases import Runner
from tests.factories import make_letter_head, make_period
from tests.test_admin_letters import send_template
from tests.test_cli import DEMO, loaded, run, with_client_programs  # noqa: F401  fixtures
from tests.test_disk_full import FULL, full, small_disk

FILES = (".xlsx", ".docx", ".csv")
ADD = ("users", "add", "an", "--full-name", "An", "--role", "admin")
NO_ROOM = ("No space left on device", "đã đầy")


@pytest.fixture
def small(tmp_path):
    with small_disk(tmp_path / "small", 6) as place:
        yield place


def free(place, left):
    """Make room for so many bytes on a disk that is full."""
    filler = place / "filler"
    with filler.open("rb+") as out:
        out.truncate(filler.stat().st_size - left)


def there(place):
    return sorted(one.relative_to(place) for one in place.rglob("*") if one.name != "filler")


def says_so(told):
    assert any(one in told.output for one in NO_ROOM), told.output


@pytest.mark.usefixtures("loaded", "with_client_programs")
def test_a_backup_that_found_no_room_is_no_generation_and_the_next_one_is(run, small, monkeypatch):
    kept = small / "kept"
    run("backup", "--keep", "7d4w12m", kept)
    before = there(small)
    for left in (0, 20_000, 200_000):  # nothing; half a copy; the copy, and half of the rest
        with full(small):
            free(small, left)
            says_so(run("backup", "--keep", "7d4w12m", kept, fails=True))
            assert there(small) == before
            says_so(run("backup", small / f"{left}.backup", fails=True))
            assert there(small) == before
    elsewhere = small.parent / "b.backup"
    run("backup", elsewhere)
    monkeypatch.setattr(tempfile, "tempdir", str(small))
    with full(small):
        says_so(run("restore", elsewhere, fails=True))
        assert there(small) == before
    monkeypatch.setattr(tempfile, "tempdir", None)
    run("backup", "--keep", "7d4w12m", kept)
    newest = max(kept.glob("backup-*.zip"))
    assert newest.relative_to(small) not in before
    run("restore", newest)


@pytest.mark.usefixtures("loaded")
def test_a_package_or_a_report_that_found_no_room_is_not_there(run, small):
    asked = ("reports", "consolidated", "--period", "2024-03", "--output", small / "r.csv")
    for left in (0, 8_192):
        with full(small):
            free(small, left)
            says_so(run("data", "dump", small / "out", fails=True))
            assert [one for one in there(small) if one.suffix] == []
    with full(small):
        says_so(run(*asked, fails=True))
        assert [one for one in there(small) if one.suffix] == []
    run("data", "dump", small / "out")  # to the same place
    run(*asked)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("left", [0, 4_096])
def test_a_file_that_finds_no_room_leaves_the_one_before_as_it_was(run, small, left):
    """Written in one piece (charts) as row by row (CSV)."""
    paper = ("reports", "charts", "--period", "2024-03", "--output", small / "r.xlsx")
    table = ("reports", "consolidated", "--period", "2024-03", "--output", small / "r.csv")
    run(*paper)
    run(*table)
    before = {one: (small / one).read_bytes() for one in there(small)}
    with full(small):
        free(small, left)
        says_so(run(*paper, fails=True))
        if not left:
            says_so(run(*table, fails=True))
        assert {one: (small / one).read_bytes() for one in there(small)} == before


def test_a_package_is_loaded_whole_or_not_at_all(small):
    app = create_app(Config(secret_key="x" * 40, database_url=f"sqlite:///{small / 'd.sqlite3'}"))
    app.test_cli_runner_class = Runner
    run = app.test_cli_runner()
    assert run.invoke(args=["db", "upgrade"]).exit_code == 0
    for left in (0, 100_000):
        with full(small):
            free(small, left)
            for words in (("data", "load", str(DEMO)), ADD):
                told = run.invoke(args=words)
                if left and words[0] == "users":
                    continue
                assert (told.exit_code, isinstance(told.exception, SystemExit)) == (1, True)
                says_so(told)
        with app.app_context(), sa.orm.Session(db.engine) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Project)) == 0
    told = run.invoke(args=["data", "load", str(DEMO)])
    assert told.exit_code == 0, told.output
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_template_that_finds_no_room_is_not_kept(session, client_for, small, monkeypatch):
    """It is handed to the child that tries it by a file."""
    make_letter_head(session)
    make_period(session)
    client = client_for("officer")
    monkeypatch.setattr(tempfile, "tempdir", str(small))
    with full(small):
        reply = send_template(client, built_in())
        assert (reply.status_code, FULL in reply.text) == (503, True)
        assert session.query(LetterTemplate).count() == 0
    assert there(small) == []
    assert send_template(client, built_in()).status_code == 303


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_files_that_are_asked_for_find_no_room_or_need_none(
    app, run, loaded, client_for, small, monkeypatch
):
    client = client_for("officer")
    asked = [
        f"{rule.rule}?period=2024-03"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin/reports/")
        and rule.rule.endswith((".xlsx", ".docx", ".csv"))
    ]
    asked += [f"/admin/project/export/{kind}/" for kind in ("csv", "xlsx")]
    with_room = {one: client.get(one).status_code for one in asked}
    assert list(with_room.values()).count(200) > 20
    monkeypatch.setattr(tempfile, "tempdir", str(small))
    with full(small):
        for one in asked:
            reply = client.get(one)
            assert reply.status_code in (with_room[one], 503), one
            assert reply.status_code != 503 or FULL in reply.text
    assert there(small) == []
