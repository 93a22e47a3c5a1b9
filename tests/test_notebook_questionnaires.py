"""Notebook 2 on questionnaires known and unknown: figures, secrecy, nobody's name."""

import random
import re

import pandas as pd
from books import put, q
from command import displayed, own, readable, tables, words

from demo import write_demo
from spls_study.intake import check
from spls_study.study import load_study

PLANTED = re.compile(r"tartempion|durandal|\w@\w|\+33|(?<![\d.])0\d(?:[ .]?\d\d){4}(?!\d)", re.IGNORECASE)
UNKNOWN = [
    q("C", "choix_unique", "Choix ?", bloc="Un *bloc*", modalites={"a": "Un", "b": "Deux $x$", "c": "Trois <i>"}),
    q("M", "choix_multiple", "Plusieurs ?", bloc="Un *bloc*", modalites={"a": "Papier", "b": "Courriel"}),
    q("E", "echelle", "Note ?", bloc="Un *bloc*", modalites={f"n{i}": str(i) for i in range(1, 6)}),
    q("N", "nombre", "Combien ?"),
    q("T", "texte", "Autre chose ?"),
]


def report(study, territoire, **more):
    """What is shown, readable."""
    shown = displayed("2_questionnaires", study.file, territoire, **more)
    readable(shown, "2")
    for block in shown:
        if block.kind == "graphique":
            assert re.search(r"\d|Aucun", block.content["titre"]) and len(block.content["titre"].split()) > 4
            assert not re.fullmatch(r"[^ ]+ : .*réponses sur \d+", block.content["titre"])
        if block.kind == "intertitre":
            assert re.search(r"\d", block.text) or "réunit" in block.text
        if block.kind == "tableau" and not block.internal:
            annex = all(t["name"].startswith("annexe_") for t in block.tables)
            assert len(block.content["entetes"]) <= 8 and (annex or len(block.content["lignes"]) <= 15)
            assert all(cell for line in block.content["lignes"] for cell in line)
    assert not [text for text in words(shown) if re.search(r"None|  ", text)]
    return shown


def faces(shown):
    """All that is published, without tags and hashes: their digits look like telephone numbers."""
    public = [b for b in shown if not b.internal]
    found = [v for b in public for v in (b.text, b.html(), b.typst(), *b.extra.values())]
    return re.sub(r"<[^>]*>|[0-9a-f]{16}\.svg", " ", "\n".join(map(str, found)))


def test_a_questionnaire_never_seen_gives_its_distributions(study):
    folder = put(study, "neuf", *UNKNOWN, titre="Enquête #2 <b>auprès</b> de 2 000 personnes")
    draw, number = random.Random(3), range(2000)
    rows = pd.DataFrame(
        {
            "id": number,
            "C": [draw.choice("aaabbc") for _ in number],
            "M[a]": [draw.choice(["Y", ""]) for _ in number],
            "M[b]": "Y",
            "E": [f"n{draw.randint(1, 5)}" for _ in number],
            "N": [draw.randint(0, 90) for _ in number],
            "T": "Sans suite",
        }
    )
    rows.to_csv(folder / "neuf.csv", index=False)
    assert not check(study).set_aside
    shown = report(study, "region")
    told = own(shown, "reponses")
    for code in ("C", "E"):
        counts = told[(told.question == code) & (told.modalite != "NR")]
        assert dict(zip(counts.modalite, counts.effectif, strict=True)) == dict(rows[code].value_counts())
    boxes = told[told.question == "M"].set_index("modalite").effectif
    assert (boxes["a"], boxes["b"]) == ((rows["M[a]"] == "Y").sum(), 2000)
    numbers = told[told.question == "N"].set_index("modalite").valeur
    assert [numbers[k] for k in ("q1", "mediane", "q3")] == rows["N"].quantile([0.25, 0.5, 0.75]).tolist()
    assert "Sans suite" not in faces(shown)
    assert not any("<b>auprès" in b.html() or "<i>" in b.html() for b in shown)
    elsewhere = report(study, "17")
    assert any("aucun répondant n'a répondu" in b.text for b in elsewhere)
    assert not any(b.kind in ("graphique", "intertitre", "tableau") for b in elsewhere)


def test_too_few_answers_are_one_sentence_as_are_none_and_the_chase_list_is_internal(study):
    assert any(b.text == "L'étude n'a pas de questionnaire." for b in report(study, "region"))
    # Forty bailleurs, two of them in department 16, four in 86.
    places = {f"B{i}": "16" if i < 2 else "86" if i < 6 else ("17", "79")[i % 2] for i in range(40)}
    bodies = pd.DataFrame({"id": [*places], "departements": [*places.values()], "role": "bailleur", "famille": "OPH"})
    bodies.assign(nom="Office " + bodies.id).to_csv(study.raw / "organismes.csv", index=False)
    asked = q("A", "choix_unique", "Lequel ?", bloc="Bloc", modalites={"x": "Premier", "y": "Second"})
    folder = put(study, "petit", asked, repondant="organisme", population="bailleur", strates=["departement"])
    check(study)
    assert any("Essai\u00a0: aucune réponse reçue." in b.text for b in report(study, "region"))
    answered = [f"B{i}" for i in (0, 2, 3, *range(6, 39))]
    given = pd.DataFrame({"organisme": answered, "A": ["x" if int(who[1:]) < 20 else "y" for who in answered]})
    given.to_csv(folder / "petit.csv", index=False)
    assert not check(study).set_aside
    here = report(study, "16")
    assert sum("en Charente\u00a0: 1 bailleur sur 2 a répondu" in b.text for b in here) == 1
    assert any("A. Lequel\u202f?\u00a0: 1 réponse reçue, trop peu\u00a0: il en faut 5." in b.text for b in here)
    assert not any(b.kind == "graphique" for b in here)
    region = report(study, "region")
    assert any(b.kind == "graphique" for b in region)
    chase = [b for b in region if "non_repondants" in tables([b])]
    assert [b.internal for b in chase] == [True] and "Office B39" in chase[0].html()
    assert "Office B" not in faces(region)


def test_nobody_planted_in_the_demonstration_comes_out_where_everything_shows(tmp_path):
    write_demo(tmp_path)
    file = tmp_path / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert "repondants = 5" in text
    file.write_text(text.replace("repondants = 5", "repondants = 1"), encoding="utf-8")
    study = load_study(file)
    check(study)
    names = pd.read_parquet(study.processed / "organismes.parquet")
    landlords = names.loc[names.role == "bailleur", "nom"]
    for territoire in ("region", "86"):
        shown = report(study, territoire, slices_are_there=territoire != "region")
        public = faces(shown)
        assert not PLANTED.search(public)
        assert ("Réponses choisies" in public) == (territoire == "region")
        assert "Grand Poitiers" in public  # nominatif: public bodies, by name
        assert not [n for n in landlords if n in public]
