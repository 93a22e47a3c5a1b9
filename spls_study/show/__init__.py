"""What a notebook cell displays; nothing here computes a statistic."""

from .blocks import Block
from .figure import figure
from .report import GROUPS, TOO_SMALL, Report, chosen, part_or_count
from .table import LONGEST, attach, explorer, table
from .text import as_markdown, bullets, headline, lead, say, section, tiles, title_block

__all__ = ["GROUPS", "LONGEST", "TOO_SMALL", "Block", "Report", "as_markdown", "attach", "bullets", "chosen"]
__all__ += ["explorer", "figure", "headline", "lead", "part_or_count", "say", "section", "table", "tiles"]
__all__ += ["title_block"]
