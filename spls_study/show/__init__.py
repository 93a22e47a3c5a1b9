"""What a notebook cell displays; nothing here computes a statistic."""

from .figure import figure
from .table import table
from .text import bullets, say, tiles, title_block

__all__ = ["bullets", "figure", "say", "table", "tiles", "title_block"]
