import csv
import io

from demo import EDITIONS
from demo.processus import part
from spls_study.study import PACKAGE, load_study

FILES = part(EDITIONS[0]).files


def rows(name: str, encoding: str = "cp1252") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(FILES[name].decode(encoding)), delimiter=";"))


def test_every_gestionnaire_of_the_study_has_a_file() -> None:
    names = {g.nom.lower().replace(" ", "_") for g in load_study(PACKAGE.parent / "study.toml").gestionnaires}
    assert {f.split("/")[1].split(".")[0] for f in FILES if f.startswith("processus/")} == names


def test_one_loops_and_one_lacks_dates() -> None:
    looping = [r["etape"] for r in rows("processus/ddt_16.csv")]
    assert len(looping) == len(set(looping)) + 1
    assert not all(r["date_debut"] and r["date_fin"] for r in rows("processus/ddt_79.csv"))


def test_the_target_has_about_twelve_steps_of_the_three_kinds() -> None:
    target = rows("etapes_spls.csv", "utf-8-sig")
    assert [int(r["ordre"]) for r in target] == list(range(1, 13))
    assert {r["couverture"] for r in target} == {"couvert", "à adapter", "hors SPLS"}
