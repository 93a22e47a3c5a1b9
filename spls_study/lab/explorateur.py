"""The launcher: widgets that choose, the figure that follows, what can be taken away of it."""

from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from .. import views
from ..errors import StudyError
from ..publish.notebook import heading, read
from ..publish.pages import faces
from ..show.blocks import Block
from ..study import REGION, load_study
from . import carnet as stored
from .choix import Choix, Lecteur
from .emporter import liens
from .listes import choices, fill, html, sortable
from .refaire import montres

CSS = Path(__file__).parent / "lab.css"


class Explorateur(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Lists to choose from; then the figure, its files, its code and its tables."""

    def __init__(self, etude: str, territoire: str = REGION) -> None:
        self.etude, self.study = etude, load_study(etude)
        self.readers: dict[Choix, Lecteur] = {}
        whole, year = self._reader(Choix(territoire)), self.study.etude.annee_reference
        first, last = self.study.etude.annees
        places = {f"Région {t.nom}" if t.is_region else t.nom: t.code for t in self.study.territories}
        products = {p: p for p in sorted(set(whole(views.programmation).produit))}
        asked = {book.titre: code for code, book in whole(views.questionnaires).items()}
        self.choix = {
            "territoire": choices("Territoire", places, territoire),
            "annee": choices("Année", {str(y): y for y in range(first, last + 1)}, year),
            "produit": choices("Produit", {"Tous": ""} | products),
            "questionnaire": choices("Questionnaire", {"Tous": ""} | asked),
        }
        books = {file: read(file) for file in stored.carnets(self.study).values()}
        self.carnet = choices("Carnet", {heading(b) or f.stem: (f, b) for f, b in books.items()})
        self.rubrique, self.figure = choices("Rubrique", {}), choices("Figure", {})
        self.vue, self.autour = widgets.HTML(), widgets.VBox()
        for chosen in self.choix.values():
            chosen.observe(self._redo, "value")
        self.carnet.observe(self._turn, "value")
        lists = [*self.choix.values(), self.carnet, self.rubrique, self.figure]
        style = widgets.HTML(f"<style>{faces()}{CSS.read_text(encoding='utf-8')}</style>")
        super().__init__([style, *lists, self.vue, self.autour])
        self._turn()

    def __repr__(self) -> str:
        return "Explorateur de l'étude\u00a0: exécutez cette cellule dans JupyterLab."

    def _reader(self, choix: Choix) -> Lecteur:
        return self.readers.setdefault(choix, Lecteur(self.study, choix))

    def _choix(self) -> Choix:
        return Choix(**{name: chosen.value for name, chosen in self.choix.items()})

    def _turn(self, change: Any = None) -> None:
        """Another notebook: its headings."""
        fill(self.rubrique, stored.rubriques(self.carnet.value[1]).items(), 0, self._redo)
        self._redo()

    def _redo(self, change: Any = None) -> None:
        """Another choice: the figures of the heading are made again, the same one stays chosen."""
        self.vue.value = "<p class='spls'>Calcul en cours…</p>"
        kept = self.figure.index or 0
        try:
            reader = self._reader(self._choix())
            made = [
                (cell, rank, block)
                for cell in self.rubrique.value
                for rank, block in enumerate(montres(self.carnet.value[0], cell, self.etude, reader))
            ]
        except StudyError as error:
            self._say(str(error))
            return
        titles = [f"{n}. {_title(block)}" for n, (_, _, block) in enumerate(made, 1)]
        fill(self.figure, zip(titles, made, strict=True), kept, self._show)
        self._show()

    def _show(self, change: Any = None) -> None:
        if self.figure.value is None:
            self._say("Rien à montrer ici pour ce choix.")
            return
        cell, rank, block = self.figure.value
        file, book = self.carnet.value
        tables = block.tables or block.behind
        choix = self._choix()
        name = f"{file.stem}_{cell}_{rank}_{choix.territoire}"
        links = liens(block, tables, name, file.stem, self.study.etude.edition)
        call = f"refaire({self.etude!r}, {file.stem!r}, {cell!r}, {rank}, {choix.written()})"
        lines = f"from spls_study.lab import refaire\n{call}"
        [source] = [c.source for c in book.cells if c.id == cell]
        self.vue.value = f"<div class='spls'>{block.html()}</div>"
        self.autour.children = [
            html(f"<p><strong>Emporter\u00a0:</strong> {links}</p>"),
            html(f"<p><strong>Reproduire cette figure</strong></p><pre>{escape(lines)}</pre>"),
            html(f"<p>Dans le carnet\u00a0:</p><pre>{escape(source)}</pre>"),
            *[part for table in tables for part in sortable(table)],
        ]

    def _say(self, text: str) -> None:
        self.vue.value = f"<p class='spls'>{escape(text)}</p>"
        self.autour.children = []


def _title(block: Block) -> str:
    return str(block.content.get("titre") or block.content.get("legende") or block.text)[:110]
