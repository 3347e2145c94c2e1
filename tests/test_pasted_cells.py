"""Cells copied from a spreadsheet and pasted: on a decision, and on the list of projects."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from admin.pages import import_acts, pasted
from models import DISTRICT, AllocationLine, ImportRun, Project, db
from models.base import RuleBroken, format_dong, now
from models.imports import look
from models.sheets import (
    Ask,
    At,
    DecisionSeen,
    Field,
    Finding,
    Kind,
    Level,
    Line,
    Reading,
    Value,
    has_head,
    pasted_file,
    pasted_text,
    with_given,
)
from models.sheets.opening import open_book
from tests.factories import make_component, make_decision, make_investor, make_project

GIVEN = {
    "decision_number": "6068/QĐ-UBND",
    "decision_day": "2023-12-18",
    "decision_issuer": "UBND huyện Hữu Lũng",
    "kind": "supplement",
    "source": "NSH",
    "nature": "SN",
    "budget_year": "2024",
    "vintage": "2023",
}


def texts(content):
    """The cells of a pasted file as the reader of files tells them."""
    book = open_book(content, "dan.csv")
    assert not book.is_refused, book.findings
    return {place: cell.value for place, cell in book.grids[0].cells.items()}


def test_pasted_cells_stand_where_they_were_pasted():
    """A comma in an amount and a line end in a cell part nothing; the first row is row 1."""
    pasted = 'Đơn vị\tSố tiền\nUBND xã Hữu Liên\t1,5\n"UBND xã\nThiện Tân"\t2.000.000\n'
    assert texts(pasted_file(pasted)) == {
        (1, 1): "Đơn vị",
        (1, 2): "Số tiền",
        (2, 1): "UBND xã Hữu Liên",
        (2, 2): "1,5",
        (3, 1): "UBND xã\nThiện Tân",
        (3, 2): "2.000.000",
    }


def test_a_head_is_put_above_cells_without_one():
    content = pasted_file("X-1\t\t5\nX-2\t\t6", [Field.UNIT, None, Field.AMOUNT])
    assert texts(content)[1, 1] == "Chủ đầu tư"
    assert texts(content)[1, 3] == "Số tiền"
    assert texts(content)[2, 3] == "5"
    assert (1, 2) not in texts(content)


@pytest.mark.parametrize("columns", [(), (Field.UNIT, None, Field.AMOUNT)])
def test_what_was_pasted_is_given_back_to_be_corrected(columns):
    pasted = "X-1\tA\t5\r\nX-2\tB\t6"
    assert pasted_text(pasted_file(pasted, columns)) == (pasted, columns)


@pytest.mark.parametrize("pasted", ["", " \n\t\n"])
def test_nothing_pasted_is_said(pasted):
    with pytest.raises(RuleBroken):
        pasted_file(pasted)


def test_too_much_is_for_a_file():
    with pytest.raises(RuleBroken, match="too many"):
        pasted_file("x" * 900_001)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("Chủ đầu tư\tTên dự án\tSố tiền\nUBND xã A\tMô hình B\t1.000", True),
        ("PHỤ LỤC\nSTT\tĐơn vị\tVốn giao\n1\tUBND xã A\t5", True),
        ("UBND xã Hữu Liên\tMô hình chăn nuôi trâu\t1.000.000", False),
        ("Mô hình chăn nuôi\tbổ sung\t5.000.000", False),
        ("L01\t5.000.000\nL02\t6.000.000", False),
        ('"chưa đóng\tx', False),
    ],
)
def test_a_head_is_known_by_its_words(pasted, expected):
    assert has_head(pasted) is expected


def amount(value=5, **capital):
    return Line(at=At("T", "A2"), values=(Value(field=Field.AMOUNT, value=value, at=At("T", "B2"),
                                                **capital),))  # fmt: skip


def given(reading, **changed):
    asked = {key: value for key, value in (GIVEN | changed).items() if value}
    return with_given(reading, Ask(kind=Kind.ALLOCATIONS, given=asked))


def test_what_is_chosen_once_holds_for_all_rows():
    found = given(Reading(lines=(amount(),)))
    assert found.decision == DecisionSeen(
        number="6068/QĐ-UBND",
        issued_on=date(2023, 12, 18),
        issuer="UBND huyện Hữu Lũng",
        kind="supplement",
    )
    assert (found.source, found.nature, found.budget_year) == ("NSH", "SN", 2024)
    assert [value.vintage for line in found.lines for value in line.values] == [2023]


def test_what_a_row_says_itself_goes_before():
    carried = amount(is_carried=True)
    found = given(Reading(lines=(amount(vintage=2022), carried), source="NSTW", nature="DTPT"))
    assert [value.vintage for line in found.lines for value in line.values] == [2022, None]
    assert (found.source, found.nature) == ("NSTW", "DTPT")


def test_another_decision_in_the_cells_is_an_error_at_its_cell():
    seen = DecisionSeen(number="412/QĐ-UBND", at=At("T", "A1"))
    found = given(Reading(decision=seen))
    assert [(one.level, one.code, one.at.cell) for one in found.findings] == [
        (Level.ERROR, "row_conflict", "A1")
    ]
    same = DecisionSeen(number="6068/qđ-ubnd", at=At("T", "A1"))
    assert given(Reading(decision=same)).findings == ()
    earlier = given(Reading(decision=same), decision_number="6068 / QĐ – UBND")
    assert earlier.findings == ()


def test_questions_that_the_page_answers_are_not_asked():
    asked = (
        Finding(level=Level.QUESTION, code="kind_unclear", message="?", at=At("T")),
        Finding(level=Level.QUESTION, code="kind_unclear", message="?", at=At("T", "B2")),
        Finding(level=Level.ERROR, code="decision_missing", message="?", at=At("T")),
    )
    found = given(Reading(findings=asked))
    assert found.findings == (asked[1],)
    assert given(Reading(findings=asked), kind="").findings == asked[:2]


def test_other_files_are_left_as_they_are():
    reading = Reading(lines=(amount(),))
    assert with_given(reading, Ask(kind=Kind.ALLOCATIONS)) is reading


# --------------------------------------------------------------------------------- on the pages


@pytest.fixture
def begun(monkeypatch):
    runs = []
    for module in (pasted, import_acts):
        monkeypatch.setattr(module, "look_apart", runs.append)
    return runs


@pytest.fixture
def read(app, begun):
    """Look at the cells that wait, as the process of its own does."""

    def done():
        with app.app_context():
            session = db.session()
            session.enter(DISTRICT)
            while begun:
                look(session, begun.pop(0), at=now())

    return done


@pytest.fixture
def works(session):
    """Thirty communes with one project each."""
    part = make_component(session, code="GNBV.DA2", name="Đa dạng hóa sinh kế")
    return [
        make_project(
            session,
            code=f"L{n:02}",
            name=f"Mô hình chăn nuôi số {n}",
            component=part,
            investor=make_investor(
                session, code=f"X-{n:02}", name=f"UBND xã Số {n}", short_name=f"Xã Số {n}"
            ),
        )
        for n in range(1, 31)
    ]


@pytest.fixture
def decision(session):
    return make_decision(
        session,
        number="6068/QĐ-UBND",
        issued_on=date(2023, 12, 18),
        issuer="UBND huyện Hữu Lũng",
        effective_on=date(2024, 1, 1),
    )


def box_of(client, url):
    """The fields of the box as the page shows them."""
    form = client.soup(url).select_one("form.paste")
    fields = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    for one in form.select("select"):
        chosen = one.select_one("option[selected]") or one.select_one("option")
        fields[one["name"]] = chosen["value"]
    fields["cells"] = form.select_one("textarea").text.removeprefix("\n")  # as a browser reads it
    return form["action"], {k: v for k, v in fields.items() if k != "csrf_token"}


def paste(client, url, **typed):
    action, fields = box_of(client, url)
    return client.post_form(action, fields | typed)


def run_page(client, address, action):
    """The forms of the page of a run, posted as they stand."""
    form = client.soup(address).select_one(f"form[action$='{action}']")
    fields = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    return client.post_form(form["action"], {k: v for k, v in fields.items() if k != "csrf_token"})


def told(client, address):
    return client.get(f"{address}.json").get_json()


def rows_of(works):
    """What somebody copies: unit, project, amount, without a head."""
    return "\n".join(
        f"{one.investor.name}\t{one.name}\t{format_dong(n * 100_000_000)}"
        for n, one in enumerate(works, 1)
    )


def test_thirty_lines_of_a_decision(session, client_for, works, decision, read):
    """Pasted, read, looked at, confirmed: each line once, and taken back in one piece."""
    finance = client_for("finance")
    reply = paste(
        finance,
        f"/admin/decision/details/?id={decision.id}",
        cells=rows_of(works),
        kind="initial",
        source="NSTW",
        nature="SN",
    )
    assert reply.status_code == 303, reply.text[:2000]
    read()
    seen = told(finance, reply.location)
    assert seen["findings"] == []
    assert (seen["status"], seen["counts"]["new"]) == ("ready", 30)
    assert session.query(AllocationLine).count() == 0
    assert run_page(finance, reply.location, "/apply").status_code == 303
    lines = session.query(AllocationLine).order_by(AllocationLine.amount).all()
    assert [line.amount for line in lines] == [n * 100_000_000 for n in range(1, 31)]
    assert {line.decision_id for line in lines} == {decision.id}
    assert {
        (one.allocation.source, one.allocation.nature, one.allocation.vintage, one.kind)
        for one in lines
    } == {("NSTW", "SN", 2024, "initial")}
    assert [one.allocation.project.code for one in lines] == [one.code for one in works]
    assert run_page(finance, reply.location, "/undo").status_code == 303
    assert session.query(AllocationLine).count() == 0


def test_columns_of_source_and_year_go_before_what_was_chosen(
    session, client_for, works, decision, read
):
    cells = (
        "Mã dự án\tNguồn vốn\tNăm của vốn\tSố tiền\n"
        "L01\tNSH\t2024\t5.000.000\nL02\tNSTW\t2023\t7.000.000\nL03\t\t\t9.000.000"
    )
    finance = client_for("finance")
    reply = paste(
        finance,
        f"/admin/pasted/decision/{decision.id}",
        cells=cells,
        kind="supplement",
        source="NST",
        nature="SN",
        budget_year="2024",
    )
    read()
    seen = told(finance, reply.location)
    assert (seen["status"], seen["findings"]) == ("ready", [])
    booked = {
        (row["values"]["project_code"], row["values"]["source"], row["values"]["vintage"],
         row["values"]["amount"])
        for row in seen["rows"] if row["table"] == "allocations"
    }  # fmt: skip
    assert booked == {
        ("L01", "NSH", "2024", "5000000"),
        ("L02", "NSTW", "2023", "7000000"),
        ("L03", "NST", "2024", "9000000"),
    }


def test_what_is_wrong_is_shown_at_its_cell_and_corrected_in_the_box(
    session, client_for, works, decision, read
):
    finance = client_for("finance")
    cells = rows_of(works[:3]).replace("Xã Số 2", "Xã Sỗ 2").replace("300.000.000", "ba trăm triệu")
    url = f"/admin/pasted/decision/{decision.id}"
    reply = paste(finance, url, cells=cells, kind="initial", source="NSTW", nature="SN")
    read()
    seen = told(finance, reply.location)
    assert seen["status"] == "errors"
    found = {(one["code"], one["cell"]) for one in seen["findings"]}
    assert ("number_unreadable", "C4") in found  # below the head that was put above
    page = finance.soup(reply.location)
    assert "ba trăm triệu" in page.text
    again = page.select_one("a[href*='/admin/pasted/decision/']")["href"]
    action, fields = box_of(finance, again)
    assert fields["cells"].replace("\r\n", "\n") == cells
    assert (fields["kind"], fields["source"], fields["nature"]) == ("initial", "NSTW", "SN")
    assert [fields[f"column-{n}"] for n in (1, 2, 3, 4)] == ["unit", "project", "amount", ""]
    reply = finance.post_form(action, fields | {"cells": rows_of(works[:3])})
    read()
    assert told(finance, reply.location)["status"] == "ready"


@pytest.mark.parametrize(
    "typed",
    [
        {"cells": " "},
        {"vintage": "hai nghìn"},
        {"kind": "gift"},
        {"head": "none", "column-2": "unit"},
        {"head": "none", "column-2": "", "column-3": ""},
        {"unit": "ty"},
    ],
)
def test_what_was_typed_stays_on_a_refusal(session, client_for, works, decision, begun, typed):
    finance = client_for("finance")
    reply = paste(
        finance,
        f"/admin/decision/details/?id={decision.id}",
        **({"cells": rows_of(works[:2]), "source": "NSTW"} | typed),
    )
    assert reply.status_code == 422
    page = BeautifulSoup(reply.text, "html.parser")
    assert page.select_one("[role=alert]").text.strip()
    if typed.get("cells") != " ":
        assert "Mô hình chăn nuôi số 2" in page.select_one("textarea").text
    assert page.select_one("select[name=source] option[selected]")["value"] == "NSTW"
    assert begun == []
    assert session.query(ImportRun).count() == 0


def test_new_projects_are_pasted_on_their_list(session, client_for, works, read):
    officer = client_for("officer")
    cells = (
        "Mô hình trồng na\tUBND xã Số 1\tĐa dạng hóa sinh kế\t01/02/2024\t31/12/2024\t500.000.000\n"
        "Mô hình trồng keo\tUBND xã Số 2\tĐa dạng hóa sinh kế\t01/03/2024\t31/12/2024\t600.000.000"
    )
    reply = paste(officer, "/admin/project/", cells=cells, status="planned")
    assert reply.status_code == 303, reply.text[:2000]
    read()
    seen = told(officer, reply.location)
    assert (seen["status"], seen["counts"]["new"]) == ("ready", 2), seen["findings"]
    assert run_page(officer, reply.location, "/apply").status_code == 303
    fresh = session.query(Project).filter(Project.name.like("Mô hình trồng%")).all()
    assert {(one.name, one.investor.code, one.total_investment) for one in fresh} == {
        ("Mô hình trồng na", "X-01", 500_000_000),
        ("Mô hình trồng keo", "X-02", 600_000_000),
    }


def test_a_project_named_by_its_code_alone_keeps_its_name(session, client_for, works, read):
    officer = client_for("officer")
    cells = "Mã dự án\tTên dự án\tNgày kết thúc\nL01\t\t31/12/2026\nL77\t\t31/12/2026"
    address = paste(officer, "/admin/project/", cells=cells, status="planned").location
    read()
    seen = told(officer, address)
    assert ("Dự án mới phải có tên. Hãy ghi tên vào dòng này.", "A3") in {
        (one["message"], one["cell"]) for one in seen["findings"]
    }
    [known] = [row for row in seen["rows"] if row["values"]["code"] == "L01"]
    assert {name for name, value in known["values"].items() if value != known["old"][name]} == {
        "end_on"
    }
    cells = cells.partition("\nL77")[0]
    address = paste(officer, "/admin/project/", cells=cells, status="planned").location
    read()
    assert run_page(officer, address, "/apply").status_code == 303
    [stored] = session.query(Project).filter_by(code="L01")
    assert (stored.name, stored.end_on) == ("Mô hình chăn nuôi số 1", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("role", "decides", "lists"),
    [
        ("finance", True, False),
        ("officer", False, True),
        ("admin", False, False),
        ("leader", False, False),
        ("auditor", False, False),
    ],
)
def test_who_may_paste_what(session, client_for, works, decision, role, decides, lists):
    client = client_for(role)
    on_decision = client.soup(f"/admin/decision/details/?id={decision.id}").select("form.paste")
    on_list = client.soup("/admin/project/").select("form.paste")
    assert (bool(on_decision), bool(on_list)) == (decides, lists)
    for url, may in ((f"/admin/pasted/decision/{decision.id}", decides),
                     ("/admin/pasted/projects", lists)):  # fmt: skip
        assert client.get(url).status_code == (200 if may else 403)
        assert client.post_form(url, {"cells": "a\tb"}).status_code in (
            (303, 422) if may else (403,)
        )


def test_a_decision_that_is_not_there_is_missing(client_for):
    assert client_for("finance").get("/admin/pasted/decision/4711").status_code == 404


def test_cells_of_another_decision_or_person_are_not_shown(
    session, client_for, works, decision, read
):
    finance = client_for("finance")
    url = f"/admin/pasted/decision/{decision.id}"
    reply = paste(finance, url, cells=rows_of(works[:2]), kind="initial")
    run = reply.location.rsplit("/", 1)[-1]
    other = make_decision(session)
    assert finance.get(f"/admin/pasted/decision/{other.id}?run={run}").status_code == 404
    assert finance.get(f"{url}?run=99999").status_code == 404
    assert finance.get(f"{url}?run=x").status_code == 404
    assert finance.get(f"{url}?run={run}").status_code == 200


def test_the_same_box_sent_twice_begins_one_run(session, client_for, works, decision, begun):
    finance = client_for("finance")
    action, fields = box_of(finance, f"/admin/pasted/decision/{decision.id}")
    fields |= {"cells": rows_of(works[:2])}
    assert [finance.post_form(action, fields).status_code for _ in range(2)] == [303, 303]
    assert session.query(ImportRun).count() == 1
