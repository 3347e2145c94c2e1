"""The application served to a real browser: fixtures and small acts of the browser tests.

With PICTURES set to a folder the pages are photographed on the way, for the README.
"""

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from config import Config
from models import DISTRICT, Actor, User, act_as, db
from models.calendar import put_setting
from models.exchange.package import load_package
from models.people import hash_password
from models.reminders import ensure_default_head

DEMO = Path(__file__).parent.parent / "models/exchange/demo"
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


def _served_by(file: Path) -> Flask:
    return create_app(
        Config(
            secret_key="a key for the browser test only, of some length",
            database_url=f"sqlite:///{file}",
            environment="testing",
        )
    )


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demonstration data, to be copied."""
    file = tmp_path_factory.mktemp("demonstration") / "site.sqlite3"
    with _served_by(file).app_context():
        upgrade()
        session = db.session()
        session.enter(DISTRICT)
        act_as(Actor(None, "test"))
        load_package(session, DEMO, at=datetime(2024, 4, 16, tzinfo=UTC), by="demo")
        put_setting(session, "demo_data", "true")
        ensure_default_head(session)
        stored = hash_password(PASSWORD)
        for user in session.query(User):
            user.password_hash, user.must_change_password = stored, False
        session.commit()
        db.session.remove()
        db.engine.dispose()  # closing the last connection empties the write-ahead log
    return file


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[str]:
    """The application with the demonstration data, served on a free port."""
    file = tmp_path_factory.mktemp("site") / "site.sqlite3"
    shutil.copy(demonstration, file)
    app = _served_by(file)
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


@pytest.fixture(scope="session")
def _browsers() -> Iterator[Callable[[], Browser]]:
    """A worker starts one browser, which takes as long as a short test, and another where that one
    is gone.
    """
    started: list[Browser] = []

    def running() -> Browser:
        if not started or not started[-1].is_connected():
            chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
            launch = playwright.chromium.launch
            started.append(launch(executable_path=chromium, args=list(CHROMIUM)))
        return started[-1]

    with sync_playwright() as playwright:
        yield running
        for one in started:
            one.close()


@pytest.fixture(scope="module")
def browser(_browsers: Callable[[], Browser]) -> Browser:
    return _browsers()


def _sign_in(context: BrowserContext, username: str) -> None:
    """Sign in with a password as the form does, by requests of the context that draw no page."""
    form = context.request.get("/login").text()
    typed = {
        "csrf_token": re.findall('name="csrf_token"[^>]* value="([^"]+)"', form)[0],
        "username": username,
        "password": PASSWORD,
    }
    reply = context.request.post("/login", form=typed, max_redirects=0)
    assert reply.headers["location"].endswith("/admin/"), reply.text()


@pytest.fixture
def page_of(site, browser):
    """`page_of("yenbinh")`: a page of that person, still empty, with `touch` on a telephone; every
    console error and foreign request fails the test at its end.
    """
    contexts, faults = [], []

    def open_page(username: str, width: int = 1280, touch: bool = False) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            has_touch=touch,
            is_mobile=touch,
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
        _sign_in(context, username)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def sign_in(page: Page, username: str) -> None:
    """Fill in the form of the page and send it."""
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn-primary")


def photograph(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=False)


def confirm(page: Page) -> None:
    page.click("dialog[open] [data-ask-yes]")


def send(page: Page) -> None:
    page.click("button[name=action][value=send]")
    with page.expect_navigation():
        confirm(page)
