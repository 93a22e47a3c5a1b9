"""The rights campaign in counts, for every territory: requests, granted, opened, connected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from ...study import REGION, Territory
from ..methods.frames import UNKNOWN
from ..methods.past import Told, changed, told
from ..methods.territories import Counts, Label, Measure, count
from .accounts import CONNECTED, OPENED
from .comprehension import PAIR, compared, matched

MEASURES = ("demandes", "attribues", "ouverts", "connectes")


@dataclass(frozen=True)
class Campaign:
    """The protected counts of every territory; `requests` also by function."""

    totals: Counts
    requests: Counts
    profiles: Counts
    families: Counts
    names: tuple[str, ...]  # profiles, in the order of the table `profils`

    def within(self, territory: Territory) -> "Campaign":
        own = [c.within(territory) for c in (self.totals, self.requests, self.profiles, self.families)]
        return Campaign(own[0], own[1], own[2], own[3], self.names)


def campaign(
    table: pd.DataFrame,
    profils: pd.DataFrame,
    organismes: pd.DataFrame,
    departments: Sequence[str],
    extraction: date,
    seuil: int,
    past: Mapping[Label, Told] | None = None,
) -> Campaign:
    """Count all that the reports publish of accounts.

    `table`: What `accounts` returns, of the whole study. `past`: what `earlier` gives.
    """
    family = organismes.set_index("id").famille
    units = table.assign(famille=table.organisme.map(family).fillna(UNKNOWN).astype("str"))
    asked = units.profil_demande.notna()
    reached = {
        "attribues": units.profil_attribue.notna() & units.en_cours,
        "ouverts": units.etat.isin([OPENED, CONNECTED]) & units.date_ouverture.notna(),
        "connectes": units.etat == CONNECTED,
    }
    live = units[units.en_cours].departement.value_counts().to_dict() | {REGION: int(units.en_cours.sum())}
    before = {t: (past or {}).get(("en_cours", t, ())) for t in (*departments, REGION)}
    few = {t: changed([live.get(t, 0)], [then], seuil)[0] for t, then in before.items()}
    step = {m: rank for rank, m in enumerate(MEASURES, 1)} | {"en_cours": 0}
    dated = units.en_cours & units.jours.notna()
    once = [Measure("demandes", (), asked, step=1), *(Measure(m, (), w, step=step[m]) for m, w in reached.items())]
    counted = partial(count, departments=departments, seuil=seuil, past=past)
    followed = {
        "recents": units.en_cours & (units.date_ouverture > pd.Timestamp(extraction) - pd.Timedelta(days=28)),
        "restants": units.en_cours & ~reached["ouverts"],
        "sans_suite": ~units.en_cours,
    }
    # With the opened, those that remain are the live.
    hidden: dict[Label, bool] = {("restants", place, ()): True for place, tiny in few.items() if tiny}
    totals = counted(units, [*once, *(Measure(m, (), w) for m, w in followed.items())], fixed=hidden)
    totals = totals.summed("en_cours", "ouverts", "restants")
    counted = partial(counted, fixed=totals.hidden)
    met = {*units.profil_demande.dropna(), *units.profil[asked | reached["attribues"] | reached["ouverts"]]}
    listed = units.profil.isin(met)  # an invitation without request has no profile to be listed
    details = [*once[1:], Measure("en_cours", (), units.en_cours)]
    for by in ("profil", "interface"):
        details += [
            Measure(f"{m}_{by}", (by,), w & listed, step=step[m])
            for m, w in reached.items()
            if by == "profil" or m == "ouverts"
        ]
        details.append(Measure(f"en_cours_{by}", (by,), dated, tie=f"ouverts_{by}"))
    by_family = {"demandes": asked} | reached
    families = [*once, *(Measure(f"{m}_famille", ("famille",), w, step=step[m]) for m, w in by_family.items())]
    requests = matched(table, profils)
    return Campaign(
        totals,
        counted(requests, compared(requests)),
        counted(units, details),
        counted(units, families),
        (*profils.profil, *sorted(met - set(profils.profil))),
    )


def comptes_suivis(found: Campaign, territory: str) -> pd.DataFrame:
    """The other counts that sentences tell: mesure, comptes."""
    told = {name: found.totals for name in ("en_cours", "recents", "restants", "sans_suite")}
    told |= {name: found.requests for name in ("jugees", "justes", "trop_larges")}
    return pd.DataFrame([(m, counts.shown(m, territory)) for m, counts in told.items()], columns=["mesure", "comptes"])


def comptes_profil(found: Campaign, territory: str) -> pd.DataFrame:
    """Columns profil, demandes (by profil_demande, refused and withdrawn ones too), attribues,
    ouverts, connectes (by the profile granted, else requested; without refused and withdrawn).
    A profile nobody asked for has zeros.
    """
    asked = found.requests.column("demandes_profil", territory, found.names)
    others = {m: found.profiles.column(f"{m}_profil", territory, found.names) for m in MEASURES[1:]}
    return _by("profil", found.names, {"demandes": asked} | others)


def comptes_famille(found: Campaign, territory: str) -> pd.DataFrame:
    """The same counts by family of organisme: famille, demandes, attribues, ouverts, connectes."""
    names = sorted({key[0] for m, _, key in found.families.values if m == "demandes_famille"})
    return _by("famille", names, {m: found.families.column(f"{m}_famille", territory, names) for m in MEASURES})


def comptes_departement(found: Campaign, territories: Sequence[str]) -> pd.DataFrame:
    """The same counts by territory: departement, demandes, attribues, ouverts, connectes."""
    shown = {m: pd.Series([found.totals.shown(m, t) for t in territories]) for m in MEASURES}
    return _by("departement", territories, shown)


def _by(key: str, names: Sequence[str], counts: Mapping[str, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame({key: pd.Series(list(names), dtype="str"), **counts})


PUBLISHED = {  # table → its key, and the measures in its columns
    "comptes_profil": ("profil", {m: f"{m}_profil" for m in MEASURES}),
    "comptes_famille": ("famille", {m: f"{m}_famille" for m in MEASURES}),
    "delais_ouverture": ("profil", {"comptes": "en_cours_profil"}),
    "delais_ouverture_interface": ("interface", {"comptes": "en_cours_interface", "ouverts": "ouverts_interface"}),
}


def earlier(tables: Mapping[str, Mapping[str, pd.DataFrame]]) -> dict[Label, Told]:
    """What the last edition told: its tables, by name then by territory."""
    found: dict[Label, Told] = {}
    for name, (key, measures) in PUBLISHED.items():
        for place, table in tables.get(name, {}).items():
            for row in table.to_dict("records"):
                found |= {(m, place, (row[key],)): told(row[c]) for c, m in measures.items()}
    for table in tables.get("comptes_departement", {}).values():
        for row in table.to_dict("records"):
            found |= {(m, row["departement"], ()): told(row[m]) for m in MEASURES}
    for place, table in tables.get("comptes_suivis", {}).items():
        found |= {(m, place, ()): told(n) for m, n in zip(table.mesure, table.comptes, strict=True)}
    for place, table in tables.get("comprehension", {}).items():
        for row in table.to_dict("records"):
            found["comptes", place, tuple(row[c] for c in PAIR)] = told(row["comptes"])
    return found
