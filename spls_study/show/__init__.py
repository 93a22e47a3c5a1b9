"""What a notebook cell displays; nothing here computes a statistic."""

from .figure import figure
from .table import table
from .text import bullets, say, section, tiles, title_block

__all__ = ["bullets", "figure", "say", "section", "table", "tiles", "title_block"]
