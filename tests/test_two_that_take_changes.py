"""An address of two servers, both real: `flask check` says of each what it is, and where both take
changes, as an old primary does that was started beside the one that took its place; in the place of
the standby, too, where the other address leads to one server or to a pooler.
"""

import subprocess
import sys

from tests.pair import pair
from tests.served import ROOT, settings


def test_check_names_the_servers_of_an_address_and_fails_where_two_take_changes(tmp_path):
    with pair() as both:
        env = settings(tmp_path, DATABASE_URL=both.url, DB_CONNECT_SECONDS="2")

        def flask(*arguments, **more):
            run = [sys.executable, "-m", "flask", "--app", "app", *arguments]
            done = subprocess.run(
                run, env=env | more, cwd=ROOT, text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            return done.returncode, done.stdout

        first, second = (f"127.0.0.1:{one.port}: " for one in (both.primary, both.standby))
        assert flask("db", "upgrade")[0] == 0
        assert flask("users", "add", "chu", "--full-name", "Chủ", "--role", "admin")[0] == 0
        status, told = flask("check")
        assert status == 0, told
        assert first + "nhận thay đổi; dòng thời gian 1, nhật ký có 2 " in told
        assert second + "máy dự phòng, không nhận thay đổi; dòng thời gian 1, " in told

        both.standby.promote()
        both.primary.stop()
        status, told = flask("check")
        assert status == 0, told
        assert first + "không trả lời" in told
        assert second + "nhận thay đổi; dòng thời gian 2, " in told

        one, other = both.primary.url, both.standby.url
        status, told = flask("check", DATABASE_URL=other, DATABASE_READ_URL=other)
        assert status == 0, told  # promoted, and so the primary itself

        both.primary.settings["synchronous_standby_names"] = ""
        both.primary.start()
        status, told = flask("check")
        assert status == 1, told
        assert first + "nhận thay đổi; dòng thời gian 1, " in told
        assert second + "nhận thay đổi; dòng thời gian 2, " in told
        assert "Nhiều máy chủ trong cùng một địa chỉ đều nhận thay đổi" in told
        assert "Traceback" not in told

        status, told = flask("check", DATABASE_URL=other, DATABASE_READ_URL=one)
        assert status == 1, told
        assert "máy này cũng nhận thay đổi, bên cạnh máy chính" in told
