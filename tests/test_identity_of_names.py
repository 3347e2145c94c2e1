"""One name, code or number is one, however it was typed."""

from datetime import date
from unicodedata import normalize
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from models import Decision, Investor, Project, RuleBroken
from models.base import clean, clean_line, fold
from models.base.legacy_text import reading_of
from models.base.text import sort_key
from models.catalogue import bare_issuer, decision_number
from models.filing.checks import check_ledger
from models.filing.history import doubts
from tests.factories import (
    make_allocation,
    make_decision,
    make_investor,
    make_line,
    make_period,
    make_project,
)


def test_the_icelandic_letter_is_stored_as_the_vietnamese_one():
    assert clean("Ðường Ðồng Tân, ðã xong") == "Đường Đồng Tân, đã xong"


@pytest.mark.parametrize(
    "typed",
    [
        "6068/QĐ-UBND", "6068 / QĐ-UBND", " 6068/ QÐ - UBND ", "6068 /QĐ -UBND",
        "6068/QĐ–UBND", "6068/QĐ — UBND", "6068/QĐ‑UBND", "6068／QĐ－UBND", "6068∕QĐ−UBND",
    ],
)  # fmt: skip
def test_spaces_and_dashes_of_word_processors_make_no_second_decision(session, typed):
    assert decision_number(typed) == "6068/QĐ-UBND"
    assert make_decision(session, number=typed).number == "6068/QĐ-UBND"


@pytest.mark.parametrize("other", ["6068/qđ-ubnd", "6068/QD-UBND"])
def test_capitals_and_marks_make_no_second_decision_without_a_warning(session, other):
    make_decision(session, number="6068/QĐ-UBND", issued_on=date(2023, 12, 18))
    make_decision(session, number=other, issued_on=date(2023, 12, 19))
    make_decision(session, number="6069/QĐ-UBND", issued_on=date(2023, 12, 19))
    twice = [one for one in check_ledger(session, day=date(2024, 5, 1)) if "twice" in one.message]
    assert len(twice) == 2


def test_a_unit_is_told_of_two_spellings_as_the_ledger_is(session):
    """Capitals are nothing to either."""
    project, period = make_project(session), make_period(session)
    allocation = make_allocation(session, None, project=project)
    first = make_decision(session, number="6068/QĐ-UBND", issued_on=date(2023, 12, 18))
    make_line(session, allocation, decision=first)
    make_decision(session, number="6069/QĐ-UBND", issuer="UBND Huyện Hữu Lũng")
    make_decision(session, number="6068/QĐ-UBND", issuer="UBND huyện Hữu Lũng A")
    make_decision(session, number="6068/qđ-ubnd", issued_on=date(2022, 12, 18))
    units = [project.investor_id]
    assert doubts(session, period, units) == {}
    make_decision(
        session, number="6068/qđ-ubnd", issuer="UBND Huyện Hữu Lũng", issued_on=date(2023, 12, 19)
    )
    [told] = doubts(session, period, units)[project.id]
    assert (told.number, told.is_double) == ("6068/QĐ-UBND", True)


@pytest.mark.parametrize(
    ("issuer", "count"),
    [
        ("Ủy ban nhân dân huyện Hữu Lũng", 2),
        ("Uỷ ban Nhân dân Huyện Hữu Lũng", 2),
        ("UBND H. Hữu Lũng", 2),
        ("U.B.N.D huyện Hữu Lũng.", 2),
        ("ubnd h.hữu lũng", 2),
        (normalize("NFD", "ỦY BAN NHÂN DÂN HUYỆN HỮU LŨNG"), 2),
        ("HĐND huyện Hữu Lũng", 0),
        ("UBND tỉnh Lạng Sơn", 0),
        ("UBND H. Hữu Lũng 2", 0),
    ],
)
def test_an_authority_is_one_however_it_is_written(session, issuer, count):
    """The ledger tells two spellings apart as the import of a file does: not at all."""
    number, name = "6068/QĐ-UBND", "UBND huyện Hữu Lũng"
    stored = make_decision(session, number=number, issuer=name, issued_on=date(2023, 12, 18))
    typed = clean_line(issuer)  # as every door stores it
    other = make_decision(session, number=number, issuer=typed, issued_on=date(2023, 12, 19))
    assert (bare_issuer(other.issuer) == bare_issuer(stored.issuer)) is (count == 2)
    twice = [one for one in check_ledger(session, day=date(2024, 5, 1)) if "twice" in one.message]
    assert len(twice) == count


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("UBND T. Lạng Sơn", "Ủy ban nhân dân tỉnh Lạng Sơn"),
        ("UBND TP. Lạng Sơn", "UBND thành phố Lạng Sơn"),
        ("UBND X. Hữu Liên", "UBND xã Hữu Liên"),
        ("UBND TT. Hữu Lũng", "UBND thị trấn Hữu Lũng"),
        ("UBND TX. Sơn Tây", "UBND thị xã Sơn Tây"),
        ("UBND P. Tam Thanh", "UBND phường Tam Thanh"),
        ("UBND Q. Hà Đông", "UBND quận Hà Đông"),
        ("HĐND H. Hữu Lũng", "Hội đồng nhân dân huyện Hữu Lũng"),
    ],
)
def test_levels_of_an_authority_may_be_written_short(short, long):
    assert bare_issuer(short) == bare_issuer(long)


@pytest.mark.parametrize("typed", ["6068/QĐ–UBND", "6068／qd‑ubnd", "6068/QĐ-UBND"])
def test_a_number_is_found_as_word_processors_write_it(client_for, session, typed):
    make_decision(session, number="6068/QĐ–UBND")
    make_decision(session, number="6069/QĐ-UBND", summary="Xã Hữu Liên – Yên Bình")
    session.commit()
    client = client_for("finance")
    for search, number in ((typed, "6068/QĐ-UBND"), ("liên – yên", "6069/QĐ-UBND")):
        [row] = client.soup(f"/admin/decision/?search={quote(search)}").select("tbody tr")
        assert number in row.text


@pytest.mark.parametrize("number", ["6068/QĐ–UBND", "6068／QĐ-UBND", "6068 ∕ QĐ − UBND"])
def test_a_decision_stored_with_another_dash_is_the_same_one(doors, session, number):
    """It was stored before a number had one spelling: a package finds it, the ledger warns."""
    stored = make_decision(session, summary=None)
    session.execute(
        sa.update(Decision).values(number=number, search_text=fold(f"{number} {stored.issuer}"))
    )
    session.commit()
    row = {"number": number, "issued_on": stored.issued_on, "issuer": stored.issuer}
    assert doors.load(decisions=[row | {"effective_on": stored.effective_on}]) is None
    assert session.scalars(sa.select(Decision.number)).all() == [number]

    allocation = make_allocation(session, None)
    make_line(session, allocation, decision=stored)
    units, period = [allocation.investor_id], make_period(session)
    assert doubts(session, period, units) == {}
    make_decision(session, number="6068/qđ-ubnd", issued_on=date(2023, 12, 19))
    twice = [one for one in check_ledger(session, day=date(2024, 5, 1)) if "twice" in one.message]
    assert len(twice) == 2
    [told] = doubts(session, period, units)[allocation.project_id]
    assert told.is_double


@pytest.mark.parametrize("typed", ["a b@c.vn", "xa", "a@b;c@d.vn", "Xã <a@b.vn>"])
def test_mail_goes_to_addresses_alone_at_every_door(doors, session, typed):
    """Found: a package took what the screen refused, and the reminders went nowhere."""
    form = {
        "code": "X-9", "kind": "commune", "name": "Xã A", "short_name": "Xã A", "sort_order": "1",
        "valid_from": "2020-01-01", "email": typed,
    }  # fmt: skip
    refusal = "không phải địa chỉ thư điện tử"
    screen = form | {"valid_from": "01/01/2020"}
    assert refusal in str(doors.post("officer", "/admin/investor/new/", screen))
    loaded = str(doors.load(investors=[form]))
    assert f"investors.csv, dòng 2, cột email: Đây {refusal}" in loaded
    assert session.query(Investor).count() == 0
    assert doors.load(investors=[form | {"email": "a@b.vn"}]) is None


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ("ñy ban nh©n d©n x· H÷u Liªn", "ủy ban nhân dân xã Hữu Liên"),
        ("§\xad\xeang giao th«ng", "Đường giao thông"),
        ("Uûy ban nhaân daân xaõ Höõu Lieân", "Ủy ban nhân dân xã Hữu Liên"),
        ("Ñöôøng giao thoâng noâng thoân", "Đường giao thông nông thôn"),
        ("Dieän tích 5 ha, soá hoä ngheøo", "Diện tích 5 ha, số hộ nghèo"),
    ],
)
def test_text_of_old_fonts_is_read(typed, reading):
    assert reading_of(typed) == reading


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân xã Hữu Liên",
        "hoà toà",
        "10 m² · 5µm ©2024",
        "1½ ha, 2¾ ha",
        "Café crème, naïve",
        "« Pháp » và «Anh»",
        "- a · b · c",
        "Công ty ® và ©",
        "±5 °C",
        "",
    ],
)
def test_other_text_is_no_old_font(text):
    assert reading_of(text) is None


def test_text_of_old_fonts_is_never_stored(app):
    from models import DISTRICT, db

    with app.app_context():
        db.session().enter(DISTRICT)
        project = make_project(db.session(), name="Đường bản")
        db.session.commit()
        project.name = "§\xad\xeang giao th«ng"
        with pytest.raises(RuleBroken) as refused:
            db.session.commit()
        assert refused.value.field == "name"
        assert refused.value.values["reading"] == "Đường giao thông"
        db.session.rollback()
        assert db.session.query(Project).one().name == "Đường bản"


def test_a_screen_says_how_an_old_text_reads(client_for, session):
    page = client_for("admin")
    answer = page.post_form(
        "/admin/decision/new/",
        {
            "number": "1/QĐ",
            "issued_on": "09/04/2024",
            "issuer": "ñy ban nh©n d©n",
            "effective_on": "09/04/2024",
        },
    )
    if answer.status_code == 403:  # decisions are entered by the finance officer
        answer = client_for("finance").post_form(
            "/admin/decision/new/",
            {
                "number": "1/QĐ",
                "issued_on": "09/04/2024",
                "issuer": "ñy ban nh©n d©n",
                "effective_on": "09/04/2024",
            },
        )
    assert answer.status_code == 422
    assert "ủy ban nhân dân" in answer.get_data(as_text=True)
    assert session.query(Decision).count() == 0


@pytest.mark.parametrize(
    ("facts", "field", "meant"),
    [
        ({"gso_code": "6388"}, "gso_code", "06388"),
        ({"gso_code": "063880"}, "gso_code", None),
        ({"phone": "912345678"}, "phone", None),
    ],
)
def test_figures_that_a_spreadsheet_ate_are_asked_for(ruled_session, facts, field, meant):
    unit = Investor(
        code="X", kind="commune", name="x", short_name="x", sort_order=1,
        valid_from=date(2020, 1, 1), **facts,
    )  # fmt: skip
    ruled_session.add(unit)
    with pytest.raises(RuleBroken) as refused:
        ruled_session.flush()
    assert refused.value.field == field
    assert refused.value.values.get("meant") == meant


@pytest.mark.parametrize(
    "facts",
    [
        {"gso_code": "06388"},
        {"gso_code": "219", "kind": "commune", "name": "UBND huyện Lục Ngạn"},
        {"phone": "0912 345 678"},
        {},
    ],
)
def test_whole_numbers_are_left_alone(ruled_session, facts):
    make_investor(ruled_session, **facts)
    ruled_session.flush()


@pytest.mark.parametrize("page", [5, 99_999])
def test_a_page_past_the_end_shows_the_last(client_for, session, page):
    for _ in range(45):
        make_investor(session)
    session.commit()
    last = client_for("admin").soup(f"/admin/investor/?page_size=20&page={page}")
    assert len(last.select("tbody tr")) == 5


# ---------------------------------------------------------------- Vietnamese order


def test_words_come_in_the_order_of_a_dictionary():
    words = [
        "An", "Ăn", "Ân", "Bá", "Can", "Cần", "Da", "Đa", "Đà", "Em", "Êm", "Ma", "Mà", "Mả",
        "Mã", "Má", "Mạ", "Ma An", "Mã An", "Mai", "Ô", "Ơn", "Ú", "Ư", "Xã 1", "Yên",
    ]  # fmt: skip
    assert sorted(reversed(words), key=sort_key) == words  # noqa: C414


def test_lists_come_in_vietnamese_order_on_both_databases(client_for, session):
    names = ["An Sơn", "Ăn", "Ân Thi", "Dân Tiến", "Đồng Tân", "Hòa Bình", "Ô Môn", "Yên Bình"]
    for name in reversed(names):
        make_investor(session, short_name=name)
    session.commit()
    page = client_for("admin").soup("/admin/investor/")
    place = [i for i, head in enumerate(page.select("thead th")) if "sort=1" in str(head)]
    shown = client_for("admin").soup("/admin/investor/?sort=1")
    assert place
    cells = [row.get_text(" ", strip=True) for row in shown.select("tbody tr")]
    order = [next(name for name in names if name in cell) for cell in cells]
    assert order == names
