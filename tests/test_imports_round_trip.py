"""Biểu 01 as the product gives it out is read again as what it is: the same in every row."""

import json

import openpyxl
import pytest

from tests.test_imports_workbooks import april, flask

__all__ = ["april", "flask"]
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OPTIONS = [
    {"unit": unit, "columns": columns}
    for unit in ("dong", "nghin", "trieu")
    for columns in ("wide", "narrow")
]
OPTIONS += [{"unit": "trieu", "decimals": decimals} for decimals in "0123"]
OPTIONS += [
    {"split": split, "columns": columns}
    for split in ("nature", "source")
    for columns in ("wide", "narrow")
]
OPTIONS += [{"group": "investor"}, {"group": "investor", "split": "nature"}, {"version": "live"}]
# a CSV file has whole numbers and all columns, whatever is asked
ONCE_EACH = [("xlsx", one) for one in OPTIONS]
ONCE_EACH += [("csv", one) for one in OPTIONS if not {"decimals", "version"} & one.keys()
              and one.get("columns") != "narrow"]  # fmt: skip
NAMES = [" ".join((kind, *one.values())) for kind, one in ONCE_EACH]


@pytest.fixture
def given_out(flask, april, tmp_path):
    """`given_out("xlsx", unit="trieu")`: the file of Biểu 01 of March with all projects."""

    def give(kind, **options):
        path = tmp_path / f"bieu-01.{kind}"
        words = ["reports", "consolidated", "--period", "2024-03", "--detail", "project"]
        words += ["--format", kind, "--output", path]
        for name, value in options.items():
            words += [f"--{name}", value]
        assert flask(*words)[0] == 0
        return path

    return give


def read_again(flask, path, unit=None):
    """What a dry run of the file says; a CSV file does not say its unit of money."""
    words = ["data", "import", path, "--kind", "consolidated", "--period", "2024-03"]
    words += ["--dry-run", "--format", "json"]
    if unit and path.suffix == ".csv":
        words += ["--unit", unit]
    return json.loads(flask(*words)[1])


def wrong_in(told):
    """Cells and codes of what is told to be wrong or open. That reports are sent, and what is
    asked of the one that is not, is true of March.
    """
    return [
        (one["cell"], one["code"])
        for one in told["findings"]
        if one["level"] != "hint"
        and not one["code"].startswith("V")
        and not (one["code"] == "report_closed" and one["cell"][0] in "BD")
    ]


@SQLITE
@pytest.mark.parametrize(("kind", "options"), ONCE_EACH, ids=NAMES)
def test_it_is_the_same_in_every_row(flask, given_out, kind, options):
    told = read_again(flask, given_out(kind, **options), options.get("unit", "dong"))
    assert (told["status"], wrong_in(told)) == ("ready", [])
    assert told["counts"] == {"new": 0, "changed": 0, "same": 13}
    assert told["differences"] == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_it_is_the_same_on_the_other_database(flask, given_out):
    told = read_again(flask, given_out("xlsx"))
    assert (told["status"], wrong_in(told)) == ("ready", [])


@SQLITE
def test_the_report_that_was_frozen_is_the_same(flask, given_out):
    assert flask("periods", "lock", "2024-03")[0] == 0
    told = read_again(flask, given_out("xlsx", version="1"))
    assert (told["status"], wrong_in(told)) == ("ready", [])


@SQLITE
def test_reports_that_are_not_accepted_differ_where_only_those_count(flask, given_out):
    """Nothing of March is accepted yet: what was sent is held against nothing, and told."""
    found = wrong_in(read_again(flask, given_out("xlsx", basis="accepted")))
    assert {code for _cell, code in found} == {"report_closed"}
    assert ("K18", "report_closed") in found


WORDS = "Đang triển khai theo kế hoạch."
# the row of L01, xã Hữu Liên, in triệu đồng: 1.475 of plan, 220 in March, 280 since January
ALTERED = {
    "D": (1475, 1476, "total_mismatch"),
    "E": (1265, 1266, "total_mismatch"),
    "F": (1150, 1151, "total_mismatch"),
    "G": (115, 116, "total_mismatch"),
    "H": (0, 1, "total_mismatch"),
    "I": (1265, 1264, "total_mismatch"),
    "J": (210, 211, "total_mismatch"),
    "K": (220, 221, "report_closed"),
    "L": (280, 281, "total_mismatch"),
    "M": (120, 121, "report_closed"),
    "N": (160, 161, "report_closed"),
    "O": (18.98, 19.01, "rate_mismatch"),
    "P": (9.49, 9.46, "rate_mismatch"),
    "R": (1195, 1194, "total_mismatch"),
    "T": (
        "20% Đang triển khai theo kế hoạch.",
        "21% Đang triển khai theo kế hoạch.",
        "report_closed",
    ),
}


@SQLITE
@pytest.mark.parametrize("column", ALTERED)
def test_one_figure_that_is_another_is_found(flask, given_out, column):
    """All formulas are taken out, so that nothing but the one figure is another."""
    before, after, code = ALTERED[column]
    path = given_out("xlsx", unit="trieu")
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book.active
    [row] = [row[0].row for row in sheet.iter_rows(min_col=1) if row[0].value == "1.1"][:1]
    assert sheet[f"{column}{row}"].value == before
    sheet[f"{column}{row}"].value = after
    book.save(path)
    found = wrong_in(read_again(flask, path))
    assert code in {one for _cell, one in found}
    assert any(cell.startswith(column) or code == "total_mismatch" for cell, _code in found)


@SQLITE
def test_a_split_by_nature_that_is_another_than_by_source_is_found(flask, given_out):
    path = given_out("xlsx", unit="trieu")
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book.active
    [row] = [row[0].row for row in sheet.iter_rows(min_col=1) if row[0].value == "1.1"][:1]
    sheet[f"H{row}"].value = 1
    book.save(path)
    told = read_again(flask, path)
    found = [one for one in told["findings"] if one["cell"] == f"I{row}"]
    assert [one["code"] for one in found] == ["total_mismatch"]
    assert "1.266.000.000" in found[0]["message"]
    assert "1.265.000.000" in found[0]["message"]
