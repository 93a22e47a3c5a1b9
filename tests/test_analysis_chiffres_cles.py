"""Key figures of the note, on small tables worked by hand."""

import pandas as pd
import pytest

from spls_study.analysis.copil import chiffres_cles as cles

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
    table = cles.programming(SHARES, AGED, CONTROL, NAMES, 2013, 2014, "la région")
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
    table = cles.programming(here, aged, CONTROL, {"16": "Charente"}, 2013, 2014, "la région")
    assert values(table) == {
        "logements_plus_plai": 30,
        "part_region": 0.3,
        "logements_pls": 8,
        "part_pls_personnes_agees": 0.75,
        "totaux_conformes": 2,
    }
    part = cles.programming(here, aged, CONTROL, {"16": "Charente"}, 2013, 2014, "l'ensemble")
    assert part.libelle[1] == "des PLUS et PLAI de l'ensemble en 2013"


def test_no_row_for_data_that_are_not_there():
    table = cles.programming(SHARES[:0], AGED[:0], CONTROL[:0], NAMES, 2013, 2014, "la région")
    assert table.empty
    assert cles.chiffres_cles(table).empty


def test_change_since_the_last_edition_only_for_the_same_figure():
    now = cles.programming(SHARES, AGED, CONTROL, NAMES, 2013, 2014, "la région")
    before = now[["cle", "libelle", "valeur"]].assign(valeur=now.valeur - 1)
    before.loc[before.cle == "logements_pls", "libelle"] = "PLS agréés en 2012"
    change = cles.chiffres_cles(now, previous=before).set_index("cle").ecart
    assert change["logements_plus_plai"] == 1
    assert pd.isna(change["logements_pls"])


def test_a_key_is_given_once():
    part = cles.programming(SHARES, AGED, CONTROL, NAMES, 2013, 2014, "la région")
    with pytest.raises(ValueError, match="logements_pls"):
        cles.chiffres_cles(part, part)


def rates(population: object, repondants: object) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "questionnaire": "q",
            "strate": ["total", "famille=OPH"],
            "population": [population, 3],
            "repondants": [repondants, 3],
            "taux": [0.5, 1.0],
        }
    )


def test_a_rate_only_of_ten_asked_or_more():
    assert values(cles.questionnaires([("bailleurs", rates(10, 5))])) == {"reponses_q": 5, "taux_reponse_q": 0.5}
    few = cles.questionnaires([("bailleurs", rates(9, 5))])
    assert values(few) == {"reponses_q": 5}
    assert few[["unite", "libelle"]].iloc[0].tolist() == ["sur 9", "réponses des bailleurs"]
    assert cles.questionnaires([]).empty


def states(ready: int, landlords: int) -> pd.DataFrame:
    table = pd.DataFrame(
        {"organisme": [f"B{i}" for i in range(landlords)], "role": "bailleur", "nom": "", "famille": ""}
    )
    none = dict.fromkeys(("utilises", "ouverts", "en_attente", "refuses"), 0)
    found = ["prêt"] * ready + ["aucun accès"] * (landlords - ready)
    return table.assign(departements="16", profil=None, etat=pd.Series(found, dtype="str"), **none)


def accounts(opened: int, asked: int) -> pd.DataFrame:
    """So many live requests, so many open, and as many refused."""
    live = [True] * asked + [False] * asked
    return pd.DataFrame({"demande": live, "ouvert": [i < opened for i in range(2 * asked)]}, dtype=bool)


def test_landlords_who_can_transmit_then_accounts_open_of_the_live_requests():
    assert values(cles.droits(states(3, 5), accounts(6, 12))) == {
        "bailleurs_prets": 3,
        "bailleurs_entres": 3,
        "comptes_ouverts": 6,
        "part_comptes_ouverts": 0.5,
    }
    assert values(cles.droits(states(0, 5), accounts(4, 9))) == {
        "bailleurs_prets": 0,
        "bailleurs_entres": 0,
        "comptes_ouverts": 4,
    }
    assert cles.droits(states(3, 5), accounts(6, 12)).unite[0] == "sur 5"
    assert cles.droits(states(0, 0), accounts(0, 0)).empty


POINTS = pd.DataFrame({"en_retard": [False, True, False, False]})
MILESTONES = pd.DataFrame(
    {"ecart_jours": pd.array([19, 7, 12], dtype="Int64"), "statut": ["tenu", "à venir", "à venir"]}
)
CLAUSES = pd.DataFrame({"statut": ["adoptée", "bloquée"]})
DECISIONS = pd.DataFrame({"etape": ["Arbitrer"]})


def test_figures_of_the_roll_out():
    assert values(cles.deploiement(MILESTONES, CLAUSES, POINTS)) == {
        "retard_calendrier": 12,
        "clauses_adoptees": 1,
        "points_en_retard": 1,
    }
    assert values(cles.deploiement(MILESTONES[:0], CLAUSES[:0], POINTS[:0], (5, 12))) == {"presents_formation": 5}
    assert cles.deploiement(MILESTONES[:0], CLAUSES[:0], POINTS[:0]).empty
    steps = pd.DataFrame({"ressaisie": ["oui", "non", None]})
    assert values(cles.processus(steps, DECISIONS)) == {"etapes_ressaisie": 1, "decisions_processus": 1}
    assert cles.processus(steps[:0], DECISIONS).empty
