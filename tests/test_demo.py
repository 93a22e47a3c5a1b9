"""The demonstration data: same bytes, as shipped, and the brief's totals counted from the files."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from demo import EDITIONS, write_demo
from demo.organismes import BAILLEURS, with_key
from spls_study.study import PACKAGE, load_study

ROOT = PACKAGE.parent
PROGRAMMATION = "data/raw/programmation"
# File: position (from 0) of year, produit, dwellings, statut (None: no such column), first row.
LAYOUTS = {
    "galion_ddt16.xlsx": ("16", 1, 14, 16, 22, 1),
    "galion_ddtm17.csv": ("17", 1, 13, 15, 21, 1),
    "suivi_ddt79.ods": ("79", 1, 7, 11, 17, 1),
    "sisal_ddt86.xlsx": ("86", 1, 23, 24, None, 4),
    "grand_poitiers.csv": ("86", 1, 7, 11, 17, 1),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return folder


def cells(file: Path) -> list[list[str]]:
    """Every line of a file as text, read without the package."""
    if file.suffix == ".csv":
        encoding = "cp1252" if file.name == "grand_poitiers.csv" else "utf-8-sig"
        return [*csv.reader(io.StringIO(file.read_text(encoding=encoding)), delimiter=";")]
    sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(0)
    return [[str(c).removesuffix(".0") for c in row] for row in sheet.to_python(skip_empty_area=False)]


def dwellings(folder: Path, year: str) -> Counter[tuple[str, str]]:
    """Dwellings neither annulled nor rejected of one year, by department and group."""
    total: Counter[tuple[str, str]] = Counter()
    for name, (department, at, produit, count, statut, first) in LAYOUTS.items():
        for row in cells(folder / PROGRAMMATION / name)[first:]:
            if row[at] == year and (statut is None or row[statut] not in ("Annulée", "Rejetée")):
                group = {"PLUS": "PLUS-PLAI", "PLAI": "PLUS-PLAI", "PLAI_ADP": "PLUS-PLAI"}
                key = department, group.get(row[produit], row[produit])
                total[key] += int(row[count].removeprefix("'"))
    return total


def test_the_command_writes_it_from_the_root_of_the_repository(demo: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "demo", "--to", str(tmp_path)], cwd=ROOT, capture_output=True, check=True)
    written = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    assert written == {p.relative_to(demo) for p in demo.rglob("*") if p.is_file()}


def test_written_twice_the_bytes_are_the_same(demo: Path, tmp_path: Path) -> None:
    again = write_demo(tmp_path)
    assert again == sorted(again)
    for path in again:
        assert path.read_bytes() == (demo / path.relative_to(tmp_path)).read_bytes(), path


def unpacked(content: bytes) -> list[tuple[str, object, bytes]]:
    """Members of a workbook: another zlib may deflate the same content to other bytes."""
    if not content.startswith(b"PK"):
        return [("", None, content)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(i.filename, i.date_time, archive.read(i)) for i in archive.infolist()]


def test_what_is_shipped_is_what_is_written(tmp_path: Path) -> None:
    for path in write_demo(tmp_path):
        shipped = ROOT / path.relative_to(tmp_path)
        assert unpacked(shipped.read_bytes()) == unpacked(path.read_bytes()), shipped


def test_a_study_file_of_the_target_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text("# à moi\n", encoding="utf-8")
    assert tmp_path / "study.toml" not in write_demo(tmp_path)
    assert (tmp_path / "study.toml").read_text(encoding="utf-8") == "# à moi\n"


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.folder or "racine")
def test_2013_holds_exactly_the_totals_of_the_brief(demo: Path, edition) -> None:
    total = dwellings(demo / edition.folder, "2013")
    social = {d: n for (d, group), n in total.items() if group == "PLUS-PLAI"}
    pls = {d: n for (d, group), n in total.items() if group == "PLS"}
    assert sum(social.values()) == 1584
    assert social["17"] * 2 > 1584
    assert sum(pls.values()) == 999
    assert set(pls) == {"16", "17", "79", "86"}


def test_pls_of_2013_are_mostly_homes_for_the_elderly_in_every_department(demo: Path) -> None:
    elderly: Counter[str] = Counter()
    for name, (department, year, produit, count, _, first) in LAYOUTS.items():
        for row in cells(demo / PROGRAMMATION / name)[first:]:
            if row[year] == "2013" and row[produit] == "PLS" and "Personnes âgées" in row:
                elderly[department] += int(row[count].removeprefix("'"))
    pls = {d: n for (d, group), n in dwellings(demo, "2013").items() if group == "PLS"}
    assert all(elderly[d] * 2 > n for d, n in pls.items())


def test_the_later_edition_knows_more_of_2014(demo: Path) -> None:
    july, october = (sum(dwellings(demo / e.folder, "2014").values()) for e in EDITIONS)
    assert 1000 < july < october


def test_the_editions_are_studies_with_their_own_dates(demo: Path) -> None:
    for edition in EDITIONS:
        study = load_study(demo / edition.folder / "study.toml")
        assert study.etude.edition == edition.edition
        assert study.etude.extraction == edition.extraction
        assert study.copil.date == edition.edition
        assert study.etude.donnees_fictives


def test_an_operation_programmed_again_keeps_its_number(demo: Path) -> None:
    years: dict[str, set[str]] = {}
    for row in cells(demo / PROGRAMMATION / "galion_ddtm17.csv")[1:]:
        years.setdefault(row[0], set()).add(row[1])
    again = [number for number, listed in years.items() if len(listed) > 1]
    assert 0.02 < len(again) / len(years) < 0.12
    assert all(re.fullmatch(r"20\d\dDD017\d{4}", number) for number in years)


def luhn(number: str) -> bool:
    digits = [int(d) for d in reversed(number)]
    return sum(digits[::2] + [sum(divmod(2 * d, 10)) for d in digits[1::2]]) % 10 == 0


def test_the_key_of_luhn_against_a_published_number() -> None:
    assert luhn("79927398713")  # the usual example of the algorithm
    assert with_key("7992739871") == "79927398713"


def test_siren_are_invented_ones_with_a_right_key() -> None:
    assert all(re.fullmatch(r"000\d{6}", b.siren) and luhn(b.siren) for b in BAILLEURS)
    assert all(len(b.siret) == 14 and luhn(b.siret) for b in BAILLEURS)
    assert len({b.siren for b in BAILLEURS}) == len(BAILLEURS)


def test_names_cannot_be_mistaken_for_real_ones() -> None:
    assert all(re.search("Fictif|Fictive", b.nom) for b in BAILLEURS)


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.folder or "racine")
def test_the_readme_names_the_lines_that_are_wrong(demo: Path, edition) -> None:
    home = demo / edition.folder / "data" / "raw"
    text = (home / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# Données fictives\n")
    told = re.findall(r"^\| `(\S+)` \| (\d+) \| (.+?) \| (.+?) \|$", text, flags=re.MULTILINE)
    assert len(told) >= 12
    seen = {why: cells(home / "programmation" / name)[int(line) - 1] for name, line, why, _ in told}
    assert "-4" in seen["nombre de logements négatif"]
    assert "PLUS / PLAI" in seen["deux produits dans une cellule"]
    assert "douze" in seen["nombre écrit en lettres"]
    assert "NIORT" in seen["commune hors du département du gestionnaire"]
    assert "2008" in seen["année hors de l'étude"]
    assert "à venir" in seen["date de programmation illisible"]
    assert "04/03/2101" in seen["date d'agrément invraisemblable"]
    assert "12,5" in seen["nombre de logements qui n'est pas entier"]
    assert "vu avec le bailleur" in seen["plus de cellules que d'en-têtes"]
    assert seen["produit non renseigné"][23] == "Non renseigné"
    assert seen["numéro d'opération vide"][4] == ""
    twin = [line for name, line, why, _ in told if why.startswith("doublon")]
    rows = cells(home / "programmation" / "galion_ddtm17.csv")
    assert rows[int(twin[0]) - 1] == rows[int(twin[0]) - 2]


def test_the_whole_is_small(demo: Path) -> None:
    assert sum(f.stat().st_size for f in demo.rglob("*") if f.is_file()) < 2_000_000
