"""Everything that people type into comes back from a package, and what does not is named."""

import csv
import filecmp
import shutil
from datetime import UTC, datetime

import pytest

from models import (
    Actor,
    AuditEntry,
    Base,
    Disbursement,
    LoginAttempt,
    OrgEvent,
    Period,
    Project,
    Submission,
    TreasuryLine,
)
from models.base.chain import SEALS
from models.calendar import PeriodStatus
from models.exchange.package import (
    DERIVED,
    FILES,
    LEFT_OUT,
    MAIN,
    PackageRefused,
    all_files,
    carried,
    companions,
    dump_package,
    left_behind,
    left_behind_tables,
    left_out,
    load_package,
)
from models.reorganisation import undo
from tests.whole import DEMO, LATER, build

AT = datetime(2026, 5, 1, 2, tzinfo=UTC)


def load(session, folder):
    return load_package(session, folder, at=AT, by="data load")


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines(keepends=True)))


def same_files(one, other):
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    for name in names:
        assert filecmp.cmp(one / name, other / name, shallow=False), (
            name,
            set((one / name).read_text().split("[")) ^ set((other / name).read_text().split("[")),
        )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder for the package of the full district of each database."""
    return tmp_path_factory.mktemp("full")


@pytest.fixture
def packed(session, database, written, tmp_path):
    """The package of a full district; the database is empty."""
    folder = written / database
    if not folder.exists():
        build(session)
        dump_package(session, written / "made")
        session.rollback()
        (written / "made").rename(folder)
    assert session.query(Project).count() == 0
    return shutil.copytree(folder, tmp_path / "first")


def test_a_full_district_comes_back_byte_for_byte(session, packed, tmp_path):
    load(session, packed)
    session.commit()
    dump_package(session, tmp_path / "again")
    same_files(packed, tmp_path / "again")


def test_what_the_treasury_said_comes_back_and_what_units_typed_of_it(session, packed, tmp_path):
    def told(folder):
        typed = [row["treasury_cumulative"] for row in rows_of(folder / "entry_details.csv")]
        lines = [
            (row["day"], row["project_code"], row["confirmed"], row["text"])
            for row in rows_of(folder / "treasury_lines.csv")
        ]
        days = [(row["day"], row["note"]) for row in rows_of(folder / "treasury_statements.csv")]
        return [one for one in typed if one], lines, days

    before = told(packed)
    assert before[0] == ["987654321"]
    assert [line[2:] for line in before[1]] == [("100", "Mô hình nuôi trâu")]
    load(session, packed)
    session.commit()
    assert session.query(TreasuryLine.confirmed).all() == [(100,)]
    dump_package(session, tmp_path / "again")
    assert told(tmp_path / "again") == before


def test_every_column_says_something_in_the_full_district(packed):
    """Else the test above would prove nothing about that column."""
    silent = []
    for name, file in all_files().items():
        path = packed / f"{name}.csv"
        rows = rows_of(path) if path.exists() else []
        silent += [
            f"{name}.{column}" for column in file.header if not any(row[column] for row in rows)
        ]
    bare = {f"{name}_details.code" for name in ("component", "project")}
    bare |= {"investor_details.code", "investor_details.valid_from"}
    demo = {"users.email", "components.valid_to", "investors.phone", "investors.email"}
    assert set(silent) - bare - demo - {f"investors.{n}" for n in ("contact_name",)} == set()


def test_a_full_district_is_loaded_once(session, packed):
    added = load(session, packed).added
    session.commit()
    again = load(session, packed)
    assert sum(again.added.values()) == 0
    assert sum(again.known.values()) == sum(added.values())


def test_the_last_reorganisations_can_still_be_taken_back(session, packed):
    """One after the other: the second had gone on with what the first made."""
    load(session, packed)
    events = session.query(OrgEvent).filter_by(undone_at=None).order_by(OrgEvent.id.desc())
    december = session.query(Period).filter_by(code="2024-12").one()
    december.status, december.lock_at = PeriodStatus.OPEN, None
    session.flush()
    for left in ("%-2-2", "%-2"):
        undo(session, events.first(), at=LATER, actor=Actor(None, "Cán bộ"))
        assert session.query(Project).filter(Project.code.like(left)).count() == 0


def test_corrections_come_back_as_they_were_and_old_readers_see_the_same_totals(session, packed):
    load(session, packed)
    up, down = (
        session.query(Disbursement).filter_by(correction=amount).one() for amount in (5_000_000, -1)
    )
    assert (up.correction_reason, down.correction_reason) == (
        "Tháng 2 ghi thiếu",
        "Tháng 2 ghi nhầm\n1 đồng",
    )
    nets = sum(one.net for one in session.query(Disbursement))
    rows = rows_of(packed / "disbursements.csv")
    folded = sum(
        int(r["advance"]) + int(r["completed"]) - int(r["recovered"]) - int(r["returned"])
        for r in rows
    )
    assert nets == folded


def test_the_demonstration_data_need_no_further_files(session, tmp_path):
    load(session, DEMO)
    session.commit()
    dump_package(session, tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(FILES)


# ---------------------------------------------------------------- what is carried, and what is not


def test_every_table_is_carried_or_named_with_a_reason():
    told = {table for table, _said in MAIN.values()} | set(LEFT_OUT) | {"user_investor"}
    told |= {one.model.__tablename__ for one in carried().values()}
    assert {table.name for table in Base.metadata.sorted_tables} == told


@pytest.mark.parametrize("table", list(Base.metadata.sorted_tables), ids=lambda t: t.name)
def test_every_column_of_a_carried_table_is_in_a_file_or_named(table):
    said = set(left_out(table.name)) | {"investor_id"}
    for main, (name, elsewhere) in MAIN.items():
        if name == table.name:
            said |= elsewhere | set(FILES[main].header)
            said |= {attr for cell in companions()[main].cells for attr in cell.attrs}
    for one in carried().values():
        if one.model.__tablename__ == table.name:
            said |= {attr for cell in one.cells for attr in cell.attrs}
    if table.name not in {*LEFT_OUT, "user_investor"}:
        assert {column.name for column in table.columns} <= said


def test_what_is_left_behind_is_counted(session):
    build(session)
    session.add(LoginAttempt(key="x", failures=1, last_at=AT))
    session.flush()
    trail = session.query(AuditEntry).count()
    assert trail > 0
    assert left_behind(session) == {LoginAttempt: 1, AuditEntry: trail}
    assert {model.__tablename__ for model in left_behind_tables()} == set(LEFT_OUT) - {
        SEALS.name,  # of the entries, which are counted
        *DERIVED,
    }


# ---------------------------------------------------------------- faults


def spoil(folder, name, old, new):
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        ("submission_details", "paper", "pigeon", "received_via"),
        ("submission_details", "Công văn số 12", "", "received_note"),
        ("submission_details", "123456789", "1,5", ""),
        ("submission_details", "2024-03", "2024-04", "investor_code"),
        ("disbursement_details", "5000000", "999999999999999", "correction"),
        ("disbursement_details", "true", "maybe", "awaits_decision"),
        ("period_details", "2024-03", "2024-05", "code"),
        ("expected_reports", "2024-03", "2024-14", "period"),
        ("obstacles", "staff", "weather", "cause"),
        ("obstacles", "2024-04-01", "2024-01-01", "solved_on"),
        ("explanations", "project:", "project:Q", "subject"),
        ("remarks", "2024-03", "2024-12", "investor_code"),
        ("settings", "office_contact", "office_color", "key"),
        ("settings", "50;40;30", "30;40", "value"),
        ("days_off", "2024-04-09", "2024-04-31", "day"),
        ("org_events", "AllocationLine", "Nonsense", "details"),
        ("successions", ",2024-12-01,", ",soon,", "effective_on"),
        ("letter_templates", "letter_template-1.docx", "../secret.docx", "content"),
        ("letter_templates", "letter_template-1.docx", "missing.docx", "content"),
        ("capital", "2024-11-30", "30/11", "disburse_until"),
        ("user_details", "false", "0", "enabled"),
    ],
)
def test_a_bad_value_is_named_by_file_and_column(session, packed, name, old, new, column):
    spoil(packed, name, old, new)
    with pytest.raises(PackageRefused) as refused:
        load(session, packed)
    session.rollback()
    assert session.query(Project).count() == 0
    places = {(p.file, p.column) for p in refused.value.problems}
    assert (f"{name}.csv", column) in places
    assert all(p.line > 1 for p in refused.value.problems)


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        ("submission_details", "Công văn số 12", "Công văn số 13", "received_note"),
        ("disbursement_details", "Tháng 2 ghi thiếu", "Khác", "correction_reason"),
        ("settings", "50;40;30", "50;40;20", "value"),
        ("explanations", "Đã đối chiếu", "Chưa đối chiếu", "text"),
        ("expected_reports", "Bão, mất điện", "Lũ", "deadline_reason"),
        ("obstacles", "Đã mua", "Chưa mua", "solution"),
        ("capital", "2024-11-30", "2024-12-15", "disburse_until"),
        ("period_details", "UBND huyện cho lùi", "UBND tỉnh cho lùi", "deadline_reason"),
    ],
)
def test_a_stored_row_is_never_overwritten(session, packed, name, old, new, column):
    load(session, packed)
    session.commit()
    spoil(packed, name, old, new)
    with pytest.raises(PackageRefused) as refused:
        load(session, packed)
    assert {(p.file.split("_details")[0].rstrip("s.cv"), p.column) for p in refused.value.problems}
    assert column in {p.column for p in refused.value.problems}
    session.rollback()
    assert session.query(Submission).count() > 0
