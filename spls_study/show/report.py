"""What stands at the head of a report: what it is, of where and of when."""

from notebook_reports.blocks import DOCUMENT, Block
from notebook_reports.french import long_date

from ..study import Study, Territory


def headline(study: Study, territory: Territory, subject: str, title: str) -> Block:
    """Under a title that is the report's result: what report it is, its dates and authors, in one line.

    Its `DOCUMENT` representation gives the exporters the document's title, which they write, author and date.
    """
    etude, copil = study.etude, study.copil
    lines = [
        f"{subject}, {study.place(territory)}",
        f"COPIL du {long_date(copil.date)}" if copil.date else "COPIL à dater",
        f"données au {long_date(etude.extraction)}",
        copil.auteur,
    ]
    document = {
        "titre": title,
        "auteur": copil.auteur,
        "date": etude.edition.isoformat(),
        "etude": etude.titre,
        "territoire": territory.nom,
        "fictif": etude.donnees_fictives,
    }
    content = {"lignes": lines, "avertissement": "données fictives" if etude.donnees_fictives else ""}
    return Block("entete", content, " – ".join([title, *lines]), {DOCUMENT: document})
