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
