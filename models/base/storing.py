"""Whether the place where things are stored takes nothing more: full, or only to be read.

Neither is a fault of the program or of what was typed: it is said in a sentence, and work goes on
by itself as soon as somebody has made room.
"""

import errno
from enum import StrEnum

from sqlalchemy.exc import DBAPIError

_STATES = {"53100": "full", "25006": "read-only"}  # disk_full, read_only_sql_transaction
# SQLITE_READONLY, SQLITE_FULL; the index beside the log could not grow (SQLITE_IOERR_SHMSIZE)
_SQLITE = {8: "read-only", 13: "full"}
_SQLITE_WIDE = {4874: "full"}
_DISK = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "read-only",
}


class NoStore(StrEnum):
    FULL = "full"
    READ_ONLY = "read-only"


def takes_nothing(error: BaseException) -> NoStore | None:
    """Why nothing can be stored; None for an error of another kind."""
    found = None
    if isinstance(error, OSError):
        found = _DISK.get(error.errno or 0)
    else:
        orig = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(orig, "sqlite_errorcode", 0)
        state = getattr(orig, "sqlstate", None)
        found = _STATES.get(state or "") or _SQLITE_WIDE.get(code) or _SQLITE.get(code & 0xFF)
    return NoStore(found) if found else None
