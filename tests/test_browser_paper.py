"""The reports in a real browser, on screen and as they are printed."""

import re
import subprocess

import pytest

from tests.browser import photograph

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
REPORT = "/admin/reports/consolidated?period=2024-03"
SIDES = ("top", "right", "bottom", "left")
ACROSS = 1047  # pixels between the margins of A4 across
SEEN = """() => {
  const region = document.querySelector(".report-region"), box = region.getBoundingClientRect();
  const head = region.querySelector("thead").getBoundingClientRect().bottom;
  const foot = Math.min(box.bottom, innerHeight);
  return [...region.querySelectorAll("tbody tr")].filter((row) => {
    const one = row.getBoundingClientRect();
    return one.top >= head - 1 && one.bottom <= foot + 1;
  }).length;
}"""
BROKEN = """() => [...document.querySelectorAll(".report-table td.num")].filter((cell) => {
  const range = document.createRange(), box = cell.getBoundingClientRect();
  range.selectNodeContents(cell);
  const drawn = [...range.getClientRects()];
  const lines = new Set(drawn.map((one) => Math.round(one.top)));
  return lines.size > 1 || drawn.some((one) => one.left < box.left || one.right > box.right);
}).map((cell) => cell.textContent)"""
MANY = """() => {
  for (const bars of document.querySelectorAll(".bars")) bars.innerHTML = bars.innerHTML.repeat(20);
}"""
LOOK = """() => {
  const cells = [...document.querySelectorAll(".report-table td, .report-table th")];
  const full = cells.filter((cell) => cell.textContent.trim());
  const styles = full.map((cell) => getComputedStyle(cell));
  return {
    smallest: Math.min(...styles.map((style) => parseFloat(style.fontSize))) * 0.75,
    fonts: [...new Set(styles.map((style) => style.fontFamily.split(",")[0]))],
    heads: getComputedStyle(document.querySelector(".report-table thead")).display,
    over: document.querySelector(".report-table").scrollWidth - document.body.clientWidth,
  };
}"""


@pytest.fixture
def officer(page_of):
    page = page_of("canbo")
    page.set_viewport_size({"width": 1280, "height": 800})
    yield page
    page.emulate_media(media="screen")


@pytest.mark.parametrize("more", ["", "&columns=narrow", "&split=nature&decimals=0"])
def test_eight_rows_are_seen_at_first(officer, more):
    officer.goto(REPORT + more)
    assert officer.evaluate(SEEN) >= 8


def test_heads_and_names_stay_while_figures_move(officer):
    officer.goto(REPORT)
    before = {
        name: officer.locator(name).first.bounding_box()
        for name in ("thead th.pin", "thead th.pin-no")
    }
    officer.evaluate("document.querySelector('.report-region').scrollTo(900, 300)")
    for name, box in before.items():
        now = officer.locator(name).first.bounding_box()
        assert (now["x"], now["y"]) == (box["x"], box["y"])
    row = officer.locator("tbody tr").last
    assert row.locator(".pin").bounding_box()["x"] == before["thead th.pin"]["x"]


def test_the_page_of_a_telephone_is_not_wider_than_it(officer):
    officer.set_viewport_size({"width": 360, "height": 740})
    for more in ("", "&columns=narrow", "&split=source"):
        officer.goto(REPORT + more)
        assert officer.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize(("report", "picture"), [("pace", "nhip-giai-ngan"), ("charts", "bieu-do")])
def test_their_pages_show_what_they_are_of(officer, report, picture):
    officer.goto(f"/admin/reports/{report}?period=2024-03")
    assert "Số liệu chưa chốt" in officer.locator("main").inner_text()
    photograph(officer, picture)


def printed(officer, address):
    """How a report looks on A4 across."""
    officer.goto(address)
    officer.emulate_media(media="print")
    officer.set_viewport_size({"width": ACROSS, "height": 720})
    assert officer.evaluate(BROKEN) == []
    look = officer.evaluate(LOOK)
    assert look["fonts"] == ['"Times New Roman"']
    assert look["heads"] == "table-header-group"
    assert look["over"] <= 0
    assert "Kèm theo Báo cáo số" in officer.locator(".report-reference").inner_text()
    return look


@pytest.mark.parametrize(
    ("more", "least"),
    [("&columns=narrow", 8), ("", 6.5), ("&columns=narrow&detail=project&unit=dong", 8),
     ("&detail=project&unit=dong", 6), ("&decimals=0", 7.5)],
)  # fmt: skip
def test_it_is_printed_in_times_new_roman_and_no_figure_is_broken(officer, more, least):
    assert round(printed(officer, REPORT + more)["smallest"], 2) >= least


@pytest.mark.parametrize(
    ("report", "form"),
    [("ranking", "Biểu 02"), ("late", "Biểu 03"), ("carry-over", "Biểu 04"),
     ("allocation-changes", "Biểu 06"), ("pace", "Nhịp giải ngân")],
)  # fmt: skip
def test_every_report_is_printed_as_its_form(officer, report, form):
    look = printed(officer, f"/admin/reports/{report}?period=2024-03")
    assert look["smallest"] >= 8
    text = officer.locator("main").inner_text()
    for said in (form, "Số liệu minh họa", "Số liệu chưa chốt", "Căn cứ:", "In đủ ", "Lập lúc",
                 "không thay thế số liệu của Kho bạc"):  # fmt: skip
        assert said in text


def test_choices_are_folded_away_and_hold(officer):
    officer.goto(REPORT)
    officer.locator(".report-choices > summary").click()
    officer.select_option("#split", "nature")
    officer.select_option("#decimals", "1")
    officer.locator(".report-form .btn-primary").click()
    officer.wait_for_url("**split=nature**")
    assert "VỐN SỰ NGHIỆP" in officer.locator(".report-table").inner_text().upper()
    assert officer.locator("tr.total a").first.inner_text() == "14.698,7"


def test_a_bar_stays_with_its_name_on_paper(officer, tmp_path):
    """Of an office whose bars are spread over several pages."""
    officer.goto("/admin/reports/charts?period=2024-03")
    officer.evaluate(MANY)
    names = set(officer.locator(".bars .bar-label").all_inner_texts())
    paper = tmp_path / "bars.pdf"
    officer.pdf(path=paper, width="210mm", height="100mm", margin=dict.fromkeys(SIDES, "5mm"))
    read = ["pdftotext", "-layout", paper, "-"]
    text = subprocess.run(read, check=True, capture_output=True, text=True).stdout
    seen = 0
    for page in text.split("\f"):
        lines = [line.strip() for line in page.splitlines()]
        begun = sum(line in names for line in lines)
        assert begun == sum(bool(re.fullmatch(r"\d+,\d\d %", line)) for line in lines), page
        seen += begun
    assert seen == officer.locator(".bars li").count()


def test_a_paper_has_nothing_to_press_and_its_tables_end_in_a_line(officer):
    for address in (
        "/admin/",
        "/admin/review/2024-03",
        "/admin/reports/explain?period=2024-03&column=plan_total",
    ):
        officer.goto(address)
        officer.emulate_media(media="print")
        assert officer.locator("main .btn:visible").count() == 0
        ends = officer.locator("main tbody tr:last-child > :visible, main tfoot tr:last-child > *")
        assert ends.count() > 0
        widths = ends.evaluate_all(
            "all => all.map((one) => parseFloat(getComputedStyle(one).borderBottomWidth))"
        )
        assert min(widths) > 0, address
        officer.emulate_media(media="screen")
