"""Where the campaign stands, for the note of the COPIL alone, until it says it in its own words."""

import pandas as pd

from ...analysis.droits.accounts import CONNECTED
from ...analysis.droits.organismes import NOTHING, par_organisme, prets
from ...french import count, listing, long_date, number, percent, plural
from ...study import SMALL_BASE
from .. import Block, Report, figure, say
from ..drawings.bars import Bars, horizontal_bars

REACHED = ["Demandes en cours", "Comptes attribués", "Comptes ouverts", "Comptes utilisés"]


def state(r: Report, states: pd.DataFrame, comptes: pd.DataFrame) -> list[Block]:
    """Where the campaign stands: `etat_organismes` and the accounts of the territory."""
    if comptes.empty:
        late = "la campagne n'y a pas commencé, ou sa liste n'a pas été reçue"
        return [say(f"Aucun compte n'est connu pour {r.le}\u00a0: {late}.")]
    return [*([say(ready(states))] if len(states) else []), _funnel(r, comptes), _progress(r, comptes)]


def ready(states: pd.DataFrame) -> str:
    """« 19 bailleurs sur 31 peuvent transmettre, 2 ont un compte ouvert et ne le peuvent pas… »."""
    can, landlords = prets(states)
    if not landlords:
        return "Aucun bailleur n'est connu dans la table des organismes."
    nobody = int((par_organisme(states[states.role == "bailleur"]).etat == NOTHING).sum())
    short = landlords - can - nobody
    said = [f"{count(can, 'bailleur')} sur {number(landlords)} {plural(can, 'peut', 'peuvent')} transmettre"]
    if short:
        said.append(f"{number(short)} {plural(short, 'a', 'ont')} un compte ouvert sans pouvoir transmettre")
    if nobody:
        without = plural(nobody, "n'a", "n'ont")
        said.append(f"{number(nobody)} {without} aucun accès")
    return f"{listing(said)}."


def _funnel(r: Report, comptes: pd.DataFrame) -> Block:
    """From live requests to first connections: where accounts are lost."""
    live = comptes[comptes.demande]
    flags = (live.profil_attribue.notna(), live.ouvert, live.etat == CONNECTED)
    asked, granted, opened, used = (len(live), *(int(flag.sum()) for flag in flags))
    if not asked:
        return say(f"Aucune demande de compte n'est en cours dans {r.le}.")
    whole, title = asked >= SMALL_BASE, "Aucun compte n'est encore ouvert"
    if opened == asked:
        title = "Toutes les demandes en cours ont un compte ouvert"
    elif opened:
        title = f"{count(opened, 'compte ouvert', 'comptes ouverts')} pour {count(asked, 'demande')} en cours"
        if whole:
            title = f"{percent(opened / asked, 0)} des demandes en cours ont un compte ouvert"
    losses = {"l'attribution": asked - granted, "l'ouverture": granted - opened, "la première connexion": opened - used}
    most = max(losses.values())
    where = [step for step, lost in losses.items() if lost == most]
    many, each = "l'étape qui en retient le plus est", ""
    if len(where) > 1:
        many, each = "les étapes qui en retiennent le plus, ex aequo, sont", " chacune"
    held = f"\u202f; {many} {listing(where)} ({number(most)}{each})" if most > 0 else ""
    done = count(opened, "est ouvert", "sont ouverts") if opened else "aucun n'est ouvert"
    numbers = [asked, granted, opened, used]
    texts = [number(n) + (f" ({percent(n / asked, 0)})" if whole and n < asked else "") for n in numbers]
    return figure(
        horizontal_bars([Bars("", REACHED, numbers, [False, False, True, False], texts)]),
        title=title,
        subtitle=f"Comptes par étape atteinte, {r.place}, au {long_date(r.study.etude.extraction)}",
        alt=f"Barres\u00a0: {number(asked)} demandes en cours, {number(granted)} comptes attribués, {number(opened)} "
        f"ouverts, {number(used)} utilisés.",
        reading=f"sur {count(asked, 'demande')} en cours, {done}{held}.",
        scope=f"{count(asked, 'demande')} en cours, sans celles qui ont été refusées ou retirées, {r.place}.",
        source=r.study.source("comptes"),
        behind={"comptes_etapes": pd.DataFrame({"etape": REACHED, "comptes": numbers})},
    )


def _progress(r: Report, comptes: pd.DataFrame) -> Block:
    """Left to open, pace needed and pace observed; refusals apart."""
    extraction = r.study.etude.extraction
    live, dropped = int(comptes.en_cours.sum()), int((~comptes.en_cours).sum())
    left = live - int(comptes.ouvert.sum())
    recent = int((comptes.ouvert & (comptes.date_ouverture > pd.Timestamp(extraction) - pd.Timedelta(days=28))).sum())
    refused = count(dropped, "demande refusée ou retirée est", "demandes refusées ou retirées sont")
    apart = f"{refused} {plural(dropped, 'comptée', 'comptées')} à part." if dropped else ""
    if not live:
        return say("Aucun compte n'est en cours.", apart)
    if not left:
        return say(f"{count(live, 'compte en cours est ouvert', 'comptes en cours sont tous ouverts')}.", apart)
    verdict, end = "", r.study.campagne.fin if r.study.campagne else None
    if end:
        weeks = (end - extraction).days / 7
        needed = left / weeks if weeks > 0 else None
        verdict = f"L'échéance de la campagne, le {long_date(end)}, est passée."
        if needed is not None:
            held = "suffisant" if recent / 4 >= needed else "insuffisant"
            verdict = f"Pour finir le {long_date(end)}, il en faut {number(needed, 1)} par semaine"
            verdict += f"\u00a0: le rythme actuel est {held}."
    lately = "aucun compte n'a été ouvert."
    if recent:
        opened_now = count(recent, "compte a été ouvert", "comptes ont été ouverts")
        lately = f"{opened_now}, soit {number(recent / 4, 1)} par semaine."
    return say(
        f"Il reste {count(left, 'compte')} à ouvrir sur {number(live)} en cours, invitations sans demande comprises.",
        apart,
        f"Au cours des quatre dernières semaines, {lately}",
        verdict,
    )
