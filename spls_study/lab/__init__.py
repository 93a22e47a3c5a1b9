"""JupyterLab's launcher: the figures of the stored notebooks, made again for what is chosen.

Nothing is listed by hand: the figures are those of the notebooks' cells, and the lines that make
them are the cells' own.
"""

from .choix import Choix
from .refaire import refaire

__all__ = ["Choix", "refaire"]
