"""A refused form in a real browser: it is answered, and shows what was typed as it was typed."""

import pytest
from playwright.sync_api import expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize(
    "name", ["xã Hoà Bình", " hai  khoảng trắng ", "xa\u0303 to\u0302\u0309 hợp", "ẩn\u200bkhoảng"]
)
def test_a_text_that_is_stored_otherwise_is_not_called_unanswered(page_of, name):
    """“No answer came” stood beside the answer, because that showed the text already cleaned."""
    page = page_of("canbo")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/project/new/")
    page.fill("[name=code]", "HB-1")
    page.fill("[name=name]", name)
    page.locator("main form button.btn-primary").first.dblclick()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value(name)
    expect(page.locator(".kept")).to_have_count(0)


def test_what_somebody_else_saved_is_shown_where_the_eye_is(page_of):
    """The page stayed at the field that was typed into; the two versions stood above the window."""
    first, second = page_of("canbo"), page_of("canbo")
    for page in (first, second):
        page.set_viewport_size({"width": 1366, "height": 600})
        page.goto("/admin/investor/edit/?id=7")
    for page, name in ((first, "Bà Lan"), (second, "Ông Hùng")):
        page.fill("[name=contact_name]", name)
        page.locator("[name=contact_name]").press("Control+s")
        page.wait_for_load_state("networkidle")
    both = second.locator("[data-error-summary]")
    expect(both).to_be_focused()
    expect(both.locator("h2")).to_be_in_viewport(ratio=1)
    expect(second.locator("[name=contact_name]")).to_have_value("Ông Hùng")
