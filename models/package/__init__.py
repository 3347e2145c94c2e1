"""The data package of design §6: a folder of CSV files, loaded all or nothing, dumped back."""

from models.package.dump import dump_package, left_behind
from models.package.load import PackageRefused, load_package
from models.package.loading import Loaded
from models.package.reader import unknown_files
from models.package.schema import FILES, Problem

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
