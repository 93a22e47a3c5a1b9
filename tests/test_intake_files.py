from pathlib import Path

from spls_study.intake.files import find


def put(raw: Path, *names: str) -> None:
    for name in names:
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def test_a_file_belongs_to_the_table_that_its_name_or_folder_tells(tmp_path: Path) -> None:
    put(tmp_path, "programmation_2013.CSV", "Organismes.xlsx", "programmation/a/b.ods")
    known, unknown = find(tmp_path)
    assert [(f.name, f.table) for f in known] == [
        ("Organismes.xlsx", "organismes"),
        ("programmation/a/b.ods", "programmation"),
        ("programmation_2013.CSV", "programmation"),
    ]
    assert unknown == []


def test_notices_questionnaires_and_lock_files_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "README.md", "questionnaires/bailleurs.toml", ".gitkeep", "~$programmation.xlsx")
    assert find(tmp_path) == ([], [])


def test_what_belongs_to_no_table_is_told(tmp_path: Path) -> None:
    put(tmp_path, "budget.xlsx", "programmation.pdf", "divers/programmation.csv")
    assert find(tmp_path) == ([], ["budget.xlsx", "divers/programmation.csv", "programmation.pdf"])


def test_no_folder_no_file(tmp_path: Path) -> None:
    assert find(tmp_path / "absent") == ([], [])
