"""What the rows of `programmation` (and `rapprochement`) must be."""

import pandas as pd

from ..study import Study
from ..words import squeeze
from . import communes, identifiers, products, values
from .sieve import Sieve
from .values import by_value, each

UNDECLARED = ""  # no cell is: empty ones are missing
ABROAD = "département hors de l'étude\u202f; rien à faire si l'opération n'en est pas"
OUTSIDE = "commune hors du département du gestionnaire\u202f; corrigez l'un des deux"


def rules(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """Gestionnaires as their id, places in the study, SIRET, products, dates in their order."""
    first, last = study.etude.annees
    beyond = ~frame["annee_programmation"].between(first, last).fillna(True)
    sieve.refuse(
        beyond,
        "annee_programmation",
        f"année hors de l'étude ({first}–{last})\u202f; rien à faire, ou changez etude.annees",
    )
    product, remark = products.fold(frame["produit"])
    sieve.refuse(remark == products.SEVERAL, "produit", products.SEVERAL)
    for doubt in (products.TRUNCATED, products.UNKNOWN):
        sieve.warn(remark == doubt, "produit", doubt)
    frame = _places(study, frame.assign(produit=product), sieve)
    early = frame["date_agrement"] < frame["date_depot"]
    sieve.refuse(early, "date_agrement", "date d'agrément antérieure à la date de dépôt\u202f; corrigez-en une")
    siret, doubtful = identifiers.siret(frame["moa_siret"])
    sieve.warn(doubtful, "moa_siret", "SIRET incomplet ou de clé fausse, gardé tel quel\u202f; à vérifier")
    return frame.assign(moa_siret=siret)


def _places(study: Study, frame: pd.DataFrame, sieve: Sieve) -> pd.DataFrame:
    """gestionnaire, departement, code_insee: each from what the row has."""
    whole, names = frame, ["gestionnaire", "departement", "commune", "code_insee"]
    frame, groups = values.groups(frame[names])  # far fewer than rows
    sieve = sieve.of_groups(groups)
    manager = managers(study, frame["gestionnaire"], sieve)
    home = manager.map({g.id: g.departement for g in study.gestionnaires}).astype("str")
    given = identifiers.departments(frame["departement"], study, sieve)
    code = _codes(frame["code_insee"], sieve)
    seat = identifiers.department_of(code)
    place = given.fillna(seat).fillna(home)
    if len(study.departements) == 1:
        place = place.fillna(*study.departements)
    abroad = place.notna() & ~place.isin(list(study.departements))
    sieve.refuse(abroad & given.notna(), "departement", ABROAD)
    sieve.refuse(abroad, "code_insee", ABROAD)
    nowhere = "département introuvable\u202f: ni département, ni code INSEE, ni gestionnaire de study.toml"
    declare = "\u202f; déclarez-y celui-ci ([[gestionnaires]]), ou ajoutez-le aux alias d'un autre"
    sieve.refuse(place.isna() & manager.notna(), "gestionnaire", nowhere + declare)
    sieve.refuse(place.isna(), "departement", f"{nowhere}\u202f; remplissez l'un des trois")
    sieve.refuse(given.notna() & home.notna() & (given != home), "commune", OUTSIDE)
    sieve.refuse(seat.notna() & home.notna() & (seat != home), "code_insee", OUTSIDE)
    astray = seat.notna() & (seat != place)
    sieve.warn(astray, "code_insee", "code INSEE d'un autre département\u202f; la cellule est vidée")
    code = code.mask(astray)
    found = _labels(study, frame["commune"], place, home, code.isna(), sieve)
    read = {"gestionnaire": manager, "departement": place, "code_insee": code.fillna(found)}
    return whole.assign(**{name: values.spread(c, groups) for name, c in read.items()})


def managers(study: Study, column: pd.Series, sieve: Sieve) -> pd.Series:
    """Ids of study.toml from ids, names and aliases; others as written, with a warning."""
    names = {squeeze(g.id).lstrip("0"): g.id for g in study.gestionnaires}
    names |= {squeeze(n): g.id for g in study.gestionnaires for n in (g.id, g.nom, *g.alias)}
    found = each(column, lambda text: names.get(squeeze(text), UNDECLARED))
    reason = "gestionnaire absent de study.toml, gardé tel quel\u202f; déclarez-le ou son alias"
    sieve.warn(found == UNDECLARED, "gestionnaire", reason)
    return each(column, lambda text: names.get(squeeze(text), text))


def _codes(column: pd.Series, sieve: Sieve) -> pd.Series:
    """INSEE codes as given, of 2014, where they exist or the reference cannot tell."""
    read = identifiers.insee(column)

    def existing(codes: pd.Series) -> pd.Series:
        covered = identifiers.department_of(codes).map(communes.known).astype("bool")
        return codes.map(communes.codes_2014()).astype("str").where(covered, codes)

    code = by_value(read, existing)
    sieve.warn(column.notna() & code.isna(), "code_insee", "code INSEE inconnu\u202f; la cellule est vidée")
    merged = "commune disparue avant 2014, remplacée par celle qui l'a absorbée\u202f; rien à faire"
    sieve.warn(code.notna() & (code != read), "code_insee", merged)
    return code


def _labels(
    study: Study, label: pd.Series, place: pd.Series, home: pd.Series, wanted: pd.Series, sieve: Sieve
) -> pd.Series:
    """Codes from labels, where wanted and where the reference has the department."""
    covered = place.isin([d for d in study.departements if communes.known(d)])
    pairs = (place + "\t" + label).where(wanted & covered)
    located = {pair: _located(study, pair) for pair in pairs.dropna().unique()}
    found = pairs.map(lambda pair: located[pair][0], na_action="ignore").astype("str")
    remark = pairs.map(lambda pair: located[pair][1], na_action="ignore")
    sieve.refuse((remark == OUTSIDE) & home.notna(), "commune", OUTSIDE)
    unknown, several = remark.isin([communes.UNKNOWN, OUTSIDE]), remark == communes.AMBIGUOUS
    empty = "dans le département, code INSEE laissé vide\u202f; corrigez le nom, ou donnez code_insee"
    sieve.warn(unknown, "commune", f"commune inconnue {empty}")
    sieve.warn(several, "commune", f"plusieurs communes de ce nom {empty}")
    return found


def _located(study: Study, pair: str) -> tuple[str | None, str]:
    """Code and remark of « department, tab, label »."""
    departement, label = pair.split("\t", 1)
    code, remark = communes.find(departement, label)
    if remark == communes.UNKNOWN:
        others = [d for d in sorted(study.departements) if d != departement]
        if any(communes.find(d, label)[0] for d in others):
            return None, OUTSIDE
    return code, remark
