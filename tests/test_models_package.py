"""The data package: all or nothing, every fault named, and back byte for byte."""

import csv
import filecmp
import io
import random
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import Decision, Disbursement, Project, Submission, User
from models.exchange.package import FILES, PackageRefused, dump_package, load_package
from tests.packages import RandomPackage

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
NAMES = [f"{name}.csv" for name in FILES]


@pytest.fixture
def session(ruled_session):
    return ruled_session


@pytest.fixture
def folder(tmp_path):
    """A copy of the demonstration package, to be spoilt."""
    for name in NAMES:
        shutil.copy(DEMO / name, tmp_path / name)
    return tmp_path


def load(session, folder):
    return load_package(session, folder, at=AT, by="data load")


def spoil(folder, name, old, new, count=1):
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8", newline="")


def faults(session, folder):
    with pytest.raises(PackageRefused) as refused:
        load(session, folder)
    session.rollback()
    assert session.query(Project).count() == 0
    return [(p.file, p.line, p.column) for p in refused.value.problems]


def test_demo_comes_back_byte_for_byte(session, tmp_path):
    load(session, DEMO)
    session.commit()
    dump_package(session, tmp_path / "out")
    for name in NAMES:
        assert filecmp.cmp(DEMO / name, tmp_path / "out" / name, shallow=False), name


def test_loading_twice_changes_nothing(session):
    load(session, DEMO)
    session.commit()
    again = load(session, DEMO)
    assert sum(again.added.values()) == 0
    assert again.known["disbursements"] == 18


def test_what_is_loaded_can_be_used(session):
    loaded = load(session, DEMO)
    assert loaded.added["allocations"] == 32
    assert session.query(Submission).count() == 26
    assert session.query(User).filter_by(username="huulien").one().must_change_password
    assert sum(row.net for row in session.query(Disbursement)) == 2_299_845_679


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("projects", "2024-01-01", "2024-02-31", ("projects.csv", 2, "start_on")),
        ("projects", "GNBV.DA2", "GNBV.DA9", ("projects.csv", 2, "component_code")),
        ("projects", "X-06388", "X-99999", ("projects.csv", 2, "investor_code")),
        ("projects", "active", "going", ("projects.csv", 2, "status")),
        ("projects", "1475000000", "1.47", ("projects.csv", 2, "total_investment")),
        ("projects", "L02,", "L01,", ("projects.csv", 3, "code")),
        ("allocations", "1150000000", "0", ("allocations.csv", 2, "amount")),
        (
            "allocations",
            "initial,1150000000",
            "recall,1150000000",
            ("allocations.csv", 2, "amount"),
        ),
        ("allocations", "2024,2024,NSTW", "2024,2025,NSTW", ("allocations.csv", 2, "vintage")),
        ("allocations", "6068/QĐ-UBND", "6069/QĐ-UBND", ("allocations.csv", 2, "decision_number")),
        (
            "allocations",
            "supplement,50000000",
            "recall,-1150000001",
            ("allocations.csv", 33, "amount"),
        ),
        ("periods", "2024-02", "2024-14", ("periods.csv", 3, "code")),
        ("submissions", "+07:00", "", ("submissions.csv", 2, "first_submitted_at")),
        ("submissions", "false", "no", ("submissions.csv", 2, "nil_report")),
        (
            "entries",
            "L01,2024-02,10",
            "L01,2024-02,100.01",
            ("entries.csv", 3, "physical_progress"),
        ),
        ("disbursements", "0,60000000,0,0", "0,-1,0,0", ("disbursements.csv", 2, "completed")),
        ("disbursements", "0,60000000,0,0", "0,1,2,0", ("disbursements.csv", 2, "recovered")),
        (
            "disbursements",
            "2024,2023,NSTW",
            "2023,2023,NSTW",
            ("disbursements.csv", 2, "budget_year"),
        ),
        (
            "disbursements",
            "2024,2023,NSTW",
            "2024,2023,NSX",
            ("disbursements.csv", 2, "project_code"),
        ),
        ("users", "admin,,", "boss,,", ("users.csv", 2, "role")),
        ("users", "investor,X-06388", "investor,", ("users.csv", 7, "investor_codes")),
        ("users", "full_name", "fullname", ("users.csv", 1, "full_name")),
    ],
)
def test_a_bad_value_is_named_by_file_line_and_column(session, folder, name, old, new, place):
    spoil(folder, name, old, new)
    assert place in faults(session, folder)


def test_every_cell_of_a_row_that_names_what_is_not_there_is_named(session, folder):
    spoil(folder, "projects", "GNBV.DA2,X-06406", "GNBV.DA9,X-9")
    spoil(
        folder,
        "allocations",
        "L01,2024,2024,NSTW,SN,initial,1150000000,6068/",
        "L99,2024,2024,NSTW,SN,initial,1150000000,6069/",
    )
    spoil(
        folder,
        "allocations",
        "L03,2024,2024,NSH,SN,initial,87000000,6068/",
        "L03,2024,2024,NSH,SN,initial,87000000,6070/",
    )
    spoil(folder, "submissions", "X-06388,2024-01", "X-8,2023-01")
    spoil(folder, "disbursements", "L01,2024-02", "L98,2023-02")
    spoil(folder, "disbursements", "L03,2024-03", "L03,2023-03")
    found = faults(session, folder)
    assert [one for one in found if one[0] != "entries.csv"] == [
        ("projects.csv", 3, "component_code"), ("projects.csv", 3, "investor_code"),
        ("allocations.csv", 2, "project_code"), ("allocations.csv", 2, "decision_number"),
        ("allocations.csv", 8, "decision_number"),
        ("submissions.csv", 7, "period"), ("submissions.csv", 7, "investor_code"),
        ("disbursements.csv", 2, "period"), ("disbursements.csv", 2, "project_code"),
        ("disbursements.csv", 5, "period"),
    ]  # fmt: skip


def test_what_a_row_names_beside_a_faulty_one_is_looked_up_as_well(session, folder):
    spoil(folder, "projects", "L02,Mô hình chăn nuôi dê xã Thiện Tân", "L02,")
    spoil(
        folder,
        "allocations",
        "L02,2024,2024,NSTW,SN,initial,980000000,6068/",
        "L02,2024,2024,NSTW,SN,initial,980000000,6069/",
    )
    assert faults(session, folder) == [
        ("projects.csv", 3, "name"), ("allocations.csv", 5, "decision_number"),
    ]  # fmt: skip


def test_every_fault_is_named_not_only_the_first(session, folder):
    spoil(folder, "projects", "2024-01-01", "2024-02-31", count=3)
    spoil(folder, "users", "leader", "boss")
    found = faults(session, folder)
    assert [place for place in found if place[0] == "projects.csv"] == [
        ("projects.csv", line, "start_on") for line in (2, 3, 4)
    ]
    assert ("users.csv", 5, "role") in found


def test_a_file_in_another_encoding_is_named(session, folder):
    path = folder / "projects.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1", "replace") + b"\xe9")
    assert ("projects.csv", "") in {(f, c) for f, _n, c in faults(session, folder)}


def test_line_numbers_hold_behind_a_cell_of_several_lines(session, folder):
    spoil(folder, "entries", "Chuẩn bị hồ sơ.", '"Chuẩn bị\nhồ sơ."')
    spoil(folder, "entries", "L01,2024-03,20", "L01,2024-03,x")
    assert ("entries.csv", 5, "physical_progress") in faults(session, folder)


def test_a_stored_row_that_differs_is_never_overwritten(session, folder):
    load(session, DEMO)
    session.commit()
    spoil(folder, "projects", "Mô hình chăn nuôi trâu", "Mô hình nuôi bò")
    with pytest.raises(PackageRefused) as refused:
        load(session, folder)
    [problem] = refused.value.problems
    assert (problem.file, problem.line, problem.column) == ("projects.csv", 2, "name")


def test_figures_of_a_locked_period_are_refused(session, folder):
    load(session, DEMO)
    session.commit()
    with (folder / "disbursements.csv").open("a", encoding="utf-8") as out:
        out.write("L02,2024-02,2024,2024,NSTW,SN,0,5,0,0\n")
    with pytest.raises(PackageRefused) as refused:
        load(session, folder)
    assert refused.value.problems[0].column == "period"


def test_a_missing_file_has_no_rows_and_a_missing_folder_is_refused(session, folder, tmp_path):
    for name in NAMES[1:]:
        (folder / name).unlink()
    loaded = load(session, folder)
    assert dict(loaded.added) == {"components": 19}
    with pytest.raises(PackageRefused):
        load(session, tmp_path / "nowhere")


# ---------------------------------------------------------------- any package


@pytest.mark.parametrize("amount", [-1, 1])
def test_a_correction_is_folded_into_the_columns_there_are(session, tmp_path, amount):
    load(session, DEMO)
    row = session.query(Disbursement).filter_by(completed=120_000_000).one()
    row.correction, row.correction_reason = amount, "Tháng 2 ghi nhầm"
    session.flush()
    dump_package(session, tmp_path / "out")
    session.rollback()
    load(session, tmp_path / "out")
    assert sum(one.net for one in session.query(Disbursement)) == 2_299_845_679 + amount


@pytest.mark.parametrize("seed", range(6))
def test_any_package_comes_back_the_same(session, tmp_path, seed):
    first, again = tmp_path / "first", tmp_path / "again"
    (tmp_path / "given").mkdir()
    counts = RandomPackage(seed).write(tmp_path / "given")
    loaded = load(session, tmp_path / "given")
    assert {name: loaded.added[name] for name in counts} == counts
    written = dump_package(session, first)
    written.pop("obstacles", None)  # what the reports tell stands in the register as well
    assert written == counts
    session.rollback()
    assert session.query(Project).count() == 0
    load(session, first)
    assert sum(load(session, tmp_path / "given").added.values()) == 0
    dump_package(session, again)
    for name in NAMES:
        assert filecmp.cmp(first / name, again / name, shallow=False), name


@pytest.mark.parametrize("seed", range(12))
def test_a_spoilt_package_is_refused_in_words_whatever_is_wrong(session, folder, seed):
    """Cells, lines and bytes at random: a list of faults, or a package that is still right."""
    dice = random.Random(seed)
    harm = (
        "",
        "x",
        "-1",
        "0",
        "9" * 30,
        "31/02/2024",
        "2024-02-31",
        '"',
        "\0",
        ",",
        "\n",
        "ờ;",
        "L01",
    )
    for _ in range(dice.randrange(1, 12)):
        path = folder / dice.choice(NAMES)
        lines = path.read_text(encoding="utf-8").split("\n")
        at = dice.randrange(len(lines))
        cells = lines[at].split(",")
        cells[dice.randrange(len(cells))] = dice.choice(harm)
        lines[at] = ",".join(cells)
        path.write_text("\n".join(lines), encoding="utf-8", newline="")
    with suppress(PackageRefused):
        load(session, folder)
        session.flush()


# ---------------------------------------------------------------- exactly the faults, no others


def test_rows_that_refer_to_a_faulty_row_are_not_accused(session, folder):
    spoil(folder, "projects", "1475000000", "1.47")
    assert faults(session, folder) == [("projects.csv", 2, "total_investment")]


def test_rows_that_refer_to_an_unreadable_file_are_not_accused(session, folder):
    (folder / "investors.csv").write_bytes(b"\xff\xff")
    assert faults(session, folder) == [("investors.csv", 1, "")]


def test_a_fault_in_the_first_file_hides_none_in_the_last(session, folder):
    spoil(folder, "components", "2021-01-01", "2021-02-30")
    spoil(folder, "submissions", "X-06391,2024-01", "X-00000,2024-01")
    spoil(
        folder,
        "submissions",
        "X-06388,2024-01,accepted,2024-02-07",
        "X-06388,2024-01,accepted,2024-02-08",
    )
    spoil(folder, "disbursements", "L01,2024-02,2024", "L01,2024-02,2023")
    spoil(folder, "users", "investor,X-06391", "investor,X-00000")
    assert faults(session, folder) == [
        ("components.csv", 2, "valid_from"),
        ("submissions.csv", 7, "last_submitted_at"),
        ("submissions.csv", 8, "investor_code"),
        ("disbursements.csv", 2, "budget_year"),
        ("users.csv", 8, "investor_codes"),
    ]


def resaved(folder, *, sign=",", encoding="utf-8", empty=0, newline="\r\n", sep=False):
    """Every file as a spreadsheet saves it again."""
    for name in NAMES:
        path = folder / name
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True)))
        out = io.StringIO(newline="")
        if sep:
            out.write(f"sep={sign}{newline}")
        writer = csv.writer(out, delimiter=sign, lineterminator=newline)
        for n, row in enumerate(rows):
            writer.writerow([*row, *[""] * empty])
            if empty and n % 3 == 0:
                out.write(newline)
                writer.writerow([""] * len(row))
        path.write_bytes(out.getvalue().encode(encoding))


@pytest.mark.parametrize(
    "how",
    [
        {"sign": ";"},
        {"sign": "\t"},
        {"sign": ";", "encoding": "utf-8-sig", "empty": 3},
        {"sign": ",", "empty": 1},
        {"sign": "\t", "encoding": "utf-16", "empty": 2},
        {"sign": ";", "newline": "\n", "sep": True},
        {"sign": ";", "newline": "\r"},
    ],
    ids=str,
)
def test_what_a_vietnamese_spreadsheet_saves_is_read(session, folder, tmp_path, how):
    spoil(folder, "entries", "Chuẩn bị hồ sơ.", '"Chuẩn bị;\nhồ sơ, ""xong"""')
    (tmp_path / "one").mkdir()
    load(session, folder)
    dump_package(session, tmp_path / "one")
    session.rollback()
    resaved(folder, **how)
    load(session, folder)
    dump_package(session, tmp_path / "two")
    for name in NAMES:
        assert filecmp.cmp(tmp_path / "one" / name, tmp_path / "two" / name, shallow=False), name


def test_line_numbers_count_empty_lines_and_the_hint(session, folder):
    path = folder / "periods.csv"
    lines = path.read_text().replace(",", ";").splitlines()
    lines[2] = lines[2].replace("2024-02", "2024-14")
    path.write_text("sep=;\n\n" + "\n\n".join(lines), newline="")
    assert faults(session, folder)[0] == ("periods.csv", 7, "code")


def test_a_cell_too_many_is_still_named(session, folder):
    spoil(folder, "periods", "2024-01,locked", "2024-01,locked,x")
    assert faults(session, folder) == [("periods.csv", 2, "")]


def test_parents_may_stand_behind_their_children_but_not_below_them(session, folder):
    path = folder / "components.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8", newline="")
    assert load(session, folder).added["components"] == 19
    session.rollback()
    spoil(folder, "components", "GNBV,,", "GNBV,GNBV.DA7.TDA2,")
    assert {place[::2] for place in faults(session, folder)} == {("components.csv", "parent_code")}


@pytest.mark.parametrize(("amount", "is_refused"), [(1_030_000_000, False), (1_030_000_001, True)])
def test_a_recall_never_takes_what_is_disbursed_by_then(session, folder, amount, is_refused):
    # 1.150.000.000 are allocated to L01 and 120.000.000 disbursed in March
    spoil(folder, "allocations", "supplement,50000000", f"recall,-{amount}")
    if is_refused:
        assert faults(session, folder) == [("allocations.csv", 33, "amount")]
    else:
        load(session, folder)


def test_a_quarter_takes_no_disbursement_of_its_own(session, folder):
    spoil(folder, "periods", "2024-03,open", "2024-03,open\n2024-Q1,open")
    spoil(folder, "disbursements", "L01,2024-02", "L01,2024-Q1")
    assert faults(session, folder) == [("disbursements.csv", 2, "period")]


def test_a_period_in_another_state_is_a_difference(session, folder):
    load(session, DEMO)
    session.commit()
    spoil(folder, "periods", "2024-03,open", "2024-03,locked")
    with pytest.raises(PackageRefused) as refused:
        load(session, folder)
    [problem] = refused.value.problems
    assert (problem.line, problem.column) == (4, "status")


def test_a_code_means_the_unit_that_had_it_in_those_days(session, folder):
    spoil(
        folder,
        "investors",
        "X-06388,commune",
        "X-06388,commune,Xã cũ,Xã cũ,,,,,0,2010-01-01,2019-12-31\nX-06388,commune",
    )
    load(session, folder)
    project = session.query(Project).filter_by(code="L01").one()
    assert project.investor.short_name == "UBND xã Hữu Liên"


def test_text_of_old_fonts_is_named_with_its_reading(session, folder):
    spoil(folder, "entries", "Chuẩn bị hồ sơ.", "§­êng giao th«ng")
    with pytest.raises(PackageRefused) as refused:
        load(session, folder)
    [problem] = refused.value.problems
    assert (problem.file, problem.column) == ("entries.csv", "progress_text")
    assert "Đường giao thông" in str(problem.refusal)


def test_a_decision_typed_with_spaces_is_the_one_that_is_stored(session, folder):
    spoil(folder, "decisions", "6068/QĐ-UBND", "6068 / QĐ - UBND")
    load(session, DEMO)
    assert load(session, folder).known["decisions"] > 0
    assert session.query(Decision).filter(Decision.number == "6068/QĐ-UBND").count() == 1
