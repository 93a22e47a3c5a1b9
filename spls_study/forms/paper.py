"""The printable form: a tagged PDF (PDF/UA-1) made by Typst from the codebook."""

from datetime import UTC, datetime
from pathlib import Path

from notebook_reports.french import apostrophes
from notebook_reports.typst import call, compiled, literal

from ..codebook import Codebook, Question
from ..columns import IDENTITY, identity
from .sentences import guidance, sections

TEMPLATE = Path(__file__).with_name("formulaire.typ")
_EPOCH = datetime(2014, 1, 1, tzinfo=UTC)  # not the clock: the same bytes each time


def paper(codebook: Codebook, author: str = "") -> bytes:
    """The PDF form: boxes to tick and lines to write on."""
    head = f"#show: mise-en-page.with(titre: {literal(codebook.titre)}, etude: {literal(author)})"
    parts = [TEMPLATE.read_text(encoding="utf-8"), head, _heading(1, codebook.titre)]
    if codebook.presentation:
        parts.append(f"#par({literal(codebook.presentation)})")
    parts += _identity(codebook)
    for block, questions in sections(codebook):
        parts.append(_heading(2, block))
        for question in questions:
            title, hint = f"{question.code}. {question.libelle}", guidance(codebook, question)
            inside = f"{_heading(3, title)}\n#consigne({literal(hint)})\n{_field(question)}"
            parts.append(f"#block(breakable: false)[\n{inside}\n]")
    source = apostrophes("\n\n".join(parts)).encode()
    return compiled({"main": source}, pdf_standards=["ua-1"], timestamp=_EPOCH)


def _heading(level: int, text: str) -> str:
    return f"#heading(level: {level}, {literal(text)})"


def _identity(codebook: Codebook) -> list[str]:
    asked = identity(codebook)
    fields = [IDENTITY[role][0] for role in asked if role != "accord"]
    parts = [call("champs", {"libelles": fields})] if fields else []
    if "accord" in asked:
        parts += [f"#par({literal(IDENTITY['accord'][0])})", call("cases", {"choix": ["Oui", "Non"]})]
    return [_heading(2, "Votre organisme"), *parts] if parts else []


def _field(q: Question) -> str:
    choices, lines = [*q.listed.values()], [*q.sous_questions.values()]
    if q.type == "classement":
        return call("rangs", {"nombre": len(q.parts), "choix": choices})
    if q.is_grid and q.choices:
        return call("grille", {"titre": "Cochez une case par ligne", "choix": choices, "lignes": lines})
    if q.choices:
        return call("cases", {"choix": choices, "autre": q.autre})
    return (
        call("champs", {"libelles": lines}) if q.is_grid else call("lignes", {"nombre": 5 if q.type == "texte" else 1})
    )
