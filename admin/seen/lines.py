"""Lines of the log: JSON in production, words in development; one event is one line, always.

What strangers send cannot break a line in two or turn it round on a screen: whatever controls a
machine, parts lines or changes the direction of writing is written as an escape.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from admin.seen.requests import current

# controls, the soft hyphen, line and paragraph separators, marks of direction, halves of letters
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
# what every record of Python's logging has, besides what the caller gives as `extra`
_ORDINARY = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
OURS = "huulung"
# libraries are heard from WARNING on, which is where the root of all logs stands
TALKING = ("request", "app", "admin", "models", "reports")


def escaped(text: str) -> str:
    """`text` on one line; the escapes are those of JSON, so JSON stays JSON."""
    return _UNSAFE.sub(lambda char: f"\\u{ord(char[0]):04x}", text)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def in_json(data: Mapping[str, Any], **_options: Any) -> str:
    """One line of JSON; facts that are not known are left out."""
    known = {name: value for name, value in data.items() if value is not None}
    return escaped(json.dumps(known, ensure_ascii=False, default=_plain))


class PlainFormatter(logging.Formatter):
    """For people at a terminal: time, level, message, facts; a traceback follows, indented."""

    default_msec_format = "%s.%03d"

    def format(self, record: logging.LogRecord) -> str:
        facts = [
            f"{name}={value}"
            for name, value in record.__dict__.items()
            if name not in _ORDINARY and value is not None
        ]
        head = f"{self.formatTime(record)} {record.levelname.lower():<7} {record.getMessage()}"
        line = escaped(" ".join([head, *facts]))
        if not record.exc_info:
            return line
        trace = self.formatException(record.exc_info).splitlines()
        return "\n".join([line, *(f"    {escaped(one)}" for one in trace)])


class OfTheRequest(logging.Filter):
    """Gives each record the number of the request during which it was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        seen = current()
        if seen is not None and not hasattr(record, "request"):
            record.request = seen.id
        return True


def json_formatter() -> logging.Formatter:
    return JsonFormatter(
        ("levelname", "name", "message"),
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "trace"},
        timestamp="time",
        json_serializer=in_json,
    )


def configure(settings: Mapping[str, Any]) -> None:
    """Send what the program and its libraries say to LOG_FILE, or else to standard error.

    The file may be moved away by logrotate at any time: the next line opens a new one. SystemExit
    where it cannot be written.
    """
    if settings["TESTING"]:
        return
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if settings["LOG_FILE"]:
        file = Path(settings["LOG_FILE"])
        try:
            file.touch(mode=0o600)
            handler = WatchedFileHandler(file, encoding="utf-8")
        except OSError as error:
            raise SystemExit(
                f"LOG_FILE: {file} cannot be written: {error.strerror}. See .env.example"
            ) from None
    handler.set_name(OURS)
    handler.addFilter(OfTheRequest())
    handler.setFormatter(
        json_formatter() if settings["APP_ENV"] == "production" else PlainFormatter()
    )
    root = logging.getLogger()
    for old in [one for one in root.handlers if one.get_name() == OURS]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    for name in TALKING:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
