"""What several commands ask, and the studies, reports and dates that the answers name."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from notebook_reports.errors import UsageError

if TYPE_CHECKING:
    from ..study import Study

StudyFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--study", metavar="FICHIER", help="Fichier de l'étude (study.toml par défaut)\u202f; peut être répété."
    ),
]
Reports = Annotated[
    Path | None,
    typer.Option(
        metavar="DOSSIER", help="Dossier des rapports (reports, à côté de la première étude de la région, par défaut)."
    ),
]
Strict = Annotated[bool, typer.Option("--strict", help="Une ligne refusée donne aussi le code de sortie 1.")]


def studies_of(files: list[Path] | None, edition: date | None = None) -> "list[Study]":
    from ..study import load_study

    studies = [load_study(file) for file in files or [Path("study.toml")]]
    return [one.of_edition(edition) for one in studies] if edition else studies


def iso_day(text: str | None) -> date | None:
    """« auto » is today."""
    from ..clock import now

    try:
        if text == "auto":
            return now().date()
        return None if text is None else datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UsageError(f"Date d'édition attendue sous la forme AAAA-MM-JJ, ou auto, lu\u00a0: {text}.") from None


def folders_of(studies: "list[Study]", reports: Path | None) -> dict[str, Path]:
    """Code of region → its reports; those of several regions never go to one folder."""
    roots = {one.region.code: one.root for one in reversed(studies)}
    return {
        code: (root / "reports" if reports is None else reports if len(roots) == 1 else reports / code).resolve()
        for code, root in roots.items()
    }


def reports_of(studies: list[Path] | None, reports: Path | None) -> Path:
    """The folder of reports that `build` would write to."""
    return (reports or studies_of(studies)[0].root / "reports").resolve()
