"""Dashboard, training, points discussed, governance."""

import pandas as pd

from ...french import NNBSP, NOT_APPLICABLE, count, listing, number, percent, plural, quoted
from ...study import SMALL_BASE
from .. import Block, Report, bullets, say, table

AREAS = {
    "calendrier": ("Calendrier", "plus grand retard d'un jalon à venir, en jours"),
    "charte": ("Charte de gestion", "clauses adoptées"),
    "formations": ("Formations", "présences rapportées aux comptes ouverts"),
    "points": ("Points discutés", "points ouverts dont l'échéance est passée"),
    "gouvernance": ("Gouvernance", "présences aux réunions"),
    "droits": ("Ouverture des droits", "comptes ouverts parmi les comptes demandés"),
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
    held = count(sessions.sessions.sum(), "session tenue", "sessions tenues")
    columns = ["territoire", "public", "sessions", "a_venir", "places", "presents", "comptes", "part_formes"]
    return table(
        sessions,
        "formations",
        f"{held}, {number(sessions.a_venir.sum())} à venir",
        view=_shares(sessions[columns], "comptes", ["part_formes"]),
        formats={"territoire": r.nom, "part_formes": lambda part: percent(part, 0)},
        headers={
            "sessions": "Sessions tenues",
            "a_venir": "À venir",
            "comptes": "Comptes ouverts",
            "part_formes": "Part formée",
        },
        note=f"Part formée\u00a0: présences rapportées aux comptes ouverts du même profil, 100{NNBSP}% au plus{NNBSP}; "
        f"–\u00a0: moins de dix comptes. {_secrecy(r)}",
    )


def satisfaction_table(r: Report, told: pd.DataFrame) -> Block | None:
    """`told` is `formations.satisfaction`."""
    if told.empty:
        return None
    shares = ["part", "ic_bas", "ic_haut"]
    return table(
        told,
        "satisfaction",
        f"Satisfaction des participants, avec son intervalle exact à 95{NNBSP}%",
        view=_shares(told, "presents", shares),
        formats={"territoire": r.nom} | dict.fromkeys(shares, lambda part: percent(part, 0)),
        note="Intervalle de Clopper et Pearson\u00a0: il suppose que les absents auraient jugé comme les présents. "
        f"–\u00a0: moins de dix présents. {_secrecy(r)}",
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


def _secrecy(r: Report) -> str:
    return f"s\u00a0: secret statistique (moins de {r.study.secret.seuil} personnes)."


def _shares(view: pd.DataFrame, base: str, columns: list[str]) -> pd.DataFrame:
    """The view without shares of a small base."""
    small = pd.to_numeric(view[base], errors="coerce") < SMALL_BASE
    shares = view[columns].astype("object")
    return view.assign(**shares.mask(shares.notna() & small.to_numpy()[:, None], NOT_APPLICABLE))
