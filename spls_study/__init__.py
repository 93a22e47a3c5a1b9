"""Helper package of the SPLS study: from raw files to the committee's reports.

The rooms: `study` and `tables` state the contract, `intake` reads raw files, `analysis`
computes tidy tables, `show` displays them, `notebook_reports` publishes them, `cli` is the command.
"""

__version__ = "0.1.0"
