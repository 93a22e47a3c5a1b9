"""Where dwellings are programmed, and whether that is where the need is."""

from collections.abc import Sequence

import pandas as pd

from ...french import NOT_APPLICABLE, count, number, percent, points
from ...study import SMALL_BASE
from ..blocks import Block
from ..drawings.bars import Bars
from ..drawings.dots import dots
from ..drawings.maps import Ring, circles
from ..figure import figure
from ..report import GROUPS, TOO_SMALL, Report, chosen, part_or_count
from ..table import table
from ..text import say


def parts(r: Report, parts: pd.DataFrame) -> Block:
    """Share of the region: by department in the region's report, by year in a department's.

    `parts` is `parts_departement` of the territory.
    """
    row = "departement" if r.lieu.is_region else "annee"
    shown = chosen(parts, annee=r.annee) if r.lieu.is_region else parts
    if shown.empty:
        return say(f"Aucun logement PLUS, PLAI ou PLS dans la région en {r.annee}.", data={"parts_departement": parts})
    view = pd.DataFrame({row: sorted(set(shown[row]))})
    for group, label in GROUPS.items():
        own = chosen(shown, groupe=group).set_index(row)
        view[label] = view[row].map(own["logements"]).fillna(0).astype("int64")
        share = view[row].map(own["part"].where(own["operations_region"] >= SMALL_BASE))
        view[f"{label} (%)"] = share.astype("object").where(share.notna(), NOT_APPLICABLE)
    small = (view == NOT_APPLICABLE).any(axis=None)
    if r.lieu.is_region and len(view) > 1:
        whole = [
            v for label in GROUPS.values() for v in (view[label].sum(), 1.0 if view[label].sum() else NOT_APPLICABLE)
        ]
        view.loc[len(view)] = ["Région", *whole]
    view[row] = view[row].map(r.nom) if r.lieu.is_region else view[row].astype("str")
    social = chosen(parts, annee=r.annee, groupe="PLUS-PLAI")
    title = f"Aucun logement PLUS ou PLAI en {r.annee} ({r.place})"
    if social["logements"].sum():
        first = social.sort_values(["part", "departement"], ascending=[False, True]).iloc[0]
        title = (
            f"{r.nom(first['departement'])}\u00a0: {percent(first['part'])} des PLUS et PLAI de la région en {r.annee}"
        )
    return table(
        parts,
        "parts_departement",
        title,
        view=view,
        headers={"departement": "Département", "annee": "Année"},
        formats={c: points for c in view.columns if c.endswith("(%)")},
        note=f"Logements programmés et part de la région{f' en {r.annee}' * r.lieu.is_region}. "
        f"{TOO_SMALL + ' ' if small else ''}Source\u00a0: {r.source}.",
    )


def carte(r: Report, communes: pd.DataFrame, places: pd.DataFrame, rings: Sequence[Ring]) -> Block:
    """Dwellings by commune over all years.

    `communes` is `volumes_commune` of the territory; `places` has columns commune, longitude,
    latitude by code; `rings` are the outlines.
    """
    data = {"volumes_commune": communes}
    found = communes[communes["logements"] > 0].drop(columns="commune").join(places, on="code_insee", how="inner")
    if found.empty or not rings:
        return say(
            "Pas de carte\u00a0: aucune commune n'a pu être placée, faute de code INSEE "
            "reconnu ou de contours pour ce territoire.",
            data=data,
        )
    total = found.groupby("commune")["logements"].sum().sort_values(ascending=False)
    amount = part_or_count(total.iloc[0], total.sum(), found["operations"].sum())
    title = f"{total.index[0]}\u00a0: {amount} logements"
    absent = int(communes["logements"].sum() - total.sum())
    return figure(
        circles(rings, found, {g: v for g, v in GROUPS.items() if g in set(found["groupe"])}),
        title=title,
        subtitle=f"Logements programmés par commune, {r.place}, {r.annees[0]}-{r.annees[-1]}"
        "\u00a0; surface du cercle proportionnelle au nombre",
        alt=f"Carte à cercles proportionnels par commune. {title} placés sur la carte.",
        scope=f"{count(len(set(found['code_insee'])), 'commune')}, "
        f"{count(total.sum(), 'logement')}\u00a0; une opération inscrite deux fois compte "
        "dans sa dernière année." + (f" {count(absent, 'logement')} hors de la carte." if absent else ""),
        source=f"{r.source}\u00a0; contours\u00a0: IGN, Admin Express 2018, Licence Ouverte",
        height=3.3,
        data=data,
    )


def besoins(r: Report, by_sector: pd.DataFrame) -> Block:
    """Sectors of need of study.toml; `by_sector` is `volumes_secteur` of the territory."""
    rows = chosen(by_sector, annee=r.annee)
    if not r.study.secteurs or rows.empty:
        return say(
            "L'étude ne définit aucun secteur de besoin."
            if not r.study.secteurs
            else f"Aucun logement à répartir par secteur en {r.annee}.",
            data={"volumes_secteur": by_sector},
        )
    return _by_place(r, by_sector, "volumes_secteur", rows, ["secteur", "tension"])


def zones(r: Report, by_zone: pd.DataFrame) -> Block:
    """Zones ABC and 1/2/3 where the extract has them; `by_zone` is `volumes_zone`."""
    rows = chosen(by_zone, annee=r.annee)
    if rows.empty:
        return say("Les fichiers reçus ne donnent ni la zone ABC ni la zone 1/2/3.", data={"volumes_zone": by_zone})
    named = rows.assign(
        zone=["Zone " + z if z[:4] != "Non " else z for z in rows["zone"]],
        zonage=rows["zonage"].replace("123", "1/2/3"),
    )
    return _by_place(r, by_zone, "volumes_zone", named, ["zone", "zonage"])


def _by_place(r: Report, data: pd.DataFrame, name: str, rows: pd.DataFrame, keys: list[str]) -> Block:
    """Places × groups for one year, the share being of each group (and zoning, if there are)."""
    view = rows.drop_duplicates(keys)[keys].reset_index(drop=True)
    small = False
    for group, label in GROUPS.items():
        own = chosen(rows, groupe=group)
        scope = own["zonage"] if "zonage" in keys else pd.Series(0, index=own.index)
        total, base = (own[c].groupby(scope).transform("sum") for c in ("logements", "operations"))
        enough = base >= SMALL_BASE
        part = own["logements"] / total.where(total > 0)
        text = part.map(points, na_action="ignore").where(enough, NOT_APPLICABLE)
        small = small or not enough.all()
        own = own.assign(part=text.astype("object").fillna(NOT_APPLICABLE))
        merged = view[keys].merge(own[[*keys, "logements", "part"]], on=keys, how="left")
        view[label] = merged["logements"].fillna(0).astype("int64")
        view[f"{label} (%)"] = merged["part"].fillna("0,0" if enough.all() else NOT_APPLICABLE)
    vague = view[keys[0]].isin(["Autres communes", "Non renseigné"])
    first = (
        view.assign(vague=vague).sort_values(["vague", "PLUS et PLAI"], ascending=[True, False], kind="stable").iloc[0]
    )
    return table(
        data,
        name,
        f"{first[keys[0]]}\u00a0: {count(first['PLUS et PLAI'], 'logement')} PLUS et PLAI en {r.annee}",
        view=view,
        headers={key: key.capitalize() for key in keys},
        right=[c for c in view.columns if c.endswith("(%)")],
        note=f"Logements programmés en {r.annee}, {r.place}. {TOO_SMALL + ' ' if small else ''}"
        f"Source\u00a0: {r.source}.",
    )


def besoin(r: Report, quotients: pd.DataFrame) -> Block:
    """Location quotients of every department, the report's in colour; `specialisation`."""
    own = quotients[quotients["departement"].isin(r.lieu.departements)]
    data = {"specialisation": own.reset_index(drop=True)}
    own = own.dropna(subset=["quotient"])
    if len(r.study.departements) == 1 or own.empty:
        return say(
            "La région n'a qu'un département\u00a0: son quotient vaut 1 par construction."
            if len(r.study.departements) == 1
            else f"Le quotient ne peut être calculé\u00a0: il manque les logements de {r.annee} "
            "ou la référence des départements.",
            data=data,
        )
    name = str(r.study.specialisation and r.study.specialisation.reference).replace("_", " ")
    panels = []
    for group, label in GROUPS.items():
        rows = chosen(quotients, groupe=group).dropna(subset=["quotient"])
        rows = rows.sort_values(["quotient", "departement"], ascending=[False, True])
        if len(rows):
            panels.append(
                Bars.of(
                    label,
                    rows["departement"].map(r.nom),
                    rows["quotient"],
                    rows["departement"].isin(own["departement"]),
                    [number(q, 2) for q in rows["quotient"]],
                )
            )
    best = own.sort_values(["groupe", "quotient", "departement"], ascending=[False, False, True]).iloc[
        0
    ]  # PLUS-PLAI first
    dep = r.nom(best["departement"])
    title = f"{dep}\u00a0: {number(best['quotient'], 1)} fois son poids en {best['groupe']}"
    return figure(
        dots(panels, 1.0, "1 = son poids"),
        title=title,
        subtitle=f"Quotient de localisation par département, {r.annee}\u00a0; référence\u00a0: {name}",
        alt=f"Points par département autour de 1. {title}.",
        reading=f"{dep} a {percent(best['part_logements'])} des logements "
        f"{GROUPS[best['groupe']]} de la région et {percent(best['part_reference'])} de la "
        f"référence\u00a0: {number(best['quotient'], 2)}.",
        scope=f"logements programmés en {r.annee}, région {r.study.region.nom}.",
        source=f"{r.source}\u00a0; {name}\u00a0: table de référence des départements",
        height=0.7 + 0.3 * max(len(p.rows) for p in panels),
        data=data,
    )
