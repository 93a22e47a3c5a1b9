"""What the note puts side by side, on tables worked by hand."""

import pandas as pd
import pytest

from spls_study.analysis.copil import note
from spls_study.analysis.copil.note import LANDLORDS, SIGNATORIES
from spls_study.codebook import Codebook
from spls_study.study import Territory

A = Territory(code="16", nom="Charente", departements=("16",))
B = Territory(code="17", nom="Charente-Maritime", departements=("17",))
ALL = Territory(code="region", nom="Région", departements=("16", "17"))


def states(*rows: tuple) -> pd.DataFrame:
    """organisme, departements, etat; all landlords."""
    table = pd.DataFrame(rows, columns=["organisme", "departements", "etat"], dtype="str")
    none = dict.fromkeys(("utilises", "ouverts", "en_attente", "refuses"), 0)
    return table.assign(nom=table.organisme, role="bailleur", famille="OPH", profil="Saisie", **none)


STATES = states(("B1", "16", "prêt"), ("B2", "16|17", "ne peut pas transmettre"), ("B3", "17", "aucun accès"))
SAID = pd.DataFrame(
    [("C1", "B1", "accord"), ("C1", "B3", "refus"), ("C2", "B1", "accord"), ("C2", "B3", "accord")],
    columns=["clause", "organisme", "position"],
).assign(theme="t", texte="t")
TRAINED = pd.DataFrame(
    {"territoire": ["16", "17", "region"], "presents": [3.0, None, 8.0], "places": [12, 10, 10], "public": "x"}
)
STEPS = pd.DataFrame({"gestionnaire": ["G", "G", "H"], "ressaisie": ["oui", "non", "non"]})
CALENDAR = pd.DataFrame(
    {
        "id": ["P", "Q", "R"],
        "territoire": ["16", "16", None],
        "libelle": ["avant", "après", "ailleurs"],
        "responsable": ["DDT 16", "DDT 16", "DREAL"],
        "fin_reelle": pd.to_datetime([None, None, None]),
        "fin_estimee": pd.to_datetime(["2014-11-05", "2014-11-20", "2014-11-30"]),
        "retard_jours": pd.array([0, 9, 1], dtype="Int64"),
    }
)
RATES = {"16": pd.DataFrame({"strate": ["total", "famille=OPH"], "repondants": [1, 1], "population": [2, 2]})}


def facts() -> pd.DataFrame:
    services = {"G": "16", "H": "17"}
    return note.par_territoire((A, B, ALL), STATES, RATES, SAID, TRAINED, STEPS, CALENDAR, services)


def test_each_territory_has_its_figures_and_no_row_where_there_are_no_data():
    found = {(f.cle, f.territoire): (f.valeur, f.sur) for f in facts().itertuples() if f.cle != "presentation"}
    assert found == {
        ("entres", "16"): (2, 2),
        ("prets", "16"): (1, 2),
        ("reponses", "16"): (1, 2),
        ("clauses", "16"): (2, 2),
        ("presents", "16"): (3, 12),
        ("ressaisies", "16"): (1, 2),
        ("entres", "17"): (1, 2),
        ("prets", "17"): (0, 2),
        ("clauses", "17"): (1, 2),
        ("ressaisies", "17"): (0, 1),
        ("entres", "region"): (2, 3),
        ("prets", "region"): (1, 3),
        ("clauses", "region"): (1, 2),
        ("presents", "region"): (11, 22),
        ("ressaisies", "region"): (1, 3),
    }
    last = facts().query("cle == 'presentation'")
    assert [(f.territoire, f.valeur, str(f.jour.date())) for f in last.itertuples()] == [("16", 9, "2014-11-20")]


def test_the_worst_are_all_those_alike_and_none_where_all_are():
    departments = facts().query("territoire != 'region'").reset_index(drop=True)
    found = departments[note.worst(departments)]
    assert list(zip(found.cle, found.territoire, strict=True)) == [
        ("ressaisies", "16"),
        ("entres", "17"),
        ("prets", "17"),
        ("clauses", "17"),
    ]
    even = departments.assign(valeur=1.0, sur=2.0)
    assert not note.worst(even).any()
    three = pd.DataFrame({"cle": "entres", "territoire": list("abc"), "valeur": [1, 1, 2], "sur": 2})
    assert list(note.worst(three)) == [True, True, False]


BOOK = Codebook(
    id="b",
    titre="B",
    question=[
        {
            "code": "Q1",
            "type": "choix_unique",
            "libelle": "?",
            "modalites": {"A": "a", "B": "b", "C": "c"},
            "phrases": {"A": "font a", "B": "font b"},
        },
        {
            "code": "Q2",
            "type": "echelle",
            "libelle": "?",
            "modalites": {"E1": "1", "E2": "2", "E3": "3", "E4": "4", "E5": "5"},
            "phrases": {"bas": "disent non", "haut": "disent oui"},
        },
        {"code": "Q3", "type": "choix_unique", "libelle": "?", "modalites": {"A": "a"}},
    ],
)


def answers(**counts: dict[str, int]) -> dict[str, pd.DataFrame]:
    rows = [(q, code, n, sum(own.values())) for q, own in counts.items() for code, n in own.items()]
    table = pd.DataFrame(rows, columns=["question", "modalite", "effectif", "base"])
    return {"b": pd.concat([table, table.assign(modalite="NR", effectif=9)])}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"Q1": {"A": 2, "B": 3, "C": 9}}, ("font b", 3, 14, False)),
        ({"Q1": {"A": 3, "B": 3, "C": 0}}, ("font a", 3, 6, True)),
        ({"Q2": {"E1": 1, "E2": 2, "E3": 9, "E4": 0, "E5": 4}}, ("disent oui", 4, 16, False)),
    ],
)
def test_the_phrase_that_most_answers_back_is_said(counts, told):
    found = note.phrases([f"b.{next(iter(counts))}"], answers(**counts), {"b": BOOK})
    assert list(found[["phrase", "effectif", "base", "ex_aequo"]].itertuples(index=False, name=None)) == [told]


def test_what_does_not_show_or_has_no_phrase_is_not_said():
    shown = answers(Q1={"A": 0, "B": 0, "C": 2}, Q3={"A": 4})
    assert note.phrases(["b.Q1", "b.Q2", "b.Q3", "b.Q9", "autre.Q1"], shown, {"b": BOOK}).empty


def test_who_has_the_earliest_date_comes_first_and_what_others_owe_is_told_elsewhere():
    points = pd.DataFrame(
        [
            ("ouvert", "AROSH", "Écrire", "2014-10-31"),
            ("ouvert", "DREAL", "Publier", "2014-07-04"),
            ("ouvert", "DREAL", "Relire", None),
            ("clos", "DREAL", "Fini", "2014-01-01"),
            ("ouvert", "DDT 79", "Trouver", "2014-10-03"),
            ("ouvert", None, "Personne", "2014-10-03"),
        ],
        columns=["statut", "responsable", "action", "echeance"],
    ).astype({"echeance": "datetime64[s]"})
    clauses = pd.DataFrame({"clause": ["C1", "C2", "C3"], "en_attente": [2, 0, 1]})
    accounts = pd.DataFrame({"organisme": ["B1", "B2", "DD16"], "etat": ["ouverte", "connectée", "ouverte"]})
    until = pd.Timestamp("2014-11-10")
    table = note.qui_fait_quoi(points, CALENDAR, clauses, STATES, accounts, {"DDT 79"}, until)
    assert list(table[["qui", "quoi"]].itertuples(index=False, name=None)) == [
        ("DREAL", "Publier"),
        ("DREAL", "Relire"),
        ("AROSH", "Écrire"),
        ("DDT 16", "avant"),
        (LANDLORDS, "Obtenir un compte (1 bailleur sans accès)"),
        (LANDLORDS, "Première connexion (1 compte jamais utilisé)"),
        (SIGNATORIES, "Répondre sur C1 et C3 de la charte (3 réponses attendues)"),
    ]
    nobody = note.qui_fait_quoi(points[:0], CALENDAR[:0], clauses[:0], STATES[:0], accounts[:0], set(), until)
    assert nobody.empty
