"""The words that the tables on accounts share."""

from ..report import Report

HEADERS = {
    "profil": "Profil",
    "famille": "Famille",
    "departement": "Territoire",
    "demandes": "Demandés",
    "attribues": "Attribués",
    "ouverts": "Ouverts",
    "connectes": "Utilisés",
    "fonction": "Fonction",
    "profil_attendu": "Profil attendu",
    "profil_demande": "Profil demandé",
    "droits_en_trop": "Droits en trop",
    "comptes": "Comptes",
    "organisme": "Organisme",
    "demandes_en_attente": "En attente",
    "jours_attente": "Plus longue attente (jours)",
    "role": "Rôle",
    "questionnaire": "Questionnaire",
    "reponses": "Réponses",
    "interface": "Interface",
}


def note(r: Report) -> str:
    """What « s » means, empty when this study hides nothing."""
    least = r.study.secret.seuil
    return (
        ""
        if least < 2
        else (
            f"s\u00a0: secret statistique (moins de {least} comptes, ou case qui permettrait de les "
            "retrouver, dans ce rapport ou dans celui d'un autre territoire)."
        )
    )
