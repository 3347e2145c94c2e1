"""The data package of design §6: a folder of CSV files, loaded all or nothing, dumped back."""

from models.exchange.package.dump import dump_package, left_behind
from models.exchange.package.load import PackageRefused, load_package
from models.exchange.package.loading import Loaded
from models.exchange.package.reader import unknown_files
from models.exchange.package.schema import FILES, Problem

__all__ = [
    "FILES",
    "Loaded",
    "PackageRefused",
    "Problem",
    "dump_package",
    "left_behind",
    "load_package",
    "unknown_files",
]
