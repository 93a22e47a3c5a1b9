"""Report 2: its parts, what its titles say, what its figures are made of; hand-checked."""

from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import codebook, question, typed

from spls_study.analysis.methods import frame
from spls_study.analysis.questionnaires import constats, panneaux, sujets
from spls_study.analysis.questionnaires.shown import NOT_SHOWN
from spls_study.analysis.questionnaires.sujets import Partie, Sujet
from spls_study.analysis.questionnaires.tables import ANSWERS, NAMED

MEANS = {"c": "Courriel", "p": "Papier", "r": "Réunion", "t": "Tableur"}
OPINION = {"e1": "Pas du tout", "e2": "Plutôt non", "e3": "Plutôt oui", "e4": "Tout à fait"}
PARTS = {"d": "Délai", "r": "Règles", "s": "Suivi", "o": "Outils"}
MULTIPLE = {"modalites": MEANS, "etape": "recensement", "commun": "moyens", "bloc": "Moyens"}
GRID = {"modalites": OPINION, "sous_questions": PARTS, "etape": "instruction", "commun": "avis", "bloc": "Avis"}
DATE = {"modalites": {"o": "Oui", "n": "Non"}, "phrases": {"n": "n'ont reçu aucune date"}, "etape": "recensement"}
BAILLEURS = codebook(
    question("B1", "choix_multiple", "Par quels moyens ?", **MULTIPLE),
    question("B2", "echelle", "Avis ?", **GRID),
    question("B3", "choix_unique", "Date ?", bloc="Avis", **DATE),
    question("B4", "texte", "Pourquoi ?", bloc="Avis"),
    question("B5", "nombre", "Combien ?", bloc="Équipement : postes"),
    question("B6", "texte", "Qui ?", bloc="Secret", diffusion="interne"),
    question("B7", "classement", "Dans quel ordre ?", modalites=MEANS, rangs=2, bloc="Équipement : postes"),
    question("B8", "date", "Quand ?", bloc="Équipement : postes"),
    question("B9", "echelle", "Charge ?", bloc="Charge", modalites=OPINION, commun="charge"),
)
SERVICES = codebook(
    question("G1", "choix_multiple", "Par quels moyens recensez-vous ?", **MULTIPLE),
    question("G2", "nombre", "Combien de jours ?", bloc="Délais", etape="instruction"),
    question("G3", "echelle", "Votre charge ?", bloc="Délais", etape="suivi", modalites=OPINION, commun="charge"),
    question("G4", "echelle", "Votre avis ?", **GRID),
    question("G5", "date", "Quel jour ?", bloc="Délais", etape="suivi"),
    id="g",
    titre="Gestionnaires",
    population="gestionnaire",
    nominatif=True,
)
BOOKS = {"b": BAILLEURS, "g": SERVICES}
BODIES = ("DDT 16", "DDTM 17")
COUNTED = "B1 - 10 4,9,1,0 | B2 d 10 3,4,2,1 | B2 r 10 1,1,4,4 | B3 - 8 2,6 | B5 - 7 2,3.5,4"
BY_NAME = "G1 - 2 2,1,0,0 | G2 - 2 10,12,14 | G3 - 2 0,1,0,1"


def answers(text: str, **more: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`reponses`, typed: question, part, base, then the count of each answer or, of values, their quartiles.

    And `reponses_nominatives`, of the two services: they answer so, the second nothing where one answered.
    """
    rows, names = [], []
    for own in typed("question sous_question base counts", text):
        book = BOOKS[own["question"][0].lower()]
        asked, base = book.by_code[own["question"]], int(own["base"])
        numbers = [float(n) for n in own["counts"].split(",")]
        keys = asked.choices or dict.fromkeys(("q1", "mediane", "q3"), "")
        given = {"questionnaire": book.id, **own, "sous_question": own["sous_question"] or "", "base": base}
        what = "effectif" if asked.choices else "valeur"
        rows += [given | {"modalite": key, "libelle": keys[key], what: n} for key, n in zip(keys, numbers, strict=True)]
        values = [f"{date(1970, 1, 1) + timedelta(n)}" if asked.type == "date" else f"{n:g}" for n in numbers[::2]][
            :base
        ]
        said = [*zip_longest(BODIES, values, fillvalue="NR")]
        if asked.choices:
            said = [(who, key) for key, n in zip(keys, numbers, strict=True) for who in BODIES[: int(n)]]
        if asked.type == "echelle":
            said = [*zip(BODIES, [key for _, key in said], strict=False)]
        names += [
            given | {"organisme": who, "modalite": key, "libelle": keys.get(key, key)}
            for who, key in said
            if book is SERVICES
        ]
    return frame(rows, ANSWERS).assign(**more), frame(names, NAMED)


def report(counted: str = f"{COUNTED} | {BY_NAME}") -> list[Partie]:
    return sujets.parties(BOOKS, *answers(counted), grilles=True)


def told(counted: str) -> list[Sujet]:
    """The subjects of these answers, in the order of the report."""
    return [s for p in report(counted) for s in (*p.sujets, *p.nommes)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_parts_are_steps_then_blocks_and_what_has_no_figure_joins_its_neighbour() -> None:
    parts = report()
    assert [(p.nom, [s.question.code for s in (*p.sujets, *p.nommes)]) for p in parts] == [
        ("Recenser", ["B1", "B3"]),
        ("Instruire et décider, suivre", ["B2", "B5", "G2", "G3"]),
    ]
    # A free answer stands with the step that its block has first, a private one nowhere.
    assert ("b", "B4") in parts[1].questions and not any(("b", "B6") in p.questions for p in parts)


YES, NO = "répondent « Plutôt oui » ou « Tout à fait »", "répondent « Pas du tout » ou « Plutôt non »"
WELL = f"6 bailleurs sur 8 {YES}"
NINE = "plus de la moitié des 9 bailleurs"
TITLES = {
    "B1 - 10 4,9,1,0": "9 bailleurs sur 10 citent « Papier »",
    "B1 - 10 1,0,0,0": "1 bailleur sur 10 cite « Courriel »",
    "B1 - 10 10,2,1,0": "Les 10 bailleurs citent « Courriel »",
    "B1 - 10 5,5,1,0": "« Courriel » et « Papier » sont cités par 5 bailleurs sur 10 chacun, ex aequo",
    "B1 - 10 5,5,5,5": "4 réponses ex aequo : 5 bailleurs sur 10 citent chacune",
    "B1 - 10 0,0,0,0": "Aucune des réponses proposées n'est donnée par 10 bailleurs",
    "B3 - 8 2,6": "6 bailleurs sur 8 n'ont reçu aucune date",
    "B7 1 8 2,6,0,0": "6 bailleurs sur 8 placent en tête « Papier »",
    # Beside what bodies say by name.
    "B1 - 9 0,9,0,0 | G1 - 2 2,1,0,0": "Les 9 bailleurs citent « Papier », et 1 gestionnaire sur 2",
    "B1 - 9 0,9,0,0 | G1 - 2 2,0,0,0": "Les 9 bailleurs citent « Papier », mais aucun des 2 gestionnaires",
    "B1 - 9 9,0,0,0 | G1 - 1 1,0,0,0": "Les 9 bailleurs citent « Courriel », DDT 16 aussi",
    "B1 - 9 9,0,0,0 | G1 - 1 0,1,0,0": "Les 9 bailleurs citent « Courriel », pas DDT 16",
    # A scale: the half that most gave, on what; a point that nobody answered is none.
    "B9 - 8 1,1,2,4": WELL,
    "B2 d 9 3,4,1,1 | B2 r 9 1,1,3,3": f"7 bailleurs sur 9 {NO} : « Délai »",
    " | ".join(f"B2 {part} 4 0,0,2,2" for part in PARTS): f"Les 4 bailleurs {YES} à chacun des 4 points",
    "B2 d 9 0,0,9,0 | B2 r 0 0,0,0,0": f"Les 9 bailleurs {YES}",
    "B2 d 8 0,0,3,3 | B2 r 8 0,0,1,5 | G4 d 2 0,0,1,1": f"{WELL} : « Délai » et « Règles »",
    "B2 d 8 0,0,3,3 | B2 r 8 0,0,1,1 | G4 d 2 1,0,1,0": f"{WELL} : « Délai », et 1 gestionnaire sur 2",
}
CHARGE = "B9 - 8 1,1,2,4 | B1 - 9 9,0,0,0"
AGREED = {
    f"{CHARGE} | G3 - 2 0,0,1,1 | G1 - 2 2,0,0,0": "s'accordent sur les 2 questions communes",
    f"{CHARGE} | G3 - 2 0,0,1,1 | G1 - 2 0,2,0,0": "s'accordent sur 1 question commune sur 2",
    f"{CHARGE} | G3 - 2 2,0,0,0 | G1 - 2 0,2,0,0": "ne s'accordent sur aucune des 2 questions communes",
    "B2 d 9 0,0,9,0 | G4 d 2 0,0,0,2 | B2 r 9 0,0,9,0 | G4 r 2 0,0,2,0": "s'accordent sur 1 question commune",
    "B2 d 9 0,0,9,0 | G4 d 2 0,0,0,2 | B2 r 9 0,0,9,0 | G4 r 2 2,0,0,0": "ne s'accordent pas sur 1 question commune",
    "B2 d 9 0,0,9,0 | G4 r 2 0,0,2,0": "",  # no point in common
    "B1 - 9 9,0,0,0": "",
}
HEADINGS = {
    "B1 - 9 9,0,0,0 | G1 - 2 2,0,0,0": "Recenser : bailleurs et gestionnaires s'accordent sur 1 question commune",
    "B1 - 9 9,0,0,0 | B3 - 9 6,3": f"Recenser : une même réponse réunit {NINE} à 2 questions sur 2",
    "B1 - 9 4,0,0,0": f"Recenser : aucune réponse ne réunit {NINE}",
    "B5 - 7 2,3.5,4 | B8 - 9 1,2,3": "Recenser : 9 bailleurs répondent à 2 questions",
    "G1 - 2 2,0,0,0": "Recenser : Les 2 gestionnaires citent « Courriel »",
    "G3 - 2 0,0,1,1": f"Suivre : Les 2 gestionnaires {YES}",
    "G2 - 2 10,12,14": "Instruire et décider : « Combien de jours ? » : de 10 à 14 selon les 2 gestionnaires",
    "G5 - 2 16218,16220,16222": "Suivre : « Quel jour ? » : du 28 mai au 1er juin selon les 2 gestionnaires",
    "G5 - 1 16222,16222,16222": "Suivre : « Quel jour ? » : 1er juin selon les 2 gestionnaires",
}


def test_a_sentence_has_its_number_its_ties_and_what_bodies_say() -> None:
    assert {counted: plain(constats.constat(told(counted)[0])) for counted in TITLES} == TITLES
    both = "bailleurs et gestionnaires "
    assert {counted: plain(constats.accords(told(counted))).removeprefix(both) for counted in AGREED} == AGREED
    parts = {counted: next(p for p in report(counted) if p.sujets or p.nommes) for counted in HEADINGS}
    assert {counted: plain(constats.entente(part)) for counted, part in parts.items()} == HEADINGS
    three = told("B1 - 4 4,0,0,0") + told("B3 - 4 4,0") + told("B7 1 4 4,0,0,0")
    assert plain(constats.unanimes(three)) == "Les 4 bailleurs donnent la même réponse à 3 questions"
    assert constats.le_plus_partage(told(COUNTED)) == "6 bailleurs sur 8 n'ont reçu aucune date"
    assert constats.le_plus_partage(told("B1 - 10 4,9,1,0")) == ""
    assert plain(constats.sans_graphique(told("B5 - 7 2,3.5,4"))) == "Combien ? Médiane : 3,5 (7 réponses)."


def test_an_answer_by_name_is_read() -> None:
    for kind, said, read in (("date", "2014-05-28", "28/05/2014"), ("nombre", "2.5", "2,5"), ("nombre", "NR", "n.d.")):
        [answer] = pd.DataFrame({"modalite": [said], "libelle": ["?"]}).itertuples()
        assert sujets.donnee(codebook(question("Q", kind)).by_code["Q"], answer) == read


def panels(counted: str, region: str = "") -> list[panneaux.Panneau]:
    [part] = [p for p in report(counted) if p.sujets or p.nommes]
    return panneaux.panneaux(part.sujets, part.nommes, BODIES, answers(region)[0])


def test_bars_are_sorted_bodies_marked_on_their_row_and_a_department_has_the_region_as_a_mark() -> None:
    [panel] = panels("B1 - 10 4,9,1,0 | G1 - 2 2,1,0,0", "B1 - 20 10,5,0,0")
    assert panel.lignes == ["Papier", "Courriel", "Réunion", "Tableur"] and panel.colonnes == ["16", "17"]
    shares = [[0.9, "tete"], [0.4, "reste"], [0.1, "reste"], [0.0, "reste"]]
    assert panel.barres[["bout", "teinte"]].to_numpy().tolist() == shares
    assert panel.marques[["y", "x", "texte"]].to_numpy().tolist() == [[1, 0, "●"], [1, 1, "●"], [0, 0, "●"]]
    assert dict(panel.reperes.itertuples(index=False)) == {1: 0.5, 0: 0.25, 2: 0.0, 3: 0.0}
    assert plain(panel.champ) == "10 bailleurs et 2 gestionnaires (●)."
    assert panel.intervalles.empty and panels("B1 - 10 4,9,1,0")[0].reperes.empty
    assert panneaux.services(answers(BY_NAME)[1]) == [*BODIES]


def test_a_sample_has_its_intervals_and_a_long_list_its_first_answers() -> None:
    many = {f"m{i}": f"Réponse {i}" for i in range(32)}
    book = codebook(question("B1", "choix_unique", modalites=many), population=None)
    rows = [{"modalite": key, "libelle": many[key], "effectif": 1, "base": 32} for key in many]
    table = frame(rows, ANSWERS).assign(questionnaire="b", question="B1", sous_question="", ic_bas=0.0, ic_haut=0.2)
    [part] = sujets.parties({"b": book}, table, frame((), NAMED), grilles=True)
    [panel] = panneaux.panneaux(part.sujets, [], [], table.head(0))
    assert len(panel.lignes) == len(panel.intervalles) == 30 and "2 autres en annexe" in plain(panel.lecture)
    assert plain(panel.mots.texte[0]) == "1 (3 %)"


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any))
def test_a_scale_has_its_counts_end_to_end_astride_its_middle(counts: list[int]) -> None:
    [panel] = panels(f"B9 - {sum(counts)} {','.join(map(str, counts))}")
    assert [int(word) for word in panel.mots.texte] == [n for n in counts if n]
    ends = panel.barres.bout * sum(counts)
    assert (ends.max(), -ends.min()) == pytest.approx((sum(counts[2:]), sum(counts[:2])))


def test_a_grid_has_signs_and_values() -> None:
    [panel] = panels("G2 - 2 10,12,14 | G3 - 2 0,1,0,1 | G5 - 1 16222,16222,16222")
    assert panel.lignes == ["Combien de jours ?", "Réponse", "Votre charge ?", "Réponse", "Quel jour ?", "Réponse"]
    assert panel.tetes == [0, 2, 4] and [*panel.marques.texte] == ["10", "14", "−", "++", "1/6", "n.d."]


def test_by_department_the_answer_that_most_give() -> None:
    counts = {"16": "4 1,3", "17": "8 4,4", "79": "0 0,0"}
    there = [answers(f"B3 - {n}", territoire=code)[0] for code, n in counts.items()]
    where, names = {"16": "en Charente", "17": "à Paris"}, {"16": "Charente", "17": "Paris"}
    for table, title, lines in (
        (pd.concat(there), "en Charente, 4 sur 8 à Paris", {"Charente": 0.75, "Paris": 0.5}),
        (there[0], "en Charente", {"Charente": 0.75}),
    ):
        [panel] = panneaux.par_departement(told("B3 - 12 5,7"), table, where, names)
        assert panel.titre == f"3 bailleurs sur 4 n'ont reçu aucune date {title}"
        assert dict(zip(panel.lignes, panel.barres.bout, strict=True)) == lines
    assert panneaux.par_departement(told("B3 - 12 5,7"), there[0].head(0), where, names) == []


def test_the_annex_tells_every_count_and_who_said_what() -> None:
    parts = report(f"{COUNTED} | {BY_NAME} | B7 1 3 2,1,0,0 | B8 - 3 16221,16222,16223 | B7 rang_moyen 0 0,0,0,0")
    every = [s for book in "bg" for s in sujets.en_annexe(parts, book, drawn=True)]
    rows = constats.annexe(every, dict(zip(BODIES, ("16", "17"), strict=True)))
    assert dict(zip(rows.question.str[:2], map(plain, rows.repartition), strict=True)) == {
        "B1": "Courriel 4, Papier 9, Réunion 1, Tableur 0",
        "B2": f"{' · '.join(OPINION.values())} : Délai 3 · 4 · 2 · 1 (10) ; Règles 1 · 1 · 4 · 4 (10)",
        "B3": "Oui 2, Non 6",
        "B5": "médiane 3,5, quartiles 2 et 4",
        "B7": "en tête : Courriel 2, Papier 1, Réunion 0, Tableur 0 ; rang moyen : ",
        "B8": "médiane 01/06/2014, quartiles 31/05/2014 et 02/06/2014",
        "G1": "Courriel (16, 17), Papier (16)",
        "G2": "10 (16), 14 (17)",
        "G3": "Plutôt non (16), Tout à fait (17)",
    }
    assert [s.question.code for s in sujets.en_annexe(parts, "g", drawn=False)] == ["G2", "G3"]
    assert not sujets.en_annexe(parts, "b", drawn=False)


def test_what_does_not_show_is_told_with_why() -> None:
    few = [("b", "B2", part, "16", 3, "trop peu", "Avis ?") for part in "dr"]
    hidden = frame([*few, ("b", "B3", "", "16", None, "aucune réponse", "Date ?")], NOT_SHOWN)
    assert [*map(plain, constats.non_montrees(hidden, BOOKS, [("b", "B1"), ("b", "B2"), ("b", "B3")]))] == [
        "B2. Avis ? (« Délai » et « Règles ») : 3 réponses reçues, trop peu.",
        "B3. Date ? : aucune réponse.",
    ]


def test_how_many_answered_and_who_did_not_by_family() -> None:
    everyone = "Dans chaque famille, tous les bailleurs ont répondu (ESH)."
    for rates, answered, by_family in (
        ("6 3 | ESH 2 2 | MOI 4 1", "3 bailleurs sur 6 ont répondu", "Manquent 3 MOI sur 4 ; ont tous répondu : ESH."),
        ("2 1 | ESH 2 1", "1 bailleur sur 2 a répondu", "Manquent 1 ESH sur 2."),
        ("6 6 | ESH 6 6", "les 6 bailleurs ont répondu", everyone),
        ("1 1", "le seul bailleur interrogé a répondu", ""),
        ("- 3", "3 bailleurs ont répondu", ""),
        ("6 0", "aucun bailleur n'a répondu", ""),
    ):
        table = pd.DataFrame(typed("strate population repondants", f"total {rates}"))
        table = table.astype({"population": "Int64", "repondants": "Int64"})
        table["strate"] = table["strate"].where(table["strate"] == "total", "famille=" + table["strate"])
        assert plain(constats.taux(table, "bailleur")) == answered
        assert plain(constats.absents_par_famille(table, "bailleur")) == by_family
