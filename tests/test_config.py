"""Settings: complete or not at all."""

import re
from pathlib import Path

import pytest

from config import SETTINGS, Config

ROOT = Path(__file__).parent.parent
KEY = "k" * 32


def production(**given):
    env = {"APP_ENV": "production", "SECRET_KEY": KEY, "DATABASE_URL": "postgres://h/d"}
    return {name: value for name, value in (env | given).items() if value is not None}


def test_production_starts_with_a_key_and_a_database(tmp_path):
    config = Config.from_env(production(), instance_path=tmp_path)
    assert config.database_url == "postgresql+psycopg://h/d"
    flask = config.for_flask()
    assert flask["SESSION_COOKIE_SECURE"]
    assert flask["SESSION_COOKIE_NAME"].startswith("__Host-")


@pytest.mark.parametrize("key", [None, "", "k" * 31])
def test_production_refuses_a_missing_or_short_key(tmp_path, key):
    with pytest.raises(SystemExit, match="SECRET_KEY"):
        Config.from_env(production(SECRET_KEY=key), instance_path=tmp_path)
    assert not (tmp_path / "secret_key").exists()


def test_everything_wrong_is_named_at_once(tmp_path):
    with pytest.raises(SystemExit) as refused:
        Config.from_env({"APP_ENV": "production", "PROXY_HOPS": "x"}, instance_path=tmp_path)
    text = str(refused.value)
    assert all(name in text for name in ("SECRET_KEY", "DATABASE_URL", "PROXY_HOPS"))


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
        ("PUBLIC_URL", "baocao.example"),
        ("PUBLIC_URL", "javascript:alert(1)"),
    ],
)
def test_a_wrong_address_of_mail_is_refused(tmp_path, name, value):
    env = {"SMTP_URL": "smtp://h", "MAIL_FROM": "a@b.example"} | {name: value}
    with pytest.raises(SystemExit, match=name):
        Config.from_env(env, instance_path=tmp_path)


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
