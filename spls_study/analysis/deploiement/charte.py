"""The charte de gestion: who agrees to what, and what blocks."""

import numpy as np
import pandas as pd

POSITIONS = {"accord": "accords", "réserve": "reserves", "refus": "refus", "en attente": "en_attente"}


def positions(charter: pd.DataFrame) -> pd.DataFrame:
    """The last position of each signatory on each clause; one who said nothing is waited for.

    Columns clause, theme, texte, organisme, position; every signatory of the table on every clause.
    `charter`: Table `charte` of data/processed.
    """
    latest = charter.sort_values(["date", "clause", "organisme"], na_position="first")
    latest = latest.drop_duplicates(["clause", "organisme"], keep="last")
    told = latest.groupby("clause")[["theme", "texte"]].last()
    keys = ["clause", "organisme"]
    every = pd.MultiIndex.from_product([sorted(charter[key].dropna().unique()) for key in keys], names=keys)
    said = latest.set_index(keys).position.reindex(every).fillna("en attente").reset_index()
    return said.join(told, on="clause")[["clause", "theme", "texte", "organisme", "position"]]


def charte(said: pd.DataFrame, previous: pd.DataFrame | None = None) -> pd.DataFrame:
    """Columns clause, theme, accords, reserves, refus, en_attente, statut, statut_precedent. A
    refusal makes the clause « bloquée »; else it is « en attente » while someone has not answered,
    « avec réserves » while a reserve stands, else « adoptée ».

    `said`: `positions`, of the signatories that count. `previous`: This function's table of the
    last edition.
    """
    counts = pd.crosstab(said.clause, said.position).reindex(columns=list(POSITIONS), fill_value=0)
    table = counts.rename(columns=POSITIONS).rename_axis(None, axis="columns").reset_index()
    table.insert(1, "theme", table.clause.map(said.groupby("clause").theme.first()))
    table["statut"] = np.select(
        [table.refus > 0, table.en_attente > 0, table.reserves > 0],
        ["bloquée", "en attente", "avec réserves"],
        "adoptée",
    )
    known = {} if previous is None else dict(zip(previous.clause, previous.statut, strict=True))
    return table.assign(statut_precedent=table.clause.map(known).astype("str"))
