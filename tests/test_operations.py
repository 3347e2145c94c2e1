"""docs/operations.md: every command of it, in its order, on a server of our own."""

import http.client
import re
from urllib.parse import urlencode

import pytest

from tests.machine import Machine
from tests.postgres import found_here, throw_away_server
from tests.served import ROOT

PAGE = (ROOT / "docs/operations.md").read_text()
SECTIONS = {
    title: re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for title, text in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    if found_here() == "own":
        pytest.skip("a database server of somebody else gets no new roles")
    with throw_away_server() as database:
        machine = Machine(tmp_path_factory.mktemp("machine"), database)
        try:
            yield machine
        finally:
            machine.stop()


class Browser:
    """One signed-in person, by the cookie alone."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def ask(self, path, form=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.1"}
        headers["Referer"] = f"https://127.0.0.1:{self.port}/"
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        connection.request("POST" if form is not None else "GET", path, body, headers)
        reply = connection.getresponse()
        for name, value in reply.getheaders():
            if name.lower() == "set-cookie":
                key, _sep, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = reply.read().decode()
        connection.close()
        return reply.status, text

    def sign_in(self, username, password):
        _status, page = self.ask("/login")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        return self.ask("/login", {"csrf_token": token, "username": username, "password": password})


def do(machine, title):
    return "".join(machine.run(block) for block in SECTIONS[title])


def called(machine, name=None):
    """What the administrator is called in the database: a mark that comes and goes with it."""
    psql = "sudo -u postgres psql -qd huulung -tAc"
    if name:
        machine.run(f"{psql} \"UPDATE user_account SET full_name = '{name}'\"")
    return machine.run(f'{psql} "SELECT full_name FROM user_account"').strip()


PSQL = "sudo -u postgres psql -qd huulung -tAc"


def role_of(machine):
    """Whom the tables belong to."""
    asked = "SELECT tableowner FROM pg_tables WHERE tablename = 'project'"
    return machine.run(f'{PSQL} "{asked}"').strip()


def test_every_command_of_the_page_works_in_its_order(machine):
    done = []

    def section(title):
        done.append(title)
        return do(machine, title)

    said = section("Install")
    assert said.endswith("ready\n")
    assert (machine.folder / "etc/huulung/huulung.env").stat().st_mode & 0o077 == 0
    assert role_of(machine) == "huulung_owner"
    do(machine, "One role again")  # as an earlier version installed it
    assert role_of(machine) == "huulung"
    assert section("Two roles").endswith("ready\n")
    assert role_of(machine) == "huulung_owner"
    section("One role again")
    do(machine, "Two roles")
    assert role_of(machine) == "huulung_owner"
    assert "wall is down" not in (machine.folder / "var/log/huulung/app.log").read_text()
    browser = Browser(machine.port)
    words = [word.strip(".:") for word in re.findall(r"[^\s“”]{12,}", said)]
    assert any(browser.sign_in("chu", word)[0] == 302 for word in words if "/" not in word), said

    assert browser.ask("/password")[0] == 200
    key = (machine.folder / "etc/huulung/huulung.env").read_text()
    section("Rotate keys")
    assert (machine.folder / "etc/huulung/huulung.env").read_text() != key
    assert browser.ask("/password")[0] == 200  # the session outlives the key

    called(machine, "long ago")
    section("Upgrade")
    called(machine, "before")
    do(machine, "Upgrade")  # of the next year
    called(machine, "upgraded")
    section("Roll back")
    assert called(machine) == "before"
    machine.run("huulung backup --keep 7d4w12m /var/backups/huulung")  # as the timer, at night
    called(machine, "mistaken")
    section("Restore")
    assert called(machine) == "before"
    called(machine, "moved")
    done.append("Move to a new server")
    old, new = SECTIONS["Move to a new server"]
    machine.run(old)
    assert not (machine.folder / "web.pid").exists()
    machine.run("rm /etc/systemd/system/* /etc/logrotate.d/* /etc/nginx/conf.d/*")
    machine.run("rm /etc/huulung/huulung.env")  # the new one has what its first steps brought
    machine.run(new)
    assert called(machine) == "moved"

    assert "huulung_standby_up 0" in section("Pooler, standby, several servers")  # it is no standby
    section("At three in the morning")
    assert int(section("What to watch").strip()) > 20
    assert "Người đã ẩn danh" in section("A person asks for their data, or leaves")
    assert done == [title for title, blocks in SECTIONS.items() if blocks]


def test_the_page_says_all_that_an_operator_is_asked_for():
    wanted = {
        "Install", "Upgrade", "Roll back", "Restore", "Move to a new server", "Rotate keys",
        "At three in the morning",
    }  # fmt: skip
    assert wanted <= set(SECTIONS)
    assert all(SECTIONS[title] for title in wanted)
    unmarked = re.findall(r"^```(?!sh$)(\w+)$", PAGE, re.MULTILINE)
    assert not unmarked  # a block in another language would not be run
