"""Key figures of the COPIL note: one row per figure, taken from the tables of the reports.

Nothing is counted here that another module of `analysis` counts: a figure is a cell, or a sum
of cells, of its table. A figure whose data are not there has no row.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from ..methods.frames import frame

TYPES = {"cle": "str", "valeur": "float64", "unite": "str", "libelle": "str", "source": "str"}
SHARE = "part"  # unit of a number from 0 to 1


def chiffres_cles(*parts: pd.DataFrame, previous: pd.DataFrame | None = None) -> pd.DataFrame:
    """All figures, with those of the last edition beside them.

    Columns cle, valeur, unite, libelle, source, precedent, ecart. A figure is compared with the one
    of the same key and libelle: one of another year or scope is another figure.

    `parts`: Tables of `TYPES`, in the order of the note; a later row never replaces a key.
    `previous`: `chiffres_cles` of the last edition, if there is one.
    """
    now = pd.concat([figures_table([]), *parts], ignore_index=True)
    if now.cle.duplicated().any():
        raise ValueError(f"clés en double : {sorted(now.cle[now.cle.duplicated()])}")
    before = figures_table([]) if previous is None else previous
    before = before[["cle", "libelle", "valeur"]].rename(columns={"valeur": "precedent"})
    table = now.merge(before, on=["cle", "libelle"], how="left", validate="one_to_one")
    table["precedent"] = pd.to_numeric(table.precedent, errors="coerce").astype("float64")
    return table.assign(ecart=table.valeur - table.precedent)


def programming(
    shares: pd.DataFrame, aged: pd.DataFrame, control: pd.DataFrame, names: Mapping[str, str], year: int, last_year: int
) -> pd.DataFrame:
    """Figures on programming.

    `shares`, `aged`: Tables `parts_departement` and `pls.part_personnes_agees`, rows of the
    territory. `control`: Table `cadrage`. `names`: Code → name of the territory's departments.
    `year`, `last_year`: The reference year and the year under way.
    """
    of_year, old = shares[shares.annee == year], aged[aged.annee == year]
    social, upper = (of_year[of_year.groupe == group] for group in ("PLUS-PLAI", "PLS"))
    homes = old.personnes_agees.sum() / old.logements.sum() if old.logements.sum() else None
    sums = [t.logements.sum(min_count=1) for t in (social, upper, shares[shares.annee == last_year])]
    good = (control.statut == "conforme").sum() if len(control) else None
    current = f"PLUS, PLAI et PLS inscrits en {last_year}, à la date des données"
    rows = [
        ("logements_plus_plai", sums[0], "logements", f"PLUS et PLAI engagés en {year}"),
        _leading_share(social, names, year),
        ("logements_pls", sums[1], "logements", f"PLS agréés en {year}"),
        ("part_pls_personnes_agees", homes, SHARE, f"des PLS de {year} destinés aux personnes âgées"),
        ("logements_annee_en_cours", sums[2], "logements", current),
        ("totaux_conformes", good, f"sur {len(control)}", "totaux de contrôle retrouvés dans les données"),
    ]
    return figures_table([(*row, "programmation") for row in rows])


def _leading_share(social: pd.DataFrame, names: Mapping[str, str], year: int) -> tuple[object, ...]:
    """A department's share of the region; for the region, that of its first department."""
    if len(names) == 1:
        return ("part_region", social.part.sum(min_count=1), SHARE, f"des PLUS et PLAI de la région en {year}")
    placed = social[social.departement.isin(list(names))].dropna(subset=["part"])
    if placed.empty:
        return ("part_premier_departement", None, SHARE, "")
    first = placed.sort_values(["part", "departement"], ascending=[False, True]).iloc[0]
    text = f"des PLUS et PLAI de {year} sont dans un seul département ({names[first.departement]})"
    return ("part_premier_departement", first.part, SHARE, text)


def figures_table(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Rows of `TYPES` as a table; one without value is left out."""
    return frame(rows, TYPES).dropna(subset=["valeur"], ignore_index=True)
