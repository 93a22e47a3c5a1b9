"""What a notebook cell displays; nothing here computes a statistic."""

from notebook_reports.blocks import Block, as_markdown, attach, bullets, lead, mention, say

from .blocks import figure, headline
from .compact import vignette
from .table import LONGEST, alert, explorer, signs, table

__all__ = ["LONGEST", "Block", "alert", "as_markdown", "attach", "bullets", "explorer"]
__all__ += ["figure", "headline", "lead", "mention", "say", "signs", "table", "vignette"]
