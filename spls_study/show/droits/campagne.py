"""Where the campaign stands, who can work, who must be chased."""

from collections.abc import Sequence

import pandas as pd

from ...analysis.droits.accounts import CONNECTED, pace
from ...analysis.droits.organismes import NEEDED, NOTHING, READY, par_organisme, prets
from ...analysis.droits.rights import comptes_departement, comptes_par, comptes_profil
from ...analysis.methods.frames import UNKNOWN
from ...french import capital, count, listing, long_date, number, percent, plural, quoted
from ...study import SMALL_BASE
from .. import Block, Report, attach, bullets, figure, say, table
from ..drawings.bars import Bars, horizontal_bars

REACHED = ["Demandes en cours", "Comptes attribués", "Comptes ouverts", "Comptes utilisés"]
BOARD = 40  # organismes on the page


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
        needed = pace(left, extraction, end)
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


def board(r: Report, states: pd.DataFrame, functions: Sequence[str]) -> list[Block]:
    """`etat_organismes`, an organisme a row, then the functions without account."""
    if states.empty:
        nobody = "Aucun organisme n'a été reçu\u00a0: personne ne peut être suivi."
        return [say(nobody, data={"etat_organismes": states})]
    rows, said = par_organisme(states), []
    for role, right in NEEDED.items():
        own = rows[rows.role == role]
        can = int((own.etat == READY).sum())
        if role != "bailleur" and len(own):
            able = plural(can, "peut", "peuvent")
            said.append(f"{capital(role)}s\u00a0: {number(can)} sur {number(len(own))} {able} {right}.")
    if functions:
        said.append(f"Fonctions prévues par un profil et sans aucun compte en cours\u00a0: {listing(list(functions))}.")
    view = {
        "Organisme": rows.nom,
        "Famille": rows.famille.fillna(UNKNOWN),
        "Départements": rows.departements.fillna("").str.replace("|", " "),
        "Utilisés": rows.utilises,
        "Jamais utilisés": rows.ouverts,
        "En attente": rows.en_attente,
        "Refusés": rows.refuses,
        "État": rows.etat,
    }
    block = table(
        states,
        "etat_organismes",
        "Comptes de chaque organisme, ceux qui n'ont aucun accès d'abord",
        view=view,
        longest=BOARD,
        note=(
            "Un compte est ouvert et utilisé, ouvert et jamais utilisé, en attente (invité ou demandé) ou refusé (ou "
            "retiré).",
            "Prêt\u00a0: un compte ouvert au moins permet de transmettre, ou pour un gestionnaire de programmer\u202f; "
            "tout compte ouvert suffit à un partenaire. Les comptes sont ceux de tous les départements de l'organisme.",
        ),
    )
    return [block, bullets(said)] if said else [block]


def counts(r: Report, comptes: pd.DataFrame) -> list[Block]:
    """The counts by place and by family of organisme."""
    if comptes.empty:
        return []
    total = r.lieu.code if r.lieu.is_region else None
    places = comptes_departement(comptes, r.lieu.departements, total)
    names = {t.code: t.nom for t in r.study.territories}
    caption = "Comptes par famille d'organisme, selon l'étape atteinte"
    families = table(comptes_par(comptes, "famille"), "comptes_famille", caption)
    if total is None:
        return [attach(families, {"comptes_departement": places})]
    caption, headers = "Comptes par territoire, selon l'étape atteinte", {"departement": "Territoire"}
    formats = {"departement": names.__getitem__}
    return [table(places, "comptes_departement", caption, formats=formats, headers=headers), families]


def profiles(r: Report, comptes: pd.DataFrame, profils: pd.DataFrame) -> list[Block]:
    """The table `comptes_profil`, and the profiles that nobody has nor asked for."""
    data = comptes_profil(comptes, profils)
    if data.empty:
        return [say("Les profils de l'application n'ont pas été reçus.", data={"comptes_profil": data})]
    caption = f"Personne n'a encore demandé de profil dans {r.le}"
    if most := int(data.demandes.max()):
        first = [quoted(p) for p in data.profil[data.demandes == most]]
        tied = f"{listing(first)} sont les profils les plus demandés, ex aequo ({count(most, 'demande')} chacun)"
        caption = tied if len(first) > 1 else f"{first[0]} est le profil le plus demandé ({count(most, 'demande')})"
    none = [quoted(p) for p in data.profil[(data.drop(columns="profil") == 0).all(axis=1)]]
    blocks = [table(data, "comptes_profil", caption)]
    return [*blocks, say(f"Personne n'a de compte ni de demande pour {listing(none)}.")] if none else blocks


def needed(data: pd.DataFrame) -> list[Block]:
    """`besoins_profils`."""
    if data.empty:
        return [say("Aucun questionnaire ne demande les besoins de profils.", data={"besoins_profils": data})]
    block = table(
        data,
        "besoins_profils",
        "Agents qui ont besoin de chaque profil selon les questionnaires, et comptes",
        headers={"besoin": "Besoin", "utilises": "Utilisés", "repondants": "Répondants"},
        note="Besoin\u00a0: somme de ce que disent les répondants\u202f; les comptes sont ceux de tous les organismes.",
    )
    return [block]


def chase(comptes: pd.DataFrame, waiting: pd.DataFrame, broad: pd.DataFrame) -> list[Block]:
    """Whom to chase, for the project team only: `relances` first."""
    names = dict(zip(comptes.organisme, comptes.nom, strict=True))
    tables = {
        "relances": (waiting, "Comptes à relancer, les plus anciens d'abord"),
        "profils_a_resserrer": (broad, "Comptes à ramener à un profil plus étroit"),
    }
    return [
        table(data, name, caption, formats={"organisme": lambda i: str(names.get(i, i))}, internal=True)
        for name, (data, caption) in tables.items()
        if len(data)
    ]
