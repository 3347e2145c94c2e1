"""Data in and out: the package of CSV files, backup and restore."""

from models.exchange.backup import opened_backup, put_back, write_backup
from models.exchange.generations import Keep, file_of, note_sum, sort_out
from models.exchange.sealing import Key, read_secret

__all__ = [
    "Keep",
    "Key",
    "file_of",
    "note_sum",
    "opened_backup",
    "put_back",
    "read_secret",
    "sort_out",
    "write_backup",
]
