"""Dates after the extraction (1 July 2014) in what is past by nature: counted, kept."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from spls_study.checking import checked
from spls_study.intake import check
from spls_study.study import Study
from spls_study.tables import read_table

Writer = Callable[..., Path]


def told(study: Study) -> list[dict[str, str]]:
    """The warnings, which the file lists too."""
    found = check(study).warnings.fillna("").astype("str")
    written = (study.processed / "avertissements.csv").read_text(encoding="utf-8-sig")
    assert all(reason in written for reason in found["motif"])
    return found.to_dict("records")


def dated(number: int, column: str, day: str) -> dict[str, str]:
    return {"numero_operation": f"2013DD017{number:04d}", column: day}


def test_one_warning_for_each_file_and_column_counts_them_and_names_the_first_lines(
    study: Study, programmation: Writer
) -> None:
    days = ["01/07/2014", *["02/07/2014"] * 7, ""]  # the day of the extraction is not after it
    programmation(*(dated(i, "date_agrement", day) for i, day in enumerate(days)), name="programmation_a.csv")
    programmation(dated(20, "date_depot", "2014-09-01"), dated(21, "date_depot", ""), name="programmation_b.csv")
    assert told(study) == [
        {
            "fichier": "programmation_a.csv",
            "feuille": "",
            "ligne": "3",
            "colonne": "date_agrement",
            "valeur": "02/07/2014",
            "motif": "7 dates postérieures à l'extraction (1er juillet 2014)\u00a0: lignes 3, 4, 5, 6, 7…\u202f; "
            "à vérifier, ou corrigez etude.extraction",
        },
        {
            "fichier": "programmation_b.csv",
            "feuille": "",
            "ligne": "2",
            "colonne": "date_depot",
            "valeur": "01/09/2014",
            "motif": "1 date postérieure à l'extraction (1er juillet 2014)\u00a0: ligne 2\u202f; "
            "à vérifier, ou corrigez etude.extraction",
        },
    ]
    rows = read_table(study, "programmation")
    assert len(rows) == 11 and rows["date_agrement"].notna().sum() == 8
    printed = check(study).lines
    assert "Avertissement\u00a0: programmation_b.csv, date_depot\u00a0: 1 date postérieure" in "\n".join(printed)
    assert printed[-1].startswith("2 avertissements\u00a0: ")


def test_sheets_of_one_workbook_are_one_file_and_lines_say_their_sheet(study: Study, programmation: Writer) -> None:
    text = programmation({}).read_text(encoding="utf-8").splitlines()
    (study.raw / "programmation.csv").unlink()
    header, row = ([*line.split(";"), added] for line, added in zip(text, ("date_depot", "2014-08-01"), strict=True))
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year in ("2013", "2014"):
        sheet = book.create_sheet(year)
        sheet.append(header)
        sheet.append([f"{year}DD0170001", *row[1:]])
    book.save(study.raw / "programmation.xlsx")
    (line,) = told(study)
    assert (line["feuille"], line["ligne"]) == ("2013", "2")
    assert line["motif"].startswith("2 dates postérieures") and "lignes 2 (2013), 2 (2014)" in line["motif"]


def test_a_row_that_is_refused_is_not_counted(study: Study, programmation: Writer) -> None:
    late = dated(1, "date_programmation", "2014-08-01")
    programmation(late, late, late | {"produit": "PLS/PLUS"})  # the second has the key of the first
    (line,) = told(study)
    assert line["motif"].startswith("1 date postérieure") and line["colonne"] == "date_programmation"


@pytest.mark.parametrize(
    ("table", "column", "told_of"),
    [
        *(("comptes", f"date_{what}", True) for what in ("invitation", "demande", "ouverture", "premiere_connexion")),
        *(("rapprochement", f"date_{what}", True) for what in ("depot", "programmation", "agrement")),
        ("calendrier", "fin_prevue", False),
        ("points_discussion", "echeance", False),
    ],
)
def test_facts_are_warned_of_and_plans_are_not(study: Study, table: str, column: str, told_of: bool) -> None:
    given = {
        "comptes": {"compte": "C1", "organisme": "B1", "departement": "17", "fonction": "F", "profil_demande": "P"},
        "rapprochement": {
            "numero_operation": "2013DD0170001", "annee_programmation": "2013", "gestionnaire": "DDTM 17",
            "commune": "La Rochelle", "moa_siret": "", "moa_nom": "Office", "produit": "PLUS", "nature_logement": "",
            "type_beneficiaire": "", "nb_logements": "3",
        },
        "calendrier": {"id": "T1", "etape": "E", "libelle": "L", "type": "tâche", "debut_prevu": "2014-06-01"},
        "points_discussion": {"id": "P1", "date": "2014-06-12", "theme": "T", "point": "P"},
    }[table] | {column: "2014-12-24"}  # fmt: skip
    text = ";".join(given) + "\n" + ";".join(given.values()) + "\n"
    (study.raw / f"{table}.csv").write_text(text, encoding="utf-8")
    lines = told(study)
    assert len(read_table(study, table)) == 1
    assert [line["colonne"] for line in lines] == [column] * told_of


def test_the_memory_of_a_check_tells_them_again(study: Study, programmation: Writer) -> None:
    programmation(dated(1, "date_depot", "2014-08-01"))
    first = checked(study, study.root / "reports")
    assert any(line.startswith("Avertissement\u00a0: ") for line in first.lines)
    (study.raw / "points_discussion.csv").write_text("id;date;theme;point\n", encoding="utf-8")  # another table
    assert [line for line in first.lines if "Avert" in line] == [
        line for line in checked(study, study.root / "reports").lines if "Avert" in line
    ]
