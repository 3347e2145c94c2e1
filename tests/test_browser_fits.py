"""What is said of an amount, headings and charts at the widths that people work at."""

import pytest
from playwright.sync_api import expect

from tests.browser import PASSWORD, send

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
BEYOND = """row => [...row.querySelectorAll("*")].filter((one) =>
  one.getClientRects().length && one.getBoundingClientRect().right
    > row.getBoundingClientRect().right + 1).map((one) => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def remarked(page_of):
    """A unit that has sent March gets a remark on its first amount with the return."""
    page = page_of("canbo")
    page.goto("/admin/review/2024-03")
    page.get_by_role("link", name="UBND xã Hữu Liên", exact=True).click()
    if page.locator("button[value=return]").count():
        page.locator("summary", has_text="Ý kiến về Ngân sách").first.click()
        page.locator("details[open] textarea[name^=remark-allocation]").fill("Số này chưa khớp.")
        page.locator("summary", has_text="Trả lại đơn vị").click()
        page.fill("#reason", "Đề nghị kiểm tra lại.")
        page.click("button[value=return]")
        page.wait_for_load_state()


@pytest.mark.usefixtures("remarked")
@pytest.mark.parametrize("width", [390, 1024, 1280])
def test_an_amount_with_a_remark_stays_in_its_frame(page_of, width):
    """At 1024 the remark stood beyond the page, and figures in millions beyond their frame."""
    page = page_of("huulien", width=width)
    page.goto("/admin/my-report/2024-03")
    rows = page.locator(".money-row")
    assert rows.locator(".thread").count() == 1
    assert [found for row in rows.all() for found in row.evaluate(BEYOND)] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    named = rows.first.get_attribute("aria-labelledby")
    assert "Ngân sách" in str(page.locator(f"[id='{named}']").text_content())


@pytest.mark.usefixtures("remarked")
def test_the_sums_stay_beside_the_field_that_a_remark_is_about(page_of):
    page = page_of("huulien", width=1440)
    page.goto("/admin/my-report/2024-03")
    row = page.locator(".money-row", has=page.locator(".thread"))
    field, after, thread = (
        row.locator(one).first.bounding_box() for one in (".field", ".sums ~ .sums", ".thread")
    )
    assert abs(field["y"] - after["y"]) < 2
    assert thread["y"] >= field["y"] + field["height"]


@pytest.mark.parametrize("width", [390, 1280])
def test_the_name_of_a_unit_stands_in_line_with_its_periods(page_of, width):
    """It stood on the border of its card."""
    page = page_of("yenbinh", width=width)
    page.goto("/admin/my-report/")
    inset = """one => { const style = getComputedStyle(one);
      return one.getBoundingClientRect().left + parseFloat(style.paddingLeft); }"""
    name = page.locator(".card-flush h2").evaluate(inset)
    card = page.locator(".card-flush").bounding_box()["x"]
    assert name - card > 10
    if width > 1000:
        head = page.locator(".card-flush thead th").first.evaluate(inset)
        assert abs(name - head) < 2


def test_a_chart_of_zeros_has_no_scale_of_dong(page_of):
    """The axis of a unit that has disbursed nothing went from 0 to 5 đồng."""
    page = page_of("yenbinh")
    page.goto("/admin/")
    chart = page.locator("#lines svg")
    axis = chart.locator("text.axis[text-anchor=end]")
    assert axis.all_text_contents() == ["0"]
    assert chart.locator("line").count() == 1
    page = page_of("canbo")
    page.goto("/admin/")
    assert page.locator("#lines text.axis[text-anchor=end]").count() == 6


PAPER = (
    "Giấy nộp trả kinh phí số 125/GNT-KBHL ngày 25/3/2024 của Phòng giao dịch Kho bạc Hữu Lũng "
    "(bản sao có chứng thực), kèm bảng đối chiếu và biên bản làm việc giữa hai bên."
)
CUT = """() => [...document.querySelectorAll(".table-region")].filter((one) =>
  one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.trim().slice(0, 80))"""


@pytest.mark.usefixtures("remarked")
@pytest.mark.parametrize("width", [390, 1280])
def test_words_below_an_amount_push_no_figure_out_of_sight(page_of, width):
    """A document or a reason stood on one line beside the amount, and all behind it was cut."""
    page = page_of("huulien")
    page.goto("/admin/my-report/2024-03")
    page.locator("details:has([name$=-returned])").first.evaluate("one => { one.open = true }")
    returned, paid = (page.locator(f"[name$=-{one}]").first for one in ("returned", "completed"))
    if not returned.input_value():  # what is left stays the same for the others
        returned.fill("1000000")
        paid.fill(str(int(paid.input_value().replace(".", "")) + 1_000_000))
    page.locator("[name$=-return_document]").first.fill(PAPER)
    page.click("button[value=save]")
    page.wait_for_load_state()
    office = page_of("canbo", width=width)
    office.goto("/admin/review/2024-03")
    assert office.evaluate(CUT) == []
    office.get_by_role("link", name="UBND xã Hữu Liên", exact=True).click()
    expect(office.get_by_text("125/GNT-KBHL").first).to_be_visible()
    assert office.evaluate(CUT) == []
    office.goto("/admin/entry/?search=L01")
    office.get_by_role("link", name="Tháng 3/2024", exact=True).first.click()
    expect(office.get_by_text("125/GNT-KBHL").first).to_be_visible()
    assert office.evaluate(CUT) == []


@pytest.mark.parametrize("kind", ["project", "investor", "decision", "allocation", "period"])
def test_what_hangs_on_a_record_fits_a_telephone(page_of, kind):
    """Capital, projects and lines stood in tables twice as wide as the screen."""
    page = page_of("canbo", width=390)
    page.goto(f"/admin/{kind}/")
    page.locator("tbody th a").first.click()
    page.wait_for_load_state()
    assert page.locator(".table-region td[data-label]").count() > 0
    assert page.evaluate(CUT) == []


@pytest.mark.usefixtures("remarked")
def test_figures_that_came_back_are_not_said_to_be_unsent(page_of):
    """The desk said “not sent” of what had been sent and returned."""
    page = page_of("canbo")
    page.goto("/admin/review/2024-03")
    row = page.locator("tr", has=page.get_by_role("link", name="UBND xã Hữu Liên", exact=True))
    assert "chưa được tính: 220.000.000" in str(row.text_content())


def test_after_sending_the_receipt_is_in_sight(page_of):
    """The page stayed where the button had been, and the receipt stood above it, unseen."""
    page = page_of("yenbinh", width=390)
    page.goto("/admin/my-report/2024-03")
    page.check("#nil_report")
    send(page)
    expect(page.get_by_role("link", name="Phiếu tiếp nhận")).to_be_in_viewport()
    expect(page.locator(".flash-ok")).to_contain_text("Đã gửi báo cáo tháng 3/2024.")


def test_a_wait_of_unknown_length_moves(page_of):
    """The bar above “the file is being read” was grey and still."""
    page = page_of("yenbinh")
    page.goto("/admin/imports/new")
    moves = """() => { const bar = document.createElement("progress");
      document.querySelector("main").append(bar); return getComputedStyle(bar).animationName; }"""
    assert page.evaluate(moves) == "to-and-fro"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moves) == "none"


@pytest.mark.parametrize(
    ("report", "heads"),
    [
        ("carry-over", ["Nội dung", "Vốn kéo dài", "Giải ngân vốn kéo dài", "Còn lại"]),
        ("allocation-changes", ["Nội dung", "Loại bút toán", "Tăng, giảm"]),
    ],
)
def test_a_phone_shows_the_figures_of_a_report_first(page_of, report, heads):
    """They stood beyond names, decisions and sources of capital, three screens to the right."""
    page = page_of("lanhdao", width=390)
    page.goto(f"/admin/reports/{report}?period=2024-02")
    shown = page.locator(".report-region thead th:visible").all_text_contents()
    assert [one.split(" (")[0] for one in shown] == heads


def test_a_wrong_password_is_typed_anew_where_one_is(page_of):
    """The name was right and had the focus."""
    page = page_of("yenbinh")
    page.context.clear_cookies()
    page.goto("/login")
    expect(page.locator("[name=username]")).to_be_focused()
    page.keyboard.type("yenbinh")
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.locator("#password-error")).to_be_visible()
    expect(page.locator("[name=password]")).to_be_focused()


def test_of_a_new_password_that_is_wrong_is_typed_anew(page_of):
    """Where the new password or its repetition was refused no field had the focus."""
    page = page_of("yenbinh")
    page.goto("/password")
    for new, again, wrong in (
        ("ngan qua", "ngan qua", "new"),
        ("ba con trâu trắng", "ba con trâu", "repeat"),
    ):
        page.fill("[name=current]", PASSWORD)
        page.fill("[name=new]", new)
        page.fill("[name=repeat]", again)
        page.keyboard.press("Enter")
        expect(page.locator(f"#{wrong}-error")).to_be_visible()
        expect(page.locator(f"[name={wrong}]")).to_be_focused()
