"""Where dwellings are programmed, and whether that is where the need is."""

from collections.abc import Sequence

import pandas as pd

from ...french import NOT_APPLICABLE, count, number, percent, points
from ...study import SMALL_BASE
from .. import GROUPS, TOO_SMALL, Block, Report, chosen, figure, part_or_count, say, table
from ..drawings.bars import Bars
from ..drawings.dots import dots
from ..drawings.maps import Ring, circles


def parts(r: Report, parts: pd.DataFrame) -> Block:
    """Share of the region: by department in the region's report, by year in a department's.

    `parts` is `parts_departement` of the territory.
    """
    row = "departement" if r.lieu.is_region else "annee"
    shown = chosen(parts, annee=r.annee) if r.lieu.is_region else parts
    if shown.empty:
        return say(f"Aucun logement PLUS, PLAI ou PLS dans la région en {r.annee}.", data={"parts_departement": parts})
    view = _by_group(shown.assign(base=shown["operations_region"]), [row])
    if r.lieu.is_region and len(view) > 1:
        sums = [view[label].sum() for label in GROUPS.values()]
        view = view.astype("object")
        view.loc[len(view)] = ["Région", *(v for n in sums for v in (n, 1.0 if n else NOT_APPLICABLE))]
    title = f"Aucun logement PLUS ou PLAI en {r.annee} ({r.place})"
    social = chosen(parts, annee=r.annee, groupe="PLUS-PLAI").query("logements > 0")
    for first in social.sort_values(["part", "departement"], ascending=[False, True]).head(1).itertuples():
        share = f"{percent(first.part)} des PLUS et PLAI de la région en {r.annee}"
        title = f"{r.nom(first.departement)}\u00a0: {share}"
    what = f"Logements programmés et part de la région{f' en {r.annee}' * r.lieu.is_region}."
    return _places(r, parts, "parts_departement", title, view, what)


def carte(r: Report, communes: pd.DataFrame, places: pd.DataFrame, rings: Sequence[Ring]) -> Block:
    """Dwellings by commune over all years.

    `communes` is `volumes_commune` of the territory; `places` has columns commune, longitude,
    latitude by code; `rings` are the outlines.
    """
    data = {"volumes_commune": communes}
    found = communes[communes["logements"] > 0].drop(columns="commune").join(places, on="code_insee", how="inner")
    if found.empty or not rings:
        text = "faute de code INSEE reconnu ou de contours pour ce territoire"
        return say(f"Pas de carte\u00a0: aucune commune n'a pu être placée, {text}.", data=data)
    total = found.groupby("commune")["logements"].sum().sort_values(ascending=False)
    title = f"{total.index[0]}\u00a0: {part_or_count(total.iloc[0], total.sum(), found['operations'].sum())} logements"
    absent = int(communes["logements"].sum() - total.sum())
    return figure(
        circles(rings, found, {g: v for g, v in GROUPS.items() if g in set(found["groupe"])}),
        title=title,
        subtitle=f"Logements programmés par commune, {r.place}, {r.annees[0]}-{r.annees[-1]}"
        "\u00a0; surface du cercle proportionnelle au nombre",
        alt=f"Carte à cercles proportionnels par commune. {title} placés sur la carte.",
        scope=f"{count(found['code_insee'].nunique(), 'commune')}, {count(total.sum(), 'logement')}"
        "\u00a0; une opération inscrite deux fois compte dans sa dernière année."
        + (f" {count(absent, 'logement')} hors de la carte." if absent else ""),
        source=f"{r.source}\u00a0; contours\u00a0: IGN, Admin Express 2018, Licence Ouverte",
        data=data,
    )


def besoins(r: Report, by_sector: pd.DataFrame) -> Block:
    """Sectors of need of study.toml; `by_sector` is `volumes_secteur` of the territory."""
    rows, data = chosen(by_sector, annee=r.annee), {"volumes_secteur": by_sector}
    if not r.study.secteurs:
        return say("L'étude ne définit aucun secteur de besoin.", data=data)
    if rows.empty:
        return say(f"Aucun logement à répartir par secteur en {r.annee}.", data=data)
    return _of_year(r, by_sector, "volumes_secteur", rows, ["secteur", "tension"])


def zones(r: Report, by_zone: pd.DataFrame) -> Block:
    """Zones ABC and 1/2/3 where the extract has them; `by_zone` is `volumes_zone`."""
    rows = chosen(by_zone, annee=r.annee)
    if rows.empty:
        return say("Les fichiers reçus ne donnent ni la zone ABC ni la zone 1/2/3.", data={"volumes_zone": by_zone})
    zone = rows["zone"].mask(~rows["zone"].str.startswith("Non "), "Zone " + rows["zone"])
    named = rows.assign(zone=zone, zonage=rows["zonage"].replace("123", "1/2/3"))
    return _of_year(r, by_zone, "volumes_zone", named, ["zone", "zonage"])


def _of_year(r: Report, data: pd.DataFrame, name: str, rows: pd.DataFrame, keys: list[str]) -> Block:
    """Places × groups for one year, the share being of each group (and zoning, if there are)."""
    whole = rows.groupby(["groupe", *keys[1:]] if "zonage" in keys else "groupe")
    part = rows["logements"] / whole["logements"].transform("sum").where(lambda total: total > 0)
    view = _by_group(rows.assign(part=part, base=whole["operations"].transform("sum")), keys)
    named = view[~view[keys[0]].isin(["Autres communes", "Non renseigné"])]
    first = (named if len(named) else view).sort_values("PLUS et PLAI", ascending=False, kind="stable").iloc[0]
    title = f"{first[keys[0]]}\u00a0: {count(first['PLUS et PLAI'], 'logement')} PLUS et PLAI en {r.annee}"
    return _places(r, data, name, title, view, f"Logements programmés en {r.annee}, {r.place}.")


def _by_group(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Places × groups: dwellings, and their part where the base (operations) is large enough."""
    view = rows[keys].drop_duplicates(ignore_index=True)
    for group, label in GROUPS.items():
        own = chosen(rows, groupe=group)
        found = view[keys].merge(own, how="left", on=keys)
        if len(own) and (own["base"] >= SMALL_BASE).all():
            found = found.fillna({"part": 0.0})
        part = found["part"].mask(found["base"] < SMALL_BASE)
        view[label] = found["logements"].fillna(0).astype("int64")
        view[f"{label} (%)"] = part.astype("object").fillna(NOT_APPLICABLE)
    return view


def _places(r: Report, data: pd.DataFrame, name: str, title: str, view: pd.DataFrame, what: str) -> Block:
    small = (view.filter(like="(%)") == NOT_APPLICABLE).any(axis=None)
    return table(
        data,
        name,
        title,
        view=view,
        formats={"departement": r.nom} | {c: points for c in view.columns if c.endswith("(%)")},
        note=(what, TOO_SMALL if small else "", f"Source\u00a0: {r.source}."),
    )


def besoin(r: Report, quotients: pd.DataFrame) -> Block:
    """Location quotients of every department, the report's in colour; `specialisation`."""
    own = quotients[quotients["departement"].isin(r.lieu.departements)]
    data = {"specialisation": own.reset_index(drop=True)}
    own = own.dropna(subset=["quotient"])
    if len(r.study.departements) == 1:
        return say("La région n'a qu'un département\u00a0: son quotient vaut 1 par construction.", data=data)
    if own.empty:
        text = f"il manque les logements de {r.annee} ou la référence des départements"
        return say(f"Le quotient ne peut être calculé\u00a0: {text}.", data=data)
    name = str(r.study.specialisation and r.study.specialisation.reference).replace("_", " ")
    rows = quotients.dropna(subset=["quotient"]).sort_values(["quotient", "departement"], ascending=[False, True])
    panels = [
        Bars(
            label,
            part["departement"].map(r.nom),
            part["quotient"],
            part["departement"].isin(own["departement"]),
            [number(q, 2) for q in part["quotient"]],
        )
        for group, label in GROUPS.items()
        if len(part := chosen(rows, groupe=group))
    ]
    # PLUS-PLAI first
    best = own.sort_values(["groupe", "quotient", "departement"], ascending=[False, False, True]).iloc[0]
    dep = r.nom(best["departement"])
    title = f"{dep}\u00a0: {number(best['quotient'], 1)} fois son poids en {best['groupe']}"
    return figure(
        dots(panels, 1.0, "1 = son poids"),
        title=title,
        subtitle=f"Quotient de localisation par département, {r.annee}\u00a0; référence\u00a0: {name}",
        alt=f"Points par département autour de 1. {title}.",
        reading=f"{dep} a {percent(best['part_logements'])} des logements {GROUPS[best['groupe']]} de la région et "
        f"{percent(best['part_reference'])} de la référence\u00a0: {number(best['quotient'], 2)}.",
        scope=f"logements programmés en {r.annee}, région {r.study.region.nom}.",
        source=f"{r.source}\u00a0; {name}\u00a0: table de référence des départements",
        data=data,
    )
