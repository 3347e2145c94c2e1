"""Nothing typed is lost: network cut, answer lost, session ended, two tabs, Back, a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import confirm, sign_in

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SHEET = "/admin/my-report/2024-03"
WORDS = "textarea[name$='-progress_text']"
SAVE = "button[name=action][value=save]"


def kept(page: Page) -> int:
    return int(
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('keep:')).length")
    )


def wait_kept(page: Page, count: int = 1) -> None:
    page.wait_for_function(
        "(n) => Object.keys(localStorage).filter((key) => key.startsWith('keep:')).length === n",
        arg=count,
    )


def type_words(page: Page, text: str, address: str = SHEET) -> None:
    page.goto(address)
    page.locator(WORDS).first.fill(text)
    wait_kept(page)


def leave(page: Page, address: str) -> None:
    """Go elsewhere though something is typed."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(address)


def speak(page: Page, language: str) -> None:
    """The pages in this language from now on."""
    page.goto("/admin/")
    if page.locator("html").get_attribute("lang") == language:
        return
    page.evaluate("document.querySelector('details:has(form.language)').open = true")
    with page.expect_navigation():
        page.locator(f"form.language button[value={language}]").first.click()


def test_saving_forgets_the_copy_and_stays_where_it_was(page_of):
    page = page_of("yenbinh")
    type_words(page, "Đã trồng 12 ha keo.")
    page.locator("textarea[name$='-proposals']").last.fill("Chỗ cuối trang")
    page.locator("textarea[name$='-proposals']").last.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 100
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    page.wait_for_load_state()
    assert kept(page) == 0
    expect(page.locator(WORDS).first).to_have_value("Đã trồng 12 ha keo.")
    assert abs(page.evaluate("scrollY") - before) < 250
    expect(page.locator("#kept-said")).to_contain_text("nháp")
    expect(page.locator(".kept")).to_have_count(0)


def test_a_cut_network_keeps_the_page_and_the_next_try_saves(page_of):
    page = page_of("yenbinh")
    type_words(page, "Gõ khi mất mạng")
    page.context.set_offline(True)
    page.click(SAVE)
    expect(page.locator("#kept-said")).to_contain_text("mạng")
    expect(page.locator(WORDS).first).to_have_value("Gõ khi mất mạng")
    expect(page.locator(SAVE)).not_to_have_attribute("aria-disabled", "true")
    page.context.set_offline(False)
    with page.expect_navigation():
        page.click(SAVE)
    expect(page.locator(WORDS).first).to_have_value("Gõ khi mất mạng")
    wait_kept(page, 0)


def test_a_lost_answer_is_told_and_the_sending_is_not_lost(page_of):
    """The server stored the draft, the answer never came; then the report is sent."""
    page = page_of("yenbinh")
    type_words(page, "Câu trả lời bị mất")

    swallowed = []

    def swallow(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
            swallowed.append(route)
        else:
            route.continue_()

    page.route(f"**{SHEET}*", swallow)
    page.click(SAVE)
    while not swallowed:
        page.wait_for_timeout(50)
    page.unroute(f"**{SHEET}*")
    page.goto(SHEET)  # what was stored is there, so nothing has to be offered
    expect(page.locator(WORDS).first).to_have_value("Câu trả lời bị mất")
    expect(page.locator(".kept")).to_have_count(0)
    wait_kept(page, 0)


def test_a_hanging_answer_gives_the_button_back(page_of):
    page = page_of("yenbinh")
    type_words(page, "Treo")
    page.evaluate("document.dispatchEvent(new Event('keep:ready'))")
    held = []
    page.route("**/session", lambda route: held.append(route))
    page.clock.install()
    page.click(SAVE)
    expect(page.locator(SAVE)).to_have_attribute("aria-disabled", "true")
    page.clock.fast_forward(13_000)
    expect(page.locator("#kept-said")).to_contain_text("không trả lời")
    expect(page.locator(SAVE)).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator(WORDS).first).to_have_value("Treo")
    for route in held:
        route.abort()
    page.unroute("**/session")
    leave(page, "/admin/")
    page.evaluate("localStorage.clear()")


@pytest.mark.parametrize("how", ["waits", "stops"])
def test_a_sending_without_an_answer_gives_the_button_back(page_of, how):
    """The browser itself cannot be asked while it waits, so its sending is one that hangs."""
    page, text = page_of("yenbinh"), f"Máy chủ treo ({how})"
    type_words(page, text)
    page.evaluate("HTMLFormElement.prototype.submit = function () { window.sending = true; }")
    page.clock.install()
    with page.expect_response("**/session") as asked:
        page.click(SAVE)
    asked.value.finished()  # the clock goes on only when the answer is there
    page.wait_for_function("window.sending === true")
    expect(page.locator(SAVE)).to_have_attribute("aria-disabled", "true")
    if how == "waits":
        page.clock.run_for(16_000)
        expect(page.locator("#kept-said")).to_contain_text("không bao giờ bị lưu hai lần")
    else:
        page.locator(SAVE).press("Escape")  # a key goes to what has the focus
    expect(page.locator(SAVE)).not_to_have_attribute("aria-disabled", "true")
    leave(page, SHEET)
    # nothing of it came to the server: it is offered, and said to have had no answer
    expect(page.locator(".kept")).to_contain_text("không nhận được trả lời")
    page.get_by_role("button", name="Đưa lại").click()
    with page.expect_navigation():
        page.click(SAVE)
    expect(page.locator(WORDS).first).to_have_value(text)
    wait_kept(page, 0)


@pytest.mark.parametrize("cookies", ["all", "session row"])
def test_an_ended_session_signs_in_and_goes_on_with_what_was_typed(page_of, cookies):
    page, text = page_of("yenbinh"), f"Phiên hết giữa chừng ({cookies})"
    type_words(page, text)
    if cookies == "all":
        page.context.clear_cookies()
    else:
        other = page.context.new_page()
        other.goto("/admin/")
        state = page.evaluate("JSON.stringify(localStorage)")
        other.locator(".user-menu summary").click()
        other.locator("form[action='/logout'] button").click()
        other.wait_for_url("**/login*")
        page.evaluate("(s) => Object.assign(localStorage, JSON.parse(s))", state)
        other.close()
    page.click(SAVE)
    said = page.locator("#kept-said")
    expect(said).to_contain_text("Phiên làm việc đã hết")
    said.locator("a").click()
    page.wait_for_url("**/login**")
    sign_in(page, "yenbinh")
    page.wait_for_url(f"**{SHEET}*")
    expect(page.locator(WORDS).first).to_have_value(text)
    expect(page.locator("#kept-said")).to_contain_text("trở lại")
    with page.expect_navigation():
        page.click(SAVE)
    wait_kept(page, 0)
    expect(page.locator(WORDS).first).to_have_value(text)


def test_without_the_script_the_page_of_an_ended_session_speaks_in_words(page_of):
    page = page_of("yenbinh")
    type_words(page, "Không có kịch bản")
    page.context.clear_cookies()
    page.evaluate("document.querySelector('form.sheet').submit()")
    expect(page.locator("h1")).to_contain_text("Phiên làm việc của bạn đã hết")
    text = page.locator("main").inner_text()
    assert "Lỗi" not in text
    page.locator("details summary").click()
    shown = page.locator("dl.facts").inner_text()
    assert "Không có kịch bản" in shown
    assert not re.search(r"[ap]\d+-", shown)
    page.get_by_role("link", name="Đăng nhập và làm tiếp").click()
    sign_in(page, "yenbinh")
    page.wait_for_url(f"**{SHEET}*")
    expect(page.locator(".kept")).to_contain_text("chưa được lưu")
    page.get_by_role("button", name="Đưa lại").click()
    expect(page.locator(WORDS).first).to_have_value("Không có kịch bản")
    leave(page, "/admin/")
    page.evaluate("localStorage.clear()")


def test_back_offers_what_was_typed(page_of):
    page = page_of("yenbinh")
    type_words(page, "Gõ rồi đi nơi khác")
    leave(page, "/admin/")
    page.go_back()
    expect(page.locator(".kept")).to_contain_text("chưa được lưu")
    page.get_by_role("button", name="Đưa lại").click()
    expect(page.locator(WORDS).first).to_have_value("Gõ rồi đi nơi khác")
    wait_kept(page)
    leave(page, "/admin/")
    page.evaluate("localStorage.clear()")


def test_two_tabs_lose_neither_text(page_of):
    one = page_of("yenbinh")
    one.goto(SHEET)
    two = one.context.new_page()
    two.goto(SHEET)
    one.locator(WORDS).first.fill("Thẻ thứ nhất")
    wait_kept(one)
    two.locator(WORDS).first.fill("Thẻ thứ hai")
    wait_kept(two, 2)
    with one.expect_navigation():
        one.click(SAVE)
    wait_kept(one, 1)
    # the text of the second tab is offered beside the stored one, and is said to be older
    one.reload()
    expect(one.locator(".kept")).to_contain_text("đã được sửa")
    one.locator(".kept summary").click()
    expect(one.locator(".kept table")).to_contain_text("Thẻ thứ nhất")
    expect(one.locator(".kept table")).to_contain_text("Thẻ thứ hai")
    # and the second tab is shown both when it saves
    with two.expect_navigation():
        two.click(SAVE)
    expect(two.locator("main")).to_contain_text("Thẻ thứ nhất")
    expect(two.locator(WORDS).first).to_have_value("Thẻ thứ hai")
    with two.expect_navigation():
        two.click(SAVE)
    expect(two.locator(WORDS).first).to_have_value("Thẻ thứ hai")


def test_words_of_a_field_that_the_page_no_longer_has_are_shown(page_of):
    """Found: the copy was taken for stored, and thrown away."""
    page = page_of("yenbinh")
    type_words(page, "Đã phát dọn thực bì 3 ha.")
    name = page.locator(WORDS).first.get_attribute("name")
    leave(page, "/admin/")
    page.evaluate(
        """name => {
             const key = Object.keys(localStorage).find((each) => each.startsWith("keep:"));
             const copy = localStorage.getItem(key).replaceAll(name, "p1-progress_text");
             localStorage.setItem(key, copy);
           }""",
        name,
    )
    page.goto(SHEET)
    box = page.locator(".flash.kept")
    expect(box).to_contain_text("Đã phát dọn thực bì 3 ha.")
    expect(box.get_by_role("cell", name="Đã phát dọn thực bì 3 ha.")).to_be_visible()
    assert kept(page) == 1


def test_signing_out_clears_every_copy(page_of):
    page = page_of("yenbinh")
    type_words(page, "Máy dùng chung")
    page.locator(".user-menu summary").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("form[action='/logout'] button").click()
    page.wait_for_url("**/login*")
    assert kept(page) == 0


def test_a_tab_left_open_keeps_nothing_after_signing_out_in_another(page_of):
    """Found: it wrote its copy again when it was closed, for whoever came next."""
    page = page_of("yenbinh")
    type_words(page, "Máy dùng chung")
    other = page.context.new_page()
    other.goto("/admin/")
    other.locator(".user-menu summary").click()
    other.locator("form[action='/logout'] button").click()
    other.wait_for_url("**/login*")
    leave(page, "/login")
    assert kept(page) == kept(other) == 0


def test_whoever_types_after_signing_out_elsewhere_is_kept_also_with_a_clock_set_back(page_of):
    page = page_of("yenbinh")
    page.goto(SHEET)
    page.evaluate("localStorage.setItem('keep-out', Date.now() + 3600000)")
    page.locator(WORDS).first.fill("Vẫn ở lại")
    wait_kept(page)


def test_another_person_is_not_shown_and_does_not_send_what_somebody_typed(page_of):
    page = page_of("yenbinh")
    type_words(page, "Của Yên Bình")
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto("/login")
    sign_in(other, "canbo")
    other.wait_for_url("**/admin/")
    page.click(SAVE)
    expect(page.locator("#kept-said")).to_contain_text("đang đăng nhập")
    other.goto("/admin/review/2024-03")
    assert "Của Yên Bình" not in other.content()
    expect(other.locator(".kept")).to_have_count(0)


@pytest.mark.parametrize(
    ("unit", "language", "typed", "other", "here", "shown"),
    [
        ("trieu", "vi", "80", "dong", "vi", "80.000.000"),
        ("dong", "vi", "80.000.000", "trieu", "vi", "80"),
        ("trieu", "en", "12.5", "trieu", "vi", "12,5"),
        ("dong", "en", "12,500,000", "dong", "vi", "12.500.000"),
        ("nghin", "vi", "1250,5", "trieu", "en", "1.2505"),
        # two readings there: it must not be taken for one thousand five hundred đồng here
        ("trieu", "vi", "1.500", "dong", "vi", "1.500 ?"),
        ("dong", "en", "1.500", "dong", "vi", "1.500 ?"),
        ("trieu", "vi", "tám mươi", "dong", "en", "tám mươi"),
    ],
)
def test_a_copied_amount_comes_back_as_the_same_amount(
    page_of, unit, language, typed, other, here, shown
):
    """In the unit and the marks of the page that stands there now."""
    page = page_of("yenbinh")
    speak(page, language)
    page.goto(f"{SHEET}?unit={unit}")
    page.locator("input[name$='-completed']").first.fill(typed)
    wait_kept(page)
    leave(page, "/admin/")
    speak(page, here)
    page.goto(f"{SHEET}?unit={other}")
    page.locator(".kept button").first.click()
    expect(page.locator("input[name$='-completed']").first).to_have_value(shown)
    expect(page.locator("input[name=unit]")).to_have_value(other)
    expect(page.locator(".kept")).to_have_count(0)
    speak(page, "vi")
    page.evaluate("localStorage.clear()")


def test_the_same_figures_of_another_unit_are_another_amount(page_of):
    """80 million typed, 80 đồng stored since: the copy is offered, not thrown away."""
    page = page_of("yenbinh")
    page.goto(f"{SHEET}?unit=trieu")
    page.locator("input[name$='-completed']").first.fill("80")
    wait_kept(page)
    copies = page.evaluate("JSON.stringify({...localStorage})")
    page.evaluate("localStorage.clear()")
    leave(page, f"{SHEET}?unit=dong")
    page.locator("input[name$='-completed']").first.fill("80")
    with page.expect_navigation():
        page.click(SAVE)
    page.evaluate(
        "(all) => Object.entries(JSON.parse(all)).forEach(([k, v]) => localStorage.setItem(k, v))",
        copies,
    )
    page.goto(f"{SHEET}?unit=dong")
    expect(page.locator(".kept")).to_contain_text("80.000.000")
    page.evaluate("localStorage.clear()")
    page.locator("input[name$='-completed']").first.fill("")
    with page.expect_navigation():
        page.click(SAVE)


def test_a_unit_switched_in_place_is_known_to_the_copy(page_of):
    page = page_of("yenbinh")
    page.goto(f"{SHEET}?unit=dong")
    page.locator("input[name$='-completed']").first.fill("12500000")
    wait_kept(page)
    page.click(".units a[data-unit=trieu]")
    expect(page.locator("input[name$='-completed']").first).to_have_value("12,5")
    page.locator("input[name$='-completed']").first.fill("13,5")
    page.wait_for_timeout(600)
    leave(page, f"{SHEET}?unit=dong")
    expect(page.locator(".kept")).to_have_count(1)
    page.locator(".kept button").first.click()
    expect(page.locator("input[name$='-completed']").first).to_have_value("13.500.000")
    page.evaluate("localStorage.clear()")


@pytest.mark.parametrize(
    ("username", "address", "field"),
    [
        ("canbo", "/admin/review/2024-03/{unit}", "textarea[name=reason]"),
        ("canbo", "/admin/review/2024-03", "input[name=deadline_reason]"),
        ("canbo", "/admin/obstacle/new/", "textarea[name=content]"),
        ("taichinh", "/admin/decision/new/", "textarea[name=summary]"),
        ("canbo", "/admin/project/new/", "[name=name]"),
        ("canbo", "/admin/organisation/", "[name=new_name]"),
        ("canbo", "/admin/letter_head/new/", "textarea[name=legal_basis]"),
    ],
)
def test_every_form_of_more_than_a_line_is_kept(page_of, username, address, field):
    page = page_of(username)
    if "{unit}" in address:
        page.goto("/admin/review/2024-03")
        link = page.locator("a[href*='/admin/review/2024-03/']").first.get_attribute("href")
        address = link
    page.goto(address)
    typed = page.locator(field).first
    if not typed.is_visible():
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        page.evaluate(
            "for (const one of document.querySelectorAll('main [hidden]')) one.hidden = false"
        )
    typed.fill("Chữ đã gõ")
    wait_kept(page)
    if username == "canbo" and "review" in address:
        page.keyboard.press("Control+s")  # an act is not carried out by a key
        expect(page.locator("#kept-said")).to_contain_text("chưa được gửi")
    leave(page, "/admin/")
    page.goto(address)
    page.get_by_role("button", name="Đưa lại").first.click()
    expect(page.locator(field).first).to_have_value("Chữ đã gõ")
    leave(page, "/admin/")
    page.evaluate("localStorage.clear()")


def test_an_error_takes_the_eye_to_its_field_and_enter_goes_on(page_of):
    page = page_of("yenbinh", width=390)
    page.goto(SHEET)
    first = page.locator("input[name$='-completed']").first
    first.fill("12x")
    last = page.locator(WORDS).last
    last.fill("Cuối trang")
    with page.expect_navigation():
        page.click(SAVE)
    focused = page.evaluate("document.activeElement.name")
    assert focused == first.get_attribute("name")
    assert page.evaluate(
        "(() => { const b = document.activeElement.getBoundingClientRect();"
        " return b.top > 0 && b.bottom < innerHeight * 0.75; })()"
    )
    expect(page.locator(WORDS).last).to_have_value("Cuối trang")
    page.keyboard.press("Enter")
    following = page.evaluate("document.activeElement.name")
    assert following
    assert following != focused
    # the keyboard of a phone takes the lower half away
    page.locator("[name$='-estimate']").last.focus()
    page.set_viewport_size({"width": 390, "height": 420})
    page.wait_for_function(  # a function: the policy of the page forbids to evaluate a text
        "() => { const b = document.activeElement.getBoundingClientRect();"
        " return b.top > 0 && b.bottom < innerHeight; }"
    )
    leave(page, "/admin/")
    page.evaluate("localStorage.clear()")


def test_before_idle_time_ends_the_page_says_so(page_of):
    page = page_of("yenbinh")
    page.clock.install()
    page.goto(SHEET)
    minutes = int(page.evaluate("document.body.dataset.idle"))
    page.clock.fast_forward((minutes - 4) * 60_000)
    page.clock.run_for(21_000)
    expect(page.locator("#kept-said")).to_contain_text("Phiên làm việc sẽ hết")
    page.get_by_role("link", name="Tiếp tục làm việc").click()
    expect(page.locator("#kept-said")).to_have_count(0)


def test_sending_still_asks_first(page_of):
    page = page_of("yenbinh")
    type_words(page, "Gửi có hỏi")
    page.click("button[name=action][value=send]")
    page.locator("dialog[open]").wait_for()
    with page.expect_navigation():
        confirm(page)
    expect(page.locator("main")).to_contain_text("Gửi có hỏi")


def test_a_button_with_an_address_of_its_own_is_obeyed(page_of):
    """Remarks alone, without returning the report: the same form, sent elsewhere."""
    page = page_of("canbo")
    page.goto("/admin/review/2024-03")
    page.click("main table a:has-text('Hữu Liên')")
    unit = page.url
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    page.locator("textarea[name='remark-report']").fill("Ghi rõ số hộ")
    with page.expect_navigation():
        page.click("button:has-text('Chỉ thêm ý kiến')")
    assert page.url == unit
    expect(page.locator("main")).to_contain_text("Ghi rõ số hộ")
    wait_kept(page, 0)
