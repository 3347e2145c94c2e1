"""CSV: battery rows 50 and 52–54 for the one exporter."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import Dong, in_unit
from models.catalogue import InvestorKind
from reports.writing import blocks_to_csv, content_disposition, safe_cell, to_csv


def written(headings, rows, **options):
    return "".join(to_csv(headings, rows, **options))


def test_a_file_that_spreadsheets_open_without_questions():
    assert written(["code", "name"], [["X-01", "Đường Hữu Lũng"], ["X-02", 'a "b", c\nd']]) == (
        '\ufeffcode,name\r\nX-01,Đường Hữu Lũng\r\nX-02,"a ""b"", c\nd"\r\n'
    )


def test_the_delimiter_is_a_choice():
    assert written(["a", "b"], [["1;2", "3,4"]], delimiter=";") == '\ufeffa;b\r\n"1;2";3,4\r\n'


def test_values_stay_what_they_are():
    row = [
        1234567, -35500000, Dong(5), Decimal("15.65"), Decimal("-0.50"), Decimal("1E+3"),
        in_unit(1_234_567, "trieu"), date(2024, 4, 9), datetime(2024, 4, 9, 16, 59, 59, tzinfo=UTC),
        None, True, False, 0, InvestorKind.COMMUNE, "",
    ]  # fmt: skip

    assert written(["x"], [row]).splitlines()[1] == (
        "1234567,-35500000,5,15.65,-0.50,1000,1.234567,2024-04-09,2024-04-09T16:59:59+00:00,"
        ",true,false,0,commune,"
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_is_disarmed(sign):
    live = f'{sign}HYPERLINK("http://evil.example")'

    assert safe_cell(live) == f"'{live}"
    assert written([live], []).startswith(("\ufeff'", "\ufeff\"'"))


@pytest.mark.parametrize("text", ["a=1", "Dự án 1 - chăn nuôi", "'=1", "0205 3825 000", "<b>"])
def test_other_text_is_left_alone(text):
    assert safe_cell(text) == text


def test_text_in_disguise_is_disarmed_too():
    class Late:
        def __str__(self):
            return "=1+1"

    assert safe_cell(Late()) == "'=1+1"


@given(st.lists(st.tuples(*[st.text(st.characters(exclude_categories=["Cs"]))] * 2), max_size=9))
def test_every_cell_is_read_back_and_none_is_live(rows):
    read = list(
        csv.reader(io.StringIO(written(["a", "b"], rows).removeprefix("\ufeff"), newline=""))
    )

    assert read == [["a", "b"], *[[safe_cell(text) for text in row] for row in rows]]
    assert not [cell for row in read for cell in row if cell[:1] in "=+-@\t\r\n＝＋－＠" and cell]


LIVE_AND_NOT = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.decimals(-(10**9), 10**9, places=2),
    st.dates(),
    st.text(st.sampled_from("=+-@＝；;,\t\r\n\"' aă1\0"), max_size=6),
)


@pytest.mark.parametrize("width", [1, 3])
@given(st.lists(st.tuples(*[LIVE_AND_NOT] * 3), min_size=1, max_size=30), st.integers(1, 30))
def test_in_blocks_each_cell_is_what_it_is_by_itself(width, rows, at_once):
    """However few kinds of values a column of a block has, and whichever of them come again; as
    the csv module of Python writes them.
    """
    rows = [row[:width] for row in rows + rows[:5]]
    blocks = [rows[start : start + at_once] for start in range(0, len(rows), at_once)]
    by_cell = io.StringIO(newline="")
    writer = csv.writer(by_cell, lineterminator="\r\n")
    writer.writerows([safe_cell(value) for value in row] for row in rows)

    heads = ["a", "b", "c"][:width]
    made = "".join(blocks_to_csv(heads, blocks))

    assert made == f"\ufeff{','.join(heads)}\r\n{by_cell.getvalue()}"


def test_a_long_file_comes_in_pieces_while_rows_are_still_read():
    taken = 0

    def rows():
        nonlocal taken
        for taken in range(1, 20_001):
            yield [taken, "UBND xã Hữu Liên", 1_150_000_000]

    pieces = to_csv(["no", "name", "amount"], rows())
    first = next(pieces)

    assert first == "\ufeffno,name,amount\r\n"
    assert taken == 0  # who waits for the file has its beginning before the database answers
    rest = [next(pieces)]
    assert taken < 3_000
    rest += pieces
    assert all(len(piece) < 66 * 1024 for piece in rest)
    assert (first + "".join(rest)).count("\r\n") == 20_001


def test_no_rows_still_give_the_headings():
    assert list(to_csv(["a"], [])) == ["\ufeffa\r\n"]


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("Đường Hữu Lũng.csv", "Duong_Huu_Lung.csv", "Đường Hữu Lũng.csv"),
        ("a\r\nSet-Cookie: x=1.csv", "a_Set-Cookie_x_1.csv", "a Set-Cookie: x=1.csv"),
        ('say "hi".csv', "say_hi.csv", 'say "hi".csv'),
        ("../../etc/passwd", "etc_passwd", "_.._etc_passwd"),
        ("..\\x.csv", "x.csv", "_x.csv"),
        ("bao cao\u202ecsv.exe", "bao_caocsv.exe", "bao caocsv.exe"),
        ("\ud800.csv", "csv", "csv"),
        ("", "file", "file"),
    ],
)
def test_the_header_is_one_line_with_a_plain_and_a_full_name(name, plain, full):
    header = content_disposition(name)

    kind, fallback, extended = header.split("; ")
    assert (kind, fallback) == ("attachment", f'filename="{plain}"')
    assert unquote(extended.removeprefix("filename*=UTF-8''")) == full
    assert header.isascii()
    assert not set(header) & set("\r\n\\")


# ---------------------------------------------------------------- a Vietnamese spreadsheet


def test_semicolons_come_with_decimal_commas():
    row = [Decimal("15.65"), Decimal("-0.50"), 1234567, "3.5", None, date(2024, 4, 9)]
    assert written(["x"], [row], delimiter=";").splitlines()[1] == (
        "15,65;-0,50;1234567;3.5;;2024-04-09"
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
@pytest.mark.parametrize("between", [";", ",", "\t", "\n", "\r\n", '; "', ", "])
def test_what_would_run_after_a_break_inside_a_text_is_disarmed(sign, between):
    live = f"{sign}cmd|' /C calc'!A0"
    assert safe_cell(f"Tốt{between}{live}") == f"Tốt{between}'{live}"
    assert safe_cell(f"{between}{live}").startswith("'") or f"'{live}" in safe_cell(
        f"{between}{live}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Kết quả:\n- Hoàn thành hồ sơ\n- Giải ngân 80%, đạt",
        "giảm; -5; +3,5 % so với tháng trước",
        "a, b; c",
        "35,5-40",
        "x,\n-\n",
    ],
)
def test_lists_and_numbers_inside_a_text_are_left_alone(text):
    assert safe_cell(text) == text
