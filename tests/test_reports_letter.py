"""The reminder letter: who is named, how it counts, and a Word file that a clerk can send."""

import re
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from models import LetterHead, RuleBroken
from models.base import HANOI
from models.calendar import PeriodCode, put_setting
from models.duty import get_period
from models.reminders import TemplateKind, ensure_default_head, head_on
from reports.letter import (
    IN_LIST,
    built_in,
    check_template,
    ended,
    reminder_letter,
    render,
    render_letter,
    roll,
    sample_contexts,
    sample_letter,
    sample_slow_contexts,
    spoken_day,
    spoken_deadline,
    spoken_moment,
    spoken_month,
    spoken_period,
)
from reports.narrative import sample_narrative_contexts
from tests.factories import (
    make_expected,
    make_investor,
    make_letter_head,
    make_period,
    make_submission,
)

TAKEN = datetime(2024, 4, 16, 16, 30, tzinfo=HANOI)
DUE = datetime(2024, 4, 18, 23, 59, 59, tzinfo=HANOI)
HARD = "UBND xã \"Yên\" & <Bình> 'một'"


@pytest.fixture
def march(session):
    make_letter_head(session)
    return make_period(session)


def units(session, period, count, **given):
    found = [make_investor(session, **given) for _n in range(count)]
    for one in found:
        make_expected(session, period, one)
    return found


def written(session, period, **given):
    letter = reminder_letter(session, period=period, **{"as_of": TAKEN, "due_at": DUE} | given)
    return Document(BytesIO(render_letter(letter, None)))


def every_paragraph(document):
    """Paragraphs of the body and of its tables, in the order of the page."""
    for block in document.element.body.iter(qn("w:p")):
        yield "".join(text.text or "" for text in block.iter(qn("w:t")))


def text_of(document):
    return "\n".join(every_paragraph(document))


# ---------------------------------------------------------------- who is named


def test_nobody_to_remind_is_refused(session, march):
    make_submission(session, period=march, investor=units(session, march, 1)[0], status="submitted")
    with pytest.raises(RuleBroken, match="nothing to remind"):
        reminder_letter(session, period=march, as_of=TAKEN, due_at=DUE)


def test_before_the_deadline_nobody_is_named(session, march):
    units(session, march, 2)
    with pytest.raises(RuleBroken, match="nothing to remind"):
        reminder_letter(session, period=march, as_of=march.deadline_at, due_at=DUE)
    second = march.deadline_at + timedelta(seconds=1)
    assert len(reminder_letter(session, period=march, as_of=second, due_at=DUE).units) == 2


def test_the_new_deadline_lies_after_the_letter(session, march):
    units(session, march, 1)
    with pytest.raises(RuleBroken, match="must lie after") as refused:
        reminder_letter(session, period=march, as_of=TAKEN, due_at=TAKEN)
    assert refused.value.field == "due"
    second = TAKEN + timedelta(seconds=1)
    assert reminder_letter(session, period=march, as_of=TAKEN, due_at=second).units


def test_counts_leave_out_who_is_exempt(session, march):
    first, second, third, _fourth = units(session, march, 4)
    make_submission(session, period=march, investor=first, status="submitted")
    make_submission(session, period=march, investor=second, status="draft")
    late = datetime(2024, 4, 16, 9, 30, tzinfo=UTC)  # 16:30 in Vietnam: just there
    make_submission(
        session, period=march, investor=third, status="submitted", first_submitted_at=late
    )
    make_expected(session, march, make_investor(session), exempt_reason="Không có vốn")
    found = roll(session, period=march, as_of=TAKEN)
    assert (found.sent, found.expected, len(found.units)) == (2, 4, 2)
    assert [unit.days_late for unit in found.units] == [7, 7]


def test_a_returned_report_that_was_not_sent_again_is_named_as_such(session, march):
    first, second = units(session, march, 2)
    make_submission(session, period=march, investor=first, status="returned")
    letter = reminder_letter(session, period=march, as_of=TAKEN, due_at=DUE)
    assert [(u.investor_id, u.was_returned) for u in letter.units] == [
        (first.id, True),
        (second.id, False),
    ]
    text = text_of(written(session, march))
    assert "đã có 1/2 đơn vị gửi báo cáo tháng 3 năm 2024; còn 01 đơn vị chưa gửi, " in text
    assert "01 đơn vị chưa gửi lại báo cáo bị trả (có danh sách kèm theo)" in text
    assert "Chưa gửi lại báo cáo bị trả" in text


def test_an_office_that_issues_the_paper_itself_is_not_named_as_the_way_to_itself(session, march):
    session.query(LetterHead).one().via_office = "UBND huyện"
    units(session, march, 1)
    text = text_of(written(session, march))
    assert "báo cáo kết quả, tiến độ thực hiện về UBND huyện trước ngày 10 hàng tháng." in text
    for kind, contexts, said in (
        (TemplateKind.SLOW, sample_slow_contexts(), "báo cáo ngay về UBND huyện."),
        (TemplateKind.NARRATIVE, sample_narrative_contexts(), "UBND huyện theo dõi, tổng hợp"),
    ):
        itself = contexts[0] | {"via_office": contexts[0]["issuer_short"]}
        assert said in text_of(Document(BytesIO(render(itself, kind, None))))


def test_units_with_an_extension_are_counted_apart(session, march):
    units(session, march, 1)
    make_expected(
        session,
        march,
        make_investor(session),
        deadline_at=TAKEN + timedelta(days=1),
        deadline_reason="Mưa lũ",
    )
    text = text_of(written(session, march))
    assert "0/2 đơn vị" in text
    assert "còn 01 đơn vị chưa gửi, 01 đơn vị được gia hạn, chưa đến hạn" in text


def test_a_letter_costs_the_same_for_1_and_20_units(session, march, count_queries):
    counts = []
    for more in (1, 19):
        units(session, march, more)
        session.commit()
        period = get_period(session, "2024-03")
        with count_queries() as seen:
            reminder_letter(session, period=period, as_of=TAKEN, due_at=DUE)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10


# ---------------------------------------------------------------- heads


def test_without_a_head_it_says_where_one_is_added(session):
    march = make_period(session)
    units(session, march, 1)
    with pytest.raises(RuleBroken, match="Letter heads"):
        reminder_letter(session, period=march, as_of=TAKEN, due_at=DUE)


def test_the_head_of_the_day_in_vietnam_is_printed(session):
    make_letter_head(session, valid_from=date(2024, 1, 1), valid_to=date(2024, 4, 16), signer="A")
    make_letter_head(session, valid_from=date(2024, 4, 17), valid_to=None, signer="B")
    march = make_period(session)
    units(session, march, 1)
    for clock, signer in (((16, 16, 59, 59), "A"), ((16, 17, 0, 0), "B")):
        at = datetime(2024, 4, *clock, tzinfo=UTC)
        assert reminder_letter(session, period=march, as_of=at, due_at=DUE).signer == signer


def test_days_of_a_head(session):
    head = make_letter_head(session, valid_to=date(2024, 6, 30))
    for day, known in (("2023-12-31", 0), ("2024-01-01", 1), ("2024-06-30", 1), ("2024-07-01", 0)):
        if known:
            assert head_on(session, date.fromisoformat(day)) is head
        else:
            with pytest.raises(RuleBroken):
                head_on(session, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [
        ("2024-06-30", None, False),
        ("2024-07-01", None, True),
        ("2023-01-01", "2023-12-31", True),
        ("2023-01-01", "2024-01-01", False),
        ("2023-01-01", None, False),
        ("2024-02-01", "2024-03-01", False),
    ],
)
def test_two_heads_are_never_in_force_on_one_day(ruled_session, first, last, free):
    make_letter_head(ruled_session, valid_to=date(2024, 6, 30))
    days = {
        "valid_from": date.fromisoformat(first),
        "valid_to": date.fromisoformat(last) if last else None,
    }
    if free:
        make_letter_head(ruled_session, **days)
    else:
        with pytest.raises(RuleBroken, match="same days"):
            make_letter_head(ruled_session, **days)


def test_the_first_head_is_added_once(session):
    ensure_default_head(session)
    ensure_default_head(session)
    [head] = session.query(LetterHead)
    assert (head.signer, head.symbol) == ("Trần Quốc Phong", "UBND-LĐTBXHDT")
    march = make_period(session)
    units(session, march, 1)
    text = text_of(written(session, march))
    assert "Thực hiện Công văn số …/UBND-LĐTBXHDT" in text
    assert "- C, PVP HĐND&UBND huyện;\n- Lưu: VT, LĐTBXHDT." in text


# ---------------------------------------------------------------- words


def test_days_and_months_in_words():
    assert spoken_month(date(2025, 1, 9)) == "tháng 01 năm 2025"
    assert spoken_month(date(2025, 2, 9)) == "tháng 02 năm 2025"
    assert spoken_month(date(2024, 3, 9)) == "tháng 3 năm 2024"
    assert spoken_month(date(2024, 12, 9)) == "tháng 12 năm 2024"
    assert spoken_day(date(2024, 4, 9)) == "09/4/2024"
    assert spoken_day(date(2024, 4, 10)) == "10/4/2024"
    assert spoken_day(date(2024, 2, 1)) == "01/02/2024"
    assert spoken_moment(TAKEN) == "16 giờ 30 phút ngày 16/4/2024"
    assert spoken_moment(datetime(2024, 4, 8, 17, 5, tzinfo=UTC)) == "00 giờ 05 phút ngày 09/4/2024"
    assert spoken_deadline(DUE) == "ngày 18/4/2024"
    assert spoken_deadline(DUE.replace(hour=17, minute=0, second=0)) == (
        "17 giờ 00 phút ngày 18/4/2024"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("2024-01", "tháng 01 năm 2024"),
        ("2024-03", "tháng 3 năm 2024"),
        ("2024-Q4", "quý IV năm 2024"),
        ("2024-13", "kỳ chỉnh lý năm 2024"),
    ],
)
def test_periods_in_words(code, words):
    assert spoken_period(PeriodCode.parse(code)) == words


def test_entries_of_a_list_end_as_the_decree_says():
    assert ended(["- Như trên;", " ", "CT, các PCT;", "Lưu: VT."]) == (
        "Như trên;",
        "CT, các PCT;",
        "Lưu: VT.",
    )
    assert ended(["Một"]) == ("Một.",)


def test_the_duty_is_said_as_the_settings_read_it(session, march):
    units(session, march, 1)
    assert "trước ngày 10 hàng tháng" in text_of(written(session, march))
    put_setting(session, "due_rule", "on_or_before")
    put_setting(session, "due_day", "5")
    assert "chậm nhất ngày 05 hàng tháng" in text_of(written(session, march))


# ---------------------------------------------------------------- the file


@pytest.mark.parametrize("count", [1, 2, 10, 11])
def test_addressees(session, march, count):
    found = units(session, march, count)
    lines = text_of(written(session, march)).split("\n")
    listed = [line for line in lines if re.match(r"- Ủy ban", line)]
    if count == 1:
        assert f"Kính gửi: {found[0].name}" in lines
        assert listed == []
        assert "UBND huyện yêu cầu đơn vị nghiêm túc thực hiện./." in lines
    elif count == 11:
        assert f"Kính gửi: {IN_LIST}" in lines
        assert listed == []
    else:
        assert lines.index("Kính gửi:") < lines.index(listed[0])
        assert listed == [f"- {one.name};" for one in found[:-1]] + [f"- {found[-1].name}."]
        assert "UBND huyện yêu cầu các đơn vị nghiêm túc thực hiện./." in lines
    assert "DANH SÁCH" in lines


def test_names_with_signs_of_xml_survive(session):
    make_letter_head(session, signer="Nguyễn <A> & 'B'", issuer="A & B\n<C>", place='"Hữu" <Lũng>')
    march = make_period(session)
    units(session, march, 2, name=HARD)
    document = written(session, march)
    text = text_of(document)
    for part in (f"- {HARD};", f"- {HARD}.", "Nguyễn <A> & 'B'", "A & B", "<C>", '"Hữu" <Lũng>'):
        assert part in text
    assert [row.cells[1].text for row in document.tables[-1].rows] == ["Đơn vị", HARD, HARD]


def test_number_and_day_are_left_to_the_clerk(session, march):
    units(session, march, 2)
    text = text_of(written(session, march))
    assert "Số:      /UBND-LĐTBXHDT" in text
    assert "Hữu Lũng, ngày      tháng 4 năm 2024" in text
    assert "Đến 16 giờ 30 phút ngày 16/4/2024, đã có 0/2 đơn vị" in text
    assert "chậm nhất ngày 18/4/2024" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "{" not in text
    assert "_" not in text
    assert "–" not in text


def test_the_page_is_laid_out_as_the_decree_says(session, march):
    units(session, march, 2)
    document = written(session, march)
    for section in document.sections:
        sides = (section.top_margin, section.bottom_margin, section.left_margin)
        assert [round(side.mm) for side in sides] == [20, 20, 30]
        assert round(section.right_margin.mm) == 15
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert section.different_first_page_header_footer
        assert "".join(p.text for p in section.first_page_header.paragraphs) == ""
        header = section.header.paragraphs[0]
        assert header.alignment is WD_ALIGN_PARAGRAPH.CENTER
        assert " PAGE " in header._p.xml
        assert all(run.font.size == Pt(14) for run in header.runs)
    assert len(document.sections) == 2

    for run in document.element.body.iter(qn("w:r")):
        fonts = run.rPr.find(qn("w:rFonts"))
        names = {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")}
        assert names == {"Times New Roman"}
        assert run.rPr.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"

    head, foot, annex = document.tables
    borders = head._tbl.tblPr.find(qn("w:tblBorders"))
    assert {side.get(qn("w:val")) for side in borders} == {"nil"}
    assert len(list(head._tbl.iter(qn("w:pBdr")))) == 2  # below the issuer, below the motto
    assert foot.cell(0, 0).paragraphs[0].text == "Nơi nhận:"
    [label] = foot.cell(0, 0).paragraphs[0].runs
    assert (label.font.size, label.font.bold, label.font.italic) == (Pt(12), True, True)
    assert foot.cell(0, 0).paragraphs[1].runs[0].font.size == Pt(11)
    signed = [p.text for p in foot.cell(0, 1).paragraphs]
    assert signed[:2] == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
    assert signed[-1] == "Trần Quốc Phong"

    body = [p for p in document.paragraphs if p.text.startswith(("Thực hiện", "UBND huyện"))]
    assert len(body) == 3
    for paragraph in body:
        assert paragraph.alignment is WD_ALIGN_PARAGRAPH.JUSTIFY
        assert abs(paragraph.paragraph_format.first_line_indent - Mm(12.7)) < Mm(0.1)
        assert paragraph.paragraph_format.space_before >= Pt(6)
    assert body[-1].text.endswith("./.")

    rows = annex._tbl.tr_lst
    assert rows[0].trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert [cell.text for cell in annex.rows[0].cells] == [
        "TT", "Đơn vị", "Kỳ báo cáo", "Hạn nộp", "Số ngày chậm", "Nội dung còn thiếu",
    ]  # fmt: skip
    assert [cell.text for cell in annex.rows[1].cells][2:] == [
        "Tháng 3/2024", "23:59 09/04/2024", "7", "Chưa gửi báo cáo",
    ]  # fmt: skip


def test_an_office_below_the_committee_prints_its_superior(session):
    make_letter_head(
        session,
        superior="UBND HUYỆN HỮU LŨNG",
        issuer="PHÒNG LAO ĐỘNG, THƯƠNG BINH,\nXÃ HỘI - DÂN TỘC",
        authority=None,
        position="TRƯỞNG PHÒNG",
    )
    march = make_period(session)
    units(session, march, 1)
    head, foot, _annex = written(session, march).tables
    left = head.cell(0, 0).paragraphs
    assert [p.text for p in left[:3]] == [
        "UBND HUYỆN HỮU LŨNG",
        "PHÒNG LAO ĐỘNG, THƯƠNG BINH,",
        "XÃ HỘI - DÂN TỘC",
    ]
    assert [bool(p.runs[0].font.bold) for p in left[:3]] == [False, True, True]
    assert foot.cell(0, 1).paragraphs[0].text == "TRƯỞNG PHÒNG"


def test_the_demonstration_names_its_missing_units(session, load_demo):
    load_demo(TAKEN)
    ensure_default_head(session)
    friday = datetime(2024, 4, 12, 16, 30, tzinfo=HANOI)
    lines = text_of(written(session, get_period(session, "2024-03"), as_of=friday)).split("\n")
    assert [line for line in lines if line.startswith("- ")][:2] == [
        "- Phòng Văn hóa và Thông tin;",
        "- Ủy ban nhân dân xã Yên Bình.",
    ]
    assert any("đã có 7/9 đơn vị gửi báo cáo tháng 3 năm 2024" in line for line in lines)


def test_a_word_processor_opens_it(session, march, tmp_path):
    """One page of letter and one of list for 1, 2 and 11 units; 60 units need more pages."""
    assert shutil.which("soffice"), "LibreOffice is needed: make browser installs it"
    found = []
    for count, more in ((1, 1), (2, 1), (11, 9), (60, 49)):
        found += units(session, march, more, name=HARD if count < 11 else "UBND xã Hòa Bình")
        letter = reminder_letter(session, period=march, as_of=TAKEN, due_at=DUE)
        (tmp_path / f"{count}.docx").write_bytes(render_letter(letter, None))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "pdf", "--outdir", tmp_path,
         *(tmp_path / f"{count}.docx" for count in (1, 2, 11, 60))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for count in (1, 2, 11, 60):
        pages = printed(tmp_path / f"{count}.pdf")
        assert len(pages) == (2 if count < 60 else 4)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in pages[0]
        assert "Độc lập - Tự do - Hạnh phúc" in pages[0]
        assert "Trần Quốc Phong" in pages[0]
        assert pages[1].lstrip().startswith("DANH SÁCH")
        if count == 1:
            assert f"Kính gửi: {HARD}" in pages[0]
        if count == 60:  # page numbers from 2 on, and the header of the table on every page
            for number, page in enumerate(pages[2:], 2):
                assert page.split()[0] == str(number)
                assert "Nội dung" in page


def printed(file):
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    return text.rstrip("\f\n").split("\f")


# ---------------------------------------------------------------- edited templates


def edited(change):
    document = Document(BytesIO(built_in()))
    change(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def judge(content, name="mau.docx"):
    check_template(content, name, sample_contexts(), TemplateKind.REMINDER)


def add(text):
    return edited(lambda document: document.add_paragraph(text))


def test_the_built_in_template_and_an_edited_one_are_taken():
    judge(built_in())
    content = add("Nơi lập: {{ place }} {% if sent %}đã có{% endif %}")
    judge(content, "MAU.DOCX")
    letter = sample_letter(2)
    assert "Nơi lập: Địa danh đã có" in text_of(Document(BytesIO(render_letter(letter, content))))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ ky_hieu }}", "these names: ky_hieu. Known are: addressed_to, "),
        ("{{ symbol", "broken near “{{ symbol”"),
        ("{{ symbol symbol }}", "broken near “{{ symbol symbol }}”"),
        ("{{ symbol | hoa }}", "“hoa”, which does not exist"),
        ("{% nếu sent %}", "“nếu”, which does not exist"),
        ("{% if sent %}", "“if” of the template is opened"),
        ("{% endif %}", "“endif”, which does not exist|broken near"),
        ("{%p for line in issuer %}", "“for” of the template is opened"),
        ("{% for row in rows %}{{ row.tuoi }}{% endfor %}", "asks for “tuoi”"),
        ("{{ symbol.__class__.__mro__ }}", "no template may do: __class__"),
        ("{{ ''.__class__ }}", "no template may do: __class__"),
        ("{{ symbol * 1000000000 }}", r"no template may do: \*"),
        ("{{ sent // 0 }}", "cannot be filled in"),
        ("{% include 'x' %}", "cannot be filled in"),
    ],
)
def test_a_faulty_template_is_refused_with_its_trouble(text, told):
    with pytest.raises(RuleBroken, match=told):
        judge(add(text))


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.docx", "not a Word file"),
        (b"PK\x03\x04 and nothing more", "a.docx", "not a Word file"),
        (b"x" * (2 * 1024 * 1024 + 1), "a.docx", "larger than 2 MB"),
        (b"x", "a.doc", "ends in .docx"),
    ],
)
def test_what_is_no_word_file_is_refused(content, name, told):
    with pytest.raises(RuleBroken, match=told):
        judge(content, name)


def test_a_cut_off_file_and_one_that_unpacks_too_large_are_refused():
    import zipfile

    with pytest.raises(RuleBroken, match="not a Word file"):
        judge(built_in()[:-4000])
    out = BytesIO(built_in())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/large.bin", b"\0" * (21 * 1024 * 1024))
    with pytest.raises(RuleBroken, match="too large"):
        judge(out.getvalue())
