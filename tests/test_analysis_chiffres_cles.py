import pandas as pd
import pytest

from spls_study.analysis.copil.chiffres_cles import chiffres_cles, programming

SHARES = pd.DataFrame(
    [
        (2013, "PLUS-PLAI", "16", 30, 0.3),
        (2013, "PLUS-PLAI", "17", 70, 0.7),
        (2013, "PLS", "16", 8, 0.8),
        (2013, "PLS", "17", 2, 0.2),
        (2014, "PLS", "17", 5, 1.0),
    ],
    columns=["annee", "groupe", "departement", "logements", "part"],
).assign(operations=1)
AGED = pd.DataFrame(
    {"annee": [2013, 2013], "departement": ["16", "17"], "logements": [8, 2], "personnes_agees": [6, 1]}
)
CONTROL = pd.DataFrame({"statut": ["conforme", "écart", "conforme"]})
NAMES = {"16": "Charente", "17": "Charente-Maritime"}


def values(table: pd.DataFrame) -> dict[str, float]:
    return dict(zip(table.cle, table.valeur, strict=True))


def test_figures_of_the_region():
    table = programming(SHARES, AGED, CONTROL, NAMES, 2013, 2014)
    assert values(table) == {
        "logements_plus_plai": 100,
        "part_premier_departement": 0.7,
        "logements_pls": 10,
        "part_pls_personnes_agees": 0.7,
        "logements_annee_en_cours": 5,
        "totaux_conformes": 2,
    }
    assert table.libelle[1].endswith("un seul département (Charente-Maritime)")


def test_figures_of_a_department():
    here = SHARES[SHARES.departement == "16"]
    aged = AGED[AGED.departement == "16"]
    table = programming(here, aged, CONTROL, {"16": "Charente"}, 2013, 2014)
    assert values(table) == {
        "logements_plus_plai": 30,
        "part_region": 0.3,
        "logements_pls": 8,
        "part_pls_personnes_agees": 0.75,
        "totaux_conformes": 2,
    }


def test_no_row_for_data_that_are_not_there():
    table = programming(SHARES[:0], AGED[:0], CONTROL[:0], NAMES, 2013, 2014)
    assert table.empty
    assert chiffres_cles(table).empty


def test_change_since_the_last_edition_only_for_the_same_figure():
    now = programming(SHARES, AGED, CONTROL, NAMES, 2013, 2014)
    before = now[["cle", "libelle", "valeur"]].assign(valeur=now.valeur - 1)
    before.loc[before.cle == "logements_pls", "libelle"] = "PLS agréés en 2012"
    change = chiffres_cles(now, previous=before).set_index("cle").ecart
    assert change["logements_plus_plai"] == 1
    assert pd.isna(change["logements_pls"])


def test_a_key_is_given_once():
    part = programming(SHARES, AGED, CONTROL, NAMES, 2013, 2014)
    with pytest.raises(ValueError, match="logements_pls"):
        chiffres_cles(part, part)
