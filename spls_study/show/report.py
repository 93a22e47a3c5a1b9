"""What stands at the head of a report: what it is, of where and of when."""

from notebook_reports.blocks import DOCUMENT, Block
from notebook_reports.french import capital, long_date
from notebook_reports.text import cartouche

from ..study import Study, Territory


def title_block(study: Study, territory: Territory, title: str) -> Block:
    """Study, territory, date of the COPIL, date of the data, edition, author.

    Its `DOCUMENT` representation gives the exporters the document's title, author and date.
    """
    etude = study.etude
    whole = f" ({etude.application_nom})" if etude.application_nom else ""
    lines = {
        "Application": f"{etude.application}{whole}",
        "Territoire": capital(study.place(territory)),
        "Comité de pilotage": long_date(study.copil.date) if study.copil.date else "date à fixer",
        "Édition": long_date(etude.edition),
        "Données": f"extraites le {long_date(etude.extraction)}",
        "Auteurs": study.copil.auteur,
    }
    document = {
        "titre": f"{title} – {territory.nom}",
        "auteur": study.copil.auteur,
        "date": etude.edition.isoformat(),
        "etude": etude.titre,
        "territoire": territory.nom,
        "fictif": etude.donnees_fictives,
    }
    return cartouche(lines, document)


def headline(study: Study, territory: Territory, subject: str, title: str) -> Block:
    """Under a title that is the report's result: what report it is, its dates and authors, in one line.

    Its `DOCUMENT` representation gives the exporters the title, which they write.
    """
    block = title_block(study, territory, title)
    etude, day = study.etude, study.copil.date
    lines = [
        f"{subject}, {study.place(territory)}",
        f"COPIL du {long_date(day)}" if day else "COPIL à dater",
        f"données au {long_date(etude.extraction)}",
        study.copil.auteur,
    ]
    content = {"lignes": lines, "avertissement": "données fictives" if etude.donnees_fictives else ""}
    document = {**block.extra[DOCUMENT], "titre": title}
    return Block("entete", content, " – ".join([title, *lines]), {DOCUMENT: document})
