"""The site file of nginx, tried with a real nginx in front of the real server."""

import http.client
import json
import socket
import ssl
import time

import pytest

from tests.nginx import in_front_of
from tests.served import TOKEN, served, wait_until

FAR = 20  # seconds: the attack lasts longer than this, a page must not


def trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Site:
    def __init__(self, server, folder, ports):
        self.server, self.folder = server, folder
        self.https, self.http = ports

    def ask(self, path, method="GET", body=None, **headers):
        connection = http.client.HTTPSConnection(
            "localhost", self.https, timeout=FAR, context=trusting()
        )
        try:
            connection.request(method, path, body=body, headers=headers)
            reply = connection.getresponse()
            return reply.status, reply.getheaders(), reply.read().decode()
        finally:
            connection.close()

    def half_a_body(self, path="/login"):
        """A connection whose body never ends."""
        raw = socket.create_connection(("localhost", self.https), timeout=FAR)
        secure = trusting().wrap_socket(raw, server_hostname="localhost")
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        secure.sendall(
            f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nusername=".encode()
        )
        return secure


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    with (
        served(folder, PROXY_HOPS="1") as server,
        in_front_of(server.port, folder) as ports,
    ):
        found = Site(server, folder, ports)

        def up():
            try:
                return found.ask("/healthz")[0] == 200
            except OSError:
                return False

        wait_until(up, "nginx answers")
        yield found


def test_twelve_half_sent_bodies_hold_nobody_up(site):
    """Two workers have eight threads: twelve bodies that never end would hold them all."""
    held = [site.half_a_body() for _ in range(12)]
    began = time.monotonic()
    try:
        assert [site.ask("/login")[0] for _ in range(4)] == [200] * 4
        assert time.monotonic() - began < 10
    finally:
        for one in held:
            one.close()


def test_a_body_that_stops_is_cut_off_in_the_file(site):
    text = (site.folder / "site.conf").read_text()
    for name in ("client_body_timeout", "client_header_timeout"):
        assert f"{name} 15s;" in text


def test_tls_is_asked_of_everybody_for_a_year(site):
    _status, headers, _page = site.ask("/login")
    told = [value for name, value in headers if name.lower() == "strict-transport-security"]
    assert told == ["max-age=31536000"]
    assert dict(headers)["Server"] == "nginx"  # no version
    for host in ("localhost", "elsewhere.example"):  # it leads to the site's own name
        plain = http.client.HTTPConnection("localhost", site.http, timeout=FAR)
        plain.request("GET", "/login?search=Nguyen-Van-Binh", headers={"Host": host})
        reply = plain.getresponse()
        there = "https://localhost/login?search=Nguyen-Van-Binh"
        assert (reply.status, reply.getheader("Location")) == (301, there)
        assert reply.getheader("Server") == "nginx"
        plain.close()
    logs = "".join(one.read_text() for one in site.folder.glob("*.log"))
    assert "/login" in logs
    assert "Nguyen-Van-Binh" not in logs


def test_old_protocols_are_refused(site):
    old = trusting()
    old.minimum_version = ssl.TLSVersion.TLSv1_2
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    old.set_ciphers("AES128-SHA@SECLEVEL=0")  # no forward secrecy
    raw = socket.create_connection(("localhost", site.https), timeout=FAR)
    with raw, pytest.raises(ssl.SSLError):
        old.wrap_socket(raw, server_hostname="localhost")


def test_one_number_stands_in_both_logs_and_no_search_in_either(site):
    _status, headers, _page = site.ask("/nowhere?search=Nguyen-Van-An")
    number = dict(headers)["X-Request-ID"]
    assert len(number) == 32
    mine = wait_until(
        lambda: [one for one in site.server.lines() if one.get("request") == number], "our line"
    )
    log = site.folder / "huulung.log"
    theirs = wait_until(
        lambda: [
            one for one in map(json.loads, log.read_text().splitlines()) if one["request"] == number
        ],
        "the line of nginx",
    )
    assert (mine[0]["status"], theirs[0]["status"], theirs[0]["path"]) == (404, 404, "/nowhere")
    assert "Nguyen" not in log.read_text() + site.server.log.read_text()
    refused = "/admin/project/?search=Nguyen-Van-An"
    assert (
        site.ask(refused, "POST", b"x" * 2_000_000, Referer=f"https://localhost{refused}")[0] == 413
    )
    wait_until(lambda: '"status":413' in log.read_text(), "the refusal in the log")
    for one in site.folder.glob("*.log"):  # nor in that of what goes wrong
        assert "Nguyen" not in one.read_text(), one.name


def test_while_the_program_is_away_its_users_read_why(site):
    site.server.process.terminate()
    site.server.process.wait(FAR)
    try:
        status, headers, page = site.ask("/admin/")
    finally:
        site.server.start()
    known = dict(headers)
    assert (status, known["Retry-After"]) == (502, "60")
    assert known["Content-Type"] == "text/html; charset=utf-8"
    assert "max-age" in known["Strict-Transport-Security"]
    assert "Hệ thống đang tạm ngừng" in page
    wait_until(site.server.answers, "it is back")
    assert site.ask("/healthz")[0] == 200


def test_files_pass_where_they_are_taken_in_and_nowhere_else(site):
    big = b"x" * 2_000_000
    assert site.ask("/login", "POST", big)[0] == 413
    assert site.ask("/admin/imports/new", "POST", big)[0] != 413
    assert site.ask("/admin/imports/new", "POST", b"x" * 12_000_000)[0] == 413
    assert site.ask("/admin/letters/template", "POST", big)[0] != 413
    assert site.ask("/admin/letters/template", "POST", b"x" * 4_000_000)[0] == 413


def test_metrics_are_for_this_machine_with_the_token(site):
    assert site.ask("/metrics", Authorization=f"Bearer {TOKEN}")[0] == 200
    assert site.ask("/metrics")[0] == 401
    text = (site.folder / "site.conf").read_text()
    assert "deny all;" in text[text.index("location = /metrics") :]
