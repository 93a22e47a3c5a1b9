"""What a notebook cell displays; nothing here computes a statistic."""

from notebook_reports.blocks import Block, attach
from notebook_reports.text import as_markdown, bullets, lead, mention, say, section, tiles

from .figure import figure
from .report import GROUPS, TOO_SMALL, Report, chosen, headline, part_or_count, title_block
from .signs import alert, signs
from .table import LONGEST, explorer, table

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
