"""Report 2: its parts, what its titles say, what its figures are made of; hand-checked."""

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import codebook, question

from spls_study.analysis.methods import frame
from spls_study.analysis.questionnaires import annexe, constats, panneaux, sujets
from spls_study.analysis.questionnaires.sujets import Sujet
from spls_study.analysis.questionnaires.tables import ANSWERS as TYPES
from spls_study.analysis.questionnaires.tables import NAMED as NAMED_TYPES
from spls_study.codebook import Codebook

MEANS = {"c": "Courriel", "p": "Papier", "r": "Réunion"}
OPINION = {"e1": "Pas du tout", "e2": "Plutôt non", "e3": "Plutôt oui", "e4": "Tout à fait"}
PARTS = {"d": "Délai", "r": "Règles"}
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
)
SERVICES = codebook(
    question("G1", "choix_multiple", "Par quels moyens recensez-vous ?", **MULTIPLE),
    question("G2", "nombre", "Combien de jours ?", bloc="Délais", etape="instruction"),
    question("G3", "echelle", "Charge ?", bloc="Délais", etape="suivi", modalites=OPINION),
    id="g",
    titre="Gestionnaires",
    population="gestionnaire",
    nominatif=True,
)
BOOKS = {"b": BAILLEURS, "g": SERVICES}


def counted(book: Codebook, code: str, counts: Sequence[int], base: int, part: str = "") -> pd.DataFrame:
    rows = [
        {"modalite": key, "libelle": label, "effectif": n, "base": base, "sous_question": part}
        for (key, label), n in zip(book.by_code[code].choices.items(), counts, strict=True)
    ]
    return frame(rows, TYPES).assign(questionnaire=book.id, question=code)


def numbers(book: Codebook, code: str, base: int, **values: float) -> pd.DataFrame:
    rows = [{"modalite": "n", "effectif": base}] + [{"modalite": key, "valeur": v} for key, v in values.items()]
    return frame(rows, TYPES).assign(questionnaire=book.id, question=code, sous_question="", base=base)


def said(code: str, *answers: tuple[str, str]) -> pd.DataFrame:
    choices = SERVICES.by_code[code].choices
    return frame([("g", code, "", who, what, choices.get(what, what)) for who, what in answers], NAMED_TYPES)


ANSWERS = pd.concat(
    [
        counted(BAILLEURS, "B1", [4, 9, 1], 10),
        counted(BAILLEURS, "B2", [3, 4, 2, 1], 10, "d"),
        counted(BAILLEURS, "B2", [1, 1, 4, 4], 10, "r"),
        counted(BAILLEURS, "B3", [2, 6], 8),
        numbers(BAILLEURS, "B5", 7, q1=2.0, mediane=3.5, q3=4.0),
        counted(SERVICES, "G1", [2, 1, 0], 2),
        numbers(SERVICES, "G2", 2, q1=11.0, mediane=12.0, q3=13.0),
        counted(SERVICES, "G3", [0, 1, 0, 1], 2),
    ],
    ignore_index=True,
)
NAMED = pd.concat(
    [
        said("G1", ("DDT 16", "c"), ("DDT 16", "p"), ("DDTM 17", "c")),
        said("G2", ("DDT 16", "10"), ("DDTM 17", "14")),
        said("G3", ("DDT 16", "e4"), ("DDTM 17", "e2")),
    ],
    ignore_index=True,
)


PARTIES = sujets.parties(BOOKS, ANSWERS, NAMED, grilles=True)
NONE = ANSWERS.head(0)


def told(code: str) -> Sujet:
    """The subject of a question in the report."""
    return next(s for p in PARTIES for s in (*p.sujets, *p.nommes) if s.question.code == code)


def test_parts_are_steps_then_blocks_and_what_has_no_figure_joins_its_neighbour() -> None:
    told = [(p.nom, [s.question.code for s in (*p.sujets, *p.nommes)]) for p in PARTIES]
    assert told == [("Recenser", ["B1", "B3"]), ("Instruire et décider, suivre", ["B2", "B5", "G2", "G3"])]

    # A free answer stands with its block, a private one nowhere.
    assert ("b", "B4") in PARTIES[1].questions  # the step that its block has first
    assert not any(("b", "B6") in p.questions for p in PARTIES)


def ten(*counts: int) -> Sujet:
    """B1 as ten bailleurs answered it."""
    return Sujet(BAILLEURS, BAILLEURS.by_code["B1"], "", counted(BAILLEURS, "B1", counts, 10), NAMED.head(0))


def test_a_sentence_has_its_number_its_ties_and_what_bodies_say() -> None:
    constat, each = constats.constat, "par 5 bailleurs sur 10 chacun, ex aequo"
    for sentence, words in (
        (constat(told("B1")), "9 bailleurs sur 10 citent « Papier », et 1 gestionnaire sur 2"),
        (constat(told("B3")), "6 bailleurs sur 8 n'ont reçu aucune date"),
        (constat(told("B2")), "8 bailleurs sur 10 répondent « Plutôt oui » ou « Tout à fait » : « Règles »"),
        (constat(ten(5, 5, 1)), f"« Courriel » et « Papier » sont cités {each}"),
        (constat(ten(0, 0, 0)), "Aucune des réponses proposées n'est donnée par 10 bailleurs"),
        (constat(ten(10, 2, 1)), "Les 10 bailleurs citent « Courriel »"),
        (constat(ten(1, 0, 0)), "1 bailleur sur 10 cite « Courriel »"),
        (constats.accords(PARTIES[0].sujets), "bailleurs et gestionnaires ne s'accordent pas sur 1 question commune"),
        (constats.entente(PARTIES[0])[:24], "Recenser : bailleurs et "),
        (constats.le_plus_partage([told("B3")]), "6 bailleurs sur 8 n'ont reçu aucune date"),
        (annexe.sans_graphique([told("B5")]), "Combien ? Médiane : 3,5 (7 réponses)."),
        (constats.unanimes([told("G2")]), "« Combien de jours ? » : de 10 à 14 selon les 2 gestionnaires"),
    ):
        assert sentence.replace("\u00a0", " ") == words


def test_an_answer_by_name_is_read():
    for kind, said_, read in (("date", "2014-05-28", "28/05/2014"), ("nombre", "2.5", "2,5"), ("nombre", "NR", "n.d.")):
        [answer] = pd.DataFrame({"modalite": [said_], "libelle": ["?"]}).itertuples()
        assert sujets.donnee(codebook(question("Q", kind)).by_code["Q"], answer) == read


def test_bars_are_sorted_bodies_marked_on_their_row_and_a_department_has_the_region_as_a_mark() -> None:
    region = counted(BAILLEURS, "B1", [10, 5, 0], 20)
    panel, there = (panneaux.panneaux([told("B1")], [], ["DDT 16", "DDTM 17"], beside)[0] for beside in (NONE, region))
    assert panel.lignes == ["Papier", "Courriel", "Réunion"] and panel.colonnes == ["16", "17"]
    assert panel.barres[["bout", "teinte"]].to_numpy().tolist() == [[0.9, "tete"], [0.4, "reste"], [0.1, "reste"]]
    assert panel.marques[["y", "x"]].to_numpy().tolist() == [[1, 0], [0, 0], [1, 1]]
    assert panel.reperes.empty and panel.intervalles.empty
    assert dict(there.reperes.itertuples(index=False)) == {1: 0.5, 0: 0.25, 2: 0.0}


@given(st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any))
def test_a_scale_has_its_counts_end_to_end_astride_its_middle(counts: list[int]) -> None:
    rows = counted(BAILLEURS, "B2", counts, sum(counts), "d")
    [panel] = panneaux.panneaux([Sujet(BAILLEURS, BAILLEURS.by_code["B2"], "", rows, NAMED.head(0))], [], [], NONE)
    assert [int(word) for word in panel.mots.texte] == [n for n in counts if n]
    ends = panel.barres.bout * sum(counts)
    assert (ends.max(), -ends.min()) == pytest.approx((sum(counts[2:]), sum(counts[:2])))


def test_a_grid_has_signs_and_values() -> None:
    [panel] = panneaux.panneaux([], [told("G2"), told("G3")], ["DDT 16", "DDTM 17"], NONE)
    assert panel.tetes == [0, 2] and panel.lignes == ["Combien de jours ?", "Réponse", "Charge ?", "Réponse"]
    assert panel.marques.texte.tolist() == ["10", "14", "++", "−"]


def test_the_annex_tells_every_count_and_who_said_what() -> None:
    heads = {"DDT 16": "16", "DDTM 17": "17"}
    rows = annexe.annexe([*sujets.en_annexe(PARTIES, "b", True), *sujets.en_annexe(PARTIES, "g", True)], heads)
    found = dict(zip(rows.question.str[:2], rows.repartition.str.replace("\u00a0", " "), strict=True))
    assert found["B1"] == "Courriel 4, Papier 9, Réunion 1"
    assert found["B2"].endswith(": Délai 3 · 4 · 2 · 1 (10) ; Règles 1 · 1 · 4 · 4 (10)")
    assert found["G1"] == "Courriel (16, 17), Papier (16)" and found["G2"] == "10 (16), 14 (17)"
    alone = annexe.annexe(sujets.en_annexe(PARTIES, "g", False), {"DDT 16": "16", "DDTM 17": "17"})
    assert [q[:2] for q in alone.question] == ["G2", "G3"] and not sujets.en_annexe(PARTIES, "b", False)


def test_who_did_not_answer_is_said_by_family() -> None:
    rates = pd.DataFrame(
        {"strate": ["total", "famille=ESH", "famille=MOI"], "population": [6, 2, 4], "repondants": [3, 2, 1]}
    )
    assert constats.absents_par_famille(rates, "bailleur") == "Manquent 3 MOI sur 4 ; ont tous répondu : ESH."
    assert constats.taux(rates, "bailleur") == "3 bailleurs sur 6 ont répondu"
