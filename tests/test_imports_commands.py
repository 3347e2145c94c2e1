"""`flask data import|runs|undo`: every option, every status, and what programs read of it."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from admin.pages.import_answers import asked_columns, given_answers
from models import AuditEntry, ImportFile, ImportRun, Project, Role, RuleBroken
from models.base import read_day_and_clock
from models.sheets import Kind, Level
from tests.factories import make_investor, make_period, make_project, make_user
from tests.imports import CSV, Act, act_with, finding, question

KEYS = {"status", "run", "sheets", "findings", "rows", "counts", "differences"}
SHEET_KEYS = {"sheet", "used", "why", "head", "rows", "unit", "period", "columns"}
COLUMN_KEYS = {"column", "heading", "field", "vintage", "source"}
FINDING_KEYS = {"level", "code", "blocks", "sheet", "cell", "heading", "value", "message"}


@pytest.fixture
def act(monkeypatch):
    done = Act()
    act_with(monkeypatch, done)
    return done


@pytest.fixture
def units(session):
    """The codes of two units, each with a project; that of the first is the one in the file."""
    own = make_project(session, code="P1", name="Mô hình trâu")
    other = make_project(session, code="P2", investor=make_investor(session))
    make_period(session, "2024-04")
    codes = own.investor.code, other.investor.code
    session.commit()
    return codes


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "thang 4.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.fixture
def flask(app, act, units):
    """`flask("data", "runs")`: (exit status, what was said, what was complained of)."""

    def run(*words):
        done = app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def take_in(flask, file):
    """`take_in("--dry-run", kind="monthly")`: exit status and the JSON that was said."""

    def run(*words, kind="monthly"):
        code, out, err = flask("data", "import", file, "--kind", kind, "--format", "json", *words)
        assert err == ""
        return code, json.loads(out)

    return run


def stored(session):
    """Runs, and the name of the project."""
    session.rollback()
    runs = session.scalar(select(func.count()).select_from(ImportRun))
    name = session.scalar(select(Project.name).where(Project.code == "P1"))
    session.rollback()
    return runs, name


# ------------------------------------------------------------------------------ outcomes


def test_a_sound_file_is_imported_at_once(take_in, session, file):
    code, told = take_in()
    assert (code, told["status"]) == (0, "applied")
    assert stored(session) == (1, "Mô hình bò")
    assert told["run"] == session.scalar(select(ImportRun.id))
    assert told["counts"] == {"new": 0, "changed": 1, "same": 0}
    assert session.scalar(select(ImportFile.content)) == file.read_bytes()
    entry = session.scalar(
        select(AuditEntry).where(AuditEntry.resource == "project").order_by(AuditEntry.id.desc())
    )
    assert (entry.import_run, entry.user_name) == (told["run"], "data import")


def test_a_dry_run_keeps_nothing(take_in, session):
    code, told = take_in("--dry-run")
    assert (code, told["status"], told["run"]) == (0, "ready", None)
    assert told["counts"] == {"new": 0, "changed": 1, "same": 0}
    trail = session.scalar(select(func.count()).select_from(AuditEntry))
    assert (stored(session), trail) == ((0, "Mô hình trâu"), 0)


def test_the_same_file_again_brings_nothing_new(take_in, session):
    run = take_in()[1]["run"]
    code, told = take_in("--dry-run")
    assert (code, told["status"]) == (0, "ready")
    assert told["counts"] == {"new": 0, "changed": 0, "same": 1}
    [known] = [one for one in told["findings"] if one["code"] == "file_imported"]
    assert (known["level"], known["blocks"]) == ("hint", False)
    assert f"lần nhập số {run}" in known["message"]


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["kept", "dry"])
@pytest.mark.parametrize(
    ("found", "code", "status"),
    [
        (question(for_file=True), 3, "questions"),
        (finding(Level.ERROR), 1, "errors"),
        (finding(Level.WARNING), 0, None),
    ],
    ids=["question", "error", "warning"],
)
def test_what_stands_open_says_so_by_the_exit_status(
    take_in, act, session, found, code, status, dry
):
    act.findings = (found,)
    exit_code, told = take_in(*dry)
    expected = status or ("ready" if dry else "applied")
    assert (exit_code, told["status"]) == (code, expected)
    assert stored(session) == (not dry, "Mô hình bò" if expected == "applied" else "Mô hình trâu")


def test_a_file_that_is_none_is_refused(take_in, file, session):
    file.write_text("<html><body><table><tr><td>1</td></tr></table></body></html>")
    code, told = take_in()
    assert (code, told["status"]) == (1, "refused")
    [found] = told["findings"]
    assert (found["level"], found["blocks"]) == ("error", True)
    assert found["message"]


@pytest.mark.parametrize("dry", [(), ("--dry-run",)], ids=["kept", "dry"])
def test_a_reading_that_fails_is_an_outcome_like_others(take_in, act, session, dry, caplog):
    def fail():
        raise RecursionError

    act.meanwhile = fail
    code, told = take_in(*dry)
    assert (code, told["status"]) == (1, "refused")
    [found] = told["findings"]
    assert (found["code"], found["blocks"]) == ("reading_broken", True)
    assert found["message"]
    assert stored(session) == (not dry, "Mô hình trâu")
    assert "RecursionError" in caplog.text  # for who looks after the program


def test_a_file_that_is_not_there_is_said_in_a_sentence(flask, tmp_path):
    code, out, err = flask("data", "import", tmp_path / "nowhere.xlsx", "--kind", "monthly")
    assert (code, out) == (1, "")
    assert "nowhere.xlsx" in err


# ------------------------------------------------------------------------------ what programs read


def test_programs_find_every_key_they_rest_on(take_in, act):
    act.findings = (question(for_file=True), finding(Level.WARNING))
    _code, told = take_in("--dry-run")
    assert set(told) >= KEYS
    [sheet] = told["sheets"]
    assert set(sheet) >= SHEET_KEYS
    assert all(set(column) >= COLUMN_KEYS for column in sheet["columns"])
    asked, warned = told["findings"]
    assert set(asked) >= FINDING_KEYS | {"answer", "options"}
    assert set(warned) >= FINDING_KEYS
    assert (asked["answer"], asked["options"], asked["blocks"]) == (
        "unit_unclear",
        ["dong", "trieu"],
        True,
    )
    assert "answer" not in warned
    assert told["rows"][0].keys() == {"table", "state", "values", "old", "sheet", "cell"}
    assert told["proposed"] == {"columns": {}, "answers": {}}


def test_command_and_kept_run_tell_the_same(take_in, act):
    act.findings = (question(for_file=True), finding(Level.WARNING))
    dry, kept = take_in("--dry-run")[1], take_in()[1]
    assert {key: kept[key] for key in KEYS - {"run"}} == {key: dry[key] for key in KEYS - {"run"}}


# ------------------------------------------------------------------------------ options


def test_every_option_reaches_the_reader(take_in, act, units, tmp_path):
    columns = tmp_path / "map.json"
    columns.write_text('{"T4!B": "completed vintage=2023"}')
    take_in(
        *("--period", "2024-04", "--investor", units[0], "--sheet", "T4", "--unit", "trieu"),
        *("--map", columns, "--answer", "unit_unclear=trieu"),
        *("--answer", "name_unclear:T=4!A2=P1", "--dry-run"),
    )
    [(ask, _known)] = act.asked
    assert (ask.kind, ask.period, ask.investor) == (Kind.MONTHLY, "2024-04", units[0])
    assert (ask.sheet, ask.unit) == ("T4", "trieu")
    assert ask.columns == {"T4!B": "completed vintage=2023"}
    assert ask.answers == {"unit_unclear": "trieu", "name_unclear:T=4!A2": "P1"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("unit_unclear=trieu", ("unit_unclear", "trieu")),
        ("number_unclear:Bieu!C9=1725000", ("number_unclear:Bieu!C9", "1725000")),
        ("name_unclear:Tổng hợp!B12=X-06391", ("name_unclear:Tổng hợp!B12", "X-06391")),
        ("name_unclear:a=b!c=d!B12=X=1", ("name_unclear:a=b!c=d!B12", "X=1")),
        ("number_unclear:T4!C=small", ("number_unclear:T4!C", "small")),
        ("number_unclear:T4!C9:C12=small", ("number_unclear:T4!C9:C12", "small")),
        ("source_unclear=a:b!C4=d", ("source_unclear", "a:b!C4=d")),
        ("kind_unclear= adjust ", ("kind_unclear", "adjust")),
        ("unit_unclear=", ("unit_unclear", "")),
    ],
)
def test_an_answer_is_split_behind_its_id(typed, expected):
    assert given_answers([typed]) == dict([expected])


@pytest.mark.parametrize("typed", ["", "trieu", "=trieu", "name_unclear:T4=P1", "a b=c"])
def test_what_is_no_answer_is_refused(typed):
    with pytest.raises(RuleBroken) as refused:
        given_answers([typed])
    assert refused.value.field == "answer"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"T4!B": 1}', '"x"', '{"columns": [1]}'])
def test_what_is_no_map_is_refused(tmp_path, text):
    path = tmp_path / "map.json"
    path.write_text(text)
    with pytest.raises(RuleBroken) as refused:
        asked_columns(path)
    assert "map.json" in str(refused.value)


def test_a_map_may_stand_in_what_a_program_wrote(tmp_path):
    path = tmp_path / "map.json"
    path.write_text('\ufeff{"columns": {"T4!B": "-"}, "note": 1}', encoding="utf-8")
    assert asked_columns(path) == {"T4!B": "-"}
    assert asked_columns(None) == {}


@pytest.mark.parametrize(
    "words",
    [
        ("--period", "2024-09"),
        ("--period", "last month"),
        ("--investor", "X-nowhere"),
        ("--answer", "trieu"),
        ("--received-at", "yesterday"),
        ("--as", "nobody"),
    ],
    ids=lambda words: words[0],
)
def test_what_cannot_be_asked_is_refused_in_either_format(take_in, flask, file, words, session):
    code, told = take_in(*words)
    assert (code, told["status"], told["run"]) == (1, "refused", None)
    assert told["findings"][0]["message"]
    code, out, err = flask("data", "import", file, "--kind", "monthly", *words)
    assert (code, out) == (1, "")
    assert told["findings"][0]["message"] in err
    assert stored(session) == (0, "Mô hình trâu")


# ------------------------------------------------------------------------------ for whom

MAY = {
    Role.INVESTOR: {Kind.MONTHLY},
    Role.OFFICER: {Kind.MONTHLY, Kind.CONSOLIDATED, Kind.PROJECTS, Kind.TREASURY},
    Role.FINANCE: {Kind.ALLOCATIONS, Kind.TREASURY},
    Role.ADMIN: set(),
    Role.LEADER: set(),
    Role.AUDITOR: set(),
}


def user_of(session, role, units, **more):
    if role == Role.INVESTOR:
        found = session.scalars(select(Project).where(Project.code == "P1")).one()
        more["investors"] = [found.investor]
    name = make_user(session, role, **more).username
    session.commit()
    return name


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("role", Role)
def test_nobody_gains_a_right_by_importing(take_in, session, units, role, kind):
    # a first password that is still to be changed is no matter of the command line
    name = user_of(session, role, units, must_change_password=True)
    code, told = take_in("--as", name, kind=kind)
    allowed = kind in MAY[role]
    assert (code, told["status"]) == ((0, "applied") if allowed else (1, "refused"))
    assert stored(session) == (allowed, "Mô hình bò" if allowed else "Mô hình trâu")
    if allowed:
        [run] = session.scalars(select(ImportRun))
        assert run.user_name.startswith("Người dùng")
        assert (run.investor_id is not None) == (role == Role.INVESTOR)
    else:
        assert name in told["findings"][0]["message"]


def test_a_user_of_a_unit_reads_with_the_scope_of_the_unit(take_in, session, units, act):
    take_in("--as", user_of(session, "investor", units), "--dry-run")
    take_in("--dry-run")
    assert [known.units for _ask, known in act.asked] == [("P1",), ("P1", "P2")]


def test_a_user_of_a_unit_cannot_name_another(take_in, session, units):
    name = user_of(session, "investor", units)
    code, told = take_in("--as", name, "--investor", units[1], "--period", "2024-04")
    missing = take_in("--as", name, "--investor", "X-none", "--period", "2024-04")[1]
    assert (code, told["status"]) == (1, "refused")
    assert told["findings"][0]["message"] == missing["findings"][0]["message"].replace(
        "X-none", units[1]
    )


def test_who_may_not_sign_in_imports_nothing(take_in, session, units):
    code, told = take_in("--as", user_of(session, "officer", units, enabled=False))
    assert (code, told["status"]) == (1, "refused")


@pytest.mark.parametrize(("role", "allowed"), [("officer", True), ("investor", False)])
def test_a_receipt_is_registered_by_the_office_alone(take_in, session, units, role, allowed):
    name = user_of(session, role, units)
    code, _told = take_in(
        *("--as", name, "--period", "2024-04", "--received-at", "2024-05-06T08:00")
    )
    assert (code == 0) == allowed
    kept = session.scalars(select(ImportRun.received_at)).all()
    assert kept == ([datetime(2024, 5, 6, 1, tzinfo=UTC)] if allowed else [])


def test_a_day_without_a_time_is_its_end_as_on_the_page(take_in, session, units):
    code, _told = take_in("--period", "2024-04", "--received-at", "06/05/2024")
    assert code == 0
    [came] = session.scalars(select(ImportRun.received_at))
    assert (
        came == read_day_and_clock("06/05/2024", "") == datetime(2024, 5, 6, 16, 59, 59, tzinfo=UTC)
    )


# ------------------------------------------------------------------------------ for people


def test_the_report_is_whole_and_says_how_to_answer(flask, file, act):
    act.findings = (
        question(cell="B2", value="1.725", options=("1725000", "1725000000")),
        finding(Level.WARNING),
    )
    code, out, _err = flask("data", "import", file, "--kind", "monthly", "--dry-run")
    assert code == 3
    assert "Còn câu hỏi chưa trả lời" in out
    assert "--answer 'unit_unclear:T4!B2=1725000'\n" in out
    assert "--answer 'unit_unclear:T4!B2=1725000000'" in out
    assert "Cảnh báo (total_mismatch) · T4!B2" in out
    assert "đã sửa · Dự án (hoạt động) (T4!B2) · Mã: P1; Tên: Mô hình bò\n" in out
    assert "Thêm mới: 0, thay đổi: 1, giữ nguyên: 0." in out


def test_the_runs_are_listed_newest_first(take_in, flask, act):
    first = take_in("--period", "2024-04")[1]["run"]
    act.findings = (question(for_file=True),)
    second = take_in()[1]["run"]
    code, out, _err = flask("data", "runs", "--format", "json")
    listed = json.loads(out)
    assert code == 0
    assert [(one["run"], one["status"]) for one in listed] == [
        (second, "questions"),
        (first, "applied"),
    ]
    assert listed[1]["period"] == "2024-04"
    assert listed[1]["counts"] == {"new": 0, "changed": 1, "same": 0}
    assert len(listed[1]["sha256"]) == 64
    assert listed[1]["applied_by"] == "data import"
    lines = flask("data", "runs")[1].splitlines()
    assert [line.split(" · ")[0] for line in lines] == [str(second), str(first)]
    assert "Đã nhập" in lines[1]
    assert "Còn câu hỏi chưa trả lời" in lines[0]


def test_no_runs_are_said_to_be_none(flask):
    assert flask("data", "runs")[1].strip() == "Chưa có tệp nào được nhập."
    assert json.loads(flask("data", "runs", "--format", "json")[1]) == []


def test_an_import_is_undone_once(take_in, flask, session):
    run = take_in()[1]["run"]
    code, out, _err = flask("data", "undo", run)
    assert (code, stored(session)) == (0, (1, "Mô hình trâu"))
    assert f"lần nhập số {run}" in out
    code, out, err = flask("data", "undo", run)
    assert (code, out) == (1, "")
    assert "data undo" in err  # by whom
    for typed in ("999", "abc", "1e3", "9" * 40):
        code, _out, err = flask("data", "undo", typed)
        assert (code, err) == (1, f"Error: Không có lần nhập số {typed}.\n")
    listed = json.loads(flask("data", "runs", "--format", "json")[1])
    assert listed[0]["status"] == "undone"


def test_the_reader_of_the_server_is_no_command_for_people(flask):
    assert "look" not in flask("data", "--help")[1]
