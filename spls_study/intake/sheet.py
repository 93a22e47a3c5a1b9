"""What a reader makes of a file: sheets of text cells, or the reason why it cannot."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from notebook_reports.errors import StudyError

Lines = npt.NDArray[np.int64]
Doubt = tuple[int, str, str, str]  # ligne, colonne, valeur, motif
DAMAGED = (
    "classeur abîmé, ou archive qui n'est pas un classeur\u202f; rouvrez-le dans un tableur et enregistrez-le à nouveau"
)
PROTECTED = "classeur protégé\u202f; enregistrez-le sans mot de passe"


class Unreadable(StudyError):
    """Sets the file aside; the message goes on a sentence that begins with the file's name."""


@dataclass(frozen=True)
class Sheet:
    """
    Parameters
    ----------
    name
        Empty for a text file.
    header
        The row that names the columns.
    cells
        The rows under it as text, "" where empty; columns 0, 1, 2…
    lines
        The line of each row as the file's own program shows it.
    doubts
        What to warn of.
    merged
        Cells that are one with those below: row, column, rows.
    top
        The line of the header.
    """

    name: str
    header: list[str]
    cells: pd.DataFrame
    lines: Lines
    doubts: tuple[Doubt, ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()
    top: int = 1
