"""How fast accounts open, and whether profiles are understood."""

import pandas as pd

from ...analysis.droits.rights import Campaign
from ...analysis.methods.frames import UNKNOWN
from ...french import HIDDEN, count, listing, number
from ..blocks import Block
from ..drawings.bars import Bars, horizontal_bars
from ..drawings.curves import opened
from ..figure import figure
from ..report import Report
from ..table import attach, table
from ..text import say
from .words import HEADERS, note

DELAYS = HEADERS | {"mediane": "Médiane (jours)", "ic_bas": "IC 95\u202f%, bas", "ic_haut": "IC 95\u202f%, haut"}


def opening(
    r: Report, by_profile: pd.DataFrame, by_interface: pd.DataFrame, delays_profile: pd.DataFrame, delays: pd.DataFrame
) -> list[Block]:
    """Time to opening: `ouverture` and `delais_ouverture`, by profile and by interface."""
    first = attach(
        _curves(r, by_profile, by_interface, delays), {"ouverture": by_profile, "ouverture_interface": by_interface}
    )
    if by_profile.empty:
        return [first]
    return [
        first,
        *(
            table(
                data,
                name,
                f"Délai médian d'ouverture par {by}",
                headers=DELAYS,
                view=data[data[by] != UNKNOWN],  # invited, has not asked for a profile yet
                right=tuple(data.columns[1:]),
                note="n.d.\u00a0: moitié, ou borne, pas atteinte. IC\u00a0: intervalle de confiance "
                f"(log-log). {note(r)}",
            )
            for data, name, by in (
                (delays_profile, "delais_ouverture", "profil"),
                (delays, "delais_ouverture_interface", "interface"),
            )
        ),
    ]


def _curves(r: Report, by_profile: pd.DataFrame, curves: pd.DataFrame, delays: pd.DataFrame) -> Block:
    """Share open over time by interface; without a curve of two steps, words only."""
    if by_profile.empty:
        return say("Aucun compte n'est encore ouvert\u00a0: il n'y a pas de délai à mesurer.")
    known = delays[(delays.mediane != HIDDEN) & delays.mediane.notna()]
    said = [
        f"Interface {row.interface}\u00a0: la moitié des comptes sont ouverts en {count(row.mediane, 'jour')}."
        for row in known.itertuples()
    ]
    seen = curves[curves.survie != HIDDEN]
    if seen.empty or seen.groupby("interface").size().max() < 2:
        few = "Les ouvertures sont trop peu nombreuses pour en tracer le cours."
        if not r.lieu.is_region and r.study.secret.seuil > 1:
            few = "Le cours des ouvertures n'est tracé que pour la région, quand elles y sont assez nombreuses."
        return say(*said, few)
    title = "Moins de la moitié des comptes sont ouverts"
    if len(known):
        first = known.sort_values(["mediane", "interface"]).iloc[0]
        title = f"{first.interface}\u00a0: la moitié des comptes ouverts en {count(first.mediane, 'jour')}"
    names = listing(sorted(set(seen.interface)))
    return figure(
        opened(seen, r.study.secret.seuil > 1),
        title=title,
        subtitle=f"Part des comptes ouverts selon les jours écoulés depuis l'invitation, {r.place}",
        alt=f"Courbes de la part des comptes ouverts, par interface\u00a0: {names}.",
        reading=" ".join(said) or "moins de la moitié des comptes sont ouverts.",
        scope="comptes ni refusés ni retirés, depuis l'invitation, à défaut la demande\u202f; "
        "estimation de Kaplan–Meier, les comptes non ouverts étant suivis jusqu'à "
        "l'extraction.",
        source=r.study.source("comptes"),
        height=2.6,
    )


def understanding(r: Report, data: pd.DataFrame, found: Campaign) -> list[Block]:
    """Confusions that come most, then who asks for too much; `comprehension` here."""
    blocks = [attach(_confusions(r, data, found), {"comprehension": data})]
    broad = data[data.droits_en_trop != ""].drop(columns="profil_attendu").reset_index(drop=True)
    if len(broad):
        view = broad.assign(droits_en_trop=broad.droits_en_trop.str.replace("|", ", "))
        blocks.append(
            table(
                broad,
                "droits_larges",
                "Ces fonctions devraient être invitées à demander un profil plus étroit",
                view=view,
                headers=HEADERS,
                note=note(r),
                right=("comptes",),
            )
        )
    return blocks


def _confusions(r: Report, data: pd.DataFrame, found: Campaign) -> Block:
    judged, right, broad = (found.requests.shown(m, r.lieu.code) for m in ("jugees", "justes", "trop_larges"))
    told = []
    if HIDDEN not in (judged, right) and judged:
        told.append(
            f"{number(int(str(right)))} demandes sur {number(int(str(judged)))} portent "
            "sur le profil que la fonction appelle."
        )
    if broad != HIDDEN and broad:
        told.append(
            count(
                int(str(broad)),
                "demande va au-delà des droits nécessaires.",
                "demandes vont au-delà des droits nécessaires.",
            )
        )
    wrong = data[data.profil_attendu.notna() & (data.profil_attendu != data.profil_demande)]
    shown = wrong[wrong.comptes != HIDDEN]
    shown = shown.sort_values("comptes", ascending=False, kind="stable").head(8)
    hidden = len(wrong[wrong.comptes == HIDDEN])
    if shown.empty:
        if hidden:
            told.append("Les confusions sont trop peu nombreuses pour être publiées une à une.")
        return say(*told or ["Aucune demande ne peut être comparée à une fonction."])
    first = shown.iloc[0]
    bars = Bars.of(
        "", shown.fonction + " → " + shown.profil_demande, shown.comptes.astype(int), shown.droits_en_trop != ""
    )
    return figure(
        horizontal_bars([bars]),
        title=f"{first.fonction}\u00a0: {first.profil_demande} au lieu de {first.profil_attendu}",
        subtitle=f"Demandes d'un profil autre que l'attendu, par fonction, {r.place}\u202f; en "
        "bleu, plus de droits qu'il n'en faut",
        alt=f"Barres des confusions de profil\u202f; la première\u00a0: {first.fonction}, {first.profil_demande}.",
        reading=" ".join(told),
        scope=f"demandes dont la fonction a un profil attendu, {r.place}"
        + (f"\u202f; {count(hidden, 'confusion')} sous secret statistique." if hidden else "."),
        source=r.study.source("comptes"),
        height=0.9 + 0.36 * len(shown),
    )
