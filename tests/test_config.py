"""Settings: complete or not at all."""

import os
import re
import secrets
from email.utils import parseaddr
from pathlib import Path

import pytest

from config import SETTINGS, Config
from models.people import weak_key

ROOT = Path(__file__).parent.parent
KEY = "mV8rQz2Lw6Tn0Xc4Hy9Kb3Jd7Pf1Gs5U"


def production(**given):
    env = {"APP_ENV": "production", "SECRET_KEY": KEY, "DATABASE_URL": "postgres://h/d"}
    env |= {"TRUSTED_HOSTS": "baocao.example.vn", "PROXY_HOPS": "1"}
    return {name: value for name, value in (env | given).items() if value is not None}


def test_production_starts_with_a_key_and_a_database(tmp_path):
    config = Config.from_env(production(), instance_path=tmp_path)
    assert config.database_url == "postgresql+psycopg://h/d"
    flask = config.for_flask()
    assert flask["SESSION_COOKIE_SECURE"]
    assert flask["SESSION_COOKIE_NAME"].startswith("__Host-")


WEAK_KEYS = [
    "k" * 40,
    "Zq3-" * 12,
    "change-me-" + "4f9a" * 8,
    "thay-doi-khoa-nay-huulung-2024-langson",
    "only for this test, not used anywhere else",
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "django-insecure-key-for-development-only",
    "my-super-secret-key-of-the-server-2024",
    "12345678901234567890123456789012",
    "nguyenvanhung1985nguyenvanhung1985",
]


@pytest.mark.parametrize("key", [None, "", KEY[:31], *WEAK_KEYS])
def test_production_refuses_a_missing_short_or_weak_key(tmp_path, key):
    with pytest.raises(SystemExit, match=r"SECRET_KEY .*token_urlsafe"):
        Config.from_env(production(SECRET_KEY=key), instance_path=tmp_path)
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize("key", WEAK_KEYS[:2])
def test_production_refuses_a_weak_key_of_before_as_well(tmp_path, key):
    with pytest.raises(SystemExit, match="SECRET_KEY_FALLBACKS"):
        Config.from_env(production(SECRET_KEY_FALLBACKS=f"{KEY}x,{key}"), instance_path=tmp_path)


@pytest.mark.parametrize("key", WEAK_KEYS)
def test_production_refuses_a_weak_key_of_the_second_step(tmp_path, key):
    with pytest.raises(SystemExit, match=r"SECOND_STEP_KEY .*token_urlsafe"):
        Config.from_env(production(SECOND_STEP_KEY=key), instance_path=tmp_path)


@pytest.mark.parametrize("token", ["1234567890123456", "a" * 20, "change-me-change-me"])
def test_production_refuses_a_token_that_is_soon_guessed(tmp_path, token):
    with pytest.raises(SystemExit, match=r"METRICS_TOKEN .*token_urlsafe"):
        Config.from_env(production(METRICS_TOKEN=token), instance_path=tmp_path)
    made = production(METRICS_TOKEN=secrets.token_urlsafe(12), SECOND_STEP_KEY=KEY[::-1])
    assert Config.from_env(made, instance_path=tmp_path).metrics_token


def test_keys_that_a_machine_makes_are_strong():
    for _n in range(50):
        made = (secrets.token_urlsafe(48), secrets.token_hex(32), secrets.token_urlsafe(24))
        assert [weak_key(key) for key in made] == ["", "", ""], made


@pytest.mark.parametrize(
    "hosts", [None, "", " , ", "*", ".", ".vn", "https://host.example.vn", "a.vn/b", "-a.vn", "a b"]
)
def test_production_refuses_to_answer_to_any_name(tmp_path, hosts):
    with pytest.raises(SystemExit, match="TRUSTED_HOSTS"):
        Config.from_env(production(TRUSTED_HOSTS=hosts), instance_path=tmp_path)


@pytest.mark.parametrize(
    "hosts", ["baocao.example.vn", ".example.vn", "localhost,127.0.0.1", "a.b.vn, c.vn", "[::1]"]
)
def test_names_of_hosts_are_taken(tmp_path, hosts):
    assert Config.from_env(production(TRUSTED_HOSTS=hosts), instance_path=tmp_path).trusted_hosts


@pytest.mark.parametrize("hops", [None, ""])
def test_production_asks_whether_a_proxy_stands_in_front(tmp_path, hops):
    with pytest.raises(SystemExit, match="PROXY_HOPS"):
        Config.from_env(production(PROXY_HOPS=hops), instance_path=tmp_path)


@pytest.mark.parametrize("mode", [0o777, 0o755])
def test_key_and_folder_of_a_trial_are_private_whatever_the_umask(tmp_path, mode):
    folder = tmp_path / "instance"
    before = os.umask(0)
    try:
        folder.mkdir(mode=mode)
        first = Config.from_env({}, instance_path=folder)
        (folder / "secret_key").chmod(0o644)  # as an earlier version may have left it
        assert Config.from_env({}, instance_path=folder).secret_key == first.secret_key
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_everything_wrong_is_named_at_once(tmp_path):
    with pytest.raises(SystemExit) as refused:
        Config.from_env({"APP_ENV": "production", "PROXY_HOPS": "x"}, instance_path=tmp_path)
    text = str(refused.value)
    named = ("SECRET_KEY", "DATABASE_URL", "PROXY_HOPS", "TRUSTED_HOSTS")
    assert all(name in text for name in named)


def test_a_trial_run_makes_its_own_key_once(tmp_path):
    first = Config.from_env({}, instance_path=tmp_path)
    assert len(first.secret_key) >= 32
    assert Config.from_env({}, instance_path=tmp_path).secret_key == first.secret_key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert first.database_url.startswith("sqlite:///")


def test_unknown_environment_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="APP_ENV"):
        Config.from_env({"APP_ENV": "prod"}, instance_path=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://h:port"),
        ("MAIL_FROM", ""),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "phòng@b.example"),
        ("MAIL_FROM", "Phòng <a@phòng.example>"),
        ("MAIL_FROM", "Phòng <a@b.example>, Xã <c@b.example>"),
        ("PUBLIC_URL", "baocao.example"),
        ("PUBLIC_URL", "javascript:alert(1)"),
    ],
)
def test_a_wrong_address_of_mail_is_refused(tmp_path, name, value):
    env = {"SMTP_URL": "smtp://h", "MAIL_FROM": "a@b.example"} | {name: value}
    with pytest.raises(SystemExit, match=name):
        Config.from_env(env, instance_path=tmp_path)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("a@b.example", ""),
        ("<a@b.example>", ""),
        ("Hữu Lũng <a@b.example>", "Hữu Lũng"),
        ("Phòng Lao động, Xã hội: Dân tộc <a@b.example>", "Phòng Lao động, Xã hội: Dân tộc"),
        ('"Phòng Lao động, Xã hội" <a@b.example>', "Phòng Lao động, Xã hội"),
    ],
)
def test_a_sender_is_known_by_its_name_whatever_signs_it_has(tmp_path, typed, name):
    env = {"SMTP_URL": "smtp://h", "MAIL_FROM": typed}
    flask = Config.from_env(env, instance_path=tmp_path).for_flask()
    assert parseaddr(flask["MAIL_FROM"]) == (name, "a@b.example")


def test_mail_is_optional_and_complete_when_given(tmp_path):
    assert Config.from_env({}, instance_path=tmp_path).for_flask()["SMTP_URL"] == ""
    env = {
        "SMTP_URL": "smtp://user:p%40ss@host:587?starttls=1",
        "MAIL_FROM": "Hữu Lũng <a@b.example>",
        "PUBLIC_URL": "https://baocao.example/",
    }
    flask = Config.from_env(env, instance_path=tmp_path).for_flask()
    assert flask["SMTP_URL"] == env["SMTP_URL"]
    assert flask["PUBLIC_URL"] == "https://baocao.example"


def test_the_example_names_every_setting():
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE)) == SETTINGS
