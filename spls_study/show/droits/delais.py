"""How fast accounts open, and whether profiles are understood."""

import pandas as pd

from ...analysis.droits.rights import Campaign
from ...analysis.methods.frames import UNKNOWN
from ...french import HIDDEN, NNBSP, count, listing, number
from .. import Block, Report, attach, figure, say, table
from ..drawings.bars import Bars, horizontal_bars
from ..drawings.curves import opened
from . import note


def opening(
    r: Report, by_profile: pd.DataFrame, by_interface: pd.DataFrame, delays_profile: pd.DataFrame, delays: pd.DataFrame
) -> list[Block]:
    """Time to opening: `ouverture` and `delais_ouverture`, by profile and by interface."""
    curves = _curves(r, by_profile, by_interface, delays)
    blocks = [attach(curves, {"ouverture": by_profile, "ouverture_interface": by_interface})]
    names = {"delais_ouverture": delays_profile, "delais_ouverture_interface": delays}
    for name, data in names.items() if len(by_profile) else ():
        by = data.columns[0]
        blocks.append(
            table(
                data,
                name,
                f"Délai médian d'ouverture par {by}",
                headers={"mediane": "Médiane (jours)"},
                view=data[data[by] != UNKNOWN],  # invited, has not asked for a profile yet
                note=(
                    "n.d.\u00a0: moitié, ou borne, pas atteinte. IC\u00a0: intervalle de confiance (log-log).",
                    note(r),
                ),
            )
        )
    return blocks


def _curves(r: Report, by_profile: pd.DataFrame, curves: pd.DataFrame, delays: pd.DataFrame) -> Block:
    """Share open over time by interface; without a curve of two steps, words only."""
    if by_profile.empty:
        return say("Aucun compte n'est encore ouvert\u00a0: il n'y a pas de délai à mesurer.")
    known = delays[(delays.mediane != HIDDEN) & delays.mediane.notna()].sort_values(["mediane", "interface"])
    said = [
        f"{row.interface}\u00a0: la moitié des comptes sont ouverts en {count(row.mediane, 'jour')}"
        for row in known.itertuples()
    ]
    reading = f"{NNBSP}; ".join(said) + "."
    seen = curves[curves.survie != HIDDEN]
    if seen.empty or seen.groupby("interface").size().max() < 2:
        few = "Les ouvertures sont trop peu nombreuses pour en tracer le cours."
        if not r.lieu.is_region and r.study.secret.seuil > 1:
            few = "Le cours des ouvertures n'est tracé que pour la région, quand elles y sont assez nombreuses."
        return say(reading if said else "", few)
    nothing = "Moins de la moitié des comptes sont ouverts"
    return figure(
        opened(seen, r.study.secret.seuil > 1),
        title=said[0].replace(" sont", "") if said else nothing,
        subtitle=f"Part des comptes ouverts selon les jours écoulés depuis l'invitation, {r.place}",
        alt=f"Courbes de la part des comptes ouverts, par interface\u00a0: {listing(sorted(set(seen.interface)))}.",
        reading=reading if said else f"{nothing.lower()}.",
        scope="comptes ni refusés ni retirés, depuis l'invitation, à défaut la demande\u202f; estimation de "
        "Kaplan–Meier, les comptes non ouverts étant suivis jusqu'à l'extraction.",
        source=r.study.source("comptes"),
    )


def understanding(r: Report, data: pd.DataFrame, found: Campaign) -> Block:
    """Confusions that come most, those that ask for too much in colour; `comprehension` here."""
    judged, right, broad = (found.requests.number(m, r.lieu.code) for m in ("jugees", "justes", "trop_larges"))
    told, tables = [], {"comprehension": data}
    if judged and right is not None:
        told.append(f"{number(right)} demandes sur {number(judged)} portent sur le profil que la fonction appelle.")
    if broad:
        goes = count(broad, "demande va", "demandes vont")
        told.append(f"{goes} au-delà des droits nécessaires.")
    wrong = data[data.profil_attendu.notna() & (data.profil_attendu != data.profil_demande)]
    shown = wrong[wrong.comptes != HIDDEN].sort_values("comptes", ascending=False, kind="stable").head(8)
    hidden = len(wrong[wrong.comptes == HIDDEN])
    if shown.empty:
        if hidden:
            told.append("Les confusions sont trop peu nombreuses pour être publiées une à une.")
        return say(*told or ["Aucune demande ne peut être comparée à une fonction."], data=tables)
    first, names = shown.iloc[0], shown.fonction + " → " + shown.profil_demande
    return figure(
        horizontal_bars([Bars("", names, shown.comptes.astype(int), shown.droits_en_trop != "")]),
        title=f"{first.fonction}\u00a0: {first.profil_demande} au lieu de {first.profil_attendu}",
        subtitle=f"Demandes d'un profil autre que l'attendu, par fonction, {r.place}\u202f; en bleu, plus de droits "
        "qu'il n'en faut",
        alt=f"Barres des confusions de profil\u202f; la première\u00a0: {first.fonction}, {first.profil_demande}.",
        reading=" ".join(told),
        scope=f"demandes dont la fonction a un profil attendu, {r.place}"
        + (f"\u202f; {count(hidden, 'confusion')} sous secret statistique." if hidden else "."),
        source=r.study.source("comptes"),
        data=tables,
    )
