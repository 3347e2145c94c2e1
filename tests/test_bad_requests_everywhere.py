"""Bad requests at every address: methods, parts of addresses, heads, files, lengths, strangers to a
form, and what hypothesis makes up.

Addresses are those of the application, forms those of its pages: what is new is tried, too.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count, cycle, islice, zip_longest
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from admin.access.bounds import LONGEST_ADDRESS
from models.base import Base, clean_line
from tests.hostile import SCRIPT, VALUES, Form
from tests.test_bad_input_everywhere import (  # noqa: F401  fixtures
    THOROUGH,
    at_the_doors,
    noted,
    nothing_left_open,
    pytestmark,
    walk_of,
)
from tests.test_nothing_of_others import district  # noqa: F401  a fixture

sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "GET", "POST", "Zq")
PARTS = (
    "0", "-1", str(2**63), "9" * 400, "text", "%00", "..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "1.0",
    "1e309", quote("٣"), quote("１"), quote(unicodedata.normalize("NFD", "đường")), "%ff%fe", "%",
    quote(SCRIPT), "a" * 8_000, "2024-13", "2024-00", "0001-01", "9999-12", "2024-03%00",
    "2024-03%0d%0aX:%20y", "NaN", "-0", quote("Zq\u202egnol"), "2024-3", "%27%20OR%201=1--",
)  # fmt: skip
ELSEWHERE = "evil.example"
HEADS = {
    "HTTP_HOST": [
        ELSEWHERE, f"{ELSEWHERE}:99999", "a b", "[::1", "x" * 5_000, f"localhost@{ELSEWHERE}",
        f"{ELSEWHERE}/x", "", "localhost:x", "\xe9.example",
    ],
    "HTTP_X_FORWARDED_HOST": [ELSEWHERE, "x" * 9_000],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4, 5.6.7.8", SCRIPT, "x" * 9_000],
    "HTTP_X_FORWARDED_PROTO": ["javascript", "https"],
    "HTTP_X_FORWARDED_PREFIX": [f"//{ELSEWHERE}"],
    "HTTP_FORWARDED": [f"for=1.2.3.4;host={ELSEWHERE}"],
    "HTTP_ACCEPT_LANGUAGE": ["xx", "*;q=abc", "vi;q=1e309", "../../x", "en," * 3_000, "\xff"],
    "HTTP_COOKIE": [
        "session=garbage", "session=" + "a" * 9_000, f"kept={SCRIPT}", ";;==;", "session=.eJx.x.x",
        "remember_token=1|x", "\xff=\xfe", "language=../../etc",
    ],
    "HTTP_RANGE": ["bytes=0-0", "bytes=-1", "bytes=9-1", "bytes=0-," * 500, "bytes=1e309-", "x=1"],
    "HTTP_IF_NONE_MATCH": ['"x"', "*", "W/", "x" * 9_000],
    "HTTP_IF_MODIFIED_SINCE": ["31/02/2024", "Thu, 01 Jan 9999 99:99:99 GMT"],
    "HTTP_IF_RANGE": ["x", '"x"'],
    "CONTENT_TYPE": [
        "application/json", "multipart/form-data", "multipart/form-data; boundary=",
        "text/plain; charset=utf-7", "application/x-www-form-urlencoded; charset=nonsense",
        "x" * 5_000, "multipart/form-data; boundary=" + "b" * 9_000,
    ],
    "CONTENT_LENGTH": ["-1", "abc", "9" * 20, "0", "1e3", ""],
    "HTTP_TRANSFER_ENCODING": ["chunked", "gzip"],
    "HTTP_X_REQUEST_ID": [SCRIPT, "x" * 9_000],
    "HTTP_REFERER": [f"http://{ELSEWHERE}/", "http://[", "x" * 9_000],
    "HTTP_ORIGIN": ["null", f"http://{ELSEWHERE}"],
    "HTTP_USER_AGENT": [SCRIPT, "x" * 9_000, "\xff"],
    "HTTP_ACCEPT": ["application/json", "x" * 9_000],
    "HTTP_AUTHORIZATION": ["Basic garbage", "Basic /w==", "Bearer x"],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"],
    "HTTP_SEC_FETCH_SITE": ["cross-site"],
}  # fmt: skip
LOOKED_AT = ("/admin/", "/admin/project/", "/admin/reports/late.csv", "/login",
             "/static/backoffice.css", "/sign-out-of-nowhere")  # fmt: skip
NAMES = (
    b"../../../etc/passwd", b"..\\..\\boot.ini.xlsx", b"a\0.xlsx", "Zq\u202exslx.exe".encode(),
    b"x" * 300 + b".xlsx", b"x" * 300 + b".docx", b"noext", b"", b".xlsx", b"a.xlsx.exe",
    b'a\\"; filename=\\"b.xlsx', b"\xff\xfe.docx", b"CON.docx", SCRIPT.encode() + b".csv",
    unicodedata.normalize("NFD", "đường.docx").encode(), b"=cmd|' /C calc'!A0.csv", b"a.docx",
)  # fmt: skip
CONTENTS = (
    b"", b"PK\x03\x04", b"MZ\x90\0" * 9, b"<html><script>x</script>", b"\0" * 3_000, b"a;b\n1;2\n",
    b"\xff\xfe\xfd", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"{" * 5_000,
)  # fmt: skip
KINDS = (b"image/png", b"text/html", b"application/octet-stream", b"x/y; charset=\xff", b"")
# what a person who only reads may change: what is of their own account
OF_ONESELF = {"user_account", "passkey", "code_maker", "recovery_code", "audit_entry"}


def addresses(app: Flask, parts: Iterator[str] | None = None) -> Iterator[tuple[set[str], str]]:
    """Every address with its methods; what is variable in it is from `parts`, else plausible."""
    plain = {"code": "2024-03", "export_type": "csv", "filename": "backoffice.css"}
    for rule in app.url_map.iter_rules():
        if parts is not None and not rule.arguments:
            continue
        part, address = next(parts) if parts else "", rule.rule
        for name in rule.arguments:
            typed = part or plain.get(name, "1")
            address = re.sub(rf"<(\w+:)?{name}>", lambda _found, typed=typed: typed, address)
        if not address.startswith(("/logout", "/language")):
            yield rule.methods or set(), address


def form_body(client: Any, fields: Any) -> dict[str, Any]:
    """What a client sends as a plain form, written once instead of field by field."""
    text = "&".join(f"{quote(name)}={value}" for name, value in fields)
    data = f"csrf_token={quote(client.token())}&{text}".encode()
    return {"data": data, "content_type": "application/x-www-form-urlencoded"}


def multipart(client: Any, form: Form, field: str, name: bytes, content: bytes, kind: bytes) -> Any:
    """A form with a file, byte by byte: a client of ours would put its name right."""
    head = b'--b\r\nContent-Disposition: form-data; name="%s"'
    fields = {"csrf_token": client.token(), **dict(form.fields), "form_key": name.hex()[:60]}
    parts = [head % one.encode() + b"\r\n\r\n" + text.encode() for one, text in fields.items()]
    kind = b"\r\nContent-Type: " + kind if kind else b""
    parts.append(
        head % field.encode() + b'; filename="' + name + b'"' + kind + b"\r\n\r\n" + content
    )
    return {
        "data": b"\r\n".join([*parts, b"--b--\r\n"]),
        "content_type": "multipart/form-data; boundary=b",
    }


def names_of_files(doors: Any) -> Iterator[str]:
    """The names of files as they are stored, in every table that has such a column."""
    with doors.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if "file_name" in table.columns:
                yield from connection.scalars(select(table.columns["file_name"]))


@sqlite
def test_no_method_that_an_address_does_not_take_does_anything(app, at_the_doors):  # noqa: F811
    doors = at_the_doors("officer")
    routes = app.url_map.bind("localhost")
    for form in walk_of(doors).forms:  # HEAD asks, and needs no token: whatever comes with it
        reply = doors.client.open(form.address, method="HEAD", data=MultiDict(form.fields))
        doors.judge(reply, Form(form.address, "HEAD", ()), "HEAD with a form")
    others = cycle(["OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "Zq"])
    for methods, address in addresses(app):
        known = {*routes.allowed_methods(address)} - {"POST"}
        few = ("GET", "POST", next(others), next(others))
        few += ("HEAD",) if "POST" in methods else ()  # elsewhere it is what GET is
        for method in METHODS if THOROUGH else few:
            if method in known and method not in ("HEAD", "OPTIONS"):
                continue
            reply = doors.client.open(address, method=method)  # POST without its token, too
            doors.judge(reply, Form(address, method, ()), method)
            expected = range(200, 500) if method in known else (400, 403, 405)
            if reply.status_code not in expected:
                doors.wrong.append(f"{method} {address}: {reply.status_code}")
            if method == "HEAD" and reply.data:
                doors.wrong.append(f"{method} {address}: a body")
    assert doors.tried[405] > 300
    assert doors.wrong == [], doors.tried


@sqlite
def test_no_part_of_an_address_breaks_or_changes_anything(app, at_the_doors):  # noqa: F811
    doors = at_the_doors("officer")
    turns = PARTS if THOROUGH else PARTS[:6]
    for start in range(len(turns)):
        parts = islice(cycle(PARTS), start * 7, None)
        for methods, address in addresses(app, parts):
            for method in methods & {"GET", "POST"}:
                if method == "GET":
                    reply = doors.client.get(address)
                else:
                    reply = doors.client.post(address, **form_body(doors.client, ()))
                doors.judge(reply, Form(address, "part", ()), method)
    assert doors.wrong == [], doors.tried


@sqlite
def test_no_head_of_a_request_breaks_leads_elsewhere_or_is_said_again(app, at_the_doors):  # noqa: F811
    doors, turn = at_the_doors("officer"), cycle(LOOKED_AT)
    bare = app.test_client(use_cookies=False)
    form = form_body(doors.client, [("name", "x")])
    for name, values in HEADS.items():
        for value in values:
            client = bare if name == "HTTP_COOKIE" else doors.client
            for address in LOOKED_AT if THOROUGH else (next(turn),):
                told = {"environ_overrides": {name: value}}
                replies = [client.get(address, **told)]
                if not address.startswith("/static"):
                    replies.append(client.post("/admin/project/new/", **form, **told))
                for reply in replies:
                    doors.judge(reply, Form(address, "head", ()), f"{name} = {value[:40]}")
                    heads = "\n".join(f"{one}: {text}" for one, text in reply.headers)
                    text = reply.data.decode("utf-8", "replace")
                    if ELSEWHERE in heads or ELSEWHERE in text or SCRIPT in heads:
                        doors.wrong.append(f"{address} {name} = {value[:40]}: said again")
    assert doors.wrong == [], doors.tried


@sqlite
def test_no_file_breaks_and_no_name_of_one_is_trusted(app, at_the_doors):  # noqa: F811
    doors = at_the_doors("officer")
    forms = [form for form in walk_of(doors).forms if form.files]
    assert {"/admin/imports/new", "/admin/letters/template"} <= {one.address for one in forms}
    for form, field in [(one, field) for one in forms for field in one.files]:
        pairs = zip_longest(NAMES, CONTENTS) if not THOROUGH else (
            (name, content) for name in NAMES for content in CONTENTS
        )  # fmt: skip
        kinds = cycle(KINDS)
        for name, content in pairs:
            sent = multipart(doors.client, form, field, name, content or b"x", next(kinds))
            reply = doors.client.post(form.address, **sent)
            if reply.status_code < 400:
                doors.wrong += [
                    f"{form.address} {name[:40]!r}: kept as {kept}"
                    for kept in names_of_files(doors)
                    if kept != clean_line(kept) or "/" in kept or "\\" in kept
                ]
            doors.judge(reply, form, f"{field} = {name[:40]!r}")
    assert doors.wrong == [], doors.tried


@sqlite
def test_very_long_addresses_and_texts_are_refused_by_small_pages(app, at_the_doors):  # noqa: F811
    doors = at_the_doors("officer")
    for length in (LONGEST_ADDRESS + 1, 8_000, 64_000, 1_000_000):
        for address in LOOKED_AT:
            for asked in (f"?x={'a' * length}", "a" * length, f"?{'a&' * (length // 2)}a"):
                reply = doors.client.get(address + asked)
                doors.judge(reply, Form(address, "get", ()), f"{length} signs")
                status = (414,) if "?" in asked else (404, 414)
                if reply.status_code not in status or len(reply.data) > 60_000:
                    doors.wrong.append(f"{address} {length}: {reply.status} {len(reply.data)}")
    ten = "Zq" * 5_000_000
    tried = set()
    for form in walk_of(doors).forms:
        fields = [name for name, _value in form.fields] or ["name"]
        if form.method != "post" or form.kind[1] in tried:
            continue
        tried.add(form.kind[1])
        reply = doors.client.post(form.address, **form_body(doors.client, [(fields[-1], ten)]))
        doors.judge(reply, form, "10 MB")
        if reply.status_code != 413 or len(reply.data) > 100_000:
            doors.wrong.append(f"{form.address} 10 MB: {reply.status} {len(reply.data)}")
    assert len(tried) > 20
    assert doors.wrong == [], doors.tried


@sqlite
def test_those_who_only_read_change_nothing_by_any_form(app, client_for, at_the_doors):  # noqa: F811
    readers = [client_for("leader"), client_for("auditor")]
    doors = at_the_doors("officer")
    posted = {
        (form.address, *form.fields): form for form in walk_of(doors).forms if form.method == "post"
    }
    assert len(posted) > 30
    for client in readers:
        client.arranged = None
        for form in posted.values():
            reply = client.post_form(form.address, form.fields)
            now = doors.rows() if doors.has_written() else doors.before
            changed = {name for name, of in now.items() if of != doors.before[name]}
            if changed - OF_ONESELF:
                doors.wrong.append(f"{form.address}: {reply.status} changed {changed}")
            doors.judge(reply, form, "by a reader")
    assert doors.wrong == [], doors.tried


typed_texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from([*VALUES.values()]).filter(lambda one: isinstance(one, str)),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
    st.builds("{}{}{}".format, st.text(max_size=3), st.integers(0, 99_999), st.text(max_size=3)),
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_nothing_that_hypothesis_types_breaks_a_form(app, at_the_doors, database):  # noqa: F811
    doors = at_the_doors("officer" if database == "sqlite" else "investor")
    forms, number = walk_of(doors).forms, count()

    @settings(
        max_examples=2_000 if THOROUGH else 25,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(data=st.data())
    def type_in(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(forms))
        typed = [
            (name, data.draw(st.one_of(st.just(value), typed_texts), label=name))
            for name, value in form.fields
            if name != "form_key"
        ]
        doors.send(form, [*typed, ("form_key", f"h{next(number)}")], "by hypothesis", "")
        assert doors.wrong == [], doors.tried

    type_in()
