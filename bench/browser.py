"""How long a person waits in a real browser for the pages of everyday, on an office of any size.

    DATABASE_URL=… .venv/bin/python -m bench.browser [ROUNDS] [PICTURES]

On a database that bench.offices filled: the application is served here, Chromium signs in as the
account that reads everything and opens each page of bench.pages. Printed is the best of the rounds
until the page is whole and drawn. With PICTURES, a folder, each page is photographed. Ends with 1
where a page takes a second or more.
"""

import os
import re
import shutil
import sys
import threading
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from app import create_app
from bench.offices import PASSWORD
from bench.pages import addresses
from config import Config
from models import db
from tests.browser import CHROMIUM

LIMIT = 1.0


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where a page is slower than the limit."""
    rounds = int(arguments[0]) if arguments else 3
    pictures = Path(arguments[1]) if len(arguments) > 1 else None
    url = os.environ["DATABASE_URL"]
    app = create_app(
        Config(secret_key="only for measuring", database_url=url, environment="testing")
    )
    with app.app_context():
        opened = addresses(db.engine)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    slowest = 0.0
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM)
        )
        page = chromium.new_page(
            base_url=f"http://127.0.0.1:{server.server_port}",
            viewport={"width": 1280, "height": 900},
        )
        page.set_default_timeout(120_000)
        page.goto("/login")
        page.fill("[name=username]", "bench")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit], main button:not([type])")
        page.wait_for_url("**/admin/**")
        for address in opened:
            took = []
            for _round in range(rounds):
                began = time.perf_counter()
                page.goto(address)
                page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
                took.append(time.perf_counter() - began)
            slowest = max(slowest, min(took))
            print(f"{min(took) * 1000:9,.0f} ms  {address}", flush=True)
            if pictures:
                pictures.mkdir(parents=True, exist_ok=True)
                name = re.sub(r"\W+", "-", address).strip("-")
                page.screenshot(path=pictures / f"{name}.png")
        chromium.close()
    server.shutdown()
    return 0 if slowest < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
