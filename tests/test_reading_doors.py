"""One reader behind every door: the same text means the same day, moment or number everywhere."""

import ast
import html
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup

from models import (
    Actor,
    Component,
    ExpectedReport,
    Holiday,
    Period,
    ProgressEntry,
    RuleBroken,
    RuleSetting,
    Setting,
    Submission,
)
from models.base import (
    amount_readings,
    local,
    local_day,
    read_clock,
    read_day,
    read_day_and_clock,
    read_line,
    read_moment,
    read_percent,
    read_whole,
)
from models.calendar import deadline_settings
from models.duty import open_period
from models.exchange.package import cells
from models.returns import VersionPaper
from reports.frozen import lock_and_freeze
from tests.factories import (
    make_allocation,
    make_decision,
    make_entry,
    make_letter_head,
    make_project,
    make_submission,
)

NOW = datetime(2024, 4, 12, 2, tzinfo=UTC)
DAY = date(2024, 4, 9)
# at every door
SAME_DAY = [
    "09.04.2024", "9/4/2024", "09-04-2024", "2024-04-09", " ０９／０４／２０２４\u00a0",
    "ngày 09 tháng 4 năm 2024",
]  # fmt: skip
NO_DAY = [
    "31/02/2024", "09/04/0001", "09/04/1024", "9999-12-31", "0", "hôm qua",
    "ngày 31 tháng 2 năm 2024",
]  # fmt: skip
# by the reader alone
MORE_DAYS = [
    "09/04/2024", "9.4.2024", "9 / 4 / 2024", "2024/04/09", "2024-4-9", "２０２４－０４－０９",
    "\u200e09/04/2024", "Ngày 9  tháng 4, năm 2024", "9 tháng 4 năm 2024", "ngày 9/4/2024",
    "ngày mùng 9 tháng 4 năm 2024", "Mồng 9/4/2024", "mu\u0300ng 09/04/2024", "mung 9/4/2024",
    "NGÀY 09 THÁNG 04 NĂM 2024", "ngay 9 thang 4 nam 2024", "nga\u0300y 9 tha\u0301ng 4 năm 2024",
]  # fmt: skip
MORE_NO_DAYS = [
    "1/1/2ngày 025",
    "2024-02-31", "9/13/2024", "0001-04-09", "09/04/9999", "31/12/1989", "01/01/2101", "-1",
    "09/04/24", "20240409", "09/04", "2024", "09/04/2024 17:00", "٠٩/٠٤/٢٠٢٤",
]  # fmt: skip


@pytest.fixture
def database():
    """What is typed is read before any database: one is enough for so many doors."""
    return "sqlite"


@dataclass
class House:
    """A unit whose March is open and sent, and everybody who may type."""

    session: Any
    client_for: Any
    app: Any
    project: Any
    period: Any
    entry: Any

    def post(self, role: str, url: str, page: str | None = None, **fields: Any) -> Any:
        client = self.client_for(role)
        key = client.soup(page or url).select_one("input[name=form_key]")
        sent = client.post_form(url, {"form_key": key["value"] if key else ""} | fields)
        return Answer(sent.status_code, html.unescape(sent.text), sent)

    def get(self, role: str, url: str, **query: Any) -> Any:
        sent = self.client_for(role).get(url, query_string=query)
        return Answer(sent.status_code, html.unescape(sent.text), sent)

    def run(self, *arguments: Any) -> Any:
        self.session.commit()
        done = self.app.test_cli_runner().invoke(args=[str(one) for one in arguments])
        assert "Traceback" not in done.output
        return Answer(422 if done.exit_code else 200, done.output, None)

    @property
    def unit_page(self) -> str:
        return f"/admin/review/2024-03/{self.project.investor_id}"


@dataclass
class Answer:
    status: int
    text: str
    sent: Any

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    def refuses(self, typed: str) -> bool:
        """Whether the door refuses by a sentence that repeats what was typed."""
        return 400 <= self.status < 500 and f"“{' '.join(typed.split())}”" in self.text


@pytest.fixture
def house(session, client_for, app):
    with time_machine.travel(NOW, tick=True):
        make_letter_head(session)
        project = make_project(session)
        make_allocation(session, project=project)
        period = open_period(session, "2024-03", at=NOW)
        report = make_submission(
            session, period=period, investor=project.investor, status="submitted"
        )
        entry = make_entry(session, project=project, submission=report, progress_text="Đang làm")
        session.commit()
        yield House(session, client_for, app, project, period, entry)


# Every door a day comes in by: how it is posted, and what is stored then (None: nothing is).


def record_form(house, typed):
    answer = house.post(
        "admin", "/admin/holiday/new/", day=typed, kind="local_off", name="Nghỉ bão"
    )
    return answer, [row.day for row in house.session.query(Holiday).filter_by(name="Nghỉ bão")]


def list_filter(house, typed):
    if not house.session.query(Holiday).filter_by(day=DAY).count():
        days = (DAY, date(2024, 4, 8))
        house.session.add_all(
            Holiday(day=d, kind="local_off", name=f"Nghỉ riêng {d.day}") for d in days
        )
    page = house.get("admin", "/admin/holiday/", flt0_from=typed)
    if page.soup.select(".flash-bad, .flash-error"):
        page.status = 422  # a list says so and shows everything
    known = "Nghỉ riêng 9" in page.text and "Nghỉ riêng 8" not in page.text
    return page, [DAY] if known else []


def check_since(house, typed):
    answer = house.post("officer", "/admin/checks/V9", "/admin/checks/", since=typed)
    return answer, [row.since for row in house.session.query(RuleSetting)]


def exempt_until(house, typed):
    page = house.unit_page
    answer = house.post("officer", f"{page}/exempt", page, until=typed, exempt_reason="Lũ")
    return answer, [row.exempt_until for row in house.session.query(ExpectedReport)]


def extend(house, typed):
    page = house.unit_page
    house.period.deadline_at = datetime(2024, 4, 5, tzinfo=UTC)
    fields = {"extended_day": typed, "extended_time": "17h", "extension_reason": "Lũ"}
    answer = house.post("officer", f"{page}/extend", page, **fields)
    moments = [row.deadline_at for row in house.session.query(ExpectedReport)]
    return answer, [local_day(moment) for moment in moments if moment]


def received(house, typed):
    house.session.query(ProgressEntry).delete()
    house.session.query(Submission).delete()
    page = house.unit_page
    fields = {"received_via": "paper", "received_day": typed, "received_time": "16:30"}
    answer = house.post("officer", f"{page}/receipt", page, received_note="Sổ", **fields)
    moments = [row.first_submitted_at for row in house.session.query(Submission)]
    return answer, [local_day(moment) for moment in moments]


def deadline(house, typed):
    page = "/admin/review/2024-03"
    fields = {"day": typed, "time": "17:00", "deadline_reason": "Lũ"}
    answer = house.post("officer", f"{page}/deadline", page, **fields)
    return answer, [local_day(row.deadline_at) for row in house.session.query(Period)]


def paper(house, typed):
    if house.period.status != "locked":
        lock_and_freeze(house.session, house.period, at=NOW, actor=Actor(None, "Cán bộ"))
    page = "/admin/versions/2024-03"
    answer = house.post("officer", f"{page}/paper", page, version="1", number="1/BC", day=typed)
    return answer, [row.issued_on for row in house.session.query(VersionPaper)]


def reorganised(house, typed):
    decision = make_decision(house.session)
    house.session.commit()
    fields = {"kind": "close", "unit": house.project.investor_id, "decision": decision.id}
    answer = house.post("admin", "/admin/organisation/", effective_on=typed, **fields)
    return answer, None


def letter(house, typed):
    page = "/admin/letters/"
    answer = house.post("officer", f"{page}reminder.docx", page, period="2024-03", due=typed)
    return answer, None


def letter_command(house, typed):
    options = ("--period", "2024-03", "--due", typed, "--output", "-")
    return house.run("reports", "letter", *options), None


def as_of(house, typed):
    return house.get("leader", "/admin/reports/late", period="2024-03", as_of=typed), None


def as_of_file(house, typed):
    return house.get("leader", "/admin/reports/late.csv", period="2024-03", as_of=typed), None


def as_of_command(house, typed):
    return house.run("reports", "late", "--period", "2024-03", "--as-of", typed), None


def package_cell(_house, typed):
    try:
        return Answer(200, "", None), [cells.day(typed)]
    except RuleBroken as refusal:
        return Answer(422, str(refusal), None), []


DAY_DOORS = [
    record_form, list_filter, check_since, exempt_until, extend, received, deadline, paper,
    reorganised, letter, letter_command, as_of, as_of_file, as_of_command, package_cell,
]  # fmt: skip


@pytest.mark.parametrize("door", DAY_DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("typed", SAME_DAY)
def test_the_same_day_at_every_door(house, door, typed):
    answer, stored = door(house, typed)

    assert not answer.refuses(typed), answer.text
    if stored is not None:
        assert answer.status < 400, answer.text
        assert stored == [DAY]


@pytest.mark.parametrize("door", DAY_DOORS, ids=lambda door: door.__name__)
def test_what_is_no_day_is_refused_with_a_sentence_at_every_door(house, door):
    before = [local_day(house.period.deadline_at)] if door is deadline else []

    for typed in NO_DAY:
        answer, stored = door(house, typed)

        assert answer.refuses(typed), (typed, answer.status, answer.text)
        assert stored is None or [day for day in stored if day] == before


@pytest.mark.parametrize("typed", [*SAME_DAY, *MORE_DAYS])
def test_the_reader_takes_every_way_to_write_a_day(typed):
    assert read_day(typed) == DAY


@pytest.mark.parametrize("typed", SAME_DAY)
@pytest.mark.parametrize(
    ("behind", "clock"),
    [("", time()), ("T17:05", time(17, 5)), (" 17h05", time(17, 5)), (" 17:05:09", time(17, 5, 9))],
)
def test_moments_are_a_day_and_a_clock_in_vietnam(typed, behind, clock):
    moment = read_moment(f"{typed.strip()}{behind}")

    assert (moment.date(), moment.time(), str(moment.tzinfo)) == (DAY, clock, "Asia/Ho_Chi_Minh")


@pytest.mark.parametrize("typed", SAME_DAY)
@pytest.mark.parametrize("before", ["17:05 ", "17h05, ", "17 giờ 05 phút "])
def test_moments_are_read_as_pages_print_them_and_letters_say_them(typed, before):
    moment = read_moment(f"{before}{typed.strip()}")

    assert moment == datetime(2024, 4, 9, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["17:05 2024-04-09T10:00", "17:05 31/02/2024", "17 09/04/2024"])
def test_a_clock_before_a_day_stands_there_alone(typed):
    with pytest.raises(RuleBroken, match="no moment"):
        read_moment(typed)


@pytest.mark.parametrize(
    "typed", ["2024-04-09T17:05+07:00", "2024-04-09T17:05 07:00", "09/04/2024 10:05Z"]
)
def test_moments_may_name_their_offset(typed):
    assert read_moment(typed) == datetime(2024, 4, 9, 10, 5, tzinfo=UTC)
    assert cells.moment(typed) == read_moment(typed)


@pytest.mark.parametrize("typed", ["2024-04-09T17:05", "2024-04-09", "9999-12-31T00:00Z", "x"])
def test_a_package_asks_for_the_offset(typed):
    with pytest.raises(RuleBroken, match="time zone"):
        cells.moment(typed)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [("17:00", time(17)), ("17h", time(17)), ("17h30", time(17, 30)), ("17 giờ 30", time(17, 30)),
     ("17 giờ 30 phút", time(17, 30)),
     ("7", time(7)), ("１７：００", time(17)), ("23:59:59", time(23, 59, 59))],
)  # fmt: skip
def test_clocks_at_every_door(house, typed, clock):
    assert read_clock(typed) == clock
    assert read_day_and_clock("09/04/2024", typed).astimezone(UTC).hour == (clock.hour - 7) % 24
    page = house.unit_page
    fields = {"extended_day": "15/04/2024", "extended_time": typed, "extension_reason": "Lũ"}
    assert house.post("officer", f"{page}/extend", page, **fields).status == 303
    assert house.post("admin", "/admin/settings/", due_time=typed).status == 303


@pytest.mark.parametrize(
    ("typed", "last"),
    [("23:59", time(23, 59, 59)), ("23h59", time(23, 59, 59)), ("23 giờ 59", time(23, 59, 59)),
     ("23:59:00", time(23, 59)), ("23:58", time(23, 58)), ("00:00", time())],
)  # fmt: skip
def test_the_end_of_a_day_is_meant_as_pages_print_it(house, typed, last):
    """Every usual deadline is printed as 23:59, and reports are in time up to 23:59:59."""
    page = house.unit_page
    fields = {"extended_day": "15/04/2024", "extended_time": typed, "extension_reason": "Lũ"}
    assert house.post("officer", f"{page}/extend", page, **fields).status == 303
    house.session.expire_all()
    assert local(house.session.query(ExpectedReport).one().deadline_at).time() == last
    assert house.post("admin", "/admin/settings/", due_time=typed).status == 303
    assert deadline_settings(house.session).due_time == last


def test_what_is_no_clock_is_refused_at_every_door(house):
    page = house.unit_page
    for typed in ["24:00", "12:60", "5 chiều", "17:5", "-1", "T17:00"]:
        fields = {"extended_day": "15/04/2024", "extended_time": typed, "extension_reason": "Lũ"}
        assert house.post("officer", f"{page}/extend", page, **fields).refuses(typed)
        assert house.post("admin", "/admin/settings/", due_time=typed).refuses(typed)


# Numbers


def settings_day(house, typed):
    answer = house.post("admin", "/admin/settings/", due_day=typed)
    return answer, [row.value for row in house.session.query(Setting).filter_by(key="due_day")]


def settings_limits(house, typed):
    answer = house.post("admin", "/admin/settings/", rank_buckets=f"40; {typed} ;5")
    return answer, [r.value for r in house.session.query(Setting).filter_by(key="rank_buckets")]


def sort_order(house, typed):
    fields = {"code": "DA9", "name": "Dự án 9", "short_name": "DA9", "valid_from": "01/01/2021"}
    answer = house.post("admin", "/admin/component/new/", sort_order=typed, **fields)
    return answer, [r.sort_order for r in house.session.query(Component).filter_by(code="DA9")]


def package_whole(_house, typed):
    try:
        return Answer(200, "", None), [cells.whole(0, 1_000)(typed)]
    except RuleBroken as refusal:
        return Answer(422, str(refusal), None), []


NUMBER_DOORS = [settings_day, settings_limits, sort_order, package_whole]


@pytest.mark.parametrize("door", NUMBER_DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("typed", ["12", " 12 ", "１２", "\u00a012", "12,0"])
def test_the_same_number_at_every_door(house, door, typed):
    answer, stored = door(house, typed)

    assert answer.status in {200, 302, 303}, answer.text
    assert len(stored) == 1


@pytest.mark.parametrize("door", NUMBER_DOORS, ids=lambda door: door.__name__)
def test_what_is_no_whole_number_is_refused_at_every_door(house, door):
    for typed in ["-1", "1,5", "1.5", "x", "1e3", "1" * 30, "٣", "1 2"]:
        answer, stored = door(house, typed)

        assert answer.refuses(typed), (typed, answer.status, answer.text)
        assert stored == []


def test_a_year_of_days_off_has_bounds(house):
    before = house.session.query(Holiday).count()
    client = house.client_for("admin")
    for year in ["0", "1", "1024", "2019", "2051", "9999", "２０５１", "x", ""]:
        client.post_form("/admin/holiday/fill/", {"year": year})

        assert house.session.query(Holiday).count() == before
        said = client.soup("/admin/holiday/").select_one(".flash-bad, .flash-error").get_text()
        assert "từ 2020 đến 2050" in said
        assert "từ 2020 đến 2050" in house.run("holidays", "seed", "--", year).text


def sheet_percent(house, typed):
    house.session.query(Submission).update({"status": "draft"})
    page = "/admin/my-report/2024-03"
    client = house.client_for("investor", house.project.investor)
    soup = client.soup(page)
    fields = {one["name"]: one["value"] for one in soup.select("form.sheet input[type=hidden]")}
    fields.pop("csrf_token")
    name = f"p{house.project.id}-physical_progress"
    sent = client.post_form(page, fields | {name: typed, "action": "save"})
    answer = Answer(sent.status_code, html.unescape(sent.text), sent)
    return answer, [row.physical_progress for row in house.session.query(ProgressEntry)]


def record_percent(house, typed):
    house.session.query(Submission).update({"status": "draft"})
    house.session.commit()
    page = f"/admin/entry/edit/?id={house.entry.id}"
    client = house.client_for("officer")
    form = client.soup(page).select("main form [name=row_version]")[0]
    sent = client.post_form(
        page, {"row_version": form["value"], "physical_progress": typed, "progress_text": "x"}
    )
    answer = Answer(sent.status_code, html.unescape(sent.text), sent)
    return answer, [row.physical_progress for row in house.session.query(ProgressEntry)]


def package_percent(_house, typed):
    try:
        return Answer(200, "", None), [cells.progress(typed)]
    except RuleBroken as refusal:
        return Answer(422, str(refusal), None), [None]


PERCENT_DOORS = [sheet_percent, record_percent, package_percent]


@pytest.mark.parametrize("door", PERCENT_DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("typed", ["62,5", "62.5", "62,50 %", " 62,5%", "６２，５", "062,5"])
def test_the_same_percentage_at_every_door(house, door, typed):
    answer, stored = door(house, typed)

    assert answer.status in {200, 302, 303}, answer.text
    assert stored == [Decimal("62.5")]


@pytest.mark.parametrize("door", PERCENT_DOORS, ids=lambda door: door.__name__)
def test_what_is_no_percentage_is_refused_at_every_door(house, door):
    for typed in ["100,01", "-1", "62,555", "nửa", "1e1", "62,5,0", "٣"]:
        answer, stored = door(house, typed)

        assert answer.refuses(typed), (typed, answer.status, answer.text)
        assert stored == [None]


# The readers alone, and that nobody reads beside them


@pytest.mark.parametrize("typed", [*NO_DAY, *MORE_NO_DAYS])
def test_refusals_say_what_was_typed(typed):
    with pytest.raises(RuleBroken) as refused:
        read_day(typed, field="day")

    assert (refused.value.field, refused.value.values["typed"]) == ("day", typed)


def test_bounds_are_the_first_and_last_day_and_number():
    assert read_day("01/01/1990") == date(1990, 1, 1)
    assert read_day("31/12/2100") == date(2100, 12, 31)
    assert (read_whole("0", 0, 9), read_whole("9", 0, 9), read_whole("−9", -9, 0)) == (0, 9, -9)
    assert (read_percent("0"), read_percent("100")) == (0, 100)
    assert read_line("ă" * 9, 9) == "ă" * 9
    with pytest.raises(RuleBroken, match="10 characters"):
        read_line("ă" * 10, 9)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1234", 1_234), ("1.234", 1_234), ("1,234", 1_234), ("1 234", 1_234),
        ("1.234.567", 1_234_567), ("1,234,567", 1_234_567), ("1\u202f234", 1_234),
        ("１.２３４", 1_234), ("-1.234", -1_234),
        ("12,0", 12), ("1.234,00", 1_234), ("007", 7), ("2.024", 2_024),
    ],
)  # fmt: skip
def test_a_whole_number_is_written_as_amounts_are(typed, number):
    assert read_whole(typed, -2_000, 10_000_000) == number
    assert [one.dong for one in amount_readings(typed)] == [number]


@pytest.mark.parametrize(
    "typed",
    ["1.5", "1.23", "1.2345", "0.500", "1.234.56", "1,234.567,8", "12.34,5", "1..234", ".5", "5.",
     "1 2", "(5)", "5 triệu", "1e3", "--5", "", "-"],
)  # fmt: skip
def test_what_is_not_whole_is_refused(typed):
    with pytest.raises(RuleBroken, match="whole number"):
        read_whole(typed, -2_000, 10_000_000)


READING = Path("models/base/reading.py")
# The bare interpreter that opens files: it loads nothing of the application.
READ_OTHERWISE = {"models/sheets/opening/child/numbers.py"}
FILES = [
    path
    for pattern in ("admin/**/*.py", "models/**/*.py", "reports/**/*.py", "*.py")
    for path in sorted(Path().glob(pattern))
    if path != READING and str(path) not in READ_OTHERWISE
]
FORBIDDEN = {"fromisoformat", "strptime", "isdigit", "isdecimal", "isnumeric"}


def read_beside_the_reader(path):
    """Line and word of everything in a file that reads a day or a number by itself."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in FORBIDDEN:
            yield path, node.lineno, node.attr
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"int", "Decimal"}:
            read = [name for arg in node.args for name in ast.walk(arg)]
            if any(getattr(name, "id", "") == "request" for name in read):
                yield path, node.lineno, "request"
        if isinstance(node, ast.keyword) and node.arg == "type":
            value = node.value
            if isinstance(value, ast.Name) and value.id == "int":  # request.args.get(type=int)
                yield path, node.lineno, "type=int"


def test_nobody_reads_days_and_numbers_beside_the_reader():
    assert [one for path in FILES for one in read_beside_the_reader(path)] == []


@pytest.mark.parametrize("path", sorted(Path("templates").rglob("*.html")), ids=str)
def test_no_page_cuts_what_is_pasted(path):
    """`maxlength` cuts in silence; texts are counted by `data-most` and refused by the server."""
    cut = [line for line in path.read_text().splitlines() if "maxlength" in line]
    assert [line for line in cut if 'type="search"' not in line] == []
