"""Charts in a Word file: every bar is on the paper, none below its end."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from itertools import groupby

import pytest
from docx import Document
from PIL import Image

from reports.tables.issue import with_bars
from reports.writing import MOST_BARS, Chart, Column, Head, Kind, Row, Table, docx_of
from tests.factories import (
    make_allocation,
    make_component,
    make_disbursement,
    make_entry,
    make_investor,
    make_issue,
    make_period,
    make_project,
    make_submission,
)

BAR = 0x59  # the grey of a bar
LONG = "Ủy ban nhân dân xã có tên dài thứ {n}, một lần nữa"


def pictures(content):
    """The pictures of a Word file, each with the height of its page between the margins."""
    document = Document(BytesIO(content))
    sections = document.sections
    room = max(one.page_height - one.top_margin - one.bottom_margin for one in sections)
    for shape in document.inline_shapes:
        [blip] = shape._inline.iter("{*}blip")
        part = document.part.related_parts[blip.embed]
        yield Image.open(BytesIO(part.blob)).convert("L"), shape.height, room


def bars(image):
    """How many bars a picture shows: those that a line down its middle goes through."""
    middle = image.crop((image.width // 2, 0, image.width // 2 + 1, image.height))
    return sum(grey == BAR for grey, _run in groupby(middle.tobytes()))


def table(count, name, *, series=1, is_upright=False):
    columns = (
        Column(key="name", heading="name", path=("Đơn vị",), number=1, kind=Kind.TEXT),
        Column(key="rate", heading="rate", path=("Tỷ lệ, %",), number=2, kind=Kind.PERCENT),
        Column(
            key="passed",
            heading="passed",
            path=("Thời gian đã qua, %",),
            number=3,
            kind=Kind.PERCENT,
        ),
    )
    rows = [
        Row(values={"name": name.format(n=n), "rate": Decimal(80), "passed": Decimal(90)})
        for n in range(count)
    ]
    head = Head(
        issuer="UBND huyện", form="Biểu 02", title=("Xếp hạng",), reference="", unit="", mark="",
        status=(), notes=(), none="",
    )  # fmt: skip
    return Table(
        name="ranking", columns=columns, rows=rows, unit="dong", places=0, head=head, rounding="",
        is_upright=is_upright,
        chart=Chart(title="Tỷ lệ, %", text="Tỷ lệ", name="name", first=0, last=count - 1,
                    values=("rate", "passed")[:series]),
    )  # fmt: skip


@pytest.mark.parametrize("is_upright", [False, True])
@pytest.mark.parametrize("series", [1, 2])
@pytest.mark.parametrize("name", ["Xã {n}", LONG])
@pytest.mark.parametrize("count", [1, 17, 26, 60])
def test_every_bar_is_drawn_and_no_picture_is_higher_than_its_page(count, name, series, is_upright):
    found = list(pictures(docx_of(table(count, name, series=series, is_upright=is_upright))))
    assert all(height < room for _image, height, room in found)
    assert sum(bars(image) for image, _height, _room in found) == count


def test_the_units_of_a_district_stand_in_one_picture():
    """Bars move together before a second page is begun."""
    assert len(list(pictures(docx_of(table(26, "Xã {n}"))))) == 1


def test_bars_on_several_pages_have_one_scale():
    whole = table(60, "Xã {n}")
    rows = [replace(one, values=one.values | {"rate": Decimal(40)}) for one in whole.rows]
    rows[0] = whole.rows[0]
    first, *_others, last = pictures(docx_of(replace(whole, rows=rows)))

    def longest(image):
        lines = (image.crop((0, y, image.width, y + 1)).tobytes() for y in range(image.height))
        return max(line.count(BAR) for line in lines)

    assert longest(last[0]) / longest(first[0]) == pytest.approx(0.5, abs=0.01)


def test_a_bar_of_less_than_nothing_lies_to_the_left_within_the_picture():
    whole = table(2, "Xã {n}")
    below = replace(whole.rows[1], values=whole.rows[1].values | {"rate": Decimal(-80)})
    [(image, _height, _room)] = pictures(docx_of(replace(whole, rows=[whole.rows[0], below])))
    lines = [image.crop((0, y, image.width, y + 1)).tobytes() for y in range(image.height)]
    spans = [(line.index(BAR), line.rindex(BAR)) for line in lines if line.count(BAR) > 300]
    (start, right), (left, end) = spans[0], spans[-1]
    assert end == pytest.approx(start, abs=6)
    assert right - start == pytest.approx(end - left, rel=0.02)


@pytest.mark.parametrize("count", [1, 40])
def test_one_bar_is_drawn_as_well_as_many(session, client_for, count):
    march, component = make_period(session), make_component(session)
    for n in range(count):
        unit = make_investor(session, short_name=LONG.format(n=n))
        project = make_project(session, investor=unit, component=component)
        allocation = make_allocation(session, 1_000_000_000, project=project)
        sent = make_submission(session, period=march, investor=unit, status="submitted")
        make_disbursement(
            session,
            make_entry(session, submission=sent, project=project),
            allocation,
            completed=700_000_000 + n,
        )
    session.commit()
    for name, lines in (("charts", 1), ("ranking", 0)):  # the chart of months comes behind
        reply = client_for("leader").get(f"/admin/reports/{name}.docx?period=2024-03")
        found = list(pictures(reply.data))
        assert all(height < room for _image, height, room in found)
        rates = found[: len(found) - lines]
        assert sum(bars(image) for image, _height, _room in rates) == count


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_more_bars_than_anybody_looks_at_are_a_sentence(session):
    by = make_issue(session, datetime(2024, 4, 16, tzinfo=UTC))
    for many, is_drawn in ((MOST_BARS, True), (MOST_BARS + 1, False)):
        one = table(many, "Xã {n}")
        found = with_bars(replace(one, chart=None), one.chart, by)
        assert (found.chart is not None) == is_drawn
        assert any("501" in note and "500" in note for note in found.notes) != is_drawn
