"""Dashboard, training, points discussed, governance."""

import pandas as pd

from ...french import MISSING, NNBSP, NOT_APPLICABLE, count, listing, number, percent, quoted
from ...study import SMALL_BASE, Study
from ..blocks import Block
from ..table import table
from ..text import bullets, say

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
        return say(
            "Aucune donnée de suivi n'a été reçue\u00a0: calendrier, charte, formations, points discutés ni réunions."
        )

    def amount(area: str, value: float) -> str:
        return number(value) if area == "calendrier" else percent(value, 0)

    rows = list(board.itertuples())
    view = pd.DataFrame(
        {
            "Domaine": [AREAS[row.domaine][0] for row in rows],
            "Mesure": [AREAS[row.domaine][1] for row in rows],
            "Valeur": [amount(row.domaine, row.mesure) for row in rows],
            "Conforme": [
                f"{amount(row.domaine, row.seuil_conforme)} ou "
                + ("plus" if row.seuil_conforme > row.seuil_surveiller else "moins")
                for row in rows
            ],
            "Statut": board.statut,
        }
    )
    alerts = list(view["Domaine"][board.statut == "en alerte"])
    good = int((board.statut == "conforme").sum())
    caption = (
        f"{good} {'domaines' if good > 1 else 'domaine'} sur {len(board)} "
        f"{'est conforme' if good < 2 else 'sont conformes'}"
    )
    return table(
        board,
        "tableau_de_bord",
        caption + (f", en alerte\u00a0: {listing(alerts)}" if alerts else ""),
        view=view,
        right=["Valeur"],
        note="Statuts calculés par la règle de study.toml ([tableau_de_bord]).",
    )


def training_table(sessions: pd.DataFrame, study: Study) -> Block | None:
    """`sessions` is the table `formations`."""
    if sessions.empty:
        return None
    held, ahead = int(sessions.sessions.sum()), int(sessions.a_venir.sum())
    return table(
        sessions,
        "formations",
        f"{count(held, 'session tenue', 'sessions tenues')}, {number(ahead)} à venir",
        view=pd.DataFrame(
            {
                "Territoire": _places(sessions, study),
                "Public": sessions.public,
                "Sessions tenues": sessions.sessions,
                "À venir": sessions.a_venir,
                "Places": sessions.places,
                "Présents": sessions.presents,
                "Comptes ouverts": sessions.comptes,
                "Part formée": _shares(sessions.part_formes, sessions.comptes),
            }
        ),
        right=["Présents", "Comptes ouverts", "Part formée"],
        note="Part formée\u00a0: présences rapportées aux comptes ouverts du même profil, "
        f"100{NNBSP}% au plus{NNBSP}; –\u00a0: moins de dix comptes. {_secrecy(study)}",
    )


def satisfaction_table(told: pd.DataFrame, study: Study) -> Block | None:
    """`told` is `formations.satisfaction`."""
    if told.empty:
        return None
    view = pd.DataFrame(
        {
            "Territoire": _places(told, study),
            "Présents": told.presents,
            "Satisfaits": told.satisfaits,
            "Part": _shares(told.part, told.presents),
            "Intervalle, bas": _shares(told.ic_bas, told.presents),
            "Intervalle, haut": _shares(told.ic_haut, told.presents),
        }
    )
    return table(
        told,
        "satisfaction",
        f"Satisfaction des participants, avec son intervalle exact à 95{NNBSP}%",
        view=view,
        right=list(view.columns[1:]),
        note="Intervalle de Clopper et Pearson\u00a0: il suppose que les absents auraient jugé "
        f"comme les présents. –\u00a0: moins de dix présents. {_secrecy(study)}",
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
        view=pd.DataFrame(
            {
                "N°": points.id,
                "Point": points.point,
                "Responsable": points.responsable,
                "Échéance": points.echeance,
                "Âge (jours)": ages.where(ages.notna(), NOT_APPLICABLE),
                "Statut": points.statut.mask(points.en_retard, "ouvert, en retard"),
            }
        ),
        right=["Âge (jours)"],
    )


def decisions(points: pd.DataFrame) -> Block | None:
    """The decisions taken, one line a point."""
    said = [
        f"Décidé sur {quoted(row.point)}\u00a0: {row.decision}." for row in points[points.decision.notna()].itertuples()
    ]
    return bullets(said) if said else None


def governance_table(seats: pd.DataFrame, families: pd.DataFrame) -> Block | None:
    """`seats` is the table `gouvernance`; the page shows its `families`."""
    if seats.empty:
        return None
    never = seats[(seats.reunions > 0) & (seats.presences == 0)]
    return table(
        seats,
        "gouvernance",
        f"{count(len(never), 'siège')} sur {len(seats)} sans aucune présence"
        if len(never)
        else "Chaque organisme est venu au moins une fois",
        view=families,
        headers={
            "instance": "Instance",
            "famille": "Famille",
            "organismes": "Organismes",
            "presences": "Présences",
            "reunions": "Présences possibles",
        },
    )


def _places(rows: pd.DataFrame, study: Study) -> pd.Series:
    return rows.territoire.map(dict(study.departements)).fillna("Région")


def _secrecy(study: Study) -> str:
    return f"s\u00a0: secret statistique (moins de {study.secret.seuil} personnes)."


def _shares(shares: pd.Series, base: pd.Series) -> list[str]:
    """Percentages; not of a small base; what is hidden or missing as it is."""
    small = pd.to_numeric(base, errors="coerce").lt(SMALL_BASE)
    return [
        share
        if isinstance(share, str)
        else MISSING
        if pd.isna(share)
        else NOT_APPLICABLE
        if few
        else percent(float(share), 0)
        for share, few in zip(shares, small, strict=True)
    ]
