"""`check` from files to files: what is found, what is told, and that no row is ever lost."""

import csv
import re
import shutil
from io import StringIO

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import told

from conftest import HEADER, ROOT, ROW
from notebook_reports.files import path_digest
from spls_study.intake import check
from spls_study.intake.readers import UNNAMED, find, read_sheets
from spls_study.intake.report import REPORT, SHOWN, CheckReport, FileCount, ordered
from spls_study.intake.sheets import TOO_WIDE, TOTAL
from spls_study.intake.table import checked, content, headers_of
from spls_study.keys import Limites
from spls_study.study import load_study
from spls_study.tables import TABLES, empty, read_table

STUDY = load_study(ROOT / "study.toml")


def put(raw, *names):
    for name in names:
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def claimed(raw):
    """The files of each table that has some, and what is told of the others."""
    found, ignored = find(raw, TABLES, UNNAMED)
    return {table: [*files] for table, files in found.items() if files}, ignored


def test_a_file_belongs_to_the_table_that_its_name_or_folder_tells(tmp_path):
    put(tmp_path, "programmation_2013.CSV", "Organismes.xlsx", "programmation/a/b.ods")
    # Notices, questionnaires and lock files are passed over.
    put(tmp_path, "README.md", "questionnaires/bailleurs.toml", ".gitkeep", "~$programmation.xlsx", "Thumbs.db")
    put(tmp_path, "programmation/Desktop.ini")
    files = {"programmation": ["programmation/a/b.ods", "programmation_2013.CSV"], "organismes": ["Organismes.xlsx"]}
    assert claimed(tmp_path) == (files, []) and claimed(tmp_path / "absent") == ({}, [])


def test_what_belongs_to_no_table_is_told(tmp_path, study):
    put(tmp_path / "raw", "budget.xlsx", "programmation.pdf", "divers/programmation.csv")
    known, told = claimed(tmp_path / "raw")
    names = ["budget.xlsx", "divers/programmation.csv", "programmation.pdf"]
    assert known == {} and [sentence.split("\u00a0: ")[0] for sentence in told] == names
    assert ["ce format n'est pas lu" in sentence for sentence in told] == [False, False, True]
    assert "renommez-le" in told[0] and "enregistrez-le" in told[2]
    put(study.raw, "notes.docx")
    report = check(study)
    assert report.set_aside == () and [*report.lines][-1].startswith("notes.docx\u00a0: ")


def test_linked_folders_are_followed_once_and_are_part_of_what_was_read(tmp_path):
    put(tmp_path, "partage/envoi.csv", "raw/organismes.csv")
    (tmp_path / "raw" / "programmation").symlink_to(tmp_path / "partage", target_is_directory=True)
    (tmp_path / "partage" / "encore").symlink_to(tmp_path / "partage", target_is_directory=True)
    files = {"organismes": ["organismes.csv"], "programmation": ["programmation/envoi.csv"]}
    assert claimed(tmp_path / "raw") == (files, [])
    before = path_digest(tmp_path / "raw")
    (tmp_path / "partage" / "envoi.csv").write_bytes(b"1")
    assert path_digest(tmp_path / "raw") != before


def test_a_broken_link_or_a_deleted_column_sets_the_file_aside_and_the_rest_goes_on(study, programmation):
    programmation({}, name="programmation_1.csv")
    path = programmation({}, name="programmation_2.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("produit", "produits"), encoding="utf-8")
    (study.raw / "programmation_3.csv").symlink_to(study.root / "disparu.csv")
    report = check(study)
    lacking, broken = report.set_aside
    assert lacking == (
        "programmation_2.csv\u00a0: colonne obligatoire absente (produit)\u202f; ajoutez ce"
        " qui manque ou rétablissez l'en-tête. Fichier mis de côté."
    )
    assert broken.startswith("programmation_3.csv\u00a0: introuvable") and "reconnectez-le" in broken
    assert [f.fichier for f in report.files] == ["programmation_1.csv"] and len(read_table(study, "programmation")) == 1
    (study.raw / "programmation_1.csv").unlink()
    assert next(check(study).missing).startswith("Table programmation\u00a0: mis de côté (voir plus haut)")
    assert read_table(study, "programmation").empty  # the files of a table are gone, and so is the table


def test_the_first_of_two_rows_with_one_key_is_kept(study, programmation):
    same = {"type_habitat": "", "nature_logement": "NA"}
    doubtful = same | {"type_habitat": "collectif", "surface_utile": "x"}
    programmation(same | {"nb_logements": "1"}, name="programmation_b.csv")
    programmation(
        same | {"nb_logements": "2"},
        same | {"nb_logements": "3", "produit": "P.L.U.S", "nature_logement": ""},
        doubtful | {"nb_logements": "4"},
        doubtful | {"nb_logements": "5"},
        name="programmation_a.csv",
    )
    report = check(study)
    assert list(read_table(study, "programmation")["nb_logements"]) == [2, 4]
    reason = "même clé qu'une ligne déjà lue (programmation_a.csv, ligne {})\u202f; gardez l'une des deux"
    assert told(report.refusals, "fichier ligne motif") == (
        f"programmation_a.csv 3 {reason.format(2)} | programmation_a.csv 5 {reason.format(4)} | "
        f"programmation_b.csv 2 {reason.format(2)}"
    )
    assert list(report.warnings["ligne"]) == [4]  # nothing on the surface of a refused row


def test_total_rows_and_shifted_rows(study, programmation):
    bare = {"numero_operation": "", "produit": ""}
    said = dict.fromkeys(("numero_operation", "annee_programmation", "gestionnaire"), "") | {
        "commune": "Somme :"
    }  # SISAL
    path = programmation({}, {"numero_operation": "Total général"}, bare, said | {"nb_logements": "1087"})
    with path.open("a", encoding="utf-8") as stream:
        stream.write(";".join((ROW | {"numero_operation": "2"}).values()) + ";;surplus\n")
        stream.write(";" * len(HEADER) + "\n\n")
    report = check(study)
    assert told(report.refusals, "ligne valeur") == "3 Total général | 4 2013 | 5 Somme : | 6 surplus"
    assert list(report.refusals["motif"]) == [*[TOTAL] * 3, TOO_WIDE] and report.files[0].lues == 5


def test_a_row_without_number_is_a_total_only_where_it_adds_up(study, programmation):
    bare = {"numero_operation": "", "commune": "", "annee_programmation": ""}
    rows = [({}, 5), ({"produit": "PLAI"}, 7), (bare, 12), ({"produit": "PLS"}, 3), (bare, 3), (bare, 15), (bare, 4)]
    rows += [(bare | {"numero_operation": "Total 2013"}, 15)]
    programmation(*(row | {"nb_logements": str(n)} for row, n in rows))
    refusals = check(study).refusals
    assert dict(zip(refusals["ligne"], refusals["motif"], strict=True)) == (
        dict.fromkeys((4, 6, 7, 9), TOTAL) | {8: "cellule vide\u202f; remplissez-la"}
    )


def test_a_header_with_no_row_is_an_empty_table(study, programmation):
    programmation()
    report = check(study)
    assert report.set_aside == () and "aucune ligne sous l'en-tête, la table est vide" in next(report.missing)
    pd.testing.assert_frame_equal(read_table(study, "programmation"), empty("programmation"))


CELLS = st.one_of(
    st.sampled_from([*ROW.values(), "Total", "NA", "-3", "12,5", "PLS/PLUS", "#VALUE!", "2", "'7"]),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=6),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=len(HEADER) + 1), max_size=6))
def test_rows_read_are_accepted_or_refused(rows):
    text = StringIO(newline="")
    csv.writer(text).writerows([HEADER, *rows])
    headers = headers_of("programmation")
    (sheet,) = read_sheets(text.getvalue().encode(), Limites(), headers)
    accepted, findings = checked(STUDY, "programmation", headers.rows(sheet, "f"))
    (file,) = findings.report("programmation", ()).files
    assert file.lues == sum(any(cell.strip("\ufeff\u200b").strip() for cell in row) for row in rows)
    assert (file.acceptees, file.refusees) == (len(accepted), len(findings.refusals))
    assert file.lues == file.acceptees + file.refusees
    assert set(accepted["ligne"]).isdisjoint(findings.refusals["ligne"])


def test_refusals_are_a_file_for_a_spreadsheet_where_formulas_are_harmless(study, programmation):
    typed = ["=1+1", "@x", "-cmd", "-3", "+4,5", "- 2"]
    both = {"produit": "PLUS/PLAI", "nb_logements": "douze"}  # the first reason alone is told
    programmation({}, *({"nb_logements": cell} for cell in typed), both)
    report = check(study)
    assert report.set_aside == () and report.refusals["ligne"].tolist() == [*range(3, 10)]
    header, *lines = (study.processed / "rejets.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert header == "fichier;feuille;ligne;colonne;valeur;motif"
    assert [line.split(";")[4] for line in lines[:6]] == ["'=1+1", "'@x", "'-cmd", "-3", "+4,5", "- 2"]
    assert lines[3] == "programmation.csv;;6;nb_logements;-3;le nombre doit être compris entre 0 et 9\u202f999"
    assert any("9\u202f999 («\u00a0-3\u00a0»\u202f; ligne 6)" in line for line in report.lines)


def found(*values):
    rows = [["f.csv", None, line, "nom", v, "raison"] for line, v in enumerate(values, start=2)]
    return ordered([pd.DataFrame(rows, columns=list(REPORT))])


def printed(refusals):
    count = FileCount("f.csv", "organismes", 1000 + len(refusals), 1000)
    return [*CheckReport((count,), (), (), refusals, found()).lines]


def test_what_is_printed_is_grouped_drives_no_terminal_and_has_an_end():
    assert printed(found("-3", "x", "x", "", "y", "z")) == [
        "f.csv\u00a0: 1\u202f006 lignes lues, 1\u202f000 acceptées, 6 refusées.",
        "Total\u00a0: 1\u202f006 lignes lues, 1\u202f000 acceptées, 6 refusées.",
        "Refusé\u00a0: f.csv, nom\u00a0: raison, 6 fois («\u00a0-3\u00a0», «\u00a0x\u00a0», «\u00a0y\u00a0»…"
        "\u202f; lignes 2, 3, 4…).",
        "Détail de chaque ligne\u00a0: data/processed/rejets.csv.",
    ]
    hostile = printed(found("a\x1b[2J\r\nb" + "c" * 100))[2]
    assert "\x1b" not in hostile and "\n" not in hostile and len(hostile) < 130
    many = found(*"x" * (SHOWN + 3))
    lines = printed(many.assign(motif=[f"raison {n}" for n in range(len(many))]))
    assert len(lines) == 2 + SHOWN + 2 and lines[-2] == "… et 3 autres motifs\u00a0: voir rejets.csv."


def test_what_to_do_comes_last_and_a_place_is_told_where_it_is_alone():
    one = found("a").assign(motif="même clé (f.csv, ligne 2)\u202f; gardez-en une")
    two = pd.concat([one, one.assign(ligne=9, motif="même clé (f.csv, ligne 4)\u202f; gardez-en une")])
    shown = "même clé, 2 fois («\u00a0a\u00a0»\u202f; lignes 2, 9)\u202f; gardez-en une."
    assert printed(ordered([two]))[2] == f"Refusé\u00a0: f.csv, nom\u00a0: {shown}"
    shown = "même clé (f.csv, ligne 2) («\u00a0a\u00a0»\u202f; ligne 2)\u202f; gardez-en une."
    assert printed(one)[2] == f"Refusé\u00a0: f.csv, nom\u00a0: {shown}"


def test_the_demonstration_is_read_as_its_readme_tells(study):
    shutil.copytree(ROOT / "data" / "raw", study.raw, dirs_exist_ok=True)
    readme = (study.raw / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([^`]+)` \| (\d+) \| .* \| (.*) \|$", readme, re.MULTILINE)
    report = check(study)
    assert told and report.set_aside == ()
    unread = report.warnings["motif"].str.contains("en-tête n'est pas reconnu")
    assert set(report.warnings["fichier"][unread]) == {"programmation/sisal_ddt86.xlsx"}  # of columns, not of rows
    for found, words in ((report.refusals, "ligne refusée"), (report.warnings[~unread], "avertissement")):
        own = found[found["fichier"].str.startswith("programmation/")]
        lines = {(row.fichier.removeprefix("programmation/"), str(row.ligne)) for row in own.itertuples()}
        assert lines == {(name, line) for name, line, outcome in told if words in outcome}


def test_a_table_of_another_shape_is_a_fault_of_the_program():
    rows = empty("profils")
    for wrong in (rows.assign(profil=pd.Series(dtype="int64")), rows[rows.columns[::-1]]):
        with pytest.raises(TypeError, match="profils"):
            content("profils", wrong)
