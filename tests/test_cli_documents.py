"""`flask reports …` writes the files that the web gives."""

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from docx import Document

from models.reminders import ensure_default_head
from reports.tables import REPORTS

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)


@pytest.fixture
def run(app, session, load_demo):
    load_demo(AT)
    ensure_default_head(session)
    session.commit()
    runner = app.test_cli_runner()

    def invoke(*arguments, fails=False):
        result = runner.invoke(args=[str(argument) for argument in arguments])
        assert (result.exit_code != 0) is fails, result.output
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "docx"])
def test_every_report_is_written_in_every_format(run, tmp_path, report, kind):
    file = tmp_path / f"a.{kind}"
    run("reports", report, "--period", "2024-03", "--format", kind, "--output", file)
    content = file.read_bytes()
    assert (content[:3] == b"\xef\xbb\xbf") if kind == "csv" else zipfile.is_zipfile(file)


def test_documents_are_in_million_and_take_the_parameters_of_the_report(run, tmp_path):
    file = tmp_path / "a.xlsx"
    common = ("reports", "consolidated", "--period", "2024-03", "--format", "xlsx")
    run(*common, "--output", file)
    words = [cell.value for row in openpyxl.load_workbook(file).active.iter_rows() for cell in row]
    assert "Đơn vị tính: triệu đồng" in words
    run(*common, "--unit", "dong", "--detail", "group", "--columns", "narrow", "--output", file)
    words = [cell.value for row in openpyxl.load_workbook(file).active.iter_rows() for cell in row]
    assert "Đơn vị tính: đồng" in words
    assert "(22)" not in words


def test_a_file_can_go_to_another_program(run):
    result = run("reports", "ranking", "--period", "2024-03", "--format", "xlsx")
    assert zipfile.is_zipfile(BytesIO(result.stdout_bytes))


def test_the_report_in_words_is_written(run, tmp_path):
    file = tmp_path / "a.docx"
    run(
        "reports",
        "narrative",
        "--period",
        "2024-03",
        "--as-of",
        "2024-04-16T09:00",
        "--output",
        file,
    )
    text = "\n".join(paragraph.text for paragraph in Document(file).paragraphs)
    assert "toàn huyện giải ngân 2.299,846 triệu đồng" in text
    assert "Biểu 01" in text


def test_what_is_not_possible_is_refused_and_leaves_no_file(run, tmp_path):
    file = tmp_path / "a.docx"
    run("reports", "narrative", "--period", "2031-01", "--output", file, fails=True)
    run("reports", "late", "--period", "2024-03", "--format", "pdf", "--output", file, fails=True)
    assert not file.exists()


@pytest.mark.parametrize("unit", ["dong", "trieu"])
def test_the_importer_finds_every_row_of_form_01_the_same(run, tmp_path, unit):
    file = tmp_path / "a.xlsx"
    run(
        *("reports", "consolidated", "--period", "2024-03", "--detail", "project"),
        *("--format", "xlsx", "--unit", unit, "--output", file),
    )
    told = run("data", "import", file, "--kind", "consolidated", "--dry-run", "--format", "json")
    found = json.loads(told.stdout)
    assert found["counts"] == {"new": 0, "changed": 0, "same": 13}
    assert {row["state"] for row in found["rows"]} == {"same"}
