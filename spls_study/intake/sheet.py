"""A sheet as read: one table of text cells, and where each row stands."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd


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
    """

    name: str
    header: list[str]
    cells: pd.DataFrame
    lines: npt.NDArray[np.int64]
