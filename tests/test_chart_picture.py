"""The chart of the báo cáo: a picture with its words, of the figures that the annex prints."""

import re
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from models.reminders import ensure_default_head
from reports.writing import rates_picture
from reports.writing.picture import wrapped
from tests.test_explain_every_cell import AT


def test_it_says_in_words_what_it_shows():
    bars = [("Dự án 2", Decimal("12.50")), ("Dự án 3", Decimal("40"))]
    drawn = rates_picture("Tỷ lệ", bars, elapsed=Decimal("24.86"), elapsed_words="Thời gian")
    assert drawn.words == ("Tỷ lệ: Dự án 2 12,50 %; Dự án 3 40,00 %. Thời gian: 24,86 %.")
    image = Image.open(BytesIO(drawn.content))
    assert image.width > 1000
    assert image.convert("L").getextrema() == (0, 255)


def test_a_long_name_is_whole_in_several_lines():
    name = "Dự án 2: Đa dạng hóa sinh kế, phát triển mô hình giảm nghèo"
    lines = wrapped(name).split("\n")
    assert " ".join(lines) == name
    assert max(map(len, lines)) <= 40


def test_a_bar_behind_time_is_told_without_colour():
    one = [("Dự án 2", Decimal(20))]
    behind = rates_picture("T", one, elapsed=Decimal(25), elapsed_words="t")
    ahead = rates_picture("T", one, elapsed=Decimal(15), elapsed_words="t")

    def dark(picture):
        return sum(Image.open(BytesIO(picture.content)).convert("L").histogram()[:128])

    assert dark(behind) < dark(ahead)


def lengths(picture):
    """How far the bars reach to the left and right, in dots, from the first to the last."""
    image = Image.open(BytesIO(picture.content)).convert("L")
    rows = (image.crop((0, row, image.width, row + 1)).tobytes() for row in range(image.height))
    solid = (re.search(rb"\x4d{40,}", row) for row in rows)  # the grey of a bar
    return [found.span() for found in solid if found]


def test_more_than_the_whole_is_drawn_as_long_as_it_is():
    bars = [("A", Decimal(250)), ("B", Decimal(125))]
    drawn = lengths(rates_picture("T", bars, elapsed=Decimal(0), elapsed_words="t"))
    long, short = (right - left for left, right in (drawn[0], drawn[-1]))
    assert long == pytest.approx(2 * short, rel=0.02)


def test_less_than_nothing_is_drawn_to_the_left():
    bars = [("A", Decimal(80)), ("B", Decimal(-40))]
    drawn = lengths(rates_picture("T", bars, elapsed=Decimal(-50), elapsed_words="t"))
    (start, right), (left, end) = drawn[0], drawn[-1]
    assert end == pytest.approx(start, abs=6)
    assert right - start == pytest.approx(2 * (end - left), rel=0.02)


def test_the_paper_has_it_with_a_text(session, load_demo, client_for):
    load_demo(AT)
    ensure_default_head(session)
    session.commit()
    reply = client_for("officer").get("/admin/reports/narrative.docx?period=2024-03")
    assert reply.status_code == 200
    body = Document(BytesIO(reply.data)).element.body
    [drawn] = list(body.iter(qn("wp:docPr")))
    assert "Dự án 2" in drawn.get("descr")
    assert "24,86 %" in drawn.get("descr")
