"""Whether the place where things are stored takes nothing more: full, or only to be read.

Neither is a fault of the program or of what was typed: it is said in a sentence, and work goes on
by itself as soon as somebody has made room.
"""

import errno
from enum import StrEnum

from sqlalchemy.exc import DBAPIError


class NoStore(StrEnum):
    FULL = "full"
    READ_ONLY = "read-only"


# disk_full, read_only_sql_transaction
_STATES = {"53100": NoStore.FULL, "25006": NoStore.READ_ONLY}
# SQLITE_READONLY, SQLITE_FULL; the index beside the log could not grow (SQLITE_IOERR_SHMSIZE)
_SQLITE = {8: NoStore.READ_ONLY, 13: NoStore.FULL}
_SQLITE_WIDE = {4874: NoStore.FULL}
_DISK = {
    errno.ENOSPC: NoStore.FULL,
    errno.EDQUOT: NoStore.FULL,
    errno.EFBIG: NoStore.FULL,
    errno.EROFS: NoStore.READ_ONLY,
}


def takes_nothing(error: BaseException) -> NoStore | None:
    """Why nothing can be stored; None for an error of another kind."""
    if isinstance(error, OSError):
        return _DISK.get(error.errno or 0)
    orig = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(orig, "sqlite_errorcode", 0)
    state = getattr(orig, "sqlstate", None) or ""
    return _STATES.get(state) or _SQLITE_WIDE.get(code) or _SQLITE.get(code & 0xFF)
