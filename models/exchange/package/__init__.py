"""The data package of design §6: a folder of CSV files, loaded all or nothing, dumped back."""

from models.exchange.package.dump import dump_package, left_behind
from models.exchange.package.load import PackageRefused, load_package
from models.exchange.package.loading import Loaded
from models.exchange.package.reader import unknown_files
from models.exchange.package.schema import ENTRY, FILES, Problem
from models.exchange.package.tables import (
    DERIVED,
    LEFT_OUT,
    MAIN,
    all_files,
    carried,
    companions,
    left_behind_tables,
    left_out,
    why_left_out,
)
from models.exchange.package.values import amounts_of, text_of

__all__ = [
    "DERIVED",
    "ENTRY",
    "FILES",
    "LEFT_OUT",
    "MAIN",
    "Loaded",
    "PackageRefused",
    "Problem",
    "all_files",
    "amounts_of",
    "carried",
    "companions",
    "dump_package",
    "left_behind",
    "left_behind_tables",
    "left_out",
    "load_package",
    "text_of",
    "unknown_files",
    "why_left_out",
]
