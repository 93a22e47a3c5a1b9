"""When in the year agréments fall, and how long they take."""

from collections.abc import Sequence

import pandas as pd

from ...french import capital, count, listing, number, percent, plural
from ...study import SMALL_BASE
from .. import GROUPS, Block, Report, chosen, figure, part_or_count, say
from ..drawings.curves import cumulative
from ..drawings.dots import ranges


def fin_annee(r: Report, year_end: pd.DataFrame, undated: Sequence[str]) -> Block:
    """Last quarter and December; `fin_annee` of the territory, gestionnaires without dates."""
    said = []
    for group, label in GROUPS.items():
        for end in chosen(year_end, annee=r.annee, groupe=group).query("logements > 0").itertuples():
            amount = part_or_count(round(end.part_t4 * end.logements), end.logements, end.operations)
            enough, last = end.operations >= SMALL_BASE, end.part_decembre
            december = percent(last) if enough else number(round(last * end.logements))
            said.append(
                f"{amount} logements {label} agréés en {r.annee} l'ont été au dernier trimestre, {december} en "
                "décembre."
            )
    names = [r.gestionnaire(g) for g in undated]
    return say(
        *(said or [f"Aucun agrément de {r.annee} n'est daté dans les fichiers reçus."]),
        f"Sans date d'agrément, donc {plural(len(names), 'absent')} de cette partie\u00a0: {listing(names)}."
        if names
        else "",
    )


def rythme(r: Report, monthly: pd.DataFrame) -> Block:
    """Cumulated share by month, complete years; `monthly` is `rythme` of the territory."""
    data = {"rythme": monthly}
    base = monthly.groupby(["annee", "groupe"])["operations"].transform("sum")
    rows = monthly[monthly["annee_complete"] & (base >= SMALL_BASE)].dropna(subset=["part_cumulee"])
    panels = {g: label for g, label in GROUPS.items() if g in set(rows["groupe"])}
    if not panels:
        text = f"aucune année complète n'a {SMALL_BASE} opérations aux agréments datés"
        return say(f"Le rythme de l'année ne peut être dessiné\u00a0: {text}.", data=data)
    group, label = next(iter(panels.items()))
    title, reading = f"Les agréments de {r.annee} au fil des mois", ""
    for done in chosen(rows, annee=r.annee, groupe=group, mois=9)["part_cumulee"]:
        title = f"Fin septembre {r.annee}, {percent(done, 0)} des {label} agréés"
        reading = f"fin septembre {r.annee}, {percent(done)} des logements {label} agréés dans l'année l'étaient déjà."
    others = [str(y) for y in sorted(set(rows["annee"])) if y != r.annee]
    grey = f"\u00a0; en gris\u00a0: {listing(others)}" if others else ""
    sums = chosen(monthly, annee=r.annee)[["operations", "logements"]].sum()
    return figure(
        cumulative(rows, panels, r.annee),
        title=title,
        subtitle=f"Part cumulée des logements agréés dans l'année, {r.place}{grey}",
        alt=f"Courbes cumulées par mois, une par année. {title}.",
        reading=reading,
        scope=r.champ("logements dont l'agrément est daté dans leur année de programmation", *sums)
        + f" Années de moins de {SMALL_BASE} opérations non tracées.",
        source=r.source,
        data=data,
    )


def delais(r: Report, durations: pd.DataFrame) -> Block:
    """Median and quartiles by gestionnaire and step; `durations` is `delais`."""
    data = {"delais": durations}
    if not durations["n"].sum():
        text = "les fichiers reçus ne donnent aucune date de dépôt ni de programmation"
        return say(f"Les délais ne peuvent être calculés\u00a0: {text}.", data=data)
    rows = durations.assign(label=durations["gestionnaire"].map(r.gestionnaire))
    steps, labels = list(rows["etape"].unique()), list(rows["label"].unique())
    last = chosen(rows, etape=steps[-1])
    whole = last.dropna(subset=["mediane"]).sort_values(["n", "label"], ascending=[False, True])
    found, reading = "médiane non atteinte", ""
    if len(whole):
        low, high, row = number(whole["mediane"].min()), number(whole["mediane"].max()), whole.iloc[0]
        found = f"{low} à {high} jours" if len(whole) > 1 else f"{low} jours en médiane"
        half = f"la moitié des {count(row['n'], 'opération')} sont agréées en {count(row['mediane'], 'jour')} ou moins"
        reading = f"{row['label']}\u00a0: {half}."
    lacking = listing(list(last["label"][last["n"] == 0]))
    reading += f" {lacking}\u00a0: pas de date de dépôt dans les fichiers reçus." if lacking else ""
    left = int(last["ecartees"].sum())
    apart = f"\u00a0; {count(left, 'autre')} de côté\u00a0: refus, retrait ou dates incohérentes" if left else ""
    title = f"Du dépôt à l'agrément\u00a0: {found}"
    return figure(
        ranges(rows, {s: capital(s).replace("-", " → ") for s in steps}, labels),
        title=title,
        subtitle=f"Délai en jours par gestionnaire, médiane (point) et quartiles (trait), {r.place}",
        alt=f"Points et traits par gestionnaire, un cadre par étape. {title}.",
        reading=reading.strip(),
        scope=f"{count(last['n'].sum(), 'opération')} dont le dépôt est daté, chacune dans sa dernière année"
        f"\u00a0; {count(last['en_cours'].sum(), 'opération')} sans agrément, comptées comme en cours{apart}.",
        source=r.source,
        data=data,
    )
