"""How fast accounts open, and whether profiles are understood."""

import pandas as pd

from ...analysis.droits.comprehension import comprehension
from ...analysis.methods.frames import UNKNOWN
from ...french import NNBSP, count, listing, number, plural
from .. import Block, Report, attach, figure, say, table
from ..drawings.bars import Bars, horizontal_bars
from ..drawings.curves import opened

CONFUSIONS = 8  # bars


def opening(
    r: Report, by_profile: pd.DataFrame, by_interface: pd.DataFrame, delays_profile: pd.DataFrame, delays: pd.DataFrame
) -> list[Block]:
    """Time to opening: `ouverture` and `delais_ouverture`, by profile and by interface."""
    curves = _curves(r, by_interface, delays)
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
                note="n.d.\u00a0: moitié, ou borne, pas atteinte. IC\u00a0: intervalle de confiance (log-log).",
            )
        )
    return blocks


def _curves(r: Report, curves: pd.DataFrame, delays: pd.DataFrame) -> Block:
    """Share open over time by interface."""
    if curves.empty:
        return say("Aucun compte n'est encore ouvert\u00a0: il n'y a pas de délai à mesurer.")
    known = delays.dropna(subset=["mediane"])
    said = [
        f"{listing(list(own.interface))}\u00a0: la moitié des comptes sont ouverts en {count(days, 'jour')}"
        for days, own in known.groupby("mediane")
    ]
    nothing = "Moins de la moitié des comptes sont ouverts"
    return figure(
        opened(curves),
        title=said[0].replace(" sont", "") if said else nothing,
        subtitle=f"Part des comptes ouverts selon les jours écoulés depuis l'invitation, {r.place}",
        alt=f"Courbes de la part des comptes ouverts, par interface\u00a0: {listing(sorted(set(curves.interface)))}.",
        reading=f"{NNBSP}; ".join(said) + "." if said else f"{nothing.lower()}.",
        scope="comptes ni refusés ni retirés, depuis l'invitation, à défaut la demande\u202f; estimation de "
        "Kaplan–Meier, les comptes non ouverts étant suivis jusqu'à l'extraction.",
        source=r.study.source("comptes"),
    )


def understanding(r: Report, requests: pd.DataFrame) -> Block:
    """Confusions that come most, those that ask for too much in colour; `requests` are `matched`."""
    data = comprehension(requests)
    judged, right, broad = (
        int(flag.sum()) for flag in (requests.profil_attendu != "", requests.juste, requests.droits_en_trop != "")
    )
    told, tables = [], {"comprehension": data}
    if judged:
        on = plural(right, "porte", "portent")
        told.append(f"{count(right, 'demande')} sur {number(judged)} {on} sur le profil que la fonction appelle.")
    if broad:
        goes = count(broad, "demande va", "demandes vont")
        told.append(f"{goes} au-delà des droits nécessaires.")
    wrong = data[data.profil_attendu.notna() & (data.profil_attendu != data.profil_demande)]
    wrong = wrong.sort_values("comptes", ascending=False, kind="stable")
    if wrong.empty:
        return say(*told or ["Aucune demande ne peut être comparée à une fonction."], data=tables)
    first, shown = wrong[wrong.comptes == wrong.comptes.max()], wrong.head(CONFUSIONS)
    top = first.iloc[0]
    title = f"{top.fonction}\u00a0: {top.profil_demande} au lieu de {top.profil_attendu}"
    if len(first) > 1:
        title = f"{number(len(first))} confusions en tête, ex aequo ({count(top.comptes, 'demande')} chacune)"
    names = shown.fonction + " → " + shown.profil_demande
    rest = len(wrong) - len(shown)
    cut = f"\u202f; les {number(CONFUSIONS)} premières de {number(len(wrong))} confusions" * (rest > 0)
    return figure(
        horizontal_bars([Bars("", names, shown.comptes.astype(int), shown.droits_en_trop != "")]),
        title=title,
        subtitle=f"Demandes d'un profil autre que l'attendu, par fonction, {r.place}\u202f; en bleu, plus de droits "
        "qu'il n'en faut",
        alt=f"Barres des confusions de profil\u202f; la première\u00a0: {top.fonction}, {top.profil_demande}.",
        reading=" ".join(told),
        scope=f"demandes dont la fonction a un profil attendu, {r.place}{cut}.",
        source=r.study.source("comptes"),
        data=tables,
    )
