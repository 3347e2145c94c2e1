"""A full quarter in a real browser: exceptions, corrections, a merger, the letter, versions."""

import csv
import io
import re
from datetime import timedelta

import docx
import pytest
from playwright.sync_api import Page, expect

from models.base import now, today
from tests.browser import confirm, photograph, send

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
MARCH = 2_299_845_679  # đồng, of the demonstration data
TOMORROW = f"{today() + timedelta(days=1):%d/%m/%Y}"
FIRST = "120000000"  # L01 in March, capital of the year, central budget
HALF_RIGHT = "115000000"
RIGHT = "110000000"


def figures(page: Page, code: str, **asked: str) -> list[dict[str, str]]:
    """The consolidated report of a period as rows of its CSV."""
    asked = {"period": code, "headers": "keys", "group": "investor"} | asked
    answer = page.request.get("/admin/reports/consolidated.csv", params=asked)
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))


def unit_of(page: Page, code: str, name: str) -> None:
    """Open the page of one unit of a period, from the list of the period."""
    page.goto(f"/admin/review/{code}")
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("h1")).to_contain_text(name)


def open_period(page: Page, code: str) -> None:
    page.goto("/admin/period/open/")
    page.fill("#code", code)
    page.click("form.card .btn-primary")
    page.goto(f"/admin/review/{code}")
    expect(page.locator(".deadline")).to_be_visible()


def give_back(page: Page, why: str) -> None:
    """Return the report whose page is open to its unit."""
    page.locator("details:has(textarea[name=reason]) > summary").click()
    page.fill("textarea[name=reason]", why)
    page.click("button[value=return]")
    if page.locator("dialog[open]").count():
        confirm(page)
    expect(page.locator(".flash-success, .flash-ok").first).to_be_visible()


def explain_all(page: Page, why: str) -> None:
    """Write an explanation below each warning that asks for one, and send again."""
    for field in page.locator("textarea[name^='explain-']").all():
        field.fill(why)
    send(page)


def test_a_full_quarter(page_of, tmp_path):
    officer, commune, other = page_of("canbo"), page_of("yenbinh"), page_of("huulien")

    # one extension: the unit that had not sent is not late any more, and the grid says why
    unit_of(officer, "2024-03", "UBND xã Yên Bình")
    officer.fill("#extended_day", TOMORROW)
    officer.keyboard.press("Escape")
    officer.fill("#extension_reason", "Mưa lũ chia cắt, theo đề nghị của xã")
    officer.click("form[action$='/extend'] button[value=extend]")
    expect(officer.locator("form[action$='/extend']")).to_contain_text("Mưa lũ chia cắt")
    officer.goto("/admin/reports/late?period=2024-03&all=1")
    expect(officer.locator(".table-cards")).not_to_contain_text("Yên Bình")
    officer.locator("tr:has-text('Yên Bình') a.cell-pending").last.click()
    expect(officer.locator("main")).to_contain_text("Mưa lũ chia cắt, theo đề nghị của xã")
    expect(officer.locator("main")).to_contain_text(f"23:59:59 {TOMORROW}")
    photograph(officer, "han-nop")

    commune.goto("/admin/my-report/2024-03")
    commune.locator("input[name$='-completed']").first.press_sequentially("80000000")
    commune.locator("textarea[name$='-progress_text']").first.fill("Đã trồng 12 ha keo.")
    send(commune)
    expect(commune.locator(".deadline .badge").first).to_contain_text("Đã gửi")

    unit_of(officer, "2024-03", "UBND xã Hữu Liên")
    officer.click("button[value=accept]")
    expect(officer.locator(".flash-success, .flash-ok").first).to_be_visible()

    officer.goto("/admin/findings/?period=2024-03")
    expect(officer.locator(".finding").first).to_be_visible()
    photograph(officer, "findings")

    # locking freezes version 1; what is still open needs a reason
    officer.goto("/admin/review/2024-03")
    officer.fill("#lock_reason", "Trung tâm nộp trả 35,5 triệu, chứng từ gửi sau")
    officer.click("form[action$='/lock'] button")
    confirm(officer)
    expect(officer.locator(".deadline .badge")).to_contain_text("Đã chốt")
    assert figures(officer, "2024-03")[0]["disbursed_total"] == str(MARCH + 80_000_000)

    # one reopening, for one unit until an hour; its corrected report makes version 2
    other.goto("/admin/my-report/2024-03")
    expect(other.locator("button[value=send]")).to_have_count(0)
    unit_of(officer, "2024-03", "UBND xã Hữu Liên")
    officer.fill("#reopen_day", TOMORROW)
    officer.keyboard.press("Escape")
    officer.fill("#reopen_reason", "Xã ghi nhầm chứng từ số 15")
    officer.click("form[action$='/reopen'] > button")
    expect(officer.locator("main")).to_contain_text("Xã ghi nhầm chứng từ số 15")
    other.goto("/admin/my-report/2024-03")
    amount = other.locator("input[name$='-completed']").first
    expect(amount).to_have_value(re.compile(r"120\.000\.000"))
    amount.fill("")
    amount.press_sequentially(HALF_RIGHT)
    photograph(other, "sua-sau-khoa")
    send(other)
    if other.locator("textarea[name^='explain-']").count():
        explain_all(other, "Chứng từ số 15 là 115 triệu đồng")
    unit_of(officer, "2024-03", "UBND xã Hữu Liên")
    give_back(officer, "Chứng từ số 15 ghi 110 triệu đồng")
    other.goto("/admin/my-report/2024-03")
    amount.fill("")
    amount.press_sequentially(RIGHT)
    send(other)
    if other.locator("textarea[name^='explain-']").count():
        explain_all(other, "Chứng từ số 15 là 110 triệu đồng")
    assert figures(officer, "2024-03")[0]["disbursed_total"] == str(MARCH + 80_000_000)
    unit_of(officer, "2024-03", "UBND xã Hữu Liên")
    changed = officer.locator("tr:has-text('110.000.000')").first
    expect(changed).to_contain_text("115.000.000")  # sent before
    expect(changed).to_contain_text("120.000.000")  # last accepted
    changed.scroll_into_view_if_needed()
    photograph(officer, "review")
    officer.click("button[value=accept]")
    corrected = MARCH + 80_000_000 - (int(FIRST) - int(RIGHT))
    expect(officer.locator(".flash-success, .flash-ok").first).to_be_visible()
    assert figures(officer, "2024-03")[0]["disbursed_total"] == str(corrected)
    assert figures(officer, "2024-03", version="1")[0]["disbursed_total"] == str(MARCH + 80_000_000)

    # the comparison: old and new figure, the reason, who did it
    officer.goto("/admin/versions/2024-03/compare?a=1&b=2")
    shown = officer.locator("section:has(h2:has-text('L01'))")
    expect(shown).to_contain_text("220.000.000")
    expect(shown).to_contain_text("210.000.000")
    expect(officer.locator("main")).to_contain_text("Cán bộ xã Hữu Liên")
    expect(officer.locator("main")).to_contain_text("Xã ghi nhầm chứng từ số 15")
    expect(shown).to_contain_text("-0,67")  # points between the printed rates 18,98 and 18,31
    photograph(officer, "so-sanh")

    # one correction in the next month, with its reason
    open_period(officer, "2024-04")
    school = page_of("gdnn")
    school.goto("/admin/my-report/2024-04")
    school.locator("details.more summary").first.click()
    school.locator("input[name$='-correction']").first.press_sequentially("-5000000")
    school.locator("input[name$='-correction_reason']").first.fill("Tháng 3 ghi thừa một lớp")
    school.locator("textarea[name$='-progress_text']").first.fill("Đang dạy 4 lớp.")
    send(school)
    if school.locator("textarea[name^='explain-']").count():
        explain_all(school, "Sửa số tháng 3 theo bảng kê của Kho bạc")
    expect(school.locator(".deadline .badge").first).to_contain_text("Đã gửi")
    april = figures(officer, "2024-04")
    assert april[0]["disbursed_total"] == str(corrected - 5_000_000)
    own = next(row for row in april if (row["level"], row["code"]) == ("investor", "TT-GDNN"))
    assert own["note"] == "Điều chỉnh số kỳ trước: -5.000.000 đồng"

    officer.goto("/admin/reports/explain?period=2024-04&column=disbursed_month")
    cell = officer.locator("td[data-label='Điều chỉnh số kỳ trước']").first
    expect(cell).to_have_text("-5.000.000")

    # the quarter: figures of its months, words of its own
    open_period(officer, "2024-Q1")
    other.goto("/admin/my-report/2024-Q1")
    expect(other.locator(".quarter-table tfoot")).to_contain_text("270.000.000")
    other.fill("textarea[name=narrative_results]", "Hoàn thành mua 42 con trâu cho 42 hộ.")
    photograph(other, "quy")
    send(other)
    expect(other.locator(".deadline .badge").first).to_contain_text("Đã gửi")
    assert figures(officer, "2024-Q1")[0]["disbursed_total"] == str(corrected)

    # one merger: looked at first, and the totals of the district stay
    before = figures(officer, "2024-04")
    officer.goto("/admin/organisation/")
    officer.fill("#effective_on", "01/04/2024")
    officer.keyboard.press("Escape")
    officer.select_option("#decision", index=1)
    officer.get_by_role("checkbox", name="UBND xã Thiện Tân").check()
    officer.select_option("#successor", label="UBND xã Hữu Liên (X-06388)")
    officer.click("main form[data-guard] .btn-primary")
    expect(officer.locator("#preview")).to_contain_text("1.078.000.000")
    expect(officer.locator("#preview .badge-ok")).to_be_visible()
    photograph(officer, "sap-xep")
    assert figures(officer, "2024-04") == before
    officer.click("#preview button[value=do]")
    confirm(officer)
    expect(officer.locator("h1")).to_contain_text("UBND xã Thiện Tân")
    after = figures(officer, "2024-04")
    kept = ("plan_total", "plan_year", "disbursed_month", "disbursed_total", "rate_total")
    assert [after[0][key] for key in kept] == [before[0][key] for key in kept]
    held = {row["code"]: row["plan_total"] for row in after if row["level"] == "investor"}
    assert held["X-06388"] == str(1_492_250_000 + 1_078_000_000)
    assert held.get("X-06406", "0") == "0"

    # the letter to those who have not sent April, as a word processor reads it
    officer.goto("/admin/letters/?period=2024-04")
    with officer.expect_download() as download:
        officer.click("form[action$='reminder.docx'] .btn-primary")
    download.value.save_as(tmp_path / "letter.docx")
    letter = docx.Document(str(tmp_path / "letter.docx"))
    cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in letter.paragraphs), *cells])
    assert "Ủy ban nhân dân xã Yên Bình" in text
    assert "Giáo dục nghề nghiệp" not in text
    assert str(now().year) in text

    # and the ranking, with the sentences for the meeting
    leader = page_of("lanhdao")
    leader.goto("/admin/reports/ranking?period=2024-03")
    expect(leader.locator("tbody tr").first).to_contain_text("UBND xã Hòa Bình")
    photograph(leader, "xep-hang")
    leader.goto("/admin/reports/sentences?period=2024-03")
    expect(leader.locator("#said-zero")).to_have_value(re.compile("UBND xã Thiện Tân"))
