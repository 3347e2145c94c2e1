"""Word templates of strangers: a budget, no lock meanwhile, and nothing active by any name."""

import re
import sqlite3
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document

from models import Reminder, RuleBroken
from models.base import local_day, now
from models.packages import Refused
from models.reminders import TemplateKind
from reports.letter import built_in, check_template, file, sample_contexts
from reports.letter.child.allowed import refuse_what_is_active
from tests.factories import make_expected, make_investor, make_letter_head, make_period
from tests.test_admin_letters import PAGE, key_of, send_template

NESTED = "{% for a in rows %}" * 9 + "x" + "{% endfor %}" * 9
RELS = "word/_rels/document.xml.rels"


def with_text(text):
    document = Document(BytesIO(built_in()))
    document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def repacked(new, rels="", body="", settings="", kind=""):
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(built_in())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in old.namelist():
            content = old.read(name).decode("utf-8", "surrogateescape")
            if name == RELS:
                content = content.replace("</Relationships>", rels + "</Relationships>")
            if name == "word/document.xml":
                content = content.replace("<w:sectPr", f"{body}<w:sectPr", 1)
            if name == "word/settings.xml":
                content = re.sub(r"(<w:settings[^>]*>)", rf"\1{settings}", content)
            if name == "[Content_Types].xml" and kind:
                content = content.replace("document.main+xml", kind)
            made.writestr(name, content.encode("utf-8", "surrogateescape"))
        for name, text in new.items():
            made.writestr(name, text)
    return out.getvalue()


def tie(kind, target, mode='TargetMode="External"'):
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return f'<Relationship Id="rIdX" Type="{base}{kind}" Target="{target}" {mode}/>'


def field(*pieces):
    """A field whose instruction is written in pieces."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    told = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in pieces)
    inside = told + mark.format("separate") + "<w:r><w:t>1</w:t></w:r>"
    return f"<w:p>{mark.format('begin')}{inside}{mark.format('end')}</w:p>"


SPELT = field("QUOTE 68 68 69").removeprefix("<w:p>").removesuffix("</w:p>")
HIDDEN = field("@").replace("<w:r><w:instrText>@</w:instrText></w:r>", SPELT)


@pytest.mark.parametrize(
    ("content", "part", "word"),
    [
        (repacked({"word/vbaProject.bin": b"x"}), "vbaProject.bin", "macros"),
        (repacked({}, kind="document.macroEnabled.main+xml"), "[Content_Types].xml", "macros"),
        (repacked({"word/activeX/activeX1.xml": "<a/>"}), "activeX1.xml", "controls"),
        (repacked({"word/embeddings/oleObject1.bin": b"x"}), "oleObject1.bin", "embedded"),
        (repacked({"word/afchunk1.htm": "x"}), "afchunk1.htm", "embedded"),
        (repacked({"word/media/setup.exe": b"MZ"}), "setup.exe", "embedded"),
        (repacked({"word/anything.xml": "<a/>"}), "anything.xml", "embedded"),
        (repacked({}, rels=tie("image", "http://x/a.png")), "document.xml.rels", "connections"),
        (repacked({}, rels=tie("attachedTemplate", "http://x/a.dotm")), "document.xml.rels",
         "connections"),
        (repacked({}, rels=tie("attachedTemplate", "a.xml", "")), "document.xml.rels",
         "connections"),
        (repacked({}, rels=tie("oleObject", "http://x/a")), "document.xml.rels", "embedded"),
        (repacked({}, rels=tie("aFChunk", "media/a.png", "")), "document.xml.rels", "embedded"),
        (repacked({}, rels=tie("subDocument", "http://x/a")), "document.xml.rels", "embedded"),
        (repacked({}, rels=tie("hyperlink", "file://x/a")), "document.xml.rels", "connections"),
        (repacked({}, rels=tie("hyperlink", r"\\x\a")), "document.xml.rels", "connections"),
        (repacked({}, body='<w:altChunk r:id="rIdX"/>'), "document.xml", "embedded"),
        (repacked({}, body="<w:p><w:r><w:object/></w:r></w:p>"), "document.xml", "embedded"),
        (repacked({}, settings="<w:mailMerge/>"), "settings.xml", "connections"),
        (repacked({}, settings='<w:attachedTemplate r:id="rId1"/>'), "settings.xml",
         "connections"),
        (repacked({}, body='<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:v" src="http://x/a"/>'
                  "</w:pict></w:r></w:p>"), "document.xml", "connections"),
        (repacked({}, body=field(r"DDEAUTO c:\\a.exe")), "document.xml", "field"),
        (repacked({}, body=field("DD", "EAU", r"TO c:\\a.exe")), "document.xml", "field"),
        (repacked({}, body=field(r"INCLUDETEXT \\x\a")), "document.xml", "field"),
        (repacked({}, body=HIDDEN), "document.xml", "field"),
        (repacked({}, body=field("HYPERLINK &quot;file://x/a&quot;")), "document.xml",
         "connections"),
        (repacked({}, body='<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://x/a"/></w:p>'),
         "document.xml", "field"),
    ],
)  # fmt: skip
def test_what_is_active_or_fetched_is_refused_by_the_name_of_its_part(content, part, word):
    with pytest.raises(Refused) as refusal:
        refuse_what_is_active(content)
    assert (refusal.value.key, refusal.value.values["part"]) == (word, part)
    assert part in str(file._sentence(word, refusal.value.values, ()))


@pytest.mark.parametrize("kind", list(TemplateKind))
def test_the_templates_of_the_program_are_allowed(kind):
    refuse_what_is_active(built_in(kind))


def test_numbers_of_pages_days_and_links_to_the_web_are_allowed():
    content = repacked(
        {},
        rels=tie("hyperlink", "https://huulung.langson.gov.vn"),
        body=field(" PAGE ") + field("HYPERLINK &quot;https://x&quot;") + field(" =SUM(ABOVE) "),
    )
    refuse_what_is_active(content)


@pytest.mark.parametrize("name", ["word/document.xml", "ppt/slides.xml"])
def test_what_a_file_is_is_known_by_its_content(name):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("_rels/.rels", f"<Relationships>{tie('officeDocument', name, '')}"
                         "</Relationships>")  # fmt: skip
        package.writestr(name, "<a/>")
    with pytest.raises(Refused, match="not_word"):
        refuse_what_is_active(out.getvalue())


def test_a_template_cannot_write_what_it_may_not_hold():
    chunk = "&lt;w:altChunk w:id=1/&gt;"
    text = "{{ '</w:t></w:r></w:p><w:altChunk/><w:p><w:r><w:t>'|safe }}"
    with pytest.raises(RuleBroken, match="carries another file"):
        check_template(with_text(text), "a.docx", sample_contexts(), TemplateKind.REMINDER)
    fetching = repacked({}, body=field("DDE", "AUTO x"))
    with pytest.raises(RuleBroken, match=r"a field “DDEAUTO” \(document.xml\)"):
        check_template(fetching, "a.docx", sample_contexts(), TemplateKind.REMINDER)
    check_template(with_text(chunk), "a.docx", sample_contexts(), TemplateKind.REMINDER)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (NESTED, "takes too long"),
        ("{{ symbol.ljust(900000000) }}", "takes too long or too much memory"),
        ("{{ range(5) }}", "these names: range"),
        ("{{ lipsum() }}", "these names: lipsum"),
        ("{{ cycler.__init__.__globals__ }}", "these names: cycler"),
    ],
)
def test_a_template_beyond_its_budget_is_refused_in_words(monkeypatch, text, told):
    monkeypatch.setattr(file, "BUDGET", replace(file.BUDGET, seconds=1, memory=300 * 2**20))
    with pytest.raises(RuleBroken, match=told):
        check_template(with_text(text), "a.docx", sample_contexts(), TemplateKind.REMINDER)


@pytest.fixture
def free_meanwhile(monkeypatch, engine):
    """While a template is filled in, others can write: nobody holds a transaction open."""
    asked = []
    real = file.chunks_from_child

    def look(*args, **kwargs):
        if engine.dialect.name == "sqlite":
            other = sqlite3.connect(engine.url.database, timeout=0)
            other.execute("BEGIN IMMEDIATE")
            other.close()
        else:
            with engine.connect() as other:
                open_ones = "SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL"
                open_ones += " AND pid <> pg_backend_pid() AND datname = current_database()"
                assert other.exec_driver_sql(open_ones).scalar() == 0
        asked.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(file, "chunks_from_child", look)
    return asked


def test_others_write_while_a_template_is_tried_and_filled_in(session, client_for, free_meanwhile):
    make_letter_head(session)
    march = make_period(session, deadline_at=now() - timedelta(days=3))
    make_expected(session, march, make_investor(session))
    client = client_for("officer")
    assert send_template(client, built_in()).status_code == 303
    due = f"{local_day(now()) + timedelta(days=2):%d/%m/%Y}"
    form = {"period": "2024-03", "due": due, "form_key": key_of(client.soup(PAGE))}
    assert client.post_form("/admin/letters/reminder.docx", form).status_code == 200
    assert client.get("/admin/reports/narrative.docx?period=2024-03").status_code == 200
    assert session.query(Reminder).count() == 1
    assert len(free_meanwhile) == 3
