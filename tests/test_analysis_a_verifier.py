"""Contradictions between sources, each at its threshold, and what must not be told."""

from datetime import date

import pandas as pd
import pytest
from samples import codebook, counted, frame, question

from spls_study.analysis.methods.frames import frame as table
from spls_study.analysis.processus import a_verifier as av
from spls_study.analysis.processus.processes import etapes, steps
from spls_study.study import Gestionnaire

SERVICES = (
    Gestionnaire(id="DD016", nom="DDT 16", departement="16"),
    Gestionnaire(id="DD017", nom="DDTM 17", departement="17", alias=("Service habitat",)),
)
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
BOOKS = {"services": OF_SERVICES, "bailleurs": OF_LANDLORDS}
NAMED = dict.fromkeys(("questionnaire", "question", "sous_question", "organisme", "modalite", "libelle"), "str")
ANSWERS = dict.fromkeys(("questionnaire", "question", "modalite"), "str") | {"effectif": "Int64", "base": "Int64"}


def found(
    *named: tuple[str, str, str],
    landlords: dict[str, int] | None = None,
    process: list[dict[str, object]] | None = None,
    measured: list[tuple[str, str, float, int]] | None = None,
    names: dict[str, str] | None = None,
) -> list[list[str]]:
    """`a_verifier` without its sources; `named`: (question or question.part, organisme, answer)."""
    rows = []
    for asked, who, answer in named:
        code, _, part = asked.partition(".")
        label = OF_SERVICES.by_code[code].choices.get(answer, answer)
        rows.append(("services", code, part, who, answer, label))
    said = [("bailleurs", "B", code, n, sum(landlords.values())) for code, n in (landlords or {}).items()]
    usual = {"gestionnaire": "DDT 16", "acteur": "DDT 16", "ordre": 1, "etape": "Vérifier"}
    result = av.a_verifier(
        table(rows, NAMED),
        table(said, ANSWERS),
        BOOKS,
        etapes(steps(frame("processus", [usual | row for row in process or []]), SERVICES)),
        table(measured or [], av.MEASURES),
        SERVICES,
        names or {},
        {"programmation": "Galion", "processus": "Processus"},
        "SPLS",
        2013,
    )
    assert [*result] == [*av.TYPES] and set(result.dtypes) == {table([], av.TYPES).objet.dtype}
    return result[["objet", "valeur_a", "valeur_b", "a_qui"]].to_numpy().tolist()


@pytest.mark.parametrize(("declared", "told"), [("12", False), ("8", False), ("10", False), ("13", True), ("7", True)])
def test_volumes_more_than_a_fifth_apart(declared: str, told: bool) -> None:
    rows = found(("V.S2", "DDT 16", declared), ("V.S1", "DDT 16", "99"), measured=[("DD016", "opérations", 10, 10)])
    wanted = ["Opérations programmées en 2013", f"{declared} opérations", "10 opérations", "DD016"]
    assert rows == ([wanted] if told else [])


def test_a_volume_against_none_is_told_and_against_what_is_not_known_is_not() -> None:
    assert len(found(("V.S2", "DDT 16", "1"), measured=[("DD016", "opérations", 0, 0)])) == 1
    assert found(("V.S2", "DDT 16", "0"), measured=[("DD016", "opérations", 0, 0)]) == []
    assert found(("V.S2", "DDT 16", "9"), measured=[("DD017", "opérations", 1, 1)]) == []
    assert found(("V.S2", "DDT 16", "NR"), measured=[("DD016", "opérations", 1, 1)]) == []


@pytest.mark.parametrize(
    ("declared", "told"), [("15", True), ("14", False), ("6.5", True), ("7", False), ("10", False)]
)
def test_delays_from_a_ratio_of_one_and_a_half(declared: str, told: bool) -> None:
    rows = found(("D", "DDT 16", declared), measured=[("DD016", "dépôt-programmation", 10, 4)])
    assert bool(rows) is told
    if told:
        assert rows[0][0] == "Délai du dépôt à la programmation"
        assert rows[0][1:] == [f"{declared.replace('.', ',')} jours", "10 jours (médiane de 4 opérations)", "DD016"]


def test_a_tool_denied_and_used_by_the_same_actor() -> None:
    process = [
        {"support": "outil propre"},
        {"support": "outil propre", "ordre": 2, "etape": "Suivre"},
        {"support": "Logiciel du bailleur", "acteur": "Bailleur", "ordre": 3},
        {"support": "papier et courriel", "ordre": 4},
        {"support": "SPLS", "ordre": 5},
    ]
    assert found(("O", "DDT 16", "A2"), process=process) == [
        [
            "Outil propre au service",
            "«\u00a0Non\u00a0»",
            "outil propre\u00a0: «\u00a0Vérifier\u00a0» et «\u00a0Suivre\u00a0»",
            "DD016",
        ]
    ]
    assert found(("O", "DDT 16", "A1"), process=process) == []
    assert found(("O", "DDT 16", "A2"), process=process[2:]) == []
    assert found(("O", "DDTM 17", "A2"), process=process) == []


def test_a_spreadsheet_denied_by_what_the_codebook_says_stands_for_no() -> None:
    process = [{"support": "Tableur"}]
    assert [row[:2] for row in found(("T", "DDT 16", "A2"), process=process)] == [
        ["Tableur de suivi", "«\u00a0Jamais\u00a0»"]
    ]
    assert found(("T", "DDT 16", "A1"), process=process) == []
    assert found(("T", "DDT 16", "A2"), process=[{"support": "Tableur", "acteur": "Mairie"}]) == []
    assert found(("O", "DDT 16", "A2"), process=process) == []  # a spreadsheet is no tool of one's own


def test_a_date_limit_given_and_not_received() -> None:
    gave = (("L", "DDT 16", "2014-05-28"), ("L", "DDTM 17", "2014-04-02"))
    what = "Date limite de remise des opérations"
    assert found(*gave, landlords={"A1": 2, "A2": 3, "A3": 9}) == [
        [what, "2 services, du 2 avril au 28 mai 2014", "3 bailleurs sur 14 n'en ont reçu aucune", "DD016|DD017"]
    ]
    assert found(*gave[:1], landlords={"A1": 0, "A2": 5})[0][1] == "1 service, le 28 mai 2014"
    assert found(*gave, landlords={"A1": 3, "A2": 3}) == []
    assert found(*gave) == []  # the question does not show in the territory
    assert found(("L", "DDT 16", "NR"), landlords={"A2": 5}) == []


def test_a_service_is_known_by_all_its_names_and_a_stranger_is_not() -> None:
    measured = [("DD016", "opérations", 1, 1), ("DD017", "opérations", 1, 1)]
    assert [row[3] for row in found(("V.S2", "service HABITAT", "9"), measured=measured)] == ["DD017"]
    assert [row[3] for row in found(("V.S2", "Direction", "9"), measured=measured, names={"direction": "DD016"})] == [
        "DD016"
    ]
    assert found(("V.S2", "DDT 33", "9"), measured=measured) == []
    assert found(("X", "DDT 16", "9"), measured=measured) == []


def test_what_is_measured_is_counted_once_and_only_where_the_year_is_covered() -> None:
    rows = counted(
        {"op": "A", "gestionnaire": "DD016", "n": 3},
        {"op": "A", "gestionnaire": "DD016", "n": 2, "produit": "PLS"},
        {"op": "B", "gestionnaire": "DD016", "an": 2012},
        {"op": "C", "gestionnaire": "DD017", "an": 2014},
        {"op": "D", "gestionnaire": "DD079", "an": 2012},
        {"op": "E", "gestionnaire": "DD079", "an": 2014},
    )
    got = av.mesures(rows, 2013, date(2014, 7, 1))
    volumes = got[~got.mesure.isin(av.DELAYS)]
    assert volumes[["gestionnaire", "mesure", "valeur"]].to_numpy().tolist() == [
        ["DD016", "opérations", 1],
        ["DD016", "logements", 5],
        ["DD079", "opérations", 0],
        ["DD079", "logements", 0],
    ]


def test_delays_are_the_medians_of_the_report_on_programming() -> None:
    start = pd.Timestamp("2013-01-01")
    usual = {"gestionnaire": "DD016", "date_depot": start}
    ends = [start + pd.Timedelta(days=days) for days in (10, 20, 60)]
    rows = counted(*(usual | {"op": f"{i}", "date_programmation": end} for i, end in enumerate(ends)))
    got = av.mesures(rows, 2013, date(2014, 7, 1)).set_index("mesure")
    assert got.loc["dépôt-programmation", ["valeur", "n"]].tolist() == [20, 3]
    assert "dépôt-agrément" not in got.index


def test_without_anything_there_is_a_header() -> None:
    assert found() == []
