"""The roll-out: training, points discussed, governance, dashboard."""

import pandas as pd

from ..study import SMALL_BASE, Study
from .blocks import Block
from .calendrier import day
from .french import MISSING, NOT_APPLICABLE, count, listing, number, percent
from .table import LONGEST, table
from .text import bullets

AREAS = {
    "calendrier": ("Calendrier", "plus grand retard d'un jalon à venir, en jours"),
    "charte": ("Charte de gestion", "clauses adoptées"),
    "formations": ("Formations", "présences rapportées aux comptes ouverts"),
    "points": ("Points discutés", "points ouverts dont l'échéance est passée"),
    "gouvernance": ("Gouvernance", "présences aux réunions"),
    "droits": ("Ouverture des droits", "comptes ouverts parmi les comptes demandés"),
}


def dashboard(board: pd.DataFrame) -> Block | None:
    """`board` is `tableau_de_bord`: one line for each area that has data."""
    if board.empty:
        return None

    def amount(area: str, value: float) -> str:
        return number(value) if area == "calendrier" else percent(value, 0)

    def rule(row: pd.Series) -> str:
        more = row.seuil_conforme > row.seuil_surveiller
        return f"{amount(row.domaine, row.seuil_conforme)} ou {'plus' if more else 'moins'}"

    view = pd.DataFrame({
        "Domaine": [AREAS[a][0] for a in board.domaine],
        "Mesure": [AREAS[a][1] for a in board.domaine],
        "Valeur": [amount(a, v) for a, v in zip(board.domaine, board.mesure, strict=True)],
        "Conforme": [rule(row) for _, row in board.iterrows()],
        "Statut": board.statut,
    })
    alerts = [AREAS[a][0] for a in board.domaine[board.statut == "en alerte"]]
    good = int((board.statut == "conforme").sum())
    caption = f"{good} domaine{'s' if good > 1 else ''} sur {len(board)} " \
              f"{'est conforme' if good < 2 else 'sont conformes'}"
    if alerts:
        caption += f", en alerte\u00a0: {listing(alerts)}"
    return table(board, "tableau_de_bord", caption, view=view, right=["Valeur"],
                 note="Statuts calculés par la règle de study.toml ([tableau_de_bord]).")


def training_table(sessions: pd.DataFrame, study: Study) -> Block | None:
    """`sessions` is the table `formations`."""
    if sessions.empty:
        return None
    small = pd.to_numeric(sessions.comptes, errors="coerce").lt(SMALL_BASE)
    view = pd.DataFrame({
        "Territoire": _places(sessions, study), "Public": sessions.public,
        "Sessions tenues": sessions.sessions, "À venir": sessions.a_venir,
        "Places": sessions.places, "Présents": sessions.presents,
        "Comptes ouverts": sessions.comptes,
        "Part formée": [_share(v, few) for v, few in zip(sessions.part_formes, small, strict=True)],
    })
    held, ahead = int(sessions.sessions.sum()), int(sessions.a_venir.sum())
    return table(
        sessions, "formations",
        f"{count(held, 'session tenue', 'sessions tenues')}, {number(ahead)} à venir",
        view=view.head(LONGEST), right=["Présents", "Comptes ouverts", "Part formée"],
        note="Part formée\u00a0: présences rapportées aux comptes ouverts du même profil, "
        "100\u202f% au plus\u202f; –\u00a0: moins de dix comptes. s\u00a0: secret statistique "
        f"(moins de {study.secret.seuil} personnes).",
    )


def satisfaction_table(told: pd.DataFrame, study: Study) -> Block | None:
    """`told` is `formations.satisfaction`."""
    if told.empty:
        return None

    small = pd.to_numeric(told.presents, errors="coerce").lt(SMALL_BASE)
    shares = {label: [_share(v, few) for v, few in zip(told[column], small, strict=True)]
              for label, column in (("Part", "part"), ("Intervalle, bas", "ic_bas"),
                                    ("Intervalle, haut", "ic_haut"))}
    view = pd.DataFrame({"Territoire": _places(told, study), "Présents": told.presents,
                         "Satisfaits": told.satisfaits, **shares})
    return table(
        told, "satisfaction",
        "Satisfaction des participants, avec son intervalle exact à 95\u202f%",
        view=view, right=list(view.columns[1:]),
        note="Intervalle de Clopper et Pearson\u00a0: il suppose que les absents auraient jugé "
        "comme les présents. –\u00a0: moins de dix présents. s\u00a0: secret statistique "
        f"(moins de {study.secret.seuil} personnes).",
    )


def points_table(points: pd.DataFrame) -> Block | None:
    """`points` is the table `points_discussion`."""
    if points.empty:
        return None
    overdue = points.statut.mask(points.en_retard, "ouvert, en retard")
    view = pd.DataFrame({
        "N°": points.id, "Point": points.point, "Responsable": points.responsable.fillna(MISSING),
        "Échéance": points.echeance.map(day), "Âge (jours)": points.age_jours.map(_age),
        "Statut": overdue,
    })
    still, late = int((points.statut == "ouvert").sum()), int(points.en_retard.sum())
    return table(
        points, "points_discussion",
        f"{count(still, 'point ouvert', 'points ouverts')}, dont {number(late)} en retard",
        view=view.head(LONGEST), right=["Âge (jours)"],
    )


def decisions(points: pd.DataFrame) -> Block | None:
    """The decisions taken, one line a point."""
    taken = points[points.decision.notna()]
    said = [f"Décidé sur «\u00a0{row.point}\u00a0»\u00a0: {row.decision}."
            for row in taken.itertuples()]
    return bullets(said) if said else None


def governance_table(seats: pd.DataFrame, families: pd.DataFrame) -> Block | None:
    """`seats` is the table `gouvernance`; the page shows its `families`."""
    if seats.empty:
        return None
    view = families.assign(famille=families.famille.fillna(MISSING))
    never = seats[(seats.reunions > 0) & (seats.presences == 0)]
    caption = (f"{count(len(never), 'siège', 'sièges')} sur {len(seats)} sans aucune présence"
               if len(never) else "Chaque organisme est venu au moins une fois")
    return table(
        seats, "gouvernance", caption, view=view.head(LONGEST),
        headers={"instance": "Instance", "famille": "Famille", "organismes": "Organismes",
                 "presences": "Présences", "reunions": "Présences possibles"},
    )


def _places(rows: pd.DataFrame, study: Study) -> pd.Series:
    return rows.territoire.map(dict(study.departements)).fillna("Région")


def _share(value: object, few: bool) -> str:
    """A percentage; not of a small base."""
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return MISSING
    return NOT_APPLICABLE if few else percent(float(value), 0)  # type: ignore[arg-type]


def _age(value: int) -> str:
    return NOT_APPLICABLE if pd.isna(value) else number(value)
