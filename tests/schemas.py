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

    columns = {c.name: pa.Column(DTYPES[c.kind], rules(c), nullable=not c.filled) for c in TABLES[name]}
    columns |= {
        "fichier": pa.Column("str"),
        "feuille": pa.Column("str", nullable=True),
        "ligne": pa.Column("Int64", pa.Check.ge(1)),
    }
    return pa.DataFrameSchema(columns, strict=True, ordered=True, unique=list(KEYS[name]))
