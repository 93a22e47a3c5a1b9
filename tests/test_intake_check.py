"""`check` from files to files: what issue 3 shows, and that no row is ever lost."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import HEADER, ROW
from spls_study.intake import check
from spls_study.intake.table import TOTAL
from spls_study.study import Study
from spls_study.tables import ORIGIN, TABLES, empty, read_table

Writer = Callable[..., Path]


def test_a_deleted_column_sets_the_file_aside_and_the_rest_goes_on(study: Study, programmation: Writer) -> None:
    programmation({}, name="programmation_1.csv")
    path = programmation({}, name="programmation_2.csv")
    text = path.read_text(encoding="utf-8").replace("produit", "produits")
    path.write_text(text, encoding="utf-8")
    report = check(study)
    assert report.set_aside == (
        "programmation_2.csv\u00a0: colonne obligatoire absente (produit)\u202f; ajoutez ce"
        " qui manque ou rétablissez l'en-tête. Fichier mis de côté.",
    )
    assert [f.fichier for f in report.files] == ["programmation_1.csv"]
    (study.raw / "programmation_1.csv").unlink()
    assert next(check(study).missing).startswith("Table programmation\u00a0: mis de côté (voir plus haut)")
    programmation({}, name="programmation_1.csv")
    check(study)
    assert len(read_table(study, "programmation")) == 1


def test_a_corrupt_workbook_is_set_aside(study: Study) -> None:
    (study.raw / "organismes.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    (sentence,) = check(study).set_aside
    assert sentence.startswith("organismes.xlsx\u00a0: classeur abîmé")


def test_a_negative_count_is_refused_with_its_place(study: Study, programmation: Writer) -> None:
    programmation({}, {"nb_logements": "-3", "numero_operation": "2"})
    report = check(study)
    assert report.set_aside == ()
    assert (study.processed / "rejets.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "fichier;feuille;ligne;colonne;valeur;motif",
        "programmation.csv;;3;nb_logements;-3;le nombre doit être compris entre 0 et 9\u202f999",
    ]
    assert "9\u202f999 («\u00a0-3\u00a0»\u202f; ligne 3)." in report.lines[-2]


def test_the_first_of_two_rows_with_one_key_is_kept(study: Study, programmation: Writer) -> None:
    same = {"type_habitat": "", "nature_logement": "NA"}
    programmation(same | {"nb_logements": "1"}, name="programmation_b.csv")
    programmation(
        same | {"nb_logements": "2"},
        same | {"nb_logements": "3", "produit": "P.L.U.S", "nature_logement": ""},
        same | {"nb_logements": "4", "type_habitat": "collectif", "surface_utile": "x"},
        same | {"nb_logements": "5", "type_habitat": "collectif", "surface_utile": "x"},
        name="programmation_a.csv",
    )
    report = check(study)
    assert list(read_table(study, "programmation")["nb_logements"]) == [2, 4]
    first = "même clé qu'une ligne déjà lue (programmation_a.csv, ligne"
    keep = "\u202f; gardez l'une des deux"
    assert report.refusals[["fichier", "ligne", "motif"]].to_numpy().tolist() == [
        ["programmation_a.csv", 3, f"{first} 2){keep}"],
        ["programmation_a.csv", 5, f"{first} 4){keep}"],
        ["programmation_b.csv", 2, f"{first} 2){keep}"],
    ]
    assert list(report.warnings["ligne"]) == [4]  # nothing on the surface of a refused row


def test_sisal_says_somme_in_another_column_than_the_number(study: Study, programmation: Writer) -> None:
    said = {"numero_operation": "", "annee_programmation": "", "gestionnaire": "", "commune": "Somme :"}
    programmation({}, said | {"nb_logements": "1087"})
    (row,) = check(study).refusals.itertuples()
    assert (row.ligne, row.valeur, row.motif) == (3, "Somme :", TOTAL)


def test_total_rows_and_shifted_rows(study: Study, programmation: Writer) -> None:
    bare = {"numero_operation": "", "produit": ""}
    path = programmation({}, {"numero_operation": "Total général"}, bare)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(";".join((ROW | {"numero_operation": "2"}).values()) + ";;surplus\n")
        stream.write(";" * len(HEADER) + "\n\n")
    report = check(study)
    assert report.refusals[["ligne", "colonne", "valeur", "motif"]].to_numpy().tolist()[:2] == [
        [3, "", "Total général", TOTAL],
        [4, "", "2013", TOTAL],
    ]
    assert list(report.refusals["valeur"]) == ["Total général", "2013", "surplus"]
    assert report.files[0].lues == 4


def test_a_header_with_no_row_is_an_empty_table(study: Study, programmation: Writer) -> None:
    programmation()
    report = check(study)
    assert report.set_aside == ()
    assert "aucune ligne sous l'en-tête, la table est vide" in next(report.missing)
    pd.testing.assert_frame_equal(read_table(study, "programmation"), empty("programmation"))


def test_a_table_whose_files_are_gone_is_removed(study: Study, programmation: Writer) -> None:
    path = programmation({})
    check(study)
    assert len(read_table(study, "programmation")) == 1
    path.unlink()
    assert check(study).files == ()
    assert read_table(study, "programmation").empty


def test_a_file_of_no_table_is_mentioned(study: Study) -> None:
    (study.raw / "notes.docx").write_bytes(b"")
    report = check(study)
    assert report.set_aside == ()
    assert report.lines[-1].startswith("notes.docx\u00a0: ")


def test_checked_tables_have_the_contract_s_columns(study: Study, programmation: Writer) -> None:
    programmation({})
    check(study)
    rows = read_table(study, "programmation")
    assert list(rows) == [*(c.name for c in TABLES["programmation"]), *ORIGIN]
    assert list(rows.dtypes) == list(empty("programmation").dtypes)


def test_the_same_files_give_the_same_bytes_and_stay_as_they_were(study: Study, programmation: Writer) -> None:
    path = programmation({}, {"nb_logements": "x"}, {"numero_operation": "2", "moa_siret": "1"})
    before = path.read_bytes()
    check(study)
    first = {f.name: f.read_bytes() for f in study.processed.iterdir()}
    check(study)
    assert {f.name: f.read_bytes() for f in study.processed.iterdir()} == first
    assert sorted(first) == ["avertissements.csv", "programmation.parquet", "rejets.csv"]
    assert path.read_bytes() == before


CELLS = st.one_of(
    st.sampled_from([*ROW.values(), "Total", "NA", "-3", "12,5", "PLS/PLUS", "#VALUE!", "2", "'7"]),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=6),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=1, max_size=len(HEADER) + 1), max_size=6))
def test_rows_read_are_accepted_or_refused(study: Study, rows: list[list[Any]]) -> None:
    with (study.raw / "programmation.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    report = check(study)
    (file,) = report.files
    kept = read_table(study, "programmation")
    assert file.lues == sum(any(cell.strip("\ufeff\u200b").strip() for cell in row) for row in rows)
    assert (file.acceptees, file.refusees) == (len(kept), len(report.refusals))
    assert file.lues == file.acceptees + file.refusees
    assert set(kept["ligne"]).isdisjoint(report.refusals["ligne"])
