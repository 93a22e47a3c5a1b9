"""Which row counts for each respondent: the last complete one; why each other does not."""

import re

import pandas as pd

from notebook_reports.french import listing, short_date

from ..codebook import Codebook
from ..words import bare, folded
from . import identifiers, values
from .exports import date_column
from .findings import REPORT, Findings
from .persons import without_contacts
from .sheets import Rows

_TIME = r"[ T](\d{1,2}):(\d{2})(?::(\d{2}))?"


def accept(codebook: Codebook, given: Rows, organismes: pd.DataFrame) -> tuple[pd.DataFrame, Findings]:
    """Split the rows of all the files.

    Returns
    -------
    accepted, findings
        The rows of `given.origin` that count, with `qui`: the id of the respondent, numbered when the
        codebook names none; why the others do not, and remarks on accepted rows, and on complete answers
        that came too late.
    """
    who, when = codebook.repondant or "", date_column(codebook)
    names = _named(codebook, given)
    rows = given.origin.assign(qui=_who(codebook, names, organismes))
    typed = given.cells.get(when, pd.Series(dtype="str")).reindex(rows.index)
    dates = values.text(typed)
    rows["instant"] = _instant(dates)
    shown = pd.DataFrame({when: dates.fillna(""), who: names.fillna("").map(without_contacts)})
    findings = Findings((), rows, shown, given.doubts)
    findings.refuse(rows["forme"].notna(), "", rows["forme"], "")
    findings.refuse(rows["qui"].isna(), who, "répondant non renseigné\u202f; écrivez qui a répondu", "")
    partial = ~rows["formulaire"] & typed.notna() & dates.isna()
    findings.refuse(partial, when, "réponse incomplète, sans date de fin\u202f; rien à faire, elle n'est pas comptée")
    if codebook.cloture:  # the whole day; an answer without a date did not come after it
        late = findings.kept & (rows["instant"] >= pd.Timestamp(codebook.cloture) + pd.Timedelta(days=1))
        told = f"réponse reçue après la clôture du {short_date(codebook.cloture)}\u202f; elle n'est pas comptée"
        findings.refuse(late, when, told)
        lines = rows[late].assign(colonne=when, valeur=dates[late], motif=told)[[*REPORT]]
        findings.doubts += lines.itertuples(index=False, name=None)
    complete = rows[findings.kept].sort_values("instant", kind="stable", na_position="first")
    last = complete.drop_duplicates("qui", keep="last")
    earlier = complete.drop(index=last.index).sort_index()
    place = pd.Series([_place(row) for _, row in complete.iterrows()], complete.index, dtype="str")
    winner = earlier["qui"].map(dict(zip(last["qui"], place[last.index], strict=True))).astype("str")
    same = "réponse plus récente du même organisme" if who else "autre ligne de la même réponse"
    replaced = rows.index.isin(earlier.index)
    findings.refuse(replaced, who, f"remplacée par une {same} (" + winner + ")\u202f; rien à faire")
    unread = dates.notna() & rows["instant"].isna()
    undated = "date illisible\u202f; la réponse compte, comme la plus ancienne\u202f; écrivez 2014-06-05 10:00:00"
    findings.warn(unread, when, undated)
    others = {qui: listing([*found]) for qui, found in place[earlier.index].groupby(earlier["qui"])}
    told = "plusieurs réponses complètes (" + rows["qui"].map(others).astype("str") + ")"
    findings.warn(told.notna(), who, told + "\u202f; la dernière compte, celle de cette ligne", "")
    if who:
        bodies = organismes["id"]
        unknown = "répondant absent de la table organismes, gardé sous ce nom\u202f; ajoutez-le, ou écrivez son id"
        findings.warn(~rows["qui"].isin(bodies), who, unknown)
        if isinstance(codebook.population, str):
            strange = f"ce répondant n'est pas du groupe interrogé ({codebook.population})\u202f; vérifiez son rôle"
            others_role = bodies[organismes["role"] != codebook.population]
            findings.warn(rows["qui"].isin(others_role), who, strange, rows["qui"])
    return rows[findings.kept], findings


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
