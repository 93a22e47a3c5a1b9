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
from ..blocks import Block
from ..drawings.bars import Bars, horizontal_bars
from ..figure import figure
from ..report import Report
from ..table import attach, table
from ..text import bullets, say
from .words import HEADERS, note


def state(r: Report, found: Campaign, comptes: pd.DataFrame) -> list[Block]:
    """Where the campaign stands; `comptes` are the accounts of the territory."""
    if comptes.empty:
        return [
            say(
                f"Aucun compte n'est connu pour {r.le}\u00a0: la campagne n'y a pas commencé, "
                "ou sa liste n'a pas été reçue."
            )
        ]
    return [_funnel(r, found), attach(_progress(r, found), {"comptes_suivis": comptes_suivis(found, r.lieu.code)})]


def _funnel(r: Report, found: Campaign) -> Block:
    """From requests to first connections: where accounts are lost."""
    values = [found.totals.shown(m, r.lieu.code) for m in MEASURES]
    if HIDDEN in values:
        return say(f"Il y a trop peu de comptes dans {r.le} pour publier leur nombre à chaque étape.")
    asked, granted, opened, used = numbers = [int(str(v)) for v in values]
    if not asked:
        return say(f"Personne n'a encore demandé de compte dans {r.le}.")
    whole = asked >= SMALL_BASE
    if opened in (0, asked):
        title = "Tous les comptes demandés sont ouverts" if opened else "Aucun compte n'est encore ouvert"
    elif whole:
        title = f"{percent(opened / asked, 0)} des comptes demandés sont ouverts"
    else:
        title = f"{count(opened, 'compte ouvert', 'comptes ouverts')} pour {count(asked, 'demande')}"
    losses = {"l'attribution": asked - granted, "l'ouverture": granted - opened, "la première connexion": opened - used}
    where = max(losses, key=lambda k: losses[k])
    done = count(opened, "est ouvert", "sont ouverts") if opened else "aucun n'est ouvert"
    return figure(
        horizontal_bars(
            [
                Bars.of(
                    "",
                    pd.Series(["Comptes demandés", "Comptes attribués", "Comptes ouverts", "Comptes utilisés"]),
                    pd.Series(numbers),
                    [False, False, True, False],
                    [f"{number(n)} ({percent(n / asked, 0)})" if whole and n < asked else number(n) for n in numbers],
                )
            ]
        ),
        title=title,
        subtitle=f"Comptes par étape atteinte, {r.place}, au {long_date(r.study.etude.extraction)}",
        alt=f"Barres\u00a0: {number(asked)} comptes demandés, {number(granted)} attribués, "
        f"{number(opened)} ouverts, {number(used)} utilisés.",
        reading=f"sur {count(asked, 'compte demandé', 'comptes demandés')}, {done}"
        + (
            f"\u202f; l'étape qui en retient le plus est {where} ({number(losses[where])})."
            if losses[where] >= r.study.secret.seuil
            else "."
        ),
        scope=f"{count(asked, 'demande')}, refusées et retirées comprises, {r.place}.",
        source=r.study.source("comptes"),
        height=1.7,
        behind={"comptes_etapes": pd.DataFrame({"etape": MEASURES, "comptes": numbers})},
    )


def _progress(r: Report, found: Campaign) -> Block:
    """Left to open, pace needed and pace observed; refusals apart."""
    live, opened, recent, left, dropped = (
        found.totals.shown(m, r.lieu.code) for m in ("en_cours", "ouverts", "recents", "restants", "sans_suite")
    )
    apart = ""
    if dropped == HIDDEN:
        apart = "Des demandes refusées ou retirées, en nombre sous secret statistique, sont comptées à part."
    elif dropped:
        apart = count(
            int(str(dropped)),
            "demande refusée ou retirée est comptée à part.",
            "demandes refusées ou retirées sont comptées à part.",
        )
    if HIDDEN in (live, opened, recent, left):
        return say(
            f"Le nombre de comptes qui restent à ouvrir dans {r.le}, ou celui des "
            "ouvertures récentes, est sous secret statistique\u00a0: le rythme n'est pas "
            "publié.",
            apart,
        )
    campaign = r.study.campagne
    now = pace(
        int(str(live)), int(str(opened)), int(str(recent)), r.study.etude.extraction, campaign.fin if campaign else None
    ).iloc[0]
    if not now.en_cours:
        return say("Aucun compte n'est en cours.", apart)
    if not now.restants:
        return say(
            f"Les {number(now.en_cours)} comptes en cours sont tous ouverts."
            if now.en_cours > 1
            else "Le seul compte en cours est ouvert.",
            apart,
        )
    verdict = ""
    if campaign and now.semaines:
        held = "suffisant" if now.par_semaine >= now.necessaires else "insuffisant"
        verdict = (
            f"Pour finir le {long_date(campaign.fin)}, il en faut "
            f"{number(now.necessaires, 1)} par semaine\u00a0: le rythme actuel est {held}."
        )
    elif campaign:
        verdict = f"L'échéance de la campagne, le {long_date(campaign.fin)}, est passée."
    return say(
        f"Il reste {count(now.restants, 'compte')} à ouvrir sur {number(now.en_cours)} en cours, "
        "invitations sans demande comprises.",
        apart,
        "Au cours des quatre dernières semaines, "
        f"{count(now.recents, 'compte a été ouvert', 'comptes ont été ouverts')}, soit "
        f"{number(now.par_semaine, 1)} par semaine."
        if now.recents
        else "Aucun compte n'a été ouvert au cours des quatre dernières semaines.",
        verdict,
    )


def covered(r: Report, bodies: pd.DataFrame, functions: Sequence[str], found: Campaign) -> list[Block]:
    """Organismes with nobody, functions without account, then counts by place and family.

    `bodies` is `coverage` of the territory's organismes.
    """
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
    blocks = [
        bullets(said) if said else say("Aucun organisme n'a été reçu\u00a0: la couverture ne peut pas être mesurée.")
    ]
    families = comptes_famille(found, r.lieu.code)
    if families.empty:
        return blocks
    places = comptes_departement(found, [*r.lieu.departements, *([r.lieu.code] if r.lieu.is_region else [])])
    return [
        *blocks,
        _counts(r, places, "comptes_departement", "Comptes par territoire, selon l'étape atteinte"),
        _counts(r, families, "comptes_famille", "Comptes par famille d'organisme, selon l'étape atteinte"),
    ]


def profiles(r: Report, found: Campaign) -> list[Block]:
    """The table `comptes_profil`, and the profiles that nobody has nor asked for."""
    data = comptes_profil(found, r.lieu.code)
    if data.empty:
        return [say("Les profils de l'application n'ont pas été reçus.")]
    shown = data[(data.profil != UNKNOWN) & (data.demandes != HIDDEN)]
    most = shown.sort_values("demandes", ascending=False, kind="stable").head(1)
    caption = f"Personne n'a encore demandé de profil dans {r.le}"
    if len(most) and most.demandes.iloc[0]:
        caption = f"{quoted(most.profil.iloc[0])} est le profil le plus demandé, parmi les nombres publiés"
    none = [quoted(p) for p in data.profil[(data[list(MEASURES)] == 0).all(axis=1)]]
    blocks = [_counts(r, data, "comptes_profil", caption)]
    if none:
        blocks.append(say(f"Personne n'a de compte ni de demande pour {listing(none)}."))
    return blocks


def _counts(r: Report, data: pd.DataFrame, name: str, caption: str) -> Block:
    """A table of the four counts by profile, family or territory."""
    view = data
    if "departement" in data:
        names = {t.code: t.nom for t in r.study.territories}
        view = data.assign(departement=data.departement.map(names))
    return table(data, name, caption, view=view, headers=HEADERS, note=note(r), right=MEASURES)


def needed(r: Report, data: pd.DataFrame) -> list[Block]:
    """People who need each profile, as the questionnaires say: `needs`."""
    if data.empty:
        return []
    return [
        table(
            data,
            "besoins_profils",
            "Agents qui ont besoin de chaque profil, selon les questionnaires",
            headers=HEADERS | {"mediane": "Médiane d'agents"},
            formats={"mediane": lambda n: number(n, 1)},
            right=("reponses", "mediane"),
            note=note(r),
        )
    ]


def chase(
    r: Report, organismes: pd.DataFrame, waiting: pd.DataFrame, bodies: pd.DataFrame, broad: pd.DataFrame
) -> list[Block]:
    """What names organismes, for the project team only: `relances` first."""
    names = dict(zip(organismes.id, organismes.nom, strict=True))
    alone = bodies[bodies.etat == "personne"].rename(columns={"id": "organisme"})
    alone = alone[["organisme", "role", "famille"]].reset_index(drop=True)
    return [
        table(
            data,
            name,
            caption,
            headers=HEADERS,
            internal=True,
            view=data.assign(organisme=data.organisme.map(lambda i: names.get(i, i))),
        )
        for data, name, caption in (
            (waiting, "relances", "Comptes à relancer, les plus anciens d'abord"),
            (alone, "organismes_sans_compte", "Organismes sans aucun compte en cours"),
            (broad, "profils_a_resserrer", "Comptes à ramener à un profil plus étroit"),
        )
        if len(data)
    ]
