"""Nothing typed is lost when the server cannot store it: its database is away, its disk full."""

import sqlite3

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from tests.test_browser_keep import SAVE, SHEET, WORDS, kept, type_words

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
CANNOT_OPEN, DISK_FULL = 14, 13


@pytest.mark.parametrize("code", [CANNOT_OPEN, DISK_FULL])
def test_what_was_typed_outlives_a_503_and_is_saved_when_all_is_well_again(page_of, code):
    page = page_of("yenbinh")
    words = f"Đã cấp {code} con trâu."
    type_words(page, words)

    def refuse(_connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE")):
            raw = sqlite3.OperationalError("no")
            raw.sqlite_errorcode = code
            raise OperationalError(statement, None, raw)

    event.listen(Engine, "before_cursor_execute", refuse)
    try:
        with page.expect_navigation() as reply:
            page.locator(SAVE).first.click()
        assert reply.value.status == 503
        assert kept(page) == 1  # the copy is not forgotten for an answer that saved nothing
    finally:
        event.remove(Engine, "before_cursor_execute", refuse)
    page.goto(SHEET)
    again = page.locator(".kept button").first
    if page.locator(WORDS).first.input_value() != words:
        again.click()
    expect(page.locator(WORDS).first).to_have_value(words)
    with page.expect_navigation():
        page.locator(SAVE).first.click()
    page.wait_for_load_state()
    expect(page.locator(WORDS).first).to_have_value(words)
    assert kept(page) == 0
