"""Demonstration studies of the 18 regions and 101 departments of today, for trials of scale."""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from ..files import write_atomic
from ..starter.places import of_codes
from ..starter.plan import Plan, rendered
from ..study import REFERENCE
from . import deploiement, droits, processus
from .chance import FOYER, NAMES, SIGNED
from .organismes import with_key
from .parts import Edition, to_csv

ROWS = 1_560_000  # of programming, in all; four in a hundred are not filed yet
YEARS = (2000, 2014)
EDITION = Edition("", date(2014, 7, 10), date(2014, 7, 1))
LANDLORDS = 8  # in each department
PRODUCTS = ("PLUS", "PLAI", "PLUS", "PLAI", "PLS", "PLS")  # of the rows of an operation, with
HOUSING = ("collectif", "collectif", "individuel", "individuel", "collectif", "individuel")
_FAMILIES = ("OPH", "ESH", "ESH", "Coop", "SEM", "MOI", "MOI", "MOI")
_MAYOTTE = 256_518  # population of 2017: departements.csv has no later one
Codes = npt.NDArray[Any]


def departments() -> pd.DataFrame:
    """code, nom, region, nom_region, population, rows (of programming), rang; by code."""
    table = pd.read_csv(REFERENCE / "departements.csv", dtype={"code": "str", "region": "str"})
    population = table["population_2023"].fillna(_MAYOTTE)
    until = (population.cumsum() / population.sum() * ROWS).round().astype("int64")
    return table.assign(population=population, rows=until.diff().fillna(until[0]).astype(int), rang=range(len(table)))


def write_france(to: Path, regions: Sequence[str] | None = None) -> list[Path]:
    """Write `<to>/<code of region>/` with study.toml and data/raw; the same bytes each time.

    Returns
    -------
    The study files, by code of region.
    """
    written = []
    for code, places in departments().groupby("region"):
        if regions is None or code in regions:
            home = to / str(code)
            for name, content in _small_tables(places).items():
                write_atomic(home / "data" / "raw" / name, content)
            write_atomic(home / "data/raw/programmation.csv", _programming(places))
            write_atomic(home / "study.toml", _study(places))
            written.append(home / "study.toml")
    return written


def _service(code: str) -> tuple[str, str]:
    [place] = of_codes([code])
    return place.id, place.gestionnaire


def _study(places: pd.DataFrame) -> str:
    region, name = places[["region", "nom_region"]].iloc[0]
    days = (EDITION.edition, EDITION.extraction)
    return rendered("study.toml", Plan(region, name, of_codes(places["code"]), "SPLS", *days, YEARS, True))


def _landlords(rang: int, code: str) -> list[tuple[str, str, str]]:
    """siret, name, family of the landlords of a department."""
    sirens = [with_key(f"000{50_000 + LANDLORDS * rang + i:05d}") for i in range(LANDLORDS)]
    return [
        (with_key(f"{siren}0001"), f"Bailleur Fictif {code}-{i + 1}", _FAMILIES[i]) for i, siren in enumerate(sirens)
    ]


def _programming(places: pd.DataFrame) -> bytes:
    """programmation.csv of a region: a row for each operation, product and type of housing."""
    rows = places[["code", "rang", "rows"]].itertuples(index=False, name=None)
    content = io.BytesIO()
    options = pyarrow.csv.WriteOptions(delimiter=";", quoting_style="none", quoting_header="none")
    pyarrow.csv.write_csv(pa.concat_tables([_department(*row) for row in rows]), content, options)
    return content.getvalue()


def _department(code: str, rang: int, rows: int) -> pa.Table:
    rng = np.random.default_rng([20140710, rang])
    pls = rng.random(rows) < 0.3
    split = np.minimum(rng.choice([1, 2, 3, 4], rows, p=[0.45, 0.3, 0.15, 0.1]), 4 - 2 * pls)
    op = np.repeat(np.arange(rows), split)[:rows]  # the operation of each row
    first = np.r_[True, op[1:] != op[:-1]]
    rank = np.arange(rows) - np.maximum.accumulate(np.where(first, np.arange(rows), 0))
    product = rank + 4 * pls[op]
    years = rng.integers(YEARS[0], YEARS[1] + 1, rows)
    number = pd.Series(years).groupby(years).cumcount().to_numpy() + 1
    home = pls & (rng.random(rows) < 0.2)
    public = rng.choice(3, rows, p=[0.95, 0.03, 0.02])
    count = np.where(home[op], rng.integers(40, 101, rows), np.clip(rng.lognormal(1.7, 0.8, rows), 1, 150).astype(int))
    owner = rng.choice(LANDLORDS, rows, p=np.arange(LANDLORDS, 0, -1) / 36)
    communes = _communes(code)
    weights = rng.pareto(1.2, len(communes)) + 0.05
    place = rng.choice(len(communes), rows, p=weights / weights.sum())
    month = rng.choice(12, rows, p=SIGNED)
    signed = (years - 1970) * 365.25 + month * 30.4 + rng.integers(0, 28, rows)
    programmed = signed - rng.integers(14, 60, rows)
    filed = programmed - rng.integers(12, 95, rows)
    known = np.datetime64(EDITION.extraction).astype("int64")
    status = (signed > known).astype(int) + (programmed > known) + (filed > known)
    seen = (status < 3)[op]
    landlords = _landlords(rang, code)
    naturally = ["Logements ordinaires", FOYER]
    publics = ["Ménages", "Jeunes", "Non renseigné", "Personnes âgées"]
    columns = {
        "N° Opération GALION": _joined(years, number, _service(code)[0])[op],
        "Année Gestion Programmation": years[op].astype(str),
        "Commune": _spread(communes, place[op]),
        "Type Financement": _spread(["MIXTE", "PLS"], pls[op]),
        "Gestionnaire": np.full(rows, _service(code)[1], object),
        "MOA (nom officiel)": _spread([b[1] for b in landlords], owner[op]),
        "MOA (code SIRET)": _spread([b[0] for b in landlords], owner[op]),
        "Type d'habitat": _spread(HOUSING, product),
        "Nom Opération": _spread([f"Résidence fictive {n}" for n in NAMES], (op + rang) % 15),
        "Nature logement": _spread(naturally, home[op]),
        "Type Bénéficiaire": _spread(publics, np.where(home, 3, public)[op]),
        "Produit": _spread(PRODUCTS, product),
        "Nb logts": count.astype(str),
        "SU totale": _areas(count, rng),
        "Date de dépôt": _dates(filed, known)[op],
        "Date de programmation": _dates(programmed, known)[op],
        "Date d'agrément": _dates(signed, known)[op],
        "Statut": _spread(["Agréée", "Programmée", "Validée", ""], status[op]),
    }
    return pa.table({name: pa.array(cells[seen], pa.string()) for name, cells in columns.items()})


def _spread(values: Sequence[str], codes: Codes) -> Codes:
    texts: Codes = np.array(values, dtype=object)
    found: Codes = texts[codes.astype(int)]
    return found


def _joined(years: Codes, number: Codes, service: str) -> Codes:
    return np.array([f"{y}{service}{n:04d}" for y, n in zip(years, number, strict=True)], object)


def _areas(count: Codes, rng: np.random.Generator) -> Codes:
    tenths = (count * rng.integers(550, 720, len(count))).astype(int)
    return np.array([f"{whole},{rest}" for whole, rest in zip(*divmod(tenths, 10), strict=True)], object)


def _dates(days: Codes, known: int) -> Codes:
    """dd/mm/yyyy, empty after the extraction."""
    whole = days.astype(int)
    first = int(whole.min())
    shown = [
        f"{date.fromordinal(719_163 + d):%d/%m/%Y}" if d <= known else "" for d in range(first, int(whole.max()) + 1)
    ]
    return _spread(shown, whole - first)


def _communes(code: str) -> list[str]:
    table = pd.read_csv(REFERENCE / "communes.csv", dtype="str", keep_default_na=False)
    return sorted(set(table.loc[table["departement"].eq(code) & table["existe_2014"].ne("non"), "nom"]))


def _small_tables(places: pd.DataFrame) -> dict[str, bytes]:
    """Every other table: present, small; no questionnaire."""
    region, codes = str(places["region"].iloc[0]), [*places["code"]]
    rng = np.random.default_rng([20140602, int(places["rang"].iloc[0])])
    day = EDITION.extraction
    services = [_service(code) for code in codes]
    landlords = [
        (f"B{code}-{i + 1}", nom, "bailleur", family, code, siret[:9])
        for code, rang in zip(codes, places["rang"], strict=True)
        for i, (siret, nom, family) in enumerate(_landlords(rang, code))
    ]
    organismes = [
        *((i, nom, "gestionnaire", "DDT", code, None) for code, (i, nom) in zip(codes, services, strict=True)),
        *landlords,
        ("DREAL", "DREAL", "partenaire", "État", "|".join(codes), None),
    ]
    tasks = [[*row] for row in deploiement.calendar(day) if row[9] is None]
    kept = {row[0] for row in tasks}
    for row in tasks:
        row[10] = "|".join(i for i in (row[10] or "").split("|") if i in kept)
    steps = processus.part(EDITION).files
    header, *known = [line.split(";") for line in steps["processus/ddt_16.csv"].decode("cp1252").splitlines()]
    accounts = [*_accounts(rng, landlords, region)]  # drawn before the charter
    clauses = [
        (clause, theme, i, rng.choice(["accord", "réserve", "en attente"], p=[0.6, 0.2, 0.2]), text)
        for clause, theme, text in deploiement.CLAUSES
        for i, _ in services
    ]
    sessions = [
        (f"F{i:03d}", date(2014, 6, 16), code, "Saisie bailleur", 15, 12, 10) for i, code in enumerate(codes, 1)
    ]
    points = [row for row in deploiement.points(day) if not row[6].startswith(("DDT", "Grand"))]
    seats = [("équipe projet", "DREAL"), *(("COPIL", i) for i, _ in services)]
    return {name: content for name, content in steps.items() if name.startswith("etapes_spls")} | {
        "profils.xlsx": droits.part(EDITION).files["profils.xlsx"],
        "organismes.csv": to_csv(["id nom role famille departements siren".split(), *organismes]),
        "comptes.csv": to_csv([droits.COLUMNS[:9], *accounts]),
        "processus/ddt.csv": to_csv(
            [header, *([cell.replace("DDT 16", name) for cell in row] for _, name in services for row in known)]
        ),
        "calendrier.csv": to_csv([deploiement.CALENDAR, *tasks]),
        "charte.csv": to_csv([deploiement.CHARTER, *clauses]),
        "formations.csv": to_csv([deploiement.SESSIONS, *sessions]),
        "points_discussion.csv": to_csv([deploiement.POINTS, *points]),
        "gouvernance.csv": to_csv([("instance", "organisme"), *seats]),
    }


def _accounts(rng: np.random.Generator, landlords: list[Any], region: str) -> Iterator[Any]:
    for i, (organisme, _, _, _, code, _) in enumerate(landlords):
        asked = rng.choice(["Saisie bailleur", "Lecture bailleur"], p=[0.7, 0.3])
        day = date(2014, 6, int(rng.integers(3, 20)))
        opened = day.replace(day=day.day + int(rng.integers(2, 11)))
        given = (asked, opened) if rng.random() < 0.7 else (None, None)
        who = (f"C{region}-{i:03d}", organisme, code, "Chargé d'opérations")
        yield (*who, asked, given[0], date(2014, 6, 2), day, given[1])
