"""The demonstration data: same bytes, as shipped, the brief's totals, nobody's name."""

import csv
import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from command import contents

from conftest import ROOT
from demo import EDITIONS
from demo.france import ROWS, departments, write_france
from demo.organismes import BAILLEURS, with_key
from notebook_reports.files import write_atomic
from spls_study.analysis.deploiement.calendrier import calendrier, jalons
from spls_study.analysis.programmation import active, prepare
from spls_study.analysis.questionnaires.shown import decide
from spls_study.analysis.questionnaires.survey import survey
from spls_study.codebook import NR, load_codebooks, read_answers
from spls_study.intake import check
from spls_study.intake.reponses import read_questionnaires
from spls_study.intake.values import luhn
from spls_study.intake.verbatims import FILE, publishable
from spls_study.study import REGION, load_study
from spls_study.tables import TABLES, read_table

SECRET = re.compile(r"tartempion|durandal|@|36 ?49|39[. ]98", re.IGNORECASE)


@pytest.fixture(scope="module")
def studies(tmp_path_factory):
    """Both editions as shipped, checked, with what their checks found."""
    found = []
    for edition in EDITIONS:
        home = tmp_path_factory.mktemp("edition")
        for name in (Path("data", "raw"), Path("data", "relecture")):
            shutil.copytree(ROOT / edition.folder / name, home / name)
        study = load_study(Path(shutil.copy(ROOT / edition.folder / "study.toml", home)))
        found.append((study, check(study)))
    return found


def unpacked(content):
    """Members of a workbook: another zlib may deflate the same content to other bytes."""
    if not content.startswith(b"PK"):
        return [("", None, content)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(i.filename, i.date_time, archive.read(i)) for i in archive.infolist()]


@pytest.mark.slow
def test_the_command_writes_what_is_shipped_and_leaves_what_people_may_have_changed(tmp_path):
    kept = {Path("study.toml"), Path("data", "relecture", FILE)}
    for path in kept:
        write_atomic(tmp_path / path, "# à moi\n")
    subprocess.run([sys.executable, "-m", "demo", "--to", str(tmp_path)], cwd=ROOT, capture_output=True, check=True)
    written = {Path(name): content for name, content in contents(tmp_path).items()}
    for path, content in written.items():
        shipped = b"# \xc3\xa0 moi\n" if path in kept else (ROOT / path).read_bytes()
        assert unpacked(content) == unpacked(shipped), path
    for edition in EDITIONS:
        raw = ROOT / edition.folder / "data" / "raw"
        assert {p.relative_to(ROOT) for p in raw.rglob("*.*") if p.suffix != ".md"} <= {*written}
    assert sum(map(len, written.values())) < 2_000_000


def test_2013_holds_exactly_the_totals_of_the_brief(studies):
    for study, _ in studies:
        rows = active(prepare(read_table(study, "programmation"))).query("annee == 2013")
        total = rows.groupby(["groupe", "departement"])["nb_logements"].sum()
        assert total["PLUS-PLAI"].sum() == 1584 and total["PLUS-PLAI", "17"] * 2 > 1584
        assert total["PLS"].sum() == 999 and [*total["PLS"].index] == ["16", "17", "79", "86"]
        elderly = rows[rows.type_beneficiaire == "Personnes âgées"].groupby(["groupe", "departement"])["nb_logements"]
        assert (elderly.sum()["PLS"] * 2 > total["PLS"]).all()


def test_landlords_are_invented_with_a_right_key_and_names_that_nobody_has():
    assert with_key("7992739871") == "79927398713"  # the usual example of the algorithm
    numbers = pd.DataFrame([(b.siren, b.siret) for b in BAILLEURS], dtype="str")
    assert numbers.apply(luhn).all(axis=None) and numbers[0].is_unique
    assert numbers[0].str.fullmatch(r"000\d{6}").all() and numbers[1].str.fullmatch(r"\d{14}").all()
    assert all(re.search("Fictif|Fictive", body.nom) for body in BAILLEURS)


def test_the_calendar_is_the_one_of_the_brief_and_in_october_a_late_diagnosis_pushes_the_end(studies):
    july, october = (
        jalons(calendrier(read_table(study, "calendrier"), pd.Timestamp(study.etude.edition))).set_index("libelle")
        for study, _ in studies
    )
    days = {"COPIL du 1er juillet": "2014-07-01", "Réunion de lancement": "2014-07-08", "COFIL national": "2014-07-10"}
    assert {name: str(july.prevu[name].date()) for name in days} == days and (july.ecart_jours == 0).all()
    golive = october.loc["Mise en service de SPLS"]
    assert (golive.reel_ou_estime, golive.ecart_jours) == (pd.Timestamp("2014-12-24"), 14)
    assert october.statut["COFIL national"] == "tenu"


def test_nothing_is_known_before_it_happens_and_july_stays_in_october(studies):
    for study, _ in studies:
        assert read_table(study, "charte").date.max() <= pd.Timestamp(study.etude.edition)
    july, october = (read_table(study, "formations") for study, _ in studies)
    assert july.presents.isna().all() and [*july.id] == [*october.id]
    early, late = (read_table(study, "gouvernance").presences.fillna("") for study, _ in studies)
    assert all(now.startswith(then) for then, now in zip(early, late, strict=True))


# Answers


def test_the_answers_have_every_mistake_of_the_readme(studies):
    study, report = studies[0]
    table = read_answers(study, "bailleurs")
    assert not report.set_aside and not report.ignored
    refused, warned = (
        found[found["fichier"].str.startswith("questionnaires/")] for found in (report.refusals, report.warnings)
    )
    assert sorted(w.split(",")[0].split(" par")[0] for w in refused["motif"]) == ["remplacée", "réponse incomplète"]
    assert sorted(warned["colonne"]) == ["B08", "B09", "B11", "G16[SQ003]", "organisme"]
    assert not len(table[(table["repondant"] == "B07") & (table["question"] == "B08")])
    assert list(table[(table["repondant"] == "B03") & (table["question"] == "B09")]["valeur"]) == [NR]


def test_since_july_each_group_that_shows_has_gained_nobody_or_enough(studies):
    found = []
    for study, _ in studies:
        book, answers = load_codebooks(study)["bailleurs"], read_answers(study, "bailleurs")
        asked = survey(book, answers, read_table(study, "organismes"))
        found.append(decide(asked, study.territories, study.confidentialite.repondants))
    (july, october), gained = found, {}
    for place in study.territories:
        before, after = ({i.key: i.who for i in s.local[place.code].items} for s in found)
        for key, who in after.items():
            assert before[key] <= who
            if (*key, place.code) in july.cells & october.cells:
                gained[*key, place.code] = len(who - before[key])
    assert set(gained.values()) == {0, 5}
    assert {cell[2] for cell, number in gained.items() if number} == {"17", "region"}
    for one in found:
        closed = [i for i in one.local[REGION].items if i.question.choices and i.question.filtre is None]
        places = [(*i.key, place.code) for i in closed for place in study.territories]
        assert sum(cell not in one.cells for cell in places) < 0.05 * len(places)


def test_no_contact_comes_out_and_the_review_shipped_is_what_check_writes(studies):
    study, report = studies[0]
    typed = read_answers(study, "bailleurs")["valeur"]
    assert typed.str.contains(SECRET).sum() > 10  # the trap is set
    shown = publishable(study, read_table(study, "organismes"))["texte"]
    assert len(shown) >= 8 and shown.str.contains("[nom]", regex=False).any()
    for told in (shown, report.refusals["valeur"], report.warnings["valeur"]):
        assert not told.astype("str").str.contains(SECRET).any()
    read_questionnaires(study)
    shipped = ROOT / "data" / "relecture" / FILE
    assert unpacked((study.relecture / FILE).read_bytes()) == unpacked(shipped.read_bytes())
    assert load_codebooks(study) == load_codebooks(load_study(ROOT / "study.toml"))


# All regions: counted on the smallest

CORSE = "94"


def test_119_territories_share_the_rows_by_population() -> None:
    table = departments()
    assert (len(table), table["region"].nunique(), table["rows"].sum()) == (101, 18, ROWS)
    assert table["rows"].min() > 1000 and table.set_index("code")["rows"].idxmax() == "59"  # Nord has most inhabitants


def test_a_region_is_the_same_bytes_each_time_read_whole_and_counted(tmp_path: Path) -> None:
    [corse], [again] = (write_france(tmp_path / name, [CORSE]) for name in ("un", "deux"))
    assert contents(corse.parent) == contents(again.parent)
    study = load_study(corse)
    assert corse.parent.name == study.region.code == CORSE
    assert study.departements == {"2A": "Corse-du-Sud", "2B": "Haute-Corse"}
    report = check(study)
    assert not report.set_aside and not len(report.refusals) and not len(report.warnings)
    rows = read_table(study, "programmation")
    with (study.raw / "programmation.csv").open(encoding="utf-8") as stream:
        owners = [row["MOA (nom officiel)"] for row in csv.DictReader(stream, delimiter=";")]
    assert len(rows) == len(owners) and len({*owners}) == 16
    assert all(name.startswith("Bailleur Fictif ") for name in owners)
    planned = departments().set_index("region").loc[CORSE, "rows"].sum()
    assert 0.94 * planned < len(rows) < planned  # some of 2014 are not filed on 1 July
    assert sorted(rows["annee_programmation"].unique()) == [*range(2000, 2015)]
    assert set(rows["departement"]) == {"2A", "2B"} and rows["code_insee"].notna().mean() > 0.9
    assert {table for table in TABLES if not len(read_table(study, table))} == {"rapprochement"}
