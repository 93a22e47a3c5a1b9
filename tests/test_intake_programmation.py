"""The rules of programmation, through the public face: what comes of one row."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from spls_study.intake import check
from spls_study.study import Study
from spls_study.tables import read_table

Writer = Callable[..., Path]


def accepted(study: Study) -> dict[str, Any]:
    report = check(study)
    assert report.refusals.empty, report.lines
    (row,) = read_table(study, "programmation").to_dict("records")
    return dict(row) | {"avertissements": list(report.warnings["colonne"])}


def refusal(study: Study) -> tuple[str, str, str]:
    report = check(study)
    assert read_table(study, "programmation").empty
    (row,) = report.refusals.itertuples(index=False)
    return row.colonne, row.valeur, row.motif


@pytest.mark.parametrize(
    ("name", "id"), [("DD017", "DD017"), ("ddtm  17", "DD017"), ("DDTM DE LA CHARENTE-MARITIME", "DD017")]
)
def test_gestionnaires_are_written_by_their_id(study: Study, programmation: Writer, name: str, id: str) -> None:
    programmation({"gestionnaire": name})
    row = accepted(study)
    assert (row["gestionnaire"], row["departement"], row["code_insee"]) == (id, "17", "17300")
    assert row["avertissements"] == []


def test_an_unknown_gestionnaire_is_kept(study: Study, programmation: Writer) -> None:
    programmation({"gestionnaire": "Mairie", "departement": "17"})
    row = accepted(study)
    assert (row["gestionnaire"], row["avertissements"]) == ("Mairie", ["gestionnaire"])


@pytest.mark.parametrize(
    ("given", "departement"),
    [
        ({"departement": "86"}, "86"),
        ({"code_insee": "86194", "gestionnaire": ""}, "86"),
        ({"gestionnaire": "Grand Poitiers"}, "86"),
    ],
)
def test_the_department_comes_from_what_there_is(
    study: Study, programmation: Writer, given: dict[str, str], departement: str
) -> None:
    programmation({"commune": "Poitiers", "gestionnaire": "DDT 86"} | given)
    row = accepted(study)
    assert (row["departement"], row["code_insee"]) == (departement, "86194")


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ({"departement": "33"}, "departement", "33", "hors de l'étude"),
        ({"gestionnaire": "", "code_insee": "33063"}, "code_insee", "33063", "hors de l'étude"),
        ({"gestionnaire": ""}, "departement", "", "département introuvable"),
        ({"departement": "16"}, "commune", "La Rochelle", "hors du département"),
        ({"code_insee": "79191"}, "code_insee", "79191", "hors du département"),
        ({"commune": "NIORT"}, "commune", "NIORT", "hors du département"),
        ({"annee_programmation": "2009"}, "annee_programmation", "2009", "hors de l'étude"),
        ({"annee_programmation": "en 2013"}, "annee_programmation", "en 2013", "illisible"),
        ({"nb_logements": "-3"}, "nb_logements", "-3", "compris entre 0 et 9\u202f999"),
        ({"nb_logements": "10 000"}, "nb_logements", "10 000", "compris entre 0 et 9\u202f999"),
        ({"nb_logements": "12,5"}, "nb_logements", "12,5", "nombre entier attendu"),
        ({"nb_logements": "douze"}, "nb_logements", "douze", "illisible"),
        ({"nb_logements": "NC"}, "nb_logements", "NC", "cellule vide"),
        ({"numero_operation": " "}, "numero_operation", " ", "cellule vide"),
        ({"produit": "PLUS/PLAI"}, "produit", "PLUS/PLAI", "deux produits"),
        ({"date_depot": "01/06/2013", "date_agrement": "2013-05-31"}, "date_agrement", "2013-05-31", "antérieure"),
    ],
)
def test_refusals(
    study: Study, programmation: Writer, cells: dict[str, str], column: str, value: str, reason: str
) -> None:
    programmation(cells)
    found = refusal(study)
    assert found[:2] == (column, value)
    assert reason in found[2]


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"surface_utile": "à venir"}, "surface_utile", None),
        ({"surface_utile": "#VALUE!"}, "surface_utile", None),
        ({"date_depot": "12/05/1970"}, "date_depot", None),
        ({"date_agrement": "2031-01-01"}, "date_agrement", None),
        ({"commune": "Trifouillis"}, "code_insee", None),
        ({"commune": "#REF!"}, "commune", None),
        ({"code_insee": "17999"}, "code_insee", "17300"),  # found again by the label
        ({"departement": "à voir"}, "departement", "17"),
        ({"moa_siret": "123"}, "moa_siret", "123"),
        ({"produit": "PLUS CD"}, "produit", "PLUS"),
        ({"produit": "bail réel"}, "produit", "BAIL RÉEL"),
    ],
)
def test_warnings(study: Study, programmation: Writer, cells: dict[str, str], column: str, value: str | None) -> None:
    programmation(cells)
    row = accepted(study)
    assert pd.isna(row[column]) if value is None else row[column] == value
    assert row["avertissements"] == [next(iter(cells))]


def test_dates_numbers_and_lost_zeros(study: Study, programmation: Writer) -> None:
    programmation(
        {
            "nb_logements": "12,0",
            "surface_utile": "1\u202f017,2",
            "date_depot": "41395",
            "date_agrement": "12/11/2013",
            "moa_siret": "'5550000300011",
            "annee_cloture": "NA",
            "type_beneficiaire": "Non renseigné",
        }
    )
    row = accepted(study)
    assert row["nb_logements"] == 12
    assert row["surface_utile"] == 1017.2
    assert (str(row["date_depot"])[:10], str(row["date_agrement"])[:10]) == ("2013-05-01", "2013-11-12")
    assert row["moa_siret"] == "05550000300011"
    assert row["avertissements"] == []
    assert pd.isna(row["type_beneficiaire"])


def test_a_commune_gone_before_2014_gets_the_code_of_2014(study: Study, programmation: Writer) -> None:
    programmation({"code_insee": "17001", "commune": "Agonnay"})
    row = accepted(study)
    assert (row["code_insee"], row["avertissements"]) == ("17397", ["code_insee"])


def test_a_code_and_a_label_of_gestionnaire(study: Study, programmation: Writer) -> None:
    programmation(
        {"gestionnaire": "DDT quelconque", "Gestionnaire (code)": "DD017"},
        {"gestionnaire": "DDTM 17", "Gestionnaire (code)": "", "numero_operation": "2"},
    )
    assert check(study).warnings.empty
    assert list(read_table(study, "programmation")["gestionnaire"]) == ["DD017", "DD017"]
