"""Key figures of the COPIL note: one row per figure, taken from the tables of the reports.

Nothing is counted here that another module of `analysis` counts: a figure is a cell, or a sum of cells, of its table.
A figure whose data are not there has no row.
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from ...study import SMALL_BASE
from ..deploiement.calendrier import retard
from ..droits.organismes import NOTHING, par_organisme, prets
from ..methods import frame

TYPES = {"cle": "str", "valeur": "float64", "unite": "str", "libelle": "str", "source": "str"}
SHARE = "part"  # unit of a number from 0 to 1
Row = tuple[object, ...]


def chiffres_cles(rows: Iterable[Row], previous: pd.DataFrame | None = None) -> pd.DataFrame:
    """The figures that have a value, in the order of the note: columns TYPES, precedent, ecart.

    A figure is compared with that of the same key and libelle in `previous`, the table of the last edition.
    """
    now = frame(rows, TYPES).dropna(subset=["valeur"], ignore_index=True)
    if now.cle.duplicated().any():
        raise ValueError(f"clés en double : {sorted(now.cle[now.cle.duplicated()])}")
    before = now[:0] if previous is None else previous
    before = before[["cle", "libelle", "valeur"]].rename(columns={"valeur": "precedent"})
    table = now.merge(before, on=["cle", "libelle"], how="left", validate="one_to_one")
    table["precedent"] = pd.to_numeric(table.precedent, errors="coerce").astype("float64")
    return table.assign(ecart=table.valeur - table.precedent)


def programming(
    shares: pd.DataFrame,
    aged: pd.DataFrame,
    control: pd.DataFrame,
    names: Mapping[str, str],
    year: int,
    last_year: int,
    whole: str,
) -> list[Row]:
    """Figures on programming; tables `parts_departement`, `part_personnes_agees` and `cadrage`, names of the
    departments, what the study covers.
    """
    of_year, old = shares[shares.annee == year], aged[aged.annee == year]
    social, upper = (of_year[of_year.groupe == group] for group in ("PLUS-PLAI", "PLS"))
    homes = old.personnes_agees.sum() / old.logements.sum() if old.logements.sum() else None
    sums = [t.logements.sum(min_count=1) for t in (social, upper, shares[shares.annee == last_year])]
    good = (control.statut == "conforme").sum() if len(control) else None
    current = f"PLUS, PLAI et PLS inscrits en {last_year}, à la date des données"
    if len(names) == 1:
        first: Row = ("part_region", social.part.sum(min_count=1), SHARE, f"des PLUS et PLAI de {whole} en {year}")
    else:
        placed = social[social.departement.isin(list(names))].dropna(subset=["part"])
        most = placed.sort_values(["part", "departement"], ascending=[False, True]).head(1)
        text = f"des PLUS et PLAI de {year} sont dans un seul département ({most.departement.map(names).max()})"
        first = ("part_premier_departement", most.part.max(), SHARE, text)
    rows = [
        ("logements_plus_plai", sums[0], "logements", f"PLUS et PLAI engagés en {year}"),
        first,  # a department's share of the region; for the region, that of its first department
        ("logements_pls", sums[1], "logements", f"PLS agréés en {year}"),
        ("part_pls_personnes_agees", homes, SHARE, f"des PLS de {year} destinés aux personnes âgées"),
        ("logements_annee_en_cours", sums[2], "logements", current),
        ("totaux_conformes", good, f"sur {len(control)}", "totaux de contrôle retrouvés dans les données"),
    ]
    return [(*row, "programmation") for row in rows]


def questionnaires(rates: Sequence[tuple[str, pd.DataFrame]]) -> list[Row]:
    """Answers by questionnaire, and response rate of ten asked or more.

    `rates` are the names of those asked, each with its table `taux_reponse`.
    """
    rows: list[Row] = []
    for who, table in rates:
        for line in table[table.strate == "total"].itertuples():
            source = f"reponses_{line.questionnaire}"
            asked = "" if pd.isna(line.population) else f"sur {line.population}"
            rows.append((source, line.repondants, asked, f"réponses des {who}", source))
            if asked and line.population >= SMALL_BASE:
                rows.append((f"taux_reponse_{line.questionnaire}", line.taux, SHARE, f"des {who} ont répondu", source))
    return rows


def droits(states: pd.DataFrame, accounts: pd.DataFrame) -> list[Row]:
    """Landlords who can enter and who can transmit, of those of the territory; accounts open, of the live requests.

    `states`: table `etat_organismes`. `accounts`: what `accounts` returns, of the territory.
    """
    ready, landlords = prets(states)
    entered = (par_organisme(states[states.role == "bailleur"]).etat != NOTHING).sum()
    opened, asked = int(accounts.ouvert.sum()), int(accounts.demande.sum())
    share = opened / asked if asked >= SMALL_BASE else None
    rows = [
        ("bailleurs_prets", ready if landlords else None, f"sur {landlords}", "bailleurs peuvent transmettre"),
        ("bailleurs_entres", entered if landlords else None, f"sur {landlords}", "bailleurs ont un compte ouvert"),
        ("comptes_ouverts", opened if asked else None, "comptes", "ouverts à la date des données"),
        ("part_comptes_ouverts", share, SHARE, "des demandes en cours ont un compte ouvert"),
    ]
    return [(*row, "comptes") for row in rows]


def processus(steps: pd.DataFrame, decisions: pd.DataFrame) -> list[Row]:
    """Double entry today, decisions to take; tables `etapes` and `decisions`."""
    again, twice = (steps.ressaisie == "oui").sum(), "avec double saisie dans les processus actuels"
    rows: list[Row] = [
        ("etapes_ressaisie", again, "étapes", twice, "processus"),
        ("decisions_processus", len(decisions), "étapes", "attendent une décision", "processus"),
    ]
    return rows if len(steps) else []


def deploiement(
    milestones: pd.DataFrame, clauses: pd.DataFrame, points: pd.DataFrame, presents: tuple[float, float] | None = None
) -> list[Row]:
    """Slippage, clauses adopted, points overdue; tables of the same names as in notebook 5.

    `presents`: who came to the sessions held, and of how many places, if any was.
    """
    adopted = (clauses.statut == "adoptée").sum() if len(clauses) else None
    overdue = points.en_retard.sum() if len(points) else None
    slip, late = "de retard estimé pour le jalon à venir le plus décalé", "ouverts dont l'échéance est passée"
    came, places = presents or (None, 0)
    trained = "présents aux sessions de formation tenues"
    return [
        ("retard_calendrier", retard(milestones), "jours", slip, "calendrier"),
        ("clauses_adoptees", adopted, f"sur {len(clauses)}", "clauses de la charte adoptées", "charte"),
        ("points_en_retard", overdue, "points", late, "points_discussion"),
        ("presents_formation", came, f"sur {places:.0f}", trained, "formations"),
    ]
