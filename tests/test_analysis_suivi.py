import pandas as pd

from spls_study.analysis.copil import suivi


def values(table: pd.DataFrame) -> dict[str, float]:
    return dict(zip(table.cle, table.valeur, strict=True))


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
    assert values(suivi.questionnaires([("bailleurs", rates(10, 5))])) == {"reponses_q": 5, "taux_reponse_q": 0.5}
    few = suivi.questionnaires([("bailleurs", rates(9, 5))])
    assert values(few) == {"reponses_q": 5}
    assert few[["unite", "libelle"]].iloc[0].tolist() == ["sur 9", "réponses des bailleurs"]
    assert suivi.questionnaires([]).empty


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
    assert values(suivi.droits(states(3, 5), accounts(6, 12))) == {
        "bailleurs_prets": 3,
        "bailleurs_entres": 3,
        "comptes_ouverts": 6,
        "part_comptes_ouverts": 0.5,
    }
    assert values(suivi.droits(states(0, 5), accounts(4, 9))) == {
        "bailleurs_prets": 0,
        "bailleurs_entres": 0,
        "comptes_ouverts": 4,
    }
    assert suivi.droits(states(3, 5), accounts(6, 12)).unite[0] == "sur 5"
    assert suivi.droits(states(0, 0), accounts(0, 0)).empty


POINTS = pd.DataFrame(
    {
        "id": ["P1", "P2", "P3", "P4"],
        "point": ["un", "deux", "trois", "quatre"],
        "statut": ["ouvert", "ouvert", "ouvert", "clos"],
        "responsable": ["A", "B", "C", "D"],
        "echeance": pd.to_datetime(["2014-09-01", "2014-07-01", "2014-08-01", "2014-06-01"]),
        "en_retard": [False, True, False, False],
        "decision": [None, None, "décidé", None],
    }
)
MILESTONES = pd.DataFrame(
    {
        "id": ["J1", "J2", "J3"],
        "libelle": ["lancement", "COPIL", "fin"],
        "prevu": pd.to_datetime(["2014-06-01", "2014-09-30", "2014-12-01"]),
        "reel_ou_estime": pd.to_datetime(["2014-06-20", "2014-10-07", "2014-12-13"]),
        "ecart_jours": pd.array([19, 7, 12], dtype="Int64"),
        "statut": ["tenu", "à venir", "à venir"],
    }
)
CLAUSES = pd.DataFrame({"clause": ["C1", "C2"], "statut": ["adoptée", "bloquée"]})
DECISIONS = pd.DataFrame(
    {"etape": ["Arbitrer"], "objet": ["acteur|outil"], "qui": ["DD016"], "echeance": pd.to_datetime(["2014-11-01"])}
)


def test_figures_of_the_roll_out():
    assert values(suivi.deploiement(MILESTONES, CLAUSES, POINTS)) == {
        "retard_calendrier": 12,
        "clauses_adoptees": 1,
        "points_en_retard": 1,
    }
    assert values(suivi.deploiement(MILESTONES[:0], CLAUSES[:0], POINTS[:0], (5, 12))) == {"presents_formation": 5}
    assert suivi.deploiement(MILESTONES[:0], CLAUSES[:0], POINTS[:0]).empty
    steps = pd.DataFrame({"ressaisie": ["oui", "non", None]})
    assert values(suivi.processus(steps, DECISIONS)) == {"etapes_ressaisie": 1, "decisions_processus": 1}
    assert suivi.processus(steps[:0], DECISIONS).empty
