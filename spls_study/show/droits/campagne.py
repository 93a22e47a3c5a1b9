"""Where the campaign stands, who is covered, who must be chased."""

from collections.abc import Sequence

import pandas as pd

from ...analysis.droits.accounts import pace
from ...analysis.droits.rights import (
    MEASURES,
    Campaign,
    comptes_departement,
    comptes_famille,
    comptes_profil,
    comptes_suivis,
)
from ...analysis.methods.frames import UNKNOWN
from ...french import HIDDEN, capital, count, listing, long_date, number, percent, plural, quoted
from ...study import SMALL_BASE
from .. import Block, Report, bullets, figure, say, table
from ..drawings.bars import Bars, horizontal_bars
from ..table import attach
from . import note

REACHED = ["Comptes demandés", "Comptes attribués", "Comptes ouverts", "Comptes utilisés"]


def state(r: Report, found: Campaign, comptes: pd.DataFrame) -> list[Block]:
    """Where the campaign stands; `comptes` are the accounts of the territory."""
    if comptes.empty:
        late = "la campagne n'y a pas commencé, ou sa liste n'a pas été reçue"
        return [say(f"Aucun compte n'est connu pour {r.le}\u00a0: {late}.")]
    return [_funnel(r, found), attach(_progress(r, found), {"comptes_suivis": comptes_suivis(found, r.lieu.code)})]


def _funnel(r: Report, found: Campaign) -> Block:
    """From requests to first connections: where accounts are lost."""
    numbers = [n for m in MEASURES if (n := found.totals.number(m, r.lieu.code)) is not None]
    if len(numbers) < len(MEASURES):
        return say(f"Il y a trop peu de comptes dans {r.le} pour publier leur nombre à chaque étape.")
    asked, granted, opened, used = numbers
    if not asked:
        return say(f"Personne n'a encore demandé de compte dans {r.le}.")
    whole, title = asked >= SMALL_BASE, "Aucun compte n'est encore ouvert"
    if opened == asked:
        title = "Tous les comptes demandés sont ouverts"
    elif opened:
        title = f"{count(opened, 'compte ouvert', 'comptes ouverts')} pour {count(asked, 'demande')}"
        if whole:
            title = f"{percent(opened / asked, 0)} des comptes demandés sont ouverts"
    losses = {"l'attribution": asked - granted, "l'ouverture": granted - opened, "la première connexion": opened - used}
    where = max(losses, key=lambda k: losses[k])
    done = count(opened, "est ouvert", "sont ouverts") if opened else "aucun n'est ouvert"
    held = f"\u202f; l'étape qui en retient le plus est {where} ({number(losses[where])})"
    texts = [number(n) + (f" ({percent(n / asked, 0)})" if whole and n < asked else "") for n in numbers]
    return figure(
        horizontal_bars([Bars("", REACHED, numbers, [False, False, True, False], texts)]),
        title=title,
        subtitle=f"Comptes par étape atteinte, {r.place}, au {long_date(r.study.etude.extraction)}",
        alt=f"Barres\u00a0: {number(asked)} comptes demandés, {number(granted)} attribués, {number(opened)} ouverts, "
        f"{number(used)} utilisés.",
        reading=f"sur {count(asked, 'compte demandé', 'comptes demandés')}, {done}"
        f"{held * (losses[where] >= r.study.secret.seuil)}.",
        scope=f"{count(asked, 'demande')}, refusées et retirées comprises, {r.place}.",
        source=r.study.source("comptes"),
        behind={"comptes_etapes": pd.DataFrame({"etape": MEASURES, "comptes": numbers})},
    )


def _progress(r: Report, found: Campaign) -> Block:
    """Left to open, pace needed and pace observed; refusals apart."""
    live, opened, recent, left, dropped = (
        found.totals.number(m, r.lieu.code) for m in ("en_cours", "ouverts", "recents", "restants", "sans_suite")
    )
    apart = "Des demandes refusées ou retirées, en nombre sous secret statistique, sont comptées à part."
    if dropped is not None:
        refused = count(dropped, "demande refusée ou retirée est", "demandes refusées ou retirées sont")
        apart = f"{refused} comptées à part." if dropped > 1 else f"{refused} comptée à part." if dropped else ""
    if live is None or opened is None or recent is None or left is None:
        what = f"Le nombre de comptes qui restent à ouvrir dans {r.le}, ou celui des ouvertures récentes"
        return say(f"{what}, est sous secret statistique\u00a0: le rythme n'est pas publié.", apart)
    if not live:
        return say("Aucun compte n'est en cours.", apart)
    if not left:
        return say(f"{count(live, 'compte en cours est ouvert', 'comptes en cours sont tous ouverts')}.", apart)
    verdict, end = "", r.study.campagne.fin if r.study.campagne else None
    if end:
        needed = pace(left, r.study.etude.extraction, end)
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


def covered(r: Report, bodies: pd.DataFrame, functions: Sequence[str], found: Campaign) -> list[Block]:
    """Organismes with nobody, functions without account, then counts by place and family.

    `bodies` is `coverage` of the territory's organismes.
    """
    if bodies.empty:
        return [say("Aucun organisme n'a été reçu\u00a0: la couverture ne peut pas être mesurée.")]
    said, least = [], r.study.secret.seuil
    for role, own in bodies.groupby("role"):
        total = len(own)
        have = int((own.etat != "personne").sum())
        which = f"{number(have)} sur {number(total)} {plural(have, 'a', 'ont')} un compte en cours"
        if least > 1 and total < 2 * least + 3:  # whatever their number, which none or all would tell
            which = f"{number(total)}, trop peu pour publier combien ont un compte en cours"
        elif least > 1 and 0 < have < total:  # numbers of several places or editions would tell of one
            most = "plus de la moitié" if 2 * have > total else "la moitié au plus"
            which = f"{most} des {number(total)} ont un compte en cours"
        said.append(f"{capital(str(role))}s\u00a0: {which}.")
    if functions:
        said.append(f"Fonctions prévues par un profil et sans aucun compte en cours\u00a0: {listing(list(functions))}.")
    places = comptes_departement(found, [*r.lieu.departements, *([r.lieu.code] if r.lieu.is_region else [])])
    families = comptes_famille(found, r.lieu.code)
    counted = {"territoire": places, "famille d'organisme": families} if len(families) else {}
    return [
        bullets(said),
        *(
            _counts(r, data, f"comptes_{data.columns[0]}", f"Comptes par {by}, selon l'étape atteinte")
            for by, data in counted.items()
        ),
    ]


def profiles(r: Report, found: Campaign) -> list[Block]:
    """The table `comptes_profil`, and the profiles that nobody has nor asked for."""
    data = comptes_profil(found, r.lieu.code)
    if data.empty:
        return [say("Les profils de l'application n'ont pas été reçus.")]
    shown = data[(data.profil != UNKNOWN) & (data.demandes != HIDDEN)]
    caption = f"Personne n'a encore demandé de profil dans {r.le}"
    for most in shown.sort_values("demandes", ascending=False, kind="stable").head(1).itertuples():
        if most.demandes:
            caption = f"{quoted(most.profil)} est le profil le plus demandé, parmi les nombres publiés"
    none = [quoted(p) for p in data.profil[(data[list(MEASURES)] == 0).all(axis=1)]]
    blocks = [_counts(r, data, "comptes_profil", caption)]
    return [*blocks, say(f"Personne n'a de compte ni de demande pour {listing(none)}.")] if none else blocks


def _counts(r: Report, data: pd.DataFrame, name: str, caption: str) -> Block:
    """A table of the four counts by profile, family or territory."""
    names = {t.code: t.nom for t in r.study.territories}
    headers = {"departement": "Territoire"}
    return table(data, name, caption, formats={"departement": names.__getitem__}, headers=headers, note=note(r))


def needed(r: Report, data: pd.DataFrame) -> list[Block]:
    """People who need each profile, as the questionnaires say: `needs`."""
    caption = "Agents qui ont besoin de chaque profil, selon les questionnaires"
    headers, formats = {"mediane": "Médiane d'agents"}, {"mediane": lambda n: number(n, 1)}
    block = table(data, "besoins_profils", caption, headers=headers, formats=formats, note=note(r))
    return [block] if len(data) else []


def chase(
    r: Report, organismes: pd.DataFrame, waiting: pd.DataFrame, bodies: pd.DataFrame, broad: pd.DataFrame
) -> list[Block]:
    """What names organismes, for the project team only: `relances` first."""
    names = dict(zip(organismes.id, organismes.nom, strict=True))
    alone = bodies[bodies.etat == "personne"].rename(columns={"id": "organisme"})
    alone = alone[["organisme", "role", "famille"]].reset_index(drop=True)
    tables = {
        "relances": (waiting, "Comptes à relancer, les plus anciens d'abord"),
        "organismes_sans_compte": (alone, "Organismes sans aucun compte en cours"),
        "profils_a_resserrer": (broad, "Comptes à ramener à un profil plus étroit"),
    }
    return [
        table(data, name, caption, formats={"organisme": lambda i: str(names.get(i, i))}, internal=True)
        for name, (data, caption) in tables.items()
        if len(data)
    ]
