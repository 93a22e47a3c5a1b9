"""Processes: their steps, what they cost, how they differ; their place in the application; sources that contradict."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import codebook, filled, frame, programmed, question, told, typed

from spls_study.analysis.deploiement.calendrier import calendrier
from spls_study.analysis.methods import frame as table
from spls_study.analysis.processus import a_verifier as av
from spls_study.analysis.processus.integration import concerning, decisions, integration, nouvelles, reprise
from spls_study.analysis.processus.processes import etapes, steps, supports
from spls_study.analysis.processus.variants import contraires, distances, inversions, variantes
from spls_study.study import Gestionnaire

SERVICES = (
    Gestionnaire(id="DD016", nom="DDT 16", departement="16"),
    Gestionnaire(id="DD017", nom="DDTM 17", departement="17", alias=("Service habitat",)),
)
DAY = date(2014, 7, 10)


def process(columns: str, text: str, **usual: object) -> pd.DataFrame:
    """The steps of DDT 16 on paper, in their order, unless told otherwise."""
    usual = {"gestionnaire": "DDT 16", "acteur": "DDT 16", "support": "papier"} | usual
    rows = [{"ordre": i} | row for i, row in enumerate(typed(columns, text), 1)]
    return steps(frame("processus", rows, **usual), SERVICES)


def described(columns: str, text: str, **usual: object) -> pd.DataFrame:
    return etapes(process(columns, text, **usual))


def test_steps_are_those_of_the_study_in_its_order_under_one_name() -> None:
    found = process(
        "etape ordre gestionnaire", "Trier 2 DDT~16 | Dépôt 1 DDT~16 | dépôt. 3 service~HABITAT | x 4 DDT~33"
    )
    assert told(found, "gestionnaire cle") == "DD016 depot | DD016 trier | DD017 depot"
    reverse = steps(filled("processus", "etape gestionnaire", "a DDT~16 | b DDTM~17"), SERVICES[::-1])
    assert told(reverse, "gestionnaire") == "DD017 | DD016"


def test_a_duration_is_given_else_counted_never_negative_and_a_step_waits_for_all_that_comes_before() -> None:
    dates = "A 3.5 2014-06-01 2014-06-20 | B - 2014-06-01 2014-06-11 | C - 2014-06-11 2014-06-01 | D - - -"
    assert told(process("etape duree_jours date_debut date_fin", dates), "jours") == "3.5 | 10 | - | -"
    passes = "A 1 1 non papier | A 1 9 oui tableur | A 3 4 - papier"
    found = described("etape ordre duree_jours ressaisie support", passes)
    assert told(found, "ordre duree_mediane support ressaisie") == "1 5 papier|tableur oui | 3 4 papier -"
    found = described(
        "etape ordre date_debut date_fin",
        "A 1 2014-06-01 2014-06-02 | B 2 2014-06-04 2014-06-10 | C 2 2014-06-05 2014-06-06 | D 3 2014-06-13 - | "
        "E 4 2014-06-20 -",
    )
    assert told(found, "attente") == "- | 2 | 3 | 3 | -"


def test_a_support_names_each_of_its_parts() -> None:
    texts = {"Papier et courriel": {"papier", "courriel"}, "tableur/Galion": {"tableur", "galion"}, "": set()}
    assert {text: supports(text) for text in texts} == texts and supports("Internet") == {"internet"}


# How orders differ
def orders(**steps: list[str] | str) -> pd.DataFrame:
    """Gestionnaire → its steps in order; a step « B+C » is two parallel ones."""
    rows = [
        (name, rank, step)
        for name, names in steps.items()
        for rank, group in enumerate(names, 1)
        for step in group.split("+")
    ]
    return pd.DataFrame(rows, columns=["gestionnaire", "ordre", "etape"])


def test_the_common_core_and_what_only_one_has() -> None:
    found = variantes(orders(X=["Dépôt", "Tri", "Vote"], Y=["dépôt", "Vote"], Z=["Vote", "Dépôt", "Visite", "Tri"]))
    assert told(found.sort_values("etape"), "etape nature gestionnaires") == (
        "Dépôt tronc commun X|Y|Z | Tri partagée X|Z | Visite propre à un seul Z | Vote tronc commun X|Y|Z"
    )
    assert set(variantes(orders(X=["A", "B"])).nature) == {"propre à un seul"}  # alone, it shares nothing


def test_the_distance_is_the_share_of_pairs_in_opposite_orders_named_in_that_of_the_first() -> None:
    for a, b, distance in (
        ("ABC", "ABC", 0),
        ("ABC", "CBA", 1),
        ("ABC", "ACB", 1 / 3),
        (["A", "B+C"], "ABC", 1 / 6),  # parallel for one only: one half
        (["A", "B+C"], ["A", "C+B"], 0),
        ("AXB", "YBA", 1),  # common steps only
        ("ABA", "AB", 0),  # the first pass counts
    ):
        assert distances(orders(X=list(a), Y=list(b))).distance.iloc[0] == pytest.approx(distance)
    columns = "etapes_communes paires distance exemple"
    assert told(distances(orders(X=["Avis", "Vote"], Y=["Vote", "Avis"])), columns) == "2 1 1 Avis|Vote"
    assert told(distances(orders(X="AB", Y="AC")), columns) == "1 0 - -"  # one common step has no distance
    assert distances(orders(X=["A"])).empty


@settings(max_examples=50, deadline=None)
@given(st.permutations("ABCDE"), st.permutations("ABCDE"), st.permutations("ABCDE"))
def test_it_is_a_distance(a: list[str], b: list[str], c: list[str]) -> None:
    found = distances(orders(X=a, Y=b, Z=c)).set_index(["gestionnaire_a", "gestionnaire_b"]).distance
    assert found.between(0, 1).all()
    assert (found["X", "Y"] == 0) == (a == b)
    assert found["X", "Z"] <= found["X", "Y"] + found["Y", "Z"] + 1e-12


def test_an_order_that_the_target_does_not_allow_is_counted_and_told_by_its_farthest_pair() -> None:
    target = pd.DataFrame({"etape": ["Saisir", "Vérifier", "Avis", "Vote"], "ordre": [1, 2, 3, 4]})
    today = orders(X=["saisir", "Vote", "Vérifier", "Visiter"], Y=["Saisir", "Vérifier", "Vote"])
    assert told(inversions(today, target)) == "X 1 3 Vote Vérifier"
    assert inversions(today.iloc[:0], target).empty and inversions(today, target.iloc[:0]).empty


def test_an_order_is_against_the_others_where_fewer_share_it() -> None:
    assert told(contraires(orders(X="ABC", Y="ABC", Z="CAB"))) == "Z C B 2 0 2"
    assert told(contraires(orders(X="AB", Y="BA"))) == "X A B 1 0 1 | Y B A 1 0 1"  # two alone are against each other
    assert contraires(orders(X="AB", Y="AB")).empty and contraires(orders(X="AB")).empty


# Their place in the application
TARGET = filled(
    "etapes_spls",
    "etape ordre fonction_spls couverture acteur_cible",
    "Saisir 1 Saisie couvert Bailleur | Vérifier 2 Pièces à~adapter Gestionnaire | Voter 3 - hors~SPLS -",
)


def milestones(columns: str, text: str) -> pd.DataFrame:
    found = calendrier(filled("calendrier", columns, text, type="jalon"), pd.Timestamp(DAY))
    return found[found.type == "jalon"]


MILESTONES = milestones(
    "id libelle fin_prevue debut_prevu",
    "J1 COPIL 2014-07-10 - | J2 COPIL~final - 2014-12-09 | J3 Signature~de~la~charte 2014-12-20 -",
)


def today(columns: str, text: str) -> pd.DataFrame:
    return described(columns, text, acteur="Bailleur", support="SPLS")


def placed(columns: str, text: str) -> pd.DataFrame:
    return integration(today(columns, text), TARGET, "SPLS", SERVICES)


def test_each_step_is_placed_and_says_what_changes() -> None:
    rows = "SAISIR papier~et~courriel oui Commune | vérifier papier - ddt~16 | Voter papier - x | Visiter SPLS - x"
    found = placed("etape support ressaisie acteur", rows)
    assert told(found, "couverture ecart").replace("\u00a0", " ").split(" | ") == [
        "couvert acteur : Commune → Bailleur\u202f; support : papier et courriel → SPLS\u202f; ressaisie à supprimer",
        "à adapter support : papier → SPLS",
        "hors SPLS aucun",
        "hors SPLS sans équivalent dans la cible",
    ]
    unknown = "aucun | support\u00a0: support inconnu → SPLS"
    assert told(placed("etape gestionnaire support", "Saisir DD016 SPLS | Saisir DD017 -"), "ecart") == unknown


def test_the_passes_of_a_step_are_one_and_new_steps_are_those_of_the_target() -> None:
    found = placed("etape acteur ressaisie", "Saisir Bailleur - | Vérifier DDT~16 - | Saisir Bailleur oui")
    assert told(found, "etape ecart") == "Saisir ressaisie à supprimer | Vérifier aucun"
    new = nouvelles(today("etape gestionnaire", "saisir DD016 | Vérifier DD017"), TARGET)
    assert told(new, "gestionnaire etape") == "DD016 Vérifier | DD017 Saisir"


def test_a_decision_says_who_and_before_which_coming_milestone() -> None:
    own = "Visiter DD016 Bailleur | Vérifier DD016 DDT~16 | Vérifier DD017 DDTM~17"
    rows = today("etape gestionnaire acteur", own)
    found = decisions(integration(rows, TARGET, "SPLS", SERVICES), nouvelles(rows, TARGET), MILESTONES, DAY)
    assert told(found, "etape objet gestionnaires qui jalon echeance").split(" | ") == [
        "Saisir nouveauté DD016|DD017 équipe projet Signature de la charte 2014-12-20",
        "Vérifier outil DD016|DD017 équipe projet Signature de la charte 2014-12-20",
        "Visiter périmètre DD016 DD016 COPIL final 2014-12-09",
    ]
    assert concerning(found, ["DD017"]).etape.tolist() == ["Saisir", "Vérifier"]
    # Due when its milestone is estimated; without gap there is none.
    late = milestones(
        "id type libelle debut_prevu fin_prevue depend_de",
        "T tâche - 2014-07-01 2014-07-09 - | J jalon COPIL - 2014-07-10 T",
    )
    one, none = placed("etape", "Visiter"), nouvelles(today("etape", "Voter"), TARGET).iloc[:0]
    # Seven working days from the 10th end on the 21st.
    assert told(decisions(one, none, late, DAY), "jalon echeance") == "COPIL 2014-07-22"
    assert told(decisions(one, none, milestones("id", ""), DAY), "jalon echeance") == "- -"
    assert decisions(one.iloc[:0], none, MILESTONES, DAY).empty


def test_what_the_application_takes_over_is_counted_at_every_pass() -> None:
    rows = today("etape ressaisie", "Saisir oui | saisir non | Visiter oui | Voter -")
    found = reprise(rows, integration(rows, TARGET, "SPLS", SERVICES))
    assert told(found, "etape ressaisie couverture supprimee") == (
        "Saisir True couvert True | Saisir False couvert False | Visiter True sans place False | "
        "Voter False hors SPLS False"
    )


# Contradictions between sources, each at its threshold, and what must not be told
PARTS = {"S1": "Proposées", "S2": "Inscrites"}
OF_SERVICES = codebook(
    question("V", "nombre", sous_questions=PARTS, verifie="volumes", sens={"S2": "opérations"}),
    question("O", "choix_unique", modalites={"A1": "Oui", "A2": "Non"}, verifie="outil"),
    question("T", "choix_unique", modalites={"A1": "Toujours", "A2": "Jamais"}, verifie="tableur", sens={"A2": "non"}),
    question("D", "nombre", verifie="delais", sens={"D": "dépôt-programmation"}),
    question("L", "date", verifie="date_limite"),
    question("X", "nombre"),  # nothing confronts it
    id="services",
    titre="Aux services",
    nominatif=True,
    population="gestionnaire",
)
DATES = {"A1": "Oui", "A2": "Non", "A3": "Ne sait pas"}
NONE = {"A2": "n'en ont reçu aucune"}
OF_LANDLORDS = codebook(
    question("B", "choix_unique", modalites=DATES, phrases=NONE, verifie="date_limite"), id="bailleurs"
)
NAMED = dict.fromkeys(("questionnaire", "question", "sous_question", "organisme", "modalite", "libelle"), "str")
ANSWERS = dict.fromkeys(("questionnaire", "question", "modalite"), "str") | {"effectif": "Int64", "base": "Int64"}


def found(
    named: str = "",
    landlords: str = "",
    process: str = "",
    measured: str = "DD016 opérations 10 10",
    names: dict[str, str] | None = None,
) -> str:
    """`a_verifier` without its sources.

    `named`: question (or question.part), organisme, answer. `landlords`: answer, how many. `process`: etape, acteur,
    support of DDT 16. `measured`: gestionnaire, mesure, valeur, n.
    """
    rows = []
    for row in typed("asked who answer", named):
        code, _, part = row["asked"].partition(".")
        label = OF_SERVICES.by_code[code].choices.get(row["answer"], row["answer"])
        rows.append(("services", code, part, row["who"], row["answer"], label))
    counts = {row["code"]: int(row["n"]) for row in typed("code n", landlords)}
    result = av.a_verifier(
        table(rows, NAMED),
        table([("bailleurs", "B", code, n, sum(counts.values())) for code, n in counts.items()], ANSWERS),
        {"services": OF_SERVICES, "bailleurs": OF_LANDLORDS},
        described("etape acteur support", process),
        table([[*row.values()] for row in typed("a b c d", measured)], av.MEASURES),
        SERVICES,
        names or {},
        {"programmation": "Galion", "processus": "Processus"},
        "SPLS",
        2013,
    )
    assert [*result] == [*av.TYPES] and set(result.dtypes) == {table([], av.TYPES).objet.dtype}
    return told(result, "objet valeur_a valeur_b a_qui").replace("\u00a0", " ")


def test_volumes_more_than_a_fifth_apart_and_delays_from_a_ratio_of_one_and_a_half() -> None:
    for declared, is_told in (("12", 0), ("8", 0), ("10", 0), ("13", 1), ("7", 1)):
        wanted = f"Opérations programmées en 2013 {declared} opérations 10 opérations DD016"
        assert found(f"V.S2 DDT~16 {declared} | V.S1 DDT~16 99") == wanted * is_told
    for declared, is_told in (("15", 1), ("14", 0), ("6.5", 1), ("7", 0), ("10", 0)):
        said = f"{declared.replace('.', ',')} jours 10 jours (médiane de 4 opérations) DD016"
        rows = found(f"D DDT~16 {declared}", measured="DD016 dépôt-programmation 10 4")
        assert rows == f"Délai du dépôt à la programmation {said}" * is_told


def test_only_what_is_known_of_a_service_of_the_study_is_held_against_it() -> None:
    for named, measured, who in (
        ("V.S2 DDT~16 1", "DD016 opérations 0 0", "DD016"),
        ("V.S2 DDT~16 0", "DD016 opérations 0 0", ""),
        ("V.S2 DDT~16 9", "DD017 opérations 1 1", ""),  # not known of that one
        ("V.S2 DDT~16 NR", "DD016 opérations 1 1", ""),
        ("V.S2 service~HABITAT 9", "DD017 opérations 1 1", "DD017"),  # a service is known by all its names
        ("V.S2 Direction 9", "DD016 opérations 1 1", "DD016"),
        ("V.S2 DDT~33 9", "DD016 opérations 1 1", ""),
        ("X DDT~16 9", "DD016 opérations 1 1", ""),
    ):
        assert found(named, measured=measured, names={"direction": "DD016"})[-5:] == who, named


OWN = "Vérifier DDT~16 outil~propre | Suivre DDT~16 outil~propre"
USUAL = "Vérifier Bailleur Logiciel~du~bailleur | Voir DDT~16 papier~et~courriel | Voter DDT~16 SPLS"
TOOL = "Outil propre au service « Non » outil propre : « Vérifier » et « Suivre » DD016"


GAVE, BOTH = "L DDT~16 2014-05-28", "L DDT~16 2014-05-28 | L DDTM~17 2014-04-02"
LIMIT = "Date limite de remise des opérations"
UNTOLD = f"{LIMIT} 2 services, du 2 avril au 28 mai 2014 3 bailleurs sur 14 n'en ont reçu aucune DD016|DD017"


def test_a_tool_a_spreadsheet_or_a_date_denied_here_and_told_there() -> None:
    for named, process, rows in (
        ("O DDT~16 A2", f"{OWN} | {USUAL}", TOOL),  # denied, and used by the same actor
        ("O DDT~16 A1", f"{OWN} | {USUAL}", ""),
        ("O DDT~16 A2", USUAL, ""),
        ("O DDTM~17 A2", OWN, ""),
        # By what the codebook says stands for no; a spreadsheet is no tool of one's own.
        ("T DDT~16 A2", "Vérifier DDT~16 Tableur", "Tableur de suivi « Jamais » Tableur : « Vérifier » DD016"),
        ("O DDT~16 A2", "Vérifier DDT~16 Tableur", ""),
    ):
        assert found(named, process=process) == rows, (named, process)
    for named, landlords, rows in (
        (BOTH, "A1 2 | A2 3 | A3 9", UNTOLD),
        (GAVE, "A1 0 | A2 5", f"{LIMIT} 1 service, le 28 mai 2014 5 bailleurs sur 5 n'en ont reçu aucune DD016"),
        (BOTH, "A1 3 | A2 3", ""),
        (BOTH, "", ""),  # the question does not show in the territory
        ("L DDT~16 NR", "A2 5", ""),
        ("", "", ""),
    ):
        assert found(named, landlords) == rows, (named, landlords)


def test_what_is_measured_is_counted_once_where_the_year_is_covered_with_the_delays_of_the_first_report() -> None:
    rows = programmed(
        "op gestionnaire n an produit",
        "A DD016 3 2013 PLUS | A DD016 2 2013 PLS | B DD016 9 2012 PLUS | C DD017 9 2014 PLUS | D DD079 9 2012 PLUS | "
        "E DD079 9 2014 PLUS",
    )
    got = av.mesures(rows, 2013, date(2014, 7, 1))
    assert told(got[~got.mesure.isin(av.DELAYS)], "gestionnaire mesure valeur") == (
        "DD016 opérations 1 | DD016 logements 5 | DD079 opérations 0 | DD079 logements 0"
    )
    ends = "a 2013-01-11 | b 2013-01-21 | c 2013-03-02"  # 10, 20, 60 days
    got = av.mesures(programmed("op date_programmation", ends, date_depot="2013-01-01"), 2013, date(2014, 7, 1))
    assert told(got[got.mesure.isin(av.DELAYS)], "mesure valeur n") == "dépôt-programmation 20 3"
