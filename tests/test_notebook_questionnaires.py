"""Notebook 2 on questionnaires known and unknown: figures, secrecy, nobody's name."""

import random
import re

import pandas as pd
import pytest
from running import displayed, tables, words

from demo import write_demo
from notebook_reports.blocks import Block
from spls_study.intake import check
from spls_study.study import Study, load_study

CONTRACT = {  # design.md §4
    "taux_reponse": "questionnaire strate population repondants taux",
    "reponses": "questionnaire question sous_question modalite libelle effectif base part ic_bas "
    "ic_haut borne_min borne_max population valeur",
    "reponses_non_montrees": "questionnaire question sous_question groupe reponses_recues motif",
    "croisements": "questionnaire question_a question_b n statistique p p_holm v_cramer",
}
PLANTED = re.compile(r"tartempion|durandal|\w@\w|\+33|(?<![\d.])0\d(?:[ .]?\d\d){4}(?!\d)", re.IGNORECASE)
UNKNOWN = """id = "neuf"
titre = "Enquête #2 <b>auprès</b> de 2 000 personnes"
[[question]]
code = "C"
bloc = "Un *bloc*"
type = "choix_unique"
libelle = "Choix ?"
modalites = { a = "Un", b = "Deux $x$", c = "Trois <i>" }
[[question]]
code = "M"
bloc = "Un *bloc*"
type = "choix_multiple"
libelle = "Plusieurs ?"
modalites = { a = "Papier", b = "Courriel" }
[[question]]
code = "E"
bloc = "Un *bloc*"
type = "echelle"
libelle = "Note ?"
modalites = { n1 = "1", n2 = "2", n3 = "3", n4 = "4", n5 = "5" }
[[question]]
code = "N"
type = "nombre"
libelle = "Combien ?"
[[question]]
code = "T"
type = "texte"
libelle = "Autre chose ?"
"""
SMALL = """id = "petit"
titre = "Petit questionnaire"
repondant = "organisme"
population = "bailleur"
strates = ["departement"]
[[question]]
code = "A"
bloc = "Bloc"
type = "choix_unique"
libelle = "Lequel ?"
modalites = { x = "Premier", y = "Second" }
"""


def readable(shown: list[Block]) -> None:
    for block in shown:
        assert block.html() and block.typst()
        if block.kind == "graphique":
            assert re.search(r"\d|Aucun", block.content["titre"]) and len(block.content["titre"].split()) > 4
            assert not re.fullmatch(r"[^ ]+ : .*réponses sur \d+", block.content["titre"])
            assert len(block.content["alternative"]) <= 150
        if block.kind == "intertitre":
            assert re.search(r"\d", block.text) or "réunit" in block.text
        if block.kind == "tableau" and not block.internal:
            annex = all(t["name"].startswith("annexe_") for t in block.tables)
            assert len(block.content["entetes"]) <= 8 and (annex or len(block.content["lignes"]) <= 15)
            assert all(cell for line in block.content["lignes"] for cell in line)
    for text in words(shown):
        assert not re.search(r"\bnan\b|None|<NA>|  ", text), text


def faces(shown: list[Block]) -> str:
    """All that is published, without tags and hashes: their digits look like telephone numbers."""
    found = [
        v
        for block in shown
        if not block.internal
        for v in [block.text, block.html(), block.typst(), *block.extra.values()]
    ]
    return re.sub(r"<[^>]*>|[0-9a-f]{16}\.svg", " ", "\n".join(map(str, found)))


def test_a_questionnaire_never_seen_gives_its_distributions(study: Study) -> None:
    chance = random.Random(3)
    rows = pd.DataFrame(
        {
            "id": range(2000),
            "C": [chance.choice("aaabbc") for _ in range(2000)],
            "M[a]": [chance.choice(["Y", ""]) for _ in range(2000)],
            "M[b]": "Y",
            "E": [f"n{chance.randint(1, 5)}" for _ in range(2000)],
            "N": [chance.randint(0, 90) for _ in range(2000)],
            "T": "Sans suite",
        }
    )
    folder = study.raw / "questionnaires"
    folder.mkdir()
    (folder / "neuf.toml").write_text(UNKNOWN, encoding="utf-8")
    rows.to_csv(folder / "neuf.csv", index=False)
    assert not check(study).set_aside
    shown = displayed("2_questionnaires", study.file, "region")
    readable(shown)
    found = tables(shown)
    for table, columns in CONTRACT.items():
        assert found[table]["columns"][: len(columns.split())] == columns.split()
    told = pd.DataFrame(found["reponses"]["data"], columns=found["reponses"]["columns"])
    for code in ("C", "E"):
        counts = told[(told.question == code) & (told.modalite != "NR")]
        assert dict(zip(counts.modalite, counts.effectif, strict=True)) == dict(rows[code].value_counts())
    boxes = told[told.question == "M"].set_index("modalite").effectif
    assert (boxes["a"], boxes["b"]) == ((rows["M[a]"] == "Y").sum(), 2000)
    numbers = told[told.question == "N"].set_index("modalite").valeur
    expected = rows["N"].quantile([0.25, 0.5, 0.75]).tolist()
    assert [numbers[k] for k in ("q1", "mediane", "q3")] == expected
    assert "Sans suite" not in faces(shown)
    assert not any("<b>auprès" in b.html() or "<i>" in b.html() for b in shown)
    elsewhere = displayed("2_questionnaires", study.file, "17")
    readable(elsewhere)
    assert any("aucun répondant n'a répondu" in b.text for b in elsewhere)
    assert not any(b.kind in ("graphique", "intertitre", "tableau") for b in elsewhere)


def small_study(study: Study, answered: dict[str, str]) -> Study:
    """Forty bailleurs, two of them in department 16, four in 86; who answered what to A."""
    places = {f"B{i}": "16" if i < 2 else "86" if i < 6 else ("17", "79")[i % 2] for i in range(40)}
    pd.DataFrame(
        {
            "id": list(places),
            "nom": [f"Office {b}" for b in places],
            "role": "bailleur",
            "famille": "OPH",
            "departements": list(places.values()),
        }
    ).to_csv(study.raw / "organismes.csv", index=False)
    folder = study.raw / "questionnaires"
    folder.mkdir()
    (folder / "petit.toml").write_text(SMALL, encoding="utf-8")
    if answered:
        pd.DataFrame({"organisme": list(answered), "A": list(answered.values())}).to_csv(
            folder / "petit.csv", index=False
        )
    assert not check(study).set_aside
    return study


def test_too_few_answers_are_one_sentence_and_the_chase_list_is_internal(study: Study) -> None:
    answered = {f"B{i}": "x" if i < 20 else "y" for i in (0, 2, 3, *range(6, 39))}
    small_study(study, answered)
    here = displayed("2_questionnaires", study.file, "16")
    readable(here)
    assert sum("en Charente\u00a0: 1 bailleur sur 2 a répondu" in b.text for b in here) == 1
    assert any("A. Lequel\u202f?\u00a0: 1 réponse reçue, trop peu\u00a0: il en faut 5." in b.text for b in here)
    assert not any(b.kind == "graphique" for b in here)
    region = displayed("2_questionnaires", study.file, "region")
    readable(region)
    assert any(b.kind == "graphique" for b in region)
    chase = [b for b in region if "non_repondants" in tables([b])]
    assert [b.internal for b in chase] == [True] and "Office B39" in chase[0].html()
    assert "Office B" not in faces(region)


def test_a_codebook_without_answers_is_one_sentence(study: Study) -> None:
    shown = displayed("2_questionnaires", small_study(study, {}).file, "region")
    readable(shown)
    assert any("Petit questionnaire\u00a0: aucune réponse reçue." in b.text for b in shown)


def test_no_codebook_at_all(study: Study) -> None:
    shown = displayed("2_questionnaires", study.file, "region")
    assert any(b.text == "L'étude n'a pas de questionnaire." for b in shown)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Where everything shows, so that nothing hides a leak."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert "repondants = 5" in text
    file.write_text(text.replace("repondants = 5", "repondants = 1"), encoding="utf-8")
    study = load_study(file)
    check(study)
    return study


@pytest.mark.parametrize("territoire", ["region", "86"])
def test_nobody_planted_in_the_demonstration_comes_out(demo: Study, territoire: str) -> None:
    shown = displayed("2_questionnaires", demo.file, territoire)
    readable(shown)
    public = faces(shown)
    assert not PLANTED.search(public)
    assert ("Réponses choisies" in public) == (territoire == "region")
    assert "Grand Poitiers" in public  # nominatif: public bodies, by name
    names = pd.read_parquet(demo.processed / "organismes.parquet")
    landlords = names.loc[names.role == "bailleur", "nom"]
    assert not [n for n in landlords if n in public]
