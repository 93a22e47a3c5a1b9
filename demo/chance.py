"""One operation at a time: how large, whose, where, for whom, when, of what products."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from .organismes import BAILLEURS, Bailleur

Draw = np.random.Generator
SIGNED = [0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.08, 0.04, 0.09, 0.13, 0.19, 0.25]  # by month
NAMES = (
    "des Tilleuls|du Lavoir|de la Garenne|des Trois Puits|du Vieux Four|de la Fontaine|des Alouettes|du Grand Pré|"
    "de la Gare|des Vignes|du Chemin Vert|de la Tonnelle|des Noyers|du Clocher|de l'Écluse"
).split("|")
FOYER = "Autres logements foyers"


def sizes(rng: Draw, left: int, group: str) -> Iterator[int]:
    """Sizes of operations that add up to `left`."""
    while left > 0:
        if group == "PLS" and left >= 60 and rng.random() < 0.8:
            size = int(rng.integers(60, 101))
        else:
            size = int(np.clip(rng.lognormal(2.4 if group == "PLUS-PLAI" else 2.0, 0.75), 2, 58))
        size = left if left - size < 3 else size
        yield size
        left -= size


def moa(rng: Draw, department: str, year: int, group: str, size: int) -> Bailleur:
    """A landlord active there that year, the more often the larger; homes go to associations."""
    home = group == "PLS" and size >= 60
    able = [b for b in BAILLEURS if department in b.departements and b.debut <= year <= b.fin]
    weights = np.array([b.nb_logements**0.7 * (8 if home and b.famille == "MOI" else 1) for b in able])
    return able[int(rng.choice(len(able), p=weights / weights.sum()))]


def operation(rng: Draw, year: int, group: str, size: int, places: pd.DataFrame, owner: Bailleur) -> dict[str, Any]:
    """One new operation: its columns but for number, produit and type d'habitat."""
    home = group == "PLS" and size >= 60
    place = places.loc[rng.choice(len(places), p=places["weight"] / places["weight"].sum())]
    nature, public = "Logements ordinaires", "Ménages"
    chance = rng.random()
    if home:
        nature, public = FOYER, "Personnes âgées" if chance < 0.98 else "Personnes handicapées"
    elif group == "PLS" and chance < 0.12:
        nature, public = "Résidence universitaire", "Etudiants"
    elif group == "PLUS-PLAI" and chance < 0.06:
        nature, public = [
            ("Résidence sociale", "Jeunes"),
            (FOYER, "Personnes handicapées"),
            ("Pensions de famille (maisons relais)", "Publics maison relais ou res. d'accueil"),
        ][int(chance * 50)]
    elif chance > 0.97:
        public = "Non renseigné"
    kind = "Résidence fictive" if nature == "Logements ordinaires" else "Foyer fictif"
    outcome: dict[str, Any] = {"date_fin": None, "statut_fin": None}
    days = dates(rng, year)
    if group == "sans suite":
        rejected = year != 2013 and rng.random() < 0.3
        end = days["date_programmation"] + timedelta(int(rng.integers(20, 110)))
        outcome = {"date_fin": end, "statut_fin": "Rejetée" if rejected else "Annulée"}
        days |= {"date_agrement": None} | ({"date_programmation": None} if rejected else {})
    name = f"{kind} {rng.choice(NAMES)}"
    closed = year + 2 if year <= 2012 and rng.random() < 0.8 else None
    who = {"moa_siret": owner.siret, "moa_nom": owner.nom, "nb_logements": size, "annee_programmation": year}
    where = {"commune": place["nom"], "code_insee": place["code_insee"], "ville": place["nb_ls"]}
    what = {"nature_logement": nature, "type_beneficiaire": public, "nom_operation": name, "annee_cloture": closed}
    return who | where | what | days | outcome


def dates(rng: Draw, year: int, since: date | None = None) -> dict[str, Any]:
    """Deposit, programming and signature of one operation of that year, on working days."""
    signed = date(year, int(rng.choice(12, p=SIGNED)) + 1, int(rng.integers(1, 29)))
    spring = date(year, 4, 1) + timedelta(int(rng.integers(0, 100)))
    autumn = date(year, 9, 1) + timedelta(int(rng.integers(0, 45)))
    wanted = spring if rng.random() < 0.75 else autumn
    programmed = min(wanted, signed - timedelta(int(rng.integers(14, 45))))
    filed = since or programmed - timedelta(int(rng.integers(12, 95)))
    days = {"date_depot": filed, "date_programmation": programmed, "date_agrement": signed}
    days = {k: d - timedelta(max(0, d.weekday() - 4)) for k, d in days.items()}
    return days | {"visible": days["date_programmation"] if since else days["date_depot"]}


def split(rng: Draw, op: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The operation's dwellings by produit and type d'habitat."""
    size, group = op["nb_logements"], op["groupe"]
    counts = {group: size}
    if group in ("PLUS-PLAI", "sans suite"):
        social = op["nature_logement"] != "Logements ordinaires"
        plai = size if social else int(rng.binomial(size, 0.31))
        adapted = 1 if plai > 2 and rng.random() < 0.12 else 0
        counts = {"PLUS": size - plai, "PLAI": plai - adapted, "PLAI_ADP": adapted}
    foyer = op["nature_logement"] == FOYER
    flats = 1.0 if foyer else 0.8 if op["ville"] > 1500 else 0.35
    mixed = size >= 6 and op["nature_logement"] == "Logements ordinaires" and rng.random() < 0.3
    habitat = "collectif" if rng.random() < flats else "individuel"
    euros = {"PLUS": 420, "PLAI": 6600, "PLAI_ADP": 13200}
    for product, count in counts.items():
        other = int(rng.binomial(count, 0.35)) if mixed else 0
        for kind, n in ((habitat, count - other), ("individuel" if habitat == "collectif" else "collectif", other)):
            if n:
                area = round(float(n * (26 if foyer else rng.normal(63, 4))), 1)
                what = {"produit": product, "type_habitat": kind, "nb_logements": n}
                yield what | {"surface_utile": area, "montant_subvention": float(n * euros.get(product, 0))}
