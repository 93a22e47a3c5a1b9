"""The contract of a checked table as a pandera schema, beside intake's own checks."""

import pandera.pandas as pa

from spls_study.tables import DTYPES, KEYS, TABLES, Column


def schema(name: str) -> pa.DataFrameSchema:
    """What every checked table satisfies: types, ranges, closed lists, one row for each key."""

    def rules(column: Column) -> list[pa.Check]:
        low, high = column.minimum, column.maximum
        found = [pa.Check.ge(low)] if low is not None else []
        found += [pa.Check.le(high)] if high is not None else []
        return found + ([pa.Check.isin(column.values)] if column.values else [])

    def typed(dtype: str, rules: list[pa.Check], nullable: bool) -> pa.Column:
        # What pandera makes of "str" depends on what the process has imported before.
        text = pa.Check(lambda series: series.dtype == "str")
        if dtype == "str":
            return pa.Column(None, [text, *rules], nullable=nullable)
        return pa.Column(dtype, rules, nullable=nullable)

    columns = {c.name: typed(DTYPES[c.kind], rules(c), not c.filled) for c in TABLES[name]}
    columns |= {
        "fichier": typed("str", [], False),
        "feuille": typed("str", [], True),
        "ligne": pa.Column("Int64", pa.Check.ge(1)),
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(KEYS[name]))
