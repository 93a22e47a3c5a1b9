"""A checked table as the bytes of its Parquet file."""

import io

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from ..tables import empty


def content(table: str, rows: pd.DataFrame) -> bytes:
    """The file of rows that `without_duplicates` gave, their text as text or as categories.

    Raises
    ------
    TypeError
        When a column is missing, out of place or of another type: a fault of the program.
    """
    wanted = empty(table)
    kinds = ["str" if isinstance(kind, pd.CategoricalDtype) else kind for kind in rows.dtypes]
    if [*rows] != [*wanted] or kinds != [*wanted.dtypes]:
        raise TypeError(f"{table}\u00a0: {dict(rows.dtypes)}")
    # Categories make dictionaries, which Parquet writes as such; readers are told of plain text.
    schema = pa.Schema.from_pandas(wanted, preserve_index=False)
    whole = pa.table({name: pa.array(rows[name], from_pandas=True) for name in rows})
    buffer = io.BytesIO()
    # A dictionary of nearly as many texts as rows would be given up halfway.
    few = [
        name
        for name, kind in rows.dtypes.items()
        if isinstance(kind, pd.CategoricalDtype) and 4 * len(kind.categories) < len(rows)
    ]
    with pa.parquet.ParquetWriter(buffer, whole.schema, store_schema=False, use_dictionary=few) as writer:
        writer.write_table(whole)
        writer.add_key_value_metadata(schema.metadata)
    return buffer.getvalue()
