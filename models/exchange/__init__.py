"""Data in and out: the package of CSV files, backup and restore."""

from models.exchange.backup import opened_backup, put_back, write_backup

__all__ = ["opened_backup", "put_back", "write_backup"]
