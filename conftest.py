"""Notebooks are validated (nbval) in the study's own kernel, whatever runs the tests."""

import pytest
from nbval.plugin import IPyNbCell

from spls_study.publish import warm


def pytest_configure() -> None:
    warm.make_findable()


def pytest_itemcollected(item: pytest.Item) -> None:
    # nbval takes a cell without count for one that was never run; ours are stored without.
    if isinstance(item, IPyNbCell):
        item.cell.execution_count = 0
