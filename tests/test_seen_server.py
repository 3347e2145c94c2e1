"""The server as production runs it: log, counts of all workers, and a stop that breaks nothing."""

import signal
import threading

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.served import TOKEN, served, wait_until


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("served"), PROXY_HOPS="1") as running:
        yield running


def test_all_of_the_log_is_json_one_line_for_each_request(server):
    number = "0123456789abcdef0123456789abcdef"
    status, _page = server.get("/nowhere?search=Nguyen", **{"X-Request-ID": number})
    assert status == 404

    def told():
        return [line for line in server.lines() if line.get("request") == number]

    [line] = wait_until(told, "the line of the request")
    assert line["message"] == "GET /nowhere"
    assert line["logger"] == "request"
    assert "Nguyen" not in server.log.read_text()
    assert {line["logger"] for line in server.lines()} >= {"request", "gunicorn.error"}
    assert server.log.stat().st_mode & 0o077 == 0


def test_any_worker_tells_what_all_have_counted(server):
    for _ in range(20):
        server.get("/login")

    def counted():
        _status, text = server.get("/metrics", Authorization=f"Bearer {TOKEN}")
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                if sample.name == "huulung_requests_total" and (
                    sample.labels["action"] == "auth.login"
                ):
                    return sample.value
        return 0

    wait_until(lambda: counted() == 20, "the last request is counted")
    assert [counted() for _ in range(8)] == [20] * 8  # whichever of the workers answers


def test_a_stop_lets_requests_in_flight_finish(tmp_path):
    found = {}
    with served(tmp_path, "tests.slow_app:application", WEB_CONCURRENCY="1") as server:
        asking = threading.Thread(target=lambda: found.update(slow=server.get("/slow")))
        asking.start()
        wait_until((tmp_path / "begun").exists, "the slow request has begun")
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in server.log.read_text(), "the stop has begun")
        assert server.process.poll() is None
        (tmp_path / "go-on").touch()
        asking.join()
    assert found["slow"] == (200, "whole")
    assert server.process.returncode == 0
    assert not list(tmp_path.glob("huulung-metrics-*"))
