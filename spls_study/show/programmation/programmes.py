"""What was programmed, and by which gestionnaires."""

import pandas as pd

from ...french import count, listing, percent, plural
from ...study import SMALL_BASE
from ..blocks import Block
from ..drawings.bars import column_grid
from ..figure import figure
from ..report import GROUPS, Report, change, chosen, part_or_count
from ..table import table
from ..text import bullets, say

LARGEST = 13  # gestionnaires of the table, before the others and the whole


def essentiel(r: Report, parts: pd.DataFrame, aged: pd.DataFrame, year_end: pd.DataFrame) -> Block:
    """Three facts at most, each with one number: `parts_departement` and `part_personnes_agees`
    of the territory, `fin_annee`."""
    here = chosen(parts, annee=r.annee)
    if not here["logements"].sum():
        return say(f"Aucun logement PLUS, PLAI ou PLS n'est inscrit en {r.annee} pour {r.le}.")
    social = int(chosen(here, groupe="PLUS-PLAI")["logements"].sum())
    verb = plural(social, "a été programmé", "ont été programmés")
    facts = [f"{count(social, 'logement')} PLUS et PLAI {verb} en {r.annee} dans {r.le}."]
    pls = chosen(aged, annee=r.annee)[["logements", "personnes_agees", "operations"]].sum()
    if pls["operations"] >= SMALL_BASE:
        facts.append(
            f"{percent(pls['personnes_agees'] / pls['logements'])} des logements PLS de "
            f"{r.annee} sont destinés aux personnes âgées."
        )
    elif pls["logements"]:
        facts.append(f"Les PLS de {r.annee} comptent {count(pls['personnes_agees'], 'logement')} pour personnes âgées.")
    end = chosen(year_end, annee=r.annee, groupe="PLUS-PLAI")
    if len(end) and end["operations"].iloc[0] >= SMALL_BASE:
        facts.append(
            f"{percent(end['part_decembre'].iloc[0])} des PLUS et PLAI agréés en "
            f"{r.annee} l'ont été au mois de décembre."
        )
    return bullets(facts)


def evolution(r: Report, parts: pd.DataFrame) -> Block:
    """The year against the one before; `parts` is `parts_departement` of the territory."""
    if parts.empty:
        return say(f"Aucune opération PLUS, PLAI ou PLS n'est connue pour {r.le}.")
    said = []
    for group, label in GROUPS.items():
        now, before = (
            chosen(parts, groupe=group, annee=year)[["logements", "operations"]].sum()
            for year in (r.annee, r.annee - 1)
        )
        text = f"{count(now['logements'], 'logement')} {label}"
        if now["logements"] and before["logements"]:
            base = min(now["operations"], before["operations"])
            moved = change(now["logements"], before["logements"], base)
            text += f" ({moved} par rapport à {r.annee - 1})"
        said.append(text if now["logements"] else f"aucun logement {label}")
    return say(f"En {r.annee}, {r.le} a programmé {listing(said)}.", r.inachevee())


def par_produit(r: Report, volumes: pd.DataFrame, families: pd.DataFrame) -> Block:
    """Product × year × department; `families` is `volumes_famille` of `volumes`."""
    data = {"volumes": volumes}
    if not volumes["logements"].sum():
        return say(f"Aucun logement n'est inscrit pour {r.le}.", data=data)
    size = families.groupby("ligne")["logements"].sum().sort_values(ascending=False)
    lines = sorted(size.index, key=lambda name: name == "Autres")
    columns = [c for c in ("PLUS", "PLAI", "PLS", "Autres") if c in set(families["colonne"])]
    of_year = chosen(families, annee=r.annee)
    by_product = of_year.groupby("colonne")["logements"].sum().sort_values(ascending=False)
    total, title, reading = int(by_product.sum()), f"Aucun logement programmé en {r.annee}", ""
    if total:
        title = f"{by_product.index[0]}, premier produit de {r.annee}\u00a0: {count(by_product.iloc[0], 'logement')}"
    if len(of_year):
        cell = of_year.sort_values(["logements", "ligne"], ascending=[False, True]).iloc[0]
        reading = (
            f"en {r.annee}, {r.nom(cell['ligne'])} compte {count(cell['logements'], 'logement')} en {cell['colonne']}."
        )
    return figure(
        column_grid(families, {k: r.nom(k) for k in lines}, columns, r.annees, r.partielle),
        title=title,
        subtitle=f"Logements programmés par année, produit et département, {r.place}",
        alt=f"Colonnes par année, un cadre par produit et département. {title}.",
        reading=reading + (" * Année en cours." if r.partielle else ""),
        scope=f"tous produits hors opérations annulées, {r.place}\u00a0; "
        f"{count(total, 'logement')} en {r.annee}. PLAI\u00a0: PLAI adaptés compris.",
        source=r.source,
        height=0.6 + 0.85 * len(lines),
        data=data,
    )


def services(r: Report, by_service: pd.DataFrame) -> Block:
    """State services against delegated authorities; `by_service` is `volumes_service`."""
    data = {"volumes_service": by_service}
    rows = chosen(by_service, annee=r.annee)
    if rows.empty:
        return say(f"Aucun gestionnaire n'a programmé de logement en {r.annee}.", data=data)
    if set(rows["service"]) == {"Services de l'État"}:
        return say(
            f"En {r.annee}, les services de l'État ont tout programmé\u00a0: aucun délégataire n'intervient.", data=data
        )
    said = []
    for group, label in GROUPS.items():
        whole = chosen(rows, groupe=group)
        own = chosen(whole, service="Délégataires")["logements"]
        if len(own):
            sums = whole[["logements", "operations"]].sum()
            said.append(f"{part_or_count(own.iloc[0], *sums)} logements {label}")
    unknown = "Non renseigné" in set(rows["service"])
    return say(
        f"En {r.annee}, les délégataires ont programmé {listing(said) or 'aucun logement'}"
        "\u00a0; le reste vient des services de l'État"
        f"{' ou de gestionnaires non renseignés' * unknown}.",
        data=data,
    )


def gestionnaires(r: Report, by_gestionnaire: pd.DataFrame) -> Block:
    """Who programmed in the year; `by_gestionnaire` is `volumes_gestionnaire`."""
    rows = chosen(by_gestionnaire, annee=r.annee)
    if rows.empty:
        return say(
            f"Aucun gestionnaire n'a programmé de logement en {r.annee}.",
            data={"volumes_gestionnaire": by_gestionnaire},
        )
    wide = rows.pivot_table(index="gestionnaire", columns="produit", values="logements", aggfunc="sum", fill_value=0)
    shown = [p for p in ("PLUS", "PLAI", "PLAI_ADP", "PLS") if p in wide.columns]
    view = wide[shown].assign(Autres=wide.drop(columns=shown).sum(axis=1))
    if not view["Autres"].any():
        view = view.drop(columns="Autres")
    view["Total"] = view.sum(axis=1)
    view = view.sort_values("Total", ascending=False)
    first, most = r.gestionnaire(str(view.index[0])), view["Total"].iloc[0]
    rest = len(view) - LARGEST
    if rest > 1:
        others = view.iloc[LARGEST:].sum().rename(f"Autres gestionnaires ({rest})")
        view = pd.concat([view.iloc[:LARGEST], others.to_frame().T])
    if len(view) > 1:
        view.loc["Ensemble"] = view.sum()
    view.insert(0, "Gestionnaire", [r.gestionnaire(str(g)) for g in view.index])
    return table(
        by_gestionnaire,
        "volumes_gestionnaire",
        f"{first}\u00a0: {count(most, 'logement')} en {r.annee}",
        view=view,
        headers={"PLAI_ADP": "PLAI adapté"},
        note=f"Logements programmés en {r.annee}, {r.place}, hors opérations annulées. Source\u00a0: {r.source}.",
    )
