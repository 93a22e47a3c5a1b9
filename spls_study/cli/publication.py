"""A study as something to publish: `publish` knows nothing of housing."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notebook_reports.publication import Publication

    from ..checking import Checked
    from ..study import Study


def publication_of(study: "Study", reports: Path, report: "Checked | None" = None) -> "Publication":
    from notebook_reports.publication import Publication

    from ..program import PROGRAM
    from ..study import GUIDES, NOTEBOOKS, PACKAGE, REFERENCE, REGION

    read = [*study.processed.rglob("*.parquet"), *study.relecture.glob("*"), *study.raw.rglob("*.toml")]
    inputs = {p.relative_to(study.root).as_posix(): p for p in read if p.is_file() and p.name != ".gitkeep"}
    inputs["data/raw"] = study.raw
    reference = {
        f"data/reference/{p.relative_to(REFERENCE).as_posix()}": p for p in REFERENCE.rglob("*") if p.is_file()
    }
    return Publication(
        program=PROGRAM,
        file=study.file,
        title=study.etude.titre,
        edition=study.etude.edition,
        territories={t.code: t.nom for t in (study.territory(REGION), *study.territories)},
        notebooks=NOTEBOOKS,
        only=study.publication.carnets,
        reports=reports,
        inputs=dict(sorted({**inputs, **reference}.items())),
        author=study.copil.auteur,
        contact=study.copil.contact,
        environment={"SPLS_EDITION": study.etude.edition.isoformat()},
        cite=lambda: [study.source(table) for table in study.sources],
        fictitious=study.etude.donnees_fictives,
        files_read=report.files if report else {},
        outlines=REFERENCE / "departements.geojson",
        guides=GUIDES,
        synonyms=(PACKAGE / "synonymes.txt").read_text(encoding="utf-8").splitlines(),
        origins={"data/raw": study.raw, "data/relecture": study.relecture, "data/reference": REFERENCE},
        # A raw file that arrives after the check is new the next time.
        seen={"data/raw": report.raw} if report else {},
    )
