"""Dates after the extraction (1 July 2014) in what is past by nature: told, kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from spls_study.checking import checked
from spls_study.intake import check
from spls_study.study import Study
from spls_study.tables import read_table

Writer = Callable[..., Path]


def told(study: Study) -> list[tuple[int, str, str]]:
    """Line, column and value of each such date."""
    found = check(study).warnings
    late = found[found["motif"].str.startswith("date postérieure à l'extraction (1er juillet 2014)")]
    return list(late[["ligne", "colonne", "valeur"]].itertuples(index=False, name=None))


def dated(number: int, column: str, day: str) -> dict[str, str]:
    return {"numero_operation": f"2013DD017{number:04d}", column: day}


def test_each_date_after_the_extraction_is_told_and_stays(study: Study, programmation: Writer) -> None:
    days = ["01/07/2014", *["02/07/2014"] * 7, ""]  # the day of the extraction is not after it
    programmation(*(dated(i, "date_agrement", day) for i, day in enumerate(days)))
    assert told(study) == [(line, "date_agrement", "02/07/2014") for line in range(3, 10)]
    assert read_table(study, "programmation")["date_agrement"].notna().sum() == 8
    [sentence] = [line for line in check(study).lines if "date_agrement" in line]
    assert "quelle, 7 fois («\u00a002/07/2014\u00a0»\u202f; lignes 3, 4, 5…)\u202f; à vérifier" in sentence


def test_a_row_that_is_refused_is_not_told(study: Study, programmation: Writer) -> None:
    late = dated(1, "date_programmation", "2014-08-01")
    programmation(late, late, late | {"produit": "PLS/PLUS"})  # the second has the key of the first
    assert told(study) == [(2, "date_programmation", "2014-08-01")]


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
    assert [where for _, where, _ in lines] == [column] * told_of


def test_the_memory_of_a_check_tells_them_again(study: Study, programmation: Writer) -> None:
    programmation(dated(1, "date_depot", "2014-08-01"))
    first = checked(study, study.root / "reports")
    assert any(line.startswith("Avertissement\u00a0: ") for line in first.lines)
    (study.raw / "points_discussion.csv").write_text("id;date;theme;point\n", encoding="utf-8")  # another table
    assert [line for line in first.lines if "Avert" in line] == [
        line for line in checked(study, study.root / "reports").lines if "Avert" in line
    ]
