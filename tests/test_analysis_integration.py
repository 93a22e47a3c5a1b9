from datetime import date

import pandas as pd
from samples import frame

from spls_study.analysis.deploiement.calendrier import calendrier
from spls_study.analysis.processus.integration import concerning, decisions, integration, nouvelles, reprise
from spls_study.analysis.processus.processes import etapes, steps
from spls_study.study import Gestionnaire

SERVICES = (
    Gestionnaire(id="DD016", nom="DDT 16", departement="16"),
    Gestionnaire(id="DD017", nom="DDTM 17", departement="17"),
)
SAVE = {"etape": "Saisir", "ordre": 1, "fonction_spls": "Saisie", "couverture": "couvert", "acteur_cible": "Bailleur"}
CHECK = {"etape": "Vérifier", "ordre": 2, "fonction_spls": "Pièces", "couverture": "à adapter"}
VOTE = {"etape": "Voter", "ordre": 3, "couverture": "hors SPLS"}
TARGET = frame("etapes_spls", [SAVE, CHECK | {"acteur_cible": "Gestionnaire"}, VOTE])
DAY = date(2014, 7, 10)


def milestones(*rows: dict[str, object]) -> pd.DataFrame:
    table = calendrier(frame("calendrier", rows, type="jalon"), pd.Timestamp(DAY))
    return table[table.type == "jalon"]


MILESTONES = milestones(
    {"id": "J1", "libelle": "COPIL", "fin_prevue": "2014-07-10"},
    {"id": "J2", "libelle": "COPIL final", "debut_prevu": "2014-12-09"},
    {"id": "J3", "libelle": "Signature de la charte", "fin_prevue": "2014-12-20"},
)


def table(*rows: dict[str, object]) -> pd.DataFrame:
    ordered = [{"ordre": i} | row for i, row in enumerate(rows, 1)]
    told = frame("processus", ordered, gestionnaire="DD016", acteur="Bailleur", support="SPLS")
    return etapes(steps(told, SERVICES))


def placed(*rows: dict[str, object]) -> pd.DataFrame:
    return integration(table(*rows), TARGET, "SPLS", SERVICES)


def test_each_step_is_placed_and_says_what_changes() -> None:
    found = placed(
        {"etape": "SAISIR", "support": "papier et courriel", "ressaisie": "oui", "acteur": "Commune"},
        {"etape": "vérifier", "acteur": "ddt 16", "support": "papier"},
        {"etape": "Voter", "support": "papier"},
        {"etape": "Visiter"},
    )
    assert found[["couverture", "ecart"]].to_numpy().tolist() == [
        [
            "couvert",
            "acteur\u00a0: Commune → Bailleur\u202f; support\u00a0: papier et courriel → SPLS"
            "\u202f; ressaisie à supprimer",
        ],
        ["à adapter", "support\u00a0: papier → SPLS"],
        ["hors SPLS", "aucun"],
        ["hors SPLS", "sans équivalent dans la cible"],
    ]


def test_nothing_changes_where_today_is_the_target() -> None:
    assert placed({"etape": "Saisir"}).ecart.tolist() == ["aucun"]
    assert placed({"etape": "Saisir", "support": None}).ecart.tolist() == ["support\u00a0: support inconnu → SPLS"]


def test_the_passes_of_a_step_are_one() -> None:
    found = placed(
        {"etape": "Saisir"}, {"etape": "Vérifier", "acteur": "DDT 16"}, {"etape": "Saisir", "ressaisie": "oui"}
    )
    assert found.etape.tolist() == ["Saisir", "Vérifier"]
    assert found.ecart[0] == "ressaisie à supprimer"


def test_new_steps_are_those_of_the_target_inside_the_application() -> None:
    new = nouvelles(table({"etape": "saisir"}, {"etape": "Vérifier", "gestionnaire": "DD017"}), TARGET)
    assert new[["gestionnaire", "etape"]].to_numpy().tolist() == [["DD016", "Vérifier"], ["DD017", "Saisir"]]


def test_a_decision_says_who_and_before_which_coming_milestone() -> None:
    steps_ = table(
        {"etape": "Visiter"},
        {"etape": "Vérifier", "acteur": "DDT 16"},
        {"etape": "Vérifier", "gestionnaire": "DD017", "acteur": "DDTM 17"},
    )
    found = decisions(integration(steps_, TARGET, "SPLS", SERVICES), nouvelles(steps_, TARGET), MILESTONES, DAY)
    rows = found.set_index("etape")
    assert rows[["objet", "gestionnaires", "qui", "jalon"]].to_numpy().tolist() == [
        ["nouveauté", "DD016|DD017", "équipe projet", "Signature de la charte"],
        ["outil", "DD016|DD017", "équipe projet", "Signature de la charte"],
        ["périmètre", "DD016", "DD016", "COPIL final"],
    ]
    assert rows.echeance["Visiter"] == pd.Timestamp("2014-12-09")
    assert concerning(found, ["DD017"]).etape.tolist() == ["Saisir", "Vérifier"]


def test_a_decision_is_due_when_its_milestone_is_estimated_not_when_it_was_planned() -> None:
    late = {"id": "T", "type": "tâche", "debut_prevu": "2014-07-01", "fin_prevue": "2014-07-09"}
    pushed = {"id": "J", "libelle": "COPIL", "fin_prevue": "2014-07-10", "depend_de": "T"}
    one = placed({"etape": "Visiter"})
    found = decisions(one, nouvelles(table({"etape": "Voter"}), TARGET).iloc[:0], milestones(late, pushed), DAY)
    assert found.echeance.tolist() == [pd.Timestamp("2014-07-22")]  # seven working days from the 10th end on the 21st


def test_without_milestone_a_decision_has_none_and_without_gap_there_is_no_decision() -> None:
    one = placed({"etape": "Voter"})
    none = nouvelles(table({"etape": "Voter"}), TARGET).iloc[:0]
    found = decisions(one, none, milestones(), DAY)
    assert found.jalon.isna().all() and found.echeance.isna().all() and len(found) == 1
    assert decisions(one.iloc[:0], none, MILESTONES, DAY).empty


def test_what_the_application_takes_over_is_counted_at_every_pass() -> None:
    steps_ = table(
        {"etape": "Saisir", "ressaisie": "oui"},
        {"etape": "saisir", "ressaisie": "non"},
        {"etape": "Visiter", "ressaisie": "oui"},
        {"etape": "Voter"},
    )
    found = reprise(steps_, integration(steps_, TARGET, "SPLS", SERVICES))
    assert found[["etape", "ressaisie", "couverture", "supprimee"]].to_numpy().tolist() == [
        ["Saisir", True, "couvert", True],
        ["Saisir", False, "couvert", False],
        ["Visiter", True, "sans place", False],
        ["Voter", False, "hors SPLS", False],
    ]
