"""The charte de gestion: who agrees to what, and what blocks."""

import pandas as pd

POSITIONS = {
    "accord": "accords", "réserve": "reserves", "refus": "refus", "en attente": "en_attente"
}


def positions(charter: pd.DataFrame) -> pd.DataFrame:
    """The last position of each signatory on each clause; one who said nothing is waited for.

    Columns clause, theme, organisme, position; every signatory of the table on every clause.
    """
    latest = charter.sort_values(["date", "clause", "organisme"], na_position="first")
    latest = latest.drop_duplicates(["clause", "organisme"], keep="last")
    themes = latest.dropna(subset=["theme"]).groupby("clause").theme.last()
    every = pd.MultiIndex.from_product(
        [sorted(charter.clause.unique()), sorted(charter.organisme.dropna().unique())],
        names=["clause", "organisme"],
    )
    said = latest.set_index(["clause", "organisme"]).position.reindex(every).fillna("en attente")
    table = said.reset_index()
    table.insert(1, "theme", table.clause.map(themes))
    return table


def charte(charter: pd.DataFrame, previous: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Parameters
    ----------
    charter
        Table `charte` of data/processed.
    previous
        This function's table of the last edition.

    Returns
    -------
    Columns clause, theme, accords, reserves, refus, en_attente, statut, statut_precedent.
    A refusal makes the clause « bloquée »; else it is « en attente » while someone has not
    answered, « avec réserves » while a reserve stands, else « adoptée ».
    """
    said = positions(charter)
    counts = pd.crosstab(said.clause, said.position).reindex(columns=list(POSITIONS), fill_value=0)
    table = counts.rename(columns=POSITIONS).rename_axis(None, axis="columns").reset_index()
    table.insert(1, "theme", table.clause.map(said.groupby("clause").theme.first()))
    table["statut"] = "adoptée"
    for column, status in (("reserves", "avec réserves"), ("en_attente", "en attente"),
                           ("refus", "bloquée")):
        table.loc[table[column] > 0, "statut"] = status
    known = {} if previous is None else dict(zip(previous.clause, previous.statut, strict=True))
    return table.assign(statut_precedent=table.clause.map(known).astype("str"))
