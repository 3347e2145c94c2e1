"""The picture of a sheet: what people must see to say what its columns mean, and no more."""

import json
from datetime import date
from decimal import Decimal

from models.sheets import Cell, Grid, SheetSeen, Span, picture_of


def table(rows, head=6, **more):
    """A sheet with a title in row 1, a head in row `head` and so many rows below it."""
    cells = {(1, 1): Cell("BÁO CÁO"), (head, 1): Cell("TT"), (head, 3): Cell("Giải ngân")}
    for row in range(head + 1, head + 1 + rows):
        cells[row, 1], cells[row, 3] = Cell(Decimal(row)), Cell(Decimal("1.50"))
    return Grid(name="T4", cells=cells, **more)


def seen(*head):
    return SheetSeen(sheet="T4", is_used=True, head=head or None)


def test_titles_head_and_first_rows_are_shown_where_they_stand():
    picture = picture_of(table(500), seen(6, 6))
    assert [row["number"] for row in picture["rows"]] == list(range(1, 17))
    assert [row["number"] for row in picture["rows"] if row["head"]] == [6]
    assert picture["columns"] == ["A", "B", "C"]
    first = picture["rows"][6]["cells"]
    assert [(cell["kind"], cell["text"]) for cell in first] == [
        ("number", "7"),
        ("text", ""),
        ("number", "1,5"),
    ]


def test_a_row_of_a_finding_far_below_is_shown_after_a_gap():
    picture = picture_of(table(500), seen(6, 6), {400, 12, 9_999})
    assert [(row["number"], row["gap"]) for row in picture["rows"]][-2:] == [
        (16, False),
        (400, True),
    ]


def test_without_a_head_the_first_rows_are_shown():
    assert len(picture_of(table(500), None)["rows"]) == 25
    assert not any(row["head"] for row in picture_of(table(500), seen())["rows"])


def test_merged_cells_are_one_and_end_with_what_is_shown():
    spans = (Span(6, 1, 7, 2), Span(400, 1, 420, 1))
    picture = picture_of(table(500, spans=spans), seen(6, 6), {400})
    head, below = picture["rows"][5], picture["rows"][6]
    assert [(one["column"], one["wide"], one["tall"]) for one in head["cells"]] == [
        (1, 2, 2),
        (3, 1, 1),
    ]
    assert [one["column"] for one in below["cells"]] == [3]
    assert picture["rows"][-1]["cells"][0]["tall"] == 1


def test_a_wide_sheet_is_cut_and_says_by_how_much():
    cells = {(1, column): Cell("x") for column in range(1, 101)}
    picture = picture_of(Grid(name="T4", cells=cells), None)
    assert (len(picture["columns"]), picture["more"]) == (40, 60)


def test_what_is_hidden_in_the_file_is_named():
    grid = table(5, hidden_rows=frozenset({8}), hidden_columns=frozenset({2, 90}))
    picture = picture_of(grid, seen(6, 6))
    assert [row["number"] for row in picture["rows"] if row["hidden"]] == [8]
    assert picture["hidden"] == ["B"]


def test_an_empty_sheet_is_an_empty_picture():
    picture = picture_of(Grid(name="T4", cells={}), None, {3})
    assert picture == {"sheet": "T4", "columns": [], "hidden": [], "more": 0, "rows": []}


def test_a_picture_can_be_kept_as_json():
    cells = {
        (1, 1): Cell(date(2024, 4, 15)),
        (1, 2): Cell(True),
        (1, 3): Cell(None, problem="#REF!"),
        (1, 4): Cell("x" * 500),
        (1, 5): Cell(Decimal("1E+3")),
    }
    picture = json.loads(json.dumps(picture_of(Grid(name="T4", cells=cells), None)))
    shown = [(cell["kind"], cell["text"][:12]) for cell in picture["rows"][0]["cells"]]
    assert shown == [
        ("text", "15/04/2024"),
        ("text", "TRUE"),
        ("error", "#REF!"),
        ("text", "x" * 12),
        ("number", "1000"),
    ]
    assert len(picture["rows"][0]["cells"][3]["text"]) == 160
