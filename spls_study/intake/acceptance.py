"""Which row counts for each respondent: the last complete one; why each other does not."""

import re

import pandas as pd

from notebook_reports.french import listing, short_date

from ..codebook import Codebook
from ..words import bare, folded
from . import identifiers, values
from .exports import Rows, date_column
from .persons import without_contacts

_TIME = r"[ T](\d{1,2}):(\d{2})(?::(\d{2}))?"


def accept(
    codebook: Codebook, given: Rows, organismes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Split the rows of all the files.

    Returns
    -------
    accepted, refused, doubts
        Rows of `given.origin`, with `qui` (id of the respondent, numbered when the codebook
        names none) and colonne, valeur, motif; `doubts` are remarks on accepted rows, and on
        complete answers that came too late.
    """
    names = _named(codebook, given)
    rows = given.origin.assign(
        qui=_who(codebook, names, organismes), nom=names.fillna(""), colonne="", valeur="", motif=""
    )
    when = date_column(codebook)
    typed = given.cells.get(when, pd.Series(dtype="str")).reindex(rows.index)
    dates = values.text(typed)
    instant = _instant(dates)
    partial = ~rows["formulaire"] & typed.notna() & dates.isna()
    for where, column, reason in (  # of several reasons, the last
        (partial, when, "réponse incomplète, sans date de fin\u202f; rien à faire, elle n'est pas comptée"),
        (rows["qui"].isna(), codebook.repondant or "", "répondant non renseigné\u202f; écrivez qui a répondu"),
        (rows["trop"], "", values.TOO_WIDE),
    ):
        rows.loc[where, ["colonne", "motif"]] = [column, reason]
    late = pd.Series(False, rows.index)
    if codebook.cloture:  # the whole day; an answer without a date did not come after it
        late = (rows["motif"] == "") & (instant >= pd.Timestamp(codebook.cloture) + pd.Timedelta(days=1))
        reason = f"réponse reçue après la clôture du {short_date(codebook.cloture)}\u202f; elle n'est pas comptée"
        rows.loc[late, ["colonne", "motif"]] = [when, reason]
        rows.loc[late, "valeur"] = dates[late]
    complete = rows.assign(instant=instant)[rows["motif"] == ""]
    complete = complete.sort_values("instant", kind="stable", na_position="first")
    last = complete.drop_duplicates("qui", keep="last").sort_index()
    earlier = complete.drop(index=last.index).sort_index()
    counted = last.set_index("qui").reindex(earlier["qui"])
    for label, (_, winner) in zip(earlier.index, counted.iterrows(), strict=True):
        same = "réponse plus récente du même organisme" if codebook.repondant else "autre ligne de la même réponse"
        reason = f"remplacée par une {same} ({_place(winner)})\u202f; rien à faire"
        name = without_contacts(rows.loc[label, "nom"])
        rows.loc[label, ["colonne", "valeur", "motif"]] = [codebook.repondant or "", name, reason]
    unread = (rows["motif"] == "") & dates.notna() & instant.isna()
    undated = "date illisible\u202f; la réponse compte, comme la plus ancienne\u202f; écrivez 2014-06-05 10:00:00"
    doubts = [
        rows[late],
        rows[unread].assign(colonne=when, valeur=dates[unread], motif=undated),
        _several(codebook, last, earlier),
        *_strangers(codebook, last, organismes),
    ]
    accepted = rows[rows["motif"] == ""]
    return accepted, rows[rows["motif"] != ""], pd.concat([rows.iloc[:0], *doubts])


def _named(codebook: Codebook, given: Rows) -> pd.Series:
    """What each row says of the respondent; when none is asked a number, that of LimeSurvey's own number."""
    if codebook.repondant is None:
        own = given.origin["numero"]
        distinct = own.where(own != "", "\0" + pd.Series(own.index, own.index).astype("str"))
        numbers = [f"R{i + 1:05d}" for i in pd.factorize(distinct)[0]]
        return pd.Series(numbers, index=own.index, dtype="str")
    return values.text(given.cells[codebook.repondant])


def _who(codebook: Codebook, names: pd.Series, organismes: pd.DataFrame) -> pd.Series:
    """Ids of organismes from ids, names and SIREN; other names folded; NaN where empty."""
    if codebook.repondant is None:
        return names
    known = identifiers.organismes(organismes, bare)
    ways = (bare, lambda name: re.sub(r"\s", "", name))
    ids = names.map(
        lambda name: next((known[w(name)] for w in ways if w(name) in known), folded(name)), na_action="ignore"
    )
    return ids.astype("str")


def _instant(dates: pd.Series) -> pd.Series:
    parts = dates.str.extract(_TIME).astype("float64").fillna(0)
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    return values.day(dates) + pd.to_timedelta(seconds, unit="s").astype("timedelta64[s]")


def _place(row: pd.Series) -> str:
    day = "" if pd.isna(row["instant"]) else f"{short_date(row['instant'])}, "
    return f"{day}{row['fichier']}, ligne {row['ligne']}"


def _several(codebook: Codebook, last: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """The rows that replace others, which they name."""
    found = last[last["qui"].isin(earlier["qui"])]
    replaced = {qui: listing([_place(r) for _, r in rows.iterrows()]) for qui, rows in earlier.groupby("qui")}
    reason = "plusieurs réponses complètes ({})\u202f; la dernière compte, celle de cette ligne"
    return found.assign(colonne=codebook.repondant or "", motif=[reason.format(replaced[q]) for q in found["qui"]])


def _strangers(codebook: Codebook, last: pd.DataFrame, organismes: pd.DataFrame) -> list[pd.DataFrame]:
    """Respondents who are no organisme, or not of the role that was asked."""
    if codebook.repondant is None:
        return []
    known = organismes["id"]
    unknown = last[~last["qui"].isin(known)]
    told = "répondant absent de la table organismes, gardé sous ce nom\u202f; ajoutez-le, ou écrivez son id"
    found = [unknown.assign(valeur=unknown["nom"].map(without_contacts), motif=told)]
    if isinstance(codebook.population, str):
        strange = last[last["qui"].isin(known[organismes["role"] != codebook.population])]
        told = f"ce répondant n'est pas du groupe interrogé ({codebook.population})\u202f; vérifiez son rôle"
        found.append(strange.assign(valeur=strange["qui"], motif=told))
    return [doubt.assign(colonne=codebook.repondant) for doubt in found]
