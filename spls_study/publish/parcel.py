"""All that the runs of a publication read, as one archive: where it is unpacked, they run alike."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..study import REFERENCE
from .publication import Publication

STUDY, NOTEBOOKS, REPORTS = (PurePosixPath(name) for name in ("etude", "carnets", "rapports"))
_EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(publication: Publication) -> bytes:
    """A zip archive, but for the reference data; the same inputs give the same bytes."""
    templates = publication.templates
    inputs = {name: path for name, path in publication.inputs.items() if not path.is_relative_to(REFERENCE)}
    files = {
        STUDY / publication.file.name: publication.file,
        **{STUDY / name: path for name, path in inputs.items()},
        **{STUDY / templates.name / path.name: path for path in templates.glob("*")},
        **{NOTEBOOKS / path.name: path for path in publication.found()},
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, path in sorted(files.items()):
            if path.is_file():
                entry = zipfile.ZipInfo(str(name), _EPOCH)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 1)
    return content.getvalue()


def unpack(parcel: bytes, home: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
        archive.extractall(home)


def moved(publication: Publication, home: Path) -> Publication:
    """The publication as it is where its parcel was unpacked, its environment's paths too."""

    def place(value: str) -> str:
        for folder, name in ((publication.reports, REPORTS), (publication.file.parent, STUDY)):
            if Path(value).is_relative_to(folder):
                return str(home / name / Path(value).relative_to(folder))
        return value

    return replace(
        publication,
        file=home / STUDY / publication.file.name,
        reports=home / REPORTS,
        notebooks=home / NOTEBOOKS,
        environment={name: place(value) for name, value in publication.environment.items()},
    )
