"""What a notebook cell displays; nothing here computes a statistic."""

from .blocks import Block
from .figure import figure
from .report import GROUPS, TOO_SMALL, Report, chosen, part_or_count
from .signs import alert, signs
from .table import LONGEST, attach, explorer, table
from .text import as_markdown, bullets, headline, lead, mention, say, section, tiles, title_block

__all__ = [
    "GROUPS",
    "LONGEST",
    "TOO_SMALL",
    "Block",
    "Report",
    "alert",
    "as_markdown",
    "attach",
    "bullets",
    "chosen",
    "explorer",
]
__all__ += [
    "figure",
    "headline",
    "lead",
    "mention",
    "part_or_count",
    "say",
    "section",
    "signs",
    "table",
    "tiles",
    "title_block",
]
