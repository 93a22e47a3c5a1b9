"""The instruments of a questionnaire, made from its codebook."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from notebook_reports.errors import StudyError
from notebook_reports.files import write_atomic

from ..codebook import Codebook
from .limesurvey import survey
from .paper import paper
from .workbook import workbook

__all__ = ["write_forms"]


def write_forms(
    codebook: Codebook, folder: Path, organismes: Mapping[str, str] | None = None, author: str = "", contact: str = ""
) -> Iterator[Path]:
    """Write the XLSX form, the PDF form and the LimeSurvey import of one questionnaire; the same bytes each time.

    The last, which LimeSurvey's rules may forbid (`StudyError`), comes when the others are there.

    `organismes`, id → name, are offered to the respondent, but on paper; `author`, who asks, is told by the PDF
    and with `contact` by the notice of LimeSurvey.
    """
    asked = dict(sorted((organismes or {}).items(), key=lambda item: (item[1], item[0])))
    contents: dict[str, Callable[[], bytes]] = {
        ".xlsx": lambda: workbook(codebook, [*asked.values()]),
        ".pdf": lambda: paper(codebook, author),
        "_limesurvey.txt": lambda: survey(codebook, asked, author, contact),
    }
    for end, content in contents.items():
        path = folder / f"{codebook.id}{end}"
        try:
            write_atomic(path, content())
        except StudyError as error:
            raise StudyError(f"{path.name} n'est pas écrit\u00a0: {error}") from None
        yield path
