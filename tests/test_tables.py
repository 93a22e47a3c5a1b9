"""The contract of a checked table as a pandera schema, beside intake's own checks; the demonstration satisfies it."""

import pandas as pd
import pandera.pandas as pa
import pytest

from conftest import ROOT
from spls_study.study import load_study
from spls_study.tables import DTYPES, KEYS, ORIGIN, TABLES, empty, read_table
from spls_study.words import squeeze


def schema(name):
    """What every checked table satisfies: types, ranges, closed lists, one row for each key."""

    def column(dtype, nullable, *checks):
        # What pandera makes of "str" depends on what the process has imported before.
        text = [pa.Check(lambda series: series.dtype == "str")] if dtype == "str" else []
        return pa.Column(None if text else dtype, [*text, *checks], nullable=nullable)

    def checks(c):
        bounds = (pa.Check.ge, c.minimum), (pa.Check.le, c.maximum), (pa.Check.isin, c.values or None)
        return [check(value) for check, value in bounds if value is not None]

    columns = {c.name: column(DTYPES[c.kind], not c.filled, *checks(c)) for c in TABLES[name]}
    columns |= {
        "fichier": column("str", False),
        "feuille": column("str", True),
        "ligne": column("Int64", False, pa.Check.ge(1)),
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(KEYS[name]))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_each_table_is_sound_and_so_is_that_of_the_demonstration(table):
    columns = TABLES[table]
    headers = [{squeeze(h) for h in c.headers} for c in columns]
    assert sum(map(len, headers)) == len(set().union(*headers)), "one header names two columns"
    assert set(KEYS[table]) <= {c.name for c in columns}
    assert next(c for c in columns if c.name == KEYS[table][0]).filled
    assert list(empty(table)) == [*(c.name for c in columns), *ORIGIN]
    for rows in (empty(table), read_table(load_study(ROOT / "study.toml"), table)):
        pd.testing.assert_frame_equal(schema(table).validate(rows), rows)
    assert len(rows)
