"""Notebook 3: the campaign that opens accounts. A count under secrecy is never put in words."""

from .. import Report


def note(r: Report) -> str:
    """What « s » means, empty when this study hides nothing."""
    least = r.study.secret.seuil
    return (
        ""
        if least < 2
        else (
            f"s\u00a0: secret statistique (moins de {least} comptes, ou case qui permettrait de les retrouver, dans ce "
            "rapport ou dans celui d'un autre territoire)."
        )
    )
