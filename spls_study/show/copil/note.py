"""What the note says, from the tables of the reports."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ... import __version__
from ...french import MISSING, NNBSP, agreed, count, listing, long_date, number, percent, plural, short_date, signed
from ...study import Study, Territory
from ..blocks import Block
from ..text import bullets, say, tiles

SIGLES = {
    "PLUS": "prêt locatif à usage social",
    "PLAI": "prêt locatif aidé d'intégration",
    "PLS": "prêt locatif social",
}
Sentence = Callable[[Any, Study], str]  # a row of `chiffres_cles`


def spelled_out(texts: Sequence[str]) -> list[str]:
    """The texts, each acronym followed by its meaning where it is first used."""
    done: set[str] = set()
    out = []
    for text in texts:
        for sigle, meaning in SIGLES.items():
            pattern = rf"(?<![\w(]){re.escape(sigle)}(?!\w)"
            if sigle not in done and re.search(pattern, text):
                text = re.sub(pattern, f"{sigle} ({meaning})", text, count=1)
                done.add(sigle)
        out.append(text)
    return out


def _agreed(products: str, verb: str) -> Sentence:
    return lambda row, study: (
        f"En {study.etude.annee_reference}, {count(row.valeur, 'logement')} {products} "
        f"{plural(row.valeur, f'a été {verb}', f'ont été {verb}s')}."
    )


def _shared(row: Any, _: Study) -> str:
    return f"{percent(row.valeur)} {row.libelle}."


def _slip(row: Any, _: Study) -> str:
    days = count(row.valeur, "jour")
    if not row.valeur:
        return f"Le calendrier est tenu\u00a0: {days} de retard estimé sur les jalons à venir."
    return f"Le calendrier glisse\u00a0: {days} {row.libelle}."


# In the order in which the committee must know them; the first three whose data exist are said.
SENTENCES: dict[str, Sentence] = {
    "logements_plus_plai": _agreed("PLUS et PLAI", "engagé"),
    "part_comptes_ouverts": _shared,
    "retard_calendrier": _slip,
    "part_region": lambda row, _: f"Le département compte {percent(row.valeur)} {row.libelle}.",
    "part_premier_departement": _shared,
    "logements_pls": _agreed("PLS", "agréé"),
}
# The tiles, in this order; others follow in the order of the table.
TILES = (
    "logements_plus_plai",
    "part_region",
    "part_premier_departement",
    "logements_pls",
    "taux_reponse_bailleurs",
    "part_comptes_ouverts",
    "retard_calendrier",
)


def essentials(figures: pd.DataFrame, study: Study) -> Block | None:
    """« L'essentiel »: three sentences at most, each with one number and its unit.

    `figures` is the table `chiffres_cles`.
    """
    rows = {row.cle: row for row in figures.itertuples()}
    said = [form(rows[key], study) for key, form in SENTENCES.items() if key in rows]
    return bullets(spelled_out(said[:3])) if said else None


def key_tiles(figures: pd.DataFrame, last: date | None, limit: int = 6) -> Block | None:
    """The first `limit` key figures, with their change since the last edition.

    All of them are written as the table `chiffres_cles`.
    """
    if figures.empty:
        return None
    rank = {key: i for i, key in enumerate(TILES)}
    order = figures.cle.map(rank).fillna(len(rank)).sort_values(kind="stable").index[:limit]
    return tiles(
        (_tile(row, last) for row in figures.loc[order.sort_values()].itertuples()), data={"chiffres_cles": figures}
    )


def _tile(row: Any, last: date | None) -> dict[str, str]:
    times, decimals, point = (100, 1, " point") if row.unite == "part" else (1, 0, "")
    evolution = ""
    if last is not None and not pd.isna(row.ecart):
        moved = row.ecart * times
        shown = f"{'▲' if moved > 0 else '▼'} {signed(moved, decimals)}"
        shown += plural(moved, point) if point else ""
        evolution = f"{shown if moved else 'inchangé'} depuis le {short_date(last)}"
    unit = "%" if point else agreed(row.valeur, row.unite)
    return {
        "valeur": number(row.valeur * times, decimals),
        "unite": unit,
        "libelle": row.libelle,
        "evolution": evolution,
    }


def to_decide(table: pd.DataFrame, study: Study, limit: int = 8) -> list[Block]:
    """« Points à décider »: numbered, each with who and when; `table` is `suivi.a_decider`."""
    if table.empty:
        return []
    names = {g.id: g.nom for g in study.gestionnaires}
    today = pd.Timestamp(study.etude.edition)
    lines = []
    for row in table.head(limit).itertuples():
        who = MISSING if pd.isna(row.qui) else listing([names.get(w, w) for w in row.qui.split("|")])
        when = "sans échéance"
        if pd.notna(row.quand):
            late = ", échéance passée" if row.quand < today else ""
            when = f"au plus tard le {long_date(row.quand)}{late}"
        lines.append(f"{row.objet} – {who}, {when}")
    blocks = [bullets(lines, ordered=True, data={"points_a_decider": table})]
    if len(table) > limit:
        more = count(len(table) - limit, "autre point est", "autres points sont")
        blocks.append(say(f"{more} dans la table points_a_decider, jointe à la note."))
    return blocks


def method(
    study: Study,
    territory: Territory,
    files: Mapping[str, Sequence[str]],
    fingerprint: str,
    answers: Sequence[str] = (),
) -> Block:
    """« Sources et méthode », eight lines at most.

    Parameters
    ----------
    files
        Table → names of the raw files read.
    fingerprint
        Short hash of all that the report read.
    answers
        One sentence by questionnaire: sent, answered.
    """
    read = [
        f"{name} ({listing(sorted(n.split('/')[-1] for n in names))})" for name, names in files.items() if len(names)
    ]
    day = long_date(study.etude.extraction)
    perimeter = (
        f"région {territory.nom}, {count(len(territory.departements), 'département')}"
        if territory.is_region
        else f"département {territory.nom} ({territory.code})"
    )
    lines = [
        f"Fichiers, données au {day}\u00a0: {f'{NNBSP}; '.join(read)}." if read else "",
        f"Périmètre\u00a0: {perimeter}{NNBSP}; années {study.etude.annees[0]} à {study.etude.annees[1]}.",
        " ".join(answers),
        "Un logement compte dans son année de programmation, sauf opération annulée"
        f"{NNBSP}; une opération reprogrammée compte dans chaque année.",
        "Les nombres sont arrondis à l'affichage seulement\u00a0: une somme peut différer d'une "
        f"unité{NNBSP}; n.d.\u00a0: donnée manquante{NNBSP}; s\u00a0: secret statistique "
        f"(moins de {study.secret.seuil} unités).",
        "Limite\u00a0: l'année en cours est partielle et chaque effectif dépend de la date d'extraction.",
        f"Produit par spls_study {__version__}, empreinte des données lues {fingerprint}"
        f"{NNBSP}; contact\u00a0: {study.copil.contact}.",
    ]
    return bullets(lines)
