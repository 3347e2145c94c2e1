"""Every page of the menu, as every role, on a desk and on a phone: it loads whole and fits."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import PASSWORD, sign_in

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PEOPLE = ("admin", "canbo", "taichinh", "huulien", "lanhdao", "kiemtoan")
INNER = {  # pages one step behind the menu: the ones with the widest content
    "canbo": ("/admin/review/2024-03", "/admin/period/open/", "/admin/project/new/"),
    "taichinh": ("/admin/decision/new/", "/admin/allocation/new/"),
    "huulien": (
        "/admin/my-report/2024-03",
        "/admin/reports/pace?period=2024-03",
        "/admin/reports/charts?period=2024-03",
        "/admin/reports/treasury?period=2024-03&all=1",
    ),
    "lanhdao": (
        "/admin/reports/explain?period=2024-03&column=disbursed_month",
        "/admin/reports/pace/why?period=2024-03",
    ),
    "kiemtoan": ("/admin/reports/late?period=2024-03&all=1",),
}


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_of_the_menu_loads_whole_and_fits(page_of, username):
    page = page_of(username, width=1280)
    page.context.clear_cookies()
    page.goto("/login")
    sign_in(page, username)
    page.wait_for_url("**/admin/")
    faults = []
    page.on("response", lambda one: one.status >= 400 and faults.append((one.status, one.url)))
    page.on(
        "requestfailed",
        lambda one: one.failure != "net::ERR_ABORTED" and faults.append((one.failure, one.url)),
    )
    page.on("console", lambda told: told.type == "error" and faults.append((page.url, told.text)))
    links = page.evaluate("[...document.querySelectorAll('#side a')].map((a) => a.href)")
    addresses = list(dict.fromkeys(urlsplit(one).path for one in links))
    assert len(addresses) > 5
    for address in (*addresses, *INNER.get(username, ())):
        answer = page.goto(address)
        assert answer is not None
        if answer.status != 200:
            faults.append((answer.status, address))
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate(
                "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
                " - document.documentElement.clientWidth"
            )
            if wide > 0:
                faults.append((f"{wide} pixels too wide at {width}", address))
    assert faults == []


def test_a_passkey_is_added_signs_in_alone_and_answers_the_question(
    site: str, browser: Browser
) -> None:
    """A real browser with an authenticator of software, over the protocol of its tools."""
    context = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"), locale="vi-VN")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console", lambda told: faults.append(told.text) if "Content Sec" in told.text else None
    )
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    has = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    kind = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": kind | has})
    page.goto("/login")
    sign_in(page, "admin")
    page.goto("/admin/account/second-step/")
    page.click("#passkeys a.btn-primary")
    page.fill("#sure_password", PASSWORD)
    page.click("main form button.btn-primary")
    where = {"authenticatorId": made["authenticatorId"]}
    told = page.locator("[data-passkey=register] [role=alert]")
    page.click("[data-passkey=register] button")  # no name: the device is not asked for a key
    expect(told).to_contain_text("Hãy đặt tên")
    assert tools.send("WebAuthn.getCredentials", where)["credentials"] == []
    page.fill("#name", "Máy ở cơ quan")
    page.click("[data-passkey=register] button")
    page.wait_for_selector(".codes")
    page.goto("/admin/account/second-step/")
    page.fill("#name", "Máy này lần nữa")
    page.click("[data-passkey=register] button")
    expect(told).to_contain_text("Thiết bị này đã có khóa truy cập của bạn")
    context.clear_cookies()
    page.goto("/login")
    page.click("[data-passkey=sign-in] button")
    page.wait_for_url("**/admin/")
    page.goto("/admin/user/new/")
    page.fill("[name=username]", "nguoimoi")
    page.fill("[name=full_name]", "Người Mới")
    page.select_option("[name=role]", "leader")
    page.click("main .admin-form button.btn-primary")
    page.wait_for_selector("#sure_password")
    page.click("[data-passkey=sure] button")
    page.wait_for_selector("main :text('Người Mới')")
    keys = tools.send("WebAuthn.getCredentials", where)["credentials"]
    assert [(one["rpId"], one["signCount"] >= 2) for one in keys] == [("localhost", True)]
    # at another origin, here the same server by its number, the browser offers and gives nothing
    page.goto(f"{site}/login")
    assert page.locator("[data-passkey]").count() == 0
    assert faults == []
    context.close()
