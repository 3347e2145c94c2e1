"""Settings: one frozen object, read once from the environment, complete or not at all."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from models.base.answering import WITHIN
from models.base.connecting import patient, settings_of_database
from models.base.standby import ONLY_READS, READ
from models.people import SHORTEST_KEY, own_key, weak_key, weak_token

SETTINGS = (
    "APP_ENV",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "TRUSTED_HOSTS",
    "PROXY_HOPS",
    "SMTP_URL",
    "MAIL_FROM",
    "PUBLIC_URL",
    "LOG_FILE",
    "SLOW_QUERY_MS",
    "METRICS_TOKEN",
    "DB_CONNECT_SECONDS",
    "DB_LOCK_SECONDS",
    "DB_STATEMENT_SECONDS",
    "DATABASE_READ_URL",
    "DB_READ_LAG_SECONDS",
    "DB_POOL_SIZE",
    "DB_POOL_OVERFLOW",
    "DB_POOL_RECYCLE_SECONDS",
    "DB_SSLMODE",
    "DB_SSLROOTCERT",
    "DB_SSLCERT",
    "DB_SSLKEY",
    "CLAMD_URL",
    "REQUIRE_SECOND_STEP",
    "SECOND_STEP_KEY",
    "BACKUP_RECIPIENT",
    "BACKUP_PASSPHRASE_FILE",
    "BACKUP_IDENTITY_FILE",
)
ROLES = ("admin", "officer", "finance", "investor", "leader", "auditor")
ENVIRONMENTS = ("development", "production", "testing")
# a name, or with a dot in front all below it; not all of a country
_HOST = re.compile(r"\.?(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|(?!-)[A-Za-z0-9-]+|\[[0-9A-Fa-f:]+\]")


@dataclass(frozen=True, kw_only=True)
class Config:
    secret_key: str
    database_url: str
    # the role that serves, where these settings are those of the owner of the tables
    database_role: str = ""
    environment: str = "development"
    secret_key_fallbacks: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    smtp_url: str = ""
    mail_from: str = ""
    public_url: str = ""
    clamd_url: str = ""
    log_file: str = ""
    slow_query_ms: int = 500
    metrics_token: str = ""
    # how long a page waits for the database; commands have limits of their own
    db_connect_seconds: float = 5
    db_lock_seconds: float = 10
    db_statement_seconds: float = 30
    # a standby for lists, reports and exports, and how far behind it may be
    database_read_url: str = ""
    db_read_lag_seconds: float = 5
    # connections that each process keeps, and how many more in a rush
    db_pool_size: int = 5
    db_pool_overflow: int = 10
    db_pool_recycle_seconds: int = 1_800
    require_second_step: tuple[str, ...] = ()
    second_step_key: str = ""
    session_hours: int = 12
    idle_minutes: int = 60

    @classmethod
    def from_env(
        cls, env: Mapping[str, str] = os.environ, *, instance_path: Path = Path("instance")
    ) -> Self:
        """The settings of `env`. In production every one that is missing or wrong is named, and
        the start refused; in development a key and a database file are made in `instance_path`.
        """
        wrong: list[str] = []
        environment = env.get("APP_ENV", "development")
        if environment not in ENVIRONMENTS:
            wrong.append(f"APP_ENV must be one of {', '.join(ENVIRONMENTS)}")
        is_production = environment == "production"
        secret_key = env.get("SECRET_KEY", "")
        if is_production and not env.get("DATABASE_URL", "").strip():
            wrong.append("DATABASE_URL is missing")
        hops = env.get("PROXY_HOPS") or "0"
        if not re.fullmatch(r"[0-9]", hops):
            wrong.append("PROXY_HOPS must be a digit, the number of proxies in front")
        if is_production:
            wrong += _unsafe(env)
        smtp_url, mail_from = env.get("SMTP_URL", ""), _sender(env.get("MAIL_FROM", ""))
        if smtp_url and not _is_address_of(smtp_url, "smtp", "smtps"):
            wrong.append("SMTP_URL must be like smtp://user:password@host:587?starttls=1")
        if smtp_url and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", parseaddr(mail_from)[1]):
            wrong.append("MAIL_FROM must be the address mails come from, where SMTP_URL is set")
        public_url = env.get("PUBLIC_URL", "").rstrip("/")
        if public_url and not _is_address_of(public_url, "http", "https"):
            wrong.append("PUBLIC_URL must be like https://host")
        file = instance_path / "huulung.sqlite3"
        more = _seen_from_outside(env, wrong) | _scanner(env, wrong) | _second_step(env, wrong)
        more |= settings_of_database(env, wrong)
        more["database_url"] = more["database_url"] or f"sqlite:///{file}"
        if wrong:
            raise SystemExit("; ".join(wrong) + ". See .env.example")
        return cls(
            secret_key=secret_key or own_key(instance_path),
            secret_key_fallbacks=_listed(env.get("SECRET_KEY_FALLBACKS", "")),
            environment=environment,
            trusted_hosts=_listed(env.get("TRUSTED_HOSTS", "")),
            proxy_hops=int(hops),
            smtp_url=smtp_url,
            mail_from=mail_from,
            public_url=public_url,
            **more,
        )

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    def _for_postgres(self) -> dict[str, Any]:
        """How connections are made and kept."""
        return {
            "pool_pre_ping": True,
            "pool_timeout": self.db_lock_seconds,
            "pool_size": self.db_pool_size,
            "max_overflow": self.db_pool_overflow,
            "pool_recycle": self.db_pool_recycle_seconds,
            "connect_args": {
                # another connection may answer the next transaction (PgBouncer), which knows no
                # statement that was prepared on this one
                "prepare_threshold": None,
                WITHIN: self.db_lock_seconds,
            },
        }

    def _options(self) -> dict[str, Any]:
        is_postgres = self.database_url.startswith("postgresql")
        return {
            "hide_parameters": True,  # what was typed stays out of tracebacks, hence logs
            **(self._for_postgres() if is_postgres else {}),
        }

    def _standby(self) -> dict[str, Any]:
        """A second engine, for what only reads; where it is away, nobody waits long."""
        if not self.database_read_url:
            return {}
        options = self._options()
        options["connect_args"] |= {WITHIN: 2}
        marked = {"execution_options": {ONLY_READS: True}, **options}
        return {READ: {"url": patient(self.database_read_url, 2), **marked}}

    def for_flask(self) -> dict[str, Any]:
        """The same as Flask and its extensions name it."""
        is_postgres = self.database_url.startswith("postgresql")
        return {
            "APP_ENV": self.environment,
            "TESTING": self.environment == "testing",
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SQLALCHEMY_DATABASE_URI": patient(self.database_url, self.db_connect_seconds),
            "DATABASE_ROLE": self.database_role,
            "SQLALCHEMY_ENGINE_OPTIONS": self._options(),
            "SQLALCHEMY_BINDS": self._standby(),
            "DB_READ_LAG_SECONDS": self.db_read_lag_seconds,
            "SESSION_COOKIE_NAME": "__Host-session" if self.is_production else "session",
            "SESSION_COOKIE_SECURE": self.is_production,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=self.session_hours),
            "IDLE_MINUTES": self.idle_minutes,
            "MAX_CONTENT_LENGTH": 1_000_000,
            "MAX_FORM_MEMORY_SIZE": 1_000_000,
            "MAX_FORM_PARTS": 20_000,
            "TRUSTED_HOSTS": list(self.trusted_hosts) or None,
            "SMTP_URL": self.smtp_url,
            "MAIL_FROM": self.mail_from,
            "PUBLIC_URL": self.public_url,
            "CLAMD_URL": self.clamd_url,
            "PROXY_HOPS": self.proxy_hops,
            "LOG_FILE": self.log_file,
            "SLOW_QUERY_MS": self.slow_query_ms,
            # on SQLite all who write wait in one queue
            "DB_LOCK_SECONDS": self.db_lock_seconds * (1 if is_postgres else 2),
            "DB_STATEMENT_SECONDS": self.db_statement_seconds,
            "METRICS_TOKEN": self.metrics_token,
            "REQUIRE_SECOND_STEP": self.require_second_step,
            "SECOND_STEP_KEYS": [
                *filter(None, (self.second_step_key, self.secret_key)),
                *self.secret_key_fallbacks,
            ],
            "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": "vi",
            "BABEL_DEFAULT_TIMEZONE": "Asia/Ho_Chi_Minh",
            "COMPRESS_MIN_SIZE": 500,
        }


def _unsafe(env: Mapping[str, str]) -> list[str]:
    """What production refuses: keys that can be guessed, any host name, a proxy not thought of."""
    wrong = []
    how = 'make one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
    if why := weak_key(env.get("SECRET_KEY", "")):
        wrong.append(f"SECRET_KEY {why}; {how}")
    for key in _listed(env.get("SECRET_KEY_FALLBACKS", "")):
        if why := weak_key(key):
            wrong.append(f"SECRET_KEY_FALLBACKS: a key {why}; leave it out")
    sealing = env.get("SECOND_STEP_KEY", "")
    if len(sealing) >= SHORTEST_KEY and (why := weak_key(sealing)):
        wrong.append(f"SECOND_STEP_KEY {why}; {how}, and have telephones set up anew")
    token = env.get("METRICS_TOKEN", "")
    if token and weak_token(token):
        wrong.append(f"METRICS_TOKEN is soon guessed; {how}")
    hosts = _listed(env.get("TRUSTED_HOSTS", ""))
    if not hosts:
        wrong.append("TRUSTED_HOSTS must name the host names of this site, such as host.example.vn")
    wrong += [
        f"TRUSTED_HOSTS: “{host}” is no host name; write it as in host.example.vn"
        for host in hosts
        if not _HOST.fullmatch(host)
    ]
    if not env.get("PROXY_HOPS"):
        wrong.append(
            "PROXY_HOPS must be set: 1 behind one proxy such as nginx, 0 when browsers connect "
            "to this server themselves"
        )
    return wrong


def _seen_from_outside(env: Mapping[str, str], wrong: list[str]) -> dict[str, Any]:
    """The settings of log and metrics; what is wrong with them goes on the list."""
    slow = env.get("SLOW_QUERY_MS") or "500"
    if not re.fullmatch(r"[0-9]{1,6}", slow):
        wrong.append("SLOW_QUERY_MS must be a number of milliseconds; 0: none is named")
        slow = "0"
    token = env.get("METRICS_TOKEN", "")
    if token and not re.fullmatch(r"[!-~]{16,}", token):
        wrong.append("METRICS_TOKEN needs at least 16 plain characters; empty: no /metrics")
    return {
        "log_file": env.get("LOG_FILE", ""),
        "slow_query_ms": int(slow),
        "metrics_token": token,
    }


def _second_step(env: Mapping[str, str], wrong: list[str]) -> dict[str, Any]:
    """Who must have a second step, and the key of its secrets; what is wrong goes on the list."""
    asked = env.get("REQUIRE_SECOND_STEP", "").strip()
    roles = () if asked == "none" else _listed(asked)
    if not set(roles) <= set(ROLES):
        wrong.append(f"REQUIRE_SECOND_STEP must be none, or some of {','.join(ROLES)}")
    key = env.get("SECOND_STEP_KEY", "")
    if key and len(key) < SHORTEST_KEY:
        wrong.append(f"SECOND_STEP_KEY needs at least {SHORTEST_KEY} characters, or none")
    return {"require_second_step": roles, "second_step_key": key}


def _is_address_of(url: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def _sender(text: str) -> str:
    """`name <address>` with its name in quotation marks: signs such as a comma end it otherwise."""
    found = re.fullmatch(r'\s*"?([^"<>]+?)"?\s*(<[^<>]+>)\s*', text)
    return f'"{found[1]}" {found[2]}' if found else text


def _scanner(env: Mapping[str, str], wrong: list[str]) -> dict[str, Any]:
    """The virus scanner, by the path of its socket or its host and port; empty: none."""
    url = env.get("CLAMD_URL", "").strip()
    parts = urlsplit(url)
    is_path = parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1
    if url and not is_path and not _is_address_of(url, "tcp"):
        wrong.append("CLAMD_URL must be like unix:///run/clamav/clamd.ctl or tcp://host:3310")
    return {"clamd_url": url}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
