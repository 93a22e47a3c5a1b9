"""The digest of what is read: the same in every process, another for any difference."""

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from spls_study.reads import value_digest

TABLE = """import pandas as pd
from spls_study.reads import value_digest
t = pd.DataFrame({"a": pd.Series(["x", None], dtype="str"),
                  "b": pd.Series([1, None], dtype="Int64"),
                  "c": ["s", 3], "d": pd.to_datetime(["2014-07-10", None])})
print(value_digest((t, {"k": frozenset({("b", "2"), ("a", "1")})})))"""


def test_it_is_the_same_whatever_the_process():
    found = {
        subprocess.run(
            [sys.executable, "-c", TABLE], check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_no_two_of_these_are_alike():
    base = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    values = [
        base,
        base.iloc[::-1],
        base.rename(columns={"a": "c"}),
        base.astype({"a": "float64"}),
        base.assign(b=["x", "z"]),
        base.head(1),
        base[["b", "a"]],
        base.set_index("a"),
        base.astype(object).assign(b=["x", 3]),
        base.astype(object).assign(b=["x", "3"]),
        *(base.assign(b=pd.Series(["x", v], dtype=object)) for v in (None, np.nan)),
        1,
        1.0,
        True,
        "1",
        None,
        [],
        [1],
        [[1]],
        [1, [2]],
        [[1], 2],
        {"a": 1},
        {"b": 1},
        {1},
    ]
    digests = [value_digest(value) for value in values]
    alike = [(i, j) for i, a in enumerate(digests) for j, b in enumerate(digests[:i]) if a == b]
    assert alike == []


def test_what_it_does_not_know_is_refused():
    with pytest.raises(TypeError):
        value_digest(object())
