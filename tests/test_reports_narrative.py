"""The báo cáo of a period: six parts in words, from the same reading as its annexes."""

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from docx import Document
from docx.enum.section import WD_ORIENT

from models import Investor, LetterHead, LetterTemplate, Period, Project
from models.base import Actor
from models.calendar import put_setting
from models.duty import open_period
from models.reminders import TemplateKind, ensure_default_head
from reports.frozen import lock_and_freeze
from reports.letter import built_in
from tests.factories import (
    make_allocation,
    make_expected,
    make_letter_head,
    make_obstacle,
    make_period,
    make_project,
    make_submission,
)
from tests.office import converted, pages_of

AT = datetime(2024, 4, 16, 2, tzinfo=UTC)
ADDRESS = "/admin/reports/narrative"
ASKED = {"period": "2024-03", "as_of": "2024-04-16T09:00"}
PARTS = ("CHỈ ĐẠO", "KẾT QUẢ", "CHẤP HÀNH", "KHÓ KHĂN", "NHIỆM VỤ", "ĐỀ XUẤT")


@pytest.fixture
def demo(session, load_demo):
    load_demo(AT)
    ensure_default_head(session)
    session.commit()
    return session


@pytest.fixture
def officer(demo, client_for):
    return client_for("officer")


def fetched(client, **query):
    reply = client.get(f"{ADDRESS}.docx", query_string=ASKED | query)
    assert reply.status_code == 200, reply.text
    return Document(BytesIO(reply.data))


def said(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def everything(document):
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([said(document), *cells])


def annex(document, form):
    """The rows of an annex by the label of its form, below the numbers of the columns."""
    tables = document.tables
    at = next(n for n, one in enumerate(tables) if form in one.cell(0, len(one.columns) - 1).text)
    rows = [[cell.text for cell in row.cells] for row in tables[at + 1].rows]
    return rows[next(n for n, row in enumerate(rows) if row[0] == "(1)") + 1 :]


# ---------------------------------------------------------------- the paper


@pytest.mark.parametrize("detail", ["group", "investor", "project"])
@pytest.mark.parametrize("is_locked", [False, True])
def test_the_screen_says_what_the_paper_says(officer, demo, is_locked, detail):
    """Whatever its annex shows: the screen reads no more than the sums of the components."""
    make_obstacle(demo, project=demo.query(Project).first())
    if is_locked:
        march = demo.query(Period).filter_by(code="2024-03").one()
        lock_and_freeze(demo, march, at=AT, actor=Actor(None, "Cán bộ"))
    demo.commit()
    shown = officer.get(ADDRESS, query_string=ASKED | {"detail": detail})
    page = BeautifulSoup(shown.text, "html.parser")
    points = [one.get_text(strip=True) for one in page.select("section.said li:not(.muted)")]
    document = fetched(officer, detail=detail)
    paper = [one.text.removeprefix("- ") for one in document.paragraphs]
    assert len(points) > 10
    assert [one for one in points if one not in paper] == []
    forms = page.select("section.card")[-1].p.text
    assert all(f"Biểu 0{n}" in forms for n in (1, 2, 3))


def test_it_has_its_head_six_parts_and_signature(officer):
    document = fetched(officer)
    text = everything(document)
    assert "Số:      /BC-UBND" in text
    assert "ngày      tháng" in text
    assert "TM. ỦY BAN NHÂN DÂN" in text
    assert "- Lưu: VT, LĐTBXHDT." in text
    heads = [one.text for one in document.paragraphs if re.match(r"[IV]+\. [A-ZĐÁ-Ỹ]{2}", one.text)]
    assert [head.partition(".")[0] for head in heads] == ["I", "II", "III", "IV", "V", "VI"]
    for head, word in zip(heads, PARTS, strict=True):
        assert word in head
    assert text.rstrip().count("./.") == 1
    assert "{{" not in text
    assert "{%" not in text


def test_what_a_sentence_says_is_what_the_annex_says(officer):
    document = fetched(officer)
    text, total = said(document), annex(document, "Biểu 01")[0]
    plan, month, paid, rate, remaining = (total[n - 1] for n in (4, 11, 12, 15, 18))
    assert (plan, paid, rate) == ("14.698,733", "2.299,846", "15,65")
    assert f"toàn huyện giải ngân {paid} triệu đồng trên kế hoạch {plan} triệu đồng" in text
    assert f"đạt {rate} %" in text
    assert f"Giải ngân trong kỳ {month} triệu đồng" in text
    assert f"còn lại chưa giải ngân {remaining} triệu đồng" in text
    for row in annex(document, "Biểu 01"):
        if row[0] in {"I", "II", "III", "IV", "V"}:
            [line] = [one.text for one in document.paragraphs if one.text.startswith(f"- {row[1]}")]
            assert f"đạt {row[14]} %" in line
    first = annex(document, "Biểu 02")[0]
    assert f"cao nhất: {first[1]} ({first[4]} %)" in text
    missing = [row for row in annex(document, "Biểu 03") if row[6] == "Chưa nộp"]
    assert f"01 đơn vị chưa gửi báo cáo kỳ tháng 3/2024" in text  # noqa: F541
    assert missing[0][1] in text


@pytest.mark.parametrize(
    ("asked", "unit"),
    [({}, "triệu đồng"), ({"decimals": "1"}, "triệu đồng"), ({"unit": "dong"}, "đồng")],
)
def test_amounts_are_said_as_the_annex_prints_them(officer, asked, unit):
    document = fetched(officer, **asked)
    text, rows = said(document), annex(document, "Biểu 01")
    central, local = (rows[0][n - 1] for n in (6, 7))
    assert f"ngân sách trung ương {central} {unit}, ngân sách địa phương {local} {unit};" in text
    for row in rows:
        if row[0] in {"I", "II", "III", "IV", "V"}:
            assert f"- {row[1]}: {row[11]}/{row[3]} {unit}" in text


def test_a_locked_period_is_told_from_its_frozen_version_in_words_and_tables(demo, officer):
    march = demo.query(Period).filter_by(code="2024-03").one()
    lock_and_freeze(demo, march, at=AT, actor=Actor(None, "Cán bộ"))
    project = demo.query(Project).filter_by(code="L02").one()
    make_allocation(demo, 1_000_000_000, project=project, vintage=2022)
    frozen, live = fetched(officer), fetched(officer, version="live")
    for document, plan in ((frozen, "14.698,733"), (live, "15.698,733")):
        assert annex(document, "Biểu 01")[0][3] == plan
        assert annex(document, "Biểu 02")[-1][2] == plan
        assert f"trên kế hoạch {plan} triệu đồng" in said(document)
    assert "Phiên bản 1. Cán bộ chốt lúc" in said(frozen)
    assert "Số liệu chưa chốt" in said(live)


def test_the_facts_are_read_once(demo, officer, count_queries):
    with count_queries() as seen:
        fetched(officer)
    plans = [one for one in seen if "plan_central" in one.lower()]
    assert len(plans) == 2  # this period, and the one before that the ranking compares with


def test_obstacles_and_proposals_are_those_of_the_register(demo, officer):
    own, other = (demo.query(Project).filter_by(code=code).one() for code in ("L01", "L04"))
    make_obstacle(demo, project=own, content="Chưa có hướng dẫn.", cause="guidance",
                  proposal="Sớm hướng dẫn;", solver="province")  # fmt: skip
    make_obstacle(demo, project=other, content="Mưa lũ", cause="season", solver="unit",
                  proposal="Tự khắc phục", state="solved", solved_on=date(2024, 3, 20))  # fmt: skip
    document = fetched(officer)
    text = said(document)
    assert "Trong kỳ theo dõi 2 khó khăn, vướng mắc; còn 1 chưa giải quyết xong" in text
    assert "theo nguyên nhân: văn bản hướng dẫn (1)" in text
    assert "UBND xã Hữu Liên: Chưa có hướng dẫn." in text
    assert "Kiến nghị cấp tỉnh: Sớm hướng dẫn (UBND xã Hữu Liên)." in text
    assert "Tự khắc phục" not in text
    assert len(annex(document, "Biểu 05")) == 2


def test_without_obstacles_it_says_so(officer):
    text = said(fetched(officer))
    assert "không có khó khăn, vướng mắc được ghi vào sổ" in text
    assert "\nKhông có.\n" in text


def test_a_period_without_any_capital_is_told_too(session, client_for):
    make_letter_head(session)
    make_period(session)
    text = said(fetched(client_for("officer")))
    assert "chưa có kế hoạch vốn để tính tỷ lệ giải ngân" in text


def test_units_on_time_late_and_missing_are_those_that_owe_a_report(session, client_for):
    """One of two excused units sent all the same: late, as the late list has it."""
    make_letter_head(session)
    march = make_period(session)
    excused = {"exempt_reason": "Mưa lũ"}
    for given, day in (({}, 5), ({}, None), (excused, 12), (excused, None)):
        unit = make_project(session).investor
        make_expected(session, march, unit, **given)
        if day:
            first = datetime(2024, 4, day, tzinfo=UTC)
            make_submission(session, period=march, investor=unit, status="submitted",
                            first_submitted_at=first)  # fmt: skip
    text = said(fetched(client_for("officer")))
    assert (
        "Số đơn vị phải báo cáo kỳ tháng 3/2024: 2; gửi đúng hạn 1, gửi muộn 1, chưa gửi 1. "
        "2 đơn vị được miễn báo cáo, trong đó 1 đơn vị vẫn gửi."
    ) in text


def test_the_closing_period_is_called_so_once(demo, officer):
    open_period(demo, "2024-13", at=AT)
    demo.commit()
    text = said(fetched(officer, period="2024-13", as_of="2025-02-20T09:00"))
    assert "phải báo cáo kỳ chỉnh lý năm 2024: 9; gửi đúng hạn 0" in text
    assert "kỳ kỳ" not in text


@pytest.mark.parametrize(
    ("code", "own", "said_of_it"),
    [
        ("2024-11", None, ["còn lại 1,5 triệu đồng, trong đó vốn kéo dài 0,5 triệu đồng."]),
        ("2024-11", date(2024, 11, 30), ["còn lại 1,0 triệu đồng.", "giải ngân còn lại 0,5 triệu"]),
        ("2024-11", date(2024, 12, 1), ["còn lại 1,5 triệu đồng, trong đó vốn kéo dài 0,5 triệu"]),
        ("2024-12", None, ["còn lại 1,0 triệu đồng.", "giải ngân còn lại 0,5 triệu đồng: các"]),
        ("2024-13", None, ["hết thời hạn giải ngân còn lại 1,5 triệu đồng: các chủ đầu tư rà"]),
    ],
)
def test_what_can_no_longer_be_disbursed_is_no_task_to_disburse(
    session, client_for, code, own, said_of_it
):
    project = make_project(session)
    make_allocation(session, project=project, amount=1_000_000)
    old = make_allocation(session, project=project, amount=500_000, vintage=2023)
    old.disburse_until = own
    ensure_default_head(session)
    open_period(session, code, at=datetime(2025, 2, 1, tzinfo=UTC))
    session.commit()
    text = said(fetched(client_for("officer"), period=code, as_of="2025-02-20T09:00"))
    for one in said_of_it:
        assert one in text
    assert text.count("tập trung giải ngân") == (code != "2024-13")
    assert text.count("hết thời hạn giải ngân") == (len(said_of_it) > 1 or code == "2024-13")


def test_invented_figures_are_marked(demo, officer):
    assert "Số liệu minh họa" not in said(fetched(officer))
    put_setting(demo, "demo_data", "true")
    assert said(fetched(officer)).count("Số liệu minh họa") == 5  # the paper and four annexes
    assert "không thay thế số liệu của Kho bạc Nhà nước" in said(fetched(officer))


def test_annexes_lie_across_and_count_their_own_pages(officer):
    document = fetched(officer)
    kinds = [section.orientation for section in document.sections]
    assert kinds == [WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * 4]
    first, *others = document.sections
    assert round(first.left_margin.mm) == 30
    assert [one.footer.paragraphs[0].text.split(" · ")[0] for one in others] == [
        "Biểu 01",
        "Biểu 02",
        "Biểu 03",
        "Biểu 05",
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_word_processor_prints_it(officer, tmp_path):
    file = tmp_path / "bao-cao.docx"
    file.write_bytes(officer.get(f"{ADDRESS}.docx", query_string=ASKED).data)
    [pdf] = converted([file], tmp_path, "pdf")
    pages = pages_of(pdf)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
    starts = [n for n, page in enumerate(pages) if "Kèm theo Báo cáo số" in page]
    assert len(starts) == 4
    assert starts[0] >= 2


# ---------------------------------------------------------------- the template


def test_an_edited_template_is_used(demo, officer):
    document = Document(BytesIO(built_in(TemplateKind.NARRATIVE)))
    document.paragraphs[0].insert_paragraph_before("Lời của cơ quan về {{ period }}")
    out = BytesIO()
    document.save(out)
    reply = officer.post_form(
        "/admin/letters/template",
        {
            "kind": "narrative",
            "seen": seen_on(officer),
            "file": (BytesIO(out.getvalue()), "m.docx"),
        },
        content_type="multipart/form-data",
    )
    assert reply.status_code == 303, reply.text
    assert demo.query(LetterTemplate).filter_by(kind=TemplateKind.NARRATIVE).count() == 1
    assert "Lời của cơ quan về tháng 3 năm 2024" in said(fetched(officer))


def seen_on(client):
    page = client.soup("/admin/letters/narrative?period=2024-03")
    return page.select_one("form[enctype] input[name=seen]")["value"]


def test_a_template_that_asks_for_what_is_not_there_is_refused(officer):
    document = Document(BytesIO(built_in(TemplateKind.NARRATIVE)))
    document.paragraphs[0].insert_paragraph_before("{{ addressees }}")
    out = BytesIO()
    document.save(out)
    reply = officer.post_form(
        "/admin/letters/template",
        {
            "kind": "narrative",
            "seen": seen_on(officer),
            "file": (BytesIO(out.getvalue()), "m.docx"),
        },
        content_type="multipart/form-data",
    )
    assert reply.status_code == 422
    assert "addressees" in reply.text


def test_without_a_head_it_says_where_one_is_added(session, client_for):
    make_period(session)
    make_allocation(session, project=make_project(session))
    reply = client_for("officer").get(f"{ADDRESS}.docx", query_string=ASKED)
    assert reply.status_code == 400


def test_the_paper_is_signed_by_whoever_signs_at_the_moment_asked_about(
    demo, officer, app, tmp_path
):
    """By either door: the page and the command."""
    demo.query(LetterHead).one().valid_to = date(2024, 12, 31)
    make_letter_head(demo, valid_from=date(2025, 1, 1), signer="Người Mới")
    demo.commit()
    for moment, is_new in (("2024-04-16T09:00", False), ("2025-02-03T09:00", True)):
        file = tmp_path / f"{is_new}.docx"
        asked = ("--period", "2024-03", "--as-of", moment, "--output", str(file))
        written = app.test_cli_runner().invoke(args=["reports", "narrative", *asked])
        assert written.exit_code == 0, written.output
        for paper in (fetched(officer, as_of=moment), Document(file)):
            assert ("Người Mới" in everything(paper)) is is_new, moment


# ---------------------------------------------------------------- the screen


def test_every_paragraph_with_a_figure_leads_to_it(officer):
    page = officer.soup(f"{ADDRESS}?period=2024-03&as_of=2024-04-16T09:00")
    links = page.select("section.said li a")
    assert len(links) > 12
    for link in links:
        there = officer.soup(link["href"])
        assert there.select("main")
    [line] = [one for one in links if one.text.startswith("Dự án 2: ")]
    assert "700.833.333" in officer.get(line["href"]).text


def test_an_english_reader_gets_the_same_vietnamese_paper(officer):
    with officer.session_transaction() as cookie:
        cookie["language"] = "en"
    text = everything(fetched(officer))
    assert "Kế hoạch vốn" in text
    assert "Planned capital" not in text


def test_units_do_not_see_it(demo, client_for):
    own = demo.query(Investor).filter_by(code="X-06388").one()
    client = client_for("investor", own)
    for ending in ("", ".docx"):
        assert client.get(f"{ADDRESS}{ending}?period=2024-03").status_code == 403
