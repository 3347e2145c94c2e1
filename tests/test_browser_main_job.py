"""The main job in a real browser: a commune's March, from the first figure to the report.

With PICTURES set to a folder the pages are photographed on the way, for the README.
"""

import csv
import io
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from config import Config
from models import DISTRICT, Actor, User, act_as, db
from models.package import load_package
from models.passwords import hash_password
from models.settings import put_setting

pytestmark = [
    pytest.mark.browser,
    # the compressor leaves the closing of a static file to the garbage collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
DEMO = Path(__file__).parent.parent / "demo"
PASSWORD = "Minhhoa-2024!"
PICTURES = os.environ.get("PICTURES")
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with the demonstration data, served on a free port."""
    folder = tmp_path_factory.mktemp("site")
    app = create_app(
        Config(
            secret_key="a key for the browser test only, of some length",
            database_url=f"sqlite:///{folder / 'site.sqlite3'}",
            environment="testing",
        )
    )
    with app.app_context():
        upgrade()
        session = db.session()
        session.enter(DISTRICT)
        act_as(Actor(None, "test"))
        load_package(session, DEMO, at=datetime(2024, 4, 16, tzinfo=UTC), by="demo")
        put_setting(session, "demo_data", "true")
        stored = hash_password(PASSWORD)
        for user in session.query(User):
            user.password_hash, user.must_change_password = stored, False
        session.commit()
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def sign_in(site, browser):
    """`sign_in("yenbinh")`: a page of that person; every console error and foreign request
    fails the test at its end.
    """
    contexts, faults = [], []

    def open_page(username: str, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((site, "data:", "blob:"))
                else faults.append(f"foreign: {request.url}")
            ),
        )
        page.on(
            "console",
            lambda told: (
                faults.append(told.text)
                if told.type == "error" and "Failed to load resource" not in told.text
                else None
            ),
        )
        page.goto("/login")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit], main form button.btn-primary")
        page.wait_for_url("**/admin/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def photograph(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=False)


def confirm(page: Page) -> None:
    page.click("dialog[open] [data-ask-yes]")


def send(page: Page) -> None:
    page.click("button[name=action][value=send]")
    confirm(page)
    page.wait_for_load_state()


def test_the_main_job(site, sign_in):
    commune = sign_in("yenbinh")
    photograph(commune, "home-commune")
    commune.goto("/admin/my-report/2024-03")
    expect(commune.locator("h1")).to_contain_text("3/2024")
    amount = commune.locator("input[name$='-completed']").first

    amount.press_sequentially("900000000")  # over the plan of its source
    expect(amount).to_have_value("900.000.000")
    commune.locator("textarea[name$='-progress_text']").first.fill("Đã trồng 12 ha keo.")
    send(commune)
    expect(commune.locator(".finding-error").first).to_contain_text("900.000.000")
    photograph(commune, "over-plan")

    amount = commune.locator("input[name$='-completed']").first
    amount.fill("")
    amount.press_sequentially("80000000")
    expect(commune.locator("[data-after]").first).to_have_text("80.000.000")
    photograph(commune, "my-report")
    send(commune)
    expect(commune.locator("main .badge-info").first).to_be_visible()

    officer = sign_in("canbo")
    photograph(officer, "home-officer")
    officer.goto("/admin/review/2024-03")
    photograph(officer, "review")
    officer.get_by_role("link", name="UBND xã Yên Bình").first.click()
    reason = officer.locator("textarea[name=reason]")
    if not reason.is_visible():
        officer.locator("details:has(textarea[name=reason]) > summary").click()
    reason.fill("Bổ sung số hộ tham gia.")
    officer.click("button[value=return]")
    if officer.locator("dialog[open]").count():
        confirm(officer)
    expect(officer.locator(".badge-warn").first).to_be_visible()

    commune.goto("/admin/my-report/2024-03")
    expect(commune.locator("main")).to_contain_text("Bổ sung số hộ tham gia.")
    commune.locator("textarea[name$='-progress_text']").first.fill("12 ha keo, 31 hộ tham gia.")
    send(commune)

    officer.goto("/admin/review/2024-03")
    officer.get_by_role("link", name="UBND xã Yên Bình").first.click()
    officer.click("button[value=accept]")
    expect(officer.locator(".badge-ok").first).to_be_visible()

    leader = sign_in("lanhdao")
    leader.goto("/admin/reports/consolidated?period=2024-03")
    expect(leader.locator("main")).to_contain_text("9/9")
    photograph(leader, "consolidated")
    leader.locator("tr.total a, tbody tr a").first.click()
    expect(leader.locator("main table").first).to_be_visible()
    photograph(leader, "explain")
    leader.goto("/admin/reports/late?period=2024-03")
    expect(leader.locator("main")).to_contain_text("UBND xã Yên Bình")
    expect(leader.locator("main")).to_contain_text("Phòng VH&TT")
    photograph(leader, "late")

    answer = leader.request.get(
        "/admin/reports/consolidated.csv?period=2024-03&headers=keys&unit=dong"
    )
    rows = list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
    assert rows[0]["disbursed_total"] == str(2_299_845_679 + 80_000_000)
    own = next(r for r in rows if (r["level"], r["code"]) == ("investor", "X-06391"))
    assert own["disbursed_month"] == "80000000"


def test_a_phone_is_enough_for_a_commune(sign_in):
    page = sign_in("huulien", width=360)
    for address in ("/admin/", "/admin/my-report/", "/admin/my-report/2024-03"):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, address
    photograph(page, "phone")


def test_the_delete_question_appears_under_the_strict_policy(sign_in):
    """A page that names the record stands between the click and the deleting."""
    page = sign_in("canbo")
    page.goto("/admin/project/")
    photograph(page, "projects")
    page.locator("a[href*='delete-confirm']").first.click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).to_contain_text("L0")
    page.goto("/admin/project/")
    expect(page.locator("tbody tr")).to_have_count(13)
