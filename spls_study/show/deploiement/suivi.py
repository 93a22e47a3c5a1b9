"""Dashboard, training, points discussed, governance."""

import pandas as pd

from ...french import NNBSP, NOT_APPLICABLE, count, listing, long_date, number, percent, plural, quoted
from ...study import SMALL_BASE
from .. import Block, Report, bullets, say, table

AREAS = {
    "calendrier": ("Calendrier", "plus grand retard d'un jalon à venir, en jours"),
    "charte": ("Charte de gestion", "clauses adoptées"),
    "formations": ("Formations", "présents sur les places des sessions tenues"),
    "points": ("Points discutés", "points ouverts dont l'échéance est passée"),
    "gouvernance": ("Gouvernance", "présences aux réunions"),
    "droits": ("Ouverture des droits", "bailleurs qui peuvent transmettre"),
}


def dashboard(board: pd.DataFrame) -> Block:
    """`board` is `tableau_de_bord`: one line for each area that has data."""
    if board.empty:
        areas = "calendrier, charte, formations, points discutés ni réunions"
        return say(f"Aucune donnée de suivi n'a été reçue\u00a0: {areas}.")
    view = []
    for row in board.itertuples():
        value, bound = (
            number(v) if row.domaine == "calendrier" else percent(v, 0) for v in (row.mesure, row.seuil_conforme)
        )
        bound += f" ou {'plus' if row.seuil_conforme > row.seuil_surveiller else 'moins'}"
        view.append((*AREAS[row.domaine], value, bound, row.statut))
    good = int((board.statut == "conforme").sum())
    caption = f"{count(good, 'domaine')} sur {len(board)} {plural(good, 'est conforme', 'sont conformes')}"
    alerts = [AREAS[area][0] for area in board.domaine[board.statut == "en alerte"]]
    return table(
        board,
        "tableau_de_bord",
        caption + (f", en alerte\u00a0: {listing(alerts)}" if alerts else ""),
        view=pd.DataFrame(view, columns=["Domaine", "Mesure", "Valeur", "Conforme", "Statut"]),
        note="Statuts calculés par la règle de study.toml ([tableau_de_bord]).",
    )


def training_table(r: Report, sessions: pd.DataFrame) -> Block | None:
    """`sessions` is the table `formations`."""
    if sessions.empty:
        return None
    held, came = count(sessions.sessions.sum(), "session tenue", "sessions tenues"), sessions.presents.sum()
    return table(
        sessions,
        "formations",
        f"{held}, {count(came, 'présent')} pour {count(sessions.places.sum(), 'place')}",
        view=_shares(sessions, "comptes", ["part_formes"]),
        formats={"territoire": r.nom, "part_formes": lambda part: percent(part, 0)},
        headers={"comptes": "Comptes ouverts", "part_formes": "Part formée"},
        note=f"Part formée\u00a0: présences rapportées aux comptes ouverts du même profil, 100{NNBSP}% au plus{NNBSP}; "
        "–\u00a0: moins de dix comptes.",
    )


def coming_table(r: Report, sessions: pd.DataFrame) -> Block | None:
    """`sessions` is the table `a_venir`."""
    if sessions.empty:
        return None
    view = sessions[["date", "territoire", "public", "places"]]
    many = count(len(sessions), "session")
    caption = f"{many} à venir, la prochaine le {long_date(sessions.date.iloc[0])}"
    caption = f"{many} à venir" if pd.isna(sessions.date.iloc[0]) else caption
    return table(sessions, "a_venir", caption, view=view, formats={"territoire": r.nom})


def satisfaction_table(r: Report, told: pd.DataFrame, sessions: pd.DataFrame, least: int) -> Block | None:
    """`told` is `formations.satisfaction`; `sessions` is the table `formations`; `least` opinions are shown."""
    came = sessions.territoire[sessions.presents > 0].unique()
    few = [r.nom(place) for place in came if place not in set(told.territoire)]
    apart = f"Avis non montrés, de moins de {number(least)} présents\u00a0: {listing(few)}." if few else ""
    if told.empty:
        return say(apart, data={"satisfaction": told}) if few else None
    pleased, present = told.satisfaits.sum(), told.presents.sum()
    return table(
        told,
        "satisfaction",
        f"{count(pleased, 'participant satisfait', 'participants satisfaits')} sur {number(present)}",
        view=_shares(told[["territoire", "presents", "satisfaits", "part"]], "presents", ["part"]),
        formats={"territoire": r.nom, "part": lambda part: percent(part, 0)},
        note=(f"–\u00a0: moins de {SMALL_BASE} présents.", apart),
    )


def points_table(points: pd.DataFrame) -> Block | None:
    """`points` is the table `points_discussion`."""
    if points.empty:
        return None
    still, late = int((points.statut == "ouvert").sum()), int(points.en_retard.sum())
    ages = points.age_jours.astype("object")
    return table(
        points,
        "points_discussion",
        f"{count(still, 'point ouvert', 'points ouverts')}, dont {number(late)} en retard",
        view={
            "N°": points.id,
            "Point": points.point,
            "Responsable": points.responsable,
            "Échéance": points.echeance,
            "Âge (jours)": ages.where(ages.notna(), NOT_APPLICABLE),
            "Statut": points.statut.mask(points.en_retard, "ouvert, en retard"),
        },
    )


def decisions(points: pd.DataFrame) -> Block | None:
    """The decisions taken, one line a point."""
    taken = points[points.decision.notna()].itertuples()
    said = [f"Décidé sur {quoted(row.point)}\u00a0: {row.decision}." for row in taken]
    return bullets(said) if said else None


def governance_table(seats: pd.DataFrame, families: pd.DataFrame) -> Block | None:
    """`seats` is the table `gouvernance`; the page shows its `families`."""
    never = int(((seats.reunions > 0) & (seats.presences == 0)).sum())
    absent = f"{count(never, 'siège')} sur {len(seats)} sans aucune présence"
    caption = absent if never else "Chaque organisme est venu au moins une fois"
    headers = {"presences": "Présences", "reunions": "Présences possibles"}
    return table(seats, "gouvernance", caption, view=families, headers=headers) if len(seats) else None


def _shares(view: pd.DataFrame, base: str, columns: list[str]) -> pd.DataFrame:
    """The view without shares of a small base."""
    small = view[base] < SMALL_BASE
    shares = view[columns].astype("object")
    return view.assign(**shares.mask(shares.notna() & small.to_numpy()[:, None], NOT_APPLICABLE))
