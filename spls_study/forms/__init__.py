"""The instruments of a questionnaire, made from its codebook."""

from collections.abc import Sequence
from pathlib import Path

from ..codebook import Codebook
from ..files import write_atomic
from .limesurvey import survey
from .paper import paper
from .workbook import workbook

__all__ = ["write_forms"]


def write_forms(codebook: Codebook, folder: Path, organismes: Sequence[str] = (), author: str = "") -> list[Path]:
    """Write the XLSX form, the PDF form and the LimeSurvey import of one questionnaire; the same bytes each time.

    `organismes` are offered to the respondent by the XLSX form; `author`, who asks, is told by the PDF.
    """
    contents = {
        f"{codebook.id}.xlsx": workbook(codebook, organismes),
        f"{codebook.id}.pdf": paper(codebook, author),
        f"{codebook.id}_limesurvey.txt": survey(codebook),
    }
    for name, content in contents.items():
        write_atomic(folder / name, content)
    return [folder / name for name in contents]
