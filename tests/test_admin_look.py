"""Templates, style and script without a database: what every page of the product keeps to."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask_babel import Babel

from admin.access import assets
from admin.words import badges, formatters, names, texts

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WRITTEN = {".css", ".js", ".svg", ".webmanifest"}
STATIC = [path for path in sorted((ROOT / "static").rglob("*")) if path.suffix in WRITTEN]
ERRORS = sorted(path.stem for path in (ROOT / "templates/errors").glob("[0-9]*.html"))


@pytest.fixture(scope="module")
def bare():
    """An application with our templates and nothing else: no user, no database."""
    app = Flask("bare", root_path=str(ROOT))
    app.config["SECRET_KEY"] = "only for these tests"
    Babel(app, default_locale="en")
    assets.init_app(app)
    formatters.register(app)
    texts.register(app)
    badges.register(app)
    names.register(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    return app


@pytest.fixture
def render(bare):
    def render(source: str, **values: object) -> BeautifulSoup:
        with bare.test_request_context("/"):
            return BeautifulSoup(bare.jinja_env.from_string(source).render(**values), "html.parser")

    return render


UI = '{% import "macros/ui.html" as ui %}'
CHARTS = '{% import "macros/charts.html" as charts %}'


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_hold_no_script_that_a_strict_policy_would_stop(path):
    text = path.read_text()

    assert not re.search(r"""[\s"']on[a-z]+\s*=\s*["']""", text), "inline handler"
    assert "javascript:" not in text
    assert not re.search(r"<script(?![^>]*\b(?:src|nonce|type=.application/json.)\b)", text)
    assert not re.search(r"<style[\s>]", text)


@pytest.mark.parametrize("path", [*TEMPLATES, *STATIC], ids=relative)
def test_nothing_is_asked_of_another_host(path):
    text = re.sub(r"http://www\.w3\.org/(2000/svg|1999/xlink)", "", path.read_text())

    assert not re.search(r"https?://|src=[\"']//|url\([\"']?//|@import", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_compile(bare, path):
    bare.jinja_env.compile(path.read_text())


def test_style_and_script_stay_small():
    sizes = {
        name: (ROOT / "static" / name).stat().st_size
        for name in ("backoffice.css", "backoffice.js")
    }

    assert sum(sizes.values()) < 100_000, sizes


def test_error_pages_exist_for_every_answer_we_give():
    assert set(ERRORS) >= {"400", "401", "403", "404", "409", "413", "422", "429", "500", "503"}


@pytest.mark.parametrize("code", ERRORS)
def test_error_pages_need_neither_user_nor_database(bare, code):
    with bare.test_request_context("/"):
        page = BeautifulSoup(
            assets.render_bare(
                f"errors/{code}.html", reference="9f3a21c4", typed=[("name", "<b>x</b>")]
            ),
            "html.parser",
        )

    assert len(page.find_all("h1")) == 1
    assert page.h1.get_text(strip=True)
    assert page.find("main", id="main")
    # an ended session is told in words alone; its way on is to sign in
    assert (code in page.find("main").get_text()) == (code != "401")
    assert "9f3a21c4" in page.get_text()
    assert page.find("dd").get_text() == "<b>x</b>"
    assert page.find("main").find("a", href="/login" if code == "401" else "/")
    assert page.html["lang"] == "en"


def test_an_error_page_says_the_reason_where_there_is_one(bare):
    with bare.test_request_context("/"):
        page = assets.render_bare("errors/400.html", reason="This form is too old.")

    assert "This form is too old." in page


def test_the_address_of_a_file_changes_with_its_content(bare, tmp_path):
    app = Flask("other", root_path=str(tmp_path))
    (tmp_path / "static").mkdir()
    style = tmp_path / "static/a.css"
    with app.test_request_context("/"):
        style.write_text("a")
        first = assets.asset("a.css")
        style.write_text("bb")
        second = assets.asset("a.css")

    assert first != second
    assert re.fullmatch(r"/static/a\.css\?v=[0-9a-f]{10}", first)


def test_a_file_asked_for_by_its_hash_is_kept_for_a_year(bare):
    client = bare.test_client()

    def kept(address: str) -> str:
        with client.get(address) as reply:
            return reply.headers.get("Cache-Control", "")

    assert "immutable" in kept("/static/backoffice.css?v=1")
    assert "immutable" not in kept("/static/backoffice.css")
    assert "immutable" not in kept("/static/none.css?v=1")


def test_a_badge_carries_a_word_beside_its_colour(render):
    page = render(UI + '{{ ui.badge("returned") }}{{ ui.badge("x-y") }}')

    assert [span.get_text(strip=True) for span in page.find_all("span")] == ["Returned", "x-y"]
    assert page.span["class"] == ["badge", "badge-warn"]


def test_the_pager_shows_ends_neighbours_and_gaps(render):
    page = render(UI + "{{ ui.pager(9, 20, url) }}", url="?page={}".format)

    shown = [li.get_text(strip=True).removeprefix("Page") for li in page.find_all("li")]
    assert shown == ["1", "…", "8", "9", "10", "11", "12", "…", "20"]
    assert page.find(attrs={"aria-current": "page"}).get_text() == "Page 10"
    assert page.find(rel="next")["href"] == "?page=10"


def test_one_page_needs_no_pager(render):
    assert not render(UI + "{{ ui.pager(0, 1, url) }}", url=str).contents


def test_progress_without_a_plan_is_a_dash(render):
    page = render(UI + '{{ ui.progress(none) }}{{ ui.progress(104.2, "104,20") }}')

    assert page.span.get_text() == "–"
    assert page.progress["value"] == "100"


def test_bars_tell_every_rate_in_words_and_colour_those_below_the_mark(render):
    rows = [
        {"label": "A <1>", "value": 62.3, "href": "/a"},
        {"label": "B", "value": 0, "href": ""},
        {"label": "C", "value": None, "href": ""},
        {"label": "D", "value": 150, "href": ""},
    ]
    page = render(
        CHARTS + '{{ charts.bar_rates(rows, href="href", reference=70) }}',
        rows=rows,
    )

    told = [
        (li.find(class_="bar-label").get_text(), li.find(class_="bar-value").get_text())
        for li in page.find_all("li")
    ]
    written = [(name, value.replace("\xa0", " ")) for name, value in told]
    assert written == [("A <1>", "62.30 %"), ("B", "0.00 %"), ("C", "no plan"), ("D", "150.00 %")]
    assert page.find("a")["href"] == "/a"
    assert [bar["width"] for bar in page.find_all(class_="bar")] == ["62.30", "100.00"]
    assert [bar["class"] for bar in page.find_all(class_="bar")] == [["bar", "bar-low"], ["bar"]]


def test_lines_have_a_table_with_the_same_figures_and_skip_unknown_months(render):
    series = [
        {"name": "2024", "values": [None, 1_500_000_000, 2_000_000_000]},
        {"name": "2023", "values": [0, 700_000_000, None]},
    ]
    page = render(  # in English: the marks are those of the page's language
        CHARTS + '{{ charts.line_cumulative(series, ["T1", "T2", "T3"]) }}',
        series=series,
    )

    table = [
        [cell.get_text() for cell in row.find_all(["th", "td"])] for row in page.find_all("tr")
    ]
    assert table[1:] == [
        ["T1", "–", "0"],
        ["T2", "1,500,000,000", "700,000,000"],
        ["T3", "2,000,000,000", "–"],
    ]
    now = page.find(class_="line-now")["points"].split()
    assert len(now) == 2
    assert [point.split(",")[0] for point in now] == [
        "275.0",
        "502.0",
    ]  # the second and third month
    assert page.svg["aria-labelledby"] == "lines-title lines-desc"


@pytest.mark.parametrize("peak", [0, 1, 999, 5_000_000, 123_456_789_012, 10**15])
def test_the_axis_of_lines_reaches_the_highest_value(render, peak):
    page = render(
        CHARTS + '{{ charts.line_cumulative(series, ["a", "b"]) }}',
        series=[{"name": "x", "values": [0, peak]}],
    )

    highest = min(
        float(point.split(",")[1]) for point in page.find(class_="line-now")["points"].split()
    )
    assert 40 <= highest <= 266


def test_an_icon_only_decorates_unless_it_has_a_label(render):
    page = render(
        '{% from "macros/icons.html" import icon %}'
        '{{ icon("home") }}{{ icon("nothing") }}{{ icon("late", "Late") }}'
    )

    home, unknown, late = page.find_all("svg")
    assert home["aria-hidden"] == "true"
    assert unknown.path["d"]
    assert (late["role"], late["aria-label"]) == ("img", "Late")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_texts_stand_out_from_their_ground():
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    found = re.findall(
        r"--([\w-]+): (#[0-9a-f]{3,6});", (ROOT / "static/backoffice.css").read_text()
    )
    tokens = {name: "#" + "".join(c * 2 for c in v[1:]) if len(v) == 4 else v for name, v in found}
    pairs = [
        *(
            ("ink", ground)
            for ground in ("ground", "card", "tint", "calm", "warn-tint", "bad-tint")
        ),
        *((text, ground) for text in ("soft", "faint", "link") for ground in ("ground", "card")),
        *((state, f"{state}-tint") for state in ("ok", "warn", "bad", "accent")),
        *(("card", ground) for ground in ("brand", "primary", "primary-dark", "bad")),
    ]

    for text, ground in pairs:
        light, dark = sorted((luminance(tokens[text]), luminance(tokens[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_a_paper_that_lies_across_says_so_for_its_whole_page():
    """Named pages are not kept to by every browser: columns stood one over the other in Firefox."""
    across = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        is_list = 'class="model-list' in text or "explain-table" in text
        is_across = "print-landscape" in text or "tables.sheet(" in text or is_list
        if is_across and path.name != "_table.html":
            across.add(path.name)
            is_across = 'extends "reports/_page.html"' not in text
            assert ("asset('wide.css')" in text) is is_across, path
        else:
            assert "wide.css" not in text, path
    assert {"consolidated.html", "ranking.html", "late.html", "paper.html", "list.html"} <= across
    styles = [path.read_text(encoding="utf-8") for path in (ROOT / "static").glob("*.css")]
    assert not any(re.search(r"@page [a-z]|\bpage: ", text) for text in styles)


def test_a_text_that_begins_with_an_empty_line_keeps_it():
    """A browser takes the first line break behind the tag for one of the page."""
    for path in TEMPLATES:
        for found in re.finditer(r"<textarea(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>", path.read_text()):
            assert path.read_text()[found.end()] == "\n", path
