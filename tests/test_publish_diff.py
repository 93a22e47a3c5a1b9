"""Two editions compared: cells that differ, what the CSV holds, what a reader of the page sees."""

import csv
import json

import page as checker
import pandas as pd
import pytest
from command import contents, done
from hypothesis import given
from hypothesis import strategies as st
from samples import told

from notebook_reports.comparison import COLUMNS, compare, differences, row_keys
from notebook_reports.comparison_page import write
from notebook_reports.errors import UsageError
from notebook_reports.files import write_atomic
from spls_study.diff import comparable, ligne, subject_of
from spls_study.study import PACKAGE

pytestmark = pytest.mark.reports
ROOT = PACKAGE.parent
SUBJECT = subject_of(None)
FIGURES = "cle,valeur,unite,libelle,source\n"
VOLUMES = "annee,departement,produit,logements\n"
OLD = {
    "79/tables/chiffres_cles": FIGURES + "plus,856.0,logements,PLUS de 2013,programmation\n"
    "part,0.5,part,des PLUS,programmation\ncomptes,3.0,comptes,ouverts,comptes\n",
    "79/tables/volumes": VOLUMES + "2013,79,PLUS,856\n2013,79,PLS,4\n",
    "79/tables/jalons": "id,libelle,prevu\nJ1,<img src=x>#COPIL,2014-07-01\n",
    "79/tables/seul": "a\nx\n",
    "region/tables/volumes": VOLUMES,
    "interne/79/tables/relances": "organisme\nUntel\n",
}
NEW = OLD | {
    "79/tables/chiffres_cles": FIGURES + "plus,1859.0,logements,PLUS de 2013,programmation\n"
    "part,0.52,part,des PLUS,programmation\ncomptes,3.0,comptes,ouverts,comptes\n",
    "79/tables/volumes": VOLUMES + "2013,79,PLUS,1859\n2014,79,<b>#import,7\n",
    "79/tables/jalons": "id,libelle,prevu\nJ1,<img src=x>#COPIL,2014-07-08\n",
    "interne/79/tables/relances": "organisme\nAutre\n",
}
NEW.pop("79/tables/seul")
NEW.pop("region/tables/volumes")


def edition(reports, day, tables, sha, refused):
    for name, text in tables.items():
        write_atomic(reports / day / f"{name}.csv", text)

    def read(table, digest, rows, lost):
        return {"sha256": digest * 64, "table": table, "lues": rows, "acceptees": rows - lost, "refusees": lost}

    entries = {"study.toml": sha, "data/processed/x": sha}
    manifest = {
        "titre": "Étude <i>",
        "donnees_fictives": True,
        "fichiers": {},
        "territoires": [["region", "Région"], ["79", "Deux-Sèvres"]],
        "executions": {"79/6": {"cle": sha * 64, "entrees": entries, "fichiers": [], "parametres": {}}},
        "fichiers_lus": {
            "programmation/a.csv": read("programmation", sha, 9, refused),
            "programmation/b.csv": read("programmation", "b", 1, 1),
            "comptes.csv": read("comptes", "c", 9, refused),
        },
    }
    write_atomic(reports / day / "manifest.json", json.dumps(manifest))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    reports = tmp_path_factory.mktemp("rapports")
    edition(reports, "2014-07-10", OLD, "1", refused=0)
    edition(reports, "2014-10-07", NEW, "2", refused=1)
    return write(reports, compare(reports, "2014-07-10", "2014-10-07", SUBJECT)).parent


def lines(folder):
    with (folder / "differences.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_difference_has_its_size_and_its_reason(folder):
    assert folder.parts[-2:] == ("diff", "2014-07-10_2014-10-07")
    found = {(r["tableau"], r["cle"], r["colonne"]): r for r in lines(folder)}
    assert {r["territoire"] for r in found.values()} == {"79"}
    figure = found["chiffres_cles", "cle=plus|libelle=PLUS de 2013", "valeur"]
    assert [figure[c] for c in ("avant", "apres", "ecart", "nature")] == ["856.0", "1859.0", "1003", "modifié"]
    assert figure["motif"] == "fichier révisé\u00a0: programmation/a.csv (1 ligne refusée, 0 avant)"
    new = found["volumes", "annee=2014|departement=79|produit=<b>#import", "logements"]
    assert (new["nature"], new["apres"]) == ("nouveau", "7")
    moved = found["jalons", "id=J1", "prevu"]
    assert (moved["ecart"], moved["motif"]) == ("7", "mêmes fichiers\u202f; a changé\u00a0: study.toml")
    assert found["seul", "a=x", ""]["motif"] == "tableau absent de l'édition d'après"
    assert [r["ligne"] for r in (moved, figure, new)] == ["<img src=x>#COPIL", "PLUS de 2013", "2014, 79, <b>#import"]
    assert not any("relances" in key for key in found)


def test_a_row_is_named_as_people_name_it():
    names = {
        "departement": {"17": "Charente-Maritime"},
        "profil": {"VAL": "Valideur"},
        "gestionnaire": {"DD016": "DDT 16", "DD017": "DDTM 17"},
        "questionnaire": {"b": "Bailleurs"},
        "question": {"b B01": "Qui saisit ?"},
        "sous_question": {"b B01 S1": "Le dossier"},
    }
    rows = (
        ({"organisme": "B017", "profil": "VAL"}, {"nom": "Habitat 17"}, "Habitat 17, profil Valideur"),
        ({"annee": 2013, "departement": 17, "mois": 3}, {}, "2013, Charente-Maritime, mars"),
        ({"gestionnaires": "x", "gestionnaire": "DD016|DD017"}, {}, "X, DDT 16 et DDTM 17"),
        ({"gestionnaire_a": "DD016", "gestionnaire_b": "86194"}, {}, "DDT 16, 86194"),
        ({"strate": "departement=17"}, {}, "Charente-Maritime"),
        ({"clause": "C1"}, {"texte": "Délai {}"}, "Clause «\u00a0Délai {}\u00a0»"),
        (
            {"questionnaire": "b", "question": "B01", "sous_question": "S1", "modalite": "A1"},
            {"libelle": "Le siège"},
            "Bailleurs, «\u00a0Qui saisit ?\u00a0» – Le dossier, réponse «\u00a0Le siège\u00a0»",
        ),
    )
    for keys, others, expected in rows:
        assert ligne(keys, {**keys, **others}, names) == expected


def test_tables_are_known_by_their_patterns():
    shown = SUBJECT.output
    assert shown("volumes_zone").sources == {"programmation"} and shown("volumes_zone").nom == "Volumes par zone"
    assert shown("jalons").cle == ("id",)
    assert (shown("inconnu_x").nom, shown("inconnu_x").sources) == ("Inconnu x", frozenset())
    assert shown("decisions_demandees").rang < shown("volumes").rang < shown("inconnu_x").rang


def answers(respondents, yes, base):
    return {
        "taux_reponse": pd.DataFrame({"questionnaire": ["b", "g"], "strate": "total", "repondants": [respondents, 5]}),
        "reponses_nominatives": pd.DataFrame({"questionnaire": ["g"]}),
        "reponses": pd.DataFrame(
            {
                "questionnaire": ["b", "b", "g"],
                "question": ["B01", "B02", "G01"],
                "sous_question": None,
                "effectif": [yes, 1, 2],
                "base": [base, respondents, 5],
            }
        ),
    }


@pytest.mark.parametrize(
    "more, base, expected",
    [
        (0, 20, ["G01"]),  # who corrects an answer would be read
        (4, 24, ["G01"]),
        (5, 25, ["B01", "B02", "G01"]),
        (5, 24, ["B02", "G01"]),  # four more answered this question
        (-3, 17, ["G01"]),
    ],
)
def test_the_answers_of_a_few_newcomers_are_not_told(more, base, expected):
    before, after = answers(20, 3, 20), answers(20 + more, 4, base)
    *both, sentences = comparable(before, after, {"b": "Bailleurs"}, 5)
    for side in both:
        assert list(side["reponses"].question) == expected
        assert len(side["taux_reponse"]) == 2
    assert len(sentences) == (0 < abs(more) < 5)


def test_an_annex_is_that_of_its_questionnaire_and_opinions_on_training_are_those_of_a_territory():
    def tables(answered, here, there):
        rows = pd.DataFrame({"question": ["B01"], "reponses": [answered], "repartition": [f"Oui {answered}"]})
        opinions = pd.DataFrame({"territoire": ["16", "17"], "presents": [here, there], "satisfaits": [here, there]})
        return {**answers(answered, 3, answered), "annexe_b": rows, "annexe_g": rows, "satisfaction": opinions}

    for more, kept in ((2, 0), (5, 1)):
        before, after = tables(20, 10, 10), tables(20 + more, 13, 15)
        for side in comparable(before, after, {}, 5)[:2]:
            assert [len(side[name]) for name in ("annexe_b", "annexe_g")] == [kept, 1]
            assert list(side["satisfaction"].territoire) == ["17"]


def test_the_page_tells_what_moved_why_and_what_to_look_at(folder):
    html = (folder / "index.html").read_text(encoding="utf-8")
    for text in (
        "Du 10 juillet 2014 au 7 octobre 2014, 2 chiffres clés sur 3 ont changé</h1>",
        "Logements PLUS de 2013",
        ">856 → 1\u202f859 (+1\u202f003)<",
        ">50,0 → 52,0 (+2,0\u00a0pt)<",
        "1 chiffre est inchangé.",
        "2 fichiers reçus l’expliquent\u00a0: Demandes de compte (1 autrement lu, 0 → 1 refusée)\u202f; O",
        ">2 tableaux sont à regarder, les plus importants d’abord<",
        ">&lt;img src=x&gt;#COPIL, prevu\u00a0: 01/07/2014 → 08/07/2014 (+7\u00a0j)<",
        ">Volumes par produit (3)<",
        "Région manque à l’édition du 7 octobre 2014.",
        "A aussi changé\u00a0: study.toml.",
        "données fictives",
        "Étude &lt;i&gt;",
    ):
        assert text in html
    assert html.index("Jalons du calendrier") < html.index("Volumes par produit")
    assert not [text for text in ("Untel", "<img", "<script", "programmation/b.csv") if text in html]
    pdf = (folder / "differences.pdf").read_bytes()
    for profile in ("ua1", "3a"):
        assert "Result: no failures" in str(checker.validate_pdf_bytes(pdf, profile=profile))


def test_same_bytes_each_time_nothing_to_tell_and_no_edition_of_that_name(folder):
    before, reports = contents(folder), folder.parent.parent
    assert sorted(before) == ["differences.csv", "differences.pdf", "index.html"]
    said = done(reports, "diff", "2014-07-10", "2014-10-07", "--reports", ".")
    assert "7 différences dans 4 tableaux de 1 territoire." in said and f"{folder / 'index.html'}" in said
    assert contents(folder) == before
    same = write(reports, compare(reports, "2014-10-07", "2014-10-07", SUBJECT))
    assert lines(same.parent) == []
    html = same.read_text(encoding="utf-8")
    assert "rien n’a changé</h1>" in html and "<table" not in html
    for name in ("2014-07-11", "diff", "../2014-07-10"):
        with pytest.raises(UsageError, match="2014-07-10, 2014-10-07"):
            compare(reports, "2014-07-10", name, SUBJECT)


BEFORE = pd.DataFrame(
    [(2013, 17, "PLUS", 856), (2013, 79, "PLUS", 214), (2014, 79, "PLS", 40)],
    columns=["annee", "departement", "produit", "logements"],
)
KEYS = ["annee", "departement", "produit"]
CELLS = st.one_of(st.none(), st.integers(-5, 5), st.sampled_from(["", "a", "2014-07-10"]))
ROWS = st.lists(st.tuples(st.sampled_from(["x", "y"]), CELLS, CELLS), max_size=5)


def test_changed_new_and_gone_rows_and_a_table_that_was_not_there():
    after = pd.DataFrame([(2014, 17, "PLUS", 12), (2013, 79, "PLUS", 214), (2013, 17, "PLUS", 859)])
    found = differences(BEFORE, after.set_axis(BEFORE.columns, axis=1), KEYS)
    assert tuple(found.columns) == COLUMNS
    assert told(found).split(" | ") == [
        "annee=2014|departement=17|produit=PLUS logements - 12 - nouveau",
        "annee=2013|departement=17|produit=PLUS logements 856 859 3 modifié",
        "annee=2014|departement=79|produit=PLS logements 40 - - disparu",
    ]
    assert told(differences(pd.DataFrame(), BEFORE, KEYS), "apres nature") == "856 nouveau | 214 nouveau | 40 nouveau"
    words = pd.DataFrame({"etape": ["a"], "texte": ["b"]})
    assert told(differences(words, words.head(0), [*words]).iloc[:, 1:]) == " - - - disparu"


def test_a_table_that_is_not_declared_is_keyed_by_its_texts_and_by_dimensions():
    for keys, dimensions, found in (
        ([], KEYS[:2], KEYS),
        ([], [], ["produit"]),
        (["annee"], [], ["annee"]),
        (["annee", "zone"], [], ["produit"]),
    ):
        assert row_keys(BEFORE, BEFORE, keys, dimensions) == found


def test_gaps_are_exact_in_days_or_none():
    names = ["part", "date", "effectif", "statut", "absent"]
    before = pd.DataFrame([[0.1, "2014-06-30", 4, "ouvert", None]], columns=names)
    after = pd.DataFrame([[0.3, "2014-07-02", 7, "clos", 1.5]], columns=names)
    found = differences(before.assign(id="J1"), after.assign(id="J1"), ["id"])
    assert dict(zip(found.colonne, found.ecart, strict=True)) == dict(zip(names, [0.2, 2, 3, None, None], strict=True))
    noise = before.assign(part=0.1 + 1e-15, effectif=4.0)
    assert differences(before, noise, ["date"]).empty


def test_rows_of_one_name_are_matched_in_order_and_what_is_of_one_edition_is_not_compared():
    before, after = (pd.DataFrame({"produit": "PLUS", "n": n}) for n in ([1, 2], [1, 5, 9]))
    assert (
        told(differences(before, after, ["produit"]), "cle avant apres")
        == "produit=PLUS|n°2 2 5 | produit=PLUS|n°3 - 9"
    )
    assert differences(BEFORE, BEFORE.assign(operations=3, precedent=1), KEYS).empty
    gaps = BEFORE.assign(precedent=1, ecart=2)
    assert differences(gaps, gaps.assign(precedent=2, ecart=1), KEYS).empty
    figures = pd.DataFrame({"cle": ["pls"], "valeur": [9.0], "libelle": ["PLS de 2013"]})
    other = figures.assign(libelle="PLS de 2014")  # another label is another row
    assert set(differences(figures, other, ["cle", "libelle"])["nature"]) == {"nouveau", "disparu"}


@given(ROWS, ROWS)
def test_what_differs_one_way_differs_the_other(a, b):
    before, after = (pd.DataFrame(rows, columns=["nom", "u", "v"]) for rows in (a, b))
    there, back = differences(before, after, ["nom"]), differences(after, before, ["nom"])
    swap = {"nouveau": "disparu", "disparu": "nouveau", "modifié": "modifié"}
    assert differences(before, before, ["nom"]).empty
    assert {(r.cle, r.colonne, swap[r.nature]) for r in there.itertuples()} == {
        (r.cle, r.colonne, r.nature) for r in back.itertuples()
    }
