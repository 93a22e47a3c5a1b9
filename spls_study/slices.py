"""What each report reads: `data/processed/tranches/<territoire>/<nom>.parquet`.

A slice gives no more than what the territory's report may show, so that its bytes, and the reports that
open it, change only with that.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow.parquet import ParquetFile

from notebook_reports.errors import StudyError
from notebook_reports.files import write_atomic

from .analysis import programmation as prog
from .analysis.deploiement import calendrier as planning
from .analysis.deploiement import pilotage
from .analysis.droits import accounts as requests
from .analysis.droits import organismes as bodies
from .analysis.methods import UNKNOWN
from .analysis.processus import a_verifier, integration, processes
from .analysis.programmation import cadrage as controls
from .analysis.programmation import volumes
from .analysis.questionnaires import shown, survey
from .codebook import load_codebooks, read_answers
from .intake.readers import ELSEWHERE
from .intake.sheets import TOTAL
from .intake.table import EMPTIED
from .intake.verbatims import publishable
from .study import REGION, Study, Territory
from .tables import DTYPES, ORIGIN, read_table

FOLDER = "tranches"
Tables = Mapping[str, pd.DataFrame]
Here = Callable[[Territory], pd.DataFrame]
Slices = dict[str, pd.DataFrame | Here]  # a table is the same for each territory


@dataclass(frozen=True)
class Theme:
    """Slices that are made of the same checked `tables`, given by name, and of no other.

    `make`: study and tables → name of a slice → the slice, or what gives that of a territory.
    `files`: patterns, from the study's folder, of what else is read.
    """

    tables: tuple[str, ...]
    make: Callable[[Study, Tables], Slices]
    files: tuple[str, ...] = ()


def file(study: Study, territory: Territory, name: str) -> Path:
    """Where a slice is."""
    return study.processed / FOLDER / territory.code / f"{name}.parquet"


def read(study: Study, territory: Territory, name: str) -> pd.DataFrame:
    """A slice as `write` wrote it; StudyError where the data have not been checked, or no slice has that name."""
    path = file(study, territory, name)
    if not path.is_file():
        known = sorted(p.stem for p in path.parent.glob("*.parquet"))
        if known:
            raise StudyError(f"«\u00a0{name}\u00a0» n'est pas de ceux-ci\u00a0: {', '.join(known)}.")
        raise StudyError("Les données ne sont pas préparées\u00a0: lancez d'abord «\u00a0spls-study check\u00a0».")
    # Of files of some kilobytes, what pandas' own reader does around them (folders, threads) takes longer.
    table = ParquetFile(pa.BufferReader(path.read_bytes())).read(use_threads=False).to_pandas()
    dates = [name for name, kind in table.dtypes.items() if kind.kind == "M"]
    return table.astype(dict.fromkeys(dates, DTYPES["date"])) if dates else table  # Parquet has no second


def dated(study: Study, territory: Territory) -> Study:
    """The study of the edition that its data were prepared for, which a command may give another date."""
    path = file(study, territory, "edition")
    return study.of_edition(pd.read_parquet(path).edition[0].date()) if path.is_file() else study


def write(study: Study, theme: Theme, territories: Sequence[Territory]) -> list[str]:
    """Bring the slices of a theme up to date for these territories: their files, from the folder data.

    A file that would be the same is left alone; a check finds one that a power cut spoilt, and makes it again.
    """
    paths = []
    # As notebooks read them (`report`), in one process with them or not; pyarrow cannot join empty columns.
    with pd.option_context("mode.string_storage", "python"):
        made = theme.make(study, {name: read_table(study, name) for name in theme.tables})
        for name, of in made.items():
            whole = _content(of) if isinstance(of, pd.DataFrame) else b""
            for territory in territories:
                path = file(study, territory, name)
                content = whole if isinstance(of, pd.DataFrame) else _content(of(territory))
                if not path.is_file() or path.read_bytes() != content:
                    write_atomic(path, content, flush=False)
                paths.append(path.relative_to(study.processed.parent).as_posix())
    return paths


def _content(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression=None)
    return buffer.getvalue()


def prune(study: Study) -> None:
    """Remove the slices of territories that the study no longer has."""
    codes = {t.code for t in study.territories}
    for path in (study.processed / FOLDER).glob("*/*.parquet"):
        if path.parent.name not in codes:
            path.unlink()


# What each theme makes
def _programmation(study: Study, tables: Tables) -> Slices:
    prepared = prog.prepare(_own(tables["programmation"]))
    active, second = prog.active(prepared), tables["rapprochement"]
    files = pd.concat([tables[name][["fichier"]].drop_duplicates().assign(table=name) for name in tables])
    shares = volumes.parts_departement(active, sorted(study.departements))
    lines = controls.cadrage(active, study.cadrage)
    measured = a_verifier.mesures(active, study.etude.annee_reference, study.etude.extraction)
    lost = _lost(study)
    compared = controls.rapprochement_operations(prepared, prog.prepare(_own(second)))
    return {
        "programmation": partial(prog.within, active),
        "parts_region": shares,
        "cadrage": lines,
        "rapprochement": partial(prog.within, compared),
        "mesures": partial(_served, study, measured, "gestionnaire"),
        "fichiers": files.sort_values(["table", "fichier"])[["table", "fichier"]].astype("str"),
        "perdus": partial(_lost_here, lost, tables["programmation"]),
        "pertes": lost,
    }


def _lost(study: Study) -> pd.DataFrame:
    """What was lost of the files of tables: fichier, colonne, lignes (refused; totals left out), cellules (emptied)."""
    read = []
    for name, what in (("rejets.csv", "lignes"), ("avertissements.csv", "cellules")):
        path = study.processed / name
        found = pd.read_csv(path, sep=";", dtype="str") if path.is_file() else pd.DataFrame()
        read.append(found.reindex(columns=["fichier", "colonne", "motif"]).astype("str").assign(quoi=what))
    rows = pd.concat(read).fillna({"colonne": ""})
    lost = rows.motif.str.endswith(EMPTIED) | ((rows.quoi == "lignes") & (rows.motif != TOTAL))
    rows = rows[lost & ~rows.fichier.str.startswith(f"{ELSEWHERE}/")]
    counts = rows.groupby(["fichier", "colonne", "quoi"]).size().unstack("quoi", fill_value=0)
    return counts.reindex(columns=["lignes", "cellules"], fill_value=0).astype("int64").reset_index()


def _lost_here(lost: pd.DataFrame, operations: pd.DataFrame, lieu: Territory) -> pd.DataFrame:
    """Of the files of `programmation`; a department's are those that have a row there."""
    own = lost[lost.fichier.str.startswith("programmation")]
    return own if lieu.is_region else own[own.fichier.isin(prog.within(operations, lieu).fichier)]


def _questionnaires(study: Study, tables: Tables) -> Slices:
    organismes, books = _own(tables["organismes"]), load_codebooks(study)
    answers = {code: read_answers(study, code) for code in books}
    surveys = [
        shown.decide(survey.survey(books[code], said, organismes), study.territories, study.confidentialite.repondants)
        for code, said in answers.items()
        if len(said)
    ]
    texts = [book.model_dump_json(by_alias=True) for book in books.values()]
    own = pd.DataFrame({"questionnaire": [*books], "codebook": texts}, dtype="str")
    together = cache(partial(shown.together, surveys))

    def each(name: str, places: Sequence[Territory]) -> pd.DataFrame:
        found = [together(place)[name].assign(territoire=place.code) for place in places]
        return pd.concat(found, ignore_index=True).astype({"territoire": "str"})

    def rates(lieu: Territory) -> pd.DataFrame:
        """The rates of a territory, for the region those of all; how many answered is nobody's answer."""
        return each("taux_reponse", study.territories if lieu.is_region else [lieu])

    def beside(lieu: Territory) -> pd.DataFrame:
        """Answers set beside those of a territory: the region's; for the region, what its study gives by department."""
        if not lieu.is_region:
            return each("reponses", [study.territory(REGION)])
        table = each("reponses", [place for place in study.territories if not place.is_region])
        return table[(table.questionnaire + "." + table.question).isin(study.questionnaires.par_departement)]

    return {
        **{name: partial(lambda name, lieu: together(lieu)[name], name) for name in shown.HEADERS},
        "taux_territoires": rates,
        "reponses_ailleurs": beside,
        "questionnaires": own,
        "services": partial(_served, study, organismes[["id", "nom"]], "id"),
        "verbatims": publishable(study, organismes),
    }


def _droits(study: Study, tables: Tables) -> Slices:
    accounts, organismes = _accounts(study, tables), _own(tables["organismes"])
    profils = _own(tables["profils"])
    return {
        "comptes": partial(prog.within, accounts),
        "etats": lambda lieu: bodies.etat_organismes(accounts, _at(organismes, lieu), profils),
        "profils": profils,
    }


def _processus(study: Study, tables: Tables) -> Slices:
    target = _own(tables["etapes_spls"])
    tasks = planning.calendrier(_own(tables["calendrier"]), pd.Timestamp(study.etude.edition))
    steps = processes.etapes(processes.steps(_own(tables["processus"]), study.gestionnaires))
    placed = integration.integration(steps, target, study.etude.application, study.gestionnaires)
    new = integration.nouvelles(steps, target)
    decided = integration.decisions(placed, new, tasks[tasks.type == "jalon"], study.etude.edition)

    return {
        "etapes": partial(_served, study, steps, "gestionnaire"),
        "integration": partial(_served, study, placed, "gestionnaire"),
        "nouvelles": partial(_served, study, new, "gestionnaire"),
        "cible": target,
        "decisions": lambda lieu: integration.concerning(decided, _services(study, lieu)),
        "gestionnaires_decrits": steps[["gestionnaire"]].drop_duplicates(),
    }


def _deploiement(study: Study, tables: Tables) -> Slices:
    own = {name: _own(table) for name, table in tables.items()}
    today, organismes, sessions = pd.Timestamp(study.etude.edition), own["organismes"], own["formations"]
    dated = planning.calendrier(own["calendrier"], today)
    positions, accounts = pilotage.positions(own["charte"]), _accounts(study, tables)
    seats, held = own["gouvernance"], partial(pilotage.of_place, sessions)

    def here(lieu: Territory, table: pd.DataFrame) -> set[str]:
        """The organismes of a table; for the region also those that the table `organismes` does not know."""
        return {*table.organisme} if lieu.is_region else pilotage.of_territory(organismes, lieu)

    return {
        "organismes": partial(_at, organismes),
        "calendrier": partial(pilotage.of_place, dated),
        "calendrier_entier": dated,  # what pushes a milestone may be another territory's task
        "charte": lambda lieu: positions[positions.organisme.isin(here(lieu, positions))],
        "formations": lambda lieu: pilotage.formations(held(lieu), accounts, today),
        "a_venir": lambda lieu: pilotage.a_venir(held(lieu), today),
        "satisfaction": lambda lieu: pilotage.satisfaction(held(lieu), today, study.confidentialite.repondants),
        "points": pilotage.points_discussion(own["points_discussion"], today),
        "gouvernance": lambda lieu: pilotage.gouvernance(seats, organismes, here(lieu, seats)),
    }


def _services(study: Study, lieu: Territory) -> list[str]:
    return [g.id for g in study.gestionnaires if g.departement in lieu.departements]


def _served(study: Study, table: pd.DataFrame, column: str, lieu: Territory) -> pd.DataFrame:
    """The rows of the gestionnaires of the territory."""
    return table[table[column].isin(_services(study, lieu))]


def _own(table: pd.DataFrame) -> pd.DataFrame:
    """Without the place of its rows in the raw files."""
    return table.drop(columns=list(ORIGIN))


def _at(organismes: pd.DataFrame, lieu: Territory) -> pd.DataFrame:
    """Those that work in the territory."""
    return organismes[organismes.id.isin(pilotage.of_territory(organismes, lieu))].reset_index(drop=True)


def _accounts(study: Study, tables: Tables) -> pd.DataFrame:
    """`accounts`, with nom and famille of the organisme."""
    table = requests.accounts(_own(tables["comptes"]), _own(tables["profils"]), study.etude.extraction)
    table = table.join(tables["organismes"].set_index("id")[["nom", "famille"]], on="organisme")
    return table.fillna({"nom": table.organisme, "famille": UNKNOWN})


THEMES = {
    "programmation": Theme(
        ("programmation", "rapprochement"),
        _programmation,
        ("data/processed/rejets.csv", "data/processed/avertissements.csv"),
    ),
    "questionnaires": Theme(
        ("organismes",),
        _questionnaires,
        ("data/raw/questionnaires/*.toml", "data/processed/reponses_*.parquet", "data/relecture/*"),
    ),
    "droits": Theme(("comptes", "profils", "organismes"), _droits),
    "processus": Theme(("processus", "etapes_spls", "calendrier"), _processus),
    "deploiement": Theme(
        ("organismes", "calendrier", "charte", "formations", "points_discussion", "gouvernance", "comptes", "profils"),
        _deploiement,
    ),
}


def previous(reports: Path, tables: Mapping[str, Sequence[str]]) -> Theme:
    """The slices `<table>_precedent`: of a table of the last edition, its columns as text, and `edition`, its date.

    `tables`: name → columns. No row without a last edition. The slice `edition` is the date of the study's own.
    """

    def make(study: Study, _: Tables) -> Slices:
        last = {f"{name}_precedent": partial(_previous, study, reports, name, of) for name, of in tables.items()}
        return {"edition": pd.DataFrame({"edition": [pd.Timestamp(study.etude.edition)]}), **last}

    return Theme((), make)


def _previous(study: Study, reports: Path, name: str, columns: Sequence[str], lieu: Territory) -> pd.DataFrame:
    last = study.last_edition(reports)
    table = reports / f"{last}" / lieu.code / "tables" / f"{name}.csv"
    found = pd.read_csv(table, dtype="str", keep_default_na=False) if table.is_file() else pd.DataFrame()
    day = pd.Series(pd.Timestamp(f"{last}") if last else pd.NaT, found.index, dtype=DTYPES["date"])
    return found.reindex(columns=list(columns)).astype("str").assign(edition=day)
