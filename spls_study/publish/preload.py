"""Imported by the fork server: all that shows results, so that no kernel has it to import."""

from importlib import import_module
from pkgutil import walk_packages

from .. import show

for found in walk_packages(show.__path__, f"{show.__name__}."):
    import_module(found.name)
