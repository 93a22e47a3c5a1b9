"""The instruments of a questionnaire, made from its codebook."""

from collections.abc import Mapping
from pathlib import Path

from notebook_reports.files import write_atomic

from ..codebook import Codebook
from .limesurvey import survey
from .paper import paper
from .workbook import workbook

__all__ = ["write_forms"]


def write_forms(
    codebook: Codebook, folder: Path, organismes: Mapping[str, str] | None = None, author: str = "", contact: str = ""
) -> list[Path]:
    """Write the XLSX form, the PDF form and the LimeSurvey import of one questionnaire; the same bytes each time.

    `organismes`, id → name, are offered to the respondent, but on paper; `author`, who asks, is told by the PDF
    and with `contact` by the notice of LimeSurvey.
    """
    asked = dict(sorted((organismes or {}).items(), key=lambda item: (item[1], item[0])))
    contents = {
        f"{codebook.id}.xlsx": workbook(codebook, [*asked.values()]),
        f"{codebook.id}.pdf": paper(codebook, author),
        f"{codebook.id}_limesurvey.txt": survey(codebook, asked, author, contact),
    }
    for name, content in contents.items():
        write_atomic(folder / name, content)
    return [folder / name for name in contents]
