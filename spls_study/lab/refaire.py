"""One figure of a report, made again: the two lines that the launcher gives."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..publish.notebook import read
from ..show.blocks import TABLE, Block
from ..study import load_study
from .carnet import FIGURE, blocks, carnets
from .choix import Choix, Lecteur


def refaire(etude: str, carnet: str, cellule: str, rang: int = 0, **choix: Any) -> Block:
    """The figure or table of that rank among those of a cell.

    Parameters
    ----------
    etude
        Study file.
    carnet, cellule
        Name of a notebook without suffix; id of one of its cells.
    choix
        As `Choix`.

    Raises
    ------
    UsageError
        When the cell shows no figure of that rank for that territory.
    """
    study = load_study(etude)
    found = montres(carnets(study)[carnet], cellule, etude, Lecteur(study, Choix(**choix)))
    if rang >= len(found):
        raise UsageError(
            f"La cellule {cellule} du carnet {carnet} ne montre pas de figure n°\u00a0{rang} pour ce choix."
        )
    return found[rang]


def montres(carnet: Path, cellule: str, etude: str, lire: Lecteur) -> list[Block]:
    """The figures and tables of a cell, each saying what narrows it."""
    given: dict[str, Any] = {"etude": etude, "territoire": lire.lieu.code, "study": lire.study, "lire": lire}
    if lire.choix != Choix(lire.lieu.code):  # a part is not compared with the whole of before
        given |= dict.fromkeys(("previous_table", "last_edition"), lambda *of: None)
    found = blocks(read(carnet), cellule, given)
    return [_narrowed(b, lire.filtres) for b in found if {FIGURE, TABLE} & set(b.extra)]


def _narrowed(block: Block, filtres: set[str]) -> Block:
    """The words of a figure are those of the whole study: a filter must be told with them."""
    said = f"Filtre\u00a0: {', '.join(sorted(filtres))}."
    if not filtres:
        return block
    match block.content:
        case {"notes": notes}:
            told: dict[str, Any] = {"notes": [*notes, said]}
        case {"note": text} | {"texte": text}:
            told = {"note" if "note" in block.content else "texte": f"{text} {said}".strip()}
        case {"items": [{"libelle": label, **first}, *others]}:
            told = {"items": [{**first, "libelle": f"{label} {said}"}, *others]}
        case {"items": items}:
            told = {"items": [*items, said]}
        case _:
            told = {}
    return replace(block, content={**block.content, **told})
