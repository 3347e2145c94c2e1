"""Tables of text: the sign between the cells, quotation marks, and cells that are pasted."""

import pytest

from models.sheets import Ask, Book, Grid, Kind, Level, pasted_file, pasted_text, read
from models.sheets.opening import open_book
from tests.sheets_read import KNOWN, months


def told(grid: Grid) -> dict[tuple[int, int], object]:
    return {place: cell.value for place, cell in grid.cells.items()}


TITLES = ("UBND XÃ HỮU LIÊN", "BÁO CÁO GIẢI NGÂN THÁNG 4 NĂM 2024", "Đơn vị tính: đồng")
HEAD = ("TT", "Tên dự án", "Giải ngân trong tháng (NSTW)", "Ghi chú")


@pytest.mark.parametrize(
    ("sign", "row", "wrong"),
    [
        (",", "1,Trồng na,1000000,", []),
        (",", '1,Trồng na,"1,000,000",ok', []),
        (",", "1,Trồng na,1000000", []),
        (",", "1,Trồng na,1,000,000,ok", ["E5"]),
        (",", "1,Trồng na,1,5,", ["E5"]),
        (",", "1,Trồng na, đợt 1,1000000,", ["E5"]),
        (";", "1;Trồng na; đợt 1;1000000;", ["E5"]),
        (";", "1;Trồng na;1,000,000;", []),
        ("\t", "1\tTrồng na\t1000000\t\t\tx", []),
    ],
)
def test_a_sign_within_a_cell_is_refused_before_it_moves_an_amount(sign, row, wrong):
    text = "\n".join([*TITLES, sign.join(HEAD), row])
    ask = Ask(kind=Kind.MONTHLY, period="2024-04", investor="X-1")
    seen = read(open_book(text.encode(), "a.csv"), ask, KNOWN)
    errors = [one for one in seen.findings if one.level is Level.ERROR]
    assert [one.at.cell for one in errors if one.code == "cells_outside"] == wrong
    if not wrong:
        assert (errors, months(seen)) == ([], {"L05": 1_000_000})


@pytest.mark.parametrize(
    ("row", "is_refused"),
    [
        ("2,Trồng keo,2000000,", True),
        ("2\tTrồng keo\t2000000\t", True),
        ("2,Trồng keo", False),
        ("Tiểu dự án 1: giống, cây, con, phân bón", False),
    ],
)
def test_a_row_that_another_sign_parts_is_refused_and_not_passed_over(row, is_refused):
    text = "\n".join([*TITLES, ";".join(HEAD), "1;Trồng na;1000000;", row])
    ask = Ask(kind=Kind.MONTHLY, period="2024-04", investor="X-1")
    seen = read(open_book(text.encode(), "a.csv"), ask, KNOWN)
    errors = [one for one in seen.findings if one.code == "cells_outside"]
    assert [one.at.cell for one in errors] == (["A6"] if is_refused else [])
    assert months(seen) == {"L05": 1_000_000}


def opened(pasted: str) -> Book:
    """What is pasted, by its door: kept as a file and opened as one."""
    return open_book(pasted_file(pasted), "Dán")


def table(words: str) -> dict[tuple[int, int], object]:
    book = open_book(words.encode(), "a.csv")
    assert not book.findings
    return told(book.grids[0])


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_sign_and_each_line_end_is_known(sign, end):
    rows = [["TT", "Tên", "Số"], ["1", "Xã Hữu Liên", "5"], ["2", "Xã Yên Bình", "6"]]
    assert table(end.join(sign.join(row) for row in rows)) == {
        (r, c): cell for r, row in enumerate(rows, 1) for c, cell in enumerate(row, 1)
    }


def test_a_comma_within_the_numbers_is_no_sign_between_cells():
    found = table("Tên;T1;T2;T3\nAn;1,5;2,5;3,5\nBa;1,5;2,5;3,5\n")
    assert found[2, 2] == "1,5"
    assert found[3, 4] == "3,5"


def test_thousands_with_commas_between_semicolons_stay_whole():
    assert table("Tên;Số\nAn;98,000,000\nBa;5,000,000\n")[2, 2] == "98,000,000"


def test_the_line_that_names_the_sign_decides_and_is_no_row():
    assert table("sep=;\r\na,b;c\r\n") == {(1, 1): "a,b", (1, 2): "c"}


def test_titles_above_the_table_do_not_decide():
    words = "UBND xã A, huyện B, tỉnh C\n\nTT;Tên;Số\n1;An;5\n2;Ba;6\n"
    assert table(words)[3, 2] == "Tên"


def test_text_that_was_kept_from_being_a_number_is_read_without_its_sign():
    assert table('Mã;Tên\n="0012";="a""b"\n')[2, 1] == "0012"


@pytest.mark.parametrize("start", ["BM01", "PK", "MZ", "II", "GIF", "Rar", "UBND"])
def test_a_table_may_begin_with_any_letters(start):
    assert table(f"{start};Tên\n1;An\n")[1, 1] == start


def test_a_quotation_mark_that_is_missing_names_its_row():
    (finding,) = open_book(b'TT;T\n1;"a\n2;b\n', "a.csv").findings
    assert (finding.code, finding.values) == ("file_damaged", {"row": 2})


@pytest.mark.parametrize(
    ("pasted", "cells"),
    [
        ("a\tb\r\nc\td\r\n", {(1, 1): "a", (1, 2): "b", (2, 1): "c", (2, 2): "d"}),
        ('"hai\ndòng"\tb\n', {(1, 1): "hai\ndòng", (1, 2): "b"}),
        ('"một ""hai""\nba"', {(1, 1): 'một "hai"\nba'}),
        ('"A" Trường\t"B"', {(1, 1): '"A" Trường', (1, 2): '"B"'}),
        ('a "b\tc', {(1, 1): 'a "b', (1, 2): "c"}),
        ("a\t\t b \n\n\tc", {(1, 1): "a", (1, 3): " b ", (3, 2): "c"}),
        ("98.000.000,5;x", {(1, 1): "98.000.000,5;x"}),
        ('Tên\t"Tiếp sức" cho hộ\n"\t5', {(1, 1): "Tên", (1, 2): '"Tiếp sức" cho hộ',
                                        (2, 1): '"', (2, 2): "5"}),
        ('"chưa đóng\nx', {(1, 1): '"chưa đóng', (2, 1): "x"}),
    ],
)  # fmt: skip
def test_pasted_cells_stand_where_they_were_copied(pasted, cells):
    [grid] = opened(pasted).grids
    assert told(grid) == cells
    assert (grid.name, grid.is_text) == ("Dán", True)
    again, _columns = pasted_text(pasted_file(pasted))
    assert told(opened(again).grids[0]) == cells


def test_what_an_earlier_version_kept_is_given_back_as_it_was_pasted():
    assert pasted_text('\ufeffsep=\t\r\n"A" Trường\t5'.encode()) == ('"A" Trường\t5', ())


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("a\n" * 20_001, "file_too_large"),
        ("\t" * 256 + "a", "file_too_large"),
        ("a" * 32_768, "text_too_long"),
        ("Céng hßa x· héi", "encoding_unclear"),
    ],
)
def test_pasted_cells_have_the_limits_of_a_file(pasted, code):
    assert [one.code for one in opened(pasted).findings] == [code]


def test_the_limits_themselves_are_allowed():
    assert len(opened("a\n" * 20_000).grids[0].cells) == 20_000
    assert told(opened("\t" * 255 + "a").grids[0]) == {(1, 256): "a"}
    assert len(told(opened("a" * 32_767).grids[0])[1, 1]) == 32_767
