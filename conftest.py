"""What all tests need: checked demonstration data."""

from pathlib import Path

import hypothesis
import pytest
from nbval.plugin import IPyNbCell

from spls_study.checking import checked
from spls_study.study import load_study

ROOT = Path(__file__).parent
# No test depends on the clock, nor on chance.
hypothesis.settings.register_profile("study", deadline=None, derandomize=True)
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("study"), max_examples=30)


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("quick" if "not slow" in config.option.markexpr else "study")
    if not hasattr(config, "workerinput"):  # once, before any worker starts
        checked(load_study(ROOT / "study.toml"), ROOT / "reports")


def pytest_itemcollected(item: pytest.Item) -> None:
    # nbval takes a cell without count for one that was never run; ours are stored without.
    if isinstance(item, IPyNbCell):
        item.cell.execution_count = 0
