"""Notebook 1: when in the year agréments fall, and how long they take."""

from collections.abc import Sequence

import pandas as pd

from ..study import SMALL_BASE
from .blocks import Block
from .charts import cumulative, ranges
from .figure import figure
from .french import count, listing, number, percent
from .report import GROUPS, Report, capital, chosen, part_or_count
from .table import attach
from .text import say


def fin_annee(r: Report, year_end: pd.DataFrame, undated: Sequence[str]) -> Block:
    """Last quarter and December; `fin_annee` of the territory, gestionnaires without dates."""
    said = []
    for group, label in GROUPS.items():
        rows = chosen(year_end, annee=r.annee, groupe=group)
        if rows.empty or not rows["logements"].iloc[0]:
            continue
        end = rows.iloc[0]
        total, base = int(end["logements"]), int(end["operations"])
        quarter = part_or_count(end["part_t4"], round(end["part_t4"] * total), total, base)
        last = (percent(end["part_decembre"]) if base >= SMALL_BASE
                else number(round(end["part_decembre"] * total)))
        said.append(f"{quarter} logements {label} agréés en {r.annee} l'ont été au dernier "
                    f"trimestre, {last} en décembre.")
    if not said:
        said.append(f"Aucun agrément de {r.annee} n'est daté dans les fichiers reçus.")
    names = [r.gestionnaire(g) for g in undated]
    if names:
        said.append(f"Sans date d'agrément, donc absent{'s' if len(names) > 1 else ''} de cette "
                    f"partie\u00a0: {listing(names)}.")
    return say(*said)


def rythme(r: Report, monthly: pd.DataFrame) -> Block:
    """Cumulated share by month, complete years; `monthly` is `rythme` of the territory."""
    data = {"rythme": monthly}
    base = monthly.groupby(["annee", "groupe"])["operations"].transform("sum")
    rows = monthly[monthly["annee_complete"] & (base >= SMALL_BASE)].dropna(subset=["part_cumulee"])
    panels = {g: label for g, label in GROUPS.items() if g in set(rows["groupe"])}
    if not panels:
        return attach(say("Le rythme de l'année ne peut être dessiné\u00a0: aucune année complète "
                          f"n'a {SMALL_BASE} opérations aux agréments datés."), data)
    group = next(iter(panels))
    own = chosen(rows, annee=r.annee, groupe=group)
    by_autumn = chosen(own, mois=9)["part_cumulee"]
    title = f"Les agréments de {r.annee} au fil des mois"
    reading = ""
    if len(by_autumn):
        done = float(by_autumn.iloc[0])
        title = f"Fin septembre {r.annee}, {percent(done, 0)} des {panels[group]} agréés"
        reading = (f"fin septembre {r.annee}, {percent(done)} des logements {panels[group]} agréés "
                   "dans l'année l'étaient déjà.")
    years = sorted(set(rows["annee"]))
    others = [str(y) for y in years if y != r.annee]
    sums = chosen(monthly, annee=r.annee)[["operations", "logements"]].sum()
    block = figure(
        cumulative(rows, panels, r.annee), title=title,
        subtitle=f"Part cumulée des logements agréés dans l'année, {r.place}"
        + (f"\u00a0; en gris\u00a0: {listing(others)}" if others else ""),
        alt=f"Courbes cumulées par mois, une par année. {title}.",
        reading=reading,
        scope=r.champ("logements dont l'agrément est daté dans leur année de programmation",
                      int(sums["operations"]), int(sums["logements"]))
        + f" Années de moins de {SMALL_BASE} opérations non tracées.",
        source=r.source, height=2.7,
    )
    return attach(block, data)


def delais(r: Report, durations: pd.DataFrame) -> Block:
    """Median and quartiles by gestionnaire and step; `durations` is `delais`."""
    data = {"delais": durations}
    if not durations["n"].sum():
        return attach(say("Les délais ne peuvent être calculés\u00a0: les fichiers reçus ne "
                          "donnent aucune date de dépôt ni de programmation."), data)
    rows = durations.assign(panneau=durations["etape"],
                            label=durations["gestionnaire"].map(r.gestionnaire))
    steps = list(dict.fromkeys(rows["etape"]))
    labels = list(dict.fromkeys(rows["label"]))
    whole = chosen(rows, etape=steps[-1]).dropna(subset=["mediane"])
    if len(whole) > 1:
        low, high = whole["mediane"].min(), whole["mediane"].max()
        title = f"Du dépôt à l'agrément\u00a0: {number(low)} à {number(high)} jours"
    elif len(whole) == 1:
        title = f"Du dépôt à l'agrément\u00a0: {number(whole['mediane'].iloc[0])} jours en médiane"
    else:
        title = "Du dépôt à l'agrément\u00a0: médiane non atteinte"
    block = figure(
        ranges(rows, {s: capital(s).replace("-", " → ") for s in steps}, labels), title=title,
        subtitle="Délai en jours par gestionnaire, médiane (point) et quartiles (trait), "
                 f"{r.place}",
        alt=f"Points et traits par gestionnaire, un cadre par étape. {title}.",
        reading=_delay_example(whole),
        scope=f"{count(int(chosen(rows, etape=steps[-1])['n'].sum()), 'opération')} dont le dépôt "
              f"est daté, chacune dans sa dernière année\u00a0; "
              f"{count(int(chosen(rows, etape=steps[-1])['en_cours'].sum()), 'opération')} sans "
              "agrément, comptées comme en cours.",
        source=r.source, height=0.8 + 0.38 * len(labels),
    )
    return attach(block, data)


def _delay_example(whole: pd.DataFrame) -> str:
    if whole.empty:
        return ""
    row = whole.sort_values(["n", "label"], ascending=[False, True]).iloc[0]
    return (f"{row['label']}\u00a0: la moitié des {count(row['n'], 'opération')} sont agréées en "
            f"{count(row['mediane'], 'jour')} ou moins.")


def sans_dates(r: Report, durations: pd.DataFrame) -> Block:
    """What the files of each gestionnaire lack, and few cases: one sentence each."""
    rows = durations.assign(nom=durations["gestionnaire"].map(r.gestionnaire))
    whole = chosen(rows, etape="dépôt-agrément")
    lacking = list(whole[whole["n"] == 0]["nom"])
    few = list(whole[(whole["n"] > 0) & (whole["n"] < SMALL_BASE)]["nom"])
    left = int(whole["ecartees"].sum())
    if not (lacking or few or left):
        return say("Chaque gestionnaire donne les dates de dépôt de ses opérations."
                   if len(whole) else "Aucune opération à suivre.")
    return say(
        f"{listing(lacking)}\u00a0: pas de date de dépôt dans les fichiers reçus."
        if lacking else "",
        f"{listing(few)}\u00a0: moins de {SMALL_BASE} opérations datées, à lire avec réserve."
        if few else "",
        f"{count(left, 'opération')} laissée{'s' if left > 1 else ''} de côté\u00a0: refus, "
        "retrait ou dates incohérentes." if left else "",
    )
