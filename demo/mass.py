"""Programmed operations of a region of France by the hundred thousand, column by column."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from spls_study.starter.places import of_codes
from spls_study.study import REFERENCE

from .chance import FOYER, NAMES, SIGNED
from .organismes import with_key
from .parts import Edition

YEARS = (2000, 2014)
EDITION = Edition("", date(2014, 7, 10), date(2014, 7, 1))
LANDLORDS = 8  # in each department
PRODUCTS = ("PLUS", "PLAI", "PLUS", "PLAI", "PLS", "PLS")  # of the rows of an operation, with
HOUSING = ("collectif", "collectif", "individuel", "individuel", "collectif", "individuel")
_FAMILIES = ("OPH", "ESH", "ESH", "Coop", "SEM", "MOI", "MOI", "MOI")
Codes = npt.NDArray[Any]


def service(code: str) -> tuple[str, str]:
    [place] = of_codes([code])
    return place.id, place.gestionnaire


def landlords_of(rang: int, code: str) -> list[tuple[str, str, str]]:
    """siret, name, family of the landlords of a department."""
    sirens = [with_key(f"000{50_000 + LANDLORDS * rang + i:05d}") for i in range(LANDLORDS)]
    return [
        (with_key(f"{siren}0001"), f"Bailleur Fictif {code}-{i + 1}", _FAMILIES[i]) for i, siren in enumerate(sirens)
    ]


def programming(places: pd.DataFrame) -> bytes:
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
    landlords = landlords_of(rang, code)
    naturally = ["Logements ordinaires", FOYER]
    publics = ["Ménages", "Jeunes", "Non renseigné", "Personnes âgées"]
    columns = {
        "N° Opération GALION": _joined(years, number, service(code)[0])[op],
        "Année Gestion Programmation": years[op].astype(str),
        "Commune": _spread(communes, place[op]),
        "Type Financement": _spread(["MIXTE", "PLS"], pls[op]),
        "Gestionnaire": np.full(rows, service(code)[1], object),
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
