"""Every page of the menu, as every role, on a desk and on a phone: it loads whole and fits."""

from urllib.parse import urlsplit

import pytest

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
