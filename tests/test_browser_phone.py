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
