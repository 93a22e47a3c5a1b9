from collections.abc import Callable
from pathlib import Path

from notebook_reports.files import path_digest
from spls_study.intake import check
from spls_study.intake.files import find
from spls_study.study import Study


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
    put(
        tmp_path,
        "README.md",
        "questionnaires/bailleurs.toml",
        ".gitkeep",
        "~$programmation.xlsx",
        "Thumbs.db",
        "programmation/Desktop.ini",
    )
    assert find(tmp_path) == ([], [])


def test_what_belongs_to_no_table_is_told(tmp_path: Path) -> None:
    put(tmp_path, "budget.xlsx", "programmation.pdf", "divers/programmation.csv")
    known, told = find(tmp_path)
    assert known == [] and [sentence.split("\u00a0: ")[0] for sentence in told] == [
        "budget.xlsx",
        "divers/programmation.csv",
        "programmation.pdf",
    ]
    assert ["ce format n'est pas lu" in sentence for sentence in told] == [False, False, True]
    assert "renommez-le" in told[0] and "enregistrez-le" in told[2]


def test_linked_folders_are_followed_once(tmp_path: Path) -> None:
    put(tmp_path, "partage/envoi.csv", "raw/organismes.csv")
    (tmp_path / "raw" / "programmation").symlink_to(tmp_path / "partage", target_is_directory=True)
    (tmp_path / "partage" / "encore").symlink_to(tmp_path / "partage", target_is_directory=True)
    known, _ = find(tmp_path / "raw")
    assert [f.name for f in known] == ["organismes.csv", "programmation/envoi.csv"]


def test_what_a_linked_folder_holds_is_part_of_what_was_read(tmp_path: Path) -> None:
    put(tmp_path, "partage/envoi.csv", "raw/organismes.csv")
    (tmp_path / "raw" / "programmation").symlink_to(tmp_path / "partage", target_is_directory=True)
    before = path_digest(tmp_path / "raw")
    (tmp_path / "partage" / "envoi.csv").write_bytes(b"1")
    assert path_digest(tmp_path / "raw") != before


def test_a_broken_link_is_told_and_the_rest_goes_on(study: Study, programmation: Callable[..., Path]) -> None:
    programmation({}, name="programmation_1.csv")
    (study.raw / "programmation_2.csv").symlink_to(study.root / "disparu.csv")
    report = check(study)
    assert [f.fichier for f in report.files] == ["programmation_1.csv"]
    (sentence,) = report.set_aside
    assert sentence.startswith("programmation_2.csv\u00a0: introuvable") and "reconnectez-le" in sentence


def test_no_folder_no_file(tmp_path: Path) -> None:
    assert find(tmp_path / "absent") == ([], [])
