"""How the database is reached: the settings of its addresses, TLS, connections and patience.

An address may name several servers, as PostgreSQL's own programs take it
(`postgresql://role@host1:5432,host2:5432/name?target_session_attrs=read-write`). It is brought into
the one form that the driver and those programs understand both, here and nowhere else.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode

from psycopg.pq import Conninfo

LONGEST_WAIT = 300  # seconds; whoever sits before a page has left by then
MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PORTS = range(1, 65_536)
_CHECKED = ("verify-ca", "verify-full")
_ATTRS = ("any", "read-write", "read-only", "primary", "standby", "prefer-standby")
_WRITES = ("read-write", "primary")
_READS = ("any", "read-only", "standby", "prefer-standby")
_SQLITE = re.compile(r"sqlite(?:\+pysqlite)?://(?:/.*)?")
_POSTGRES = re.compile(
    r"postgres(?:ql)?(?:\+psycopg)?://(?P<net>[^/?#]*)(?P<path>[^?#]*)\??(?P<query>.*)"
)
_PLACE = re.compile(r"(?P<host>/[^:]*|\[[0-9A-Fa-f:.]+\]|[^\s:\[\]@/]+)?(?::(?P<port>[0-9]*))?")
_PORT = ":0123456789"
# what an address may say beside role, servers and name: the words of libpq
_WORDS = frozenset(one.keyword.decode() for one in Conninfo.get_defaults())
# in seconds, tries and milliseconds
_VANISHED = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# name, smallest, largest, what the number is
_NUMBERS = (
    ("DB_CONNECT_SECONDS", 1, LONGEST_WAIT, "seconds"),
    ("DB_LOCK_SECONDS", 1, LONGEST_WAIT, "seconds"),
    ("DB_STATEMENT_SECONDS", 1, LONGEST_WAIT, "seconds"),
    ("DB_READ_LAG_SECONDS", 1, LONGEST_WAIT, "seconds"),
    ("DB_POOL_SIZE", 1, 200, "connections"),
    ("DB_POOL_OVERFLOW", 0, 200, "connections"),
    ("DB_POOL_RECYCLE_SECONDS", 10, 86_400, "seconds"),
)


def settings_of_database(env: Mapping[str, str], wrong: list[str]) -> dict[str, Any]:
    """The settings by the names of `Config`; what is wrong with them goes on the list, in words."""
    urls = {
        name: env.get(name, "").strip()
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_READ_URL")
    }
    tls = _tls(env, wrong)
    found: dict[str, Any] = {
        "database_role": _role(urls, wrong),
        "database_url": "DATABASE_OWNER_URL" if urls["DATABASE_OWNER_URL"] else "DATABASE_URL",
        "database_read_url": "DATABASE_READ_URL",
    }
    for name in ("database_url", "database_read_url"):
        which = found[name]
        found[name] = _address(which, urls[which], tls, wrong)
    _check_reading(urls, wrong)
    if tls and not _POSTGRES.fullmatch(urls["DATABASE_URL"]):
        wrong.append("DB_SSLMODE and its files are for a DATABASE_URL of PostgreSQL")
    for name, least, most, what in _NUMBERS:
        if not (text := env.get(name, "").strip()):
            continue
        if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
            wrong.append(f"{name} must be a number of {what}, from {least} to {most}")
            continue
        found[name.lower()] = int(text)
    return found


def patient(url: str, seconds: float) -> str:
    """The address with the words by which the driver and PostgreSQL's programs give up a server
    that is not there, or that vanished; what it says of these itself stands.
    """
    if not _POSTGRES.fullmatch(url):
        return url
    said = _said(url.partition("?")[2])
    words = {"connect_timeout": max(2, round(seconds))} | _VANISHED  # libpq knows no less than 2
    added = urlencode({word: value for word, value in words.items() if word not in said})
    return f"{url}{'&' if said else '?'}{added}"


def _role(urls: Mapping[str, str], wrong: list[str]) -> str:
    """The role of DATABASE_URL, where the owner of the tables is named beside it."""
    if not (owner := urls["DATABASE_OWNER_URL"]):
        return ""
    served, owned = _user(urls["DATABASE_URL"]), _user(owner)
    if not served or not owned:
        wrong.append("DATABASE_OWNER_URL and DATABASE_URL must each name a role of PostgreSQL")
    elif served == owned:
        wrong.append("DATABASE_OWNER_URL must name another role than DATABASE_URL")
    return served


def _user(url: str) -> str:
    """The role that an address of PostgreSQL names; empty where there is none."""
    parts = _POSTGRES.fullmatch(url)
    if parts is None:
        return ""
    info, _at, _hosts = parts["net"].rpartition("@")
    return _said(parts["query"]).get("user") or unquote(info.partition(":")[0])


def _said(query: str) -> dict[str, str]:
    """What stands behind the question mark: servers that are named one by one as one list, of
    anything else the last.
    """
    given = parse_qs(query, keep_blank_values=True)
    return {
        key: (",".join(values) if key in ("host", "port") else values[-1])
        for key, values in given.items()
    }


def _check_reading(urls: Mapping[str, str], wrong: list[str]) -> None:
    reading = urls["DATABASE_READ_URL"]
    if not reading:
        return
    if not _POSTGRES.fullmatch(urls["DATABASE_URL"]):
        wrong.append(
            "DATABASE_READ_URL needs a standby of PostgreSQL, and DATABASE_URL names none: leave "
            "it empty with SQLite"
        )
    elif not _POSTGRES.fullmatch(reading):
        wrong.append("DATABASE_READ_URL must be an address of PostgreSQL, as DATABASE_URL is")
    elif _user(reading) != _user(urls["DATABASE_URL"]):
        wrong.append("DATABASE_READ_URL must name the role of DATABASE_URL, and no other")


def _tls(env: Mapping[str, str], wrong: list[str]) -> dict[str, str]:
    """What every address gets that says nothing of it itself, by libpq's names."""
    found = {
        name.lower(): value
        for name in ("SSLMODE", "SSLROOTCERT", "SSLCERT", "SSLKEY")
        if (value := env.get(f"DB_{name}", "").strip())
    }
    mode = found.get("sslmode", "")
    if mode and mode not in MODES:
        wrong.append(f"DB_SSLMODE must be one of {', '.join(MODES)}")
    if found.keys() - {"sslmode"} and mode in ("", "disable", "allow", "prefer"):
        wrong.append("DB_SSLMODE must be require, verify-ca or verify-full where a file is named")
    if mode in _CHECKED and "sslrootcert" not in found:
        wrong.append(f"DB_SSLROOTCERT must name the file of the authority, for DB_SSLMODE={mode}")
    if ("sslcert" in found) != ("sslkey" in found):
        wrong.append("DB_SSLCERT and DB_SSLKEY go together")
    for name in ("sslrootcert", "sslcert", "sslkey"):
        if name in found and not _is_readable(found[name]):
            wrong.append(f"DB_{name.upper()} names no file that can be read: {found[name]}")
    return found


def _is_readable(file: str) -> bool:
    try:
        with Path(file).open("rb"):
            return True
    except OSError:
        return False


def _address(name: str, url: str, tls: Mapping[str, str], wrong: list[str]) -> str:
    """`url` as the driver and PostgreSQL's programs both take it; one of SQLite as it is."""
    if not url or _SQLITE.fullmatch(url):
        return url
    parts = _POSTGRES.fullmatch(url)
    if parts is None:
        wrong.append(f"{name} must be like postgresql://role:password@host:5432/name")
        return ""
    info, _at, net = parts["net"].rpartition("@")
    asked = _said(parts["query"])
    servers = _servers(net, asked)
    if servers is None or "@" in info + parts["path"] + parts["query"]:
        wrong.append(  # without what was typed: half a password may be in it
            f"{name}: its servers must be host or host:port, several of them with commas between; "
            "in a password / ? # @ : are written %2F %3F %23 %40 %3A"
        )
        return ""
    hosts, ports = servers
    is_named = bool(net.strip(_PORT))
    if (is_named and "host" in asked) or (":" in net and "port" in asked):
        wrong.append(f"{name} must name its servers in one place: before the name, or as host=")
    elif len(ports) != len(hosts):
        wrong.append(f"{name}: there must be one port for all of its servers, or one for each")
    if not all(re.fullmatch("[0-9]{0,5}", port) and int(port or 1) in _PORTS for port in ports):
        wrong.append(f"{name}: a port is a number from 1 to 65535")
    if len(hosts) > 1 or hosts[0].startswith("/") or "host" in asked:
        asked["host"], net = ",".join(hosts), ""
        if len(hosts) > 1 or ports[0]:
            asked["port"] = ",".join(port or "5432" for port in ports)
    _check_words(name, asked, wrong)
    _check_attrs(name, asked, wrong)
    return _in_one_form(info, net.rstrip(":"), parts["path"], {**tls, **asked})


def _servers(net: str, asked: Mapping[str, str]) -> tuple[list[str], list[str]] | None:
    """Hosts and their ports, from before the name and from `host=` and `port=`; None where they
    cannot be read.
    """
    named = unquote(net).split(",")
    if not net.strip(_PORT):  # an IPv6 address stands in no brackets there
        given = asked.get("host", "").split(",")
        named = [f"[{one}]" if one.count(":") > 1 and "[" not in one else one for one in given]
        named[-1] += net
    places = [_PLACE.fullmatch(place) for place in named]
    if not all(places) or (len(places) > 1 and not all(one["host"] for one in places if one)):
        return None
    hosts = [(one["host"] or "").strip("[]") for one in places if one]
    ports = [one["port"] or "" for one in places if one]
    if "port" in asked and not any(ports):
        ports = asked["port"].split(",")
        ports *= len(hosts) if len(ports) == 1 else 1
    return hosts, ports


def _check_words(name: str, asked: Mapping[str, str], wrong: list[str]) -> None:
    wrong += [f"{name}: PostgreSQL knows no {word}=" for word in sorted(asked.keys() - _WORDS)]
    if (mode := asked.get("sslmode")) is not None and mode not in MODES:
        wrong.append(f"{name}: sslmode must be one of {', '.join(MODES)}")
    if not re.fullmatch("[0-9]*", asked.get("connect_timeout", "")):
        wrong.append(f"{name}: connect_timeout must be a number of seconds")


def _in_one_form(info: str, net: str, path: str, asked: dict[str, str]) -> str:
    """Role and name before the question mark, so that no password is told to programs by it."""
    role, _colon, password = info.partition(":")
    role = quote(asked.pop("user"), safe="") if asked.get("user") else role
    password = quote(asked.pop("password"), safe="") if asked.get("password") else password
    path = "/" + quote(asked.pop("dbname"), safe="") if asked.get("dbname") else path
    info = f"{role}:{password}" if password else role
    query = f"?{urlencode(asked, safe='/,:', quote_via=quote)}" if asked else ""
    return f"postgresql+psycopg://{info}{'@' if info else ''}{net}{path}{query}"


def _check_attrs(name: str, asked: Mapping[str, str], wrong: list[str]) -> None:
    attrs = asked.get("target_session_attrs", "")
    hosts = asked.get("host", "") + asked.get("hostaddr", "")
    if attrs and attrs not in _ATTRS:
        wrong.append(f"{name}: target_session_attrs must be one of {', '.join(_ATTRS)}")
    elif name != "DATABASE_READ_URL" and attrs and attrs not in _WRITES:
        wrong.append(f"{name}: target_session_attrs must be read-write, since this address writes")
    elif name == "DATABASE_READ_URL" and attrs and attrs not in _READS:
        wrong.append(f"{name}: target_session_attrs must be standby, since it only reads")
    elif name != "DATABASE_READ_URL" and "," in hosts and not attrs:
        wrong.append(
            f"{name} names several servers: add ?target_session_attrs=read-write, or a standby "
            "that takes no changes may be asked"
        )
