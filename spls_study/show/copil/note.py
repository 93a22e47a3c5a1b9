"""What the note says, from the tables of the reports."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ... import __version__
from ...french import MISSING, NNBSP, agreed, count, listing, long_date, number, percent, plural, short_date, signed
from .. import Block, Report, bullets, say, tiles
from ..questionnaires.vue import Vue
from ..text import tile

SIGLES = {
    "PLUS": "prêt locatif à usage social",
    "PLAI": "prêt locatif aidé d'intégration",
    "PLS": "prêt locatif social",
}


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


# In the order in which the committee must know them; the first three whose data exist are said. {n}: the
# number with its unit; {verbe}: to have, agreed with it.
SENTENCES = {
    "logements_plus_plai": "En {annee}, {n} PLUS et PLAI {verbe} engagé{s}.",
    "bailleurs_prets": "Bailleurs qui peuvent transmettre\u00a0: {n}.",
    "retard_calendrier": "Le calendrier glisse\u00a0: {n} {libelle}.",
    "part_region": "Le département compte {n} {libelle}.",
    "part_premier_departement": "{n} {libelle}.",
    "logements_pls": "En {annee}, {n} PLS {verbe} agréé{s}.",
}
ON_TIME = "Le calendrier est tenu\u00a0: {n} de retard estimé sur les jalons à venir."
# The tiles, in this order; others follow in the order of the table.
TILES = (
    "logements_plus_plai",
    "part_region",
    "part_premier_departement",
    "logements_pls",
    "taux_reponse_bailleurs",
    "bailleurs_prets",
    "retard_calendrier",
    "part_comptes_ouverts",
)


def essentials(r: Report, figures: pd.DataFrame) -> Block | None:
    """« L'essentiel »: three sentences at most, each with one number and its unit.

    `figures` is the table `chiffres_cles`.
    """
    rows, said = {row.cle: row for row in figures.itertuples()}, []
    for key, text in SENTENCES.items():
        if key in rows:
            value, row = rows[key].valeur, rows[key]
            amount = percent(value) if row.unite == "part" else f"{number(value)} {agreed(value, row.unite)}"
            words = {"verbe": plural(value, "a été", "ont été"), "s": plural(value, "", "s"), "annee": r.annee}
            text = ON_TIME if key == "retard_calendrier" and not value else text
            said.append(text.format(n=amount, libelle=row.libelle, **words))
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
    share = row.unite == "part"
    times, decimals, evolution = (100, 1, "") if share else (1, 0, "")
    if last is not None and not pd.isna(row.ecart):
        moved = row.ecart * times
        shown = f"{'▲' if moved > 0 else '▼'} {signed(moved, decimals)}{plural(moved, ' point') * share}"
        evolution = f"{shown if moved else 'inchangé'} depuis le {short_date(last)}"
    return tile(row.valeur, row.unite, row.libelle, evolution)


def to_decide(r: Report, table: pd.DataFrame, limit: int = 8) -> list[Block]:
    """« Points à décider »: numbered, each with who and when; `table` is `suivi.a_decider`."""
    if table.empty:
        return []
    lines = []
    for row in table.head(limit).itertuples():
        who = MISSING if pd.isna(row.qui) else listing(list(map(r.gestionnaire, row.qui.split("|"))))
        when = "sans échéance" if pd.isna(row.quand) else f"au plus tard le {long_date(row.quand)}"
        late = ", échéance passée" * (row.quand < pd.Timestamp(r.study.etude.edition))
        lines.append(f"{row.objet} – {who}, {when}{late}")
    blocks = [bullets(lines, ordered=True, data={"points_a_decider": table})]
    if len(table) > limit:
        more = count(len(table) - limit, "autre point est", "autres points sont")
        blocks.append(say(f"{more} dans la table points_a_decider, jointe à la note."))
    return blocks


def method(r: Report, files: Mapping[str, Sequence[str]], fingerprint: str, vues: Sequence[Vue] = ()) -> Block:
    """« Sources et méthode », eight lines at most.

    `files`: table → names of the raw files read. `fingerprint`: short hash of all that the report
    read.
    """
    read = [f"{name} ({listing(sorted(n.split('/')[-1] for n in names))})" for name, names in files.items() if names]
    day, (first, last) = long_date(r.study.etude.extraction), r.study.etude.annees
    place = f"département {r.lieu.nom} ({r.lieu.code})"
    if r.lieu.is_region:
        place = f"{r.place}, {count(len(r.lieu.departements), 'département')}"
    return bullets(
        [
            f"Fichiers, données au {day}\u00a0: {f'{NNBSP}; '.join(read)}." if read else "",
            f"Périmètre\u00a0: {place}{NNBSP}; années {first} à {last}.",
            " ".join(f"{v.codebook.titre}\u00a0: {v.rate}." for v in vues),
            f"Un logement compte dans son année de programmation, sauf opération annulée{NNBSP}; une opération "
            "reprogrammée compte dans chaque année.",
            f"Les nombres sont arrondis à l'affichage seulement\u00a0: une somme peut différer d'une unité{NNBSP}; "
            "n.d.\u00a0: donnée manquante.",
            "Limite\u00a0: l'année en cours est partielle et chaque effectif dépend de la date d'extraction.",
            f"Produit par spls_study {__version__}, empreinte des données lues {fingerprint}{NNBSP}; contact\u00a0: "
            f"{r.study.copil.contact}.",
        ]
    )
