"""How far the answers may be trusted: who answered, what holds beyond them."""

from collections.abc import Iterator

import pandas as pd

from ...french import NNBSP, NOT_APPLICABLE, capital, count, listing, number, percent, points, quoted
from ...study import SMALL_BASE
from .. import LONGEST, Block, Report, bullets, chosen, say, table
from .vue import Vue

LEVEL = 0.05
CRITERIA = {"nb_logements": "le nombre de logements", "famille": "la famille"}


def who_answered(r: Report, v: Vue) -> Iterator[Block]:
    """Rates by stratum, and whether those who answered differ from the others."""
    strata = v.taux_reponse[v.taux_reponse["strate"] != "total"]
    if len(strata) > 1 and not v.by_name:
        rows = pd.concat([strata.head(LONGEST - 1), chosen(v.taux_reponse, strate="total")])
        small = (rows["population"] < SMALL_BASE) & rows["taux"].notna()
        several = strata["strate"].str.startswith("departement=").any()
        yield table(
            strata,
            f"taux_reponse_{v.codebook.id}",
            f"{capital(v.asked)} interrogés et réponses",
            view={
                "Strate": [_stratum(r, s) for s in rows["strate"]],
                "Interrogés": rows["population"],
                "Réponses": rows["repondants"],
                "Taux (%)": rows["taux"].astype("object").mask(small, NOT_APPLICABLE),
            },
            formats={"Taux (%)": points},
            note="Un organisme compte dans chacun de ses départements." if several else "",
        )
    p = v.non_reponse["p"]
    if p.notna().any():
        held = v.non_reponse[p < LEVEL / len(p)]
        said = [f"{_criterion(r, t.critere)} ({_p('p', t.p)})" for t in held.itertuples()]
        many = count(len(p), "comparaison")
        how = f"tests exacts, seuil de 5{NNBSP}% partagé entre {many} avec la liste des {v.asked}"
        yield say(
            f"Ceux qui ont répondu diffèrent des autres par {listing(said)}{NNBSP}; {how}. Les intervalles supposent "
            "le contraire\u00a0: les lire avec les bornes."
            if said
            else f"Rien n'établit que ceux qui ont répondu diffèrent des autres ({how})."
        )


def _stratum(r: Report, name: str) -> str:
    column, _, value = name.partition("=")
    return r.nom(value) if column == "departement" else value or "Ensemble"


def _criterion(r: Report, name: str) -> str:
    value = name.partition("=")[2]
    return f"la présence en {r.nom(value)}" if value else CRITERIA.get(name, name)


def _p(name: str, p: float) -> str:
    return f"{name}\u00a0=\u00a0{number(p, 3)}" if p >= 0.001 else f"{name}\u00a0<\u00a00,001"


def what_holds(v: Vue) -> Iterator[Block]:
    """What may be concluded: bounds, cross-tabulations, stratified estimates."""
    rows = _large(v.reponses[v.reponses["borne_min"].notna()], "effectif")
    if len(rows) and v.total.taux < 1:
        row = rows.loc[rows["effectif"].idxmax()]
        yield say(
            f"Ceux qui n'ont pas répondu peuvent changer les parts\u00a0: {quoted(row.libelle)} ({row.question}) a "
            f"{percent(row.part, 0)} des réponses{NNBSP}; parmi tous les {v.asked} interrogés, de "
            f"{percent(row.borne_min, 0)} si aucun des autres ne l'avait choisi à {percent(row.borne_max, 0)} si tous "
            "l'avaient fait. La table des réponses donne ces bornes pour chaque modalité."
        )
    tested = v.croisements[v.croisements["conclusion"].isin(["écart établi", "écart non établi"])]
    held = chosen(tested, conclusion="écart établi")
    if len(held):
        yield bullets(
            f"{v.codebook.by_code[c.question_a.split('[')[0]].libelle} ({c.question_a})\u00a0: les réponses diffèrent "
            f"selon {c.question_b.replace('departement=', 'le département ')}"
            + f" ({_p('p corrigée', c.p_holm)}, V de Cramér {number(c.v_cramer, 2)})."
            for c in held.head(8).itertuples()
        )
    elif len(tested):
        yield say(
            f"Croisements avec les strates\u00a0: sur {count(len(tested), 'comparaison')}, aucun écart n'est établi "
            "après la correction de Holm."
        )
    moved = _large(v.reponses_redressees, "part")
    if len(moved):
        gap = (moved["part"] - moved["part_brute"]).abs()
        row, most = moved.loc[gap.idxmax()], count(round(float(gap.max()) * 100), "point")
        yield say(
            f"Si chaque strate ({row.strate}) pesait son vrai poids, les parts bougeraient de {most} au plus\u00a0: "
            f"{quoted(row.libelle)} ({row.question}) passerait de {percent(row.part_brute, 0)} à "
            f"{percent(row.part, 0)}."
        )


def _large(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows with a value, on a base large enough for a share."""
    return rows[rows[column].notna() & (rows["base"] >= SMALL_BASE)]
