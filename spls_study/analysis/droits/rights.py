"""The rights campaign in counts: requests, granted, opened, used."""

from collections.abc import Sequence

import pandas as pd

from .accounts import CONNECTED

MEASURES = ("demandes", "attribues", "ouverts", "connectes")


def comptes_profil(table: pd.DataFrame, profils: pd.DataFrame) -> pd.DataFrame:
    """Columns profil, demandes (by profil_demande, refused and withdrawn ones too), attribues,
    ouverts, connectes (by the profile granted, else requested; without refused and withdrawn).

    In the order of the table `profils`, then those that it does not know; a profile nobody asked
    for has zeros. `table` is what `accounts` returns.
    """
    flags = _reached(table)
    met = {*table.profil_demande.dropna(), *table.profil[flags.any(axis=1)]}
    names = [*profils.profil, *sorted(met - set(profils.profil))]
    found = flags.groupby(table.profil).sum().reindex(names, fill_value=0)
    asked = table.profil_demande.value_counts().reindex(names, fill_value=0)
    return _counts("profil", found.assign(demandes=asked))


def comptes_par(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The same counts by another column of the accounts, in the order of its values."""
    return _counts(column, _reached(table).groupby(table[column]).sum())


def comptes_departement(table: pd.DataFrame, departements: Sequence[str], total: str | None = None) -> pd.DataFrame:
    """The same counts by department, with a last row `total` of all accounts when it is named."""
    flags = _reached(table)
    found = flags.groupby(table.departement).sum().reindex(list(departements), fill_value=0)
    if total is not None:
        found.loc[total] = flags.sum()
    return _counts("departement", found)


def _reached(table: pd.DataFrame) -> pd.DataFrame:
    """What each account has reached, a column a measure."""
    return pd.DataFrame(
        {
            "demandes": table.profil_demande.notna(),
            "attribues": table.en_cours & table.profil_attribue.notna(),
            "ouverts": table.ouvert,
            "connectes": table.etat == CONNECTED,
        }
    )


def _counts(key: str, found: pd.DataFrame) -> pd.DataFrame:
    return found[list(MEASURES)].astype("int64").rename_axis(key).reset_index().astype({key: "str"})
