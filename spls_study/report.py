"""The one object that a notebook works with: a study read for one territory, and what its cells show.

Texts are written plainly, as one types them; French spaces and apostrophes are set once, here, where a
block is made. Each method that shows something displays it: a cell may hold several, or stand in an `if`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from IPython.display import Markdown, display
from matplotlib.figure import Figure

from notebook_reports.blocks import Tables, attach
from notebook_reports.files import digest, file_digest
from notebook_reports.french import UNKNOWN, count, typography, within

from . import charts, show, slices
from .codebook import Codebook
from .show.table import Format
from .study import load_study

# Notebooks handle many small tables, of which pyarrow's calls cost a sixth of their time.
pd.set_option("mode.string_storage", "python")


def _show(shown: Any, **kw: Any) -> None:
    """A block, or a text as Markdown."""
    display(Markdown(shown) if isinstance(shown, str) else shown, **kw)  # type: ignore[no-untyped-call]


class Rapport:
    """A study read for one territory: a department's code, or `region`.

    StudyError where the study file cannot be read, or has no such territory.

    >>> r = Rapport("study.toml", "17")
    >>> r.place, r.annee, r.noms["17"]
    ('Charente-Maritime', 2013, 'Charente-Maritime')

    Attributes
    ----------
    study, lieu
        The study, and its territory; `region`: whether this is the region.
    annee, annees
        The year of reference, and those studied; `partielle`: that which the extraction leaves unfinished, or None.
    place, dans, le
        « région Poitou-Charentes », « en Poitou-Charentes », « la région »; of a department « Vienne »,
        « dans la Vienne », « le département ».
    tout
        What the study covers: « la région », unless its departments are a set of their own, « l'ensemble ».
    noms, gestionnaires
        Code → name of each department, by code, and of each gestionnaire; « Non renseigné » stays.
    source
        Who supplied the programming tables, and their date.
    """

    def __init__(self, etude: str, territoire: str) -> None:
        study = load_study(etude)
        self.lieu = lieu = study.territory(territoire)
        self.study = study = slices.dated(study, lieu)
        self.annee = study.etude.annee_reference
        first, last = study.etude.annees
        self.annees = [*range(first, last + 1)]
        year = study.etude.extraction.year
        self.partielle = year if year in self.annees else None
        self.region = lieu.is_region
        self.place = study.place(lieu)
        self.tout = "la région" if study.of_region else "l'ensemble"
        self.le = self.tout if self.region else "le département"
        whole = self.region and not study.of_region
        self.dans = f"dans l'ensemble « {lieu.nom} »" if whole else within(lieu.code, lieu.nom)
        self.noms = {**dict(sorted(study.departements.items())), UNKNOWN: UNKNOWN}
        self.gestionnaires = {**{g.id: g.nom for g in study.gestionnaires}, UNKNOWN: UNKNOWN}
        self.source = study.source("programmation")
        self._read: dict[str, str] = {}
        charts.style()

    def champ(self, quoi: str, operations: int, logements: int) -> str:
        """« logements PLS, Vienne, 2013 ; 32 opérations, 999 logements. »"""
        size = f"{count(operations, 'opération')}, {count(logements, 'logement')}"
        return f"{quoi}, {self.place}, {self.annee} ; {size}."

    def lire(self, nom: str) -> pd.DataFrame:
        """What the report reads of the study under that name (`slices`), narrowed to the territory."""
        table = slices.read(self.study, self.lieu, nom)
        self._read[nom] = file_digest(slices.file(self.study, self.lieu, nom))
        return table

    @property
    def questionnaires(self) -> dict[str, Codebook]:
        """Identifier → codebook of each questionnaire of the study."""
        own = self.lire("questionnaires")
        return {code: Codebook.model_validate_json(text) for code, text in own.itertuples(index=False)}

    @property
    def code(self) -> str:
        """Eight characters that change with study.toml and with anything read until now."""
        facts = [file_digest(self.study.file), *(f"{name} {value}" for name, value in sorted(self._read.items()))]
        return digest("\n".join(facts).encode())[:8]

    def si(self, donnees: Any, sinon: str, tables: Tables | None = None) -> bool:
        """Whether a table, a number or a list is not void nor zero; else the sentence is shown, and stands for the
        empty tables.
        """
        there = bool(donnees.to_numpy().size) if hasattr(donnees, "to_numpy") else bool(donnees)
        if not there:
            self.phrase(sinon, tables=tables)
        return there

    def titre(self, sujet: str, phrase: str, *chapo: str) -> None:
        """The report's result, with the territory in it, as its title; a line on what it is about, and what is read
        first: three sentences, of which empty ones are dropped.

        The exporters write the title. A notebook keeps its own heading for JupyterLab, tagged `remove-cell`, and shows
        the title under it.
        """
        titre = typography(phrase)
        _show(f"# {show.as_markdown(titre)}", metadata={"interne": True})
        _show(show.headline(self.study, self.lieu, sujet, titre))
        _show(show.lead(*map(typography, chapo)))

    def partie(self, titre: str) -> None:
        """A heading of the second level, whose words a cell computes."""
        _show(f"## {show.as_markdown(typography(titre))}")

    def phrase(self, *textes: str, tables: Tables | None = None) -> None:
        """A paragraph; empty texts are dropped."""
        _show(show.say(*map(typography, textes), data=tables))

    def mention(self, *textes: str, tables: Tables | None = None) -> None:
        """Method and abbreviations, in small type: the last lines of a report."""
        _show(attach(show.mention(typography(" ".join(filter(None, textes)))), tables or {}))

    def liste(self, textes: Iterable[str], tables: Tables | None = None) -> None:
        """A list of sentences; empty ones are dropped."""
        _show(show.bullets(map(typography, textes), data=tables))

    def tableau(
        self,
        donnees: pd.DataFrame,
        nom: str,
        titre: str,
        vue: pd.DataFrame | None = None,
        formats: Mapping[str, Format] | None = None,
        entetes: Mapping[str, str] | None = None,
        notes: Iterable[str] = (),
        source: str | None = "programmation",
        lignes: int = show.LONGEST,
        dense: bool = False,
        interne: bool = False,
    ) -> None:
        """A table of the report, `donnees`, tidy, written whole beside it as `tables/<nom>.csv`.

        The page shows `vue` of it, or itself, `lignes` at most (a board or a matrix may have forty), in small type
        where `dense`. `formats`: column → function of one value to text. `entetes`: column → label. `source`: the
        table whose supplier the note cites. What is `interne` is for the project team, absent from every report.
        """
        said = [*notes, f"Source : {self.study.source(source)}." if source else ""]
        _show(
            show.table(
                donnees,
                nom,
                typography(titre),
                view=vue,
                formats=formats,
                headers=entetes and {column: typography(label) for column, label in entetes.items()},
                note=map(typography, said),
                longest=lignes,
                dense=dense,
                internal=interne,
            )
        )

    def figure(
        self,
        dessin: Figure,
        *,
        titre: str,
        sous_titre: str,
        alt: str,
        lecture: str = "",
        champ: str = "",
        source: str = "",
        tables: Tables | None = None,
        demi: bool = False,
    ) -> None:
        """A drawing with all its words around it; the figure is closed.

        `titre`: the message, a sentence with its number. `sous_titre`: measure, territory, period, unit. `alt`: kind,
        what, the values that matter; beyond 150 characters it is cut. `lecture`, `champ`, `source` (that of
        `programmation` where none is said) are the lines under it. `tables`, by name, are written beside the report.
        Two `demi` that follow each other stand side by side where there is room.
        """
        notes = {"Lecture": lecture, "Champ": champ, "Source": f"{source or self.source}."}
        words = {"title": titre, "subtitle": sous_titre, "alt": alt}
        _show(
            show.figure(
                charts.svgs(dessin),
                **{key: typography(text) for key, text in words.items()},
                notes={label: typography(text) for label, text in notes.items()},
                half=demi,
                data=tables,
            )
        )

    def vignette(
        self, dessin: Figure, *, titre: str, sous_titre: str, alt: str, a_cote: Iterable[str] = (), note: str = ""
    ) -> None:
        """A drawing at its own size, no wider than the page, with sentences at its right; the figure is closed."""
        part = round(float(dessin.get_figwidth()) / charts.WIDTH, 3)
        words = {"title": titre, "subtitle": sous_titre, "alt": alt, "note": note}
        _show(
            show.vignette(
                charts.svgs(dessin),
                part,
                **{key: typography(text) for key, text in words.items()},
                beside=map(typography, a_cote),
            )
        )

    def explorer(self, table: pd.DataFrame) -> None:
        """A table to sort, search and filter in JupyterLab; a report shows nothing of it."""
        _show(show.explorer(table))
