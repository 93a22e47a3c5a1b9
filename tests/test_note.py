"""The note says what the reports say: each of its numbers is that of the report it comes from."""

import re
import shutil
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from command import PLAIN, displayed, own, quickly, reported, tables, title, words
from samples import checked, typed

from spls_study.checking import checked as checked_again
from spls_study.codebook import NR
from spls_study.study import load_study

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ("1_programmation", "2_questionnaires", "3_ouverture_des_droits", "4_processus", "5_deploiement")
PLACES = ("16", "17", "79", "86", "region")
pytestmark = pytest.mark.filterwarnings("ignore:Glyph")


@pytest.fixture(scope="module")
def october(demonstration):
    """The intermediate edition of the demonstration, checked."""
    return ROOT / "demo" / "intermediaire" / "study.toml"


@pytest.fixture(scope="module", params=quickly(["17", "region"], "17"))
def edition(request, october):
    """A territory, its note, and the tables of its reports; of a name that two write, that of the first."""
    place = request.param
    found = {}
    for report in REPORTS:
        shown = displayed(report, october, place)
        found = {name: own(shown, name) for name in tables(shown)} | found
    return place, note_of(october, place), found


@cache
def note_of(october, place):
    return displayed("6_copil", october, place)


def said(shown):
    """All that the note says, its title and the words of its drawings too; spaces plain."""
    drawn = " ".join(block.extra.get("image/svg+xml", "") for block in shown)
    drawn = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]+)</text>", drawn)]
    return PLAIN.sub(" ", " ".join([title(shown), *drawn, *words(shown)]))


def test_key_figures_are_those_of_the_reports(edition):
    place, note, reports = edition
    figures = own(note, "chiffres_cles").set_index("cle").valeur
    shares = reports["parts_departement"].query("annee == 2013")
    states = reports["etat_organismes"].query("role == 'bailleur'").drop_duplicates("organisme")
    milestones, points = reports["jalons"], reports["points_discussion"]
    held = reports["formations"] if place == "region" else reports["formations"].query("territoire == @place")
    expected = {
        "logements_plus_plai": shares[shares.groupe == "PLUS-PLAI"].logements.sum(),
        "logements_pls": shares[shares.groupe == "PLS"].logements.sum(),
        "logements_annee_en_cours": reports["parts_departement"].query("annee == 2014").logements.sum(),
        "totaux_conformes": (reports["cadrage"].statut == "conforme").sum(),
        "bailleurs_prets": (states.etat == "prêt").sum(),
        "bailleurs_entres": (states.etat != "aucun accès").sum(),
        "comptes_ouverts": reports["comptes_profil"].ouverts.sum(),
        "reponses_bailleurs": reports["taux_reponse"]
        .query("questionnaire == 'bailleurs' and strate == 'total'")
        .repondants.sum(),
        "etapes_ressaisie": reports["charges"].ressaisies.sum(),
        "decisions_processus": len(reports["decisions"]),
        "retard_calendrier": milestones[milestones.statut == "à venir"].ecart_jours.max(),
        "clauses_adoptees": (reports["charte"].statut == "adoptée").sum(),
        "points_en_retard": points.en_retard.sum(),
        "presents_formation": held.presents.sum(),
    }
    assert {key: figures[key] for key in expected} == expected


def test_a_decision_has_the_owner_and_the_dates_of_its_report(edition):
    _, note, reports = edition
    asked = own(note, "decisions_demandees")
    points = reports["points_discussion"].set_index("id")
    for row in asked.dropna(subset=["point"]).itertuples():
        assert (row.qui, row.echeance) == (points.responsable[row.point], points.echeance[row.point])
    steps = reports["decisions"].set_index("etape")
    for row in asked[asked.source == "processus"].itertuples():
        step = steps.loc[re.match("«\u00a0(.+?)\u00a0»", row.pourquoi)[1]]
        assert (row.qui, row.echeance) == (step.qui, step.echeance)
    late = asked[asked.source == "calendrier"].iloc[0]
    golive = reports["jalons"].query("libelle == 'Mise en service de SPLS'").iloc[0]
    assert (golive.reel_ou_estime, golive.prevu) == ("2014-12-24", "2014-12-10")
    assert late.options == "24 décembre|10 décembre"
    assert "glisse au 24 décembre" in said(note)


def test_the_territory_is_that_of_the_report_on_programming(edition):
    place, note, reports = edition
    text, sectors = said(note), reports["volumes_secteur"].query("groupe == 'PLUS-PLAI'")
    shares = reports["parts_departement"].query("annee == 2013 and groupe == 'PLUS-PLAI'")
    assert f"a programmé {shares.logements.sum():,}".replace(",", " ") in text
    if place == "region":
        sums = sectors.groupby("tension").logements.sum()
        easy = f"Secteurs détendus {sums['détendu']}", f"En tête, avec {sums['détendu']} logements : Secteurs détendus"
        assert all(words in text for words in (*easy, f"La Rochelle {sums['tendu']}"))
        return
    assert f"{shares.part.sum() * 100:.0f} % de la région" in text
    for row in sectors.itertuples():
        assert f"{re.sub('^Agglomération d(e |u )', '', row.secteur)} {row.logements}" in text
    assert all(word in text for word in ("La Rochelle (tendu)", "(littoral)", "(détendu)"))


def test_sectors_that_tie_are_first_together(study):
    rows = checked(*typed("op n code_insee commune", "a 12 17299 Rochefort | b 12 17300 La~Rochelle"))
    [note] = reported(study, "6_copil", {"programmation": rows}, "17")
    assert "En tête, avec 12 logements : La Rochelle et Rochefort ex aequo" in said(note)


def test_what_landlords_say_is_the_report_on_questionnaires(edition):
    _, note, reports = edition
    answers = reports["reponses"]
    asked = answers[(answers.questionnaire == "bailleurs") & (answers.modalite != NR)]
    drawn = next(block for block in note if "Quels points la charte" in block.text)
    counts = dict(re.findall(r"(\S[^,:]*?) (\d+)(?:,|$)", drawn.content["alternative"].split("\u00a0: ")[1]))
    chosen = asked[asked.question == "B25"].set_index("libelle").effectif
    assert counts and all(chosen[label] == int(n) for label, n in counts.items())
    for code, phrase in (("B07", "n'ont reçu aucune date limite pour 2014"), ("B21", "ne connaissent rien de SPLS")):
        own_rows = asked[(asked.question == code) & (asked.modalite == {"B07": "A2", "B21": "A1"}[code])].iloc[0]
        assert f"{own_rows.effectif:.0f} bailleurs sur {own_rows.base:.0f} {phrase}" in said(note)


def test_the_process_is_the_one_of_its_report(edition):
    _, note, reports = edition
    placed = reports["integration"].set_index(["gestionnaire", "etape"])
    steps = [placed.loc[key] for key in reports["etapes"][["gestionnaire", "etape"]].itertuples(index=False, name=None)]
    again = reports["etapes"].ressaisie == "oui"
    over = sum(step.couverture == "couvert" for step in steps)
    ended = sum(r and "ressaisie à supprimer" in step.ecart for step, r in zip(steps, again, strict=True))
    assert f"reprend {over} étapes sur {len(steps)} et supprime {ended} ressaisies sur {again.sum()}" in said(note)


def test_a_decision_is_the_same_in_every_territory(october):
    kept = {place: own(note_of(october, place), "decisions_demandees") for place in PLACES}
    whole = kept["region"].set_index("decision")
    assert sorted(whole.source) == ["calendrier", "charte", "points_discussion", "processus"]
    for place in PLACES[:-1]:
        for row in kept[place].itertuples():
            same = whole.loc[row.decision]
            assert (row.qui, row.options, row.echeance) == (same.qui, same.options, same.echeance)
    assert [place for place in PLACES if (kept[place].source == "charte").any()] == ["17", "region"]
    assert [place for place in PLACES if (kept[place].source == "processus").any()] == ["86", "region"]


@pytest.mark.slow
def test_a_changed_raw_row_changes_the_decision_the_contradiction_and_the_step_that_it_should_and_no_other(
    october, tmp_path
):
    shutil.copytree(october.parent, tmp_path, dirs_exist_ok=True)
    for name, encoding, old, new in (
        ("charte.csv", "utf-8-sig", ";refus;", ";accord;"),
        ("processus/ddt_79.csv", "cp1252", "départemental;DDT 79;tableur", "départemental;DDT 79;papier"),
    ):
        file = tmp_path / "data" / "raw" / name
        text = file.read_text(encoding=encoding)
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), encoding=encoding)
    study = tmp_path / "study.toml"
    checked_again(load_study(study), tmp_path / "reports")  # what did not change is as the copy has it
    before = own(note_of(october, "17"), "decisions_demandees").set_index("rang")
    after = own(displayed("6_copil", study, "17"), "decisions_demandees")
    assert list(after.source) == ["calendrier", "points_discussion"]
    assert after.drop(columns="rang").values.tolist()[0] == before.loc[1].tolist()
    was, now = (tables(displayed("4_processus", file, "region")) for file in (october, study))
    told = "Opérations DD016, Opérations DD017, Opérations DD079, Opérations DD086, Outil 86194, Tableur DD079, "
    told += "Délai 86194, Date DD016|DD079|DD086|86194"
    to_check = was["a_verifier"]["data"]
    assert ", ".join(f"{row[0].split(' ')[0]} {row[-1]}" for row in to_check) == told
    assert now["a_verifier"]["data"] == [row for row in to_check if not row[0].startswith("Tableur")]
    changed = [(row[0], row[2]) for row in now["etapes"]["data"] if row not in was["etapes"]["data"]]
    assert changed == [("DD079", "Consolider le tableau départemental")]
    assert now["decisions"]["data"] == was["decisions"]["data"]
    [only] = own(displayed("4_processus", october, "17"), "a_verifier").a_qui
    assert only == "DD017"
