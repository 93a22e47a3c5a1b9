"""Demonstration studies of the 18 regions and 101 departments of today, for trials of scale."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from notebook_reports.files import write_atomic
from spls_study.starter import Plan, rendered
from spls_study.starter.places import of_codes
from spls_study.study import REFERENCE

from . import deploiement, droits, processus
from .mass import EDITION, YEARS, landlords_of, programming, service
from .parts import to_csv

ROWS = 1_560_000  # of programming, in all; four in a hundred are not filed yet
_MAYOTTE = 256_518  # population of 2017: departements.csv has no later one


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
            write_atomic(home / "data/raw/programmation.csv", programming(places))
            write_atomic(home / "study.toml", _study(places))
            written.append(home / "study.toml")
    return written


def _study(places: pd.DataFrame) -> str:
    region, name = places[["region", "nom_region"]].iloc[0]
    days = (EDITION.edition, EDITION.extraction)
    return rendered("study.toml", Plan(region, name, of_codes(places["code"]), "SPLS", *days, YEARS, True))


def _small_tables(places: pd.DataFrame) -> dict[str, bytes]:
    """Every other table: present, small; no questionnaire."""
    region, codes = str(places["region"].iloc[0]), [*places["code"]]
    rng = np.random.default_rng([20140602, int(places["rang"].iloc[0])])
    day = EDITION.extraction
    services = [service(code) for code in codes]
    landlords = [
        (f"B{code}-{i + 1}", nom, "bailleur", family, code, siret[:9])
        for code, rang in zip(codes, places["rang"], strict=True)
        for i, (siret, nom, family) in enumerate(landlords_of(rang, code))
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
