"""What the rows of `programmation` (and `rapprochement`) must be."""

import re
from functools import partial
from os.path import commonprefix

import pandas as pd

from ..study import Study
from ..words import plain, squeeze
from . import communes, values
from .report import Findings, Read

ABROAD = "département hors de l'étude\u202f; rien à faire si l'opération n'en est pas"
OUTSIDE = "commune hors du département du gestionnaire\u202f; corrigez l'un des deux"
UNLOCATED = "commune inconnue dans le département, code INSEE laissé vide\u202f; corrigez le nom, ou donnez code_insee"
PRODUCTS = (
    "PLUS|PLAI|PLAI_ADP|PLS|PSLA|LOGEMENT INTERMEDIAIRE|PALULOS|PALULOS RELANCE|PRODUIT SPECIFIQUE HEBERGEMENT|RHVS"
).split("|")
_SPELLINGS = {squeeze(name): name for name in PRODUCTS} | {"plaiadapte": "PLAI_ADP"}
_SINGLE = {squeeze(name) for name in PRODUCTS if name.isalpha()}
SEVERAL = "deux produits dans une cellule\u202f; faites une ligne par produit"
TRUNCATED = "produit reconnu à ses premières lettres\u202f; à vérifier"
UNKNOWN = "produit inconnu, gardé tel quel et compté à part\u202f; à vérifier"


def rules(study: Study, frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Gestionnaires as their id, places in the study, products, dates in their order."""
    first, last = study.etude.annees
    beyond = ~frame["annee_programmation"].between(first, last).fillna(True)
    told = f"année hors de l'étude ({first}–{last})\u202f; rien à faire, ou changez etude.annees"
    findings.refuse(beyond, "annee_programmation", told)
    frame = frame.assign(produit=findings.told("produit", frame["produit"], products))
    frame = _places(study, frame, findings)
    early = frame["date_agrement"] < frame["date_depot"]
    findings.refuse(early, "date_agrement", "date d'agrément antérieure à la date de dépôt\u202f; corrigez-en une")
    return frame


def products(cells: pd.Series) -> Read:
    """The product of each cell, missing where there are two."""
    read = pd.DataFrame(map(_product, cells), columns=["produit", "motif"], dtype="str")
    return read["produit"], {told: read["motif"] == told for told in (SEVERAL, TRUNCATED, UNKNOWN)}


def _product(text: str) -> tuple[str | None, str]:
    key = squeeze(text)
    if key in _SPELLINGS:
        return _SPELLINGS[key], ""
    words = re.findall(r"[a-z]+", plain(text).replace(".", ""))
    if len(_SINGLE.intersection(words)) > 1:
        return None, SEVERAL
    shared = {spelling: len(commonprefix([spelling, key])) for spelling in _SPELLINGS}  # noqa: RUF071  # texts
    if begun := [s for s, letters in shared.items() if letters >= 4 or s in words[:1]]:
        return _SPELLINGS[max(begun, key=lambda s: (shared[s], -len(s)))], TRUNCATED
    return " ".join(text.upper().split()), UNKNOWN


def _places(study: Study, frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """gestionnaire, departement, code_insee: each from what the row has."""
    whole, names = frame, ["gestionnaire", "departement", "commune", "code_insee"]
    frame, groups = values.groups(frame[names])  # far fewer than rows
    findings = findings.of_groups(groups)
    manager = findings.told("gestionnaire", frame["gestionnaire"], partial(managers, study)).astype("str")
    home = manager.map({g.id: g.departement for g in study.gestionnaires}).astype("str")
    given = values.each(frame["departement"], lambda text: values.department(text, study))
    unread = frame["departement"].notna() & given.isna()
    findings.warn(unread, "departement", "département illisible\u202f; la cellule est vidée")
    code = _codes(frame["code_insee"], findings)
    seat = values.department_of(code)
    place = given.fillna(seat).fillna(home)
    if len(study.departements) == 1:
        place = place.fillna(*study.departements)
    abroad = place.notna() & ~place.isin(list(study.departements))
    findings.refuse(abroad & given.notna(), "departement", ABROAD)
    findings.refuse(abroad, "code_insee", ABROAD)
    nowhere = "département introuvable\u202f: ni département, ni code INSEE, ni gestionnaire de study.toml"
    declare = "\u202f; déclarez-y celui-ci ([[gestionnaires]]), ou ajoutez-le aux alias d'un autre"
    findings.refuse(place.isna() & manager.notna(), "gestionnaire", nowhere + declare)
    findings.refuse(place.isna(), "departement", f"{nowhere}\u202f; remplissez l'un des trois")
    findings.refuse(given.notna() & home.notna() & (given != home), "commune", OUTSIDE)
    findings.refuse(seat.notna() & home.notna() & (seat != home), "code_insee", OUTSIDE)
    astray = seat.notna() & (seat != place)
    findings.warn(astray, "code_insee", "code INSEE d'un autre département\u202f; la cellule est vidée")
    code = code.mask(astray)
    found = _labels(study, frame["commune"], place, home, code.isna(), findings)
    read = {"gestionnaire": manager, "departement": place, "code_insee": code.fillna(found)}
    return whole.assign(**{name: values.spread(c, groups) for name, c in read.items()})


def managers(study: Study, cells: pd.Series) -> Read:
    """Ids of study.toml from ids, names and aliases; others as written."""
    names = {squeeze(g.id).lstrip("0"): g.id for g in study.gestionnaires}
    names |= {squeeze(n): g.id for g in study.gestionnaires for n in (g.id, g.nom, *g.alias)}
    told = "gestionnaire absent de study.toml, gardé tel quel\u202f; déclarez-le ou son alias"
    return values.known(cells, lambda text: names.get(squeeze(text)), told)


def _codes(column: pd.Series, findings: Findings) -> pd.Series:
    """INSEE codes as given, of 2014, where they exist or the reference cannot tell."""
    read = values.insee(column)
    covered = values.department_of(read).isin([*communes.places()])
    code = read.map(communes.codes_2014()).astype("str").where(covered, read)
    findings.warn(column.notna() & code.isna(), "code_insee", "code INSEE inconnu\u202f; la cellule est vidée")
    merged = "commune disparue avant 2014, remplacée par celle qui l'a absorbée\u202f; rien à faire"
    findings.warn(code.notna() & (code != read), "code_insee", merged)
    return code


def _labels(
    study: Study, label: pd.Series, place: pd.Series, home: pd.Series, wanted: pd.Series, findings: Findings
) -> pd.Series:
    """Codes from labels, where wanted and where the reference has the department."""
    covered = place.isin([*study.departements.keys() & communes.places()])
    found = values.each((place + "\t" + label).where(wanted & covered), partial(_located, study))
    lost = found.isin([UNLOCATED, OUTSIDE])
    findings.refuse((found == OUTSIDE) & home.notna(), "commune", OUTSIDE)
    findings.warn(lost, "commune", UNLOCATED)
    return found.mask(lost)


def _located(study: Study, pair: str) -> str:
    """The code of « department, tab, label », else why there is none."""
    departement, label = pair.split("\t", 1)
    others = (d for d in sorted(study.departements) if d != departement)
    elsewhere = (OUTSIDE for other in others if communes.find(other, label))
    return communes.find(departement, label) or next(elsewhere, UNLOCATED)
