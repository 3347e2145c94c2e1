"""The letter to units that disburse slowly: who is named, with which figures, and its template."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document

from models import Actor, Component, Investor, Period, RuleBroken
from models.base import local_day
from models.calendar import put_setting
from models.reminders import Reminder, TemplateKind, ensure_default_head
from reports.frozen import lock_and_freeze
from reports.letter import (
    built_in,
    reminder_letter,
    render_letter,
    render_slow,
    slow_letter,
    slow_roll,
)
from reports.letter.sample import sample_letter
from tests.factories import (
    make_allocation,
    make_component,
    make_former_name,
    make_org_event,
    make_project,
)

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
PAGE = "/admin/letters/slow"


@pytest.fixture
def march(session, load_demo):
    load_demo(AT)
    ensure_default_head(session)
    session.commit()
    return session.query(Period).filter_by(code="2024-03").one()


def _words(content):
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_unit_at_the_threshold_is_not_below_it(session, march):
    whole = slow_roll(session, period=march, as_of=AT, threshold=Decimal(100))
    one = whole.units[-1]
    named = {
        unit.investor_id
        for unit in slow_roll(session, period=march, as_of=AT, threshold=one.rate).units
    }
    assert one.investor_id not in named
    above = slow_roll(session, period=march, as_of=AT, threshold=one.rate + Decimal("0.01"))
    assert one.investor_id in {unit.investor_id for unit in above.units}


def test_without_a_threshold_it_is_the_rate_of_the_district(session, march):
    found = slow_roll(session, period=march, as_of=AT)
    assert found.threshold == found.rate == Decimal("15.65")
    assert all(unit.rate < found.rate for unit in found.units)
    assert [unit.rate for unit in found.units] == sorted(unit.rate for unit in found.units)


def test_the_letter_prints_the_figures_of_the_report(session, march):
    letter = slow_letter(session, period=march, as_of=AT, threshold=Decimal(10))
    text = _words(render_slow(letter, None))
    assert "dưới 10,00 %" in text
    assert "2.299,846" in text  # of the district, in triệu
    for unit in letter.units:
        assert unit.name in text
    decimals = {len(cell.partition(",")[2]) for cell in _column(letter, 3)}
    assert len(decimals) == 1  # equal within a column


def test_letters_speak_of_the_programmes_and_the_level_of_their_office(session, march):
    """Of programmes with capital in the year; in the form of letters, without their years."""

    def said():
        slow = slow_letter(session, period=march, as_of=AT)
        late = reminder_letter(session, period=march, as_of=AT, due_at=AT + timedelta(days=3))
        return _words(render_slow(slow, None)), _words(render_letter(late, None))

    slow, late = said()
    assert "giải ngân vốn Chương trình MTQG giảm nghèo bền vững năm 2024" in slow
    assert "giải ngân vốn Chương trình MTQG giảm nghèo bền vững tháng 3 năm 2024" in late
    assert "toàn huyện giải ngân" in slow
    put_setting(session, "district_name", "tỉnh Cao Bằng")
    root = session.query(Component).filter_by(parent_id=None).one()
    root.name = "Chương trình Mục tiêu quốc gia xây dựng <nông thôn mới>"
    other = make_component(session, name="Chương trình B giai đoạn 2026 – 2030", sort_order=99)
    slow, late = said()
    assert "giải ngân vốn Chương trình MTQG xây dựng <nông thôn mới> năm 2024" in slow
    assert "toàn tỉnh giải ngân" in slow
    project = make_project(session, component=other)
    allocation = make_allocation(session, project=project, budget_year=2023, vintage=2023)
    assert "Chương trình B" not in said()[1]
    allocation.budget_year = 2024
    session.flush()
    assert "<nông thôn mới>, Chương trình B tháng 3 năm 2024" in said()[1]


def test_a_letter_of_an_office_without_capital_names_no_programme():
    assert "giải ngân vốn tháng 3 năm 2024" in _words(render_letter(sample_letter(1), None))


@pytest.mark.parametrize("days", [0, 1])
def test_letters_call_a_unit_as_it_is_called_on_their_day(session, march, days):
    """A new name that is entered ahead holds from its day on."""
    unit = session.query(Investor).filter_by(code="X-06391").one()
    event = make_org_event(session, kind="rename")
    make_former_name(
        session,
        event,
        unit,
        name="Ủy ban nhân dân xã Cũ",
        valid_to=local_day(AT) - timedelta(days=days),
    )
    late = reminder_letter(session, period=march, as_of=AT, due_at=AT + timedelta(days=3))
    slow = slow_letter(session, period=march, as_of=AT)
    for letter in (late, slow):
        [named] = [one.name for one in letter.units if one.investor_id == unit.id]
        assert named == (unit.name if days else "Ủy ban nhân dân xã Cũ")


def test_its_list_says_which_figures_these_are(session, march):
    put_setting(session, "demo_data", "true")

    def written():
        return _words(render_slow(slow_letter(session, period=march, as_of=AT), None))

    for said in ("Số liệu minh họa.", "Số liệu chưa chốt, lấy lúc 09 giờ 00 phút ngày 16/4/2024.",
                 "In đủ 5/5 dòng.", "không thay thế số liệu của KBNN."):  # fmt: skip
        assert said in written()
    lock_and_freeze(session, march, at=AT, actor=Actor(None, "Cán bộ"))
    assert "Số liệu theo phiên bản 1 của báo cáo đã chốt." in written()


def _column(letter, at):
    document = Document(BytesIO(render_slow(letter, None)))
    return [row.cells[at].text for row in document.tables[-1].rows[1:]]


def test_nobody_below_is_said_in_words(session, march):
    with pytest.raises(RuleBroken, match="No unit disbursed less"):
        slow_letter(session, period=march, as_of=AT, threshold=Decimal(0))


def test_ticked_units_alone_are_named_and_noted(session, march, client_for):
    client = client_for("officer")
    page = client.soup(f"{PAGE}?period=2024-03&threshold=20")
    boxes = [box["value"] for box in page.select("input[name=units]")]
    assert len(boxes) > 2
    key = page.select_one("form[action$='slow.docx'] input[name=form_key]")["value"]
    asked = {"period": "2024-03", "threshold": "20", "form_key": key, "units": boxes[0]}
    reply = client.post_form(f"{PAGE}.docx", asked)
    assert reply.status_code == 200
    named, other = (session.get(Investor, int(box)).name for box in boxes[:2])
    assert named in _words(reply.data)
    assert other not in _words(reply.data)
    client.post_form(f"{PAGE}.docx", asked)  # downloaded again: noted once
    session.expire_all()
    noted = [(row.investor_id, row.step[:4]) for row in session.query(Reminder)]
    assert noted == [(int(boxes[0]), "slow")]


def test_nobody_ticked_and_an_odd_rate_are_refused_with_what_was_typed(march, client_for):
    client = client_for("officer")
    reply = client.post_form(f"{PAGE}.docx", {"period": "2024-03", "threshold": "20"})
    assert reply.status_code == 422
    assert client.get(f"{PAGE}?period=2024-03&threshold=nhiều").status_code == 422
    assert 'value="nhiều"' in client.get(f"{PAGE}?period=2024-03&threshold=nhiều").text


def test_who_may_write_it(session, march, client_for):
    assert client_for("leader").get(f"{PAGE}?period=2024-03").status_code == 200
    assert client_for("leader").post_form(f"{PAGE}.docx", {"period": "2024-03"}).status_code == 403
    unit = session.query(Investor).first()
    assert client_for("investor", unit).get(f"{PAGE}?period=2024-03").status_code == 403


def test_its_template_is_kept_apart_from_the_one_of_the_reminder(march, client_for):
    client = client_for("officer")
    edited = Document(BytesIO(built_in(TemplateKind.SLOW)))
    edited.paragraphs[-1].add_run("Mẫu của huyện")
    out = BytesIO()
    edited.save(out)
    file = (BytesIO(out.getvalue()), "cham.docx")
    reply = client.post_form("/admin/letters/template", {"kind": "slow", "file": file})
    assert reply.status_code == 303
    assert reply.location.endswith("/letters/slow")
    assert client.get("/admin/letters/template.docx?kind=slow").data == out.getvalue()
    assert client.get("/admin/letters/template.docx").data == built_in()
    # the template of one paper does not serve the other
    wrong = (BytesIO(built_in(TemplateKind.REMINDER)), "a.docx")
    refused = client.post_form("/admin/letters/template", {"kind": "slow", "file": wrong})
    assert refused.status_code == 422
    assert client.get("/admin/letters/template.docx?kind=other").status_code == 404


def test_the_command_writes_it(session, march, app, tmp_path):
    session.commit()
    file = tmp_path / "cham.docx"
    asked = ["reports", "slow-letter", "--period", "2024-03", "--threshold", "20"]
    done = app.test_cli_runner().invoke(args=[*asked, "--output", str(file)])
    assert done.exit_code == 0, done.output
    assert "dưới 20,00 %" in _words(file.read_bytes())
