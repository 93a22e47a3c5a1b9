import pandas as pd
import pandera.errors
import pytest
from schemas import schema

from spls_study.tables import KEYS, ORIGIN, TABLES, empty
from spls_study.words import squeeze


def organismes(**changed: object) -> pd.DataFrame:
    row = {"id": "a", "role": "bailleur", "nb_logements": 3, "fichier": "f.csv", "ligne": 2}
    rows = [row, row | {"id": "b", "ligne": 3} | changed]
    frame = pd.DataFrame(rows).reindex(columns=list(empty("organismes")))
    return frame.astype(empty("organismes").dtypes.to_dict())


def test_a_good_table_passes() -> None:
    schema("organismes").validate(organismes())


@pytest.mark.parametrize(
    "changed", [{"id": "a"}, {"id": None}, {"role": "banque"}, {"nb_logements": -1}, {"ligne": 0}, {"fichier": None}]
)
def test_what_breaks_the_contract_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
        schema("organismes").validate(organismes(**changed))


def test_types_and_columns_are_those_of_the_contract() -> None:
    for frame in (organismes().astype({"nb_logements": "float64"}), organismes().assign(autre=1)):
        with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
            schema("organismes").validate(frame)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_each_table_is_sound(table: str) -> None:
    columns = TABLES[table]
    headers = [{squeeze(h) for h in c.headers} for c in columns]
    assert sum(map(len, headers)) == len(set().union(*headers)), "one header names two columns"
    assert set(KEYS[table]) <= {c.name for c in columns}
    assert next(c for c in columns if c.name == KEYS[table][0]).filled
    assert list(empty(table)) == [*(c.name for c in columns), *ORIGIN]
    schema(table).validate(empty(table))
