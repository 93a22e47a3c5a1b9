"""What reports read of a study: written by the check, one file per territory and name."""

from datetime import date

import pandas as pd
import pytest

from conftest import ROOT
from notebook_reports.errors import StudyError
from spls_study import slices
from spls_study.checking import PREVIOUS, checked
from spls_study.slices import THEMES, read
from spls_study.study import REGION, load_study
from spls_study.tables import TABLES, empty


def files(study):
    """Another number for a file that was written again."""
    found = sorted((study.processed / slices.FOLDER).rglob("*.parquet"))
    return {p.relative_to(study.processed).as_posix(): (p.stat().st_ino, p.read_bytes()) for p in found}


def test_a_slice_is_there_for_each_territory_also_when_nothing_was_received(study):
    here = study.territory("16")
    with pytest.raises(StudyError, match="spls-study check"):  # what cannot be read is told with what to do
        read(study, here, "comptes")
    checked(study, study.root / "reports")
    with pytest.raises(StudyError, match="n'est pas de ceux-ci\u00a0: a_venir, absents"):
        read(study, here, "compte")
    home = study.processed / slices.FOLDER
    names = {t.code: sorted(p.stem for p in (home / t.code).iterdir()) for t in study.territories}
    assert all(own == names[REGION] for own in names.values())
    assert {"programmation", "charte_precedent"} < {*names[REGION]}
    for name in names[REGION]:
        table = read(study, study.territory(REGION), name)
        expected = {"cadrage": len(study.cadrage), "edition": 1}.get(name, 0)
        assert len(table) == expected and len(table.columns), name


def test_a_report_is_of_the_edition_that_its_data_were_prepared_for(study):
    here = study.territory("16")
    assert slices.dated(study, here) is study
    for day in (date(2014, 9, 1), study.etude.edition):
        checked(study.of_edition(day), study.root / "reports")
        assert slices.dated(study, here) == study.of_edition(day)


def test_a_file_that_would_be_the_same_is_left_alone_and_one_that_was_altered_is_made_again(study, programmation):
    programmation({"nb_logements": "3"})
    checked(study, study.root / "reports")
    before = files(study)
    checked(study, study.root / "reports", force=True)
    assert files(study) == before
    home = study.processed / slices.FOLDER
    (home / "16" / "charte.parquet").write_bytes(b"x")
    (home / REGION / "comptes.parquet").unlink()
    (home / "99").mkdir()  # of a territory that went away
    pd.DataFrame({"a": [1]}).to_parquet(home / "99" / "comptes.parquet")
    checked(study, study.root / "reports")
    contents = {name: content for name, (_, content) in before.items()}
    assert {name: content for name, (_, content) in files(study).items()} == contents
    programmation({"nb_logements": "4"})
    checked(study, study.root / "reports")
    changed = {name.split("/", 1)[1] for name, (_, content) in files(study).items() if content != contents[name]}
    assert "region/programmation.parquet" in changed
    assert not changed & {"16/programmation.parquet", "17/comptes.parquet"}


def test_a_theme_is_given_the_tables_that_it_names_and_no_other():
    """A build knows by these names when to make its slices again: another table would be missed."""
    for theme in THEMES.values():
        assert {*theme.tables} <= {*TABLES}
    with pytest.raises(KeyError):
        THEMES["droits"].make(load_study(ROOT / "study.toml"), {"comptes": empty("comptes")})


def test_a_table_of_the_last_edition_which_is_the_latest_earlier_one(study):
    reports = study.root / "reports"
    assert study.last_edition(reports) is None
    for name in ("2013-05-01", study.etude.edition.isoformat(), "2099-10-07", "diff", "2014-13-45"):
        (reports / name).mkdir(parents=True)
    folder = reports / "2014-01-15" / "16" / "tables"
    folder.mkdir(parents=True)
    (folder / "charte.csv").write_text("clause,statut,autre\nC1,NA,x\n", encoding="utf-8")
    assert study.last_edition(reports) == date(2014, 1, 15)
    checked(study, reports)
    there, none = (read(study, study.territory(code), "charte_precedent") for code in ("16", "17"))
    assert there.to_dict("records") == [{"clause": "C1", "statut": "NA", "edition": pd.Timestamp("2014-01-15")}]
    assert none.empty and [*none] == [*PREVIOUS["charte"], "edition"] and list(none.dtypes) == list(there.dtypes)
    (folder / "charte.csv").write_text("clause\nC2\n", encoding="utf-8")  # of an older program
    checked(study, reports)
    assert read(study, study.territory("16"), "charte_precedent").clause.tolist() == ["C2"]


def test_what_was_lost_of_the_extracts_is_counted_by_file_and_column(study, programmation):
    programmation({"nb_logements": "douze"}, {"numero_operation": "2013DD0170009", "date_agrement": "à venir"})
    checked(study, study.root / "reports")
    lost = read(study, study.territory(REGION), "perdus")
    assert list(lost.columns) == ["fichier", "colonne", "lignes", "cellules"]
    counts = {row.colonne: (row.lignes, row.cellules) for row in lost.itertuples()}
    assert counts == {"nb_logements": (1, 0), "date_agrement": (0, 1)}
    assert read(study, study.territory("16"), "perdus").empty and len(read(study, study.territory("17"), "perdus")) == 2
    programmation({"moa_nom": "\uf0b7 Office ✅"})  # what the PDF cannot show is told, and is not lost
    told = checked(study, study.root / "reports").lines
    assert any("programmation.csv, moa_nom\u00a0: caractère que les PDF ne savent écrire" in line for line in told)
    assert read(study, study.territory(REGION), "pertes").empty


def test_who_is_no_organisme_sits_and_signs_in_the_region_and_dates_come_back_as_they_were(study):
    for name, text in {
        "points_discussion": "id;date;theme;point;echeance\nP1;2014-06-12;T;Un;2014-08-01\nP2;2014-06-12;T;Deux;\n",
        "organismes": "id;nom;role;famille;departements\nB1;A;bailleur;OPH;17\n",
        "gouvernance": "instance;organisme;presences\nCOPIL;B1;2014-06-12\nCOPIL;Mairie;\n",
        "charte": "clause;theme;organisme;position\nC1;x;B1;accord\nC1;x;Mairie;refus\n",
    }.items():
        (study.raw / f"{name}.csv").write_text(text, encoding="utf-8")
    checked(study, study.root / "reports")
    for name, here in (("gouvernance", "A"), ("charte", "B1")):
        region, own = (read(study, study.territory(code), name) for code in (REGION, "17"))
        assert {*region.organisme} == {here, "Mairie"} and {*own.organisme} == {here}
    points = read(study, study.territory(REGION), "points")
    assert points.echeance.dtype == "datetime64[s]" and points.echeance.isna().tolist() == [False, True]
