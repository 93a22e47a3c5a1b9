"""What was programmed, and by which gestionnaires."""

import pandas as pd

from ...french import count, listing, percent, plural
from ...study import SMALL_BASE
from .. import GROUPS, Block, Report, bullets, chosen, figure, part_or_count, say, table
from ..drawings.bars import column_grid
from ..report import change

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
        part = percent(pls["personnes_agees"] / pls["logements"])
        facts.append(f"{part} des logements PLS de {r.annee} sont destinés aux personnes âgées.")
    elif pls["logements"]:
        facts.append(f"Les PLS de {r.annee} comptent {count(pls['personnes_agees'], 'logement')} pour personnes âgées.")
    for end in chosen(year_end, annee=r.annee, groupe="PLUS-PLAI").itertuples():
        if end.operations >= SMALL_BASE:
            part = percent(end.part_decembre)
            facts.append(f"{part} des PLUS et PLAI agréés en {r.annee} l'ont été au mois de décembre.")
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
        text = count(now["logements"], "logement") if now["logements"] else "aucun logement"
        moved = ""
        if now["logements"] and before["logements"]:
            base = min(now["operations"], before["operations"])
            moved = f" ({change(now['logements'], before['logements'], base)} par rapport à {r.annee - 1})"
        said.append(f"{text} {label}{moved}")
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
    for cell in of_year.sort_values(["logements", "ligne"], ascending=[False, True]).head(1).itertuples():
        amount = f"{count(cell.logements, 'logement')} en {cell.colonne}"
        reading = f"en {r.annee}, {r.nom(cell.ligne)} compte {amount}."
    return figure(
        column_grid(families, {k: r.nom(k) for k in lines}, columns, r.annees, r.partielle),
        title=title,
        subtitle=f"Logements programmés par année, produit et département, {r.place}",
        alt=f"Colonnes par année, un cadre par produit et département. {title}.",
        reading=reading + (" * Année en cours." if r.partielle else ""),
        scope=f"tous produits hors opérations annulées, {r.place}\u00a0; {count(total, 'logement')} en {r.annee}. "
        "PLAI\u00a0: PLAI adaptés compris.",
        source=r.source,
        data=data,
    )


def services(r: Report, by_service: pd.DataFrame) -> Block:
    """State services against delegated authorities; `by_service` is `volumes_service`."""
    data = {"volumes_service": by_service}
    rows = chosen(by_service, annee=r.annee)
    if rows.empty:
        return say(f"Aucun gestionnaire n'a programmé de logement en {r.annee}.", data=data)
    if set(rows["service"]) == {"Services de l'État"}:
        text = "les services de l'État ont tout programmé\u00a0: aucun délégataire n'intervient"
        return say(f"En {r.annee}, {text}.", data=data)
    said = []
    for group, label in GROUPS.items():
        whole = chosen(rows, groupe=group)[["logements", "operations"]].sum()
        for own in chosen(rows, groupe=group, service="Délégataires")["logements"]:
            said.append(f"{part_or_count(own, *whole)} logements {label}")
    others = " ou de gestionnaires non renseignés" * ("Non renseigné" in set(rows["service"]))
    return say(
        f"En {r.annee}, les délégataires ont programmé {listing(said) or 'aucun logement'}\u00a0; le reste vient des "
        f"services de l'État{others}.",
        data=data,
    )


def gestionnaires(r: Report, by_gestionnaire: pd.DataFrame) -> Block:
    """Who programmed in the year; `by_gestionnaire` is `volumes_gestionnaire`."""
    rows = chosen(by_gestionnaire, annee=r.annee)
    if rows.empty:
        text = f"Aucun gestionnaire n'a programmé de logement en {r.annee}."
        return say(text, data={"volumes_gestionnaire": by_gestionnaire})
    kept = ["PLUS", "PLAI", "PLAI_ADP", "PLS"]
    product = rows["produit"].where(rows["produit"].isin(kept), "Autres")
    view = pd.crosstab(rows["gestionnaire"], product, rows["logements"], aggfunc="sum").fillna(0).astype("int64")
    view = view[[c for c in (*kept, "Autres") if c in view and (c != "Autres" or view[c].any())]]
    view = view.assign(Total=view.sum(axis=1)).sort_values("Total", ascending=False)
    first, most, rest = r.gestionnaire(str(view.index[0])), view["Total"].iloc[0], len(view) - LARGEST
    if rest > 1:
        others = view.iloc[LARGEST:].sum().rename(f"Autres gestionnaires ({rest})")
        view = pd.concat([view.iloc[:LARGEST], others.to_frame().T])
    if len(view) > 1:
        view.loc["Ensemble"] = view.sum()
    return table(
        by_gestionnaire,
        "volumes_gestionnaire",
        f"{first}\u00a0: {count(most, 'logement')} en {r.annee}",
        view=view.rename_axis("gestionnaire").reset_index(),
        formats={"gestionnaire": r.gestionnaire},
        headers={"PLAI_ADP": "PLAI adapté"},
        note=f"Logements programmés en {r.annee}, {r.place}, hors opérations annulées. Source\u00a0: {r.source}.",
    )
