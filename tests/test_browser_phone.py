"""Pages on a phone in a real browser: what goes on beyond the edge, buttons side by side, files."""

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
MIDDLES = """buttons => buttons.map((button) => {
  const box = button.getBoundingClientRect();
  return box.top + box.height / 2;
})"""


@pytest.mark.parametrize("width", [390, 1280])
def test_buttons_with_and_without_a_picture_stand_on_one_line(page_of, width):
    """“Từ Excel” stood five pixels above “Nhập báo cáo”."""
    page = page_of("yenbinh", width=width)
    page.goto("/admin/my-report/")
    row = page.locator("tr", has=page.locator("a[href*='imports']")).first
    middles = row.locator(".col-actions .btn").evaluate_all(MIDDLES)
    assert len(middles) == 2
    assert max(middles) - min(middles) < 1


def test_what_goes_on_beyond_the_edge_fades_until_it_is_reached(page_of):
    page = page_of("lanhdao", width=390)
    page.goto("/admin/reports/consolidated")
    region = page.locator(".report-region").first
    assert region.evaluate("region => getComputedStyle(region).maskImage") != "none"
    region.evaluate("region => region.scrollTo(region.scrollWidth, 0)")
    expect(region).not_to_have_attribute("data-more", "")
    assert region.evaluate("region => getComputedStyle(region).maskImage") == "none"


def test_a_file_is_chosen_in_the_language_of_the_page(page_of, tmp_path):
    """A browser in English said “Choose File, No file chosen” on a Vietnamese page."""
    page = page_of("yenbinh", width=390)
    page.goto("/admin/imports/new")
    box = page.locator(".file-box")
    expect(box.locator(".btn")).to_have_text("Chọn tệp")
    expect(box.locator(".file-name")).to_have_text("Chưa chọn tệp nào")
    field = page.locator("#file")
    field.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    assert box.locator(".btn").evaluate("button => getComputedStyle(button).boxShadow") != "none"
    with page.expect_file_chooser() as asked:
        box.locator(".btn").click(force=True)
    file = tmp_path / "Biểu tháng 3 & <b>.csv"
    file.write_text("a")
    asked.value.set_files(file)
    expect(box.locator(".file-name")).to_have_text(file.name)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_seen_at_every_stop_of_a_list(page_of, width):
    """Heads of a list shown as cards took the focus unseen, for whoever magnifies the page."""
    page = page_of("canbo", width=width)
    page.goto("/admin/project/")
    sorts = page.locator(".model-list thead a")
    assert sorts.count() > 3
    for sort in sorts.all():
        sort.focus()
        seen = sort.evaluate(
            """link => {
              const box = link.getBoundingClientRect();
              const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
              return link.contains(document.elementFromPoint(x, y));
            }"""
        )
        assert seen, sort.text_content()


SMALL = """() => [...document.querySelectorAll("main *, header *")]
  .filter((one) => one.matches("a, button, summary, select, input:not([type=hidden])")
    && !one.matches("[aria-hidden], [hidden] *, .figure-label a"))
  .map((one) => ["checkbox", "radio"].includes(one.type) && one.labels[0] || one)
  .filter((one) => one.getClientRects().length && getComputedStyle(one).display !== "inline"
    && one.getBoundingClientRect().height < 43.9)
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("yenbinh", "/admin/"),
        ("yenbinh", "/admin/my-report/2024-03"),
        ("yenbinh", "/admin/my-report/"),
        ("yenbinh", "/admin/obstacle/new/"),
        ("yenbinh", "/admin/account/"),
        ("lanhdao", "/admin/reports/late?all=1"),
        ("canbo", "/admin/project/"),
        ("canbo", "/admin/review/2024-03"),
        ("canbo", "/admin/review/2024-03/3"),
        ("canbo", "/admin/checks/"),
    ],
)
def test_a_finger_finds_what_is_to_be_pressed(page_of, who, address):
    """Buttons were 32 to 40 pixels high, links of lists 22."""
    page = page_of(who, width=360, touch=True)
    page.goto(address)
    for more in page.locator("main details").all():
        more.evaluate("one => { one.open = true }")
    assert page.evaluate(SMALL) == []
    assert page.evaluate("innerWidth") == 360


def test_no_sum_pushes_a_page_wider_than_its_telephone(page_of):
    """“(chưa đủ)” and sums of 13 digits did, and the page could be moved sideways."""
    page = page_of("yenbinh", width=360, touch=True)
    page.goto("/admin/my-report/2024-03")
    first, second = page.locator("[name$=-completed]").all()
    first.fill("999999999999999")
    second.fill("12,3456")
    second.press("Tab")
    expect(page.locator("[data-sum=period]").first).to_have_text("999.999.999.999.999 (chưa đủ)")
    assert page.evaluate("innerWidth") == 360


def test_the_history_of_a_record_fits_a_telephone(page_of):
    """Its five columns went on beyond the edge."""
    page = page_of("canbo", width=360)
    page.goto("/admin/project/")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="Sửa").first.click()
    page.locator("[name=name]").fill("Dự án đổi tên")
    page.locator("[name=status]").select_option("suspended")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page = page_of("kiemtoan", width=360)
    page.goto("/admin/project/")
    page.locator("tbody th a").first.click()
    history = page.get_by_role("region", name="Lịch sử")
    expect(history).to_contain_text("Dự án đổi tên")
    assert history.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert history.locator("td[data-label]").count() > 4


def test_what_was_stored_meanwhile_stands_beside_what_was_typed(page_of):
    """Of the two figures the second stood beyond the edge of a telephone."""
    page = page_of("yenbinh", width=360)
    other = page.context.new_page()
    for one in (page, other):
        one.goto("/admin/my-report/2024-03")
    for one, amount in ((other, "9000000"), (page, "11000000")):
        one.locator("[name$=-completed]").first.fill(amount)
        one.click("button[value=save]")
        one.wait_for_load_state()
    both = page.get_by_role("region", name="Khác nhau")
    expect(both).to_contain_text("11.000.000")
    assert both.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_what_was_not_saved_is_compared_under_the_name_that_is_seen(page_of):
    """Both names that an amount has at times stood there, glued together, and it broke in two."""
    page = page_of("yenbinh", width=360)
    page.goto("/admin/my-report/2024-03")
    page.on("dialog", lambda dialog: dialog.accept())  # leaving is asked about
    page.locator("[name$=-completed]").last.fill("71234567")
    page.goto("/admin/my-report/")
    page.goto("/admin/my-report/2024-03")
    page.locator(".kept summary").click()
    name = page.locator(".kept tbody th")
    expect(name).to_contain_text("Giải ngân trong kỳ")
    expect(name).not_to_contain_text("Thanh toán khối lượng")
    typed = page.locator(".kept td").last
    expect(typed).to_have_text("71.234.567")
    assert typed.evaluate("one => one.scrollWidth <= one.clientWidth && one.offsetHeight < 40")


def test_a_slow_line_is_told_that_the_sending_goes_on(page_of):
    """The buttons only went pale."""
    page = page_of("yenbinh", width=360)
    page.goto("/admin/my-report/2024-03")
    page.locator("[name$=-completed]").first.fill("5000000")
    page.route("**/session", lambda route: None)
    page.click("button[value=save]", no_wait_after=True)
    expect(page.locator(".kept-said")).to_contain_text("Đang gửi…")
    page.unroute("**/session")


def test_what_shows_a_report_anew_stands_below_what_is_chosen(page_of):
    """The button jumped above the choices when they were opened."""
    page = page_of("lanhdao", width=360, touch=True)
    page.goto("/admin/reports/consolidated")
    page.locator(".report-choices > summary").click()
    last = page.locator(".report-choices select").last.bounding_box()
    button = page.locator(".report-form button.btn-primary").bounding_box()
    assert button["y"] >= last["y"] + last["height"]


def test_the_tables_behind_the_charts_fit_a_telephone(page_of):
    """Rates and days stood beyond the edge, below bars that showed them."""
    page = page_of("lanhdao", width=360, touch=True)
    page.goto("/admin/reports/charts")
    tables = page.locator(".chart-card .table-region")
    assert tables.count() == 4
    assert (
        tables.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth)") == []
    )
